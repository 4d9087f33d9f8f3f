"""The work on a Spark cluster: the same rows, the same journal, the same files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from debulk.archive import work
from debulk.archive.record import Coder, Record, Row
from debulk.archive.run import Outcome, carry_out
from debulk.archive.work import Engine, Recipe
from debulk.errors import UsageError

_WINDOW = 10_000  # notes in Spark at once, and rows in the driver's memory


def run_spark(
    source: Path,
    out: Path,
    *,
    make_coder: Callable[[], Coder],
    resume: bool = False,
    progress: Callable[[int], None] | None = None,
    session: Any = None,
    partitions: int | None = None,
) -> Outcome:
    """Code an archive on Spark: the driver reads and writes, the executors build a coder each."""
    try:
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise UsageError("--engine spark needs pyspark: pip install 'debulk[spark]'.") from missing
    spark = session or SparkSession.builder.appName("debulk").getOrCreate()
    try:
        engine = _engine(spark.sparkContext, Recipe(make_coder), partitions)
        return carry_out(source, out, engine=engine, resume=resume, progress=progress)
    finally:
        if session is None:
            spark.stop()


def _engine(context: Any, recipe: Recipe, partitions: int | None) -> Engine:
    def rows_of(records: Iterable[Record]) -> Iterator[Row]:
        for record in records:
            yield from work.code(recipe, [record])

    def code(records: Iterable[Record]) -> Iterator[Row]:
        remaining = iter(records)
        while window := list(islice(remaining, _WINDOW)):
            slices = min(len(window), partitions or 4 * context.defaultParallelism)
            yield from context.parallelize(window, slices).mapPartitions(rows_of).collect()

    def provenance() -> dict[str, Any]:
        said: dict[str, Any] = (
            context.parallelize([0], 1).map(lambda _: work.provenance(recipe)).first()
        )
        return said

    return Engine(provenance, code)
