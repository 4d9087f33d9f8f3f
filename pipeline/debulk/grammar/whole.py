"""What the sentences of a note say together: tube with ovary, and hints that a list confirms."""

from __future__ import annotations

from collections.abc import Sequence

from debulk.grammar.find import Find
from debulk.page import Page
from debulk.tables import wordset

_MASSES = wordset("organ_masses")
_ADNEXAL = wordset("adnexal")
_OUT_WHOLE = wordset("out_whole")
_PARTS = frozenset({"oophorectomy", "salpingectomy"})
_EARLIER = frozenset({"had", "ago", "previous", "prior", "underwent", "post"})
_NEAR = 45  # words between two tellings of the same specimen
_ADNEXA = _PARTS | {"salpingo_oophorectomy"}
_CLAIMS = frozenset({"title", "header", "specimens"})  # sections that list what was done


def one_specimen(finds: Sequence[Find]) -> list[Find]:
    """ "The mass with its tube was cut from the uterus": told again, not another procedure."""
    whole = [f for f in finds if f.concept == "salpingo_oophorectomy" and not f.fate]
    return [
        f
        for f in finds
        if f.concept not in _PARTS
        or f.verb is None
        or f.fate
        or not any(_same_side(f, w) and abs(f.head.start - w.head.start) < _NEAR for w in whole)
    ]


def _same_side(part: Find, whole: Find) -> bool:
    sides = {part.attributes.get("side"), whole.attributes.get("side")} - {None, "bilateral"}
    return len(sides) < 2


def together(page: Page, finds: Sequence[Find]) -> list[Find]:
    """A tube and an ovary that share one action are one salpingo-oophorectomy."""
    found: list[Find] = []
    for find in finds:
        before = next((f for f in reversed(found[-4:]) if f.concept in _PARTS), None)
        if (
            find.concept in _PARTS
            and before is not None
            and before.concept != find.concept
            and 0 <= find.head.start - before.head.end <= (16 if find.verb else 8)
            and (find.verb == before.verb or bool(find.fate))
            and find.attributes.get("weak") == before.attributes.get("weak")
            and find.fate == before.fate
            and not _two_sides(page, before, find)
        ):
            attributes = {**before.attributes, **find.attributes}
            sides = {before.attributes.get("side"), find.attributes.get("side")} - {None}
            found.remove(before)
            if len(sides) == 2:
                attributes["side"] = "bilateral"
            head = before.head._replace(end=find.head.end)
            find = Find(
                "salpingo_oophorectomy", min(before.start, find.start), max(before.end, find.end),
                head, attributes, find.verb, find.fate,
            )  # fmt: skip
        found.append(find)
    return found


def _two_sides(page: Page, before: Find, find: Find) -> bool:
    """ "Right oophorectomy and left salpingectomy": two procedures by their names."""
    sides = [
        {"left", "right"} & set(page.norms[max(0, f.head.start - 2) : f.head.start])
        for f in (before, find)
    ]
    return find.verb is None and not find.fate and bool(sides[0] and sides[1] - sides[0])


def organ_masses(page: Page, finds: Sequence[Find]) -> list[Find]:
    """ "The mass was passed off with its tube": a mass that is the ovary is no separate tumour."""
    parts = [f for f in finds if f.concept in _ADNEXA]
    return [f for f in finds if not _is_organ(page, f, parts)]


def _is_organ(page: Page, find: Find, parts: Sequence[Find]) -> bool:
    """Is a mass that was taken an ovary, by the words of it or by a part taken with it?"""
    if find.concept != "tumor_excision" or find.verb is None:
        return False
    if " ".join(page.norms[find.head.start : find.head.end]) not in _MASSES:
        return False
    if any(p.verb == find.verb and abs(p.head.start - find.head.start) < 8 for p in parts):
        return True
    near = page.norms[max(0, find.start - 45) : find.end + 14]
    return not (_ADNEXAL.isdisjoint(near) or _OUT_WHOLE.isdisjoint(near))


def corroborated(page: Page, finds: Sequence[Find]) -> list[Find]:
    """A hint in the narrative stands only where a procedure or specimen list says the same."""
    if not any(f.attributes.get("weak") for f in finds):
        return list(finds)
    claimed = {
        f.concept
        for f in finds
        if page.section_of[f.head.start] in _CLAIMS
        and not f.attributes.get("weak")
        and not f.fate
        and _EARLIER.isdisjoint(page.norms[max(0, f.head.start - 8) : f.head.start])
    }
    if "salpingo_oophorectomy" in claimed:
        claimed |= _PARTS
    firm = {
        f.concept
        for f in finds
        if not f.attributes.get("weak") and page.section_of[f.head.start] == "narrative"
    }
    if "salpingo_oophorectomy" in firm:
        firm |= _PARTS
    kept, seen = [], set()
    for find in finds:
        if find.attributes.get("weak"):
            if find.concept not in claimed or find.concept in firm or find.concept in seen:
                continue
            seen.add(find.concept)
        kept.append(find)
    return kept


def told_once(finds: Sequence[Find]) -> list[Find]:
    """One find where two of the same concept overlap: the longer telling."""
    kept: list[Find] = []
    for find in sorted(finds, key=lambda f: (f.start, -f.end)):
        twin = next(
            (
                k
                for k in kept[-6:]
                if k.concept == find.concept
                and find.start < k.end
                and k.head.start < find.end
                and abs(k.head.start - find.head.start) < 4
            ),
            None,
        )
        if twin is None:
            kept.append(find)
    return kept
