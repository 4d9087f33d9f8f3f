"""The facts told by words: approach, malignancy, primary site and disease status."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from debulk import model, tables
from debulk.facts import gather
from debulk.reading import read
from debulk.values import FACT_VALUES, Case

CASES = Path(__file__).parent / "cases" / "disease.tsv"


class Row(NamedTuple):
    """A short note, the fact it tells, and words that the evidence must touch."""

    fact: str
    value: str
    quote: str
    note: str


def rows() -> list[Row]:
    """The rows of the case table."""
    lines = CASES.read_text(encoding="utf-8").splitlines()
    found = [Row(*line.split("\t")) for line in lines if line and not line.startswith("#")]
    return [row._replace(note=row.note.replace("\\n", "\n")) for row in found]


@cache
def pipeline() -> Any:
    """The reading pipeline, untrained."""
    return model.blank()


def case_of(note: str) -> Case:
    """What is read of a note."""
    return gather(read(pipeline()(note)))


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row.fact}-{row.value}-{row.note[:40]}")
def test_fact(row: Row) -> None:
    """The note is read as a coder reads it, and the evidence points at the deciding words."""
    case = case_of(row.note)
    fact = case.facts[row.fact]
    assert row.value in FACT_VALUES[row.fact]
    assert fact.value == row.value
    if row.quote:
        spans = [
            *fact.quotes,
            *((case.mentions[i].start, case.mentions[i].end) for i in fact.evidence),
        ]
        at = row.note.lower().index(row.quote.lower())
        places = [at]
        while (at := row.note.lower().find(row.quote.lower(), at + 1)) >= 0:
            places.append(at)
        assert any(
            start < place + len(row.quote) and place < end
            for start, end in spans
            for place in places
        )


def test_the_table_covers_every_value() -> None:
    """Each value of each fact has a case."""
    told = {(row.fact, row.value) for row in rows()}
    for fact in ("approach", "malignancy", "primary_site", "disease_status"):
        for value in FACT_VALUES[fact]:
            assert (fact, value) in told


def test_quotes_lie_inside_the_note() -> None:
    """Offsets point into the text as given."""
    for row in rows():
        for fact in case_of(row.note).facts.values():
            for start, end in fact.quotes:
                assert 0 <= start < end <= len(row.note)


def test_the_tables_use_known_values() -> None:
    """A misspelled quality or side in a table would silently do nothing."""
    for line in tables.rows("qualifiers"):
        assert line["side"] in ("before", "after", "beyond")
        assert int(line["reach"]) > 0
        assert tables.terms(line["terms"])


@pytest.mark.parametrize("note", ["?", "? ?", "cancer", "? ovarian ca ?", "recurrent", "; | ;"])
def test_fragments_are_read_without_failing(note: str) -> None:
    """A text of nothing but cues is still a text."""
    case_of(note)
