"""Status on the sentence suite: debulk beside medspaCy's ConText and negspaCy.

python tests/bench/compare_context.py [--held-out] [--folder ENVIRONMENTS]

Each peer runs in an environment of its own and is given the annotated spans as its entities.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "tests" / "cases"
STATUSES = ("performed", "attempted", "not_performed", "planned", "historical", "by_other")
NAMED_BY_PEERS = ("performed", "not_performed", "planned", "historical")
PEERS = {"medspaCy ConText": ("medspacy",), "negspaCy": ("negspacy", "spacy")}
"""Each peer with what is installed for it; the first package is the peer."""

_ENTITY = re.compile(r"<ent concept=(\w+) status=(\w+)>(.*?)</ent>")

Place = tuple[int, int]


class Gold(NamedTuple):
    """An annotated mention: what it is, and where in the plain text."""

    concept: str
    status: str
    start: int
    end: int


class Row(NamedTuple):
    """A row of the suite without its annotation, and the mentions annotated in it."""

    text: str
    mentions: tuple[Gold, ...]


class Score(NamedTuple):
    """Statuses in the order of a row's mentions, and whether the row is wholly right."""

    statuses: list[str | None]
    whole: bool


def rows(file: Path) -> list[Row]:
    """The rows of a case table: id, kind and annotated text."""
    lines = file.read_text(encoding="utf-8").splitlines()[1:]
    return [_row(line.split("\t")[2]) for line in lines if line.strip()]


def _row(annotated: str) -> Row:
    text, found, at = "", [], 0
    for match in _ENTITY.finditer(annotated):
        text += annotated[at : match.start()]
        found.append(Gold(match[1], match[2], len(text), len(text) + len(match[3])))
        text += match[3]
        at = match.end()
    return Row(text + annotated[at:], tuple(found))


# debulk finds its mentions itself.


def read_by_debulk(suite: Sequence[Row]) -> list[Score]:
    """Each annotated mention with the status of debulk's that overlaps it most; None without."""
    sys.path.insert(0, str(ROOT / "pipeline"))
    from debulk import model
    from debulk.reading import mentions_of

    nlp = model.blank()
    return [_judged(row.mentions, mentions_of(nlp(row.text))) for row in suite]


def _judged(gold: Sequence[Gold], found: Sequence[Any]) -> Score:
    statuses: list[str | None] = []
    for one in gold:
        same = [m for m in found if m.concept == one.concept and _overlap(m, one) > 0]
        best = max(same, key=lambda mention: _overlap(mention, one), default=None)
        statuses.append(best.status if best else None)
    nothing_else = all(
        any((m.concept, m.status) == one[:2] and _overlap(m, one) > 0 for one in gold)
        for m in found
    )
    return Score(statuses, nothing_else and statuses == [one.status for one in gold])


def _overlap(mention: Any, gold: Gold) -> int:
    return int(min(mention.end, gold.end) - max(mention.start, gold.start))


# The peers are given the spans; this part runs in their own environments.


def read_by_peer(name: str, suite: Sequence[Row], folder: Path) -> tuple[str, list[Score]]:
    """The peer's version, and its statuses of the given mentions."""
    package, *others = PEERS[name]
    home = folder / package
    python = home / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        _call([sys.executable, "-m", "venv", str(home)], f"No environment for {name} could be made")
    if subprocess.run([str(python), "-c", f"import {package}"], capture_output=True).returncode:
        install = [str(python), "-m", "pip", "install", "-q", package, *others]
        _call(install, f"{name} could not be installed")
    given = json.dumps([(row.text, [one[2:] for one in row.mentions]) for row in suite])
    answer = _call([str(python), __file__, "--worker", package], f"{name} failed", given)
    said = json.loads(answer.splitlines()[-1])
    scores = [
        Score(statuses, statuses == [one.status for one in row.mentions])
        for row, statuses in zip(suite, said["statuses"], strict=True)
    ]
    return said["version"], scores


