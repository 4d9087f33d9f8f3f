"""The escape sequences of HL7 v2 text (chapter 2.7)."""

from __future__ import annotations

import re
from typing import Any

from debulk.archive.decoding import decode
from debulk.errors import InputError

_LAYOUT = {".br": "\n", ".sp": "\n", ".ce": "\n", ".in": " ", ".ti": " ", ".sk": " "}
_NAMES = (
    r"[FRSTEHN]|\.(?:br|sp|ce|in|ti|sk|fi|nf) ?[+-]?\d{0,3}"
    r"|X(?:[0-9A-Fa-f]{2})+|Z\w*|[CM][0-9A-F]{4,6}"
)


def unescape(text: str, container: Any) -> str:
    """The text with its escape sequences resolved; what is no sequence stays as it is.

    Not `hl7.unescape`, which drops text between two stray escape characters and logs the field.
    """
    escape = container.esc
    if escape not in text:
        return text
    field, repeat, component, sub = container.separators[1:5]
    plain = {"F": field, "R": repeat, "S": component, "T": sub, "E": escape}
    mark = re.escape(escape)
    return re.sub(f"{mark}({_NAMES}){mark}", lambda found: _resolve(found[1], plain), text)


def _resolve(name: str, plain: dict[str, str]) -> str:
    if name in plain:
        return plain[name]
    if name[:3] in _LAYOUT:
        return _LAYOUT[name[:3]] * max(0, int(name[3:].strip(" +") or 1))
    if name.startswith("X"):
        try:
            return decode(bytes.fromhex(name[1:]))
        except InputError:
            return ""
    return ""  # highlighting, fill mode, character sets, a site's own sequences
