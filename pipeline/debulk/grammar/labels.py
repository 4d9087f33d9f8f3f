"""Sub-headings of the body that name a procedure or an organ, and what is said under them.

"Pelvic nodes / Not done." - "Omentum / Removed below the transverse colon." The label alone is
no work done: it says what the next sentences are about.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

from debulk.grammar.rules import usual
from debulk.labels import fate
from debulk.lexicon import Hit, Term
from debulk.page import Extent, Page
from debulk.tables import wordset

_GLUE = wordset("label_glue")
_LONGEST = 8  # words of a label
_UNDER = 3  # sentences under a label that may decide of it
_SHORT = 16  # words of a sentence in which a later part may decide
_LISTS = frozenset({"title", "consent", "history", "preop_diagnosis", "postop_diagnosis"})
_WORK = frozenset({"remove", "take", "dissect", "clear", "biopsy", "strip", "resect", "excise"})
_DENIES = frozenset("not no none never nothing nor neither without".split())
_EMPTY = frozenset({"nil", "none", "n/a", "n", "na", "no", "0"})
_PARTS = frozenset(
    {",", ";", "-", "--", "\u2013", "\u2014", ":", "so", "and", "therefore", "hence"}
)


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
    if following is None or not hits or page.section_of[sentence.start] in _LISTS:
        return False
    start = _begins(page, sentence.start)
    first = sentence.start + _enumerated(page.norms, sentence)
    if start < 0 or sentence.end - first > _LONGEST:
        return False
    closed = page.norms[sentence.end - 1] in (":", "~", "-", "--", ".", "?")
    if not closed and page.breaks[following.start] == 0:
        return False
    if page.section_of[sentence.start] == "specimens" and not said(page, following)[0]:
        return False  # a jar, unless "Not removed." stands under it
    covered = {i for h in hits for i in range(h.start, h.end)}
    return all(
        at in covered or page.norms[at] in _GLUE or not _tells(page.norms[at])
        for at in range(first, sentence.end)
    )


def _tells(norm: str) -> bool:
    """A word, a year, or the box of a template: more than a label."""
    return norm.isalpha() or norm == "[" or (len(norm) == 4 and norm.isdigit())


def _begins(page: Page, at: int) -> int:
    """The first word of the line, where nothing but a number or letter stands before `at`."""
    while page.breaks[at] == 0:
        at -= 1
        if at < 0 or len(page.norms[at]) > 2:
            return -1
    return at


def _enumerated(norms: Sequence[str], sentence: Extent) -> int:
    """How many words number the line: "A)", "b."."""
    head = norms[sentence.start : sentence.start + 2]
    if len(head) < 2 or len(head[0]) > 1 or not head[0].isalpha():
        return 0
    return 2 if head[1] in (")", ".", "-", ":") else 1


def things(hits: Sequence[Hit], concepts: Sequence[str]) -> list[Hit]:
    """The organs that a label speaks of, those of its procedures included."""
    found = [h for h in hits if h.term.kind == "organ"]
    if found or not hits:
        return found
    at = hits[0]
    organs = dict.fromkeys(_organs().get(c, "") for c in concepts)
    return [Hit(at.start, at.end, Term("organ", organ, "", {})) for organ in organs if organ]


def said(page: Page, sentence: Extent) -> tuple[str, Extent]:
    """The status that up to three sentences give to their label, and the words that do."""
    first = bisect_left(page.sentences, sentence)
    for extent in page.sentences[first : first + _UNDER]:
        if extent != sentence and page.breaks[extent.start]:
            break  # another paragraph, or the next label
        decided = _decision(page.norms, extent)
        worked = _worked(page, extent, decided[1] if decided else None)
        if decided and not worked:
            return _gone(page, decided, page.sentences[first + 1 : first + 2]) or decided
        if worked or decided:
            break
    return "", sentence


def _gone(
    page: Page, decided: tuple[str, Extent], following: Sequence[Extent]
) -> tuple[str, Extent] | None:
    """ "Nil. Gone already." - the second sentence gives the reason of the first."""
    if page.norms[decided[1].start] not in _EMPTY:
        return None
    for sentence in following:
        again = None if page.breaks[sentence.start] else fate(page.norms, *sentence)
        if again is not None and again[0] == "historical":
            return again
    return None


def _decision(norms: Sequence[str], sentence: Extent) -> tuple[str, Extent] | None:
    start, end = sentence
    decided = fate(norms, start, end)
    if decided is None and end - start <= _SHORT:
        for at in range(start + 1, end - 1):
            if norms[at] in _PARTS:
                decided = fate(norms, at + 1, end)
                if decided is not None:
                    break
    return decided


def _worked(page: Page, sentence: Extent, aside: Extent | None) -> bool:
    """Does a sentence tell of work done?"""
    at = bisect_left(page.hits, sentence.start, key=lambda h: h.start)
    while at < len(page.hits) and page.hits[at].start < sentence.end:
        hit = page.hits[at]
        at += 1
        if aside is not None and aside.start <= hit.start < aside.end:
            continue
        work = hit.term.kind == "action" and hit.term.form == "past" and hit.term.name in _WORK
        before = page.norms[max(sentence.start, hit.start - 3) : hit.start]
        if work and _DENIES.isdisjoint(before) and "had" not in before:
            return True
    return False
