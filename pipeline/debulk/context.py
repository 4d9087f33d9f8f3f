"""Status from context: what the words around a mention say of it.

Clause-bounded, with the surgical vocabulary of `knowledge/cues.tsv`: "was deferred", "left in
situ", "consented for", "status post", "by the colorectal surgeon, who dictates separately".
Every status keeps the cue that decided it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from debulk import tables, words
from debulk.grammar import Find
from debulk.lexicon import Hit
from debulk.page import BODY, FINITE, Extent, Page

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

_RANK = {"by_other": 0, "attempted": 1, "not_performed": 2, "planned": 3, "historical": 4}
_DO = frozenset(
    "perform performed done do carry carried undertake undertaken attempt attempted remove removed resect "
    "resected excise excised dissect dissected sample sampled take taken require required need "
    "needed necessary indicated feasible possible pursue pursued obtain obtained complete completed disturb "
    "disturbed include included biopsy biopsied create created make made place placed warranted "
    "felt thought deemed considered elected proceed proceeded explored addressed entertained believed judged "
    "harvested safe accomplished achieved executed treated given repaired freed divided stripped "
    "ablated added mobilized chosen offered justified technically touched touch "
    "formally then further again redone repeated reach reached".split()
)
_WHEN = frozenset("19 20".split())
_PRONOUN = frozenset("this it that these they those which both neither".split())
_PAST_PERFECT = frozenset({"had", "has", "have", "having"})


_ENDS = ([], ["."], [","], [";"], ["for"], ["given"], ["due"], ["because"], [")"])


class Ruling(NamedTuple):
    """A status, and the words that decided it (None: the section, or the plain telling)."""

    status: str
    cue: Extent | None


class _Cue(NamedTuple):
    status: str
    scope: str
    start: int
    end: int


@cache
def _do() -> frozenset[str]:
    return frozenset(words.standard(word) for word in _DO)


def rulings(page: Page, finds: Sequence[Find]) -> list[Ruling]:
    """A ruling for every find of the page."""
    cues = _cues(page)
    places = _Places(page)
    found: list[Ruling] = []
    for index, find in enumerate(finds):
        if find.fate:
            found.append(Ruling(find.fate, find.verb))
            continue
        found.append(_rule(page, places, cues, finds, index))
    return found


class _Places:
    """Sentences and clauses by word, worked out once where they are asked for."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._clauses: dict[int, list[Extent]] = {}
        self._index: list[int] = []
        for number, sentence in enumerate(page.sentences):
            self._index.extend([number] * (sentence.end - sentence.start))
        self._index = self._index or [0]

    def sentence(self, at: int) -> int:
        return self._index[min(at, len(self._index) - 1)]

    def clauses(self, sentence: int) -> list[Extent]:
        if sentence not in self._clauses:
            self._clauses[sentence] = self.page.clauses(self.page.sentences[sentence])
        return self._clauses[sentence]


def _cues(page: Page) -> list[_Cue]:
    """The cues of a page in reading order, the neutral ones taken out with what they cover."""
    hits = [h for h in page.hits if h.term.kind in ("cue", "surgeon")]
    found: list[_Cue] = []
    for hit in hits:
        if hit.term.kind == "surgeon":
            found.append(_Cue(f"surgeon_{hit.term.name}", "subject", hit.start, hit.end))
        elif hit.term.name != "neutral":
            found.append(_Cue(hit.term.name, hit.term.form, hit.start, hit.end))
    neutral = [h for h in hits if h.term.name == "neutral"]
    return [
        c
        for c in found
        if not any(n.start <= c.start and c.end <= n.end for n in neutral)
    ]


