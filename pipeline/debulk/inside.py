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
SURFACES = frozenset(
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
_WITHIN = frozenset({"inside", "within"})
_ORGANS = frozenset("loop segment colon sigmoid rectum spleen bowel specimen wedge organ".split())
_PARTS = frozenset({"piece", "bowel", "rim"})
_CARRY = frozenset("with w bearing carrying containing harboring holding including".split())
_ARTICLES = frozenset("a an the its one".split())
_HOLDS = frozenset("held had has contained bore carried harbored housed showed".split())
_TOGETHER = frozenset("bloc block together along continuity conjunction".split())
_HILUM = frozenset({"hilum", "hilar"})
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
    after_organ: bool = False  # the sentence before tells of an organ's removal


def leaves_inside(page: Page, owners: Owners, done: AbstractSet[str], told: Telling) -> bool:
    """By the words around it ("in its wall") or by an organ beside it that was removed."""
    if "pelvic_exenteration" in done:
        return True
    owner, sentence, norms = told.owner, told.sentence, page.norms
    low, high = min(owner.start, told.at), max(owner.end, told.last + 1)
    end = min(sentence.end, high + 8)
    held = owners.within(low, min(sentence.end, high + 18), "inside")
    if any(norms[hit.start] in _WITHIN and norms[hit.end - 1] in _ORGANS for hit in held):
        return True
    if any(norms[hit.end - 1] != "it" or _spoken(page, owners, done, told) for hit in held) and (
        done & ORGAN_WORK
        or any(h.term.name == "bowel" for h in owners.within(sentence.start, low, "owner"))
        or any(norms[hit.end - 1] == "it" for hit in held)
    ):
        return True
    if (
        _carrying(page, owners, told)
        or _held_by(page, owners, told)
        or _in_company(page, owners, told, high)
    ):
        return True
    if told.organ and owners.within(sentence.start, sentence.end, "company"):
        return True
    if _in_hilum(norms[low : min(end, high + 5)], done):
        return True
    if norms[owner.end : owner.end + 1] == ["itself"] and _out_with(page, owners, told):
        return True
    lobed = {"segment", "lobe"}.intersection(norms[high : min(end, high + 4)])
    if lobed and ("liver_resection" in done or "liver" in norms[sentence.start : sentence.end]):
        return not SURFACES.intersection(norms[high:end])
    if told.organ and not told.excised and not SURFACES.intersection(norms[low:high]):
        return True
    for bowel in owners.within(max(low - 6, sentence.start), low, "owner"):
        if (
            bowel.term.name == "bowel"
            and done & _BOWEL
            and not told.excised
            and not SURFACES.intersection(norms[bowel.start : bowel.end + 1])
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


def _carrying(page: Page, owners: Owners, told: Telling) -> bool:
    """ "The ileocecal region, with a 6 cm tumor, was resected": the organ is what was removed."""
    norms, sentence = page.norms, told.sentence
    at = min(told.owner.start, told.at) - 1
    while at > sentence.start and norms[at] in _ARTICLES:
        at -= 1
    if norms[at] not in _CARRY or not owners.within(told.at, sentence.end, "removed"):
        return False
    at -= norms[at - 1] == ","
    low = max(sentence.start, at - 6)
    if not SURFACES.isdisjoint(norms[low:at]):
        return False
    bowel = owners.within(low, at, "owner")
    ends = [hit.end for hit in bowel if hit.term.name == "bowel"]
    ends += [h.end for h in organs_within(page, low, at) if h.term.name != "diaphragm"]
    wall = norms[at - 1] == "bladder" and norms[at - 2] in ("of", "the")
    return at in ends or (wall and not _PIECES.isdisjoint(norms[low:at]))


def _in_company(page: Page, owners: Owners, told: Telling, high: int) -> bool:
    """ "Removed en bloc with the spleen", "removed with a wedge of liver"."""
    norms, end = page.norms, min(told.sentence.end, high + 14)
    for hit in organs_within(page, high, end):
        if not SURFACES.isdisjoint(norms[hit.start : hit.end + 1]):
            continue
        low = max(high, hit.start - 6)
        words = norms[low : hit.start]
        if "with" not in words or not owners.within(high, low + words.index("with"), "removed"):
            continue
        at = low + words.index("with")
        between = norms[at + 1 : hit.start]
        together = norms[at - 1] in _TOGETHER and set(between) <= {"the", "her", "whole"}
        if (
            together
            or norms[hit.start] in _PIECES
            or (not _PIECES.isdisjoint(between) and between[-1:] == ["of"])
        ):
            return True
    return False


def _held_by(page: Page, owners: Owners, told: Telling) -> bool:
    """ "Splenectomy. The organ held a 5 cm metastasis", "the specimen had a 9 cm tumor"."""
    norms, sentence = page.norms, told.sentence
    at = min(told.owner.start, told.at)
    for verb in range(max(sentence.start + 1, at - 4), at):
        if norms[verb] not in _HOLDS:
            continue
        noun = norms[verb - 1 - (norms[verb - 1] in ("itself", "alone"))]
        if noun in ("organ", "spleen", "loop", "segment"):
            return True
        return noun == "specimen" and (told.organ or told.after_organ)
    return False


def _in_hilum(words: list[str], done: AbstractSet[str]) -> bool:
    """ "Something in the splenic hilum, 3 cm": it leaves with the spleen."""
    spleen = {"splenic", "spleen"}.intersection(words)
    return "splenectomy" in done and bool(spleen and _HILUM.intersection(words))


def _out_with(page: Page, owners: Owners, told: Telling) -> bool:
    """ "Ellipse of diaphragm taken with lesion; lesion itself 4 cm": the rest is an organ's."""
    before = page.sentences[max(0, owners.sentence(told.sentence.start) - 1)]
    start, end = before.start, told.owner.start
    if not owners.within(start, end, "removed"):
        return False
    for piece in owners.within(start, end, "owner", "near"):
        at = piece.end + 1 + (page.norms[piece.end + 1 : piece.end + 2] == ["the"])
        if piece.term.name in _PARTS and page.norms[piece.end : piece.end + 1] == ["of"]:
            found = organs_within(page, at, min(at + 1, end))
            if any(SURFACES.isdisjoint(page.norms[h.start : h.end + 1]) for h in found):
                return True
    return False


def organs_within(page: Page, start: int, end: int) -> list[Hit]:
    """The organs among these words whose removal is coded of its own."""
    low = bisect_left(page.hits, start, key=lambda hit: hit.start)
    high = bisect_left(page.hits, end, key=lambda hit: hit.start)
    return [h for h in page.hits[low:high] if h.term.kind == "organ" and h.term.name in _ORGAN_OF]


def _on_surface(norms: list[str], hit: Hit, done: AbstractSet[str]) -> bool:
    """On a serosa or a mesentery; what sits on an organ that is removed whole leaves with it."""
    own = norms[hit.start : hit.end] if not hit.term.name.endswith("_wall") else []
    surfaces = SURFACES.intersection([*own, *norms[hit.end : hit.end + 1]])
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
    return any(
        h.term.name == "bowel" and (h.start >= sentence.start or not owners.landmark(h, before))
        for h in owners.within(before.start, told.at, "owner")
    )


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
    return {norms[at - 1]} & SURFACES if at > 0 and norms[at] == "of" else set()


def _holds(norms: list[str], owner: Owner, start: int, end: int) -> bool:
    """Does the organ at these words hold the tumour: "an ileal tumor", "a nodule in the liver"?"""
    behind = start >= owner.end
    if not behind and _HELD.intersection(norms[end : owner.start]):
        return True
    between = norms[owner.end : start] if behind else norms[end : owner.start]
    if "," in between or "and" in between or SURFACES.intersection(between):
        return False
    if behind:
        return bool(_INTO.intersection(between)) and len(between) < 9
    return start < owner.start and (not between or "with" in between or "w" in between)
