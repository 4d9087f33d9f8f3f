"""Work told without its usual verb: the device, the boundaries, the bands, the opening."""

from __future__ import annotations

from collections.abc import Iterator

from debulk.grammar.basins import usual_of, where
from debulk.grammar.find import Find
from debulk.grammar.sentence import Sentence, finite
from debulk.lexicon import Hit
from debulk.page import Extent
from debulk.tables import wordset

_STUCK = wordset("stuck")
_FREED = wordset("freed")
_BLEEDING = wordset("bleeding")
_BOUNDS = wordset("boundaries")
_TO = frozenset({"to", "from", "between", "until", "→", "->"})
_SETTLED = wordset("settled")
_OPENED = wordset("opening_verbs")
_ENDS = wordset("ends_of_incision")
_NO_OPENINGS = wordset("no_openings")
_BACK = frozenset({"them", "it", "these", "this", "those", "they", "that", "all"})
_NAMED = wordset("named_basins")
_WAY = ([","], ["."], ["from"], ["through"], ["up"], ["and"], ["with"], [";"])
_WAYS_IN = frozenset({"midline", "median", "xiphopubic", "chevron"})
_LOOKED = frozenset(
    "bulky matted hard firm plump palpable prominent rubbery big suspicious".split()
)
_CLEARED = frozenset({"clearing", "clearance", "emptying"})
_GIVEN_UP = wordset("given_up")
_BEGUN = wordset("begun")
_STOPPED = wordset("stopped")
_CARRIED_OUT = frozenset({"done", "carried", "performed", "undertaken", "repeated"})
_NODAL = wordset("basin_nodes") | {"gland", "lymphatic"}
_OWN = {
    "tumor": "tumor_excision",
    "adhesion": "adhesiolysis",
    "stent": "ureteral_stent",
    "drain": "drain_placement",
    "port": "port_placement",
}
_MODALS = frozenset({"might", "may", "could", "would"})
_GOES = frozenset({"go", "come", "lost", "sacrificed", "out"})
_LIMIT = frozenset({"at", "below", "above", "just", "when", "there"})
_BESIDE = 8  # words behind a verb of trying
_BEFORE = 30  # words back in which the tumour was spoken of


def _at(hit: Hit) -> Extent:
    return Extent(hit.start, hit.end)


def ablated(s: Sentence) -> Iterator[Find]:
    """ "Seeds which the argon took care of", "each was touched with the plasma jet"."""
    if not _BLEEDING.isdisjoint(s.inside) or any(c == "tumor_destruction" for _, c in s.told):
        return
    device = next((h for h in s.things if h.term.name == "argon"), None)
    if device is None:
        return
    near = [h for h in s.things if h.term.name in ("tumor", "peritoneum", "diaphragm")]
    near += [h for h in s.memory.carried if h.term.name in ("tumor", "peritoneum", "diaphragm")]
    if any(device.start - h.start < _BEFORE for h in near):
        s.told[(device.start, "tumor_destruction")] = device.start
        yield Find("tumor_destruction", *_at(device), _at(device), {})


def freed(s: Sentence) -> Iterator[Find]:
    """ "Loops were glued to the wall; I got them off": bands told without the word."""
    if any(c == "adhesiolysis" for _, c in s.told) or _FREED.isdisjoint(s.inside):
        return
    norms = s.norms
    at = next(i for i, n in enumerate(s.inside) if n in _FREED) + s.start
    spoken = s.memory.carried[:1]
    if (spoken and spoken[0].term.name == "ureter") or norms[at + 1 : at + 2] == ["out"]:
        return  # a ureter is freed for itself; "it was cut out"
    own = not _STUCK.isdisjoint(norms[s.start : at]) and finite(norms[s.start : at])
    before = not _STUCK.isdisjoint(norms[max(0, s.start - _BEFORE) : s.start])
    if (own or before) and not _BACK.isdisjoint(norms[max(s.start, at - 6) : at + 4]):
        s.told[(at, "adhesiolysis")] = at
        yield Find("adhesiolysis", at, at + 1, Extent(at, at + 1), {})


def bounded(s: Sentence) -> Iterator[Find]:
    """ "Pelvic nodes from the bifurcation to the circumflex vein": boundaries tell a dissection."""
    inside = s.inside
    if s.section != "narrative" or finite(inside) or not _SETTLED.isdisjoint(inside):
        return
    if _TO.isdisjoint(inside) or _BOUNDS.isdisjoint(inside) or not _LOOKED.isdisjoint(inside):
        return
    nodes = [h for h in s.things if h.term.name == "node"]
    if any(s.is_told(h) for h in nodes):
        return
    for hit in nodes[:1]:
        for basin in where(s, hit, hit):
            yield _dissection(s, hit, basin)
    cleared = not _CLEARED.isdisjoint(inside[:5])
    if not nodes:
        for region in s.basins:
            named = not _NAMED.isdisjoint(s.norms[region.start : region.end]) or cleared
            if named and region.start - s.start < 6 and not s.is_told(region):
                yield _dissection(s, region, region.term.name)


