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
from debulk.cues import DO, NEGATIVE_SUBJECT, STOPS, Cue, barred, finite, listed
from debulk.grammar import Find
from debulk.labels import labels, not_applicable
from debulk.page import FINITE, Extent, Page

_RANK = {"by_other": 0, "attempted": 1, "not_performed": 2, "planned": 3, "historical": 4}
# Before the operation a second surgeon's part is still a plan, and an earlier one is history.
_RANK_BEFORE = {"not_performed": 0, "attempted": 1, "planned": 2, "historical": 3, "by_other": 4}
_BEFOREHAND = frozenset({"history", "consent", "indications", "preop_diagnosis", "disposition"})
_BARE_NOT = frozenset({"not", "never"})
_DONE = frozenset("performed done completed accomplished undertaken executed carried removed taken resected".split())
_WITH_SPECIMEN = frozenset({"with", "attached", "on"})
_CONTRAST = frozenset({"but", "then", "and"})
_DISTRIBUTES = frozenset({"or", "nor"})
_ADVERBS = frozenset("not never none no previously already surgically".split())
_PATIENT = frozenset("she patient who woman lady female and previously also they he".split())
_FUTURE = frozenset("will next later future planned scheduled tomorrow".split())
_GONE = frozenset("out off removed taken excised cut resected delivered dissected".split())
_NAMES_ONE = frozenset(", ( ) . ; - :".split())
_CONDITIONS = frozenset("if should unless".split())


class Ruling(NamedTuple):
    """A status, and the words that decided it (None: the section, or the plain telling)."""

    status: str
    cue: Extent | None


