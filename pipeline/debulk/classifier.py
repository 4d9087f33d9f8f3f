"""The statistical reader: calibrated probabilities of the clinical cases from what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from debulk.values import FACT_VALUES, Case

if TYPE_CHECKING:
    from sklearn.base import BaseEstimator

OUT_OF_SCOPE = "out_of_scope"
REVIEW = "no_case"
_COUNTED = (
    "tumor_debulking tumor_excision tumor_destruction omentectomy omental_biopsy "
    "pelvic_lymphadenectomy paraaortic_lymphadenectomy hysterectomy salpingo_oophorectomy "
    "oophorectomy staging_laparotomy exploratory_laparotomy diagnostic_laparoscopy "
    "peritonectomy diaphragm_stripping peritoneal_biopsy pelvic_exenteration "
    "small_bowel_resection rectosigmoid_resection colectomy splenectomy hernia_repair ostomy "
    "peritoneal_washings".split()
)


def features(case: Case) -> dict[str, float]:
    """The features of a case: its facts and how often each procedure was read with a status."""
    found: dict[str, float] = {}
    for name in FACT_VALUES:
        found[f"{name}={case.value(name)}"] = 1.0
    for name in ("debulking", "staging_only"):
        found[f"{name}={'yes' if case.value(name) else 'no'}"] = 1.0
    found["both_basins"] = float(
        case.value("pelvic_nodes") == "dissection" and case.value("paraaortic_nodes") == "dissection"
    )
    found["lengths"] = float(bool(case.value("tumor_lengths_cm")))
    for mention in case.mentions:
        if mention.concept in _COUNTED:
            where = "title" if mention.section == "title" else "body"
            key = f"{mention.concept}:{mention.status}:{where}"
            found[key] = min(found.get(key, 0.0) + 0.5, 1.0)
    found["conflicts"] = float(bool(case.conflicts))
    return found


def build() -> BaseEstimator:
    """An untrained classifier: features to calibrated probabilities."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    return make_pipeline(
        DictVectorizer(sparse=False),
        LogisticRegression(C=3.0, max_iter=2000, class_weight="balanced"),
    )


def probabilities(model: Any, case: Case) -> Mapping[str, float]:
    """The probability of every case, most likely first."""
    row = model.predict_proba([features(case)])[0]
    pairs: Sequence[tuple[str, float]] = sorted(
        zip(model.classes_, (float(p) for p in row), strict=True), key=lambda pair: -pair[1]
    )
    return dict(pairs)
