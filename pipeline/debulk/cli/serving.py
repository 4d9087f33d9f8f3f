"""`debulk serve`: the coder's page and the HTTP API."""

from __future__ import annotations

from typing import Annotated

import typer

from debulk.cli import options
from debulk.cli.output import say


def serve(
    context: typer.Context,
    port: Annotated[int, typer.Option(min=1, max=65535, help="The port.")] = 8765,
    host: Annotated[str, typer.Option(help="127.0.0.1, localhost or ::1.")] = "127.0.0.1",
    model: options.ModelFolder = None,
) -> None:
    """Serve the coder's page to this computer only, until Ctrl-C."""
    from debulk.web.server import serve as serve_pages

    coder = options.coder(context, model)
    shown = f"[{host}]" if ":" in host else host
    say(f"debulk is served on this computer at http://{shown}:{port} (Ctrl-C ends it).")
    serve_pages(coder, host, port)
