"""The `.partial` file beside OUT: every row as it is made, so that a killed run can go on."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO, cast

from debulk.archive.record import Row
from debulk.errors import InputError, UsageError

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be opened for writing twice anyway
    fcntl = None  # type: ignore[assignment]

_SYNC_ROWS = 100
_VERSION = 1
_TAG = "debulk:"  # marks the values of other columns that JSON has no word for


class Journal:
    """The rows of a run, appended and read back; no note text, and gone when the run is done."""

    def __init__(self, out: Path) -> None:
        self.path = out.with_name(out.name + ".partial")
        self.count = 0
        self.failed = 0
        self._file: BinaryIO | None = None
        self._start = 0

    def open(self, head: Mapping[str, str], *, resume: bool) -> None:
        """Begin the journal, or go on after its last whole row if it is of the same run."""
        if self.path.exists() and not resume:
            raise UsageError(
                f"{self.path} holds an unfinished run: go on with --resume or delete it."
            )
        self._file = _opened(self.path)
        try:
            self._lock()
            self._read(json.dumps({"debulk_partial": _VERSION, **head}).encode() + b"\n")
        except BaseException:  # another run's journal stays as it is
            self._file.close()
            self._file = None
            raise

    def append(self, row: Row) -> None:
        """Write a row."""
        file = self._open_file()
        file.write(json.dumps(row, default=_tagged).encode() + b"\n")
        self.count += 1
        self.failed += bool(row["error"])
        if self.count % _SYNC_ROWS == 0:
            self.sync()

    def sync(self) -> None:
        """Bring what is written to the disk."""
        file = self._open_file()
        file.flush()
        os.fsync(file.fileno())

    def rows(self) -> Iterator[Row]:
        """Every row, from the first."""
        with self.path.open("rb") as file:
            file.seek(self._start)
            for line in file:
                yield cast(Row, json.loads(line, object_hook=_untagged))

    def close(self) -> None:
        """Keep the journal for a later run; an empty one is of no use to it."""
        if self._file is None:
            return
        try:
            self.sync()
        finally:
            file, self._file = self._file, None
            file.close()
        if not self.count:
            self.remove()

    def remove(self) -> None:
        """Delete the journal: its rows are in OUT."""
        self.path.unlink(missing_ok=True)

    def _open_file(self) -> BinaryIO:
        if self._file is None:
            raise RuntimeError("the journal is not open")
        return self._file

    def _lock(self) -> None:
        if fcntl is None:
            return
        try:
            fcntl.flock(self._open_file(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UsageError(f"{self.path} is in use by another run: wait for it.") from None
        except OSError:  # a file system without locks
            return

    def _read(self, head: bytes) -> None:
        """Find the end of the last whole row, cut off what is torn, and stand there."""
        file = self._open_file()
        file.seek(0)
        first = file.readline()
        if first.endswith(b"\n"):
            self._compare(first, head)
            end = self._start = len(first)
            for line in file:
                if (error := _row_error(line)) is None:
                    break
                self.count += 1
                self.failed += bool(error)
                end += len(line)
            file.truncate(end)
            file.seek(end)
        else:  # new, or killed before the first row
            if not head.startswith(first[:10]):
                raise InputError(self._foreign())
            file.truncate(0)
            file.seek(0)
            file.write(head)
            file.flush()
            self._start = len(head)

    def _compare(self, found: bytes, head: bytes) -> None:
        if found == head:
            return
        with suppress(ValueError):
            old, new = json.loads(found), json.loads(head)
            if isinstance(old, dict) and old.get("debulk_partial") == _VERSION:
                other = "source" if old.get("source") != new["source"] else "model or knowledge"
                raise UsageError(
                    f"{self.path} is of a run with another {other}: delete it or take another OUT."
                )
        raise InputError(self._foreign())

    def _foreign(self) -> str:
        return f"{self.path} is no unfinished run of debulk: move it away."


def _opened(path: Path) -> BinaryIO:
    try:
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0)
        # Not "a+b": an append-only file could not be cut back to its last whole row.
        return os.fdopen(os.open(path, flags, 0o600), "r+b")
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written ({error.strerror}): choose another --out."
        ) from None


def _row_error(line: bytes) -> str | None:
    """The error of a whole row, "" for none; None for a torn row."""
    if not line.endswith(b"\n"):
        return None
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return (
        row["error"] if isinstance(row, dict) and row.keys() == Row.__annotations__.keys() else None
    )


def _tagged(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return {_TAG + type(value).__name__: value.isoformat()}
    if isinstance(value, Decimal):
        return {_TAG + "Decimal": str(value)}
    if isinstance(value, bytes):
        return {_TAG + "bytes": base64.b64encode(value).decode()}
    if hasattr(value, "item"):  # a number of numpy
        return value.item()
    return str(value)


def _untagged(value: dict[str, Any]) -> Any:
    if len(value) != 1:
        return value
    ((name, written),) = value.items()
    if name == _TAG + "datetime":
        return datetime.fromisoformat(written)
    if name == _TAG + "date":
        return date.fromisoformat(written)
    if name == _TAG + "Decimal":
        return Decimal(written)
    return base64.b64decode(written) if name == _TAG + "bytes" else value
