"""Procedures told by name, and names that share their head: "pelvic and para-aortic nodes"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from debulk import tables, words
from debulk.grammar.basins import knows_nodes
from debulk.grammar.rules import BASINS
from debulk.lexicon import Hit, Term
from debulk.page import FINITE, Extent, Page
from debulk.tables import wordset

_GLUE = wordset("name_glue")
_FELT = wordset("felt")
_DASHES = frozenset({"-", "\u2013", "\u2014"})
_LISTING = frozenset({"title", "consent", "not_performed", "specimens", "postop_diagnosis"})
_TABLE = dict[tuple[str, ...], tuple[str, dict[str, str]]]
Named = tuple[Term, int, int, Extent, Sequence[str]]


@cache
def _heads() -> dict[str, _TABLE]:
    """Head word to modifier to (concept, attributes)."""
    found: dict[str, _TABLE] = {}
    for row in tables.rows("heads"):
        for head in tables.terms(row["heads"]):
            table = found.setdefault(words.norms(head)[-1], {})
            for modifier in tables.terms(row["modifiers"]):
                table[words.norms(modifier)] = (
                    row["concept"],
                    tables.attributes(row["attributes"]),
                )
    return found


def procedures(
    page: Page, sentence: Extent, spoken: Sequence[Hit], regions: Sequence[Hit]
) -> Iterator[Named]:
    """Each procedure name of a sentence: term, words, head, and for bare nodes their basins."""
    norms = page.norms
    heads = _heads()
    taken = {(h.term.name, h.start) for h in spoken}
    covered: set[int] = set()
    for hit in spoken:
        basins = list(
            dict.fromkeys(
                r.term.name
                for r in regions
                if r.term.name in BASINS and -8 <= r.start - hit.start <= 10
            )
        )
        yield hit.term, hit.start, hit.end, Extent(hit.start, hit.end), basins
        covered.update(range(hit.start, hit.end))
        table = heads.get(norms[hit.end - 1])
        if table:
            yield from _sharing(norms, sentence, hit.start, hit.end, table, taken)
    listing = page.section_of[sentence.start] in _LISTING
    for at in [at for at in range(sentence.start, sentence.end) if norms[at] in heads]:
        norm = norms[at]
        if at in covered:
            continue
        # A row of a table that ends in a dash tells of nothing done.
        short = sentence.end - sentence.start <= 9 and norms[sentence.end - 1] not in _DASHES
        if norm in ("node", "lnd") and not (listing or (short and _no_verb(norms, sentence))):
            continue
        if norm == "dissection" and not knows_nodes(norms):
            continue  # "no aortic dissection": the vessel's, in a note that knows no nodes
        start = at - 1 if norms[at - 1 : at] == ["lymph"] else at
        yield from _sharing(norms, sentence, start, at + 1, heads[norm], taken)


def _no_verb(norms: Sequence[str], sentence: Extent) -> bool:
    """A list, not a telling: no finite verb, nothing felt or looked at."""
    inside = norms[sentence.start : sentence.end]
    return FINITE.isdisjoint(inside) and _FELT.isdisjoint(inside)


def _sharing(
    norms: Sequence[str],
    sentence: Extent,
    start: int,
    end: int,
    table: _TABLE,
    taken: set[tuple[str, int]],
) -> Iterator[Named]:
    """The modifiers left of a head that share it."""
    back = start
    while back > sentence.start:
        for length in (3, 2, 1):
            low = back - length
            if low < sentence.start:
                continue
            found = table.get(tuple(norms[low:back]))
            if found is not None:
                break
        else:
            if norms[back - 1] in _GLUE and start - back < 12:
                back -= 1
                continue
            return
        concept, attributes = found
        back = low
        if (concept, back) in taken:
            continue
        taken.add((concept, back))
        yield Term("procedure", concept, "", attributes), back, end, Extent(back, back + length), []
