"""`debulk suggest` and `debulk check`: notes to reports."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from debulk.cli import options
from debulk.cli.output import ReportFormat, color, complain, on_terminal, say, width, write
from debulk.errors import InputError, UsageError

if TYPE_CHECKING:
    from debulk.coder import Coder

Files = Annotated[
    list[Path] | None,
    typer.Argument(metavar="FILE", help="Operative notes; - or nothing: standard input."),
]
Codes = Annotated[
    str | None,
    typer.Option(metavar="CODE,...", help="Codes already chosen: CODE[-MOD...][xUNITS]."),
]
HowReported = Annotated[
    ReportFormat | None,
    typer.Option(
        "--format", help="By default text on a terminal; else json, or jsonl for several notes."
    ),
]


class Given(NamedTuple):
    """A note as it was given: its name, and its bytes or why there are none."""

    name: str
    path: Path | None


def suggest(
    context: typer.Context,
    files: Files = None,
    date: options.Day = None,
    codes: Codes = None,
    format: HowReported = None,
    why: Annotated[
        str | None,
        typer.Option(
            "--why",
            "--explain-status",
            metavar="MENTION",
            help="Say why mentions have their status: a number in the report, or a concept.",
        ),
    ] = None,
    model: options.ModelFolder = None,
) -> None:
    """Suggest the code that each note supports, and why."""
    asked = _Asked(options.day(date), options.codes(codes), format, why=why)
    _report(context, files, model, asked)


def check(
    context: typer.Context,
    file: Annotated[
        Path | None,
        typer.Argument(metavar="NOTE", help="The operative note; - or nothing: standard input."),
    ] = None,
    codes: Annotated[
        str, typer.Option(metavar="CODE,...", help="The chosen codes: CODE[-MOD...][xUNITS].")
    ] = ...,  # type: ignore[assignment]
    date: options.Day = None,
    format: HowReported = None,
    model: options.ModelFolder = None,
) -> None:
    """Check codes that a person chose against the note.

    The report of `debulk suggest --codes`, the warnings first.
    """
    asked = _Asked(options.day(date), options.codes(codes), format, warnings_first=True)
    _report(context, [file] if file else None, model, asked)


class _Asked(NamedTuple):
    """What was asked about each note."""

    day: date | None
    codes: tuple[str, ...]
    format: ReportFormat | None
    warnings_first: bool = False
    why: str | None = None


def _report(
    context: typer.Context, files: Sequence[Path] | None, model: Path | None, asked: _Asked
) -> None:
    """Print a report for each note; a note that cannot be read is named and passed over."""
    given = _given(files or [])
    form = asked.format or _usual(len(given))
    if form is ReportFormat.html and len(given) > 1:
        raise UsageError("--format html makes one page of one note: give one file.")
    readable = [(note.name, text) for note in given if (text := _text(note)) is not None]
    failed = len(given) - len(readable)
    array = form is ReportFormat.json and len(given) > 1
    coder = options.coder(context, model) if readable else None
    parts = _parts(coder, readable, form, asked) if coder else iter(())
    printed = 0
    for part in parts:
        if part is None:
            failed += 1
            continue
        if array:
            part = ("[\n" if not printed else ",\n") + part
        elif form is ReportFormat.text and printed:
            part = "\n" + "=" * width() + "\n\n" + part
        _put(part, array)
        printed += 1
    if array:
        write("\n]" if printed else "[]")
    if failed:
        raise typer.Exit(1)


def _put(part: str, array: bool) -> None:
    if array:
        sys.stdout.write(part)
    else:
        write(part)


def _parts(
    coder: Coder, notes: Sequence[tuple[str, str]], form: ReportFormat, asked: _Asked
) -> Iterator[str | None]:
    """Each note's printed report, None where it is refused."""
    for name, text in notes:
        try:
            if asked.why is not None:
                yield _why(coder, text, form, asked.why)
            else:
                yield _rendered(coder, name, text, form, asked)
        except InputError as error:
            complain(f"{name}: {error}")
            yield None


def _rendered(coder: Coder, name: str, text: str, form: ReportFormat, asked: _Asked) -> str:
    from debulk import render

    report = coder.suggest(text, id=name, date_of_service=asked.day, codes=asked.codes)
    if form is ReportFormat.json:
        return render.json_text(report)
    if form is ReportFormat.jsonl:
        return render.jsonl(report)
    if form is ReportFormat.html:
        return render.html(report, text)
    return render.text(
        report, text, width=width(), color=color(), warnings_first=asked.warnings_first
    )


def _why(coder: Coder, text: str, form: ReportFormat, which: str) -> str:
    import json

    from debulk.cli import why

    if form is ReportFormat.html:
        raise UsageError("--why is told as text, json or jsonl.")
    reasons = why.reasons(coder, text, which)
    if form is ReportFormat.text:
        return "\n\n".join(reason.told() for reason in reasons)
    indent = 2 if form is ReportFormat.json else None
    return json.dumps([reason.to_dict() for reason in reasons], indent=indent)


def _usual(count: int) -> ReportFormat:
    if on_terminal():
        return ReportFormat.text
    return ReportFormat.json if count == 1 else ReportFormat.jsonl


def _given(files: Sequence[Path]) -> list[Given]:
    """The notes by name: the file's, with its folder where two have the same."""
    if not files:
        return [Given("note", None)]
    if sum(str(path) == "-" for path in files) > 1:
        raise UsageError("Standard input can be read once: give - once.")
    stems = [path.stem for path in files]
    return [
        Given("note", None)
        if str(path) == "-"
        else Given(path.stem if stems.count(path.stem) == 1 else str(path), path)
        for path in files
    ]


def _text(note: Given) -> str | None:
    """The text of a note, every character kept; None, with a line that says why, without one."""
    from debulk.archive.decoding import MAX_NOTE_BYTES, decode

    try:
        if note.path is None:
            if sys.stdin.isatty():
                say("Type or paste the note; end with Ctrl-D on a line of its own.")
            data = sys.stdin.buffer.read(MAX_NOTE_BYTES + 1)
        elif note.path.is_dir():
            raise InputError("This is a folder: use debulk batch for an archive of notes.")
        else:
            with note.path.open("rb") as file:
                data = file.read(MAX_NOTE_BYTES + 1)
        if len(data) > MAX_NOTE_BYTES:
            raise InputError(
                f"The note is over {MAX_NOTE_BYTES // 2**20} MiB: split it into notes."
            )
        return decode(data)
    except InputError as error:
        complain(f"{note.path or 'standard input'}: {error}")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        complain(f"{note.path}: The file could not be read ({reason}): check the path.")
    return None
