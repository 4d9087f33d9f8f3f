"""`.jsonl`: a report to a line, with the carried-through columns beside its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from debulk.archive.writers import Rows, flat


def write(rows: Rows, path: Path) -> None:
    """Write all rows."""
    with path.open("w", encoding="ascii", newline="\n") as file:
        for row in rows():
            line: dict[str, Any] = row["report"] or {"id": row["id"], "error": row["error"]}
            file.write(flat.as_json(line | flat.extra(row)) + "\n")


def read_ids(path: Path) -> Iterator[tuple[str, bool]]:
    """The id of each row, and whether it failed."""
    with path.open("rb") as file:
        for line in file:
            row = json.loads(line)
            yield flat.printable(str(row["id"])), "error" in row
