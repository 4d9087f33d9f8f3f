"""`debulk_sections`: the sections of an operative note, in `doc.spans["sections"]`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc, Span

from debulk.components.layout import page_of


class Sections:
    """Finds sections by the headings of `knowledge/headings.tsv`."""

    def find(self, doc: Doc) -> list[Span]:
        """The sections as spans, labelled by their kind; heading words included."""
        page = page_of(doc)
        found = []
        for section in page.sections:
            if section.end > section.heading:
                start, end = page.words[section.heading].start, page.words[section.end - 1].end
                span = doc.char_span(start, end, label=section.kind, alignment_mode="expand")
                if span is not None:
                    found.append(span)
        return found

    def __call__(self, doc: Doc) -> Doc:
        doc.spans["sections"] = self.find(doc)
        return doc


@Language.factory("debulk_sections", assigns=["doc.spans"])
def create(nlp: Language, name: str) -> Sections:
    """The component, for spaCy."""
    return Sections()
