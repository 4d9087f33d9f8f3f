"""The date of service as a note states it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_LONGEST = 200_000
_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|"
        "september sept sep|october oct|november nov|december dec".split("|"),
        1,
    )
    for name in names.split()
}
_ORDINALS = {
    name: number
    for number, name in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
        "twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
        "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first".split(),
        1,
    )
}
_MONTH = rf"(?P<mon>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY = rf"(?P<d>\d{{1,2}}|{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})(?:st|nd|rd|th|\.)?"
_YEAR = (
    r"(?:the\s+year\s+(?:of\s+)?)?(?P<y>\d{4}|'?\d{2}|twenty[\s-]+(?:twenty|thirty)"
    r"(?:[\s-]+(?:one|two|three|four|five|six|seven|eight|nine))?)\b(?![:/])"
)
_DIGITS = {n: d for d, n in enumerate("one two three four five six seven eight nine".split(), 1)}
_COMPACT = re.compile(r"\b(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)\b")
_FIGURES = (
    re.compile(r"(?<![\d/.-])(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?![\d/])"),
    re.compile(
        r"(?<![\d/.-])(?P<m>\d{1,2})\s?[-/.]\s?(?P<d>\d{1,2})\s?[-/.]\s?(?P<y>\d{4}|\d{2})(?![\d/])"
    ),
    _COMPACT,
)
_NAMED = re.compile(
    r"[JFMASONDjfmasond](?i:(?<=j)an|(?<=f)eb|(?<=m)ar|(?<=a)pr|(?<=m)ay|(?<=j)u[nl]|(?<=a)ug|"
    r"(?<=s)ep|(?<=o)ct|(?<=n)ov|(?<=d)ec)[A-Za-z]{0,6}(?![A-Za-z])"
)
_WORDED = (
    re.compile(rf"\b{_MONTH}[\s-]*{_DAY}(?:\s*[,.]\s*|[\s-]+)(?:in\s+|of\s+)?{_YEAR}", re.I),
    re.compile(
        rf"\b{_DAY}(?:\s+day)?(?:\s+of)?[\s-]*{_MONTH}(?:\s*,\s*|[\s-]*)(?:in\s+|of\s+)?{_YEAR}",
        re.I,
    ),
    re.compile(rf"\b(?P<y>(?:19|20)\d\d)[\s-]+{_MONTH}[\s-]+{_DAY}\b", re.I),
)
_STRONG = re.compile(
    r"(date(?:/time)?\s+of\s+(?:the\s+)?(?:service|operation|surgery|surg|procedure|op\b)|"
    r"(?:operation|surgery|surgical|procedure|operative|service|op|case|encounter)\s*date|"
    r"\bd\.?o\.?[sp]\b|\bdate\b(?=\W{0,8}$)|date\s+performed|date\s+operated|day\s+of\s+(?:operation|surgery))[^\n]{0,16}$",
    re.I,
)
_AFTER = re.compile(
    r"^[ ,(]{0,4}(?:date\s+of\s+(?:surgery|operation|procedure|service)|dos\b)(?!\W{0,3}\d)", re.I
)
_LABEL = re.compile(
    r"(operated\s+(?:up)?on|performed(?:\s+on)?|\bdated?\b|\btoday\b|op\s*(?:note|report)|operative\s+(?:note|report)|"
    r"\bsurgery|theatre|\boperation|\bprocedure|\bop\b|operating\s+(?:room|suite|theatre|theater)|brought|taken)"
    r"\W{0,12}(?:\w+\W{1,3}){0,5}$",
    re.I,
)
_OTHER = re.compile(
    r"(birth|\bdob\b|\bd\.o\.b|\bborn|dictat|transcri|admi(?:ssion|tted|t\b)|discharg|\bsigned|\bsign|"
    r"\b[dt]{1,2}\s*:|printed|follow|valid|effective|addend|consent|\bpath|expir|revis|print|review|"
    r"\bfax|receiv|electronically|authenticat|verified|next\s+(?:appointment|visit)|amend|correct)"
    r"[^\n]{0,3}(?:\W{0,6}\w+){0,2}\W{0,4}$",
    re.I,
)
_EARLIER = re.compile(
    r"\b(?:status|s/p|history|hx|underwent|ago|had|has\s+been|prior|previous(?:ly)?|initial|original|last|since|until|"
    r"begin|began|started|admitted|presented|presents?|evaluated|seen|accident|sustained|fall|fell|clinic|yesterday|"
    r"office|emergency|labor|echocardiogram|dialysis|ct|pet|scans?|mri|ultrasound|imaging|mammogram|"
    r"biops(?:y|ied)|diagnos(?:ed|is)|recurr\w*|chemo\w*|cycles?|colonoscopy|referred|injury|hemodialysis|"
    r"treated|completed|finished|earlier|first\s+(?:operation|surgery|op\b|debulk\w*|operated|resect\w*|treated)|debulked|ca-?\s?125|born)\b",
    re.I,
)
_CLAUSE = re.compile(r"[.;][,\s]\s*(?=[A-Z])|\n")
_STORY = re.compile(
    r"\b(?:he|she|patient|infant|woman|man|lady)\s+(?:is|was|had|has|who|under\w+|present\w*)\b",
    re.I,
)
_HEAD = 300
_BEGINS = re.compile(
    r"^\W{0,4}(?:(?:the|this|our)\s+)?(?:\w+\W+){0,3}?(?:was\s+|were\s+)?(?:then\s+)?"
    r"(?:taken|brought|wheeled|came)\s+(?:back\s+)?(?:in)?to\s+(?:the\s+)?(?:operating|or\b|theatre|theater|surgery)",
    re.I,
)
_WORK = re.compile(
    r"^\W{0,3}(?:\w+\s+){0,5}?\w*(?:ectomy|otomy|debulking|reduction|resection|operation|surgery)\b",
    re.I,
)
_UNDERWENT = re.compile(
    r"(?:underwent|had)\s+(?:the\s+following\s+(?:operation|procedure|surgery)s?\s+)?(?:on\s+)?"
    r"(?:the\s+)?$",
    re.I,
)
# The first sentence of a note: "Ms. L underwent laparotomy on January 9, 2025".
_STARTS = re.compile(
    r"\s*(?:the\s+patient|this\s+\w+|m(?:r|s|rs|iss)\.?\s+\w+\.?)\s+(?:underwent|had)\s+(?:an?\s+)?(?:\w+[\s,]+){1,6}on\s+",
    re.I,
)
_HOLDING = re.compile(
    r"(?:holding|pre-?op(?:erative)?)(?:\s+(?:area|bay|room))?,?\s*(?:on\s+)?$", re.I
)


# "Surgery was 10/19/2017", "..., done 4/14/2026": of this operation, near the beginning.
_DIRECT = re.compile(
    r"(?:^|[.,;:]\s*)(?:(?:the|today's|this)\s+)?(?:(?:surgery|operation|procedure|case)\s+(?:was|is)"
    r"(?:\s+done|\s+performed)?|done|operated)(?:\s+on)?\s*$",
    re.I,
)


def stated(text: str) -> date | None:
    """The date of service a note states, None where none can be told from other dates."""
    text = text[:_LONGEST]
    found: list[tuple[int, int, date]] = []
    taken: set[int] = set()
    for match in _dates(text):
        day = _date(match.groupdict())
        if day is None or match.start() in taken:
            continue
        taken.add(match.start())
        score = _score(text, match)
        if score is not None and (score == 0 or match.re is not _COMPACT):
            found.append((score, match.start(), day))
    return min(found)[2] if found else None


def _dates(text: str) -> Iterator[re.Match[str]]:
    """What reads like a date: figures anywhere, words only around the name of a month."""
    for pattern in _FIGURES:
        yield from pattern.finditer(text)
    for month in _NAMED.finditer(text):
        if month.group().lower() not in _MONTHS:
            continue
        low, high = max(0, month.start() - 24), month.end() + 30
        for pattern in _WORDED:
            match = pattern.search(text, low, high)
            if match and match.start() <= month.start() < match.end():
                yield match


def _score(text: str, match: re.Match[str]) -> int | None:
    """How surely a date is the operation's: 0 labelled so, then by place; None for another's."""
    start, end = match.span()
    before = text[max(0, start - 90) : start]
    near = before[-60:].replace("\n", " ")
    clause = _CLAUSE.split(before)[-1]
    if _STRONG.search(near) and not _OTHER.search(clause[-18:]):
        return 0
    if _AFTER.match(text[end : end + 30]):
        return 0
    after = text[end : end + 80]
    if _BEGINS.match(after) or _HOLDING.search(near):
        return 1
    if start < _HEAD and _DIRECT.search(near):
        return 1
    today = start < _HEAD and _UNDERWENT.search(near)
    if today and ("following" in near[-40:].lower() or _WORK.match(after)):
        return 3  # "underwent the following operation on June 3", "had on June 3 an oophorectomy"
    if start < _HEAD // 2 and _STARTS.fullmatch(before):
        return 3
    if _OTHER.search(clause[-40:]) or _EARLIER.search(clause):
        return None
    if _LABEL.search(near):
        return 1
    if start < _HEAD and not _STORY.search(text[:start]):
        return 2 if not clause.strip() else 3
    return None


def _spoken(year: str) -> int:
    """ "Twenty twenty five"."""
    parts = re.split(r"[\s-]+", year)
    decade = {"twenty": 20, "thirty": 30}[parts[1]]
    return 2000 + decade + (_DIGITS[parts[2]] if len(parts) > 2 else 0)


def _date(parts: dict[str, str | None]) -> date | None:
    said = (parts["y"] or "").lstrip("'").lower()
    year = int(said) if said.isdigit() else _spoken(said)
    year += 2000 if year < 70 else 1900 if year < 100 else 0
    month = int(parts["m"] or 0) if "m" in parts else _MONTHS[(parts["mon"] or "").lower()]
    stem = (parts["d"] or "").lower()
    number = int(stem) if stem.isdigit() else _ORDINALS[stem]
    if month > 12 >= number:
        month, number = number, month  # day before month, where no month could be meant
    try:
        day = date(year, month, number)
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2100 else None
