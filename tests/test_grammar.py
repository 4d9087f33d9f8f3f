"""Procedures found by name and by deed: one row of cases/finds.tsv a case, no status yet."""

from __future__ import annotations

from typing import Any

import pytest
from case_table import table

from debulk.components.layout import page_of
from debulk.corpus import Note
from debulk.grammar import Find, finds
from debulk.reading import read
from debulk.values import CONCEPTS, STATUSES


def written(find: Find) -> str:
    """A find as the case table writes it."""
    told = ";".join(f"{name}={value}" for name, value in sorted(find.attributes.items()))
    return f"{find.concept}:{told}" if told else find.concept


@pytest.mark.parametrize("row", table("finds"), ids=lambda row: row["text"])
def test_finds(row: dict[str, str], nlp: Any) -> None:
    found = finds(page_of(nlp.make_doc(row["text"])))
    assert sorted({written(find) for find in found}) == sorted(set(row["finds"].split()))


@pytest.mark.parametrize("row", table("finds"), ids=lambda row: row["text"])
def test_capitals_find_the_same(row: dict[str, str], nlp: Any) -> None:
    upper = finds(page_of(nlp.make_doc(row["text"].upper())))
    assert sorted({find.concept for find in upper}) == sorted(
        {name.split(":")[0] for name in row["finds"].split()}
    )


def test_most_concepts_have_a_case() -> None:
    asked = {name.split(":")[0] for row in table("finds") for name in row["finds"].split()}
    assert asked <= set(CONCEPTS)
    assert len(asked) >= 0.9 * len(CONCEPTS)


def test_finds_are_places_in_reading_order(nlp: Any, notes: dict[str, Note]) -> None:
    for note in list(notes.values())[::5]:
        page = page_of(nlp.make_doc(note.text))
        found = finds(page)
        assert [f.start for f in found] == sorted(f.start for f in found), note.id
        for find in found:
            assert 0 <= find.start < find.end <= len(page.words)
            assert find.start <= find.head.start < find.head.end <= find.end
            assert find.concept in CONCEPTS
            assert find.fate in ("", *STATUSES)


def test_finding_changes_nothing(nlp: Any, notes: dict[str, Note]) -> None:
    page = page_of(nlp.make_doc(notes["resident-01"].text))
    assert finds(page) == finds(page)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("TECHNIQUE: The abdomen was opened.\nDRAINS: None\nEBL: 200 mL", "not_performed"),
        ("TECHNIQUE: The abdomen was opened.\nEBL: 200 mL     Drain: N", "not_performed"),
        ("TECHNIQUE: The abdomen was opened.\nDRAINS: One Blake drain, pelvis", "performed"),
        ("TECHNIQUE: The abdomen was opened.\nCATHETERS: None", ""),
    ],
)
def test_a_section_of_drains_may_say_that_there_are_none(nlp: Any, text: str, status: str) -> None:
    found = {m.status for m in read(nlp(text)).mentions if m.concept == "drain_placement"}
    assert found == ({status} if status else set())
