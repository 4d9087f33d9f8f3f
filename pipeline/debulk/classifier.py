"""The statistical reader: calibrated probabilities of the clinical cases from what was read.

A linear model over facts and mentions, so that what moved a probability can be said exactly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import NearestNeighbors
from sklearn.pipeline import make_pipeline

from debulk.temperature import TemperatureScaled
from debulk.values import FACT_VALUES, Case

OUT_OF_SCOPE = "out_of_scope"
_COUNTED = frozenset(
    "tumor_debulking tumor_excision tumor_destruction omentectomy omental_biopsy "
    "pelvic_lymphadenectomy paraaortic_lymphadenectomy hysterectomy salpingo_oophorectomy "
    "oophorectomy staging_laparotomy exploratory_laparotomy diagnostic_laparoscopy "
    "peritonectomy diaphragm_stripping peritoneal_biopsy pelvic_exenteration "
    "small_bowel_resection rectosigmoid_resection colectomy splenectomy hernia_repair ostomy "
    "peritoneal_washings".split()
)


def features(case: Case) -> dict[str, float]:
    """The features of a case: its facts, and each procedure by status and place."""
    found: dict[str, float] = {}
    for name in FACT_VALUES:
        found[f"{name}={case.value(name)}"] = 1.0
    for name in ("debulking", "staging_only"):
        found[f"{name}={'yes' if case.value(name) else 'no'}"] = 1.0
    if case.value("pelvic_nodes") == case.value("paraaortic_nodes") == "dissection":
        found["both_basins"] = 1.0
    if case.value("tumor_lengths_cm"):
        found["lengths"] = 1.0
    for mention in case.mentions:
        if mention.concept in _COUNTED:
            where = "title" if mention.section == "title" else "body"
            found[f"{mention.concept}:{mention.status}:{where}"] = 0.5
    return found


def fact_of(feature: str) -> str:
    """The fact that a feature belongs to, "" for a mention."""
    name = feature.split("=")[0]
    if name == "both_basins":
        return "paraaortic_nodes"
    return name if "=" in feature else ""


def build(cv: Any = 5) -> Any:
    """An untrained classifier: features to probabilities, calibrated on held-out folds."""
    linear = LogisticRegression(C=2.0, max_iter=3000)
    return make_pipeline(DictVectorizer(sparse=False), TemperatureScaled(linear, cv))


def neighbours() -> Any:
    """How far a case lies from the nearest case of training, for the drift guard."""
    return NearestNeighbors(n_neighbors=1, metric="manhattan", algorithm="ball_tree")


@dataclass(frozen=True)
class Verdict:
    """What the statistical reader says of a case."""

    chances: Mapping[str, float]  # every case, most likely first
    distance: float  # to the nearest case of training
    features: Mapping[str, float]

    @property
    def best(self) -> str:
        """The most likely case."""
        return next(iter(self.chances))


@dataclass(frozen=True)
class Statistics:
    """The trained estimators of a model folder."""

    pipeline: Any
    neighbours: Any

    def read(self, case: Case) -> Verdict:
        """The verdict on a case."""
        found = features(case)
        row = self.pipeline.predict_proba([found])[0]
        pairs: Sequence[tuple[str, float]] = sorted(
            zip(self.pipeline.classes_, (float(p) for p in row), strict=True),
            key=lambda pair: -pair[1],
        )
        vector = self.pipeline[0].transform([found])
        distance = float(self.neighbours.kneighbors(vector)[0][0][0])
        # Values that training never saw have no column: each lies one step away.
        unseen = sum(v for k, v in found.items() if k not in self.pipeline[0].vocabulary_)
        return Verdict(dict(pairs), distance + unseen, found)

    def weights(self, verdict: Verdict, case: str, against: str) -> list[tuple[str, float]]:
        """How much each feature moved the log odds of one case against another, exactly."""
        vectorizer, scaled = self.pipeline
        linear = scaled.estimator_
        classes = list(linear.classes_)
        if case not in classes or against not in classes:
            return []
        scale = 1.0 / scaled.temperature_
        rows = linear.coef_ if len(classes) > 2 else (-linear.coef_[0] / 2, linear.coef_[0] / 2)
        difference = rows[classes.index(case)] - rows[classes.index(against)]
        found = [
            (name, scale * value * float(difference[vectorizer.vocabulary_[name]]))
            for name, value in verdict.features.items()
            if name in vectorizer.vocabulary_
        ]
        return sorted(found, key=lambda pair: -abs(pair[1]))
