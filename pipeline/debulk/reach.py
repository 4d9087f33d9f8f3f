"""How far a cue reaches: over lists, up to another clause, back to the subject of its verb."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from debulk.cues import DO, STOPS, THOUGHT, Cue, barred, finite, listed
from debulk.grammar import Find
from debulk.history import BEFOREHAND
from debulk.labels import not_applicable
from debulk.neighbours import Spot
from debulk.page import FINITE, Extent
from debulk.tables import wordset

_BARE_NOT = frozenset({"not", "never"})
_DONE = frozenset(
    "performed done completed accomplished undertaken executed carried removed taken "
    "resected".split()
)
_JOINS = frozenset({"and", "or", "nor", "/", "&"})
_CONTRAST = frozenset({"but", "then", "and"})
_DISTRIBUTES = frozenset({"or", "nor"})
_CONDITIONS = frozenset("if should unless".split())
_PATIENT = frozenset(
    "she patient who woman lady female and previously also they he initially recently originally "
    "gentleman man girl".split()
)
_ADVERBS = frozenset("not never none no previously already surgically".split())
_DENIES = frozenset({"not", "never", "none"})
_HELPED = frozenset(
    "assisted helped aided accompanied joined attended supported guided advised seen "
    "requested recommended declined refused deferred suggested considered vetoed".split()
)
_GUIDED = frozenset(
    "core percutaneous image ct ultrasound radiologic image-guided ct-guided".split()
)
_DID = frozenset("performed did undertook completed proceeded carried".split())
_SO_THAT = frozenset({"until", "so", "before"})
_GONE_ON = frozenset("on after into through over in for to back".split())
_HELD = frozenset({".", ",", ";", "for", "given", "-", ""})
_LISTING = wordset("skip") | wordset("joins") | wordset("name_glue") | {"either", "any", "for"}
_NAMES_ONE = frozenset(", ( ) . ; - :".split())


class Reach:
    """Says which cues reach the finds of a page."""

    def __init__(self, norms: Sequence[str], finds: Sequence[Find], past: frozenset[int]) -> None:
        self.norms, self.past = norms, past
        self.heads = sorted(find.head.start for find in finds)
        self.verbs = sorted(
            f.verb.start for f in finds if f.verb is not None and f.verb.start in past
        )

    def between(self, start: int, end: int) -> list[int]:
        """Where other finds stand among these words."""
        return self.heads[bisect_left(self.heads, start) : bisect_left(self.heads, end)]

    def words(self, cue: Cue, spot: Spot, section: str) -> Extent | None:
        """The words of a cue where it reaches the mention."""
        head, verb = spot.find.head, spot.find.verb
        if (
            cue.end == head.start
            and (verb is None or head == verb)
            and self.norms[head.start].endswith("ed")
            and self.norms[cue.start] in _DENIES
            and self.norms[cue.start - 1] in (",", "-", "(", "and", "but")
        ):
            return Extent(cue.start, head.end)  # "loose adhesions, not lysed"
        if cue.start < head.end and cue.end > head.start:
            if head != verb or cue.start >= head.start:
                return None
            # "It was not removed": the action stands for the organ of the sentence before.
            own = _ADVERBS.intersection(self.norms[cue.start : head.start])
            return Extent(cue.start, cue.end) if own and cue.status != "performed" else None
        if verb is not None and cue.start < verb.end and cue.end > verb.start:
            if cue.start >= verb.start or not _ADVERBS.intersection(
                self.norms[cue.start : verb.start]
            ):
                return None
            cue = cue._replace(end=verb.start)  # "not removed": the action is the cue's own verb
            if self.norms[verb.start - 1] in _BARE_NOT:
                return Extent(cue.start, verb.end)
            if cue.end > spot.lo and verb.start > head.start:
                return Extent(cue.start, verb.end) if self._between(cue, spot) else None
        if cue.status == "performed":
            return None
        between = verb is not None and head.end <= cue.start < verb.start
        if between and cue.status == "historical" and spot.find.concept == "adhesiolysis":
            return None  # "adhesions from the first operation were divided"
        extent = Extent(cue.start, cue.end)
        if (
            verb is not None
            and cue.end == verb.start
            and verb.start > head.start
            and (cue.status == "not_performed" or self.norms[cue.end - 1] in _BARE_NOT)
            and cue.scope != "near"
        ):
            return Extent(cue.start, verb.end)  # "the appendix, which we did not take"
        if cue.end <= spot.lo:
            reaches = cue.scope in ("near", "before") and self._ahead(cue, spot, spot.lo, section)
        elif cue.start >= spot.hi:
            reaches = self._behind(cue, spot)
        else:
            reaches = self._between(cue, spot)
        return extent if reaches else None

    def _ahead(self, cue: Cue, spot: Spot, anchor: int, section: str) -> bool:
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
            if section == "title" and word in _GUIDED:
                return False
            if word == "old" and norms[cue.start - 1] in ("year", "month", "yo"):
                return False
            if "," in gap:
                if status == "historical":
                    if word == "absence":
                        return False
                    return section not in ("title", "specimens") and listed(gap)
                return listed(gap) and self._alternatives(gap, anchor, spot.sentence.end)
            return len(gap) <= 5 or listed(gap)
        if word == "had" and cue.end - cue.start == 2 and norms[cue.start - 1] not in _PATIENT:
            return False
        if word == "underwent" and section not in BEFOREHAND and section != "postop_diagnosis":
            return False
        if told and (word == "had" or status in ("not_performed", "attempted", "planned")):
            start = spot.find.verb.start if spot.find.verb is not None else anchor
            if any(n in ("was", "were", "had") for n in norms[cue.end : start]):
                return False
        if status in ("planned", "historical"):
            if norms[cue.end - 1] == "be" and len(gap) > 3:
                return False
            if word in ("absence", "absent") and "," in gap:
                return False  # "in the absence of enlarged nodes, dissection was omitted"
            if word == "could" and not _SO_THAT.isdisjoint(norms[cue.start - 8 : cue.start]):
                return False  # "until the vagina could be opened and the cervix circumscribed"
            if status == "planned" and _DID.intersection(gap[-4:]):
                return False
            if barred(norms, cue.end, anchor) and word not in _CONDITIONS:
                return False
            if status == "historical" and told and len(gap) > 14:
                return False
            return len(gap) <= 45
        thought = (
            norms[cue.end - 1] == "not" and gap[:1] and gap[0] in THOUGHT and "that" in gap[1:3]
        )
        if barred(norms, cue.end, anchor) or (finite(gap) and not thought):
            return False
        if ":" in gap:
            return False
        if status == "attempted" and "," in gap and not _DISTRIBUTES.intersection(gap):
            return False
        alone = norms[cue.end - 1] == "not" and not DO.intersection(norms[cue.end : cue.end + 4])
        if alone and not thought and (spot.find.verb is None or anchor - cue.end > 2):
            return False  # "did not" governs its own verb only
        return len(gap) <= 14 or listed(gap)

    def _alternatives(self, gap: Sequence[str], anchor: int, end: int) -> bool:
        """ "No nodes, drain or stoma": a negated list runs on to its "or"."""
        if _DISTRIBUTES.intersection(gap):
            return True
        following = self.norms[anchor : min(anchor + 10, end)]
        stop = next(
            (i for i, n in enumerate(following) if n in FINITE or n in STOPS), len(following)
        )
        return bool(_DISTRIBUTES.intersection(following[:stop]))

    def _between(self, cue: Cue, spot: Spot) -> bool:
        """A cue between an organ and its action: "the omentum was not removed"."""
        head, verb = spot.find.head, spot.find.verb
        if verb is None:
            return False
        if head.start < verb.start:
            gap = self.norms[cue.end : verb.start]
            if len(gap) > 7 or any(n in (",", "and", "but", ":") for n in gap):
                return False
            if cue.status in ("attempted", "not_performed") and any(
                n in ("was", "were") for n in gap
            ):
                return False
            if self.norms[cue.start] in ("neither", "nor") and self.norms[cue.start - 1] != ",":
                return True  # "was neither removed nor biopsied"
            if self.norms[cue.start - 1] == "no" or cue.scope == "near":
                return False
            return not barred(self.norms, head.end, cue.start)
        gap = self.norms[cue.end : head.start]
        return (
            cue.status == "not_performed"
            and cue.scope == "near"
            and len(gap) <= 4
            and not finite(gap)
        )

    def _behind(self, cue: Cue, spot: Spot) -> bool:
        """May a cue reach back over these words to a mention in front of it?"""
        norms, status, hi = self.norms, cue.status, spot.hi
        gap = norms[hi : cue.start]
        if len(gap) > 30 or any(n in STOPS for n in gap):
            return False
        if cue.scope in ("near", "before"):
            # "... and found no reason to perform it".
            if cue.scope == "near" or status not in ("not_performed", "attempted"):
                return False
            ahead = norms[cue.end : cue.end + 4]
            if norms[cue.end - 1] in ("to", "not") and not DO.intersection(ahead):
                return False  # "freed so as not to hurt it"
            return bool({"it", "this", "them", "that", "these"} & set(ahead))
        said = norms[cue.start : cue.end]
        if said[-1] in _BARE_NOT or (said[-1] == "be" and "not" in said):
            following = norms[cue.end : cue.end + 3]
            if (
                following
                and following[0] not in (".", ",", ";", ")")
                and not DO.intersection(following)
            ):
                return False
        if said in (["no"], ["none"], ["nil"]):
            # The value of a field: "Drains none", "Drains/tubes: none".
            labelled = norms[cue.start - 1] in (":", "]") and "," not in gap and "-" not in gap
            bare = cue.start == hi and norms[cue.end : cue.end + 1] != ["of"]
            return (labelled and len(gap) <= 4) or (
                bare and not finite(norms[cue.end : cue.end + 3])
            )
        if said in (["n", "/", "a"], ["n/a"], ["na"]) and not_applicable(norms, cue.start, cue.end):
            return False
        following = norms[cue.end] if cue.end < len(norms) else "."
        if said == ["gone"] and following in _GONE_ON:
            return False
        if said == ["held"] and following not in _HELD:
            return False
        if (
            status == "historical"
            and said[-1] == "been"
            and not DO.intersection(norms[cue.end : cue.end + 3])
        ):
            return False
        if status == "by_other":
            if norms[cue.start - 1] in _HELPED:
                return False
            if said[0] in ("by", "per") and spot.find.verb is None and not finite(gap):
                return "," not in gap[:-1] and "~" not in gap  # of the item just before the name
            return not any(n in ("i", "we") for n in gap)
        if status == "planned" and "today" in gap:
            return False  # "omentectomy today, HIPEC is for the next trip"
        if status == "not_performed" and "if" in gap:
            return False  # "a colostomy if an anastomosis could not be made"
        if spot.told:
            return self._told_behind(cue, gap)
        if status == "not_performed" and self._another_clause(hi, cue.start):
            return False
        if barred(norms, hi, cue.start) and not (
            norms[cue.start - 1] == ","
            or (norms[cue.start - 2] == "," and norms[cue.start - 1] in FINITE)
        ):
            return False
        first = next((i for i, n in enumerate(gap) if n in FINITE), None)
        if first is None and not finite(said):
            return self._same_item(cue, spot, gap)
        if bisect_left(self.verbs, hi) < bisect_left(self.verbs, cue.start):
            return False  # another action was told between
        if said[0] in ("as", "if") and {"was", "were"} & set(gap):
            return False  # "the drain was used as needed"
        if first is not None and status in ("not_performed", "planned"):
            done = gap[first + 1 : first + 4] if gap[first - 1 : first] != ["as"] else []
            if _DONE.intersection(done) and not {"not", "be", "never"} & set(done):
                return False
        return True

    def _another_clause(self, start: int, end: int) -> bool:
        """ "Vaginectomy gave a clear margin and exenteration was not performed"."""
        heads = self.between(start, end)
        if not heads:
            return False
        words = [n for n in self.norms[start : heads[0]] if n.isalpha() and n not in _LISTING]
        return len(words) > 2

    def _told_behind(self, cue: Cue, gap: Sequence[str]) -> bool:
        """After "was removed" only a date, a reversal or a condition still speaks of it."""
        if cue.status == "historical":
            if "having" in gap:
                return False  # "the ovary was excised, its tube having been removed in 1998"
            return len(gap) <= 12 and gap.count(",") <= 1 and not finite(gap)
        if cue.status == "attempted":
            return len(gap) <= 6 and bool(_CONTRAST.intersection(gap))
        return cue.status == "planned" and len(gap) <= 2 and not finite(gap)

    def _same_item(self, cue: Cue, spot: Spot, gap: Sequence[str]) -> bool:
        """In a list without a verb a cue speaks for its own item, or the one before it."""
        norms = self.norms
        if cue.status != "historical" and _DONE.intersection(gap) and "be" not in gap:
            return False
        between = self.between(spot.hi, cue.start)
        if "," not in gap and ":" not in gap[:-1]:
            return all(not _JOINS.isdisjoint(norms[spot.hi : head]) for head in between)
        last = len(gap) - 1 - list(reversed(gap)).index(",") if "," in gap else -1
        if between and between[-1] >= spot.hi + last:
            joined = not _JOINS.isdisjoint(gap[last:]) and "(" not in gap[last:]
            return joined and cue.status in ("not_performed", "by_other")
        after = bisect_left(self.heads, cue.end)
        ahead = self.heads[after] if after < len(self.heads) else cue.end + 9
        if ahead - cue.end < 5 and not _NAMES_ONE.intersection(norms[cue.end : ahead]):
            return False  # "attempted" belongs to the item behind it
        # ", deferred": the item in front of the comma.
        return not any("," in norms[spot.hi : head] for head in between)