def _rule(
    page: Page, places: _Places, cues: Sequence[_Cue], finds: Sequence[Find], index: int
) -> Ruling:
    find = finds[index]
    number = places.sentence(find.head.start)
    clauses = places.clauses(number)
    at = next((i for i, c in enumerate(clauses) if c.start <= find.head.start < c.end), 0)
    clause = clauses[at]
    if find.verb is not None and not clause.start <= find.verb.start < clause.end:
        clause = Extent(min(clause.start, find.verb.start), max(clause.end, find.verb.end))
    section = page.section_of[find.head.start]
    past = _history(page, find, clause, page.sentences[number])
    if past is not None:
        return Ruling("historical", past)
    before: tuple[int, Ruling] | None = None
    options: list[tuple[int, int, Ruling]] = []
    for cue in cues:
        if cue.end <= clause.start:
            continue
        if cue.start >= clause.end:
            break
        ruling = _weigh(page, cue, find, clause, section, finds)
        if ruling is None:
            continue
        if cue.status == "attempted" and cue.scope == "begun":
            continue
        if cue.end <= find.head.start and cue.scope in ("near", "before"):
            # Of the cues in front of a mention the last one speaks for it.
            if before is None or cue.end >= before[0]:
                before = (cue.end, ruling)
            continue
        distance = max(find.head.start - cue.end, cue.start - find.head.end, 0)
        options.append((_RANK[ruling.status], distance, ruling))
    if before is not None:
        options.append((_RANK[before[1].status], find.head.start - before[0], before[1]))
    carried = _carried_on(page, places, cues, finds, index, number, at)
    if carried is not None and (
        not options or min(options)[2].status in ("planned", "historical")
    ):
        return carried
    if options:
        return min(options, key=lambda o: (o[0], o[1]))[2]
    prior = PRIOR.get(section)
    if find.attributes.get("from") == "specimens" or prior is None:
        return Ruling("performed", None)
    heading = next(
        (s for s in page.sections if s.heading <= find.head.start < s.end and s.start > s.heading), None
    )
    return Ruling(prior, Extent(heading.heading, heading.start) if heading else None)


def _history(page: Page, find: Find, clause: Extent, sentence: Extent) -> Extent | None:
    """The words that put a mention into an earlier operation: a pluperfect, a year, "ago"."""
    norms = page.norms
    section = page.section_of[find.head.start]
    inside = norms[clause.start : clause.end]
    anchor = find.verb.start if find.verb is not None else find.head.end
    opening = norms[clause.start : clause.start + 3]
    if not {"after", "once", "when", "until", "before", "as"} & set(opening):
        low = clause.start if find.verb is None else max(clause.start, anchor - 7)
        for at in range(low, min(anchor + (8 if find.verb is None else 0), clause.end)):
            if norms[at] in _PAST_PERFECT and _pluperfect(norms, at, clause.end):
                if at < find.head.start and find.verb is None and norms[at + 1 : at + 2] != ["been"]:
                    continue
                if find.verb is None and at >= find.head.end and not _do().intersection(norms[at + 1 : at + 4]):
                    continue
                return Extent(at, at + 1)
    if section in ("title", "specimens", "date"):
        return None
    for at in range(sentence.start, sentence.end):
        if not _is_year(norms, at, sentence) and norms[at] not in ("ago", "originally"):
            continue
        if clause.start <= at < clause.end:
            return None if "today" in inside else Extent(at, at + 1)
        if not any(n in FINITE for n in inside) or norms[clause.start] in ("which", "when", "with"):
            return Extent(at, at + 1)
    return None


def _pluperfect(norms: Sequence[str], at: int, end: int) -> bool:
    """Is this "had" a pluperfect: a participle behind it, not "had to be" or "had a plaque"?"""
    following = norms[at + 1 : min(end, at + 5)]
    if not following or _CONSENTED.intersection(following) or following[0] in ("to", "a", "an", "no", "the", "multiple", "several", "some", "become", "now"):
        return False
    return any(n in _do() or n.endswith("ed") or n in ("been", "had", "undergone", "come", "gone", "cut") for n in following)


_CONSENTED = frozenset(
    words.standard(w) for w in "consented agreed planned discussed considered listed booked scheduled hoped mentioned "
    "debated weighed requested thought intended offered entertained counseled anticipated".split()
)


def _is_year(norms: Sequence[str], at: int, sentence: Extent) -> bool:
    norm = norms[at]
    if norm.startswith("'") and norm[1:].isdigit() and len(norm) == 3:
        return True
    if not (len(norm) == 4 and norm.isdigit() and norm[:2] in _WHEN):
        return False
    # A full date ("March 3, 2025") may be today's.
    before = norms[max(sentence.start, at - 3) : at]
    return not any(n.isdigit() and len(n) <= 2 for n in before) and norms[at + 1 : at + 2] not in (["ml"], ["cc"], ["gram"], ["mg"])


