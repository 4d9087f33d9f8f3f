"""How a note is laid out: its words, sections, sentences and clauses, and the terms found there.

Everything here is pure: words in, places out. The components write the result on the Doc.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from debulk import lexicon
from debulk.lexicon import Hit
from debulk.words import Speller, Word

BODY = frozenset({"narrative", "findings", "specimens", "addendum", "not_performed", "drains"})
"""Sections that document work; a title list, a history or a consent does not."""

_STOPS = frozenset({".", ";", "?", "!"})
_BULLETS = frozenset(
    {"-", "*", "•", "·", "▪", "◦", "o", ">", "#", "+", "–", "→", "->", "--", "[", "☒", "☑", "✓"}
)
_BREAKS = frozenset(
    "but however although though whereas except yet nevertheless nonetheless unless whilst".split()
)
_SEPARATORS = frozenset(
    ", and while which because since so as then who whom that where with after until : ( ) -".split()
)
FINITE = frozenset(
    "was were wa wer is are had has have did could would will may can should remained appeared "
    "underwent became seemed showed revealed lay looked felt came went got".split()
)
_SUBJECTS = frozenset("i we he she they it this these those dr who surgeon surgery team".split())
_DETERMINERS = frozenset(
    "the this a an of for entire her his my our and to in with such each no that these same whole "
    "any every during from on at or by prior previous".split()
)
_VERBAL = frozenset("was is were wa and in of had has with began include are went then by".split())


class Section(NamedTuple):
    """A section: its kind, and the words it covers, heading included from `heading`."""

    kind: str
    heading: int
    start: int
    end: int


class Extent(NamedTuple):
    """A run of words: a sentence or a clause."""

    start: int
    end: int


@dataclass(frozen=True)
class Page:
    """A note as the grammar reads it."""

    text: str
    words: Sequence[Word]
    sections: Sequence[Section]
    sentences: Sequence[Extent]
    hits: Sequence[Hit] = field(repr=False)
    breaks: Sequence[int] = field(repr=False)  # line breaks before each word: 0, 1, 2 = blank line

    @cached_property
    def norms(self) -> list[str]:
        """The standard spelling of every word."""
        return [word.norm for word in self.words]

    @cached_property
    def section_of(self) -> list[str]:
        """The section kind of every word."""
        kinds = ["narrative"] * len(self.words)
        for section in self.sections:
            kinds[section.heading : section.end] = [section.kind] * (section.end - section.heading)
        return kinds

    def clauses(self, sentence: Extent) -> list[Extent]:
        """The clauses of a sentence: parts with a finite verb of their own."""
        norms, found, start = self.norms, [], sentence.start
        has_verb = False
        for at in range(sentence.start, sentence.end):
            norm = norms[at]
            if norm in _BREAKS and at > start:
                found.append(Extent(start, at))
                start, has_verb = at, False
            elif norm in FINITE and not _month(norms, at):
                has_verb = True
            elif norm in _SEPARATORS and at > start:
                # A finite verb already seen, and another with a subject of its own to come.
                if has_verb and _new_clause(norms, at + 1, sentence.end):
                    found.append(Extent(start, at))
                    start, has_verb = at, False
        found.append(Extent(start, sentence.end))
        return found


def _new_clause(norms: Sequence[str], at: int, end: int) -> bool:
    if norms[at - 1] in ("which", "that", "who") and at < end and norms[at] in FINITE:
        return True
    if at < end and norms[at - 1] == "and" and norms[at] in ("for", "of"):
        return False  # "signed for debulking and for nodes, in case it was cancer": a second object
    subject = 0
    for place, norm in enumerate(norms[at : min(end, at + 14)], at):
        if norm in FINITE and not _month(norms, place):
            return subject > 0
        if norm in _BREAKS or norm in (",", ":"):
            # A list of subjects may hold commas: go on only while no verb was promised.
            if subject == 0:
                return False
            continue
        if norm.isalnum() or "-" in norm:
            subject += norm not in ("then", "also", "not", "subsequently", "therefore", "thus")
    return False


def _month(norms: Sequence[str], at: int) -> bool:
    """Is a "may" the month?"""
    return norms[at] == "may" and norms[at - 1] in (
        "in",
        "of",
        "for",
        "since",
        "last",
        "until",
        "early",
        "late",
        "by",
    )


def lay_out(text: str, tokens: Iterable[tuple[int, int]], speller: Speller) -> Page:
    """The page of a note, from the character extents of its tokens."""
    words = speller.read(text, tokens)
    norms = [word.norm for word in words]
    breaks = _line_breaks(text, words)
    sections = _sections(text, words, norms, breaks)
    sentences = _sentences(text, words, norms, breaks, sections)
    return Page(text, words, sections, sentences, lexicon.surgery().find(norms), breaks)


def _line_breaks(text: str, words: Sequence[Word]) -> list[int]:
    """For every word: 0 no line break before it, 1 one, 2 a blank line or the start."""
    found = [2] if words else []
    for before, word in zip(words, words[1:], strict=False):
        if word.start - before.end <= 0:
            found.append(0)
            continue
        gap = text[before.end : word.start]
        found.append(0 if gap == " " else min(2, gap.count("\n") or gap.count("\r")))
    return found


def _sections(
    text: str, words: Sequence[Word], norms: Sequence[str], breaks: Sequence[int]
) -> list[Section]:
    hits = lexicon.headings().find(norms)
    accepted: list[tuple[str, int, int]] = []
    shouting = _mostly_upper(text)
    # A dictated note may run its headings on without colons.
    colons = sum(1 for hit in hits if hit.end < len(norms) and norms[hit.end] == ":")
    strong = {hit.term.name for hit in hits if hit.term.form == "strong"}
    run_on = colons < 2 and len(strong) > 1 and len(norms) > 80
    for hit in hits:
        after = _heading_end(text, words, norms, breaks, hit, shouting=shouting, run_on=run_on)
        if after and not (accepted and accepted[-1][2] > hit.start):
            accepted.append((hit.term.name, hit.start, after))
    if not accepted:
        return [Section("narrative", 0, 0, len(words))] if words else []
    found = []
    if accepted[0][1] > 0:
        long = accepted[0][1] > 120
        found.append(Section("narrative" if long else "header", 0, 0, accepted[0][1]))
    ends = [start for _, start, _ in accepted[1:]] + [len(words)]
    told = False
    for (kind, start, after), end in zip(accepted, ends, strict=True):
        if kind == "pathology":
            # Behind the telling it lists today's specimens; before it, an earlier report.
            kind = "specimens" if told else "pathology"
        told = told or kind in ("narrative", "findings")
        if kind in ("title", "complications", "findings", "indications") and _is_narrative(
            norms[after:end]
        ):
            kind = "narrative" if kind in ("title", "complications") else kind
        found.extend(_resumed(Section(kind, start, after, end), norms, breaks))
    return found


_STEPS = frozenset(
    "opened entered closed excized removed irrigated incision midline fascia supine prepped draped resected "
    "divided clamped ligated lithotomy retractor packed stapled oversewn suture sutured closure "
    "hemostasis incized taken cleared stripped dissected mobilized tied cut ligasure bookwalter laparotomy "
    "staple placed sent irrigation skin peeled lysed freed handed explored drain pds vicryl pfannenstiel sealed "
    "cuff run intact exposed count counts out off prep drape vert trocar port docked insufflated biopsied".split()
)
_PAST_KINDS = frozenset({"history", "indications", "consent", "disposition"})


def _resumed(section: Section, norms: Sequence[str], breaks: Sequence[int]) -> list[Section]:
    """A section, and where its heading stops speaking: the telling goes on without a heading."""
    if section.kind in BODY or section.end - section.start < 20:
        return [section]
    need = 3 if section.kind in _PAST_KINDS else 2
    long = section.end - section.start > 90 and section.kind not in _PAST_KINDS
    at = section.start
    for word in range(section.start + 1, section.end):
        if breaks[word] == 2 or (long and breaks[word] == 1 and word - at > 3):
            rest = norms[word : min(section.end, word + 70)]
            if _tells(rest, section.kind) >= need and (
                breaks[word] == 2
                or section.kind not in ("title", "preop_diagnosis", "postop_diagnosis")
                or word - section.start > 25
            ):
                return [section._replace(end=word), Section("narrative", word, word, section.end)]
            at = word
    if section.kind == "title":
        # A list has no "was": the first sentence that has one starts the telling.
        start = section.start
        for word in range(section.start + 1, section.end):
            if norms[word - 1] == "." or breaks[word] == 2:
                start = word
            if norms[word] in ("was", "were") and start > section.start:
                return [
                    section._replace(end=start),
                    Section("narrative", start, start, section.end),
                ]
    if section.kind in ("blood_loss", "staff", "anesthesia", "date", "complications", "other", "postop_diagnosis",
                        "preop_diagnosis", "title") and section.end - section.start > 60:  # fmt: skip
        for word in range(section.start + 1, section.end):
            if (
                norms[word - 1] == "."
                and _tells(norms[word : min(section.end, word + 60)], "") >= 4
            ):
                return [section._replace(end=word), Section("narrative", word, word, section.end)]
    return [section]


def _tells(norms: Sequence[str], kind: str) -> int:
    """How much a run of words reads like the steps of an operation."""
    steps = sum(n in _STEPS for n in norms)
    if kind in _PAST_KINDS:
        return steps if not {"ago", "underwent", "consented", "agreed"} & set(norms[:40]) else 0
    return steps + sum(n in ("was", "were") for n in norms)


def _heading_end(
    text: str,
    words: Sequence[Word],
    norms: Sequence[str],
    breaks: Sequence[int],
    hit: Hit,
    *,
    shouting: bool,
    run_on: bool,
) -> int:
    """The word after the heading, or 0 when the words are no heading."""
    start, end = hit.start, hit.end
    before = norms[start - 1] if start else "."
    line_start = breaks[start] > 0 or (before in _BULLETS and start > 1 and breaks[start - 1] > 0)
    strong = hit.term.form == "strong"
    upper = not shouting and text[words[start].start : words[end - 1].end].isupper()
    after = end
    if after < len(norms) and norms[after] == "(" and ")" in norms[after : after + 8]:
        after += norms[after : after + 8].index(")") + 1
    following = norms[after] if after < len(norms) else ""
    if hit.term.name == "not_performed" and following != ":":
        return 0  # "Not done." speaks of what stands above it
    if following == ":" or (following in ("-", "--", "–") and line_start):
        if line_start or strong or upper or before in _STOPS or before in (",", ")", ":", "|"):
            return after + 1
        return 0
    if line_start and (after >= len(norms) or breaks[after] > 0):
        return after
    if line_start and (upper or strong) and following not in _VERBAL:
        return after
    if upper and before in (".", ",") and following not in _VERBAL and strong:
        return after
    listed = strong and hit.term.name != "not_performed"
    if listed and before not in _DETERMINERS and following not in _VERBAL and run_on:
        return after
    early = start < 90 or start > len(norms) * 0.85
    if run_on and early and before not in _DETERMINERS and following not in _VERBAL:
        if hit.term.name in (
            "title",
            "findings",
            "anesthesia",
            "staff",
            "indications",
            "complications",
        ) or (hit.term.name == "blood_loss"):
            return after if norms[start] not in ("case", "name", "count", "position", "prep") else 0
    return 0


def _mostly_upper(text: str) -> bool:
    sample = text[:2000]
    letters = sum(map(str.isalpha, sample))
    return letters > 0 and sum(map(str.isupper, sample)) > 0.6 * letters


def _is_narrative(norms: Sequence[str]) -> bool:
    """A `PROCEDURE:` that tells a story, not a list."""
    verbs = sum(norm in ("was", "were", "wa", "wer") for norm in norms)
    return verbs >= 5 or (len(norms) > 120 and verbs >= 2) or len(norms) > 220


def _sentences(
    text: str,
    words: Sequence[Word],
    norms: Sequence[str],
    breaks: Sequence[int],
    sections: Sequence[Section],
) -> list[Extent]:
    bounds = {section.heading for section in sections} | {section.start for section in sections}
    found, start, line = [], 0, 0
    for at in range(len(words)):
        if at > start and (
            at in bounds
            or norms[at - 1] in _STOPS
            or (breaks[at] and _breaks_sentence(text, words, norms, breaks, line, at))
        ):
            found.append(Extent(start, at))
            start = at
        if breaks[at]:
            line = at
    if start < len(words):
        found.append(Extent(start, len(words)))
    return found


def _breaks_sentence(
    text: str,
    words: Sequence[Word],
    norms: Sequence[str],
    breaks: Sequence[int],
    line: int,
    at: int,
) -> bool:
    """Does the line break before word `at` end a sentence? A wrapped line does not."""
    if breaks[at] > 1 or norms[at] in _BULLETS:
        return True
    following = norms[at + 1] if at + 1 < len(norms) else ""
    if norms[at].isdigit() and following in (".", ")", "-", ":"):
        return True
    if norms[at - 1] in (",", "and", "of", "the", "to", "with", "or", "-"):
        return False
    first = text[words[at].start]
    width = words[at - 1].end - words[line].start
    return (
        (first.isupper() and width < 55)
        or first == "["
        or (norms[at - 1] == ":" and first.isupper())
    )
