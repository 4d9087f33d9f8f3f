"""What a length belongs to: the noun it measures, read off the words around the number."""

from __future__ import annotations

import re
from typing import NamedTuple

from debulk.lexicon import Hit
from debulk.measure_words import Vocabulary
from debulk.page import FINITE, Extent

_STOPS = frozenset(", . ; : ( ) [ ] | ? ! → -> = \u2013 \u2014 •".split())
_AFTER_STOPS = (
    _STOPS
    | FINITE
    | frozenset(
        "in on at from with to and but for by near over under into off lay sat which that was were "
        "then through between behind along around along or w/ @ + & /".split()
    )
)
_PLACE = frozenset(
    "off from above below over at near to in on into onto within behind posterior anterior "
    "beneath under beside along against between around toward inside outside past with w w/ @ "
    "containing carrying bearing holding involving abutting lateral medial superior inferior "
    "adjacent next across through adjoining overlying alongside via using by including without "
    "invading encasing touching".split()
)
_PASS = frozenset(
    "the a an this that its her left right old prior both all mid upper lower deep distal "
    "proximal large small main whole big bulky firm hard pelvic palpable visible grossly normal "
    "first second third one two other residual remaining recurrent solid - each some loop side "
    "tumor r l bilateral anterior posterior".split()
)
_MODIFIED = frozenset(
    "mesentery mesocolon serosa wall surface epiploic epiploica fat capsule bed hilum fossa "
    "flap reflection peritoneum lumen side edge bladder gutter root".split()
)
_BETWEEN = frozenset(
    "of about approximately roughly some around nearly almost only ~ ( = : measuring was is "
    "were being a an total up to by just circa approx est estimated - the . ca".split()
)
_ABOUT = frozenset(
    "about approximately approx . some roughly nearly almost a the around only ~".split()
)
_DETERMINERS = frozenset("a an the another one this".split())
_BOUND = frozenset("margin rim incision port suture device hernia injury stapler".split())
_LABELLED = frozenset(
    "tumor mass lesion nodule deposit implant site met metastasis plaque focus spot".split()
)
_SUTURES = frozenset(
    "pds vicryl maxon silk prolene looped loop chromic monocryl nylon suture blade ethibond".split()
)
_ORDINALS = frozenset("one two three four five first second third fourth fifth a b c d e".split())
_ADJECTIVE = re.compile(r"\w+(?:ic|al|ar|ous|ed|ive|ior|ian)$")


class Owner(NamedTuple):
    """The noun that a length measures: its class, why it counts or not, and its words."""

    name: str
    reason: str
    start: int
    end: int
    labelled: bool = False  # "Tumor 2", "#2": one of a numbered list


