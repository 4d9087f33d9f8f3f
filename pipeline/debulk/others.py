"""Work of other surgeons: who the subject of a clause is, and who stands behind a "by"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from debulk.cues import barred, finite
from debulk.grammar import Find
from debulk.lexicon import Hit
from debulk.page import Extent, Page
from debulk.tables import wordset

_WATCHED = frozenset(
    "assisting assisted available present held holding consulted recommended advised "
    "agreed looked inspected confirmed reviewed concurred helped helping watched watching "
    "observed retracted retracting examined discussed suggested felt read reported asked "
    "stood standing joined concur declined thought".split()
)
_AFTERWARD = frozenset({"and", "then", "to", "who", "before", "after"})
_ME = frozenset({"i", "we", "me", "us", "myself", "ourselves", "together"})
_ASKED = frozenset("asked called requested invited summoned had let".split())
_SUBORDINATE = frozenset("before after while when once as until".split())
_OWN = frozenset({"gynecologic", "gyn", "gynecology", "gyne", "gynonc"})
_DETERMINERS = frozenset({"the", "a", "an", "that", "another"})
_OWN_TITLES = _OWN | frozenset(
    "primary dictating same operating attending undersigned this oncology assistant assisting "
    "first lead responsible treating and of by for to previous original prior outside".split()
)
_OWN_LABEL = frozenset("oncology onc gynecology gyn gyne gynonc".split())
_LEADING: tuple[list[str], ...] = (
    [],
    ["attending"],
    ["primary"],
    ["operating"],
    ["."],
    [")"],
    ["***"],
)
_TEAMS = frozenset({"team", "fellow", "service", "side"})
_POSSESSIVES = frozenset({"their", "his", "that", "second"})
_DID = frozenset("did took made put cut".split())
_REPORTS = frozenset({"report", "note", "dictation", "record"})
_ADVISED = frozenset(
    "declined refused recommended advised suggested requested deferred vetoed considered "
    "thought felt seen reviewed consulted assisted helped examined evaluated cleared".split()
)
_REPORTING = wordset("reporting")
_SCRIBED = 8  # doctors named in a note that a scribe writes
_AFTER_NAME = 14  # words
_ADJECTIVES = frozenset({"vascular", "thoracic", "colorectal", "gu"})
_ACTS = frozenset("did took made put cut sewed has had will came then was is and fixed".split())
_OBJECTS = frozenset({"it", "them", "this", "these", "both"})
_NEAR = 120  # words
_I_AM = (
    ["as", "the"],
    ["as", "a"],
    [",", "as"],
    [".", "as"],
    ["as"],
    ["we", "("],
    ["we", "of"],
    ["capacity", "as"],
)
_NOT_SUBJECT = frozenset("with to for from of seen saw under discussed".split())


class Surgeon(NamedTuple):
    """Another surgeon or service named: words[start:end]."""

    start: int
    end: int


def surgeons(page: Page, norms: Sequence[str]) -> tuple[list[Surgeon], list[Extent]]:
    """The other surgeons of a page, and the words that say "me" or "assisted by"."""
    found: list[Surgeon] = []
    mine: list[Extent] = []
    own = _own_names(page, norms)
    for hit in page.hits:
        if hit.term.kind != "surgeon":
            continue
        if hit.term.name == "self":
            mine.append(Extent(hit.start, hit.end))
        elif (norms[hit.start] in ("dr", "doctor") and _name(norms, hit.start) in own) or (
            hit.start > 0 and norms[hit.start - 1] in ("no", "without")
        ):
            continue
        elif _stands_alone(norms, hit) and not _is_author(norms, hit.start):
            found.append(Surgeon(hit.start, hit.end))
    found.extend(_any_surgeon(norms, found))
    found.sort()
    found = _others_only(norms, found)
    if found:
        found.extend(_they(norms, found))
        found.sort()
    return found, mine


def _any_surgeon(norms: Sequence[str], found: Sequence[Surgeon]) -> Iterator[Surgeon]:
    """ "The melanoma surgeon": of whatever specialty, where the words are not the author's own."""
    known = {at for surgeon in found for at in range(surgeon.start, surgeon.end)}
    for at, norm in enumerate(norms):
        if norm != "surgeon" or at in known or norms[at - 1] in _DETERMINERS:
            continue
        for start in range(at - 2, max(-1, at - 6), -1):
            if norms[start] in _DETERMINERS:
                named = norms[start + 1 : at]
                if _OWN_TITLES.isdisjoint(named) and all(n.isalpha() for n in named):
                    yield Surgeon(start + 1, at + 1)
                break


