"""Procedures by name and by deed: terms of the tables in, finds out. Pure, and without spaCy."""

from __future__ import annotations

from debulk.grammar.attributes import complete
from debulk.grammar.find import Find
from debulk.grammar.reader import Reader
from debulk.grammar.whole import corroborated, one_specimen, organ_masses, together, told_once
from debulk.page import Page

__all__ = ["Find", "complete", "finds"]


def finds(page: Page) -> list[Find]:
    """The finds of a page in reading order, with their attributes, no status yet."""
    told = together(page, organ_masses(page, list(Reader(page).finds())))
    return one_specimen(complete(page, told_once(corroborated(page, told))))
