"""Does a tumour leave inside an organ that is removed and coded itself?"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Set as AbstractSet
from typing import NamedTuple

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
    "diaphragm": ("diaphragm_resection",), "omentum": ("omentectomy",),
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


def leaves_inside(page: Page, owners: Owners, done: AbstractSet[str], told: Telling) -> bool:
    """By the words around it ("in its wall") or by an organ beside it that was removed."""
    if "pelvic_exenteration" in done:
        return True
    owner, sentence, norms = told.owner, told.sentence, page.norms
    low, high = min(owner.start, told.at), max(owner.end, told.last + 1)
    end = min(sentence.end, high + 8)
    if owners.within(low, end, "inside") and (
        done & ORGAN_WORK
        or any(h.term.name == "bowel" for h in owners.within(sentence.start, low, "owner"))
    ):
        return True
    lobed = {"segment", "lobe"}.intersection(norms[high : min(end, high + 4)])
    if lobed and ("liver_resection" in done or "liver" in norms[sentence.start : sentence.end]):
        return not _SURFACES.intersection(norms[high:end])
    if told.organ and not told.excised and not _SURFACES.intersection(norms[low:high]):
        return True
    first = bisect_left(page.hits, max(low - 12, sentence.start), key=lambda hit: hit.start)
    for hit in page.hits[first:]:
        if hit.start >= end:
            break
        if hit.term.kind != "organ" or done.isdisjoint(_ORGAN_OF.get(hit.term.name, ())):
            continue
        if _SURFACES.intersection(norms[hit.start : hit.end + 1]):
            continue
        if hit.end <= low - 6 and not _HELD.intersection(norms[hit.end : low]):
            continue
        if norms[hit.start - 2 : hit.start] in _COMPANY:
            return True
        if not told.excised and _holds(norms, owner, hit.start, hit.end):
            return True
    return False


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
