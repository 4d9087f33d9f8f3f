"""The words of a note: the standard spelling, and the place of each in the text as given."""

from __future__ import annotations

from typing import Any

import pytest
from case_table import table
from hypothesis import example, given, settings
from hypothesis import strategies as st

from debulk import model, words
from debulk.coder import Coder
from debulk.components.layout import page_of
from debulk.corpus import Note
from debulk.page import Page
from debulk.words import Speller

# What notes are made of, and what gets into them on the way through an interface.
PIECES = st.sampled_from(
    "omentum tumour salpingo-oophorectomy TAH/BSO para\u2011aortic o\u200bmentum \ufeff "
    "\u00ad 2.5cm 4x3 Dr. \u2019s na\u00efve \u00d8 \ufffd \u2028 \r\n \n\n ____ , . ; ( ) -- "
    "\u00bd \u0301 \U0001f600".split(" ")
)
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=6)), max_size=20).map(" ".join)
READER = model.blank()  # hypothesis runs one test many times: no fixture


def laid_out(nlp: Any, text: str) -> Page:
    return page_of(nlp.make_doc(text))


@pytest.mark.parametrize("row", table("words"), ids=lambda row: f"{row['kind']}: {row['words']}")
def test_spelling_and_place(row: dict[str, str], nlp: Any) -> None:
    page = laid_out(nlp, row["text"])
    assert page.norms == row["words"].split(" ")
    assert [row["text"][w.start : w.end] for w in page.words] == row["places"].split(" ")


@pytest.mark.parametrize("text", ["", " ", "\n\n", "\t\r\n", "\u200b \u200b"])
def test_blank_text_has_no_words_with_letters(text: str, nlp: Any) -> None:
    assert not any(norm.isalnum() for norm in laid_out(nlp, text).norms)


@settings(max_examples=150, deadline=None)
@given(TEXTS)
@example("omen\u200btum")
@example("\u200b")
@example("a\r\nb")
def test_every_word_is_a_place_in_the_text(text: str) -> None:
    text = "".join(c for c in text if not "\ud800" <= c <= "\udfff")
    page = laid_out(READER, text)
    before = (0, 0)
    for word in page.words:
        assert text[word.start : word.end].strip()
        assert word.start >= before[1] or (word.start, word.end) == before, "words go forward"
        before = (word.start, word.end)


def test_offsets_hold_for_the_words_of_notes(nlp: Any, notes: dict[str, Note]) -> None:
    for note in list(notes.values())[::2]:
        for word in laid_out(nlp, note.text).words:
            assert note.text[word.start : word.end].strip(), note.id


def test_line_ends_and_invisible_characters_change_no_spelling(
    nlp: Any, notes: dict[str, Note]
) -> None:
    for note in list(notes.values())[::20]:
        norms = laid_out(nlp, note.text).norms
        assert laid_out(nlp, note.text.replace("\n", "\r\n")).norms == norms
        assert laid_out(nlp, note.text.replace("omentum", "omen\u200btum")).norms == norms


def test_a_surrogate_keeps_its_place(coder: Coder) -> None:
    text = "TECHNIQUE: The \ud800 abdomen was opened. The omentum \udfff was removed."
    case = coder.read(text)
    assert {m.concept for m in case.mentions} == {"exploratory_laparotomy", "omentectomy"}
    assert all(text[m.start : m.end] == m.text for m in case.mentions)
    assert any("\udfff" in m.text for m in case.mentions)


def test_a_speller_forgets_before_it_grows() -> None:
    speller = Speller()
    speller.LIMIT = 10  # type: ignore[misc]
    for number in range(100):
        speller.pieces(f"word{number}")
    assert len(speller._seen) <= 10


def test_a_term_of_a_table_is_spelled_as_the_note_is() -> None:
    assert words.norms("Para\u2013aortic lymph nodes") == ("para-aortic", "lymph", "node")
