"""The corpus holds what its data card says, and the validator sees what would break it."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from debulk import corpus
from debulk.corpus import Note
from debulk.errors import CorpusError
from debulk.validation import DECISIONS, SPLITS, problems, shingles
from debulk.values import CONCEPTS, STATUSES

CORPUS = Path(__file__).parents[1] / "corpus"
Gold = dict[str, Any]


def test_the_corpus_has_no_problems() -> None:
    assert problems(CORPUS) == []


def test_size_voices_and_splits(notes: dict[str, Note]) -> None:
    splits = corpus.splits(CORPUS)
    assert len(notes) >= 100
    assert len({note.voice for note in notes.values()}) >= 8
    sizes = {split: sum(1 for _ in corpus.notes(CORPUS, split)) for split in SPLITS}
    assert sum(sizes.values()) == len(notes)
    assert min(sizes.values()) >= 18, sizes
    assert len({voice for voices in splits.values() for voice in voices}) == 56


def test_the_test_voices_are_the_frozen_ones() -> None:
    frozen = ["flattened", "overseas", "smartphrase", "synoptic", "veteran"]
    assert corpus.splits(CORPUS)["test"] == frozen


def test_every_decision_status_and_code_of_the_family_occurs(notes: dict[str, Note]) -> None:
    golds = [note.gold for note in notes.values()]
    assert {gold["decision"] for gold in golds} == {"suggest", "review", "out_of_scope"}
    assert {status for gold in golds for _, status in gold["statuses"]} == set(STATUSES)
    told = {concept for gold in golds for concept, _ in gold["statuses"]}
    assert len(told) >= 0.9 * len(CONCEPTS)
    family = "58943 58950 58951 58952 58953 58954 58956 58957 58958 58960".split()
    assert set(family) <= {gold["primary"] for gold in golds}


def test_both_sides_of_2025_occur_in_every_split() -> None:
    for split in SPLITS:
        years = {note.on.year >= 2025 for note in corpus.notes(CORPUS, split)}
        assert years == {True, False}, split


def test_the_data_card_states_the_sizes(notes: dict[str, Note]) -> None:
    card = (CORPUS / "README.md").read_text("utf-8")
    for split in SPLITS:
        found = list(corpus.notes(CORPUS, split))
        assert f"| {split} | {len({n.voice for n in found})} | {len(found)} |" in card
        decided = Counter(n.gold["decision"] for n in found)
        new = sum(n.on.year >= 2025 for n in found)
        counts = (*(decided[d] for d in DECISIONS), len(found) - new, new)
        assert f"| {len(found)} | {' | '.join(map(str, counts))} |" in card
    for voice in {note.voice for note in notes.values()}:
        assert f"`{voice}`" in card, voice


def test_a_folder_without_splits_is_no_corpus(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="No corpus was found"):
        corpus.home(tmp_path)
    assert len(problems(tmp_path)) == 1


# --- what the validator sees ------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A corpus of one note a split."""
    for voice in ("terse", "fellow", "synoptic"):
        folder = tmp_path / "notes" / voice
        folder.mkdir(parents=True)
        for suffix in (".txt", ".json"):
            name = f"{voice}-01{suffix}"
            shutil.copy(CORPUS / "notes" / voice / name, folder / name)
    table = {"train": ["terse"], "dev": ["fellow"], "test": ["synoptic"]}
    (tmp_path / "splits.json").write_text(json.dumps(table))
    assert problems(tmp_path) == []
    return tmp_path


def changed(key: str, value: Any) -> Callable[[Gold], None]:
    def change(gold: Gold) -> None:
        gold[key] = value

    return change


