"""Networks for a corpus: one that learned from every note, and for each voice one that did not
learn from that voice.

What a network makes of the notes it learned from says nothing of a strange hand. So the classifier
learns from, and is scored on, notes as networks read them that never met their voice.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from debulk.components.layout import page_of
from debulk.corpus import Note
from debulk.errors import CorpusError
from debulk.page import Extent, Page
from debulk.reading import mentions_of
from debulk.spancat.learning import Example, Told, examples, learn
from debulk.spancat.network import Label, Network

FOLDS = 3
Lesson = Sequence[Example]
"""What is to be learned from one note."""


@dataclass(frozen=True)
class Networks:
    """`whole` learned from every note; `without` holds, by voice, one that never met it."""

    whole: Network | None
    without: Mapping[str, Network]


def networks(rules: Any, notes: Sequence[Note], *, whole: bool = True) -> Networks:
    """Learn from notes with gold. `rules` is a pipeline of the rules alone; without `whole` only
    the networks that leave voices out."""
    from joblib import Parallel, delayed

    lessons = [_lesson(rules, note) for note in notes]
    voices = sorted({note.voice for note in notes})
    folds = [voices[at::FOLDS] for at in range(min(FOLDS, len(voices)))]
    left_out = [*folds, *([[]] if whole else [])]
    chosen = [
        [lesson for lesson, note in zip(lessons, notes, strict=True) if note.voice not in out]
        for out in left_out
    ]
    jobs = max(1, min(len(chosen), os.cpu_count() or 1))
    found = [
        Network(labels).from_bytes(weights)
        for labels, weights in Parallel(n_jobs=jobs)(delayed(_learned)(each) for each in chosen)
    ]
    without = {voice: network for out, network in zip(folds, found, strict=False) for voice in out}
    return Networks(found[-1] if whole else None, without)


def _learned(lessons: Sequence[Lesson]) -> tuple[tuple[Label, ...], bytes]:
    """Learn in a worker; on one thread, as sums in another order are other weights."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        network = learn(lessons)
    return network.labels, network.to_bytes()


def _lesson(rules: Any, note: Note) -> Lesson:
    doc = rules(note.text)
    page = page_of(doc)
    labels = [(concept, status) for concept, status in note.gold["statuses"]]
    told = [*_quoted(page, note)]
    told += [
        Told((m.concept, m.status), _words(page, m.start, m.end), False) for m in mentions_of(doc)
    ]
    return examples(page, labels, told)


def _quoted(page: Page, note: Note) -> Iterator[Told]:
    for quote in note.gold["quotes"]:
        start = note.text.find(quote["quote"])
        if start < 0:
            raise CorpusError(f"A quote of {note.id} does not stand in its text.")
        words = _words(page, start, start + len(quote["quote"]))
        yield Told((quote["concept"], quote["status"]), words, True)


def _words(page: Page, start: int, end: int) -> Extent:
    """The words that overlap characters of the text."""
    first = bisect_right(page.words, start, key=lambda word: word.end)
    return Extent(first, bisect_left(page.words, end, key=lambda word: word.start))
