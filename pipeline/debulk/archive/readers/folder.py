"""A folder of `.txt` notes, or one of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from debulk.archive.decoding import MAX_NOTE_BYTES, from_bytes, note_name
from debulk.archive.record import Record
from debulk.errors import InputError


def read(source: Path) -> Iterator[Record]:
    """The notes in the order of their paths below the folder."""
    for path in files(source):
        name = name_of(path, source)
        try:
            with path.open("rb") as file:
                data = file.read(MAX_NOTE_BYTES + 1)
        except OSError:
            yield Record(name, "", error="The file could not be opened: check its rights.")
        else:
            yield from_bytes(name, data)


def files(source: Path) -> list[Path]:
    """The files of the notes, sorted."""
    if source.is_file():
        return [source]
    below = [(path.relative_to(source).as_posix(), path) for path in source.rglob("*")]
    found = sorted((name, path) for name, path in below if note_name(name) and path.is_file())
    if not found:
        raise InputError(f"{source} holds no .txt file: point to the folder of the notes.")
    return [path for _, path in found]


def name_of(path: Path, source: Path) -> str:
    """The path below the folder, without its suffix."""
    below = path.relative_to(source) if path != source else Path(path.name)
    return below.with_suffix("").as_posix()
