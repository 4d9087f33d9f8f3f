"""The reference of the command line, made from the help texts: `docs/cli.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import typer.main

from debulk.cli.main import app

_WIDTH = 88


def manual() -> str:
    """The reference as Markdown."""
    command = typer.main.get_command(app)
    parts = [
        f"{'#' * level} {name}\n\n```text\n{text}\n```" for level, name, text in _pages(command)
    ]
    return "\n\n".join(["# The command line", _HEAD, *parts]) + "\n"


_HEAD = "Made from `--help` by `make docs`; a test compares the two."


def _pages(command: Any, parent: Any = None, level: int = 2) -> Iterator[tuple[int, str, str]]:
    settings = {**command.context_settings, "terminal_width": _WIDTH, "max_content_width": _WIDTH}
    context = command.context_class(
        command, info_name=command.name or "debulk", parent=parent, **settings
    )
    yield level, context.command_path, command.get_help(context).strip()
    for child in getattr(command, "commands", {}).values():
        yield from _pages(child, context, level + 1 if parent else level)


if __name__ == "__main__":
    sys.stdout.write(manual())
