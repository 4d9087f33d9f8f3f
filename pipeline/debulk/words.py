"""The words of a note as the knowledge tables spell them, each with its place in the text.

Found without changing the text: case, plural, British spelling, odd hyphens, zero-width
characters and joined words ("TAH/BSO") are read as the standard spelling, and every word
keeps the character offsets of what the surgeon wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from debulk import tables

_INVISIBLE = dict.fromkeys(
    [0x00AD, 0x034F, 0x061C, 0x180E, *range(0x200B, 0x2010), *range(0x2028, 0x202F),
     *range(0x2060, 0x2065), 0xFEFF]
)  # fmt: skip
_HYPHENS = {ord(c): "-" for c in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2043"}
_QUOTES = {0x2018: "'", 0x2019: "'", 0x02BC: "'"}
_SIGNS = {0x00D8: "ø", 0x2205: "ø"}
_FOLD = {**_SIGNS, **_INVISIBLE, **_HYPHENS, **_QUOTES}
_HYPHENATED = tables.wordset("hyphenated")
_PIECES = re.compile(r"[^\W_]+(?:['.\-][^\W_]+)*|\.{2,}|[^\w\s]|_+")
_LEADER = 4  # dots that lead from a field of a form to its value
_BRITISH = (
    (re.compile("ae"), "e"),
    (re.compile("oe(?!l|$)"), "e"),
    (re.compile("(?<=[a-z]{3})our(?=$|[eis])"), "or"),
    (re.compile("tre$"), "ter"),
    (re.compile("is(?=e$|ed$|ing$|ation)"), "iz"),
    (re.compile("ys(?=e$|ed$|ing$)"), "yz"),
)


class Word(NamedTuple):
    """One word: its standard spelling and its character offsets in the text as given."""

    norm: str
    start: int
    end: int


_word: Callable[[tuple[Any, int, int]], Word] = partial(tuple.__new__, Word)
"""A word from its parts, without the step of Python that a call of `Word` takes."""


def standard(word: str) -> str:
    """One word as the tables spell it, variants not yet resolved."""
    word = word.translate(_FOLD)
    if not word.isascii():
        word = unicodedata.normalize("NFKD", word)
        word = "".join(c for c in word if not unicodedata.combining(c))
    word = word.lower()
    if len(word) < 4 or not word[0].isalpha():
        return word
    for pattern, plain in _BRITISH:
        word = pattern.sub(plain, word)
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "'s")):
        return word[:-1]
    return word


@cache
def _variants() -> dict[str, tuple[str, ...]]:
    return {
        standard(row["variant"]): tuple(standard(w) for w in row["standard"].split())
        for row in tables.rows("variants")
    }


class Speller:
    """Reads token texts as standard words; remembers each distinct token.

    `correct` may turn an unknown word into a known one (the scispaCy candidate
    generator does this for misspelled procedures) or return None.
    """

    LIMIT = 50_000

    def __init__(self) -> None:
        self._seen: dict[str, tuple[Word, ...]] = {}
        self._whole: dict[str, str] = {}  # of tokens that are one word
        self.correct: Callable[[str], tuple[str, ...] | None] = _no_correction

    def pieces(self, token: str) -> tuple[Word, ...]:
        """The words of one token, offsets from the token's start; () for blanks."""
        found = self._seen.get(token)
        if found is None:
            if len(self._seen) >= self.LIMIT:
                self._seen.clear()  # bounded, so that memory stays flat over an archive
                self._whole.clear()
            found = self._seen[token] = tuple(self._read(token))
            if len(found) == 1 and found[0][1:] == (0, len(token)):
                self._whole[token] = found[0].norm
        return found

    def read(self, text: str, starts: Sequence[int], ends: Sequence[int]) -> list[Word]:
        """The words of a text from where its tokens start and end."""
        tokens = [text[start:end] for start, end in zip(starts, ends, strict=True)]
        norms = list(map(self._whole.get, tokens))
        # Most tokens are one word: these are made without a step of Python for each.
        made = list(map(_word, zip(norms, starts, ends, strict=True)))
        found: list[Word] = []
        done = 0
        for at in [at for at, norm in enumerate(norms) if norm is None]:
            found += made[done:at]
            start, done = starts[at], at + 1
            for piece, first, last in self.pieces(tokens[at]):
                found.append(_word((piece, start + first, start + last)))
        return found + made[done:] if done else made

    def _read(self, token: str) -> Iterable[Word]:
        if token.isspace():
            return
        clean = token.translate(_FOLD)
        if len(token) > 1 and clean.endswith(".") and clean[0].isalnum():
            clean = clean[:-1]  # "Dr." is kept whole by the tokenizer: its stop ends no sentence
            token = token[:-1]
        if len(clean) == len(token):
            yield from self._split(clean, 0)
            return
        # Invisible characters were dropped: the whole token is one place.
        for word in self._split(clean, 0):
            yield Word(word.norm, 0, len(token))

    def _split(self, token: str, offset: int) -> Iterable[Word]:
        whole = _variants().get(standard(token))
        if whole and token.lower() != "met":  # "mets" are metastases, "met" is most often a verb
            for norm in whole:
                yield Word(norm, offset, offset + len(token))
            return
        for match in _PIECES.finditer(token):
            piece, start, end = match.group(), offset + match.start(), offset + match.end()
            norm = standard(piece) if piece[:_LEADER] != "." * _LEADER else ":"
            fixed = _variants().get(norm) if norm != "met" or piece.lower() == "mets" else None
            if fixed:
                yield from (Word(each, start, end) for each in fixed)
            elif norm in _HYPHENATED or "-" not in piece or len(piece) == 1:
                better = self.correct(norm)
                yield from (Word(n, start, end) for n in (better or (norm,)))
            else:
                at = start
                for part in piece.split("-"):
                    inner = standard(part)
                    for each in _variants().get(inner) or self.correct(inner) or (inner,):
                        yield Word(each, at, at + len(part))
                    at += len(part) + 1


def _no_correction(word: str) -> tuple[str, ...] | None:
    return None


@cache
def _plain_speller() -> Speller:
    return Speller()


def norms(phrase: str) -> tuple[str, ...]:
    """A term of a table as standard words."""
    speller = _plain_speller()
    return tuple(word.norm for part in phrase.split() for word in speller.pieces(part))
