"""Medically unlikely edits: code, units, adjudication indicator, rationale."""

from __future__ import annotations

import sqlite3

from debulk.reference.cells import CellError, Cells, ShortRowError, code, is_code, text, whole
from debulk.reference.records import Records

Row = tuple[int, str, int, str, str, int]


def starts(cells: Cells) -> bool:
    """Whether this is the first code."""
    return len(cells) >= 3 and is_code(cells[0])


def load(writer: sqlite3.Connection, records: Records, file: int, quarter: int) -> None:
    """Write the units of each code."""
    width = min(len(records.first), 4)
    seen: dict[str, int] = {}
    newest = ""

    def parse(cells: Cells) -> Row:
        nonlocal newest
        if len(cells) < width:
            raise ShortRowError(width, cells)
        newest = text(cells[3]) if width > 3 else ""
        seen.setdefault(newest, records.count)
        return quarter, code(cells[0]), whole(cells[1]), _indicator(cells), newest, file

    writer.executemany(
        "INSERT OR REPLACE INTO mue VALUES (?, ?, ?, ?, ?, ?)", records.parsed(parse)
    )
    if seen[newest] == records.count - 1:
        records.refuse_cut(newest, seen)


def _indicator(cells: Cells) -> str:
    """The digit that opens `2 Date of Service Edit: Policy`."""
    found = text(cells[2])[:1]
    if found not in ("1", "2", "3"):
        raise CellError("an adjudication indicator (1, 2 or 3)", cells[2])
    return found
