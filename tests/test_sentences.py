"""The public sentence suite: text and expectation in one line, a third of it held out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from debulk.reading import mentions_of
from debulk.values import CONCEPTS, STATUSES

FOLDER = Path(__file__).parent / "cases"
MARK = re.compile(r"<ent concept=(\w+) status=(\w+)>(.*?)</ent>", re.DOTALL)

# Rows wholly right, of 1,225 and 553. A floor only goes up: raise it when reading gets better.
FLOORS = {"sentences": 1058, "sentences_held_out": 416}


class Row(NamedTuple):
    """A sentence, and the (concept, status) pairs that it tells."""

    id: str
    kind: str
    text: str
    told: frozenset[tuple[str, str]]


def rows(name: str) -> list[Row]:
    """The rows of `cases/<name>.tsv`, the marks taken out of the text."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    found = []
    for line in lines:
        id, kind, marked = line.split("\t")
        told = frozenset((concept, status) for concept, status, _ in MARK.findall(marked))
        found.append(Row(id, kind, MARK.sub(r"\3", marked), told))
    return found


def wrong(nlp: Any, suite: list[Row]) -> list[str]:
    """The ids of the rows that are not wholly right; no text, so that none is held out in vain."""
    docs = nlp.pipe(row.text for row in suite)
    return [
        row.id
        for row, doc in zip(suite, docs, strict=True)
        if {(m.concept, m.status) for m in mentions_of(doc)} != row.told
    ]


@pytest.mark.parametrize("name", FLOORS)
def test_the_suite_reaches_its_floor(name: str, nlp: Any) -> None:
    suite = rows(name)
    missed = wrong(nlp, suite)
    right = len(suite) - len(missed)
    assert right >= FLOORS[name], f"{right} of {len(suite)} rows are right, wrong: {missed}"


@pytest.mark.parametrize("name", FLOORS)
def test_marks_are_words_of_the_contract(name: str) -> None:
    suite = rows(name)
    assert len({row.id for row in suite}) == len(suite)
    for row in suite:
        assert "<" not in row.text, f"{row.id} holds a mark that cannot be read"
        assert {concept for concept, _ in row.told} <= set(CONCEPTS), row.id
        assert {status for _, status in row.told} <= set(STATUSES), row.id


def test_every_status_and_nearly_every_concept_is_asked() -> None:
    asked = [pair for name in FLOORS for row in rows(name) for pair in row.told]
    assert {status for _, status in asked} == set(STATUSES)
    assert len({concept for concept, _ in asked}) >= 0.9 * len(CONCEPTS)


def test_no_held_out_row_stands_in_the_public_part() -> None:
    public, held_out = ({row.text.casefold() for row in rows(name)} for name in FLOORS)
    assert not public & held_out
