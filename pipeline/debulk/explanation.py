"""Why this code: what moved the probability, and what each fact's absence would change."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
from typing import Any

from debulk import classifier, coding
from debulk.classifier import Statistics, Verdict
from debulk.values import Case, Fact

_ABSENT: dict[str, Any] = {
    "hysterectomy": "none",
    "adnexa": "none",
    "omentectomy": "none",
    "pelvic_nodes": "none",
    "paraaortic_nodes": "none",
    "debulking": False,
    "tumor_lengths_cm": [],
    "tumor_length_sum_cm": None,
}


def without(case: Case, name: str) -> Case:
    """The case as it would be if the note did not document a fact."""
    facts = dict(case.facts)
    facts[name] = Fact(name, _ABSENT[name])
    if name == "tumor_lengths_cm":
        facts["tumor_length_sum_cm"] = Fact("tumor_length_sum_cm", None)
    if _staging(case, case.facts) == case.value("staging_only"):
        facts["staging_only"] = Fact("staging_only", _staging(case, facts))
    return dataclasses.replace(case, facts=facts)


def _staging(case: Case, facts: Mapping[str, Fact]) -> bool:
    """Would these facts be staging alone? As `facts.gather` has it, from facts for mentions."""
    named = bool(case.performed("staging_laparotomy"))
    nodes = any(facts[name].value != "none" for name in ("pelvic_nodes", "paraaortic_nodes"))
    organs = (
        facts["hysterectomy"].value not in ("none", "prior")
        or facts["adnexa"].value in ("bilateral", "unilateral")
        or facts["omentectomy"].value == "total"
    )
    return (named or nodes) and not facts["debulking"].value and not organs


def changes(case: Case, on: date, code: str | None) -> dict[str, dict[str, Any]]:
    """For each fact that can be missing, the answer that the rules would then give."""
    found = {}
    for name in _ABSENT:
        if case.value(name) in ("none", "prior", False, None, []) or name == "tumor_length_sum_cm":
            continue
        answer = coding.decide(without(case, name), on)
        if answer.code != code or answer.decision != "suggest":
            found[name] = {"decision": answer.decision, "code": answer.code}
    return found


def explain(
    case: Case, on: date, answer: coding.Answer, verdict: Verdict, statistics: Statistics
) -> tuple[Mapping[str, Any], ...]:
    """One entry a fact, the weightiest first: its value, its weight, and what its absence means.

    `weight` is the share of the fact in the log odds of the answer against the most likely
    other case; the shares and the model's constants add up to the log odds.
    """
    label = answer.case or classifier.OUT_OF_SCOPE
    if label not in verdict.chances:
        return ()
    against = next(name for name in verdict.chances if name != label)
    shares: dict[str, float] = {}
    for feature, weight in statistics.weights(verdict, label, against):
        name = classifier.fact_of(feature) or "mentions"
        shares[name] = shares.get(name, 0.0) + weight
    missing = changes(case, on, answer.code) if answer.code else {}
    entries = []
    for name in sorted(set(shares) | set(missing), key=lambda n: -abs(shares.get(n, 0.0))):
        entry: dict[str, Any] = {
            "fact": name,
            "weight": round(shares.get(name, 0.0), 3),
            "against": against,
        }
        if name in case.facts:
            entry["value"] = case.value(name)
        if name in missing:
            entry["if_absent"] = missing[name]
        entries.append(entry)
    return tuple(entries)
