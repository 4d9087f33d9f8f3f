"""Why a mention has its status: its sentence, its clause, its section and the deciding words."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from debulk.errors import UsageError

if TYPE_CHECKING:
    from debulk.coder import Coder
    from debulk.page import Extent, Page
    from debulk.values import Mention

_PLAIN = "nothing in its clause says otherwise and its section tells what was done"
_TRAINED = (
    "the trained reader, from notes of the corpus; no rule reads it so, and no fact rests on it"
)


@dataclass(frozen=True)
class Reason:
    """One mention and what decided its status; `start` and `end` are offsets into the note."""

    mention: int
    concept: str
    status: str
    section: str
    heading: str
    start: int
    end: int
    text: str
    cue: str
    decided_by: str  # cue | heading | plain telling | trained reader
    clause: str
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """The reason as JSON-able values."""
        return asdict(self)

    def told(self) -> str:
        """The reason as lines of text."""
        because = {
            "cue": f'the words "{_line(self.cue)}"',
            "heading": f'its section, headed "{_line(self.cue)}"',
            "plain telling": _PLAIN,
            "trained reader": _TRAINED,
        }[self.decided_by]
        headed = f' (headed "{_line(self.heading)}")' if self.heading else ""
        rows = (
            ("mention", f'"{_line(self.text)}", characters {self.start} to {self.end}'),
            ("because", because),
            ("clause", f'"{_line(self.clause)}"'),
            ("sentence", f'"{_line(self.sentence)}"'),
            ("section", self.section + headed),
        )
        head = f"{self.mention}  {self.concept}: {self.status}"
        return "\n".join([head, *(_row(name, said) for name, said in rows)])


def reasons(coder: Coder, text: str, which: str) -> list[Reason]:
    """The reasons of a mention by its number, or of all mentions of a concept."""
    from debulk.reading import read

    coder.read(text)  # refuses what is no note
    reading = read(coder.nlp(text))
    mentions = reading.mentions
    if which.isdecimal():
        chosen = [int(which)]
        if chosen[0] >= len(mentions):
            raise UsageError(
                f"The note has {len(mentions)} mentions, numbered from 0: there is no {which}."
            )
    else:
        chosen = [at for at, mention in enumerate(mentions) if mention.concept == which]
        if not chosen:
            raise UsageError(
                f"The note has no mention of {which}: give a number or a concept of the report."
            )
    return [_reason(reading.page, text, at, mentions[at]) for at in chosen]


def _reason(page: Page, text: str, at: int, mention: Mention) -> Reason:
    sentence = _holding(page, page.sentences, mention)
    clause = _holding(page, page.clauses(sentence), mention) if sentence else None
    heading = ""
    decided = "cue" if mention.cue else "plain telling"
    for section in page.sections:
        if _holds(page, section.heading, section.end, mention) and section.start > section.heading:
            start, end = page.words[section.heading].start, page.words[section.start - 1].end
            heading = text[start:end]
            if mention.cue_start is not None and start <= mention.cue_start < end:
                decided = "heading"
    if "read_by" in mention.attributes:
        decided = "trained reader"
    return Reason(
        mention=at,
        concept=mention.concept,
        status=mention.status,
        section=mention.section,
        heading=heading,
        start=mention.start,
        end=mention.end,
        text=mention.text,
        cue=mention.cue,
        decided_by=decided,
        clause=_quoted(page, text, clause) if clause else mention.text,
        sentence=_quoted(page, text, sentence) if sentence else mention.text,
    )


def _holding(page: Page, extents: Sequence[Extent], mention: Mention) -> Extent | None:
    return next((e for e in extents if _holds(page, e.start, e.end, mention)), None)


def _holds(page: Page, start: int, end: int, mention: Mention) -> bool:
    """Does a run of words hold the mention's first character?"""
    return end > start and page.words[start].start <= mention.start < page.words[end - 1].end


def _quoted(page: Page, text: str, extent: Extent) -> str:
    return text[page.words[extent.start].start : page.words[extent.end - 1].end]


def _line(text: str) -> str:
    """The text on one line, showable."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _row(name: str, said: str) -> str:
    return textwrap.fill(
        said, 88, initial_indent=f"   {name:<10}", subsequent_indent=" " * 13,
        break_long_words=False, break_on_hyphens=False,
    )  # fmt: skip
