"""`debulk_mentions`: where the note tells of a procedure, in `doc.spans["mentions"]`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from spacy.attrs import IDX
from spacy.language import Language
from spacy.tokens import Doc, Span

from debulk.components.layout import page_of
from debulk.grammar import Find, finds
from debulk.page import Page

for _name, _default in (("status", ""), ("cue", None), ("attributes", None)):
    if not Span.has_extension(_name):
        Span.set_extension(_name, default=_default)
if not Doc.has_extension("mentions"):
    Doc.set_extension("mentions", default=[])


class Mentions:
    """Finds procedures by name and by action and anatomy."""

    def find(self, doc: Doc) -> list[Find]:
        """The finds in reading order; overlapping ones of one concept are kept once."""
        return finds(page_of(doc))

    def __call__(self, doc: Doc) -> Doc:
        page = page_of(doc)
        records = [
            {
                "concept": find.concept,
                "status": "performed",
                "section": page.section_of[find.head.start],
                "start": page.words[find.start].start,
                "end": page.words[find.end - 1].end,
                "attributes": find.attributes,
                "words": [find.start, find.end, *find.head, *(find.verb or (-1, -1))],
                "fate": find.fate,
            }
            for find in self.find(doc)
        ]
        write(doc, page, records)
        return doc


def write(doc: Doc, page: Page, records: list[dict[str, Any]]) -> None:
    """Put mentions on the Doc: as plain records, and as spans with what is known of each.

    spaCy keeps what is known of a span by its place: of two mentions of the same words the spans
    say the same, and the records what is true.
    """
    starts = doc.to_array(IDX).tolist()  # char_span walks the Doc each time
    spans = []
    for record in records:
        first = bisect_right(starts, record["start"]) - 1
        span = Span(doc, first, bisect_left(starts, record["end"]), label=record["concept"])
        span._.status, span._.attributes = record["status"], record["attributes"]
        span._.cue = page.text[slice(*record["cue"])] if "cue" in record else None
        spans.append(span)
    doc._.mentions = records
    doc.spans["mentions"] = spans


@Language.factory("debulk_mentions", assigns=["doc.spans", "doc._.mentions"])
def create(nlp: Language, name: str) -> Mentions:
    """The component, for spaCy."""
    return Mentions()
