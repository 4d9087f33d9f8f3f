"""What a length belongs to: the noun it measures, read off the words around the number."""

from __future__ import annotations

from debulk.lexicon import Hit
from debulk.page import FINITE, Extent
from debulk.references import (
    BETWEEN,
    MODIFIED,
    PLACE,
    STRAY,
    Owner,
    References,
    owner_of,
)

_STOPS = frozenset(", . ; : ( ) [ ] | ? ! → -> = \u2013 \u2014 •".split())
_AFTER_STOPS = (
    _STOPS
    | FINITE
    | frozenset(
        "in on at from with to and but for by near over under into off lay sat which that was were "
        "because since so as after before until when while where if though although than "
        "then through between behind along around along or w/ @ + & /".split()
    )
)
_ABOUT = frozenset(
    "about approximately approx . some roughly nearly almost a the around only ~".split()
)
_MEASURED = frozenset("measuring measured measure".split())
_DETERMINERS = frozenset("a an the another one this".split())
_CARRYING = frozenset("with w w/ containing carrying bearing holding".split())
_TISSUE = frozenset(
    "wall peritoneum sheath fascia muscle serosa skin vagina cuff strip capsule fat bladder".split()
)
_MANNER = frozenset({"in", "as", "into", "with"})
_SINGLE = frozenset("a an one single whole solid common same the".split())
_SIZE_WORDS = frozenset(
    "size length diameter dimension extent width breadth height it them this these that which "
    "greatest largest maximum maximal longest long max total overall about approximately".split()
)
_ARTICLES = (["the"], ["a"], ["its"])
_WHOLE_PIECES = frozenset("piece patch sheet strip flap fragment block".split())
_STALKS = frozenset({"stalk", "stem", "pedicle"})
_SITED = frozenset("the left right bladder sigmoid small large distal proximal terminal".split())
_APART = frozenset("from besides beside than".split())
_BOUND = frozenset("margin rim incision port suture device hernia injury stapler".split())


