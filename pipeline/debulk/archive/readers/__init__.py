"""Archives of notes, by their suffix; every module here gives `read(source)`."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Protocol, cast

from debulk.archive.record import Record
from debulk.errors import InputError, UsageError

__all__ = ["SUFFIXES", "pick", "read"]

SUFFIXES = {
    ".txt": "folder",
    ".zip": "zip",
    ".tar.gz": "tar",
    ".tgz": "tar",
    ".tar": "tar",
    ".jsonl": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".ndjson": "fhir",
    ".json": "fhir",
    ".hl7": "hl7",
}


class Reader(Protocol):
    """A module that reads one kind of archive."""

    def read(self, source: Path) -> Iterator[Record]:
        """The notes, in the archive's order."""


def pick(source: Path) -> Reader:
    """The reader of an archive; an error where there is none."""
    if not source.exists():
        raise InputError(f"{source} does not exist: check the path.")
    name = "folder" if source.is_dir() else ""
    for suffix, module in SUFFIXES.items():
        if not name and source.name.lower().endswith(suffix):
            name = module
    if not name:
        kinds = ", ".join(SUFFIXES)
        raise UsageError(f"{source} is no known archive: give a folder of .txt or one of {kinds}.")
    # Imported only now: pyarrow and hl7 are extras.
    return cast(Reader, import_module(f"{__name__}.{name}"))


def read(source: Path) -> Iterator[Record]:
    """The notes of an archive."""
    return _guarded(pick(source), source)


def _guarded(reader: Reader, source: Path) -> Iterator[Record]:
    try:
        yield from reader.read(source)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise InputError(f"{source} could not be read ({why}): check file and rights.") from None
    except UnicodeError:
        raise InputError(f"{source} is not in its own encoding: save it as UTF-8.") from None
