"""Which words are a heading, by where they stand and what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from string import ascii_letters, ascii_uppercase
from typing import NamedTuple

from debulk import lexicon
from debulk.lexicon import Hit
from debulk.page.places import Lines
from debulk.tables import wordset

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_LETTERS, _UPPER = ascii_letters.encode(), ascii_uppercase.encode()
_COLUMN = re.compile(r"\t| {3,}")
_STOPS = wordset("stops")
_BULLETS = wordset("bullets")
_DETERMINERS = wordset("no_heading_behind")
_VERBAL = wordset("no_heading_before")
_SPOKEN = wordset("spoken_headings")
_DOUBTFUL = wordset("doubtful_headings")
_BEFORE_COLON = _STOPS | {",", ")", ":", "|"}  # what a heading with a colon may follow on its line
_SHORT_NOTE = 80  # words; a shorter note is too short to run its headings on
_OPENING, _CLOSING = 90, 0.85  # where the weak headings of a dictated note stand


class Heading(NamedTuple):
    """A heading: the kind of section it opens, its first word, and the word after it."""

    kind: str
    start: int
    end: int


_SEVERAL = 3  # headings in capitals that make it the note's way


class _Style(NamedTuple):
    """How a surgeon writes headings."""

    shouting: bool  # the whole note is in capitals, so that capitals mean nothing
    run_on: bool  # a dictated note: headings without colons or lines of their own
    capitals: bool  # its headings stand in capitals, so that "surgery" in a sentence is none


def headings(lines: Lines) -> list[Heading]:
    """The headings of a note in reading order."""
    hits = lexicon.headings().find(lines.norms)
    shouting = _is_mostly_upper(lines.text)
    upper = sum(1 for h in hits if h.term.form == "strong" and _is_upper(lines, h))
    style = _Style(shouting, _runs_on(lines, hits), not shouting and upper >= _SEVERAL)
    found: list[Heading] = []
    for hit in hits:
        end = _end(lines, hit, style)
        if end and not (found and found[-1].end > hit.start):
            found.append(Heading(hit.term.name, hit.start, end))
    return found


def _runs_on(lines: Lines, hits: Iterable[Hit]) -> bool:
    """A dictated note may run its headings on without colons."""
    norms = lines.norms
    colons = sum(1 for hit in hits if hit.end < len(norms) and norms[hit.end] == ":")
    strong = {hit.term.name for hit in hits if hit.term.form == "strong"}
    return colons < 2 and len(strong) > 1 and len(norms) > _SHORT_NOTE


def _is_mostly_upper(text: str) -> bool:
    sample = text[:2000]
    # Letters of ASCII are counted by leaving them out, which is many times faster.
    plain, other = sample.encode("ascii", "ignore"), _BEYOND_ASCII.findall(sample)
    letters = len(plain) - len(plain.translate(None, _LETTERS)) + sum(map(str.isalpha, other))
    upper = len(plain) - len(plain.translate(None, _UPPER)) + sum(map(str.isupper, other))
    return letters > 0 and upper > 0.6 * letters


def _end(lines: Lines, hit: Hit, style: _Style) -> int:
    """The word after the heading, or 0 when the words are no heading."""
    norms, start = lines.norms, hit.start
    end = _behind_brackets(norms, hit.end)
    before = norms[start - 1] if start else "."
    following = norms[end] if end < len(norms) else ""
    strong = hit.term.form == "strong"
    begins_line = _begins_line(lines, start)
    upper = not style.shouting and _is_upper(lines, hit)
    if hit.term.name == "not_performed" and following != ":":
        return (
            _behind_tail(lines, end) if begins_line and following in _TAIL else 0
        )  # "Not done." speaks of what stands above it
    if following == ":" and lines.text[lines.words[end].start] == ".":
        return 0  # dots that lead to the value of a form's field, which is no section
    if following == ":":
        return end + 1 if begins_line or strong or upper or before in _BEFORE_COLON else 0
    if following == "-" and begins_line:
        return end + 1
    if begins_line and (end >= len(norms) or lines.breaks[end] > 0):
        return end  # alone on its line
    if begins_line and strong and following in _TAIL:
        behind = _behind_tail(lines, end)
        if behind:
            return behind
    if begins_line and _COLUMN.search(lines.text, lines.words[end - 1].end, lines.words[end].start):
        return end  # "Procedure          laparotomy; both adnexa": a table of two columns
    if following in _VERBAL:
        return 0  # the subject of a sentence: "Findings were ..."
    if begins_line and (upper or strong):
        return end
    if upper and strong and before in (".", ","):
        return end
    counted = following in _FIRST and hit.term.name in _COUNTED
    if counted and (before == "same" or before not in _DETERMINERS):
        return end  # "... same Procedures one laparotomy two omentectomy": dictated without marks
    if not style.run_on or before in _DETERMINERS or (style.capitals and not upper):
        return 0
    if strong:
        return end
    at_edge = start < _OPENING or start > len(norms) * _CLOSING
    return end if at_edge and hit.term.name in _SPOKEN and norms[start] not in _DOUBTFUL else 0


_TAIL = frozenset({",", "/", "&", "+", "and", "with", "-"})
_LONGEST_TAIL = 7  # words behind the name of a heading, up to its colon
_NUMBERED = 4  # words in front of a heading that number it
_PART_NAMES = frozenset({"section", "part", "page", ".", ")"})
_FIRST = frozenset({"one", "1"})
_COUNTED = frozenset({"title", "specimens", "preop_diagnosis", "postop_diagnosis"})


def _behind_tail(lines: Lines, end: int) -> int:
    """The word after a heading that goes on to its colon: "Findings, sizes in situ:"; 0: none."""
    for at in range(end + 1, min(end + _LONGEST_TAIL, len(lines.norms))):
        if lines.breaks[at]:
            return 0
        if lines.norms[at] == ":":
            return at + 1
    return 0


def _behind_brackets(norms: list[str], end: int) -> int:
    """The word after a heading and what it adds in brackets: "PROCEDURE (as dictated):"."""
    nearby = norms[end : end + 16]
    return end + nearby.index(")") + 1 if nearby[:1] == ["("] and ")" in nearby else end


def _begins_line(lines: Lines, start: int) -> bool:
    """Does a word begin its line, or stand behind the bullet or the "SECTION 5 -" that does?"""
    at = start
    while at and not lines.breaks[at] and start - at < _NUMBERED:
        before = lines.norms[at - 1]
        numbers = before.isdigit() and at < start
        if before not in _BULLETS and before not in _PART_NAMES and not numbers:
            return False
        at -= 1
    return lines.breaks[at] > 0


def _is_upper(lines: Lines, hit: Hit) -> bool:
    first, last = lines.words[hit.start], lines.words[hit.end - 1]
    return lines.text[first.start : last.end].isupper()
