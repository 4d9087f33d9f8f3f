"""A sentence as the grammar reads it: its anatomy, its actions, and what was already told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

from debulk.grammar.roles import Roles
from debulk.grammar.rules import BASINS
from debulk.lexicon import Hit
from debulk.page import FINITE, Extent, Page
from debulk.tables import wordset

_ROOMS = wordset("rooms")
_NODAL = wordset("nodal")
_WIDE = wordset("wide_regions")
_AWAY = wordset("taken_away")
_BLEEDING = wordset("bleeding")
_CUTTING = wordset("cutting")
_HOW = frozenset({"all", "completely", "both", "now", "entirely", "then", "also"})
_LIFTED = frozenset({"small_bowel", "colon", "rectosigmoid", "bowel", "liver", "elsewhere"})
_DIAPHRAGM = frozenset({"diaphragm", "hemidiaphragm", "diaphragmatic", "dome", "hemidiaphragmatic"})
_OTHER_MUSCLE = frozenset(
    {"rectus", "psoas", "bladder", "abdominal", "detrusor", "levator", "iliacus"}
)
_NEAR = 45  # words back in which the diaphragm was spoken of
_TIME = frozenset({"hour", "minute", "min", "time", "better", "while", "patience"})
_DOWN = frozenset({"down", "off", "back", "up"})
_SLING = frozenset({"around", "under", "beneath", "behind"})
_REFERS = frozenset({"it", "them", "its", "their"})
_NO_REFERENT = frozenset({"vessel", "specimen", "argon", "incision", "abdomen"})
_BEHIND_OUT = frozenset(
    ". , ; whole in with intact and en from along w/o w without easily nicely fine ok clean today "
    "via through by to as on together for between".split()
)


class Memory(Protocol):
    """What the reader keeps from sentence to sentence."""

    page: Page
    carried: list[Hit]
    topic: list[str]


class Sentence:
    """One sentence with its terms, and a note of what it has told so far."""

    def __init__(
        self, memory: Memory, extent: Extent, following: Extent | None, hits: Sequence[Hit]
    ) -> None:
        self.memory, self.page, self.norms = memory, memory.page, memory.page.norms
        self.start, self.end = extent
        self.extent, self.following = extent, following
        self.inside = self.norms[self.start : self.end]
        self.section = self.page.section_of[self.start]
        self.roles = Roles(self.page, extent, hits)
        organs = outermost([h for h in hits if h.term.kind == "organ"])
        organs = [named for h in organs if (named := self._muscle(h)) is not None]
        organs = [h for h in organs if not self._stray(h)]
        organs += self._referred(organs, hits)
        self.regions = [h for h in hits if h.term.kind == "region" and not self._is_limit(h)]
        covered = {at for o in organs for at in range(o.start, o.end)}
        self.basins = [r for r in self.regions if r.start not in covered]
        self.things = sorted([*organs, *self._vessels(organs)], key=lambda h: h.start)
        ends = {h.end for h in organs}
        self.organ_at_end = {h.end: h.term.name for h in organs}
        self.actions = [h for h in hits if h.term.kind == "action" and self._acts(h, ends)]
        self.told: dict[tuple[int, str], int] = {}  # (organ, concept) to the word that told it
        # A sentence that names only the instrument leans on the one before it.
        self.leans = all(o.term.name in ("argon", "specimen") for o in organs)

    def _is_limit(self, region: Hit) -> bool:
        """ "From the inguinal ligament up": a boundary, no groin."""
        following = self.norms[region.end : region.end + 1]
        return region.term.name == "inguinal" and following in (["ligament"], ["canal"], ["ring"])

    def _stray(self, organ: Hit) -> bool:
        """ "A tube of it was sent", "allowed to drain", "a Penrose was passed around it"."""
        before, after = self.norms[organ.start - 1], self.norms[organ.end : organ.end + 6]
        if organ.term.name == "tube":
            return after[:1] == ["of"] and before in ("a", "one", ",", "two")
        if organ.term.name == "drain":
            sling = self.norms[organ.start] == "penrose" and not _SLING.isdisjoint(after)
            return before in ("to", "lumbar", "ventricular") or sling
        return False

    def _muscle(self, organ: Hit) -> Hit | None:
        """ "The muscle was not entered": the diaphragm's, where the diaphragm was spoken of."""
        if organ.term.name != "muscle":
            return organ
        near = self.norms[max(0, self.start - _NEAR) : self.end]
        other = self.norms[organ.start - 1] in _OTHER_MUSCLE
        if other or self.section == "specimens" or _DIAPHRAGM.isdisjoint(near):
            return None
        return organ._replace(term=organ.term._replace(name="diaphragm_muscle"))

    def _referred(self, organs: Sequence[Hit], hits: Sequence[Hit]) -> list[Hit]:
        """ "A disc of it was excised", "its resection": what the sentence before spoke of."""
        spoken = [h for h in self.memory.carried if h.term.name not in _NO_REFERENT]
        if not spoken or spoken[-1].start >= self.start or self.norms[self.start] in ("no", "none"):
            return []
        nouns = {h.start for h in hits if h.term.kind == "action" and h.term.form == "noun"}
        bases = {h.end for h in hits if h.term.kind == "action" and h.term.form == "base"}
        end = min((h.start for h in organs), default=self.end)
        for at in range(self.start, end):
            norm = self.norms[at]
            if norm not in _REFERS:
                continue
            piece = norm in ("it", "them") and self.norms[at - 1] in ("of", "from")
            object_ = norm in ("it", "them") and at in bases  # "we began to take it"
            own = norm in ("its", "their") and at + 1 in nouns
            if (piece and at > self.start + 1) or object_ or own:
                return [Hit(at, at + 1, spoken[0].term)]
        return []

    @cached_property
    def role(self) -> dict[int, str]:
        """ "object" or "landmark" for each thing, by its first word."""
        return self.roles.of(self.things)

    def is_told(self, hit: Hit) -> bool:
        """Did the sentence tell a procedure of this thing already?"""
        return any(start == hit.start for start, _ in self.told)

    def last_joined(self, hit: Hit) -> Hit:
        """ "The uterus and the other ovary": the last of the things joined to this one."""
        for other in self.things:
            if other.start > hit.start and self.roles.joined(other, hit):
                hit = other
        return hit

    def is_nodal(self, organ: Hit) -> bool:
        """Is tissue called a node, so that it needs no basin to be one?"""
        if self.norms[organ.start] in _REFERS:
            return True
        return bool(_NODAL.intersection(self.norms[organ.start : organ.end]))

    def _vessels(self, organs: Sequence[Hit]) -> list[Hit]:
        """Vessels and fossae as things: "the iliac vessels were cleared"."""
        return [
            Hit(r.start, r.end, r.term._replace(kind="organ", name="vessel"))
            for r in self.basins
            if r.term.name in BASINS
            and not self.roles.landmark(r.start)
            and (self.norms[r.start] not in _WIDE or _NODAL.intersection(self.inside))
            and not any(r.end <= o.start <= r.end + 3 and o.term.name == "node" for o in organs)
        ]

    def _acts(self, hit: Hit, organ_ends: set[int]) -> bool:
        """Some words act only in their place: "out" behind an organ, "left" behind "was"."""
        norms = self.norms
        after = norms[hit.end : hit.end + 4]
        if norms[hit.end - 1] == "taken" and after[:1] == ["to"] and _ROOMS.intersection(after):
            return False
        if hit.term.name == "destroy" and norms[hit.start] in ("argon", "abc", "plasma"):
            return _BLEEDING.isdisjoint(self.inside)
        if norms[hit.start] == "clear" and after[:1] == ["of"]:
            return False  # "the dome was clear of disease"
        if norms[hit.start] == "strip" and after[:1] == ["of"]:
            return False  # a piece, no stripping
        if hit.term.name == "enbloc":
            return self.section == "narrative" and not finite(self.inside)
        if hit.term.name == "do" and norms[hit.start] == "did":
            return after[:1] in (["the"], ["both"], ["all"], ["her"], ["bilateral"], ["no"])
        if hit.term.name == "have" and _is_taken_away(norms, hit, self.end):
            return False  # "took the bladder down", "taken off the sidewall": no removal
        if hit.end - hit.start > 1:
            return True
        word, before = norms[hit.start], norms[hit.start - 1]
        if word == "left":
            if after[:1] in (["a"], ["one"], ["two"], ["an"]):
                return True  # "left a JP behind the staple line"
            return before in ("was", "were", "drain", "stent")
        if word in ("out", "off"):
            back = hit.start - (before in _HOW)
            organ = back in organ_ends and not (
                self.organ_at_end.get(back) in _LIFTED
                and finite(self.inside)
                and _CUTTING.isdisjoint(self.inside)
            )
            if organ and self.organ_at_end.get(back) == "node" and not finite(self.inside):
                return True  # "nodes off cava + aorta"
            return organ and ((after or ["."])[0] in _BEHIND_OUT or after[0].isdigit())
        return True


def _is_taken_away(norms: Sequence[str], hit: Hit, end: int) -> bool:
    following = norms[hit.end : min(hit.end + 6, end)]
    if following[:1] and following[0] in _AWAY:
        return True
    if norms[hit.end - 1] == "took" and not _TIME.isdisjoint(following):
        return True  # "this took the better part of an hour"
    return norms[hit.end - 1] != "taken" and not _DOWN.isdisjoint(following)


def finite(norms: Sequence[str]) -> bool:
    """Is there a finite verb among the words?"""
    return not FINITE.isdisjoint(norms)


def outermost(hits: Sequence[Hit]) -> list[Hit]:
    """The longest of overlapping terms; a wording that names two procedures keeps both."""
    if len(hits) < 2:
        return list(hits)
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if (
            not kept
            or hit.start >= kept[-1].end
            or (
                (hit.start, hit.end) == (kept[-1].start, kept[-1].end)
                and hit.term.kind == "procedure"
                and hit.term.name != kept[-1].term.name
            )
        ):
            kept.append(hit)
    return kept
