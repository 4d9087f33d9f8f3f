"""Bytes to note text, whatever system wrote them."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path

from debulk.archive.record import BINARY, Record
from debulk.errors import InputError

MAX_NOTE_BYTES = 32 * 2**20  # a long operative note is 50 kB
MAX_LINE_BYTES = 64 * 2**20
MAX_RATIO = 200  # notes compress to a fifth; only a zip bomb to a two-hundredth
FREE_BYTES = 2**30

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CONTROL = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_MARKED_UP = {"%PDF-": "a PDF", "{\\rtf": "RTF", "PK\x03\x04": "a zip or Word file"}


def decode(data: bytes) -> str:
    """The text of UTF-8, of marked UTF-16, else of cp1252; InputError where it is no text."""
    encoding = "utf-16" if data.startswith(_UTF16) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    for mark, kind in _MARKED_UP.items():
        if text.startswith(mark):
            raise InputError(f"The note is {kind}, not plain text: export it as plain text.")
    if "\0" in text or len(_CONTROL.findall(text)) * 20 > len(text):
        raise InputError(BINARY)
    return text


def from_bytes(name: str, data: bytes) -> Record:
    """The record of a note's file."""
    if len(data) > MAX_NOTE_BYTES:
        return too_long(name)
    try:
        return Record(name, decode(data))
    except InputError as error:
        return Record(name, "", error=str(error))


def too_long(name: str) -> Record:
    """The record of a note that no surgeon dictated."""
    limit = MAX_NOTE_BYTES // 2**20
    return Record(name, "", error=f"The note is over {limit} MiB: split it into its notes.")


def note_name(path: str) -> str | None:
    """The id of a note's file in an archive; None for what is no note."""
    parts = path.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in (".", "..") for part in parts)
    if hidden or "__MACOSX" in parts or not parts[-1].lower().endswith(".txt"):
        return None
    return "/".join(part for part in parts if part != ".")[: -len(".txt")]


def byte_lines(source: Path) -> Iterator[bytes | None]:
    """The lines of a file without their ends, UTF-16 made UTF-8; None for one over the limit."""
    with source.open("rb") as file:
        head = file.read(4)
    # latin-1 there and back keeps every byte and gives the three line ends of text mode.
    read, write = ("utf-16", "utf-8") if head.startswith(_UTF16) else ("latin-1", "latin-1")
    with source.open(encoding=read, errors="surrogatepass") as lines:
        first = True
        while line := lines.readline(MAX_LINE_BYTES):
            whole = line.endswith("\n") or len(line) < MAX_LINE_BYTES
            while not whole and (rest := lines.readline(MAX_LINE_BYTES)):
                line, whole = "", rest.endswith("\n")
            data = line.removesuffix("\n").encode(write, "surrogatepass")
            yield data.removeprefix(codecs.BOM_UTF8 if first else b"") if line else None
            first = False


def sniff(source: Path) -> str:
    """The encoding of a whole text file."""
    with source.open("rb") as file:
        chunk = file.read(2**20)
        if chunk.startswith(_UTF16):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(2**20)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def expansion_limit(source: Path) -> int:
    """How many bytes an archive may expand to."""
    return max(FREE_BYTES, MAX_RATIO * source.stat().st_size)
