"""Mini-notes and the facts that a coder takes from them: one row of cases/facts.tsv a case."""

from __future__ import annotations

from typing import Any

import pytest
from case_table import table

from debulk.facts import gather
from debulk.reading import read
from debulk.values import FACT_VALUES, Case, Report


def written(case: Case, name: str) -> str:
    """A fact as the case table writes it."""
    if name == "conflicts":
        return "+".join(conflict.concept for conflict in case.conflicts)
    value = case.value(name)
    return "+".join(f"{v:g}" for v in value) if isinstance(value, list) else str(value)


@pytest.mark.parametrize("row", table("facts"), ids=lambda row: row["what"])
def test_facts(row: dict[str, str], nlp: Any) -> None:
    case = gather(read(nlp(row["text"])))
    expected = dict(part.split("=", 1) for part in row["facts"].split())
    assert {name: written(case, name) for name in expected} == expected


def test_cases_ask_nearly_every_value_of_the_contract() -> None:
    asked = {part for row in table("facts") for part in row["facts"].split()}
    wanted = {f"{name}={value}" for name, values in FACT_VALUES.items() for value in values}
    rest = wanted - asked
    assert {part for part in rest if not part.endswith(("=unknown", "=none"))} == {
        "approach=vaginal"
    }


def test_evidence_points_at_what_says_so(nlp: Any) -> None:
    for row in table("facts"):
        case = gather(read(nlp(row["text"])))
        for fact in case.facts.values():
            assert all(0 <= i < len(case.mentions) for i in fact.evidence)
            assert all(row["text"][start:end].strip() for start, end in fact.quotes)


def test_every_note_gets_values_of_the_contract(reports: dict[str, Report]) -> None:
    for report in reports.values():
        for name, values in FACT_VALUES.items():
            assert report.facts[name] in values, (report.id, name)
        total = report.facts["tumor_length_sum_cm"]
        lengths = report.facts["tumor_lengths_cm"]
        assert total == (pytest.approx(sum(lengths)) if lengths else None), report.id
