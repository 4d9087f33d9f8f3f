"""`debulk_status`: performed, attempted, not performed, planned, historical or by another."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from debulk.components.layout import page_of
from debulk.context import rulings
from debulk.grammar import Find
from debulk.neighbours import Ruling
from debulk.page import Extent


class Status:
    """Gives every mention its status, and the cue that decided it."""

    def find(self, doc: Doc) -> list[Ruling]:
        """A ruling for each of `doc._.mentions`."""
        finds = []
        for record in doc._.mentions:
            start, end, head, tail, verb, verb_end = record["words"]
            finds.append(
                Find(
                    record["concept"], start, end, Extent(head, tail), record["attributes"],
                    Extent(verb, verb_end) if verb >= 0 else None, record["fate"],
                )
            )  # fmt: skip
        return rulings(page_of(doc), finds)

    def __call__(self, doc: Doc) -> Doc:
        page = page_of(doc)
        spans = doc.spans["mentions"]
        for record, span, (status, cue) in zip(doc._.mentions, spans, self.find(doc), strict=True):
            record["status"] = span._.status = status
            if cue is not None and cue.end > cue.start:
                start, end = page.words[cue.start].start, page.words[cue.end - 1].end
                record["cue"] = [start, end]
                span._.cue = page.text[start:end]
        return doc


@Language.factory("debulk_status", requires=["doc.spans", "doc._.mentions"])
def create(nlp: Language, name: str) -> Status:
    """The component, for spaCy."""
    return Status()