def fact(key: str, value: Any) -> Callable[[Gold], None]:
    def change(gold: Gold) -> None:
        gold["facts"][key] = value

    return change


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda gold: gold.pop("why"), "the gold lacks why"),
        (changed("id", "terse-99"), "id and voice are not those of the file"),
        (changed("decision", "maybe"), "'maybe' is no decision"),
        (changed("primary", None), "a suggestion names no code"),
        (changed("acceptable", []), "not among the acceptable"),
        (changed("primary", "99999"), "99999 is no code of the family"),
        (changed("date_of_service", "2025-02-30"), "not a day of the calendar"),
        (changed("date_of_service", "2001-01-01"), "was not in force"),
        (changed("date_of_service", None), "exactly one of date_of_service and text_date"),
        (fact("approach", "sideways"), "'sideways' is no value of approach"),
        (fact("debulking", "yes"), "debulking is neither true nor false"),
        (fact("tumor_length_sum_cm", 99.0), "is not the sum of the lengths"),
        (fact("tumor_lengths_cm", [-1]), "a tumour length is no positive number"),
        (fact("colour", "red"), "the facts are not those of the contract: colour"),
        (lambda gold: gold["statuses"].append(["omentectomy", "done"]), "in the words of the"),
        (lambda gold: gold["statuses"].append(gold["statuses"][0]), "is given twice"),
        (lambda gold: gold["quotes"].pop(0), "a status without quote"),
        (lambda gold: gold["quotes"][0].update(quote="not there"), "is not in the note"),
        (changed("included", ["4900"]), "'4900' among the included is no code"),
        (changed("separate", ["wart"]), "'wart' among the separate is no concept"),
        (changed("conflicts", ["wart"]), "'wart' among the conflicts is no concept"),
        (changed("gaps", ["colour"]), "'colour' among the gaps is no fact"),
    ],
)
def test_a_broken_gold_is_seen(small: Path, change: Callable[[Gold], object], problem: str) -> None:
    file = small / "notes" / "terse" / "terse-01.json"
    gold = json.loads(file.read_text("utf-8"))
    change(gold)
    file.write_text(json.dumps(gold))
    found = problems(small)
    assert any(one.startswith("terse-01: ") and problem in one for one in found), found


@pytest.mark.parametrize(
    ("added", "problem"),
    [
        ("Surgeon: Dr. Miller.", "a name behind a title"),
        ("DR. MILLER ASSISTED.", "a name behind a title"),
        ("Mrs Miller was seen.", "a name behind a title"),
        ("MRN: 44871", "a record number"),
        ("Case 10448712", "a long number"),
        ("Call 555-201-3344.", "a number of a person"),
        ("SSN 123-45-6789", "a number of a person"),
        ("write to someone@example.org", "an address"),
    ],
)
def test_an_identifier_is_seen(small: Path, added: str, problem: str) -> None:
    file = small / "notes" / "terse" / "terse-01.txt"
    file.write_text(f"{file.read_text('utf-8')}\n{added}\n", encoding="utf-8")
    assert any(problem in one for one in problems(small))
    assert not any("Miller" in one or "44871" in one for one in problems(small)), "quotes a note"


@pytest.mark.parametrize(
    "added",
    ["Dr. V assisted.", "Dr. ____ assisted.", "MR venogram seen.", "MRN: ____", "IVF 1,500 mL."],
)
def test_a_role_a_letter_or_a_blank_is_no_identifier(small: Path, added: str) -> None:
    file = small / "notes" / "terse" / "terse-01.txt"
    file.write_text(f"{file.read_text('utf-8')}\n{added}\n", encoding="utf-8")
    assert problems(small) == []


def test_a_near_duplicate_in_another_split_is_refused(small: Path) -> None:
    folder = small / "notes"
    gold = json.loads((folder / "terse" / "terse-01.json").read_text("utf-8"))
    text = (folder / "terse" / "terse-01.txt").read_text("utf-8")
    for voice in ("fellow", "terse"):
        copy = {**gold, "id": f"{voice}-02", "voice": voice}
        (folder / voice / f"{voice}-02.json").write_text(json.dumps(copy))
        (folder / voice / f"{voice}-02.txt").write_text(f"{text}Seen and signed.\n")
    found = problems(small)
    assert found == [
        "fellow/fellow-02 (dev) and terse/terse-01 (train) are near-duplicates.",
        "fellow/fellow-02 (dev) and terse/terse-02 (train) are near-duplicates.",
    ], "copies inside one split are a matter of taste, across splits they are a leak"


def test_broken_files_are_seen(small: Path) -> None:
    folder = small / "notes"
    (folder / "terse" / "terse-01.json").write_text("{")
    (folder / "fellow" / "fellow-01.txt").write_bytes(b"\xff\xfe")
    (folder / "synoptic" / "synoptic-01.txt").unlink()
    assert problems(small) == [
        "fellow-01: the note is not UTF-8.",
        "synoptic-01: synoptic-01.txt is missing.",
        "terse-01: the gold is not JSON.",
    ]


def test_broken_splits_are_seen(small: Path) -> None:
    file = small / "splits.json"
    file.write_text(json.dumps({"train": ["terse"], "dev": ["terse"], "test": ["ghost"]}))
    assert problems(small) == [
        "splits.json lists the voice terse twice.",
        "The voice fellow has no split.",
        "The voice ghost has no folder.",
        "The voice synoptic has no split.",
    ]
    file.write_text("[]")
    assert problems(small) == ["splits.json does not hold train, dev and test, and nothing else."]


def test_shingles_put_case_and_punctuation_aside() -> None:
    assert shingles("The omentum, was REMOVED entirely.") == shingles(
        "the omentum was removed entirely"
    )
    assert len(shingles("one two three four five six")) == 2
    assert shingles("too short") == frozenset()
