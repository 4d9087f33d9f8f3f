"""A store with invented rows about our codes, in the real layouts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).parent / "reference"))

import reference_layouts as layouts

from debulk.reference import Store, import_files


def pairs_store(
    folder: Path, rows: Sequence[tuple[str, ...]], parts: int = 4, **files: bytes
) -> Store:
    """A store of 2026 Q3: (column 1, column 2, indicator[, last day]), and other files by kind."""
    store = Store(folder / "data" / "reference.sqlite")
    names = {"mue": layouts.MUE_NAME, "aoc": layouts.AOC_NAME, "fees": layouts.FEES_NAME}
    for part in range(1, parts + 1 if rows else 1):
        full = [
            (one, two, "", "20100101", (rest or ["*"])[0], indicator, "Invented reason")
            for one, two, indicator, *rest in rows
        ]
        lines = full if part == 1 else [(f"1000{part}", "11111", "", "20100101", "*", "0", "I")]
        name = layouts.PTP_NAME.replace("-f1", f"-f{part}")
        import_files(store, [layouts.put(folder, name, layouts.ptp_text(lines))])
    for kind, content in files.items():
        import_files(store, [layouts.put(folder, names[kind], content)])
    return store
