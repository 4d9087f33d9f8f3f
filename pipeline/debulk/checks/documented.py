"""U205 and U206: work billed and not documented, or documented and not billed."""

from __future__ import annotations

from collections.abc import Iterator

from debulk import coding, edits
from debulk.checks.claim import Claim, listed, problem, work_of
from debulk.values import Warning

_SAID = {
    "attempted": "it was begun and not completed",
    "not_performed": "it was not done",
    "planned": "it was only planned",
    "historical": "it was an earlier operation",
    "by_other": "another surgeon did it and reports it",
}


def not_documented(claim: Claim) -> Iterator[Warning]:
    """A code outside the family is billed for work that the note does not tell as done."""
    for code in claim.codes:
        concepts = work_of(code)
        if code in coding.codes() or not concepts or edits.documented(claim.case, concepts):
            continue
        names = listed(sorted(name.replace("_", " ") for name in concepts), "or")
        told = tuple(i for i, m in enumerate(claim.case.mentions) if m.concept in concepts)
        statuses = dict.fromkeys(claim.case.mentions[i].status for i in told)
        why = listed([_SAID[status] for status in statuses]) if told else "it is not told at all"
        yield problem(
            "U205", "error" if told else "caution", code,
            f"{code} is billed and the note does not document {names} as done: {why}.",
            "documentation", told,
        )  # fmt: skip


def not_billed(claim: Claim) -> Iterator[Warning]:
    """Separately reportable work is documented and no line reports it (under-coding)."""
    if not claim.primary:
        return
    for work in edits.separate(claim.primary, claim.case, on=claim.on):
        if not set(work.codes) & set(claim.codes):
            yield problem(
                "U206", "caution", work.codes[0],
                f"{work.concept.replace('_', ' ').capitalize()} is documented and not billed: "
                f"{listed(work.codes, 'or')} may be a further line.",
                work.message, work.evidence,
            )  # fmt: skip


RULES = (("U205", not_documented), ("U206", not_billed))
