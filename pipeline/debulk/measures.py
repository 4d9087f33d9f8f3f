"""Lengths in a note, and which of them are a resected tumour's.

Counted: the longest dimension of each resected tumour as the surgeon states it. Not counted:
incisions, margins, ports, residual disease, imaging, distances, organs (CODING: tumour lengths).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from debulk import words
from debulk.page import Extent, Page
from debulk.values import Measure, Mention

_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "half": 0.5,
}  # fmt: skip
_NUM = r"(?:\d+(?:[.,]\d+)?|\.\d+|" + "|".join(_NUMBER_WORDS) + r")(?:\s+(?:and\s+a\s+half|1/2|½|point\s+(?:five|\w+)))?"
_UNIT = r"(?:cm\.?|cms|㎝|㎜|mm\.?|centimet(?:er|re)s?|millimet(?:er|re)s?|inch(?:es)?|in\.|\"|centimeter)"
_TIMES = r"(?:x|×|✕|\*|by|X|multiplied by)"
_LENGTH = re.compile(
    rf"(?<![\w.])({_NUM})\s*-?\s*({_UNIT})?(?:\s*{_TIMES}\s*({_NUM})\s*-?\s*({_UNIT})?)?"
    rf"(?:\s*{_TIMES}\s*({_NUM})\s*-?\s*({_UNIT})?)?(?![\w])",
    re.IGNORECASE,
)
_PER_CM = {"m": 0.1, "i": 2.54, '"': 2.54, "c": 1.0, "㎝": 1.0, "㎜": 0.1}

_NOT_TUMOUR = {
    "incision": "an incision", "incized": "an incision", "margin": "a margin", "port": "a port",
    "trocar": "a port", "residual": "residual disease", "stapler": "a stapler", "ct": "imaging",
    "pet": "imaging", "mri": "imaging", "imaging": "imaging", "ultrasound": "imaging",
    "scan": "imaging", "tomography": "imaging", "suture": "a suture", "scar": "a scar",
    "colpotomy": "an incision", "drain": "a drain", "fascia": "an incision", "skin": "an incision",
    "mesh": "a mesh", "tape": "a device", "hernia": "a hernia", "uterus": "the uterus",
    "serosal tear": "an injury", "enterotomy": "an injury", "cystotomy": "an injury",
    "cervix": "the cervix", "load": "a stapler", "catheter": "a catheter", "cuff": "a margin",
    "blade": "a device", "instrument": "a device", "defect": "a defect", "bougie": "a device",
    "clearance": "a margin", "rim": "a margin", "pedicle": "a pedicle", "radiograph": "imaging",
    "laceration": "an injury", "rent": "an injury", "tear": "an injury", "wound": "a wound",
    "sizer": "a device", "balloon": "a device", "urethra": "a distance", "cannula": "a device",
    "anastomosis": "an anastomosis", "circumference": "a device", "french": "a device",
}  # fmt: skip
_NOT_TUMOUR_NORMS = {words.standard(key): value for key, value in _NOT_TUMOUR.items()}
_DISTANCE = frozenset(
    "above below from away proximal distal beyond lateral medial caudad cephalad past short".split()
)
_LEFT = frozenset("remaining remained unresected unresectable left-behind".split())
_THRESHOLD = frozenset({"than", "under", "over", "less", "<", ">", "maximum", "exceeding", "within"})
_IN_ORGAN = frozenset(
    "splenectomy small_bowel_resection colectomy rectosigmoid_resection liver_resection "
    "distal_pancreatectomy hysterectomy salpingo_oophorectomy oophorectomy "
    "pelvic_lymphadenectomy paraaortic_lymphadenectomy inguinal_lymphadenectomy "
    "appendectomy cholecystectomy omentectomy bladder_resection diaphragm_resection".split()
)
_TUMOUR = frozenset({"tumor", "diaphragm", "peritoneum"})


def measures(page: Page, mentions: Sequence[Mention]) -> list[Measure]:
    """Every length of the note in reading order, in centimetres, with whether it counts."""
    text = page.text
    found = []
    for match in _LENGTH.finditer(text):
        unit = next((u for u in (match.group(6), match.group(4), match.group(2)) if u), None)
        if unit is None:
            continue
        values = [_value(n) for n in (match.group(1), match.group(3), match.group(5)) if n]
        units = [match.group(2), match.group(4), match.group(6)]
        sizes = [v * _factor(u or unit) for v, u in zip(values, units, strict=False)]
        cm = round(max(sizes), 2)
        if not 0 < cm < 100:
            continue
        start, end = match.start(), match.end()
        reason = _reason(page, mentions, start, end, cm)
        found.append(Measure(cm, start, end, not reason, reason or "a resected tumour"))
    return _without_repeats(page, found)


def _factor(unit: str) -> float:
    unit = unit.lower()
    if unit.startswith(("mm", "mil")):
        return 0.1
    return _PER_CM.get(unit[0], 1.0)


def _value(number: str) -> float:
    number = number.lower().strip()
    half = 0.5 if re.search(r"half|1/2|½|point five", number) and number.split()[0] != "half" else 0.0
    first = number.split()[0].replace(",", ".")
    return _NUMBER_WORDS.get(first, 0.0) + half if first in _NUMBER_WORDS else float(first) + half


def _reason(page: Page, mentions: Sequence[Mention], start: int, end: int, cm: float) -> str:
    """Why a length does not count; "" where it does."""
    at = next((i for i, w in enumerate(page.words) if w.end > start), len(page.words) - 1)
    section = page.section_of[at]
    if section not in ("narrative", "findings", "addendum", "specimens", "residual"):
        return "not told in the body"
    if section == "residual":
        return "residual disease"
    index = next(i for i, s in enumerate(page.sentences) if s.end > at)
    sentence = page.sentences[index]
    last = at
    while last + 1 < len(page.words) and page.words[last + 1].start < end:
        last += 1
    norms = page.norms
    clause = _own_clause(page, sentence, at)
    around = norms[clause.start : clause.end]
    before, after = norms[max(clause.start, at - 3) : at], norms[last + 1 : last + 4]
    if any(n in _DISTANCE for n in after[:2]) or "depth" in after or "length" in after[:2]:
        return "a distance"
    if any(n in _THRESHOLD for n in before) and not _resected_here(page, mentions, clause):
        return "a threshold"
    window = norms[max(clause.start, at - 7) : min(clause.end, last + 6)]
    tumour_near = _nearest(page, at, last, clause)
    for norm in window:
        if norm in _NOT_TUMOUR_NORMS and not (tumour_near and norm in ("pedicle", "uterus", "cervix", "cuff", "rim", "margin", "pet", "ct")):
            return _NOT_TUMOUR_NORMS[norm]
    if not tumour_near:
        return "not a tumour's"
    if any(n in _LEFT for n in around):
        return "left behind"
    if not _resected(page, mentions, index, sentence, clause, around):
        return "not told as resected"
    return ""


def _own_clause(page: Page, sentence: Extent, at: int) -> Extent:
    return next((c for c in page.clauses(sentence) if c.start <= at < c.end), sentence)


def _nearest(page: Page, at: int, last: int, clause: Extent) -> bool:
    """Is the thing measured a tumour: the organ term nearest to the number?"""
    best, name = 99, ""
    for hit in page.hits:
        if hit.term.kind != "organ" or hit.start < clause.start or hit.end > clause.end:
            continue
        gap = hit.start - last if hit.start > last else at - hit.end + 2
        if gap < best:
            best, name = gap, hit.term.name
    return name in ("tumor", "diaphragm", "peritoneum") and best < 12


def _resected_here(page: Page, mentions: Sequence[Mention], clause: Extent) -> bool:
    low, high = page.words[clause.start].start, page.words[clause.end - 1].end
    return any(
        m.status == "performed" and m.concept in ("tumor_excision", "tumor_destruction")
        and low <= m.start < high
        for m in mentions
    )


def _resected(
    page: Page,
    mentions: Sequence[Mention],
    index: int,
    sentence: Extent,
    clause: Extent,
    around: Sequence[str],
) -> bool:
    """A performed excision in the sentence or, for what was found, later in the note."""
    low, high = page.words[sentence.start].start, page.words[sentence.end - 1].end
    within = [m for m in mentions if low <= m.start < high and m.status == "performed"]
    if any(m.concept in _IN_ORGAN for m in within) and not any(
        m.concept in ("tumor_excision", "tumor_debulking") for m in within
    ):
        return False
    if any(m.concept in ("tumor_excision", "diaphragm_stripping", "peritonectomy") for m in within):
        return True
    if any(m.status in ("not_performed", "attempted") and low <= m.start < high for m in mentions):
        return False
    # Told in the findings and excised afterwards: one excision later in the note is enough.
    return any(
        m.status == "performed" and m.concept == "tumor_excision" and m.start >= low for m in mentions
    )


def _without_repeats(page: Page, found: Sequence[Measure]) -> list[Measure]:
    """The same tumour told in the findings and again at its resection counts once."""
    kept: list[Measure] = []
    seen: list[tuple[float, str]] = []
    for measure in found:
        if measure.counts:
            at = next((i for i, w in enumerate(page.words) if w.end > measure.start), 0)
            section = page.section_of[at]
            twin = next((s for s in seen if s[0] == measure.cm and s[1] != section), None)
            if twin is not None:
                seen.remove(twin)
                kept.append(
                    Measure(measure.cm, measure.start, measure.end, False, "told before")
                )
                continue
            seen.append((measure.cm, section))
        kept.append(measure)
    return kept
