"""`debulk_spancat`: a trained second reader of the mentions, beside the rules.

It adds a concept and status that the rules missed and it is nearly sure of, and drops one that the
rules found and it gives next to no chance in the whole note. Untrained, as in a blank pipeline, it
changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import srsly
from spacy.language import Language
from spacy.tokens import Doc

from debulk import cues
from debulk.components.layout import page_of
from debulk.components.mentions import write
from debulk.errors import ModelError
from debulk.grammar import Find, complete
from debulk.page import Extent, Page

if TYPE_CHECKING:
    from debulk.spancat import Chance, Label, Network

_FILE = "spancat.msgpack"
_SURE = 0.999  # no probability is told as certainty
_SPOKEN_OF = (
    frozenset({"uterus", "cervix", "hysterectomy"}),
    frozenset(
        "adnexa ovary tube ip_ligament salpingo_oophorectomy oophorectomy salpingectomy".split()
    ),
    frozenset({"omentum", "omentectomy", "omental_biopsy"}),
)
"""Organs and procedures of which a note of this surgery speaks, one of each group at least: 97 % of
the corpus's notes do, and 4 of 541 operative notes of all specialties."""


class SpanCategorizer:
    """Adds and drops mentions by what a `Network` makes of the page."""

    def __init__(self, add: float, drop: float, network: Network | None = None) -> None:
        self.add, self.drop = add, drop
        self.network = network

    def find(
        self, page: Page, records: Iterable[Mapping[str, Any]], chances: Mapping[Label, Chance]
    ) -> list[dict[str, Any]]:
        """The records without those that have next to no chance, and with what was missed."""
        kept: list[dict[str, Any]] = []
        dropped: list[dict[str, Any]] = []
        for record in records:
            chance = chances.get((record["concept"], record["status"]))
            unlikely = chance is not None and chance.probability < self.drop
            (dropped if unlikely else kept).append(dict(record))
        told = {(record["concept"], record["status"]) for record in kept}
        for label, chance in chances.items():
            if chance.probability >= self.add and label not in told:
                found = _record(page, label, chance, dropped)
                if found is not None:
                    kept.append(found)
        return sorted(kept, key=lambda record: (record["start"], record["end"]))

    def __call__(self, doc: Doc) -> Doc:
        page = page_of(doc)
        if self.network is not None and _is_familiar(page):
            chances = self.network.chances(page)
            write(doc, page, self.find(page, doc._.mentions, chances))
        return doc

    # -- kept in the model folder, as spaCy asks of a component

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """The labels and the weights; nothing of an untrained one."""
        if self.network is None:
            return b""
        kept = {"labels": [list(label) for label in self.network.labels]}
        return bytes(srsly.msgpack_dumps({**kept, "weights": self.network.to_bytes()}))

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> SpanCategorizer:
        """Take labels and weights; raises ModelError for what is none."""
        from debulk.spancat import Network

        if not data:
            self.network = None
            return self
        try:
            kept = srsly.msgpack_loads(data)
            labels = [(str(concept), str(status)) for concept, status in kept["labels"]]
            self.network = Network(labels).from_bytes(kept["weights"])
        except Exception as error:
            raise ModelError(
                f"{_FILE} holds no span categoriser of debulk; run `debulk train` to rebuild it."
            ) from error
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the weights into the component's folder."""
        Path(path).mkdir(parents=True, exist_ok=True)
        (Path(path) / _FILE).write_bytes(self.to_bytes())

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> SpanCategorizer:
        """Read the weights from the component's folder."""
        return self.from_bytes((Path(path) / _FILE).read_bytes())


def _is_familiar(page: Page) -> bool:
    """Is it a note of the surgery that the network learned? In others its guesses are wild."""
    named = {hit.term.name for hit in page.hits if hit.term.kind in ("organ", "procedure")}
    return all(not group.isdisjoint(named) for group in _SPOKEN_OF)


def _record(
    page: Page, label: Label, chance: Chance, dropped: Iterable[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """A mention of the run; or of the rules' own find there, where only its status was wrong."""
    (concept, status), (start, end) = label, chance.run
    while end > start and not _word(page.norms[end - 1]):
        end -= 1
    while end > start and not _word(page.norms[start]):
        start += 1
    if start == end:
        return None
    words = [start, end, start, end, -1, -1]
    attributes: dict[str, str] = {}
    for record in dropped:
        first, last = record["words"][:2]
        if record["concept"] == concept and first < end and last > start:
            words, attributes = record["words"], dict(record["attributes"])
            break
    else:
        attributes = complete(page, [Find(concept, start, end, Extent(start, end), {})])[
            0
        ].attributes
    start, end = words[:2]
    found = {
        "concept": concept,
        "status": status,
        "section": page.section_of[start],
        "start": page.words[start].start,
        "end": page.words[end - 1].end,
        "attributes": {
            **attributes,
            "read_by": "trained reader",
            "probability": f"{min(chance.probability, _SURE):.3f}",
        },
        "words": words,
        "fate": "",
    }
    for cue in cues.find(cues.plain(page.norms), chance.run):
        if cue.status == status:
            found["cue"] = [page.words[cue.start].start, page.words[cue.end - 1].end]
            break
    return found


def _word(norm: str) -> bool:
    return norm[-1:].isalnum()


@Language.factory(
    "debulk_spancat",
    default_config={"add": 0.985, "drop": 0.01},
    requires=["doc._.mentions"],
    assigns=["doc.spans", "doc._.mentions"],
)
def create(nlp: Language, name: str, add: float, drop: float) -> SpanCategorizer:
    """The component, for spaCy: `add` and `drop` are probabilities.

    Chosen on voices held out; docs/benchmarks.md tells how.
    """
    return SpanCategorizer(add, drop)
