"""What the note speaks of and the reader could not settle: a reason to look, not to suggest."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator

from debulk.page import BODY, Extent, Page
from debulk.reading import Reading
from debulk.tables import wordset
from debulk.told_twice import APART
from debulk.values import Case

_NODAL = wordset("basin_nodal")
_NODES = wordset("basin_nodes")
_NAMED = wordset("named_basins")
_WIDE = wordset("wide_regions")
_SETTLED = wordset("settled")
_REPEATED = frozenset({"same", "likewise", "similarly", "repeated"})
_LOOSE = frozenset(
    {
        "a piece of tissue",
        "not a tumour's",
        "not told as resected",
        "a length of bowel",
        "leaves inside an organ that is coded itself",
        "a vessel or duct",
        "several, their number not told",
    }
)
_LONGEST_LABEL = 6  # words
_BASIN = {"pelvic": "pelvic_nodes", "paraaortic": "paraaortic_nodes"}


_KEPT = (
    ("hysterectomy", ("hysterectomy",), "the uterus is"),
    ("adnexa", ("salpingo_oophorectomy", "oophorectomy"), "the adnexa are"),
)
_SECONDED = (
    ("hysterectomy", ("hysterectomy",), "a hysterectomy"),
    ("adnexa", ("salpingo_oophorectomy", "oophorectomy"), "the adnexa removed"),
    ("omentectomy", ("omentectomy",), "an omentectomy"),
    ("pelvic_nodes", ("pelvic_lymphadenectomy",), "pelvic nodes removed"),
    ("paraaortic_nodes", ("paraaortic_lymphadenectomy",), "para-aortic nodes removed"),
    ("debulking", ("tumor_debulking", "tumor_excision"), "tumour removed"),
)
_OF = {"uterus": "hysterectomy", "adnexa": "adnexa", "ovary": "adnexa", "ip_ligament": "adnexa"}


def organs(reading: Reading) -> frozenset[str]:
    """The facts of organs that the narrative takes in words that no mention covers."""
    page, found = reading.page, set()
    told = [(m.start, m.end) for m in reading.mentions]
    names_of: dict[int, set[str]] = {}
    starts = [sentence.start for sentence in page.sentences]
    for hit in page.hits:
        if hit.term.kind == "organ" and hit.term.name in _OF:
            number = bisect_right(starts, hit.start) - 1
            names_of.setdefault(number, set()).add(_OF[hit.term.name])
    hits_at = [hit.start for hit in page.hits] if names_of else []
    for number, names in names_of.items():
        extent = page.sentences[number]
        if page.section_of[extent.start] != "narrative":
            continue
        hits = page.hits[bisect_left(hits_at, extent.start) : bisect_left(hits_at, extent.end)]
        taken = any(h.term.kind == "action" and h.term.name in ("remove", "take") for h in hits)
        if not taken or _SETTLED.intersection(page.norms[extent.start : extent.end]):
            continue
        low, high = page.words[extent.start].start, page.words[extent.end - 1].end
        if not any(start < high and end > low for start, end in told):
            found |= names
    return frozenset(found)


def basins(reading: Reading) -> frozenset[str]:
    """Node basins that the body speaks of in words that no mention covers."""
    page = reading.page
    found = set()
    explained = {
        m.concept.split("_")[0]
        for m in reading.mentions
        if m.concept.endswith("_lymphadenectomy")
        and m.section in BODY
        and m.status in ("not_performed", "attempted", "by_other")
    }
    told = [
        (m.start, m.end)
        for m in reading.mentions
        if m.concept.endswith("_lymphadenectomy") or m.status == "historical"
    ]
    for sentence, basin in _spoken(page):
        if basin in explained:
            continue  # the note says that it was not done
        low, high = page.words[sentence.start].start, page.words[_until(page, sentence) - 1].end
        if not any(start < high and end > low for start, end in told):
            found.add(_BASIN[basin])
    return frozenset(found)


def _until(page: Page, sentence: Extent) -> int:
    """The last word that may settle a sentence: under a sub-heading, the next two sentences."""
    if sentence.end - sentence.start > _LONGEST_LABEL:
        return sentence.end
    at = bisect_left(page.sentences, sentence)
    return page.sentences[min(at + 2, len(page.sentences) - 1)].end


def _spoken(page: Page) -> Iterator[tuple[Extent, str]]:
    index = 0
    for hit in page.hits:
        if hit.term.kind != "region" or hit.term.name not in _BASIN:
            continue
        while index < len(page.sentences) - 1 and page.sentences[index].end <= hit.start:
            index += 1
        sentence = page.sentences[index]
        if page.section_of[hit.start] not in ("narrative", "specimens", "addendum"):
            continue
        norms = set(page.norms[sentence.start : sentence.end])
        if norms & _SETTLED:
            continue
        region = page.norms[hit.start]
        nodal = _NODES if region in _WIDE else _NODAL | _REPEATED
        if region in _NAMED or norms & nodal:
            yield sentence, hit.term.name


def doubts(case: Case) -> list[str]:
    """Facts that the note tells in two ways, or in words that one reader or none could read."""
    found = []
    for name, concept in (
        ("pelvic_nodes", "pelvic_lymphadenectomy"),
        ("paraaortic_nodes", "paraaortic_lymphadenectomy"),
    ):
        label = concept.split("_")[0].replace("paraaortic", "para-aortic")
        value = case.value(name)
        if value == "none" and name in case.unread:
            found.append(f"the note speaks of the {label} nodes in words that could not be read")
        mentions = [m for m in case.mentions if m.concept == concept]
        listed = any(m.section == "title" and m.status == "performed" for m in mentions)
        other = [m for m in mentions if m.status in ("not_performed", "by_other", "attempted")]
        if value == "dissection" and other and not listed:
            found.append(
                f"the {label} nodes are told as done and as {other[0].status.replace('_', ' ')}"
            )
    for name, concepts, word in _KEPT:
        kept = any(
            m.concept in concepts and m.status == "not_performed" and m.section == "narrative"
            for m in case.mentions
        )
        if kept and case.value(name) in ("total", "radical", "supracervical", "bilateral"):
            found.append(f"{word} told as removed and as kept")
        if name in case.unread and case.value(name) in ("none", "prior"):
            found.append(f"{word} spoken of in words that could not be read")
    for name, concepts, work in _SECONDED:
        seconded = any(
            m.concept in concepts and m.status == "performed" and "read_by" in m.attributes
            for m in case.mentions
        )
        if seconded and case.value(name) in ("none", "prior", False):
            found.append(f"the trained reader reads {work} where no rule does")
    return found


def firm_lengths(case: Case) -> list[float]:
    """The counted lengths whose removal is told beside the size, in cm."""
    return [m.cm for m in case.measures if m.counts and m.reason != APART]


def loose_lengths(case: Case) -> list[float]:
    """Lengths of the body that were not counted and may yet be a resected tumour's, in cm."""
    return [m.cm for m in case.measures if not m.counts and m.reason in _LOOSE]
