"""Find the terms of the knowledge tables among the words of a note: longest term first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import NamedTuple

from debulk import tables, words


class Term(NamedTuple):
    """What a term of a table stands for: its kind, its name there, and its attributes."""

    kind: str  # procedure, organ, region, action, cue, modifier, heading, context, surgeon
    name: str
    form: str  # of an action: past, base, noun; of a cue or modifier: its scope
    attributes: Mapping[str, str]


class Hit(NamedTuple):
    """A term found: words[start:end]."""

    start: int
    end: int
    term: Term


_hit: Callable[[tuple[int, int, Term]], Hit] = partial(tuple.__new__, Hit)
"""A hit from its parts, without the step of Python that a call of `Hit` takes."""
_Option = tuple[tuple[str, ...], tuple[tuple[Term, int], ...]]


class Lexicon:
    """Terms by their first two words; several terms may share one wording."""

    def __init__(self, entries: Iterable[tuple[str, Term]]) -> None:
        self._table: dict[tuple[str, ...], list[Term]] = {}
        for phrase, term in entries:
            key = words.norms(phrase)
            if key and term not in self._table.setdefault(key, []):
                self._table[key].append(term)
        self._single: dict[str, _Option] = {}
        self._pairs: dict[str, dict[str, list[_Option]]] = {}
        families: dict[tuple[str, str], int] = {}
        for key, found in self._table.items():
            option = (
                key,
                tuple((t, families.setdefault(_family(t), len(families))) for t in found),
            )
            if len(key) == 1:
                self._single[key[0]] = option
            else:
                self._pairs.setdefault(key[0], {}).setdefault(key[1], []).append(option)
        for seconds in self._pairs.values():
            for options in seconds.values():
                options.sort(key=lambda option: -len(option[0]))
        self._families = len(families)
        self._first = frozenset(self._single) | frozenset(self._pairs)

    def vocabulary(self, *kinds: str) -> set[str]:
        """Every word that a term holds; of some kinds of terms only, where kinds are named."""
        return {
            word
            for key, found in self._table.items()
            if not kinds or any(term.kind in kinds for term in found)
            for word in key
        }

    def find(self, norms: Sequence[str]) -> list[Hit]:
        """All terms in reading order; in a family the longest, and none inside another."""
        found: list[Hit] = []
        first, single, pairs = self._first, self._single, self._pairs
        until = [0] * self._families
        last = len(norms) - 1
        for at in [at for at, norm in enumerate(norms) if norm in first]:
            norm = norms[at]
            if at < last and norm in pairs:
                for key, terms in pairs[norm].get(norms[at + 1], ()):
                    end = at + len(key)
                    if end - at == 2 or tuple(norms[at:end]) == key:
                        _add(found, until, at, end, terms)
            if norm in single:
                _add(found, until, at, at + 1, single[norm][1])
        return found


def _add(
    found: list[Hit],
    until: list[int],
    at: int,
    end: int,
    terms: tuple[tuple[Term, int], ...],
) -> None:
    for term, family in terms:
        if until[family] <= at:
            found.append(_hit((at, end, term)))
    for _, family in terms:
        if until[family] < end:
            until[family] = end


def _family(term: Term) -> tuple[str, str]:
    """Terms that compete for the same words; an action or a fact does so only with itself."""
    return (term.kind, term.name if term.kind in ("action", "context") else "")


def _entries(table: str, kind: str, name: str, form: str = "") -> Iterable[tuple[str, Term]]:
    for row in tables.rows(table):
        attributes = tables.attributes(row.get("attributes", ""))
        term = Term(kind, row[name], row.get(form, ""), attributes)
        for phrase in tables.terms(row["terms"]):
            yield phrase, term


@cache
def surgery() -> Lexicon:
    """Procedures, anatomy, actions, modifiers and case facts."""
    return Lexicon(
        [
            *_entries("procedures", "procedure", "concept"),
            *_entries("organs", "organ", "organ"),
            *_entries("regions", "region", "region"),
            *_entries("actions", "action", "action", "form"),
            *_entries("surgeons", "surgeon", "role"),
            *(
                (phrase, Term("modifier", row["attribute"], row["scope"], {"value": row["value"]}))
                for row in tables.rows("modifiers")
                for phrase in tables.terms(row["terms"])
            ),
            *(
                (phrase, Term("context", row["fact"], "", {"value": row["value"]}))
                for row in tables.rows("contexts")
                for phrase in tables.terms(row["terms"])
            ),
        ]
    )


@cache
def headings() -> Lexicon:
    """Section headings."""
    return Lexicon(_entries("headings", "heading", "section", "strength"))
