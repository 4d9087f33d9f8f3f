"""What every rendering shares: readable names and values, and quotes from the note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from debulk.errors import UsageError
from debulk.values import Report, Warning

DATE_SOURCES = {
    "argument": "as given",
    "note": "read from the note",
    "today": "today, as none was given or found in the note",
}
SEVERITIES = ("error", "caution", "note")
CONTEXT = 32  # characters of the note shown on each side of a quote
LONGEST = 160  # characters of a quote shown

# Controls but tab and line ends, line separators, bidirectional overrides, lone surrogates.
_ODD = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_OUTSIDE = frozenset(
    ["title", "preop_diagnosis", "postop_diagnosis", "history", "indications", "consent"]
)  # told, not done
_PARAGRAPH = re.compile(r"\r?\n\s*\n|\r\s*\r")
_SPELLINGS = {
    "paraaortic": "para-aortic",
    "salpingo oophorectomy": "salpingo-oophorectomy",
    "hipec": "HIPEC",
    "preop ": "preoperative ",
    "postop ": "postoperative ",
    "length sum cm": "lengths, sum (cm)",
    "lengths cm": "lengths (cm)",
}


class Quote(NamedTuple):
    """A place in the note with the words around it, on one line."""

    mention: int
    section: str
    before: str
    hit: str
    after: str


def clean(text: str) -> str:
    """The text with every character that cannot be shown replaced, at the same length."""
    return _ODD.sub("\ufffd", text)


def one_line(text: str) -> str:
    """The text, showable, its white space reduced to single blanks."""
    return " ".join(clean(text).split())


def words(name: str) -> str:
    """A name of the contract as a reader's words."""
    text = one_line(name.replace("_", " "))
    for ours, theirs in _SPELLINGS.items():
        text = text.replace(ours, theirs)
    return text


def value(found: Any) -> str:
    """A fact's value as a reader's words."""
    if isinstance(found, bool):
        return "yes" if found else "no"
    if found is None or found == "" or (isinstance(found, (list, tuple)) and not found):
        return "not documented"
    if isinstance(found, (list, tuple)):
        return ", ".join(value(item) for item in found)
    if isinstance(found, Mapping):
        return ", ".join(f"{words(str(k))} {value(v)}" for k, v in found.items())
    return words(found) if isinstance(found, str) else one_line(str(found))


def percent(probability: float) -> str:
    """A probability as a percentage that never rounds to certainty."""
    if 0 < probability < 0.001:
        return "under 0.1%"
    if 0.999 < probability < 1:
        return "over 99.9%"
    digits = 1 if probability > 0.99 or probability < 0.01 else 0
    return f"{probability * 100:.{digits}f}%"


def verify(report: Report, note: str) -> None:
    """Refuse a note that the report was not made from."""
    if any(note[m.start : m.end] != m.text for m in report.mentions):
        raise UsageError(
            "The note is not the one the report was made from: pass the text unchanged."
        )


def quotes(report: Report, note: str, evidence: Iterable[int]) -> list[Quote]:
    """The places in the note that a statement rests on, those in its body first."""

    def order(index: int) -> tuple[bool, int, int]:
        mention = report.mentions[index]
        return mention.section in _OUTSIDE, mention.start, index

    found = []
    for index in sorted(set(evidence), key=order):
        mention = report.mentions[index]
        before, hit, after = around(note, mention.start, mention.end)
        section = words(mention.section)
        if "read_by" in mention.attributes:
            section += f", by the {words(mention.attributes['read_by'])}"
        found.append(Quote(index, section, before, hit, after))
    return found


def places(note: str, offsets: Iterable[tuple[int, int]]) -> list[tuple[str, str, str]]:
    """Places of no mention: the words before, at and after each."""
    return [around(note, start, end) for start, end in offsets]


def around(note: str, start: int, end: int) -> tuple[str, str, str]:
    """The words before, at and after a place, cut at words and never past a blank line."""
    left, right = max(0, start - CONTEXT), min(len(note), end + CONTEXT)
    before = _PARAGRAPH.split(note[left:start])[-1]
    after = _PARAGRAPH.split(note[end:right])[0]
    if left > 0 and len(before) == start - left:
        before = "..." + before[_cut(before) :].lstrip()
    if right < len(note) and len(after) == right - end:
        after = after[: len(after) - _cut(after[::-1])].rstrip() + "..."
    hit = one_line(note[start:end])
    if len(hit) > LONGEST:
        hit = f"{hit[: LONGEST * 2 // 3]} [...] {hit[-LONGEST // 4 :]}"
    # A blank stands between the parts only where the note has white space.
    lead = " " if before[-1:].isspace() and before.strip() else ""
    tail = " " if after[:1].isspace() and after.strip() else ""
    return one_line(before) + lead, hit, tail + one_line(after)


def _cut(text: str) -> int:
    match = re.search(r"\s", text)
    return match.end() if match and match.end() < len(text) else 0


def by_severity(warnings: Iterable[Warning]) -> list[Warning]:
    """The warnings, the gravest first."""
    order = {severity: at for at, severity in enumerate(SEVERITIES)}
    return sorted(warnings, key=lambda warning: order.get(warning.severity, len(order)))


def bundling(warning: Warning) -> str:
    """What the code is part of and whether a modifier changes that, where the rule says so."""
    said = [f"included in {one_line(warning.included_in)}"] if warning.included_in else []
    if warning.modifier_allowed is not None:
        said.append(
            "a modifier only as said below" if warning.modifier_allowed else "no modifier allows it"
        )
    return "; ".join(said)


def day(report: Report) -> str:
    """The date of service and where it comes from."""
    source = DATE_SOURCES.get(report.date_source) or words(report.date_source)
    return f"{report.date_of_service} ({source})"


def provenance(report: Report) -> list[tuple[str, str]]:
    """The versions and fingerprints behind the report, long fingerprints shortened."""
    found = []
    for name, kept in report.provenance.items():
        shown = "none" if kept is None else value(kept)
        found.append((words(name), shown[:12] if re.fullmatch("[0-9a-f]{40,}", shown) else shown))
    return found
