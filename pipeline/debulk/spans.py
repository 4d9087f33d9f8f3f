"""Incisions told by their ends: "I cut from pubis to sternum", "midline up to the navel"."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from debulk.lexicon import Hit, Term
from debulk.page import Page

_APART = 9
_TO = frozenset("to up upward upwards toward towards until till down > - → into".split())
_FROM = frozenset("from between".split())
_CUT = frozenset(
    "incision incized incize incizing cut cutting opened opening open laparotomy celiotomy knife "
    "blade scalpel skin midline median went entered entry enter entering access vertical "
    "longitudinal wound xiphopubic divided".split()
)
_OTHER = frozenset(
    "prep prepped preparation painted scrubbed draped drape cleaned mass tumor uterus cyst cake "
    "disease adhesion hernia bulge scar plaque implant implants extended reaching palpable "
    "size sized port trocar mesh ascite omentum pannus fibroid mm edema bladder node".split()
)
"""What else may reach from the pubis to the umbilicus: a field, a mass, a row of ports."""
_OLD = frozenset("prior previous old earlier".split())
_ALONG = frozenset("through via along over reopened opened excized".split())
_CARRIED = frozenset("incision incized cut opened opening laparotomy through via along".split())


_OPEN = Term("context", "approach", "", {"value": "open"})


def spans(page: Page) -> Iterator[Hit]:
    """Every opening of the abdomen told by where it begins and how far it goes."""
    starts = [sentence.start for sentence in page.sentences]
    first: Hit | None = None
    for hit in page.hits:
        if hit.term.name != "landmark" or hit.term.attributes["value"] == "none":
            continue
        sentence = page.sentences[bisect_right(starts, hit.start) - 1]
        if first is not None and first.start < sentence.start:
            first = None
        found = _ends(page.norms, sentence.start, sentence.end, first, hit)
        if found is not None:
            yield Hit(*found, _OPEN)
        first = hit


def _ends(
    norms: Sequence[str], low: int, high: int, first: Hit | None, hit: Hit
) -> tuple[int, int] | None:
    """The words of an incision that reaches this landmark; None where it is something else."""
    before = norms[max(low, hit.start - 5) : hit.start]
    paired = first is not None and _paired(norms, first, hit)
    start = first.start if paired and first is not None else _midline(norms, low, hit.start)
    if start is None or not (paired or not _TO.isdisjoint(before)):
        return None
    lead = norms[max(low, start - 12) : start]
    tail = norms[hit.end : min(high, hit.end + 6)]
    inner = norms[start : hit.end]
    if not _OLD.isdisjoint(norms[max(low, start - 16) : start]) and _ALONG.isdisjoint(lead):
        return None
    carried = not _CARRIED.isdisjoint((*lead[-6:], *inner))
    if not carried and not _OTHER.isdisjoint((*lead, *inner)):
        return None
    bare = high - low <= len(inner) + 4
    return (start, hit.end) if bare or not _CUT.isdisjoint((*lead, *inner, *tail)) else None


def _paired(norms: Sequence[str], first: Hit, hit: Hit) -> bool:
    """ "From the symphysis to 3 cm below the xiphoid", "xiphoid-pubis"."""
    if first.term.attributes["value"] == hit.term.attributes["value"]:
        return False
    between = norms[first.end : hit.start]
    if len(between) > _APART or "." in between or ";" in between:
        return False
    return not between or not _TO.isdisjoint(between) or norms[first.start - 1] == "between"


def _midline(norms: Sequence[str], low: int, end: int) -> int | None:
    """The "midline" that goes up to a landmark a few words on."""
    for at in range(end - 1, max(low, end - 7) - 1, -1):
        if norms[at] in ("midline", "median"):
            return at
    return None
