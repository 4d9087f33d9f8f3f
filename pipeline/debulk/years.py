"""When something was done: a year, "six years ago", "last spring", "originally"."""

from __future__ import annotations

from collections.abc import Sequence

from debulk.page import Extent

_CENTURY = frozenset({"19", "20"})
_SPAN = frozenset("year month week decade day".split())
_BACK = frozenset("ago before earlier prior previously back since".split())
_UNITS = frozenset("ml cc gram mg g mm cm u unit".split())
_COUNTS = frozenset(
    "one two three four five six seven eight nine ten twelve several few some many couple a".split()
)
_SEASONS = frozenset(
    "spring summer autumn fall winter year month week january february march april may "
    "june july august september october november december".split()
)
_MONTHS = frozenset(
    "january february march april june july august september october november december "
    "jan feb mar apr jun jul aug sept sep oct nov dec".split()
)


YEARS = {str(year) for year in range(1900, 2100)}
_SHORTYEARS = {f"'{year:02}" for year in range(100)} | {"'"}
_DATING = _SPAN | _MONTHS | YEARS | _SHORTYEARS | {"ago", "originally", "formerly", "last"}


def marks(norms: Sequence[str], sentence: Extent) -> list[Extent]:
    """The years, and the words like "six years ago", of a sentence."""
    inside = norms[sentence.start : sentence.end]
    if _DATING.isdisjoint(inside):
        return []
    found = []
    for at, norm in enumerate(inside, sentence.start):
        if norm in _DATING:
            mark = _mark(norms, at, sentence)
            if mark is not None:
                found.append(mark)
    return found


def _mark(norms: Sequence[str], at: int, sentence: Extent) -> Extent | None:
    """A year, "six years ago", "originally", "last spring"."""
    norm = norms[at]
    if norm in ("ago", "originally", "formerly"):
        return Extent(at, at + 1)
    if norm in _SPAN and norms[at + 1 : at + 2] and norms[at + 1] in _BACK:
        following = norms[at + 2 : at + 3]
        counted = norms[at - 1] in _COUNTS or norms[at - 1].isdigit()
        if (
            at > sentence.start
            and counted
            and not (norms[at + 1] in ("before", "prior") and following == ["to"])
        ):
            return Extent(at - 1, at + 2)
        return None
    if norm == "last" and norms[at + 1 : at + 2] and norms[at + 1] in _SEASONS:
        return Extent(at, at + 2)
    if norm in _MONTHS and at > sentence.start and norms[at - 1] in ("in", "last", "since"):
        following = norms[at + 1 : at + 2]
        if not (following and following[0].isdigit()) and norms[at - 2] != "cycle":
            return Extent(at - 1, at + 1)
    if norm.startswith("'") and norm[1:].isdigit() and len(norm) == 3:
        return Extent(at, at + 1)
    if (
        norm == "'"
        and norms[at + 1 : at + 2]
        and norms[at + 1].isdigit()
        and len(norms[at + 1]) == 2
    ):
        return Extent(at, at + 2)
    if not (len(norm) == 4 and norm.isdigit() and norm[:2] in _CENTURY):
        return None
    # A full date ("March 3, 2025") may be today's.
    before = norms[max(sentence.start, at - 3) : at]
    opens = at - sentence.start <= 1 and (not before or not before[-1].isalnum())
    if any(n.isdigit() and len(n) <= 2 for n in before):
        return None
    if norms[at + 1 : at + 2] == [":"] and not opens:
        return None
    return None if norms[at + 1 : at + 2] and norms[at + 1] in _UNITS else Extent(at, at + 1)
