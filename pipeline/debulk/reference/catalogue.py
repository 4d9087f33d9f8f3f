"""What is in the store: list it, remove from it, and name what a date is answered from."""

from __future__ import annotations

from datetime import date
from typing import Any

from debulk.errors import ReferenceFileError
from debulk.reference.cells import quarter_number, quarter_of, quarter_text
from debulk.reference.schema import TABLES
from debulk.reference.store import Store
from debulk.reference.values import ImportedFile

PTP_PARTS = frozenset({1, 2, 3, 4})

# The quarter that speaks for a date: the newest begun by then, else the oldest there is.
QUARTER = """COALESCE((SELECT MAX(quarter) FROM file WHERE kind = '{kind}' AND quarter <= {on}),
                      (SELECT MIN(quarter) FROM file WHERE kind = '{kind}'))"""


def listing(store: Store) -> list[ImportedFile]:
    """Every imported file, newest quarter first."""
    return [
        imported_file(row)
        for row in store.fetch("SELECT * FROM file ORDER BY quarter DESC, kind, part, id")
    ]


def remove(store: Store, which: int | str) -> list[ImportedFile]:
    """Remove a file by its id, or all files of a quarter ("2026 Q3"); what was removed."""
    column, value = ("id", which) if isinstance(which, int) else ("quarter", quarter_number(which))
    with store.writing() as writer:
        found = writer.execute(f"SELECT * FROM file WHERE {column} = ?", (value,)).fetchall()
        removed = [imported_file(row) for row in found]
        if not removed:
            raise ReferenceFileError(
                f"Nothing is imported as {which}: list the files to see ids and quarters."
            )
        for file in removed:
            for table in TABLES[file.kind]:
                writer.execute(f"DELETE FROM {table} WHERE file = ?", (file.id,))
            writer.execute("DELETE FROM file WHERE id = ?", (file.id,))
    return removed


def provenance(store: Store, on: date) -> dict[str, object] | None:
    """The NCCI and fee files that a date of service is answered from, None without any.

    `quarter` is that of the PTP table (None without one) and `missing_parts` what it lacks;
    `files` holds kind, name, quarter and the first 12 hex digits of the hash.
    """
    files: list[ImportedFile] = []
    for kind in ("ptp", "mue", "addon", "fees"):
        chosen = QUARTER.format(kind=kind, on="?")
        files += [
            imported_file(row)
            for row in store.fetch(
                f"SELECT * FROM file WHERE kind = '{kind}' AND quarter = {chosen} ORDER BY part",
                (quarter_of(on),),
            )
        ]
    if not files:
        return None
    pairs = [file for file in files if file.kind == "ptp"]
    missing = sorted(PTP_PARTS - {file.part for file in pairs}) if pairs else []
    return {
        "quarter": pairs[0].quarter if pairs else None,
        "missing_parts": missing,
        "files": [
            {
                "kind": file.kind,
                "name": file.name,
                "quarter": file.quarter,
                "sha256": file.sha256[:12],
            }
            for file in files
        ],
    }


def imported_file(row: tuple[Any, ...]) -> ImportedFile:
    """A row of the table of files as a value."""
    number, kind, name, sha256, quarter, part, version, setting, rows, imported_at = row
    return ImportedFile(
        id=number,
        kind=kind,
        name=name,
        sha256=sha256,
        quarter=None if quarter is None else quarter_text(quarter),
        part=part,
        version=version,
        setting=setting,
        rows=rows,
        imported_at=imported_at,
    )
