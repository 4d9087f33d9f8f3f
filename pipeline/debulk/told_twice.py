"""One tumour told twice counts once, and an addendum's correction replaces the size it corrects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

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
_APART = frozenset("other another second nodule tumor mass implant plaque lesion deposit".split())
_MOST = 400  # lengths of one note; more is no note, and comparing each with each takes too long
_FILLING = frozenset("the a about of as at being only just been it size was is :".split())


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
    soft: bool = False  # of a list outside the body: counts where the body gives no size


def settled(page: Page, owners: Owners, told: Sequence[Told]) -> list[Measure]:
    """The measures of a note in reading order."""
    reasons = [one.reason for one in told]
    if len(told) > _MOST:
        return list(_measures(told, reasons))
    _restated(page, told, reasons)
    _sides(page, told, reasons)
    _corrected(page, owners, told, reasons)
    _repeated(owners, page, told, reasons)
    return list(_measures(told, reasons))


def _measures(told: Sequence[Told], reasons: Sequence[str]) -> Iterator[Measure]:
    for one, reason in zip(told, reasons, strict=True):
        length = one.length
        for _ in range(1 if reason else one.times):
            yield Measure(
                length.cm, length.start, length.end, not reason, reason or "a resected tumour"
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


def _corrected(page: Page, owners: Owners, told: Sequence[Told], reasons: list[str]) -> None:
    """A size that the note says is wrong: "5.8 cm, not 8.5 cm"."""
    for index, one in enumerate(told):
        if not _withdrawn(page, owners, one):
            continue
        reasons[index] = "withdrawn by the note"
        right = next(
            (i for i, other in enumerate(told) if other.sentence == one.sentence and i != index
             and not _withdrawn(page, owners, other)),
            None,
        )  # fmt: skip
        for i, other in enumerate(told):
            if i != index and i != right and not reasons[i] and other.length.cm == one.length.cm:
                reasons[i] = "corrected later in the note"
                if right is not None:
                    reasons[right] = ""
                break


def _withdrawn(page: Page, owners: Owners, one: Told) -> bool:
    start = page.sentences[one.sentence].start
    for hit in owners.within(max(start, one.at - 5), one.at, "wrong"):
        gap = page.norms[hit.end : one.at]
        if (
            all(n in _FILLING for n in gap)
            and one.section in ("addendum", "narrative", "findings")
            and (one.section == "addendum" or page.norms[hit.start] == "not")
        ):
            return True
    return False


def _repeated(owners: Owners, page: Page, told: Sequence[Told], reasons: list[str]) -> None:
    """A tumour of the findings or the survey whose size is told again at its resection."""
    firm = [i for i, one in enumerate(told) if not reasons[i] and one.resection]
    taken: set[int] = set()
    sites = {i: _sites(owners, page, told, i) for i, reason in enumerate(reasons) if not reason}
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
                if equal if same_size else near and _agree(sites[index], sites[other]):
                    if (
                        same_size
                        and told[other].section == told[index].section
                        and not (_agree(sites[index], sites[other]))
                    ):
                        continue
                    reasons[index] = "told again at its resection"
                    taken.add(other)
                    break


def _agree(one: frozenset[str], other: frozenset[str]) -> bool:
    if {"left", "right"} <= one | other and not (
        {"left", "right"} <= one or {"left", "right"} <= other
    ):
        return False
    return bool((one & other) - {"left", "right"})


def _sites(owners: Owners, page: Page, told: Sequence[Told], index: int) -> frozenset[str]:
    """Where a tumour lies, by the words around its size and around its name."""
    one = told[index]
    sentence = page.sentences[one.sentence]
    low, high = sentence.start, sentence.end
    if index and told[index - 1].sentence == one.sentence:
        low = told[index - 1].last + 1
    if index + 1 < len(told) and told[index + 1].sentence == one.sentence:
        high = told[index + 1].at
    found = {hit.term.name for hit in owners.within(low, high, "site")}
    if one.owner is not None and one.owner.start < sentence.start:
        earlier = page.sentences[owners.sentence(one.owner.start)]
        found |= {hit.term.name for hit in owners.within(earlier.start, sentence.start, "site")}
    return frozenset(found)
