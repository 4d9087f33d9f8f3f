"""Numbers with a unit of length: every way a surgeon writes a size, in centimetres.

"5.5 x 4.5 x 3 cm" is one length, its longest; "2 to 3 cm" is one, the larger; "0.8, 0.7 and
0.5 cm" and "12, 9, 9 and 6 mm" are three and four. A bare "9 x 7" is kept as centimetres and
marked, for the reader to judge.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from debulk.numerals import NUMBER, value

_UNIT = (
    r"cms?|mms?|㎝|㎜|c\.m|m\.m|centimet(?:er|re)s?|millimet(?:er|re)s?|inch(?:es)?"
    r"|[\"″](?=[\s,.;)x]|$)"
)
_ATOM = re.compile(
    rf"(?:(?<![\w.,/])|(?<=\d[xX\u00d7*])|(?<=m[xX\u00d7*])|(?<=[a-z],)|(?<=[cmCM\d]/)){NUMBER}"
    rf"(?:[\s\-\u2010-\u2013]*(?P<unit>{_UNIT})(?P<after>\s+and\s+a\s+half)?)?"
    r"(?![²³^]|\.?\d|/(?!\d{1,3}(?:\.\d)?\s?[cm]m|\d\.\d)\w|\s*(?:h2o|hg\b|of\s+(?:water|mercury)))"
    r"(?:(?!\w)|(?=\s?[xX\u00d7]\s?\d))",
    re.IGNORECASE,
)
# Where a length can be at all: the numbers are read only near these.
_NEEDLES = ("cm", "mm", "c.m", "m.m", "imet", "inch", "㎝", "㎜", '"', "″")
_BARE = re.compile(r"\d ?[x\u00d7✕X*] ?\d")
_UNIT_OVER = re.compile(r"\((?:in |max |longest )?(?P<unit>cm|mm)s?\)", re.IGNORECASE)
_PLAIN = re.compile(
    r"(?<![\w.,/#x\u00d7-])(?P<n>\d{1,3}(?:\.\d{1,2})?)"
    r"(?:\s?[xX\u00d7]\s?\d{1,3}(?:\.\d{1,2})?)*(?!\s?(?:cm|mm|%|ml|g\b)|[\w/:]|\.\d)"
)
_BEFORE, _BEHIND = 60, 40
_TIMES = re.compile(r"\s*(?:x|\u00d7|✕|✖|\u0445|\*|by|times|multiplied by)\s*", re.IGNORECASE)
_RANGE = re.compile(r"\s*-?\s*(?:-|\u2013|\u2014|to|or)\s*(?:as much as\s*)?", re.IGNORECASE)
_LIST = re.compile(r"\s*(?:,|/|,?\s*and|&|,?\s*plus|\+)\s*", re.IGNORECASE)
_COMMA = re.compile(r"\s*,\s*")
_EQUALS = re.compile(r"\s*=\s*")
_CLOSED = re.compile(r"\s*(?:,?\s*and|&|,?\s*plus|\+)\s*", re.IGNORECASE)
_OPENED = re.compile(
    r"(?:[(\[:=]|\b(?:sized?s?|lengths?|measur\w+|were|was|of|at|largest|others))\s*$",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"[,;.]?\s*(?:and\s+)?(?:the\s+)?(?:others?|rest|other (?:two|three|ones)|smaller ones)"
    r"(?:\s+(?:were|was|measured|measuring|at|being)|\s*[:,])?\s*"
    r"(?P<list>\d{1,2}(?:\.\d)?(?:(?:\s*,\s*|\s*,?\s*and\s+)\d{1,2}(?:\.\d)?)*)(?=\s*(?:[.,;)\n]\D|[.;)]?\s*$))",
    re.IGNORECASE,
)
_INSTEAD = re.compile(
    r"(?<![\w.,/])(?P<n>\d{1,2}(?:\.\d)?),? (?:and not|not|instead of|rather than) (?:the )?$",
    re.IGNORECASE,
)
_LONGEST = 100.0  # centimetres: anything longer is no tumour and most likely no length


class Length(NamedTuple):
    """One length of the text, in centimetres."""

    cm: float
    start: int
    end: int
    bare: bool  # a product without a unit
    inches: bool
    product: bool = False  # "4 x 3 cm": a size, never a distance
    range: bool = False  # "4 to 9 mm"


class _Atom(NamedTuple):
    value: float
    unit: str  # "" where none was written
    start: int
    end: int
    plain: bool  # written in digits
    decimal: bool


def find(text: str) -> list[Length]:
    """Every length of a text in reading order."""
    found: list[Length] = []
    run: list[_Atom] = []
    for atom in _atoms(text):
        if run and not _continues(text, run, atom):
            found.extend(_lengths(text, run))
            run = []
        run.append(atom)
    found.extend(_lengths(text, run))
    more = [
        one
        for one in (*_headed(text), *_others(text, found))
        if not any(f.start < one.end and one.start < f.end for f in found)
    ]
    return sorted([*found, *more], key=lambda one: one.start) if more else found


def _others(text: str, found: list[Length]) -> Iterator[Length]:
    """ "The longest 26 mm, the others 20, 14 and 10", "5.5, not 3.5 cm": the unit is said once."""
    for one in found:
        instead = _INSTEAD.search(text, max(0, one.start - 30), one.start)
        if instead is not None and text[one.end - 2 : one.end].lower() in ("cm", "mm"):
            cm = float(instead["n"]) * _per_cm(text[one.end - 2].lower())
            yield Length(round(cm, 2), *instead.span("n"), False, False)
        match = _OTHERS.match(text, one.end, one.end + 90)
        unit = text[one.end - 2 : one.end].lower()
        if match is None or unit not in ("cm", "mm"):
            continue
        for number in re.finditer(r"\d+(?:\.\d)?", match["list"]):
            start = match.start("list")
            cm = float(number[0]) * _per_cm(unit[0])
            yield Length(round(cm, 2), start + number.start(), start + number.end(), False, False)


def _headed(text: str) -> Iterator[Length]:
    """Numbers whose unit stands over them: "Size (cm): 3.2; 2.4", or a column "Size (cm)"."""
    for head in _UNIT_OVER.finditer(text):
        scale = _per_cm(head["unit"][0].lower())
        low = text.rfind("\n", max(0, head.start() - 300), head.start()) + 1
        end = text.find("\n", head.end(), head.end() + 300)
        end = end if end >= 0 else min(len(text), head.end() + 300)
        spans = [(head.end(), end)]
        column = text.count("|", low, head.start())
        if "|" in text[low:end]:
            spans = list(_cells(text, end + 1, column))
        for start, stop in spans:
            for number in _PLAIN.finditer(text, start, stop):
                cm = float(number["n"]) * scale
                if 0 < cm < _LONGEST:
                    yield Length(round(cm, 2), number.start(), number.end(), False, False)


def _cells(text: str, at: int, column: int) -> Iterator[tuple[int, int]]:
    """The cells of one column in the rows that follow a table's heading."""
    for _ in range(20):
        end = text.find("\n", at, at + 400)
        end = end if end >= 0 else min(len(text), at + 400)
        if "|" not in text[at:end]:
            return
        cells = text[at:end].split("|")
        if len(cells) > column:
            start = at + sum(len(cell) + 1 for cell in cells[:column])
            yield start, start + len(cells[column])
        at = end + 1


