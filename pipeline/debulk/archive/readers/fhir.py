"""FHIR R4 DocumentReference with its note inline: bulk `.ndjson`, or a Bundle as `.json`."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from debulk.archive.decoding import decode
from debulk.archive.readers import jsonl
from debulk.archive.record import Record, from_row, parse_day
from debulk.errors import InputError

_MAX_BUNDLE = 2**30  # a Bundle is one JSON value and is read whole
_NO_NOTE = "The DocumentReference has no inline text/plain note: export content.attachment.data."


def read(source: Path) -> Iterator[Record]:
    """The notes of the DocumentReferences; other resources are passed over."""
    rows = jsonl.rows(source) if source.suffix.lower() == ".ndjson" else _bundle(source)
    for name, row in rows:
        if isinstance(row, Record):
            yield row
        elif row.get("resourceType") == "DocumentReference":
            yield _record(row, name)
        elif "resourceType" not in row:
            yield from_row(row, name)  # plain rows under the suffix .ndjson


def _bundle(source: Path) -> Iterator[tuple[str, dict[str, Any] | Record]]:
    if source.stat().st_size > _MAX_BUNDLE:
        raise InputError(f"{source} is over 1 GiB: export it as .ndjson, one resource to a line.")
    try:
        value = json.loads(source.read_bytes())
    except (ValueError, RecursionError):
        raise InputError(f"{source} is not JSON: export the Bundle again.") from None
    kind = value.get("resourceType") if isinstance(value, dict) else None
    entries = value.get("entry") if kind == "Bundle" else [{"resource": value}]
    if kind not in ("Bundle", "DocumentReference") or not isinstance(entries, list):
        raise InputError(f"{source} is no FHIR Bundle: for rows of notes use .jsonl.")
    for number, entry in enumerate(entries, 1):
        name = f"{source.stem}-{number}"
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and "resourceType" in resource:
            yield name, resource
        else:
            yield name, Record(name, "", error=f"Entry {number} of the Bundle has no resource.")


def _record(resource: dict[str, Any], name: str) -> Record:
    given = resource.get("id")
    name = given if isinstance(given, str) and given else name
    if resource.get("status") == "entered-in-error":
        return Record(name, "", error="The document is marked as entered in error: leave it out.")
    try:
        return Record(name, _text(resource), _day(resource))
    except InputError as error:
        return Record(name, "", error=str(error))


def _text(resource: dict[str, Any]) -> str:
    contents = resource.get("content")
    for content in contents if isinstance(contents, list) else []:
        attachment = content.get("attachment") if isinstance(content, dict) else None
        if not isinstance(attachment, dict) or not isinstance(attachment.get("data"), str):
            continue
        kind, _, charset = str(attachment.get("contentType", "")).lower().partition(";")
        if kind.strip() != "text/plain":
            continue
        try:
            data = base64.b64decode("".join(attachment["data"].split()), validate=True)
        except (binascii.Error, ValueError):
            raise InputError("The attachment is not base64: export it again.") from None
        return _charset(data, charset)
    raise InputError(_NO_NOTE)


def _charset(data: bytes, parameter: str) -> str:
    """The text in the charset the attachment names, as far as that holds."""
    named = parameter.partition("charset=")[2].split(";")[0].strip(" \"'")
    if named.startswith("utf-16"):
        try:
            data = data.decode(named).encode()
        except (LookupError, ValueError):
            raise InputError("The attachment is not in its charset: export it again.") from None
    return decode(data)


def _day(resource: dict[str, Any]) -> date | None:
    context = resource.get("context")
    period = context.get("period") if isinstance(context, dict) else None
    start = period.get("start") if isinstance(period, dict) else None
    for value in (start, resource.get("date")):
        try:
            day = parse_day(value)
        except ValueError:  # FHIR allows a year or a month alone
            continue
        if day:
            return day
    return None
