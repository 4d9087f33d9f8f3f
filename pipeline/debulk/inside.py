"""Does a tumour leave inside an organ that is removed and coded itself?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from debulk.lexicon import Hit
from debulk.owners import Owners
from debulk.page import Extent, Page
from debulk.references import Owner

_ORGAN_OF = {
    "small_bowel": ("small_bowel_resection",), "colon": ("colectomy", "rectosigmoid_resection"),
    "rectosigmoid": ("rectosigmoid_resection",), "spleen": ("splenectomy",),
    "pancreas_tail": ("distal_pancreatectomy",), "liver": ("liver_resection",),
    "uterus": ("hysterectomy",), "ovary": ("salpingo_oophorectomy", "oophorectomy"),
    "adnexa": ("salpingo_oophorectomy", "oophorectomy"), "appendix": ("appendectomy",),
    "tube": ("salpingo_oophorectomy", "salpingectomy"), "bladder_wall": ("bladder_resection",),
    "gallbladder": ("cholecystectomy",), "diaphragm_muscle": ("diaphragm_resection",),
    "diaphragm": ("diaphragm_resection",),
}  # fmt: skip
ORGAN_WORK = frozenset(c for each in _ORGAN_OF.values() for c in each) | {
    "pelvic_exenteration", "pelvic_lymphadenectomy", "paraaortic_lymphadenectomy",
}  # fmt: skip
_INTO = frozenset(
    "in of inside within invading into replacing involving through arising from with w".split()
)
_SURFACES = frozenset(
    "mesentery mesentary mesenteric mesocolon mesosigmoid serosa wall surface epiploic fat "
    "capsule peritoneum fossa gutter bed reflection lig ligament falciform".split()
)
_WHOLE = frozenset("spleen appendix gallbladder uterus ovary tube adnexa".split())
_OWN = frozenset("capsule surface serosa wall".split())
_BOWEL = frozenset({"small_bowel_resection", "colectomy", "rectosigmoid_resection"})
_PIECES = frozenset("wedge segment disc disk ellipse portion piece part loop button".split())
_MEASURE = frozenset("cm mm of the a an segment loop length short about approximately some".split())
_ON = (["on", "the"], ["on"], ["at", "the"], ["of", "the"])
_OF_IT = frozenset("hilar hilum capsule capsular pole tip surface its".split())
_HELD = frozenset("replaced contained containing harbored harboring occupied".split())
_COMPANY = (["with", "the"], ["within", "the"], ["inside", "the"])


class Telling(NamedTuple):
    """A tumour with its size, and the sentence that tells of it."""

    owner: Owner
    at: int
    last: int
    sentence: Extent
    excised: bool  # the sentence tells of its excision
    organ: bool  # the sentence tells of an organ's removal
    sheet: bool = False  # the sentence before strips or excises, and removes no organ


def leaves_inside(page: Page, owners: Owners, done: AbstractSet[str], told: Telling) -> bool:
    """By the words around it ("in its wall") or by an organ beside it that was removed."""
    if "pelvic_exenteration" in done:
        return True
    owner, sentence, norms = told.owner, told.sentence, page.norms
    low, high = min(owner.start, told.at), max(owner.end, told.last + 1)
    end = min(sentence.end, high + 8)
    held = owners.within(low, min(sentence.end, high + 18), "inside")
    if any(norms[hit.end - 1] != "it" or _spoken(page, owners, done, told) for hit in held) and (
        done & ORGAN_WORK
        or any(h.term.name == "bowel" for h in owners.within(sentence.start, low, "owner"))
    ):
        return True
    if told.organ and owners.within(sentence.start, sentence.end, "company"):
        return True
    lobed = {"segment", "lobe"}.intersection(norms[high : min(end, high + 4)])
    if lobed and ("liver_resection" in done or "liver" in norms[sentence.start : sentence.end]):
        return not _SURFACES.intersection(norms[high:end])
    if told.organ and not told.excised and not _SURFACES.intersection(norms[low:high]):
        return True
    for bowel in owners.within(max(low - 6, sentence.start), low, "owner"):
        if (
            bowel.term.name == "bowel"
            and done & _BOWEL
            and not told.excised
            and not _SURFACES.intersection(norms[bowel.start : bowel.end + 1])
            and not _surface_of(norms, bowel.start)
            and _holds(norms, owner, bowel.start, bowel.end)
        ):
            return True
    far = min(sentence.end, high + 20)
    first = bisect_left(page.hits, max(low - 12, sentence.start), key=lambda hit: hit.start)
    for hit in page.hits[first:]:
        if hit.start >= far:
            break
        if hit.term.kind != "organ" or done.isdisjoint(_ORGAN_OF.get(hit.term.name, ())):
            continue
        if _on_surface(norms, hit, done):
            continue
        if hit.end <= low - 6 and not _HELD.intersection(norms[hit.end : low]):
            continue
        if norms[hit.start - 2 : hit.start] in _COMPANY or _beside(norms, hit, high):
            return True
        if hit.start >= end:
            continue
        if _its(norms, hit, owner, sentence) or _part(norms, hit, low):
            return True
        if not told.excised and (
            _holds(norms, owner, hit.start, hit.end)
            or (hit.term.name in _WHOLE and norms[max(owner.end, told.last + 1) : hit.start] in _ON)
        ):
            return True
    return False


def _on_surface(norms: list[str], hit: Hit, done: AbstractSet[str]) -> bool:
    """On a serosa or a mesentery; what sits on an organ that is removed whole leaves with it."""
    own = norms[hit.start : hit.end] if not hit.term.name.endswith("_wall") else []
    surfaces = _SURFACES.intersection([*own, *norms[hit.end : hit.end + 1]])
    surfaces |= _surface_of(norms, hit.start)
    return bool(surfaces) and not (hit.term.name in _WHOLE and surfaces <= _OWN)


def _beside(norms: list[str], hit: Hit, high: int) -> bool:
    """ "The recurrence was removed together with 16 cm of rectosigmoid"."""
    for back in range(hit.start - 1, max(high, hit.start - 8), -1):
        if norms[back] == "with":
            return True
        if not (norms[back] in _MEASURE or norms[back][:1].isdigit()):
            return False
    return False


def _spoken(page: Page, owners: Owners, done: AbstractSet[str], told: Telling) -> bool:
    """Does "it" mean an organ that was removed: does this sentence or the last one name one?"""
    if told.sheet:
        return False
    sentence = told.sentence
    before = page.sentences[max(0, owners.sentence(sentence.start) - 1)]
    first = bisect_left(page.hits, before.start, key=lambda hit: hit.start)
    for hit in page.hits[first:]:
        if hit.start >= sentence.end:
            break
        if hit.term.kind == "organ" and done & set(_ORGAN_OF.get(hit.term.name, ())):
            return True
    return any(h.term.name == "bowel" for h in owners.within(sentence.start, told.at, "owner"))


def _part(norms: list[str], hit: Hit, low: int) -> bool:
    """ "A wedge of liver with a 3 cm metastasis was resected"."""
    return (
        hit.end <= low
        and norms[hit.end] in ("with", "w", "containing", "bearing", "carrying")
        and bool(_PIECES.intersection(norms[max(0, hit.start - 3) : hit.end]))
        and len(norms[hit.end : low]) < 5
    )


def _its(norms: list[str], hit: Hit, owner: Owner, sentence: Extent) -> bool:
    """ "Spleen, hilar deposit", "spleen, with the deposit in its hilum": an organ removed whole."""
    if hit.term.name not in _WHOLE:
        return False
    near = norms[hit.end : owner.end + 4]
    return (
        sentence.start <= hit.start < sentence.start + 3
        and hit.start < owner.start
        and bool(_OF_IT.intersection(near))
        and len(near) < 16
    )


def _surface_of(norms: list[str], start: int) -> set[str]:
    """ "The mesentery of the ileum", "serosa of jejunum": a part that stays."""
    at = start - 1 - (norms[start - 1] == "the")
    return {norms[at - 1]} & _SURFACES if at > 0 and norms[at] == "of" else set()


def _holds(norms: list[str], owner: Owner, start: int, end: int) -> bool:
    """Does the organ at these words hold the tumour: "an ileal tumor", "a nodule in the liver"?"""
    behind = start >= owner.end
    if not behind and _HELD.intersection(norms[end : owner.start]):
        return True
    between = norms[owner.end : start] if behind else norms[end : owner.start]
    if "," in between or "and" in between or _SURFACES.intersection(between):
        return False
    if behind:
        return bool(_INTO.intersection(between)) and len(between) < 9
    return start < owner.start and (not between or "with" in between or "w" in between)
