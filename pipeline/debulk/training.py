"""Train the classifier from the corpus: the same bytes for the same input and versions."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from debulk import classifier, corpus, model, selection
from debulk.facts import gather
from debulk.reading import read
from debulk.values import Case

SPLITS = ("train", "dev")
"""The splits that training reads; the test split is for scoring alone."""


def cases(nlp: Any, notes: Sequence[corpus.Note]) -> list[Case]:
    """What the pipeline reads of each note: the classifier learns from that, not from gold."""
    return [gather(read(nlp(note.text))) for note in notes]


def train(
    corpus_folder: Path, out: Path, *, reviews: Sequence[selection.Example] = ()
) -> dict[str, Any]:
    """Train on the training voices, and reviews where given; returns the meta of the model."""
    import joblib

    nlp = model.blank()
    notes = [note for split in SPLITS for note in corpus.notes(corpus_folder, split)]
    read_cases = cases(nlp, notes)
    examples = [
        selection.Example(classifier.features(case), note.case, note.voice)
        for case, note in zip(read_cases, notes, strict=True)
    ]
    examples.extend(reviews)
    pipeline, neighbours = selection.fit(examples)
    threshold, radius, folds = selection.calibrate(examples, read_cases, notes)
    buffer = io.BytesIO()
    joblib.dump((pipeline, neighbours), buffer)
    data = buffer.getvalue()
    meta = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "threshold": threshold,
        "radius": radius,
        "trained_on": {
            "notes": len(notes),
            "voices": sorted({note.voice for note in notes}),
            "reviews": len(reviews),
        },
        "held_out_voices": folds,
        "versions": versions(),
    }
    nlp.meta.update(
        {
            "name": "debulking",
            "version": "0.1.0",
            "description": "Reads operative notes of gynaecologic tumour debulking",
            "license": "Apache-2.0",
            "debulk": meta,
        }
    )
    out.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(out)
    (out / "classifier.joblib").write_bytes(data)
    file = out / "meta.json"
    written = json.loads(file.read_text("utf-8"))
    file.write_text(json.dumps(written, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return meta


def versions() -> dict[str, str]:
    """The versions that decide the bytes of a model."""
    import joblib
    import numpy
    import scispacy
    import sklearn
    import spacy

    return {
        "spacy": spacy.__version__,
        "scispacy": scispacy.__version__,
        "scikit-learn": sklearn.__version__,
        "joblib": joblib.__version__,
        "numpy": numpy.__version__,
    }
