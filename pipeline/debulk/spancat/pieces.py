"""The runs of words that are scored: one to four pieces of a sentence, and a longer one whole.

A piece of more than 45 words stands in no run unless its sentence does: of the corpus's 26,000
sentences, one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from debulk.page import Extent, Page
from debulk.tables import wordset

_ENDS = wordset("piece_ends") | {"|"}  # the cells of a table
_STARTS = wordset("piece_starts")
_KINDS = ("procedure", "organ", "region", "action")
_MOST = 4  # pieces in a run
_LONGEST = 45  # words in a run, but for the sentence whole
_BLOCK = 2_000  # words: what a very long note is scored by, so that memory stays flat


@dataclass
class Block:
    """Sentences of a page and their runs, in reading order."""

    sentences: list[Extent] = field(default_factory=list)
    runs: list[Extent] = field(default_factory=list)
    sentence_of: list[int] = field(default_factory=list)
    """The number of each run's sentence."""


def blocks(page: Page) -> Iterator[Block]:
    """The runs of the sentences with a procedure, an organ, a region or an action of the tables.

    Those hold five in six words of an operative note and 99 % of the quotes of the corpus's gold.
    """
    telling = bytearray(len(page.words))
    for hit in page.hits:
        if hit.term.kind in _KINDS:
            telling[hit.start] = 1
    block, words = Block(), 0
    for sentence in _sentences(page):
        length = sentence.end - sentence.start
        if not any(telling[sentence.start : sentence.end]):
            continue
        if words + length > _BLOCK:
            yield block
            block, words = Block(), 0
        words += length
        found = _runs(page, sentence)
        block.runs += found
        block.sentence_of += [len(block.sentences)] * len(found)
        block.sentences.append(sentence)
    if block.runs:
        yield block


def _sentences(page: Page) -> Iterator[Extent]:
    """The sentences; one without end, as of a dictation without stops, in parts."""
    for start, end in page.sentences:
        for part in range(start, end, _BLOCK):
            yield Extent(part, min(end, part + _BLOCK))


def _runs(page: Page, sentence: Extent) -> list[Extent]:
    cuts = {sentence.start, sentence.end}
    cuts.update(clause.start for clause in page.clauses(sentence))
    for at, norm in enumerate(page.norms[sentence.start : sentence.end], sentence.start):
        if norm in _ENDS:
            cuts.add(at + 1)
        elif norm in _STARTS:
            cuts.add(at)
    bounds = sorted(cuts)
    found = [
        Extent(start, end)
        for at, start in enumerate(bounds[:-1])
        for end in bounds[at + 1 : at + 1 + _MOST]
        if end - start <= _LONGEST
    ]
    if len(bounds) - 1 > _MOST or not found:
        found.append(sentence)
    return found
