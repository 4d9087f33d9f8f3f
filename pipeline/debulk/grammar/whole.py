"""What the sentences of a note say together: tube with ovary, and hints that a list confirms."""

from __future__ import annotations

from collections.abc import Sequence

from debulk.grammar.find import Find
from debulk.page import Page

_PARTS = {"oophorectomy", "salpingectomy"}


def together(finds: Sequence[Find]) -> list[Find]:
    """A tube and an ovary that share one action are one salpingo-oophorectomy."""
    found: list[Find] = []
    for find in finds:
        before = next((f for f in reversed(found[-4:]) if f.concept in _PARTS), None)
        if (
            find.concept in _PARTS
            and before is not None
            and before.concept != find.concept
            and 0 <= find.head.start - before.head.end <= 8
            and (find.verb == before.verb or (find.verb is None and before.verb is None))
            and find.attributes.get("weak") == before.attributes.get("weak")
            and find.fate == before.fate
        ):
            found.remove(before)
            attributes = {**before.attributes, **find.attributes}
            sides = {before.attributes.get("side"), find.attributes.get("side")} - {None}
            if len(sides) == 2:
                attributes["side"] = "bilateral"
            head = before.head._replace(end=find.head.end)
            find = Find(
                "salpingo_oophorectomy", min(before.start, find.start), max(before.end, find.end),
                head, attributes, find.verb, find.fate,
            )  # fmt: skip
        found.append(find)
    return found


_ORGAN_MASS = frozenset({"mass", "tumor", "lesion", "pelvic mass", "growth", "tumor mass"})
_ADNEXAL = frozenset(
    "ovary ovarian tube adnexa adnexal infundibulopelvic utero-ovarian ip tubo-ovarian".split()
)


def organ_masses(page: Page, finds: Sequence[Find]) -> list[Find]:
    """ "The mass was passed off with its tube": a mass that is the ovary is no separate tumour."""
    kept = []
    parts = [f for f in finds if f.concept in _PARTS or f.concept == "salpingo_oophorectomy"]
    for find in finds:
        if find.concept == "tumor_excision" and find.verb is not None:
            words = " ".join(page.norms[find.head.start : find.head.end])
            if words in _ORGAN_MASS:
                if any(
                    p.verb == find.verb and abs(p.head.start - find.head.start) < 8 for p in parts
                ):
                    continue
                near = page.norms[max(0, find.start - 45) : find.end + 14]
                if _ADNEXAL.intersection(near) and {"frozen", "bag", "wound", "intact", "ruptured", "unruptured", "handed", "passed", "delivered"} & set(near):  # fmt: skip
                    continue
        kept.append(find)
    return kept


_CLAIMS = frozenset({"title", "header", "specimens"})


def corroborated(page: Page, finds: Sequence[Find]) -> list[Find]:
    """A hint in the narrative stands only where a procedure or specimen list says the same."""
    if not any(f.attributes.get("weak") for f in finds):
        return list(finds)
    claimed = {
        f.concept
        for f in finds
        if page.section_of[f.head.start] in _CLAIMS and not f.attributes.get("weak")
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
