"""Statements of a note that settle a fact by words, each with the words that qualify it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache
from typing import NamedTuple

from debulk import tables
from debulk.lexicon import Lexicon, Term
from debulk.page import Page
from debulk.reading import Reading

DIAGNOSES = frozenset({"preop_diagnosis", "postop_diagnosis"})
PAST = frozenset({"history", "indications"})
ASIDE = frozenset({"other", "consent", "staff", "disposition"})
"""Sections that speak of other things than today's disease and work."""
_FAR = 12
_CUTS = frozenset({";", "but", "however", "although", "though", "whereas", "|", "•", "→", "·"})


class Said(NamedTuple):
    """A statement: words [start, end) of the page, its section and what qualifies it."""

    value: str
    section: str
    start: int
    end: int
    words: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    qualities: frozenset[str]

    def has(self, *qualities: str) -> bool:
        """Is the statement qualified in one of these ways?"""
        return not self.qualities.isdisjoint(qualities)


@cache
def _qualifiers() -> Lexicon:
    return Lexicon(
        (phrase, Term("qualifier", f"{row['quality']} {row['reach']}", row["side"], {}))
        for row in tables.rows("qualifiers")
        for phrase in tables.terms(row["terms"])
    )


def statements(reading: Reading, *facts: str) -> list[Said]:
    """Every statement of the context table about these facts, in reading order."""
    return list(_statements(reading.page, frozenset(facts)))


def _statements(page: Page, facts: frozenset[str]) -> Iterator[Said]:
    norms, bounds, kinds = page.norms, page.sentences, page.section_of
    starts = [sentence.start for sentence in bounds]
    for hit in page.hits:
        if hit.term.kind != "context" or hit.term.name not in facts:
            continue
        sentence = bounds[bisect_right(starts, hit.start) - 1]
        before = _near(norms[max(sentence.start, hit.start - _FAR) : hit.start], last=True)
        after = _near(norms[hit.end : min(sentence.end, hit.end + _FAR)], last=False)
        qualities = set(_found(before, "before"))
        qualities.update(_found(after, "after"))
        if "?" in norms[max(0, hit.start - 1) : hit.start] or "?" in norms[hit.end : hit.end + 1]:
            qualities.add("suspected")  # a question mark ends a sentence of the page
        yield Said(
            hit.term.attributes["value"],
            kinds[hit.start],
            hit.start,
            hit.end,
            tuple(norms[hit.start : hit.end]),
            tuple(before),
            tuple(after),
            frozenset(qualities),
        )


def _near(window: list[str], *, last: bool) -> list[str]:
    """The part of a window in the same breath as the statement."""
    cuts = [at for at, norm in enumerate(window) if norm in _CUTS]
    if not cuts:
        return window
    return window[cuts[-1] + 1 :] if last else window[: cuts[0]]


def _found(window: list[str], side: str) -> Iterator[str]:
    for hit in _qualifiers().find(window):
        if hit.term.form != side:
            continue
        quality, reach = hit.term.name.split()
        between = len(window) - hit.end if side == "before" else hit.start
        if between <= int(reach):
            yield quality


def quotes(reading: Reading, said: Iterable[Said]) -> tuple[tuple[int, int], ...]:
    """The places of statements in the text, four at most, diagnoses and body first."""
    words = reading.page.words
    chosen = sorted(said, key=lambda s: (s.section not in DIAGNOSES, s.start))[:4]
    return tuple((words[s.start].start, words[s.end - 1].end) for s in chosen)
