"""Organs without an action: left in situ, already gone, a box of a template, a hint, a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from debulk.grammar.basins import usual_of
from debulk.grammar.emit import CLAIMED
from debulk.grammar.find import Find
from debulk.grammar.rules import fate_words, fates
from debulk.grammar.sentence import Sentence, finite
from debulk.lexicon import Hit
from debulk.page import Extent
from debulk.tables import wordset

_HINTS = wordset("hint_organs")
_LISTED = wordset("listed_organs")
_PARTS_OF = frozenset("mesenteric mesentery mesocolon capsule serosa nodule plaque".split())
_LOOKED = wordset("looked")
_UNDONE = wordset("undone")
_SHORT = (["left"], ["was", "left"], ["were", "left"], ["kept"])
_EARLIER = frozenset({"history", "indications"})
_BEHIND_BOX = (["["], ["("], [","], ["removed"], ["/"])


def _at(hit: Hit) -> Extent:
    return Extent(hit.start, hit.end)


def boxes(s: Sentence) -> Iterator[Find]:
    """Boxes of a template: "[ ] Uterus  [x] Omentum"."""
    for hit in s.things:
        left = s.norms[max(hit.start - 3, 0) : hit.start]
        empty, ticked = left[-2:] == ["[", "]"], left == ["[", "x", "]"]
        alone = hit.end == s.end or s.norms[hit.end : hit.end + 1] in _BEHIND_BOX
        if not (empty or ticked) or not alone:
            continue
        for concept, extra in usual_of(s, hit):
            if extra.get("basin") and ticked:
                continue
            s.told[(hit.start, concept)] = hit.start + 99  # nothing else tells it again
            box = Extent(hit.start - (2 if empty else 3), hit.start)
            fate = "not_performed" if empty else "performed"
            attributes = {**hit.term.attributes, **extra}
            yield Find(concept, *_at(hit), _at(hit), attributes, box, fate)


def lacking(s: Sentence) -> Iterator[Find]:
    """ "No uterus, no adnexa", "left without uterus, tubes, ovaries or omentum"."""
    if any(a.term.name in ("remove", "take", "biopsy") for a in s.actions):
        return
    lacks, last = False, None
    for hit in s.things:
        before = s.norms[max(s.start, hit.start - 2) : hit.start]
        if {"no", "without"} & set(before):
            lacks = hit.term.name in _HINTS
        elif not (lacks and last is not None and s.roles.joined(hit, last)):
            lacks = False
        last = hit
        if not lacks or hit.term.name not in _HINTS or s.norms[hit.end : hit.end + 1] == ["left"]:
            continue
        for concept, _ in usual_of(s, hit):
            s.told[(hit.start, concept)] = hit.start
            cue = Extent(max(s.start, hit.start - 1), hit.start)
            yield Find(concept, *_at(hit), _at(hit), dict(hit.term.attributes), cue, "historical")


def fated(s: Sentence) -> Iterator[Find]:
    """Organs that were left, or found to be gone."""
    if not s.things:
        return
    for clause in s.page.clauses(s.extent):
        fate, at = _fate(s.norms, clause)
        if not fate:
            continue
        if fate == "not_performed" and s.section in _EARLIER:
            continue  # "the ovaries being kept" at an earlier operation
        short = s.norms[at.start : at.end] in _SHORT
        for hit in s.things:
            if not clause.start <= hit.start < clause.end or s.is_told(hit):
                continue
            if short and not 0 <= at.start - hit.end <= 4:
                continue
            if fate == "historical" and hit.term.name == "node":
                continue
            if fate != "historical" and s.role[hit.start] == "landmark":
                continue
            if any(hit.end <= r.start and 0 <= at.start - r.end <= 1 for r in s.regions):
                continue  # "the aortic chain out to the renal vein, IMA spared"
            for concept, extra in usual_of(s, hit):
                s.told[(hit.start, concept)] = at.start
                start, end = min(hit.start, at.start), max(hit.end, at.end)
                if end - start > 14:
                    start, end = _at(hit)
                attributes = {**hit.term.attributes, **extra}
                yield Find(concept, start, end, _at(hit), attributes, at, fate)


def _fate(norms: Sequence[str], clause: Extent) -> tuple[str, Extent]:
    table = fates()
    if not fate_words().intersection(norms[clause.start : clause.end]):
        return "", clause
    for length in (5, 4, 3, 2, 1):
        for at in range(clause.start, clause.end - length + 1):
            status = table.get(" ".join(norms[at : at + length]))
            if status and not _is_side(norms, at, length):
                return status, Extent(at, at + length)
    return "", clause


def _is_side(norms: Sequence[str], at: int, length: int) -> bool:
    """A bare "left" is the side of something unless nothing follows that it could belong to."""
    if norms[at + length - 1] != "left" or length > 2:
        return False
    following = norms[at + length] if at + length < len(norms) else "."
    before = norms[at - 1] if at else ""
    alone = (".", ",", ";", "alone", "there", "untouched", "undisturbed", "behind")
    return following not in alone or before in ("the", "on", "and")


def hinted(s: Sentence) -> Iterator[Find]:
    """Organs spoken of in the narrative: too little alone, enough beside a procedure list."""
    verb = finite(s.inside)
    removed = any(a.term.name in ("remove", "take") for a in s.actions)
    if verb and not removed and (not s.actions or _LOOKED.intersection(s.inside)):
        return
    if not verb and not _UNDONE.intersection(s.inside):
        for region in s.regions:
            if region.term.name in ("pelvic", "paraaortic"):
                concept = f"{region.term.name}_lymphadenectomy"
                yield Find(concept, *_at(region), _at(region), {"weak": "yes"})
    for hit in s.things:
        if s.role[hit.start] == "landmark" or s.is_told(hit) or hit.term.name not in _HINTS:
            continue
        for concept, extra in usual_of(s, hit):
            if concept in CLAIMED and not extra:
                yield Find(concept, *_at(hit), _at(hit), {**hit.term.attributes, "weak": "yes"})


def companions(s: Sentence, spoken: Sequence[Hit]) -> Iterator[Find]:
    """ "(hysterectomy, both tubes and ovaries, omentum)": organs in a list of procedures."""
    chain = sorted([*spoken, *s.things], key=lambda h: h.start)
    listing = False
    for before, hit in pairwise(chain):
        if before.term.kind == "procedure":
            listing = before.term.name in CLAIMED
        joined = listing and s.roles.joined(hit, before)
        if hit.term.kind == "procedure":
            continue
        listing = joined and hit.term.name in _HINTS
        if not listing or s.is_told(hit):
            continue
        for concept, extra in usual_of(s, hit):
            if not extra:
                s.told[(hit.start, concept)] = hit.start
                yield Find(concept, *_at(hit), _at(hit), dict(hit.term.attributes))


def listed(s: Sentence) -> Iterator[Find]:
    """A specimen list tells what left the body; a procedure list may name the organ alone."""
    title = s.section == "title"
    if title and (finite(s.inside) or _LOOKED.intersection(s.inside)):
        return
    for hit in s.things:
        if title and (s.role[hit.start] == "landmark" or hit.term.name not in _LISTED):
            continue
        if s.is_told(hit) or hit.term.name in ("tumor", "vessel"):
            continue
        if _PARTS_OF.intersection(s.norms[hit.end : hit.end + 1]):
            continue  # "sigmoid mesenteric plaque", "spleen capsule: intact"
        around = s.norms[max(0, hit.start - 4) : hit.end + 3]
        if "biopsy" in around or "from" in around or around[2:4] == ["[", "]"]:
            continue
        for concept, extra in usual_of(s, hit):
            if extra.get("basin") or concept == "ostomy":
                continue
            s.told[(hit.start, concept)] = hit.start
            attributes = {**hit.term.attributes, **extra, "from": s.section}
            yield Find(concept, *_at(hit), _at(hit), attributes)
