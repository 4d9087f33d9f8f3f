"""Rows of notes: .jsonl, .csv, .parquet."""

from __future__ import annotations

import csv
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from debulk.archive.readers import read
from debulk.archive.record import BINARY, Record, from_row
from debulk.errors import InputError, UsageError

DAY = date(2025, 3, 14)
NO_DAY = "The column 'date_of_service' is not a date: write it as YYYY-MM-DD."
NO_TEXT = "The row has no note in its column 'text'."
NO_CODES = "The column 'codes' is not a list of codes: write them as 58958,49255-59."


@pytest.mark.parametrize(
    ("row", "record"),
    [
        ({"id": "a", "text": "t"}, Record("a", "t")),
        ({"id": 7, "text": "t"}, Record("7", "t")),
        ({"id": 7.0, "text": "t"}, Record("7", "t")),
        ({"id": None, "text": "t"}, Record("row-1", "t")),
        ({"id": [1], "text": "t"}, Record("row-1", "t")),
        ({"text": ""}, Record("row-1", "")),
        ({"text": None}, Record("row-1", "", error=NO_TEXT)),
        ({"text": 5}, Record("row-1", "", error=NO_TEXT)),
        ({"text": "a\0b"}, Record("row-1", "", error=BINARY)),
        ({"text": "t", "date_of_service": "2025-03-14"}, Record("row-1", "t", DAY)),
        ({"text": "t", "date_of_service": "2025-03-14T08:30:00Z"}, Record("row-1", "t", DAY)),
        ({"text": "t", "date_of_service": 20250314}, Record("row-1", "t", DAY)),
        ({"text": "t", "date_of_service": datetime(2025, 3, 14, 9)}, Record("row-1", "t", DAY)),
        ({"text": "t", "date_of_service": ""}, Record("row-1", "t")),
        ({"text": "t", "date_of_service": "3/14/2025"}, Record("row-1", "", error=NO_DAY)),
        ({"text": "t", "date_of_service": "2025-02-30"}, Record("row-1", "", error=NO_DAY)),
        ({"text": "t", "codes": ["58958", 49255]}, Record("row-1", "t", codes=("58958", "49255"))),
        (
            {"text": "t", "codes": "58958, 49255-59x2"},
            Record("row-1", "t", codes=("58958", "49255-59x2")),
        ),
        ({"text": "t", "codes": '["58958"]'}, Record("row-1", "t", codes=("58958",))),
        ({"text": "t", "codes": 58958}, Record("row-1", "t", codes=("58958",))),
        ({"text": "t", "codes": {"58958": 1}}, Record("row-1", "", error=NO_CODES)),
        ({"text": "t", "codes": "[58958"}, Record("row-1", "", error=NO_CODES)),
        ({"text": "t", "mrn": [1], "age": 61}, Record("row-1", "t", extra={"mrn": [1], "age": 61})),
    ],
)
def test_row(row: dict[str, object], record: Record) -> None:
    assert from_row(row, "row-1") == record


def test_jsonl_reads_on_after_bad_lines(tmp_path: Path) -> None:
    source = tmp_path / "notes.jsonl"
    lines = [
        b'{"id": "a", "text": "one"}',
        b"{broken",
        b"",
        b'["no object"]',
        b'{"text": "\\ud800x"}',
    ]
    lines += [
        b'{"text": "caf\xe9"}',
        '{"text": "caf\u00e9"}'.encode(),
        b"[" * 100_000,
        b'{"text": "last"}',
    ]
    source.write_bytes(b"\xef\xbb\xbf" + b"\r\n".join(lines))
    records = list(read(source))
    assert [record.text for record in records] == [
        "one", "", "", "\ud800x", "caf\u00e9", "caf\u00e9", "", "last",
    ]  # fmt: skip
    assert [record.id for record in records if record.error] == ["notes-2", "notes-4", "notes-8"]
    assert records[1].error == "Line 2 is not a JSON object: write one object to a line."


def test_jsonl_in_utf16(tmp_path: Path) -> None:
    source = tmp_path / "notes.jsonl"
    source.write_bytes('{"text": "r\u00e9section"}\n{"text": "two"}\n'.encode("utf-16"))
    assert [record.text for record in read(source)] == ["r\u00e9section", "two"]


