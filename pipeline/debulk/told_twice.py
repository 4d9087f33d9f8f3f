"""One tumour told twice counts once, and an addendum's correction replaces the size it corrects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from debulk import corrections
from debulk.corrections import FILLING
from debulk.lengths import Length
from debulk.owners import Owners
from debulk.page import Page
from debulk.references import Owner
from debulk.values import Measure

_RESTATED = re.compile(
    r"\s*[\w\- ]{0,20}(?:\(|=|,?\s*(?:or|i\.?e\.?|that is|equal to)\b"
    r"(?:[\w ,]{0,24}\b(?:say|call it|about|rather))?)\s*",
    re.IGNORECASE,
)
_WIDTHS = frozenset(
    "wide width breadth broad height short shorter shortest transverse tall depth deep thick "
    "thickness".split()
)
_SITU = frozenset("situ palpation palpated felt vivo palpable".split())
_OUT = frozenset("table excision specimen removal removed excised fresh out ruler".split())
_FIXED = frozenset({"fixed", "formalin", "fixation"})
_TABLED = frozenset({"measurements", "measurement", "table", "lengths", "dimensions"})
_APART = frozenset("other another second nodule tumor mass implant plaque lesion deposit".split())
_BREAKS = frozenset({",", ";", "and", ")", "another", "plus", "+"})
_SIZING = frozenset("measuring approximately roughly ( some another".split())
_WORDS = 8  # of a sentence that can be known again
_MOST = 400  # lengths of one note; more is no note, and comparing each with each takes too long


COUNTED = "a resected tumour"
APART = "a tumour, its removal told elsewhere in the note"


class Told(NamedTuple):
    """A length as the note tells it."""

    length: Length
    at: int
    last: int
    sentence: int
    owner: Owner | None
    reason: str  # why it does not count; "" where it does
    times: int
    resection: bool  # told at the resection, not in the survey
    section: str
    beside: bool = True  # a removal is told in the same sentence or in the one beside it
    soft: bool = False  # of a list outside the body: counts where the body gives no size


def settled(page: Page, owners: Owners, told: Sequence[Told]) -> list[Measure]:
    """The measures of a note in reading order."""
    reasons = [one.reason for one in told]
    if len(told) > _MOST:
        return list(_measures(told, reasons))
    _restated(page, told, reasons)
    _sides(page, told, reasons)
    _before_and_after(page, told, reasons)
    _tabled(owners, page, told, reasons)
    corrections.corrected(page, owners, told, reasons)
    _pasted(page, told, reasons)
    _repeated(owners, page, told, reasons)
    _listed(owners, page, told, reasons)
    return list(_measures(told, reasons))


def _bare(page: Page, start: int, end: int) -> bool:
    return end - start < 4 and all(n in FILLING or n in _SIZING for n in page.norms[start:end])


def _measures(told: Sequence[Told], reasons: Sequence[str]) -> Iterator[Measure]:
    for one, reason in zip(told, reasons, strict=True):
        length = one.length
        for _ in range(1 if reason else one.times):
            yield Measure(
                length.cm,
                length.start,
                length.end,
                not reason,
                reason or (COUNTED if one.beside else APART),
            )


def _restated(page: Page, told: Sequence[Told], reasons: list[str]) -> None:
    """ "14 mm (1.4 cm)", "a 1 inch nodule, or shall we say 2.5 cm": one size in two units."""
    for index in range(1, len(told)):
        before, one = told[index - 1].length, told[index].length
        if one.start - before.end > 60 or abs(one.cm - before.cm) > 0.06 * max(one.cm, 1.0):
            continue
        gap = page.text[before.end : one.start]
        if before.inches == one.inches and before.cm != one.cm:
            continue
        if _RESTATED.fullmatch(gap):
            if not reasons[index - 1]:
                reasons[index - 1] = "told again in other words"
                reasons[index] = ""
            elif not reasons[index]:
                reasons[index] = reasons[index - 1]


def _before_and_after(page: Page, told: Sequence[Told], reasons: list[str]) -> None:
    """ "5 cm in situ and 4.5 cm on the back table": one tumour, and the specimen's size counts."""
    counted = [i for i, reason in enumerate(reasons) if not reason]
    for first, second in pairwise(counted):
        before, after = told[first], told[second]
        if after.sentence - before.sentence > 1:
            continue
        near = (
            page.norms[max(0, before.at - 6) : before.at]
            + page.norms[before.last + 1 : min(before.last + 4, after.at)]
        )
        start = max(before.last + 1, after.at - 6)
        then = {*page.norms[start : after.at], *page.norms[after.last + 1 : after.last + 6]}
        if _FIXED & then and not _APART & then:
            reasons[second] = "told again in other words"
        elif _SITU.intersection(near) and _OUT & then and not _APART & then:
            reasons[first] = "told again at its resection"


def _tabled(owners: Owners, page: Page, told: Sequence[Told], reasons: list[str]) -> None:
    """ "About 6 cm, excised", and later "measured on the back table: pelvis 6.2 cm"."""
    counted = [i for i, reason in enumerate(reasons) if not reason]
    tabled = [i for i in counted if _TABLED.intersection(_sentence(page, told[i]))]
    for later in tabled:
        for first in counted:
            one, other = told[first], told[later]
            if first >= later or reasons[first] or first in tabled:
                continue
            near = abs(one.length.cm - other.length.cm) <= 0.2 * other.length.cm
            apart = _APART & {*page.norms[max(0, other.at - 5) : other.at]} - {"tumor", "mass"}
            if (
                near
                and not apart
                and agree(sites_of(owners, page, told, first), sites_of(owners, page, told, later))
            ):
                reasons[first] = "told again at its resection"
                break


