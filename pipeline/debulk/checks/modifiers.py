"""U3xx: modifiers that do not do what they are put there for."""

from __future__ import annotations

from collections.abc import Iterator

from debulk import coding, edits, reference, tables
from debulk.checks import claim as known
from debulk.checks.claim import Claim, addons, bypasses, kind, listed, problem
from debulk.values import Warning

_PM = "NCCI policy manual, chapter I-E"
_GENERAL = "general: general knowledge"
_BOTH_SIDES = frozenset({"0", "2", "9"})  # bilateral indicators of the fee schedule: no 50


def no_bypass(claim: Claim) -> Iterator[Warning]:
    """A modifier that never bypasses a PTP pair stands on an included component."""
    for code in claim.codes:
        holders = [c for c in claim.family if edits.component(code, c)]
        idle = [m for m in claim.modifiers(code) if m in known.modifiers() and not bypasses(m)]
        if holders and idle:
            yield problem(
                "U301", "error", code,
                f"{listed(idle)} does not bypass the edit: {code} stays a part of {holders[0]}.",
                _PM, included_in=holders[0],
            )  # fmt: skip


def both_sides(claim: Claim) -> Iterator[Warning]:
    """A side or 50 stands on a code that already describes both sides."""
    for code in claim.codes:
        source = _no_fifty(claim, code)
        one_side = known.SIDE if code in claim.family else ""
        sides = [m for m in claim.modifiers(code) if m == "50" or kind(m) == one_side]
        if sides and source:
            yield problem(
                "U302", "error", code,
                f"{listed(sides)} does not fit {code}, which describes the whole operation.",
                source,
            )  # fmt: skip


def two_surgeons(claim: Claim) -> Iterator[Warning]:
    """Modifier 62 stands where two surgeons do not share one code."""
    for code in claim.codes:
        appended = claim.modifiers(code)
        if "62" not in appended:
            continue
        others = claim.by_other()
        assistants = [m for m in appended if kind(m) == "assistant"]
        said = ""
        if assistants:
            said = f"62 and {listed(assistants)} exclude each other: co-surgeon or assistant."
        elif _fee(claim, code, "co_surgeon") in ("0", "9"):
            said = f"The fee schedule allows no co-surgeon for {code}."
        elif not others:
            said = f"62 on {code} needs a second surgeon with an own note; none is told."
        elif code not in claim.family or _all_separate(claim, others):
            said = f"Different codes: each surgeon reports own work, {code} without 62."
        if said:
            yield problem(
                "U303", "error" if assistants else "caution", code, said, _GENERAL, others
            )


def assistant(claim: Claim) -> Iterator[Warning]:
    """An assistant's modifier stands on the surgeon's own line."""
    for code in claim.codes:
        appended = claim.modifiers(code)
        assistants = [m for m in appended if kind(m) == "assistant"]
        if assistants and "62" not in appended:
            yield problem(
                "U304", "note", code,
                f"{listed(assistants)} is for the assistant's own claim; the surgeon's line has "
                "none, and two surgeons who share the code use 62.",
                _GENERAL, claim.by_other(),
            )  # fmt: skip


def on_addon(claim: Claim) -> Iterator[Warning]:
    """51, 50 or a bypass modifier stands on an add-on code."""
    for code in claim.codes:
        if code not in addons():
            continue
        wrong = [m for m in claim.modifiers(code) if m in ("50", "51")]
        idle = [m for m in claim.modifiers(code) if kind(m) == known.SITE]
        if wrong or idle:
            yield problem(
                "U305", "error" if wrong else "caution", code,
                f"{listed(wrong + idle)} does not belong on {code}, an add-on code.", _GENERAL,
            )  # fmt: skip


def more_work(claim: Claim) -> Iterator[Warning]:
    """22 stands away from the main operation, or wants its documentation."""
    for code in claim.codes:
        if "22" not in claim.modifiers(code) or any(edits.component(code, c) for c in claim.family):
            continue
        if code in claim.family:
            yield problem(
                "U306", "note", code,
                f"22 on {code} wants the further time and the difficulty in the note; it bypasses "
                "no edit.",
                _PM, claim.case.performed("adhesiolysis"),
            )  # fmt: skip
        elif claim.family:
            yield problem(
                "U306", "caution", code,
                f"22 belongs on the main operation {claim.family[0]}, not on {code}.", _PM,
            )  # fmt: skip


def nothing_to_bypass(claim: Claim) -> Iterator[Warning]:
    """59, XE, XS, XP or XU stands where no pair on the claim asks for it."""
    for code in claim.codes:
        sites = [m for m in claim.modifiers(code) if kind(m) == known.SITE]
        if not sites or code in addons() or any(edits.component(code, c) for c in claim.family):
            continue
        if claim.family == (code,):
            yield problem(
                "U307", "caution", code,
                f"{listed(sites)} does not belong on the main operation {code}.", _PM,
            )  # fmt: skip
        elif code not in claim.family and not any(claim.billed_with(code)):
            yield problem(
                "U307", "note", code,
                f"{listed(sites)} on {code} has no PTP pair on this claim to bypass.",
                claim.authority.edit(claim.codes[0], code).source,
            )  # fmt: skip


def unknown_modifier(claim: Claim) -> Iterator[Warning]:
    """A modifier is not one that the tables know."""
    for code in claim.codes:
        strange = [m for m in claim.modifiers(code) if m not in known.modifiers()]
        if strange:
            yield problem(
                "U308", "caution", code,
                f"{listed(strange)} on {code} is no modifier of the built-in table.",
                "built-in table of modifiers",
            )  # fmt: skip


def _all_separate(claim: Claim, others: tuple[int, ...]) -> bool:
    """Did the other surgeon do nothing but work with codes of its own?"""
    separate = {row["concept"] for row in tables.rows("separate")}
    return all(claim.case.mentions[i].concept in separate for i in others)


def _no_fifty(claim: Claim, code: str) -> str:
    """Where it says that 50 never fits a code; empty where nothing says so."""
    if (indicator := _fee(claim, code, "bilateral")) is not None:
        source = f"fee schedule, bilateral indicator {indicator}"
        return source if indicator in _BOTH_SIDES or code in claim.family else ""
    if code in coding.codes():
        row = next(r for r in tables.rows("codes") if r["code"] == code)
        return "NCCI and fee schedule 2024: never modifier 50" if row["bilateral"] == "yes" else ""
    row_of = {row["code"]: row for row in tables.rows("sides")}
    return f"{row_of[code]['certainty']}: {row_of[code]['source']}" if code in row_of else ""


def _fee(claim: Claim, code: str, column: str) -> str | None:
    """A cell of the imported fee schedule, None without one."""
    if claim.store is None:
        return None
    row = reference.fee_row(claim.store, code, "", claim.on)
    return str(getattr(row, column)) if row is not None else None


RULES = (
    ("U301", no_bypass),
    ("U302", both_sides),
    ("U303", two_surgeons),
    ("U304", assistant),
    ("U305", on_addon),
    ("U306", more_work),
    ("U307", nothing_to_bypass),
    ("U308", unknown_modifier),
)
