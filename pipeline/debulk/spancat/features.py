"""What the network sees of a word: its spelling, its section, and the terms that it stands in.

Not its case, nor where its line ends: what a note says does not change with those.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]

from debulk.page import Page

_PLACE = {"procedure": 0, "organ": 1, "region": 1, "action": 2}
COLUMNS = ("norm", "prefix", "suffix", "section", "procedure", "place", "action")
TERMS = 4  # the first column of the tables' terms
Keys = NDArray[numpy.uint64]


class Seen(NamedTuple):
    """What is seen of one word."""

    norm: str
    section: str
    procedure: str
    place: str  # an organ or a region
    action: str


def seen(page: Page) -> list[Seen]:
    """What is seen of every word of a page."""
    terms = [["", "", ""] for _ in page.words]
    for hit in page.hits:
        place = _PLACE.get(hit.term.kind)
        if place is not None:
            name = f"{hit.term.kind}:{hit.term.name}:{hit.term.form}"
            for at in range(hit.start, hit.end):
                terms[at][place] = name
    return [
        Seen(norm, section, *names)
        for norm, section, names in zip(page.norms, page.section_of, terms, strict=True)
    ]


def hashed(words: list[Seen]) -> Keys:
    """The words as keys of the hashed embeddings, shape (words, columns)."""
    return numpy.array(
        [
            (
                _key(word.norm), _key("p" + word.norm[:4]), _key("s" + word.norm[-3:]),
                _key("#" + word.section), _key(word.procedure), _key(word.place),
                _key(word.action),
            )
            for word in words
        ],
        dtype="uint64",
    ).reshape(-1, len(COLUMNS))  # fmt: skip


def _key(text: str) -> int:
    return int(hash_string(text)) if text else 0
