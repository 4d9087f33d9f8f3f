"""Serve the page and the API on this computer, to this computer."""

from __future__ import annotations

import socket

import uvicorn

from debulk.errors import UsageError
from debulk.web.app import Coder, create_app

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def serve(coder: Coder, host: str = "127.0.0.1", port: int = 8765) -> None:
    """Serve until interrupted; raises UsageError for another host or a port that is taken."""
    if host not in LOOPBACK:
        raise UsageError(
            "Notes are served to this computer only: use the host 127.0.0.1, localhost or ::1."
        )
    config = uvicorn.Config(
        create_app(coder),
        access_log=False,
        log_level="warning",
        server_header=False,
        lifespan="off",
        ws="none",
    )
    with _listen(host, port) as listening:
        uvicorn.Server(config).run(sockets=[listening])


def _listen(host: str, port: int) -> socket.socket:
    # Bound here, as uvicorn would end the process where it cannot bind.
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError):
        raise UsageError(f"Port {port} of {host} cannot be opened: choose another port.") from None
