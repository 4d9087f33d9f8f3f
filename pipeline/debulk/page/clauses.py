"""Where a sentence parts into clauses: each has a finite verb of its own."""

from __future__ import annotations

from collections.abc import Sequence

from debulk.page.places import Extent
from debulk.tables import wordset

FINITE = wordset("finite")
"""Verbs that make a clause."""

_BREAKS = wordset("clause_breaks")
_SEPARATORS = wordset("clause_separators")
_RELATIVES = wordset("relatives")
_ADVERBS = wordset("clause_adverbs")
_BEFORE_MONTH = wordset("before_month")
_NEW_CLAUSE = (["she"], ["he"], ["i"], ["we"])
_PARTING = FINITE | _BREAKS | _SEPARATORS | {"|"}
_LONGEST_SUBJECT = 14  # words


def clauses(norms: Sequence[str], sentence: Extent) -> list[Extent]:
    """The clauses of a sentence in reading order; together they cover it."""
    found, start, has_verb = [], sentence.start, False
    for at in [at for at in range(sentence.start, sentence.end) if norms[at] in _PARTING]:
        norm = norms[at]
        if _is_verb(norms, at):
            has_verb = True
        elif at > start and (
            norm in _BREAKS
            or norm == "|"  # the cells of a table
            # A finite verb already seen, and another with a subject of its own to come.
            or (has_verb and norm in _SEPARATORS and _opens(norms, at + 1, sentence.end))
        ):
            found.append(Extent(start, at))
            start, has_verb = at, False
    found.append(Extent(start, sentence.end))
    return found


def _opens(norms: Sequence[str], at: int, end: int) -> bool:
    """Does a clause of its own begin at a word, behind a separator?"""
    if at < end and norms[at - 1] in _RELATIVES and norms[at] in FINITE:
        return True
    if at < end and norms[at - 1] == "and" and norms[at] in ("for", "of"):
        return False  # "signed for debulking and for nodes, in case it was cancer": a second object
    subject = 0
    for place, norm in enumerate(norms[at : min(end, at + _LONGEST_SUBJECT)], at):
        if norm in FINITE and _is_verb(norms, place):
            return subject > 0
        if norm in _BREAKS or norm in (",", ":"):
            # A list of subjects may hold commas: go on only where a subject has begun.
            if subject == 0 or (
                norms[place + 1 : place + 2] == ["and"]
                and norms[place + 2 : place + 3] in _NEW_CLAUSE
            ):
                return False
        elif norm not in _ADVERBS and (norm.isalnum() or "-" in norm):
            subject += 1
    return False


def _is_verb(norms: Sequence[str], at: int) -> bool:
    """Is a word a finite verb, and no month of May?"""
    norm = norms[at]
    return norm in FINITE and not (norm == "may" and norms[at - 1] in _BEFORE_MONTH)
