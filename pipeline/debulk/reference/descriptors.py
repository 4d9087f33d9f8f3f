"""AMA descriptors: code, tab, text (LONGULT) or code, one space, text (MEDU, SHORTU)."""

from __future__ import annotations

import sqlite3

from debulk.reference.cells import CellError, Cells, code, is_code, text
from debulk.reference.records import Records

Row = tuple[int, str, str]


def starts(cells: Cells) -> bool:
    """Whether this is the first descriptor."""
    return is_code(_split(cells)[0]) and bool(_split(cells)[1])


def load(writer: sqlite3.Connection, records: Records, file: int, quarter: int) -> None:
    """Write the text of each code."""

    def parse(cells: Cells) -> Row:
        first, words = _split(cells)
        name = code(first)
        if not words:
            raise CellError("a descriptor", "")
        return file, name, words

    writer.executemany("INSERT OR REPLACE INTO descriptors VALUES (?, ?, ?)", records.parsed(parse))


def _split(cells: Cells) -> tuple[str, str]:
    """The code and the text of a line."""
    if len(cells) == 1:
        first, _, words = str(cells[0]).partition(" ")
        return first, words.strip()
    return (text(cells[0]), str(cells[1]).strip()) if cells else ("", "")
