"""Change each code, date and indicator of the knowledge tables in turn: a test must fail each time.

python tests/bench/mutate_tables.py [--table included]
"""

from __future__ import annotations

import argparse
import functools
import gc
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pipeline"))

from debulk import tables

ROOT = Path(__file__).resolve().parents[2]

TESTS = ("test_edits.py", "test_coding.py", "test_checks.py", "test_explain.py")
# Column by column: what is in it, so how it is changed.
COLUMNS: dict[str, dict[str, str]] = {
    "included": {
        "code": "code", "beside": "codes", "modifier": "indicator", "column1": "order",
        "warn": "warn",
    },
    "pairs": {"column2": "code", "column1": "codes", "modifier": "indicator"},
    "separate": {"codes": "codes", "from": "date", "to": "date"},
    "codes": {
        "code": "code", "valid_from": "date", "valid_to": "date", "mue": "number",
        "bilateral": "flag",
    },
    "case_codes": {
        "code": "code", "from": "date", "to": "date", "over": "number", "up_to": "number",
        "by": "measure",
    },
    "addons": {"code": "code", "primaries": "codes", "valid_from": "date", "valid_to": "date"},
    "code_modifiers": {"modifiers": "codes", "bypass": "flag"},
    "sides": {"code": "code"},
    "cases": {"case": "case", "decision": "decision"},
}  # fmt: skip
FLIPS = {
    "indicator": {"0": ["1", ""], "1": ["0", ""], "": ["0", "1"]},
    "order": {"code": [""], "": ["code"]},
    "warn": {"always": [""], "": ["always"]},
    "flag": {"yes": ["no"], "no": ["yes"]},
    "measure": {"sum": ["largest"], "largest": ["sum"]},
    "decision": {
        "suggest": ["review"], "review": ["suggest"], "out_of_scope": ["review"],
    },
}  # fmt: skip


def changed(kind: str, cell: str) -> Iterator[str]:
    """Every wrong cell that stands for a right one."""
    if kind in FLIPS:
        yield from FLIPS[kind].get(cell, [])
    elif kind == "code":
        yield "99999"
    elif kind == "codes":
        parts = cell.split()
        for index in range(len(parts)):
            yield " ".join(parts[:index] + parts[index + 1 :])
            yield " ".join([*parts[:index], "99999", *parts[index + 1 :]])
    elif kind == "date" and cell:
        for days in (-1, 1):
            yield (date.fromisoformat(cell) + timedelta(days)).isoformat()
        yield ""
    elif kind == "date":
        yield "2024-06-30"
    elif kind == "number" and cell:
        yield from (f"{float(cell) + 1:g}", f"{float(cell) - 1:g}")
    elif kind == "case" and cell:
        yield "staging" if cell != "staging" else "initial_nodes"


def mutants(names: tuple[str, ...]) -> Iterator[tuple[str, int, str, str]]:
    """Table, row number, column and the wrong cell."""
    for name in names:
        for number, row in enumerate(tables.rows(name)):
            for column, kind in COLUMNS[name].items():
                if column == "column1" and name == "included" and not row["modifier"]:
                    continue  # no pair, so no order of one
                for cell in changed(kind, row[column]):
                    yield name, number, column, cell


def caches() -> list[Any]:
    """Every cached function of debulk that may hold what a table said."""
    return [
        found
        for found in gc.get_objects()
        if isinstance(found, functools._lru_cache_wrapper)
        and str(getattr(found, "__module__", "")).startswith("debulk")
        and getattr(found, "__name__", "") != "rows"
    ]


class Mutator:
    """A pytest plugin that runs the collected tests once a mutant, up to the first failure."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.survivors: list[str] = []
        self.tried = 0

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the mutants in place of the tests."""
        order = [test for item in session.items if (test := runnable(item)) is not None]
        real = tables.rows
        cleared = caches()
        failed = [name for name, test in order if not passes(test)]
        if failed:
            raise pytest.UsageError(f"the tables as they are fail {failed[:3]}")
        for name, number, column, cell in mutants(self.names):
            self.tried += 1
            rows = list(real(name))
            rows[number] = {**rows[number], column: cell}

            def wrong(asked: str, name: str = name, rows: Any = tuple(rows)) -> Any:
                return rows if asked == name else real(asked)

            tables.rows = wrong  # type: ignore[assignment]
            for cache in cleared:
                cache.cache_clear()
            killer = next((i for i, (_, test) in enumerate(order) if not passes(test)), None)
            if killer is None:
                old = real(name)[number]
                self.survivors.append(f"{name} {dict(old)}: {column} -> {cell!r}")
            else:
                # What killed one mutant likely kills its neighbour.
                order.insert(0, order.pop(killer))
        tables.rows = real
        return True


def runnable(item: Any) -> tuple[str, Callable[[], None]] | None:
    """A test that needs no fixture, as a call; property tests and files are left out."""
    given = item.callspec.params if hasattr(item, "callspec") else {}
    if set(item.fixturenames) - set(given) - {"request"} or hasattr(item.obj, "hypothesis"):
        return None
    return item.nodeid, lambda: item.obj(**given)


def passes(test: Callable[[], None]) -> bool:
    """Does a test pass; one that is expected to fail counts as passed."""
    try:
        test()
    except pytest.xfail.Exception:
        return True
    except Exception:
        return False
    return True


def main() -> int:
    """Report the survivors; 1 where there are any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="append", choices=sorted(COLUMNS))
    names = tuple(parser.parse_args().table or COLUMNS)
    mutator = Mutator(names)
    began = time.perf_counter()
    files = [str(ROOT / "tests" / test) for test in TESTS]
    status = pytest.main(["-q", "-p", "no:cacheprovider", *files], plugins=[mutator])
    killed = mutator.tried - len(mutator.survivors)
    print(f"{killed} of {mutator.tried} mutants killed in {time.perf_counter() - began:.0f} s")
    for survivor in mutator.survivors:
        print(f"survived: {survivor}")
    return 1 if mutator.survivors or not mutator.tried or status not in (0, 5) else 0


if __name__ == "__main__":
    sys.exit(main())
