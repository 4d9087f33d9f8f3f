"""A `.jsonl` of rows with `id`, `text`, `date_of_service`, `codes` and any other columns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from debulk.archive.decoding import byte_lines
from debulk.archive.record import Record, from_row


def read(source: Path) -> Iterator[Record]:
    """The notes, a line each."""
    for name, row in rows(source):
        yield row if isinstance(row, Record) else from_row(row, name)


def rows(source: Path) -> Iterator[tuple[str, dict[str, Any] | Record]]:
    """The objects of the lines, each with a name by its number; a Record for one that is none."""
    for number, line in enumerate(byte_lines(source), 1):
        name = f"{source.stem}-{number}"
        if line is None:
            yield name, Record(name, "", error=f"Line {number} is too long: one note to a line.")
        elif line.strip():
            row = _object(line)
            error = f"Line {number} is not a JSON object: write one object to a line."
            yield name, Record(name, "", error=error) if row is None else row


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        text = line.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        text = line.decode("cp1252", "replace")
    try:
        row = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None
