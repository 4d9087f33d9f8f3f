"""What the commands print: results to standard output, all else to standard error."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from typing import Any


class Format(str, Enum):
    """How a result is printed."""

    text = "text"
    json = "json"


class ReportFormat(str, Enum):
    """How a report is printed."""

    text = "text"
    json = "json"
    jsonl = "jsonl"
    html = "html"


def on_terminal() -> bool:
    """Does a person look at standard output?"""
    return sys.stdout.isatty()


def color() -> bool:
    """May the result be coloured?"""
    return on_terminal() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"


def width() -> int:
    """The columns of a text result."""
    if not on_terminal():
        return 88
    return max(40, min(os.get_terminal_size(sys.stdout.fileno()).columns, 100))


def write(text: str) -> None:
    """Write a result and a line end; in UTF-8 where no terminal says otherwise."""
    stream = sys.stdout
    if isinstance(stream, io.TextIOWrapper):
        if stream.isatty():
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    stream.write(text + "\n")
    stream.flush()


def write_json(value: Any) -> None:
    """Write a value as JSON."""
    write(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def chosen(asked: Format | None) -> Format:
    """The format asked for, else text on a terminal and JSON in a pipe."""
    return asked or (Format.text if on_terminal() else Format.json)


def say(sentence: str) -> None:
    """Tell the person at the terminal something that is no result."""
    sys.stderr.write(sentence.encode("utf-8", "backslashreplace").decode() + "\n")
    sys.stderr.flush()


def complain(sentence: str) -> None:
    """Say what went wrong, in one sentence."""
    say(f"debulk: {sentence}")


@contextmanager
def bar(what: str, unit: str, total: int | None = None) -> Iterator[Any]:
    """A progress bar on standard error, silent where that is no terminal.

    Gives a function of the count so far and, if it changes, of what is being worked on.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit, markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=total)

        def told(count: int, name: str = what) -> None:
            progress.update(task, completed=count, description=name)

        yield told
