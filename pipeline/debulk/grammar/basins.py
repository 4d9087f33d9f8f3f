"""Where tissue was taken from: the node basin, or the surface, that a sentence speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from debulk.grammar.rules import BASINS, usual
from debulk.grammar.sentence import Sentence
from debulk.lexicon import Hit
from debulk.tables import wordset

_LIMITS = wordset("limits")
_FIRM_PELVIC = wordset("firm_pelvic")
_NODAL = (wordset("basin_nodes") - {"basin", "chain"}) | frozenset(
    "lymphatic lnd plnd palnd gland ln lymphadenopathy".split()
)
_WHOLE_NOTE = 60  # words; fewer are a sentence out of its note
_ITS = frozenset({"its", "their", "this", "the"})
_VERBS = frozenset("remove take dissect excise sample clear resect strip harvest do".split())
_REACHES = frozenset({"to", "until", "up", "down"})
_TAKEN = frozenset({"taken", "removed", "cleared", "dissected", "sent", "sampled", "took", "node"})
_OR = frozenset({"or", "nor"})
_NEGATED = frozenset({"not", "no", "neither", "none"})


def knows_nodes(norms: Sequence[str]) -> bool:
    """Does a note speak of nodes at all? A sentence out of its note may do without the word."""
    return len(norms) <= _WHOLE_NOTE or not _NODAL.isdisjoint(norms)


def where(s: Sentence, organ: Hit, action: Hit) -> list[str]:
    """The regions of an organ: beside it, in its clause, in the sentence, or the topic before."""
    if organ.term.name == "vessel":
        return [r.term.name for r in s.regions if r.start == organ.start and r.term.name in BASINS]
    inside = s.start <= organ.start < s.end
    near = s.regions
    if inside and len(near) > 1:
        clauses = s.page.clauses(s.extent)
        own = next((c for c in clauses if c.start <= organ.start < c.end), s.extent)
        near = [r for r in near if own.start <= r.start < own.end] or near
    if organ.term.name != "node":
        if not near and organ.term.name == "peritoneum" and s.norms[organ.start - 1] in _ITS:
            near = [h for h in s.memory.carried if h.term.name == "diaphragm"]
        return list(dict.fromkeys(r.term.name for r in near))[:3]
    if inside and ":" in s.norms[s.start : organ.start]:
        colon = max(i for i in range(s.start, organ.start) if s.norms[i] == ":")
        label = [r for r in s.regions if r.start < colon and r.term.name in BASINS]
        labelled = [r for r in label if colon - r.end < 3] or label
        if labelled and colon - labelled[0].start < 14:
            return list(dict.fromkeys(r.term.name for r in labelled))
    beside = [
        r
        for r in near
        if (organ.start - 9 <= r.start < organ.start and not s.roles.landmark(r.start))
        or organ.start <= r.start <= max(action.end, organ.end)
    ]
    if beside and inside:
        near = beside
    firm = [r for r in near if not _is_limit(s, r)]
    chosen = [r.term.name for r in (firm or near)]
    pelvic = any(s.norms[r.start] in _FIRM_PELVIC for r in near)
    if not firm and "paraaortic" in chosen and not pelvic:
        # "from the iliac bifurcation to the mesenteric artery" bounds an aortic dissection.
        chosen = ["paraaortic"]
    basins = [name for name in dict.fromkeys(chosen) if name in BASINS]
    if basins or any(r.term.name == "celiac" for r in near):
        return basins
    every = s.norms[organ.start - 1] == "all"
    if (s.is_nodal(organ) and not every and not _NEGATED.intersection(s.inside)) or not inside:
        return list(s.memory.topic)
    return []


def _is_limit(s: Sentence, region: Hit) -> bool:
    before = s.norms[max(s.start, region.start - 4) : region.start]
    if "from" in before and not _REACHES.intersection(s.norms[region.end : s.end]):
        at = len(before) - before[::-1].index("from") - 1
        if at and before[at - 1] in _TAKEN | _OR:
            return False  # "no node was taken from the pelvis": where, not how far
    verb = next((i for i, n in enumerate(before) if n in _VERBS), None)
    return bool(_LIMITS.intersection(before if verb is None else before[verb + 1 :]))


def usual_of(s: Sentence, hit: Hit) -> list[tuple[str, dict[str, str]]]:
    """The usual removal of a thing, with an attribute where its basin is not stated."""
    if hit.term.name != "node":
        return [(concept, {}) for concept in usual().get(hit.term.name, ())]
    basins = where(s, hit, hit)
    if not basins and not s.is_nodal(hit):
        return []
    extra = {} if basins else {"basin": "unstated"}
    return [
        (concept, extra)
        for basin in basins or ("pelvic", "paraaortic")
        for concept in usual().get(f"node@{basin}", ())
    ]
