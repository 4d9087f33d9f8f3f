"""U5xx: is the code in force on the date of service."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from debulk import coding, explain, reference
from debulk.checks.claim import Claim, addons, known, problem
from debulk.values import Warning


def not_in_force(claim: Claim) -> Iterator[Warning]:
    """A code is not valid on the date of service."""
    for code in claim.codes:
        valid, source = in_force(code, claim.on, claim.store)
        if valid is False:
            parts = [f"{code} is not valid on {claim.on.isoformat()}."]
            if code in coding.codes():
                parts += [f"{t.code} {t.says}." for t in explain.crosswalk(code, claim.on).targets]
            yield problem("U501", "error", code, " ".join(parts), source)


def not_known(claim: Claim) -> Iterator[Warning]:
    """A code is in no table, so that nothing of it could be checked."""
    for code in claim.codes:
        valid, _ = in_force(code, claim.on, claim.store)
        if valid is None and not known(code):
            yield problem(
                "U502", "note", code,
                f"{code} is in no built-in table and no imported fee schedule: it is not checked.",
                "built-in tables",
            )  # fmt: skip


def in_force(code: str, on: date, store: reference.Store | None) -> tuple[bool | None, str]:
    """Whether a code is valid on a date, and who says so; None where nothing does."""
    if store is not None and (said := reference.valid(store, code, on)) is not None:
        return said, f"imported fee schedule or PTP table of {on.year}"
    if code in coding.codes():
        row = coding.codes()[code]
        sure = "" if row.certainty == "confirmed" else f"{row.certainty}: "
        return row.valid_on(on), f"{sure}{row.source} (built-in table)"
    if code in addons():
        row_of = addons()[code]
        valid = row_of["valid_from"] <= on.isoformat() <= (row_of["valid_to"] or "9999")
        return valid, f"{row_of['source']} (built-in table)"
    return None, ""


RULES = (("U501", not_in_force), ("U502", not_known))