def _others_only(norms: Sequence[str], found: list[Surgeon]) -> list[Surgeon]:
    """Without the doctors that a scribe names at every step: they are the surgeons themselves."""
    doctors: dict[str, list[Surgeon]] = {}
    for surgeon in found:
        if norms[surgeon.start] in ("dr", "doctor"):
            doctors.setdefault(_name(norms, surgeon.start), []).append(surgeon)
    told = sum(len(named) for named in doctors.values())
    if told < _SCRIBED or sum(norm in ("i", "we") for norm in norms) > told // 2:
        return found
    own = {
        surgeon
        for named in doctors.values()
        if len(named) > 1
        and not any(
            not _REPORTING.isdisjoint(norms[s.start : s.start + _AFTER_NAME]) for s in named
        )
        for surgeon in named
    }
    return [surgeon for surgeon in found if surgeon not in own]


def _is_author(norms: Sequence[str], at: int) -> bool:
    """ "As the urologist I freed the ureter", "we of urology": the author's own service."""
    return norms[max(0, at - 2) : at] in _I_AM or norms[max(0, at - 3) : at] == ["we", ",", "the"]


def _stands_alone(norms: Sequence[str], hit: Hit) -> bool:
    """ "Vascular sewed up the hole", "by vascular"; not "a vascular clamp"."""
    if hit.end - hit.start > 1 or norms[hit.start] not in _ADJECTIVES:
        return True
    if norms[hit.start - 1] in ("by", "per", "("):
        return True
    following = norms[hit.end] if hit.end < len(norms) else "."
    return following.endswith("ed") or following in _ACTS


def _they(norms: Sequence[str], named: Sequence[Surgeon]) -> Iterator[Surgeon]:
    """ "By them", "their team": the surgeons named a little before."""
    starts = [surgeon.start for surgeon in named]
    for at, norm in enumerate(norms):
        if norm == "them" and norms[at - 1] == "by":
            extent = Surgeon(at, at + 1)
        elif norm in _TEAMS and norms[at - 1] in _POSSESSIVES:
            extent = Surgeon(at - 1, at + 1)
        else:
            continue
        before = bisect_left(starts, extent.start)
        if before and extent.start - starts[before - 1] < _NEAR and starts[before:][:1] != [at - 1]:
            yield extent


def _name(norms: Sequence[str], at: int) -> str:
    following = norms[at + 1 : at + 3]
    return following[1] if following[:1] == ["."] and len(following) > 1 else (following or [""])[0]


def _own_names(page: Page, norms: Sequence[str]) -> set[str]:
    """Doctors who are the author: named beside the gynecologic oncology team or the dictation."""
    found: set[str] = set()
    if "dr" not in norms and "staff" not in page.section_of:
        return found
    for at, norm in enumerate(norms):
        if (
            norm in _OWN
            and at > 1
            and norms[at - 1] in (",", "(")
            and page.section_of[at] == "staff"
        ):
            found.add(norms[at - 2])  # "Surgeons: G, gynecologic oncology; C, colorectal"
        if norm != "dr":
            continue
        after = norms[at + 2 : at + 8]
        stop = next((i for i, n in enumerate(after) if n in (".", ";", ":", "dr")), len(after))
        near = after[:stop]
        before = norms[max(0, at - 4) : at]
        if (
            ("this" in near and "dictation" in near)
            or (
                _OWN.intersection(near[:4])
                and page.section_of[at] in ("staff", "header", "title", "other")
            )
            or (before[-1:] == [":"] and before[-2:-1] and before[-2] in _OWN_LABEL)
            or (before[-2:] == ["surgeon", ":"] and before[-3:-2] in _LEADING)
            or ("i" in near and "," in near)
        ):
            found.add(_name(norms, at))
    return found - {"", "_", "***", "*"}


