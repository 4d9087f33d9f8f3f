"""How a note is cut into sections, sentences and clauses: one row of cases/page.tsv a case."""

from __future__ import annotations

from typing import Any

import pytest
from case_table import table

from debulk.components.layout import page_of
from debulk.corpus import Note
from debulk.page import Extent, Page
from debulk.reading import mentions_of


def told(page: Page, extent: Extent) -> str:
    """The text of a run of words."""
    return page.text[page.words[extent.start].start : page.words[extent.end - 1].end]


def parts(page: Page, kind: str) -> list[str]:
    """The parts of a page as the case table writes them."""
    if kind == "sections":
        return [f"{s.kind}: {told(page, Extent(s.heading, s.end))}" for s in page.sections]
    if kind == "sentences":
        return [told(page, sentence) for sentence in page.sentences]
    return [told(page, c) for sentence in page.sentences for c in page.clauses(sentence)]


@pytest.mark.parametrize("row", table("page"), ids=lambda row: f"{row['kind']}: {row['text']!r}")
def test_parts(row: dict[str, str], nlp: Any) -> None:
    page = page_of(nlp.make_doc(row["text"]))
    assert parts(page, row["kind"]) == row["parts"].split(" | ")


def test_no_word_of_a_note_is_lost(nlp: Any, notes: dict[str, Note]) -> None:
    for note in notes.values():
        page = page_of(nlp.make_doc(note.text))
        whole = list(range(len(page.words)))
        sections = [i for s in page.sections for i in range(s.heading, s.end)]
        sentences = [i for s in page.sentences for i in range(*s)]
        clauses = [i for s in page.sentences for c in page.clauses(s) for i in range(*c)]
        assert (sections, sentences, clauses) == (whole, whole, whole), note.id
        assert len(page.section_of) == len(page.breaks) == len(page.words)


def test_an_empty_text_has_no_parts(nlp: Any) -> None:
    page = page_of(nlp.make_doc(""))
    assert [*page.words, *page.sections, *page.sentences, *page.hits] == []


def test_what_the_patient_had_behind_the_surgeons_line_is_history(nlp: Any) -> None:
    text = (
        "Procedures: Exploratory laparotomy, secondary cytoreduction\nSurgeon: attending T\n\n"
        "She had TAH/BSO and omentectomy in 2021.\nWe opened through the old midline. The 4 cm "
        "nodule was excised."
    )
    told = {(m.concept, m.status) for m in mentions_of(nlp(text))}
    assert ("hysterectomy", "historical") in told
    assert ("hysterectomy", "performed") not in told
    assert ("tumor_excision", "performed") in told


def test_a_telling_behind_the_drains_is_no_part_of_them(nlp: Any) -> None:
    told = "The abdomen was opened and the tumor of the gutter was cut out with its peritoneum. "
    text = "PROCEDURE: Debulking.\nDrain: none\n\n" + told * 4
    page = page_of(nlp.make_doc(text))
    assert [section.kind for section in page.sections] == ["title", "drains", "narrative"]
