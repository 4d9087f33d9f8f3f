"""Where a heading stops speaking: the telling of the operation goes on without a heading."""

from __future__ import annotations

import re
from collections.abc import Sequence

from debulk.page.clauses import FINITE
from debulk.page.places import BODY, Lines, Section
from debulk.tables import wordset

_AGE = re.compile(r"(an? |this )?\d\d( ?f|[ -]?y/?o|[ -]year|[ -]yr)\b")
_OF_PATIENT = re.compile(
    r"(she|he) (is|was|has|had|came|presented)\b|(my|our|this|the) (patient|woman|lady)\b|mrs?\b"
    r"|(i|we) (had|have) (followed|known|seen)|(an?|this) \d\d|(a|an) \w+ in her"
    r"|this is (an?|the|my|our) (\d\d|patient|woman|lady)"
)
_NAMED = (
    "ectomy",
    "otomy",
    "debulking",
    "cytoreduction",
    "cytoreductive",
    "excision",
    "resection",
    "staging",
    "restaging",
)
_SHORT_NAMES = frozenset({"tah", "bso", "omentectomy", "laparotomy"})
_STORY_WORDS = 4  # of the telling from before, in a paragraph that holds a step or two as well
_OF_EITHER = frozenset({"out", "off", "count", "counts", "run", "sent"})  # steps, and plain words
_LONG_TELLING = 40  # words; fewer behind a list of drains may be of drains
_LISTED = 70  # words of a first sentence that lists procedures
_LONGEST_STORY = 260  # words of what is told of the patient in front of the operation
_BEGINS = frozenset(
    "incision opened entered reopened prepped draped supine lithotomy prep anesthesia midline "
    "pfannenstiel intubated laparoscope veress trocar operating theater room went".split()
)
_HAD = re.compile(r"(?:she|he|(?:the|this) patient) (?:had|previously|underwent)\b")
_FIRST_WORDS = 14  # of a paragraph that tells what the patient had
_PREAMBLE = 6  # paragraphs in front of the telling
_BARE_TITLE = 40  # words
_TIME = re.compile(r"\[?(?:T ?\+ ?)?\d{1,2}[:.h]?\d{2}\b(?![./]\d)", re.I)
_REGION_LINE = 6  # words of a line that names the next part of the operation
_STEPS = wordset("steps")
_AGENTS = frozenset({"i", "we", "she", "he", "they"})
_BESIDE = frozenset(
    {"drains", "consent", "disposition", "staff", "anesthesia", "complications", "other"}
)
_INCISION_ENDS = wordset("ends_of_incision")
_INCISIONS = frozenset("incision opening laparotomy midline median cut opened".split())
_PARTS = wordset("parts_of_operation")
_BEFORE = wordset("told_before")
_NOT_TODAY = wordset("not_today")
_WAS = ("was", "were")
_PAST = frozenset({"history", "indications", "consent", "disposition"})
_LISTS = frozenset({"title", "preop_diagnosis", "postop_diagnosis"})
_BRIEF = _LISTS | {"blood_loss", "staff", "anesthesia", "date", "complications", "other"}


def resumed(lines: Lines, section: Section) -> list[Section]:
    """A section, parted where the telling goes on without a heading."""
    end = section.end
    if section.kind == "drains":
        # A blank line ends it: "Drain: none", and then the telling.
        blank = next((at for at in range(section.start + 1, end) if lines.breaks[at] == 2), 0)
        if blank and end - blank > _LONG_TELLING:
            return [section._replace(end=blank), Section("narrative", blank, blank, end)]
    if section.kind in BODY or end - section.start < 20:
        return [section]
    patient = _patient(lines, section)
    if patient:
        section = section._replace(end=patient)
        rest = Section("history", patient, patient, end)
        return [*resumed(lines, section), *resumed(lines, rest)]
    story = _story(lines, section)
    if story is not None:
        # The patient's story alone: what stands behind it is read as it would be without it.
        found = [section._replace(end=story.start), story]
        if story.end == end:
            return found
        begun = lines.breaks[story.end] != 2
        rest = section._replace(heading=story.end, start=story.end)
        return [*found, *([rest._replace(kind="narrative")] if begun else resumed(lines, rest))]
    part = _part(lines, section) or _entry(lines, section) or _clock(lines, section)
    paragraph = _paragraph(lines, section)
    if part and not 0 < paragraph < part:
        return [section._replace(end=part), Section("narrative", part, part, section.end)]
    at = paragraph or _first_was(lines, section) or _sentence(lines, section)
    if not at:
        return [section]
    return [section._replace(end=at), Section("narrative", at, at, section.end)]