def by_other(
    norms: Sequence[str], surgeon: Surgeon, mine: Sequence[Extent], find: Find, clause: Extent,
    sentence: Extent, *, told: bool,
) -> Extent | None:  # fmt: skip
    """The words that give a mention to another surgeon, None where they do not."""
    lo, hi = find.head.start, find.head.end
    if find.verb is not None:
        lo, hi = min(lo, find.verb.start), max(hi, find.verb.end)
    if any(clause.start <= m.start < clause.end for m in mine):
        return None
    if surgeon.end <= lo:
        return _subject(norms, surgeon, find, clause, lo)
    if surgeon.start >= hi:
        return _agent(norms, surgeon, find, sentence, hi, told=told)
    if norms[surgeon.start - 1] in ("by", "dr"):
        # Between the organ and the action: "the spleen was by general surgery removed".
        return Extent(surgeon.start, surgeon.end)
    verb = find.verb
    if verb is None or verb.start - surgeon.end > 5 or finite(norms[surgeon.end : verb.start]):
        return None
    # "The appendix looked normal, but Dr. C removed it."
    behind = norms[verb.end : verb.end + 1]
    return Extent(surgeon.start, surgeon.end) if behind and behind[0] in _OBJECTS else None


def _subject(
    norms: Sequence[str], surgeon: Surgeon, find: Find, clause: Extent, lo: int
) -> Extent | None:
    if not clause.start <= surgeon.start < clause.end:
        return None
    gap = norms[surgeon.end : lo]
    before = norms[max(clause.start, surgeon.start - 3) : surgeon.start]
    if (before[-1:] and before[-1] in ("and", "&") and _ME.intersection(before)) or (
        _ME - {"together"}
    ).intersection(gap):
        return None
    lead = norms[clause.start : surgeon.start]
    if _ME.intersection(lead) and _SUBORDINATE.isdisjoint(lead):
        # "I asked Dr. V to take the conglomerate".
        if not (_ASKED.intersection(lead[-4:]) and "to" in gap[:6]):
            return None
        return Extent(surgeon.start, surgeon.end)
    if (before[-1:] and before[-1] in _NOT_SUBJECT) or before[-2:-1] == ["with"]:
        return None
    if before[-1:] == ["("] or (")" in gap[:3] and "(" in before):
        return None
    if len(gap) > 35 or barred(norms, surgeon.end, lo) or (":" in gap[2:] and gap[:1] != ["("]):
        return None
    if _WATCHED.intersection(gap[:5]) and not _AFTERWARD.intersection(gap):
        return None
    aside = "," in before and any(n.endswith("ed") or n in _DID for n in gap[1:4])
    if find.verb is None and gap[:1] == [","] and not finite(gap) and not aside:
        return None  # a list: "general surgery, omentectomy"
    return Extent(surgeon.start, surgeon.end)


def _agent(
    norms: Sequence[str], surgeon: Surgeon, find: Find, sentence: Extent, hi: int, *, told: bool
) -> Extent | None:
    """ "... by Dr. U", "... (urology)", "LAR per colorectal"."""
    if surgeon.start >= sentence.end:
        return None
    before = norms[max(hi, surgeon.start - 4) : surgeon.start]
    gap = norms[hi : surgeon.start]
    opening = before[-1:] == ["("] or before[-2:] == ["(", "by"]
    by = next(
        (len(before) - i for i, n in enumerate(reversed(before), 1) if n in ("by", "per", "hands")),
        None,
    )
    if by is None and not opening:
        # "For details of the resection see Dr. H's report."
        behind = norms[surgeon.end : surgeon.end + 6]
        seen = before[-1:] == ["see"] and not _REPORTS.isdisjoint(behind)
        own = len(gap) < 12 and ":" not in gap and "(" not in gap[:-2]
        return Extent(surgeon.start - 1, surgeon.end) if seen and own else None
    if not opening and by is not None and len(before) - by > 3:
        return None
    start = surgeon.start - (len(before) - by) if by is not None else surgeon.start
    if len(gap) > 30 or any(n in (";", ".") for n in gap):
        return None
    if norms[start - 1] in _ADVISED:
        return None  # "declined by the hepatobiliary team"
    if barred(norms, hi, start):
        return None
    if norms[surgeon.end : surgeon.end + 2] and {"assisting", "assisted"} & set(
        norms[surgeon.end : surgeon.end + 3]
    ):
        return None
    if not finite(gap) or told:
        # A list speaks of the item just before the name.
        if "," in gap and norms[start - 1] not in (",", "("):
            return None
        if opening and ("," in gap or ")" in gap):
            return None
        if "," in gap[:-1]:
            return None
    return Extent(start, surgeon.end)