class Owners(Vocabulary):
    """The nouns of one page that a length may belong to."""

    def of(self, at: int, last: int) -> Owner | None:
        """The owner of the length at words[at..last]; it may stand in a sentence before."""
        number = self.sentence(at)
        sentence = self.unit(at)
        owner = (
            self._following(at, last, sentence)
            or self._preceding(at, sentence)
            or self._heading(at, sentence)
        )
        if owner is not None and owner.name != "that":
            return owner
        leans = owner is not None or self._leans(at, last, sentence)
        if leans and owner is not None and owner.start < at:
            inside = self._preceding(owner.start, sentence, skip_references=True)
            if inside is not None:
                return inside
        return self._antecedent(number) if leans else None

    def _heading(self, at: int, unit: Extent) -> Owner | None:
        """The tumour that the heading of a list, or the item before it, names."""
        start = self.speaker(at)
        if start >= unit.start or FINITE.intersection(self.norms[unit.start : unit.end]):
            return None
        named = [h for h in self.within(start, unit.start, "owner") if h.term.name == "tumor"]
        return _owner(named[0]) if named else None

    def _following(self, at: int, last: int, sentence: Extent) -> Owner | None:
        """The head of the noun phrase behind the number: "a 3 cm tumor plaque", "2 cm of ileum"."""
        norms = self.norms
        commas = at > sentence.start and norms[at - 1] in _DETERMINERS
        end = last + 1
        while end < min(sentence.end, last + 9):
            norm = norms[end]
            if norm == "," and commas:
                end += 1
                continue
            if norm in _AFTER_STOPS or norm in _PLACE or norm[:1].isdigit():
                break
            if self._entry(end):
                break
            if norm.endswith("ing") and self.within(last + 1, end, "owner"):
                break
            end += 1
        found: Hit | None = None
        limit = end
        for at_of in range(last + 1, end):
            if norms[at_of] == "of":
                limit = at_of
                break
        for hit in self.within(last + 1, limit, "owner", "near", "refer"):
            modifies = hit.end < sentence.end and norms[hit.end] in _MODIFIED
            if not modifies and (found is None or hit.end > found.end):
                found = hit
        if limit < end and (found is None or found.term.name in ("piece", "that", "rim")):
            inner = next(iter(self.within(limit, end, "owner")), None)
            if inner is not None and (
                found is None or inner.term.name in ("tumor", "node", "omentum")
            ):
                # "a 3 cm button of tumor", "14 cm of ileum"; a rim of peritoneum stays a rim.
                rim = found is not None and found.term.name == "rim"
                found = found if rim else inner
        if found is None or (
            found.term.name == "that" and self.norms[found.start] not in ("specimen",)
        ):
            return None
        if found.term.name == "tumor":
            # "nodes pelvic 3 cm + aortic 4 cm conglomerate": nodes all the same.
            before = self.within(sentence.start, at, "owner")[-1:]
            if (
                before
                and before[0].term.name == "node"
                and self._together(before[0].end, at, found)
            ):
                found = before[0]
        return _owner(found)

    def _entry(self, at: int) -> bool:
        """Does the next entry of a list begin here: "\\nNodes: ..."?"""
        words = self.page.words
        return (
            ":" in self.norms[at + 1 : at + 3]
            and "\n" in self.page.text[words[at - 1].end : words[at].start]
        )

    def _together(self, low: int, at: int, found: Hit) -> bool:
        between = self.norms[low:at]
        joined = not FINITE.intersection(between) and "," not in between
        return joined and self.norms[found.end - 1] in ("conglomerate", "mass", "cluster", "packet")

    def _preceding(
        self, at: int, sentence: Extent, *, skip_references: bool = False
    ) -> Owner | None:
        """The nearest noun in front that is no landmark: "the nodule, 2 cm", "a margin of 1 cm"."""
        kinds = ("owner", "near") if skip_references else ("owner", "near", "refer")
        fallback: Owner | None = None
        label = self._label(sentence, at)
        back = at - 1
        while back > sentence.start and self.norms[back] in _ABOUT:
            back -= 1
        of_it = self.norms[back] == "of"
        for hit in reversed(self.within(sentence.start, at, *kinds)):
            if hit.end > at or hit.start < label - 1:
                continue
            between = self.norms[hit.end : at]
            touching = all(n in _BETWEEN for n in between)
            bound = touching or (of_it and len(between) < 5 and "of" in between[:1])
            if hit.term.kind == "near" and not (bound and between):
                continue
            if label >= 0 and hit.term.name != "tumor" and not touching:
                continue
            if hit.term.name != "that":
                if hit.end < sentence.end and self.norms[hit.end] in _MODIFIED:
                    continue
                place = self._landmark(hit, sentence)
                if place and not (bound and hit.term.name in _BOUND):
                    if hit.term.name == "tumor" and fallback is None and place in ("with", "w"):
                        fallback = _owner(hit)
                    continue
            elif not touching and len(between) > (8 if hit.start > sentence.start + 1 else 16):
                continue
            return _owner(hit)._replace(labelled=label >= 0 and hit.term.name == "tumor")
        if label >= 0:
            start = max(label - 1, sentence.start)
            return Owner("tumor", "a resected tumour", start, label + 1, labelled=True)
        return fallback

    def _landmark(self, hit: Hit, sentence: Extent) -> str:
        """The preposition of place that governs the noun, "" where none does."""
        norms = self.norms
        at = hit.start - 1
        for _ in range(4):
            if at < sentence.start or norms[at] in _PLACE:
                break
            if norms[at] not in _PASS and not _ADJECTIVE.match(norms[at]):
                break
            at -= 1
        if at < sentence.start:
            return ""
        if norms[at] == "of" and norms[at - 1] in _MODIFIED:
            return "of"
        return norms[at] if norms[at] in _PLACE else ""

    def _label(self, sentence: Extent, at: int) -> int:
        """The word of the last tumour label in front ("#2", "T1", "Two:"), or -1."""
        norms = self.norms
        for word in range(at - 1, sentence.start, -1):
            if norms[word - 1] == "#" and norms[word].isdigit():
                return -1 if _SUTURES.intersection(norms[word + 1 : word + 3]) else word
        first = sentence.start
        while (
            first < at - 1
            and norms[first] != "#"
            and (
                not norms[first][:1].isalnum()
                or (norms[first].isdigit() and not norms[first + 1][:1].isalnum())
            )
        ):
            first += 1
        if first >= at:
            return -1
        raw = self.page.text[self.page.words[first].start]
        norm, following = norms[first], norms[first + 1 : first + 2]
        if "\u2460" <= raw <= "\u2473":
            return first
        if len(norm) == 2 and norm[0] in "tmln" and norm[1].isdigit() and following != ["n"]:
            return first
        if norm in _LABELLED and following and (
            following[0].isdigit() or (len(following[0]) == 1 and following[0].isalpha())
            or following[0] in _ORDINALS
        ):  # fmt: skip
            return first
        if norm in _ORDINALS and len(norm) > 1 and following in ([":"], ["-"], ["="], [")"]):
            return first
        return -1

    def _leans(self, at: int, last: int, sentence: Extent) -> bool:
        """Without a noun of its own: is it the size of what was spoken of before?"""
        if at - sentence.start > 12:
            return False
        around = self.within(sentence.start, min(sentence.end, last + 7), "ruler")
        return bool(around)

    def _antecedent(self, number: int) -> Owner | None:
        """What the sentences before spoke of; only a tumour, or something that was measured."""
        sentences = self.page.sentences
        section = self.page.section_of[sentences[number].start]
        for back in range(number - 1, max(-1, number - 6), -1):
            sentence = sentences[back]
            if self.page.section_of[sentence.start] != section:
                return None
            hits = [
                hit
                for hit in self.within(sentence.start, sentence.end, "owner")
                if self.norms[hit.end : hit.end + 1] == []
                or self.norms[min(hit.end, len(self.norms) - 1)] not in _MODIFIED
            ]
            free = [hit for hit in hits if not self._landmark(hit, sentence)]
            tumour = next((h for h in free if h.term.name == "tumor"), None)
            if tumour is not None:
                return _owner(tumour)
            firm = next((h for h in free if h.term.name not in _VAGUE), None)
            if firm is not None:
                return _owner(firm)
            tumour = next((h for h in hits if h.term.name == "tumor"), None)
            if tumour is not None:
                return _owner(tumour)
            label = self._label(sentence, sentence.end)
            if label >= 0:
                return Owner("tumor", "a resected tumour", label, label + 1)
        return None


_VAGUE = frozenset("bowel vessel organ device stapler suture margin port piece rim fascia".split())


def _owner(hit: Hit) -> Owner:
    return Owner(hit.term.name, hit.term.attributes["reason"], hit.start, hit.end)
