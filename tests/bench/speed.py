"""Speed of the reading: beside blank spaCy, by the length of a note, and of one warm note.

python tests/bench/speed.py [NOTES] [--limit N] [--pairs 5] [--longest 100000]

NOTES is a folder of .txt files or a JSONL file with a column `text`; without it, corpus/notes.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import spacy

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pipeline"))

from debulk import Coder

ROOT = Path(__file__).resolve().parents[2]
SIZES = (100, 1_000, 10_000, 100_000)
ENOUGH = 5_000  # words to a measurement: short notes are read as often as that takes
ROUNDS = 3
FLAT = 1.5
DAY = date(2025, 6, 18)

_SENTENCE = re.compile(r"(?<=[.;])\s+")
_HEADING = re.compile(r"^\W*[A-Z][A-Za-z /&()-]{2,50}:\s*,?\s*")


def notes(source: Path, limit: int | None = None) -> list[str]:
    """The texts of a folder or of a JSONL file."""
    if source.is_dir():
        files = sorted(source.rglob("*.txt"))
        found = [file.read_bytes().decode("utf-8") for file in files]
    else:
        lines = source.read_text(encoding="utf-8").split("\n")
        found = [json.loads(line)["text"] for line in lines if line.strip()]
    texts = [text for text in found if text.strip()][:limit]
    if not texts:
        raise SystemExit("No note was found: name a folder of .txt files or a .jsonl with `text`.")
    return texts


def plain() -> Any:
    """Blank spaCy with a sentencizer: what the reading is measured against."""
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.max_length = 100_000_000
    return nlp


def seconds(
    act: Callable[[str], object],
    texts: Sequence[str],
    clock: Callable[[], float] = time.perf_counter,
) -> float:
    """How long it takes to do something with each text."""
    start = clock()
    for text in texts:
        act(text)
    return clock() - start


def both(act: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """Seconds on the wall, and seconds of this process."""
    start = time.process_time()
    wall = seconds(act, texts)
    return wall, time.process_time() - start


def beside_blank(coder: Coder, nlp: Any, texts: Sequence[str], pairs: int) -> None:
    """The ratio of blank spaCy's time to debulk's, pair by pair."""
    words = sum(len(text.split()) for text in texts)
    cold = seconds(nlp, texts) / seconds(coder.read, texts)
    found = []
    for pair in range(pairs):
        # The one that goes first changes, since what a machine does beside this drifts.
        if pair % 2:
            read, base = both(coder.read, texts), both(nlp, texts)
        else:
            base, read = both(nlp, texts), both(coder.read, texts)
        found.append((base[0] / read[0], base[1] / read[1], words / base[1], words / read[1]))
    wall, processor, base_speed, read_speed = zip(*found, strict=True)
    print(f"Beside blank spaCy with a sentencizer: {len(texts)} notes, {words:,} words")
    for name, ratios in (("by the clock", wall), ("by processor time", processor)):
        print(
            f"  ratio {name}: median {statistics.median(ratios):.2f}, min {min(ratios):.2f}, "
            f"max {max(ratios):.2f} over {pairs} pairs"
        )
    print(
        f"  first pass, no word remembered: {cold:.2f}; words a second of processor time: "
        f"blank {statistics.median(base_speed):,.0f}, debulk {statistics.median(read_speed):,.0f}"
    )


def narrative(texts: Sequence[str], words: int) -> str:
    """One note of so many words: the sentences of the notes, one after another."""
    sentences = (
        _HEADING.sub("", sentence)
        for text in itertools.cycle(texts)
        for sentence in _SENTENCE.split(text)
        if len(sentence.split()) >= 8
    )
    taken: list[str] = []
    count = 0
    for number, sentence in enumerate(sentences, 1):
        taken.append(sentence + ("\n" if number % 10 == 0 else " "))
        count += len(sentence.split())
        if count >= words:
            return "PROCEDURE IN DETAIL:\n" + "".join(taken)
    raise AssertionError("a cycle does not end")


def by_length(coder: Coder, nlp: Any, texts: Sequence[str], longest: int) -> None:
    """The processor time a word of one note, from 100 words up: flat, or not.

    In units of blank spaCy in the same round, since the speed of a busy machine changes.
    """

    def suggest(text: str) -> None:
        coder.suggest(text, date_of_service=DAY)

    sizes = [size for size in SIZES if size <= longest]
    if not any(any(len(s.split()) >= 8 for s in _SENTENCE.split(text)) for text in texts):
        raise SystemExit("The notes hold no sentence of eight words: name others.")
    acts = {"blank": nlp, "read": coder.read, "suggest": suggest}
    times: dict[str, list[float]] = {name: [] for name in acts}
    print("Processor time a word in one note, in units of blank spaCy's on the same note")
    print("     words  blank, us      read   suggest")
    for size in sizes:
        text = narrative(texts, size)
        words = len(text.split())
        again = max(1, ENOUGH // words)
        for act in acts.values():
            act(text)
        rounds = [
            {
                name: seconds(act, [text] * again, time.process_time) / again
                for name, act in acts.items()
            }
            for _ in range(ROUNDS)
        ]
        for name in acts:
            times[name].append(statistics.median(one[name] / one["blank"] for one in rounds))
        micro = statistics.median(one["blank"] for one in rounds) / words * 1e6
        cells = "".join(f"{times[name][-1]:>10.2f}" for name in ("read", "suggest"))
        print(f"{words:>10,}{micro:>11.1f}{cells}", flush=True)
    at = next((index for index, size in enumerate(sizes) if size >= 1_000), None)
    for name in ("read", "suggest"):
        if at is not None and sizes[at + 1 :]:
            worst = max(times[name][at + 1 :]) / times[name][at]
            said = "flat" if worst <= FLAT else "not flat"
            print(f"  {name}: {said}; a word costs at most {worst:.2f} of what it does at 1,000")


def latency(coder: Coder, nlp: Any, texts: Sequence[str]) -> None:
    """Milliseconds of `Coder.suggest` on one note, the words already seen once."""

    def suggest(text: str) -> None:
        coder.suggest(text, date_of_service=DAY)

    for text in texts:
        suggest(text)
    taken: list[float] = []
    blank: list[float] = []
    for text in texts:
        for _ in range(3):
            blank.append(1000 * seconds(nlp, [text]))
            taken.append(1000 * seconds(suggest, [text]))
    lengths = [len(text.split()) for text in texts]
    print(
        f"One warm note, Coder.suggest: p50 {share(taken, 0.5):.1f} ms, "
        f"p95 {share(taken, 0.95):.1f} ms, slowest {max(taken):.1f} ms\n"
        f"  blank beside it: p50 {share(blank, 0.5):.1f} ms, p95 {share(blank, 0.95):.1f} ms\n"
        f"  {len(texts)} notes three times; words a note: median {share(lengths, 0.5):,}, "
        f"p95 {share(lengths, 0.95):,}, most {max(lengths):,}"
    )


def share(values: Sequence[float], part: float) -> float:
    """The value that this part of the values does not exceed."""
    return sorted(values)[math.ceil(part * len(values)) - 1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notes", nargs="?", type=Path, default=ROOT / "corpus" / "notes")
    parser.add_argument("--limit", type=int, help="the first N notes only")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--longest", type=int, default=SIZES[-1], help="words of the longest note")
    options = parser.parse_args()
    texts = notes(options.notes, options.limit)
    coder, nlp = Coder(), plain()
    beside_blank(coder, nlp, texts, options.pairs)
    by_length(coder, nlp, texts, options.longest)
    latency(coder, nlp, texts)


if __name__ == "__main__":
    main()
