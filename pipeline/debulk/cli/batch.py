"""`debulk batch`: a whole archive of notes to one file of reports."""

from __future__ import annotations

from enum import Enum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from debulk.cli import options
from debulk.cli.output import bar, complain, say


class EngineName(str, Enum):
    """Where the notes are coded."""

    local = "local"
    spark = "spark"


def batch(
    context: typer.Context,
    source: Annotated[
        Path,
        typer.Argument(
            metavar="SOURCE",
            help=(
                "A folder of .txt, a .zip or .tar.gz of them, .jsonl, .csv, .parquet, FHIR "
                ".ndjson or Bundle, HL7 v2."
            ),
        ),
    ],
    out: Annotated[
        Path, typer.Option(metavar="OUT", help="The reports: .jsonl, .csv or .parquet.")
    ],
    jobs: Annotated[int, typer.Option(min=1, metavar="N", help="Processes.")] = 1,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on where an earlier run ended.")
    ] = False,
    engine: Annotated[EngineName, typer.Option(help="This machine, or Spark.")] = EngineName.local,
    model: options.ModelFolder = None,
) -> None:
    """Code an archive of notes into one file of reports.

    A note that cannot be coded keeps its row, with its error.
    """
    from debulk.coder import Coder

    make_coder = partial(Coder, options.model_folder(context, model))
    with bar("coding", "notes", _count(source)) as progress:
        try:
            if engine is EngineName.spark:
                from debulk.archive.spark import run_spark

                outcome = run_spark(
                    source, out, make_coder=make_coder, resume=resume, progress=progress
                )
            else:
                from debulk.archive.run import run

                outcome = run(
                    source, out, make_coder=make_coder, jobs=jobs, resume=resume, progress=progress
                )
        except KeyboardInterrupt:
            complain("Stopped: go on with --resume.")
            raise typer.Exit(1) from None
    earlier = f", {outcome.skipped} coded by an earlier run" if outcome.skipped else ""
    say(f"{out}: {outcome.done} notes coded{earlier}, {outcome.failed} failed.")
    if outcome.failed:
        raise typer.Exit(1)


def _count(source: Path) -> int | None:
    """The notes of a folder; None where only reading would tell."""
    from debulk.archive.readers import folder

    return len(folder.files(source)) if source.is_dir() else None
