"""From mentions to facts: what the note documents, resolved over the whole note.

A wrong or missing fact is never filled in; the body of the note outweighs its title list; a
later success outweighs an earlier attempt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from debulk.disease import approach, disease_status, malignancy, primary_site
from debulk.page import BODY
from debulk.reading import Reading
from debulk.unread import basins
from debulk.values import Case, Conflict, Fact, Mention

TITLE = frozenset({"title", "postop_diagnosis", "preop_diagnosis", "header", "consent"})
_PLURAL = re.compile(
    r"\b(both|ligaments|pedicles|vessels|ips|bilat\w*|b/l|tubes|ovaries|adnexae|adnexa|each|bso|oophorectomies|salpingectomies|remaining tubes)\b",
    re.IGNORECASE,
)
_TUMOUR_WORK = ("tumor_excision", "tumor_destruction", "diaphragm_stripping", "peritonectomy")
_RESECTIONS = (
    "tumor_excision tumor_destruction diaphragm_stripping peritonectomy diaphragm_resection "
    "small_bowel_resection colectomy rectosigmoid_resection splenectomy liver_resection "
    "distal_pancreatectomy bladder_resection omentectomy".split()
)
_CHECKED = (
    "omentectomy pelvic_lymphadenectomy paraaortic_lymphadenectomy hysterectomy "
    "salpingo_oophorectomy".split()
)


def gather(reading: Reading) -> Case:
    """The case of a note."""
    mentions = reading.mentions
    body_exists = any(s.kind in BODY and s.end - s.start > 25 for s in reading.page.sections)
    body = BODY if body_exists else BODY | TITLE

    def done(*concepts: str, title: bool = False) -> list[int]:
        return [
            i
            for i, m in enumerate(mentions)
            if m.concept in concepts
            and m.status == "performed"
            and (m.section in body or (title and m.section in TITLE))
        ]

    def before(*concepts: str) -> list[int]:
        return [
            i for i, m in enumerate(mentions) if m.concept in concepts and m.status == "historical"
        ]

    facts = {
        "approach": approach(reading),
        "malignancy": malignancy(reading),
        "hysterectomy": _hysterectomy(mentions, done, before),
        "adnexa": _adnexa(mentions, done, before),
        "omentectomy": _omentectomy(mentions, done, before),
        "pelvic_nodes": _nodes("pelvic_nodes", "pelvic_lymphadenectomy", mentions, done),
        "paraaortic_nodes": _nodes(
            "paraaortic_nodes", "paraaortic_lymphadenectomy", mentions, done
        ),
    }
    site = primary_site(reading)
    facts["primary_site"] = site
    facts["disease_status"] = disease_status(reading, facts["malignancy"])
    facts["debulking"] = _debulking(mentions, done)
    facts["staging_only"] = _staging(mentions, done, facts)
    counted = [m for m in reading.measures if m.counts]
    lengths = [m.cm for m in counted]
    quotes = tuple((m.start, m.end) for m in counted)
    facts["tumor_lengths_cm"] = Fact("tumor_lengths_cm", lengths, (), quotes)
    total = round(sum(lengths), 2) if lengths else None
    facts["tumor_length_sum_cm"] = Fact("tumor_length_sum_cm", total, (), quotes)
    conflicts = tuple(_conflicts(mentions, body)) if body_exists else ()
    return Case(
        facts, mentions, reading.measures, conflicts, _reads_operative(reading), basins(reading)
    )


def _reads_operative(reading: Reading) -> bool:
    performed = sum(m.status == "performed" for m in reading.mentions)
    return performed > 0


def _hysterectomy(mentions, done, before) -> Fact:  # type: ignore[no-untyped-def]
    found = done("hysterectomy")
    if found:
        extents = [mentions[i].attributes.get("extent") for i in found]
        value = (
            "radical" if "radical" in extents
            else "supracervical" if "supracervical" in extents
            else "total"
        )  # fmt: skip
        return Fact("hysterectomy", value, tuple(found))
    prior = before("hysterectomy")
    return Fact("hysterectomy", "prior" if prior else "none", tuple(prior))


def _adnexa(mentions: Sequence[Mention], done, before) -> Fact:  # type: ignore[no-untyped-def]
    both = ("salpingo_oophorectomy", "oophorectomy")
    found = done(*both)
    earlier = before(*both)
    if not found:
        sides = _sides(mentions, earlier)
        if earlier and sides != {"left"} and sides != {"right"}:
            return Fact("adnexa", "prior", tuple(earlier))
        return Fact("adnexa", "none", tuple(earlier))
    sides = _sides(mentions, found)
    if sides == {"unstated"}:
        # The body does not say which side: the procedure list may.
        sides |= _sides(mentions, done(*both, title=True))
    sides |= _sides(mentions, done("salpingectomy")) - {"unstated"}
    value = "bilateral" if len(sides & {"left", "right"}) == 2 or "both" in sides else "unilateral"
    return Fact("adnexa", value, tuple(found))


def _sides(mentions: Sequence[Mention], indices: Iterable[int]) -> set[str]:
    sides: set[str] = set()
    for i in indices:
        side = mentions[i].attributes.get("side")
        if side in ("left", "right"):
            sides.add(side)
        elif side == "other":
            sides.add("both" if sides else "unstated")
        elif side == "bilateral" or _PLURAL.search(mentions[i].text):
            sides.add("both")
        elif side != "unilateral":
            sides.add("unstated")
    return sides


def _omentectomy(mentions, done, before) -> Fact:  # type: ignore[no-untyped-def]
    found = done("omentectomy")
    if found:
        extents = [mentions[i].attributes.get("extent") for i in found]
        if not any(extents):
            extents = [
                mentions[i].attributes.get("extent") for i in done("omentectomy", title=True)
            ]
        value = "total" if "total" in extents or "partial" not in extents else "partial"
        return Fact("omentectomy", value, tuple(found))
    biopsy = done("omental_biopsy")
    if biopsy:
        return Fact("omentectomy", "biopsy", tuple(biopsy))
    prior = before("omentectomy")
    return Fact("omentectomy", "prior" if prior else "none", tuple(prior))


def _nodes(name: str, concept: str, mentions, done) -> Fact:  # type: ignore[no-untyped-def]
    found = done(concept)
    if not found:
        return Fact(name, "none")
    full = [i for i in found if mentions[i].attributes.get("extent") != "sampling"]
    if not full:
        return Fact(name, "sampling", tuple(found))
    if name == "pelvic_nodes":
        sides = _sides(mentions, full)
        if sides in ({"left"}, {"right"}) or (
            (sides <= {"left", "unstated"} or sides <= {"right", "unstated"})
            and sides & {"left", "right"}
            and len(full) < 3
        ):
            return Fact(name, "unilateral", tuple(full))
    return Fact(name, "dissection", tuple(full))


def _debulking(mentions, done) -> Fact:  # type: ignore[no-untyped-def]
    told = done(*_TUMOUR_WORK)
    named = done("tumor_debulking", title=True)
    body_named = done("tumor_debulking")
    if told or body_named:
        return Fact("debulking", True, tuple(chain(told, named)))
    if named and done(*_RESECTIONS):
        return Fact("debulking", True, tuple(named))
    return Fact("debulking", False, tuple(named))


def _staging(mentions, done, facts) -> Fact:  # type: ignore[no-untyped-def]
    named = done("staging_laparotomy", title=True)
    nodes = done("pelvic_lymphadenectomy", "paraaortic_lymphadenectomy")
    organs = facts["hysterectomy"].value not in ("none", "prior") or facts["adnexa"].value in (
        "bilateral",
        "unilateral",
    )
    omentum = facts["omentectomy"].value in ("total",)
    only = bool(named or nodes) and not facts["debulking"].value and not organs and not omentum
    return Fact("staging_only", only, tuple(named or nodes) if only else ())


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
        described = [
            m for m in mentions if m.concept in same and m.section in body
            and m.status in ("performed", "by_other")
        ]  # fmt: skip
        if not described:
            yield Conflict(
                "listed_not_described",
                concept,
                f"{concept.replace('_', ' ')} stands in the procedure list and the body of the "
                "note does not describe it.",
                tuple(listed),
            )
