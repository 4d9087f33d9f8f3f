"""Labels inside a section: "PLANNED: ... PERFORMED: ...", "Laterality: N/A"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from debulk import tables, words
from debulk.cues import DO
from debulk.page import FINITE, Extent, Page

_DONE = frozenset({"performed", "done", "actual", "completed"})
_PLANNED = frozenset(
    {"planned", "booked", "scheduled", "consented", "proposed", "intended", "posted", "booking"}
)
_SEPARATORS = frozenset({":", "-", "--", "\u2013", "\u2014", "=", "→", "->", "|"})
_BEHIND_FATE = (
    ".",
    ",",
    ";",
    "-",
    "--",
    "\u2013",
    "\u2014",
    "(",
    ")",
    "|",
    "for",
    "at",
    "due",
    "as",
    "given",
)
_NO_WORK = frozenset(
    "dissection sampling resection stripping biopsy removal procedure work surgery excision "
    "lymphadenectomy indication need reason target debulking sample biopsies".split()
)
_WEIGHED = frozenset({"considered", "discussed", "weighed", "planned", "debated", "contemplated"})
_SIDES = frozenset({"laterality", "lrb", "side", "left", "right", "bilateral", "(", "|", "/"})


def labels(page: Page, norms: Sequence[str]) -> list[tuple[int, int, str, Extent]]:
    """Spans that a label rules: (start, end, status, the label's words)."""
    found: list[tuple[int, int, str, Extent]] = []
    kinds = page.section_of
    at = 0
    for _ in range(norms.count(":")):
        at = norms.index(":", at + 1 if at else 0)
        if at == 0:
            continue
        word = norms[at - 1]
        low = at - 1
        if word == "for" and norms[at - 2] in _PLANNED:
            low, word = at - 2, norms[at - 2]
        status = "performed" if word in _DONE else "planned" if word in _PLANNED else ""
        if status and norms[low - 1 : low] == ["not"]:
            status = "not_performed"
        if found and _line_start(page, low):
            # Any label at the start of a line ends the one before it.
            start, end, said, label = found[-1]
            found[-1] = (start, min(end, low), said, label)
        if status and kinds[at] not in ("not_performed", "history"):
            end = _span(page, norms, at, kinds)
            found.append((at + 1, end, status, Extent(low, at)))
    return found


def _span(page: Page, norms: Sequence[str], at: int, kinds: Sequence[str]) -> int:
    """How far a label rules: to the next section, or the blank line before a telling."""
    for i in range(at + 1, min(len(norms), at + 150)):
        if kinds[i] != kinds[at]:
            return i
        if page.text.count("\n", page.words[i - 1].end, page.words[i].start) > 1 and i - at > 1:
            return i
    return min(len(norms), at + 150)


def _line_start(page: Page, at: int) -> bool:
    line = page.text.rfind("\n", 0, page.words[at].start)
    return page.words[at].start - line < 30


def not_applicable(norms: Sequence[str], start: int, end: int) -> bool:
    """Is an "N/A" the side of a procedure and not the procedure?"""
    before = norms[max(0, start - 4) : start]
    return (
        bool(_SIDES.intersection(before))
        or norms[end : end + 1] == [")"]
        or norms[end : end + 1] == ["|"]
    )


@cache
def _fates() -> dict[tuple[str, ...], str]:
    return {
        words.norms(term): row["status"]
        for row in tables.rows("labels")
        for term in tables.terms(row["terms"])
    }


@cache
def _first() -> frozenset[str]:
    return frozenset(key[0] for key in _fates()) | {"not", "never", "no"}


def fate(norms: Sequence[str], start: int, end: int) -> tuple[str, Extent] | None:
    """What became of a label's procedure, in the words that begin at `start`."""
    while start < end and not norms[start][:1].isalnum():
        start += 1
    if start + 2 < end and norms[start] in _WEIGHED and norms[start + 1] == ",":
        start += 2  # "considered, skipped"
    if start >= end or norms[start] not in _first():
        return None
    for length in (5, 4, 3, 2, 1):
        stop = start + length
        status = _fates().get(tuple(norms[start:stop])) if stop <= end else None
        if status and (length > 2 or stop == end or norms[stop] in _BEHIND_FATE):
            return status, Extent(start, stop)
    following = norms[start + 1 : min(end, start + 4)]
    denied = norms[start] in ("not", "never") and DO.intersection(following[:2])
    if denied or (norms[start] == "no" and _NO_WORK.intersection(following)):
        return "not_performed", Extent(start, start + 2)
    return None


def value(
    page: Page, norms: Sequence[str], sentence: Extent, head: Extent
) -> tuple[str, Extent] | None:
    """The value of an "item: value" line: "HIPEC - no", "Omentectomy: deferred"."""
    if head.start - sentence.start > 8 or not FINITE.isdisjoint(norms[sentence.start : head.start]):
        return None
    for at in range(head.end, min(head.end + 7, sentence.end - 1)):
        norm = norms[at]
        if page.breaks[at] or norm in _SEPARATORS:
            said = fate(norms, at if page.breaks[at] else at + 1, sentence.end)
            return None if said is None or norms[said[1].end : said[1].end + 1] == ["|"] else said
        if norm in FINITE or norm in (",", ";"):
            return None
    return None
