"""Lengths in a note, and which of them are a resected tumour's.

Counted: the longest dimension of each resected tumour as the surgeon states it. Not counted:
incisions, margins, ports, residual disease, imaging, distances, organs (CODING: tumour lengths).
Of the two sizes of a range the larger counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from debulk import inside, lengths, told_twice
from debulk.lengths import Length
from debulk.page import Extent, Page
from debulk.positions import position, times
from debulk.references import Owner
from debulk.resections import TUMOUR_WORK, Resections
from debulk.told_twice import Told
from debulk.values import Measure, Mention

_ELSEWHERE = "not told in the body"
_NEVER = frozenset(
    "history indications consent disposition preop_diagnosis postop_diagnosis residual".split()
)
_UNTOLD = "not told as resected"
_BODY = frozenset({"narrative", "findings", "addendum", "specimens"})
_BIOPSIES = frozenset({"peritoneal_biopsy", "liver_biopsy"})
_KEPT = frozenset("kept leaving remained remain stay stayed".split())
_WHAT = (["the"], ["a"], ["it"], ["in"])
_TABLE = frozenset({"table", "field", "ruler", "fresh"})


def measures(page: Page, mentions: Sequence[Mention]) -> list[Measure]:
    """Every length of the note in reading order, in centimetres, with whether it counts."""
    found = lengths.find(page.text)
    if not found:
        return []
    reader = _Reader(page, mentions, found)
    told = [one for length in found if (one := reader.told(length)) is not None]
    firm = any(not one.reason and not one.soft for one in told)
    if firm:
        told = [one._replace(reason=one.reason or _ELSEWHERE) if one.soft else one for one in told]
    if any(one.owner is not None and one.owner.labelled and not one.reason for one in told):
        # Of numbered tumours the verb may be told of the first only.
        told = [
            one._replace(reason="")
            if one.owner is not None and one.owner.labelled and one.reason == _UNTOLD
            else one
            for one in told
        ]
    return told_twice.settled(page, reader.owners, told)


class _Reader(Resections):
    """Judges the lengths of one page."""

    def told(self, length: Length) -> Told | None:
        """A length with its owner and the reason why it does not count, "" where it does."""
        words, last_word = self.page.words, len(self.page.words) - 1
        # ".8 cm": the stop may be a word of its own.
        first = length.start + (self.page.text[length.start] == ".")
        at = min(bisect_right(self._ends, first), last_word)
        last = at
        while last < last_word and words[last + 1].start < length.end:
            last += 1
        number = self.owners.sentence(at)
        sentence = self.owners.unit(at)
        section = self.page.section_of[at]
        reason = self._place(at)
        soft = reason == _ELSEWHERE and self._listed(at, sentence)
        reason = "" if soft else reason
        owner = None if reason else self.whose(at, last, sentence)
        if length.bare and not (self.units and owner is not None and owner.name == "tumor"):
            return None
        reason = reason or position(self.owners, length, at, last, sentence, owner)
        count = 1
        if not reason:
            reason = self._owner(owner, at, last, sentence)
        if not reason:
            count, reason = times(self.owners, at, last, sentence, owner)
        after = words[sentence.end - 1].end > self.first
        table = bool(_TABLE.intersection(self.norms[sentence.start : sentence.end]))
        resection = section == "narrative" and (after or table)
        return Told(length, at, last, number, owner, reason, count, resection, section, soft)

    def _place(self, at: int) -> str:
        section = self.page.section_of[at]
        if section == "residual":
            return "residual disease"
        return "" if section in _BODY else _ELSEWHERE

    def _listed(self, at: int, unit: Extent) -> bool:
        """Outside the body: a list of the tumours removed, with their sizes."""
        section = self.page.section_of[at]
        if section in _NEVER:
            return False
        low = self.owners.speaker(at)
        terms = self.owners.within(low, unit.end, "owner", "removed", "refer")
        names = {hit.term.name for hit in terms}
        sized = section != "title" or bool(
            {"size", "length", "dimension", "diameter"}.intersection(self.norms[low : unit.end])
        )
        return sized and {"tumor", "removed"} <= names

    def _owner(self, owner: Owner | None, at: int, last: int, sentence: Extent) -> str:
        """What is measured, and what became of it."""
        setting = self._setting(at, last, sentence, owner)
        if setting:
            return setting
        if owner is None:
            return "not a tumour's"
        if owner.name != "tumor":
            return owner.reason
        if self._left(owner, at, last, sentence):
            return "left behind"
        if self._in_organ(owner, at, last, sentence):
            return "leaves inside an organ that is coded itself"
        return self._resected(sentence, owner)

    def _setting(self, at: int, last: int, sentence: Extent, owner: Owner | None) -> str:
        """Imaging, an examination, the pathologist, history: what speaks the sentence."""
        places = [Extent(self.owners.speaker(at), sentence.end)]
        if owner is not None and owner.start < sentence.start:
            places.append(self.page.sentences[self.owners.sentence(owner.start)])
        for place in places:
            own = place is places[0]
            end = min(place.end, last + 8) if own else place.end
            for hit in self.owners.within(place.start, end, "setting"):
                if hit.term.name == "sum":
                    if own and hit.start < at and hit.start >= sentence.start:
                        return hit.term.attributes["reason"]
                    continue
                if hit.start < sentence.start and self._aside(hit.start, hit.end):
                    continue
                if hit.start > last:
                    gap = self.norms[last + 1 : hit.start]
                    if "," in gap or ";" in gap or {"and", "then", "was"} & set(gap):
                        continue
                elif self.acted(hit.end, at if own else place.end) or (
                    not own and self.told_anew(place.end, sentence)
                ):
                    continue
                return hit.term.attributes["reason"]
        return ""

    def _aside(self, start: int, end: int) -> bool:
        """In brackets that close: "(preop, IR)" speaks for its own item only."""
        return "(" in self.norms[max(0, start - 4) : start] and ")" in self.norms[end : end + 4]

    def _left(self, owner: Owner, at: int, last: int, sentence: Extent) -> bool:
        """Told as left behind: right before the noun, or in what follows the size."""
        if self.mention(sentence, TUMOUR_WORK, "performed") is not None:
            return False
        norms = self.norms
        low = max(sentence.start, owner.start - 3 if owner.start >= sentence.start else at - 8)
        for hit in self.owners.within(low, sentence.end, "left"):
            gap = norms[hit.end : owner.start] if hit.start < at else norms[last + 1 : hit.start]
            if norms[hit.end - 1] in _KEPT and (
                norms[hit.end : hit.end + 1] in _WHAT
                or self.owners.within(max(last + 1, hit.start - 3), hit.start, "owner")
            ):
                continue  # "the colon kept", "kept the artery in view"
            if len(gap) < 25 and not {";", "but", "with"} & set(gap):
                return True
        for word in range(last + 1, min(last + 5, sentence.end)):
            if norms[word] == "left" and norms[word + 1 : word + 2] in (
                [],
                ["."],
                [";"],
                ["alone"],
            ):
                return True
        return False

    def _in_organ(self, owner: Owner, at: int, last: int, sentence: Extent) -> bool:
        place = sentence
        if owner.start < sentence.start:
            place = self.page.sentences[self.owners.sentence(owner.start)]
        where = (at, last) if place is sentence else (place.start, place.end - 1)
        if self._inside(owner, *where, place):
            return True
        earlier = self.owners.earlier(owner, place)
        if earlier is None or self.mention(sentence, TUMOUR_WORK, "performed") is not None:
            return False
        place = self.page.sentences[self.owners.sentence(earlier.start)]
        return self._inside(earlier, earlier.start, earlier.end - 1, place)

    def _inside(self, owner: Owner, at: int, last: int, place: Extent) -> bool:
        excised = self.mention(place, TUMOUR_WORK, "performed") is not None
        organ = self.mention(place, inside.ORGAN_WORK, "performed", "by_other") is not None
        told = inside.Telling(owner, at, last, place, excised=excised, organ=organ)
        return inside.leaves_inside(self.page, self.owners, self.done, told)

    def _resected(self, sentence: Extent, owner: Owner) -> str:
        """Why a tumour does not count as resected; "" where it does."""
        if self.mention(sentence, TUMOUR_WORK, "performed") is not None:
            return ""
        if self.mention(sentence, TUMOUR_WORK, "by_other") is not None:
            return "resected by another surgeon"
        left = self.mention(sentence, frozenset({"tumor_excision"}), "not_performed", "attempted")
        if left is not None and not self.far(left):
            return "left behind"
        if self.mention(sentence, TUMOUR_WORK, "historical") is not None:
            return "history"
        biopsy = self.mention(sentence, _BIOPSIES, "performed")
        if biopsy is not None and ("biops" in biopsy.text.lower() or "bx" in biopsy.text.lower()):
            return "only biopsied"
        if self.mention(sentence, frozenset({"tumor_destruction"}), "performed"):
            return "destroyed, not resected"
        return "" if self.excised or left is not None or self.removed(sentence, owner) else _UNTOLD
