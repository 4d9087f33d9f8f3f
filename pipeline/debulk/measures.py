"""Lengths in a note, and which of them are a resected tumour's.

Counted: the longest dimension of each resected tumour as the surgeon states it. Not counted:
incisions, margins, ports, residual disease, imaging, distances, organs (CODING: tumour lengths).
Of the two sizes of a range the larger counts.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from debulk import inside, lengths, outcomes, rows, told_twice
from debulk.lengths import Length
from debulk.page import FINITE, Extent, Page
from debulk.positions import position, times
from debulk.references import Owner
from debulk.resections import COUNTS, TUMOUR_WORK
from debulk.settings import Settings
from debulk.told_twice import Told
from debulk.values import Measure, Mention

_ELSEWHERE = "not told in the body"
_NEVER = frozenset(
    "history indications consent disposition preop_diagnosis postop_diagnosis residual".split()
)
_BODY = frozenset({"narrative", "findings", "addendum", "specimens", "drains"})
_SHEETS = TUMOUR_WORK | {"omentectomy"}
_BIOPSIES = frozenset({"peritoneal_biopsy", "liver_biopsy"})
_ORGANS = frozenset({"adnexa", "uterus", "organ"})
_JUST = frozenset("just only is was really merely all 's".split())
_JOINED = frozenset({",", "and", "&", "/", "+", "plus", ";", "then", "or"})
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
            if one.owner is not None and one.owner.labelled and one.reason == outcomes.UNTOLD
            else one
            for one in told
        ]
    return told_twice.settled(page, reader.owners, outcomes.judged(reader, told))


class _Reader(Settings):
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
        section = self.kind(at)
        reason = self._place(at)
        soft = reason == _ELSEWHERE and self._listed(at, sentence)
        reason = "" if soft else reason
        row = self._row(length, section)
        if row is not None:
            self.before = Told(
                length, at, last, number, Owner("tumor", COUNTS, at, at + 1), row, 1, not row,
                section, True, False,
            )  # fmt: skip
            return self.before
        owner = None if reason else self.whose(at, last, sentence)
        before = self.before
        if owner is None and not reason and before is not None and self._joined(before, at):
            owner, reason = before.owner, before.reason
        if owner is not None and owner.name == "omental" and self.omentum:
            owner = owner._replace(name="tumor")
        if length.bare and not (self.units and owner is not None and owner.name == "tumor"):
            return None
        reason = reason or position(self.owners, length, at, last, sentence, owner)
        count = 1
        if not reason:
            reason = self._owner(owner, at, last, sentence)
        if not reason:
            count, reason = times(self.owners, at, last, sentence, owner, ranging=length.range)
        after = words[sentence.end - 1].end > self.first or bool(
            self.owners.within(sentence.start, sentence.end, "removed")
        )
        table = bool(_TABLE.intersection(self.norms[sentence.start : sentence.end]))
        resection = section in self.telling and section != "findings" and (after or table)
        told = Told(
            length, at, last, number, owner, reason, count, resection, section,
            self._beside(number), soft,
        )  # fmt: skip
        self.before = told
        return told

    def _row(self, length: Length, section: str) -> str | None:
        """What a table of tumours says of a length, None where it stands in no row."""
        text = self.page.text
        if section in _NEVER and not rows.in_table(text, length.start):
            return None
        return rows.fate(text, length.start, length.end)

    def _beside(self, number: int) -> bool:
        """Is a removal told in the sentence of the size, or in the one beside it?"""
        sentences = self.page.sentences
        low = sentences[max(0, number - 1)].start
        high = sentences[min(number + 1, len(sentences) - 1)].end
        return bool(self.owners.within(low, high, "removed")) or self.acted(low + 1, high)

    def _joined(self, before: Told, at: int) -> bool:
        """ "Cut out, 11 mm and 8 mm": the second size belongs to what the first one does."""
        return all(n in _JOINED for n in self.norms[before.last + 1 : at]) and at > before.last

    def _place(self, at: int) -> str:
        section = self.kind(at)
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
        setting = self.setting(at, last, sentence, owner)
        if setting:
            return setting
        if owner is None:
            return "not a tumour's"
        if owner.name != "tumor":
            return owner.reason
        named = self._named_after(last, sentence)
        if named:
            return named
        if self.left(owner, at, last, sentence) or self.left_beside(at, last, sentence):
            return "left behind"
        if self._in_organ(owner, at, last, sentence):
            return "leaves inside an organ that is coded itself"
        return self._resected(last, sentence, owner)

    def _named_after(self, last: int, sentence: Extent) -> str:
        """ "The right mass was 7 cm, but that is just the ovary": the reason of the organ."""
        for hit in self.owners.within(last + 1, min(sentence.end, last + 10), "owner"):
            before = self.norms[max(last, hit.start - 3) : hit.start]
            if hit.term.name == "node" and before[-2:] in ([",", "a"], ["(", "a"], ["be", "a"]):
                return hit.term.attributes["reason"]  # "the lump, 4 cm, a node, was excised"
            if hit.term.name in _ORGANS and before[-1:] == ["the"] and _JUST.intersection(before):
                return hit.term.attributes["reason"]
        return ""

    def _in_organ(self, owner: Owner, at: int, last: int, sentence: Extent) -> bool:
        place = sentence
        if owner.start < sentence.start and (
            self.owners.enumerated(at)
            or (
                self.owners.within(sentence.start, at, "site")
                and FINITE.isdisjoint(self.norms[sentence.start : sentence.end])
            )
        ):
            # "Another, in the mesocolon", "2. Sidewall 4 cm": it lies in a place of its own.
            owner = owner._replace(start=sentence.start, end=sentence.start + 1)
        elif owner.start < sentence.start:
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
        organ = organ and not self._surface(place)
        before = self.page.sentences[max(0, self.owners.sentence(place.start) - 1)]
        sheet = self.mention(before, _SHEETS, "performed") is not None and (
            self.mention(before, inside.ORGAN_WORK, "performed", "by_other") is None
        )
        after = self.mention(before, inside.ORGAN_WORK, "performed", "by_other") is not None
        told = inside.Telling(
            owner, at, last, place, excised=excised, organ=organ, sheet=sheet, after_organ=after
        )
        return inside.leaves_inside(self.page, self.owners, self.done, told)

    def _surface(self, place: Extent) -> bool:
        """Is the organ work of the sentence told of a mesentery or a serosa only?"""
        found = self.mention(place, inside.ORGAN_WORK, "performed", "by_other")
        return found is not None and any(
            part in found.text.lower() for part in ("meso", "mesent", "seros")
        )

    def _resected(self, last: int, sentence: Extent, owner: Owner) -> str:
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
        if self.destroyed(last, sentence):
            return "destroyed, not resected"
        if owner.reason != COUNTS:
            return ""  # tumour of the omentum that was removed
        return (
            ""
            if self.excised or left is not None or self.removed(sentence, owner)
            else outcomes.UNTOLD
        )
