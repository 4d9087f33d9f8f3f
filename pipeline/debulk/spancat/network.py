"""The network: hashed words, a window over them, and a score of each run for each label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy
import srsly
from numpy.typing import NDArray
from spacy.ml.models.tok2vec import MaxoutWindowEncoder
from thinc.api import HashEmbed, Linear, Maxout, Model, NumpyOps, chain, concatenate, use_ops

from debulk.page import Extent, Page
from debulk.spancat.features import COLUMNS, Keys, Seen, hashed, seen
from debulk.spancat.pieces import Block, blocks

WIDTH = 64  # of a word's vector
_DEPTH = 2  # windows of one word to each side
_HIDDEN = 128
_ROWS = (6000, 3000, 3000, 200, 1000, 600, 600)  # of the hashed tables, one a column
_REMEMBERED = 8_000  # words, so that memory stays flat over an archive
_RARE_CONCEPT, _RARE_STATUS = -2.5, -2.0  # scores before training: most runs tell of nothing

Floats = NDArray[numpy.float32]
Label = tuple[str, str]
"""A concept and its status."""
Backprop = Callable[[Floats], None]
_OPS = NumpyOps()


class Chance(NamedTuple):
    """How likely a note tells of a label, and in which run of its words."""

    probability: float
    run: Extent


class Network:
    """Scores the runs of a page for labels.

    What labels have in common they share: a score is the sum of the concept's, the status's and
    the pair's own. The layers are spaCy's: hashed embeddings, a maxout window encoder. It remembers
    the words that it has read, so that one thread at a time may use it.
    """

    def __init__(self, labels: Sequence[Label]) -> None:
        self.labels = tuple(labels)
        parts = [
            *sorted({concept for concept, _ in labels}),
            *sorted({status for _, status in labels}),
            *self.labels,
        ]
        self._shared = numpy.zeros((len(parts), len(self.labels)), dtype="f")
        for at, label in enumerate(self.labels):
            for part in (*label, label):
                self._shared[parts.index(part), at] = 1
        with use_ops("numpy", use_blis=False):  # numpy's own matrix product: a third faster
            tables: list[Model[Any, Any]] = [
                HashEmbed(WIDTH if at == 0 else WIDTH // 2, rows, seed=at + 1, column=at)
                for at, rows in enumerate(_ROWS)
            ]
            self.words: Model[Any, Any] = chain(
                concatenate(*tables), Maxout(WIDTH, nP=3, normalize=True)
            )
            self.windows: Model[Any, Any] = MaxoutWindowEncoder(
                width=WIDTH, window_size=1, maxout_pieces=3, depth=_DEPTH
            )
            self.scorer: Model[Any, Any] = chain(
                Maxout(_HIDDEN, nP=2, normalize=True), Linear(len(parts))
            )
            self.words.initialize(X=numpy.ones((2, len(COLUMNS)), dtype="uint64"))
            self.windows.initialize()
            self.scorer.initialize(X=numpy.zeros((2, 4 * WIDTH), dtype="f"))
        bias: Any = numpy.zeros(len(parts), dtype="f")
        bias[: len(parts) - len(self.labels)] = _RARE_STATUS
        bias[: len({concept for concept, _ in labels})] = _RARE_CONCEPT
        self.scorer.layers[-1].set_param("b", bias)
        self._known: dict[Seen, int] = {}
        self._vectors = numpy.zeros((_REMEMBERED, WIDTH), dtype="f")

    # -- reading

    def chances(self, page: Page) -> dict[Label, Chance]:
        """How likely each label is in a note: as likely as in the best of its runs."""
        words = seen(page)
        found: dict[Label, Chance] = {}
        for block in blocks(page):
            read = [words[start:end] for start, end in block.sentences]
            ends = numpy.array([len(each) for each in read]).cumsum()[:-1]
            vectors = self._vectors_of([word for each in read for word in each])
            vectors = numpy.concatenate(self.windows.predict(numpy.split(vectors, ends)))
            scores = self.scorer.predict(_joining(vectors, block)[0]) @ self._shared
            best = scores.argmax(axis=0)
            top = 1 / (1 + numpy.exp(-scores[best, numpy.arange(len(best))]))
            for label, chance, at in zip(self.labels, top.tolist(), best.tolist(), strict=True):
                if label not in found or chance > found[label].probability:
                    found[label] = Chance(chance, block.runs[at])
        return found

    def _vectors_of(self, words: list[Seen]) -> Floats:
        """The words' vectors; those of a distinct word are worked out once."""
        known = self._known
        new = list(dict.fromkeys(word for word in words if word not in known))
        if len(known) + len(new) > _REMEMBERED:
            known.clear()
            new = list(dict.fromkeys(words))
        if new:
            first = len(known)
            self._vectors[first : first + len(new)] = self.words.predict(hashed(new))
            known.update((word, at) for at, word in enumerate(new, first))
        return self._vectors[[known[word] for word in words]]

    # -- learning

    def forward(
        self, keys: Sequence[Keys], block: Block, kept: Callable[[tuple[int, ...]], Floats]
    ) -> tuple[Floats, Backprop]:
        """The scores of a block's runs and the way back; `keys` are of its sentences, and `kept`
        draws a mask of dropout."""
        ends = numpy.array([len(each) for each in keys]).cumsum()[:-1]
        embedded, to_words = self.words(numpy.concatenate(keys), is_train=True)
        windows, to_windows = self.windows(numpy.split(embedded, ends), is_train=True)
        vectors = numpy.concatenate(windows)
        first = kept(vectors.shape)
        joined, to_vectors = _joining(vectors * first, block)
        second = kept(joined.shape)
        scores, to_joined = self.scorer(joined * second, is_train=True)

        def backprop(loss: Floats) -> None:
            back = to_vectors(to_joined(loss @ self._shared.T) * second)
            to_words(numpy.concatenate(to_windows(numpy.split(back * first, ends))))

        return scores @ self._shared, backprop

    def update(self, optimizer: Any) -> None:
        """Take one step of learning."""
        for layer in (self.words, self.windows, self.scorer):
            layer.finish_update(optimizer)

    # -- keeping

    def to_bytes(self) -> bytes:
        """The weights, as thinc writes them."""
        layers = {name: getattr(self, name).to_bytes() for name in ("words", "windows", "scorer")}
        return bytes(srsly.msgpack_dumps(layers))

    def from_bytes(self, data: bytes) -> Network:
        """Take weights; raises ValueError for those of another network."""
        layers = srsly.msgpack_loads(data)
        if set(layers) != {"words", "windows", "scorer"}:
            raise ValueError("These are the weights of another network.")
        for name, layer in layers.items():
            getattr(self, name).from_bytes(layer)
        self._known.clear()
        return self


