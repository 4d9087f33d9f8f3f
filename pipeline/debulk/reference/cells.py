"""Read one cell: a code, a day, a number, a quarter; anything else is refused."""

from __future__ import annotations

import re
from datetime import date, timedelta

from debulk.errors import ReferenceFileError

Cell = str | int | float
Cells = list[Cell]

NEVER = 99999999  # a deletion date that is not there
FORMULA = ("=", "+", "-", "@")
_CODE = re.compile(r"[0-9]{5}|[0-9]{4}[A-Z]|[A-Z][0-9]{4}")
_QUARTER = re.compile(r"(\d{4})\s*-?\s*Q([1-4])", re.IGNORECASE)


class CellError(ValueError):
    """A cell is not what its column holds; the reader adds file and row."""

    def __init__(self, wanted: str, cell: Cell) -> None:
        shown = text(cell)
        if shown.startswith(FORMULA):
            reason = f"a cell begins with {shown[0]!r} like a formula where {wanted} is expected"
        elif not shown:
            reason = f"{wanted} is missing"
        else:
            reason = f"{shown[:20]!r} is not {wanted}"
        super().__init__(reason)


class ShortRowError(CellError):
    """A row has fewer cells than the first one."""

    def __init__(self, width: int, cells: Cells) -> None:
        super().__init__(f"a row of {width} columns", cells[-1] if cells else "")


def text(cell: Cell) -> str:
    """The cell without the blanks and quotes around it."""
    return str(cell).strip().strip('"').strip()


def code(cell: Cell) -> str:
    """A CPT or HCPCS code; a workbook may hold it as a number."""
    found = f"{cell:05d}" if isinstance(cell, int) else text(cell).upper()
    if not _CODE.fullmatch(found):
        raise CellError("a procedure code", cell)
    return found


def is_code(cell: Cell) -> bool:
    """Whether the cell holds a code."""
    try:
        code(cell)
    except CellError:
        return False
    return True


def day(cell: Cell) -> int:
    """A date as the number YYYYMMDD."""
    found = text(cell)
    try:
        if len(found) != 8 or not found.isdecimal():
            raise ValueError
        date(int(found[:4]), int(found[4:6]), int(found[6:]))
    except ValueError:
        raise CellError("a date (YYYYMMDD)", cell) from None
    return int(found)


def last_day(cell: Cell) -> int:
    """A deletion date, `NEVER` when the cell is `*` or empty."""
    return NEVER if text(cell) in ("", "*") else day(cell)


def day_of_year(cell: Cell) -> int:
    """A date written YYYYDDD as the number YYYYMMDD, `NEVER` when the cell is empty."""
    found = text(cell)
    if found in ("", "*"):
        return NEVER
    try:
        if len(found) != 7 or not found.isdecimal() or not 1 <= int(found[4:]) <= 366:
            raise ValueError
        return number_of(date(int(found[:4]), 1, 1) + timedelta(days=int(found[4:]) - 1))
    except ValueError:
        raise CellError("a date (YYYYDDD)", cell) from None


def whole(cell: Cell) -> int:
    """A count."""
    found = text(cell)
    if not found.isdecimal() or len(found) > 9:
        raise CellError("a whole number", cell)
    return int(found)


def rvu(cell: Cell) -> float | None:
    """A relative value, None for NA."""
    found = text(cell)
    if found.upper() in ("", "NA"):
        return None
    if not re.fullmatch(r"\d+(\.\d*)?|\.\d+", found):
        raise CellError("a relative value", cell)
    return float(found)


def indicator(cell: Cell) -> str:
    """A short indicator such as 090, XXX, 2 or A."""
    found = text(cell)
    if not re.fullmatch(r"[A-Za-z0-9]{0,3}", found):
        raise CellError("an indicator", cell)
    return found.upper()


def number_of(on: date) -> int:
    """A date as the number YYYYMMDD."""
    return on.year * 10000 + on.month * 100 + on.day


def date_of(number: int) -> date:
    """The date of a number YYYYMMDD."""
    return date(number // 10000, number // 100 % 100, number % 100)


def quarter_of(on: date) -> int:
    """The quarter of a date as the number YYYYQ."""
    return on.year * 10 + (on.month + 2) // 3


def quarter_text(quarter: int) -> str:
    """A quarter as it is shown: 2026 Q3."""
    return f"{quarter // 10} Q{quarter % 10}"


def quarter_number(shown: str) -> int:
    """The number of a quarter written 2026 Q3 or 2026Q3."""
    found = _QUARTER.fullmatch(shown.strip())
    if found is None:
        raise ReferenceFileError("A quarter is written like 2026 Q3.")
    return int(found[1]) * 10 + int(found[2])


def quarter_start(quarter: int) -> int:
    """The first day of a quarter as the number YYYYMMDD."""
    return quarter // 10 * 10000 + (quarter % 10 * 3 - 2) * 100 + 1
