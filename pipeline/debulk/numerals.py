"""Numbers as surgeons write and say them: "2.5", "1,5", "2 1/2", "two point five", "½"."""

from __future__ import annotations

import re

_SMALL = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
_WORDS = {word: float(n) for n, word in enumerate(_SMALL.split(), 1)} | {
    "sixteen": 16.0, "seventeen": 17.0, "eighteen": 18.0, "nineteen": 19.0,
    **{
        f"{ten}{gap}{unit}".strip("- "): tens + n
        for ten, tens in (("twenty", 20.0), ("thirty", 30.0), ("forty", 40.0))
        for n, unit in enumerate(["", *_SMALL.split()[:9]])
        for gap in "- "
    },
}  # fmt: skip
_GLYPHS = {"½": 0.5, "¼": 0.25, "¾": 0.75}
_WORD = "|".join(sorted(_WORDS, key=len, reverse=True))
_TAIL = (
    rf"(?:\s*(?P<glyph>[½¼¾])|(?:\s+|-)(?:and\s+)?(?P<half>an?[\s-]half|one[\s-]half|[13]/[24])"
    rf"|\s+point\s+(?P<point>\d{{1,2}}|{_WORD}))?"
)
NUMBER = (
    rf"(?:(?P<over>[135])/(?P<under>[248])|(?P<quarter>(?:a|one|three)[\s-]quarters?)(?=\s)"
    rf"|(?P<digits>\d{{1,3}}(?:[.,]\d{{1,2}})?|\.\d{{1,2}}|{_WORD}){_TAIL}"
    rf"|(?P<only>[½¼¾]|(?:one[\s-])?half)"
    rf"|(?P<article>an?)(?=\s(?:centi|milli|inch)))(?:\s+(?:of\s+)?an?(?=\s(?:centi|milli|inch|cm)))?"
)


def value(match: re.Match[str]) -> float:
    """The number that a match of `NUMBER` writes."""
    if match["over"]:
        return int(match["over"]) / int(match["under"])
    if match["only"]:
        return _GLYPHS.get(match["only"], 0.5)
    if match["quarter"]:
        return 0.75 if match["quarter"].lower().startswith("three") else 0.25
    extra = 0.5 if match["after"] else 0.0
    if match["article"]:
        return 1.0 + extra
    digits = match["digits"].lower().replace(",", ".")
    total = _WORDS[digits] if digits in _WORDS else float(digits)
    total += extra
    if match["glyph"]:
        total += _GLYPHS[match["glyph"]]
    elif match["half"]:
        over, _, under = match["half"].partition("/")
        total += int(over) / int(under) if under else 0.5
    elif match["point"]:
        point = match["point"].lower()
        total += float(f"0.{point}" if point.isdigit() else f"0.{int(_WORDS[point])}")
    return total