def _sentence(page: Page, one: Told) -> list[str]:
    start, end = page.sentences[one.sentence]
    return page.norms[start:end]


def _sides(page: Page, told: Sequence[Told], reasons: list[str]) -> None:
    """ "14 cm in length and 9 cm in width": two dimensions of one tumour, the longer counts."""
    anchor = 0
    for index in range(1, len(told)):
        before, one = told[anchor], told[index]
        if reasons[index] or reasons[anchor] or one.sentence != before.sentence:
            anchor = index
            continue
        near = {*page.norms[before.last + 1 : one.at], *page.norms[one.last + 1 : one.last + 4]}
        if one.at - told[index - 1].last < 8 and _WIDTHS & near and not _APART & near:
            less = index if one.length.cm <= before.length.cm else anchor
            reasons[less] = "another dimension"
        if not reasons[index]:
            anchor = index


def _pasted(page: Page, told: Sequence[Told], reasons: list[str]) -> None:
    """The same sentence again with its size: a block that was pasted twice."""
    seen: dict[tuple[str, ...], int] = {}
    for index, one in enumerate(told):
        start, end = page.sentences[one.sentence]
        near = (max(start, one.at - 4), min(end, one.last + 8))
        low, high = near if one.section == "findings" else (start, end)
        words = tuple(page.norms[low:high])
        if len(words) < _WORDS:
            continue
        first = seen.setdefault(words, index)
        if told[first].sentence != one.sentence and not reasons[index]:
            again = "told again in the same words"
            told_before = reasons[first] and not reasons[first].startswith("told again")
            reasons[index] = reasons[first] if told_before else again


def _repeated(owners: Owners, page: Page, told: Sequence[Told], reasons: list[str]) -> None:
    """A tumour of the findings or the survey whose size is told again at its resection."""
    firm = [i for i, one in enumerate(told) if not reasons[i] and one.resection]
    taken: set[int] = set()
    sites = {i: sites_of(owners, page, told, i) for i, reason in enumerate(reasons) if not reason}
    loose = [i for i, one in enumerate(told) if not reasons[i] and not one.resection]
    for same_size in (True, False):
        for index in loose:
            if reasons[index]:
                continue
            for other in firm:
                if other < index or other in taken or told[other].section == "addendum":
                    continue
                equal = told[other].length.cm == told[index].length.cm
                near = (
                    abs(told[other].length.cm - told[index].length.cm)
                    <= 0.35 * told[index].length.cm
                )
                if equal if same_size else near and agree(sites[index], sites[other]):
                    if (
                        same_size
                        and told[other].section == told[index].section
                        and not (agree(sites[index], sites[other]))
                    ):
                        continue
                    reasons[index] = "told again at its resection"
                    taken.add(other)
                    break


def _listed(owners: Owners, page: Page, told: Sequence[Told], reasons: list[str]) -> None:
    """The list of specimens tells the sizes of the body once more."""
    counted = [i for i, reason in enumerate(reasons) if not reason]
    body = [i for i in counted if told[i].section != "specimens"]
    for index in counted:
        if told[index].section != "specimens":
            continue
        sites = sites_of(owners, page, told, index)
        for other in body:
            equal = told[other].length.cm == told[index].length.cm
            theirs = sites_of(owners, page, told, other)
            near = (
                abs(told[other].length.cm - told[index].length.cm) <= 0.35 * told[other].length.cm
            )
            if (equal and (agree(sites, theirs) or not (sites and theirs))) or (
                near and agree(sites, theirs)
            ):
                reasons[index] = "told again among the specimens"
                body.remove(other)
                break


def agree(one: frozenset[str], other: frozenset[str]) -> bool:
    if {"left", "right"} <= one | other and not (
        {"left", "right"} <= one or {"left", "right"} <= other
    ):
        return False
    return bool((one & other) - {"left", "right"})


def sites_of(owners: Owners, page: Page, told: Sequence[Told], index: int) -> frozenset[str]:
    """Where a tumour lies, by the words around its size and around its name."""
    one = told[index]
    sentence = page.sentences[one.sentence]
    low, high = sentence.start, sentence.end
    if index and told[index - 1].sentence == one.sentence:
        low = told[index - 1].last + 1
        breaks = [word for word in range(low, one.at) if page.norms[word] in _BREAKS]
        own = one.owner is not None and one.owner.start > one.at  # "and a 3 cm tumor"
        while (
            breaks
            and _bare(page, breaks[-1] + 1, one.at)
            and not (own and page.norms[breaks[-1]] != ",")
        ):
            del breaks[-1]  # "and a nodule on the rectum, 3 cm"
        low = breaks[-1] if breaks else low
    if index + 1 < len(told) and told[index + 1].sentence == one.sentence:
        high = next(
            (word for word in range(one.last + 1, told[index + 1].at)
             if page.norms[word] in _BREAKS),
            told[index + 1].at,
        )  # fmt: skip
    found = {hit.term.name for hit in owners.within(low, high, "site")}
    if one.owner is not None and one.owner.start < sentence.start:
        earlier = page.sentences[owners.sentence(one.owner.start)]
        found |= {hit.term.name for hit in owners.within(earlier.start, sentence.start, "site")}
    return frozenset(found)