def _weigh(
    page: Page, cue: _Cue, find: Find, clause: Extent, section: str, finds: Sequence[Find]
) -> Ruling | None:
    """What a cue of the clause says of the find, None when it is not in its scope."""
    norms = page.norms
    extent = Extent(cue.start, cue.end)
    head, verb = find.head, find.verb
    status, scope = cue.status, cue.scope
    inside = head.start <= cue.start < head.end
    if inside or (verb is not None and verb.start <= cue.start and cue.end <= verb.end):
        return None
    before = cue.end <= head.start
    if status.startswith("surgeon_"):
        return _other_surgeon(page, cue, find, clause)
    if scope == "near":
        if not before:
            return None
        gap = norms[cue.end : head.start]
        if status == "planned" and norms[cue.start] == "for" and cue.end - cue.start == 1:
            return None if _finite_before(norms, clause.start, cue.start) else None
        limit = 5 if status == "planned" else 4
        if len(gap) > limit and not _listed(gap):
            return None
        if any(n in FINITE for n in gap) or any(n in (";", ".", ":") for n in gap):
            return None
        if status == "planned" and verb is not None and _finite_after(norms, head.end, clause.end):
            return None
        if status == "historical" and verb is not None:
            return None
        return Ruling(status, extent)
    if scope == "before":
        if not before:
            if status in ("not_performed", "attempted") and cue.start >= max(head.end, verb.end if verb else 0):
                # "... and found no reason to perform it".
                if {"it", "this", "them", "that", "one", "these"} & set(norms[cue.end : cue.end + 4]):
                    return Ruling(status, extent)
            # An active "did not remove the omentum": the cue precedes the verb, not the organ.
            if verb is None or cue.end > verb.start or verb.end <= head.start:
                return None
        if norms[cue.start] == "underwent" and section in BODY:
            return None
        anchor = min(head.start, verb.start) if verb is not None and verb.start > cue.start else head.start
        gap = norms[cue.end : max(cue.end, anchor)]
        if not _reaches(status, gap):
            return None
        if status == "not_performed" and norms[cue.start : cue.end][-1:] == ["not"]:
            if not any(n in _do() for n in norms[cue.end : cue.end + 3]) and verb is None:
                return None
        return Ruling(status, extent)
    if before and not (verb is not None and verb.start > cue.start):
        return None
    if before and scope == "after" and verb is not None:
        # "the omentum was not removed": between the organ and the action counts as after.
        if cue.start < head.end:
            return None
    if scope in ("after", "begun", "completed"):
        if scope != "after":
            return None
        gap = norms[head.end : cue.start]
        if not _reaches_back(norms, cue, find, finds):
            return None
        if norms[cue.start : cue.end] in (["not"], ["was", "not"], ["were", "not"], ["is", "not"], ["are", "not"]):
            following = norms[cue.end : cue.end + 3]
            if following and following[0] not in (".", ",", ";") and not any(n in _do() for n in following):
                return None
        if norms[cue.start : cue.end] == ["held"] and norms[cue.end : cue.end + 1] not in _ENDS:
            return None
        if norms[cue.start : cue.end] == ["no"]:
            return Ruling(status, extent) if norms[cue.start - 1 : cue.start] == [":"] else None
        if status == "historical" and norms[cue.start : cue.end] in (["had", "been"], ["has", "been"]):
            following = norms[cue.end : cue.end + 3]
            if verb is None and not any(n in _do() for n in following):
                return None
        return Ruling(status, extent)
    return None


def _reaches(status: str, gap: Sequence[str]) -> bool:
    """May a cue reach over these words to a mention behind it?"""
    if any(n in (".", ";", "?") for n in gap):
        return False
    if status in ("planned", "historical"):
        return len(gap) <= 45
    if any(n in ("and",) for n in gap) and any(n in FINITE for n in gap):
        return False
    return len(gap) <= 12 or _listed(gap)


