"""`debulk_mentions`: where the note tells of a procedure, in `doc.spans["mentions"]`."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

from spacy.attrs import IDX
from spacy.language import Language
from spacy.tokens import Doc, Span

from debulk.components.layout import page_of
from debulk.grammar import Find, finds

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
        records: list[dict[str, Any]] = []
        spans = []
        starts = doc.to_array(IDX).tolist()  # char_span walks the Doc each time
        for find in self.find(doc):
            start, end = page.words[find.start].start, page.words[find.end - 1].end
            records.append(
                {
                    "concept": find.concept,
                    "status": "performed",
                    "section": page.section_of[find.head.start],
                    "start": start,
                    "end": end,
                    "attributes": find.attributes,
                    "words": [find.start, find.end, *find.head, *(find.verb or (-1, -1))],
                    "fate": find.fate,
                }
            )
            first, last = bisect_right(starts, start) - 1, bisect_left(starts, end)
            spans.append(Span(doc, first, last, label=find.concept))
        doc._.mentions = records
        doc.spans["mentions"] = spans
        return doc


@Language.factory("debulk_mentions", assigns=["doc.spans", "doc._.mentions"])
def create(nlp: Language, name: str) -> Mentions:
    """The component, for spaCy."""
    return Mentions()
