"""Earlier operations: the pluperfect, a year, "ago", and what a section says by itself."""

from __future__ import annotations

from collections.abc import Sequence

from debulk import words
from debulk.cues import DO, STOPS, finite
from debulk.grammar import Find
from debulk.page import FINITE, Extent, Page
from debulk.years import YEARS

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

HAVE = frozenset({"had", "has", "have", "having"})
_TODAY = frozenset(
    "after once when until before by following upon as now thereby thus while".split()
)
_CHAIN = frozenset({"after", "once", "when", "until"})
_PLANS = frozenset(
    "plan plans intention intent hope aim idea thought goal proposal wish expectation consent "
    "permission authorization permit would could might may should will".split()
)
_ANY_HAVE = HAVE | {"was", "were", "presents", "underwent"}
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
_INVERTED = frozenset("the there it she any this we that either".split())
_CLOSING = frozenset({"closure", "closing"})
_ALL = frozenset("all every everything".split())
_FINDING = frozenset(
    "showed shown revealed confirmed demonstrated proved proven diagnosed yielded grew".split()
)
_LISTS = frozenset({"title", "specimens", "date", "header", "staff"})
_DONE = frozenset({"done", "performed", "carried", "accomplished"})
_TO_DO = frozenset("to for will would could may might should shall have".split())
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
    listing = section in ("title", "specimens", "date", "header", "staff")
    if listing and not (told or _ANY_HAVE.intersection(norms[sentence.start : sentence.end])):
        # A list: only a year or "prior" in the item itself speaks.
        sentence = _item(norms, find, sentence)
    return _dated(page, norms, dates, find, clause, sentence)


def _item(norms: Sequence[str], find: Find, sentence: Extent) -> Extent:
    start, end = find.head.start, find.head.end
    while start > sentence.start and norms[start - 1] not in (",", ":"):
        start -= 1
    if start - 2 >= sentence.start and norms[start - 1] == ":" and norms[start - 2] in YEARS:
        start -= 2  # "2021: radical debulking"
    while end < sentence.end and norms[end] not in (",", ":"):
        end += 1
    return Extent(start, end)


def _pluperfect(
    norms: Sequence[str], find: Find, clause: Extent, section: str, *, told: bool
) -> Extent | None:
    anchor = find.verb.start if find.verb is not None else find.head.end
    low = clause.start if not told else max(clause.start, anchor - 7)
    high = min(anchor + (0 if told else 8), clause.end)
    if not told and anchor < clause.end and "," in norms[anchor:high]:
        # A list of names shares its verb: "hysterectomy, omentectomy and ... had been done".
        verb = next((i for i in range(anchor, clause.end) if norms[i] in FINITE), high)
        high = max(high, min(verb + 1, anchor + 40, clause.end))
    for at in range(low, high):
        if norms[at] not in HAVE or not _is_pluperfect(norms, at, clause.end):
            continue
        if norms[at - 1] in ("i", "we") and "made" in norms[at : at + 3]:
            continue  # "a tear that we had made"
        if told and norms[at] in ("has", "have") and section not in PRIOR:
            continue  # "the omentum has been excised": just now
        if norms[at - 1] in _PLANS:
            continue  # "the plan had been hysterectomy", "would have been added"
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
        if "had" in lead and _CHAIN.intersection(norms[max(0, at - 30) : at]):
            continue  # "... and the vagina had been opened": the same, further on
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
    if following[:1] and following[0] in ("she", "it", "they", "there", "he"):
        return False  # "... had she been more stable"
    if (
        norms[at - 1 : at] in ([], ["."], [";"], [","])
        and following[:1]
        and following[0] in _INVERTED
    ):
        return False  # "had the frozen section been malignant, ..."
    if not following or _SAID.intersection(following) or following[0] in _NO_PARTICIPLE:
        return False
    if "not" in following[:3] or "never" in following[:3]:
        return False
    return any(n.endswith("ed") or n in _PARTICIPLES for n in following)


def _dated(
    page: Page,
    norms: Sequence[str],
    dates: Sequence[Extent],
    find: Find,
    clause: Extent,
    sentence: Extent,
) -> Extent | None:
    if not dates:
        return None
    section = page.section_of[find.head.start]
    lo, hi = find.head.start, find.head.end
    if find.verb is not None and sentence.start <= find.verb.start < sentence.end:
        lo, hi = min(lo, find.verb.start), max(hi, find.verb.end)
    for mark in dates:
        if mark.start < sentence.start or mark.start >= sentence.end:
            continue  # of another item of the list
        gap = (mark.end, lo) if mark.end <= lo else (hi, mark.start)
        if not _TO_COME.isdisjoint(norms[min(lo, mark.start) : max(hi, mark.end)]):
            continue  # "today, after 2011, ..."
        if gap[1] - gap[0] > 30 or any(n in STOPS for n in norms[gap[0] : gap[1]]):
            continue
        if _new_line(page, *gap):
            continue
        if mark.end <= lo and _continues(norms, clause, mark):
            return mark
        inside = clause.start <= mark.start < clause.end
        if not inside and mark.end <= lo and find.verb is None and section not in _LISTS:
            # "... in 2021 with chemotherapy, interval TAH/BSO and omentectomy"
            inside = "," in norms[mark.end : lo] and not finite(norms[mark.end : lo])
        if inside and not _crosses(norms, find, gap, behind=mark.start >= hi):
            return mark
        if (
            not inside
            and mark.start >= hi
            and norms[clause.end : clause.end + 1] in (["which"], ["when"], ["that"], ["where"])
        ):
            return mark
    return None


def _continues(norms: Sequence[str], clause: Extent, mark: Extent) -> bool:
    """Does a clause go on about the dated one: ", at which time nodes were dissected"?"""
    start = clause.start + (norms[clause.start] in (",", "("))
    if norms[start : start + 3] == ["at", "which", "time"]:
        return True
    return norms[start] in ("which", "when", "where") and start - mark.end <= 8


def _crosses(norms: Sequence[str], find: Find, gap: tuple[int, int], *, behind: bool) -> bool:
    """Does a date belong to another item of the sentence than the mention?"""
    between = norms[gap[0] : gap[1]]
    if not behind:
        # "In 2014, after a fall, the uterus was removed": the date opens the clause.
        return "," in between and any(n in FINITE for n in between) and find.verb is None
    if "today" in between or "now" in between:
        return True
    if "(" in between and ")" not in between and between[::-1].index("(") > 3:
        return True  # "cytoreduction (no uterus - hysterectomy 2009 for fibroids)"
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
            _FINDING.intersection(inside)
            or (told and _TO_DO.isdisjoint(lead))
            or (_DONE.intersection(inside) and {"was", "were"} & set(inside))
            or ("did" in inside and "not" not in inside)
        ):
            prior = "historical"
    heading = next(
        (s for s in page.sections if s.heading <= find.head.start < s.end and s.start > s.heading),
        None,
    )
    return prior, Extent(heading.heading, heading.start) if heading else None
