"""A size that the note corrects: in the next words, in an addendum, or by "5.5 cm, not 3.5"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from debulk.owners import Owners
from debulk.page import Page

if TYPE_CHECKING:
    from debulk.told_twice import Told

_AT_ONCE = re.compile(
    r"\s*[,.;:(\-\u2013\u2014]*\s*(?:no,? (?:wait,? )?|correction,?:?|scratch that,?"
    r"|strike that,?|sorry,?|excuse me,?|pardon me,?|i mean|make that|make it|or rather|rather"
    r"|i stand corrected,?"
    r"|i should say|let me correct that,?|that should be|corrected to|amend(?:ed)? to)"
    r"[\s,:]*(?:it (?:was|is) |that(?:'s| is| was) |to |about )?",
    re.IGNORECASE,
)
_WRONG = frozenset(
    "wrong incorrect erroneous error mistaken typo mistake misdictated misheard".split()
)
FILLING = frozenset("the a about of as at being only just been it size was is :".split())
_NOT = r"(?:not|instead of|rather than|in place of|in lieu of)"
_SIZE = r"(\d{1,2}(?:\.\d{1,2})?)\s?(cm|mm)?"
_RIGHT_FIRST = re.compile(
    rf"[^.;\n]{{0,45}}?\b{_NOT}\s+(?:the\s+)?{_SIZE}(?![\w/]|\.\d| ?[x\u00d7])", re.IGNORECASE
)  # "5.5 cm for the gutter deposit, not 3.5"
_LEADS = r"\s*(?:about\s+)?$"
_WRONG_FIRST = tuple(
    re.compile(pattern + _LEADS, re.IGNORECASE)
    for pattern in (
        rf"\b{_NOT}\s+{_SIZE}\s*,?\s*(?:but|it (?:was|is)|it should (?:be|read|say))",
        rf"(?<![\d.]){_SIZE}\s*,?\s*(?:[a-z ]{{0,24}}\s)?(?:should (?:be|read|have (?:been|read))"
        r"|(?:is|was|are) to (?:be|read)|must read"
        r"|(?:is|was|to be) (?:changed|corrected|amended|replaced) (?:to|by|with))",
        rf"\b(?:change|correct|amend)(?:d|ed)?\s+(?:from\s+)?{_SIZE}\s+to",
    )
)
_CHANGED = re.compile(r"\b(?:change|correct|amend)(?:d|ed)?\s+(?:from\s+)?$", re.IGNORECASE)
_FIRST = re.compile(_SIZE, re.IGNORECASE)
_REACH = 80  # characters around a size in which the wrong one is named


def corrected(page: Page, owners: Owners, told: Sequence[Told], reasons: list[str]) -> None:
    """A size that the note says is wrong: "5.8 cm, not 8.5 cm"."""
    for index in range(1, len(told)):
        gap = page.text[told[index - 1].length.end : told[index].length.start]
        if len(gap) < 40 and not reasons[index - 1] and _AT_ONCE.fullmatch(gap):
            reasons[index] = reasons[index] and ""
            reasons[index - 1] = "corrected in the next words"
    right_ones = _bare(page, told, reasons)
    for index, one in enumerate(told):
        if index in right_ones or not _withdrawn(page, owners, one):
            continue
        reasons[index] = "withdrawn by the note"
        near = (one.sentence, one.sentence + 1)
        right = next(
            (i for i, other in enumerate(told) if other.sentence in near and i != index
             and other.section == one.section and not _withdrawn(page, owners, other)),
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
            all(n in FILLING for n in gap)
            and one.section in ("addendum", "narrative", "findings")
            and (one.section == "addendum" or page.norms[hit.start] == "not")
        ):
            return True
    if one.section != "addendum":
        return False
    after = page.norms[one.last + 1 : min(one.last + 7, page.sentences[one.sentence].end)]
    should = "should" in after and ("be" in after or "read" in after)
    return should or bool(_WRONG.intersection(after))


def _bare(page: Page, told: Sequence[Told], reasons: list[str]) -> set[int]:
    """The right sizes beside which the wrong one is named as a bare number."""
    right: set[int] = set()
    text = page.text
    for index, one in enumerate(told):
        start, end = one.length.start, one.length.end
        low = max(0, start - _REACH)
        match = _RIGHT_FIRST.match(text, end, end + _REACH) or next(
            (found for each in _WRONG_FIRST if (found := each.search(text, low, start))), None
        )
        if match is None and one.length.range and _CHANGED.search(text, low, start):
            match = _FIRST.match(text, start)  # "change 3.5 to 5.5 cm"
        if match is None:
            continue
        unit = (match[2] or text[end - 2 : end]).lower()
        wrong = round(float(match[1]) * (0.1 if unit == "mm" else 1.0), 2)
        same = [i for i, other in enumerate(told[:index]) if other.length.cm == wrong]
        earlier = [
            i for i in same if not reasons[i] and told[i].length.end <= min(match.start(), start)
        ]
        if not earlier or wrong == one.length.cm:
            continue
        reasons[earlier[-1]] = "corrected later in the note"
        reasons[index] = ""
        right.add(index)
    return right
