"""Choose and calibrate the classifier by leaving one voice out at a time."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from debulk import classifier, coding, unread
from debulk.corpus import Note
from debulk.values import Case

_WRONG = 0.01  # the share of wrong suggestions that the threshold must stay under
_FAR = 0.995  # the share of held-out notes that the drift guard lets pass


@dataclass(frozen=True)
class Example:
    """One example for the classifier: features, the clinical case, and who wrote it."""

    features: Mapping[str, float]
    case: str
    voice: str


def fit(examples: Sequence[Example]) -> tuple[Any, Any]:
    """The classifier, calibrated on held-out voices, and the drift guard."""
    from sklearn.model_selection import GroupKFold

    x = [dict(e.features) for e in examples]
    y = [e.case for e in examples]
    voices = [e.voice for e in examples]
    folds = list(GroupKFold(n_splits=min(5, len(set(voices)))).split(x, y, voices))
    pipeline = classifier.build(folds).fit(x, y)
    neighbours = classifier.neighbours().fit(pipeline[0].transform(x))
    return pipeline, neighbours


@dataclass(frozen=True)
class HeldOut:
    """What a classifier that had not seen a note's voice says of it."""

    note: Note
    case: Case
    chances: Mapping[str, float]
    distance: float


def leave_one_voice_out(
    examples: Sequence[Example],
    cases: Sequence[Case],
    notes: Sequence[Note],
    fitted: Callable[[Sequence[Example]], tuple[Any, Any]] = fit,
) -> list[HeldOut]:
    """Every note read by a classifier trained without its voice."""
    found = []
    for voice in sorted({note.voice for note in notes}):
        rest = [e for e in examples if e.voice != voice]
        statistics = classifier.Statistics(*fitted(rest))
        for case, note in zip(cases, notes, strict=True):
            if note.voice == voice:
                verdict = statistics.read(case)
                found.append(HeldOut(note, case, verdict.chances, verdict.distance))
    return found


def calibrate(
    examples: Sequence[Example], cases: Sequence[Case], notes: Sequence[Note]
) -> tuple[float, float, dict[str, Any]]:
    """The threshold, the radius of the drift guard, and the figures they were chosen by.

    The threshold is the lowest probability over which, on voices held out, wrong suggestions
    stay under one in a hundred with the conformal correction for the number of notes.
    """
    held_out = leave_one_voice_out(examples, cases, notes)
    agreeing = sorted(
        (
            (item.chances[answer.case], answer.case == item.note.case)
            for item in held_out
            if (answer := coding.decide(item.case, item.note.on)).decision == "suggest"
            and next(iter(item.chances)) == answer.case
            and not item.case.conflicts
            and not unread.doubts(item.case)
        ),
        reverse=True,
    )
    threshold, wrong, kept = 0.5, 0, 0
    for chance, right in agreeing:
        wrong += not right
        if chance < 0.5 or wrong > _WRONG * (len(agreeing) + 1):
            break
        threshold, kept = chance, kept + 1
    distances = sorted(item.distance for item in held_out)
    radius = distances[min(len(distances) - 1, int(_FAR * len(distances)))]
    right_case = sum(next(iter(i.chances)) == i.note.case for i in held_out)
    figures = {
        "notes": len(held_out),
        "case accuracy": round(right_case / len(held_out), 4),
        "agreeing with the rules": len(agreeing),
        "kept by the threshold": kept,
        "wrong among kept": sum(not ok for p, ok in agreeing if p >= threshold),
    }
    return round(max(0.5, min(threshold, 0.95)), 4), round(radius, 4), figures
