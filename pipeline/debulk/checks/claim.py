"""What a rule looks at: the chosen codes beside the case, and what the tables know of a code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property

from debulk import coding, edits, reference, tables
from debulk.checks.chosen import ChosenCode
from debulk.values import Case, Warning

SITE, SIDE = "site", "side"


@dataclass(frozen=True)
class Claim:
    """The codes a person chose, the documented primary code and case, the date and the files."""

    chosen: tuple[ChosenCode, ...]
    primary: str | None
    case: Case
    on: date
    store: reference.Store | None = None

    @cached_property
    def authority(self) -> edits.Authority:
        """What answers for PTP pairs on the date."""
        return edits.Authority.of(self.on, self.store)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The different codes, in the order given."""
        return tuple(dict.fromkeys(line.code for line in self.chosen))

    @cached_property
    def family(self) -> tuple[str, ...]:
        """The different codes of the family, in the order given."""
        return tuple(code for code in self.codes if code in coding.codes())

    def modifiers(self, code: str) -> tuple[str, ...]:
        """The modifiers of a code over all its lines."""
        lines = (line for line in self.chosen if line.code == code)
        return tuple(dict.fromkeys(m for line in lines for m in line.modifiers))

    def billed_with(self, code: str) -> Iterator[tuple[str, edits.Edit]]:
        """The other codes of the claim that the PTP table pairs with a code."""
        for other in self.codes:
            if other != code and (edit := self.authority.edit(other, code)).modifier:
                yield other, edit

    def by_other(self) -> tuple[int, ...]:
        """The mentions of work that another surgeon did and reports."""
        return tuple(i for i, m in enumerate(self.case.mentions) if m.status == "by_other")


@cache
def modifiers() -> Mapping[str, Mapping[str, str]]:
    """The modifiers that the tables know, each with its row."""
    return {name: row for row in tables.rows("code_modifiers") for name in row["modifiers"].split()}


def bypasses(modifier: str) -> bool:
    """Can a modifier bypass a PTP pair of indicator 1?"""
    return modifier in modifiers() and modifiers()[modifier]["bypass"] == "yes"


def kind(modifier: str) -> str:
    """The kind of a modifier: site, side, assistant, cosurgeon, other."""
    return modifiers()[modifier]["kind"] if modifier in modifiers() else ""


@cache
def addons() -> Mapping[str, Mapping[str, str]]:
    """The add-on codes that the tables know, each with its row."""
    return {row["code"]: row for row in tables.rows("addons")}


@cache
def work_of(code: str) -> frozenset[str]:
    """The concepts that document a code outside the family; empty where the tables know none."""
    held = {concept for row in edits.included() if row.code == code for concept in row.concepts}
    beside = {row["concept"] for row in tables.rows("separate") if code in row["codes"].split()}
    added = set(addons()[code]["concepts"].split()) if code in addons() else set()
    return frozenset(held | beside | added)


def known(code: str) -> bool:
    """Do the built-in tables know a code at all?"""
    paired = any(
        code == row["column2"] or code in row["column1"].split() for row in tables.rows("pairs")
    )
    return code in coding.codes() or code in addons() or paired or bool(work_of(code))


def problem(
    rule: str,
    severity: str,
    code: str,
    message: str,
    source: str,
    evidence: tuple[int, ...] = (),
    *,
    included_in: str | None = None,
    modifier_allowed: bool | None = None,
) -> Warning:
    """A problem with one chosen code."""
    return Warning(rule, severity, code, included_in, modifier_allowed, message, source, evidence)


def listed(items: tuple[str, ...] | list[str], last: str = "and") -> str:
    """Items as a phrase: a, b and c."""
    return f" {last} ".join(filter(None, [", ".join(items[:-1]), items[-1]])) if items else ""
