"""The command line: statuses, streams, formats, and what is no note."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from debulk import coder as coders
from debulk.cli import main
from debulk.coder import Coder

ROOT = Path(__file__).parents[1]
EXAMPLE = ROOT / "corpus/notes/resident/resident-01.txt"
SHORT = (
    "PROCEDURE: Exploratory laparotomy, secondary debulking.\n"
    "DATE OF SERVICE: 03/14/2025\n"
    "FINDINGS: Recurrent ovarian cancer.\n"
    "DESCRIPTION OF PROCEDURE: The abdomen was opened. The omentum was removed. "
    "A 3 cm tumor of the pelvic peritoneum was excised. The spleen was not removed.\n"
)
DISCHARGE = (
    "DISCHARGE SUMMARY\nThe patient was admitted with pneumonia and treated with ceftriaxone. "
    "She ate well and went home on day four. Follow-up is with her family doctor in two weeks.\n"
)


class Result(NamedTuple):
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The result as JSON."""
        return json.loads(self.out)


Run = Callable[..., Result]


@pytest.fixture(scope="session")
def coder() -> Coder:
    return Coder()


@pytest.fixture
def run(coder: Coder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Runs a command in this process, on a coder that is loaded once, with a store of its own."""
    monkeypatch.setenv("DEBULK_DATA", str(tmp_path / "store"))
    real = coders.Coder

    def one(model: Path | None = None, *, reference: object = None) -> Coder:
        return real(model) if model else coder

    monkeypatch.setattr(coders, "Coder", one)

    def command(*arguments: object, stdin: bytes = b"") -> Result:
        out, err = io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
            patch.setattr(sys, "stdout", out)
            patch.setattr(sys, "stderr", err)
            with pytest.raises(SystemExit) as ended:
                main([str(argument) for argument in arguments])
        assert isinstance(ended.value.code, int)
        return Result(ended.value.code, _written(out), _written(err))

    return command


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode("utf-8")


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "short.txt"
    path.write_bytes(SHORT.encode())
    return path


def outside(*arguments: str, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, timeout=120, **options
    )


# -- help and version


def test_help_loads_neither_spacy_nor_scikit_learn() -> None:
    done = outside("-X", "importtime", "-m", "debulk.cli", "--help")
    assert done.returncode == 0
    assert "suggest" in done.stdout
    loaded = {line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines()}
    assert "debulk.cli.main" in loaded
    assert not loaded & {"spacy", "numpy", "sklearn", "joblib", "fastapi", "pydantic", "openpyxl"}


def test_version(run: Run) -> None:
    from debulk import __version__

    assert run("--version") == (0, f"debulk {__version__}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["suggest", "--nonsense"],
        ["suggest", "--format", "xml"],
        ["suggest", "--date", "14.3.2025"],
        ["suggest", "-", "-"],
        ["check", "-"],
        ["check", "-", "--codes", " , "],
        ["batch", "."],
        ["batch", ".", "--out", "x.jsonl", "--jobs", "0"],
        ["serve", "--host", "0.0.0.0"],
        ["evaluate", "--split", "nonsense", "--corpus", str(ROOT / "corpus")],
        ["explain"],
        ["explain", "99999"],
        ["crosswalk", "nonsense"],
        ["suggest", "-", "--codes", "nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2_and_says_why(run: Run, arguments: Sequence[str]) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.strip()
    assert "Traceback" not in err


# -- suggest


def test_a_file_gives_one_object_in_a_pipe(run: Run) -> None:
    result = run("suggest", EXAMPLE, "--date", "2025-06-18")
    assert (result.status, result.err) == (0, "")
    report = result.json
    assert report["schema_version"] == "1.0"
    assert (report["id"], report["primary"]["code"]) == ("resident-01", "58958")
    assert (report["date_of_service"], report["date_source"]) == ("2025-06-18", "argument")
    text = EXAMPLE.read_bytes().decode()
    assert report["mentions"]
    for mention in report["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]


@pytest.mark.parametrize("arguments", [[], ["-"]])
def test_standard_input(run: Run, note: Path, arguments: list[str]) -> None:
    result = run("suggest", *arguments, stdin=note.read_bytes())
    assert result.status == 0
    expected = run("suggest", note).json
    assert result.json == expected | {"id": "note"}


def test_several_files_give_a_line_each_in_order(run: Run, note: Path) -> None:
    result = run("suggest", note, EXAMPLE, note)
    assert result.status == 0
    ids = [json.loads(line)["id"] for line in result.out.splitlines()]
    assert ids == [str(note), "resident-01", str(note)]


def test_several_files_as_json_are_one_array(run: Run, note: Path) -> None:
    reports = run("suggest", note, EXAMPLE, "--format", "json").json
    assert [report["id"] for report in reports] == ["short", "resident-01"]


def test_text_names_code_evidence_and_warnings(run: Run) -> None:
    result = run("suggest", EXAMPLE, "--date", "2025-06-18", "--format", "text")
    assert result.status == 0
    for expected in ("58958", "WARNINGS", "49255", "remaining omentum"):
        assert expected in result.out
    assert "\x1b" not in result.out


def test_html_is_one_page_of_one_note(run: Run, note: Path) -> None:
    result = run("suggest", note, "--format", "html")
    assert result.status == 0
    assert result.out.startswith("<!doctype html>")
    assert run("suggest", note, note, "--format", "html")[:2] == (2, "")


def test_the_date_is_read_from_the_note_else_today(run: Run, note: Path) -> None:
    report = run("suggest", note).json
    assert (report["date_of_service"], report["date_source"]) == ("2025-03-14", "note")
    undated = run("suggest", stdin=SHORT.replace("03/14/2025", "").encode()).json
    assert undated["date_source"] == "today"
    assert undated["date_of_service"] == date.today().isoformat()


@pytest.mark.parametrize("day", ["2023-05-02", "2026-05-02"])
def test_the_example_is_58958_on_every_date(run: Run, day: str) -> None:
    assert run("suggest", EXAMPLE, "--date", day).json["primary"]["code"] == "58958"


@pytest.mark.skipif(os.name != "posix", reason="a terminal of Unix")
def test_text_on_a_terminal(note: Path) -> None:
    import pty

    leader, follower = pty.openpty()
    done = subprocess.run(
        [sys.executable, "-m", "debulk.cli", "suggest", str(note)],
        stdout=follower,
        stderr=subprocess.PIPE,
        timeout=120,
    )
    os.close(follower)
    shown = b""
    while True:
        try:
            part = os.read(leader, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(leader)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"FACTS" in shown
    assert b"\x1b[" in shown


# -- what is no note, and odd notes


@pytest.mark.parametrize(
    "data",
    [b"", b"   \n\t ", bytes(range(256)) * 40, b"\x89PNG\r\n\x1a\n" + bytes(500), b"%PDF-1.7 x"],
    ids=["empty", "blank", "binary", "picture", "pdf"],
)
def test_no_note_is_one_sentence_and_1(run: Run, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "odd.txt"
    path.write_bytes(data)
    status, out, err = run("suggest", path)
    assert (status, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert "odd" in err


def test_a_missing_file_and_a_folder(run: Run, tmp_path: Path) -> None:
    for path in (tmp_path / "none.txt", tmp_path):
        status, out, err = run("suggest", path)
        assert (status, out, len(err.splitlines())) == (1, "", 1)


def test_one_bad_file_does_not_stop_the_others(run: Run, note: Path, tmp_path: Path) -> None:
    status, out, err = run("suggest", tmp_path / "none.txt", note, "--format", "jsonl")
    assert status == 1
    assert json.loads(out)["id"] == "short"
    assert "none.txt" in err


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (SHORT.encode("utf-8-sig"), SHORT),
        (SHORT.encode("utf-16"), SHORT),
        (SHORT.replace("\n", "\r\n").encode(), SHORT.replace("\n", "\r\n")),
        (SHORT.replace("\n", "\r").encode(), SHORT.replace("\n", "\r")),
        (SHORT.replace("ment", "me\u200bnt").encode(), SHORT.replace("ment", "me\u200bnt")),
        (SHORT.replace("y, s", "y \u2013 s").encode("cp1252"), SHORT.replace("y, s", "y \u2013 s")),
        (b"\n\n" + SHORT.encode(), "\n\n" + SHORT),
    ],
    ids=["bom", "utf-16", "crlf", "cr", "zero-width", "cp1252", "leading lines"],
)
def test_every_character_is_kept(run: Run, data: bytes, text: str) -> None:
    result = run("suggest", stdin=data)
    assert (result.status, result.err) == (0, "")
    report, plain = result.json, run("suggest", stdin=SHORT.encode()).json
    for mention in report["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]
    assert report["facts"] == plain["facts"]


def test_a_discharge_summary_is_out_of_scope_and_no_failure(run: Run) -> None:
    result = run("suggest", stdin=DISCHARGE.encode())
    assert (result.status, result.err) == (0, "")
    assert result.json["decision"] == "out_of_scope"
    assert result.json["primary"] is None


def test_ten_megabytes_are_refused_at_once(run: Run) -> None:
    status, out, err = run("suggest", stdin=SHORT.encode() * (10_000_001 // len(SHORT) + 1))
    assert (status, out, len(err.splitlines())) == (1, "", 1)


def test_a_fault_of_ours_does_not_quote_the_note(
    run: Run, note: Path, coder: Coder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(text: str, **_: object) -> None:
        raise ValueError(text)

    monkeypatch.setattr(coder, "suggest", broken)
    status, out, err = run("suggest", note)
    assert (status, out) == (1, "")
    assert "ValueError in test_cli.py" in err
    assert "omentum" not in err


def test_a_model_that_is_none(run: Run, note: Path, tmp_path: Path) -> None:
    for arguments in (
        ["suggest", note, "--model", tmp_path],
        ["--model", tmp_path, "suggest", note],
    ):
        status, out, err = run(*arguments)
        assert (status, out) == (1, "")
        assert "meta.json" in err


# -- why


def test_why_a_concept_has_its_status(run: Run, note: Path) -> None:
    result = run("suggest", note, "--why", "splenectomy", "--format", "text")
    assert result.status == 0
    assert "splenectomy: not_performed" in result.out
    assert "The spleen was not removed." in result.out
    (reason,) = run("suggest", note, "--explain-status", "splenectomy").json
    assert (reason["status"], reason["decided_by"]) == ("not_performed", "cue")
    assert reason["cue"] in reason["clause"]
    assert SHORT[reason["start"] : reason["end"]] == reason["text"]


def test_why_by_number_is_the_reports_number(run: Run) -> None:
    mentions = run("suggest", EXAMPLE).json["mentions"]
    for number in (0, len(mentions) - 1):
        (reason,) = run("suggest", EXAMPLE, "--why", number).json
        assert reason["mention"] == number
        for name in ("concept", "status", "start", "end", "cue"):
            assert reason[name] == mentions[number][name]
        assert reason["text"].split()[0] in reason["sentence"]


def test_why_of_no_mention_is_wrong_usage(run: Run, note: Path) -> None:
    for which in ("999", "hipec"):
        status, out, err = run("suggest", note, "--why", which)
        assert (status, out) == (2, "")
        assert which in err


# -- check


def test_check_is_suggest_with_codes_the_warnings_first(run: Run) -> None:
    codes = "58958,49255-59"
    checked = run("check", EXAMPLE, "--codes", codes, "--date", "2025-06-18")
    assert checked.status == 0
    suggested = run("suggest", EXAMPLE, "--codes", codes, "--date", "2025-06-18")
    assert checked.json == suggested.json
    text = run("check", EXAMPLE, "--codes", codes, "--format", "text").out
    assert text.index("WARNINGS") < text.index("REQUIREMENTS")


# -- explain and crosswalk


def test_explain_and_crosswalk(run: Run) -> None:
    told = run("explain", "58958", "--date", "2026-05-01").json
    assert (told["code"], told["on"], told["valid"]) == ("58958", "2026-05-01", True)
    assert {"49255", "49000"} <= {statement["code"] for statement in told["included"]}
    text = run("explain", "58958", "--date", "2026-05-01", "--format", "text").out
    assert text.startswith("58958  ")
    became = run("crosswalk", "58957", "--date", "2026-05-01").json
    assert {"58958", "49186", "49190"} <= {target["code"] for target in became["targets"]}
    assert run("crosswalk", "58957", "--date", "2024-05-01").json["valid"] is True


# -- batch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "notes"
    path.mkdir()
    (path / "a.txt").write_text(SHORT)
    (path / "b.txt").write_text(DISCHARGE)
    return path


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_batch_of_a_folder(run: Run, folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "reports.jsonl"
    status, printed, err = run("batch", folder, "--out", out)
    assert (status, printed) == (0, "")
    assert "2 notes coded, 0 failed" in err
    assert [row["id"] for row in rows(out)] == ["a", "b"]
    again = run("batch", folder, "--out", out)
    assert (again.status, again.out) == (2, "")


def test_batch_keeps_the_failed_row_and_ends_with_1(run: Run, folder: Path, tmp_path: Path) -> None:
    (folder / "c.txt").write_bytes(b"\0\1\2" * 200)
    out = tmp_path / "reports.jsonl"
    status, _, err = run("batch", folder, "--out", out)
    assert status == 1
    assert "2 notes coded, 1 failed" in err
    assert [bool(row.get("error")) for row in rows(out)] == [False, False, True]


def test_batch_of_a_lone_surrogate(run: Run, tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    text = SHORT.replace("The omentum", "The \ud800 omentum")
    source.write_text(json.dumps({"id": "odd", "text": text, "ward": 7}) + "\n")
    assert run("batch", source, "--out", out).status == 0
    (row,) = rows(out)
    assert (row["id"], row["ward"]) == ("odd", 7)
    for mention in row["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]


@pytest.mark.parametrize(
    ("source", "out", "status"), [("none", "o.jsonl", 1), ("notes", "o.docx", 2)]
)
def test_batch_that_cannot_begin(
    run: Run, folder: Path, tmp_path: Path, source: str, out: str, status: int
) -> None:
    result = run("batch", tmp_path / source, "--out", tmp_path / out)
    assert (result.status, result.out) == (status, "")
    assert result.err


# -- data

MUE = (
    "The file's preamble,,,\r\n"
    "HCPCS/CPT Code,Practitioner Services MUE Values,MUE Adjudication Indicator,Rationale\r\n"
    "58958,1,2 Date of Service Edit: Policy,Anatomic Consideration\r\n"
    "49255,1,2 Date of Service Edit: Policy,Anatomic Consideration\r\n"
)


def test_data_import_list_remove(run: Run, tmp_path: Path) -> None:
    empty = run("data", "list")
    assert (empty.status, empty.json) == (0, [])
    assert "Nothing is imported" in empty.err
    path = tmp_path / "MCR_MUE_PractitionerServices_Eff_07-01-2025.csv"
    path.write_text(MUE, newline="")
    (imported,) = run("data", "import", path).json
    assert (imported["kind"], imported["rows"]) == ("mue", 2)
    assert run("data", "list").json == [imported]
    assert "mue" in run("data", "list", "--format", "text").out
    assert run("data", "remove", imported["id"]).json == [imported]
    assert run("data", "list").json == []


def test_data_import_of_another_file_leaves_the_store(run: Run, note: Path) -> None:
    status, out, err = run("data", "import", note)
    assert (status, out, len(err.splitlines())) == (1, "", 1)
    assert run("data", "list").json == []
    assert run("data", "diff", "2025 Q1", "2025 Q2").status == 1


# -- train and evaluate


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "corpus"
    for voice in ("resident", "terse", "synoptic"):
        shutil.copytree(ROOT / "corpus/notes" / voice, path / "notes" / voice)
    splits = {"train": ["resident", "terse"], "dev": [], "test": ["synoptic"]}
    (path / "splits.json").write_text(json.dumps(splits))
    return path


def test_train_gives_a_model_that_suggest_takes(
    run: Run, corpus: Path, tmp_path: Path, note: Path
) -> None:
    model = tmp_path / "model"
    trained = run("train", "--corpus", corpus, "--out", model, "--format", "json")
    assert trained.status == 0
    report = run("--model", model, "suggest", note).json
    assert report["provenance"]["model"] == trained.json["sha256"]


def test_evaluate_prints_scores(run: Run, corpus: Path) -> None:
    scores = run("evaluate", "--corpus", corpus).json
    assert scores["split"] == "test"
    assert scores["notes"] == len(list((corpus / "notes/synoptic").glob("*.txt")))
    assert 0 <= scores["code top-1"]["low"] <= scores["code top-1"]["value"] <= 1
    assert "code top-1" in run("evaluate", "--corpus", corpus, "--format", "text").out


def test_no_corpus(run: Run, tmp_path: Path) -> None:
    assert run("evaluate", "--corpus", tmp_path)[:2] == (1, "")
