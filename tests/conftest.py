"""What the tests share: the shipped model, loaded once, and the corpus, read once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from debulk import corpus, model
from debulk.coder import Coder
from debulk.values import Report

ROOT = Path(__file__).parents[1]
CORPUS = ROOT / "corpus"


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--renew` writes the golden reports anew: read the difference before you keep it."""
    parser.addoption("--renew", action="store_true", help="write tests/golden anew")


@pytest.fixture(scope="session")
def coder() -> Coder:
    """The coder with the shipped model."""
    return Coder(ROOT / "models" / "debulking")


@pytest.fixture(scope="session")
def nlp() -> Any:
    """The reading pipeline, nothing trained in it."""
    return model.blank()


@pytest.fixture(scope="session")
def notes() -> dict[str, corpus.Note]:
    """Every corpus note by its id."""
    return {note.id: note for note in corpus.notes(CORPUS)}


@pytest.fixture(scope="session")
def reports(coder: Coder, notes: dict[str, corpus.Note]) -> dict[str, Report]:
    """The report of every corpus note, written once for all tests that look at one."""
    return {
        note.id: coder.suggest(note.text, id=note.id, date_of_service=note.on)
        for note in notes.values()
    }
