"""The date of service as a note states it."""

from __future__ import annotations

import re
from datetime import date

_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|"
        "september sept sep|october oct|november nov|december dec".split("|"),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_PATTERNS = (
    re.compile(r"\b(?P<y>\d{4})[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})\b"),
    re.compile(r"\b(?P<m>\d{1,2})[-/.](?P<d>\d{1,2})[-/.](?P<y>\d{4}|\d{2})\b"),
    re.compile(rf"\b(?P<mon>{_MONTH})\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})\b", re.I),
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+day)?(?:\s+of)?[\s-]+(?P<mon>{_MONTH})\.?,?(?:[\s-]+in)?(?:[\s-]+the\s+year)?(?:[\s-]+of)?[\s-]+(?P<y>\d{{4}}|\d{{2}})\b",
        re.I,
    ),
)
_LABEL = re.compile(
    r"(date\s+of\s+(?:the\s+)?(?:service|operation|surgery|procedure)|operation\s+date|surgery\s+date|"
    r"procedure\s+date|operative\s+date|\bd\.?o\.?s\b|\bdate\s+of\s+op\b|\bdate\s+performed|performed\s+on|"
    r"operated\s+(?:up)?on|\bdate\b|\bon\b|today|op\s*note|operative\s+(?:note|report)|surgery|theatre|"
    r"operation|procedure|\bop\b|dated)\W{0,12}(?:\w+\W{1,3}){0,3}$",
    re.I,
)
_STRONG = re.compile(
    r"(date\s+of\s+(?:the\s+)?(?:service|operation|surgery|procedure|op\b)|operation\s+date|surgery\s+date|"
    r"procedure\s+date|operative\s+date|\bd\.?o\.?s\b|date\s+performed)[^\n]{0,14}$",
    re.I,
)
_OTHER = re.compile(
    r"(birth|dob|dictat|transcri|admi|discharg|signed|sign|in\s+clinic|ct|pet|scan|mri|d:|t:|dd:|dt:|"
    r"printed|follow|recurr|diagnos|biops|chemo|prior|previous|last|since|until|begin|began|valid|"
    r"effective|addendum|consent|path)\W{0,6}(?:\w+\W{1,3}){0,2}$",
    re.I,
)
_PAST = re.compile(r"\b(status|s/p|history|underwent|ago|had|prior|previous(?:ly)?|initial|original)\b", re.I)


def stated(text: str) -> date | None:
    """The date of service a note states, None where none can be told from other dates."""
    found: list[tuple[int, int, date]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(text[:200_000]):
            day = _date(match.groupdict())
            if day is None:
                continue
            before = text[max(0, match.start() - 60) : match.start()].replace("\n", " ")
            line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
            if _STRONG.search(before):
                score = 0
            elif _OTHER.search(before) or _PAST.search(line[-80:]):
                continue
            elif _LABEL.search(before):
                score = 1
            elif match.start() < 250 and not line.strip():
                score = 2
            elif match.start() < 250:
                score = 3
            else:
                score = 4
            found.append((score, match.start(), day))
    if not found:
        return None
    best = min(found)
    if best[0] == 4 and len({day for _, _, day in found}) > 1:
        return None
    return best[2]


def _date(parts: dict[str, str | None]) -> date | None:
    year = int(parts["y"] or 0)
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    month = int(parts["m"]) if parts.get("m") else _MONTHS[(parts.get("mon") or "").lower()]
    try:
        day = date(year, month, int(parts["d"] or 0))
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None
