"""Explain a code on a date: what it asks, holds and leaves open, its siblings, and who says so."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from debulk import coding, edits, reference, tables
from debulk.errors import UsageError

_SIZES = {"sum": "the lengths added up", "largest": "the largest length"}
_OPEN = 1000.0  # cm; the upper bound of the last size code


@dataclass(frozen=True)
class Statement:
    """One thing that is said of a code, with its source and how certain it is."""

    says: str
    source: str
    certainty: str  # confirmed, inferred, general, disputed
    code: str = ""  # the other code that the statement is about


@dataclass(frozen=True)
class Explanation:
    """What is known of a code on a date. `to_dict` is JSON-able, `text` is for a terminal."""

    code: str
    label: str
    on: date
    valid: bool | None
    validity: tuple[Statement, ...]
    requirements: tuple[Statement, ...] = ()
    siblings: tuple[Statement, ...] = ()
    included: tuple[Statement, ...] = ()
    separate: tuple[Statement, ...] = ()
    held_by: tuple[Statement, ...] = ()  # of a component: the codes that hold it

    def to_dict(self) -> dict[str, Any]:
        """The explanation as JSON-able values."""
        return _dict(self)

    def text(self) -> str:
        """The explanation as lines."""
        lines = [f"{self.code}  {self.label}"]
        for title, part in (
            ("Valid", self.validity), ("Requires", self.requirements),
            ("Siblings", self.siblings), ("Includes", self.included),
            ("Separate", self.separate), ("Included in", self.held_by),
        ):  # fmt: skip
            lines += _section(title, part)
        return "\n".join(lines) + "\n"


@dataclass(frozen=True)
class Crosswalk:
    """What to use on a date in place of a code; no targets where the code itself is valid."""

    code: str
    on: date
    valid: bool
    targets: tuple[Statement, ...]

    def to_dict(self) -> dict[str, Any]:
        """The crosswalk as JSON-able values."""
        return _dict(self)

    def text(self) -> str:
        """The crosswalk as lines."""
        day = self.on.isoformat()
        if self.valid:
            return f"{self.code} is valid on {day}.\n"
        lines = [f"{self.code} is not valid on {day}."]
        lines += _section("Use", self.targets) or ["No code of the family was in force for it."]
        return "\n".join(lines) + "\n"


def explain(code: str, on: date, store: reference.Store | None = None) -> Explanation:
    """What a code requires, includes and leaves separate on a date."""
    known = coding.codes().get(code)
    if known is None:
        return _beside(code, on)
    said = reference.valid(store, code, on) if store is not None else None
    validity = [_span(known)]
    if said is not None:
        word = "is" if said else "is not"
        here = f"{word} in the imported table of {on.year}, which decides"
        validity.append(Statement(here, f"imported file of {on.year}", "confirmed"))
    return Explanation(
        code,
        known.label,
        on,
        known.valid_on(on) if said is None else said,
        tuple(validity),
        tuple(_requirement(name, code, on) for name in cases_of(code, on)),
        tuple(_siblings(code, on)),
        tuple(_held(code, on)),
        tuple(_separate(on)),
    )


def crosswalk(code: str, on: date) -> Crosswalk:
    """The codes that take the place of a code which is not valid on a date."""
    known = coding.codes().get(code)
    if known is None:
        raise UsageError(f"{code[:10]} is no code of the family: ask for one of {_family()}.")
    if known.valid_on(on):
        return Crosswalk(code, on, True, ())
    found: dict[str, Statement] = {}
    for name in cases_of(code, known.valid_from):
        for other in coding.case_labels():
            more = _refines(other, name)
            if other != name and more:
                for row in _rows_of(other, on):
                    asked = " and ".join(f"{_words(k)}: {_or(v)}" for k, v in more.items())
                    found.setdefault(row["code"], _target(row, f"where also {asked}"))
        for row in _rows_of(name, on):
            when = f"for {row['label']}" + (f", {_range(row)}" if row["by"] else "")
            found.setdefault(row["code"], _target(row, when))
    return Crosswalk(code, on, False, tuple(found.values()))


def cases_of(code: str, on: date) -> list[str]:
    """The clinical cases that a code names on a date, or on any where it names none then."""
    every = list(dict.fromkeys(r["case"] for r in tables.rows("case_codes") if r["code"] == code))
    return [name for name in every if code in coding.codes_of(name, on)] or every


def _span(code: coding.Code) -> Statement:
    until = f"to {code.valid_to.isoformat()}" if code.valid_to else "on"
    return Statement(f"from {code.valid_from.isoformat()} {until}", code.source, code.certainty)


def _requirement(name: str, code: str, on: date) -> Statement:
    asked = [f"{_words(key)}: {_or(values)}" for key, values in coding.asked_by(name).items()]
    rows = _rows_of(name, on) or [r for r in tables.rows("case_codes") if r["case"] == name]
    asked += [_range(row) for row in rows if row["code"] == code and row["by"]]
    rule = next(r for r in coding.rules() if r.case == name and r.decision == "suggest")
    return Statement("; ".join(asked), rule.source, _certainty(rule.source))


def _siblings(code: str, on: date) -> list[Statement]:
    """The other codes of the date, and for each the conditions that separate it."""
    found: dict[str, Statement] = {}
    for mine in cases_of(code, on):
        for other, label in coding.case_labels().items():
            for row in _rows_of(other, on):
                if row["code"] == code or not coding.asked_by(other):
                    continue
                if other == mine:
                    says = f"the same work, {_range(row)}" if row["by"] else "the same work"
                else:
                    says = f"{label}: {_apart(coding.asked_by(mine), coding.asked_by(other))}"
                source = row["source"]
                found.setdefault(
                    row["code"], Statement(says, source, _certainty(source), row["code"])
                )
    return list(found.values())


def _apart(mine: Mapping[str, frozenset[str]], other: Mapping[str, frozenset[str]]) -> str:
    return "; ".join(
        f"{_words(name)} there {_or(other.get(name))}, here {_or(mine.get(name))}"
        for name in coding.CONDITIONS
        if mine.get(name) != other.get(name)
    )


def _held(code: str, on: date) -> list[Statement]:
    return [
        _pair_statement(row, row.code)
        for row in edits.included()
        if code in row.beside and edits.in_force(row.code, on)
    ]


def _pair_statement(row: edits.Included, code: str) -> Statement:
    pair = f"PTP indicator {row.modifier}" if row.modifier else "no PTP pair"
    says = f"{row.work} ({', '.join(row.layers)}; {pair})"
    return Statement(says, row.source, row.certainty, code)


def _separate(on: date) -> list[Statement]:
    day = on.isoformat()
    return [
        Statement(row["message"], row["source"], row["certainty"], row["codes"])
        for row in tables.rows("separate")
        if row["from"] <= day and (not row["to"] or day <= row["to"])
    ]


def _beside(code: str, on: date) -> Explanation:
    """The explanation of a component, an add-on or separate work."""
    rows = [row for row in edits.included() if row.code == code]
    held = tuple(_pair_statement(row, c) for row in rows for c in sorted(row.beside))
    open_work = tuple(s for s in _separate(on) if code in s.code.split())
    added = [row for row in tables.rows("addons") if row["code"] == code]
    label = next((row.work for row in rows), next((row["label"] for row in added), ""))
    if not held and not open_work and not added:
        raise UsageError(f"{code[:10]} is not known: ask for one of {_family()} or a part of them.")
    validity = tuple(
        Statement(
            f"from {row['valid_from']} {'to ' + row['valid_to'] if row['valid_to'] else 'on'}",
            row["source"], row["certainty"],
        )
        for row in added
    )  # fmt: skip
    asked = tuple(
        Statement(f"an add-on beside {row['primaries']}", row["source"], row["certainty"])
        for row in added
    )
    valid = None
    for row in added:
        day = on.isoformat()
        valid = row["valid_from"] <= day and (not row["valid_to"] or day <= row["valid_to"])
    return Explanation(
        code, label or "work beside the family", on, valid, validity, asked,
        separate=open_work, held_by=held,
    )  # fmt: skip


def _refines(other: str, name: str) -> Mapping[str, frozenset[str]]:
    """What another case asks on top of a case; empty where it is not the same and more."""
    mine, theirs = coding.asked_by(name), coding.asked_by(other)
    if not mine or any(theirs.get(key) != values for key, values in mine.items()):
        return {}
    return {key: values for key, values in theirs.items() if key not in mine}


def _rows_of(name: str, on: date) -> list[tables.Row]:
    codes = coding.codes_of(name, on)
    return [r for r in tables.rows("case_codes") if r["case"] == name and r["code"] in codes]


def _target(row: tables.Row, when: str) -> Statement:
    return Statement(when, row["source"], _certainty(row["source"]), row["code"])


def _range(row: tables.Row) -> str:
    over, up_to = float(row["over"]), float(row["up_to"])
    size = f"over {over:g}" if up_to >= _OPEN else f"up to {up_to:g}"
    size = f"over {over:g} up to {up_to:g}" if over > 0 and up_to < _OPEN else size
    return f"{_SIZES[row['by']]}: {size} cm"


def _certainty(source: str) -> str:
    return next((word for word in ("inferred", "general") if word in source), "confirmed")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _or(values: frozenset[str] | None) -> str:
    return " or ".join(sorted(values)) if values else "anything"


def _family() -> str:
    return ", ".join(sorted(coding.codes()))


def _section(title: str, part: tuple[Statement, ...]) -> list[str]:
    lines = [
        f"  {s.code + ': ' if s.code else ''}{s.says} [{s.certainty}: {s.source}]" for s in part
    ]
    return [f"{title}:", *lines] if lines else []


def _dict(value: Explanation | Crosswalk) -> dict[str, Any]:
    return dataclasses.asdict(value) | {"on": value.on.isoformat()}
