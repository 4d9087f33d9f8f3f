"""Score reports against gold: code, decision, mentions, facts, warnings, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from debulk import dates
from debulk.bootstrap import exact_interval, interval
from debulk.corpus import Note
from debulk.values import Case, Report

if TYPE_CHECKING:
    from debulk.classifier import Verdict
    from debulk.coder import Coder

FACTS = (
    "approach", "malignancy", "primary_site", "disease_status", "hysterectomy", "adnexa",
    "omentectomy", "pelvic_nodes", "paraaortic_nodes", "debulking", "staging_only",
    "tumor_lengths_cm", "tumor_length_sum_cm",
)  # fmt: skip


Counts = tuple[int, int, int]
"""True positives, false positives, false negatives."""


@dataclass
class Tally:
    """Counts of one note: true positives, false positives and false negatives by measure."""

    counts: dict[str, Counts] = field(default_factory=dict)

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


def total(tallies: Sequence[Tally]) -> dict[str, Counts]:
    """The sums of all notes."""
    found: dict[str, Counts] = {}
    for one in tallies:
        for name, counts in one.counts.items():
            before = found.get(name, (0, 0, 0))
            found[name] = tuple(a + b for a, b in zip(before, counts, strict=True))  # type: ignore[assignment]
    return found


def precision(counts: Counts) -> float:
    """True positives among what was found; 1 where nothing was."""
    return counts[0] / (counts[0] + counts[1]) if counts[0] + counts[1] else 1.0


def recall(counts: Counts) -> float:
    """True positives among what should have been found; 1 where nothing should."""
    return counts[0] / (counts[0] + counts[2]) if counts[0] + counts[2] else 1.0


def f1(counts: Counts) -> float:
    """The harmonic mean of precision and recall."""
    return 2 * counts[0] / (2 * counts[0] + counts[1] + counts[2]) if sum(counts) else 1.0


MEASURES: Mapping[str, tuple[str, Callable[[Counts], float]]] = {
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
    overall = total(tallies)
    found: dict[str, Any] = {"notes": len(tallies)}
    for label, (name, measure) in MEASURES.items():
        if name not in overall:
            continue
        rows = [tally.counts.get(name, (0, 0, 0)) for tally in tallies]

        def of(drawn: Sequence[Counts], measure: Callable[[Counts], float] = measure) -> float:
            return measure((
                sum(row[0] for row in drawn), sum(row[1] for row in drawn),
                sum(row[2] for row in drawn),
            ))  # fmt: skip

        found[label] = interval(rows, of, resamples=resamples, seed=seed)
    suggested, wrong = overall["suggested"][0], overall["wrong_suggest"][0]
    found["suggested"] = suggested
    found["wrong among suggested"] = wrong
    if suggested:
        low, high = exact_interval(wrong, suggested)
        found["share wrong among suggested"] = {
            "value": round(wrong / suggested, 4), "low": low, "high": high,
        }  # fmt: skip
    return found


def drop(unseen: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, float]:
    """How much each measure falls from the voices that were worked on to the unseen ones."""
    return {
        name: round(known[name]["value"] - score["value"], 4)
        for name, score in unseen.items()
        if isinstance(score, dict) and name in known
    }


@dataclass(frozen=True)
class Answered:
    """A note, what was read of it, what the statistical reader said, and the report."""

    note: Note
    case: Case
    verdict: Verdict
    report: Report


def answer(coder: Coder, note: Note) -> Answered:
    """A note read and reported as `Coder.suggest` does, with the verdict kept."""
    case = coder.read(note.text)
    on, source = note.date_of_service, "argument"
    if on is None:
        on, source = dates.stated(note.text), "note"
    if on is None:
        on, source = date.today(), "today"
    report = coder.report(case, id=note.id, on=on, date_source=source)
    return Answered(note, case, coder.model.statistics.read(case), report)