def _patient(lines: Lines, section: Section) -> int:
    """The paragraph of a list or brief section that begins with the patient: "51F G0". 0: none."""
    if section.kind not in _BRIEF | {"header", "pathology"}:
        return 0
    for at in range(section.start + 1, section.end):
        if lines.breaks[at] == 2 and _AGE.match(" ".join(lines.norms[at : at + 4])):
            return at
    return 0


def _story(lines: Lines, section: Section) -> Section | None:
    """A paragraph behind the surgeon's line that tells what the patient had: "She had TAH/BSO"."""
    if section.kind != "staff":
        return None
    for at in range(section.start + 1, section.end):
        first = lines.norms[at : at + _FIRST_WORDS]
        if lines.breaks[at] != 2 or not _HAD.match(" ".join(first[:3])):
            continue
        if _BEGINS.isdisjoint(first):
            return Section("history", at, at, _told_until(lines, at, section.end))
    return None


def _told_until(lines: Lines, start: int, end: int) -> int:
    """The end of a story: its paragraph's, or the sentence in which the operation begins."""
    sentence = start
    for at in range(start + 1, end):
        if lines.breaks[at] == 2:
            return at
        if lines.breaks[at] or lines.norms[at - 1] == ".":
            sentence = at
        if lines.norms[at] in _BEGINS and sentence > start:
            return sentence
    return end


def _part(lines: Lines, section: Section) -> int:
    """The line that names the next part of the operation: "II. Pelvis", "== Bowel ==". 0: none."""
    if section.kind not in _BRIEF | _PAST:
        return 0
    for at in range(section.start + 1, section.end):
        if lines.breaks[at] != 2:
            continue
        stop = next((i for i in range(at + 1, section.end) if lines.breaks[i]), section.end)
        if stop - at <= _REGION_LINE and not _PARTS.isdisjoint(lines.norms[at:stop]):
            return at
    return 0


def _entry(lines: Lines, section: Section) -> int:
    """The line on which the abdomen is opened: "Midline, pubis to xiphoid." 0: none."""
    if section.kind not in _BESIDE:
        return 0
    for at in range(section.start + 1, section.end):
        if not lines.breaks[at]:
            continue
        words = lines.norms[at : min(at + 14, section.end)]
        ends = sum(n in _INCISION_ENDS for n in words)
        if ends > 1 or (ends and not _INCISIONS.isdisjoint(words[:5])):
            return at
    return 0


def _clock(lines: Lines, section: Section) -> int:
    """The first line of a telling by the clock: "13:19 Dr. D opens low midline". 0: none."""
    timed = [
        at
        for at in range(section.start + 1, section.end)
        if lines.breaks[at] and _TIME.match(lines.text, lines.words[at].start)
    ]
    return timed[0] if len(timed) > 2 else 0


def preamble(lines: Lines, section: Section) -> list[Section]:
    """The telling, its first paragraphs apart: a bare title, and what brought the patient here."""
    found: list[Section] = []
    start, heading = section.start, section.heading
    listed = _list_sentence(lines, section)
    if listed:
        found.append(Section("title", heading, start, listed))
        start = heading = listed
    while len(found) < _PREAMBLE and start < section.end:
        stop = next((at for at in range(start + 1, section.end) if lines.breaks[at] == 2), 0)
        if not stop and section.kind == "header":
            stop = section.end
        kind = _preface(lines.norms[start:stop], first=not found) if stop else ""
        if not kind:
            break
        found.append(Section(kind, heading, start, stop))
        start = heading = stop
    told = _opening_sentence(lines, start, section.end) if section.kind == "narrative" else 0
    if told:
        found.append(Section("indications", heading, start, told))
        start = heading = told
    if start < section.end or not found:
        found.append(Section(section.kind, heading, start, section.end))
    return found


