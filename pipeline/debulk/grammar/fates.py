"""Organs without an action: left in situ, or already gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from debulk.grammar.basins import usual_of
from debulk.grammar.denied import closed_basins, let_be, spoken_before
from debulk.grammar.find import Find
from debulk.grammar.rules import fate_marks, fate_words, fates
from debulk.grammar.sentence import Sentence
from debulk.lexicon import Hit
from debulk.page import Extent
from debulk.tables import wordset

_HINTS = wordset("hint_organs")
_SHORT = (["left"], ["was", "left"], ["were", "left"], ["kept"])
_EARLIER = frozenset({"history", "indications"})
_NOT = frozenset({"not", "never", "unable", "cannot"})
_REMAINED = frozenset({"left", "remaining", "remained", "remains", "behind"})
_GROWTHS = frozenset({"mass", "tumor", "cyst", "lesion", "tenderness", "enlargement", "nodule"})
_LACKS = (["there", "was", "no"], ["there", "is", "no"], ["there", "were", "no"])
_BOWEL = frozenset({"colon", "small_bowel", "rectosigmoid"})
_STAYED = frozenset({"kept", "saved", "stayed", "stays", "remain", "remains", "left", "spared"})
_RESECTED = frozenset("resected removed spared preserved excised taken".split())


def lacking(s: Sentence) -> Iterator[Find]:
    """ "No uterus, no adnexa", "left without uterus, tubes, ovaries or omentum"."""
    opens = s.norms[s.start : s.start + 1] == ["no"] or s.norms[s.start : s.start + 3] in _LACKS
    if not opens and any(a.term.name in ("remove", "take", "biopsy") for a in s.actions):
        return
    lacks, last = False, None
    for hit in s.things:
        before = s.norms[max(s.start, hit.start - 2) : hit.start]
        if {"no", "without"} & set(before):
            lacks = hit.term.name in _HINTS
        elif not (lacks and last is not None and s.roles.joined(hit, last)):
            lacks = False
        last = hit
        if (
            not lacks
            or hit.term.name not in _HINTS
            or _is_cake(s, hit)
            or not _GROWTHS.isdisjoint(s.norms[hit.start : hit.end + 2])  # "no adnexal masses"
            or not _REMAINED.isdisjoint(s.norms[hit.end : hit.end + 3])  # "no omentum was left"
        ):
            continue
        for concept, _ in usual_of(s, hit):
            s.told[(hit.start, concept)] = hit.start
            cue = Extent(max(s.start, hit.start - 1), hit.start)
            yield Find(concept, *_at(hit), _at(hit), dict(hit.term.attributes), cue, "historical")


def _kept(s: Sentence, at: Extent) -> bool:
    """ "The colon stayed."; "the cecum stayed pink" is no word on its resection."""
    following = s.norms[at.end] if at.end < s.end else "."
    return s.norms[at.end - 1] in _STAYED and not following.isalpha()


def _is_cake(s: Sentence, hit: Hit) -> bool:
    """ "No omental caking": of tumour, not of the organ."""
    return any(norm.startswith("cak") for norm in s.norms[hit.start : hit.end + 1])


def fated(s: Sentence) -> Iterator[Find]:
    """Organs that were left, or found to be gone."""
    if (not s.things and not s.memory.carried) or fate_marks().isdisjoint(s.inside):
        return
    for clause in s.page.clauses(s.extent):
        fate, at = _fate(s.norms, clause)
        if not fate or (fate == "not_performed" and s.section in _EARLIER):
            continue  # "the ovaries being kept" at an earlier operation
        short = s.norms[at.start : at.end] in _SHORT
        if fate == "not_performed":
            yield from spoken_before(s, clause, at)
            yield from closed_basins(s, clause, at, places=False)
        for hit in s.things:
            if not clause.start <= hit.start < clause.end or s.is_told(hit):
                continue
            own = s.norms[at.end : at.end + 1] in (["it"], ["them"]) and hit == _before(s, at)
            if s.norms[at.start] == "which" and not 0 <= at.start - hit.end <= 1:
                continue  # "up to the mesenteric artery, which we kept"
            if short and not own and not 0 <= at.start - s.last_joined(hit).end <= 4:
                continue
            if fate == "historical" and "," in s.norms[s.last_joined(hit).end : at.start]:
                continue  # "shrinkage of the cake, ascites gone"
            if fate == "historical" and (
                hit.term.name == "node"
                or (hit.start > at.end and "," in s.norms[at.end : hit.start])
            ):
                continue
            said = s.norms[at.start : at.end]
            if hit.term.name in _BOWEL and (
                (_RESECTED.isdisjoint(said) and not _kept(s, at))
                or not 0 <= at.start - s.last_joined(hit).end <= 4
            ):
                continue  # "the colon was not entered": no word on its resection
            if fate != "historical" and s.role[hit.start] == "landmark":
                continue
            if fate == "not_performed" and s.norms[hit.start - 1] == "no":
                continue  # "so that no omentum was left"
            if any(hit.end <= r.start and 0 <= at.start - r.end <= 1 for r in s.regions):
                continue  # "the aortic chain out to the renal vein, IMA spared"
            yield from let_be(s, hit, at, fate)


def _before(s: Sentence, at: Extent) -> Hit | None:
    """ "The spleen had a funny color, and we kept it": the last organ in front of the pronoun."""
    found = [h for h in s.things if h.end <= at.start and s.role[h.start] != "landmark"]
    return found[-1] if found else None


def _fate(norms: Sequence[str], clause: Extent) -> tuple[str, Extent]:
    table, first = fates(), fate_words()
    begins = [at for at in range(clause.start, clause.end) if norms[at] in first]
    if not begins:
        return "", clause
    for length in (5, 4, 3, 2, 1):
        for at in begins:
            if at + length > clause.end:
                break
            phrase = " ".join(norms[at : at + length])
            status = table.get(phrase)
            if status == "not_performed" and not _NOT.isdisjoint(norms[max(0, at - 4) : at]):
                continue  # "the loop could not be saved"
            if norms[at + length : at + length + 1] == ["no"]:
                continue  # "leaving no omentum behind"
            if phrase == "gone" and norms[at + 1 : at + 2] in (["to"], ["into"], ["on"]):
                continue  # "the cake has gone to a firm strip"
            if status and not _is_side(norms, at, length):
                return status, Extent(at, at + length)
    return "", clause


def _is_side(norms: Sequence[str], at: int, length: int) -> bool:
    """A bare "left" is the side of something unless nothing follows that it could belong to."""
    if norms[at + length - 1] != "left" or length > 2:
        return False
    following = norms[at + length] if at + length < len(norms) else "."
    before = norms[at - 1] if at else ""
    if "right" in norms[max(0, at - 3) : at]:
        return True  # "nodes pelvic right, left"
    alone = (".", ",", ";", "alone", "there", "untouched", "undisturbed", "behind", "where", "as")
    return following not in alone or before in ("the", "on", "and")


def _at(hit: Hit) -> Extent:
    return Extent(hit.start, hit.end)
