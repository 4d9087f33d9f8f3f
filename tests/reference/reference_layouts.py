"""Write invented rows in the layouts of the CMS and AMA files; no row is copied from one."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import openpyxl

from debulk.reference import ImportedFile

Row = Sequence[object]
Import = Callable[[str, bytes], list[ImportedFile]]

PTP_NAME = "ccipra-v322r0-f1.TXT"
PTP_ZIP = "medicare-ncci-2026q3-practitioner-ptp-edits-ccipra-v322r0-f1.zip"
MUE_NAME = "MCR_MUE_PractitionerServices_Eff_07-01-2026.csv"
AOC_NAME = "AOC_V2026Q3-MCR.xlsx"
FEES_NAME = "PPRRVU2026_Jul_nonQPP.csv"
FEES_OLD_NAME = "PPRRVU25_JAN.csv"

PTP_PREAMBLE = (
    "Wording and codes \xa9 of their owners\r\n\r\n\r\n"
    '"Column\r\n1"\t"Column\r\n2"\t"*=in existence\r\nprior to 1996"\t"Effective\r\nDate"\t'
    '"Deletion\r\nDate\r\n*=no data"\t"Modifier\r\n0=not allowed\r\n1=allowed\r\n'
    '9=not applicable"\tPTP Edit Rationale\r\n'
)
PTP_ROWS: tuple[Row, ...] = (
    ("00100", "11111", "*", "19960101", "*", "0", "Invented reason A"),
    ("11111", "2222T", "", "20250101", "*", "1", "Invented reason B"),
    # The same pair twice: deleted, and live again.
    ("11111", "33333", "", "20100101", "20191231", "0", "Invented reason A"),
    ("11111", "33333", "", "20230401", "*", "1", "Invented reason B"),
    # Withdrawn as if it had never been.
    ("11111", "44444", "", "20240101", "20240101", "9", "Invented reason C"),
    ("11111", "55555", "", "20150101", "20241231", "0", "Invented reason A"),
    ("A1234", "11111", "", "20260701", "20260930", "0", "Invented reason B"),
)

MUE_ROWS: tuple[Row, ...] = (
    ("0001U", "1", "2 Date of Service Edit: Policy", "Invented: anatomy"),
    ("11111", "1", "2 Date of Service Edit: Policy", "Invented: anatomy"),
    ("22222", "12", "3 Date of Service Edit: Clinical", "Invented: data"),
)

AOC_HEADER = (
    "AOC_Edit_Type",
    "Add-On_Code",
    "AOC_DelDT",
    "Primary_Code",
    "Primary_Code_DelDT",
    "AOC_Edit_EffDT",
    "AOC_Edit_DelDT",
    "Special_Instruction_Notes",
)
AOC_ROWS: tuple[Row, ...] = (
    (1, 96000, None, 11111, None, 2024001, None, None),
    (1, 96000, None, "2222T", None, 2024001, 2025365, None),
    (1, 96000, None, 33333, 2026181, 2024001, None, None),
    (2, 97000, None, "CCCCC", None, 2013091, None, "Contractor Defined"),
)

FEES_HEADERS = (
    ",,{year} Invented Relative Value File,,,,,,,,,,,,,,,,,,,,,{more}",
    ",,Wording of its owner,,,,,,,,,,,,,,,,,,,,,{more}",
    ",,,,NOT USED,,,,,,,,,,,,,,,,,,,{more}",
    ",,,STATUS,MEDICARE,WORK,NON-FAC,NA,FACILITY,NA,MP,NON-FACILITY,FACILITY,PCTC,GLOB,PRE,INTRA,"
    "POST,MULT,BILAT,ASST,CO-,TEAM,{more1}",
    "HCPCS,MOD,DESCRIPTION,CODE,PAYMENT,RVU,PE RVU,INDICATOR,PE RVU,INDICATOR,RVU,TOTAL,TOTAL,IND,"
    "DAYS,OP,OP,OP,PROC,SURG,SURG,SURG,SURG,{more2}",
)
FEES_ROWS: tuple[Row, ...] = tuple(
    line.split("|")
    for line in (
        "11111||Invented, with a comma|A||37.5|NA|NA|15.20||6.00|58.70|58.7|0|090|0.08|0.77|0.15"
        "|2|0|2|1|0",
        "22222|26|Invented|D||1.00|0.5||0.5||.05|1.55|1.55|1|XXX|0.00|0.00|0.00|0|9|9|9|9",
    )
)

LONG_ROWS = ("11111\tInvented long wording, with \x93quotes\x94", "0001U\tAnother invented wording")


def ptp_text(rows: Iterable[Row] = PTP_ROWS, preamble: str = PTP_PREAMBLE) -> bytes:
    """A PTP part as tab-separated text."""
    lines = ("\t".join(map(str, row)) + "\r\n" for row in rows)
    return (preamble + "".join(lines)).encode("latin-1")


def mue_text(rows: Iterable[Row] = MUE_ROWS, setting: str = "Practitioner") -> bytes:
    """An MUE table as CSV, its header wrapped."""
    return csv_text(
        [
            ("Wording and codes of their owners\nin two lines", "", "", ""),
            (
                "HCPCS/\nCPT Code",
                f"{setting} Services\nMUE Values",
                "MUE Adjudication Indicator",
                "MUE Rationale",
            ),
            *rows,
        ]
    )


def aoc_flat(rows: Iterable[Row] = AOC_ROWS) -> bytes:
    """An add-on table as the flat file: cells side by side."""
    widths = (1, 5, 7, 5, 7, 7, 7, 58)
    return "".join(
        "".join(
            ("" if cell is None else str(cell)).ljust(width)
            for cell, width in zip(row, widths, strict=True)
        )
        + "\r\n"
        for row in rows
    ).encode("latin-1")


def aoc_rows(rows: Iterable[Row] = AOC_ROWS) -> list[Row]:
    """An add-on table with its notice and header."""
    return [("Wording of its owner",), AOC_HEADER, *rows]


def fees_text(rows: Iterable[Row] = FEES_ROWS, *, new: bool = True) -> bytes:
    """A PPRRVU table, its column names over two lines; the new layout has one column more."""
    more = ("PRIC,ENDO,CONV", "IND,BASE,FACTOR") if new else ("ENDO,CONV", "BASE,FACTOR")
    header = "\r\n".join(
        line.format(year=2026, more=more[0].count(",") * ",", more1=more[0], more2=more[1])
        for line in FEES_HEADERS
    )
    filler = ("0", "", "33.4") if new else ("", "33.4")
    return (header + "\r\n").encode() + csv_text([*row, *filler] for row in rows)


def csv_text(rows: Iterable[Row]) -> bytes:
    """Rows as CSV with CRLF."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode("latin-1")


def workbook(rows: Iterable[Row]) -> bytes:
    """Rows as an .xlsx."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def ptp_workbook(rows: Iterable[Row] = PTP_ROWS) -> bytes:
    """A PTP part as a workbook that holds digits as numbers."""
    numbers = [[int(str(cell)) if str(cell).isdecimal() else cell for cell in row] for row in rows]
    header = ("Column 1", "Column 2", "*=in existence\nprior to 1996", "Effective\nDate")
    return workbook([["Wording of its owner"], [], header, *numbers])


def zipped(members: dict[str, bytes]) -> bytes:
    """Files as a ZIP."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def put(folder: Path, name: str, content: bytes) -> Path:
    """A file in the folder."""
    path = folder / name
    path.write_bytes(content)
    return path
