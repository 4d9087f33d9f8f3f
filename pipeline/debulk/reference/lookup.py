"""Look things up by date of service; nothing imported is None, never an error."""

from __future__ import annotations

from datetime import date

from debulk.reference.addons import CONTRACTOR
from debulk.reference.catalogue import PTP_PARTS, QUARTER
from debulk.reference.cells import NEVER, date_of, number_of, quarter_of, quarter_text
from debulk.reference.store import Store
from debulk.reference.values import AddOn, Descriptor, FeeRow, Length, Mue, Pair

_PAIR = f"""
SELECT p.modifier, p.effective, p.deleted, r.text, f.name, f.quarter, f.sha256
FROM ptp p JOIN file f ON f.id = p.file JOIN rationale r ON r.id = p.rationale
WHERE p.quarter = {QUARTER.format(kind="ptp", on="?1")} AND p.column1 = ?2 AND p.column2 = ?3
  AND p.effective <= ?4 AND p.deleted >= ?4 AND NOT (p.effective = p.deleted AND p.modifier = 9)
ORDER BY p.effective DESC, p.deleted DESC LIMIT 1"""
_MUE = f"""
SELECT m.value, m.indicator, m.rationale, f.name, f.quarter, f.sha256
FROM mue m JOIN file f ON f.id = m.file
WHERE m.quarter = {QUARTER.format(kind="mue", on="?1")} AND m.code = ?2"""
_ADDON = f"""
SELECT a.primary_code, a.edit_type, f.name, f.quarter, f.sha256
FROM addon a JOIN file f ON f.id = a.file
WHERE a.quarter = {QUARTER.format(kind="addon", on="?1")} AND a.code = ?2
  AND a.effective <= ?3 AND a.deleted >= ?3 ORDER BY a.primary_code"""
FEE_COLUMNS = (
    "status, work_rvu, nonfacility_pe_rvu, facility_pe_rvu, malpractice_rvu, nonfacility_total, "
    "facility_total, global_days, multiple_procedure, bilateral, assistant, co_surgeon, "
    "team_surgeon"
)
_FEES = f"""
SELECT x.code, x.modifier, {FEE_COLUMNS}, f.name, f.quarter, f.sha256
FROM fees x JOIN file f ON f.id = x.file
WHERE x.quarter = {QUARTER.format(kind="fees", on="?1")} AND x.code = ?2 AND x.modifier = ?3"""
_DESCRIPTOR = """
SELECT d.text, f.name, f.sha256 FROM descriptors d JOIN file f ON f.id = d.file
WHERE f.kind = 'descriptors' AND f.part = ?1 AND d.code = ?2 ORDER BY f.id DESC LIMIT 1"""
_OF_YEAR = """
SELECT COALESCE(MAX(CASE WHEN quarter <= ?1 THEN quarter END), MIN(quarter)) FROM file
WHERE kind = ?2 AND quarter / 10 = ?1 / 10"""
_SPAN = """
SELECT MIN(first), MAX(last) FROM ptp_code
WHERE code = ?1 AND file IN (SELECT id FROM file WHERE kind = 'ptp' AND quarter = ?2)"""

_LENGTHS: dict[Length, int] = {"long": 1, "medium": 2, "short": 3}
_DELETED = ("D", "F", "H")  # statuses of codes, or of their modifiers, that are gone


def pair(store: Store, column1: str, column2: str, on: date) -> Pair | None:
    """The PTP edit that is in force between two codes on a date."""
    found = store.fetch(_PAIR, (quarter_of(on), column1, column2, number_of(on)))
    if not found:
        return None
    modifier, effective, deleted, rationale, file, quarter, sha256 = found[0]
    return Pair(
        column1=column1,
        column2=column2,
        modifier_indicator=str(modifier),
        effective=date_of(effective),
        deleted=None if deleted == NEVER else date_of(deleted),
        rationale=rationale,
        file=file,
        quarter=quarter_text(quarter),
        sha256=sha256,
    )


def mue(store: Store, code: str, on: date) -> Mue | None:
    """The units of a code that are allowed on a date."""
    found = store.fetch(_MUE, (quarter_of(on), code))
    if not found:
        return None
    value, indicator, rationale, file, quarter, sha256 = found[0]
    return Mue(code, value, indicator, rationale, file, quarter_text(quarter), sha256)


def addon(store: Store, code: str, on: date) -> AddOn | None:
    """The primary codes that an add-on code may stand beside on a date."""
    found = store.fetch(_ADDON, (quarter_of(on), code, number_of(on)))
    if not found:
        return None
    named = tuple(sorted({row[0] for row in found if row[0] != CONTRACTOR}))
    return AddOn(
        code=code,
        edit_types=tuple(sorted({row[1] for row in found})),
        primaries=named,
        contractor_defined=any(row[0] == CONTRACTOR for row in found),
        file=found[0][2],
        quarter=quarter_text(found[0][3]),
        sha256=found[0][4],
    )


def fee_row(store: Store, code: str, modifier: str, on: date) -> FeeRow | None:
    """The fee schedule's row of a code; the modifier is empty, 26, TC or 53."""
    found = store.fetch(_FEES, (quarter_of(on), code, modifier))
    if not found:
        return None
    *values, quarter, sha256 = found[0]
    values += (quarter_text(quarter), sha256)
    return FeeRow(*values)


def descriptor(store: Store, code: str, length: Length) -> Descriptor | None:
    """The AMA's wording of a code, from the file imported last."""
    found = store.fetch(_DESCRIPTOR, (_LENGTHS[length], code))
    return Descriptor(code, length, *found[0]) if found else None


def valid(store: Store, code: str, on: date) -> bool | None:
    """Whether a code exists on a date; None when nothing imported for that year speaks.

    The fee schedule of the year decides. Without it the PTP table of the year does: a code of
    which every pair has ended is gone, if all parts of the quarter are there to show it.
    """
    if (quarter := _of_year(store, "fees", on)) is not None:
        statuses = store.fetch(
            "SELECT status FROM fees WHERE quarter = ? AND code = ?", (quarter, code)
        )
        return any(status not in _DELETED for (status,) in statuses)
    if (quarter := _of_year(store, "ptp", on)) is not None:
        first, last = store.fetch(_SPAN, (code, quarter))[0]
        if first is None or first > number_of(on):
            return None
        if last >= number_of(on):
            return True
        parts = store.fetch("SELECT part FROM file WHERE kind = 'ptp' AND quarter = ?", (quarter,))
        return False if {part for (part,) in parts} >= PTP_PARTS else None
    return None


def _of_year(store: Store, kind: str, on: date) -> int | None:
    """The quarter of a date's year that speaks for it, None when none is imported."""
    found = store.fetch(_OF_YEAR, (quarter_of(on), kind))
    quarter: int | None = found[0][0] if found else None
    return quarter
