"""Choose the threshold and the drift guard by leaving one voice out at a time."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from debulk import classifier, dates
from debulk.corpus import Note
from debulk.values import Case, Report

if TYPE_CHECKING:
    from debulk.coder import Coder

WRONG = 0.01
"""The share of wrong suggestions that the threshold must stay under."""
FLOOR = 0.9
"""Under this nothing is suggested: the held-out voices helped to write the reader's rules, so that
their errors are fewer than an unseen hand's."""
_LEAST = 0.5  # no case that is not likelier than all others together is suggested
_FAR = 0.995  # the share of held-out notes that the drift guard lets pass


@dataclass(frozen=True)
class Example:
    """One example for the classifier: features, the clinical case, and who wrote it."""

    features: Mapping[str, float]
    case: str
    voice: str


@dataclass(frozen=True)
class HeldOut:
    """A note, what was read of it, and a classifier that has not seen the note's voice."""

    note: Note
    case: Case
    statistics: classifier.Statistics
    verdict: classifier.Verdict


def fit(examples: Sequence[Example]) -> classifier.Statistics:
    """The classifier, calibrated on held-out voices, and the drift guard."""
    from sklearn.model_selection import GroupKFold

    x = [dict(e.features) for e in examples]
    y = [e.case for e in examples]
    voices = [e.voice for e in examples]
    splits = min(5, len(set(voices)))
    folds = list(GroupKFold(n_splits=splits).split(x, y, voices)) if splits > 1 else 5
    pipeline = classifier.build(folds).fit(x, y)
    neighbours = classifier.neighbours().fit(pipeline[0].transform(x))
    return classifier.Statistics(pipeline, neighbours)


def leave_one_voice_out(
    examples: Sequence[Example], cases: Sequence[Case], notes: Sequence[Note]
) -> list[HeldOut]:
    """Every note read by a classifier trained without its voice; reviews stay in the training."""
    found: list[HeldOut] = []
    for voice in dict.fromkeys(note.voice for note in notes):
        statistics = fit([e for e in examples if e.voice != voice])
        found.extend(
            HeldOut(note, case, statistics, statistics.read(case))
            for case, note in zip(cases, notes, strict=True)
            if note.voice == voice
        )
    return found


def report(coder: Coder, item: HeldOut, threshold: float = 0.0, radius: float = math.inf) -> Report:
    """The coder's report of a note, by the classifier that has not seen its voice."""
    note, before = item.note, coder.model
    on = note.date_of_service or dates.stated(note.text) or note.on
    coder.model = dataclasses.replace(
        before,
        statistics=item.statistics,
        meta={**before.meta, "threshold": threshold, "radius": radius},
    )
    try:
        return coder.report(item.case, id=note.id, on=on, date_source="argument")
    finally:
        coder.model = before


def accepted(note: Note) -> frozenset[str | None]:
    """The codes that are right for a note; None alone where no code of the family is."""
    return frozenset({note.gold["primary"], *note.gold["acceptable"]})


def code_of(found: Report) -> str | None:
    """The primary code of a report."""
    return found.primary.code if found.primary else None


@dataclass(frozen=True)
class Choice:
    """The threshold and the radius, and the figures that they were chosen by."""

    threshold: float
    radius: float
    figures: Mapping[str, Any]


@dataclass(frozen=True)
class Offered:
    """A code that the coder would suggest if its probability is over the threshold."""

    chance: float
    right_code: bool
    right_case: bool


def choose(coder: Coder, held_out: Sequence[HeldOut]) -> Choice:
    """The threshold and the radius of the drift guard, by what the coder would have suggested."""
    distances = sorted(item.verdict.distance for item in held_out)
    radius = distances[min(len(distances) - 1, int(_FAR * len(distances)))]
    offered = []
    for item in held_out:
        found, best = report(coder, item, radius=radius), item.verdict.best
        if found.decision == "suggest":
            right = code_of(found) in accepted(item.note)
            offered.append(Offered(item.verdict.chances[best], right, best == item.note.case))
    threshold = max(lowest(offered, len(held_out)), FLOOR)
    kept = [one for one in offered if one.chance >= threshold]
    in_scope = sum(item.note.gold["decision"] != "out_of_scope" for item in held_out)
    figures = {
        "notes": len(held_out),
        "case accuracy": round(right_cases(held_out) / len(held_out), 4),
        "offered": len(offered),
        "wrong code among offered": sum(not one.right_code for one in offered),
        "kept by the threshold": len(kept),
        "wrong code among kept": sum(not one.right_code for one in kept),
        "wrong case among kept": sum(not one.right_case for one in kept),
        "coverage of notes in scope": round(len(kept) / in_scope, 4) if in_scope else 0.0,
    }
    return Choice(threshold, round(radius, 4), figures)


def lowest(offered: Sequence[Offered], notes: int, wrong: float = WRONG) -> float:
    """The lowest threshold that keeps wrong suggestions rare; 1 where none does.

    Wrong codes, lengths and all, stay under one in a hundred notes by conformal risk control
    (Angelopoulos et al. 2022): `wrong + 1 <= 0.01 (notes + 1)`. Wrong cases, which are all that the
    probability can see, are no more than one in a hundred of the suggestions.
    """
    found, codes, cases = 1.0, 0, 0
    ordered = sorted(offered, key=lambda one: -one.chance)
    for kept, one in enumerate(ordered, 1):
        codes += not one.right_code
        cases += not one.right_case
        if one.chance < _LEAST or codes + 1 > wrong * (notes + 1):
            break
        after = ordered[kept].chance if kept < len(ordered) else 0.0
        rounded = math.floor(one.chance * 1e6) / 1e6
        if cases <= wrong * kept and rounded > after:
            found = max(rounded, _LEAST)
    return found


def right_cases(held_out: Sequence[HeldOut]) -> int:
    """How many notes get their clinical case: the score that reviews must not lower."""
    return sum(item.verdict.best == item.note.case for item in held_out)
