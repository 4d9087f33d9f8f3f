"""A hand-made note and its report, and a coder that always gives it."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from debulk.errors import InputError
from debulk.values import (
    Alternative,
    Conflict,
    Gap,
    Measure,
    Mention,
    Primary,
    Report,
    Requirement,
    Separate,
    Warning,
)

NOTE = (Path(__file__).parent / "note.txt").read_text(encoding="utf-8")

_MENTIONS: list[tuple[str, str, str, str, dict[str, str], str]] = [
    ("exploratory_laparotomy", "performed", "title", "Exploratory laparotomy", {}, ""),
    (
        "tumor_debulking",
        "performed",
        "title",
        "secondary cytoreduction of recurrent ovarian cancer",
        {},
        "",
    ),
    ("omentectomy", "performed", "title", "Total omentectomy", {"extent": "total"}, ""),
    (
        "pelvic_lymphadenectomy",
        "performed",
        "title",
        "Bilateral pelvic and para-aortic lymphadenectomy",
        {"extent": "dissection", "side": "bilateral"},
        "",
    ),
    (
        "paraaortic_lymphadenectomy",
        "performed",
        "title",
        "para-aortic lymphadenectomy",
        {"extent": "dissection"},
        "",
    ),
    ("splenectomy", "performed", "title", "Splenectomy", {}, ""),
    ("adhesiolysis", "performed", "title", "lysis of adhesions", {}, ""),
    (
        "hysterectomy",
        "historical",
        "indications",
        "total abdominal hysterectomy",
        {"extent": "total"},
        "status post",
    ),
    (
        "salpingo_oophorectomy",
        "historical",
        "indications",
        "bilateral salpingo-oophorectomy",
        {"side": "bilateral"},
        "status post",
    ),
    ("small_bowel_resection", "planned", "indications", "bowel resection", {}, "possible"),
    ("ostomy", "planned", "indications", "ostomy", {}, "possible"),
    (
        "exploratory_laparotomy",
        "performed",
        "narrative",
        "The abdomen was opened through a midline incision",
        {},
        "",
    ),
    (
        "adhesiolysis",
        "performed",
        "narrative",
        "adhesions between the omentum, the anterior wall and the small bowel were taken down",
        {},
        "",
    ),
    (
        "hysterectomy",
        "historical",
        "narrative",
        "uterus and adnexa were surgically absent",
        {},
        "surgically absent",
    ),
    (
        "omentectomy",
        "performed",
        "narrative",
        "omentum was removed from the greater curve of the stomach",
        {"extent": "total"},
        "",
    ),
    ("splenectomy", "performed", "narrative", "a splenectomy was carried out", {}, ""),
    ("tumor_excision", "performed", "narrative", "mesenteric nodule was excised", {}, ""),
    (
        "pelvic_lymphadenectomy",
        "performed",
        "narrative",
        "All nodal tissue over the external iliac, internal iliac and obturator vessels was removed"
        " on both sides",
        {"extent": "dissection", "side": "bilateral"},
        "",
    ),
    (
        "paraaortic_lymphadenectomy",
        "performed",
        "narrative",
        "para-aortic nodes were cleared from the bifurcation to the inferior mesenteric artery",
        {"extent": "dissection"},
        "",
    ),
    ("ureterolysis", "performed", "narrative", "ureters were freed", {"side": "bilateral"}, ""),
    (
        "diaphragm_stripping",
        "attempted",
        "narrative",
        "stripping of the right diaphragm",
        {"side": "right"},
        "was stopped because of",
    ),
    (
        "appendectomy",
        "not_performed",
        "narrative",
        "appendix was normal and was not removed",
        {},
        "not",
    ),
    (
        "ureteral_stent",
        "by_other",
        "narrative",
        "placed bilateral ureteral stents",
        {"side": "bilateral"},
        "Dr. Lee of Urology",
    ),
]


def _mentions(note: str) -> tuple[Mention, ...]:
    found, body = [], note.index("DESCRIPTION OF PROCEDURE")
    for concept, status, section, text, attributes, cue in _MENTIONS:
        start = note.index(text, body if section == "narrative" else 0)
        cue_start = None
        if cue:
            inside = note.find(cue, start, start + len(text))
            around = (note.rfind(cue, 0, start), note.find(cue, start))
            cue_start = (
                inside
                if inside >= 0
                else min((at for at in around if at >= 0), key=lambda at: abs(at - start))
            )
        found.append(
            Mention(
                concept,
                status,
                section,
                start,
                start + len(text),
                text,
                attributes,
                cue,
                cue_start,
                None if cue_start is None else cue_start + len(cue),
            )
        )
    return tuple(found)


def _measure(note: str, words: str, cm: float, counts: bool, reason: str) -> Measure:
    start = note.index(words)
    return Measure(cm, start, start + len(words), counts, reason)


def report(note: str = NOTE, **changes: Any) -> Report:
    """The report of the note, with the changes asked for."""
    made = Report(
        id="note-17",
        date_of_service=date(2025, 3, 14),
        date_source="note",
        decision="suggest",
        reason="Every requirement of 58958 is documented in the body of the note, nothing "
        "conflicts, and the probability is over the threshold.",
        primary=Primary(
            "58958",
            "debulking of recurrent cancer with pelvic and limited para-aortic nodes",
            0.984,
            (
                Requirement("disease_status", "recurrent", "recurrent", True, (1,)),
                Requirement("debulking", "yes", "yes", True, (1, 16)),
                Requirement("pelvic_nodes", "dissection", "dissection", True, (3, 17)),
                Requirement("paraaortic_nodes", "dissection", "dissection", True, (4, 18)),
                Requirement("omentectomy", "if done", "total", True, (2, 14)),
            ),
        ),
        alternatives=(
            Alternative(
                "49187",
                0.011,
                "both node basins were dissected",
                "a note without the para-aortic nodes: tumor lengths add up to 8.5 cm",
            ),
            Alternative("58954", 0.004, "the disease is recurrent", "first or interval surgery"),
        ),
        facts={
            "approach": "open",
            "malignancy": "confirmed",
            "primary_site": "ovary",
            "disease_status": "recurrent",
            "hysterectomy": "prior",
            "adnexa": "prior",
            "omentectomy": "total",
            "pelvic_nodes": "dissection",
            "paraaortic_nodes": "dissection",
            "debulking": True,
            "staging_only": False,
            "tumor_lengths_cm": [6.0, 2.5],
            "tumor_length_sum_cm": 8.5,
        },
        mentions=_mentions(note),
        warnings=(
            Warning(
                "U301",
                "note",
                "49000",
                "58958",
                False,
                "Exploration and access are part of every open operation of the abdomen.",
                "NCCI Policy Manual 2026, VI, C; PTP 2024-07-01",
                (0, 11),
            ),
            Warning(
                "U101",
                "error",
                "49255",
                "58958",
                False,
                "Omentectomy is part of 58958: do not report it as a second line.",
                "PTP 2024-07-01",
                (2, 14),
            ),
            Warning(
                "U102",
                "error",
                "38780",
                "58958",
                True,
                "The para-aortic nodes are named by 58958; the modifier would need another "
                "basin or another encounter.",
                "PTP 2024-07-01",
                (4, 18),
            ),
            Warning(
                "U201",
                "caution",
                "50715",
                "58958",
                True,
                "Freeing the ureters is separate only for retroperitoneal fibrosis, which the "
                "note does not document.",
                "PTP 2024-07-01",
                (19,),
            ),
            Warning(
                "U401",
                "caution",
                "49187",
                None,
                None,
                "Tumor excision beside the family is taken as included, by analogy to 49204.",
                "inferred",
                (16,),
            ),
        ),
        separate=(
            Separate(
                "splenectomy",
                ("38100",),
                "No PTP edit pairs it with 58958 in the table read; silence is not permission,"
                " so check the payer.",
                (5, 15),
            ),
        ),
        gaps=(
            Gap(
                "residual",
                "The size of the implant left at the diaphragm is not stated.",
                "What was the longest dimension of each tumor removed, in centimeters?",
            ),
        ),
        conflicts=(
            Conflict(
                "listed_not_described",
                "adhesiolysis",
                "The title calls it extensive; the body gives the time but no extent.",
                (6, 12),
            ),
        ),
        measures=(
            _measure(note, "6 cm <left upper quadrant>", 6.0, False, "imaging"),
            _measure(note, "6.0 cm implant", 6.0, True, "resected tumor"),
            _measure(note, "2.5 cm nodule", 2.5, True, "resected tumor"),
            _measure(note, "24 cm", 24.0, False, "incision"),
        ),
        explanation=(
            {"feature": "recurrent disease", "weight": 2.31},
            {"feature": "para-aortic dissection", "weight": 1.87},
        ),
        provenance={
            "debulk": "0.1.0",
            "model": "ab12" * 16,
            "knowledge": "cd34" * 16,
            "ncci": None,
        },
    )
    return dataclasses.replace(made, **changes)


def bare(**changes: Any) -> Report:
    """The report of a note that documents nothing."""
    nothing: dict[str, Any] = dict.fromkeys(
        (
            "alternatives",
            "mentions",
            "warnings",
            "separate",
            "gaps",
            "conflicts",
            "measures",
            "explanation",
        ),
        (),
    )
    return report(
        **{
            **nothing,
            "decision": "out_of_scope",
            "primary": None,
            "reason": "No code fits.",
            **changes,
        }
    )


def whole(text: str, **changes: Any) -> Report:
    """A report whose one mention is the whole text."""
    mention = Mention(
        "omentectomy", "performed", "narrative", 0, len(text), text, {"x": text}, text, 0, len(text)
    )
    requirement = Requirement("omentectomy", text, text, True, (0,))
    return bare(
        mentions=(mention,),
        primary=Primary("58950", text, 0.5, (requirement,)),
        id=text,
        reason=text,
        warnings=(Warning(text, "note", text, text, True, text, text, (0,)),),
        **changes,
    )


class FakeCoder:
    """Gives the hand-made report for the hand-made note, and a bare one for any other."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, date | None, tuple[str, ...]]] = []

    def suggest(
        self,
        text: str,
        *,
        id: str = "note",
        date_of_service: date | None = None,
        codes: Sequence[str] = (),
    ) -> Report:
        self.asked.append((text, id, date_of_service, tuple(codes)))
        if "CRASH" in text:
            raise RuntimeError(f"failed on {text}")
        if "EMPTY" in text:
            raise InputError("The text holds no operative note: give the full report.")
        if "DESCRIPTION OF PROCEDURE" not in text:
            return whole(text)
        made = report(text)
        return dataclasses.replace(
            made,
            id=id,
            date_of_service=date_of_service or made.date_of_service,
            date_source="argument" if date_of_service else made.date_source,
        )
