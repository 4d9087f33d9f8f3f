"""Score reports against gold: code, decision, mentions, facts, warnings, with intervals."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from debulk.corpus import Note
from debulk.values import Report

FACTS = (
    "approach", "malignancy", "primary_site", "disease_status", "hysterectomy", "adnexa",
    "omentectomy", "pelvic_nodes", "paraaortic_nodes", "debulking", "staging_only",
    "tumor_lengths_cm", "tumor_length_sum_cm",
)  # fmt: skip


@dataclass
class Tally:
    """Counts of one note: true positives, false positives and false negatives by measure."""

    counts: dict[str, tuple[int, int, int]] = field(default_factory=dict)

    def compare(self, name: str, got: Iterable[Any], gold: Iterable[Any]) -> None:
        """Count two sets against each other."""
        found, true = set(got), set(gold)
        self.counts[name] = (len(found & true), len(found - true), len(true - found))

    def right(self, name: str, ok: bool) -> None:
        """Count one thing that is right or wrong."""
        self.counts[name] = (int(ok), int(not ok), 0)


def tally(note: Note, report: Report) -> Tally:
    """What a report got right and wrong of a note's gold."""
    gold = note.gold
    found = Tally()
    code = report.primary.code if report.primary else None
    accepted = {gold["primary"], *gold["acceptable"]}
    found.right("code", code in accepted)
    found.right("decision", report.decision == gold["decision"])
    suggests = report.decision == "suggest"
    found.counts["suggested"] = (int(suggests), 0, 0)
    found.counts["wrong_suggest"] = (int(suggests and code not in accepted), 0, 0)
    in_scope = gold["decision"] != "out_of_scope"
    found.counts["coverage"] = (int(in_scope and suggests), int(in_scope and not suggests), 0)
    pairs = {(m.concept, m.status) for m in report.mentions}
    true = {(c, s) for c, s in gold["statuses"]}
    found.compare("mentions", pairs, true)
    found.compare(
        "performed",
        {c for c, s in pairs if s == "performed"},
        {c for c, s in true if s == "performed"},
    )
    right = [fact_equal(name, report.facts[name], gold["facts"][name]) for name in FACTS]
    found.counts["facts"] = (sum(right), len(right) - sum(right), 0)
    if gold["primary"] and code in accepted:
        found.compare("warnings", {w.code for w in report.warnings}, gold["included"])
        found.compare("separate", {s.concept for s in report.separate}, gold["separate"])
    return found


def fact_equal(name: str, got: Any, gold: Any) -> bool:
    """Is a fact right? Lengths are compared as sets of numbers."""
    if name == "tumor_lengths_cm":
        return sorted(round(x, 2) for x in got) == sorted(round(x, 2) for x in gold)
    if name == "tumor_length_sum_cm":
        return (got is None) == (gold is None) and (got is None or abs(got - gold) < 0.05)
    return bool(got == gold)


def total(tallies: Sequence[Tally]) -> dict[str, tuple[int, int, int]]:
    """The sums of all notes."""
    found: dict[str, tuple[int, int, int]] = {}
    for one in tallies:
        for name, counts in one.counts.items():
            before = found.get(name, (0, 0, 0))
            found[name] = tuple(a + b for a, b in zip(before, counts, strict=True))  # type: ignore[assignment]
    return found


def precision(counts: tuple[int, int, int]) -> float:
    """True positives among what was found; 1 where nothing was."""
    return counts[0] / (counts[0] + counts[1]) if counts[0] + counts[1] else 1.0


def recall(counts: tuple[int, int, int]) -> float:
    """True positives among what should have been found; 1 where nothing should."""
    return counts[0] / (counts[0] + counts[2]) if counts[0] + counts[2] else 1.0


def f1(counts: tuple[int, int, int]) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * counts[0] / (2 * counts[0] + counts[1] + counts[2]) if sum(counts) else 1.0


MEASURES: Mapping[str, tuple[str, Callable[[tuple[int, int, int]], float]]] = {
    "code top-1": ("code", precision),
    "decision": ("decision", precision),
    "coverage (in-scope notes answered suggest)": ("coverage", precision),
    "mention (concept, status) precision": ("mentions", precision),
    "mention (concept, status) recall": ("mentions", recall),
    "mention (concept, status) F1": ("mentions", f1),
    "performed concept F1": ("performed", f1),
    "facts accuracy": ("facts", precision),
    "unbundling warnings precision": ("warnings", precision),
    "unbundling warnings recall": ("warnings", recall),
    "separate work precision": ("separate", precision),
    "separate work recall": ("separate", recall),
}


def scores(tallies: Sequence[Tally], *, resamples: int = 1000, seed: int = 7) -> dict[str, Any]:
    """Every measure with a 95 % bootstrap interval over notes, and the counts of suggestions."""
    rng = random.Random(seed)
    draws = [total(rng.choices(tallies, k=len(tallies))) for _ in range(resamples)]
    overall = total(tallies)
    found: dict[str, Any] = {"notes": len(tallies)}
    for label, (name, measure) in MEASURES.items():
        if name not in overall:
            continue
        values = sorted(measure(draw.get(name, (0, 0, 0))) for draw in draws)
        found[label] = {
            "value": round(measure(overall[name]), 4),
            "low": round(values[int(0.025 * resamples)], 4),
            "high": round(values[int(0.975 * resamples) - 1], 4),
        }
    found["suggested"] = overall["suggested"][0]
    found["wrong among suggested"] = overall["wrong_suggest"][0]
    return found
