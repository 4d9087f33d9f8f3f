"""Training: the same bytes, an honest threshold, and reviews that may not make it worse."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gold_facts import FACTS

from debulk import classifier, corpus, reviews, selection, training
from debulk.coder import Coder
from debulk.errors import CorpusError, DebulkError, InputError, ModelError
from debulk.model import load_classifier
from debulk.selection import Offered

ROOT = Path(__file__).parents[1]
VOICES = ("resident", "terse", "formulaic")


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus of three voices."""
    folder = tmp_path_factory.mktemp("corpus")
    for voice in VOICES:
        shutil.copytree(ROOT / "corpus/notes" / voice, folder / "notes" / voice)
    splits = {"train": VOICES[:2], "dev": VOICES[2:], "test": []}
    (folder / "splits.json").write_text(json.dumps(splits))
    return folder


@pytest.fixture(scope="module")
def trained(small: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("model")
    training.train(small, out)
    return out


# -- the same bytes


def test_another_process_writes_the_same_files(small: Path, trained: Path, tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\nfrom debulk import training\n"
        "training.train(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
    )
    environment = os.environ | {
        "PYTHONHASHSEED": "11",
        "TZ": "Asia/Tokyo",
        "OMP_NUM_THREADS": "2",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script, small, tmp_path / "again"],
        env=environment, check=True, timeout=300,
    )  # fmt: skip
    assert files(tmp_path / "again") == files(trained)


def test_the_model_folder_holds_no_words_of_the_notes(trained: Path) -> None:
    strings = set(json.loads((trained / "vocab/strings.json").read_text("utf-8")))
    words = (ROOT / "corpus/notes/resident/resident-01.txt").read_text("utf-8").split()
    assert not {word for word in words if len(word) > 12} & strings


def test_meta_describes_the_file(trained: Path) -> None:
    model = load_classifier(trained)
    assert model.meta["trained_on"] == {
        "notes": sum(
            1 for _ in (ROOT / "corpus/notes").glob("*/*.json") if _.parent.name in VOICES
        ),
        "voices": sorted(VOICES),
        "reviews": 0,
    }
    assert model.meta["versions"] == training.versions()


