"""A `.zip` of `.txt` notes, read member by member and never unpacked to disk."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from debulk.archive.decoding import (
    MAX_NOTE_BYTES,
    MAX_RATIO,
    expansion_limit,
    from_bytes,
    note_name,
    too_long,
)
from debulk.archive.record import Record, damaged
from debulk.errors import InputError


def read(source: Path) -> Iterator[Record]:
    """The notes in the archive's order."""
    try:
        archive = zipfile.ZipFile(source)
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise InputError(f"{source} is not a zip archive or is cut short: copy it again.") from None
    seen, left = 0, expansion_limit(source)
    with archive:
        for member in archive.infolist():
            name = note_name(member.filename)
            if name is None or member.is_dir():
                continue
            left -= min(member.file_size, MAX_NOTE_BYTES)
            if left < 0:
                yield damaged(source, seen, "expands like a zip bomb: it is read no further")
                return
            seen += 1
            yield _note(archive, member, name)
    if not seen:
        raise InputError(f"{source} holds no .txt file: pack the notes as .txt.")


def _note(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> Record:
    if member.file_size > MAX_NOTE_BYTES:
        return too_long(name)
    if member.file_size > 2**20 + MAX_RATIO * member.compress_size:
        return Record(name, "", error="The member expands like a zip bomb: it is not read.")
    if member.flag_bits & 1:
        return Record(name, "", error="The member is encrypted: pack it without a password.")
    try:
        with archive.open(member) as file:
            return from_bytes(name, file.read(MAX_NOTE_BYTES + 1))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError):
        return Record(name, "", error="The member is damaged: pack it again.")
