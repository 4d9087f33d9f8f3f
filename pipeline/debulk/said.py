"""Statements of a note that settle a fact by words, each with the words that qualify it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from debulk import tables
from debulk.lexicon import Hit, Lexicon, Term
from debulk.page import Page
from debulk.reading import Reading
from debulk.spans import remnants, spans

DIAGNOSES = frozenset({"preop_diagnosis", "postop_diagnosis"})
PAST = frozenset({"history", "indications"})
ASIDE = frozenset({"other", "consent", "staff", "disposition"})
"""Sections that speak of other things than today's disease and work."""
_FAR = 12
_ANSWER = 10
_PREAMBLE = 5
_ENTRY = frozenset(
    "incision open opened entered midline scar port trocar veress incized peritoneum cavity "
    "laparotomy explored abdomen belly pfannenstiel xiphoid".split()
)
_HEDGES = frozenset({"suspected", "consistent", "negated", "pending"})
_LABEL = 12  # words of a line in front of its colon
_ENDS_WITH = frozenset({"summary", "conclusion", "impression", "debrief", "debriefing"})
_DIAGNOSIS = frozenset({"dx", "diagnosis", "diagnose"})
_BEFORE = frozenset("pre preoperative preop admitting admission working".split())
_AFTER = frozenset("post postoperative postop final definitive discharge".split())
_STOPS = frozenset(".:;,")
_FILLING = frozenset("op operative and /".split())
_CUTS = frozenset(
    {";", "but", "so", "however", "although", "though", "whereas", "|", "•", "→", "·"}
)


class Said(NamedTuple):
    """A statement: words [start, end) of the page, its section and what qualifies it.

    [low, high) takes in the words that hedge or deny it.
    """

    value: str
    section: str
    start: int
    end: int
    words: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    qualities: frozenset[str]
    low: int
    high: int

    def has(self, *qualities: str) -> bool:
        """Is the statement qualified in one of these ways?"""
        return not self.qualities.isdisjoint(qualities)


@cache
def _qualifiers(side: str) -> Lexicon:
    return Lexicon(
        (phrase, Term("qualifier", row["quality"], row["reach"], {}))
        for row in tables.rows("qualifiers")
        for phrase in tables.terms(row["terms"])
        if row["side"] == side
    )


def told(page: Page, *facts: str) -> list[Hit]:
    """The terms of the context table about these facts, in reading order."""
    found = [hit for hit in page.stated if hit.term.name in facts]
    if "approach" in facts:
        found = sorted([*found, *spans(page)], key=lambda hit: hit.start)
    if "disease_status" in facts:
        found = sorted([*found, *remnants(page)], key=lambda hit: hit.start)
    return found


def statements(reading: Reading, *facts: str, framed: bool = False) -> list[Said]:
    """Every statement about these facts, in reading order.

    Framed, what a note without headings tells before the abdomen is entered is its indications.
    """
    found = list(qualified(reading.page, told(reading.page, *facts)))
    end = _opening(reading.page) if framed else 0
    if not end or not found or found[0].start >= end:
        return found
    return [
        s._replace(section="indications") if s.start < end and s.section == "narrative" else s
        for s in found
    ]


def _opening(page: Page) -> int:
    """The word at which a note without headings begins to tell of the work; 0 with headings."""
    if any(s.kind in DIAGNOSES | PAST for s in page.sections):
        return 0
    for hit in told(page, "approach"):
        if hit.start > _PREAMBLE and not _ENTRY.isdisjoint(page.norms[hit.start : hit.end]):
            return hit.start
    return 0


class _Label(NamedTuple):
    """A line [start, end) that names itself a diagnosis or the surgeon's last word."""

    start: int
    end: int
    section: str
    last: bool


def _frame(page: Page) -> tuple[list[_Label], list[int]]:
    """The labelled lines and the first words of the sentences, kept with the page once found."""
    if "frame" not in page.__dict__:
        page.__dict__["frame"] = (_labelled(page), [s.start for s in page.sentences])
    frame: tuple[list[_Label], list[int]] = page.__dict__["frame"]
    return frame


