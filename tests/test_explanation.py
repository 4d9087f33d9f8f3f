"""The explanation is exact: weights add up, and what it says of a missing fact comes true."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from debulk import classifier, coding, corpus, explanation
from debulk.coder import Coder
from debulk.facts import gather
from debulk.reading import Reading, read
from debulk.values import Case

ROOT = Path(__file__).parents[1]
NOTES = [note for split in ("train", "dev") for note in corpus.notes(ROOT / "corpus", split)]
_CONCEPTS = {
    "hysterectomy": {"hysterectomy"},
    "adnexa": {"salpingo_oophorectomy", "oophorectomy", "salpingectomy"},
    "omentectomy": {"omentectomy", "omental_biopsy"},
    "pelvic_nodes": {"pelvic_lymphadenectomy"},
    "paraaortic_nodes": {"paraaortic_lymphadenectomy"},
    "debulking": {
        "tumor_debulking", "tumor_excision", "tumor_destruction", "diaphragm_stripping",
        "peritonectomy",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def coder() -> Coder:
    return Coder()


class Read(NamedTuple):
    note: corpus.Note
    reading: Reading
    case: Case


@pytest.fixture(scope="module")
def cases(coder: Coder) -> list[Read]:
    found = []
    for note in NOTES:
        reading = read(coder.nlp(note.text))
        found.append(Read(note, reading, gather(reading)))
    return found


# -- the weights


def test_weights_and_constants_add_up_to_the_log_odds(coder: Coder, cases: list[Read]) -> None:
    statistics = coder.model.statistics
    scaled = statistics.pipeline[1]
    names = list(scaled.classes_)
    for _, _, case in cases[::7]:
        verdict = statistics.read(case)
        best, second, *_ = verdict.chances
        constants = scaled.estimator_.intercept_[names.index(best)]
        constants -= scaled.estimator_.intercept_[names.index(second)]
        weights = sum(weight for _, weight in statistics.weights(verdict, best, second))
        expected = math.log(verdict.chances[best] / verdict.chances[second])
        assert math.isclose(
            weights + constants / scaled.temperature_, expected, rel_tol=1e-6, abs_tol=1e-9
        )


def test_the_weights_of_an_explanation_are_those_of_its_features(
    coder: Coder, cases: list[Read]
) -> None:
    statistics = coder.model.statistics
    for note, _, case in cases[::7]:
        verdict, answer = statistics.read(case), coding.decide(case, note.on)
        entries = explanation.explain(case, note.on, answer, verdict, statistics)
        label = answer.case or classifier.OUT_OF_SCOPE
        against = next(name for name in verdict.chances if name != label)
        exact = sum(weight for _, weight in statistics.weights(verdict, label, against))
        assert (
            abs(sum(entry["weight"] for entry in entries) - exact) <= 0.0005 * len(entries) + 1e-9
        )
        assert {entry["against"] for entry in entries} == {against}


# -- what a missing fact would change


class Deletion(NamedTuple):
    """A note without the one sentence that tells a fact, and what was said of that."""

    name: str
    fact: str
    text: str
    note: corpus.Note
    said: tuple[str, str | None]


def deletions(cases: list[Read]) -> Iterator[Deletion]:
    """Every fact whose absence the explanation speaks of and that one sentence of its own tells."""
    for note, reading, case in cases:
        answer = coding.decide(case, note.on)
        if answer.code is None:
            continue
        told = {name: _sentences(reading, case, name) for name in case.facts}
        for name, change in explanation.changes(case, note.on, answer.code).items():
            if name == "tumor_lengths_cm" or len(told[name]) != 1:
                continue
            if any(told[name] & told[other] for other in told if other != name):
                continue
            ((start, end),) = told[name]
            text = note.text[:start] + note.text[end:]
            yield Deletion(
                f"{note.id} {name}", name, text, note, (change["decision"], change["code"])
            )


def _sentences(reading: Reading, case: Case, name: str) -> set[tuple[int, int]]:
    """The sentences that tell a fact: its evidence, and every telling that could take its place."""
    fact, page = case.facts[name], reading.page
    places = [(case.mentions[i].start, case.mentions[i].end) for i in fact.evidence]
    places.extend(fact.quotes)
    places.extend(
        (m.start, m.end)
        for m in case.mentions
        if m.concept in _CONCEPTS.get(name, ()) and m.status == "performed"
    )
    bounds = [(page.words[s.start].start, page.words[s.end - 1].end) for s in page.sentences]
    return {(low, high) for low, high in bounds for a, b in places if a < high and b > low}


def test_deleting_the_evidence_of_a_fact_changes_the_answer_as_said(
    coder: Coder, cases: list[Read]
) -> None:
    tried, wrong = 0, []
    for one in deletions(cases):
        answer = coding.decide(coder.read(one.text), one.note.on)
        tried += 1
        if (answer.decision, answer.code) != one.said:
            wrong.append(f"{one.name}: said {one.said}, came {answer.decision} {answer.code}")
    assert tried >= 30
    assert len(wrong) <= 0.1 * tried, "\n".join([f"{len(wrong)} of {tried}", *wrong])
