"""`debulk explain` and `debulk crosswalk`: what a code requires, holds and became."""

from __future__ import annotations

from typing import Annotated

import typer

from debulk.cli import options
from debulk.cli.output import Format

Code = Annotated[str, typer.Argument(metavar="CODE", help="Such as 58958.")]
HowTold = Annotated[
    Format | None, typer.Option("--format", help="By default text on a terminal, else json.")
]


def explain(code: Code, date: options.Day = None, format: HowTold = None) -> None:
    """Tell what a code requires and includes, and its sources."""
    raise NotImplementedError


def crosswalk(code: Code, date: options.Day = None, format: HowTold = None) -> None:
    """Tell which codes stand beside or replace a code."""
    raise NotImplementedError
