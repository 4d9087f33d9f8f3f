"""One action on one organ: which procedure that is, by the rows of the grammar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from debulk.grammar.basins import knows_nodes, where
from debulk.grammar.find import Find
from debulk.grammar.rules import Rule, regional, rules
from debulk.grammar.sentence import Sentence
from debulk.lexicon import Hit
from debulk.page import FINITE, Extent
from debulk.tables import wordset

CLAIMED = wordset("claimed")
SAMPLES = wordset("samples")
_THICKNESS = frozenset({"full-thickness", "thickness", "ellipse"})
_APART = frozenset({"off", "away", "from"})
_ENDS_OBJECT = FINITE | {".", ",", ";", "and", "with", "to", "down", "up", "until", "free"}
_WALLS = frozenset({"small_bowel", "colon", "rectosigmoid", "bladder_wall", "liver", "vagina"})
_RESECTED = frozenset({"resected", "excized", "cut"})
_BOWEL = frozenset({"small_bowel", "colon", "rectosigmoid", "bowel"})
_LOOSENED = frozenset({"cut", "dissected", "peeled", "pushed", "shaved", "came", "picked"})
_CUT = wordset("cutting")
_PORTION = frozenset(
    {"left", "right", "remaining", "last", "residual", "large", "whole", "leftover"}
)
_LINES = frozenset({"colon", "stomach", "curvature", "curve", "mesocolon"})
_FREEING = frozenset("dissected swept peeled teased pushed separated freed mobilized".split())
_SLIVER = frozenset({"sliver", "snip", "core", "bit", "bite", "fragment", "pinch"})
_PORTS = frozenset({"trocar", "hasson", "veress", "pneumoperitoneum", "insufflated"})
_ELSEWHERE = frozenset({"axillary", "cervical", "mediastinal", "supraclavicular"})
_LONGEST = 28  # words; a longer stretch is cut to its head


def emit(s: Sentence, organ: Hit, actions: Sequence[Hit]) -> Iterator[Find]:
    """The finds of an organ with the actions that begin at one word."""
    # What says plainly that it left the body is tried first.
    for action in sorted(actions, key=lambda a: a.term.name not in ("remove", "have")):
        yield from _apply(s, organ, action)


def _apply(s: Sentence, organ: Hit, action: Hit) -> Iterator[Find]:
    name, act = organ.term.name, action.term.name
    if act == "part":
        particle = _particle(s, organ, action)
        if not particle:
            return
        act = "remove" if particle == "out" and name not in _WALLS else "part"
    if act == "send" and not 0 <= action.start - organ.end <= 3:
        return  # "the uterus was sent": not what else the sentence sends
    if _only_moved(s, organ, action):
        return
    bare = name == "vessel" or (name == "node" and not s.is_nodal(organ))
    if bare and not knows_nodes(s.norms):
        return  # vessels or tissue cleared for a graft: the note knows no nodes
    if name == "abdomen" and act == "explore" and s.norms[organ.start] == "perineum":
        return
    if name == "incision" and s.norms[organ.start - 1] in ("no", "without"):
        return
    verb = s.norms[action.start : action.end]
    if act == "remove" and name in _BOWEL and verb[0] in _LOOSENED and _CUT.isdisjoint(s.inside):
        return  # "the loops were cut free": adhesions, no resection
    if (
        act == "have"
        and action.term.form == "past"
        and name in ("rectosigmoid", "liver", "vagina")
        and "of" not in s.norms[action.end : organ.end]
    ):
        return  # "took 12 cm of ileum"; a bowel that is taken may be taken down
    if verb[0].endswith("ing") and organ.start > action.start and _general(s, organ):
        return  # "removing normal nodes has not been shown to help"
    if name == "ip_ligament" and "stump" in s.norms[max(s.start, organ.start - 4) : organ.start]:
        return
    behind = s.norms[organ.end : organ.end + 5]
    if name == "omentum" and "from" in behind and "adhesion" in behind:
        return  # "removing the omentum from its adhesions" frees it
    regions = [""]
    if name in regional():
        regions = where(s, organ, action) or [""]
        if name == "node" and regions == [""] and _of_another_basin(s, organ):
            return  # a node on the portal vein
        if regions == [""] and name == "node" and s.is_nodal(organ):
            regions = ["pelvic", "paraaortic"]
    options = rules()
    stated = [region for region in regions if (name, act, region) in options]
    if stated and name != "node":
        regions = stated  # "with the liver turned, the peritoneum of the diaphragm was peeled off"
    for region in regions:
        for rule in options.get((name, act, region)) or options.get((name, act, ""), ()):
            concept = _sampled(s, rule.concept, organ, action)
            before = s.told.get((organ.start, concept))
            if before is not None and not (act == "remove" and action.start - before > 6):
                continue
            weak = concept == rule.concept and not _allowed(s, rule)
            if weak and (rule.bars or act == "part" or concept not in CLAIMED):
                continue
            s.told[(organ.start, concept)] = action.start
            attributes = {**organ.term.attributes, **rule.attributes}
            if weak:
                attributes["weak"] = "yes"
            if name == "node" and len(regions) > 1 and not s.regions:
                attributes["basin"] = "topic" if region in s.memory.topic else "unstated"
            yield _find(s, concept, organ, action, attributes, again=before is not None)


def _of_another_basin(s: Sentence, node: Hit) -> bool:
    if any(r.term.name == "celiac" and s.norms[r.start] in _ELSEWHERE for r in s.regions):
        return True
    return any(
        r.term.name == "celiac" and (0 <= node.start - r.end <= 1 or 0 <= r.start - node.end <= 5)
        for r in s.regions
    )


def _general(s: Sentence, organ: Hit) -> bool:
    """Is the work the subject of a statement in the present: what it does, not what was done?"""
    for norm in s.norms[organ.end : min(organ.end + 8, s.end)]:
        if norm in (",", ";", ".", "was", "were", "and"):
            return False
        if norm in ("has", "have", "is", "are", "does", "add", "adds", "would", "may", "can"):
            return True
    return False


def _only_moved(s: Sentence, organ: Hit, action: Hit) -> bool:
    """The bladder taken down, the omentum off the colon, the tail of the pancreas swept away."""
    name, act, verb = organ.term.name, action.term.name, s.norms[action.start : action.end]
    if name == "bladder" and act in ("free", "lyse"):
        return "down" in s.norms[action.start : action.end + 3]
    if name == "omentum" and act in ("free", "lyse"):
        return not _LINES.isdisjoint(s.norms[action.end : action.end + 7])
    if name == "pancreas_tail":
        return not _FREEING.isdisjoint(verb)
    return False


def _particle(s: Sentence, organ: Hit, action: Hit) -> str:
    """ "Cut the plaque off the dome", "took it out": what the particle makes of the verb."""
    ahead = action.end <= organ.start < s.end
    behind = s.last_joined(organ).end if ahead else action.end
    for norm in s.norms[behind : min(behind + 7, s.end)]:
        if norm == "out":
            return "out"
        if norm in _APART:
            return "off"
        if norm in _ENDS_OBJECT:
            return ""
    return ""


def _find(
    s: Sentence, concept: str, organ: Hit, action: Hit, attributes: dict[str, str], *, again: bool
) -> Find:
    verb = Extent(action.start, action.end)
    inside = s.start <= organ.start < s.end
    if not inside:
        attributes = {**attributes, "carried": s.norms[organ.start]}
    if not inside or again:
        # The organ was spoken of before, or at another moment: the action tells it.
        return Find(concept, *verb, verb, attributes, verb)
    start, end = min(organ.start, action.start), max(organ.end, action.end)
    head = Extent(organ.start, organ.end)
    if end - start > _LONGEST:
        start, end = head
    return Find(concept, start, end, head, attributes, verb)


def _allowed(s: Sentence, rule: Rule) -> bool:
    if not rule.needs and not rule.bars:
        return True
    # Adhesions are told where the freeing is; other signs may stand in the next sentence.
    reach = s.following is not None and rule.concept != "adhesiolysis"
    end = s.following.end if reach and s.following else s.end
    start = max(0, s.start - 25) if s.leans else s.start
    if rule.needs and not rule.needs.intersection(s.norms[start:end]):
        return False
    following = s.norms[slice(*s.following)] if s.following is not None else []
    if rule.concept == "exploratory_laparotomy" and not _PORTS.isdisjoint(following):
        return False  # "The fascia was opened. A Hasson port was placed": the way in of a scope
    return not rule.bars.intersection(s.inside)


def _sampled(s: Sentence, concept: str, organ: Hit, action: Hit) -> str:
    """A snip of the omentum for diagnosis is a biopsy."""
    lining = concept in ("peritonectomy", "diaphragm_stripping")
    taken = action.term.name in ("take", "remove")
    if lining and taken and "biopsy" in s.norms[s.start : organ.start]:
        return "peritoneal_biopsy"
    if concept == "diaphragm_stripping" and _THICKNESS.intersection(s.inside):
        return "diaphragm_resection"
    if concept == "diaphragm_stripping" and organ.end - organ.start == 1:
        verb = s.norms[action.start : action.end]
        if s.norms[organ.start].endswith("diaphragm") and not _RESECTED.isdisjoint(verb):
            return "diaphragm_resection"
    if concept in ("peritonectomy", "diaphragm_stripping"):
        before = s.norms[max(s.start, organ.start - 4) : organ.start]
        return "peritoneal_biopsy" if "of" in before and SAMPLES.intersection(before) else concept
    if concept == "liver_resection" and not _SLIVER.isdisjoint(
        s.norms[max(s.start, organ.start - 4) : organ.start]
    ):
        return "liver_biopsy"
    if concept != "omentectomy":
        return concept
    before = s.norms[max(s.start, organ.start - 12) : organ.start]
    between = s.norms[organ.end : action.start]
    after = s.norms[organ.end : organ.end + 4]
    small = {"small", "tiny"}
    if (
        _small_piece(before)
        or (SAMPLES.intersection(between) and (small | {"cm"}) & set(between))
        or (
            "of" in before[-3:]
            and SAMPLES.intersection(before[-5:])
            and _PORTION.isdisjoint(before[-6:])
            and not _definite(before)
        )
        or (small & set(before[-3:]) and SAMPLES.intersection(after))
    ):
        return "omental_biopsy"
    return concept


def _definite(before: Sequence[str]) -> bool:
    """ "The strip of omentum left on the greater curve": what was left, no sample."""
    return any(a == "the" and b in SAMPLES for a, b in pairwise(before))


def _small_piece(before: Sequence[str]) -> bool:
    """ "A 1.5 cm portion of the omentum": a piece of up to 4 cm is taken for diagnosis."""
    if "of" not in before or not {"cm", "mm"} & set(before):
        return False
    sizes = [float(n) for n in before if n.replace(".", "", 1).isdigit()]
    return bool(sizes) and max(sizes) <= (4 if "cm" in before else 40)
