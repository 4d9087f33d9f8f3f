"""Tumours that stay or are burnt: told in the sentence of the size or in the one beside it."""

from __future__ import annotations

from debulk.page import Extent
from debulk.references import Owner
from debulk.resections import TUMOUR_WORK, Resections

_KEPT = frozenset("kept leaving remained remain stay stayed".split())
_WHAT = (["the"], ["a"], ["it"], ["in"])
_HERE = frozenset("there a an one only".split())
_LEAN = frozenset("it this that these those them both one".split())
_LEAVERS = frozenset("we i was were is are been being and but".split())
_ENDS: tuple[list[str], ...] = (
    [],
    ["."],
    [";"],
    ["alone"],
    [","],
    [")"],
    ["there"],
    ["in"],
    ["behind"],
)
_MARKS = frozenset(": , ( - behind alone".split())
_STILL = frozenset("residual remaining unresected leftover".split())
_ALIKE = frozenset("likewise likewize similarly ditto".split())
_RESIDUES = frozenset("residue residuum rest remainder leftover residual".split())
_ONLY = frozenset("a an the about only just some behind thin but approximately".split())
_LEAVING = frozenset({"leaving", "leave"})
_BURNING = frozenset({"tumor_destruction"})
_REST = frozenset("other others rest remaining remainder smaller".split())


class Remains(Resections):
    """Judges whether the tumour of a length was left behind or destroyed."""

    def left(self, owner: Owner, at: int, last: int, sentence: Extent) -> bool:
        """Told as left behind: right before the noun, or in what follows the size."""
        if self._leaving(at, at) or self._leaving(max(owner.start, sentence.start), at):
            return True
        if self.mention(sentence, TUMOUR_WORK, "performed") is not None:
            return False
        norms = self.norms
        if self._residual(owner, sentence) or self.headed(at, "left"):
            return True
        opening = self.owners.within(sentence.start, min(sentence.start + 2, at), "left")
        if opening and at - opening[-1].end < 6:
            return True  # "What is left is a 4 mm film", "I did not go after the 6 mm grain"
        near = min(owner.start, at) - 4 if owner.start >= sentence.start else at - 8
        low = max(sentence.start, near)
        for hit in self.owners.within(low, sentence.end, "left"):
            gap = norms[hit.end : owner.start] if hit.start < at else norms[last + 1 : hit.start]
            own = norms[hit.start - 1] in ("and", "which", "that")  # "... the vein and remains"
            if (
                not own
                and norms[hit.end - 1] in _KEPT
                and (
                    norms[hit.end : hit.end + 1] in _WHAT
                    or self.owners.within(max(last + 1, hit.start - 3), hit.start, "owner")
                )
            ):
                continue  # "the colon kept", "kept the artery in view"
            if hit.start > last and self._other(hit.start, last, sentence):
                continue
            if len(gap) < 25 and not {";", "but", "with", "there"} & set(gap):
                return True
        for word in range(max(sentence.start + 1, at - 4), at):
            if norms[word] == "left" and norms[word - 1] in _LEAVERS and norms[word + 1] in _MARKS:
                return True  # "the one on the porta I left: 2 cm"
        for word in range(last + 1, min(last + 12, sentence.end)):
            if (
                norms[word] == "left"
                and (word < last + 5 or norms[word - 1] in _LEAVERS)
                and norms[word + 1 : word + 2] in _ENDS
            ):
                return not self._other(word, last, sentence)
        return False

    def _leaving(self, first: int, at: int) -> bool:
        """ "Excised leaving a 4 mm film on the sacrum", "down to a residue of 4 mm"."""
        if self.norms[at - 1] == "of" and self.norms[at - 2] in _RESIDUES:
            return True
        while self.norms[first - 1] in _ONLY:
            first -= 1
        return self.norms[first - 1] in _LEAVING

    def _residual(self, owner: Owner, sentence: Extent) -> bool:
        """ "The residual tumor measures 8 mm", told after the resection and not removed."""
        end = min(sentence.end + 12, len(self.norms))
        return (
            self.norms[owner.start - 1] in _STILL
            and sentence.start <= owner.start
            and self.page.words[owner.start].start > self.first
            and not self.owners.within(sentence.start, end, "removed")
        )

    def left_beside(self, at: int, last: int, sentence: Extent) -> bool:
        """ "One thing stays behind. There is a film on the cava, 8 mm", "... 8 mm. I left it"."""
        owners, norms, page = self.owners, self.norms, self.page
        if owners.within(sentence.start, sentence.end, "removed") or self.mention(
            sentence, TUMOUR_WORK, "performed"
        ):
            return False
        number = owners.sentence(at)
        if number and norms[sentence.start] in _HERE:
            before = page.sentences[number - 1]
            if (
                page.section_of[before.start] == page.section_of[at]
                and owners.within(before.start, before.end, "left")
                and not owners.within(before.start, before.end, "owner", "removed")
            ):
                return True
        if number + 1 >= len(page.sentences):
            return False
        after = page.sentences[number + 1]
        if after.end - after.start > 16 or page.section_of[after.start] not in self.telling:
            return False
        leaning = _LEAN.intersection(norms[after.start : after.end])
        told = norms[after.start] == "left" or bool(
            owners.within(after.start, after.end, "left")
            or any(
                norms[word] == "left" and norms[word + 1] in _LEAN
                for word in range(after.start, after.end - 1)
            )
        )
        hits = owners.within(after.start, after.end, "left")
        end = hits[0].start if hits and norms[after.start] in _LEAN else after.end
        named = owners.within(after.start, end, "owner")
        return bool(leaning) and told and all(hit.term.name == "that" for hit in named)

    def _other(self, at: int, last: int, sentence: Extent) -> bool:
        """Is it another thing that these words leave: "the spleen was fine and left alone"?"""
        named = self.owners.within(max(last + 1, at - 6), at, "owner")
        return bool(named) and all(
            hit.term.name not in ("tumor", "omental", "that", "place", "rest")
            and not self.owners.landmark(hit, sentence)
            for hit in named
        )

    def destroyed(self, last: int, sentence: Extent) -> bool:
        """Burnt, vaporised or touched with the argon beam, and not cut out before."""
        burnt = [h.start for h in self.owners.within(sentence.start, sentence.end, "destroyed")]
        mention = self.mention(sentence, _BURNING, "performed")
        if mention is not None:
            burnt.append(self.word(mention.start))
        if not burnt:
            alike = _ALIKE.intersection(self.norms[last + 1 : sentence.end])
            number = self.owners.sentence(sentence.start)
            before = self.page.sentences[max(0, number - 1)]
            return bool(alike) and number > 0 and self.destroyed(before.start, before)
        cut = [h.start for h in self.owners.within(sentence.start, sentence.end, "removed")]
        following = min((at for at in (*burnt, *cut) if at > last), default=-1)
        if following < 0:
            return not cut
        between = self.norms[last + 1 : following]
        return following in burnt and not (
            _REST.intersection(between) or (between[:1] == [")"] and "," in between)
        )
