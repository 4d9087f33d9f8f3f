"""U6xx: add-on codes."""

from __future__ import annotations

from collections.abc import Iterator

from debulk import edits, reference
from debulk.checks.claim import Claim, addons, listed, problem
from debulk.values import Warning

ANY = "any"


def without_primary(claim: Claim) -> Iterator[Warning]:
    """An add-on code stands without a primary code that it may go with."""
    for code in claim.codes:
        asked = _primaries(claim, code)
        if asked is None:
            continue
        named, source = asked
        others = [c for c in claim.codes if c != code]
        operations = [c for c in others if c not in addons()]
        if (named == (ANY,) and operations) or set(named) & set(others):
            continue
        beside = "an operation that it is added to" if named == (ANY,) else _some(named)
        yield problem(
            "U601", "error", code, f"{code} is an add-on code and needs {beside} beside it.", source
        )


def no_indication(claim: Claim) -> Iterator[Warning]:
    """The appendix is billed as an add-on and no indication of its own is documented."""
    if "44955" in claim.codes and not edits.own_indication(claim.case):
        yield problem(
            "U602", "caution", "44955",
            "44955 needs an indication of its own; a normal appendix is not reported.",
            "NCCI policy manual, chapter VI-E3", claim.case.performed("appendectomy"),
        )  # fmt: skip


def _primaries(claim: Claim, code: str) -> tuple[tuple[str, ...], str] | None:
    """The primaries of an add-on and who says so; None where a code is no add-on."""
    if claim.store is not None:
        found = reference.addon(claim.store, code, claim.on)
        if found is not None:
            closed = not found.contractor_defined and "1" in found.edit_types
            return found.primaries if closed else (ANY,), f"add-on {found.quarter}, {found.file}"
    if code in addons():
        row = addons()[code]
        sure = "" if row["certainty"] == "confirmed" else f"{row['certainty']}: "
        return tuple(row["primaries"].split()), f"{sure}{row['source']} (built-in table)"
    return None


def _some(named: tuple[str, ...]) -> str:
    shown = [*named[:10], "another listed primary"] if len(named) > 10 else list(named)
    return listed(shown, "or")


RULES = (("U601", without_primary), ("U602", no_indication))
