"""Add-on codes: edit type, add-on, its deletion, primary, its deletion, effective, deletion."""

from __future__ import annotations

import re
import sqlite3

from debulk.reference.cells import (
    NEVER,
    CellError,
    Cells,
    ShortRowError,
    code,
    day_of_year,
    is_code,
    text,
)
from debulk.reference.records import Records

Row = tuple[int, str, str, int, int, str, int]

# The flat file AOC_…-F-MCR.txt holds the same cells side by side.
_DAY = r"(\d{7}|\s{7})"
_FLAT = re.compile(rf"([123])([0-9A-Z]{{5}}){_DAY}([0-9A-Z]{{5}}){_DAY}{_DAY}(\d{{7}}|\s{{0,7}})")
CONTRACTOR = "CCCCC"  # stands where the contractor defines the primaries


def starts(cells: Cells) -> bool:
    """Whether this is the first add-on code."""
    if len(cells) == 1:
        return _FLAT.match(text(cells[0])) is not None
    return len(cells) >= 6 and (is_code(cells[1]) or text(cells[0]) in ("1", "2", "3"))


def load(writer: sqlite3.Connection, records: Records, file: int, quarter: int) -> None:
    """Write each add-on code with a primary code of its."""
    flat = len(records.first) == 1

    def parse(cells: Cells) -> Row:
        if flat:
            found = _FLAT.match(text(cells[0]))
            if found is None:
                raise CellError("an add-on edit", cells[0])
            cells = list(found.groups())
        if len(cells) < 6:
            raise ShortRowError(7, cells)
        kind = text(cells[0])
        if kind not in ("1", "2", "3"):
            raise CellError("an add-on edit type (1, 2 or 3)", cells[0])
        primary = text(cells[3])
        if primary != CONTRACTOR:
            primary = code(cells[3])
        effective = day_of_year(cells[5])
        if effective == NEVER:
            raise CellError("a date (YYYYDDD)", cells[5])
        ends = [cells[2], cells[4], *cells[6:7]]
        deleted = min(day_of_year(cell) for cell in ends)
        return quarter, code(cells[1]), primary, effective, deleted, kind, file

    writer.executemany(
        "INSERT OR IGNORE INTO addon VALUES (?, ?, ?, ?, ?, ?, ?)", records.parsed(parse)
    )
