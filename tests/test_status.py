"""Status of mentions: one-line cases of our own, each mention annotated in place."""

from __future__ import annotations

import re
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from debulk import model
from debulk.components.layout import page_of
from debulk.context import rulings
from debulk.grammar import finds
from debulk.neighbours import Ruling
from debulk.page import Page
from debulk.reading import mentions_of
from debulk.values import Mention

CASES = Path(__file__).parent / "cases" / "status.tsv"
_ENTITY = re.compile(r"<ent concept=(\w+) status=(\w+)>(.*?)</ent>")


def _cases() -> list[tuple[str, str]]:
    rows = CASES.read_text(encoding="utf-8").splitlines()[1:]
    return [(cells[0], cells[2]) for cells in (row.split("\t") for row in rows)]


@cache
def _nlp() -> Any:
    return model.blank()


def _read(text: str) -> tuple[Mention, ...]:
    return mentions_of(_nlp()(text))


def _page(text: str) -> Page:
    return page_of(_nlp()(text))


def _plain(annotated: str) -> tuple[str, list[tuple[str, str, int, int]]]:
    """The text without its annotation, and (concept, status, start, end) of each entity."""
    text, found, at = "", [], 0
    for match in _ENTITY.finditer(annotated):
        text += annotated[at : match.start()]
        found.append((match[1], match[2], len(text), len(text) + len(match[3])))
        text += match[3]
        at = match.end()
    return text + annotated[at:], found


def _wrong(annotated: str) -> list[str]:
    """What is wrong with the statuses of a case; mentions that were not found are not judged."""
    text, expected = _plain(annotated)
    mentions = _read(text)
    wrong = []
    for concept, status, start, end in expected:
        got = [
            mention.status
            for mention in mentions
            if mention.concept == concept and mention.start < end and mention.end > start
        ]
        if got and status not in got:
            wrong.append(f"{concept}: {got} instead of {status}")
    return wrong


def test_there_are_enough_cases_of_every_status() -> None:
    statuses = [status for _, row in _cases() for _, status, _, _ in _plain(row)[1]]
    assert len(_cases()) >= 150
    for status in set(statuses):
        assert statuses.count(status) >= 10, status


@pytest.mark.parametrize(("name", "annotated"), _cases())
def test_status_of_a_mention(name: str, annotated: str) -> None:
    assert _wrong(annotated) == []


def test_nearly_every_annotated_mention_is_found() -> None:
    found = total = 0
    for _, annotated in _cases():
        text, expected = _plain(annotated)
        concepts = {mention.concept for mention in _read(text)}
        total += len(expected)
        found += sum(concept in concepts for concept, *_ in expected)
    assert found >= 0.95 * total


@pytest.mark.parametrize(
    ("text", "cue"),
    [
        ("Omentectomy was deferred for hypotension.", "deferred"),
        ("She declined hysterectomy.", "declined"),
        ("The omentum was not removed.", "not removed"),
        ("Status post omentectomy.", "Status post"),
        ("Urology performed cystoscopy.", "Urology"),
        ("Splenectomy was considered. We decided against it.", "decided against"),
        ("The uterus had been removed in 1999.", "had"),
    ],
)
def test_a_ruling_keeps_the_words_that_decided_it(text: str, cue: str) -> None:
    mention = _read(text)[0]
    assert cue.lower() in mention.cue.lower()
    assert text[mention.cue_start : mention.cue_end] == mention.cue


def test_a_plain_telling_has_no_cue() -> None:
    mention = _read("Omentectomy was performed with the vessel sealer.")[0]
    assert (mention.status, mention.cue, mention.cue_start) == ("performed", "", None)


@pytest.mark.parametrize(
    "text", ["", " ", ".", "not", "no to", "had", "by", "(", "Dr.", "should", "0", "may"]
)
def test_odd_texts_are_ruled_without_error(text: str) -> None:
    page = _page(text)
    assert all(isinstance(ruling, Ruling) for ruling in rulings(page, finds(page)))


@pytest.mark.parametrize(
    ("label", "said", "status"),
    [
        ("Pelvic nodes", "Not done. Not enlarged.", "not_performed"),
        ("5. Pelvic nodes", "Deferred. LION. Nothing palpable.", "not_performed"),
        ("Pelvic nodes.", "Felt with care, soft. Forgone.", "not_performed"),
        ("-- Pelvic nodes", "Forgone - pulmonary status.", "not_performed"),
        (">> Pelvic nodes", "Looked at through the peritoneum, left.", "not_performed"),
        ("Pelvic nodes:", "None to remove.", "not_performed"),
        ("A. Pelvic nodes", "Already done.", "historical"),
        ("~ Pelvic nodes ~", "Nil. Gone already.", "historical"),
    ],
)
def test_what_is_said_under_a_label(label: str, said: str, status: str) -> None:
    text = f"Midline laparotomy was performed.\n\n{label}\n{said}\n\nClosure\nStaples."
    statuses = {m.status for m in _read(text) if m.concept == "pelvic_lymphadenectomy"}
    assert statuses == {status}


def test_a_page_without_finds_is_ruled_at_once() -> None:
    assert rulings(_page("The counts were correct."), []) == []


def test_a_negated_list_of_any_length_is_negated() -> None:
    text = "No hysterectomy, omentectomy, splenectomy, appendectomy or cystoscopy was done."
    assert {mention.status for mention in _read(text)} == {"not_performed"}


def test_a_long_list_is_ruled_quickly() -> None:
    text = "No " + ", ".join(["omentectomy", "splenectomy", "appendectomy"] * 400) + " was done."
    page = _page(text)
    listed = finds(page)
    began = time.perf_counter()
    assert len(rulings(page, listed)) == len(listed)
    assert time.perf_counter() - began < 5


def test_cues_lie_inside_the_page() -> None:
    for _, annotated in _cases():
        page = _page(_plain(annotated)[0])
        for ruling in rulings(page, finds(page)):
            if ruling.cue is not None:
                assert 0 <= ruling.cue.start <= ruling.cue.end <= len(page.words)
