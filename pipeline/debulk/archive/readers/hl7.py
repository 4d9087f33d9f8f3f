"""HL7 v2 documents (MDM) and results (ORU^R01), one message or many to a file."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from debulk.archive.decoding import byte_lines, decode
from debulk.archive.readers.hl7_text import unescape
from debulk.archive.record import Record, parse_day
from debulk.errors import InputError, UsageError

try:
    import hl7
except ImportError as missing:
    raise UsageError("Reading .hl7 needs the hl7 package: pip install 'debulk[hl7]'.") from missing

_ENVELOPE = (b"FHS", b"BHS", b"BTS", b"FTS")
_WITH_NOTE = ("T02", "T04", "T06", "T08", "T10")  # the MDM events that carry the document


def read(source: Path) -> Iterator[Record]:
    """The notes, in the order of the messages; messages that carry no document are passed over."""
    seen = 0
    for number, segments in enumerate(_messages(source), 1):
        seen += 1
        yield from _records(segments, f"{source.stem}-{number}")
    if not seen:
        raise InputError(f"{source} holds no HL7 v2 message: each begins with a segment MSH.")


def _messages(source: Path) -> Iterator[list[bytes]]:
    message: list[bytes] = []
    for line in byte_lines(source):
        segment = (line or b"").strip(b"\x0b\x1c")  # the frame of MLLP
        if segment.startswith(b"MSH"):
            if message:
                yield message
            message = [segment]
        elif message and not segment.startswith(_ENVELOPE):
            if len(segment) > 3 and segment[3:4] == message[0][3:4] and segment[:3].isalnum():
                message.append(segment)
            elif segment.strip():
                escape = message[0][6:7] or b"\\"
                message[-1] += (
                    escape + b".br" + escape + segment
                )  # a line end left unescaped in a note
    if message:
        yield message


def _records(segments: list[bytes], name: str) -> Iterator[Record]:
    try:
        message = hl7.parse(decode(b"\r".join(segments)))
    except InputError as error:
        yield Record(name, "", error=str(error))
        return
    except (hl7.HL7Exception, ValueError, IndexError):
        yield Record(name, "", error="The message is not HL7 v2: export it again.")
        return
    head = message[0]
    kind, event = _part(head, 9, 0), _part(head, 9, 1)
    name = _part(head, 10) or name
    if kind == "MDM" and event in _WITH_NOTE:
        yield _record(list(message), name)
    elif kind == "ORU":
        groups = _groups(list(message))
        for number, group in enumerate(groups, 1):
            yield _record(group, name if len(groups) == 1 else f"{name}-{number}")


def _groups(message: list[Any]) -> list[list[Any]]:
    """The OBR groups that carry text."""
    groups: list[list[Any]] = []
    for segment in message:
        if _part(segment, 0) == "OBR":
            groups.append([])
        if groups:
            groups[-1].append(segment)
    return [group for group in groups if any(_is_text(segment) for segment in group)]


def _record(group: list[Any], name: str) -> Record:
    days: dict[str, date] = {}
    lines: list[str] = []
    document = ""
    try:
        for segment in group:
            kind = _part(segment, 0)
            # TXA-4 is when the procedure was performed, OBR-7 when the observation was made.
            if day := _day(_part(segment, {"TXA": 4, "OBR": 7}.get(kind, 99))):
                days.setdefault(kind, day)
            document = document or _part(segment, {"TXA": 12, "OBR": 3}.get(kind, 99))
            if _is_text(segment):
                lines.append(_line(segment))
    except InputError as refused:
        return Record(name, "", extra={"document_number": document}, error=str(refused))
    extra = {"document_number": document}
    if not lines:
        error = "The message has no OBX of type TX, FT or ED: send the note inline."
        return Record(name, "", extra=extra, error=error)
    return Record(name, "\n".join(lines), days.get("TXA") or days.get("OBR"), extra=extra)


def _is_text(segment: Any) -> bool:
    return _part(segment, 0) == "OBX" and _part(segment, 2) in ("TX", "FT", "ED")


def _line(segment: Any) -> str:
    if len(segment) <= 5:
        return ""
    # The field as it was sent: a bare & or ^ in a note separates nothing.
    sent, repeat = str(segment[5]), segment.separators[2]
    if _part(segment, 2) != "ED":
        return unescape("\n".join(sent.split(repeat)), segment)
    parts = [*sent.split(segment.separators[3]), "", "", "", ""]
    kind, subtype, encoding = (part.strip().upper() for part in parts[1:4])
    if kind not in ("TEXT", "TX", "FT") and subtype not in ("PLAIN", "TEXT/PLAIN", "TEXT"):
        raise InputError("The document in OBX-5 is no plain text: send it as TX or ED^TEXT.")
    data = segment.separators[3].join(parts[4:-4])
    if encoding != "BASE64":
        return unescape(data, segment)
    try:
        return decode(base64.b64decode("".join(data.split()), validate=True))
    except (binascii.Error, ValueError):
        raise InputError("The document in OBX-5 is not base64: send it again.") from None


def _part(segment: Any, field: int, component: int = 0) -> str:
    """A component of a field, "" where there is none."""
    if field >= len(segment):
        return ""
    parts = str(segment[field]).split(segment.separators[3])
    return unescape(parts[component], segment).strip() if component < len(parts) else ""


def _day(stamp: str) -> date | None:
    try:
        return parse_day(stamp[:8])
    except ValueError:
        return None
