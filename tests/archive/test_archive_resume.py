"""A run that was killed goes on, and its file is the file of an unbroken run."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from archive_coder import FakeCoder

from debulk.archive.run import Outcome, run
from debulk.errors import DebulkError, InputError, UsageError

COUNT = 600


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "notes"
    folder.mkdir()
    for number in range(COUNT):
        text = "BREAK" if number % 50 == 7 else f"debulking {number} " + "x" * 200
        (folder / f"{number:04}.txt").write_text(text)
    return folder


def start(source: Path, out: Path, jobs: int) -> subprocess.Popen[bytes]:
    script = Path(__file__).with_name("archive_coder.py")
    command = [sys.executable, str(script), str(source), str(out), str(jobs), "new"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(command, env=environment, start_new_session=True)


def kill_in_the_middle(source: Path, out: Path, jobs: int) -> bytes:
    """What the partial file holds after SIGKILL of the run with its workers."""
    process = start(source, out, jobs)
    partial_file = out.with_name(out.name + ".partial")
    deadline = time.monotonic() + 60
    while not partial_file.exists() or partial_file.read_bytes().count(b"\n") < COUNT // 4:
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    return partial_file.read_bytes()


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_resume_after_sigkill(tmp_path: Path, source: Path, jobs: int, suffix: str) -> None:
    whole, broken = tmp_path / f"whole.{suffix}", tmp_path / f"broken.{suffix}"
    expected = run(source, whole, make_coder=FakeCoder, jobs=jobs)
    assert expected == Outcome(done=COUNT - 12, failed=12, skipped=0)

    left = kill_in_the_middle(source, broken, jobs)
    assert not broken.exists()
    assert b"xxxx" not in left
    with pytest.raises(UsageError, match="holds an unfinished run: go on with --resume"):
        run(source, broken, make_coder=FakeCoder, jobs=jobs)

    outcome = run(source, broken, make_coder=FakeCoder, jobs=jobs, resume=True)
    assert broken.read_bytes() == whole.read_bytes()
    assert outcome.done + outcome.skipped == expected.done
    assert outcome.skipped > 100
    assert outcome.failed == expected.failed
    assert not list(tmp_path.glob("*.partial"))
    assert not list(tmp_path.glob("*.writing"))

    again = run(source, broken, make_coder=FakeCoder, jobs=jobs, resume=True)
    assert again == Outcome(done=0, failed=12, skipped=COUNT - 12)


def test_workers_end_when_the_run_is_killed_alone(tmp_path: Path, source: Path) -> None:
    process = start(source, tmp_path / "out.jsonl", 2)
    while not (tmp_path / "out.jsonl.partial").exists():
        time.sleep(0.01)
    time.sleep(0.5)
    process.kill()
    process.wait()
    deadline = time.monotonic() + 20
    while _alive(process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    left = _alive(process.pid)
    if left:
        os.killpg(process.pid, signal.SIGKILL)
    assert not left


def _alive(group: int) -> bool:
    """Whether a process of the group runs; one that only waits to be buried does not."""
    listed = subprocess.run(["ps", "-eo", "pgid=,stat="], capture_output=True, check=True).stdout
    states = [line.split() for line in listed.decode().splitlines()]
    return any(int(pgid) == group and not state.startswith("Z") for pgid, state in states)


@pytest.fixture
def half_done(tmp_path: Path, source: Path) -> tuple[Path, bytes, list[bytes]]:
    """OUT, its bytes when whole, and the lines of the partial file half way."""
    whole, out = tmp_path / "whole.jsonl", tmp_path / "out.jsonl"
    run(source, whole, make_coder=FakeCoder)

    def stop(count: int) -> None:
        if count == COUNT // 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(source, out, make_coder=FakeCoder, progress=stop)
    return out, whole.read_bytes(), _partial(out).read_bytes().splitlines(keepends=True)


def _partial(out: Path) -> Path:
    return out.with_name(out.name + ".partial")


TORN: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "as it was left": lambda lines: lines,
    "last line without its end": lambda lines: [*lines[:-1], lines[-1][:-1]],
    "last line half": lambda lines: [*lines[:-1], lines[-1][:40]],
    "last line of zeros": lambda lines: [*lines[:-1], b"\0" * 500],
    "a torn line inside": lambda lines: [*lines[:100], lines[100][:50] + b"\n", *lines[101:]],
    "a foreign row": lambda lines: [*lines[:100], b'{"id": "x"}\n', *lines[101:]],
    "only the head": lambda lines: lines[:1],
    "half of the head": lambda lines: [lines[0][:30]],
    "nothing": lambda lines: [],
}


@pytest.mark.parametrize("name", TORN)
@pytest.mark.parametrize("jobs", [1, 2])
def test_torn_partial(
    source: Path, half_done: tuple[Path, bytes, list[bytes]], name: str, jobs: int
) -> None:
    out, whole, lines = half_done
    _partial(out).write_bytes(b"".join(TORN[name](lines)))
    outcome = run(source, out, make_coder=FakeCoder, jobs=jobs, resume=True)
    assert out.read_bytes() == whole
    assert outcome.done + outcome.skipped + outcome.failed == COUNT


def test_killed_between_writing_out_and_removing_the_partial(
    source: Path, half_done: tuple[Path, bytes, list[bytes]]
) -> None:
    out, whole, _ = half_done
    out.write_bytes(b"from before")
    run(source, out, make_coder=FakeCoder, resume=True)
    assert out.read_bytes() == whole


def test_resume_refuses_another_source_and_another_coder(
    tmp_path: Path, source: Path, half_done: tuple[Path, bytes, list[bytes]]
) -> None:
    out, _, lines = half_done
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps({"text": "debulking"}))
    with pytest.raises(UsageError, match="of a run with another source: delete it or take"):
        run(other, out, make_coder=FakeCoder, resume=True)
    newer = partial(FakeCoder, provenance={"model": "newer"})
    with pytest.raises(UsageError, match="of a run with another model or knowledge: delete it"):
        run(source, out, make_coder=newer, resume=True)
    assert _partial(out).read_bytes() == b"".join(lines)
    (source / "0000.txt").write_text("changed since")
    with pytest.raises(UsageError, match="of a run with another source"):
        run(source, out, make_coder=FakeCoder, resume=True)


@pytest.mark.parametrize("content", [b"a file of the user's own\n", b"no line end", b'{"a": 1}\n'])
def test_a_partial_that_is_not_ours_is_left_alone(
    tmp_path: Path, source: Path, content: bytes
) -> None:
    out = tmp_path / "out.jsonl"
    _partial(out).write_bytes(content)
    with pytest.raises(InputError, match="is no unfinished run of debulk: move it away"):
        run(source, out, make_coder=FakeCoder, resume=True)
    assert _partial(out).read_bytes() == content


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_resume_refuses_the_finished_file_of_another_source(tmp_path: Path, suffix: str) -> None:
    out = tmp_path / f"out.{suffix}"
    sources = []
    for names in (["a", "b"], ["a", "b", "c"]):
        path = tmp_path / f"{len(names)}.jsonl"
        path.write_text("".join(json.dumps({"id": n, "text": "t"}) + "\n" for n in names))
        sources.append(path)
    run(sources[0], out, make_coder=FakeCoder)
    before = out.read_bytes()
    with pytest.raises(UsageError, match="exists already and is of another source"):
        run(sources[1], out, make_coder=FakeCoder, resume=True)
    assert run(sources[0], out, make_coder=FakeCoder, resume=True) == Outcome(0, 0, 2)
    assert out.read_bytes() == before


def test_a_file_that_cannot_be_finished_keeps_the_partial(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out.jsonl"

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("debulk.archive.writers.os.replace", full)
        message = "could not be written (No space left on device): make room and go on with"
        with pytest.raises(DebulkError, match=re.escape(message)):
            run(source, out, make_coder=FakeCoder)
    assert not out.exists()
    outcome = run(source, out, make_coder=FakeCoder, resume=True)
    assert outcome == Outcome(done=0, failed=12, skipped=COUNT - 12)
