"""The coder's page and the HTTP API, on the loopback address only."""

from debulk.web.app import create_app
from debulk.web.server import serve

__all__ = ["create_app", "serve"]
