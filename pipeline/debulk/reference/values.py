"""What a look-up answers: frozen values, each naming the file it was read from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Kind = Literal["ptp", "mue", "addon", "fees", "descriptors"]
Length = Literal["long", "medium", "short"]


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """One table of the user's that is in the store."""

    id: int
    kind: Kind
    name: str
    sha256: str  # of the table itself, so that a ZIP and its unpacked content are one file
    quarter: str | None  # "2026 Q3"; None for descriptors
    part: int  # 1-4 of a PTP quarter; 1-3 for long, medium, short descriptors; else 0
    version: str  # as the name states it: "v322r0", "2026Q2", "07-01-2026", "2026_Jan"
    setting: str
    rows: int
    imported_at: str  # ISO 8601, UTC


@dataclass(frozen=True, slots=True)
class Pair:
    """A PTP edit: column 2 is included in column 1."""

    column1: str
    column2: str
    modifier_indicator: str  # "0" never, "1" a modifier may bypass, "9" not applicable
    effective: date
    deleted: date | None  # the last day in force
    rationale: str
    file: str
    quarter: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Mue:
    """The units of a code that are allowed, and how they are counted."""

    code: str
    value: int
    indicator: str  # "1" a line, "2" a date of service by policy, "3" a date, clinical
    rationale: str
    file: str
    quarter: str
    sha256: str


@dataclass(frozen=True, slots=True)
class AddOn:
    """An add-on code with the primary codes that it may stand beside."""

    code: str
    edit_types: tuple[str, ...]  # "1" closed list, "2" the contractor's, "3" a partial list
    primaries: tuple[str, ...]
    contractor_defined: bool
    file: str
    quarter: str
    sha256: str


@dataclass(frozen=True, slots=True)
class FeeRow:
    """A row of the fee schedule's relative value file; an RVU that is NA is None."""

    code: str
    modifier: str
    status: str
    work_rvu: float | None
    nonfacility_pe_rvu: float | None
    facility_pe_rvu: float | None
    malpractice_rvu: float | None
    nonfacility_total: float | None
    facility_total: float | None
    global_days: str
    multiple_procedure: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team_surgeon: str
    file: str
    quarter: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Descriptor:
    """The AMA's wording of a code, from the user's licensed file."""

    code: str
    length: Length
    text: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Change:
    """One value that differs between two quarters; None is absent, ended or not yet in force."""

    kind: Kind
    code: str
    other: str  # the column 2 code, the primary code or the modifier
    field: str
    before: str | None
    after: str | None
