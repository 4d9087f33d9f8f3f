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
_BEHIND_OUT = frozenset(
    {".", ",", ";", "whole", "in", "with", "intact", "and", "en", "from", "along"}
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
        self.roles = Roles(self.page, extent, hits)
        organs = outermost([h for h in hits if h.term.kind == "organ"])
        self.regions = [h for h in hits if h.term.kind == "region"]
        covered = {at for o in organs for at in range(o.start, o.end)}
        self.basins = [r for r in self.regions if r.start not in covered]
        self.things = sorted([*organs, *self._vessels(organs)], key=lambda h: h.start)
        ends = {h.end for h in organs}
        self.actions = [h for h in hits if h.term.kind == "action" and self._acts(h, ends)]
        self.told: dict[tuple[int, str], int] = {}  # (organ, concept) to the word that told it
        # A sentence that names only the instrument leans on the one before it.
        self.leans = all(o.term.name in ("argon", "specimen") for o in organs)

    @cached_property
    def inside(self) -> list[str]:
        """The words of the sentence."""
        return self.norms[self.start : self.end]

    @cached_property
    def section(self) -> str:
        """The section that the sentence stands in."""
        return self.page.section_of[self.start]

    @cached_property
    def role(self) -> dict[int, str]:
        """ "object" or "landmark" for each thing, by its first word."""
        return self.roles.of(self.things)

    def is_told(self, hit: Hit) -> bool:
        """Did the sentence tell a procedure of this thing already?"""
        return any(start == hit.start for start, _ in self.told)

    def is_nodal(self, organ: Hit) -> bool:
        """Is tissue called a node, so that it needs no basin to be one?"""
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
        if hit.end - hit.start > 1:
            return True
        word, before = norms[hit.start], norms[hit.start - 1]
        if word == "left":
            return before in ("was", "were", "drain", "stent")
        if word in ("out", "off"):
            organ = hit.start in organ_ends or (before == "all" and hit.start - 1 in organ_ends)
            return organ and ((after or ["."])[0] in _BEHIND_OUT or after[0].isdigit())
        return True


def finite(norms: Sequence[str]) -> bool:
    """Is there a finite verb among the words?"""
    return any(n in FINITE for n in norms)


def outermost(hits: Sequence[Hit]) -> list[Hit]:
    """The longest of overlapping terms; a wording that names two procedures keeps both."""
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
