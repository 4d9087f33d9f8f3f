"""From a Doc to plain values: here spaCy ends, and offsets point into the original text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from spacy.tokens import Doc

from debulk.components.layout import drop_page, page_of
from debulk.page import Page
from debulk.values import Measure, Mention


@dataclass(frozen=True)
class Reading:
    """What was read off one note."""

    page: Page
    mentions: tuple[Mention, ...]
    measures: tuple[Measure, ...]

    def of(self, text: str) -> Reading:
        """The same reading of a text of the same length, quoted from it."""
        mentions = tuple(
            replace(
                m,
                text=text[m.start : m.end],
                cue=text[m.cue_start : m.cue_end] if m.cue_start is not None else "",
            )
            for m in self.mentions
        )
        return Reading(replace(self.page, text=text), mentions, self.measures)


def mentions_of(doc: Doc) -> tuple[Mention, ...]:
    """The mentions of a Doc that the pipeline has read."""
    text = page_of(doc).text
    return tuple(
        Mention(
            concept=record["concept"],
            status=record["status"],
            section=record["section"],
            start=record["start"],
            end=record["end"],
            text=text[record["start"] : record["end"]],
            attributes=dict(record["attributes"]),
            cue=text[slice(*record["cue"])] if "cue" in record else "",
            cue_start=record["cue"][0] if "cue" in record else None,
            cue_end=record["cue"][1] if "cue" in record else None,
        )
        for record in doc._.mentions
        if not _basin_unstated(record)
        and not _bowel_unstated(record)
        and not _idle_talk(text, record)
    )


def _idle_talk(text: str, record: dict[str, Any]) -> bool:
    """ "All disease could be removed": talk of tumour, not of work done or left undone."""
    told = record["words"][4] >= 0 and record["concept"] in ("tumor_excision", "tumor_destruction")
    if not told or record["status"] in ("performed", "by_other"):
        return False
    cue = text[slice(*record["cue"])].lower() if "cue" in record else ""
    return record["status"] == "planned" or not cue.startswith(
        ("no", "not", "was not", "were not", "did not", "left")
    )


def _bowel_unstated(record: dict[str, Any]) -> bool:
    """ "A bowel resection" of no stated bowel: worth a word only where it was not done."""
    return "generic" in record["attributes"] and record["status"] not in (
        "not_performed", "attempted"
    )  # fmt: skip


def _basin_unstated(record: dict[str, Any]) -> bool:
    """ "A lymph node dissection" of no stated basin: none when done, both when it was not done."""
    if record["attributes"].get("basin") != "unstated":
        return False
    if record["status"] in ("not_performed", "attempted", "planned"):
        return False
    return bool(record["status"] == "performed" or record["concept"] != "pelvic_lymphadenectomy")


def read(doc: Doc) -> Reading:
    """The reading of a Doc; its working paper is dropped."""
    page = page_of(doc)
    reading = Reading(page, mentions_of(doc), tuple(Measure(*m) for m in doc._.measures))
    drop_page(doc)
    return reading
