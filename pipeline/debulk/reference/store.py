"""The store: one SQLite file of the user's own, written in one transaction, read by many."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import platformdirs

from debulk.errors import ReferenceFileError
from debulk.reference.schema import SCHEMA, VERSION

FILE_NAME = "reference.sqlite"
# KiB for an import; a quarter fits, so that readers wait for the commit alone.
CACHE = 160_000
# Connections of a parent process: SQLite forbids a child even to close them.
_inherited: list[sqlite3.Connection] = []
_WAIT = 30.0  # seconds; a commit of a whole quarter holds the file for about one


def default_path() -> Path:
    """The store in `DEBULK_DATA`, else in the user's data folder."""
    folder = os.environ.get("DEBULK_DATA")
    return Path(folder or platformdirs.user_data_dir("debulk", appauthor=False)) / FILE_NAME


class Store:
    """The user's imported files; opened when first asked, usable from threads and processes."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = Path(path) if path is not None else default_path()
        self._local = threading.local()

    def __repr__(self) -> str:
        return f"Store({str(self.path)!r})"

    def __reduce__(self) -> tuple[type[Store], tuple[Path]]:
        return Store, (self.path,)

    def fetch(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        """The rows of a look-up, none when nothing has been imported yet."""
        for again in (True, False):
            try:
                reader = self._reader()
                return [] if reader is None else reader.execute(statement, values).fetchall()
            except sqlite3.OperationalError as error:
                # An import that was killed leaves a journal: opening again plays it back.
                self._local.reader = None
                if not again:
                    raise self._unreadable() from error
            except sqlite3.Error as error:
                raise self._unreadable() from error
        raise AssertionError("unreachable")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction: all of it is kept, or nothing."""
        try:
            self._create()
            with closing(self._connect("rw")) as writer:
                writer.execute(f"PRAGMA cache_size = -{CACHE}")
                writer.execute("PRAGMA temp_store = MEMORY")
                writer.execute("BEGIN IMMEDIATE")
                try:
                    self._prepare(writer)
                    yield writer
                    writer.execute("COMMIT")
                finally:
                    if writer.in_transaction:
                        writer.execute("ROLLBACK")
        except (sqlite3.Error, OSError) as error:
            raise ReferenceFileError(
                f"{self.path} could not be written ({type(error).__name__}): see that the disk has "
                "room, that the file is yours and that no other import is running."
            ) from error

    def _reader(self) -> sqlite3.Connection | None:
        """This thread's read-only connection, None while there is nothing to read."""
        reader: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if reader is not None:
            if self._local.process == os.getpid():
                return reader
            _inherited.append(reader)
        if not self.path.is_file():
            return None
        if Path(f"{self.path}-journal").exists():
            with closing(self._connect("rw")) as writer:
                writer.execute("PRAGMA schema_version").fetchone()
        reader = self._connect("ro")
        version = reader.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            reader.close()
            return None
        self._check(version)
        self._local.reader, self._local.process = reader, os.getpid()
        return reader

    def _connect(self, mode: str) -> sqlite3.Connection:
        address = f"{self.path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(address, uri=True, timeout=_WAIT, isolation_level=None)

    def _create(self) -> None:
        """Make the folder and the file, for their owner alone."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        self.path.chmod(0o600)

    def _prepare(self, writer: sqlite3.Connection) -> None:
        """Make the tables of a new store, within the transaction."""
        version = writer.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            for statement in SCHEMA:
                writer.execute(statement)
            writer.execute(f"PRAGMA user_version = {VERSION}")
        else:
            self._check(version)

    def _check(self, version: int) -> None:
        if version != VERSION:
            raise ReferenceFileError(
                f"{self.path} was made by another version of debulk: remove it and import again."
            )

    def _unreadable(self) -> ReferenceFileError:
        return ReferenceFileError(
            f"{self.path} cannot be read: remove it and import your files again."
        )
