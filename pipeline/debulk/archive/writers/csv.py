"""`.csv`: our columns, the carried-through ones, and the whole report as JSON in `report`."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from debulk.archive.writers import Rows, flat

_MAX_CELL = 2**31 - 1


def write(rows: Rows, path: Path) -> None:
    """Write all rows; a list in a cell is joined by semicolons."""
    extra = list(dict.fromkeys(name for row in rows() for name in flat.extra(row)))
    columns = [*flat.COLUMNS, *extra, "report"]
    with path.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file:
        table = csv.DictWriter(file, columns)
        table.writeheader()
        for row in rows():
            report = None if row["report"] is None else flat.as_json(row["report"])
            line = flat.cells(row) | flat.extra(row) | {"report": report}
            table.writerow({name: flat.as_text(value) for name, value in line.items()})


def read_ids(path: Path) -> Iterator[tuple[str, bool]]:
    """The id of each row, and whether it failed."""
    csv.field_size_limit(_MAX_CELL)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row.get("id") or "", bool(row.get("error"))
