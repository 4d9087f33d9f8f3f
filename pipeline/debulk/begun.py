"""Work that was begun and broken off: "began stripping the dome and had to quit"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from debulk.page import Extent
from debulk.tables import wordset

_BEGUN = wordset("begun_verbs")
_STOPPED = wordset("broken_off")
_RESUMED = frozenset(
    "completed finished complete resumed accomplished later succeeded afterward".split()
)
_AUXILIARIES = frozenset({"was", "were", "been", "and", "be", ",", "then"})
_LET_GO = frozenset({"it", "them", "in", "there", "behind", "where", "both"})
_LIMIT = frozenset({"at", "by", "below", "above", "just", "when"})
_FLOW = frozenset("bleeding ooze oozing flow infusion pressor heparin hemorrhage".split())
_PRONOUNS = frozenset({"it", "them"})
_LEAD = 9  # words in front of the work in which its beginning may stand
_REACH = 40  # words behind it in which its end may stand
_AFTER = 25  # words of a following sentence that may tell the end


def broken_off(
    norms: Sequence[str],
    sentence: Extent,
    following: Extent | None,
    lo: int,
    hi: int,
    heads: Sequence[int],
) -> Extent | None:
    """The word that ends work begun, None where it goes on.

    `lo` and `hi` bound the words of the work, `heads` are the words where any work is told.
    """
    begun = _beginning(norms, sentence, lo, hi)
    if begun is None:
        return None
    end = sentence.end
    if following is not None and following.end - following.start <= _AFTER:
        end = following.end
    others = bisect_left(heads, max(hi, begun + 1))
    stop = min(end, hi + _REACH, heads[others] if others < len(heads) else end)
    for at in range(max(hi, begun + 1), stop):
        if norms[at] in _STOPPED and _ends(norms, at, end):
            return None if _RESUMED.intersection(norms[at + 1 : end]) else Extent(at, at + 1)
    return None


def begun_before(norms: Sequence[str], sentence: Extent, verb: int, heads: Sequence[int]) -> bool:
    """ "We began taking it out, could not get around the pedicle, and left it"."""
    for at in range(sentence.start, verb):
        if norms[at] not in _BEGUN or not _PRONOUNS.intersection(norms[at + 1 : at + 6]):
            continue
        low, high = bisect_left(heads, at), bisect_left(heads, verb)
        return low == high
    return False


def _beginning(norms: Sequence[str], sentence: Extent, lo: int, hi: int) -> int | None:
    for at in range(max(sentence.start, lo - _LEAD), lo):
        about = norms[at] == "set" and norms[at + 1] == "about"
        if about or (norms[at] in _BEGUN and _goes_straight(norms, at, lo)):
            return at
    for at in range(hi, min(hi + 5, sentence.end)):
        if norms[at] in _BEGUN and norms[at - 1] in _AUXILIARIES:
            return at
    return None


def _goes_straight(norms: Sequence[str], at: int, lo: int) -> bool:
    """No other work between: "started up the cava, but the tissue was like concrete"."""
    between = norms[at + 1 : lo]
    return "but" in between or not {",", "and"} & set(between)


def _ends(norms: Sequence[str], at: int, end: int) -> bool:
    word, following = norms[at], norms[at + 1] if at + 1 < end else ""
    if word == "left":
        return following in _LET_GO
    if word in ("gave", "given", "giving"):
        return "up" in norms[at + 1 : at + 3]
    if word == "broke" or word == "broken":
        return following == "off"
    if word == "go":
        return following in ("on", "further", "farther") and norms[at - 1] == "not"
    if word == "stopped":
        return following not in _LIMIT and _FLOW.isdisjoint(norms[at - 3 : at])
    return True