def test_a_line_without_end_does_not_fill_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("debulk.archive.decoding.MAX_LINE_BYTES", 100)
    source = tmp_path / "notes.jsonl"
    source.write_text(json.dumps({"text": "x" * 500}) + "\n" + json.dumps({"text": "fits"}))
    records = list(read(source))
    assert [(record.text, record.error) for record in records] == [
        ("", "Line 1 is too long: one note to a line."),
        ("fits", ""),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(tmp_path: Path, encoding: str, delimiter: str) -> None:
    source = tmp_path / "notes.csv"
    note = 'Debulking; 5,5 cm\n"r\u00e9section"\ttotal ' + "x" * 200_000
    with source.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file, delimiter=delimiter)
        table.writerow(["ID", "Text", "date_of_service", "codes", "ward"])
        table.writerow(["a", note, "2025-03-14", "58958 49255-59", "W 3"])
        table.writerow(["b", "short"])
        table.writerow(["c", "note", "", "", "", "one too many"])
        table.writerow(["d", "last", "", "", ""])
    first, second, third, last = read(source)
    assert first == Record("a", note, DAY, ("58958", "49255-59"), {"ward": "W 3"})
    assert second == Record("b", "short", extra={"ward": None})
    assert third.error == "The row has more cells than the header: quote its note."
    assert last.text == "last"


def test_csv_row_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("debulk.archive.readers.csv.MAX_NOTE_BYTES", 100)
    source = tmp_path / "notes.csv"
    source.write_text(f"id,text\na,{'x' * 500}\nb,fits\n")
    first, second = read(source)
    assert first.error == "Row 1 is not CSV: quote its note and double the quotes in it."
    assert second == Record("b", "fits")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "has no header: name the columns in line 1."),
        ("id,note\na,b\n", "has no column 'text': name the column of the notes 'text'."),
        ("text,mrn,mrn\na,b,c\n", "has the column 'mrn' twice: rename one of the two."),
    ],
)
def test_csv_that_is_no_table_of_notes(tmp_path: Path, content: str, message: str) -> None:
    source = tmp_path / "notes.csv"
    source.write_text(content)
    with pytest.raises(InputError) as raised:
        list(read(source))
    assert str(raised.value) == f"{source} {message}"


def test_parquet(tmp_path: Path) -> None:
    source = tmp_path / "notes.parquet"
    table = pa.table(
        {
            "id": [1, 2, 3],
            "text": ["one", None, "three"],
            "date_of_service": pa.array([DAY, DAY, None], pa.date32()),
            "codes": [["58958"], [], None],
            "seen": pa.array([1, 2, 3], pa.timestamp("ns")),
            "cost": [Decimal("1.20"), None, Decimal("3.00")],
        }
    )
    pq.write_table(table, source, row_group_size=2)
    first, second, third = read(source)
    seen = datetime(1970, 1, 1)
    extra = {"seen": seen, "cost": Decimal("1.20")}
    assert first == Record("1", "one", DAY, ("58958",), extra)
    assert (second.id, second.error) == ("2", NO_TEXT)
    assert third.date_of_service is None


def test_parquet_that_is_none_or_has_no_notes(tmp_path: Path) -> None:
    source = tmp_path / "notes.parquet"
    source.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(InputError, match="is not Parquet or is cut short: copy it again"):
        list(read(source))
    pq.write_table(pa.table({"id": ["a"]}), source)
    with pytest.raises(InputError, match="has no column 'text'"):
        list(read(source))


def test_parquet_damaged_in_the_middle(tmp_path: Path) -> None:
    source = tmp_path / "notes.parquet"
    rows = [f"note {number} " + "x" * 50 for number in range(400)]
    pq.write_table(
        pa.table({"text": rows}),
        source,
        row_group_size=100,
        compression="none",
        use_dictionary=False,
    )
    start = pq.ParquetFile(source).metadata.row_group(2).column(0).data_page_offset
    data = bytearray(source.read_bytes())
    data[start : start + 40] = b"\xff" * 40
    source.write_bytes(data)
    *good, last = read(source)
    assert [record.text for record in good] == rows[: len(good)]
    assert len(good) >= 192
    assert last.error.startswith("notes.parquet is damaged: copy it again; the ")


@pytest.mark.parametrize(
    ("name", "error", "message"),
    [
        ("missing.jsonl", InputError, "does not exist: check the path."),
        (
            "notes.docx",
            UsageError,
            "is no known archive: give a folder of .txt or one of .txt, .zip",
        ),
    ],
)
def test_source_without_reader(
    tmp_path: Path, name: str, error: type[Exception], message: str
) -> None:
    (tmp_path / "notes.docx").touch()
    with pytest.raises(error) as raised:
        read(tmp_path / name)
    assert message in str(raised.value)
