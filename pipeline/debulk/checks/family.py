"""U2xx, the family: two of it together, another than documented, or none of it."""

from __future__ import annotations

from collections.abc import Iterator

from debulk import coding, edits, explain, tables
from debulk.checks.claim import Claim, bypasses, listed, problem
from debulk.values import Requirement, Warning

_CONCEPTS = {
    "pelvic_nodes": ("pelvic_lymphadenectomy",),
    "paraaortic_nodes": ("paraaortic_lymphadenectomy",),
    "hysterectomy": ("hysterectomy",),
    "adnexa": ("salpingo_oophorectomy", "oophorectomy"),
    "omentectomy": ("omentectomy", "omental_biopsy"),
    "debulking": ("tumor_debulking", "tumor_excision", "tumor_destruction"),
}


def two_of_family(claim: Claim) -> Iterator[Warning]:
    """Two codes of the family are billed for one operation."""
    for index, first in enumerate(claim.family):
        for second in claim.family[index + 1 :]:
            if edits.component(first, second) or edits.component(second, first):
                continue
            edit = claim.authority.edit(first, second)
            parts = [f"{first} and {second} describe one operation: one code of the family fits."]
            if "cpt" in edit.layers:
                parts.append("The CPT instructions exclude the one beside the other.")
            parts += edits.pair_says(edit, "", "one operation in one session earns no modifier")
            drop = {first: second, second: first}.get(claim.primary or "", edit.column2)
            appended = [m for m in claim.modifiers(drop) if bypasses(m)]
            if appended:
                parts.append(f"{listed(appended)} on {drop} does not make it a second operation.")
            yield problem(
                "U201", "error", drop, " ".join(parts), edit.source,
                included_in=first if drop == second else second,
                modifier_allowed=edits.allowed(edit),
            )  # fmt: skip


def asks_for_more(claim: Claim) -> Iterator[Warning]:
    """A code of the family asks for something that the note does not document."""
    for code in claim.family:
        missing = [r for r in unmet(claim, code) if not _exceeded(r)]
        if not missing or any(edits.component(code, other) for other in claim.family):
            continue
        named = [f"{r.name.replace('_', ' ')}: {r.needed} (found: {r.found})" for r in missing]
        parts = [f"{code} asks for what the note does not document: {'; '.join(named)}."]
        if claim.primary and claim.primary != code:
            parts.append(f"The note supports {claim.primary}.")
        reduced = "52" in claim.modifiers(code)
        if reduced:
            parts.append("Whether 52 covers what is missing is for the payer to say.")
        mild = reduced or code == claim.primary
        evidence = {i for r in missing for i in (*r.evidence, *_about(claim, r.name))}
        yield problem(
            "U202", "caution" if mild else "error", code, " ".join(parts), _asked_by(code, claim),
            tuple(sorted(evidence)),
        )  # fmt: skip


def says_less(claim: Claim) -> Iterator[Warning]:
    """A code of the family leaves out work that the note documents (under-coding)."""
    for code in claim.family:
        primary = claim.primary
        if primary is None or primary in claim.family or _size_apart(claim, code):
            continue
        if not coding.codes()[code].valid_on(claim.on):
            continue  # U501 names what takes its place
        if not all(_exceeded(r) for r in unmet(claim, code)):
            continue
        added = _added(claim, code, primary)
        what = f" ({added})" if added else ""
        evidence = {i for name in _names(code, primary, claim) for i in _about(claim, name)}
        yield problem(
            "U203", "caution", code,
            f"The note documents more than {code} says{what}: it supports {primary}.",
            _asked_by(primary, claim), tuple(sorted(evidence)),
        )  # fmt: skip


def other_size(claim: Claim) -> Iterator[Warning]:
    """The tumour code does not match the documented lengths."""
    for code in claim.family:
        if not _size_apart(claim, code):
            continue
        lengths = list(claim.case.value("tumor_lengths_cm"))
        by = {row["by"] for row in tables.rows("case_codes") if row["code"] == claim.primary}
        added_up = f"{sum(lengths):g} cm added up"
        size = added_up if by == {"sum"} else f"{max(lengths):g} cm at the largest"
        yield problem(
            "U204", "error", code,
            f"The documented lengths are {size}: {claim.primary}, not {code}.",
            coding.codes()[code].source,
            claim.case.facts["tumor_lengths_cm"].evidence,
        )  # fmt: skip


def none_of_family(claim: Claim) -> Iterator[Warning]:
    """The note supports a code of the family and none is billed."""
    if claim.primary and not claim.family:
        yield problem(
            "U207", "caution", claim.primary,
            f"The note supports {claim.primary} and no code of the family is billed; "
            "splitting the operation into its parts is unbundling.",
            "NCCI policy manual, chapter I",
        )  # fmt: skip


def unmet(claim: Claim, code: str) -> list[Requirement]:
    """What the code's nearest case asks and the note does not document."""
    asked = [
        [r for r in coding.requirements(name, claim.case, claim.on) if not r.met]
        for name in explain.cases_of(code, claim.on)
    ]
    return min(asked, key=len, default=[])


def _exceeded(requirement: Requirement) -> bool:
    """Is the requirement unmet because more was done than the code says?"""
    needed = requirement.needed.split(" or ")
    return "none" in needed or "no" in needed


def _size_apart(claim: Claim, code: str) -> bool:
    """Do the chosen and the documented code differ by the tumour's size alone?"""
    if claim.primary is None or claim.primary == code or not claim.case.value("tumor_lengths_cm"):
        return False
    return any(
        {code, claim.primary} <= set(coding.codes_of(name, claim.on))
        for name in explain.cases_of(claim.primary, claim.on)
    )


def _names(code: str, primary: str, claim: Claim) -> list[str]:
    """The conditions that the documented code has and the chosen one has not."""
    mine = coding.asked_by(next(iter(explain.cases_of(code, claim.on)), ""))
    theirs = coding.asked_by(next(iter(explain.cases_of(primary, claim.on)), ""))
    return [name for name, needed in theirs.items() if mine.get(name) != needed]


def _added(claim: Claim, code: str, primary: str) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')}: {claim.case.value(name)}"
        for name in _names(code, primary, claim)
    )


def _about(claim: Claim, name: str) -> tuple[int, ...]:
    """Every mention of what a fact is about, whatever its status."""
    concepts = _CONCEPTS.get(name, ())
    return tuple(i for i, m in enumerate(claim.case.mentions) if m.concept in concepts)


def _asked_by(code: str, claim: Claim) -> str:
    names = explain.cases_of(code, claim.on)
    rows = [r for r in coding.rules() if r.case in names and r.decision == "suggest"]
    sources = ", ".join(dict.fromkeys(row.source for row in rows))
    return f"requirements of {code}: {sources}"


RULES = (
    ("U201", two_of_family),
    ("U202", asks_for_more),
    ("U203", says_less),
    ("U204", other_size),
    ("U207", none_of_family),
)
