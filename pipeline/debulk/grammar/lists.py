"""Organs in boxes and lists: of a template, of specimens, of procedures, of what was agreed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from debulk import years
from debulk.grammar.basins import usual_of
from debulk.grammar.emit import CLAIMED
from debulk.grammar.find import Find
from debulk.grammar.sentence import Sentence, finite
from debulk.labels import fate
from debulk.lexicon import Hit
from debulk.page import Extent
from debulk.tables import wordset

_HINTS = wordset("hint_organs")
_LISTED = wordset("listed_organs")
_PARTS_OF = frozenset(
    "mesenteric mesentery mesocolon capsule serosa serosal nodule plaque implant deposit "
    "epiploic epiploica tumor lesion wall".split()
)
_CANCERS = frozenset(
    "carcinoma cancer sarcoma adenocarcinoma malignancy leiomyosarcoma carcinosarcoma ca".split()
)
_LOOKED = wordset("looked")
_UNDONE = wordset("undone")
_LET_BE = _HINTS | {"node", "diaphragm_muscle", "omentum", "bladder_wall"}
_AGREED = wordset("agreed")
_BEHIND_BOX = (["["], ["("], [","], ["removed"], ["/"])
_HOLDS = frozenset(
    "show shows contain contains contained containing comprise comprised comprising "
    "consisted consisting included including holds held with was is , :".split()
)
_WHOLE = frozenset({"specimen", "block", "bloc"})
_SEPARATES = ([":"], ["-"], ["\u2013"], ["\u2014"], ["="])
_TODAY = frozenset({"title", "specimens", "postop_diagnosis", "not_performed"})
_ORDER = frozenset("first original previous prior earlier initial former".split())
_OPERATION = frozenset("operation surgery debulking treatment procedure laparotomy time".split())


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


def listed(s: Sentence) -> Iterator[Find]:
    """A specimen list tells what left the body; a procedure list may name the organ alone."""
    title = s.section == "title"
    if title and (finite(s.inside) or _LOOKED.intersection(s.inside)):
        return
    for hit in s.things:
        if title and (s.role[hit.start] == "landmark" or hit.term.name not in _LISTED):
            continue
        if not _CANCERS.isdisjoint(s.norms[max(s.start, hit.start - 4) : hit.start]):
            continue  # "debulking of recurrent carcinoma of the uterus"
        if s.is_told(hit) or hit.term.name in ("tumor", "vessel"):
            continue
        if s.norms[hit.start : hit.end] == ["tissue"]:
            continue  # "Tissue: pelvic peritoneum"
        behind = s.norms[hit.end : hit.end + 3]
        if _PARTS_OF.intersection(behind[:1]) or (
            behind[:1] == ["and"] and _PARTS_OF.intersection(behind)
        ):
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


def contained(s: Sentence) -> Iterator[Find]:
    """ "The specimen shows corpus, cervix, tubes, ovaries": what a specimen holds was removed."""
    if s.section not in ("narrative", "findings"):
        return
    at = next((i for i, n in enumerate(s.inside, s.start) if n in _WHOLE), None)
    if at is None:
        return
    listed_behind = ":" in s.norms[at : s.end] and any(a.term.name == "remove" for a in s.actions)
    if not listed_behind and (
        s.norms[at] != "specimen" or _HOLDS.isdisjoint(s.norms[at + 1 : at + 4])
    ):
        return
    at = s.start + s.inside.index(":") if listed_behind else at
    for hit in s.things:
        if not at < hit.start < at + 30 or s.is_told(hit):
            continue
        if hit.term.name == "cervical_stump":
            hit = hit._replace(term=hit.term._replace(name="uterus"))
        if hit.term.name in _HINTS:
            for concept, extra in usual_of(s, hit):
                s.told[(hit.start, concept)] = hit.start
                yield Find(concept, *_at(hit), _at(hit), {**hit.term.attributes, **extra})


def valued(s: Sentence) -> Iterator[Find]:
    """ "Uterus: prior", "appendix - left": an organ as the name of a field."""
    for hit in s.things:
        if hit.term.name not in _LET_BE or s.is_told(hit) or hit.start - s.start > 5:
            continue
        if s.norms[hit.end : hit.end + 1] not in _SEPARATES:
            continue
        said = fate(s.norms, hit.end + 1, s.end)
        if said is None:
            continue
        for concept, extra in usual_of(s, hit):
            s.told[(hit.start, concept)] = hit.start
            attributes = {**hit.term.attributes, **extra}
            yield Find(concept, *_at(hit), _at(hit), attributes, said[1], said[0])


def bygone(s: Sentence) -> Iterator[Find]:
    """ "First operation in 2014: uterus, tubes, ovaries and omentum": organs of an earlier one."""
    if s.section in _TODAY:
        return
    hits = [h for h in s.things if h.term.name in _LET_BE and not s.is_told(h)]
    if len(hits) < 2 or any(s.is_told(h) for h in s.things):
        return
    if finite(s.norms[hits[0].end : hits[-1].start]):
        return
    mark = next(iter(years.marks(s.norms, s.extent)), None) or _earlier(s, hits[0].start)
    if mark is None:
        return
    listing = [hits[0]]
    for hit in hits[1:]:
        if not s.roles.joined(hit, listing[-1]):
            break
        listing.append(hit)
    if len(listing) < 2:
        return
    for hit in listing:
        for concept, extra in usual_of(s, hit):
            if not extra:
                s.told[(hit.start, concept)] = hit.start
                attributes = dict(hit.term.attributes)
                yield Find(concept, *_at(hit), _at(hit), attributes, mark, "historical")


def _earlier(s: Sentence, end: int) -> Extent | None:
    """ "First operation", "primary treatment", "staged": words of an operation before this one."""
    for at in range(s.start, end):
        if s.norms[at] in _ORDER and s.norms[at + 1] in _OPERATION:
            return Extent(at, at + 2)
    return None


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
        listing = joined and (hit.term.name in _HINTS or hit.term.name == "node")
        if not listing or s.is_told(hit):
            continue
        for concept, extra in usual_of(s, hit):
            if not extra:
                s.told[(hit.start, concept)] = hit.start
                yield Find(concept, *_at(hit), _at(hit), dict(hit.term.attributes))


def intended(s: Sentence) -> Iterator[Find]:
    """ "I had told her uterus, tubes, ovaries, omentum": a list of organs that were agreed upon."""
    if s.section != "consent" and _AGREED.isdisjoint(s.inside):
        return
    hits = [h for h in s.things if h.term.name in _LET_BE and s.role[h.start] != "landmark"]
    agreed = next((i for i, n in enumerate(s.inside, s.start) if n in _AGREED), s.start)
    listing = [h for h in hits if h.start >= agreed and not s.is_told(h)]
    if len(listing) < 2 or finite(s.norms[listing[0].end : listing[-1].start]):
        return
    cue = Extent(agreed, agreed + 1)
    for hit in listing:
        for concept, extra in usual_of(s, hit):
            s.told[(hit.start, concept)] = hit.start
            yield Find(
                concept, *_at(hit), _at(hit), {**hit.term.attributes, **extra}, cue, "planned"
            )


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


def _at(hit: Hit) -> Extent:
    return Extent(hit.start, hit.end)
