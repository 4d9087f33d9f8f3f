"""A coder small enough to see through, and a batch to be killed: `python archive_coder.py …`."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from debulk.errors import InputError


@dataclass(frozen=True)
class FakeReport:
    id: str
    text: str
    day: date | None
    codes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        primary = {"code": "58958", "probability": len(self.text) / 1000}
        return {
            "schema_version": "1.0",
            "id": self.id,
            "date_of_service": self.day.isoformat() if self.day else "2025-01-01",
            "date_source": "argument" if self.day else "today",
            "decision": "review" if self.codes else "suggest",
            "primary": primary if "debulking" in self.text else None,
            "alternatives": [{"code": "58954"}],
            "mentions": [{"length": len(self.text), "odd": self.text[:1]}],
            "warnings": [{"code": code} for code in self.codes],
            "separate": [{"codes": ["38100", "38101"]}],
            "gaps": [{"name": "tumor_length_sum_cm"}],
            "conflicts": [],
        }


@dataclass
class FakeCoder:
    seconds: float = 0.0
    provenance: dict[str, Any] = field(default_factory=lambda: {"model": "fake"})
    built: Path | None = None

    def __post_init__(self) -> None:
        if self.built:
            with self.built.open("a") as file:
                file.write(f"{os.getpid()}\n")

    def suggest(
        self,
        text: str,
        *,
        id: str = "note",
        date_of_service: date | None = None,
        codes: Sequence[str] = (),
    ) -> FakeReport:
        time.sleep(self.seconds)
        if text.startswith("REFUSE"):
            raise InputError("This is no operative note: give the note of the operation.")
        if text.startswith("BREAK"):
            raise KeyError(text)
        if text.startswith("DIE"):
            os._exit(3)
        return FakeReport(id, text, date_of_service, tuple(codes))


if __name__ == "__main__":
    from debulk.archive.run import run

    source, out, jobs, resume = sys.argv[1:]
    run(
        Path(source),
        Path(out),
        make_coder=partial(FakeCoder, 0.004),
        jobs=int(jobs),
        resume=resume == "resume",
    )
