"""Marks that were dictated as words: "Complications colon none", "comma", "new paragraph"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from debulk import lexicon, tables
from debulk.words import Word, norms

_MARKS = {"comma": ",", "semicolon": ";", "period": "."}
_BREAKS = frozenset({"paragraph", "line"})
_FEW = 2  # words for marks that make a note a spoken one


@cache
def _last_words() -> frozenset[str]:
    return frozenset(
        norms(term)[-1] for row in tables.rows("headings") for term in tables.terms(row["terms"])
    ) & lexicon.headings().vocabulary("heading")


def punctuated(words: list[Word]) -> list[Word]:
    """The words of a note, those that name a mark read as the mark."""
    named = sum(
        word.norm in _MARKS or (word.norm == "colon" and bool(_mark(words, at)))
        for at, word in enumerate(words)
    )
    if named < _FEW:
        return words
    return [
        word._replace(norm=mark) if (mark := _mark(words, at)) else word
        for at, word in enumerate(words)
    ]


def _mark(words: Sequence[Word], at: int) -> str:
    norm = words[at].norm
    before = words[at - 1].norm if at else ""
    if norm == "colon":
        return ":" if before in _last_words() else ""
    if norm in _BREAKS and before in ("new", "next"):
        return "."
    return _MARKS.get(norm, "")