def _list_sentence(lines: Lines, section: Section) -> int:
    """The end of a first sentence that only lists procedures: "Laparotomy, TAH, BSO." 0: none."""
    norms = lines.norms
    for at in range(section.start, min(section.end - 1, section.start + _LISTED)):
        if norms[at] in FINITE or norms[at] in _AGENTS or lines.breaks[at + 1] == 2:
            return 0
        if norms[at] == ".":
            words = norms[section.start : at]
            named = any(n.endswith(_NAMED) or n in _SHORT_NAMES for n in words)
            return at + 1 if named and "," in words and not lines.breaks[at + 1] else 0
    return 0


def _opening_sentence(lines: Lines, start: int, end: int) -> int:
    """The sentence in which the operation begins, behind the patient's story. 0: none."""
    norms, first = lines.norms, start
    told = 0
    for at in range(start, min(end, start + _LONGEST_STORY)):
        if lines.breaks[at] == 2 and at > start:
            return 0
        told += norms[at] in _BEFORE
        if norms[at] in _BEGINS:
            patient = _OF_PATIENT.match(" ".join(norms[start : start + 5]))
            return first if patient and told > 1 and first > start else 0
        if norms[at] == "." and at + 1 < end and lines.text[lines.words[at + 1].start].isupper():
            first = at + 1
    return 0


def _preface(words: Sequence[str], *, first: bool) -> str:
    """What a paragraph in front of the telling is: "title", "indications", or "" for neither."""
    steps = sum(n in _STEPS for n in words)
    if first and len(words) <= _BARE_TITLE and steps < 2 and _WAS[0] not in words:
        named = any(n.endswith(_NAMED) for n in words) and not _AGENTS.intersection(words)
        return "title" if named else ""
    if "underwent" in words[:40] or not _OF_PATIENT.match(" ".join(words[:5])):
        return ""
    told = len(_BEFORE.intersection(words))
    work = sum(n in _STEPS and n not in _OF_EITHER for n in words)
    story = (told > 1 and steps < 2) or (told >= _STORY_WORDS and told > work)
    return "indications" if story else ""


def _paragraph(lines: Lines, section: Section) -> int:
    """The paragraph that tells steps of an operation; in a long section, the line. 0: none."""
    breaks, kind = lines.breaks, section.kind
    # An earlier operation is told in the same words: a history must tell more of them.
    need = {"history": 3, "header": 4}.get(kind, 2)
    by_line = section.end - section.start > 90 and kind not in _PAST
    last = section.start
    for at in range(section.start + 1, section.end):
        blank = breaks[at] == 2
        if not blank and not (by_line and breaks[at] == 1 and at - last > 3):
            continue
        # The first lines of a list may hold words of the telling: "1. Omentum removed".
        listed = not blank and kind in _LISTS and at - section.start <= 25
        if not listed and _steps(lines.norms[at : min(section.end, at + 70)], kind) >= need:
            return at
        last = at
    return 0


def _first_was(lines: Lines, section: Section) -> int:
    """The first sentence of a procedure list that has a "was": a list has none. 0: none."""
    if section.kind != "title":
        return 0
    start = section.start
    for at in range(section.start + 1, section.end):
        if lines.norms[at - 1] == "." or lines.breaks[at] == 2:
            start = at
        if lines.norms[at] in _WAS and start > section.start:
            return start
    return 0


def _sentence(lines: Lines, section: Section) -> int:
    """The sentence of a section meant to be brief that tells many steps. 0: none."""
    if section.kind not in _BRIEF or section.end - section.start <= 60:
        return 0
    norms = lines.norms
    for at in range(section.start + 1, section.end):
        if norms[at - 1] == "." and _steps(norms[at : min(section.end, at + 60)], "") >= 4:
            return at
    return 0


def _steps(norms: Sequence[str], kind: str) -> int:
    """How much a run of words reads like the steps of an operation."""
    steps = sum(norm in _STEPS for norm in norms)
    if kind in _PAST:
        return 0 if _NOT_TODAY.intersection(norms[:40]) else steps
    return steps + sum(norm in _WAS for norm in norms)
