"""Attributes of a mention: side, extent, read off the modifiers near it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from debulk.grammar.find import Find
from debulk.lexicon import Hit
from debulk.page import Extent, Page
from debulk.tables import wordset

_APPENDIX_ILL = wordset("appendix_ill")
_WELL = frozenset({"normal", "incidental", "incidentally", "routine", "unremarkable", "healthy"})
_OF_MANY = frozenset(
    "bearing tissue packet group chain dissection basin bundle bed sampling fat pad region area "
    "lymphadenectomy clearance".split()
)
_SIDED = wordset("sided")
_OTHER_SIDE = wordset("other_side")
_EXTENT = {
    "omentectomy": frozenset({"partial", "total"}),
    "hysterectomy": frozenset({"radical", "supracervical"}),
    "pelvic_lymphadenectomy": frozenset({"sampling"}),
    "paraaortic_lymphadenectomy": frozenset({"sampling"}),
    "inguinal_lymphadenectomy": frozenset({"sampling"}),
}


def complete(page: Page, finds: Sequence[Find]) -> list[Find]:
    """The finds with side and extent filled in from the words around them."""
    modifiers = [h for h in page.hits if h.term.kind == "modifier"]
    if not modifiers:
        return _indicated(page, list(finds))
    starts = [h.start for h in modifiers]
    sampled: set[tuple[str, int]] = set()
    found, clauses_of = [], {}
    for find in finds:
        number = bisect_right(page.sentences, (find.head.start, len(page.norms))) - 1
        if number < 0 or find.head.start >= page.sentences[number].end:
            found.append(find)
            continue
        attributes = dict(find.attributes)
        if find.concept in _SIDED or find.concept in _EXTENT:
            if number not in clauses_of:
                clauses_of[number] = page.clauses(page.sentences[number])
            clause = next(
                (c for c in clauses_of[number] if c.start <= find.head.start < c.end),
                page.sentences[number],
            )
            low, high = min(clause.start, find.start), max(clause.end, find.end)
            if find.concept in _SIDED:
                if _opens_both(page, page.sentences[number].start):
                    attributes["side"] = "bilateral"
                high = max(high, page.sentences[number].end)
            for hit in modifiers[bisect_left(starts, low - 6) : bisect_left(starts, high)]:
                if hit.end <= low:
                    continue
                name, value = hit.term.name, hit.term.attributes["value"]
                if not _applies(page, find, hit, Extent(low, high)):
                    continue
                if value == "likewise":
                    continue
                if name == "side" and find.concept in _SIDED:
                    attributes["side"] = _both(attributes.get("side"), value)
                elif name == "extent" and value in _EXTENT.get(find.concept, ()):
                    if find.concept == "omentectomy" and attributes.get("extent") == "partial":
                        continue  # a remnant taken off the stomach is a part all the same
                    attributes["extent"] = value
        key = (find.concept, number)
        if find.concept.endswith("_lymphadenectomy"):
            if attributes.get("extent") == "dissection" and key in sampled:
                attributes["extent"] = "sampling"  # "one node was picked off and sent"
            if attributes.get("extent") == "sampling":
                sampled.add(key)
            if _single(page, find.head):
                attributes["extent"] = "sampling"
        found.append(find._replace(attributes=attributes))
    return _indicated(page, _likewise(page, found, modifiers))


def _single(page: Page, head: Extent) -> bool:
    """ "The firm external iliac node was shelled out": one node is a sample."""
    word = page.words[head.end - 1]
    one = page.text[word.start : word.end].lower() in ("node", "gland")
    return one and _OF_MANY.isdisjoint(page.norms[head.end : head.end + 2])


def _opens_both(page: Page, start: int) -> bool:
    """ "On each side the peritoneum was opened, ..., and the ovary was removed"."""
    return page.norms[start : start + 1] == ["on"] and bool(
        {"each", "both", "either"} & set(page.norms[start + 1 : start + 3])
    )


def _indicated(page: Page, finds: list[Find]) -> list[Find]:
    """An appendix told to be diseased where it is removed has an indication of its own."""
    for index, find in enumerate(finds):
        if find.concept != "appendectomy" or find.fate or find.verb is None:
            continue
        at = bisect_right(page.sentences, (find.head.start, len(page.norms))) - 1
        start = page.sentences[max(0, at - 1)].start
        told = page.norms[start : page.sentences[at].end]
        if "appendix" in told and _APPENDIX_ILL.intersection(told) and not _WELL.intersection(told):
            finds[index] = find._replace(attributes={**find.attributes, "indication": "own"})
    return finds


def _likewise(page: Page, finds: list[Find], modifiers: Sequence[Hit]) -> list[Find]:
    """ "The left side was done likewise": a one-sided mention shortly before is of both sides."""
    for hit in modifiers:
        if hit.term.attributes["value"] != "likewise":
            continue
        sentence = next(s for s in page.sentences if s.start <= hit.start < s.end)
        behind = page.norms[hit.end : min(hit.end + 12, sentence.end)]
        stop = behind.index(",") if "," in behind else len(behind)
        near = page.norms[max(sentence.start, hit.start - 14) : hit.end + stop]
        if not _OTHER_SIDE.intersection(near):
            continue
        for index in range(len(finds) - 1, -1, -1):
            find = finds[index]
            if find.head.start >= sentence.end or find.concept not in _SIDED:
                continue
            if sentence.start - find.end > 70:
                break
            if find.attributes.get("side") in ("left", "right") or find.head.start < sentence.start:
                finds[index] = find._replace(attributes={**find.attributes, "side": "bilateral"})
                if find.concept not in ("salpingectomy", "oophorectomy"):
                    break
    return finds


def _applies(page: Page, find: Find, hit: Hit, clause: Extent) -> bool:
    start, end, scope, value = hit.start, hit.end, hit.term.form, hit.term.attributes["value"]
    if scope == "clause":
        return True
    if find.start <= start and end <= find.end:
        if scope == "before" and value == "sampling":
            return start < find.head.end  # "tissue between the two great vessels" is no sampling
        return scope != "after" or start >= find.head.end
    if scope == "before":
        gap = page.norms[end : find.start]
        return (
            end <= find.start
            and len(gap) <= 4
            and not any(n in (",", ".", ";", "was", "were") for n in gap)
        )
    gap = page.norms[find.end : start]
    if "on" in page.norms[start : start + 2] and start >= find.head.end:
        return True  # "... were removed to the obturator nerve, on the left and then on the right"
    return start >= find.end and len(gap) <= 4 and not any(n in (".", ";", ",") for n in gap)


def _both(first: str | None, second: str) -> str:
    if first in (None, second):
        return second
    if {first, second} == {"left", "right"} or "bilateral" in (first, second):
        return "bilateral"
    return first or second
