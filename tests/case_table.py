"""Read the case tables: a header line, then one case a line, tab-separated; `#` comments."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parent / "cases"


def table(name: str) -> list[dict[str, str]]:
    r"""The rows of `cases/<name>.tsv`; `\n`, `\r` and `\uXXXX` are read as in JSON."""
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    header, *rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [dict(zip(header, map(unescaped, cells), strict=True)) for cells in rows]


def unescaped(cell: str) -> str:
    r"""A cell with its escapes read: `FINDINGS:\nTumor` is two lines."""
    if "\\" not in cell:
        return cell
    read: str = json.loads('"' + cell.replace('"', '\\"') + '"')
    return read
