"""Train span categoriser and classifier from the corpus: the same bytes for the same input and
versions, on one kind of processor (another may sum in another order)."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from debulk import classifier, corpus, model, selection
from debulk.coder import Coder
from debulk.errors import CorpusError, ModelError
from debulk.facts import gather
from debulk.reading import read
from debulk.spancat import Network
from debulk.spancat.crossfit import networks
from debulk.values import Case

SPLITS = ("train", "dev")
"""The splits that training reads; the test split is for scoring alone."""


def cases(
    nlp: Any, notes: Sequence[corpus.Note], without: Mapping[str, Network] | None = None
) -> list[Case]:
    """What the pipeline reads of each note: the classifier learns from that, not from gold.

    `without` gives, by voice, the span categoriser's network that has not seen the voice.
    """
    spans, found = nlp.get_pipe("debulk_spancat"), []
    own = spans.network
    try:
        for note in notes:
            spans.network = without[note.voice] if without is not None else own
            found.append(gather(read(nlp(note.text))))
    finally:
        spans.network = own
    return found


def held_out_cases(notes: Sequence[corpus.Note]) -> list[Case]:
    """What the pipeline reads of each note with networks that have not seen the note's voice."""
    nlp = model.blank()
    return cases(nlp, notes, networks(nlp, notes, whole=False).without)


def examples(read_cases: Sequence[Case], notes: Sequence[corpus.Note]) -> list[selection.Example]:
    """The corpus as examples for the classifier."""
    return [
        selection.Example(classifier.features(case), note.case, note.voice)
        for case, note in zip(read_cases, notes, strict=True)
    ]


def learning_notes(folder: Path) -> list[corpus.Note]:
    """The notes that training reads."""
    notes = [note for split in SPLITS for note in corpus.notes(folder, split)]
    if len({note.voice for note in notes}) < 2:
        raise CorpusError("Training holds out one voice at a time: the corpus needs two voices.")
    return notes


def train(
    corpus_folder: Path, out: Path, *, reviews: Sequence[selection.Example] = ()
) -> dict[str, Any]:
    """Train on the training voices, and reviews where given; returns the meta of the model.

    Raises ModelError, and writes nothing, where reviews lower the score on voices held out.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):  # sums in another order are other bytes
        notes = learning_notes(corpus_folder)
        nlp = model.blank()
        learned = networks(nlp, notes)
        read_cases = cases(nlp, notes, learned.without)
        own = examples(read_cases, notes)
        everything = [*own, *reviews]
        statistics = selection.fit(everything)
        data = _bytes(statistics)
        with tempfile.TemporaryDirectory() as folder:
            stage = Path(folder)
            _write(stage, data, learned.whole, {"threshold": 1.0, "radius": 0.0})
            coder = Coder(stage)
        held_out = selection.leave_one_voice_out(everything, read_cases, notes)
        choice = selection.choose(coder, held_out)
        changed = None
        if reviews:
            before = selection.leave_one_voice_out(own, read_cases, notes)
            changed = _changes(coder, before, selection.choose(coder, before), held_out, choice)
            changed["reviews"] = len(reviews)
    meta = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "threshold": choice.threshold,
        "radius": choice.radius,
        "trained_on": {
            "notes": len(notes),
            "voices": sorted({note.voice for note in notes}),
            "reviews": len(reviews),
        },
        "held_out_voices": dict(choice.figures),
    }
    if changed:
        meta["changed_by_reviews"] = changed
    _write(out, data, learned.whole, meta)
    return meta | {"versions": versions()}


def _changes(
    coder: Coder,
    before: Sequence[selection.HeldOut],
    old: selection.Choice,
    after: Sequence[selection.HeldOut],
    new: selection.Choice,
) -> dict[str, Any]:
    """What reviews change on voices held out; a refusal where fewer notes get their case."""
    was, now = selection.right_cases(before), selection.right_cases(after)
    if now < was:
        raise ModelError(
            f"The reviews were not learned from: on voices held out {now} of {len(after)} notes "
            f"get their case and {was} did before; look through the reviews, or leave them out."
        )
    answers = []
    for one, other in zip(before, after, strict=True):
        first = selection.report(coder, one, old.threshold, old.radius)
        second = selection.report(coder, other, new.threshold, new.radius)
        if first.decision != second.decision:
            answers.append(
                {"note": one.note.id, "before": first.decision, "after": second.decision}
            )
    return {
        "notes with the right case": {"before": was, "after": now},
        "threshold": {"before": old.threshold, "after": new.threshold},
        "suggested": {
            "before": old.figures["kept by the threshold"],
            "after": new.figures["kept by the threshold"],
        },
        "answers": answers,
    }


def _bytes(statistics: classifier.Statistics) -> bytes:
    """The estimators as joblib writes them, by value.

    A pickler writes an object that it has met as a reference. Whether two equal strings are one
    object depends on what else the process did, so that strings are written out each time.
    """
    import numpy
    from joblib.numpy_pickle import NumpyPickler

    class ByValue(NumpyPickler):  # type: ignore[misc]
        def memoize(self, obj: Any) -> None:
            if not isinstance(obj, (str, bytes, numpy.dtype)):
                super().memoize(obj)

    buffer = io.BytesIO()
    ByValue(buffer, protocol=4).dump((statistics.pipeline, statistics.neighbours))
    return buffer.getvalue()


def _write(out: Path, data: bytes, network: Network | None, meta: Mapping[str, Any]) -> None:
    """Write a model folder: a pipeline that has read no note, the classifier, and meta.json."""
    nlp = model.blank()
    spans = nlp.get_pipe("debulk_spancat")
    spans.network = network
    nlp.meta.update(
        {
            "name": "debulking",
            "version": "0.1.0",
            "description": "Reads operative notes of gynaecologic tumour debulking",
            "license": "Apache-2.0",
            "debulk": {
                **meta,
                "sha256": hashlib.sha256(data).hexdigest(),
                "spancat_sha256": hashlib.sha256(spans.to_bytes()).hexdigest(),
                "versions": versions(),
            },
        }
    )
    out.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out)
    (out / "classifier.joblib").write_bytes(data)
    file = out / "meta.json"
    written = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(written, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def versions() -> dict[str, str]:
    """The versions that decide the bytes of a model."""
    import joblib
    import numpy
    import scipy
    import scispacy
    import sklearn
    import spacy
    import thinc

    return {
        "thinc": thinc.__version__,
        "spacy": spacy.__version__,
        "scispacy": scispacy.__version__,
        "scikit-learn": sklearn.__version__,
        "scipy": scipy.__version__,
        "joblib": joblib.__version__,
        "numpy": numpy.__version__,
    }
