"""The shipped card, scores, plots and model are of one making."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from debulk import card, corpus, scoring
from debulk.coder import Coder

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "models/debulking"
STALE = "run make train evaluate"


def load(name: str) -> Any:
    file = SHIPPED / name
    assert file.is_file(), STALE
    return json.loads(file.read_text("utf-8"))


# -- what is shipped


def test_the_scores_are_of_the_shipped_model() -> None:
    data = (SHIPPED / "classifier.joblib").read_bytes()
    sha256 = hashlib.sha256(data).hexdigest()
    assert load("meta.json")["debulk"]["sha256"] == sha256
    assert load("scores.json")["model"] == sha256, STALE


def test_the_card_is_of_the_scores() -> None:
    expected = card.text(load("scores.json"), load("meta.json"))
    assert (SHIPPED / card.CARD).read_text("utf-8") == expected, STALE


def test_the_plots_are_of_the_scores() -> None:
    plots = load("scores.json")["plots"]
    assert plots
    for name, sha256 in plots.items():
        data = (SHIPPED / name).read_bytes()
        assert data.startswith(b"\x89PNG")
        assert hashlib.sha256(data).hexdigest() == sha256, STALE


def test_the_scores_are_of_the_corpus() -> None:
    told = load("scores.json")["corpus"]
    for split in corpus.splits(ROOT / "corpus"):
        assert told[split]["sha256"] == scoring.fingerprint(ROOT / "corpus", split), STALE


# -- how it is made


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A card of the shipped model, scored on a few voices of the training splits."""
    home = tmp_path_factory.mktemp("corpus")
    for voice in ("resident", "terse", "fellow"):
        shutil.copytree(ROOT / "corpus/notes" / voice, home / "notes" / voice)
    splits = {"train": ["resident"], "dev": ["terse"], "test": ["fellow"]}
    (home / "splits.json").write_text(json.dumps(splits))
    folder = tmp_path_factory.mktemp("model") / "debulking"
    shutil.copytree(SHIPPED, folder)
    coder = Coder(folder)
    unseen = scoring.answered(coder, list(corpus.notes(home, "test")))
    scores = scoring.book(coder, home, folder, unseen)
    card.write(folder)
    return folder, scores


def test_a_card_says_what_it_must(made: tuple[Path, dict[str, Any]]) -> None:
    folder, scores = made
    text = (folder / card.CARD).read_text("utf-8")
    headings = re.findall(r"^## (.+)$", text, re.M)
    assert headings == [
        "Intended use", "Out of scope", "Data", "Scores", "Threshold and drift guard", "Comparison",
        "Calibration", "Over-coding and under-coding, unseen voices", "By code, unseen voices",
        "By voice, unseen voices", "Learning from use", "Versions",
    ]  # fmt: skip
    assert "Every note is synthetic" in text
    assert scores["model"] in text
    for name in scores["plots"]:
        assert f"({name})" in text
        assert (folder / name).is_file()
    for method in scores["comparison"]:
        assert method in text


def test_every_table_of_a_card_has_even_rows(made: tuple[Path, dict[str, Any]]) -> None:
    text = (made[0] / card.CARD).read_text("utf-8")
    for table in re.findall(r"(?:^\|.*\|$\n?)+", text, re.M):
        assert len({line.count("|") for line in table.splitlines()}) == 1, table


def test_the_comparison_has_every_method(made: tuple[Path, dict[str, Any]]) -> None:
    rows = made[1]["comparison"]
    assert len(rows) == 6
    for row in rows.values():
        assert 0 <= row["exact code"]["low"] <= row["exact code"]["value"] <= 1
        assert 0 <= row["coverage at 99 % right codes"]["value"] <= 1


def test_the_same_scores_give_the_same_plots(made: tuple[Path, dict[str, Any]]) -> None:
    folder, scores = made
    for name, sha256 in scores["plots"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == sha256
