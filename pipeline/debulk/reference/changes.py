"""What changes for a family of codes from one quarter to another."""

from __future__ import annotations

from collections.abc import Callable, Collection

from debulk.errors import ReferenceFileError
from debulk.reference.cells import quarter_number, quarter_start, quarter_text
from debulk.reference.lookup import FEE_COLUMNS
from debulk.reference.store import Store
from debulk.reference.values import Change, Kind

# The values of a quarter, each by its code, the other code or modifier, and the field.
State = dict[tuple[str, str, str], str]


def diff(store: Store, quarter_a: str, quarter_b: str, codes: Collection[str]) -> list[Change]:
    """What differs for the codes between two imported quarters, each on its first day.

    A kind of file is compared when both quarters have it; a PTP pair counts when either of its
    codes is of the family.
    """
    before, after = quarter_number(quarter_a), quarter_number(quarter_b)
    found: list[Change] = []
    compared = False
    for kind, state in _STATES.items():
        parts = [_parts(store, kind, quarter) for quarter in (before, after)]
        if not all(parts):
            continue
        if parts[0] != parts[1]:
            raise ReferenceFileError(
                f"{quarter_text(before)} and {quarter_text(after)} do not have the same PTP parts: "
                "import all of both before comparing them."
            )
        compared = True
        old, new = (state(store, quarter, sorted(codes)) for quarter in (before, after))
        found += [
            Change(kind, *key, old.get(key), new.get(key))
            for key in sorted(old.keys() | new.keys())
            if old.get(key) != new.get(key)
        ]
    if not compared:
        raise ReferenceFileError(
            f"{quarter_text(before)} and {quarter_text(after)} have no file of the same kind: "
            "import both before comparing them."
        )
    return found


def _parts(store: Store, kind: Kind, quarter: int) -> list[int]:
    """The parts of a kind that are imported for a quarter."""
    statement = "SELECT part FROM file WHERE kind = ? AND quarter = ? ORDER BY part"
    return [part for (part,) in store.fetch(statement, (kind, quarter))]


def _ptp(store: Store, quarter: int, codes: list[str]) -> State:
    family, day = _marks(codes), quarter_start(quarter)
    rows = store.fetch(
        f"""SELECT column1, column2, modifier FROM ptp
            WHERE quarter = ? AND (column1 IN ({family}) OR column2 IN ({family}))
              AND effective <= ? AND deleted >= ? AND NOT (effective = deleted AND modifier = 9)
            ORDER BY effective""",
        (quarter, *codes, *codes, day, day),
    )
    return {(first, second, "modifier_indicator"): str(value) for first, second, value in rows}


def _mue(store: Store, quarter: int, codes: list[str]) -> State:
    rows = store.fetch(
        f"SELECT code, value, indicator FROM mue WHERE quarter = ? AND code IN ({_marks(codes)})",
        (quarter, *codes),
    )
    return {
        (code, "", field): value
        for code, units, indicator in rows
        for field, value in (("value", str(units)), ("indicator", indicator))
    }


def _addon(store: Store, quarter: int, codes: list[str]) -> State:
    family, day = _marks(codes), quarter_start(quarter)
    rows = store.fetch(
        f"""SELECT code, primary_code, edit_type FROM addon
            WHERE quarter = ? AND (code IN ({family}) OR primary_code IN ({family}))
              AND effective <= ? AND deleted >= ?""",
        (quarter, *codes, *codes, day, day),
    )
    return {(code, primary, "edit_type"): value for code, primary, value in rows}


def _fees(store: Store, quarter: int, codes: list[str]) -> State:
    rows = store.fetch(
        f"SELECT code, modifier, {FEE_COLUMNS} FROM fees "
        f"WHERE quarter = ? AND code IN ({_marks(codes)})",
        (quarter, *codes),
    )
    fields = FEE_COLUMNS.split(", ")
    return {
        (code, modifier, field): "NA" if value is None else str(value)
        for code, modifier, *values in rows
        for field, value in zip(fields, values, strict=True)
    }


def _marks(codes: list[str]) -> str:
    return ", ".join("?" * len(codes))


_STATES: dict[Kind, Callable[[Store, int, list[str]], State]] = {
    "ptp": _ptp,
    "mue": _mue,
    "addon": _addon,
    "fees": _fees,
}
