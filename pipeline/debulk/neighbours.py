"""Rulings that follow from the mention before: "as was", the same work told again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from debulk.begun import begun_before
from debulk.grammar import Find
from debulk.page import Extent

_AS = frozenset({"as", "so"})
_SAME_BREATH = 30  # words
_SAME_MATTER = 60  # words
_LEAD = 6  # words in front of a mention
_STAYS = frozenset("stayed stay stays left remained remain kept staying remaining".split())
_GONE = frozenset("out off removed taken excised cut resected delivered dissected".split())


class Ruling(NamedTuple):
    """A status, and the words that decided it (None: the plain telling)."""

    status: str
    cue: Extent | None


class Spot(NamedTuple):
    """A find where it stands: its words with its action, its clause and its sentence."""

    find: Find
    lo: int
    hi: int
    told: bool  # by a past form: "was removed", not "removal of" or a name
    clause: Extent
    order: int  # of the clause in its sentence
    number: int  # of the sentence
    sentence: Extent


def fated(norms: Sequence[str], find: Find, sentence: Extent, heads: Sequence[int]) -> Ruling:
    """What became of an organ; "stayed with the specimen" is no keeping."""
    verb = find.verb
    if verb is None or find.fate != "not_performed":
        return Ruling(find.fate, verb)
    after = norms[verb.end : verb.end + 2]
    between = norms[find.head.end : verb.start]
    if "," in between and _GONE.intersection(between) and between[-1] != ",":
        return Ruling("performed", None)  # "the chain out, the vessel spared"
    on = after[:1] == ["on"] and "specimen" in norms[verb.end : verb.end + 5]
    if norms[verb.end - 1] in _STAYS and (after[:1] == ["with"] or on):
        return Ruling("performed", verb)
    if begun_before(norms, sentence, verb.start, heads):
        return Ruling("attempted", verb)
    return Ruling(find.fate, verb)


def settled(
    norms: Sequence[str],
    finds: Sequence[Find],
    found: list[Ruling],
    sentence: Callable[[Find], int],
    intended: Callable[[Find], bool],
) -> list[Ruling]:
    """The rulings, each made to agree with the one before it.

    `sentence` numbers the sentence of a find; `intended` says whether it tells what a step was
    made for, not yet that it was done.
    """
    told = {
        (find.concept, ruling.status)
        for find, ruling in zip(finds, found, strict=True)
        if "from" not in find.attributes
    }
    for at, (find, ruling) in enumerate(zip(finds, found, strict=True)):
        if find.attributes.get("from") == "specimens" and _of_another(find.concept, told):
            found[at] = Ruling("by_other", ruling.cue)
            continue
        if not at:
            continue
        before = finds[at - 1]
        if _likewise(norms, find, before) and sentence(find) == sentence(before):
            ruling = found[at] = found[at - 1]
        if ruling.status != "not_performed" or not (find.fate or find.verb):
            continue
        if before.concept != find.concept:
            continue
        gap, status = find.head.start - before.head.end, found[at - 1].status
        if status == "attempted" and gap < _SAME_BREATH:
            found[at] = found[at - 1]  # "... had to be stopped, and the uterus remains"
        elif status == "performed" and gap < _SAME_MATTER and intended(before):
            # "I opened the peritoneum to clear the nodes. ... I did not go on with them."
            found[at - 1] = Ruling("attempted", ruling.cue)
    return found


def _of_another(concept: str, told: set[tuple[str, str]]) -> bool:
    """Is it another surgeon's work alone, so that its jar is his too?"""
    return (concept, "by_other") in told and (concept, "performed") not in told


def _likewise(norms: Sequence[str], find: Find, before: Find) -> bool:
    """ "HIPEC was on the consent, as was an ileostomy"."""
    lead = norms[max(before.head.end, find.head.start - _LEAD) : find.head.start]
    return any(
        lead[at] in _AS and lead[at + 1] in ("was", "were", "did", "had")
        for at in range(len(lead) - 1)
    )
