"""`debulk data`: the user's own CMS and AMA files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from debulk.cli import options
from debulk.cli.output import Format, bar, chosen, say, write, write_json

if TYPE_CHECKING:
    from debulk.reference import ImportedFile

app = typer.Typer(
    help="Import, list, compare and remove your own CMS and AMA files.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

HowListed = Annotated[
    Format | None, typer.Option("--format", help="By default text on a terminal, else json.")
]


@app.command("import")
def import_(
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE",
            help="NCCI PTP, MUE, add-on codes, PPRRVU, AMA descriptors; .zip as downloaded.",
        ),
    ],
    format: HowListed = None,
) -> None:
    """Import files into the local store: all of them, or none."""
    from debulk.reference import Store, import_files

    with bar("importing", "rows") as progress:
        imported = import_files(
            Store(), files, progress=lambda name, rows: progress(rows, name=name)
        )
    _show(imported, format)


@app.command("list")
def list_(format: HowListed = None) -> None:
    """List the imported files."""
    from debulk.reference import Store, listing

    store = Store()
    found = listing(store)
    if not found:
        say(f"Nothing is imported in {store.path}; the built-in tables are used.")
    _show(found, format)


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="QUARTER", help='Such as "2026 Q2".')],
    after: Annotated[str, typer.Argument(metavar="QUARTER", help='Such as "2026 Q3".')],
    codes: Annotated[
        str | None, typer.Option(metavar="CODE,...", help="By default the debulking family.")
    ] = None,
    format: HowListed = None,
) -> None:
    """Show what two imported quarters say differently about the family."""
    from debulk import coding
    from debulk.reference import Store
    from debulk.reference import diff as changes

    found = changes(Store(), before, after, options.codes(codes) or tuple(coding.codes()))
    if chosen(format) is Format.json:
        write_json([asdict(change) for change in found])
        return
    for change in found:
        subject = " ".join(part for part in (change.code, change.other) if part)
        old, new = change.before or "none", change.after or "none"
        write(f"{change.kind:<12}{subject:<14}{change.field}: {old} -> {new}")
    if not found:
        say("The two quarters say the same of these codes.")


@app.command()
def remove(
    which: Annotated[str, typer.Argument(metavar="ID|QUARTER", help="As listed.")],
    format: HowListed = None,
) -> None:
    """Remove a file by its id, or all files of a quarter."""
    from debulk.reference import Store
    from debulk.reference import remove as removed

    _show(removed(Store(), int(which) if which.isdecimal() else which), format)


def _show(files: Sequence[ImportedFile], format: Format | None) -> None:
    if chosen(format) is Format.json:
        write_json([asdict(file) for file in files])
        return
    for file in files:
        write(
            f"{file.id:>4}  {file.kind:<12}{file.quarter or '':<9}{file.rows:>9} rows  "
            f"{file.sha256[:12]}  {file.name}"
        )
