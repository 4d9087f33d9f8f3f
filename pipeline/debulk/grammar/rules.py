"""The tables of the grammar: action x anatomy, what sparing an organ means, fates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from debulk import tables, words
from debulk.page import FINITE

BASINS = ("pelvic", "paraaortic", "inguinal")


@dataclass(frozen=True)
class Rule:
    """A row of `knowledge/grammar.tsv`."""

    concept: str
    attributes: dict[str, str]
    needs: frozenset[str]
    bars: frozenset[str]


def _words(cell: str) -> frozenset[str]:
    return frozenset(w for term in tables.terms(cell) for w in words.norms(term))


@cache
def rules() -> dict[tuple[str, str, str], tuple[Rule, ...]]:
    """The grammar by organ, action and region."""
    found: dict[tuple[str, str, str], tuple[Rule, ...]] = {}
    for row in tables.rows("grammar"):
        rule = Rule(
            row["concept"],
            tables.attributes(row["attributes"]),
            _words(row["needs"]),
            _words(row["bars"]),
        )
        key = (row["organ"], row["action"], row["region"])
        found[key] = (*found.get(key, ()), rule)
    return found


@cache
def regional() -> frozenset[str]:
    """Organs whose procedure depends on the region."""
    return frozenset(organ for organ, _, region in rules() if region)


@cache
def fates() -> dict[str, str]:
    """What became of an organ, by the words that say so: the status of its usual removal."""
    return {
        " ".join(words.norms(term)): row["status"]
        for row in tables.rows("fates")
        for term in tables.terms(row["terms"])
    }


@cache
def fate_words() -> frozenset[str]:
    """The words that a fate may begin with: a quick look before the long one."""
    return frozenset(phrase.split()[0] for phrase in fates())


@cache
def fate_marks() -> frozenset[str]:
    """A telling word of each fate: where a sentence holds none of them, it tells no fate."""
    return frozenset(
        max(phrase.split(), key=lambda word: (word not in FINITE, len(word))) for phrase in fates()
    )


@cache
def usual() -> dict[str, tuple[str, ...]]:
    """The usual removal of an organ."""
    return {row["organ"]: tuple(row["concept"].split()) for row in tables.rows("spared")}
