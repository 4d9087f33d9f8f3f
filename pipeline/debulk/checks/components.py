"""U1xx: a component billed beside a code of the family that holds it."""

from __future__ import annotations

from collections.abc import Iterator

from debulk import edits
from debulk.checks.claim import SIDE, SITE, Claim, bypasses, kind, listed
from debulk.values import Warning


def included_component(claim: Claim) -> Iterator[Warning]:
    """Work that a code of the family already holds is billed as a line of its own."""
    for beside in claim.family:
        for code in claim.codes:
            row = edits.component(code, beside)
            if row is None:
                continue
            edit = claim.authority.edit(beside, code)
            appended = tuple(m for m in claim.modifiers(code) if bypasses(m))
            site = separate_site(claim, row)
            if edit.modifier == "1" and appended and site:
                continue
            evidence = edits.documented(claim.case, row.concepts)
            remark = _remark(edit, appended, site)
            said = edits.warning(row, beside, evidence, claim.authority, remark)
            if said is not None:
                yield said


def other_pair(claim: Claim) -> Iterator[Warning]:
    """Two billed codes are a PTP pair that is neither a component nor two of the family."""
    for index, first in enumerate(claim.codes):
        for second in claim.codes[index + 1 :]:
            both = first in claim.family and second in claim.family
            if both or edits.component(first, second) or edits.component(second, first):
                continue
            edit = claim.authority.edit(first, second)
            appended = [m for c in (first, second) for m in claim.modifiers(c) if bypasses(m)]
            if not edit.modifier or (edit.modifier == "1" and appended):
                continue
            never = edit.modifier == "0"
            helps = (
                "no modifier bypasses it"
                if never
                else "a modifier is right only for another site or encounter"
            )
            yield Warning(
                "U199", "error" if never else "caution", edit.column2, edit.column1,
                edits.allowed(edit),
                f"{edit.column1} and {edit.column2} are a PTP pair of indicator {edit.modifier}: "
                f"{helps}.",
                edit.source,
            )  # fmt: skip


def separate_site(claim: Claim, row: edits.Included) -> bool:
    """Does the note document another site, or the one indication that makes the work separate?"""
    elsewhere = any(
        claim.case.mentions[i].attributes.get("site") == "other"
        for i in edits.documented(claim.case, row.concepts)
    )
    fibrosis = row.rule == "U111" and edits.indicated(claim.case, "ureterolysis")
    return elsewhere or fibrosis


def _remark(edit: edits.Edit, appended: tuple[str, ...], site: bool) -> str:
    if site and edit.modifier == "1":
        return "The note documents what makes it separate, but no modifier says so."
    if not appended:
        return ""
    names = listed(appended)
    if edit.modifier == "0":
        return f"{names} on it changes nothing."
    if not edit.modifier:
        return f"{names} on it has no pair to bypass and does not make it separate."
    if any(kind(m) == SITE for m in appended):
        return f"{names} claims another site or encounter, and the note documents none."
    if any(kind(m) == SIDE for m in appended):
        return f"{names} names a side of the same site, which is no other site."
    return f"{names} claims another encounter or stage, and the note documents none."


RULES = (("U1", included_component), ("U199", other_pair))
