"""Unbundling: what the primary code already holds, and what may stand beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from debulk import coding, reference, tables
from debulk.values import Case, Separate, Warning

BUILT_IN = "built-in table of 2024 Q3"
_LAYERS = {
    "wording": "The wording of {beside} holds it.",
    "cpt": "The CPT instructions exclude it beside {beside} (general knowledge).",
    "policy": "The NCCI policy manual counts it as a part of the operation.",
}
_OPENED = ("open", "converted")
_NODES = (
    ("pelvic_lymphadenectomy", "pelvic_nodes"),
    ("paraaortic_lymphadenectomy", "paraaortic_nodes"),
)


class Included(NamedTuple):
    """A row of `knowledge/included.tsv`."""

    rule: str
    code: str
    concepts: frozenset[str]
    beside: frozenset[str]
    modifier: str
    layers: tuple[str, ...]
    severity: str
    work: str
    reason: str
    source: str
    certainty: str
    always: bool
    reversed: bool


class Edit(NamedTuple):
    """What the PTP table says of two codes on a date; modifier is empty where it has no pair."""

    column1: str
    column2: str
    modifier: str
    layers: tuple[str, ...]
    source: str
    imported: bool


@cache
def included() -> tuple[Included, ...]:
    """Everything the codes of the family hold."""
    return tuple(
        Included(
            row["rule"], row["code"], frozenset(row["concepts"].split()),
            frozenset(row["beside"].split()), row["modifier"], tuple(row["layer"].split()),
            row["severity"], row["work"], row["reason"], row["source"], row["certainty"],
            row["warn"] == "always", row["column1"] == "code",
        )
        for row in tables.rows("included")
    )  # fmt: skip


@cache
def component(code: str, beside: str) -> Included | None:
    """The row that says how a code is held by a code of the family."""
    return next((row for row in included() if row.code == code and beside in row.beside), None)


@dataclass(frozen=True)
class Authority:
    """What answers on a date of service: the user's own PTP table, else the built-in one."""

    on: date
    store: reference.Store | None
    quarter: str | None  # of the imported PTP table that speaks for the date
    complete: bool  # are all parts of that quarter there, so that silence means no pair

    @classmethod
    def of(cls, on: date, store: reference.Store | None) -> Authority:
        """The authority for a date, with the user's store or without one."""
        found = reference.provenance(store, on) if store is not None else None
        quarter = found["quarter"] if found else None
        complete = bool(found and quarter and not found["missing_parts"])
        return cls(on, store, str(quarter) if quarter else None, complete)

    @property
    def missing(self) -> str:
        """Why the built-in table answers."""
        if self.quarter is None:
            return f"{BUILT_IN}; no PTP file is imported"
        return f"{BUILT_IN}; the imported PTP quarter {self.quarter} lacks parts"

    def edit(self, first: str, second: str) -> Edit:
        """The PTP pair of two codes, in whichever order it stands."""
        layers, built_in = _built_in(first, second)
        if self.store is not None and self.quarter is not None:
            for one, two in ((first, second), (second, first)):
                pair = reference.pair(self.store, one, two, self.on)
                if pair is not None and pair.modifier_indicator in ("0", "1"):
                    source = f"PTP {pair.quarter}, {pair.file}: {pair.rationale}"
                    return Edit(one, two, pair.modifier_indicator, layers, source, True)
            if self.complete:
                source = f"PTP {self.quarter}, no pair in force"
                return Edit(first, second, "", layers, source, True)
        return built_in._replace(source=self.missing)


@cache
def _built_in(first: str, second: str) -> tuple[tuple[str, ...], Edit]:
    for code, beside in ((first, second), (second, first)):
        row = component(code, beside)
        if row is not None:
            one, two = (code, beside) if row.reversed else (beside, code)
            return row.layers, Edit(one, two, row.modifier, row.layers, "", False)
        for pair in tables.rows("pairs"):
            if pair["column2"] == code and beside in pair["column1"].split():
                layers = tuple(pair["layer"].split())
                return layers, Edit(beside, code, pair["modifier"], layers, "", False)
    return (), Edit(first, second, "", (), "", False)


def warnings(
    primary: str, case: Case, on: date, *, reference: reference.Store | None = None
) -> list[Warning]:
    """A warning for each code a coder might add for documented work that the primary holds."""
    found = []
    authority = Authority.of(on, reference)
    for row in included():
        if not row.always or primary not in row.beside or not in_force(row.code, on):
            continue
        if (row.code == "44950" and own_indication(case)) or _only_listed(row, case):
            continue
        evidence = documented(case, row.concepts)
        remark = "" if evidence else _by_fact(row, case)
        if evidence or remark:
            said = warning(row, primary, evidence, authority, remark)
            found += [said] if said else []
    return found


