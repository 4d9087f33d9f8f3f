"""Is a piece of anatomy what the sentence acts upon, or only where it happens?"""

from __future__ import annotations

from collections.abc import Sequence

from debulk.lexicon import Hit
from debulk.page import FINITE, Extent, Page
from debulk.tables import wordset

_LANDMARK = wordset("landmark")
_SKIP = wordset("skip")
_SURFACES = wordset("surfaces")
_JOINS = wordset("joins")
_MODIFIED = wordset("modified")
_DETERMINERS = wordset("determiners")
_COUNTED = frozenset({"short", "two", "three", "several", "cm", "long"})
_BE = frozenset({"was", "were", "is", "are", "been", "be", "being"})
_STOPPERS = FINITE | wordset("stoppers")


def is_passive(norms: Sequence[str]) -> bool:
    """Do these words, in front of a past form, make it a passive?"""
    return not _BE.isdisjoint(norms)


class Roles:
    """The roles of the anatomy of one sentence."""

    def __init__(self, page: Page, sentence: Extent, hits: Sequence[Hit]) -> None:
        self.norms, self.start = page.norms, sentence.start
        organs = [h for h in hits if h.term.kind == "organ"]
        actions = [h for h in hits if h.term.kind == "action"]
        self._ends = {h.end - 1 for h in (*organs, *actions)}
        self._particles = {h.end - 1 for h in actions if self._has_particle(h)}
        self._organ_ends = {h.end for h in organs}
        self._noun_ends = {h.end for h in actions if h.term.form in ("noun", "base")}

    def of(self, things: Sequence[Hit]) -> dict[int, str]:
        """ "object" or "landmark" for each thing, by its first word."""
        roles: dict[int, str] = {}
        before: Hit | None = None
        for hit in things:
            modifies = self.norms[hit.end : hit.end + 1]
            role = (
                "landmark"
                if self.landmark(hit.start) or (_MODIFIED.issuperset(modifies) and modifies)
                else "object"
            )
            if before is not None and role == "object" and self.joined(hit, before):
                word = next((n for n in self.norms[before.end : hit.start] if n in _JOINS), "")
                if word != "," or hit.term.name == before.term.name:
                    role = roles[before.start]
            roles[hit.start] = role
            before = hit
        return roles

    def landmark(self, at: int) -> bool:
        """Does a preposition of place stand before the thing at this word?"""
        norms = self.norms
        back, unknown = at - 1, 0
        while back >= self.start and (norms[back] in _SKIP or unknown < 2):
            if norms[back] in _DETERMINERS:
                unknown = 9  # the phrase begins here: only its preposition may stand before
            if norms[back] not in _SKIP:
                # An adjective the list does not hold: look past it, but not past a clause.
                if norms[back] in _LANDMARK or norms[back] in _STOPPERS or back in self._ends:
                    break
                unknown += 1
            if norms[back].isdigit() and len(norms[back]) == 4:
                return False  # "In 2021 uterus and tubes were removed"
            if norms[back] == "of" and back > self.start:
                before = norms[back - 1]
                if back in self._organ_ends or before in _SURFACES:
                    counted = before == "length" and norms[back - 2] in _COUNTED
                    return back not in self._noun_ends and not counted
                if back in self._noun_ends:
                    return False
            back -= 1
        if back < self.start:
            return False
        # "took off the omentum": the particle belongs to the verb.
        return norms[back] in _LANDMARK and back not in self._particles

    def _has_particle(self, verb: Hit) -> bool:
        """ "Took off", "cut out"; not "was detached from", "was peeled off": a place."""
        if verb.end - verb.start < 2 or self.norms[verb.end - 1] == "from":
            return False
        return not is_passive(self.norms[max(self.start, verb.start - 3) : verb.start])

    def joined(self, hit: Hit, other: Hit) -> bool:
        """Is a thing coordinated with the one before it?"""
        between = self.norms[other.end : hit.start]
        return (
            bool(between)
            and any(n in _JOINS for n in between)
            and all(n in _JOINS or n in _SKIP or n in ("as", "well", "then") for n in between)
        )
