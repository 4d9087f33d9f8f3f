"""U4xx: units."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from debulk import reference, tables
from debulk.checks.claim import Claim, problem
from debulk.values import Warning


def over_mue(claim: Claim) -> Iterator[Warning]:
    """More units of a code are billed than its MUE allows for a day."""
    for code in claim.codes:
        most, source = _mue(claim, code)
        units = sum(line.units for line in claim.chosen if line.code == code)
        if most is not None and units > most:
            yield problem(
                "U401", "error", code,
                f"{units} units of {code} are billed and the MUE allows {most}.", source,
            )  # fmt: skip


def said_twice(claim: Claim) -> Iterator[Warning]:
    """A code stands on two lines."""
    for code in claim.codes:
        lines = [line for line in claim.chosen if line.code == code]
        most, _ = _mue(claim, code)
        over = most is not None and sum(line.units for line in lines) > most
        if len(lines) > 1 and not over:
            yield problem(
                "U402", "caution", code,
                f"{code} stands on {len(lines)} lines: give it one line with its units.",
                "general: general knowledge",
            )  # fmt: skip


def _mue(claim: Claim, code: str) -> tuple[int | None, str]:
    """The units allowed and who says so: the imported MUE file, else the built-in table."""
    if claim.store is not None:
        found = reference.mue(claim.store, code, claim.on)
        if found is not None:
            return found.value, f"MUE {found.quarter}, {found.file}"
    return _built_in().get(code), "built-in MUE of the family; no MUE file is imported for it"


@cache
def _built_in() -> dict[str, int]:
    return {row["code"]: int(row["mue"]) for row in tables.rows("codes") if row["mue"]}


RULES = (("U401", over_mue), ("U402", said_twice))
