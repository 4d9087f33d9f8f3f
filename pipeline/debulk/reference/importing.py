"""Import the user's files: all of one call in one transaction, or none of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path

from debulk.errors import ReferenceFileError
from debulk.reference import addons, descriptors, fees, mues, ptp
from debulk.reference.catalogue import imported_file
from debulk.reference.cells import quarter_text
from debulk.reference.detect import Identity, identify
from debulk.reference.records import Progress, Records
from debulk.reference.store import Store
from debulk.reference.table import Table, fingerprint, tables
from debulk.reference.values import ImportedFile

_LOADERS = {
    "ptp": ptp,
    "mue": mues,
    "addon": addons,
    "fees": fees,
    "descriptors": descriptors,
}
# Of the same table given several times in one ZIP, the first of these is read.
_PREFERRED = (".txt", ".csv", ".xlsx")


def import_files(
    store: Store, paths: Iterable[Path], progress: Progress | None = None
) -> list[ImportedFile]:
    """Import files into the store; a fault in one leaves the store as it was.

    `progress` is told the name of the file and its rows so far, now and then and at its end.
    """
    with store.writing() as writer:
        return [
            _import(writer, table, identity, progress)
            for path in paths
            for table, identity in _identified(Path(path))
        ]


def _identified(path: Path) -> list[tuple[Table, Identity]]:
    """The tables of a file that are ours, each once, in the order of their parts."""
    found: dict[tuple[str, int | None, int], tuple[Table, Identity]] = {}
    for table in sorted(tables(path), key=_preference):
        identity = identify(table)
        if identity is not None:
            found.setdefault((identity.kind, identity.quarter, identity.part), (table, identity))
    if not found:
        raise ReferenceFileError(
            f"{path.name} is none of the files that can be imported: NCCI PTP for practitioners, "
            "MUE, add-on codes, PPRRVU, or the AMA's LONGULT, MEDU and SHORTU."
        )
    return [found[key] for key in sorted(found, key=lambda key: (key[0], key[1] or 0, key[2]))]


def _preference(table: Table) -> tuple[bool, int, str]:
    """The order in which the tables of a ZIP are tried."""
    low = table.file_name.lower()
    # Both fee files hold the same relative values; the one for most payers is non-QPP.
    qualifying = "qpp" in low and "nonqpp" not in low
    return qualifying, _PREFERRED.index(table.suffix), low


def _import(
    writer: sqlite3.Connection, table: Table, identity: Identity, progress: Progress | None
) -> ImportedFile:
    """Import one table."""
    bytes_ = fingerprint(table)
    _refuse_duplicate(writer, table, identity, bytes_.sha256)
    loader = _LOADERS[identity.kind]
    records = Records(table, starts=loader.starts, terminated=bytes_.terminated, progress=progress)
    cursor = writer.execute(
        "INSERT INTO file (kind, name, sha256, quarter, part, version, setting, rows, imported_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?)",
        (
            identity.kind,
            table.name,
            bytes_.sha256,
            identity.quarter,
            identity.part,
            identity.version,
            identity.setting,
            datetime.now(timezone.utc).isoformat(timespec="seconds"),
        ),
    )
    file = cursor.lastrowid
    assert file is not None
    loader.load(writer, records, file, identity.quarter or 0)
    writer.execute("UPDATE file SET rows = ? WHERE id = ?", (records.count, file))
    if progress is not None:
        progress(table.name, records.count)
    return imported_file(writer.execute("SELECT * FROM file WHERE id = ?", (file,)).fetchone())


def _refuse_duplicate(
    writer: sqlite3.Connection, table: Table, identity: Identity, sha256: str
) -> None:
    """Refuse the same bytes again, and the same part of the same quarter."""
    same = writer.execute("SELECT name FROM file WHERE sha256 = ?", (sha256,)).fetchone()
    if same is not None:
        raise ReferenceFileError(f"{table.name} is already imported, as {same[0]}.")
    same = writer.execute(
        "SELECT name FROM file WHERE kind = ? AND quarter = ? AND part = ?",
        (identity.kind, identity.quarter, identity.part),
    ).fetchone()
    if same is not None and identity.quarter is not None:
        raise ReferenceFileError(
            f"{identity.shown} of {quarter_text(identity.quarter)} is already imported, from "
            f"{same[0]}: remove that before importing {table.name}."
        )
