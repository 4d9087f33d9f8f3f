"""One note of an archive, as every reader gives it, and the row it becomes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol, TypedDict

from debulk.errors import InputError

BINARY = "The note is binary, not plain text: export it as plain text."
FIELDS = ("id", "text", "date_of_service", "codes")

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?|(\d{4})(\d\d)(\d\d)", re.ASCII)


@dataclass(frozen=True)
class Record:
    """One note, or with `error` the place where one should have been."""

    id: str
    text: str
    date_of_service: date | None = None
    codes: tuple[str, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)  # other columns, untouched
    error: str = ""


class Row(TypedDict):
    """What a record became: its report, or why there is none."""

    id: str
    error: str
    report: dict[str, Any] | None
    extra: dict[str, Any]


class Reported(Protocol):
    """Anything with the report's JSON."""

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-able values."""


class Coder(Protocol):
    """Anything that makes a report of a note."""

    def suggest(
        self,
        text: str,
        *,
        id: str = "note",
        date_of_service: date | None = None,
        codes: Sequence[str] = (),
    ) -> Reported:
        """The report on one note."""


def from_row(row: Mapping[str, Any], name: str) -> Record:
    """The record of a row of columns; `name` is its id where it has none."""
    extra = {key: value for key, value in row.items() if key not in FIELDS}
    identity = _identity(row.get("id")) or name
    text = row.get("text")
    if not isinstance(text, str):
        return Record(identity, "", extra=extra, error="The row has no note in its column 'text'.")
    if "\0" in text:
        return Record(identity, "", extra=extra, error=BINARY)
    try:
        day = parse_day(row.get("date_of_service"))
    except ValueError:
        error = "The column 'date_of_service' is not a date: write it as YYYY-MM-DD."
        return Record(identity, "", extra=extra, error=error)
    try:
        codes = _codes(row.get("codes"))
    except ValueError:
        error = "The column 'codes' is not a list of codes: write them as 58958,49255-59."
        return Record(identity, "", extra=extra, error=error)
    return Record(identity, text, day, codes, extra)


def parse_day(value: object) -> date | None:
    """The day of an ISO date or time, a `YYYYMMDD` or a date; ValueError where it is none."""
    if value is None or isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    written = str(value).strip()
    if not written:
        return None
    found = _DAY.fullmatch(written)
    if not found:
        raise ValueError("not a date")
    year, month, day = (int(part) for part in found.groups() if part is not None)
    return date(year, month, day)


def named_columns(names: Sequence[str], source: Path) -> list[str]:
    """The columns of a table, ours recognised in any case; InputError without a `text`."""
    ours = [name.strip().lower() for name in names]
    columns = [
        own if own in FIELDS and own not in names else name
        for own, name in zip(ours, names, strict=True)
    ]
    for name in columns:
        if columns.count(name) > 1:
            raise InputError(f"{source} has the column '{name}' twice: rename one of the two.")
    if "text" not in columns:
        raise InputError(f"{source} has no column 'text': name the column of the notes 'text'.")
    return columns


def damaged(source: Path, seen: int, reason: str) -> Record:
    """The record for the unreadable rest of an archive; InputError if that is all of it."""
    error = f"{source.name} {reason}."
    if not seen:
        raise InputError(error)
    return Record(source.name, "", error=f"{error[:-1]}; the {seen} notes before were read.")


def _identity(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return ""
    return value if isinstance(value, str) and value.strip() else str(value).strip()


def _codes(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        if not value.lstrip().startswith("["):
            return tuple(part for part in re.split(r"[,;\s]+", value) if part)
        value = json.loads(value)
    if isinstance(value, int) and not isinstance(value, bool):
        value = [value]
    if not isinstance(value, (list, tuple)):
        raise ValueError("not a list of codes")
    if not all(isinstance(code, (str, int)) and not isinstance(code, bool) for code in value):
        raise ValueError("not a list of codes")
    return tuple(str(code).strip() for code in value if str(code).strip())
