"""What a later clause or sentence says of a mention: "but this was abandoned"."""

from __future__ import annotations

from collections.abc import Sequence

from debulk.cues import DO, Cue
from debulk.others import Surgeon
from debulk.page import Extent

_PRONOUNS = frozenset("this it that these they those which both neither them none".split())
_BACK = frozenset("it this them that these those one both".split())
_LEADS = frozenset("but however although though which yet nevertheless".split())
_WEAK = frozenset("no without none remain remained against nor in held never gone left tried futile stop".split())
_ME = frozenset("i we me us".split())
_DID = frozenset("carried performed took did repaired removed resected undertook completed placed handled".split())


def refers_back(norms: Sequence[str], following: Extent) -> bool:
    """Has a clause no subject of its own, or a pronoun for something told before?"""
    lead = norms[following.start : min(following.start + 6, following.end)]
    if any(n in _PRONOUNS for n in lead) or (lead and lead[0] in _LEADS):
        return True
    return any(n in _BACK for n in norms[following.start : following.end])


def carried(
    norms: Sequence[str], following: Extent, cues: Sequence[Cue], surgeons: Sequence[Surgeon]
) -> tuple[str, Extent] | None:
    """The status that a clause gives to the mention before it."""
    inside = norms[following.start : following.end]
    own = any(n in _ME for n in inside)
    found: list[tuple[str, Extent]] = []
    for cue in cues:
        if cue.status not in ("not_performed", "attempted", "by_other", "planned"):
            continue
        extent = Extent(cue.start, cue.end)
        said = norms[cue.start : cue.end]
        if len(said) == 1 and said[0] in _WEAK:
            continue
        if cue.status == "planned":
            continue
        if said[-1] == "not" and not DO.intersection(norms[cue.end : cue.end + 4]):
            continue
        if cue.scope == "near" or (cue.scope == "before" and not _objects(norms, cue, following)):
            continue
        if cue.scope == "begun":
            continue
        found.append((cue.status, extent))
    if found:
        order = ("by_other", "not_performed", "attempted")
        return min(found, key=lambda f: order.index(f[0]))
    if not own:
        for surgeon in surgeons:
            near = norms[surgeon.end : surgeon.end + 6]
            by = norms[surgeon.start - 1] in ("by", "per") or norms[surgeon.start - 2] in ("by", "per")
            if by or (_DID.intersection(near) and _BACK.intersection(norms[surgeon.end : following.end])):
                return "by_other", Extent(surgeon.start, surgeon.end)
    return None


def _objects(norms: Sequence[str], cue: Cue, following: Extent) -> bool:
    """Does a cue that looks ahead find a pronoun there, or nothing at all?"""
    ahead = norms[cue.end : min(cue.end + 8, following.end)]
    return bool(_BACK.intersection(ahead)) or not any(n.isalpha() for n in ahead) or bool(DO.intersection(ahead[:3]))
