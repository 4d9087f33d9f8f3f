"""Whole reports of six notes, kept as files.

Renew them after a change that is meant: `python -m pytest tests/test_golden.py --renew`, then
read `git diff tests/golden` before you keep it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from debulk import corpus
from debulk.coder import Coder
from debulk.corpus import Note
from debulk.values import Report

FOLDER = Path(__file__).parent / "golden"
CORPUS = Path(__file__).parents[1] / "corpus"
# Voices of the training split alone: a recurrence with both basins, one without, an interval
# debulking, a tumour excision, a conflict, and a note out of scope.
NOTES = (
    "resident-01", "team-03", "ehr_template-06", "lowercase-06", "transcription-11", "all_caps-16",
)  # fmt: skip


def kept(report: Report) -> dict[str, Any]:
    """A report without what every training and every table row changes: chances and hashes."""
    found = report.to_dict()
    del found["provenance"], found["explanation"]
    for answer in (found["primary"], *found["alternatives"]):
        if answer:
            del answer["probability"]
    return found


@pytest.mark.parametrize("id", NOTES)
def test_the_report_is_the_kept_one(
    id: str, coder: Coder, notes: dict[str, Note], pytestconfig: pytest.Config
) -> None:
    note = notes[id]
    found = kept(coder.suggest(note.text, id=id, date_of_service=note.on))
    file = FOLDER / f"{id}.json"
    if pytestconfig.getoption("--renew"):
        written = json.dumps(found, indent=1, ensure_ascii=False)
        file.write_text(written + "\n", encoding="utf-8")
    assert found == json.loads(file.read_text("utf-8"))


@pytest.mark.parametrize("id", NOTES)
def test_a_kept_report_names_the_gold_code(id: str, notes: dict[str, Note]) -> None:
    report = json.loads((FOLDER / f"{id}.json").read_text("utf-8"))
    gold = notes[id].gold
    primary = report["primary"]["code"] if report["primary"] else None
    assert (report["decision"], primary) == (gold["decision"], gold["primary"])


def test_every_kept_report_is_of_a_training_voice() -> None:
    assert {file.stem for file in FOLDER.glob("*.json")} == set(NOTES)
    train = corpus.splits(CORPUS)["train"]
    assert {id.rsplit("-", 1)[0] for id in NOTES} <= set(train)
