"""The candidates side by side, each on voices that it has not seen: why the linear one is ours."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from debulk import classifier, coding, unread
from debulk.bootstrap import interval
from debulk.coder import Coder
from debulk.corpus import Note
from debulk.selection import HeldOut, accepted, code_of, report
from debulk.values import Report

PRECISION = 0.99


@dataclass(frozen=True)
class Guess:
    """What a method answers to a note."""

    code: str | None
    confidence: float
    offered: bool  # may the code be shown as a suggestion, if the confidence is high enough
    right: bool
    right_case: bool
    in_scope: bool


def guess(note: Note, case: str, code: str | None, confidence: float, offered: bool) -> Guess:
    """A method's answer, scored."""
    right, in_scope = code in accepted(note), note.gold["decision"] != "out_of_scope"
    sure = offered and code is not None
    return Guess(code, confidence, sure, right, case == note.case, in_scope)


def shipped(note: Note, found: Report, verdict: classifier.Verdict) -> Guess:
    """The answer of both readers: `found` is a report made without a threshold."""
    chance = verdict.chances[verdict.best]
    return guess(note, verdict.best, code_of(found), chance, found.decision == "suggest")


def rules(item: HeldOut) -> Guess:
    """The answer of the decision table alone; it has no probability."""
    answer = coding.decide(item.case, item.note.on)
    sure = answer.decision == "suggest" and not item.case.conflicts
    code = None if answer.decision == "out_of_scope" else answer.code
    case = answer.case or (classifier.OUT_OF_SCOPE if code is None else "")
    return guess(item.note, case, code, 1.0, sure and not unread.doubts(item.case))


def of_case(item: HeldOut, chances: Mapping[str, float]) -> Guess:
    """The answer of a statistical reader alone: its likeliest case, and the case's code."""
    case = max(chances, key=lambda name: chances[name])
    lengths = list(item.case.value("tumor_lengths_cm"))
    code, _ = coding.code_for(case, item.note.on, lengths)
    return guess(item.note, case, code, chances[case], True)


def _candidates() -> Iterator[tuple[str, bool, Any]]:
    """Each other model by name; does it read the text, or what the pipeline read?"""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier
    from sklearn.pipeline import make_pipeline

    trees = HistGradientBoostingClassifier(
        max_iter=40, max_leaf_nodes=8, min_samples_leaf=5, early_stopping=False, random_state=0
    )
    yield "boosted trees alone", False, make_pipeline(DictVectorizer(sparse=False), trees)
    nearest = KNeighborsClassifier(n_neighbors=5, weights="distance", metric="manhattan")
    yield "nearest cases alone", False, make_pipeline(DictVectorizer(sparse=False), nearest)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=3, sublinear_tf=True)
    linear = LogisticRegression(C=30.0, max_iter=300)
    yield "bag of words over the text", True, make_pipeline(words, linear)


def compare(coder: Coder, held_out: Sequence[HeldOut]) -> dict[str, list[Guess]]:
    """The guesses of every method on notes whose voice it has not seen."""
    from sklearn.model_selection import LeaveOneGroupOut, cross_val_predict

    found = {
        "both readers agreeing (shipped)": [
            shipped(item.note, report(coder, item), item.verdict) for item in held_out
        ],
        "rules alone": [rules(item) for item in held_out],
        "linear alone": [of_case(item, item.verdict.chances) for item in held_out],
    }
    y = [item.note.case for item in held_out]
    voices = [item.note.voice for item in held_out]
    labels = sorted(set(y))
    for name, reads_text, estimator in _candidates():
        x = [i.note.text if reads_text else dict(i.verdict.features) for i in held_out]
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a case that only one voice has
            rows = cross_val_predict(
                estimator, x, y, groups=voices, cv=LeaveOneGroupOut(), method="predict_proba"
            )
        found[name] = [
            of_case(item, dict(zip(labels, map(float, row), strict=True)))
            for item, row in zip(held_out, rows, strict=True)
        ]
    return found


def exact(guesses: Sequence[Guess]) -> float:
    """The share of notes that get exactly their code, or none where none is right."""
    return sum(g.right for g in guesses) / len(guesses)


def curve(guesses: Sequence[Guess], *, by_case: bool = False) -> list[tuple[float, float]]:
    """Coverage of the notes in scope and share of wrong codes, from the surest answer on.

    `by_case`: wrong is only another case; the lengths that choose a code are read apart.
    """
    scope = sum(g.in_scope for g in guesses) or 1
    offered = sorted((g for g in guesses if g.offered), key=lambda g: -g.confidence)
    found, wrong, covered = [], 0, 0
    for index, one in enumerate(offered, 1):
        wrong += not (one.right_case if by_case else one.right)
        covered += one.in_scope
        last = index == len(offered) or offered[index].confidence < one.confidence
        if last:  # answers of one confidence come and go together
            found.append((covered / scope, wrong / index))
    return found


def coverage(guesses: Sequence[Guess], *, by_case: bool = False) -> float:
    """The largest coverage at which at least 99 % of the codes offered are right."""
    points = curve(guesses, by_case=by_case)
    return max((c for c, risk in points if risk <= 1 - PRECISION + 1e-12), default=0.0)


def row(guesses: Sequence[Guess]) -> dict[str, Any]:
    """One method's row of the table."""
    last = curve(guesses)[-1:] or [(0.0, 0.0)]
    by_case = partial(coverage, by_case=True)
    return {
        "exact code": interval(guesses, exact),
        "coverage at 99 % right codes": interval(guesses, coverage, resamples=300),
        "coverage at 99 % right cases": interval(guesses, by_case, resamples=300),
        "offers": {"coverage": round(last[0][0], 4), "precision": round(1 - last[0][1], 4)},
    }
