"""Resections told around a length, and the tumour that a sentence leaves unnamed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from debulk import inside
from debulk.lengths import Length
from debulk.owners import Owners
from debulk.page import Extent, Page
from debulk.references import STRAY, Owner
from debulk.values import Mention

COUNTS = "a resected tumour"
TUMOUR_WORK = frozenset("tumor_excision tumor_debulking peritonectomy diaphragm_stripping".split())
_THEN = frozenset({"it", "this", "they", "these", "both", "all"})
_LABEL = 14  # words of a label before its colon
_NEAR = 40  # words back in which the verb of a removal is looked for
_PATCHES = frozenset({"patch", "piece", "sheet"})


class Resections:
    """The mentions of one page as the reader of its lengths asks for them."""

    def __init__(self, page: Page, mentions: Sequence[Mention], found: Sequence[Length]) -> None:
        self.page, self.norms, self.mentions = page, page.norms, mentions
        self.owners = Owners(page)
        self._ends = [word.end for word in page.words]
        self._from = [m.start for m in mentions]
        self.done = {m.concept for m in mentions if m.status in ("performed", "by_other")}
        self.excised = any(m.concept in TUMOUR_WORK and m.status == "performed" for m in mentions)
        self.first = min(
            (m.start for m in mentions if m.concept in TUMOUR_WORK and m.status == "performed"
             and m.section == "narrative"),
            default=len(page.text),
        )  # fmt: skip
        sections = set(page.section_of)
        self.telling = {"narrative"} if "narrative" in sections else {"findings", "specimens"}
        self.units = any(not length.bare for length in found) or "cm" in self.norms

    def whose(self, at: int, last: int, sentence: Extent) -> Owner | None:
        """The noun measured; where tumours are counted off, a tumour though none is named."""
        owner = self.owners.of(at, last)
        stray = owner is None or (owner.end <= sentence.start and owner.name in STRAY)
        if stray and self._implied(at, sentence):
            start = sentence.start
            return Owner("tumor", COUNTS, start, start + 1)
        if (
            owner is not None
            and owner.name == "piece"
            and owner.end <= at
            and self.norms[owner.end - 1] in _PATCHES
            and self._is_work(at)
        ):
            return owner._replace(name="tumor", reason=COUNTS)
        return owner

    def _implied(self, at: int, sentence: Extent) -> bool:
        """Does the sentence speak of a tumour without its name: "the second", "main piece"?"""
        removed = self.owners.within(sentence.start, sentence.end, "removed")
        if removed and "|" in self.norms[sentence.start : sentence.end]:
            return True  # a row of a table of what was excised
        if self.owners.enumerated(at):
            return self.excised or bool(removed)
        if not self.excised and not self._next_removes(sentence):
            return False
        start = sentence.start
        if start and self.norms[start - 1] == ":":
            start = max(0, start - _LABEL)  # the sizes stand behind a label of their own
        named = self.owners.within(start, at, "owner")
        whole = any(hit.term.name in ("that", "tumor") for hit in named)
        alone = sentence.start == at and self.page.section_of[at] == "specimens"
        lone = (alone or "specimen" in self.norms[sentence.start : at]) and not named
        return whole or (lone and self.done.isdisjoint(inside.ORGAN_WORK))

    def _next_removes(self, sentence: Extent) -> bool:
        end = min(sentence.end + _NEAR // 2, len(self.norms))
        return bool(self.owners.within(sentence.end, end, "removed"))

    def _is_work(self, at: int) -> bool:
        """Is the size told in the very words that tell of the excision?"""
        place = self.page.words[at].start
        low = bisect_left(self._from, place - 200)
        return any(
            m.concept in TUMOUR_WORK and m.status == "performed" and m.start < place < m.end
            for m in self.mentions[low : bisect_left(self._from, place)]
        )

    def acted(self, low: int, high: int) -> bool:
        """Is a tumour told as resected between these words?"""
        start, end = self.page.words[low - 1].start, self.page.words[max(low, high) - 1].end
        near = self.mentions[bisect_left(self._from, start - 400) : bisect_left(self._from, end)]
        return any(
            m.concept in TUMOUR_WORK and m.status == "performed" and m.end > start for m in near
        )

    def told_anew(self, low: int, sentence: Extent) -> bool:
        """Masses of a scan, "both were excised; on the table they measured ..."."""
        return bool(
            self.owners.within(low, sentence.end, "removed")
            and self.owners.within(sentence.start, sentence.end, "ruler")
        )

    def removed(self, sentence: Extent, owner: Owner) -> bool:
        """Is it told by a bare verb behind its name: "I resected it ...; it measured 4 cm"?"""
        low, end = owner.start, sentence.end
        if self.norms[end : end + 1] and self.norms[end] in _THEN:
            # "It was coaxed off the rectum and delivered" may follow the size.
            end = self.page.sentences[self.owners.sentence(end)].end
        low = max(low, sentence.start - _NEAR)
        return (
            end - low < 90
            and self.page.section_of[low] in self.telling
            and bool(self.owners.within(low, end, "removed"))
        ) or (
            self.page.section_of[sentence.start] in self.telling
            and bool(
                self.owners.within(self.owners.speaker(sentence.start), sentence.end, "removed")
            )
        )

    def far(self, mention: Mention) -> bool:
        """Does the word that negates it stand in another part of the sentence?"""
        cue = mention.cue_start
        return cue is not None and "," in self.page.text[mention.end : cue]

    def mention(self, sentence: Extent, concepts: frozenset[str], *statuses: str) -> Mention | None:
        low, high = self.page.words[sentence.start].start, self.page.words[sentence.end - 1].end
        for index in range(bisect_left(self._from, low), bisect_left(self._from, high)):
            mention = self.mentions[index]
            if mention.concept in concepts and mention.status in statuses:
                return mention
        return None
