"""Learn a network from notes with gold: the same weights for the same notes and versions.

The gold of a note lists its labels with one quote each, and does not say where else a label is
told. So a label that the note lacks is a sure no in every run; one that it has is a sure yes at its
quote, and where the rules found it, and unknown elsewhere.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy
from thinc.api import Adam, fix_random_seed

from debulk.page import Extent, Page
from debulk.spancat.features import TERMS, Keys, hashed, seen
from debulk.spancat.network import Floats, Label, Network
from debulk.spancat.pieces import Block, blocks

_PASSES = 18
_BATCH = 3  # blocks
_RATE = 0.0015
_WARM_UP = 60  # steps
_LAST = 0.03  # of the rate
_DROPOUT = 0.25
_LEAST = 2  # notes that tell of a label
_CLOSE = 0.75  # overlap from which a run is as good as the quote
_NO_NORM, _NO_PREFIX, _NO_TERMS = 0.08, 0.04, 0.05
"""Shares of the words that lose a part while learning: an unknown hand has words of its own."""


@dataclass(frozen=True)
class Told:
    """A label and the words that tell of it; `quoted` by the gold, or found by the rules."""

    label: Label
    words: Extent
    quoted: bool


@dataclass(frozen=True)
class Example:
    """A block of a note, the keys of its sentences, all labels of the note, where some are told."""

    keys: Sequence[Keys]
    block: Block
    labels: frozenset[Label]
    told: tuple[Told, ...]


def examples(page: Page, labels: Iterable[Label], told: Iterable[Told]) -> list[Example]:
    """The examples of a note; quotes and finds of labels that it lacks are left out."""
    keys, true = hashed(seen(page)), frozenset(labels)
    kept = tuple(one for one in told if one.label in true)
    return [
        Example([keys[start:end] for start, end in block.sentences], block, true, kept)
        for block in blocks(page)
    ]


def learn(notes: Sequence[Sequence[Example]], seed: int = 0) -> Network:
    """A network that has learned the labels that at least two of the notes tell of."""
    fix_random_seed(seed)
    draw, shuffle = numpy.random.default_rng(seed), random.Random(seed)
    told = Counter(label for note in notes for label in (note[0].labels if note else ()))
    network = Network(sorted(label for label, count in told.items() if count >= _LEAST))
    everything = [(one, *_targets(one, network.labels)) for note in notes for one in note]
    optimizer = Adam(_RATE, L2=0.005, grad_clip=1.0, use_averages=False)
    steps = _PASSES * -(-len(everything) // _BATCH)
    step = 0

    def kept(shape: tuple[int, ...]) -> Floats:
        found = (draw.random(shape) > _DROPOUT).astype("f")
        return found / numpy.float32(1 - _DROPOUT)

    for _ in range(_PASSES):
        shuffle.shuffle(everything)
        for at in range(0, len(everything), _BATCH):
            batch = everything[at : at + _BATCH]
            block = _together([one for one, _, _ in batch])
            keys = [_blurred(each, draw) for one, _, _ in batch for each in one.keys]
            target, known = (numpy.concatenate([one[part] for one in batch]) for part in (1, 2))
            scores, backprop = network.forward(keys, block, kept)
            chances = 1 / (1 + numpy.exp(-numpy.clip(scores, -20, 20)))
            backprop(((chances - target) * known / len(batch)).astype("f"))
            step += 1
            warm, cool = step / _WARM_UP, 1 - step / steps
            optimizer.learn_rate = _RATE * min(1.0, warm) * max(_LAST, cool)
            network.update(optimizer)
    return network


def _together(batch: Sequence[Example]) -> Block:
    """Several blocks as one."""
    found = Block()
    for one in batch:
        found.sentence_of += [len(found.sentences) + at for at in one.block.sentence_of]
        found.sentences += one.block.sentences
        found.runs += one.block.runs
    return found


def _targets(example: Example, labels: Sequence[Label]) -> tuple[Floats, Floats]:
    """Yes or no for each run and label, and which of those answers are known."""
    runs, place = example.block.runs, {label: at for at, label in enumerate(labels)}
    yes = numpy.zeros((len(runs), len(labels)), dtype="f")
    known = numpy.ones_like(yes)
    for label in example.labels & place.keys():
        known[:, place[label]] = 0
    for told in example.told:
        if told.label in place:
            at = place[told.label]
            for run in _telling(runs, told):
                yes[run, at] = known[run, at] = 1
    return yes, known


def _telling(runs: Sequence[Extent], told: Told) -> list[int]:
    """The runs that hold a find most closely, or overlap a quote best."""
    start, end = told.words
    overlaps = {
        at: min(run.end, end) - max(run.start, start)
        for at, run in enumerate(runs)
        if run.start < end and run.end > start
    }
    if not overlaps:
        return []
    share = {
        at: both / (runs[at].end - runs[at].start + end - start - both)
        for at, both in overlaps.items()
    }
    best = max(share, key=lambda at: (share[at], -at))
    if told.quoted:
        return [at for at in share if at == best or share[at] >= _CLOSE]
    around = [at for at in overlaps if runs[at].start <= start and end <= runs[at].end]
    return [min(around, key=lambda at: runs[at].end - runs[at].start)] if around else [best]


def _blurred(keys: Keys, draw: numpy.random.Generator) -> Keys:
    """The words with some of what is seen of them hidden."""
    chance = draw.random(len(keys))
    found = keys.copy()
    found[chance < _NO_NORM, 0] = 0
    found[chance < _NO_PREFIX, 1] = 0
    found[chance > 1 - _NO_TERMS, TERMS:] = 0
    return found
