"""NCCI PTP edits: column 1, column 2, *, effective, deleted, modifier indicator, rationale."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from debulk.reference.cells import (
    Cell,
    CellError,
    Cells,
    ShortRowError,
    code,
    day,
    is_code,
    last_day,
    text,
)
from debulk.reference.records import Records

_INDICATORS = {"0": 0, "1": 1, "9": 9}
Value = TypeVar("Value")
Row = tuple[int, str, str, int, int, int, int, int]


def starts(cells: Cells) -> bool:
    """Whether this is the first pair."""
    return len(cells) >= 6 and (is_code(cells[0]) or is_code(cells[1]))


def never_in_force(effective: int, deleted: int, modifier: int) -> bool:
    """Whether an edit was withdrawn as if it had never been."""
    return deleted < effective or (deleted == effective and modifier == 9)


def load(writer: sqlite3.Connection, records: Records, file: int, quarter: int) -> None:
    """Write the pairs of one part."""
    pairs = _Pairs(quarter, file, records)
    pairs.rationales.update(writer.execute("SELECT text, id FROM rationale"))
    writer.executemany(
        "INSERT OR IGNORE INTO ptp VALUES (?, ?, ?, ?, ?, ?, ?, ?)", records.parsed(pairs.parse)
    )
    if pairs.newest_at == records.count - 1:
        records.refuse_cut(pairs.newest, pairs.rationales)
    writer.executemany(
        "INSERT OR IGNORE INTO rationale (text, id) VALUES (?, ?)", pairs.rationales.items()
    )
    writer.executemany(
        "INSERT INTO ptp_code VALUES (?, ?, ?, ?)",
        ((file, name, first, last) for name, (first, last) in pairs.spans.items()),
    )


class _Pairs:
    """Parses pairs; a million rows hold few different cells, so each cell is checked once."""

    def __init__(self, quarter: int, file: int, records: Records) -> None:
        self.rationales: dict[str, int] = {}
        self.newest, self.newest_at = "", -1
        self.spans: dict[str, list[int]] = {}
        self._quarter, self._file, self._records = quarter, file, records
        self._width = len(records.first)
        self._codes: dict[Cell, str] = _Checked(code)
        self._days: dict[Cell, int] = _Checked(day)
        self._ends: dict[Cell, int] = _Checked(last_day)

    def parse(self, cells: Cells) -> Row:
        if len(cells) < self._width:
            raise ShortRowError(self._width, cells)
        column1, column2 = self._codes[cells[0]], self._codes[cells[1]]
        effective, deleted = self._days[cells[3]], self._ends[cells[4]]
        modifier = _INDICATORS.get(str(cells[5]).strip())
        if modifier is None:
            raise CellError("a modifier indicator (0, 1 or 9)", cells[5])
        words = text(cells[6]) if self._width > 6 else ""
        rationale = self.rationales.get(words)
        if rationale is None:
            rationale = self.rationales[words] = len(self.rationales) + 1
            self.newest, self.newest_at = words, self._records.count
        if not never_in_force(effective, deleted, modifier):
            self._widen(column1, effective, deleted)
            self._widen(column2, effective, deleted)
        return self._quarter, column1, column2, effective, deleted, modifier, rationale, self._file

    def _widen(self, name: str, effective: int, deleted: int) -> None:
        """Note that the code is in force from one day to the other."""
        span = self.spans.get(name)
        if span is None:
            self.spans[name] = [effective, deleted]
            return
        if effective < span[0]:
            span[0] = effective
        if deleted > span[1]:
            span[1] = deleted


class _Checked(dict[Cell, Value]):
    """The value of each different cell, read when first met."""

    def __init__(self, read: Callable[[Cell], Value]) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> Value:
        value = self[cell] = self._read(cell)
        return value
