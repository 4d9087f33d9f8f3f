"""Resections told around a length, and the tumour that a sentence leaves unnamed."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import pairwise

from debulk import inside
from debulk.lengths import Length
from debulk.owners import Owners
from debulk.page import FINITE, Extent, Page, Section
from debulk.references import STRAY, Owner, owner_of
from debulk.told_twice import Told
from debulk.values import Mention

COUNTS = "a resected tumour"
TUMOUR_WORK = frozenset("tumor_excision tumor_debulking peritonectomy diaphragm_stripping".split())
_THEN = frozenset({"it", "this", "they", "these", "both", "all", "each"})
_LISTED = 5  # items of a list, told in one sentence, that share their verb
_LABEL = 14  # words of a label before its colon
_NEAR = 40  # words back in which the verb of a removal is looked for
_REGION = (("findings", "narrative"), ("findings", "title"))
_PLACES = frozenset({"piece", "vessel", "place"})
_DISEASE = frozenset({"disease", "tumor", "lesion", "deposit", "implant", "metastasis"})
_AS = (["as", "a"], ["as", "an"], ["as", "one"])
_LINING = frozenset({"peritoneum", "lining", "diaphragm"})
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
        kinds = [section.kind for section in page.sections]
        pairs = [i for i, pair in enumerate(pairwise(kinds), 1) if pair in _REGION]
        self.by_region = len(pairs) > 1
        # "Procedure: excised" under the findings of a region is no title.
        self._regions = {i for i in pairs if self.by_region}
        self.omentum = any(m.concept == "omentectomy" and m.status == "performed" for m in mentions)
        self.before: Told | None = None
        self.first = min(
            (m.start for m in mentions if m.concept in TUMOUR_WORK and m.status == "performed"
             and m.section in ("narrative", "drains")),
            default=len(page.text),
        )  # fmt: skip
        sections = set(page.section_of)
        self.telling = {"narrative", "drains"} & sections or {"findings", "specimens"}
        self.telling |= {"narrative"} if self.by_region else set()
        self.units = any(not length.bare for length in found) or "cm" in self.norms

    def whose(self, at: int, last: int, sentence: Extent) -> Owner | None:
        """The noun measured; where tumours are counted off, a tumour though none is named."""
        owner = self.owners.of(at, last)
        if owner is not None and owner.name == "tumor" and owner.end <= sentence.start:
            # "A few were hard, the biggest 2 cm, in the obturator packet": nodes were spoken of.
            named = self.owners.within(sentence.start, min(sentence.end, last + 8), "owner")
            node = next((hit for hit in named if hit.term.name == "node"), None)
            if node is not None and not any(hit.term.name == "tumor" for hit in named):
                return owner_of(node)
        if self._scar(owner, last, sentence):
            return Owner("tumor", COUNTS, at, at + 1)
        if owner is None or owner.name in _PLACES:
            owner = self._of_region(at, sentence) or self._of_list(at, sentence) or owner
        stray = owner is None or (owner.end <= sentence.start and owner.name in STRAY)
        if stray and self._implied(at, sentence):
            start = sentence.start
            return Owner("tumor", COUNTS, start, start + 1)
        if (
            owner is not None
            and owner.name == "piece"
            and owner.end <= at
            and not _LINING.intersection(self.norms[owner.end : at])
            and (
                (self.norms[owner.end - 1] in _PATCHES and self._is_work(at))
                or (
                    self.norms[max(0, owner.start - 2) : owner.start] in _AS
                    and self.mention(sentence, TUMOUR_WORK, "performed") is not None
                )
            )
        ):
            return owner._replace(name="tumor", reason=COUNTS)
        return owner

    def _scar(self, owner: Owner | None, last: int, sentence: Extent) -> bool:
        """ "Two flat scars of 8 and 11 mm, viable tumour on frozen section": tumour."""
        return (
            owner is not None
            and self.norms[owner.end - 1] == "scar"
            and any(
                hit.term.name == "tumor"
                for hit in self.owners.within(last + 1, min(sentence.end, last + 8), "owner")
            )
            and not {"no", "without"} & set(self.norms[last + 1 : last + 8])
        )

    def _of_region(self, at: int, sentence: Extent) -> Owner | None:
        """ "Disease: left diaphragm 26 mm": the place stands for the tumour on it."""
        section = self.section(at)
        if section is None or section.kind != "findings":
            return None
        if not _DISEASE.intersection(self.norms[section.heading : section.start]):
            return None
        named = self.owners.within(sentence.start, at, "owner")
        if any(hit.term.name not in _PLACES for hit in named):
            return None
        sites = self.owners.within(max(sentence.start, at - 8), at, "site")
        return Owner("tumor", COUNTS, at, at + 1) if sites else None

    def word(self, place: int) -> int:
        """The word at a character of the text."""
        return min(bisect_right(self._ends, place), len(self._ends) - 1)

    def _of_list(self, at: int, sentence: Extent) -> Owner | None:
        """ "Excised: left sidewall 4.5 cm; right gutter 2 cm": a list of places."""
        short = sentence.end - sentence.start < 12 and self.owners.within(
            sentence.start, sentence.end, "removed", "left", "destroyed"
        )  # "Sidewall, 5 cm, excised."
        if not (short or self.headed(at, "removed") or self.headed(at, "left")):
            return None
        if any(
            hit.term.name not in _PLACES for hit in self.owners.within(sentence.start, at, "owner")
        ):
            return None
        sites = self.owners.within(max(sentence.start, at - 8), at, "site")
        return Owner("tumor", COUNTS, at, at + 1) if sites else None

    def headed(self, at: int, kind: str) -> bool:
        """Does a short label with a word of this kind head the list of a size: "Left: ..."?"""
        start = self.owners.speaker(at)
        words = self.norms[start : min(start + 6, at)]
        if ":" not in words:
            return False
        end = start + words.index(":")
        if kind == "left" and self.norms[start:end] in (["left"], ["not", "excised"]):
            return True
        return bool(self.owners.within(start, end, kind))

    def kind(self, at: int) -> str:
        """The section kind of a word; the procedure of a region tells the work."""
        kind = self.page.section_of[at]
        if kind != "title" or not self._regions:
            return kind
        index = bisect_right(self.page.sections, at, key=lambda s: s.heading) - 1
        return "narrative" if index in self._regions else kind

    def section(self, at: int) -> Section | None:
        """The section that holds a word."""
        sections = self.page.sections
        index = bisect_right(sections, at, key=lambda s: s.heading) - 1
        return sections[index] if index >= 0 else None

    def _implied(self, at: int, sentence: Extent) -> bool:
        """Does the sentence speak of a tumour without its name: "the second", "main piece"?"""
        removed = self.owners.within(sentence.start, sentence.end, "removed")
        if removed and "|" in self.norms[sentence.start : sentence.end]:
            return True  # a row of a table of what was excised
        if self.owners.within(sentence.start, sentence.end, "owner") and any(
            hit.term.name == "node"
            for hit in self.owners.within(sentence.start, sentence.end, "owner")
        ):
            return False
        if self.owners.enumerated(at):
            return self.excised or bool(removed)
        if not self.excised and not self._next_removes(sentence):
            return False
        start = sentence.start
        section = self.section(at)
        if start and self.norms[start - 1] == ":":
            # The sizes stand behind a label of their own, or behind the heading.
            headed = section is not None and section.start == start
            start = section.heading if section and headed else max(0, start - _LABEL)
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
        for _ in range(_LISTED):
            entry = FINITE.isdisjoint(self.norms[sentence.start : sentence.end])
            if not entry or self.norms[end - 1] != ";" or end >= len(self.norms):
                break
            end = self.page.sentences[self.owners.sentence(end)].end  # "... 4 cm; vault 2 cm."
        if self.norms[end : end + 1] and self.norms[end] in _THEN:
            # "It was coaxed off the rectum and delivered" may follow the size.
            end = self.page.sentences[self.owners.sentence(end)].end
        low = max(low, sentence.start - _NEAR)
        return (
            end - low < 90
            and self.kind(low) in self.telling
            and bool(self.owners.within(low, end, "removed"))
        ) or (
            self.kind(sentence.start) in self.telling
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