def repeated(s: Sentence) -> Iterator[Find]:
    """ "Over the aorta and the cava the same was done": what the sentence before told of nodes."""
    if s.section != "narrative" or "same" not in s.inside or _CARRIED_OUT.isdisjoint(s.inside):
        return
    at = s.start + s.inside.index("same")
    if s.norms[at + 1] not in ("was", "were", "dissection", "procedure", "operation", "clearance"):
        return
    if _NODAL.isdisjoint(s.norms[max(0, at - _BEFORE * 2) : at]):
        return
    for region in s.basins:
        name = region.term.name
        told = s.is_told(region) or any(concept.startswith(name) for _, concept in s.told)
        if name in ("pelvic", "paraaortic") and not told:
            yield _dissection(s, region, name)


def _dissection(s: Sentence, hit: Hit, basin: str) -> Find:
    concept = f"{basin}_lymphadenectomy"
    s.told[(hit.start, concept)] = hit.start
    return Find(concept, *_at(hit), _at(hit), {"extent": "dissection"})


def opened(s: Sentence) -> Extent | None:
    """ "I cut from the pubis to the sternum", "we went in through the midline"."""
    inside = s.inside[:24]
    if not _NO_OPENINGS.isdisjoint(inside):
        return None
    if _OPENED.isdisjoint(inside) and "opened" not in inside:
        return None
    for at, norm in enumerate(inside[:-1]):
        if (
            norm == "opened"
            and inside[at + 1] in ("her", "him")
            and inside[at + 2 : at + 3] in _WAY
        ):
            return Extent(s.start + at, s.start + at + 1)
    verb = next((i for i, n in enumerate(inside) if n in _OPENED), None)
    ends = [i for i, n in enumerate(inside) if n in _ENDS]
    if verb is None or not ends or "not" in inside[: verb + 1]:
        return None
    if len(ends) < 2 and not _WAYS_IN.intersection(inside):
        return None
    return Extent(s.start + verb, s.start + verb + 1)


def tried(s: Sentence) -> Iterator[Find]:
    """ "Tried for the right pelvic nodes, but the vein was glued in and we backed out"."""
    inside = s.inside
    if _BEGUN.isdisjoint(inside) or _STOPPED.isdisjoint(inside):
        return
    begun = s.start + next(i for i, n in enumerate(inside) if n in _BEGUN)
    stop = s.end - 1 - next(i for i, n in enumerate(reversed(inside)) if n in _STOPPED)
    if stop <= begun:
        return
    for hit in s.things:
        beside = begun < hit.start <= begun + _BESIDE  # "tried for the right pelvic nodes"
        if not begun - 6 <= hit.start < stop or s.is_told(hit):
            continue
        if s.role[hit.start] == "landmark" and not beside:
            continue
        concepts = [(_OWN[hit.term.name], {})] if hit.term.name in _OWN else usual_of(s, hit)
        for concept, extra in concepts:
            s.told[(hit.start, concept)] = hit.start
            cue, attributes = Extent(stop, stop + 1), {**hit.term.attributes, **extra}
            yield Find(concept, *_at(hit), _at(hit), attributes, cue, "attempted")
        if concepts:
            return


def may_go(s: Sentence) -> Iterator[Find]:
    """ "I told her that the spleen might have to go": an organ that was to come out if need be."""
    if _MODALS.isdisjoint(s.inside):
        return
    for at in range(s.start, s.end - 2):
        if s.norms[at] not in _MODALS or _GOES.isdisjoint(s.norms[at + 1 : at + 5]):
            continue
        near = [h for h in s.things if 0 <= at - h.end <= 3 and not s.is_told(h)]
        for hit in near[-1:]:
            for concept, extra in usual_of(s, hit):
                s.told[(hit.start, concept)] = at
                cue = Extent(at, at + 1)
                attributes = {**hit.term.attributes, **extra}
                yield Find(concept, *_at(hit), _at(hit), attributes, cue, "planned")


def broken_off(s: Sentence) -> Iterator[Find]:
    """ "The dissection is given up here": of the basin last spoken of."""
    if len(s.memory.topic) != 1 or "dissection" not in s.inside:
        return
    at = s.start + s.inside.index("dissection")
    if s.norms[at - 1] not in ("the", "this", "that"):
        return
    stop = next((i for i in range(at + 1, s.end) if s.norms[i] in _GIVEN_UP), None)
    if stop is None or not _LIMIT.isdisjoint(s.norms[stop + 1 : stop + 4]):
        return  # "the dissection was stopped at the renal vein"
    concept = f"{s.memory.topic[0]}_lymphadenectomy"
    work, cue = Extent(at, at + 1), Extent(stop, stop + 1)
    yield Find(concept, *work, work, {}, cue, "attempted")
