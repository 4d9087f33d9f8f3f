"""Marks that were dictated as words: "Complications colon none", "comma", "new paragraph"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from debulk import lexicon, tables
from debulk.words import Word, norms

_MARKS = {"comma": ",", "semicolon": ";", "period": "."}
_BREAKS = frozenset({"paragraph", "line"})
_NAMED = {*_MARKS, "colon"} | _BREAKS
_FEW = 2  # words for marks that make a note a spoken one


@cache
def _last_words() -> frozenset[str]:
    return frozenset(
        norms(term)[-1] for row in tables.rows("headings") for term in tables.terms(row["terms"])
    ) & lexicon.headings().vocabulary("heading")


def punctuated(words: list[Word]) -> list[Word]:
    """The words of a note, those that name a mark read as the mark."""
    named = [at for at, (norm, _, _) in enumerate(words) if norm in _NAMED and _mark(words, at)]
    if sum(words[at].norm not in _BREAKS for at in named) < _FEW:
        return words
    found = list(words)
    for at in named:
        found[at] = words[at]._replace(norm=_mark(words, at))
    return found


def _mark(words: Sequence[Word], at: int) -> str:
    norm = words[at].norm
    before = words[at - 1].norm if at else ""
    if norm == "colon":
        return ":" if before in _last_words() else ""
    if norm in _BREAKS and before in ("new", "next"):
        return "."
    return _MARKS.get(norm, "")