def _joining(vectors: Floats, block: Block) -> tuple[Floats, Callable[[Floats], Floats]]:
    """Mean and greatest of each run and of its sentence, side by side; and the way back.

    `vectors` are of the words of the block's sentences, one after another.
    """
    lengths = numpy.array([end - start for start, end in block.sentences], dtype="int64")
    shift = lengths.cumsum() - lengths - [start for start, _ in block.sentences]
    owner = numpy.array(block.sentence_of, dtype="int64")
    of_runs, to_runs = _pooled(vectors, numpy.array(block.runs) + shift[owner, None])
    of_sentences, to_sentences = _pooled(vectors, numpy.array(block.sentences) + shift[:, None])

    def backprop(loss: Floats) -> Floats:
        half = of_runs.shape[1]
        own = numpy.zeros_like(of_sentences)
        numpy.add.at(own, owner, loss[:, half:])
        return to_runs(loss[:, :half]) + to_sentences(own)

    return numpy.concatenate([of_runs, of_sentences[owner]], axis=1), backprop


def _pooled(
    vectors: Floats, bounds: NDArray[numpy.int64]
) -> tuple[Floats, Callable[[Floats], Floats]]:
    """Mean and greatest of the vectors within bounds, shape (runs, 2), and the way back."""
    lengths = bounds[:, 1] - bounds[:, 0]
    ends = lengths.cumsum()
    places = numpy.arange(ends[-1]) + numpy.repeat(bounds[:, 0] - ends + lengths, lengths)
    counts = lengths.astype("int32")
    inside = vectors[places]
    mean = _OPS.reduce_mean(inside, counts)
    greatest, which = _OPS.reduce_max(inside, counts)

    def backprop(loss: Floats) -> Floats:
        width = vectors.shape[1]
        first, second = (numpy.ascontiguousarray(part) for part in numpy.split(loss, [width], 1))
        back = _OPS.backprop_reduce_mean(first, counts)
        back += _OPS.backprop_reduce_max(second, which, counts)
        found = numpy.zeros_like(vectors)
        numpy.add.at(found, places, back)
        return found

    return numpy.concatenate([mean, greatest], axis=1), backprop
