"""The store: whole or untouched, its owner's alone, read by many at once."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest
import reference_layouts as layouts
from reference_layouts import Import

from debulk.errors import ReferenceFileError
from debulk.reference import Store, import_files, listing, mue, pair, remove

ON = date(2026, 8, 1)
BAD = layouts.ptp_text([*layouts.PTP_ROWS, ("11111", "22222", "", "20240101", "*", "5", "Bad")])
FIRST = ("11111", "2222T")


def is_there(store: Store) -> bool:
    return pair(store, *FIRST, ON) is not None


def test_a_fault_in_the_last_file_keeps_nothing_of_the_call(
    give: Import, store: Store, tmp_path: Path
) -> None:
    kept = give(layouts.MUE_NAME, layouts.mue_text())
    paths = [
        layouts.put(tmp_path, layouts.PTP_NAME, layouts.ptp_text()),
        layouts.put(tmp_path, "ccipra-v322r0-f2.txt", BAD),
    ]
    with pytest.raises(ReferenceFileError, match="'5' is not a modifier indicator"):
        import_files(store, paths)
    assert listing(store) == kept
    assert not is_there(store)
    assert mue(store, "22222", ON) is not None
    [file] = import_files(store, paths[:1])
    assert file.rows == 7


def test_an_interruption_keeps_nothing_of_the_call(store: Store, tmp_path: Path) -> None:
    def interrupt(name: str, rows: int) -> None:
        raise KeyboardInterrupt

    path = layouts.put(tmp_path, layouts.PTP_NAME, layouts.ptp_text())
    with pytest.raises(KeyboardInterrupt):
        import_files(store, [path], progress=interrupt)
    assert listing(store) == []
    assert len(import_files(store, [path])) == 1


KILLED = """
import os, sys
from pathlib import Path
from debulk.reference import Store, import_files, store
store.CACHE = 1
import_files(Store(Path(sys.argv[1])), [Path(sys.argv[2])], progress=lambda *_: os._exit(9))
"""


def test_a_killed_import_leaves_the_store_as_it_was(
    give: Import, store: Store, tmp_path: Path
) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    rows = [(f"{n:05d}", "11111", "", "20200101", "*", "1", "Invented") for n in range(60_000)]
    path = layouts.put(tmp_path, "ccipra-v322r0-f2.txt", layouts.ptp_text(rows))
    # A cache of one page makes SQLite write into the file before the commit.
    done = subprocess.run(
        [sys.executable, "-c", KILLED, store.path, path],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )
    assert done.returncode == 9
    assert Path(f"{store.path}-journal").exists()
    for fresh in (Store(store.path), store):
        assert [file.name for file in listing(fresh)] == [layouts.PTP_NAME]
        assert is_there(fresh)
    assert [file.rows for file in import_files(store, [path])] == [60_000]


def test_readers_see_the_old_data_until_the_commit(
    give: Import, store: Store, tmp_path: Path
) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    seen: list[tuple[bool, int]] = []

    def look(name: str, rows: int) -> None:
        other = Store(store.path)
        seen.append((is_there(other), len(listing(other))))

    path = layouts.put(tmp_path, layouts.MUE_NAME, layouts.mue_text())
    import_files(store, [path], progress=look)
    assert seen == [(True, 1)]
    assert len(listing(store)) == 2


def test_the_folder_and_the_file_are_their_owners_alone(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700


def test_a_file_open_to_others_is_closed_to_them(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    store.path.chmod(0o644)
    give(layouts.MUE_NAME, layouts.mue_text())
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600


def test_the_reader_cannot_write(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    with pytest.raises(ReferenceFileError):
        store.fetch("DELETE FROM file")
    assert len(listing(store)) == 1


def test_the_data_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEBULK_DATA", str(tmp_path / "mine"))
    assert Store().path == tmp_path / "mine" / "reference.sqlite"
    monkeypatch.delenv("DEBULK_DATA")
    assert Store().path.name == "reference.sqlite"
    assert "debulk" in Store().path.parts
    assert Store(tmp_path / "other.sqlite").path == tmp_path / "other.sqlite"


def test_threads_look_up_at_once(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(is_there, [store] * 200))


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_processes_look_up_at_once(give: Import, store: Store, method: str) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    assert is_there(store)
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(2, mp_context=context) as pool:
        assert all(pool.map(is_there, [store] * 8))
    assert is_there(store)


def test_a_connection_is_not_carried_over_a_fork(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    assert is_there(store)
    if (child := os.fork()) == 0:
        os._exit(0 if is_there(store) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_a_store_can_be_sent(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    assert is_there(pickle.loads(pickle.dumps(store)))


def test_a_new_import_is_seen_by_a_reader_that_is_open(give: Import, store: Store) -> None:
    give(layouts.MUE_NAME, layouts.mue_text())
    assert not is_there(store)
    give(layouts.PTP_NAME, layouts.ptp_text())
    assert is_there(store)


def test_remove_by_id(give: Import, store: Store) -> None:
    [pairs] = give(layouts.PTP_NAME, layouts.ptp_text())
    [units] = give(layouts.MUE_NAME, layouts.mue_text())
    assert remove(store, pairs.id) == [pairs]
    assert listing(store) == [units]
    assert not is_there(store)
    [again] = give(layouts.PTP_NAME, layouts.ptp_text())
    assert (again.rows, is_there(store)) == (7, True)


def test_remove_by_quarter(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    give(layouts.MUE_NAME, layouts.mue_text())
    give("SHORTU.txt", b"11111 INVENTED SHORT\r\n")
    [older] = give("ccipra-v321r0-f1.txt", layouts.ptp_text(layouts.PTP_ROWS[:3]))
    assert {file.kind for file in remove(store, "2026 Q3")} == {"ptp", "mue"}
    assert [file.kind for file in listing(store)] == ["ptp", "descriptors"]
    found = pair(store, *FIRST, ON)
    assert found is not None
    assert found.sha256 == older.sha256


@pytest.mark.parametrize("which", [99, "2020 Q1", "99"])
def test_removing_what_is_not_there(give: Import, store: Store, which: int | str) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    with pytest.raises(ReferenceFileError):
        remove(store, which)
    assert len(listing(store)) == 1


def test_a_damaged_store_is_named(store: Store) -> None:
    store.path.parent.mkdir()
    store.path.write_bytes(b"no database at all" * 100)
    with pytest.raises(ReferenceFileError, match="cannot be read"):
        listing(store)


def test_a_store_of_another_version_is_named(give: Import, store: Store) -> None:
    give(layouts.PTP_NAME, layouts.ptp_text())
    with sqlite3.connect(store.path) as connection:
        connection.execute("PRAGMA user_version = 77")
    with pytest.raises(ReferenceFileError, match="another version of debulk"):
        listing(Store(store.path))
    with pytest.raises(ReferenceFileError, match="another version of debulk"):
        give(layouts.MUE_NAME, layouts.mue_text())