def test_one_voice_cannot_be_held_out(small: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").symlink_to(small / "notes")
    splits = {"train": ["terse"], "dev": [], "test": []}
    (tmp_path / "splits.json").write_text(json.dumps(splits))
    with pytest.raises(CorpusError, match="two voices"):
        training.train(tmp_path, tmp_path / "out")


def test_the_test_split_is_never_read(small: Path, tmp_path: Path) -> None:
    for voice in VOICES:
        shutil.copytree(small / "notes" / voice, tmp_path / "notes" / voice)
    (tmp_path / "notes/secret").mkdir()
    (tmp_path / "notes/secret/secret-01.json").write_text("not to be opened")
    splits = {"train": VOICES[:2], "dev": VOICES[2:], "test": ["secret"]}
    (tmp_path / "splits.json").write_text(json.dumps(splits))
    assert {note.voice for note in training.learning_notes(tmp_path)} == set(VOICES)


# -- the threshold

RIGHT, CODE, CASE = (True, True), (False, True), (False, False)
ROWS = {
    "all right": ([(0.9, RIGHT)] * 150, 200, 0.9),
    "too few notes to promise anything": ([(0.9, RIGHT)] * 90, 90, 1.0),
    "a wrong case at the end is left out": ([(0.9, RIGHT)] * 60 + [(0.7, CASE)], 250, 0.9),
    "one wrong case in a hundred": (
        [(0.9, RIGHT)] * 60 + [(0.8, CASE)] + [(0.7, RIGHT)] * 60, 250, 0.7,
    ),
    "a second wrong code ends it": (
        [(0.9, RIGHT), (0.8, CODE), (0.7, RIGHT), (0.6, CODE), (0.55, RIGHT)], 250, 0.7,
    ),
    "never under a half": ([(0.9, RIGHT), (0.4, RIGHT)], 250, 0.9),
    "nothing offered": ([], 250, 1.0),
    "a tie with a wrong case is not cut": ([(0.9, RIGHT), (0.8, RIGHT), (0.8, CASE)], 250, 0.9),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_the_lowest_threshold_that_keeps_the_promise(name: str) -> None:
    rows, notes, expected = ROWS[name]
    offered = [Offered(chance, *right) for chance, right in rows]
    assert selection.lowest(offered, notes) == pytest.approx(expected, abs=1e-6)
    assert selection.lowest(offered, notes) <= expected


# -- reviews

MENTIONS = [{"concept": "tumor_debulking", "status": "performed", "section": "title"}]
CODE_ROW = {"code": "58958", "date_of_service": "2025-03-14"}


def review(**changes: Any) -> dict[str, Any]:
    row = {"facts": FACTS, "mentions": MENTIONS, **CODE_ROW, **changes}
    return {name: value for name, value in row.items() if value is not ...}


def load(tmp_path: Path, *rows: Mapping[str, Any] | str) -> list[selection.Example]:
    file = tmp_path / "reviews.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    file.write_text("\n".join(lines), encoding="utf-8")
    return reviews.load(file)


CASES = {
    "58958 in 2025": (review(), "recurrent_debulking_nodes"),
    "58957 in 2024": (review(code="58957", date_of_service="2024-03-14"), "recurrent_debulking"),
    "a size code in 2025": (review(code="49186"), "recurrent_debulking"),
    "a size code of another site": (
        review(code="49186", facts=FACTS | {"primary_site": "other"}), "tumor_excision",
    ),
    "a case": (review(case="staging", code=..., date_of_service=...), "staging"),
    "out of scope": (review(case="out_of_scope", code=..., date_of_service=...), "out_of_scope"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_review_names_the_case(name: str, tmp_path: Path) -> None:
    row, expected = CASES[name]
    (example,) = load(tmp_path, row)
    assert (example.case, example.voice) == (expected, "reviews")
    assert example.features["tumor_debulking:performed:title"] == 0.5
    assert example.features["both_basins"] == 1.0


REFUSED = {
    "a field beside": (review(text="Jane Roe"), "has a field that no review has"),
    "a field of a mention": (
        review(mentions=[MENTIONS[0] | {"text": "Jane Roe"}]), "in a mention",
    ),
    "words for a concept": (review(mentions=[MENTIONS[0] | {"concept": "Jane Roe"}]), "mentions"),
    "words for a section": (review(mentions=[MENTIONS[0] | {"section": "Jane Roe"}]), "mentions"),
    "words for a fact": (review(facts=FACTS | {"approach": "Jane Roe"}), "value of approach"),
    "1 for true": (review(facts=FACTS | {"debulking": 1}), "value of debulking"),
    "another fact": (review(facts=FACTS | {"Jane Roe": "x"}), "a fact that the report does not"),
    "a fact missing": (
        review(facts={k: v for k, v in FACTS.items() if k != "adnexa"}), "lacks the fact adnexa",
    ),
    "lengths in words": (review(facts=FACTS | {"tumor_lengths_cm": "4"}), "no list"),
    "neither case nor code": (review(code=..., date_of_service=...), "either a case"),
    "case and code": (review(case="staging"), "either a case"),
    "no date": (review(date_of_service=...), "no date_of_service"),
    "no date at all": (review(date_of_service="Jane Roe"), "date_of_service"),
    "a code that had ended": (review(code="58957"), "none of the family"),
    "a case of no table": (review(case="Jane Roe", code=..., date_of_service=...), "no table"),
    "no JSON": ("Jane Roe", "is not a JSON object"),
    "no object": ("[1]", "use the words of the report"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_review_is_refused_in_one_sentence_that_quotes_nothing(name: str, tmp_path: Path) -> None:
    row, expected = REFUSED[name]
    with pytest.raises(InputError) as error:
        load(tmp_path, review(), row)
    said = str(error.value)
    assert said.startswith("reviews.jsonl line 2 ")
    assert expected in said
    assert said.endswith(".")
    assert "Jane" not in said


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xff\xfe\x00"])
def test_a_file_without_reviews(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "reviews.jsonl"
    file.write_bytes(content)
    with pytest.raises(InputError):
        reviews.load(file)
    with pytest.raises(DebulkError):
        reviews.load(tmp_path / "missing.jsonl")


def test_reviews_are_learned_from_and_the_change_is_told(
    small: Path, trained: Path, tmp_path: Path
) -> None:
    text = (ROOT / "corpus/notes/team/team-01.txt").read_text()
    read = Coder(trained).suggest(text, date_of_service=date(2025, 3, 14)).to_dict()
    kept = ("concept", "status", "section")
    mentions = [{name: each[name] for name in kept} for each in read["mentions"]]
    row = review(facts=read["facts"], mentions=mentions)
    meta = training.train(small, tmp_path / "model", reviews=load(tmp_path, row))
    changed = meta["changed_by_reviews"]
    assert changed["reviews"] == meta["trained_on"]["reviews"] == 1
    for name in ("notes with the right case", "threshold", "suggested"):
        assert set(changed[name]) == {"before", "after"}
    assert changed["threshold"]["before"] == load_classifier(trained).threshold
    right = changed["notes with the right case"]
    assert right["after"] >= right["before"]
    assert meta["sha256"] != load_classifier(trained).sha256


def test_reviews_that_lower_the_score_are_refused(small: Path, tmp_path: Path) -> None:
    notes = [n for n in corpus.notes(small, "train") if n.case == "recurrent_debulking_nodes"]
    assert notes
    read_cases = training.cases(training.model.blank(), notes)
    wrong = [
        selection.Example(classifier.features(case), "staging", reviews.VOICE)
        for case in read_cases
    ]
    with pytest.raises(ModelError, match="were not learned from"):
        training.train(small, tmp_path / "model", reviews=wrong * 20)
    assert not (tmp_path / "model").exists()
