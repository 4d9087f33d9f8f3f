"""The page of a Doc, laid out once and shared by the components that read it."""

from __future__ import annotations

from typing import Any

from spacy.attrs import IDX, LENGTH
from spacy.tokens import Doc

from debulk import lexicon
from debulk.components.tokenizer import TEXT, text_of
from debulk.page import Page, lay_out
from debulk.spelling import Spelling
from debulk.words import Speller

_KEY = "debulk_page"
SPELLER = Speller()
SPELLER.correct = Spelling(
    lexicon.surgery().vocabulary("procedure", "organ", "region", "action"),
    lexicon.surgery().vocabulary() | lexicon.headings().vocabulary(),
).correct
"""Remembers how each distinct token is read; shared by every pipeline of the process."""


def page_of(doc: Doc) -> Page:
    """The page of a Doc.

    Kept among the Doc's hooks, which are dropped when the Doc is written to bytes: the page is
    a working paper, and what the components found stands in `doc.spans` and `doc._`.
    """
    hooks: dict[str, Any] = doc.user_hooks
    page: Page | None = hooks.get(_KEY)
    if page is None:
        places = doc.to_array([IDX, LENGTH]).astype("int64")
        starts, ends = places[:, 0].tolist(), places.sum(axis=1).tolist()
        page = lay_out(text_of(doc), starts, ends, SPELLER)
        hooks[_KEY] = page
    return page


def drop_page(doc: Doc) -> None:
    """Forget the working paper, so that a stored Doc holds plain data only."""
    doc.user_hooks.pop(_KEY, None)
    doc.user_hooks.pop(TEXT, None)
