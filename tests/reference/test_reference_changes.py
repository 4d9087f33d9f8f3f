"""What changes for a family of codes from one quarter to the next."""

from __future__ import annotations

import pytest
import reference_layouts as layouts
from reference_layouts import Import

from debulk.errors import ReferenceFileError
from debulk.reference import Change, Store, diff

FAMILY = ["11111", "22222"]
OLD = [
    ("11111", "30000", "", "20200101", "*", "0", "Stays"),
    ("11111", "30001", "", "20200101", "*", "0", "Ends"),
    ("11111", "30002", "", "20200101", "*", "0", "Opens to a modifier"),
    ("40000", "40001", "", "20200101", "*", "0", "Another family"),
]
NEW = [
    ("11111", "30000", "", "20200101", "*", "0", "Stays, in other words"),
    ("11111", "30001", "", "20200101", "20260630", "0", "Ends"),
    ("11111", "30002", "", "20200101", "20260630", "0", "Opens to a modifier"),
    ("11111", "30002", "", "20260701", "*", "1", "Opens to a modifier"),
    ("30003", "22222", "", "20260701", "*", "1", "Begins"),
    ("11111", "30004", "", "20260701", "20260701", "9", "Never in force"),
    ("11111", "30005", "", "20261001", "*", "1", "Later"),
    ("40000", "40001", "", "20200101", "*", "1", "Another family"),
]


def test_pairs(give: Import, store: Store) -> None:
    give("ccipra-v321r0-f1.txt", layouts.ptp_text(OLD))
    give("ccipra-v322r0-f1.txt", layouts.ptp_text(NEW))
    assert diff(store, "2026 Q2", "2026Q3", FAMILY) == [
        Change("ptp", "11111", "30001", "modifier_indicator", "0", None),
        Change("ptp", "11111", "30002", "modifier_indicator", "0", "1"),
        Change("ptp", "30003", "22222", "modifier_indicator", None, "1"),
    ]
    assert diff(store, "2026 Q3", "2026 Q3", FAMILY) == []


def test_units_add_ons_and_fees(give: Import, store: Store) -> None:
    units = [("11111", "2", "3 Date of Service Edit: Clinical", "Invented"), *layouts.MUE_ROWS[2:]]
    give("MCR_MUE_PractitionerServices_Eff_04-01-2026.csv", layouts.mue_text(units))
    give(layouts.MUE_NAME, layouts.mue_text())
    give("AOC_V2026Q2-MCR.xlsx", layouts.workbook(layouts.aoc_rows(layouts.AOC_ROWS[1:])))
    give(layouts.AOC_NAME, layouts.workbook(layouts.aoc_rows()))
    give("PPRRVU2026_Apr_nonQPP.csv", layouts.fees_text().replace(b"37.5", b"36.5"))
    give(layouts.FEES_NAME, layouts.fees_text())
    assert diff(store, "2026 Q2", "2026 Q3", FAMILY) == [
        Change("mue", "11111", "", "indicator", "3", "2"),
        Change("mue", "11111", "", "value", "2", "1"),
        Change("addon", "96000", "11111", "edit_type", None, "1"),
        Change("fees", "11111", "", "work_rvu", "36.5", "37.5"),
    ]


def test_quarters_with_nothing_in_common_are_refused(give: Import, store: Store) -> None:
    give("ccipra-v321r0-f1.txt", layouts.ptp_text(OLD))
    give(layouts.MUE_NAME, layouts.mue_text())
    with pytest.raises(ReferenceFileError, match="no file of the same kind"):
        diff(store, "2026 Q2", "2026 Q3", FAMILY)


def test_unequal_parts_are_refused(give: Import, store: Store) -> None:
    give("ccipra-v321r0-f1.txt", layouts.ptp_text(OLD))
    give("ccipra-v322r0-f2.txt", layouts.ptp_text(NEW))
    with pytest.raises(ReferenceFileError, match="do not have the same PTP parts"):
        diff(store, "2026 Q2", "2026 Q3", FAMILY)


def test_a_quarter_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(ReferenceFileError, match="written like 2026 Q3"):
        diff(store, "summer", "2026 Q3", FAMILY)
