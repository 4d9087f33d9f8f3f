"""Every kind of file, as its publisher gives it."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
import reference_layouts as layouts
from reference_layouts import Import

from debulk.reference import (
    Store,
    addon,
    descriptor,
    fee_row,
    import_files,
    listing,
    mue,
    pair,
)

ON = date(2026, 8, 1)
FIXED = "AOC_V2026Q3-F-MCR.txt"


@pytest.mark.parametrize(
    ("name", "content", "kind", "quarter", "part", "rows"),
    [
        (layouts.PTP_NAME, layouts.ptp_text(), "ptp", "2026 Q3", 1, 7),
        ("ccipra-v322r0-f4.xlsx", layouts.ptp_workbook(), "ptp", "2026 Q3", 4, 7),
        ("ccipra-v313r0-f2.txt", layouts.ptp_text(), "ptp", "2025 Q4", 2, 7),
        (
            layouts.PTP_ZIP,
            layouts.zipped({layouts.PTP_NAME: layouts.ptp_text()}),
            "ptp",
            "2026 Q3",
            1,
            7,
        ),
        (
            "practitioner-ccipra-v322r0-f3.zip",
            layouts.zipped({"part.xlsx": layouts.ptp_workbook()}),
            "ptp",
            "2026 Q3",
            3,
            7,
        ),
        (layouts.MUE_NAME, layouts.mue_text(), "mue", "2026 Q3", 0, 3),
        (
            "mue.zip",
            layouts.zipped({"readme.txt": b"words", layouts.MUE_NAME: layouts.mue_text()}),
            "mue",
            "2026 Q3",
            0,
            3,
        ),
        (layouts.AOC_NAME, layouts.workbook(layouts.aoc_rows()), "addon", "2026 Q3", 0, 4),
        (FIXED, layouts.aoc_flat(), "addon", "2026 Q3", 0, 4),
        (layouts.FEES_NAME, layouts.fees_text(), "fees", "2026 Q3", 0, 2),
        (layouts.FEES_OLD_NAME, layouts.fees_text(new=False), "fees", "2025 Q1", 0, 2),
        (
            "LONGULT.txt",
            "\r\n".join(layouts.LONG_ROWS).encode("latin-1"),
            "descriptors",
            None,
            1,
            2,
        ),
        ("MEDU.txt", b"11111 INVENTED MEDIUM\r\n", "descriptors", None, 2, 1),
        ("SHORTU.txt", b"11111 INVENTED SHORT\r\n", "descriptors", None, 3, 1),
    ],
)
def test_a_file_is_recognised(
    give: Import,
    store: Store,
    name: str,
    content: bytes,
    kind: str,
    quarter: str | None,
    part: int,
    rows: int,
) -> None:
    [file] = give(name, content)
    assert (file.kind, file.quarter, file.part, file.rows) == (kind, quarter, part, rows)
    assert name in file.name
    assert listing(store) == [file]


def test_the_text_is_read_when_a_zip_holds_the_workbook_too(give: Import) -> None:
    members = {
        "ccipra-v322r0-f1.xlsx": layouts.ptp_workbook(),
        "ccipra-v322r0-f1.TXT": layouts.ptp_text(),
    }
    [file] = give(layouts.PTP_ZIP, layouts.zipped(members))
    assert file.name == f"{layouts.PTP_ZIP}/ccipra-v322r0-f1.TXT"
    assert (file.version, file.setting) == ("v322r0", "practitioner")


def test_a_zip_of_the_whole_fee_schedule_gives_its_non_qpp_file(give: Import) -> None:
    members = {
        "PPRRVU2026_Jul_QPP.csv": layouts.fees_text(),
        "PPRRVU2026_Jul_nonQPP.csv": layouts.fees_text(),
        "PPRRVU2026_Jul_nonQPP.txt": b"HDR fixed width\r\n",
        "GPCI2026.csv": b"MAC,State\r\n01,AL\r\n",
    }
    [file] = give("rvu26c.zip", layouts.zipped(members))
    assert file.name == "rvu26c.zip/PPRRVU2026_Jul_nonQPP.csv"


def test_numbers_of_a_workbook_are_codes_and_dates(give: Import, store: Store) -> None:
    give("ccipra-v322r0-f1.xlsx", layouts.ptp_workbook())
    found = pair(store, "00100", "11111", ON)
    assert found is not None
    assert (found.effective, found.deleted) == (date(1996, 1, 1), None)


def test_units(give: Import, store: Store) -> None:
    give(layouts.MUE_NAME, layouts.mue_text())
    found = mue(store, "22222", ON)
    assert found is not None
    assert (found.value, found.indicator, found.rationale) == (12, "3", "Invented: data")
    assert (found.file, found.quarter, len(found.sha256)) == (layouts.MUE_NAME, "2026 Q3", 64)
    assert mue(store, "99999", ON) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (layouts.AOC_NAME, layouts.workbook(layouts.aoc_rows())),
        (FIXED, layouts.aoc_flat()),
    ],
)
def test_primaries_of_an_add_on_code(give: Import, store: Store, name: str, content: bytes) -> None:
    give(name, content)
    before, after = addon(store, "96000", date(2025, 12, 31)), addon(store, "96000", ON)
    assert before is not None
    assert after is not None
    assert before.primaries == ("11111", "2222T", "33333")
    assert after.primaries == ("11111",)
    contractor = addon(store, "97000", ON)
    assert contractor is not None
    assert (contractor.primaries, contractor.contractor_defined) == ((), True)
    assert contractor.edit_types == ("2",)
    assert addon(store, "11111", ON) is None


@pytest.mark.parametrize("new", [True, False])
def test_fee_rows(give: Import, store: Store, new: bool) -> None:
    give(layouts.FEES_NAME, layouts.fees_text(new=new))
    found = fee_row(store, "11111", "", ON)
    assert found is not None
    assert (found.status, found.work_rvu, found.nonfacility_pe_rvu) == ("A", 37.5, None)
    assert (found.facility_pe_rvu, found.malpractice_rvu) == (15.2, 6.0)
    assert (found.nonfacility_total, found.facility_total) == (58.7, 58.7)
    assert (found.global_days, found.multiple_procedure, found.bilateral) == ("090", "2", "0")
    assert (found.assistant, found.co_surgeon, found.team_surgeon) == ("2", "1", "0")
    assert fee_row(store, "22222", "", ON) is None
    assert fee_row(store, "22222", "26", ON) is not None


def test_descriptors_of_three_lengths(give: Import, store: Store) -> None:
    give("LONGULT.txt", b'Notice of its owner\r\n\r\n11111\tInvented long "wording"\r\n')
    give("MEDU.txt", b"11111 INVENTED MEDIUM\r\n")
    give("SHORTU.txt", b"11111 INVENTED SHORT\r\n")
    texts = [descriptor(store, "11111", length) for length in ("long", "medium", "short")]
    assert [found.text if found else None for found in texts] == [
        'Invented long "wording"',
        "INVENTED MEDIUM",
        "INVENTED SHORT",
    ]
    assert descriptor(store, "22222", "long") is None


def test_the_newest_descriptor_file_speaks(give: Import, store: Store) -> None:
    give("MEDU.txt", b"11111 OLD WORDING\r\n")
    give("MEDU.txt", b"11111 NEW WORDING\r\n")
    found = descriptor(store, "11111", "medium")
    assert found is not None
    assert found.text == "NEW WORDING"


def test_progress_is_told_the_rows(store: Store, tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    path = layouts.put(tmp_path, layouts.PTP_NAME, layouts.ptp_text())
    import_files(store, [path], progress=lambda name, rows: told.append((name, rows)))
    assert told == [(layouts.PTP_NAME, 7)]


def test_a_small_import_is_fast(give: Import) -> None:
    rows = [
        (f"{first:05d}", f"{second:05d}", "", "20200101", "*", "1", "Invented")
        for first in range(100, 120)
        for second in range(1000)
    ]
    start = time.perf_counter()
    [file] = give(layouts.PTP_NAME, layouts.ptp_text(rows))
    assert file.rows == 20_000
    assert time.perf_counter() - start < 5
