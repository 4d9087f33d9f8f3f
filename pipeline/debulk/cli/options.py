"""Options that several commands share."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from debulk.coder import Coder

ModelFolder = Annotated[
    Path | None,
    typer.Option("--model", metavar="FOLDER", help="The model folder; also DEBULK_MODEL."),
]
Day = Annotated[
    datetime | None,
    typer.Option("--date", formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help="Date of service."),
]
CorpusFolder = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="FOLDER", help="The corpus; by default the checkout's."),
]


def day(given: datetime | None) -> date | None:
    """The date of an option."""
    return given.date() if given else None


def codes(given: str | None) -> tuple[str, ...]:
    """The codes of an option, `58958,49255-59`, each checked to be one."""
    if given is None:
        return ()
    from debulk.checks import parse

    return tuple(str(code) for code in parse(given))


def model_folder(context: typer.Context, given: Path | None) -> Path | None:
    """The model of the command, else of `debulk --model`."""
    return given or context.obj


def coder(context: typer.Context, given: Path | None) -> Coder:
    """The coder of a command, with the CMS files that the user has imported, if any."""
    from debulk.coder import Coder
    from debulk.reference import Store

    return Coder(model_folder(context, given), reference=Store())
