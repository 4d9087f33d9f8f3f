"""Over-coding and under-coding, counted apart, and the scores by code and by voice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from debulk import coding
from debulk.corpus import Note
from debulk.selection import accepted, code_of
from debulk.values import Report

Scored = tuple[Note, Report]
NONE = "none of the family"


def direction(note: Note, code: str | None) -> str:
    """How an answer misses: "over", "under", or "" where it is right.

    Over: the code asks for something that the note's gold does not document, or sizes the
    tumours higher. Under: all it asks is documented and the note supports another code, or no
    code is named where one is right.
    """
    right = accepted(note)
    if code in right:
        return ""
    if code is None:
        return "under"
    if note.gold["primary"] is None:
        return "over"
    case = note.case
    if code in coding.codes_of(case, note.on):  # the right case, by another size
        return "over" if code > str(note.gold["primary"]) else "under"
    named = [name for name in coding.case_labels() if code in coding.codes_of(name, note.on)]
    return "under" if any(_documented(note, name) for name in named) else "over"


def _documented(note: Note, case: str) -> bool:
    """Does the gold document all that a case asks?"""
    facts = note.gold["facts"]
    return all(
        {True: "yes", False: "no"}.get(facts[name], str(facts[name])) in allowed
        for name, allowed in coding.asked_by(case).items()
    )


def counts(scored: Sequence[Scored]) -> dict[str, dict[str, int]]:
    """Over-coded and under-coded notes, among suggestions and among all codes named."""
    found = {}
    for name, chosen in (
        ("suggested", [(n, r) for n, r in scored if r.decision == "suggest"]),
        ("all answers", list(scored)),
    ):
        ways = [direction(note, code_of(report)) for note, report in chosen]
        found[name] = {
            "answers": len(ways),
            "over-coded": ways.count("over"),
            "under-coded": ways.count("under"),
        }
    return found


def _group(scored: Iterable[Scored], key: Callable[[Note], str]) -> dict[str, dict[str, Any]]:
    groups: dict[str, list[Scored]] = {}
    for note, report in scored:
        groups.setdefault(key(note), []).append((note, report))
    found = {}
    for name in sorted(groups):
        right = [code_of(report) in accepted(note) for note, report in groups[name]]
        sure = [report.decision == "suggest" for _, report in groups[name]]
        found[name] = {
            "notes": len(right),
            "code right": sum(right),
            "suggested": sum(sure),
            "wrong among suggested": sum(s and not r for s, r in zip(sure, right, strict=True)),
        }
    return found


def by_code(scored: Sequence[Scored]) -> dict[str, dict[str, Any]]:
    """Notes, right codes and suggestions for each code of the gold."""
    return _group(scored, lambda note: note.gold["primary"] or NONE)


def by_voice(scored: Sequence[Scored]) -> dict[str, dict[str, Any]]:
    """Notes, right codes and suggestions for each voice."""
    return _group(scored, lambda note: note.voice)
