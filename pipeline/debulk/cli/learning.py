"""`debulk train` and `debulk evaluate`: rebuild the model from the corpus, and score it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from debulk.cli import options
from debulk.cli.output import Format, bar, chosen, say, write, write_json


def train(
    corpus: options.CorpusFolder = None,
    out: Annotated[Path, typer.Option(metavar="FOLDER", help="The model folder to write.")] = Path(
        "models/debulking"
    ),
    format: Annotated[Format | None, typer.Option("--format", help="By default text.")] = None,
) -> None:
    """Rebuild the model from the corpus.

    The same input and the same versions give the same bytes.
    """
    from debulk import training
    from debulk.corpus import home

    meta = training.train(home(corpus), out)
    say(f"The model is written to {out}.")
    if format is Format.json:
        write_json(meta)
    else:
        write(f"classifier.joblib  sha256 {meta['sha256']}")


def evaluate(
    context: typer.Context,
    corpus: options.CorpusFolder = None,
    split: Annotated[
        str, typer.Option(metavar="train|dev|test", help="The voices to score on.")
    ] = "test",
    format: Annotated[
        Format | None,
        typer.Option("--format", help="By default text on a terminal, else json."),
    ] = None,
    model: options.ModelFolder = None,
) -> None:
    """Score the model on notes of the corpus.

    Each score is followed by its 95 % bootstrap interval over notes.
    """
    from debulk import corpus as corpora
    from debulk import evaluation
    from debulk.errors import UsageError

    folder = corpora.home(corpus)
    if split not in (known := corpora.splits(folder)):
        raise UsageError(f"The corpus has no split {split}: choose from {', '.join(known)}.")
    notes = list(corpora.notes(folder, split))
    coder = options.coder(context, model)
    tallies = []
    with bar("scoring", "notes", len(notes)) as progress:
        for count, note in enumerate(notes, 1):
            report = coder.suggest(note.text, id=note.id, date_of_service=note.date_of_service)
            tallies.append(evaluation.tally(note, report))
            progress(count)
    _show({"split": split, **evaluation.scores(tallies)}, chosen(format))


def _show(scores: dict[str, Any], format: Format) -> None:
    if format is Format.json:
        write_json(scores)
        return
    for name, score in scores.items():
        if isinstance(score, dict):
            shown = f"{score['value']:.3f}  ({score['low']:.3f} to {score['high']:.3f})"
        else:
            shown = str(score)
        write(f"{name:<44}{shown}")
