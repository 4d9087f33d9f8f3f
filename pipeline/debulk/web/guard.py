"""What stands before every request: own host, own origin, a size limit, headers, silent errors."""

from __future__ import annotations

import json
import logging
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LIMIT = 12 * 1024 * 1024  # bytes of a request body
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self' 'unsafe-inline'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    # Not no-referrer: a browser would then send its own form with "Origin: null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
}

_log = logging.getLogger(__name__)
_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)


class _TooLargeError(Exception):
    """The body passed the limit."""


class Guard:
    """ASGI middleware that lets only this computer's own pages and programs through."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the request, or refuse it with one sentence."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        if scope["type"] != "http":
            return
        started = False

        async def sealed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        refusal = _refusal(scope)
        if refusal is None:
            try:
                await self.app(scope, _limited(receive), sealed)
                return
            except _TooLargeError:
                refusal = _too_large()
            except Exception as error:
                # Neither message nor traceback: either could quote the note.
                _log.error("A request failed with %s.", type(error).__name__)
                refusal = problem(
                    500, "The note could not be processed: this is a fault of debulk."
                )
        if not started:
            await refusal(scope, receive, sealed)


def problem(status: int, sentence: str) -> Response:
    """An error as JSON of one sentence."""
    return Response(json.dumps({"detail": sentence}), status, media_type="application/json")


def _refusal(scope: Scope) -> Response | None:
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not _HOST.fullmatch(hosts[0]):
        return problem(400, "Only localhost, 127.0.0.1 and [::1] are served.")
    if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
        # A browser names its page here; a program that is no browser need not.
        own = f"{scope['scheme']}://{hosts[0]}".lower()
        if any(origin.lower() != own for origin in headers.getlist("origin")):
            return problem(403, "The request comes from another page: use the page of this server.")
        if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return problem(403, "The request comes from another page: use the page of this server.")
    length = headers.get("content-length", "0")
    return _too_large() if length.isdecimal() and int(length[:20]) > LIMIT else None


def _too_large() -> Response:
    return problem(413, f"The request is over {LIMIT // 1024 // 1024} MB: send one note at a time.")


def _limited(receive: Receive) -> Receive:
    seen = 0

    async def limited() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LIMIT:
            raise _TooLargeError
        return message

    return limited
