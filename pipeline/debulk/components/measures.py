"""`debulk_measures`: the lengths of a note, in `doc.spans["measures"]` and `doc._.measures`."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from debulk import measures
from debulk.components.layout import page_of
from debulk.reading import mentions_of
from debulk.values import Measure

if not Doc.has_extension("measures"):
    Doc.set_extension("measures", default=[])


class Measures:
    """Finds lengths and tells a resected tumour's from an incision's."""

    def find(self, doc: Doc) -> list[Measure]:
        """The lengths in reading order."""
        return measures.measures(page_of(doc), mentions_of(doc))

    def __call__(self, doc: Doc) -> Doc:
        found = self.find(doc)
        doc._.measures = [[m.cm, m.start, m.end, m.counts, m.reason] for m in found]
        spans = [
            doc.char_span(m.start, m.end, label="counts" if m.counts else "other",
                          alignment_mode="expand")
            for m in found
        ]  # fmt: skip
        doc.spans["measures"] = [span for span in spans if span is not None]
        return doc


@Language.factory("debulk_measures", requires=["doc._.mentions"], assigns=["doc._.measures"])
def create(nlp: Language, name: str) -> Measures:
    """The component, for spaCy."""
    return Measures()
