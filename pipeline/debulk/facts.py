"""From mentions to facts: what the note documents, resolved over the whole note.

A wrong or missing fact is never filled in; the body of the note outweighs its title list; a
later success outweighs an earlier attempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from debulk.approach import approach
from debulk.malignancy import infected, malignancy
from debulk.page import BODY
from debulk.reading import Reading
from debulk.site import primary_site
from debulk.status import disease_status
from debulk.unread import basins, organs
from debulk.values import Case, Conflict, Fact, Mention

TITLE = frozenset({"title", "postop_diagnosis", "preop_diagnosis", "header", "consent"})
_PLURAL = re.compile(
    r"\b(both|ligaments|pedicles|ips|bilat\w*|b/l|tubes|ovaries|adnexae|adnexa|each|bso|"
    r"oophorectomies|salpingectomies)\b",
    re.IGNORECASE,
)
_TUMOUR_WORK = ("tumor_excision", "tumor_destruction", "diaphragm_stripping", "peritonectomy")
_RESECTIONS = (
    "tumor_excision tumor_destruction diaphragm_stripping peritonectomy diaphragm_resection "
    "small_bowel_resection colectomy rectosigmoid_resection splenectomy liver_resection "
    "distal_pancreatectomy bladder_resection omentectomy".split()
)
_ORGANS = ("hysterectomy", "salpingo_oophorectomy", "oophorectomy")
_CHECKED = (
    "omentectomy pelvic_lymphadenectomy paraaortic_lymphadenectomy hysterectomy "
    "salpingo_oophorectomy".split()
)


_Evidenced = TypeVar("_Evidenced", Fact, Conflict)


@dataclass(frozen=True)
class Told:
    """The mentions of a note, asked by concept; the answers are indices into them."""

    mentions: Sequence[Mention]
    body: frozenset[str]  # the sections that document work

    def done(self, *concepts: str, title: bool = False) -> tuple[int, ...]:
        """Work done in this operation as the body tells it; `title`: or as a list names it."""
        sections = self.body | TITLE if title else self.body
        return self._of(concepts, "performed", sections)

    def before(self, *concepts: str) -> tuple[int, ...]:
        """Work done in an earlier operation, wherever it is told."""
        return self._of(concepts, "historical")

    def extents(self, indices: Iterable[int]) -> list[str | None]:
        """How far the work of some mentions went, None where it is not told."""
        return [self.mentions[i].attributes.get("extent") for i in indices]

    def _of(
        self, concepts: Sequence[str], status: str, sections: frozenset[str] | None = None
    ) -> tuple[int, ...]:
        return tuple(
            i
            for i, m in enumerate(self.mentions)
            if m.concept in concepts
            and m.status == status
            and (sections is None or m.section in sections)
        )


def gather(reading: Reading) -> Case:
    """The case of a note.

    Facts rest on what the rules read and the trained reader did not drop. What it adds is listed
    and warned of, and settles none: on voices held out that would spoil more facts than it mends.
    """
    own = [i for i, m in enumerate(reading.mentions) if "read_by" not in m.attributes]
    case = _gather(replace(reading, mentions=tuple(reading.mentions[i] for i in own)))

    def placed(found: _Evidenced) -> _Evidenced:
        return replace(found, evidence=tuple(own[i] for i in found.evidence))

    return replace(
        case,
        mentions=reading.mentions,
        facts={name: placed(fact) for name, fact in case.facts.items()},
        conflicts=tuple(map(placed, case.conflicts)),
    )


def _gather(reading: Reading) -> Case:
    mentions = reading.mentions
    body_exists = any(s.kind in BODY and s.end - s.start > 25 for s in reading.page.sections)
    body = BODY if body_exists else BODY | TITLE
    told = Told(mentions, body)
    facts = {
        "approach": approach(reading),
        "malignancy": malignancy(reading),
        "hysterectomy": _hysterectomy(told),
        "adnexa": _adnexa(told),
        "omentectomy": _omentectomy(told),
        "pelvic_nodes": _nodes("pelvic_nodes", "pelvic_lymphadenectomy", told),
        "paraaortic_nodes": _nodes("paraaortic_nodes", "paraaortic_lymphadenectomy", told),
        "primary_site": primary_site(reading),
    }
    facts["disease_status"] = disease_status(reading, facts["malignancy"])
    facts.update(_lengths(reading))
    measured = bool(facts["tumor_lengths_cm"].value)
    if facts["malignancy"].value == "benign":
        facts["debulking"] = Fact("debulking", False)  # a benign growth is no disease to reduce
        if infected(reading):
            facts["primary_site"] = Fact("primary_site", "unknown")
    else:
        facts["debulking"] = _debulking(told, measured)
    facts["staging_only"] = _staging(told, facts)
    conflicts = tuple(_conflicts(mentions, body)) if body_exists else ()
    return Case(facts, mentions, reading.measures, conflicts, basins(reading) | organs(reading))


def _lengths(reading: Reading) -> dict[str, Fact]:
    """The lengths of the resected tumours, and their sum where there is one."""
    counted = [m for m in reading.measures if m.counts]
    lengths = [m.cm for m in counted]
    quotes = tuple((m.start, m.end) for m in counted)
    total = round(sum(lengths), 2) if lengths else None
    return {
        "tumor_lengths_cm": Fact("tumor_lengths_cm", lengths, (), quotes),
        "tumor_length_sum_cm": Fact("tumor_length_sum_cm", total, (), quotes),
    }


def _hysterectomy(told: Told) -> Fact:
    found = told.done("hysterectomy")
    if found:
        extents = told.extents(found)
        value = next((e for e in ("radical", "supracervical") if e in extents), "total")
        return Fact("hysterectomy", value, found)
    prior = told.before("hysterectomy")
    return Fact("hysterectomy", "prior" if prior else "none", prior)


def _adnexa(told: Told) -> Fact:
    both = ("salpingo_oophorectomy", "oophorectomy")
    found = told.done(*both)
    mentions = told.mentions
    if not found:
        earlier = told.before(*both)
        gone = earlier and _sides(mentions, earlier) not in ({"left"}, {"right"})
        return Fact("adnexa", "prior" if gone else "none", earlier)
    sides = _sides(mentions, found)
    if "unstated" in sides:
        # The body does not say which side everywhere: the procedure list may.
        sides |= _sides(mentions, told.done(*both, title=True))
    sides |= _sides(mentions, told.done("salpingectomy")) - {"unstated"}
    value = "bilateral" if len(sides & {"left", "right"}) == 2 or "both" in sides else "unilateral"
    return Fact("adnexa", value, found)


def _sides(mentions: Sequence[Mention], indices: Iterable[int]) -> set[str]:
    sides: set[str] = set()
    for i in indices:
        side = mentions[i].attributes.get("side")
        if side in ("left", "right"):
            sides.add(side)
        elif side == "other":
            sides.add("both")  # one side was told before it, in whatever words
        elif side == "bilateral" or _PLURAL.search(mentions[i].text):
            sides.add("both")
        elif side != "unilateral":
            sides.add("unstated")
    return sides


def _omentectomy(told: Told) -> Fact:
    found = told.done("omentectomy")
    if found:
        extents = told.extents(found)
        listed = told.extents(told.done("omentectomy", title=True))
        if not any(extents):
            extents = listed
        # A part is a part, even where it was taken off the stomach: total only if nothing less.
        # What an earlier omentectomy left is a part too, unless the list calls it total.
        rest = bool(told.before("omentectomy")) and "total" not in listed
        part = "partial" in extents or rest
        value = "partial" if part else "total"
        return Fact("omentectomy", value, found)
    biopsy = told.done("omental_biopsy")
    if biopsy:
        return Fact("omentectomy", "biopsy", biopsy)
    prior = told.before("omentectomy")
    return Fact("omentectomy", "prior" if prior else "none", prior)


def _nodes(name: str, concept: str, told: Told) -> Fact:
    found = told.done(concept)
    if not found:
        return Fact(name, "none")
    mentions = told.mentions
    # A jar labelled "pelvic nodes" does not say how many were taken: the narrative does.
    found = tuple(i for i in found if mentions[i].section == "narrative") or found
    full = tuple(i for i in found if mentions[i].attributes.get("extent") != "sampling")
    if not full:
        return Fact(name, "sampling", found)
    if name == "pelvic_nodes" and _is_one_side(_sides(mentions, full), len(full)):
        return Fact(name, "unilateral", full)
    return Fact(name, "dissection", full)


def _is_one_side(sides: set[str], count: int) -> bool:
    """Only left or only right; told many times, mentions of no side may be of the other side."""
    named = sides - {"unstated"}
    return named in ({"left"}, {"right"}) and (named == sides or count < 3)


def _debulking(told: Told, measured: bool) -> Fact:
    """Tumour removed beyond an organ; `measured`: a removed tumour's length is told."""
    named = told.done("tumor_debulking", title=True)
    work = told.done(*_TUMOUR_WORK)
    if work or told.done("tumor_debulking"):
        return Fact("debulking", True, work + named)
    listed = told.done(*_TUMOUR_WORK, "tumor_debulking", title=True)
    # A length counts only of a tumour that did not leave inside an organ, and a list that names
    # the excision, or no organ taken in which it could have left, says the same.
    if measured and (listed or not told.done(*_ORGANS)):
        return Fact("debulking", True, listed)
    return Fact("debulking", bool(named and told.done(*_RESECTIONS)), named)


