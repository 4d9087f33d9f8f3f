"""Train the classifier from the corpus: the same bytes for the same input and versions."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from debulk import classifier, corpus, model
from debulk.coder import gather, read
from debulk.values import Case


def cases(nlp: Any, notes: Sequence[corpus.Note]) -> list[Case]:
    """What the pipeline reads of each note."""
    return [gather(read(nlp(note.text))) for note in notes]


def train(corpus_folder: Path, out: Path) -> dict[str, Any]:
    """Train on the training voices and write the model folder; returns its debulk meta."""
    import joblib
    import numpy
    import scispacy
    import sklearn
    import spacy

    nlp = model.blank()
    notes = list(corpus.notes(corpus_folder, "train"))
    found = cases(nlp, notes)
    estimator = classifier.build()
    estimator.fit([classifier.features(c) for c in found], [n.case for n in notes])  # type: ignore[attr-defined]
    buffer = io.BytesIO()
    joblib.dump(estimator, buffer)
    data = buffer.getvalue()
    meta = {
        "sha256": hashlib.sha256(data).hexdigest(),
        "threshold": 0.5,
        "trained_on": {"notes": len(notes), "voices": corpus.splits(corpus_folder)["train"]},
        "versions": {
            "spacy": spacy.__version__,
            "scispacy": scispacy.__version__,
            "scikit-learn": sklearn.__version__,
            "joblib": joblib.__version__,
            "numpy": numpy.__version__,
        },
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
