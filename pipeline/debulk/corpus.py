"""The corpus: hand-written notes with gold, by voice, in frozen splits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from debulk import coding
from debulk.errors import CorpusError


@dataclass(frozen=True)
class Note:
    """A corpus note with its gold, in the contract's words."""

    id: str
    voice: str
    text: str
    gold: Mapping[str, Any]

    @property
    def date_of_service(self) -> date | None:
        """The date given with the note; None where it stands only in the text."""
        value = self.gold["date_of_service"]
        return date.fromisoformat(value) if value else None

    @property
    def on(self) -> date:
        """The date of service, wherever it stands."""
        return date.fromisoformat(self.gold["date_of_service"] or self.gold["text_date"])

    @property
    def case(self) -> str:
        """The clinical case: what the gold facts and the gold code say together."""
        primary = self.gold["primary"]
        if self.gold["decision"] == "out_of_scope":
            return "out_of_scope"
        named = {
            case
            for case in coding.case_labels()
            if primary and primary in coding.codes_of(case, self.on)
        }
        if len(named) == 1:
            return next(iter(named))
        facts = self.gold["facts"]
        if facts["approach"] in ("laparoscopic", "robotic"):
            return "out_of_scope"
        if facts["disease_status"] == "recurrent" and facts["debulking"]:
            site = facts["primary_site"]
            return "recurrent_debulking" if site not in ("other", "unknown") else "tumor_excision"
        if named:
            return "tumor_excision"
        return "no_case"


def home(folder: str | Path | None = None) -> Path:
    """The corpus folder: the argument, or the one of the checkout."""
    path = Path(folder) if folder else Path.cwd() / "corpus"
    if not (path / "splits.json").is_file():
        raise CorpusError(
            "No corpus was found: run this in the checkout, or name it with --corpus."
        )
    return path


def splits(folder: Path) -> dict[str, list[str]]:
    """The voices of each split: train, dev, test."""
    found: dict[str, list[str]] = json.loads((folder / "splits.json").read_text("utf-8"))
    return found


def notes(folder: Path, split: str | None = None) -> Iterator[Note]:
    """The notes of a split, or of all, in a fixed order."""
    table = splits(folder)
    voices = table[split] if split else [v for part in table.values() for v in part]
    for voice in voices:
        for file in sorted((folder / "notes" / voice).glob("*.json")):
            gold = json.loads(file.read_text("utf-8"))
            text = file.with_suffix(".txt").read_bytes().decode("utf-8")
            yield Note(gold["id"], voice, text, gold)
