"""A coder's exported decisions as training examples: facts and codes, never text.

One JSON object a line: `{"facts": {...}, "mentions": [{"concept", "status", "section"}, ...]}` in
the words of the report, with either `"case"` or `"code"` and `"date_of_service"`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from debulk import classifier, coding, tables
from debulk.corpus import Note
from debulk.errors import InputError
from debulk.selection import Example
from debulk.values import CONCEPTS, FACT_VALUES, STATUSES, Case, Fact, Mention

VOICE = "reviews"
"""The voice of every review: never held out, so always in training."""
_FLAGS = ("debulking", "staging_only")
_LENGTHS = ("tumor_lengths_cm", "tumor_length_sum_cm")
_SECTIONS = frozenset(row["section"] for row in tables.rows("headings")) | {"narrative", "title"}


def _one_of(allowed: Iterable[str]) -> AfterValidator:
    known = frozenset(allowed)

    def check(value: str) -> str:
        if value not in known:
            raise ValueError("unknown word")
        return value

    return AfterValidator(check)


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    concept: Annotated[str, _one_of(CONCEPTS)]
    status: Annotated[str, _one_of(STATUSES)]
    section: Annotated[str, _one_of(_SECTIONS)]


class _Review(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    facts: dict[str, str | bool | float | list[float] | None]
    mentions: list[_Told]
    case: str | None = None
    code: str | None = None
    date_of_service: Annotated[date, Field(strict=False)] | None = None


def load(file: Path) -> list[Example]:
    """The examples of a file of reviews. Raises InputError, naming the line and the field."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file.name} could not be read: give a JSONL file in UTF-8.") from error
    rows = [(number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise InputError(f"{file.name} holds no reviews: give one JSON object a line.")
    return [_example(line, f"{file.name} line {number}") for number, line in rows]


def _example(line: str, where: str) -> Example:
    try:
        row = _Review.model_validate(json.loads(line))
    except ValueError as error:
        raise InputError(f"{where} {_wrong(error)}.") from None
    facts = _facts(row.facts, where)
    mentions = tuple(Mention(m.concept, m.status, m.section, 0, 0, "") for m in row.mentions)
    case = Case({name: Fact(name, value) for name, value in facts.items()}, mentions)
    return Example(classifier.features(case), _label(row, facts, where), VOICE)


def _wrong(error: ValueError) -> str:
    """What is wrong with a row, in words that do not quote it."""
    if not isinstance(error, ValidationError):
        return "is not a JSON object: export the reviews anew"
    first = error.errors(include_input=False, include_url=False)[0]
    place = [str(part) for part in first["loc"]]
    if first["type"] == "extra_forbidden":
        known = _Told.model_fields if place[:1] == ["mentions"] else _Review.model_fields
        return (
            "has a field that no review has: leave only "
            f"{', '.join(known)}{' in a mention' if known is _Told.model_fields else ''}"
        )
    return f"has a wrong or missing {place[0] if place else 'value'}: use the words of the report"


def _facts(given: dict[str, Any], where: str) -> dict[str, Any]:
    known = {*FACT_VALUES, *_FLAGS, *_LENGTHS}
    if set(given) - known:
        raise InputError(f"{where} has a fact that the report does not have: leave it out.")
    for name, value in given.items():
        allowed: tuple[Any, ...] = FACT_VALUES.get(name, (True, False))
        if name not in _LENGTHS and not any(value is v or value == v != 1 for v in allowed):
            raise InputError(
                f"{where} has a value of {name} that the report does not have: "
                f"use one of {', '.join(str(v).lower() for v in allowed)}."
            )
    missing = [name for name in (*FACT_VALUES, *_FLAGS) if name not in given]
    if missing:
        raise InputError(f"{where} lacks the fact {missing[0]}: export every fact of the report.")
    lengths = given.get("tumor_lengths_cm") or []
    if not isinstance(lengths, list):
        raise InputError(f"{where} has tumor_lengths_cm that are no list: give numbers in cm.")
    return given | {"tumor_lengths_cm": lengths, "tumor_length_sum_cm": sum(lengths) or None}


def _label(row: _Review, facts: dict[str, Any], where: str) -> str:
    """The clinical case that the coder decided on."""
    if (row.case is None) == (row.code is None):
        raise InputError(f"{where} needs either a case, or a code with its date_of_service.")
    if row.case is not None:
        if row.case not in {*coding.case_labels(), classifier.OUT_OF_SCOPE, "no_case"}:
            raise InputError(f"{where} names a case that no table has: see case_codes.tsv.")
        return row.case
    if row.date_of_service is None:
        raise InputError(f"{where} has a code and no date_of_service: add it as YYYY-MM-DD.")
    on = row.date_of_service
    if not any(row.code in coding.codes_of(case, on) for case in coding.case_labels()):
        raise InputError(
            f"{where} has a code that is none of the family on its date_of_service: "
            "give the code of that date, or the case out_of_scope."
        )
    gold = {"primary": row.code, "decision": "suggest", "facts": facts,
            "date_of_service": on.isoformat(), "text_date": None}  # fmt: skip
    return Note("", VOICE, "", gold).case
