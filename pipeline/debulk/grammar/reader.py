"""Reads the sentences of a page in order and carries subjects from one to the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from debulk.grammar import labels, named
from debulk.grammar.basins import usual_of
from debulk.grammar.biopsies import biopsied
from debulk.grammar.denied import denied, elliptic
from debulk.grammar.fates import fated, lacking
from debulk.grammar.find import Find
from debulk.grammar.implied import (
    ablated,
    bounded,
    broken_off,
    freed,
    may_go,
    opened,
    repeated,
    tried,
)
from debulk.grammar.lists import (
    boxes,
    bygone,
    companions,
    contained,
    hinted,
    intended,
    listed,
    valued,
)
from debulk.grammar.rules import BASINS
from debulk.grammar.sentence import Sentence, finite, outermost
from debulk.grammar.told import told
from debulk.labels import fate
from debulk.lexicon import Hit, Term
from debulk.page import Extent, Page
from debulk.tables import wordset

_OPENINGS = wordset("openings")
_NO_OPENINGS = wordset("no_openings")
_TURNING = wordset("turning")
_NEEDLE = wordset("needle")
_PROVED = wordset("proved")
_SEEN = wordset("felt_only") | {
    "cm",
    "mm",
    "palp",
    "fullness",
    "wnl",
    "hard",
    "firm",
    "soft",
    "normal",
    "matted",
    "rubbery",
}
_LISTS = frozenset({"title", "consent", "preop_diagnosis"})
_LISTING = frozenset(
    {"title", "preop_diagnosis", "postop_diagnosis", "history", "indications", "consent", "header"}
)
_BRIEF = 6  # words in which a section says that it is empty
_KINDS = frozenset({"procedure", "organ", "region", "action"})


class Reader:
    """One page; what was spoken of last, so that "it" and "the nodes" have a meaning."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.norms = page.norms
        self.carried: list[Hit] = []
        self.topic: list[str] = []  # the node basins last spoken of
        self.idle = 0  # sentences since something was spoken of
        self.opened = False
        self.label: dict[str, dict[str, str]] = {}  # what the sub-heading above names

    def finds(self) -> Iterator[Find]:
        """The finds of the page in reading order."""
        sentences = self.page.sentences
        headings = {w for s in self.page.sections for w in range(s.heading, s.start)}
        hits = [h for h in self.page.hits if h.term.kind in _KINDS and h.start not in headings]
        yield from self._no_drains()
        for index, inside in enumerate(_by_extent(sentences, hits)):
            self.idle += 1
            if self.idle > 3:
                self.carried = []
            following = sentences[index + 1] if index + 1 < len(sentences) else None
            if self.label:
                yield from self._under_label(sentences[index])
            if inside and (self.carried or any(h.term.kind != "action" for h in inside)):
                yield from self._sentence(sentences[index], following, inside)
            elif not self.opened and not _OPENINGS.isdisjoint(self.norms[slice(*sentences[index])]):
                yield from self._opening(Sentence(self, sentences[index], following, []))

    def _no_drains(self) -> Iterator[Find]:
        """ "DRAINS: None": a heading that says what its section is empty of."""
        for section in self.page.sections:
            heading = self.norms[section.heading : section.start]
            if section.kind == "drains" and any(n.startswith("drain") for n in heading):
                said = fate(self.norms, section.start, min(section.end, section.start + _BRIEF))
                if said is not None and said[0] == "not_performed":
                    head = Extent(section.heading, section.heading + 1)
                    yield Find("drain_placement", *head, head, {}, said[1], said[0])

    def _sentence(
        self, extent: Extent, following: Extent | None, hits: Sequence[Hit]
    ) -> Iterator[Find]:
        listing = self.page.section_of[extent.start] in _LISTING
        spoken = outermost(
            [
                h
                for h in hits
                if h.term.kind == "procedure"
                and (listing or h.term.attributes.get("where") != "listing")
            ]
        )
        free = [h for h in hits if h.term.kind != "procedure"]
        if spoken:
            free = [
                h for h in free if not any(n.start <= h.start and h.end <= n.end for n in spoken)
            ]
        s = Sentence(self, extent, following, free)
        named_here = list(self._named(s, spoken))
        self._note_topic(s, spoken)
        if labels.is_label(self.page, extent, following, [*spoken, *s.things, *s.basins]):
            yield from self._set_label(s, spoken, named_here)
            return
        if self.norms[extent.end - 1] == "?":
            self._carry(s)
            return  # a question tells of no work
        yield from named_here
        yield from self._opening(s)
        if s.things or (s.actions and self.carried) or s.basins or "dissection" in s.inside:
            if s.things:
                yield from boxes(s)
            yield from told(s)
            if s.things:
                yield from biopsied(s)
                yield from lacking(s)
                yield from ablated(s)
            yield from freed(s)
            yield from fated(s)
            yield from denied(s)
            yield from bounded(s)
            yield from repeated(s)
            if s.things:
                yield from tried(s)
                yield from may_go(s)
            yield from broken_off(s)
            if s.things:
                yield from elliptic(s)
                yield from companions(s, spoken)
                yield from intended(s)
                yield from valued(s)
                yield from contained(s)
                yield from bygone(s)
            if s.section in ("specimens", "title"):
                yield from listed(s)
            elif s.section == "narrative":
                yield from hinted(s)
            self._carry(s)
        if s.section not in ("narrative", "findings", "addendum"):
            self.carried = []

    def _set_label(
        self, s: Sentence, spoken: Sequence[Hit], named_here: Sequence[Find]
    ) -> Iterator[Find]:
        """A sub-heading: a hint of its procedures, and the subject of what follows."""
        concepts = {f.concept: f.attributes for f in named_here}
        for hit in s.things:
            for concept, extra in usual_of(s, hit):
                concepts.setdefault(concept, extra)
        self.label = concepts
        self.carried, self.idle = labels.things([*s.things, *spoken], list(concepts)), -1
        for find in named_here:
            yield find._replace(attributes={**find.attributes, "weak": "yes"})
        if s.following is None or not labels.said(self.page, s.following)[0]:
            told = {f.concept for f in named_here}
            for hit in s.things:
                for concept, extra in usual_of(s, hit):
                    if concept not in told and not extra and s.section == "narrative":
                        head = Extent(hit.start, hit.end)
                        yield Find(concept, *head, head, {**hit.term.attributes, "weak": "yes"})

    def _under_label(self, extent: Extent) -> Iterator[Find]:
        """ "Not done." under "Pelvic nodes": the label's procedures take this status."""
        status, at = labels.said(self.page, extent)
        if status:
            for concept, attributes in self.label.items():
                yield Find(concept, *at, at, dict(attributes), at, status)
        self.label = {}

    def _named(self, s: Sentence, spoken: Sequence[Hit]) -> Iterator[Find]:
        for term, start, end, head, basins in named.procedures(
            self.page, s.extent, spoken, s.regions
        ):
            near = self.norms[max(s.start, start - 4) : end + 5]
            node = self.norms[end - 1] in ("node", "lymphadenopathy")
            if s.section == "findings" and node and not _SEEN.isdisjoint(near):
                continue  # a node that was seen
            if end - start == 1 and self.norms[start] == "exploration" and s.section not in _LISTS:
                continue  # of something else, unless it is the name of the operation
            if term.name == "nodes":
                yield from self._unnamed_nodes(term, start, end, head, basins)
            elif term.name != "ignore":
                fate, cue = "", None
                if self.norms[max(0, start - 2) : start] == ["[", "]"]:
                    fate, cue = "not_performed", Extent(start - 2, start)  # an empty box
                elif term.name.endswith("_biopsy"):
                    cue = self._earlier(start, end)
                    fate = "historical" if cue else ""
                yield Find(term.name, start, end, head, dict(term.attributes), cue, fate)

    def _earlier(self, start: int, end: int) -> Extent | None:
        """A core or guided biopsy, or one that "showed" something, came before the operation."""
        for at in range(max(0, start - 4), end):
            title = self.page.section_of[at] == "title" and self.norms[at] == "core"
            if self.norms[at] in _NEEDLE and not title:
                return Extent(at, at + 1)
        for at in range(end, min(end + 4, len(self.norms))):
            if self.norms[at] in _PROVED:
                return Extent(at, at + 1)
        return None

    def _unnamed_nodes(
        self, term: Term, start: int, end: int, head: Extent, basins: Sequence[str]
    ) -> Iterator[Find]:
        """ "A lymph node dissection": the basins beside it, else left to its status."""
        for basin in basins or ("pelvic", "paraaortic"):
            attributes = dict(term.attributes)
            if not basins:
                attributes["basin"] = "topic" if basin in self.topic else "unstated"
            yield Find(f"{basin}_lymphadenectomy", start, end, head, attributes)

    def _note_topic(self, s: Sentence, spoken: Sequence[Hit]) -> None:
        found = [r.term.name for r in s.basins if r.term.name in BASINS]
        found += [n.term.name.split("_")[0] for n in spoken if n.term.name.endswith("denectomy")]
        if found:
            self.topic = list(dict.fromkeys(found))

    def _opening(self, s: Sentence) -> Iterator[Find]:
        """ "Midline, 25 cm." - a terse surgeon's way to say that the abdomen was opened."""
        if self.opened or s.section not in ("narrative", "findings"):
            return
        told = opened(s)
        if told is not None:
            self.opened = True
            yield Find("exploratory_laparotomy", *told, told, {})
            return
        if finite(s.inside) or s.section != "narrative":
            return
        places = [i for i, n in enumerate(s.inside[:10]) if n in _OPENINGS]
        if not places or _NO_OPENINGS.intersection(s.inside):
            return
        self.opened = True
        at = Extent(s.start + places[0], s.start + places[0] + 1)
        yield Find("exploratory_laparotomy", *at, at, {})

    def _carry(self, s: Sentence) -> None:
        # "I turned to the omentum": what the next sentences are about.
        turning = bool(_TURNING.intersection(s.inside))
        subjects = [
            h
            for h in s.things
            if h.term.name != "vessel" and (turning or s.role[h.start] != "landmark")
        ]
        if subjects:
            self.carried, self.idle = subjects[-5:], 0


def _by_extent(extents: Sequence[Extent], hits: Sequence[Hit]) -> list[list[Hit]]:
    found: list[list[Hit]] = [[] for _ in extents]
    index = 0
    for hit in hits:
        while index < len(extents) and hit.start >= extents[index].end:
            index += 1
        if index >= len(extents):
            break
        if hit.start >= extents[index].start and hit.end <= extents[index].end:
            found[index].append(hit)
    return found
