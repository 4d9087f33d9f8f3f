"""Rows of a table of tumours: "Left gutter .... 1.8 cm / out", "Psoas | 3.2 cm | resected"."""

from __future__ import annotations

import re

OUT = ""
LEFT = "left behind"
DESTROYED = "destroyed, not resected"
WITH_ORGAN = "leaves inside an organ that is coded itself"

_SEPARATOR = r"(?:\s{2,}|\t|\s*[|/:;]\s*|\s*\.{2,}\s*|\.\s+|,\s*|\s+[-\u2013\u2014]+\s+)"
_SITE = re.compile(rf"[^\n]{{3,90}}?{_SEPARATOR}$")
_FATE = re.compile(
    rf"(?:,? [\w ]{{1,20}})?{_SEPARATOR}"
    r"(?P<fate>(?P<out>out|removed|resected|excised|cut out|taken out|enucleated|delivered)"
    r"|(?P<left>left|stays?|kept|remains?|in situ|not (?:removed|resected|taken))"
    r"|(?P<burnt>vaporized|seared|fulgurated|coagulated|ablated|burned|cauterized|argon))\b"
    r"(?P<rest>[^\n]*)",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"[\s,.;|)-]*(?:(?:whole|intact|complete|completely|entire|sharply|en bloc|in one piece"
    r"|piecemeal|as specimen \w+)[\s,.;|)-]*)*$",
    re.IGNORECASE,
)
_ORGAN = re.compile(
    r"(?:\b(?:with|within|w/|inside|by|in) |\()[^,;.\n]{0,20}?\b(?:bowel|colon|rectum|"
    r"rectosigmoid|sigmoid|cecum|ileum|jejunum|loop|segment|spleen|bladder|liver|kidney|uterus|ovary|specimen|dr|packet|"
    r"colorectal|surgery)\b",
    re.IGNORECASE,
)
_LATER = re.compile(
    r"[^\n.|]{0,70}[;,]\s*(?:not (?:biopsied|removed|resected|taken|touched)"
    r"|left (?:as is|alone|in place|behind))\b",
    re.IGNORECASE,
)
_SIZED = re.compile(
    rf"\d\s?[cm]m\b[^\n]{{0,20}}{_SEPARATOR}(?:out|removed|resected|excised|left|stays?|kept)\b",
    re.IGNORECASE,
)
_SHORT = re.compile(r"[^\n]{0,30}$")  # what may follow the outcome in a row
_NODES = re.compile(r"\b(?:nodes?|nodal|glands?|chain|basin|lnd?s?)\b", re.IGNORECASE)
_NOT_SITES = re.compile(
    r"\b(?:incision|midline|stapler|margin|port|scar|ovar\w+|uterus|uterine|cervix|fibroid|tube|"
    r"spleen|appendix|cyst|hernia)\b",
    re.IGNORECASE,
)


def fate(text: str, start: int, end: int) -> str | None:
    """Why the length text[start:end] of a row does not count, "" where it does, None for no row."""
    low = text.rfind("\n", 0, start) + 1
    site = text[low:start]
    if not _SITE.match(site) or _NOT_SITES.search(site):
        return None
    found = _FATE.match(text, end)
    if found is None:
        return LEFT if _LATER.match(text, end) else None
    if _NODES.search(text[low : found.end("fate")]):
        return "a lymph node"
    if found["left"]:
        return LEFT if _SHORT.match(found["rest"]) else None
    if found["burnt"]:
        return DESTROYED if _SHORT.match(found["rest"]) else None
    if _ORGAN.search(found["rest"]):
        return WITH_ORGAN
    column = text[end : found.start("fate")].isspace()  # of a table
    return OUT if column or _WHOLE.match(found["rest"]) else None


def in_table(text: str, start: int) -> bool:
    """Is the line of a row beside another line that holds a size and its outcome?"""
    low, high = max(text.rfind("\n", 0, start), 0), text.find("\n", start)
    if high < 0:
        return False
    before = text[text.rfind("\n", 0, low) + 1 : low]
    after = text[high + 1 : high + 200].partition("\n")[0]
    return any(_SIZED.search(line) for line in (before, after))
