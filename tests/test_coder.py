"""The coder: which code, on which date, from which text, and what it refuses."""

from __future__ import annotations

import dataclasses
import json
from datetime import date

import pytest
from coding_builder import build

from debulk.classifier import Statistics
from debulk.coder import LONGEST, Coder
from debulk.corpus import Note
from debulk.errors import InputError
from debulk.values import Report

# resident-01: recurrence of a tube cancer, both basins, tumours of 4.2 and 2.5 cm, none smaller.
BEFORE, AFTER = date(2024, 6, 1), date(2025, 6, 1)
DISCHARGE = """DISCHARGE SUMMARY
ADMITTED: June 1. DISCHARGED: June 6.
DIAGNOSIS: Recurrent ovarian cancer.
HOSPITAL COURSE: The patient underwent secondary debulking with omentectomy and node dissection
in 2022. She was admitted this time with a partial bowel obstruction, was given fluids, and was
advanced to a regular diet. She was afebrile and ambulating at discharge.
DISCHARGE MEDICATIONS: Acetaminophen, ondansetron.
FOLLOW-UP: Clinic in two weeks.
"""


def code(report: Report) -> str | None:
    return report.primary.code if report.primary else None


def without_nodes(text: str, *basins: str) -> str:
    """The shipped example with the work on a basin taken out of title, body and specimens."""
    gone = {
        "paraaortic": (
            "6. Bilateral para-aortic lymphadenectomy to the level of the left renal vein.\n",
            "; right and left para-aortic nodes",
            "The nodal tissue anterior and lateral to the vena cava was removed to the level of "
            "the right gonadal vein, clipping a perforator. On the left, tissue lateral and "
            "anterior to the aorta was removed below and above the inferior mesenteric artery up "
            "to the left renal vein. ",
        ),
        "lengths": (
            " measuring 4.2 x 3.0 x 2.1 cm",
            "; the tumor measured 2.5 cm in longest dimension",
        ),
    }  # fmt: skip
    for basin in basins:
        for part in gone[basin]:
            assert part in text, part
            text = text.replace(part, "")
    return text


@pytest.fixture(scope="module")
def example(notes: dict[str, Note]) -> str:
    return notes["resident-01"].text


@pytest.mark.parametrize("on", [date(2023, 3, 1), date(2024, 12, 31), date(2025, 1, 1), AFTER])
def test_both_basins_are_58958_on_every_date(coder: Coder, example: str, on: date) -> None:
    report = coder.suggest(example, date_of_service=on)
    assert (code(report), report.decision, report.date_source) == ("58958", "suggest", "argument")


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (date(2007, 1, 1), "58957"),
        (BEFORE, "58957"),
        (date(2024, 12, 31), "58957"),
        (date(2025, 1, 1), "49187"),  # 4.2 + 2.5 = 6.7 cm, added from 2025
        (date(2026, 2, 1), "49187"),
    ],
)
def test_one_basin_moves_with_the_date(coder: Coder, example: str, on: date, expected: str) -> None:
    report = coder.suggest(without_nodes(example, "paraaortic"), date_of_service=on)
    assert report.facts["paraaortic_nodes"] == "none"
    assert code(report) == expected


def test_without_lengths_no_code_is_guessed_from_2025(coder: Coder, example: str) -> None:
    text = without_nodes(example, "paraaortic", "lengths")
    before = coder.suggest(text, date_of_service=BEFORE)
    after = coder.suggest(text, date_of_service=AFTER)
    assert code(before) == "58957"
    assert (code(after), after.decision) == (None, "review")
    assert "tumor_length_sum_cm" in {gap.name for gap in after.gaps}
    assert all(gap.query.endswith("?") for gap in after.gaps)


@pytest.mark.parametrize(
    ("lengths", "before", "after"),
    [
        ((3.0, 1.5), "49203", "49186"),
        ((3.0, 2.5), "49203", "49187"),
        ((6.0, 3.0), "49204", "49187"),
        ((6.0, 5.0), "49204", "49188"),
        ((12.0, 9.0), "49205", "49189"),
        ((18.0, 14.0), "49205", "49190"),
    ],
)
def test_the_largest_until_2024_and_the_sum_from_2025(
    coder: Coder, lengths: tuple[float, float], before: str, after: str
) -> None:
    first, second = lengths
    text = (
        "POSTOPERATIVE DIAGNOSIS: Recurrent colon cancer.\n"
        "PROCEDURE: Exploratory laparotomy, excision of intra-abdominal tumors.\n"
        "TECHNIQUE: The abdomen was opened through a midline incision. A tumor of the small bowel "
        f"mesentery, {first} cm in longest dimension, was excised. A tumor of the right paracolic "
        f"gutter, {second} cm in longest dimension, was excised. The fascia was closed with PDS.\n"
    )
    assert code(coder.suggest(text, date_of_service=date(2024, 12, 31))) == before
    assert code(coder.suggest(text, date_of_service=date(2025, 1, 1))) == after


def test_the_date_of_the_note_is_read_where_none_is_given(coder: Coder, example: str) -> None:
    stated = coder.suggest(f"DATE OF SURGERY: 03/14/2024\n{example}")
    assert (stated.date_of_service, stated.date_source) == (date(2024, 3, 14), "note")
    silent = coder.suggest(example)
    assert (silent.date_of_service, silent.date_source) == (date.today(), "today")


