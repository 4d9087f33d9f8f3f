"""What speaks a sentence with a size: a scan, an examination, the pathologist, an older note."""

from __future__ import annotations

import re
from bisect import bisect_left

from debulk.lexicon import Hit
from debulk.page import Extent
from debulk.references import Owner
from debulk.remains import Remains

_SEEN = frozenset("shown seen demonstrated found measured described reported noted".split())
_BY = frozenset("by on in at with".split())
_UNSEEN = frozenset("not missed unseen neither nor never unsuspected unlike than".split())
_LAY = frozenset(
    "attached adherent stuck fixed sat lay plastered lying hanging sitting embedded".split()
)
_NOW = frozenset("now today currently intraoperatively actually".split())
_FOUND = frozenset("found measured measuring proved was we i".split())
_UNITS = frozenset({"cm", "mm"})
_TABLE = frozenset({"table", "field", "ruler", "fresh"})
_WHO = frozenset({"who", "where"})
_REPORTS = frozenset("report addendum result results final read reading amended".split())
_SPOKEN = frozenset({"imaging", "pathology", "examination"})
_BLANK = re.compile(r"\r?\n\r?\n")
_REPORT = 2000  # characters of a pasted paragraph
_TITLE = 60  # characters of a line that may head a paragraph


class Settings(Remains):
    """Judges whether a length is told of this operation at all."""

    def setting(self, at: int, last: int, sentence: Extent, owner: Owner | None) -> str:
        """Imaging, an examination, the pathologist, history: what speaks the sentence."""
        report = self._pasted_report(at)
        if report:
            return report
        if self._long_ago(at, sentence):
            return "history"
        places = [Extent(self.owners.speaker(at), sentence.end)]
        if owner is not None and owner.start < sentence.start:
            places.append(self.page.sentences[self.owners.sentence(owner.start)])
        for place in places:
            own = place is places[0]
            end = min(place.end, last + 8) if own else place.end
            for hit in self.owners.within(place.start, end, "setting"):
                if hit.term.name == "sum":
                    if (
                        own
                        and sentence.start <= hit.start < at
                        and not (_UNITS.intersection(self.norms[hit.end : at]))
                    ):
                        return hit.term.attributes["reason"]
                    continue
                if hit.start < sentence.start and self._aside(hit.start, hit.end):
                    continue
                if own and self._other_row(place.start, hit.start, sentence):
                    continue
                if _WHO.intersection(self.norms[hit.end : min(hit.end + 3, at)]):
                    return hit.term.attributes["reason"]  # "to pathology, who measured 4 cm"
                if self._denied(hit.start) or self._since(hit, at, last, sentence, own=own):
                    continue
                if hit.start > last:
                    gap = self.norms[last + 1 : hit.start]
                    beyond = self.norms[last + 1 : min(hit.end + 5, sentence.end)]
                    if _UNITS.intersection(gap) or (gap[:1] == ["("] and _UNITS & {*beyond}):
                        continue  # the scan's own size follows
                    if _SEEN.intersection(gap[-3:]) and _BY.intersection(gap[-2:]):
                        return hit.term.attributes["reason"]
                    if "," in gap or ";" in gap or {"and", "then", "was"} & set(gap):
                        continue
                elif (
                    not own
                    and self.owners.enumerated(at)
                    and _LAY.intersection(self.norms[sentence.start : at])
                ):
                    continue  # "The bigger of the two was attached to the psoas"
                elif self.acted(hit.end, at if own else place.end) or (
                    not own and self.told_anew(place.end, sentence)
                ):
                    continue
                return hit.term.attributes["reason"]
        return ""

    def _long_ago(self, at: int, sentence: Extent) -> bool:
        """ "In 2019 a 9 cm mass had been removed": a year and the pluperfect."""
        norms = self.norms[sentence.start : sentence.end]
        if "had" not in norms or not any(
            len(n) == 4 and n.isdigit() and n[:2] in ("19", "20") for n in norms
        ):
            return False
        had = sentence.start + norms.index("had")
        return self.norms[had + 1 : had + 2] == ["been"] and bool(
            self.owners.within(had, min(had + 4, sentence.end), "removed")
        )

    def _since(self, hit: Hit, at: int, last: int, sentence: Extent, *, own: bool) -> bool:
        """ "8 cm before chemotherapy, 3 cm today", "CT: 4 cm; we found 5.5 cm and excised it"."""
        if not own:
            return bool(
                {"found", "measured", "proved"}.intersection(self.norms[sentence.start : at])
                and self.owners.within(at, sentence.end, "removed")
            )
        if hit.start > last:
            return False
        if _NOW.intersection(self.norms[hit.end : last + 3]):
            return True
        before = self.norms[hit.end : at]
        before = [*self.norms[max(sentence.start, hit.start - 3) : hit.start], *before]
        if _UNITS.intersection(before) and _TABLE.intersection(self.norms[at - 4 : last + 4]):
            return True  # "MRI 4 cm; on the table 5.5 cm"
        return ";" in before and bool(
            self.owners.within(at, sentence.end, "removed")
            and _FOUND.intersection(before[before.index(";") :])
        )

    def _other_row(self, low: int, at: int, sentence: Extent) -> bool:
        """Is it said in another row of the table, not in the heading over it?"""
        before, after = self.norms[low:at], self.norms[at : sentence.start]
        return at < sentence.start and "|" in before and "|" in after

    def _denied(self, at: int) -> bool:
        """ "A third one not on any scan", "missed by the CT": found by the surgeon all the same."""
        return bool(_UNSEEN.intersection(self.norms[max(0, at - 4) : at]))

    def _aside(self, start: int, end: int) -> bool:
        """In brackets that close: "(preop, IR)" speaks for its own item only."""
        return "(" in self.norms[max(0, start - 4) : start] and ")" in self.norms[end : end + 4]

    def _pasted_report(self, at: int) -> str:
        """ "PATH ADDENDUM 2/26/2018\\n...": the line over the paragraph names another's report."""
        text, words = self.page.text, self.page.words
        start = max(0, words[at].start - _REPORT)
        gaps = list(_BLANK.finditer(text, start, words[at].start))
        if not gaps:
            return ""
        low = gaps[-1].end()
        line = text[low : low + _TITLE + 1].split("\n")[0].rstrip()
        if not line or len(line) > _TITLE or low + len(line) > words[at].start:
            return ""
        first = bisect_left(words, low, key=lambda word: word.start)
        last = bisect_left(words, low + len(line), key=lambda word: word.start)
        if _REPORTS.isdisjoint(self.norms[first:last]):
            return ""
        hits = self.owners.within(first, last, "setting")
        return next((hit.term.attributes["reason"] for hit in hits if hit.term.name in _SPOKEN), "")
