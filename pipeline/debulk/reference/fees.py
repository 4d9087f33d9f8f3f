"""The fee schedule's relative value file (PPRRVU): columns found by their headers."""

from __future__ import annotations

import re
import sqlite3

from debulk.errors import ReferenceFileError
from debulk.reference.cells import Cell, Cells, ShortRowError, code, indicator, is_code, rvu, text
from debulk.reference.records import Records

Row = tuple[int | str | float | None, ...]

# The end of each column's header, its lines joined by a blank; in the order of the table.
_COLUMNS = {
    "MOD": r"MOD(IFIER)?",
    "STATUS CODE": r"STATUS CODE",
    "WORK RVU": r"WORK RVU",
    "NON-FAC PE RVU": r"NON-FAC(ILITY)? PE RVU",
    "FACILITY PE RVU": r"(?<!NON-)FACILITY PE RVU",
    "MP RVU": r"MP RVU",
    "NON-FACILITY TOTAL": r"NON-FAC(ILITY)? TOTAL",
    "FACILITY TOTAL": r"(?<!NON-)FACILITY TOTAL",
    "GLOB DAYS": r"GLOB DAYS",
    "MULT PROC": r"MULT PROC",
    "BILAT SURG": r"BILAT SURG",
    "ASST SURG": r"ASST SURG",
    "CO-SURG": r"CO-? ?SURG",
    "TEAM SURG": r"TEAM SURG",
}
_NUMBERS = slice(2, 8)


def starts(cells: Cells) -> bool:
    """Whether this is the first code."""
    return len(cells) > len(_COLUMNS) and is_code(cells[0])


def load(writer: sqlite3.Connection, records: Records, file: int, quarter: int) -> None:
    """Write the status, relative values and surgical indicators of each code."""
    columns = _columns(records)
    # A workbook's row ends at its last filled cell; a line of text has all its columns.
    width = len(records.first) if records.from_text else max(columns) + 1

    def parse(cells: Cells) -> Row:
        if len(cells) < width:
            raise ShortRowError(width, cells)
        found: list[Cell] = [cells[column] for column in columns]
        return (
            quarter,
            code(cells[0]),
            indicator(found[0]),
            indicator(found[1]),
            *map(rvu, found[_NUMBERS]),
            *map(indicator, found[_NUMBERS.stop :]),
            file,
        )

    marks = ", ".join("?" * (len(_COLUMNS) + 3))
    writer.executemany(f"INSERT OR REPLACE INTO fees VALUES ({marks})", records.parsed(parse))


def _columns(records: Records) -> list[int]:
    """Where each column stands; a missing one means another layout."""
    width = max(len(cells) for cells in records.preamble) if records.preamble else 0
    headers = [
        " ".join(
            " ".join(text(row[column]) for row in records.preamble if column < len(row)).split()
        ).upper()
        for column in range(width)
    ]
    found: list[int] = []
    for shown, pattern in _COLUMNS.items():
        ending = re.compile(rf"(?:^|[ -]){pattern}$")
        places = [number for number, header in enumerate(headers) if ending.search(header)]
        if not places:
            raise ReferenceFileError(
                f"{records.name} has another layout than PPRRVU: no column {shown}."
            )
        found.append(places[0])
    return found
