"""`debulk_abbreviations`: scispaCy's abbreviation detector, kept linear on long notes."""

from __future__ import annotations

import re

from scispacy.abbreviation import AbbreviationDetector, filter_matches, find_abbreviation
from spacy.attrs import ORTH
from spacy.language import Language
from spacy.tokens import Doc

from debulk.components.tokenizer import text_of

_LIKELY = re.compile(r"\([A-Z][\w-]{1,8}\)|\b[A-Z]{2,8}\s*\(")
"""A bracket that may define an abbreviation: the cheap look before the detector's own."""
_LONGEST = 8  # words of a definition


class Abbreviations(AbbreviationDetector):  # type: ignore[misc]
    """Finds "pelvic lymph node dissection (PLND)" and where PLND stands again.

    scispaCy's pattern pairs every opening with every closing bracket of a text, which takes
    quadratic time; a definition holds at most eight words, so the brackets here do too.
    """

    def __init__(self, nlp: Language, name: str) -> None:
        super().__init__(nlp, name, make_serializable=True)
        self.matcher = _brackets

    def __call__(self, doc: Doc) -> Doc:
        if _LIKELY.search(text_of(doc)) and _defined(self.matcher(doc), doc):
            doc = super().__call__(doc)
        return doc


def _brackets(doc: Doc) -> list[tuple[int, int, int]]:
    """Pairs of brackets with one to eight words between them, as a matcher gives them."""
    opening, closing = doc.vocab.strings["("], doc.vocab.strings[")"]
    orths = doc.to_array(ORTH)
    found, start = [], -1
    for at in ((orths == opening) | (orths == closing)).nonzero()[0].tolist():
        if orths[at] == opening:
            start = at
        elif start >= 0:
            if 2 <= at - start <= _LONGEST + 1:
                found.append((0, start, at + 1))
            start = -1
    return found


def _defined(matches: list[tuple[int, int, int]], doc: Doc) -> bool:
    """Does any bracket hold an abbreviation or its long form?"""
    inside = [(key, start + 1, end - 1) for key, start, end in matches]
    return any(
        find_abbreviation(long, short)[1] is not None for long, short in filter_matches(inside, doc)
    )


@Language.factory("debulk_abbreviations", assigns=["doc._.abbreviations"])
def create(nlp: Language, name: str) -> Abbreviations:
    """The component, for spaCy."""
    return Abbreviations(nlp, name)
