"""What a report looks like: on a terminal, as JSON, as HTML. No function ends with a line break."""

from debulk.render._html import fragment, html, style
from debulk.render._json import json_text, jsonl
from debulk.render._text import text

__all__ = ["fragment", "html", "json_text", "jsonl", "style", "text"]
