"""Read the knowledge tables: tab-separated, a header line, `#` comments, kept beside the code."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources

from debulk.errors import KnowledgeError

Row = dict[str, str]


@cache
def rows(name: str) -> tuple[Row, ...]:
    """The rows of `knowledge/<name>.tsv`, a missing last cell read as empty."""
    text = (resources.files("debulk") / "knowledge" / f"{name}.tsv").read_text(encoding="utf-8")
    header: list[str] = []
    found: list[Row] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        if line.startswith("#"):
            # The last comment before the first row names the columns.
            header = line[1:].strip().split("\t") if not found else header
            continue
        cells = line.split("\t")
        if len(cells) > len(header):
            raise KnowledgeError(
                f"knowledge/{name}.tsv line {number} has {len(cells)} cells and the header "
                f"{len(header)}: separate cells by one tab."
            )
        found.append(dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)))
    return tuple(found)


def terms(cell: str) -> list[str]:
    """The terms of a cell: `a | b | c`."""
    return [term for part in cell.split("|") if (term := part.strip())]


def attributes(cell: str) -> dict[str, str]:
    """The attributes of a cell: `extent=total side=left`."""
    return dict(part.split("=", 1) for part in cell.split())


@cache
def fingerprint() -> str:
    """SHA-256 over all knowledge tables, for a report's provenance."""
    digest = hashlib.sha256()
    folder = resources.files("debulk") / "knowledge"
    for entry in sorted(folder.iterdir(), key=lambda item: item.name):
        if entry.name.endswith(".tsv"):
            digest.update(entry.name.encode() + b"\0" + entry.read_bytes())
    return digest.hexdigest()


@cache
def wordset(name: str) -> frozenset[str]:
    """A set of `knowledge/words.tsv`."""
    for row in rows("words"):
        if row["set"] == name:
            return frozenset(terms(row["words"]))
    raise KnowledgeError(f"knowledge/words.tsv has no set {name}: add a row.")
