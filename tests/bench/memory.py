"""Memory of a batch: synthetic records through one process, which must not grow with them.

python tests/bench/memory.py [--records 2000]

Every record is a corpus note with names, numbers and words that no other record holds.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import string
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pipeline"))

from debulk import Coder
from debulk.archive.run import run

FOLDER = Path(__file__).resolve().parents[2] / "corpus" / "notes"
SAMPLES = 10
NEW_WORDS = 20  # to a record
FLAT = 20.0  # MB between the first fifth of the records and the last


def resident() -> float:
    """The memory this process holds now, in MB."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        said = subprocess.run(["ps", "-o", "rss=", "-p", str(os.getpid())], capture_output=True)
        return int(said.stdout) / 1024


def write(path: Path, records: int) -> None:
    """JSONL of invented records."""
    draw = random.Random(7)
    texts = [file.read_bytes().decode("utf-8") for file in sorted(FOLDER.rglob("*.txt"))]
    with path.open("w", encoding="utf-8") as target:
        for number in range(records):
            lines = texts[number % len(texts)].split("\n")
            for _ in range(NEW_WORDS):
                word = "".join(draw.choices(string.ascii_lowercase, k=draw.randint(6, 12)))
                at = draw.randrange(len(lines))
                lines[at] += f" {word.capitalize()} {draw.randrange(10**9)}"
            record = {"id": f"record-{number}", "text": "\n".join(lines)}
            target.write(json.dumps({**record, "date_of_service": "2025-06-18"}) + "\n")


def main() -> int:
    """1 where the memory grew."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=2_000)
    count = parser.parse_args().records
    every = max(1, count // SAMPLES)
    seen: list[tuple[int, float]] = []

    def progress(done: int) -> None:
        if done % every == 0:
            seen.append((done, resident()))
            print(f"{done:>8,} records  {seen[-1][1]:>7.1f} MB", flush=True)

    with tempfile.TemporaryDirectory() as name:
        source = Path(name) / "records.jsonl"
        write(source, count)
        print(f"       0 records  {resident():>7.1f} MB")
        start = time.perf_counter()
        outcome = run(source, Path(name) / "out.jsonl", make_coder=Coder, progress=progress)
        took = time.perf_counter() - start
    print(f"{outcome.done} coded, {outcome.failed} failed, {count / took:.0f} records a second")
    settled = [memory for done, memory in seen if done >= count / 5]
    growth = settled[-1] - settled[0]
    said = "flat" if growth <= FLAT else "not flat"
    print(f"{said}: {growth:+.1f} MB from the first fifth of the records to the last")
    return int(said != "flat" or outcome.failed > 0)


if __name__ == "__main__":
    sys.exit(main())
