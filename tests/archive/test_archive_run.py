"""A run: order, errors, output formats, refusals, memory."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import time
import tracemalloc
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from archive_coder import FakeCoder

from debulk.archive import fingerprint
from debulk.archive.journal import Journal
from debulk.archive.run import Outcome, run
from debulk.errors import DebulkError, InputError, ModelError, UsageError

INTERNAL = "internal error: KeyError"
REFUSED = "This is no operative note: give the note of the operation."


def jsonl(path: Path, rows: list[dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines()]


def notes(path: Path, count: int) -> Path:
    return jsonl(path, [{"id": f"n{n}", "text": f"debulking {n}", "mrn": n} for n in range(count)])


MIXED = [
    {"id": "a", "text": "debulking", "date_of_service": "2025-03-14", "ward": "W\u00e4"},
    {"id": "b", "text": "BREAK secret", "ward": None, "list": [1, {"k": 2}]},
    {"id": "c", "text": "REFUSE", "decision": "theirs", "error": "their own"},
    {"id": "d"},
    {"id": "\ud800", "text": "\udfff", "codes": ["49255-59", "58958"], "odd": "\ud800"},
]


@pytest.mark.parametrize("jobs", [1, 2])
def test_jsonl(tmp_path: Path, jobs: int) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", MIXED), tmp_path / "out.jsonl"
    told: list[int] = []
    outcome = run(source, out, make_coder=FakeCoder, jobs=jobs, progress=told.append)
    assert outcome == Outcome(done=2, failed=3, skipped=0)
    assert told == [1, 2, 3, 4, 5]
    a, b, c, d, e = lines(out)
    assert (a["id"], a["decision"], a["ward"]) == ("a", "suggest", "W\u00e4")
    assert (a["date_of_service"], a["primary"]["code"]) == ("2025-03-14", "58958")
    assert b == {"id": "b", "error": INTERNAL, "ward": None, "list": [1, {"k": 2}]}
    assert c == {
        "id": "c",
        "error": REFUSED,
        "input_decision": "theirs",
        "input_error": "their own",
    }
    assert d == {"id": "d", "error": "The row has no note in its column 'text'."}
    assert (e["id"], e["mentions"][0]["odd"], e["odd"]) == ("\ud800", "\udfff", "\ud800")
    assert "secret" not in out.read_text()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_csv(tmp_path: Path) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", MIXED), tmp_path / "out.csv"
    run(source, out, make_coder=FakeCoder)
    with out.open(encoding="utf-8", newline="") as file:
        a, b, c, _, e = csv.DictReader(file)
    assert list(a)[-6:] == ["ward", "list", "input_decision", "input_error", "odd", "report"]
    flat = ["primary_code", "probability", "alternatives", "separate", "gaps", "conflicts"]
    assert [a[name] for name in flat] == [
        "58958", "0.009", "58954", "38100;38101", "tumor_length_sum_cm", "",
    ]  # fmt: skip
    assert (a["ward"], a["error"], json.loads(a["report"])["id"]) == ("W\u00e4", "", "a")
    assert (b["error"], b["report"], b["list"]) == (INTERNAL, "", '[1, {"k": 2}]')
    assert (c["decision"], c["input_decision"]) == ("", "theirs")
    assert (e["id"], e["warnings"], e["decision"]) == ("\\ud800", "49255-59;58958", "review")


def test_parquet(tmp_path: Path) -> None:
    source, out = jsonl(tmp_path / "in.jsonl", MIXED), tmp_path / "out.parquet"
    run(source, out, make_coder=FakeCoder)
    a, b, c, _, e = pq.read_table(out).to_pylist()
    assert (a["probability"], a["ward"], a["error"], a["list"]) == (0.009, "W\u00e4", None, None)
    assert json.loads(a["report"])["primary"] == {"code": "58958", "probability": 0.009}
    assert (b["error"], b["report"], b["list"]) == (INTERNAL, None, '[1, {"k": 2}]')
    assert (c["decision"], c["input_error"]) == (None, "their own")
    assert (e["id"], e["odd"]) == ("\\ud800", "\\ud800")


def test_parquet_keeps_the_types_of_other_columns(tmp_path: Path) -> None:
    source, out = tmp_path / "in.parquet", tmp_path / "out.parquet"
    columns = {
        "text": ["debulking"] * 600,
        "day": [date(2025, 3, 14)] * 600,
        "seen": pa.array([datetime(2025, 3, 14, 8)] * 600, pa.timestamp("us", "UTC")),
        "late": [None] * 300 + [1.5] * 300,
        "mixed": [{"a": [1]}] * 600,
        "blob": [b"\0\xff"] * 600,
        "flag": [True, None] * 300,
    }
    table = pa.table(columns | {"id": [str(number) for number in range(600)]})
    pq.write_table(table, source)
    run(source, out, make_coder=FakeCoder)
    names = ["id", "day", "seen", "late", "mixed", "blob", "flag"]
    assert pq.read_table(out, columns=names).equals(table.select(names))


def test_columns_whose_types_differ_from_row_to_row_become_text(tmp_path: Path) -> None:
    rows = [{"text": "t", "x": value, "y": {}} for value in [*[1] * 300, *["two"] * 300]]
    out = tmp_path / "out.parquet"
    run(jsonl(tmp_path / "in.jsonl", rows), out, make_coder=FakeCoder)
    written = pq.read_table(out)
    assert written["x"].to_pylist() == ["1"] * 300 + ["two"] * 300
    assert written["y"].to_pylist() == ["{}"] * 600


def test_no_number_is_null_in_jsonl(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text('{"text": "t", "x": [NaN, -Infinity, 1.5]}\n')
    run(source, out, make_coder=FakeCoder)
    assert lines(out)[0]["x"] == [None, None, 1.5]


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_two_workers_write_the_bytes_of_one(tmp_path: Path, suffix: str) -> None:
    source = notes(tmp_path / "in.jsonl", 1100)
    for jobs in (1, 2):
        run(source, tmp_path / f"{jobs}.{suffix}", make_coder=FakeCoder, jobs=jobs)
    one, two = ((tmp_path / f"{jobs}.{suffix}").read_bytes() for jobs in (1, 2))
    assert one == two


def test_order_is_kept_when_notes_take_their_time(tmp_path: Path) -> None:
    source, out = notes(tmp_path / "in.jsonl", 60), tmp_path / "out.jsonl"
    slow = partial(_Uneven)
    run(source, out, make_coder=slow, jobs=2)
    assert [row["id"] for row in lines(out)] == [f"n{number}" for number in range(60)]


class _Uneven(FakeCoder):
    def suggest(self, text: str, **known: Any) -> Any:
        time.sleep(0.1 if text.endswith("0") else 0)
        return super().suggest(text, **known)


@pytest.mark.parametrize("jobs", [1, 2])
def test_each_process_builds_its_coder_once(tmp_path: Path, jobs: int) -> None:
    source, built = notes(tmp_path / "in.jsonl", 200), tmp_path / "built"
    run(source, tmp_path / "out.jsonl", make_coder=lambda: FakeCoder(0.002, built=built), jobs=jobs)
    processes = built.read_text().split()
    assert len(processes) == len(set(processes)) == jobs
    assert (str(os.getpid()) in processes) == (jobs == 1)


def test_a_coder_that_cannot_be_built_leaves_nothing(tmp_path: Path) -> None:
    def broken() -> FakeCoder:
        raise ModelError("The model folder is empty: run debulk train.")

    source = notes(tmp_path / "in.jsonl", 3)
    for jobs in (1, 2):
        with pytest.raises(ModelError, match="run debulk train"):
            run(source, tmp_path / "out.jsonl", make_coder=broken, jobs=jobs)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_worker_that_dies_leaves_a_run_to_resume(tmp_path: Path) -> None:
    rows = [{"id": f"n{n}", "text": "debulking"} for n in range(99)] + [{"id": "x", "text": "DIE"}]
    source, out = jsonl(tmp_path / "in.jsonl", rows), tmp_path / "out.jsonl"
    with pytest.raises(DebulkError, match="go on with --resume and fewer --jobs"):
        run(source, out, make_coder=partial(FakeCoder, 0.005), jobs=2)
    assert not out.exists()
    assert (tmp_path / "out.jsonl.partial").exists()


def test_a_source_that_cannot_be_read_leaves_nothing(tmp_path: Path) -> None:
    source = tmp_path / "in.zip"
    source.write_bytes(b"no zip")
    with pytest.raises(InputError, match="copy it again"):
        run(source, tmp_path / "out.jsonl", make_coder=FakeCoder)
    assert [path.name for path in tmp_path.iterdir()] == ["in.zip"]


def test_an_archive_without_rows_gives_a_file_without_rows(tmp_path: Path) -> None:
    source = jsonl(tmp_path / "in.jsonl", [])
    for suffix in ("jsonl", "csv", "parquet"):
        out = tmp_path / f"out.{suffix}"
        assert run(source, out, make_coder=FakeCoder) == Outcome(0, 0, 0)
        assert out.exists()
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize(
    ("out", "jobs", "message"),
    [
        ("out.xml", 1, "has no suffix debulk writes: end it in .jsonl, .csv, .parquet."),
        ("there.jsonl", 1, "exists already: delete it or choose another --out."),
        ("in.jsonl", 1, "is the source itself: choose another --out."),
        ("no/such/out.jsonl", 1, "cannot be written (No such file or directory)"),
        ("out.jsonl", 0, "--jobs must be 1 or more."),
    ],
)
def test_refusals(tmp_path: Path, out: str, jobs: int, message: str) -> None:
    source = notes(tmp_path / "in.jsonl", 1)
    (tmp_path / "there.jsonl").write_text("kept")
    with pytest.raises(UsageError) as raised:
        run(source, tmp_path / out, make_coder=FakeCoder, jobs=jobs)
    assert message in str(raised.value)
    assert (tmp_path / "there.jsonl").read_text() == "kept"


def test_a_second_run_on_the_same_out_is_refused(tmp_path: Path) -> None:
    source, out = notes(tmp_path / "in.jsonl", 5), tmp_path / "out.jsonl"
    head = {
        "source": fingerprint.of_source(source),
        "coder": fingerprint.of_coder({"model": "fake"}),
    }
    first = Journal(out)
    first.open(head, resume=False)
    with pytest.raises(UsageError, match="is in use by another run: wait for it"):
        run(source, out, make_coder=FakeCoder, resume=True)
    assert first.path.exists()
    first.close()


def test_memory_stays_flat(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        source = tmp_path / f"{count}.jsonl"
        jsonl(source, [{"id": f"n{n}", "text": "debulking " * 100} for n in range(count)])
        tracemalloc.start()
        run(source, tmp_path / f"{count}.out.jsonl", make_coder=FakeCoder)
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return highest

    peak(10)  # what is imported on the way
    assert peak(20_000) < peak(2_000) + 2**20  # the notes alone hold 20 MiB


def test_memory_stays_flat_with_workers_and_parquet(tmp_path: Path) -> None:
    def peak(count: int) -> int:
        source = tmp_path / f"{count}.jsonl"
        jsonl(source, [{"id": f"n{n}", "text": "debulking " * 100} for n in range(count)])
        script = (
            "import resource, sys; from pathlib import Path; from archive_coder import FakeCoder;"
            "from debulk.archive.run import run; source, out = map(Path, sys.argv[1:]);"
            "run(source, out, make_coder=FakeCoder, jobs=2);"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        command = [sys.executable, "-c", script, str(source), str(source.with_suffix(".parquet"))]
        paths = os.pathsep.join([str(Path(__file__).parent), *sys.path])
        done = subprocess.run(
            command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, check=True
        )
        return int(done.stdout)

    assert peak(20_000) < peak(2_000) + 40_000  # kB; the notes alone hold 20,000


@pytest.mark.parametrize(
    ("source", "out", "package", "remedy"),
    [
        ("in.parquet", "out.jsonl", "pyarrow", "pip install 'debulk[parquet]'"),
        ("in.jsonl", "out.parquet", "pyarrow", "pip install 'debulk[parquet]'"),
        ("in.hl7", "out.jsonl", "hl7", "pip install 'debulk[hl7]'"),
    ],
)
def test_a_missing_extra_is_named_before_the_work_begins(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    source: str,
    out: str,
    package: str,
    remedy: str,
) -> None:
    (tmp_path / source).touch()
    monkeypatch.setitem(sys.modules, package, None)
    for module in ("readers.parquet", "readers.hl7", "writers.parquet"):
        monkeypatch.delitem(sys.modules, f"debulk.archive.{module}", raising=False)
    with pytest.raises(UsageError) as raised:
        run(tmp_path / source, tmp_path / out, make_coder=FakeCoder)
    assert remedy in str(raised.value)
    assert [path.name for path in tmp_path.iterdir()] == [source]
