"""`debulk_mentions`: where the note tells of a procedure, in `doc.spans["mentions"]`."""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from debulk.attributes import complete
from debulk.components.layout import page_of
from debulk.grammar import Find, Reader
from debulk.whole import corroborated, organ_masses, together

for _name, _default in (("status", ""), ("cue", None), ("attributes", None)):
    if not Span.has_extension(_name):
        Span.set_extension(_name, default=_default)
if not Doc.has_extension("mentions"):
    Doc.set_extension("mentions", default=[])


class Mentions:
    """Finds procedures by name and by action and anatomy."""

    def find(self, doc: Doc) -> list[Find]:
        """The finds in reading order; overlapping ones of one concept are kept once."""
        page = page_of(doc)
        return complete(page, _once(corroborated(page, together(organ_masses(page, list(Reader(page).finds()))))))

    def __call__(self, doc: Doc) -> Doc:
        page = page_of(doc)
        records: list[dict[str, Any]] = []
        spans = []
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
            span = doc.char_span(start, end, label=find.concept, alignment_mode="expand")
            if span is not None:
                spans.append(span)
        doc._.mentions = records
        doc.spans["mentions"] = spans
        return doc


def _once(finds: list[Find]) -> list[Find]:
    """One find where two of the same concept overlap: the longer telling."""
    kept: list[Find] = []
    for find in sorted(finds, key=lambda f: (f.start, -f.end)):
        twin = next(
            (
                k
                for k in kept[-6:]
                if k.concept == find.concept
                and find.start < k.end
                and k.head.start < find.end
                and abs(k.head.start - find.head.start) < 4
            ),
            None,
        )
        if twin is None:
            kept.append(find)
    return kept


@Language.factory("debulk_mentions", assigns=["doc.spans", "doc._.mentions"])
def create(nlp: Language, name: str) -> Mentions:
    """The component, for spaCy."""
    return Mentions()
