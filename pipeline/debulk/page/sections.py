"""The sections of a note: from each heading to the next, or to where it stops speaking."""

from __future__ import annotations

from collections.abc import Sequence

from debulk.page.headings import Heading, headings
from debulk.page.pasted import blocks, parted
from debulk.page.places import Extent, Lines, Section
from debulk.page.telling import preamble, resumed
from debulk.tables import wordset

_VERBS = wordset("telling_verbs")
_PROCEDURAL = ("ectomy", "otomy", "debulking", "cytoreduction", "excision", "resection")
_LONGEST_LIST = 25  # words of a second procedure list; more than this is the telling
_SHORT_PLAN = 40  # words
_BY_REGION = 4  # procedure headings of a note that tells region by region
_LONGEST_HEADER = 120  # words before the first heading; more than this is no header


def sections(lines: Lines) -> list[Section]:
    """The sections of a note in reading order; together they cover it."""
    copied = blocks(lines)
    return parted(_sections(lines, copied), copied)


def _sections(lines: Lines, copied: Sequence[Extent]) -> list[Section]:
    norms = lines.norms
    accepted = [h for h in headings(lines) if not any(b.start <= h.start < b.end for b in copied)]
    if not accepted:
        return preamble(lines, Section("narrative", 0, 0, len(norms))) if norms else []
    found: list[Section] = []
    first = accepted[0].start
    if first > 0:
        kind = "narrative" if first > _LONGEST_HEADER else "header"
        parts = preamble(lines, Section(kind, 0, 0, first))
        found.extend([*parts[:-1], *resumed(lines, parts[-1])])
    ends = [heading.start for heading in accepted[1:]] + [len(norms)]
    told = listed = False
    regions = sum(h.kind == "title" for h in accepted) >= _BY_REGION
    for heading, end in zip(accepted, ends, strict=True):
        lists = heading.kind == "title" and not listed and _opens_with_list(lines, heading.end, end)
        kind = "title" if lists else _kind(heading, norms[heading.end : end], told)
        if kind == "disposition" and not told and norms[heading.start] == "plan":
            kind = "consent" if end - heading.end < _SHORT_PLAN else kind
        if kind == "title":
            # A second "PROCEDURE:" tells what the first one listed.
            long = end - heading.end > _LONGEST_LIST
            if (listed or told) and (long or (told and regions)):
                kind = "narrative"
            listed = listed or end > heading.end
        parts = resumed(lines, Section(kind, heading.start, heading.end, end))
        if not told and parts[-1].kind == "narrative":
            parts[-1:] = preamble(lines, parts[-1])
        told = told or heading.kind in ("narrative", "findings")
        found.extend(parts)
    return found


def _kind(heading: Heading, norms: Sequence[str], told: bool) -> str:
    """The kind of a section by its heading, its words, and whether the telling came before it."""
    if heading.kind == "pathology":
        # Behind the telling it lists today's specimens; before it, an earlier report.
        return "specimens" if told else "pathology"
    if heading.kind in ("title", "complications") and _is_narrative(norms):
        return "narrative"
    return heading.kind


def _opens_with_list(lines: Lines, start: int, end: int) -> bool:
    """ "OPERATION: laparotomy, hysterectomy and omentectomy", though the telling comes behind."""
    stop = next(
        (at for at in range(start + 1, end) if lines.norms[at - 1] == "." or lines.breaks[at] == 2),
        end,
    )
    first = lines.norms[start:stop]
    return _VERBS.isdisjoint(first) and any(n.endswith(_PROCEDURAL) for n in first)


def _is_narrative(norms: Sequence[str]) -> bool:
    """A `PROCEDURE:` that tells a story, not a list."""
    verbs = sum(norm in _VERBS for norm in norms)
    return verbs >= 5 or (len(norms) > 120 and verbs >= 2) or len(norms) > 220
