"""Check the codes a person chose: U1xx components, U2xx family, U3xx modifiers, U4xx units,
U5xx validity, U6xx add-ons.

A rule is a function from a claim to warnings; its first docstring line is its documentation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from debulk import edits
from debulk.checks import addon, components, documented, family, modifiers, units, validity
from debulk.checks.chosen import ChosenCode, parse
from debulk.checks.claim import Claim
from debulk.reference import Store
from debulk.values import Case, Warning

__all__ = ["RULES", "ChosenCode", "Claim", "check", "documentation", "parse"]

Rule = Callable[[Claim], Iterator[Warning]]
_ORDER = ("error", "caution", "note")

RULES: tuple[tuple[str, Rule], ...] = (
    *components.RULES,
    *family.RULES,
    *documented.RULES,
    *modifiers.RULES,
    *units.RULES,
    *validity.RULES,
    *addon.RULES,
)


def check(
    chosen: Sequence[ChosenCode],
    primary: str | None,
    case: Case,
    on: date,
    reference: Store | None = None,
) -> list[Warning]:
    """Every problem with the chosen codes, hard stops first.

    `primary` is the code that the note supports, None where it supports none. A PTP, MUE, add-on
    or fee file in `reference` decides before the built-in tables.
    """
    claim = Claim(tuple(chosen), primary, case, on, reference)
    found = [warning for _, rule in RULES for warning in rule(claim)]
    return sorted(found, key=lambda warning: _ORDER.index(warning.severity))


def documentation() -> Mapping[str, str]:
    """One line on each rule by its id; U101 to U114 are the components of `included.tsv`."""
    found: dict[str, str] = {}
    for row in edits.included():
        found.setdefault(row.rule, f"{row.work[0].upper()}{row.work[1:]} billed as a line.")
    for name, rule in RULES:
        if len(name) > 2:
            found[name] = (rule.__doc__ or "").splitlines()[0]
    return dict(sorted(found.items()))
