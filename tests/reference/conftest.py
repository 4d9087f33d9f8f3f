from __future__ import annotations

from pathlib import Path

import pytest
from reference_layouts import Import, put

from debulk.reference import ImportedFile, Store, import_files


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data" / "reference.sqlite")


@pytest.fixture
def give(store: Store, tmp_path: Path) -> Import:
    """Import one file of this name and content."""

    def give(name: str, content: bytes) -> list[ImportedFile]:
        return import_files(store, [put(tmp_path, name, content)])

    return give
