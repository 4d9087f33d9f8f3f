"""Organs and node basins that the surgeon says were let be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from debulk.grammar.basins import usual_of
from debulk.grammar.find import Find
from debulk.grammar.rules import BASINS
from debulk.grammar.sentence import Sentence
from debulk.lexicon import Hit
from debulk.page import FINITE, Extent
from debulk.tables import wordset

_EARLIER = frozenset({"history", "indications"})
_DENIALS = wordset("denials")
_UNTOUCHED = wordset("untouched")
_FELT = wordset("felt_only")
_OBJECT = wordset("object_opens")
_BASINS = wordset("named_basins") | frozenset(
    "sidewall side-wall basin retroperitoneum bed field chain groin region area aorta".split()
)
_CUT = frozenset("entered resected taken removed cut opened excised touched sacrificed".split())
_NEED = frozenset({"reason", "need", "point", "indication", "purpose"})
_PRONOUNS = frozenset({"it", "them", "that", "they", "those", "these", "this"})
_LEAVES = frozenset({"left", "leave", "leaving"})
_LEAVING = frozenset({"i", "we", "and", "but", ",", "to", "then", "therefore", "so", "."})
_ALONE = frozenset("alone place situ behind untouched undisturbed be where there intact in".split())
_DID = frozenset("did took do performed made sampled dissected removed".split())
_LET_BE = wordset("hint_organs") | {"node", "diaphragm_muscle", "omentum", "bladder_wall"}
_OMITTED = frozenset("omitted spared not deferred untouched skipped alone kept forgone".split())
_PAIRED = frozenset({"node", "adnexa", "ovary", "tube"})


def denied(s: Sentence) -> Iterator[Find]:
    """ "I did not touch the nodes", "neither basin was opened", "I left the ovaries alone"."""
    if s.section in _EARLIER or (_DENIALS | _LEAVES).isdisjoint(s.inside):
        return
    for clause in s.page.clauses(s.extent):
        for at in (_denial(s.norms, clause), _left_alone(s.norms, clause)):
            if at is None:
                continue
            leaves = s.norms[at.start] in _LEAVES
            yield from spoken_before(s, clause, at)
            for hit in s.things:
                inside = (at.start if leaves else clause.start) <= hit.start < clause.end
                kept = hit.term.name in _LET_BE and s.role[hit.start] != "landmark"
                if inside and kept and not s.is_told(hit):
                    yield from let_be(s, hit, at, "not_performed")
            if not leaves:
                yield from closed_basins(s, clause, at)


def spoken_before(s: Sentence, clause: Extent, at: Extent) -> Iterator[Find]:
    """ "The omentum was soft, and I left it", "It was not taken": the organ spoken of before."""
    near = s.norms[clause.start : min(at.end + 3, clause.end)]
    pronoun = not _PRONOUNS.isdisjoint(near)
    if any(clause.start <= h.start < clause.end and h.term.name in _LET_BE for h in s.things):
        return
    before = [h for h in s.things if h.end <= at.start and s.role[h.start] != "landmark"]
    if before:
        if pronoun or at.start - clause.start < 4:
            hit = before[-1]
            if hit.term.name in _LET_BE and not s.is_told(hit):
                yield from let_be(s, hit, at, "not_performed")
        return
    named = s.norms[at.end : at.end + 1] + s.norms[s.start : s.start + 3]
    # "LNs: soft; not dissected."
    bare = at.start == s.start and s.norms[s.start] not in ("no", "none", "nothing", "neither")
    if clause.start - s.start > 5 or not s.memory.carried:
        return
    if bare or not _PRONOUNS.isdisjoint(named):
        hit = s.memory.carried[-1]
        if hit.term.name in _LET_BE and hit.start < s.start:
            for concept, extra in usual_of(s, hit):
                yield Find(concept, *at, at, {**hit.term.attributes, **extra}, at, "not_performed")


def let_be(s: Sentence, hit: Hit, at: Extent, fate: str) -> Iterator[Find]:
    if hit.term.name == "diaphragm_muscle" and _CUT.isdisjoint(s.norms[at.start : at.end]):
        return  # "the muscle was intact" is no word on its resection
    for concept, extra in usual_of(s, hit):
        s.told[(hit.start, concept)] = at.start
        start, end = min(hit.start, at.start), max(hit.end, at.end)
        if end - start > 14:
            start, end = _at(hit)
        if concept == "adhesiolysis" and fate == "historical":
            continue  # "the absence of any adhesions"
        if concept == "ostomy" and fate == "not_performed":
            fate = "historical"  # a stoma that is left alone was there before
        yield Find(concept, start, end, _at(hit), {**hit.term.attributes, **extra}, at, fate)


def closed_basins(
    s: Sentence, clause: Extent, at: Extent, *, places: bool = True
) -> Iterator[Find]:
    """ "I did not go back into the pelvic sidewalls", "the para-aortics were not"."""
    if any(h.term.name == "node" and clause.start <= h.start < clause.end for h in s.things):
        return
    for region in s.basins:
        named = not _BASINS.isdisjoint(s.norms[region.start : region.end + 1])
        if not clause.start <= region.start < clause.end or not named:
            continue
        if not places and s.roles.landmark(region.start):
            continue  # "Surgicel was left on the sidewall"
        concept = f"{region.term.name}_lymphadenectomy"
        wide = s.norms[region.start] in ("pelvis", "pelvic") and not named
        if region.term.name in BASINS and not wide and not s.is_told(region):
            s.told[(region.start, concept)] = at.start
            yield Find(concept, *_at(region), _at(region), {}, at, "not_performed")


def _denial(norms: Sequence[str], clause: Extent) -> Extent | None:
    """ "Not ... opened", "no ... were taken", "were not."; a denial of a look is none."""
    for at in range(clause.start, clause.end):
        norm = norms[at]
        if norm not in _DENIALS:
            continue
        if norm == "not" and (at + 1 == clause.end or norms[at + 1] in (".", ";", ",", ")")):
            if norms[at - 1] in ("was", "were"):
                return Extent(at - 1, at + 1)
            continue
        if norms[at - 1] in _DID and norm in ("no", "nothing"):
            return Extent(at - 1, at + 1)
        if norms[at - 1] in ("had", "they", "d", "they'd"):
            continue  # "which had not been touched" at the first operation
        firm = norm in ("not", "never") or norms[at - 1] in ("was", "were")
        reach, passive = (5, True) if firm else (9, False)
        for verb in range(at + 1, min(at + reach, clause.end)):
            if norms[verb] in _FELT or norms[verb] in (",", ";", ":", "but"):
                break
            passive = passive or norms[verb] in FINITE or norms[verb] in _NEED
            if norms[verb] in _UNTOUCHED and passive:
                return Extent(at, verb + 1)
    return None


def _left_alone(norms: Sequence[str], clause: Extent) -> Extent | None:
    """ "I left the nodes alone, pelvic and para-aortic"."""
    for at in range(clause.start + 1, clause.end - 1):
        if (
            norms[at] not in _LEAVES
            or norms[at - 1] not in _LEAVING
            or norms[at + 1] not in _OBJECT
        ):
            continue
        if not _ALONE.isdisjoint(norms[at + 2 : clause.end]):
            return Extent(at, at + 1)
    return None


def elliptic(s: Sentence) -> Iterator[Find]:
    """ "The right nodes were dissected, the left omitted": the other side of what was told."""
    if _OMITTED.isdisjoint(s.inside):
        return
    for at in range(s.start + 1, s.end - 2):
        if s.norms[at] not in ("left", "right") or s.norms[at - 1] not in (
            "the",
            ",",
            "and",
            "but",
        ):
            continue
        stop = next((i for i in range(at + 1, min(at + 5, s.end)) if s.norms[i] in _OMITTED), None)
        before = [hit for hit in s.things if hit.end <= at and hit.term.name in _PAIRED]
        if stop is None or not before or not s.is_told(before[-1]):
            continue
        if any(at < h.start < stop for h in s.things):
            continue
        for concept, extra in usual_of(s, before[-1]):
            cue = Extent(at, stop + 1)
            yield Find(concept, *cue, cue, {**extra, "side": s.norms[at]}, cue, "not_performed")


def _at(hit: Hit) -> Extent:
    return Extent(hit.start, hit.end)
