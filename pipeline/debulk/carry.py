"""What a later clause or sentence says of a mention: "but this was abandoned"."""

from __future__ import annotations

from collections.abc import Sequence

from debulk.cues import DO, Cue
from debulk.others import Surgeon
from debulk.page import FINITE, Extent

_RANK = {"by_other": 0, "not_performed": 1, "attempted": 2}
_ENDED = frozenset("left gone stop".split())
_MODALS = frozenset("might may could would should will can".split())
_DEMONSTRATIVE = frozenset("both neither these those this that".split())
_DECIDING = frozenset("we i it decision team surgeon decided elected she patient one made".split())
_PRONOUNS = frozenset("this it that these they those which both neither them none".split())
_BACK = frozenset("it this them that these those one both".split())
_LEADS = frozenset("but however although though which yet nevertheless".split())
_WEAK = frozenset(
    "no without none remain remained against nor in held never gone left tried futile stop".split()
)
_ME = frozenset("i we me us".split())
_REFUSED = frozenset({"declined", "refused", "demurred"})
_OWN_SUBJECT = frozenset("the a an her his no any all both our my this that these , (".split())
_DID = frozenset(
    "carried performed took did repaired removed resected undertook completed placed "
    "handled".split()
)


_THE = frozenset({"the", "this", "that"})
_WORK = frozenset(
    "resection dissection removal stripping excision attempt effort lymphadenectomy organ "
    "mobilization peritonectomy".split()
)
_TALK = _PRONOUNS | _BACK | _LEADS | _REFUSED | {"we"}


def speaks_back(norms: Sequence[str], clause: Extent) -> bool:
    """Does a clause hold a word that may stand for what was said before it?"""
    inside = norms[clause.start : clause.end]
    return not _TALK.isdisjoint(inside) or not _WORK.isdisjoint(inside[:3])


def carried(
    norms: Sequence[str],
    following: Extent,
    cues: Sequence[Cue],
    surgeons: Sequence[Surgeon],
    *,
    open_end: bool,
) -> tuple[str, Extent] | None:
    """The status that a clause gives to the mention before it (`open_end`: work only begun)."""
    inside = norms[following.start : following.end]
    found: list[tuple[str, Extent]] = []
    for cue in cues:
        if cue.status not in _RANK or cue.scope in ("near", "begun"):
            continue
        said = norms[cue.start : cue.end]
        if len(said) == 1 and said[0] in _WEAK and not (open_end and said[0] in _ENDED):
            continue
        if (
            said[-1] in ("not", "be", "to")
            and "not" in said
            and not DO.intersection(norms[cue.end : cue.end + 4])
            and not (said[-1] == "to" and cue.end >= following.end - 1)
        ):
            continue
        if _MODALS.intersection(norms[following.start : cue.start]):
            continue
        if not (open_end and cue.status == "attempted") and not _about(norms, cue, following):
            continue
        found.append((cue.status, Extent(cue.start, cue.end)))
    if found:
        return min(found, key=lambda f: _RANK[f[0]])
    if _done(norms, following):
        return "performed", following
    if any(n in _ME for n in inside):
        return None
    for surgeon in surgeons:
        near = norms[surgeon.end : surgeon.end + 6]
        by = (
            "by" in norms[max(0, surgeon.start - 2) : surgeon.start]
            or norms[surgeon.start - 1] == "per"
        )
        if by and _PRONOUNS.intersection(norms[following.start : following.start + 3]):
            return "by_other", Extent(surgeon.start, surgeon.end)
        if _DID.intersection(near) and _BACK.intersection(norms[surgeon.end : surgeon.end + 8]):
            return "by_other", Extent(surgeon.start, surgeon.end)
    return None


def _done(norms: Sequence[str], following: Extent) -> bool:
    """ "And that is what was carried out today"."""
    inside = norms[following.start : following.end]
    lead = [n for n in inside if n not in ("and", "so", ",")][:2]
    if not lead or lead[0] not in ("this", "it", "that", "these", "they", "which", "both"):
        return False
    verb = next(
        (i for i, n in enumerate(inside) if n in ("done", "performed", "carried", "accomplished")),
        None,
    )
    return (
        verb is not None
        and verb < 9
        and not {"not", "never", "no", "by", "had", "if"} & set(inside[: verb + 3])
    )


def _about(norms: Sequence[str], cue: Cue, following: Extent) -> bool:
    """Is it a pronoun, or nothing, that the cue speaks of?"""
    lead = norms[following.start : min(cue.start, following.start + 4)]
    if len(lead) > 1 and lead[0] in _THE and lead[1] in _WORK:
        return cue.scope != "before"  # "the resection was not finished"
    if (
        len(lead) > 1
        and lead[0] in _DEMONSTRATIVE
        and lead[1] not in FINITE
        and not lead[1].endswith("ed")
    ):
        return False  # "both limbs were dropped": a subject of its own
    before = norms[max(following.start, cue.start - 4) : cue.start]
    if cue.scope == "before":
        ahead = norms[cue.end : min(cue.end + 3, following.end)]
        subject = norms[following.start : cue.start]
        if len(subject) > 2 and not _DECIDING.intersection(subject):
            return False
        return bool(_BACK.intersection(ahead)) or (
            not any(n.isalpha() for n in ahead)
            and bool(_PRONOUNS.intersection(lead) or "we" in lead)
        )
    if _PRONOUNS.intersection(before):
        return True
    if norms[cue.start] in _REFUSED and norms[cue.end : cue.end + 1] in ([], ["."], [";"], [","]):
        return True  # "HIPEC was discussed; she declined"
    if set(norms[cue.start : cue.end]) & {"it", "this", "neither"}:
        return True
    if lead and lead[0] in _LEADS:
        gap = norms[following.start + 1 : cue.start]
        if len(gap) < 4 or (len(gap) < 12 and _OWN_SUBJECT.isdisjoint(gap)):
            return True
    # "This turned out to be a bloody affair and was abandoned."
    return bool(_PRONOUNS.intersection(lead[:2])) and norms[following.start] not in (
        "there",
        "that",
    )