def test_offsets_hold_for_every_note(notes: dict[str, Note], reports: dict[str, Report]) -> None:
    assert len(reports) == len(notes) > 250
    for id, report in reports.items():
        text = notes[id].text
        assert report.mentions, id
        for m in report.mentions:
            assert m.text == text[m.start : m.end] != "", id
            if m.cue_start is not None:
                assert m.cue == text[m.cue_start : m.cue_end] != "", id
        for measure in report.measures:
            assert text[measure.start : measure.end].strip(), id


def test_evidence_points_at_mentions_of_the_report(reports: dict[str, Report]) -> None:
    for report in reports.values():
        pointing = (
            *(report.primary.requirements if report.primary else ()),
            *report.warnings, *report.separate, *report.conflicts,
        )  # fmt: skip
        for one in pointing:
            assert all(0 <= i < len(report.mentions) for i in one.evidence), report.id


def test_a_report_is_json_and_frozen(reports: dict[str, Report]) -> None:
    for report in reports.values():
        written = report.to_dict()
        assert json.loads(json.dumps(written, allow_nan=False)) == written
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.decision = "suggest"  # type: ignore[misc]


def test_the_decision_agrees_with_what_the_report_says(reports: dict[str, Report]) -> None:
    for report in reports.values():
        if report.decision == "suggest":
            assert report.primary is not None, report.id
            # The requirements shown beside a tumour excision are those of row 8 (recurrent), even
            # where row 16 (no code of gynaecologic cancer fits) decided.
            if not report.primary.code.startswith("49"):
                assert all(need.met for need in report.primary.requirements), report.id
            assert not report.gaps, report.id
            assert not report.conflicts, report.id
        if report.decision == "out_of_scope":
            assert report.primary is None, report.id
            assert not report.gaps, report.id
        assert report.reason.endswith("."), report.id


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The note is empty: give the text of an operative note."),
        (" \r\n\t ", "The note is empty: give the text of an operative note."),
        ("PK\x03\x04\0\0", "The input is binary, not text: export the note as plain text."),
        (
            "x" * (LONGEST + 1),
            "The note is longer than 10,000,000 characters: split it into notes.",
        ),
    ],
    ids=["empty", "blank", "binary", "too long"],
)  # fmt: skip
def test_what_cannot_be_a_note_is_refused_in_one_sentence(
    coder: Coder, text: str, message: str
) -> None:
    with pytest.raises(InputError) as raised:
        coder.suggest(text)
    assert str(raised.value) == message


@pytest.mark.parametrize(
    "text",
    [
        DISCHARGE,
        "Dear colleague, thank you for seeing this patient with recurrent ovarian cancer.",
        "The quick brown fox jumps over the lazy dog.",
        "PROCEDURE: Craniotomy.\nTECHNIQUE: The brain tumor was debulked with the aspirator.",
    ],
    ids=["discharge summary", "letter", "no medicine", "another operation"],
)
def test_what_is_no_operation_of_the_family_is_out_of_scope(coder: Coder, text: str) -> None:
    report = coder.suggest(text, date_of_service=BEFORE)
    assert (report.decision, report.primary, report.warnings) == ("out_of_scope", None, ())


def test_surrogates_stay_where_they_are(coder: Coder, example: str) -> None:
    broken = example.replace("omentum", "omentum\ud800").replace("\n", "\udfff\n", 3)
    report = coder.suggest(broken, date_of_service=AFTER)
    assert code(report) == "58958"
    assert any("\ud800" in m.text for m in report.mentions)
    for m in report.mentions:
        assert broken[m.start : m.end] == m.text


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u00ad"])
def test_invisible_characters_change_no_code(coder: Coder, example: str, mark: str) -> None:
    text = mark + example.replace("omentum", f"omen{mark}tum").replace("iliac", f"il{mark}iac")
    report = coder.suggest(text, date_of_service=AFTER)
    assert code(report) == "58958"
    assert all(text[m.start : m.end] == m.text for m in report.mentions)


def test_the_same_note_gives_the_same_report(coder: Coder, example: str) -> None:
    first = coder.suggest(example, id="a", date_of_service=AFTER)
    coder.suggest(DISCHARGE, date_of_service=BEFORE)
    assert coder.suggest(example, id="a", date_of_service=AFTER) == first


@pytest.mark.parametrize(
    ("best", "chance", "code"),
    [("initial_nodes", 0.95, "58951"), ("initial_nodes", 0.55, None), ("no_case", 0.95, None)],
)
def test_only_a_sure_reader_names_what_no_row_fits(
    coder: Coder, monkeypatch: pytest.MonkeyPatch, best: str, chance: float, code: str | None
) -> None:
    case = build(
        "disease_status=initial hysterectomy=total adnexa=bilateral omentectomy=none "
        "pelvic_nodes=dissection paraaortic_nodes=dissection"
    )
    verdict = coder.model.statistics.read(case)
    rest = {name: 0.0 for name in verdict.chances if name != best}
    said = dataclasses.replace(verdict, chances={best: chance, **rest})
    monkeypatch.setattr(Statistics, "read", lambda self, case: said)
    found = coder.report(case, id="x", on=date(2024, 6, 1), date_source="argument")
    assert (found.primary.code if found.primary else None) == code
    assert found.decision == ("review" if code else "out_of_scope")
