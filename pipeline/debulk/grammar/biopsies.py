"""Biopsies: "a biopsy was taken of the edge of the omentum", "a wedge was cut from it"."""

from __future__ import annotations

from collections.abc import Iterator

from debulk.grammar.emit import CLAIMED, SAMPLES
from debulk.grammar.find import Find
from debulk.grammar.sentence import Sentence
from debulk.page import Extent
from debulk.tables import wordset

_OBTAINED = wordset("biopsy_verbs")
_CUT = frozenset({"cut", "clipped", "snipped", "taken", "path", "pathology"})
_PIECES = SAMPLES | {"snipped"}
_OF = {
    "omentum": "omental_biopsy",
    "peritoneum": "peritoneal_biopsy",
    "peritoneal_site": "peritoneal_biopsy",
    "diaphragm": "peritoneal_biopsy",
    "liver": "liver_biopsy",
    "tumor": "peritoneal_biopsy",
}
_PROVED = wordset("proved")
_NEAR = 16  # words between a piece and the omentum that it was cut from
_RESECTED = ("omentectomy", "peritonectomy", "tumor_excision")


def biopsied(s: Sentence) -> Iterator[Find]:
    """The biopsies of a sentence that speaks of one, or of a piece that was cut."""
    if "biopsy" in s.inside:
        if _OBTAINED.intersection(s.inside):
            yield from _from(s, s.start + s.inside.index("biopsy"))
    elif _PIECES.intersection(s.inside) and _CUT.intersection(s.inside):
        at = s.start + next(i for i, n in enumerate(s.inside) if n in _PIECES)
        cut = next((i for i, n in enumerate(s.inside, s.start) if n in _CUT), at)
        omentum = [h for h in s.things if h.term.name == "omentum" and abs(h.start - at) <= _NEAR]
        if abs(cut - at) > _NEAR:
            return
        if omentum and not any((h.start, c) in s.told for h in omentum for c in CLAIMED):
            yield from _from(s, at)


def _from(s: Sentence, at: int) -> Iterator[Find]:
    for hit in s.things:
        far = hit.start - at > 30 or at - hit.start > (_NEAR if hit.term.name == "omentum" else 3)
        concept = _OF.get(hit.term.name)
        if concept is None or far or (hit.start, concept) in s.told:
            continue
        if any((hit.start, c) in s.told for c in _RESECTED):
            continue
        if not _PROVED.isdisjoint(s.norms[at : hit.start]):
            continue  # "biopsy of the apex confirmed recurrence"
        s.told[(hit.start, concept)] = at
        start, end = min(at, hit.start), max(at + 1, hit.end)
        yield Find(concept, start, end, Extent(at, at + 1), {})