def _by_fact(row: Included, case: Case) -> str:
    """What the facts document without a mention of the concept: an opened abdomen, debulking."""
    if "exploratory_laparotomy" in row.concepts and case.value("approach") in _OPENED:
        return "The note documents an open operation."
    if "tumor_excision" in row.concepts and case.value("debulking"):
        return "The note documents that tumour was resected."
    return ""


def _only_listed(row: Included, case: Case) -> bool:
    """Are nodes told in a title or list alone, so that the facts know of none?"""
    facts = [case.facts[fact] for concept, fact in _NODES if concept in row.concepts]
    return bool(facts) and all(fact.value == "none" for fact in facts)


def in_force(code: str, on: date) -> bool:
    """Is a code valid on a date, as far as the family's own table knows."""
    known = coding.codes().get(code)
    return known is None or known.valid_on(on)


def documented(case: Case, concepts: Iterable[str]) -> tuple[int, ...]:
    """The mentions of some concepts that were done in this operation."""
    return tuple(sorted(i for concept in concepts for i in case.performed(concept)))


def warning(
    row: Included, beside: str, evidence: tuple[int, ...], authority: Authority, remark: str = ""
) -> Warning | None:
    """The warning of a row, None where it rests on a pair that the user's table has not."""
    edit = authority.edit(beside, row.code)
    if row.layers == ("ncci",) and edit.imported and not edit.modifier:
        return None
    parts = [f"{row.code} ({row.work}) is included in {beside}; do not report it beside it."]
    parts += [_LAYERS[layer].format(beside=beside) for layer in row.layers if layer in _LAYERS]
    parts += [*pair_says(edit, row.code, row.reason), *([remark] if remark else [])]
    source = row.source if row.certainty == "confirmed" else f"{row.certainty}: {row.source}"
    return Warning(
        row.rule, row.severity, row.code, beside, allowed(edit), " ".join(parts),
        f"{source} ({edit.source})", evidence,
    )  # fmt: skip


def allowed(edit: Edit) -> bool | None:
    """May a modifier bypass the pair; None where there is no pair."""
    return {"0": False, "1": True}.get(edit.modifier)


def pair_says(edit: Edit, code: str, reason: str) -> list[str]:
    """The sentences on the PTP pair of a component."""
    said = []
    if edit.modifier == "0":
        said.append("The PTP pair has indicator 0: no modifier bypasses it.")
    elif edit.modifier == "1":
        why = reason or "the same work in the same session earns no modifier"
        said.append(f"The PTP pair has indicator 1, yet {why}.")
    else:
        silent = "No PTP pair is at stake, so a modifier has nothing to bypass"
        said.append(f"{silent}: {reason}." if reason else f"{silent}.")
    if edit.modifier and edit.column1 == code:
        said.append(f"{code} is column 1 of the pair: {edit.column2} would be the line denied.")
    return said


def own_indication(case: Case) -> bool:
    """Is the appendix told to be diseased where it is told to be removed?"""
    return indicated(case, "appendectomy")


def indicated(case: Case, concept: str) -> bool:
    """Is work told to have an indication of its own (attribute `indication=own`)?"""
    return any(
        case.mentions[i].attributes.get("indication") == "own" for i in case.performed(concept)
    )


def separate(primary: str, case: Case, *, on: date | None = None) -> list[Separate]:
    """The work that may be reported beside the primary code, with the codes of the date."""
    found = []
    for row in tables.rows("separate"):
        evidence = case.performed(row["concept"])
        if not evidence or not _spoken_for(row, on):
            continue
        certain = "" if row["certainty"] == "confirmed" else f" ({row['certainty']})"
        found.append(
            Separate(
                row["concept"], tuple(row["codes"].split()),
                f"{row['message']} Source: {row['source']}{certain}.", evidence,
            )
        )  # fmt: skip
    if own_indication(case):
        found.append(
            Separate(
                "appendectomy", ("44955",),
                "An appendectomy for its own indication may be reported as an add-on. "
                "Source: general knowledge (general).", case.performed("appendectomy"),
            )
        )  # fmt: skip
    return found


def _spoken_for(row: Mapping[str, str], on: date | None) -> bool:
    """Does a row speak for a date; undated, the row that is still open speaks."""
    if on is None:
        return not row["to"]
    return row["from"] <= on.isoformat() and (not row["to"] or on.isoformat() <= row["to"])
