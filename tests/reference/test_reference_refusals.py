"""Files that are not what they should be: one sentence each, and the store as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import reference_layouts as layouts
from reference_layouts import Import

from debulk.errors import ReferenceFileError
from debulk.reference import Store, import_files, listing, table

PTP = layouts.ptp_text()
FEES = layouts.fees_text()
MUE = layouts.mue_text()


def changed(column: int, cell: str) -> bytes:
    """A PTP part with one cell of its third row changed."""
    rows = [list(row) for row in layouts.PTP_ROWS]
    rows[2][column] = cell
    return layouts.ptp_text(rows)


def with_fee(column: int, cell: str) -> bytes:
    """A PPRRVU table with one cell of its first row changed."""
    rows = [list(row) for row in layouts.FEES_ROWS]
    rows[0][column] = cell
    return layouts.fees_text(rows)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        # another layout
        ("notes.txt", b"An operative note\r\nof two lines\r\n", "none of the files"),
        ("picture.pdf", b"%PDF", "not a .txt, .csv, .xlsx or .zip"),
        ("all.zip", layouts.zipped({"readme.txt": b"words"}), "none of the files"),
        ("all.zip", layouts.zipped({}), "none of the files"),
        (layouts.PTP_NAME, b"code,code,date\r\n1,2,3\r\n", "no row that begins with a code"),
        (layouts.FEES_NAME, FEES.replace(b"GLOB", b"OTHER"), "no column GLOB DAYS"),
        (layouts.PTP_NAME, changed(5, "2"), "'2' is not a modifier indicator"),
        (layouts.PTP_NAME, changed(1, "1234"), "'1234' is not a procedure code"),
        (layouts.PTP_NAME, changed(3, "20241301"), "'20241301' is not a date"),
        (layouts.PTP_NAME, changed(3, ""), "a date (YYYYMMDD) is missing"),
        (layouts.MUE_NAME, MUE.replace(b",12,", b",many,"), "'many' is not a whole number"),
        (layouts.MUE_NAME, MUE.replace(b"3 Date", b"7 Date"), "adjudication indicator"),
        (layouts.AOC_NAME, layouts.workbook(layouts.aoc_rows([(4, 96000, 0, 1, 0, 0, 0, 0)])), "4"),
        # the name does not say
        ("ccipra-f1.txt", PTP, "does not tell the quarter"),
        ("v322r0-f1.txt", PTP, "does not tell whether it is for practitioners"),
        ("MUE.csv", MUE, "does not tell the quarter"),
        # another setting
        ("ccioph-v322r0-f1.txt", PTP, "not for practitioners under Medicare (ccioph)"),
        ("MCR_MUE_OutpatientHospitalServices_Eff_07-01-2026.csv", MUE, "outpatient"),
        ("MUE_07-01-2026.csv", layouts.mue_text(setting="Outpatient Hospital"), "outpatient"),
        ("medicaid-practitioner-ccipra-v322r0-f1.txt", PTP, "(medicaid)"),
        # cut off
        (layouts.PTP_NAME, PTP[:-40], "last line"),
        (layouts.PTP_NAME, PTP[:-4], "last line"),
        (layouts.PTP_NAME, PTP[:-30], "last line"),
        (layouts.MUE_NAME, MUE[:-75], "last line"),
        (layouts.MUE_NAME, layouts.mue_text([*layouts.MUE_ROWS, layouts.MUE_ROWS[0]])[:-5], "last"),
        (layouts.FEES_NAME, FEES[:-30], "last line"),
        (layouts.PTP_NAME, b"", "no row that begins with a code"),
        (layouts.PTP_NAME, layouts.ptp_text([]), "no row that begins with a code"),
        ("LONGULT.txt", b"11111\tWording\r\n2222", "last line"),
        (layouts.PTP_ZIP, layouts.zipped({layouts.PTP_NAME: PTP})[:-30], "damaged"),
        ("ccipra-v322r0-f1.xlsx", layouts.ptp_workbook()[:-30], "damaged"),
        ("ccipra-v322r0-f1.xlsx", b"words", "damaged"),
        # formulas
        (layouts.PTP_NAME, changed(0, "=cmd|' /C calc'!A0"), "begins with '='"),
        (layouts.PTP_NAME, changed(3, "+20240101"), "begins with '+'"),
        (layouts.PTP_NAME, changed(4, "@SUM(A1)"), "begins with '@'"),
        (layouts.MUE_NAME, MUE.replace(b",12,", b",-12,"), "begins with '-'"),
        (layouts.FEES_NAME, with_fee(5, "=1+1"), "begins with '='"),
        (layouts.FEES_NAME, with_fee(14, "@090"), "begins with '@'"),
        (
            layouts.PTP_NAME,
            layouts.ptp_text([("=1", "11111", "", "20240101", "*", "0", "x"), *layouts.PTP_ROWS]),
            "begins with '='",
        ),
        (layouts.MUE_NAME, layouts.mue_text([("@A1", 1, 2, "x"), *layouts.MUE_ROWS]), "'@'"),
        (
            "ccipra-v322r0-f1.xlsx",
            layouts.workbook(
                [("Column 1", "Column 2"), ("11111", "=A1", "", 20240101, "*", 0, "")]
            ),
            "begins with '='",
        ),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(
    give: Import, store: Store, name: str, content: bytes, says: str
) -> None:
    with pytest.raises(ReferenceFileError) as caught:
        give(name, content)
    message = str(caught.value)
    assert says in message
    assert message.endswith(".")
    assert "\n" not in message
    assert len(message) < 250
    assert listing(store) == []


def test_a_long_cell_is_not_quoted_whole(give: Import) -> None:
    with pytest.raises(ReferenceFileError) as caught:
        give(layouts.PTP_NAME, changed(1, "Jane Doe, born 1950, of this long address"))
    assert "address" not in str(caught.value)


def test_the_place_is_named(give: Import) -> None:
    with pytest.raises(ReferenceFileError, match=r"row 16: '2' is not"):
        give(layouts.PTP_NAME, changed(5, "2"))
    assert PTP.split(b"\r\n")[15].startswith(b"11111\t33333")


def test_a_member_altered_within_its_zip_is_refused(give: Import) -> None:
    rows = [(f"{n:05d}", "11111", "", "20240101", "*", "0", f"{n * 7919}") for n in range(9000)]
    content = bytearray(layouts.zipped({layouts.PTP_NAME: layouts.ptp_text(rows)}))
    content[len(content) // 2] ^= 0xFF
    with pytest.raises(ReferenceFileError, match="damaged"):
        give(layouts.PTP_ZIP, bytes(content))


def test_a_locked_zip_is_refused(give: Import) -> None:
    content = layouts.zipped({layouts.PTP_NAME: PTP})
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = content.index(mark) + place
        content = content[:start] + b"\x01\x00" + content[start + 2 :]
    with pytest.raises(ReferenceFileError, match="locked with a password"):
        give(layouts.PTP_ZIP, content)


@pytest.mark.parametrize("name", [layouts.PTP_ZIP, "ccipra-v322r0-f1.xlsx"])
def test_a_zip_bomb_is_not_unpacked(
    give: Import, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(table, "MOST_UNPACKED", 1 << 20)
    content = layouts.zipped({"xl/bomb.txt": b"0" * (1 << 21)})
    assert len(content) < 10_000
    with pytest.raises(ReferenceFileError, match="unpacks to more than 1 MB"):
        give(name, content)


def test_a_workbook_bomb_inside_a_zip_is_not_unpacked(
    give: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(table, "MOST_UNPACKED", 1 << 20)
    bomb = layouts.zipped({"xl/worksheets/sheet1.xml": b"0" * (1 << 21)})
    with pytest.raises(ReferenceFileError, match="unpacks to more than 1 MB"):
        give(layouts.PTP_ZIP, layouts.zipped({"ccipra-v322r0-f1.xlsx": bomb}))


def test_a_zip_that_lies_about_its_size_is_refused(give: Import) -> None:
    content = layouts.zipped({layouts.PTP_NAME: layouts.ptp_text(layouts.PTP_ROWS * 50)})
    start = content.index(b"PK\x01\x02") + 24
    with pytest.raises(ReferenceFileError, match="damaged"):
        give(layouts.PTP_ZIP, content[:start] + (400).to_bytes(4, "little") + content[start + 4 :])


def test_the_same_file_again_is_refused(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, PTP)
    with pytest.raises(ReferenceFileError, match=r"already imported, as ccipra-v322r0-f1\.TXT"):
        give(layouts.PTP_ZIP, layouts.zipped({layouts.PTP_NAME: PTP}))
    assert len(listing(store)) == 1


def test_the_same_part_of_the_same_quarter_is_refused(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, PTP)
    with pytest.raises(ReferenceFileError, match="NCCI PTP part 1 of 2026 Q3 is already imported"):
        give("ccipra-v322r1-f1.xlsx", layouts.ptp_workbook())
    assert len(listing(store)) == 1


def test_the_same_file_twice_in_one_call_is_refused(store: Store, tmp_path: Path) -> None:
    path = layouts.put(tmp_path, layouts.PTP_NAME, PTP)
    with pytest.raises(ReferenceFileError, match="already imported"):
        import_files(store, [path, path])
    assert listing(store) == []


def test_a_file_that_is_not_there(store: Store, tmp_path: Path) -> None:
    with pytest.raises(ReferenceFileError, match=r"ccipra\.txt is not a file"):
        import_files(store, [tmp_path / "ccipra.txt"])


def test_a_whole_text_without_a_last_line_end_is_no_fault(give: Import) -> None:
    [file] = give(layouts.PTP_NAME, PTP.rstrip())
    assert file.rows == len(layouts.PTP_ROWS)