class _Spot(NamedTuple):
    """A find where it stands: its words with its action, its clause and its sentence."""

    find: Find
    lo: int
    hi: int
    told: bool  # by a past form: "was removed", not "removal of" or a name
    clause: Extent
    order: int  # of the clause in its sentence
    number: int  # of the sentence
    sentence: Extent


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
        self.labels = labels(page, self.norms)
        self.past = {h.start for h in page.hits if h.term.kind == "action" and h.term.form == "past"}
        self.bounds = [sentence.start for sentence in page.sentences]
        self._clauses: dict[int, list[Extent]] = {}

    def clauses(self, number: int) -> list[Extent]:
        """The clauses of a sentence."""
        if number not in self._clauses:
            self._clauses[number] = self.page.clauses(self.page.sentences[number])
        return self._clauses[number]

    def within(self, extent: Extent) -> list[Cue]:
        """The cues that start in an extent."""
        return self.cues[bisect_left(self.starts, extent.start) : bisect_left(self.starts, extent.end)]

    def _spot(self, find: Find) -> _Spot:
        number = max(0, bisect_left(self.bounds, find.head.start + 1) - 1)
        clauses = self.clauses(number)
        order = next((i for i, c in enumerate(clauses) if c.start <= find.head.start < c.end), 0)
        clause, sentence = clauses[order], self.page.sentences[number]
        lo, hi = find.head.start, find.head.end
        if find.verb is not None:
            lo, hi = min(lo, find.verb.start), max(hi, find.verb.end)
            clause = Extent(min(clause.start, max(lo, sentence.start)), max(clause.end, min(hi, sentence.end)))
            while order + 1 < len(clauses) and clauses[order + 1].start < clause.end:
                order += 1
                clause = Extent(clause.start, max(clause.end, clauses[order].end))
        told = find.verb is not None and find.verb.start in self.past
        return _Spot(find, lo, hi, told, clause, order, number, sentence)

    def ruling(self, find: Find) -> Ruling:
        """The status of one find."""
        if find.fate:
            return self._fated(find)
        spot = self._spot(find)
        norms = self.norms
        negated = self._negative_subject(spot) if spot.told else self._nothing_to(spot)
        if negated is not None:
            return Ruling("not_performed", negated)
        past = history.earlier(self.page, norms, find, spot.clause, spot.sentence, told=spot.told)
        if past is not None:
            return Ruling("historical", past)
        section = self.page.section_of[find.head.start]
        options, begun = self._options(spot, section)
        best = self._best(options, section) if options else None
        if best is None or best.status in ("planned", "historical"):
            carried = self._carried(spot, begun=begun)
            if carried is not None and carried.status == "not_performed" and best is None and spot.told:
                carried = None  # what was done is not undone by the next sentence
            if carried is not None and (
                carried.status != "performed" or (best is not None and best.status == "planned")
            ):
                return carried
        label = next((said for said in self.labels if said[0] <= find.head.start < said[1]), None)
        if label is not None and (best is None or (label[2] == "planned" and best.status == "by_other")):
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
            if self.norms[verb.end - 1] in ("stayed", "left", "remained", "kept") and after[:1] == ["with"]:
                return Ruling("performed", verb)
        return Ruling(find.fate, verb)

    def _negative_subject(self, spot: _Spot) -> Extent | None:
        """ "No tumor was debulked", "neither tube nor ovary was removed"."""
        verb = spot.find.verb
        if verb is None:
            return None
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
            if norm in FINITE or norm in cues.BARRIERS or norm in (",", "(", ")", ":", "but", "while"):
                return None
            if norm == "and" and norms[at + 1] in ("the", "a", "both", "all", "this"):
                return None
        return None

    def _nothing_to(self, spot: _Spot) -> Extent | None:
        """ "Nothing to debulk", "no adhesions to lyse"."""
        norms, at = self.norms, spot.lo - 1
        if norms[at] != "to" or at < spot.sentence.start:
            return None
        for back in range(at - 1, max(spot.sentence.start, at - 7) - 1, -1):
            if norms[back] in ("no", "nothing", "none"):
                return Extent(back, at + 1)
            if norms[back] in FINITE or norms[back] in STOPS or norms[back] in (",", "difficulty", "time"):
                return None
        return None

    def _options(self, spot: _Spot, section: str) -> tuple[list[tuple[Cue, Extent, int]], bool]:
        """The cues that reach a mention, each with its words and distance; and whether work began."""
        found: list[tuple[Cue, Extent, int]] = []
        field = self.norms[spot.hi : spot.hi + 3]
        if spot.find.verb is None and (field[:1] == ["0"] or field[:2] in ([":", "0"], ["x", "0"])) and spot.find.concept.endswith("placement"):
            at = spot.hi + field.index("0")
            found.append((Cue("not_performed", "after", at, at + 1), Extent(at, at + 1), 0))
        front: tuple[Cue, Extent, int] | None = None
        begun = completed = False
        for cue in self.within(spot.clause):
            if cue.scope == "begun":
                begun = begun or cue.start >= spot.lo - 4
                continue
            if cue.scope == "completed":
                completed = completed or cue.start >= spot.hi
                continue
            extent = self._reach(cue, spot, section)
            if extent is None:
                continue
            distance = max(spot.find.head.start - cue.end, cue.start - spot.find.head.end, 0)
            option = (cue, extent, distance)
            if cue.end <= spot.lo and cue.scope in ("near", "before"):
                # Of the cues in front of a mention the last one speaks for it.
                if front is None or not (front[0].status == "historical" and cue.status == "attempted"):
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
                    self.norms, surgeon, self.mine, spot.find, spot.clause, spot.sentence, told=spot.told
                )
                if who is not None:
                    cue = Cue("by_other", "subject", surgeon.start, surgeon.end)
                    found.append((cue, who, abs(surgeon.start - spot.lo)))
        return found, begun

    def _best(self, options: Sequence[tuple[Cue, Extent, int]], section: str) -> Ruling:
        rank = _RANK_BEFORE if section in _BEFOREHAND else _RANK
        future = [o for o in options if o[0].status == "planned" and _FUTURE.intersection(self._said(o[1]))]
        if future and all(o[0].status in ("planned", "historical", "by_other") for o in options):
            return Ruling("planned", future[0][1])
        for cue, extent, distance in options:
            if cue.status == "not_performed" and cue.scope == "near" and distance <= 2:
                return Ruling("not_performed", extent)
            if cue.status == "historical" and cue.scope == "before" and distance <= 4:
                return Ruling("historical", extent)  # "status post" just in front of it
        cue, extent, _ = min(options, key=lambda o: (rank[o[0].status], o[2]))
        status = cue.status
        if status == "by_other" and section in _BEFOREHAND:
            status = history.PRIOR[section]
        return Ruling(status, extent)

    def _said(self, extent: Extent) -> list[str]:
        return self.norms[extent.start : extent.end]

    def _reach(self, cue: Cue, spot: _Spot, section: str) -> Extent | None:
        """The words of a cue where it reaches the mention."""
        head, verb = spot.find.head, spot.find.verb
        if cue.start < head.end and cue.end > head.start:
            return None
        if verb is not None and cue.start < verb.end and cue.end > verb.start:
            if cue.start >= verb.start or not _ADVERBS.intersection(self.norms[cue.start : verb.start]):
                return None
            cue = cue._replace(end=verb.start)  # "not removed": the action is the cue's own verb
            if cue.end > spot.lo and verb.start > head.start:
                return Extent(cue.start, verb.end) if self._between(cue, spot) else None
        if cue.status == "performed":
            return None
        extent = Extent(cue.start, cue.end)
        if cue.end <= spot.lo:
            reaches = cue.scope in ("near", "before") and self._ahead(cue, spot, spot.lo, section)
        elif cue.start >= spot.hi:
            reaches = self._behind(cue, spot)
        else:
            reaches = self._between(cue, spot)
        return extent if reaches else None

    def _ahead(self, cue: Cue, spot: _Spot, anchor: int, section: str) -> bool:
        """May a cue reach over these words to a mention behind it?"""
        norms, told = self.norms, spot.told
        gap = norms[cue.end : anchor]
        status = cue.status
        if any(n in STOPS for n in gap):
            return False
        word = norms[cue.start]
        if cue.scope == "near":
            if told and status in ("planned", "historical"):
                return False
            if word == "nor" and finite(gap[:1]):
                gap = gap[1:]  # "nor was a drain felt to be necessary"
            if finite(gap) or ":" in gap or barred(norms, cue.end, anchor):
                return False
            if word == "old" and norms[cue.start - 1] in ("year", "month", "yo"):
                return False
            if "," in gap:
                if status == "historical":
                    return section not in ("title", "specimens") and listed(gap)
                return listed(gap) and self._alternatives(gap, anchor, spot.sentence.end)
            return len(gap) <= 5 or listed(gap)
        if word == "had" and cue.end - cue.start == 2 and norms[cue.start - 1] not in _PATIENT:
            return False
        if word == "underwent" and section not in _BEFOREHAND and section != "postop_diagnosis":
            return False
        if told and status in ("not_performed", "attempted", "planned"):
            start = spot.find.verb.start if spot.find.verb is not None else anchor
            if any(n in ("was", "were", "had") for n in norms[cue.end : start]):
                return False
        if status in ("planned", "historical"):
            if norms[cue.end - 1] == "be" and len(gap) > 3:
                return False
            if barred(norms, cue.end, anchor) and word not in _CONDITIONS:
                return False
            if status == "historical" and told and len(gap) > 14:
                return False
            return len(gap) <= 45
        if barred(norms, cue.end, anchor) or (finite(gap) and norms[cue.end - 1] != "that"):
            return False
        if ":" in gap:
            return False
        if status == "attempted" and "," in gap and not _DISTRIBUTES.intersection(gap):
            return False
        if norms[cue.end - 1] == "not" and not DO.intersection(norms[cue.end : cue.end + 4]):
            # "Did not" alone governs its own verb only.
            if spot.find.verb is None or anchor - cue.end > 2:
                return False
        return len(gap) <= 14 or listed(gap)

    def _alternatives(self, gap: Sequence[str], anchor: int, end: int) -> bool:
        """ "No nodes, drain or stoma": a negated list runs on to its "or"."""
        if _DISTRIBUTES.intersection(gap):
            return True
        following = self.norms[anchor : min(anchor + 10, end)]
        stop = next((i for i, n in enumerate(following) if n in FINITE or n in STOPS), len(following))
        return bool(_DISTRIBUTES.intersection(following[:stop]))

    def _between(self, cue: Cue, spot: _Spot) -> bool:
        """A cue between an organ and its action: "the omentum was not removed"."""
        head, verb = spot.find.head, spot.find.verb
        if verb is None:
            return False
        if head.start < verb.start:
            gap = self.norms[cue.end : verb.start]
            if len(gap) > 7 or any(n in (",", "and", "but", ":") for n in gap):
                return False
            if cue.status in ("attempted", "not_performed") and any(n in ("was", "were") for n in gap):
                return False
            if self.norms[cue.start - 1] == "no" or cue.scope == "near":
                return False
            return not barred(self.norms, head.end, cue.start)
        gap = self.norms[cue.end : head.start]
        return cue.status == "not_performed" and cue.scope == "near" and len(gap) <= 4 and not finite(gap)

    def _behind(self, cue: Cue, spot: _Spot) -> bool:
        """May a cue reach back over these words to a mention in front of it?"""
        norms, status, hi = self.norms, cue.status, spot.hi
        gap = norms[hi : cue.start]
        if len(gap) > 30 or any(n in STOPS for n in gap):
            return False
        if cue.scope in ("near", "before"):
            # "... and found no reason to perform it".
            if cue.scope == "near" or status not in ("not_performed", "attempted"):
                return False
            return bool({"it", "this", "them", "that", "these"} & set(norms[cue.end : cue.end + 4]))
        said = norms[cue.start : cue.end]
        if said[-1] in _BARE_NOT or (said[-1] == "be" and "not" in said):
            following = norms[cue.end : cue.end + 3]
            if following and following[0] not in (".", ",", ";", ")") and not DO.intersection(following):
                return False
        if said in (["no"], ["none"], ["nil"]) and norms[cue.start - 1 : cue.start] not in ([":"], ["]"]):
            # "Drains none", the value of a field.
            return cue.start == hi and not norms[cue.end : cue.end + 1][:1] == ["of"] and not finite(norms[cue.end : cue.end + 3])
        if said in (["n", "/", "a"], ["n/a"], ["na"]) and not_applicable(norms, cue.start, cue.end):
            return False
        if said == ["gone"] and norms[cue.end : cue.end + 1] in (["on"], ["after"], ["into"], ["through"], ["over"], ["in"], ["for"], ["to"], ["back"]):
            return False
        if said == ["held"] and norms[cue.end : cue.end + 1] not in ([], ["."], [","], [";"], ["for"], ["given"], ["-"], [""]):
            return False
        if status == "historical" and said[-1] == "been" and not DO.intersection(norms[cue.end : cue.end + 3]):
            return False
        if status == "by_other":
            return not any(n in ("i", "we") for n in gap)
        if spot.told:
            return self._told_behind(cue, gap)
        if barred(norms, hi, cue.start) and not (norms[cue.start - 1] == "," or cue.start - 1 > hi and norms[cue.start - 2] == ","):
            return False
        first = next((i for i, n in enumerate(gap) if n in FINITE), None)
        if first is None and not finite(said):
            return self._same_item(cue, spot, gap)
        for other in self.finds:
            if other.verb is not None and hi <= other.verb.start < cue.start and other.verb.start in self.past:
                return False
        if first is not None and status in ("not_performed", "planned"):
            done = gap[first + 1 : first + 4]
            if _DONE.intersection(done) and not {"not", "be", "never"} & set(done):
                return False
        return True

    def _told_behind(self, cue: Cue, gap: Sequence[str]) -> bool:
        """After "was removed" only a date, a reversal or a condition still speaks of it."""
        if cue.status == "historical":
            return len(gap) <= 12 and gap.count(",") <= 1 and not finite(gap)
        if cue.status == "attempted":
            return len(gap) <= 6 and bool(_CONTRAST.intersection(gap))
        return cue.status == "planned" and len(gap) <= 2 and not finite(gap)

    def _same_item(self, cue: Cue, spot: _Spot, gap: Sequence[str]) -> bool:
        """In a list without a verb a cue speaks for its own item, or the one before it."""
        norms = self.norms
        if _DONE.intersection(gap):
            return False
        if "," not in gap and ":" not in gap[:-1]:
            between = [f for f in self.finds if spot.hi <= f.head.start < cue.start]
            return all(
                any(n in ("and", "/", "&", "or") for n in norms[spot.hi : f.head.start]) for f in between
            )
        last = len(gap) - 1 - list(reversed(gap)).index(",") if "," in gap else -1
        own = any(f.head.start >= spot.hi + last and f.head.start < cue.start for f in self.finds)
        if own:
            tail = gap[last:]
            return bool({"or", "nor", "and"} & set(tail)) and cue.status in ("not_performed", "by_other")
        ahead = next((f.head.start for f in self.finds if f.head.start >= cue.end), cue.end + 9)
        if ahead - cue.end < 5 and not _NAMES_ONE.intersection(norms[cue.end : ahead]):
            return False  # "attempted" belongs to the item behind it
        # ", deferred": the item in front of the comma.
        return not any(
            spot.hi <= f.head.start < cue.start and "," in norms[spot.hi : f.head.start] for f in self.finds
        )

    def _carried(self, spot: _Spot, *, begun: bool) -> Ruling | None:
        """A following clause without a subject of its own may decide: "but this was abandoned"."""
        clauses = self.clauses(spot.number)
        following = list(clauses[spot.order + 1 : spot.order + 3])
        own = len(following)
        if not following and spot.number + 1 < len(self.page.sentences):
            span = self.page.sentences[spot.number + 1]
            following = [span if span.end - span.start < 30 else self.clauses(spot.number + 1)[0]]
        for index, clause in enumerate(following):
            if any(clause.start <= f.head.start < clause.end for f in self.finds):
                return None
            if any(spot.hi <= f.head.start < clause.start for f in self.finds) and index == 0:
                lead = self.norms[clause.start : clause.start + 2]
                if lead[:1] in (["which"], ["that"], ["who"]):
                    return None
            surgeons = [s for s in self.surgeons if clause.start <= s.start < clause.end]
            said = carry.carried(
                self.norms, clause, self.within(clause), surgeons, open_end=begun and bool(own)
            )
            if said is not None:
                return Ruling(*said)
        return None
