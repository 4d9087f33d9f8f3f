"""Earlier operations: the pluperfect, a year, "ago", and what a section says by itself."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from debulk import words
from debulk.cues import DO, STOPS
from debulk.grammar import Find
from debulk.page import FINITE, Extent, Page

PRIOR = {
    "history": "historical",
    "consent": "planned",
    "not_performed": "not_performed",
    "disposition": "planned",
    "indications": "planned",
    "preop_diagnosis": "historical",
    "postop_diagnosis": "historical",
    "other": "historical",
}
"""What a section says of a mention that no cue decides."""

BEFOREHAND = frozenset({"history", "consent", "indications", "preop_diagnosis", "disposition"})
"""Sections that speak of what is past or to come."""

_HAVE = frozenset({"had", "has", "have", "having"})
_TODAY = frozenset("after once when until before by following upon as now thereby thus".split())
_SAID = frozenset(
    words.standard(word)
    for word in (
        "consented agreed planned discussed considered listed booked scheduled hoped "
        "mentioned feared signed debated weighed requested thought intended offered "
        "entertained counseled anticipated included elected decided expected contemplated "
        "proposed advised recommended declined refused asked invited called told warned"
    ).split()
)
_PARTICIPLES = frozenset(
    "been had undergone come gone cut taken done given left made begun shown put lost met".split()
)
_NO_PARTICIPLE = frozenset(
    "to a an no the multiple several some become now not never her two three".split()
)
_CLOSING = frozenset({"closure", "closing"})
_CENTURY = frozenset({"19", "20"})
_SPAN = frozenset("year month week decade day".split())
_BACK = frozenset("ago before earlier prior previously back since".split())
_ALL = frozenset("all every everything".split())
_UNITS = frozenset("ml cc gram mg g mm cm u unit".split())
_FINDING = frozenset(
    "showed shown revealed confirmed demonstrated proved proven diagnosed yielded grew".split()
)
_OPTIMAL = frozenset(
    "optimal optimally suboptimal suboptimally complete completely gross now maximal r0 r1".split()
)


def earlier(
    page: Page,
    norms: Sequence[str],
    dates: Sequence[Extent],
    find: Find,
    clause: Extent,
    sentence: Extent,
    *,
    told: bool,
) -> Extent | None:
    """The words that put a mention into an earlier operation."""
    section = page.section_of[find.head.start]
    found = _pluperfect(norms, find, clause, section, told=told)
    if found is not None:
        return found
    if section in ("title", "specimens", "date", "header", "staff"):
        # A list: only a year or "prior" in the item itself speaks.
        sentence = _item(norms, find, sentence)
    return _dated(page, norms, dates, find, clause, sentence)


def _item(norms: Sequence[str], find: Find, sentence: Extent) -> Extent:
    start, end = find.head.start, find.head.end
    while start > sentence.start and norms[start - 1] not in (",", ":"):
        start -= 1
    while end < sentence.end and norms[end] not in (",", ":"):
        end += 1
    return Extent(start, end)


def _pluperfect(
    norms: Sequence[str], find: Find, clause: Extent, section: str, *, told: bool
) -> Extent | None:
    anchor = find.verb.start if find.verb is not None else find.head.end
    low = clause.start if not told else max(clause.start, anchor - 7)
    high = min(anchor + (0 if told else 8), clause.end)
    for at in range(low, high):
        if norms[at] not in _HAVE or not _is_pluperfect(norms, at, clause.end):
            continue
        if not told:
            if at < find.head.start and norms[at + 1 : at + 2] != ["been"]:
                continue
            if at >= find.head.end and not DO.intersection(norms[at + 1 : at + 4]):
                continue
        if section in PRIOR and section != "not_performed":
            return Extent(at, at + 1)
        lead = norms[max(clause.start, at - 14) : at]
        if any(n in _TODAY for n in lead) or norms[clause.start] in _TODAY:
            continue  # "after the vessels had been taken": today's order of steps
        if not _CLOSING.isdisjoint(norms[at : at + 9]):
            continue  # "a drain had been placed prior to closure"
        if norms[at] == "having":
            continue  # ", both pedicles having been sealed": a step of today
        if _ALL.intersection(lead):
            continue  # "all tumor had been removed"
        return Extent(at, at + 1)
    return None


def _is_pluperfect(norms: Sequence[str], at: int, end: int) -> bool:
    """Is this "had" a pluperfect: a participle behind it, not "had to be" or "had a plaque"?"""
    following = norms[at + 1 : min(end, at + 5)]
    if "," in following:
        following = following[: following.index(",")]
    if not following or _SAID.intersection(following) or following[0] in _NO_PARTICIPLE:
        return False
    if "not" in following[:3] or "never" in following[:3]:
        return False
    return any(n.endswith("ed") or n in _PARTICIPLES for n in following)


def marks(page: Page, norms: Sequence[str]) -> list[Extent]:
    """The years, and the words like "six years ago", of a page."""
    found = []
    for sentence in page.sentences:
        for at in range(sentence.start, sentence.end):
            norm = norms[at]
            if norm in _DATING or norm[:1] == "'" or (len(norm) == 4 and norm[:2] in _CENTURY):
                mark = _mark(norms, at, sentence)
                if mark is not None:
                    found.append(mark)
    return found


def _dated(
    page: Page,
    norms: Sequence[str],
    dates: Sequence[Extent],
    find: Find,
    clause: Extent,
    sentence: Extent,
) -> Extent | None:
    first = bisect_left(dates, (sentence.start, 0))
    if first == len(dates) or dates[first].start >= sentence.end:
        return None
    if not _TO_COME.isdisjoint(norms[clause.start : clause.end]):
        return None
    lo, hi = find.head.start, find.head.end
    if find.verb is not None and sentence.start <= find.verb.start < sentence.end:
        lo, hi = min(lo, find.verb.start), max(hi, find.verb.end)
    for mark in dates[first:]:
        if mark.start >= sentence.end:
            break
        gap = (mark.end, lo) if mark.end <= lo else (hi, mark.start)
        if gap[1] - gap[0] > 30 or any(n in STOPS for n in norms[gap[0] : gap[1]]):
            continue
        if _new_line(page, *gap):
            continue
        if mark.end <= lo and norms[clause.start : clause.start + 3] == ["at", "which", "time"]:
            return mark
        inside = clause.start <= mark.start < clause.end
        if inside and not _crosses(norms, find, gap, behind=mark.start >= hi):
            return mark
        if (
            not inside
            and mark.start >= hi
            and norms[clause.end : clause.end + 1] in (["which"], ["when"], ["that"], ["where"])
        ):
            return mark
    return None


def _crosses(norms: Sequence[str], find: Find, gap: tuple[int, int], *, behind: bool) -> bool:
    """Does a date belong to another item of the sentence than the mention?"""
    between = norms[gap[0] : gap[1]]
    if not behind:
        # "In 2014, after a fall, the uterus was removed": the date opens the clause.
        return "," in between and any(n in FINITE for n in between) and find.verb is None
    if "today" in between or "now" in between:
        return True
    commas = [i for i, n in enumerate(between) if n == ","]
    if not commas:
        return False
    tail = between[commas[-1] + 1 :]
    if len(tail) <= 3 and not any(n in FINITE for n in tail):
        return False
    if find.verb is not None:
        return True
    # A list of names dated at its end holds no verb.
    return any(n in FINITE for n in between) or len(tail) > 8


def _mark(norms: Sequence[str], at: int, sentence: Extent) -> Extent | None:
    """A year, "six years ago", "originally", "last spring"."""
    norm = norms[at]
    if norm in ("ago", "originally", "formerly"):
        return Extent(at, at + 1)
    if norm in _SPAN and norms[at + 1 : at + 2] and norms[at + 1] in _BACK:
        following = norms[at + 2 : at + 3]
        counted = norms[at - 1] in _COUNTS or norms[at - 1].isdigit()
        if (
            at > sentence.start
            and counted
            and not (norms[at + 1] in ("before", "prior") and following == ["to"])
        ):
            return Extent(at - 1, at + 2)
        return None
    if norm == "last" and norms[at + 1 : at + 2] and norms[at + 1] in _SEASONS:
        return Extent(at, at + 2)
    if norm in _MONTHS and at > sentence.start and norms[at - 1] in ("in", "last", "since"):
        following = norms[at + 1 : at + 2]
        if not (following and following[0].isdigit()) and norms[at - 2] != "cycle":
            return Extent(at - 1, at + 1)
    if norm.startswith("'") and norm[1:].isdigit() and len(norm) == 3:
        return Extent(at, at + 1)
    if (
        norm == "'"
        and norms[at + 1 : at + 2]
        and norms[at + 1].isdigit()
        and len(norms[at + 1]) == 2
    ):
        return Extent(at, at + 2)
    if not (len(norm) == 4 and norm.isdigit() and norm[:2] in _CENTURY):
        return None
    # A full date ("March 3, 2025") may be today's.
    before = norms[max(sentence.start, at - 3) : at]
    if any(n.isdigit() and len(n) <= 2 for n in before) or norms[at + 1 : at + 2] == [":"]:
        return None
    return None if norms[at + 1 : at + 2] and norms[at + 1] in _UNITS else Extent(at, at + 1)


_COUNTS = frozenset(
    "one two three four five six seven eight nine ten twelve several few some many couple a".split()
)
_SEASONS = frozenset(
    "spring summer autumn fall winter year month week january february march april may "
    "june july august september october november december".split()
)
_MONTHS = frozenset(
    "january february march april june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec".split()
)


_DATING = _SPAN | _MONTHS | {"ago", "originally", "formerly", "last"}
_TO_COME = frozenset("today will scheduled shall".split())


def _new_line(page: Page, start: int, end: int) -> bool:
    """Does a list line start between these words?"""
    found = page.words
    for at in range(max(start, 1), min(end + 1, len(found))):
        gap = page.text[found[at - 1].end : found[at].start]
        if "\n" in gap and (gap.count("\n") > 1 or page.text[found[at].start].isupper()):
            return True
    return False


def by_section(
    page: Page, norms: Sequence[str], find: Find, clause: Extent, *, told: bool
) -> tuple[str, Extent | None]:
    """What the section, and the voice of the telling, say where no cue does."""
    section = page.section_of[find.head.start]
    prior = PRIOR.get(section)
    ticked = norms[max(0, find.start - 2) : find.start] == ["x", "]"]
    if ticked or find.attributes.get("from") == "specimens" or prior is None:
        return "performed", None
    anchor = min(find.head.start, find.verb.start) if find.verb is not None else find.head.start
    lead = norms[max(clause.start, anchor - 5) : anchor]
    if {"i", "we"} & set(lead) and not {"had", "would", "will", "may", "should"} & set(lead):
        return "performed", None  # "I incised along the scar": the telling has begun
    if (
        section == "not_performed"
        and told
        and any(n in FINITE for n in norms[clause.start : clause.end])
    ):
        return "performed", None
    result = section == "postop_diagnosis" and find.concept == "tumor_debulking"
    if result and _OPTIMAL.intersection(norms[max(0, anchor - 3) : find.head.end + 3]):
        return "performed", None
    if prior == "planned":
        inside = norms[clause.start : clause.end]
        if section == "indications" and (
            _FINDING.intersection(inside) or (told and {"was", "were"} & set(inside))
        ):
            prior = "historical"
    heading = next(
        (s for s in page.sections if s.heading <= find.head.start < s.end and s.start > s.heading),
        None,
    )
    return prior, Extent(heading.heading, heading.start) if heading else None
