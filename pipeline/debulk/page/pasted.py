"""Blocks of an older note that were copied into this one: they tell of an earlier time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from debulk.page.places import Extent, Lines, Section
from debulk.tables import wordset

_MARKS = wordset("pasted_marks")
_SOURCES = wordset("pasted_sources")
_END = frozenset({"end", "today"})
_HEAD = 14  # words of the line that names the source
_LONGEST = 320  # words; more than this is the note itself


def blocks(lines: Lines) -> list[Extent]:
    """The copied blocks in reading order, each from the line that names its source."""
    if _MARKS.isdisjoint(lines.norms):
        return []
    return list(_blocks(lines))


def _blocks(lines: Lines) -> Iterator[Extent]:
    until = 0
    for at in range(len(lines.norms)):
        if at < until or not at or not lines.breaks[at]:
            continue
        line = _line(lines, at)
        head = lines.norms[at : min(line, at + _HEAD)]
        if _MARKS.isdisjoint(head) or _SOURCES.isdisjoint(head) or not _END.isdisjoint(head):
            continue
        stop = next((i for i in range(line, len(lines.norms)) if _ends(lines, i, line)), 0)
        if stop and stop - at <= _LONGEST:
            until = stop
            yield Extent(at, stop)


def _ends(lines: Lines, at: int, first: int) -> bool:
    """A blank line, but not the one just below the line that names the source; or "END"."""
    return (lines.breaks[at] == 2 and at > first) or (
        lines.breaks[at] > 0 and not _END.isdisjoint(lines.norms[at : _line(lines, at)][:8])
    )


def _line(lines: Lines, at: int) -> int:
    return next((i for i in range(at + 1, len(lines.norms)) if lines.breaks[i]), len(lines.norms))


def parted(sections: Sequence[Section], found: Sequence[Extent]) -> list[Section]:
    """The sections, what a copied block covers made history."""
    if not found:
        return list(sections)
    parts: list[Section] = []
    for section in sections:
        start, heading = section.start, section.heading
        for block in found:
            if block.end <= heading or block.start >= section.end:
                continue
            low, high = max(block.start, heading), min(block.end, section.end)
            if low > heading:
                parts.append(Section(section.kind, heading, min(start, low), low))
            parts.append(Section("history", low, low, high))
            start = heading = high
        if heading < section.end:
            parts.append(Section(section.kind, heading, max(start, heading), section.end))
    return parts
