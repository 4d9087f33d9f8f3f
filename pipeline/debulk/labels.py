"""Labels inside a section: "PLANNED: ... PERFORMED: ...", "Laterality: N/A"."""

from __future__ import annotations

from collections.abc import Sequence

from debulk.page import Extent, Page

_DONE = frozenset({"performed", "done", "actual", "completed"})
_PLANNED = frozenset(
    {"planned", "booked", "scheduled", "consented", "proposed", "intended", "posted", "booking"}
)
_SIDES = frozenset({"laterality", "lrb", "side", "left", "right", "bilateral", "(", "|", "/"})


def labels(page: Page, norms: Sequence[str]) -> list[tuple[int, int, str, Extent]]:
    """Spans that a label rules: (start, end, status, the label's words)."""
    found: list[tuple[int, int, str, Extent]] = []
    kinds = page.section_of
    for at, norm in enumerate(norms):
        if norm != ":" or at == 0:
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
            start, end, said, words = found[-1]
            found[-1] = (start, min(end, low), said, words)
        if status and kinds[at] != "not_performed":
            end = _span(page, norms, at, kinds)
            found.append((at + 1, end, status, Extent(low, at)))
    return found


def _span(page: Page, norms: Sequence[str], at: int, kinds: Sequence[str]) -> int:
    """How far a label rules: to the next section, or the blank line before a telling."""
    for i in range(at + 1, min(len(norms), at + 150)):
        if kinds[i] != kinds[at]:
            return i
        if "\n\n" in page.text[page.words[i - 1].end : page.words[i].start] and i - at > 1:
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
