"""Which code the facts support on a date: the decision table of `knowledge/cases.tsv`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from debulk import tables
from debulk.errors import UsageError
from debulk.values import Case, Fact, Gap, Requirement

CONDITIONS = (
    "malignancy", "approach", "disease_status", "primary_site", "debulking", "staging_only",
    "hysterectomy", "adnexa", "omentectomy", "pelvic_nodes", "paraaortic_nodes",
)  # fmt: skip


@dataclass(frozen=True)
class Rule:
    """One row of the decision table."""

    row: str
    decision: str
    case: str
    concepts: frozenset[str]
    conditions: Mapping[str, frozenset[str]]
    gap: str
    reason: str
    source: str


@dataclass(frozen=True)
class Answer:
    """What the symbolic reader answers: a case, a code of the date, what is missing."""

    decision: str
    case: str
    code: str | None
    reason: str
    source: str
    rule: Rule
    gaps: tuple[Gap, ...]
    requirements: tuple[Requirement, ...]

    @property
    def by_length(self) -> bool:
        """Does the code go by tumour lengths?"""
        return any(r.name == "tumor_length_sum_cm" for r in self.requirements)


@dataclass(frozen=True)
class Code:
    """A code of the family, in our own wording, with its validity."""

    code: str
    label: str
    valid_from: date
    valid_to: date | None
    certainty: str
    source: str

    def valid_on(self, on: date) -> bool:
        """Is the code in force on a date of service?"""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@cache
def rules() -> tuple[Rule, ...]:
    """The decision table, in order."""
    return tuple(
        Rule(
            row["row"],
            row["decision"],
            row["case"],
            frozenset(tables.terms(row["concept"])),
            {
                name: frozenset(tables.terms(row[name]))
                for name in CONDITIONS
                if tables.terms(row[name])
            },
            row["gap"],
            row["reason"],
            row["source"],
        )
        for row in tables.rows("cases")
    )


@cache
def codes() -> Mapping[str, Code]:
    """The codes of the family by number."""
    return {
        row["code"]: Code(
            row["code"],
            row["label"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            row["certainty"],
            row["source"],
        )
        for row in tables.rows("codes")
    }


@cache
def case_labels() -> Mapping[str, str]:
    """Our wording of each clinical case."""
    return {row["case"]: row["label"] for row in tables.rows("case_codes")}


def code_for(case: str, on: date, lengths: list[float]) -> tuple[str | None, str]:
    """The code of a case on a date, and the fact that is missing where none can be named."""
    found = [
        row
        for row in tables.rows("case_codes")
        if row["case"] == case
        and (not row["from"] or date.fromisoformat(row["from"]) <= on)
        and (not row["to"] or on <= date.fromisoformat(row["to"]))
    ]
    if not found:
        return None, ""
    by = found[0]["by"]
    if not by:
        return found[0]["code"], ""
    if not lengths:
        return None, "tumor_length_sum_cm" if by == "sum" else "tumor_lengths_cm"
    size = round(sum(lengths) if by == "sum" else max(lengths), 3)
    for row in found:
        if float(row["over"]) < size <= float(row["up_to"]):
            return row["code"], ""
    return None, "tumor_length_sum_cm"


def codes_of(case: str, on: date) -> list[str]:
    """Every code that can name a case on a date."""
    return [
        row["code"]
        for row in tables.rows("case_codes")
        if row["case"] == case
        and (not row["from"] or date.fromisoformat(row["from"]) <= on)
        and (not row["to"] or on <= date.fromisoformat(row["to"]))
    ]


def decide(case: Case, on: date) -> Answer:
    """The first row of the decision table that fits the facts, and its code on the date."""
    values = {name: _cell(case.value(name)) for name in CONDITIONS}
    for rule in rules():
        if rule.concepts and not any(case.performed(concept) for concept in rule.concepts):
            continue
        if all(values[name] in allowed for name, allowed in rule.conditions.items()):
            return _answer(rule, case, on)
    raise UsageError("The decision table has no last row that fits every note.")


def supposed(name: str, case: Case, on: date) -> Answer:
    """The answer of a case that no row fits and that the statistical reader reads all the same.

    Always a review: what the case asks for and the facts do not hold is a gap.
    """
    code, missing = code_for(name, on, list(case.value("tumor_lengths_cm")))
    asked = requirements(name, case, on)
    known = {row["name"] for row in tables.rows("gaps")}
    names = [r.name for r in asked if not r.met and r.name in known]
    names += [missing] if missing and missing not in names else []
    return Answer(
        "review",
        name,
        code,
        f"no row of the decision table fits; the statistical reader reads {case_labels()[name]}",
        "statistical reader",
        rules()[-1],
        tuple(gap(each) for each in names),
        asked,
    )


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _answer(rule: Rule, case: Case, on: date) -> Answer:
    lengths = list(case.value("tumor_lengths_cm"))
    code, missing = code_for(rule.case, on, lengths) if rule.case else (None, "")
    decision, reason = rule.decision, rule.reason
    names = [rule.gap] if rule.gap else []
    if missing:
        decision = "review"
        reason = gap(missing).message
        names.append(missing)
    elif rule.case and code is None:
        decision = "review"
        reason = "no code of the family was in force for this work on the date of service"
    if not reason and code:
        reason = f"the note documents {case_labels()[rule.case]}"
    return Answer(
        decision,
        rule.case,
        code,
        reason,
        rule.source,
        rule,
        tuple(gap(name) for name in names),
        requirements(rule.case, case, on),
    )


@cache
def gap(name: str) -> Gap:
    """A gap, with the question to put to the surgeon."""
    for row in tables.rows("gaps"):
        if row["name"] == name:
            return Gap(name, row["message"], row["query"])
    raise UsageError(f"knowledge/gaps.tsv has no row for {name}.")


@cache
def asked_by(case: str) -> Mapping[str, frozenset[str]]:
    """What a case asks of the documentation: the conditions of its `suggest` row."""
    for rule in rules():
        if rule.case == case and rule.decision == "suggest":
            return rule.conditions
    return {}


def _asked(case_name: str, case: Case) -> Mapping[str, frozenset[str]]:
    """The conditions that were met, where a case has rows for several kinds of disease."""
    for rule in rules():
        if (
            rule.case == case_name
            and rule.decision == "suggest"
            and all(
                _cell(case.facts[name].value) in allowed
                for name, allowed in rule.conditions.items()
            )
        ):
            return rule.conditions
    return asked_by(case_name)


def _best(fact: Fact) -> tuple[tuple[int, int], ...]:
    """The words that say a fact where no mention does: the first two."""
    return () if fact.evidence else fact.quotes[:2]


def requirements(case_name: str, case: Case, on: date) -> tuple[Requirement, ...]:
    """Each requirement of a case, what was found, and where."""
    found = []
    for name, allowed in _asked(case_name, case).items():
        fact = case.facts[name]
        value = _cell(fact.value)
        found.append(
            Requirement(
                name,
                " or ".join(sorted(allowed)),
                value,
                value in allowed,
                fact.evidence,
                _best(fact),
            )
        )
    lengths = case.facts["tumor_lengths_cm"]
    by = next(
        (r["by"] for r in tables.rows("case_codes")
         if r["case"] == case_name and r["code"] in codes_of(case_name, on) and r["by"]),
        "",
    )  # fmt: skip
    if by:
        value = lengths.value
        shown = " + ".join(f"{v:g}" for v in value) + " cm" if value else "none documented"
        needed = "the lengths added" if by == "sum" else "the largest length"
        found.append(
            Requirement(
                "tumor_length_sum_cm", needed, shown, bool(value), lengths.evidence, lengths.quotes
            )
        )
    return tuple(found)
