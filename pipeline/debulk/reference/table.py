"""Open what the user gives: a text table, a workbook, or a ZIP of them, row by row."""

from __future__ import annotations

import csv
import hashlib
import io
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree.ElementTree import ParseError

import openpyxl

from debulk.errors import ReferenceFileError
from debulk.reference.cells import Cell, Cells

# A workbook of a PTP part unpacks to about 200 MB; no file of these kinds comes near 1 GiB.
MOST_UNPACKED = 1 << 30
MOST_COLUMNS = 64
_SUFFIXES = (".csv", ".txt", ".xlsx")
# What a cut or altered ZIP, workbook or table makes the readers raise.
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    csv.Error,
    ParseError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    RuntimeError,
)


@dataclass(frozen=True)
class Table:
    """One file of rows, by itself or inside a ZIP."""

    path: Path
    member: str | None = None

    @property
    def name(self) -> str:
        """The name for people: `outer.zip/inner.TXT`."""
        return f"{self.path.name}/{self.file_name}" if self.member else self.path.name

    @property
    def file_name(self) -> str:
        """The name of the file that holds the rows."""
        return PurePosixPath(self.member).name if self.member else self.path.name

    @property
    def suffix(self) -> str:
        """The kind of file, by its name."""
        return PurePosixPath(self.file_name).suffix.lower()

    def open(self) -> IO[bytes]:
        """The bytes of the file; a member stays readable after its ZIP object is closed."""
        if self.member is None:
            return self.path.open("rb")
        with zipfile.ZipFile(self.path) as archive:
            return archive.open(self.member)


@dataclass(frozen=True)
class Fingerprint:
    """The hash of a table's bytes, and whether its last line has an end."""

    sha256: str
    terminated: bool


def tables(path: Path) -> list[Table]:
    """The tables of a file: itself, or the members of a ZIP that could be tables."""
    if not path.is_file():
        raise ReferenceFileError(f"{path.name} is not a file: give the files that CMS publishes.")
    if path.suffix.lower() != ".zip":
        if path.suffix.lower() not in _SUFFIXES:
            raise ReferenceFileError(f"{path.name} is not a .txt, .csv, .xlsx or .zip file.")
        return [Table(path)]
    try:
        with zipfile.ZipFile(path) as archive:
            members = [
                member
                for member in archive.infolist()
                if member.filename.lower().endswith(_SUFFIXES)
                and not member.filename.startswith("__MACOSX/")
            ]
    except _DAMAGE as error:
        raise _damaged(path.name) from error
    if any(member.flag_bits & 1 for member in members):
        raise ReferenceFileError(f"{path.name} is locked with a password: unpack it first.")
    _limit(path.name, members)
    return [Table(path, member.filename) for member in members]


def fingerprint(table: Table) -> Fingerprint:
    """The hash of a table; reads all of it, which also proves that a ZIP is whole."""
    digest = hashlib.sha256()
    last = b""
    try:
        with table.open() as stream:
            while chunk := stream.read(1 << 20):
                digest.update(chunk)
                last = chunk[-1:]
    except _DAMAGE as error:
        raise _damaged(table.name) from error
    return Fingerprint(digest.hexdigest(), last in (b"\n", b"\r", b"\x1a", b""))


def rows(table: Table) -> Iterator[tuple[int, Cells]]:
    """The rows of a table with their numbers, read as they are asked for."""
    try:
        yield from _sheet_rows(table) if table.suffix == ".xlsx" else _text_rows(table)
    except _DAMAGE as error:
        raise _damaged(table.name) from error


def _text_rows(table: Table) -> Iterator[tuple[int, Cells]]:
    """The rows of a comma-separated `.csv` or a tab-separated `.txt`."""
    with table.open() as raw, io.TextIOWrapper(raw, encoding="latin-1", newline="") as stream:
        if table.suffix == ".csv":
            reader = csv.reader(stream)
        else:
            reader = csv.reader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)
        for cells in reader:
            if reader.line_num == 1 and cells:
                cells[0] = cells[0].removeprefix("\xef\xbb\xbf")  # a UTF-8 mark read as latin-1
            yield reader.line_num, list[Cell](cells)


def _sheet_rows(table: Table) -> Iterator[tuple[int, Cells]]:
    """The rows of a workbook's first sheet; a formula stays the text of the formula."""
    with table.open() as raw, tempfile.TemporaryFile() as copy:
        stream: IO[bytes] = raw
        if table.member is not None:
            shutil.copyfileobj(raw, copy, 1 << 20)
            stream = copy
        with zipfile.ZipFile(stream) as archive:
            _limit(table.name, archive.infolist())
        with closing(openpyxl.load_workbook(stream, read_only=True, keep_links=False)) as book:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # what a sheet declares of its size is often wrong
            for number, values in enumerate(sheet.iter_rows(values_only=True), 1):
                if len(values) > MOST_COLUMNS:
                    raise ReferenceFileError(f"{table.name} has too many columns for a CMS table.")
                yield number, [value if type(value) is str else _cell(value) for value in values]


def _cell(value: object) -> Cell:
    """A workbook's value as a cell."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y%m%d}"
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _limit(name: str, members: list[zipfile.ZipInfo]) -> None:
    """Refuse an archive that unpacks to more than any of these files can be."""
    # The sizes are declared ones, and zipfile never unpacks more than is declared.
    if sum(member.file_size for member in members) > MOST_UNPACKED:
        raise ReferenceFileError(
            f"{name} unpacks to more than {MOST_UNPACKED >> 20} MB, which no file of this kind "
            "does: download it again from its source."
        )


def _damaged(name: str) -> ReferenceFileError:
    """The error for a file that cannot be read to its end."""
    return ReferenceFileError(f"{name} is damaged or cut off: download it again.")
