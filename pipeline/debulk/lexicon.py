"""Find the terms of the knowledge tables among the words of a note: longest term first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
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


class Lexicon:
    """Terms by their first word; several terms may share one wording."""

    def __init__(self, entries: Iterable[tuple[str, Term]]) -> None:
        table: dict[tuple[str, ...], list[Term]] = {}
        for phrase, term in entries:
            key = words.norms(phrase)
            if key and term not in table.setdefault(key, []):
                table[key].append(term)
        self._first: dict[str, list[tuple[tuple[str, ...], int, tuple[Term, ...]]]] = {}
        for key, found in table.items():
            self._first.setdefault(key[0], []).append((key[1:], len(key), tuple(found)))
        for options in self._first.values():
            options.sort(key=lambda option: -option[1])

    def vocabulary(self, *kinds: str) -> set[str]:
        """Every word that a term holds; of some kinds of terms only, where kinds are named."""
        return {
            word
            for first, options in self._first.items()
            for rest, _, found in options
            if not kinds or any(term.kind in kinds for term in found)
            for word in (first, *rest)
        }

    def find(self, norms: Sequence[str]) -> list[Hit]:
        """All terms in reading order; in a family the longest, and none inside another."""
        found: list[Hit] = []
        first = self._first
        until: dict[tuple[str, str], int] = {}
        for at, norm in enumerate(norms):
            options = first.get(norm)
            if options is None:
                continue
            for rest, length, found_terms in options:
                if length == 1 or tuple(norms[at + 1 : at + length]) == rest:
                    for term in found_terms:
                        if until.get(_family(term), 0) <= at:
                            found.append(Hit(at, at + length, term))
                    for term in found_terms:
                        key = _family(term)
                        until[key] = max(until.get(key, 0), at + length)
        return found


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
    """Procedures, anatomy, actions, modifiers, status cues, other surgeons and case facts."""
    return Lexicon(
        [
            *_entries("procedures", "procedure", "concept"),
            *_entries("organs", "organ", "organ"),
            *_entries("regions", "region", "region"),
            *_entries("actions", "action", "action", "form"),
            *_entries("cues", "cue", "status", "scope"),
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