def _staging(told: Told, facts: Mapping[str, Fact]) -> Fact:
    """Nodes, biopsies and washings of a cancer of this family, and nothing of it removed."""
    named = told.done("staging_laparotomy", title=True)
    nodes = told.done("pelvic_lymphadenectomy", "paraaortic_lymphadenectomy")
    removed = (
        facts["debulking"].value
        or facts["hysterectomy"].value not in ("none", "prior")
        or facts["adnexa"].value in ("bilateral", "unilateral")
        or (facts["omentectomy"].value == "total" and not named)
        or told.done("pelvic_exenteration", title=True)
    )
    staged = facts["primary_site"].value in ("ovary", "tube", "peritoneum")
    staged = staged and facts["disease_status"].value != "recurrent"
    evidence = () if removed else named or (nodes if staged else ())
    return Fact("staging_only", bool(evidence), evidence)


def _conflicts(mentions: Sequence[Mention], body: frozenset[str]) -> Iterable[Conflict]:
    for concept in _CHECKED:
        listed = [
            i
            for i, m in enumerate(mentions)
            if m.concept == concept and m.section == "title" and m.status == "performed"
        ]
        if not listed:
            continue
        same = {concept} | ({"oophorectomy"} if concept == "salpingo_oophorectomy" else set())
        described = any(
            m.concept in same and m.section in body and m.status in ("performed", "by_other")
            for m in mentions
        )
        if not described:
            yield Conflict(
                "listed_not_described",
                concept,
                f"{concept.replace('_', ' ')} stands in the procedure list and the body of the "
                "note does not describe it.",
                tuple(listed),
            )
