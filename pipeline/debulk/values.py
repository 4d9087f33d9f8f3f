"""The values a note becomes: mentions, facts, and the report. All frozen, all plain."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

SCHEMA_VERSION = "1.0"

CONCEPTS = tuple(
    "tumor_debulking tumor_excision tumor_destruction omentectomy omental_biopsy "
    "pelvic_lymphadenectomy paraaortic_lymphadenectomy inguinal_lymphadenectomy hysterectomy "
    "salpingo_oophorectomy oophorectomy salpingectomy exploratory_laparotomy "
    "diagnostic_laparoscopy staging_laparotomy adhesiolysis peritoneal_washings peritoneal_biopsy "
    "peritonectomy diaphragm_stripping diaphragm_resection appendectomy small_bowel_resection "
    "colectomy rectosigmoid_resection ostomy splenectomy distal_pancreatectomy liver_resection "
    "liver_biopsy cholecystectomy ureterolysis ureter_reimplantation ureteral_stent "
    "bladder_resection cystoscopy hipec pelvic_exenteration vaginectomy hernia_repair "
    "panniculectomy omental_flap port_placement drain_placement injury_repair".split()
)

STATUSES = ("performed", "attempted", "not_performed", "planned", "historical", "by_other")

FACT_VALUES: dict[str, tuple[str, ...]] = {
    "approach": ("open", "laparoscopic", "robotic", "converted", "vaginal", "unknown"),
    "malignancy": ("confirmed", "suspected", "benign", "unknown"),
    "primary_site": ("ovary", "tube", "peritoneum", "uterus", "other", "unknown"),
    "disease_status": ("initial", "interval", "recurrent", "unclear", "unknown"),
    "hysterectomy": ("none", "total", "supracervical", "radical", "prior"),
    "adnexa": ("none", "unilateral", "bilateral", "prior"),
    "omentectomy": ("none", "biopsy", "partial", "total", "prior"),
    "pelvic_nodes": ("none", "sampling", "unilateral", "dissection"),
    "paraaortic_nodes": ("none", "sampling", "dissection"),
}


@dataclass(frozen=True)
class Mention:
    """One place in the text where a procedure is told; `text[start:end]` is `text`."""

    concept: str
    status: str
    section: str
    start: int
    end: int
    text: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    cue: str = ""  # the words that decided the status; "" where the plain telling did
    cue_start: int | None = None
    cue_end: int | None = None


@dataclass(frozen=True)
class Measure:
    """A length in the note, in centimetres, and whether it counts as a resected tumour's."""

    cm: float
    start: int
    end: int
    counts: bool
    reason: str


@dataclass(frozen=True)
class Fact:
    """What the note documents of one thing, with the mentions and the words that say so."""

    name: str
    value: Any
    evidence: tuple[int, ...] = ()  # indices into the mentions
    quotes: tuple[tuple[int, int], ...] = ()  # other places in the text, character offsets
    in_body: bool = True  # told in the body, not only in a title or a history


@dataclass(frozen=True)
class Conflict:
    """Two parts of the note that disagree."""

    name: str
    concept: str
    message: str
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True)
class Case:
    """The note as a coder sees it: facts, resolved over the whole note."""

    facts: Mapping[str, Fact]
    mentions: tuple[Mention, ...]
    measures: tuple[Measure, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    unread: frozenset[str] = frozenset()  # facts the note speaks of in words that were not read

    def value(self, name: str) -> Any:
        """The value of a fact."""
        return self.facts[name].value

    def performed(self, concept: str) -> tuple[int, ...]:
        """The mentions of a concept that were done in this operation."""
        return tuple(
            i
            for i, m in enumerate(self.mentions)
            if m.concept == concept and m.status == "performed"
        )


@dataclass(frozen=True)
class Requirement:
    """One thing a code asks of the documentation."""

    name: str
    needed: str
    found: str
    met: bool
    evidence: tuple[int, ...] = ()
    quotes: tuple[tuple[int, int], ...] = ()  # words of no mention that say so, as offsets


@dataclass(frozen=True)
class Primary:
    """The code the documentation supports."""

    code: str
    label: str
    probability: float
    requirements: tuple[Requirement, ...] = ()


@dataclass(frozen=True)
class Alternative:
    """A sibling code, why it is not the answer, and what would make it so."""

    code: str
    probability: float
    why_not: str
    would_need: str


@dataclass(frozen=True)
class Warning:
    """A code that must not stand, or stands wrongly, beside the primary code."""

    rule: str
    severity: str
    code: str
    included_in: str | None
    modifier_allowed: bool | None
    message: str
    source: str
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True)
class Separate:
    """Work that may be reported beside the primary code."""

    concept: str
    codes: tuple[str, ...]
    message: str
    evidence: tuple[int, ...] = ()


@dataclass(frozen=True)
class Gap:
    """A fact the code turns on that the note does not document, as a question to the surgeon."""

    name: str
    message: str
    query: str


@dataclass(frozen=True)
class Report:
    """Everything debulk says about one note. `to_dict` gives the JSON of the contract."""

    id: str
    date_of_service: date
    date_source: str
    decision: str
    reason: str  # one sentence: why this decision
    primary: Primary | None
    alternatives: tuple[Alternative, ...]
    facts: Mapping[str, Any]
    mentions: tuple[Mention, ...]
    warnings: tuple[Warning, ...]
    separate: tuple[Separate, ...]
    gaps: tuple[Gap, ...]
    conflicts: tuple[Conflict, ...]
    measures: tuple[Measure, ...]
    explanation: tuple[Mapping[str, Any], ...]  # what moved the probability, see classifier
    provenance: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON-able values, in the order of the contract."""
        return {
            "schema_version": SCHEMA_VERSION,
            "id": self.id,
            "date_of_service": self.date_of_service.isoformat(),
            "date_source": self.date_source,
            "decision": self.decision,
            "reason": self.reason,
            "primary": _plain(self.primary),
            "alternatives": _plain(self.alternatives),
            "facts": dict(self.facts),
            "mentions": _plain(self.mentions),
            "warnings": _plain(self.warnings),
            "separate": _plain(self.separate),
            "gaps": _plain(self.gaps),
            "conflicts": _plain(self.conflicts),
            "measures": _plain(self.measures),
            "explanation": [dict(item) for item in self.explanation],
            "provenance": dict(self.provenance),
        }


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    return value
