"""What a length leans on: a tumour of an earlier sentence, a label, and the landmarks beside it."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from debulk import tables
from debulk.lexicon import Hit
from debulk.measure_words import Vocabulary
from debulk.page import FINITE, Extent

PLACE = frozenset(
    "off from above below over at near to in on into onto within behind posterior anterior "
    "beneath under beside along against between around round toward inside outside past with w w/ "
    "@ containing carrying bearing holding involving abutting lateral medial superior inferior "
    "adjacent next across through adjoining overlying alongside via using by including without "
    "invading encasing touching".split()
)
MODIFIED = frozenset(
    "mesentery mesocolon serosa wall surface epiploic epiploica fat capsule bed hilum fossa "
    "flap reflection peritoneum lumen side edge bladder gutter root resection".split()
)
_PARTS = MODIFIED | frozenset("front back level top part region area".split())
BETWEEN = frozenset(
    "of about approximately roughly some around nearly almost only ~ ( = : measuring was is "
    "were being a an total up to by just circa approx est estimated - the . ca".split()
)
_PASS = frozenset(
    "the a an this that its her left right old prior both all mid upper lower deep distal "
    "proximal large small main whole big bulky firm hard pelvic palpable visible grossly normal "
    "first second third one two other residual remaining recurrent solid - each some loop side "
    "descending ascending common internal external lateral medial inner outer free old "
    "tumor r l bilateral anterior posterior ' s".split()
)
_LABELLED = frozenset(
    "tumor mass lesion nodule deposit implant site met metastasis plaque focus spot".split()
)
_SUTURES = frozenset(
    "pds vicryl maxon silk prolene looped loop chromic monocryl nylon suture blade ethibond".split()
)
_ORDINALS = frozenset("one two three four five first second third fourth fifth a b c d e".split())
_ADJECTIVE = re.compile(r"\w+(?:ic|ac|al|ar|ous|ed|ive|ior|ian)$")
_COUNTED = frozenset(
    "second third fourth fifth last another other further largest larger biggest bigger "
    "smallest smaller".split()
)
STRAY = frozenset("incision vessel bowel injury fascia organ".split())
"""What stands near a tumour and is not counted off: landmarks and wounds."""
VAGUE = frozenset(
    "that place bowel vessel organ device stapler suture margin port piece rim fascia".split()
)
_SAMPLES = frozenset({"biopsy", "bx", "sample"})
_NEW = frozenset("a an another second third further separate main two".split())


@cache
def _site_words() -> frozenset[str]:
    """The words that name where a tumour lies, as modifiers: "the falciform ligament"."""
    rows = (row for row in tables.rows("measures") if row["binds"] == "site")
    return frozenset(t for row in rows for t in tables.terms(row["terms"]) if " " not in t)


class Owner(NamedTuple):
    """The noun that a length measures: its class, why it counts or not, and its words."""

    name: str
    reason: str
    start: int
    end: int
    labelled: bool = False  # "Tumor 2", "#2": one of a numbered list


class References(Vocabulary):
    """Landmarks, labels and antecedents of the lengths of one page."""

    def enumerated(self, at: int) -> bool:
        """Does the sentence count off what was found: "The second was ...", "last, 3 cm"?"""
        start = self.unit(at).start
        return bool(_COUNTED.intersection(self.norms[start : min(start + 5, at)]))

    def counts_off(self, owner: Owner) -> bool:
        """Is the noun one of those counted off: "the second", "a further one"?"""
        return bool(_COUNTED.intersection(self.norms[max(0, owner.start - 2) : owner.end]))

    def ahead(self, last: int, sentence: Extent) -> Owner | None:
        """The tumour named after its size: "The larger was 6 cm; both tumors were excised"."""
        end = min(len(self.norms), max(sentence.end, last + 14), last + 18)
        found = [h for h in self.within(last + 1, end, "owner") if h.term.name not in VAGUE]
        return owner_of(found[0]) if found and found[0].term.name == "tumor" else None

    def earlier(self, owner: Owner, place: Extent) -> Owner | None:
        """Where "the lesion" was spoken of before, if this sentence does not say where it lay."""
        norms = self.norms
        before = norms[max(place.start, owner.start - 2) : owner.start]
        if _NEW.intersection(before) or self.within(place.start, place.end, "site"):
            return None
        section = self.page.section_of[place.start]
        number = self.sentence(place.start)
        for back in range(number - 1, max(-1, number - 8), -1):
            sentence = self.page.sentences[back]
            if self.page.section_of[sentence.start] != section:
                return None
            for hit in self.within(sentence.start, sentence.end, "owner"):
                if hit.term.name == "tumor":
                    same = norms[hit.end - 1] == norms[owner.end - 1]
                    return owner_of(hit) if same else None
        return None

    def landmark(self, hit: Hit, sentence: Extent) -> str:
        """The preposition of place that governs the noun, "" where none does."""
        norms, passing = self.norms, _PASS | _site_words()
        at = hit.start - 1
        for _ in range(4):
            if at < sentence.start or norms[at] in PLACE:
                break
            if norms[at] not in passing and not _ADJECTIVE.match(norms[at]):
                break
            at -= 1
        if norms[at] in ("and", "or") and at - 2 > sentence.start:
            # "Between bladder and rectum": the preposition governs both.
            for back in range(at - 1, max(sentence.start, at - 6), -1):
                if norms[back] in PLACE:
                    at = back
                    break
                if norms[back] == "," or norms[back] in FINITE:
                    break
        if at < sentence.start:
            return ""
        if norms[at] == "of" and norms[at - 1] in _PARTS:
            return "of"
        return norms[at] if norms[at] in PLACE else ""

    def label(self, sentence: Extent, at: int) -> int:
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
        if (
            norm in ("number", "no", "nr")
            and following
            and (following[0].isdigit() or following[0] in _ORDINALS)
            and not _SUTURES.intersection(norms[first + 2 : first + 5])
        ):
            return first
        if norm in _ORDINALS and len(norm) > 1 and following in ([":"], ["-"], ["="], [")"]):
            return first
        return -1

    def leans(self, at: int, last: int, sentence: Extent) -> bool:
        """Without a noun of its own: is it the size of what was spoken of before?"""
        if at - sentence.start > 12:
            return False
        if self.within(sentence.start, min(sentence.start + 3, at), "removed"):
            return True  # "The tumor was gritty. Excised, 3.8 cm."
        rest = [*self.norms[sentence.start : at], *self.norms[last + 1 : sentence.end]]
        if all(norm in BETWEEN or norm == ";" for norm in rest):
            return True  # the size stands alone
        around = self.within(sentence.start, min(sentence.end, last + 7), "ruler")
        return bool(around)

    def antecedent(self, number: int) -> Owner | None:
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
                or self.norms[min(hit.end, len(self.norms) - 1)] not in MODIFIED
            ]
            free = [hit for hit in hits if not self.landmark(hit, sentence)]
            tumour = next((h for h in free if h.term.name == "tumor"), None)
            if tumour is not None:
                return owner_of(tumour)
            firm = next(
                (h for h in free if h.term.name not in VAGUE or self.norms[h.end - 1] in _SAMPLES),
                None,
            )
            leaning = self.within(sentence.start, min(sentence.start + 3, sentence.end), "refer")
            if firm is not None and not leaning:
                return owner_of(firm)
            tumour = next((h for h in hits if h.term.name == "tumor"), None)
            if tumour is not None:
                return owner_of(tumour)
            label = self.label(sentence, sentence.end)
            if label >= 0:
                return Owner("tumor", "a resected tumour", label, label + 1)
        return None


def owner_of(hit: Hit) -> Owner:
    """The owner that a term names."""
    return Owner(hit.term.name, hit.term.attributes["reason"], hit.start, hit.end)
