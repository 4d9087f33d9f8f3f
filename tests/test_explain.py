"""Explain a code and cross it to another date."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from debulk_pairs import pairs_store

from debulk import coding, explain
from debulk.errors import UsageError

MAY = date(2026, 5, 1)
BEFORE = date(2024, 5, 1)


@pytest.mark.parametrize("code", sorted(coding.codes()))
@pytest.mark.parametrize("on", [BEFORE, MAY])
def test_every_code_is_explained(code: str, on: date) -> None:
    found = explain.explain(code, on)
    assert found.valid == coding.codes()[code].valid_on(on)
    assert found.requirements
    assert found.included
    parts = (found.validity, found.requirements, found.siblings, found.included, found.separate)
    for statement in (one for part in parts for one in part):
        assert statement.says
        assert statement.source
        assert statement.certainty in ("confirmed", "inferred", "general", "disputed")
    assert json.loads(json.dumps(found.to_dict()))["on"] == on.isoformat()
    assert found.text().startswith(f"{code}  ")


def test_58958() -> None:
    found = explain.explain("58958", MAY)
    [asked] = found.requirements
    assert "paraaortic nodes: dissection" in asked.says
    assert "disease status: recurrent" in asked.says
    sibling = {s.code: s for s in found.siblings}
    assert "58957" not in sibling  # not in force in 2026
    assert sibling["49187"].certainty == "inferred"
    assert "paraaortic nodes there anything, here dissection" in sibling["49187"].says
    assert "disease status there initial or interval, here recurrent" in sibling["58954"].says
    held = {s.code: s for s in found.included}
    assert "PTP indicator 0" in held["49255"].says
    assert "PTP indicator 1" in held["38770"].says
    assert "no PTP pair" in held["38562"].says
    assert held["49186"].certainty == "inferred"
    assert "49203" not in held
    assert "96547 96548" in {s.code for s in found.separate}


def test_siblings_of_the_year() -> None:
    found = {s.code: s.says for s in explain.explain("58958", BEFORE).siblings}
    assert "pelvic nodes there anything, here dissection" in found["58957"]
    assert "49203" not in {s.code for s in explain.explain("49187", MAY).siblings}


@pytest.mark.parametrize(
    ("code", "on", "size"),
    [
        ("49186", MAY, "the lengths added up: up to 5 cm"),
        ("49187", MAY, "the lengths added up: over 5 up to 10 cm"),
        ("49188", MAY, "the lengths added up: over 10 up to 20 cm"),
        ("49189", MAY, "the lengths added up: over 20 up to 30 cm"),
        ("49190", MAY, "the lengths added up: over 30 cm"),
        ("49203", BEFORE, "the largest length: up to 5 cm"),
        ("49204", BEFORE, "the largest length: over 5 up to 10 cm"),
        ("49205", BEFORE, "the largest length: over 10 cm"),
    ],
)
def test_sizes(code: str, on: date, size: str) -> None:
    assert all(asked.says.endswith(size) for asked in explain.explain(code, on).requirements)


def test_sizes_apart() -> None:
    found = {s.code: s.says for s in explain.explain("49187", MAY).siblings}
    assert found["49188"] == "the same work, the lengths added up: over 10 up to 20 cm"


def test_a_component_names_what_holds_it() -> None:
    found = explain.explain("49255", MAY)
    assert found.valid is None
    assert {s.code for s in found.held_by} == set(coding.codes())
    assert "Included in:" in found.text()


def test_separate_work_and_add_ons() -> None:
    assert explain.explain("38100", MAY).separate[0].certainty == "confirmed"
    hipec = explain.explain("96547", date(2023, 12, 31))
    assert hipec.valid is False
    assert explain.explain("96547", date(2024, 1, 1)).valid is True
    assert "58958" in hipec.requirements[0].says


@pytest.mark.parametrize("code", ["99213", "", "nonsense" * 30])
def test_an_unknown_code_is_refused(code: str) -> None:
    with pytest.raises(UsageError, match="is not known"):
        explain.explain(code, MAY)
    with pytest.raises(UsageError, match="no code of the family") as caught:
        explain.crosswalk(code, MAY)
    assert "58958" in str(caught.value)


@pytest.mark.parametrize(
    ("code", "on", "targets"),
    [
        ("58957", "2026-05-01", "58958 49186 49187 49188 49189 49190"),
        ("58957", "2025-01-01", "58958 49186 49187 49188 49189 49190"),
        ("58957", "2024-12-31", ""),
        ("58957", "2006-12-31", ""),
        ("49203", "2026-05-01", "49186 49187 49188 49189 49190"),
        ("49205", "2025-01-01", "49186 49187 49188 49189 49190"),
        ("49186", "2024-05-01", "58958 58957 49203 49204 49205"),
        ("49190", "2024-12-31", "58958 58957 49203 49204 49205"),
        ("49190", "2025-01-01", ""),
        ("58958", "2026-05-01", ""),
        ("58953", "2001-12-31", ""),
    ],
)
def test_crosswalk(code: str, on: str, targets: str) -> None:
    day = date.fromisoformat(on)
    found = explain.crosswalk(code, day)
    assert [t.code for t in found.targets] == targets.split()
    assert found.valid == coding.codes()[code].valid_on(day)
    assert all(t.source and t.certainty for t in found.targets)
    assert json.loads(json.dumps(found.to_dict()))["code"] == code


def test_crosswalk_says_when() -> None:
    text = explain.crosswalk("58957", MAY).text()
    assert "58957 is not valid on 2026-05-01." in text
    assert "58958: where also pelvic nodes: dissection and paraaortic nodes: dissection" in text
    assert "49190: for debulking of recurrent disease without both node basins" in text
    assert "[inferred: CODING row 7, inferred]" in text
    assert explain.crosswalk("58958", MAY).text() == "58958 is valid on 2026-05-01.\n"
    assert "No code of the family" in explain.crosswalk("58953", date(2001, 1, 1)).text()


def test_an_imported_fee_schedule_decides_validity(tmp_path: Path) -> None:
    import reference_layouts as layouts

    line = "58958||Invented|A||37.5|NA|NA|15.20||6.00|58.70|58.7|0|090|0.08|0.77|0.15|2|0|2|1|0"
    store = pairs_store(tmp_path, [], fees=layouts.fees_text([line.split("|")]))
    august = date(2026, 8, 1)
    assert explain.explain("58958", august, store).valid is True
    gone = explain.explain("58954", august, store)
    assert gone.valid is False
    assert "imported" in gone.text()