def _call(command: list[str], trouble: str, given: str | None = None) -> str:
    """Standard output. What a peer logs is not shown, since it quotes the rows."""
    quiet = {**os.environ, "LOGURU_LEVEL": "ERROR", "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, input=given, capture_output=True, text=True, env=quiet)
    if done.returncode:
        kind = (done.stderr.strip().splitlines() or [""])[-1].split(":")[0]
        raise SystemExit(f"{trouble} ({kind}).")
    return done.stdout


def work(package: str) -> None:
    """Answer, as one line of JSON, with the status of every span given on standard input."""
    from importlib.metadata import version

    nlp, status = _medspacy() if package == "medspacy" else _negspacy()
    statuses = [_given(nlp, status, text, places) for text, places in json.load(sys.stdin)]
    print(json.dumps({"version": version(package), "statuses": statuses}))


def _medspacy() -> tuple[Any, Callable[[Any], str]]:
    import medspacy

    def status(span: Any) -> str:
        if span._.is_negated:
            return "not_performed"
        if span._.is_historical:
            return "historical"
        return "planned" if span._.is_hypothetical or span._.is_uncertain else "performed"

    return medspacy.load(medspacy_enable=["medspacy_pyrush", "medspacy_context"]), status


def _negspacy() -> tuple[Any, Callable[[Any], str]]:
    import negspacy.negation  # noqa: F401  registers the component
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("negex")
    return nlp, lambda span: "not_performed" if span._.negex else "performed"


def _given(
    nlp: Any, status: Callable[[Any], str], text: str, places: Sequence[Place]
) -> list[str | None]:
    """The statuses of the given places; those that share a token go in different rounds."""
    found: list[str | None] = [None] * len(places)
    left = list(range(len(places)))
    while left:
        doc = nlp.make_doc(text)
        taken: dict[int, Any] = {}
        for index in left:
            start, end = places[index]
            span = doc.char_span(start, end, label="PROCEDURE", alignment_mode="expand")
            if all(span.end <= other.start or other.end <= span.start for other in taken.values()):
                taken[index] = span
        doc.ents = list(taken.values())
        for _, pipe in nlp.pipeline:
            doc = pipe(doc)
        by_place = {(span.start, span.end): status(span) for span in doc.ents}
        for index, span in taken.items():
            found[index] = by_place[span.start, span.end]
        left = [index for index in left if index not in taken]
    return found


# The table.


def table(suite: Sequence[Row], read: dict[str, list[Score]]) -> str:
    """Mentions by status, then rows: a line each, a column for each reader."""
    pairs = {
        name: [
            (one.status, said)
            for row, score in zip(suite, scores, strict=True)
            for one, said in zip(row.mentions, score.statuses, strict=True)
        ]
        for name, scores in read.items()
    }
    lines = [["", "of", *read], ["---", *["---:"] * (len(read) + 1)]]

    def line(label: str, right: dict[str, list[bool]]) -> None:
        total = len(next(iter(right.values())))
        shares = (f"{sum(x)} ({sum(x) / max(total, 1):.1%})" for x in right.values())
        lines.append([label, str(total), *shares])

    def mentions(label: str, statuses: Sequence[str]) -> None:
        line(label, {n: [s == g for g, s in p if g in statuses] for n, p in pairs.items()})

    for status in STATUSES:
        mentions(f"mentions, {status}", [status])
    mentions("mentions, the four that the peers can name", NAMED_BY_PEERS)
    mentions("mentions, all", STATUSES)
    told = [bool(row.mentions) for row in suite]
    line(
        "rows that hold mentions: every status right",
        {
            name: [
                s.statuses == [one.status for one in row.mentions]
                for row, s, has in zip(suite, scores, told, strict=True)
                if has
            ]
            for name, scores in read.items()
        },
    )
    line("rows, all: wholly right", {n: [s.whole for s in scores] for n, scores in read.items()})
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true", help="score the held-out rows")
    parser.add_argument("--folder", type=Path, help="keeps the environments of the peers")
    parser.add_argument("--worker", choices=[p[0] for p in PEERS.values()], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        work(options.worker)
        return
    name = "sentences_held_out.tsv" if options.held_out else "sentences.tsv"
    suite = rows(CASES / name)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder or Path(temporary)
        read = {"debulk": read_by_debulk(suite)}
        for peer in PEERS:
            version, scores = read_by_peer(peer, suite, folder)
            read[f"{peer} {version}"] = scores
    print(f"{name}: {len(suite)} rows, {sum(len(row.mentions) for row in suite)} mentions")
    print(table(suite, read))
    said = [status for score in read["debulk"] for status in score.statuses]
    print(
        f"debulk finds the mentions itself ({len(said) - said.count(None)} of {len(said)} found); "
        "a missing one is wrong,\nand a row is wholly right where nothing else was found. "
        "The peers are given the mentions; a row without one is right."
    )


if __name__ == "__main__":
    main()
