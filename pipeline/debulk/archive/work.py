"""What a worker does: it builds its coder once, and makes rows of records."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from debulk.archive.record import Coder, Record, Row
from debulk.errors import DebulkError


@dataclass(frozen=True)
class Recipe:
    """How to build the coder of one run; a worker knows by the name that it has it already."""

    make_coder: Callable[[], Coder]
    name: str = field(default_factory=lambda: uuid.uuid4().hex)


@dataclass(frozen=True)
class Engine:
    """Where the work is done: the coder's provenance, and rows for records in their order."""

    provenance: Callable[[], Mapping[str, Any]]
    code: Callable[[Iterable[Record]], Iterator[Row]]


_built: dict[str, Coder] = {}  # of this process; never more than one


def coder_of(recipe: Recipe) -> Coder:
    """This process's coder."""
    if recipe.name not in _built:
        _built.clear()
        _built[recipe.name] = recipe.make_coder()
    return _built[recipe.name]


def provenance(recipe: Recipe) -> dict[str, Any]:
    """What the coder says of itself: its attribute `provenance`."""
    return dict(getattr(coder_of(recipe), "provenance", {}))


def code(recipe: Recipe, records: Iterable[Record]) -> list[Row]:
    """The rows of some records."""
    coder = coder_of(recipe)
    return [_row(coder, record) for record in records]


def _row(coder: Coder, record: Record) -> Row:
    report, error = None, record.error
    if not error:
        try:
            report = coder.suggest(
                record.text,
                id=record.id,
                date_of_service=record.date_of_service,
                codes=record.codes,
            ).to_dict()
        except DebulkError as refused:
            error = str(refused) or type(refused).__name__
        except Exception as broken:  # its message could quote the note
            error = f"internal error: {type(broken).__name__}"
    return Row(id=record.id, error=error, report=report, extra=dict(record.extra))
