"""The report as the JSON of the contract, whatever characters the note holds."""

from __future__ import annotations

import json
import re

from debulk.values import Report

# What JSON allows raw and a terminal, a line splitter or UTF-8 does not: C1 controls, line and
# paragraph separators, bidirectional overrides, lone surrogates. As \uXXXX they lose nothing.
_ODD = re.compile("[\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def json_text(report: Report) -> str:
    """The report as indented JSON."""
    return _dump(report, indent=2)


def jsonl(report: Report) -> str:
    """The report as JSON on one line."""
    return _dump(report, indent=None)


def _dump(report: Report, *, indent: int | None) -> str:
    text = json.dumps(report.to_dict(), ensure_ascii=False, allow_nan=False, indent=indent)
    return _ODD.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
