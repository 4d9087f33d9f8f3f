"""Scores, calibration, comparison and miscoding, each on hand-made answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from gold_facts import FACTS

from debulk import calibration, comparison, evaluation, miscoding
from debulk.bootstrap import exact_interval, interval
from debulk.calibration import Said
from debulk.comparison import Guess
from debulk.corpus import Note
from debulk.evaluation import Tally
from debulk.values import Primary, Report


def note(primary: str | None = "58958", decision: str = "suggest", **facts: Any) -> Note:
    gold = {
        "primary": primary, "acceptable": [primary] if primary else [], "decision": decision,
        "facts": FACTS | facts, "statuses": [["omentectomy", "performed"]], "included": ["49255"],
        "separate": [], "date_of_service": "2025-03-14", "text_date": None,
    }  # fmt: skip
    return Note("n", "voice", "", gold)


def report(code: str | None = "58958", decision: str = "suggest", chance: float = 0.9) -> Report:
    primary = Primary(code, "", chance) if code else None
    return Report(
        "n", date(2025, 3, 14), "argument", decision, "", primary, (), dict(FACTS), (), (), (),
        (), (), (), (), {},
    )  # fmt: skip


# -- scores


def test_a_tally_counts_what_is_right() -> None:
    found = evaluation.tally(note(), report()).counts
    assert found["code"] == found["decision"] == found["coverage"] == (1, 0, 0)
    assert found["mentions"] == (0, 0, 1)
    assert found["facts"] == (len(evaluation.FACTS), 0, 0)
    assert found["warnings"] == (0, 0, 1)
    assert found["wrong_suggest"] == (0, 0, 0)


def test_a_wrong_suggestion_is_counted_and_a_wrong_review_is_not() -> None:
    assert evaluation.tally(note(), report("58957")).counts["wrong_suggest"] == (1, 0, 0)
    review = report("58957", "review")
    assert evaluation.tally(note(), review).counts["wrong_suggest"] == (0, 0, 0)


def test_scores_hold_their_intervals_and_repeat() -> None:
    tallies = [evaluation.tally(note(), report(code)) for code in ("58958", "58957") * 10]
    scores = evaluation.scores(tallies)
    assert scores == evaluation.scores(tallies)
    code = scores["code top-1"]
    assert code["low"] < code["value"] == 0.5 < code["high"]
    assert (scores["suggested"], scores["wrong among suggested"]) == (20, 10)
    assert scores["share wrong among suggested"]["value"] == 0.5


def test_the_drop_is_of_what_both_have() -> None:
    score = {"value": 0.7, "low": 0.6, "high": 0.8}
    found = evaluation.drop({"a": score, "b": score, "n": 3}, {"a": score | {"value": 0.9}})
    assert found == {"a": 0.2}


def test_measures_of_nothing_found() -> None:
    assert evaluation.total([Tally({"a": (1, 2, 3)}), Tally({"a": (1, 0, 0)})])["a"] == (2, 2, 3)
    assert evaluation.precision((0, 0, 4)) == evaluation.recall((0, 3, 0)) == 1.0
    assert evaluation.f1((0, 0, 0)) == 1.0


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(0, 10, 0.0, 0.3085), (1, 100, 0.0003, 0.0545), (10, 10, 0.6915, 1.0), (0, 300, 0.0, 0.0122)],
)
def test_the_exact_interval(count: int, total: int, low: float, high: float) -> None:
    assert exact_interval(count, total) == (low, high)


def test_an_interval_of_what_does_not_vary_is_a_point() -> None:
    found = interval([2.0] * 9, lambda drawn: sum(drawn) / len(drawn))
    assert found == {"value": 2.0, "low": 2.0, "high": 2.0}


# -- calibration

CALIBRATED = [Said(0.75, index % 4 != 0) for index in range(40)]


def test_probabilities_that_are_so_have_no_calibration_error() -> None:
    assert calibration.expected_error(CALIBRATED) == 0.0
    assert calibration.brier(CALIBRATED) == pytest.approx(0.75 * 0.25)


def test_probabilities_that_are_not_so_do() -> None:
    too_sure = [replace(one, chance=0.95) for one in CALIBRATED]
    assert calibration.expected_error(too_sure) == pytest.approx(0.2)
    assert calibration.figures(too_sure)["expected calibration error"]["value"] == 0.2
    assert calibration.figures([]) == {"notes": 0, "bins": []}


def test_bins_tell_the_share_right() -> None:
    found = calibration.reliability([*CALIBRATED, Said(1.0, True), Said(0.0, False)])
    assert [(b["notes"], b["told"], b["right"]) for b in found] == [
        (1, 0.0, 0.0), (40, 0.75, 0.75), (1, 1.0, 1.0),
    ]  # fmt: skip


def test_conformal_sets_hold_the_true_case_as_often_as_promised() -> None:
    held_out = [({"a": index / 100, "b": 1 - index / 100}, "a") for index in range(1, 100)]
    level = calibration.conformal_level(held_out, 0.1)
    assert level == 0.1
    sets = calibration.conformal_sets(level, held_out)
    assert sets["holds the true case"] >= 0.9
    assert sets["largest size"] == 2


def test_too_few_notes_promise_nothing() -> None:
    assert calibration.conformal_level([({"a": 0.9}, "a")] * 50, 0.01) == 0.0
    assert calibration.conformal_sets(0.0, [({"a": 0.9, "b": 0.1}, "b")])["mean size"] == 2.0


# -- comparison


def guesses(*rows: tuple[float, bool]) -> list[Guess]:
    return [Guess("58958", chance, True, right, right, True) for chance, right in rows]


def test_the_curve_runs_from_the_surest_answer_on() -> None:
    assert comparison.curve(guesses((0.5, False), (0.9, True))) == [(0.5, 0.0), (1.0, 0.5)]
    assert comparison.curve(guesses((0.9, False), (0.9, True))) == [(1.0, 0.5)]
    assert comparison.curve([]) == []


def test_coverage_at_99_percent() -> None:
    assert comparison.coverage(guesses((0.5, False), (0.9, True))) == 0.5
    assert comparison.coverage(guesses((0.9, False), (0.5, True))) == 0.0
    rows = [(0.9, True)] * 60 + [(0.8, False)] + [(0.7, True)] * 60
    assert comparison.coverage(guesses(*rows)) == 1.0


def test_coverage_by_case_forgives_a_length() -> None:
    wrong = [replace(one, right=False) for one in guesses((0.9, True))]
    assert comparison.coverage(wrong) == 0.0
    assert comparison.coverage(wrong, by_case=True) == 1.0


def test_no_code_is_right_where_none_is() -> None:
    found = comparison.guess(note(None, "out_of_scope"), "out_of_scope", None, 0.9, True)
    assert (found.right, found.right_case, found.offered) == (True, True, False)


# -- over-coding and under-coding

DIRECTIONS = {
    "right": (note(), "58958", ""),
    "no code where one is right": (note(), None, "under"),
    "a code where none is right": (note(None, "out_of_scope"), "58958", "over"),
    "nodes that are not documented": (
        note("49186", pelvic_nodes="none", paraaortic_nodes="none"), "58958", "over",
    ),
    "nodes documented and not coded": (note(), "49186", "under"),
    "first surgery for a recurrence": (note(), "58954", "over"),
    "a larger size": (note("49186", paraaortic_nodes="none"), "49188", "over"),
    "a smaller size": (note("49188", paraaortic_nodes="none"), "49186", "under"),
}  # fmt: skip


@pytest.mark.parametrize("name", DIRECTIONS)
def test_the_direction_of_a_wrong_code(name: str) -> None:
    gold, code, expected = DIRECTIONS[name]
    assert miscoding.direction(gold, code) == expected


def test_miscoding_is_counted_apart_among_suggestions() -> None:
    found = miscoding.counts([(note(), report("49186")), (note(), report("58954", "review"))])
    assert found["suggested"] == {"answers": 1, "over-coded": 0, "under-coded": 1}
    assert found["all answers"] == {"answers": 2, "over-coded": 1, "under-coded": 1}


def test_scores_by_code_and_by_voice() -> None:
    scored = [(note(), report()), (note(), report("58957")), (note(None, "out_of_scope"), report())]
    assert miscoding.by_code(scored)["58958"] == {
        "notes": 2, "code right": 1, "suggested": 2, "wrong among suggested": 1,
    }  # fmt: skip
    assert miscoding.by_code(scored)[miscoding.NONE]["wrong among suggested"] == 1
    assert miscoding.by_voice(scored)["voice"]["notes"] == 3
