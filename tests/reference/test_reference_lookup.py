"""What is in force on a date of service."""

from __future__ import annotations

from datetime import date
from time import perf_counter

import pytest
import reference_layouts as layouts
from reference_layouts import Import

from debulk.reference import Store, fee_row, mue, pair, provenance, valid

AUGUST = date(2026, 8, 1)


@pytest.mark.parametrize(
    ("codes", "on", "indicator"),
    [
        ("00100 11111", "2026-08-01", "0"),
        ("11111 00100", "2026-08-01", None),  # a pair has a direction
        ("11111 2222T", "2024-12-31", None),  # before it is in force
        ("11111 2222T", "2025-01-01", "1"),
        ("11111 33333", "2009-12-31", None),
        ("11111 33333", "2010-01-01", "0"),  # the first time
        ("11111 33333", "2019-12-31", "0"),  # its last day
        ("11111 33333", "2020-01-01", None),  # between the two
        ("11111 33333", "2023-04-01", "1"),  # the second time
        ("11111 44444", "2024-01-01", None),  # never in force
        ("11111 44444", "2026-08-01", None),
        ("11111 55555", "2024-12-31", "0"),
        ("11111 55555", "2025-01-01", None),
        ("A1234 11111", "2026-06-30", None),
        ("A1234 11111", "2026-07-01", "0"),
        ("A1234 11111", "2026-09-30", "0"),
        ("A1234 11111", "2026-10-01", None),
        ("99999 11111", "2026-08-01", None),
    ],
)
def test_pair(give: Import, store: Store, codes: str, on: str, indicator: str | None) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    found = pair(store, *codes.split(), date.fromisoformat(on))
    assert (found.modifier_indicator if found else None) == indicator


def test_a_pair_carries_its_evidence(give: Import, store: Store) -> None:
    [file] = give(layouts.PTP_NAME, layouts.ptp_text())
    found = pair(store, "A1234", "11111", AUGUST)
    assert found is not None
    assert (found.column1, found.column2) == ("A1234", "11111")
    assert (found.effective, found.deleted) == (date(2026, 7, 1), date(2026, 9, 30))
    assert found.rationale == "Invented reason B"
    assert (found.file, found.quarter) == (layouts.PTP_NAME, "2026 Q3")
    assert found.sha256 == file.sha256


def test_deleted_and_live_from_the_same_day(give: Import, store: Store) -> None:
    rows = [
        ("11111", "22222", "", "20200101", "20200101", "9", "Withdrawn"),
        ("11111", "22222", "", "20200101", "*", "1", "Live"),
    ]
    give(layouts.PTP_NAME, layouts.ptp_text(rows))
    for on in (date(2020, 1, 1), AUGUST):
        found = pair(store, "11111", "22222", on)
        assert found is not None
        assert found.rationale == "Live"


@pytest.mark.parametrize(
    ("on", "quarter"),
    [
        ("2019-01-01", "2025 Q4"),  # before any: the oldest
        ("2025-10-01", "2025 Q4"),
        ("2026-06-30", "2025 Q4"),
        ("2026-07-01", "2026 Q3"),
        ("2031-01-01", "2026 Q3"),
    ],
)
def test_the_quarter_that_speaks_for_a_date(
    give: Import, store: Store, on: str, quarter: str
) -> None:
    row = ("11111", "22222", "", "19960101", "*")
    give("ccipra-v322r0-f1.txt", layouts.ptp_text([(*row, "0", "New")]))
    give("ccipra-v313r0-f1.txt", layouts.ptp_text([(*row, "1", "Old")]))
    give("MCR_MUE_PractitionerServices_Eff_07-01-2026.csv", layouts.mue_text())
    give("MCR_MUE_PractitionerServices_Eff_10-01-2025.csv", layouts.mue_text(layouts.MUE_ROWS[:2]))
    day = date.fromisoformat(on)
    found, units = pair(store, "11111", "22222", day), mue(store, "11111", day)
    assert found is not None
    assert units is not None
    assert (found.quarter, units.quarter) == (quarter, quarter)
    assert found.rationale == ("New" if quarter == "2026 Q3" else "Old")


def test_nothing_imported_is_none(store: Store) -> None:
    assert pair(store, "11111", "22222", AUGUST) is None
    assert fee_row(store, "11111", "", AUGUST) is None
    assert valid(store, "11111", AUGUST) is None
    assert provenance(store, AUGUST) is None
    assert not store.path.exists()


@pytest.mark.parametrize(
    ("code", "on", "expected"),
    [
        ("11111", "2026-08-01", True),
        ("22222", "2026-08-01", False),  # status D
        ("33333", "2026-08-01", False),  # not in the schedule
        ("11111", "2026-01-01", True),  # the only file of the year speaks for all of it
        ("11111", "2024-01-01", None),
        ("11111", "2027-01-01", None),
    ],
)
def test_validity_by_the_fee_schedule(
    give: Import, store: Store, code: str, on: str, expected: bool | None
) -> None:
    give(layouts.FEES_NAME, layouts.fees_text())
    assert valid(store, code, date.fromisoformat(on)) is expected


@pytest.mark.parametrize(
    ("code", "on", "one_part", "all_parts"),
    [
        ("11111", "2026-08-01", True, True),
        ("A1234", "2026-08-01", True, True),
        ("55555", "2026-08-01", None, False),  # every pair has ended
        ("A1234", "2026-02-01", None, None),  # its pairs begin later
        ("44444", "2026-08-01", None, None),  # never in force
        ("99999", "2026-08-01", None, None),
        ("11111", "2025-08-01", None, None),  # another year
    ],
)
def test_validity_by_the_ptp_table(
    give: Import, store: Store, code: str, on: str, one_part: bool | None, all_parts: bool | None
) -> None:
    day = date.fromisoformat(on)
    give(layouts.PTP_NAME, layouts.ptp_text())
    assert valid(store, code, day) is one_part
    for part in (2, 3, 4):
        row = (f"7777{part}", "88888", "", "20200101", "*", "0", "Invented")
        give(f"ccipra-v322r0-f{part}.txt", layouts.ptp_text([row]))
    assert valid(store, code, day) is all_parts


def test_provenance_names_what_a_date_is_answered_from(give: Import, store: Store) -> None:
    [first] = give(layouts.PTP_NAME, layouts.ptp_text())
    [units] = give(layouts.MUE_NAME, layouts.mue_text())
    give("ccipra-v330r0-f1.txt", layouts.ptp_text(layouts.PTP_ROWS[:2]))
    assert provenance(store, AUGUST) == {
        "quarter": "2026 Q3",
        "missing_parts": [2, 3, 4],
        "files": [
            {
                "kind": "ptp",
                "name": layouts.PTP_NAME,
                "quarter": "2026 Q3",
                "sha256": first.sha256[:12],
            },
            {
                "kind": "mue",
                "name": layouts.MUE_NAME,
                "quarter": "2026 Q3",
                "sha256": units.sha256[:12],
            },
        ],
    }
    later = provenance(store, date(2027, 1, 1))
    assert later is not None
    assert later["quarter"] == "2027 Q1"


def test_a_look_up_is_fast(give: Import, store: Store) -> None:
    rows = [("11111", f"{n:05d}", "", "20200101", "*", "1", "Invented") for n in range(20_000)]
    give(layouts.PTP_NAME, layouts.ptp_text(rows))
    pair(store, "11111", "00000", AUGUST)
    start = perf_counter()
    for number in range(2000):
        assert pair(store, "11111", f"{number:05d}", AUGUST) is not None
    assert (perf_counter() - start) / 2000 < 0.001  # 0.000015 when the machine is idle
