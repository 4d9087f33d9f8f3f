"""Files of reports, by the suffix of OUT; every module here gives the same two functions."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from debulk.archive.record import Row
from debulk.errors import UsageError

__all__ = ["SUFFIXES", "Rows", "Writer", "pick", "write"]

SUFFIXES = {".jsonl": "jsonl", ".csv": "csv", ".parquet": "parquet"}

Rows = Callable[[], Iterator[Row]]  # to be gone through more than once


class Writer(Protocol):
    """A module that writes one kind of file."""

    def write(self, rows: Rows, path: Path) -> None:
        """Write all rows to a file, a few at a time."""

    def read_ids(self, path: Path) -> Iterator[tuple[str, bool]]:
        """The id of each row of a written file, and whether it failed."""


def pick(out: Path) -> Writer:
    """The writer of OUT; an error where there is none."""
    name = SUFFIXES.get(out.suffix.lower())
    if name is None:
        raise UsageError(f"{out} has no suffix debulk writes: end it in {', '.join(SUFFIXES)}.")
    # Imported only now: pyarrow is an extra.
    return cast(Writer, import_module(f"{__name__}.{name}"))


def write(writer: Writer, rows: Rows, out: Path) -> None:
    """Write OUT, whole or not at all."""
    unfinished = out.with_name(out.name + ".writing")
    try:
        writer.write(rows, unfinished)
        with unfinished.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(unfinished, out)
    finally:
        unfinished.unlink(missing_ok=True)
