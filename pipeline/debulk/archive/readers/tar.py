"""A `.tar.gz` of `.txt` notes, read as a stream and never unpacked to disk."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from debulk.archive.decoding import (
    MAX_NOTE_BYTES,
    expansion_limit,
    from_bytes,
    note_name,
    too_long,
)
from debulk.archive.record import Record, damaged
from debulk.errors import InputError

_BOMB = "expands like a zip bomb: it is read no further"
_DAMAGED = "is damaged or no tar archive: copy it again"


class _BombError(Exception):
    """The archive gives more than it may."""


class _Stream(Protocol):
    def read(self, size: int, /) -> bytes: ...


class _Bounded:
    """A stream that gives no more than it is allowed, so that no header can fill the memory."""

    def __init__(self, stream: _Stream) -> None:
        self.stream = stream
        self.allowed = MAX_NOTE_BYTES

    def read(self, size: int) -> bytes:
        data = self.stream.read(size)
        self.allowed -= len(data)
        if self.allowed < 0:
            raise _BombError
        return data


def read(source: Path) -> Iterator[Record]:
    """The notes in the archive's order."""
    seen = 0
    plain = source.name.lower().endswith(".tar")
    with source.open("rb") if plain else gzip.open(source) as stream:
        try:
            for record in _notes(_Bounded(stream), expansion_limit(source)):
                seen += 1
                yield record
        except _BombError:
            yield damaged(source, seen, _BOMB)
            return
        except (tarfile.TarError, zlib.error, EOFError, gzip.BadGzipFile, ValueError):
            yield damaged(source, seen, _DAMAGED)
            return
    if not seen:
        raise InputError(f"{source} holds no .txt file: pack the notes as .txt.")


def _notes(stream: _Bounded, limit: int) -> Iterator[Record]:
    with tarfile.open(fileobj=stream, mode="r|") as archive:  # type: ignore[call-overload]
        for member in archive:
            if member.offset_data + member.size > limit:
                raise _BombError
            stream.allowed = member.size + MAX_NOTE_BYTES
            name = note_name(member.name)
            if name is not None and member.isfile():
                yield _note(archive, member, name)
            archive.members.clear()  # else the archive remembers every member


def _note(archive: tarfile.TarFile, member: tarfile.TarInfo, name: str) -> Record:
    if member.size > MAX_NOTE_BYTES:
        return too_long(name)
    file = archive.extractfile(member)
    data = file.read() if file else b""
    if len(data) < member.size:
        raise EOFError
    return from_bytes(name, data)
