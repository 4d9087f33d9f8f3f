"""All commands together, and the one place where an error becomes a line and a status."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from debulk import __version__
from debulk.cli import batch, codes, data, learning, notes, serving
from debulk.cli.output import complain, write
from debulk.errors import DebulkError, UsageError

app = typer.Typer(
    name="debulk",
    help=(
        "Names the code of the tumour debulking family that an operative note supports, "
        "with the evidence, unbundling warnings and questions to the surgeon."
    ),
    epilog=(
        "Results go to standard output, everything else to standard error. Exit status: "
        "0 done; 1 an input could not be read or a batch has failed records; 2 wrong usage."
    ),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,  # typer's would show local variables: the note
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(notes.suggest)
app.command()(notes.check)
app.command()(batch.batch)
app.command()(serving.serve)
app.add_typer(data.app, name="data")
app.command()(codes.explain)
app.command()(codes.crosswalk)
app.command()(learning.train)
app.command()(learning.evaluate)


def _version(asked: bool) -> None:
    if asked:
        write(f"debulk {__version__}")
        raise typer.Exit


@app.callback()
def _every_command(
    context: typer.Context,
    model: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER", help="The model folder; also DEBULK_MODEL."),
    ] = None,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    context.obj = model


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends the process with the status of the contract."""
    # A spaCy that is older than its Python says this at every start, in workers too.
    warnings.filterwarnings("ignore", category=FutureWarning, module=r"spacy\.util")
    os.environ.setdefault("PYTHONWARNINGS", "ignore::FutureWarning:spacy.util")
    try:
        app(list(arguments) if arguments is not None else None, prog_name="debulk")
    except UsageError as error:
        complain(str(error))
        sys.exit(2)
    except DebulkError as error:
        complain(str(error))
        sys.exit(1)
    except ImportError as error:
        complain(f"A dependency cannot be used ({error}): install debulk anew.")
        sys.exit(1)
    except Exception as error:
        complain(_internal(error))
        sys.exit(1)


def _internal(error: Exception) -> str:
    """The place of a fault of ours; its message could quote the note."""
    at = error.__traceback__
    while at is not None and at.tb_next is not None:
        at = at.tb_next
    place = f"{Path(at.tb_frame.f_code.co_filename).name} line {at.tb_lineno}" if at else "debulk"
    return f"Internal error, a fault of debulk: {type(error).__name__} in {place}."
