"""Find, check and load the model folder: a spaCy pipeline with the classifier beside it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from debulk.errors import ModelError

if TYPE_CHECKING:
    from debulk.classifier import Statistics

PIPES = (
    "debulk_sections",
    "debulk_abbreviations",
    "debulk_mentions",
    "debulk_status",
    "debulk_measures",
    "debulk_spancat",
)
_NAME = "debulking"


@dataclass(frozen=True)
class Model:
    """A loaded classifier with what its meta.json says."""

    statistics: Statistics
    meta: Mapping[str, Any]
    sha256: str

    @property
    def threshold(self) -> float:
        """The probability a suggestion must clear."""
        return float(self.meta["threshold"])

    @property
    def radius(self) -> float:
        """How far from the cases of training a note may lie and still be suggested."""
        return float(self.meta["radius"])


def folder(path: str | Path | None = None) -> Path:
    """The model folder: the argument, DEBULK_MODEL, the package's, the checkout's."""
    asked = path or os.environ.get("DEBULK_MODEL")
    if asked:
        found = Path(asked)
        if (found / "meta.json").is_file():
            return found
        raise ModelError(f"{found.name} is no model folder: it holds no meta.json.")
    here = Path(__file__).resolve().parent
    for candidate in (here / "models" / _NAME, here.parents[1] / "models" / _NAME):
        if (candidate / "meta.json").is_file():
            return candidate
    raise ModelError("No model was found: run `debulk train`, or name a folder with --model.")


def blank() -> Any:
    """The reading pipeline, untrained: scispaCy's tokenizer and the components of debulk."""
    import spacy

    nlp = spacy.blank("en", config={"nlp": {"tokenizer": {"@tokenizers": "debulk_tokenizer"}}})
    for name in PIPES:
        nlp.add_pipe(name)
    return nlp


def load_pipeline(path: str | Path | None = None) -> Any:
    """The spaCy pipeline of a model folder, the weights of its span categoriser checked."""
    import spacy

    where = folder(path)
    meta = json.loads((where / "meta.json").read_text(encoding="utf-8")).get("debulk") or {}
    weights = where / "debulk_spancat" / "spancat.msgpack"
    found = weights.read_bytes() if weights.is_file() else b""
    if hashlib.sha256(found).hexdigest() != meta.get("spancat_sha256"):
        raise ModelError(
            "spancat.msgpack is not the file that meta.json describes; it was not loaded. "
            "Run `debulk train` to rebuild it."
        )
    return spacy.load(where)


def load_classifier(path: str | Path | None = None) -> Model:
    """The classifier of a model folder, its hash checked before it is unpickled."""
    where = folder(path)
    meta = json.loads((where / "meta.json").read_text(encoding="utf-8")).get("debulk")
    file = where / "classifier.joblib"
    if not meta or not file.is_file():
        raise ModelError(f"The model folder {where.name} holds no debulk classifier.")
    data = file.read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    if sha256 != meta["sha256"]:
        raise ModelError(
            "classifier.joblib is not the file that meta.json describes; it was not loaded. "
            "Run `debulk train` to rebuild it."
        )
    import io

    import joblib
    import sklearn

    made, here = _minor(meta["versions"]["scikit-learn"]), _minor(sklearn.__version__)
    if made != here:
        raise ModelError(
            f"The classifier was trained with scikit-learn {made} and this is {here}; "
            "install that version or run `debulk train`."
        )
    pipeline, neighbours = joblib.load(io.BytesIO(data))
    from debulk.classifier import Statistics

    return Model(Statistics(pipeline, neighbours), meta, sha256)


def _minor(version: str) -> str:
    return ".".join(version.split(".")[:2])
