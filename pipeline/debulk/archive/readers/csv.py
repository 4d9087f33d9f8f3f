"""A `.csv` with the columns `id`, `text`, `date_of_service`, `codes` and any others."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from debulk.archive.decoding import MAX_NOTE_BYTES, sniff
from debulk.archive.record import Record, from_row, named_columns
from debulk.errors import InputError


def read(source: Path) -> Iterator[Record]:
    """The notes, a row each; the delimiter is the one that gives a column `text`."""
    csv.field_size_limit(MAX_NOTE_BYTES)
    encoding = sniff(source)
    errors = "replace" if encoding == "cp1252" else "strict"
    with source.open(encoding=encoding, errors=errors, newline="") as file:
        head = file.readline(2**20)
        file.seek(0)
        table = csv.reader(file, delimiter=_delimiter(head))
        try:
            header = next(table)
        except (csv.Error, StopIteration, UnicodeError):
            raise InputError(f"{source} has no header: name the columns in line 1.") from None
        columns = named_columns(header, source)
        number = 0
        while True:
            number += 1
            name = f"{source.stem}-{number}"
            try:
                cells = next(table)
            except StopIteration:
                return
            except csv.Error:
                error = f"Row {number} is not CSV: quote its note and double the quotes in it."
                yield Record(name, "", error=error)
                continue
            if cells:
                yield _record(columns, cells, name)


def _delimiter(head: str) -> str:
    for delimiter in (",", ";", "\t"):
        names = next(csv.reader([head], delimiter=delimiter), [])
        if "text" in (name.strip().lower() for name in names):
            return delimiter
    return ","


def _record(columns: list[str], cells: list[str], name: str) -> Record:
    row: dict[str, str | None] = dict.fromkeys(columns)
    row.update(zip(columns, cells, strict=False))
    record = from_row(row, name)
    if len(cells) > len(columns):
        error = "The row has more cells than the header: quote its note."
        return Record(record.id, "", extra=record.extra, error=error)
    return record