class Owners(References):
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
        leans = owner is not None or self.leans(at, last, sentence)
        if leans and owner is not None and owner.start < at:
            inside = self._preceding(owner.start, sentence, skip_references=True)
            if inside is not None and not (self.counts_off(owner) and inside.name in STRAY):
                return inside
        if not leans:
            return None
        return self.antecedent(number) or self.ahead(last, sentence)

    def _heading(self, at: int, unit: Extent) -> Owner | None:
        """The tumour that the heading of a list, or the item before it, names."""
        start = self.speaker(at)
        if start >= unit.start or FINITE.intersection(self.norms[unit.start : unit.end]):
            return None
        named = [h for h in self.within(start, unit.start, "owner") if h.term.name == "tumor"]
        return owner_of(named[0]) if named else None

    def _following(self, at: int, last: int, sentence: Extent) -> Owner | None:
        """The head of the noun phrase behind the number: "a 3 cm tumor plaque", "2 cm of ileum"."""
        norms = self.norms
        if norms[at - 1] in _MEASURED and self._clause_follows(last, sentence):
            return None
        commas = at > sentence.start and norms[at - 1] in _DETERMINERS
        end = last + 1
        while end < min(sentence.end, last + 9):
            norm = norms[end]
            if norm == "," and commas:
                end += 1
                continue
            if norm in _AFTER_STOPS or norm in PLACE or norm[:1].isdigit():
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
            modifies = hit.end < sentence.end and norms[hit.end] in MODIFIED
            if not modifies and (found is None or hit.end > found.end):
                found = hit
        if limit < end and (found is None or found.term.name in ("piece", "that", "rim")):
            inner = next(iter(self.within(limit, end, "owner", "near")), None)
            if inner is not None and (
                found is None or inner.term.name in ("tumor", "node", "omentum")
            ):
                # "a 3 cm button of tumor", "14 cm of ileum"; a rim of peritoneum stays a rim.
                rim = found is not None and found.term.name == "rim"
                found = found if rim else inner
        if found is None and limit == last + 1 < end and self._of_tissue(limit, sentence):
            return Owner("piece", "a piece of tissue", limit, limit + 1)
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
        return owner_of(found)

    def _of_tissue(self, of: int, sentence: Extent) -> bool:
        """ "Removed with 6 cm of dome": the length of what no table names, not of the tumour."""
        at = of + 1 + (self.norms[of + 1 : of + 2] in _ARTICLES)
        word = self.norms[at] if at < sentence.end else ""
        return word[:1].isalpha() and word not in _SIZE_WORDS

    def _clause_follows(self, last: int, sentence: Extent) -> bool:
        """Without punctuation: "it measured 4 cm incision was extended"."""
        first = next(iter(self.within(last + 1, min(last + 4, sentence.end), "owner")), None)
        return first is not None and bool(
            FINITE.intersection(self.norms[first.end : first.end + 1])
        )

    def _of(self, between: list[str]) -> bool:
        """ "A cuff of bladder, 3 x 2 cm"."""
        return between[:1] == ["of"] and between[-1:] == [","] and len(between) < 6

    def _with_it(self, at: int, sentence: Extent) -> bool:
        """ "Excised with the vaginal wall (4 x 3 cm)": the size of what went with the tumour."""
        norms = self.norms
        tissue = at - 2 if norms[at - 1] == "(" else at - 1
        if norms[tissue] not in _TISSUE:
            return False
        near = norms[max(sentence.start, at - 8) : tissue]
        return bool({"with", "including"}.intersection(near)) and "," not in near

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

    def _genitive(self, hit: Hit, sentence: Extent) -> bool:
        """ "The seeds of the bladder flap", "a plaque of the diaphragm": where the tumour sits."""
        if hit.term.name not in ("piece", "bowel"):
            return False
        at = hit.start - 1
        while at > hit.start - 4 and self.norms[at] in _SITED:
            at -= 1
        before = self.within(max(sentence.start, at - 3), at, "owner") if at > 0 else []
        return self.norms[at] == "of" and any(
            h.end == at and h.term.name == "tumor" for h in before
        )

    def _manner(self, hit: Hit, sentence: Extent) -> bool:
        """ "Cut out in a single patch, 2 cm": how the tumour left, and the size is its own."""
        following = self.norms[hit.end : hit.end + 1]
        if self.norms[hit.end - 1] not in _WHOLE_PIECES or following == ["of"]:
            return False
        at = hit.start - 1
        while at > sentence.start and self.norms[at] in _SINGLE:
            at -= 1
        return at < hit.start - 1 and self.norms[at] in _MANNER

    def _preceding(
        self, at: int, sentence: Extent, *, skip_references: bool = False
    ) -> Owner | None:
        """The nearest noun in front that is no landmark: "the nodule, 2 cm", "a margin of 1 cm"."""
        if self._with_it(at, sentence):
            return Owner("piece", "a piece of tissue", at - 2, at - 1)
        kinds = ("owner", "near") if skip_references else ("owner", "near", "refer")
        fallback: Owner | None = None
        label = self.label(sentence, at)
        back = at - 1
        while back > sentence.start and self.norms[back] in _ABOUT:
            back -= 1
        of_it = self.norms[back] == "of"
        for hit in reversed(self.within(sentence.start, at, *kinds)):
            if hit.end > at or hit.start < label - 1:
                continue
            if hit.term.kind == "refer" and self.within(hit.start, hit.start + 1, "owner"):
                continue  # "its bed"
            between = self.norms[hit.end : at]
            touching = all(n in BETWEEN for n in between)
            bound = touching or (of_it and len(between) < 5 and "of" in between[:1])
            if (
                hit.term.name == "place"
                or self._manner(hit, sentence)
                or self._genitive(hit, sentence)
            ):
                continue
            listing = ":" in between
            if listing and hit.term.name == "margin" and self.norms[hit.end - 1] == "peritoneum":
                continue
            if hit.term.kind == "near" and (
                not ((bound and between) or self._of(between))
                or (listing and between[0] != ":")  # "excised with a rim of peritoneum: 2 and 3 cm"
                or self.norms[hit.start - 1] in (":", ";")  # "cuff - 3 cm; gutter - 2 cm"
            ):
                continue
            if label >= 0 and hit.term.name != "tumor" and not touching:
                continue
            if hit.term.name != "that":
                if hit.end < sentence.end and self.norms[hit.end] in MODIFIED:
                    continue
                place = self.landmark(hit, sentence)
                if bound and hit.term.name == "tumor" and place in _CARRYING:
                    return owner_of(hit)  # "the omental rest with a conglomerate of 6 cm"
                stalk = self.norms[hit.end - 1] in _STALKS and between[:1] in ([","], ["of"], ["("])
                if place and not (bound and hit.term.name in _BOUND) and not stalk:
                    if hit.term.name == "tumor" and fallback is None and place in ("with", "w"):
                        fallback = owner_of(hit)
                        if listing:
                            return fallback  # "with two deposits besides: 2 cm and 3 cm"
                    continue
            elif self.norms[hit.start - 1] in _APART:
                continue  # "two deposits apart from these: 2 cm and 3 cm"
            elif not touching and len(between) > (8 if hit.start > sentence.start + 1 else 24):
                continue
            return owner_of(hit)._replace(labelled=label >= 0 and hit.term.name == "tumor")
        if label >= 0:
            start = max(label - 1, sentence.start)
            return Owner("tumor", "a resected tumour", start, label + 1, labelled=True)
        return fallback
