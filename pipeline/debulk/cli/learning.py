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
    reviews: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Coders' decisions to learn from too: JSONL of facts and codes, no text.",
        ),
    ] = None,
    format: Annotated[Format | None, typer.Option("--format", help="By default text.")] = None,
) -> None:
    """Rebuild the model from the corpus.

    The same input and the same versions give the same bytes. With --reviews, says what changed,
    and writes nothing where the score on voices held out falls.
    """
    from debulk.corpus import home

    folder = home(corpus)
    from debulk import training
    from debulk.reviews import load

    meta = training.train(folder, out, reviews=load(reviews) if reviews else ())
    say(f"The model is written to {out}.")
    if format is Format.json:
        write_json(meta)
        return
    write(f"classifier.joblib  sha256 {meta['sha256']}")
    write(f"threshold          {meta['threshold']}")
    for name, value in meta["held_out_voices"].items():
        write(f"  {name:<27}{value}")
    changed = meta.get("changed_by_reviews")
    if changed:
        write(f"reviews            {changed['reviews']}")
        for name in ("notes with the right case", "threshold", "suggested"):
            write(f"  {name:<27}{changed[name]['before']} before, {changed[name]['after']} after")
        for answer in changed["answers"]:
            write(f"  {answer['note']:<27}{answer['before']} before, {answer['after']} after")


def evaluate(
    context: typer.Context,
    corpus: options.CorpusFolder = None,
    split: Annotated[
        str, typer.Option(metavar="train|dev|test", help="The voices to score on.")
    ] = "test",
    card: Annotated[
        bool,
        typer.Option("--card", help="Also write scores.json, plots and README.md of the model."),
    ] = False,
    format: Annotated[
        Format | None,
        typer.Option("--format", help="By default text on a terminal, else json."),
    ] = None,
    model: options.ModelFolder = None,
) -> None:
    """Score the model on notes of the corpus.

    Each score is followed by its 95 % bootstrap interval over notes. The model has learned from
    train and dev; with --card the dev split is scored too, each voice held out, and the drop.
    """
    from debulk import corpus as corpora
    from debulk import scoring
    from debulk.errors import UsageError

    folder = corpora.home(corpus)
    if split not in (known := corpora.splits(folder)):
        raise UsageError(f"The corpus has no split {split}: choose from {', '.join(known)}.")
    if card and split != "test":
        raise UsageError("The card is of the test split: leave --split out.")
    notes = list(corpora.notes(folder, split))
    coder = options.coder(context, model)
    with bar("scoring", "notes", len(notes)) as progress:
        answers = scoring.answered(coder, notes, progress)
    scores = {"split": split, **scoring.of_split(answers)}
    if split != "test":
        say(f"The model has learned from the {split} split: its scores there are no forecast.")
    if card:
        from debulk.card import write as write_card
        from debulk.model import folder as found

        place = found(options.model_folder(context, model))
        say("Comparing methods on voices held out, each read by networks that never met it ...")
        booked = scoring.book(coder, folder, place, answers)
        scores |= {name: booked[name] for name in ("dev", "drop")}
        say(f"The card is written to {write_card(place)}.")
    _show(scores, chosen(format))


def _show(scores: dict[str, Any], format: Format) -> None:
    if format is Format.json:
        write_json(scores)
        return
    dev, drop = scores.pop("dev", {}), scores.pop("drop", {})
    if dev:
        write(f"{'':<44}{scores['split']:<27}{'dev':<27}drop")
    for name, score in scores.items():
        fall = f"{drop[name]:+.3f}" if name in drop else ""
        write(f"{name:<44}{_cell(score):<27}{_cell(dev.get(name, '')):<27}{fall}".rstrip())


def _cell(score: Any) -> str:
    if isinstance(score, dict):
        return f"{score['value']:.3f}  ({score['low']:.3f} to {score['high']:.3f})"
    return str(score)
