"""Status from context: what the words around a mention say of it.

Clause-bounded, with the surgical vocabulary of `knowledge/cues.tsv`: "was deferred", "left in
situ", "consented for", "status post". Every status keeps the cue that decided it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from debulk import begun, carry, cues, history, labels, neighbours, others, years
from debulk.cues import THOUGHT, Cue
from debulk.grammar import Find
from debulk.history import BEFOREHAND
from debulk.neighbours import Ruling, Spot
from debulk.others import Surgeon
from debulk.page import Extent, Page
from debulk.reach import Reach
from debulk.tables import wordset

_RANK = {"by_other": 0, "attempted": 1, "not_performed": 2, "planned": 3, "historical": 4}
# Before the operation a second surgeon's part is still a plan, and an earlier one is history.
_RANK_BEFORE = {"not_performed": 0, "attempted": 1, "planned": 2, "historical": 3, "by_other": 4}
_FUTURE = frozenset("will next later future planned scheduled tomorrow".split())
_BY_FRONT = frozenset({"near", "before"})
_THEATER = frozenset({"taken", "brought", "came"})
_REPORTING = wordset("reporting")
_BEHIND = 8  # words behind a sentence in which its report may be spoken of
_TO_BE = frozenset("to not will would could can may might must should shall cannot never".split())
_EARLY = 60  # words
_LONG = 150  # words
_ALREADY = frozenset({"already", "previously", "formerly"})
_AT_FIRST = frozenset({"first", "initially"})


def rulings(page: Page, finds: Sequence[Find]) -> list[Ruling]:
    """A ruling for every find of the page."""
    if not finds:
        return []
    judge = _Judge(page, finds)
    found = [judge.ruling(find) for find in finds]
    return neighbours.settled(judge.norms, finds, found, judge.number, judge.intended)


class _Line(NamedTuple):
    """The words of a sentence that may decide a status."""

    cues: list[Cue]
    dates: list[Extent]
    surgeons: list[Surgeon]
    have: bool  # it holds a "had" or "has"


class _Judge:
    """Rules on the finds of one page; what they share is worked out once."""

    def __init__(self, page: Page, finds: Sequence[Find]) -> None:
        self.page = page
        self.norms = cues.plain(page.norms)
        self.surgeons, self.mine = others.surgeons(page, self.norms)
        self.labels = labels.labels(page, self.norms)
        self.past = frozenset(
            h.start for h in page.hits if h.term.kind == "action" and h.term.form == "past"
        )
        self.reach = Reach(self.norms, finds, self.past)
        self.bounds = [sentence.start for sentence in page.sentences]
        self._clauses: dict[int, list[Extent]] = {}
        self._lines: dict[int, _Line] = {}

    def line(self, number: int) -> _Line:
        """What a sentence holds; most sentences of a note are never asked."""
        found = self._lines.get(number)
        if found is None:
            sentence = self.page.sentences[number]
            start, end = sentence
            found = self._lines[number] = _Line(
                cues.find(self.norms, sentence),
                years.marks(self.norms, sentence),
                [surgeon for surgeon in self.surgeons if start <= surgeon.start < end],
                not history.HAVE.isdisjoint(self.norms[start:end]),
            )
        return found

    def clauses(self, number: int) -> list[Extent]:
        """The clauses of a sentence."""
        if number not in self._clauses:
            self._clauses[number] = self.page.clauses(self.page.sentences[number])
        return self._clauses[number]

    def number(self, find: Find) -> int:
        """The number of the sentence that tells a find."""
        return max(0, bisect_left(self.bounds, find.head.start + 1) - 1)

    def intended(self, find: Find) -> bool:
        """ "... to clear the nodes": what the step was made for, not yet that it was done."""
        verb = find.verb
        return verb is not None and verb.start not in self.past and "to" in (
            self.norms[verb.start], self.norms[verb.start - 1]
        )  # fmt: skip

    def _spot(self, find: Find) -> Spot:
        number = self.number(find)
        clauses = self.clauses(number)
        order = next((i for i, c in enumerate(clauses) if c.start <= find.head.start < c.end), 0)
        clause, sentence = clauses[order], self.page.sentences[number]
        if order and self.norms[clause.start] == "that" and self.norms[clause.start - 1] in THOUGHT:
            clause = Extent(clauses[order - 1].start, clause.end)  # "it was not felt that ..."
        lo, hi = find.head.start, find.head.end
        if find.verb is not None:
            lo, hi = min(lo, find.verb.start), max(hi, find.verb.end)
            clause = Extent(
                min(clause.start, max(lo, sentence.start)), max(clause.end, min(hi, sentence.end))
            )
            while order + 1 < len(clauses) and clauses[order + 1].start < clause.end:
                order += 1
                clause = Extent(clause.start, max(clause.end, clauses[order].end))
        told = find.verb is not None and find.verb.start in self.past
        return Spot(find, lo, hi, told, clause, order, number, sentence)

    def ruling(self, find: Find) -> Ruling:
        """The status of one find."""
        if find.fate:
            sentence = self.page.sentences[self.number(find)]
            return neighbours.fated(self.norms, find, sentence, self.reach.heads)
        spot = self._spot(find)
        norms = self.norms
        passive = spot.told or norms[spot.lo - 1] in ("was", "were")  # "no tumor was debulked"
        negated = (
            cues.negative_subject(norms, spot.sentence, (find.verb or find.head).start)
            if passive
            else cues.nothing_to(norms, spot.sentence, find.verb.start if find.verb else spot.lo)
        )
        if negated is not None:
            return Ruling("not_performed", negated)
        line = self.line(spot.number)
        past = None
        if line.dates or line.have:
            past = history.earlier(
                self.page, norms, line.dates, find, spot.clause, spot.sentence, told=spot.told
            )
        if past is not None and not (line.surgeons and self._reported(spot)):
            return Ruling("historical", past)
        valued = labels.value(self.page, norms, spot.sentence, find.head) if not spot.told else None
        if valued is not None:
            return Ruling(*valued)
        if spot.told and find.verb is not None and norms[find.verb.start - 1] in _ALREADY:
            before = norms[max(0, find.verb.start - 4) : find.verb.start - 1]
            if not {"was", "were", "had", "and", "then"} & set(before):
                return Ruling("historical", Extent(find.verb.start - 1, find.verb.start))
        if spot.told and find.verb is not None and _wished(norms, find.verb.start):
            return Ruling("planned", Extent(find.verb.start - 1, find.verb.end))
        following = next(iter(self.page.sentences[spot.number + 1 : spot.number + 2]), None)
        stopped = begun.broken_off(
            norms, spot.sentence, following, spot.lo, spot.hi, self.reach.heads
        )
        if stopped is not None:
            return Ruling("attempted", stopped)
        section = self.page.section_of[find.head.start]
        options: list[tuple[Cue, Extent, int]] = []
        started = False
        if line.cues or line.surgeons:
            options, started = self._options(spot, line, section)
        best = self._best(options, section) if options else None
        if best is None or best.status in ("planned", "historical"):
            carried = self._carried(spot, begun=started)
            if (
                carried is not None
                and carried.status == "not_performed"
                and best is None
                and spot.told
            ):
                carried = None  # what was done is not undone by the next sentence
            if carried is not None and (
                carried.status != "performed" or (best is not None and best.status == "planned")
            ):
                return carried
        label = next((said for said in self.labels if said[0] <= find.head.start < said[1]), None)
        if label is not None and (
            best is None or (label[2] == "planned" and best.status == "by_other")
        ):
            return Ruling(label[2], label[3])
        if best is not None:
            if best.status == "planned" and best.cue is not None and self._opening(best.cue):
                return Ruling("performed", best.cue)
            return best
        status, cue = history.by_section(self.page, norms, find, spot.clause, told=spot.told)
        return Ruling(status, cue)

    def _mine(self, spot: Spot, line: _Line, cue: Cue) -> bool:
        """ "While I did the omentectomy, the colorectal surgeon ..., which he reports"."""
        lead = self.norms[max(spot.clause.start, spot.lo - 5) : spot.lo]
        if {"our", "my"} & set(lead[-3:]):
            return True  # "... came just before our own omentectomy"
        others = [s.start for s in line.surgeons if spot.hi <= s.start < cue.start]
        return bool({"i", "we"} & set(lead)) and any(self.norms[at - 1] != "by" for at in others)

    def _reported(self, spot: Spot) -> bool:
        """ "... had been done by the general surgeon, who reports it": today's, by another."""
        start, end = spot.sentence
        return not _REPORTING.isdisjoint(self.norms[start : end + _BEHIND])

    def _opening(self, cue: Extent) -> bool:
        """ "Mrs. V was taken to the operating room for ...": the only list that a note has."""
        return (
            cue.start < _EARLY
            and len(self.norms) > _LONG
            and self.norms[cue.start] in _THEATER
            and "to" in self.norms[cue.start : cue.end]
            and (
                self.page.section_of[cue.start] == "title"
                or all(section.kind != "title" for section in self.page.sections)
            )
        )

    def _options(
        self, spot: Spot, line: _Line, section: str
    ) -> tuple[list[tuple[Cue, Extent, int]], bool]:
        """The cues that reach a mention, with words and distance; and whether work began."""
        found: list[tuple[Cue, Extent, int]] = []
        front: tuple[Cue, Extent, int] | None = None
        begun = completed = False
        for cue in line.cues:
            if not spot.clause.start <= cue.start < spot.clause.end:
                continue
            if cue.scope == "begun":
                begun = begun or cue.start >= spot.lo - 4
                continue
            if cue.scope == "completed":
                completed = completed or cue.start >= spot.hi
                continue
            extent = self.reach.words(cue, spot, section)
            if extent is None or (cue.status == "by_other" and self._mine(spot, line, cue)):
                continue
            distance = max(spot.find.head.start - cue.end, cue.start - spot.find.head.end, 0)
            option = (cue, extent, distance)
            if cue.end <= spot.lo and cue.scope in ("near", "before"):
                # Of the cues in front of a mention the last one speaks for it.
                if front is None or not (
                    front[0].status == "historical" and cue.status == "attempted"
                ):
                    front = option
                continue
            found.append(option)
        if front is not None:
            found.append(front)
        if completed and _AT_FIRST.intersection(self.norms[slice(*spot.clause)]):
            found = [o for o in found if o[0].status not in ("attempted", "not_performed")]
        if completed:
            found = [o for o in found if o[0].status != "attempted"]
        for surgeon in line.surgeons:
            who = others.by_other(
                self.norms, surgeon, self.mine, spot.find, spot.clause, spot.sentence,
                told=spot.told,
            )  # fmt: skip
            if who is not None:
                cue = Cue("by_other", "subject", surgeon.start, surgeon.end)
                found.append((cue, who, abs(surgeon.start - spot.lo)))
        return found, begun

    def _best(self, options: Sequence[tuple[Cue, Extent, int]], section: str) -> Ruling:
        rank = _RANK_BEFORE if section in BEFOREHAND else _RANK
        future = [
            o
            for o in options
            if o[0].status == "planned"
            and (o[0].scope in _BY_FRONT or _to_come(self.norms[o[1].start : o[1].end]))
        ]
        if future and all(o[0].status in ("planned", "historical", "by_other") for o in options):
            return Ruling("planned", future[0][1])
        for cue, extent, distance in options:
            if cue.status == "not_performed" and cue.scope == "near" and distance <= 2:
                return Ruling("not_performed", extent)
            if cue.status == "historical" and cue.scope == "before" and distance <= 4:
                return Ruling("historical", extent)  # "status post" just in front of it
        cue, extent, _ = min(options, key=lambda o: (rank[o[0].status], o[2]))
        status = cue.status
        if status == "by_other" and section in BEFOREHAND:
            status = history.PRIOR[section]
        return Ruling(status, extent)

    def _carried(self, spot: Spot, *, begun: bool) -> Ruling | None:
        """A following clause without a subject of its own may decide: "but this was abandoned"."""
        clauses = self.clauses(spot.number)
        following = list(clauses[spot.order + 1 : spot.order + 3])
        own, number = len(following), spot.number
        if not following and spot.number + 1 < len(self.page.sentences):
            number += 1
            span = self.page.sentences[spot.number + 1]
            following = [span if span.end - span.start < 30 else self.clauses(spot.number + 1)[0]]
        for index, clause in enumerate(following):
            if self.reach.between(clause.start, clause.end):
                return None
            relative = self.norms[clause.start] in ("which", "that", "who")
            if relative and index == 0 and self.reach.between(spot.hi, clause.start):
                return None
            open_end = begun and (bool(own) or self.norms[spot.sentence.end - 1] == ";")
            if not open_end and not carry.speaks_back(self.norms, clause):
                continue
            line = self.line(number)
            said = carry.carried(
                self.norms,
                clause,
                [cue for cue in line.cues if clause.start <= cue.start < clause.end],
                [s for s in line.surgeons if clause.start <= s.start < clause.end],
                open_end=open_end,
            )
            if said is not None:
                return Ruling(*said)
        return None


def _wished(norms: Sequence[str], verb: int) -> bool:
    """ "That the womb, the ovaries and the omentum be taken was agreed": a wish."""
    return norms[verb - 1] == "be" and norms[verb - 2].isalpha() and norms[verb - 2] not in _TO_BE


def _to_come(said: Sequence[str]) -> bool:
    return said[:2] == ["to", "be"] or not _FUTURE.isdisjoint(said)
