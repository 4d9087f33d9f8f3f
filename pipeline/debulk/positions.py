"""The words that touch a length: a distance, a threshold, and of how many tumours it is told."""

from __future__ import annotations

from debulk.lengths import Length
from debulk.owners import Owners
from debulk.page import Extent
from debulk.references import BETWEEN, Owner
from debulk.tables import wordset

_SIGNS = ("<", ">", "≤", "≥")
_NEARLY = {
    ("up", "to"),
    ("just", "over"),
    ("slightly", "over"),
    ("little", "over"),
    ("bit", "over"),
    ("well", "over"),
}
_NUMERALS = {w: n for n, w in enumerate("two three four five six seven eight nine".split(), 2)}
_ALIKE = frozenset(
    "separate distinct small discrete further more additional flat firm hard".split()
)
_MORE = frozenset({"other", "others", "remaining"})
_VAGUE = frozenset("several multiple numerous many few scattered innumerable various".split())
_PAIRED = frozenset("side gutter flank sidewall diaphragm groin fossa psoa".split())
_EVERYWHERE = frozenset(
    "everywhere throughout scattered diffusely innumerable countless miliary broadcast".split()
)
_RANGING = frozenset({"ranged", "ranging", "range", "varied", "varying"})
_LARGEST = frozenset(
    "largest biggest greatest longest up max maximum larger bulkiest dominant".split()
)
_ENDS = (["side"], ["end"], ["pole"], ["top"], ["tip"], ["one"], ["edge"], ["front"])
_SIZE_OF = frozenset({"of", "measuring", "measured", "sized"})
_AWAY = frozenset("away apart deep depth thick thickness".split())
_AXIS = frozenset("longest long greatest largest axis dimension diameter widest".split())
_CAME = frozenset("came come amounted amounting extended".split())
_SIZED = frozenset(
    {"measured", "measuring", "measure", "estimated", "ruler", "caliper", "came", "sized", "size"}
)


_OPENING = frozenset(
    "incision laparotomy midline opened reopened entered entry cut scar skin vertical".split()
)
_INCISION_ENDS = wordset("ends_of_incision")


def position(
    owners: Owners, length: Length, at: int, last: int, sentence: Extent, owner: Owner | None
) -> str:
    """Distances and thresholds, by the words that touch the number."""
    norms, within = owners.norms, owners.within
    before = owners.page.text[max(0, length.start - 5) : length.start].rstrip().lower()
    tumour = owner is not None and owner.name == "tumor"
    if before.endswith(_SIGNS) or before.endswith(("sub-", "sub")):
        return "a threshold"
    way = norms[sentence.start : at]
    opening = not _OPENING.isdisjoint(way) and not _INCISION_ENDS.isdisjoint(way[-9:])
    if opening and (owner is None or not tumour or owner.end <= sentence.start + 1):
        return "an incision"  # "through the midline from xiphoid to symphysis, 28 cm"
    if norms[at - 1] == "from" and length.range and norms[at].startswith(f"{length.cm:g}"):
        return "a distance"  # "debulked from 8 cm to 1 cm"
    if before.endswith("=") and "+" in norms[sentence.start : at]:
        return "a sum of lengths"
    for hit in within(max(sentence.start, at - 5), at, "limit"):
        if at - hit.end <= 1:
            return hit.term.attributes["reason"]
    sized = tumour and (
        length.product
        or (
            owner is not None
            and owner.end <= at
            and norms[at - 1] in _SIZE_OF
            and (
                all(n in BETWEEN for n in norms[owner.end : at])
                or norms[at - 2] in ("one", "another")
            )
        )
    )
    if sized and length.product:
        return ""  # nothing lies "4 x 3 cm" away
    behind = next(iter(within(last + 1, last + 2, "distance")), None)
    if sized and norms[last + 1] not in _AWAY:
        behind = None  # "a mass of 74 mm behind the bladder"
    if behind is not None and _AXIS.intersection(norms[behind.start + 1 : behind.start + 4]):
        behind = None  # "48 mm along its longest axis"
    if (
        tumour
        and norms[last + 1 : last + 2] == ["from"]
        and norms[last + 2 : last + 3][:1] in _ENDS
    ):
        behind = None  # "7 cm from side to side"
    if behind is not None and behind.end <= sentence.end:
        weak = norms[behind.start] in ("up", "along", "off", "under", "around", "in", "into")
        if not (
            weak
            and tumour
            and owner is not None
            and owner.end <= at
            and norms[at - 1] in (",", "(", "of", "-", "measuring")
        ):
            return "a distance"
    back = at - 1
    while back > sentence.start and norms[back] in (
        "about",
        "approximately",
        "some",
        "roughly",
        "a",
        "~",
        "the",
        "almost",
        "nearly",
    ):
        back -= 1
    for hit in within(max(sentence.start, back - 3), back + 1, "extent"):
        if hit.end not in (back + 1, at):
            continue
        word = norms[hit.start]
        if (norms[hit.start - 1], word) in _NEARLY:
            continue
        if word == "+" and tumour and norms[hit.start - 1][:1] in "0123456789cm":
            continue  # "5.5 + 2.0 cm": a list
        if word == "to" and tumour and _CAME.intersection(norms[hit.start - 1 : hit.start]):
            continue
        if word == "at" and _SIZED.intersection(
            norms[max(sentence.start, hit.start - 5) : hit.start]
        ):
            continue
        if (
            word in ("another", "last", "additional", "extra", "upper", "lower")
            and owner is not None
            and tumour
            and owner.start > last
        ):
            continue
        return "a distance"
    return ""