def _labelled(page: Page) -> list[_Label]:
    """The lines with a label that the layout does not know: "Dx at time-out:", "In summary:"."""
    norms, breaks = page.norms, page.breaks
    headed = [*(section.heading for section in page.sections), len(norms)]
    found: list[_Label] = []
    colon = -1
    for _ in range(norms.count(":")):
        colon = norms.index(":", colon + 1)
        first = next(
            (at for at in range(colon, max(-1, colon - _LABEL - 1), -1) if breaks[at]), None
        )
        if first is None:
            continue
        last = colon * 2 > len(norms) and not _ENDS_WITH.isdisjoint(norms[first:colon])
        kind = "postop_diagnosis" if last else _label(norms[first:colon])
        if kind:
            stop = headed[bisect_right(headed, colon)]
            # A label may have a line of its own.
            end = next((at for at in range(colon + 2, stop) if breaks[at]), stop)
            found.append(_Label(colon, end, kind, last))
    return found


def _label(words: Sequence[str]) -> str:
    """The kind of diagnosis that the words in front of a colon announce; "" for none."""
    bare = [w for w in words if w not in _FILLING]
    if (
        not bare
        or not _STOPS.isdisjoint(bare)
        or not (bare[0] in _DIAGNOSIS or set(bare) <= _DIAGNOSIS | _BEFORE | _AFTER)
    ):
        return ""
    return "preop_diagnosis" if _AFTER.isdisjoint(bare) else "postop_diagnosis"


def _section(labels: Sequence[_Label], at: int, kind: str) -> str:
    """The section of a word, by the label of its line where it has one."""
    if kind in DIAGNOSES:
        return kind
    label = next((label for label in labels if label.start < at < label.end), None)
    # In a history an earlier operation has its own diagnoses.
    return label.section if label and (label.last or kind not in PAST) else kind


def qualified(page: Page, hits: Iterable[Hit]) -> Iterator[Said]:
    """Statements with the words that qualify them."""
    norms, bounds, kinds = page.norms, page.sentences, page.section_of
    labels, starts = _frame(page)
    for hit in hits:
        at = bisect_right(starts, hit.start) - 1
        sentence = bounds[at]
        before = _near(norms[max(sentence.start, hit.start - _FAR) : hit.start], last=True)
        after = _near(norms[hit.end : min(sentence.end, hit.end + _FAR)], last=False)
        if at + 1 < len(bounds) and sentence.end - sentence.start - (hit.end - hit.start) <= 1:
            # "Conversion" on a line of its own is answered by the next: "Not required."
            answer = bounds[at + 1]
            after = norms[hit.end : min(answer.end, hit.end + _ANSWER)]
        clause = after[: after.index(",")] if "," in after else after
        found = [
            *_found(before, "before", hit.start - len(before)),
            *_found(clause, "after", hit.end),
            *_found(after, "beyond", hit.end),
        ]
        # A question mark ends a sentence of the page, and yet it hedges what stands beside it.
        for at in (hit.start - 1, hit.end):
            if norms[at : at + 1] == ["?"]:
                found.append(("suspected", at, at + 1))
        if any(name == "taken_back" for name, _, _ in found):
            continue  # "recurrent, scratch that, newly diagnosed"
        hedges = [(start, end) for name, start, end in found if name in _HEDGES]
        yield Said(
            hit.term.attributes["value"],
            _section(labels, hit.start, kinds[hit.start]),
            hit.start,
            hit.end,
            tuple(norms[hit.start : hit.end]),
            tuple(before),
            tuple(after),
            frozenset(name for name, _, _ in found),
            min([hit.start, *(start for start, _ in hedges)]),
            max([hit.end, *(end for _, end in hedges)]),
        )


def _near(window: list[str], *, last: bool) -> list[str]:
    """The part of a window in the same breath as the statement."""
    cuts = [at for at, norm in enumerate(window) if norm in _CUTS]
    if not cuts:
        return window
    return window[cuts[-1] + 1 :] if last else window[: cuts[0]]


def _found(window: list[str], side: str, at: int) -> Iterator[tuple[str, int, int]]:
    """Qualities found in a window that begins at word `at`, with their places."""
    for hit in _qualifiers(side).find(window):
        between = len(window) - hit.end if side == "before" else hit.start
        if between <= int(hit.term.form):
            yield hit.term.name, at + hit.start, at + hit.end


def quotes(reading: Reading, said: Iterable[Said]) -> tuple[tuple[int, int], ...]:
    """The places of statements in the text, four at most, diagnoses and body first."""
    words = reading.page.words
    chosen = sorted(said, key=lambda s: (s.section not in DIAGNOSES, s.start))[:4]
    return tuple((words[s.low].start, words[s.high - 1].end) for s in chosen)