def _reaches_back(norms: Sequence[str], cue: _Cue, find: Find, finds: Sequence[Find]) -> bool:
    """May a cue reach back over these words to a mention in front of it?"""
    gap = norms[find.head.end : cue.start]
    if any(n in (".", ";", "?") for n in gap) or len(gap) > 30:
        return False
    if norms[cue.start] in FINITE or any(n in FINITE for n in gap):
        return True
    # In a list without a verb a cue speaks for the item just before it.
    for other in finds:
        if find.head.end <= other.head.start < cue.start:
            between = norms[find.head.end : other.head.start]
            if any(n in (",", "(", ":") for n in between) or len(between) > 6:
                return False
    return True


def _listed(gap: Sequence[str]) -> bool:
    """Words between a cue and a mention that read as a list."""
    return len(gap) <= 30 and any(n in (",", "and", "or", "/", "nor") for n in gap) and not any(
        n in FINITE for n in gap
    )


def _finite_before(norms: Sequence[str], start: int, at: int) -> bool:
    return any(n in FINITE for n in norms[start:at])


def _finite_after(norms: Sequence[str], at: int, end: int) -> bool:
    return any(n in ("was", "were") for n in norms[at:end])


def _other_surgeon(page: Page, cue: _Cue, find: Find, clause: Extent) -> Ruling | None:
    """A clause whose subject is another surgeon tells that surgeon's work."""
    norms = page.norms
    if cue.status == "surgeon_self":
        return None
    selfs = [
        h
        for h in page.hits
        if h.term.kind == "surgeon" and h.term.name == "self" and clause.start <= h.start < clause.end
    ]
    if selfs:
        return None
    extent = Extent(cue.start, cue.end)
    before = cue.end <= min(find.head.start, find.verb.start if find.verb else find.head.start)
    if before:
        gap = norms[cue.end : find.head.start]
        subject = norms[max(clause.start, cue.start - 2) : cue.start]
        if any(n in ("with", "to", "for", "from", "of") for n in subject[-1:]):
            return None
        if len(gap) <= 25 and not any(n in ("i", "we") for n in gap):
            return Ruling("by_other", extent)
        return None
    if norms[cue.start - 1 : cue.start] in (["by"], ["per"]) or norms[cue.start - 2 : cue.start - 1] == ["by"]:
        return Ruling("by_other", Extent(cue.start - 1, cue.end))
    return None


def _carried_on(
    page: Page,
    places: _Places,
    cues: Sequence[_Cue],
    finds: Sequence[Find],
    index: int,
    sentence: int,
    at: int,
) -> Ruling | None:
    """A following clause without a subject of its own may decide: "but this was abandoned"."""
    find = finds[index]
    clauses = places.clauses(sentence)
    if at + 1 < len(clauses):
        following = clauses[at + 1]
    elif sentence + 1 < len(page.sentences):
        following = places.clauses(sentence + 1)[0] if page.sentences[sentence + 1] else None
        if following is None:
            return None
        span = page.sentences[sentence + 1]
        following = span if span.end - span.start < 30 else following
        if not any(n in _PRONOUN for n in page.norms[following.start : following.end]):
            return None
    else:
        return None
    norms = page.norms[following.start : following.end]
    if any(following.start <= f.head.start < following.end for f in finds):
        return None
    lead = norms[:5]
    if lead[:1] in (["which"], ["that"]) and lead[1:2] in (["was"], ["is"], ["had"]):
        clause = clauses[at]
        if any(find.head.end <= f.head.start < clause.end for f in finds):
            return None
    elliptic = any(n in _PRONOUN for n in lead) or lead[:1] in (["but"], ["however"], ["although"])
    if not elliptic and not any(n in ("it", "this", "them") for n in norms):
        return None
    for cue in cues:
        if not following.start <= cue.start < following.end:
            continue
        if cue.status in ("not_performed", "attempted", "by_other"):
            said = page.norms[cue.start : cue.end]
            if len(said) == 1 and said[0] in ("no", "without", "none", "remain", "remained", "against", "nor", "in"):
                continue
            if said[-1:] == ["not"] and not _do().intersection(page.norms[cue.end : cue.end + 4]):
                continue
            return Ruling(cue.status, Extent(cue.start, cue.end))
        if cue.status == "surgeon_other" and not any(n in ("i", "we", "me") for n in norms):
            return Ruling("by_other", Extent(cue.start, cue.end))
    return None
