"""Clauses of the telling that remove, leave, burn or sample a tumour, and which tumour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from debulk import tables
from debulk.inside import ORGAN_WORK, SURFACES, organs_within
from debulk.lexicon import Hit
from debulk.page import Extent
from debulk.resections import TUMOUR_WORK, Resections

WORK = TUMOUR_WORK | ORGAN_WORK | {"omentectomy"}
SAMPLED = frozenset("sampled biopsied biopsy biopsies bx sample".split())
UNDONE = frozenset("not no unable impossible without never could attempt tried".split())
CUT = "cut"
_EXCEPT = frozenset("except excepting exception barring save sparing".split())
_INSIDE = frozenset({"inside", "within"})
_HOLDERS = frozenset(
    "flexure loop segment lobe wedge specimen bowel colon sigmoid rectum spleen organ".split()
)
_ALL = frozenset("all both everything each every".split())
_ONES = frozenset({"one", "ones"})
_THE = frozenset("the this that these those both".split())
_TUMOURS = ("tumor", "omental")
_MOST = 60  # sentences with an outcome; a note with more is no note
_IS = frozenset("is was were are be been being i we".split())


class Outcome(NamedTuple):
    """A clause that leaves, burns or samples a tumour: which one, by its noun and its place."""

    kind: str
    at: int
    noun: str
    definite: bool  # "the porta deposit", which was spoken of before
    sites: frozenset[str]
    words: frozenset[str]  # the words that say where it lies


@cache
def _nouns() -> frozenset[str]:
    """The last words of the terms that name a tumour, to pass over all other sentences."""
    rows = (row for row in tables.rows("measures") if row["class"] in _TUMOURS)
    return _ONES | {term.split()[-1] for row in rows for term in tables.terms(row["terms"])}


def outcomes_of(reader: Resections, after: int) -> Iterator[Outcome]:
    """The outcomes told behind a word."""
    owners, page = reader.owners, reader.page
    count = 0
    nouns = _nouns()
    for sentence in page.sentences:
        if sentence.end <= after or nouns.isdisjoint(reader.norms[sentence.start : sentence.end]):
            continue
        if reader.kind(sentence.start) not in reader.telling:
            continue
        for clause in page.clauses(sentence):
            spared = _spared(reader, clause)
            # "All was excised except the nodule on the caudate lobe."
            kind = "left" if spared is not None else _kind(reader, clause)
            if not kind:
                continue
            clause = spared or clause
            named = owners.within(clause.start, clause.end, "owner")
            tumours = [
                hit
                for hit in (*named, *owners.within(clause.start, clause.end, "refer"))
                if hit.term.name in _TUMOURS
                or reader.norms[hit.start] in _ONES
                or (kind == "inside" and reader.norms[hit.end - 1] in nouns)
            ]
            if not tumours:
                continue
            places = owners.within(clause.start, clause.end, "site")
            yield Outcome(
                kind,
                clause.start,
                reader.norms[tumours[0].end - 1],
                _definite(reader.norms, tumours[0].start),
                frozenset(hit.term.name for hit in places),
                place_words(reader, places),
            )
            count += 1
        if count > _MOST:
            return


def _spared(reader: Resections, clause: Extent) -> Extent | None:
    for word in range(clause.start, clause.end):
        if reader.norms[word] in _EXCEPT or (
            reader.norms[word] == "but"
            and reader.norms[word + 1 : word + 2] in (["the"], ["one"], ["that"], ["for"])
            and _ALL.intersection(reader.norms[max(0, word - 6) : word])
        ):
            return Extent(word, clause.end)
    return None


def _carried(reader: Resections, clause: Extent) -> bool:
    """ "He took the flexure with its mass", "the liver tumor left inside a wedge"."""
    norms, owners = reader.norms, reader.owners
    for hit in owners.within(clause.start, clause.end, "owner"):
        if norms[hit.end - 1] not in _nouns():
            continue
        behind = norms[hit.end : min(hit.end + 9, clause.end)]
        if _INSIDE.intersection(behind[:3]):
            start = reader.page.sentences[owners.sentence(hit.start)].start
            within_it = behind[1:2] == ["it"] and organs_within(reader.page, start, hit.start)
            if within_it or _HOLDERS.intersection(behind):
                return True
        front = norms[max(clause.start, hit.start - 3) : hit.start]
        if "its" not in front or not {"with", "and"}.intersection(front):
            continue
        held = _HOLDERS.intersection(norms[clause.start : hit.start]) or organs_within(
            reader.page, clause.start, hit.start
        )
        if (
            held
            and owners.within(clause.start, clause.end, "removed")
            and SURFACES.isdisjoint(norms[clause.start : hit.start])
        ):
            return True
    return False


def _definite(norms: list[str], start: int) -> bool:
    for back in range(start - 1, max(-1, start - 4), -1):
        if norms[back] in _THE:
            return True
        if not norms[back][:1].isalpha():
            return False
    return False


def _kind(reader: Resections, clause: Extent) -> str:
    owners = reader.owners
    words = reader.norms[clause.start : clause.end]
    if _carried(reader, clause):
        return "inside"
    if reader.mention(clause, TUMOUR_WORK, "performed") is not None or (
        owners.within(clause.start, clause.end, "removed") and not UNDONE.intersection(words)
    ):
        return CUT
    if reader.mention(clause, WORK, "performed"):
        return ""
    if owners.within(clause.start, clause.end, "left"):
        return "left"
    if "left" in words[-2:] or ("left" in words and words[words.index("left") - 1] in _IS):
        return "left"
    if owners.within(clause.start, clause.end, "destroyed"):
        return "destroyed"
    return "sampled" if SAMPLED.intersection(words) else ""


def place_words(reader: Resections, places: Sequence[Hit]) -> frozenset[str]:
    """The words of the places."""
    return frozenset(word for hit in places for word in reader.norms[hit.start : hit.end])
