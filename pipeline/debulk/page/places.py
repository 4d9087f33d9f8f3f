"""Places in a note, as numbers of its words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from debulk.words import Word

BODY = frozenset({"narrative", "findings", "specimens", "addendum", "not_performed", "drains"})
"""Sections that document work; a title list, a history or a consent does not."""


class Section(NamedTuple):
    """A section: its kind, and the words it covers, heading included from `heading`."""

    kind: str
    heading: int
    start: int
    end: int


class Extent(NamedTuple):
    """A run of words: a sentence or a clause."""

    start: int
    end: int


@dataclass(frozen=True)
class Lines:
    """A note as words on lines, before anything is known of its sections and sentences."""

    text: str
    words: Sequence[Word]
    norms: list[str]
    breaks: Sequence[int]  # line breaks before each word: 0, 1, 2 = blank line