def times(
    owners: Owners, at: int, last: int, sentence: Extent, owner: Owner | None, *, ranging: bool
) -> tuple[int, str]:
    """How many tumours the size is told of: "two 1.5 cm nodules", "three of 1 cm each"."""
    norms = owners.norms
    if ranging and owner is not None and owner.name == "tumor" and _plural(owners, owner):
        return 1, "several, their number not told"
    if norms[max(0, at - 2) : at] in (["pair", "of"], ["couple", "of"]):
        return 2, ""
    more = norms[max(0, at - 2) : at]
    if len(more) == 2 and more[0] in _MORE and more[1] in _NUMERALS:
        return _NUMERALS[more[1]], ""  # "the other two 2 cm"
    behind_it = norms[last + 1 : min(last + 4, sentence.end)]
    each = "each" in behind_it or "each" in norms[max(sentence.start, at - 3) : at]
    front = at - 1 - (norms[at - 1] in _ALIKE)  # "three separate 1.5 cm nodules"
    ahead = norms[max(sentence.start, front) : front + 1]
    near = norms[max(sentence.start, at - 12) : at]
    if _RANGING.intersection(near[-4:]):
        return 1, "several, their number not told"
    if _LARGEST.intersection(near[-4:]):
        return 1, ""
    behind = owner is not None and owner.start > last
    after = norms[last + 1 : last + 2] if not behind else []
    if after and after[0][:1] in ("x", "\u00d7") and after[0][1:].isdigit():
        return min(int(after[0][1:]), 9) or 1, ""
    if behind and owner is not None and _plural(owners, owner):
        if ahead and ahead[0] in _NUMERALS:
            return _NUMERALS[ahead[0]], ""
        if ahead and ahead[0].isdigit() and 1 < int(ahead[0]) < 10:
            return int(ahead[0]), ""
        if _VAGUE.intersection(near[-3:]):
            return 1, "several, their number not told"
    if each and norms[last + 1 : last + 2] != ["each"] and _PAIRED.intersection(behind_it):
        return 2, ""  # "implants of 1.5 cm in each gutter"
    if owner is not None and owner.name == "tumor" and _plural(owners, owner) and (
        _EVERYWHERE.intersection(norms[last + 1 : min(last + 8, sentence.end)])
    ):  # fmt: skip
        return 1, "several, their number not told"
    if (
        owner is not None
        and norms[owner.end : at] == ["of"]
        and _plural(owners, owner)
        and norms[last + 1 : last + 2] not in (["and"], [","], ["or"], ["to"])
    ):
        count = next((n for n in reversed(norms[max(sentence.start, owner.start - 2) : owner.start])
                      if n in _NUMERALS or (n.isdigit() and 1 < int(n) < 10)), "")  # fmt: skip
        if count:
            return _NUMERALS.get(count) or int(count), ""  # "two nodules of 1 cm"
    if each:
        for back in range(len(near) - 1, -1, -1):
            if near[back] in _NUMERALS:
                return _NUMERALS[near[back]], ""
            digits = near[back].lstrip("x\u00d7")
            if digits.isdigit() and 1 < int(digits) < 10:
                return int(digits), ""
        return (1, "several, their number not told") if _VAGUE.intersection(near) else (1, "")
    return 1, ""


def _plural(owners: Owners, owner: Owner) -> bool:
    word = owners.page.words[owner.end - 1]
    raw = owners.page.text[word.start : word.end].lower()
    return raw.endswith("s") and not raw.endswith("ss")
