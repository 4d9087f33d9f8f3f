"""Status from context: what the words around a mention say of it.

Clause-bounded, with the surgical vocabulary of `knowledge/cues.tsv`: "was deferred", "left in
situ", "consented for", "status post", "by the colorectal surgeon, who dictates separately".
Every status keeps the cue that decided it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from debulk import carry, cues, history, others
from debulk.cues import NEGATIVE_SUBJECT, STOPS, THOUGHT, Cue
from debulk.grammar import Find
from debulk.history import BEFOREHAND
from debulk.labels import labels
from debulk.page import FINITE, Extent, Page
from debulk.reach import Reach, Spot

_RANK = {"by_other": 0, "attempted": 1, "not_performed": 2, "planned": 3, "historical": 4}
# Before the operation a second surgeon's part is still a plan, and an earlier one is history.
_RANK_BEFORE = {"not_performed": 0, "attempted": 1, "planned": 2, "historical": 3, "by_other": 4}
_WITH_SPECIMEN = frozenset({"with", "attached", "on"})
_FUTURE = frozenset("will next later future planned scheduled tomorrow".split())
_BY_FRONT = frozenset({"near", "before"})
_GONE = frozenset("out off removed taken excised cut resected delivered dissected".split())


class Ruling(NamedTuple):
    """A status, and the words that decided it (None: the section, or the plain telling)."""

    status: str
    cue: Extent | None


def rulings(page: Page, finds: Sequence[Find]) -> list[Ruling]:
    """A ruling for every find of the page."""
    judge = _Judge(page, finds)
    return [judge.ruling(find) for find in finds]


class _Judge:
    """Rules on the finds of one page; what they share is worked out once."""

    def __init__(self, page: Page, finds: Sequence[Find]) -> None:
        self.page, self.finds = page, finds
        self.norms = cues.plain(page.norms)
        self.cues = cues.find(page, self.norms)
        self.starts = [cue.start for cue in self.cues]
        self.surgeons, self.mine = others.surgeons(page, self.norms)
        self.dates = history.marks(page, self.norms)
        self.labels = labels(page, self.norms)
        self.past = frozenset(
            h.start for h in page.hits if h.term.kind == "action" and h.term.form == "past"
        )
        self.reach = Reach(self.norms, finds, self.past)
        self.bounds = [sentence.start for sentence in page.sentences]
        self._clauses: dict[int, list[Extent]] = {}

    def clauses(self, number: int) -> list[Extent]:
        """The clauses of a sentence."""
        if number not in self._clauses:
            self._clauses[number] = self.page.clauses(self.page.sentences[number])
        return self._clauses[number]

    def within(self, extent: Extent) -> list[Cue]:
        """The cues that start in an extent."""
        return self.cues[
            bisect_left(self.starts, extent.start) : bisect_left(self.starts, extent.end)
        ]

    def _spot(self, find: Find) -> Spot:
        number = max(0, bisect_left(self.bounds, find.head.start + 1) - 1)
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
            return self._fated(find)
        spot = self._spot(find)
        norms = self.norms
        passive = spot.told or norms[spot.lo - 1] in ("was", "were")  # "no tumor was debulked"
        negated = self._negative_subject(spot) if passive else self._nothing_to(spot)
        if negated is not None:
            return Ruling("not_performed", negated)
        past = history.earlier(
            self.page, norms, self.dates, find, spot.clause, spot.sentence, told=spot.told
        )
        if past is not None:
            return Ruling("historical", past)
        section = self.page.section_of[find.head.start]
        options, begun = self._options(spot, section)
        best = self._best(options, section) if options else None
        if best is None or best.status in ("planned", "historical"):
            carried = self._carried(spot, begun=begun)
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
            return best
        status, cue = history.by_section(self.page, norms, find, spot.clause, told=spot.told)
        return Ruling(status, cue)

    def _fated(self, find: Find) -> Ruling:
        """What became of an organ; "stayed with the specimen" is no keeping."""
        verb = find.verb
        if verb is not None and find.fate == "not_performed":
            after = self.norms[verb.end : verb.end + 2]
            between = self.norms[find.head.end : verb.start]
            if "," in between and _GONE.intersection(between) and between[-1] != ",":
                return Ruling("performed", None)  # "the chain out, the vessel spared"
            if self.norms[verb.end - 1] in ("stayed", "left", "remained", "kept") and after[:1] == [
                "with"
            ]:
                return Ruling("performed", verb)
        return Ruling(find.fate, verb)

    def _negative_subject(self, spot: Spot) -> Extent | None:
        """ "No tumor was debulked", "neither tube nor ovary was removed"."""
        verb = spot.find.verb or spot.find.head
        norms, low = self.norms, max(spot.sentence.start, verb.start - 5)
        aux = next((i for i in range(verb.start - 1, low - 1, -1) if norms[i] in FINITE), None)
        if aux is None or any(n in (",", "and") for n in norms[aux : verb.start]):
            return None
        for at in range(aux - 1, max(spot.sentence.start, aux - 12) - 1, -1):
            norm = norms[at]
            if norm in NEGATIVE_SUBJECT or norm == "nor":
                if norms[at + 1] in cues.COMPARED or (norm == "no" and norms[at - 1] == "with"):
                    return None
                return Extent(at, at + 1)
            if norm == "not" and norms[at + 1] in ("a", "one", "any", "single"):
                return Extent(at, at + 2)
            if (
                norm in FINITE
                or norm in cues.BARRIERS
                or norm in (",", "(", ")", ":", "but", "while")
            ):
                return None
            if norm == "and" and norms[at + 1] in ("the", "a", "both", "all", "this"):
                return None
        return None

    def _nothing_to(self, spot: Spot) -> Extent | None:
        """ "Nothing to debulk", "no adhesions to lyse"."""
        norms, verb = self.norms, spot.find.verb
        at = (verb.start if verb is not None else spot.lo) - 1
        if at < spot.sentence.start or norms[at] != "to":
            return None
        for back in range(at - 1, max(spot.sentence.start, at - 7) - 1, -1):
            if norms[back] in ("no", "nothing", "none"):
                return Extent(back, at + 1)
            if (
                norms[back] in FINITE
                or norms[back] in STOPS
                or norms[back] in (",", "difficulty", "time")
            ):
                return None
        return None

    def _options(self, spot: Spot, section: str) -> tuple[list[tuple[Cue, Extent, int]], bool]:
        """The cues that reach a mention, with words and distance; and whether work began."""
        found: list[tuple[Cue, Extent, int]] = []
        front: tuple[Cue, Extent, int] | None = None
        begun = completed = False
        for cue in self.within(spot.clause):
            if cue.scope == "begun":
                begun = begun or cue.start >= spot.lo - 4
                continue
            if cue.scope == "completed":
                completed = completed or cue.start >= spot.hi
                continue
            extent = self.reach.words(cue, spot, section)
            if extent is None:
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
        if completed:
            found = [o for o in found if o[0].status != "attempted"]
        for surgeon in self.surgeons:
            if spot.sentence.start <= surgeon.start < spot.sentence.end:
                who = others.by_other(
                    self.norms,
                    surgeon,
                    self.mine,
                    spot.find,
                    spot.clause,
                    spot.sentence,
                    told=spot.told,
                )
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
        own = len(following)
        if not following and spot.number + 1 < len(self.page.sentences):
            span = self.page.sentences[spot.number + 1]
            following = [span if span.end - span.start < 30 else self.clauses(spot.number + 1)[0]]
        for index, clause in enumerate(following):
            if self.reach.between(clause.start, clause.end):
                return None
            relative = self.norms[clause.start] in ("which", "that", "who")
            if relative and index == 0 and self.reach.between(spot.hi, clause.start):
                return None
            surgeons = [s for s in self.surgeons if clause.start <= s.start < clause.end]
            said = carry.carried(
                self.norms, clause, self.within(clause), surgeons, open_end=begun and bool(own)
            )
            if said is not None:
                return Ruling(*said)
        return None


def _to_come(said: Sequence[str]) -> bool:
    return said[:2] == ["to", "be"] or not _FUTURE.isdisjoint(said)
