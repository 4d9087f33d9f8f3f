"""`debulk explain` and `debulk crosswalk`: what a code requires, includes and became."""

from __future__ import annotations

from datetime import date as Date  # noqa: N812, the option is called date
from typing import TYPE_CHECKING, Annotated

import typer

from debulk.cli import options
from debulk.cli.output import Format, chosen, write, write_json

if TYPE_CHECKING:
    from debulk.explain import Crosswalk, Explanation

Code = Annotated[str, typer.Argument(metavar="CODE", help="Such as 58958.")]
HowTold = Annotated[
    Format | None, typer.Option("--format", help="By default text on a terminal, else json.")
]


def explain(code: Code, date: options.Day = None, format: HowTold = None) -> None:
    """Tell what a code requires and includes, and its sources."""
    from debulk import explain as explaining
    from debulk.reference import Store

    _show(explaining.explain(code, options.day(date) or Date.today(), Store()), format)


def crosswalk(code: Code, date: options.Day = None, format: HowTold = None) -> None:
    """Tell which codes take the place of a code that has ended."""
    from debulk import explain as explaining

    _show(explaining.crosswalk(code, options.day(date) or Date.today()), format)


def _show(told: Explanation | Crosswalk, format: Format | None) -> None:
    if chosen(format) is Format.json:
        write_json(told.to_dict())
    else:
        write(told.text().rstrip("\n"))
