"""A note as the grammar reads it, and how it is laid out from its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from debulk import lexicon
from debulk.lexicon import Hit
from debulk.page.clauses import clauses
from debulk.page.places import Extent, Lines, Section
from debulk.page.sections import sections
from debulk.page.sentences import line_breaks, sentences
from debulk.page.spoken import punctuated
from debulk.words import Speller, Word


@dataclass(frozen=True)
class Page:
    """A note as the grammar reads it."""

    text: str
    words: Sequence[Word]
    sections: Sequence[Section]
    sentences: Sequence[Extent]
    hits: Sequence[Hit] = field(repr=False)
    breaks: Sequence[int] = field(repr=False)  # line breaks before each word: 0, 1, 2 = blank line

    @cached_property
    def norms(self) -> list[str]:
        """The standard spelling of every word."""
        return [word.norm for word in self.words]

    @cached_property
    def section_of(self) -> list[str]:
        """The section kind of every word."""
        kinds = ["narrative"] * len(self.words)
        for section in self.sections:
            kinds[section.heading : section.end] = [section.kind] * (section.end - section.heading)
        return kinds

    @cached_property
    def stated(self) -> list[Hit]:
        """The terms of the context table that say something of a fact."""
        return [
            hit
            for hit in self.hits
            if hit.term.kind == "context" and hit.term.attributes["value"] != "none"
        ]

    def clauses(self, sentence: Extent) -> list[Extent]:
        """The clauses of a sentence: parts with a finite verb of their own."""
        found = self._clauses.get(sentence)
        if found is None:
            found = self._clauses[sentence] = clauses(self.norms, sentence)
        return found

    @cached_property
    def _clauses(self) -> dict[Extent, list[Extent]]:
        """The clauses of the sentences that were asked for."""
        return {}


def lay_out(text: str, starts: Sequence[int], ends: Sequence[int], speller: Speller) -> Page:
    """The page of a note, from where its tokens start and end."""
    words = punctuated(speller.read(text, starts, ends))
    norms = [word.norm for word in words]
    breaks = line_breaks(text, words)
    lines = Lines(text, words, norms, breaks)
    found = sections(lines)
    hits = lexicon.surgery().find(norms)
    page = Page(text, words, found, sentences(lines, found), hits, breaks)
    page.__dict__["norms"] = norms
    return page
