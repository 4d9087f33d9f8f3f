"""What is told by two words apart: "from pubis to sternum", "the marker never came to normal"."""

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
_NEVER = frozenset({"never", "not", "n't"})
_LEFT_OR_NEVER = _NEVER | {"left"}
_BECAME = frozenset(
    "become became gone go went come came get got reach reached turn turned".split()
)
_CLEARED = frozenset(
    "normal normalize normalized normalizing clean clear cleared baseline zero negative".split()
)
_MEASURED = frozenset(
    "marker ca ca125 125 scan pet ct imaging mri tumor disease cea inhibin he4".split()
)
_TUMOUR = frozenset("tumor disease cancer cake plaque plate nodule implant deposit bulk".split())
_STAYED = frozenset("behind in there unresected situ".split())
_EARLIER = frozenset({"history", "indications", "header"})
_SUBJECT = 6  # words
_LEFT = Term("context", "disease_status", "", {"value": "left"})


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


def remnants(page: Page) -> Iterator[Hit]:
    """Every place that tells, before the work, of tumour that earlier treatment did not clear."""
    norms = page.norms
    for at in _told_before(page):
        if norms[at] == "left":
            found = _left(norms, at)
            if found is not None:
                yield Hit(*found, _LEFT)
            continue
        after = norms[at + 1 : at + 5]
        if _CLEARED.isdisjoint(after) or _MEASURED.isdisjoint(norms[max(0, at - _SUBJECT) : at]):
            continue
        if norms[at] == "never" or not _BECAME.isdisjoint(after):
            end = next(i for i, n in enumerate(after) if n in _CLEARED)
            yield Hit(at, at + 2 + end, _LEFT)


def _told_before(page: Page) -> list[int]:
    """The words "left" and "never" of the history and of the first third of the note."""
    norms, opening = page.norms, len(page.words) // 3
    found = [at for at, norm in enumerate(norms[:opening]) if norm in _LEFT_OR_NEVER]
    for section in page.sections:
        if section.kind in _EARLIER and section.end > opening:
            start = max(section.start, opening)
            past = norms[start : section.end]
            found += [at for at, norm in enumerate(past, start) if norm in _LEFT_OR_NEVER]
    return found


def _left(norms: Sequence[str], at: int) -> tuple[int, int] | None:
    """The words of "a cake was left in" or "left the omental disease behind"; None for another."""
    if not _STAYED.isdisjoint(norms[at + 1 : at + 2]):
        for start in range(at - 1, max(-1, at - 10), -1):
            if norms[start] in (".", ";"):
                return None
            if norms[start] in _TUMOUR:
                return start, at + 2
        return None
    after = norms[at + 1 : at + 8]
    end = next((i for i, n in enumerate(after) if n in ("behind", "unresected")), 0)
    return (at, at + 2 + end) if not _TUMOUR.isdisjoint(after[:end]) else None
