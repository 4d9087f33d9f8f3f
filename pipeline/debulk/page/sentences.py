"""Where lines and sentences end; a line that was only wrapped ends none."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from debulk.page.places import Extent, Lines, Section
from debulk.tables import wordset
from debulk.words import Word

_BREAK = re.compile(r"[\n\r]+|(?<=\S)(?: {3,}|\t+ *)(?=[A-Z][\w /-]{1,30}:)")
"""Ends of lines, and the gaps between the fields of a form: "Stoma: N        Drain: N"."""
_CELLS = re.compile(r"\S {3,}\S")
_STOPS = wordset("stops")
_BULLETS = wordset("bullets")
_NUMBERING = wordset("numbering")
_UNFINISHED = wordset("unfinished")
_FULL_LINE = 55  # characters; a line this long was wrapped, not ended


def line_breaks(text: str, words: Sequence[Word]) -> list[int]:
    """For every word: 0 no line break before it, 1 one, 2 a blank line or the start."""
    if not words:
        return []
    found = [2] + [0] * (len(words) - 1)
    starts = [start for _, start, _ in words]
    for match in _BREAK.finditer(text):
        at = bisect_right(starts, match.start())
        if 0 < at < len(words):
            gap = text[words[at - 1].end : starts[at]]
            found[at] = min(2, gap.count("\n") or gap.count("\r") or 1)
    return found


def sentences(lines: Lines, sections: Sequence[Section]) -> list[Extent]:
    """The sentences of a note in reading order; no heading and no section is inside one."""
    norms, breaks = lines.norms, lines.breaks
    bounds = {section.heading for section in sections} | {section.start for section in sections}
    places = {at for at, norm in enumerate(norms[:-1], 1) if norm in _STOPS}
    places |= bounds | {at for at, lines_before in enumerate(breaks) if lines_before}
    found, start, line = [], 0, 0
    for at in sorted(places):
        if start < at < len(norms) and (
            at in bounds
            or (norms[at - 1] in _STOPS and not _numbers(norms, at))
            or (breaks[at] and _ends_sentence(lines, line, at))
        ):
            found.append(Extent(start, at))
            start = at
        if at < len(norms) and breaks[at]:
            line = at
    if start < len(norms):
        found.append(Extent(start, len(norms)))
    return found


def _numbers(norms: Sequence[str], at: int) -> bool:
    """ "No. 1 Vicryl": the stop behind "No" is of a number."""
    return norms[at].isdigit() and norms[max(0, at - 2) : at] == ["no", "."]


def _ends_sentence(lines: Lines, line: int, at: int) -> bool:
    """Does the line break before word `at` end a sentence? `line`: the first word of its line."""
    words, norms = lines.words, lines.norms
    if lines.breaks[at] > 1 or norms[at] in _BULLETS:
        return True
    if norms[at].isdigit() and at + 1 < len(norms) and norms[at + 1] in _NUMBERING:
        # "5." numbers a line; "5.5" is a length.
        return not (at + 2 < len(norms) and words[at + 2].start == words[at + 1].end)
    before = norms[at - 1]
    if _CELLS.search(lines.text, words[line].start, words[at - 1].end):
        return True  # a row of a table was not wrapped
    if before in _UNFINISHED:
        return False
    first = lines.text[words[at].start]
    width = words[at - 1].end - words[line].start
    return first == "[" or (first.isupper() and (width < _FULL_LINE or before == ":"))
