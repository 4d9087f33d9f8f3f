"""The Spark engine; what needs pyspark runs where it is installed."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from archive_coder import FakeCoder

from debulk.archive.run import Outcome, run
from debulk.archive.spark import run_spark
from debulk.errors import UsageError

with_pyspark = pytest.mark.skipif(find_spec("pyspark") is None, reason="pyspark is not installed")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    texts = ["BREAK" if number % 50 == 7 else f"debulking {number}" for number in range(150)]
    path = tmp_path / "in.jsonl"
    rows = [{"id": f"n{at}", "text": text, "odd": "\ud800"} for at, text in enumerate(texts)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_without_pyspark(source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(UsageError, match=r"needs pyspark: pip install 'debulk\[spark\]'"):
        run_spark(source, tmp_path / "out.jsonl", make_coder=FakeCoder)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        spark = builder.getOrCreate()
        yield spark
        spark.stop()


@with_pyspark
def test_spark_writes_the_bytes_of_a_local_run(
    source: Path, tmp_path: Path, session: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("debulk.archive.spark._WINDOW", 60)
    expected = Outcome(done=147, failed=3, skipped=0)
    assert run(source, tmp_path / "local.jsonl", make_coder=FakeCoder) == expected
    out = tmp_path / "spark.jsonl"
    assert run_spark(source, out, make_coder=FakeCoder, session=session) == expected
    assert out.read_bytes() == (tmp_path / "local.jsonl").read_bytes()


@with_pyspark
def test_spark_goes_on_with_a_local_run(source: Path, tmp_path: Path, session: Any) -> None:
    def stop(count: int) -> None:
        if count == 70:
            raise KeyboardInterrupt

    out, built = tmp_path / "out.jsonl", tmp_path / "built"
    with pytest.raises(KeyboardInterrupt):
        run(source, out, make_coder=FakeCoder, progress=stop)
    coder = partial(FakeCoder, built=built)
    outcome = run_spark(source, out, make_coder=coder, session=session, resume=True)
    assert outcome == Outcome(done=147 - 68, failed=3, skipped=68)
    processes = built.read_text().split()
    assert len(processes) == len(set(processes))
