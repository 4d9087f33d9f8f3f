"""The work on this machine: in this process, or in joblib's worker processes."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from typing import Any

import joblib
from joblib.externals.loky.process_executor import TerminatedWorkerError

from debulk.archive import work
from debulk.archive.record import Coder, Record, Row
from debulk.archive.work import Engine, Recipe
from debulk.errors import DebulkError, UsageError

_BATCH = 4  # notes to a task
_WINDOW = 64  # tasks a worker, read ahead: what the memory holds at most


def engine(make_coder: Callable[[], Coder], jobs: int) -> Engine:
    """The engine of `jobs` processes; one of them is this one."""
    if jobs < 1:
        raise UsageError("--jobs must be 1 or more.")
    recipe = Recipe(make_coder)
    if jobs == 1:
        return Engine(lambda: work.provenance(recipe), lambda records: _here(recipe, records))
    return Engine(
        lambda: _provenance(recipe, jobs), lambda records: _workers(recipe, records, jobs)
    )


def _here(recipe: Recipe, records: Iterable[Record]) -> Iterator[Row]:
    for record in records:
        yield from work.code(recipe, [record])


def _workers(recipe: Recipe, records: Iterable[Record], jobs: int) -> Iterator[Row]:
    """Window by window, since joblib alone would let rows pile up behind one slow note."""
    remaining = iter(records)
    with _parallel(jobs) as parallel:
        while window := list(islice(remaining, _BATCH * _WINDOW * jobs)):
            batches = [window[at : at + _BATCH] for at in range(0, len(window), _BATCH)]
            tasks = (joblib.delayed(_code)(recipe, batch, os.getpid()) for batch in batches)
            try:
                for rows in parallel(tasks):
                    yield from rows
            except TerminatedWorkerError:
                raise DebulkError(
                    "A worker process died, perhaps for lack of memory: "
                    "go on with --resume and fewer --jobs."
                ) from None


def _code(recipe: Recipe, batch: list[Record], parent: int) -> list[Row]:
    _end_with(parent)
    return work.code(recipe, batch)


@cache
def _end_with(parent: int) -> None:
    """End this worker soon after its parent: loky's would keep notes in memory for 5 minutes."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _provenance(recipe: Recipe, jobs: int) -> Mapping[str, Any]:
    """Asked of a worker, so that no coder is built here for it."""
    with _parallel(jobs) as parallel:
        said: list[dict[str, Any]] = list(parallel([joblib.delayed(work.provenance)(recipe)]))
    return said[0]


def _parallel(jobs: int) -> Any:
    return joblib.Parallel(
        n_jobs=jobs,
        backend="loky",
        return_as="generator",
        pre_dispatch="2*n_jobs",
        batch_size=1,
        max_nbytes=None,  # nothing is mapped to a temporary file
    )