def _atoms(text: str) -> Iterator[_Atom]:
    for low, high in _windows(text):
        yield from _atoms_within(text, low, high)


def _windows(text: str) -> Iterator[tuple[int, int]]:
    low = high = 0
    for place in sorted(_places(text)):
        start = max(place - _BEFORE, high)
        if start > high:
            if high:
                yield low, high
            low = start
        high = place + _BEHIND
    if high:
        yield low, min(high, len(text))


def _places(text: str) -> Iterator[int]:
    lower = text.lower()
    if len(lower) != len(text):
        lower = text
    for needle in _NEEDLES:
        at = lower.find(needle)
        while at >= 0:
            yield at
            at = lower.find(needle, at + len(needle))
    for match in _BARE.finditer(text):
        yield match.start()


def _atoms_within(text: str, low: int, high: int) -> Iterator[_Atom]:
    for match in _ATOM.finditer(text, low, high):
        unit = (match["unit"] or "").lower()
        if not unit and match["article"]:
            continue
        digits = match["digits"] or ""
        yield _Atom(
            value(match),
            _code(unit),
            match.start(),
            match.end(),
            digits[:1].isdigit(),
            "." in digits,
        )


def _code(unit: str) -> str:
    """c, m or i."""
    if unit in ("㎝", ""):
        return "c" if unit else ""
    if unit == "㎜" or unit.startswith("m"):
        return "m"
    return "c" if unit.startswith("c") else "i"


def _continues(text: str, run: list[_Atom], atom: _Atom) -> bool:
    """Does a number belong to the numbers just before it?"""
    gap = text[run[-1].end : atom.start]
    if len(gap) > 16:
        return False
    if _TIMES.fullmatch(gap) or _RANGE.fullmatch(gap):
        return True
    if run[-1].unit:
        return False
    if len(run) > 1 and _EQUALS.fullmatch(gap):
        return "+" in text[run[0].end : run[-1].start]  # "5.5 + 2.0 = 7.5 cm"
    if not _LIST.fullmatch(gap):
        return False
    return run[-1].plain == atom.plain


def _listed(text: str, run: list[_Atom]) -> list[_Atom]:
    """The part of a run that lists sizes: by commas only where something shows that it does."""
    gaps = [text[a.end : b.start] for a, b in pairwise(run)]
    commas = [
        i
        for i, gap in enumerate(gaps)
        if (_COMMA.fullmatch(gap) and not (run[i].decimal or run[i].unit))
        or (_LIST.fullmatch(gap) and not run[i].plain and not run[i].unit)
    ]
    if not commas:
        return run
    closed = any(_CLOSED.fullmatch(gap) for gap in gaps[commas[-1] :])
    before = text[max(0, run[0].start - 12) : run[0].start]
    if (closed and len(run) > 2 and not before.endswith("#")) or _OPENED.search(before):
        return run
    return run[commas[-1] + 1 :]


def _lengths(text: str, run: list[_Atom]) -> Iterator[Length]:
    """The lengths of a run of numbers that stand together."""
    run = _listed(text, run)
    items: list[list[_Atom]] = []
    products: list[bool] = []
    for atom in run:
        gap = text[items[-1][-1].end : atom.start] if items else ""
        times = bool(items) and bool(_TIMES.fullmatch(gap))
        if items and (times or _RANGE.fullmatch(gap)):
            items[-1].append(atom)
            products[-1] = products[-1] or times
        else:
            items.append([atom])
            products.append(False)
    last = next((a.unit for a in reversed(run) if a.unit), "")
    for item, product in zip(items, products, strict=True):
        unit = next((a.unit for a in reversed(item) if a.unit), last)
        bare = not unit and product and all(a.plain for a in item)
        if not unit and not bare:
            continue
        cm = max(a.value * _per_cm(a.unit or unit) for a in item)
        if 0 < cm < _LONGEST:
            span = (item[0].start, item[-1].end)
            ranging = len(item) > 1 and not product
            yield Length(round(cm, 2), *span, bare, unit == "i", product, ranging)


def _per_cm(unit: str) -> float:
    return {"m": 0.1, "i": 2.54}.get(unit, 1.0)
