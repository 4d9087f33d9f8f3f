"""A row as the writers need it: one object, or one line of cells."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from debulk.archive.record import Row
from debulk.values import Report

COLUMNS = (
    "id",
    "date_of_service",
    "date_source",
    "decision",
    "primary_code",
    "probability",
    "alternatives",
    "warnings",
    "separate",
    "gaps",
    "conflicts",
    "error",
)
_REPORT = tuple(field.name for field in dataclasses.fields(Report))
_OURS = {*COLUMNS, *_REPORT, "schema_version", "report"}


def cells(row: Row) -> dict[str, Any]:
    """Our columns of a row; a failed row has only its id and its error."""
    found: dict[str, Any] = dict.fromkeys(COLUMNS)
    report = row["report"]
    if report is not None:
        primary = report.get("primary") or {}
        found |= {name: report.get(name) for name in ("date_of_service", "date_source", "decision")}
        found["primary_code"] = primary.get("code")
        found["probability"] = primary.get("probability")
        found["alternatives"] = _listed(report, "alternatives", "code")
        found["warnings"] = _listed(report, "warnings", "code")
        found["separate"] = _listed(report, "separate", "codes")
        found["gaps"] = _listed(report, "gaps", "name")
        found["conflicts"] = _listed(report, "conflicts", "name")
    return found | {"id": printable(row["id"]), "error": printable(row["error"]) or None}


def extra(row: Row) -> dict[str, Any]:
    """The carried-through columns; one that has the name of ours is `input_<name>`."""
    columns = row["extra"]
    return {_free(printable(name), columns): value for name, value in columns.items()}


def as_text(value: Any) -> str | None:
    """A value as a cell of text."""
    if value is None or isinstance(value, str):
        return value if value is None else printable(value)
    return as_json(value)


def as_json(value: Any) -> str:
    """A value as JSON on one line, ASCII, with null for what is no number."""
    try:
        return json.dumps(value, default=_said, allow_nan=False)
    except ValueError:
        return json.dumps(_finite(value), default=_said)


def printable(value: str) -> str:
    """The text with lone surrogates, which no file can hold, written out."""
    return value.encode("utf-8", "backslashreplace").decode()


def _free(name: str, columns: Mapping[str, Any]) -> str:
    while name in _OURS:
        name = f"input_{name}"
        while name in columns:
            name = f"input_{name}"
    return name


def _listed(report: Mapping[str, Any], name: str, of: str) -> str | None:
    values: list[str] = []
    for item in report.get(name) or ():
        value = item.get(of)
        values += value if isinstance(value, (list, tuple)) else [str(value)]
    return ";".join(dict.fromkeys(values)) or None


def _said(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    return None if isinstance(value, float) and not abs(value) < float("inf") else value
