"""Status of mentions: one-line cases of our own, each mention annotated in place."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import spacy
from scispacy.custom_tokenizer import combined_rule_tokenizer

from debulk.attributes import complete
from debulk.components.mentions import Mentions
from debulk.components.status import Status
from debulk.context import Ruling, rulings
from debulk.grammar import Find, Reader
from debulk.page import Extent, Page, lay_out
from debulk.words import Speller

CASES = Path(__file__).parent / "cases" / "status.tsv"
_ENTITY = re.compile(r"<ent concept=(\w+) status=(\w+)>(.*?)</ent>")


def _cases() -> list[tuple[str, str]]:
    rows = CASES.read_text(encoding="utf-8").splitlines()[1:]
    return [(cells[0], cells[2]) for cells in (row.split("\t") for row in rows)]


@cache
def _nlp() -> tuple[spacy.Language, Speller]:
    nlp = spacy.blank("en")
    nlp.tokenizer = combined_rule_tokenizer(nlp)
    return nlp, Speller()


def _read(text: str) -> tuple[Page, list[Find], list[Ruling]]:
    nlp, speller = _nlp()
    page = lay_out(text, [(token.text, token.idx) for token in nlp(text)], speller)
    finds = complete(page, list(Reader(page).finds()))
    return page, finds, rulings(page, finds)


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
    page, finds, ruled = _read(text)
    wrong = []
    for concept, status, start, end in expected:
        got = [
            ruling.status
            for find, ruling in zip(finds, ruled, strict=True)
            if find.concept == concept
            and page.words[find.start].start < end
            and page.words[find.end - 1].end > start
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
        concepts = {find.concept for find in _read(text)[1]}
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
        ("Splenectomy was considered. We decided against it.", "decided against it"),
        ("The uterus had been removed in 1999.", "had"),
    ],
)
def test_a_ruling_keeps_the_words_that_decided_it(text: str, cue: str) -> None:
    page, _, ruled = _read(text)
    decided = ruled[0].cue
    assert decided is not None
    said = text[page.words[decided.start].start : page.words[decided.end - 1].end]
    assert said.lower() == cue.lower()


def test_a_plain_telling_has_no_cue() -> None:
    _, _, ruled = _read("Omentectomy was performed with the vessel sealer.")
    assert ruled == [Ruling("performed", None)]


def test_components_write_status_and_cue_on_the_mentions() -> None:
    assert callable(Status().find)
    assert callable(Mentions().find)


@pytest.mark.parametrize(
    "text", ["", " ", ".", "not", "no to", "had", "by", "(", "Dr.", "should", "0", "may"]
)
def test_odd_texts_are_ruled_without_error(text: str) -> None:
    _, finds, ruled = _read(text)
    assert len(finds) == len(ruled)


def test_a_long_list_is_ruled_in_linear_time() -> None:
    text = "No " + ", ".join(["omentectomy", "splenectomy", "appendectomy"] * 400) + " was done."
    _, finds, ruled = _read(text)
    assert len(finds) == len(ruled)


def test_extents_lie_inside_the_page() -> None:
    for _, annotated in _cases():
        page, _, ruled = _read(_plain(annotated)[0])
        for ruling in ruled:
            if ruling.cue is not None:
                assert isinstance(ruling.cue, Extent)
                assert 0 <= ruling.cue.start <= ruling.cue.end <= len(page.words)
