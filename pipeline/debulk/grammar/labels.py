"""Sub-headings of the body that name a procedure or an organ, and what is said under them.

"Pelvic nodes / Not done." - "Omentum / Removed below the transverse colon." The label alone is
no work done: it says what the next sentences are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from debulk import tables, words
from debulk.grammar.rules import usual
from debulk.lexicon import Hit, Term
from debulk.page import Extent, Page
from debulk.tables import wordset

_GLUE = wordset("label_glue")
_LONGEST = 8  # words


@cache
def _said() -> dict[tuple[str, ...], str]:
    return {
        words.norms(term): row["status"]
        for row in tables.rows("labels")
        for term in tables.terms(row["terms"])
    }


@cache
def _organs() -> dict[str, str]:
    """The organ that a procedure takes away, from the table of usual removals."""
    found: dict[str, str] = {}
    for organ, concepts in usual().items():
        for concept in concepts:
            found.setdefault(concept, organ.split("@")[0])
    return found


def is_label(page: Page, sentence: Extent, following: Extent | None, hits: Sequence[Hit]) -> bool:
    """Is a sentence a line of its own that holds names alone?"""
    if following is None or page.section_of[sentence.start] in ("title", "specimens", "consent"):
        return False
    norms = page.norms[sentence.start : sentence.end]
    if len(norms) > _LONGEST or not hits:
        return False
    closed = norms[-1] in (":", "~", "-", "--", ".")
    alone = page.breaks[following.start] > 0 and page.breaks[sentence.start] > 0
    if not alone and not (closed and page.breaks[sentence.start] > 0):
        return False
    covered = {i for h in hits for i in range(h.start, h.end)}
    return all(
        at in covered or page.norms[at] in _GLUE or not page.norms[at].isalpha()
        for at in range(sentence.start, sentence.end)
    )


def things(hits: Sequence[Hit], concepts: Sequence[str]) -> list[Hit]:
    """The organs that a label speaks of, those of its procedures included."""
    found = [h for h in hits if h.term.kind == "organ"]
    if found or not hits:
        return found
    at = hits[0]
    organs = dict.fromkeys(_organs().get(c, "") for c in concepts)
    return [Hit(at.start, at.end, Term("organ", organ, "", {})) for organ in organs if organ]


def said(page: Page, sentence: Extent) -> tuple[str, Extent]:
    """The status that the beginning of a sentence gives to its label, and the words that do."""
    start = sentence.start
    while start < sentence.end and not page.norms[start][:1].isalpha():
        start += 1
    for length in (5, 4, 3, 2, 1):
        status = _said().get(tuple(page.norms[start : start + length]))
        if status:
            after = page.norms[start + length : start + length + 1]
            if length > 1 or after in ([], ["."], [","], [";"], ["-"], ["("], ["for"], ["at"]):
                return status, Extent(start, start + length)
    return "", sentence
