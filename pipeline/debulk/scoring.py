"""Everything that the model card says in numbers: `scores.json`, and the plots beside it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from debulk import (
    calibration,
    comparison,
    corpus,
    evaluation,
    miscoding,
    plots,
    selection,
    tables,
    training,
)
from debulk.calibration import Said
from debulk.coder import Coder
from debulk.evaluation import Answered
from debulk.selection import accepted

SCORES = "scores.json"
Progress = Callable[[int], Any]


def answered(
    coder: Coder, notes: Sequence[corpus.Note], progress: Progress = lambda _: None
) -> list[Answered]:
    """Every note answered by the model as it is."""
    found = []
    for count, note in enumerate(notes, 1):
        found.append(evaluation.answer(coder, note))
        progress(count)
    return found


def of_split(answers: Sequence[Answered]) -> dict[str, Any]:
    """The measures of a split; empty where it has no notes."""
    if not answers:
        return {}
    return evaluation.scores([evaluation.tally(a.note, a.report) for a in answers])


def shown(answers: Sequence[Answered]) -> list[Said]:
    """The probability beside each code that a report names, and whether the code is right."""
    return [
        Said(a.report.primary.probability, a.report.primary.code in accepted(a.note))
        for a in answers
        if a.report.primary
    ]


def statistical(answers: Sequence[Answered]) -> list[Said]:
    """The statistical reader's likeliest case of each note, and whether it is the case."""
    return [Said(a.verdict.chances[a.verdict.best], a.verdict.best == a.note.case) for a in answers]


def book(
    coder: Coder,
    folder: Path,
    out: Path,
    unseen: Sequence[Answered],
) -> dict[str, Any]:
    """Compare, calibrate and count; writes the plots and `scores.json` into the model folder.

    `unseen`: the test split answered. What compares methods or chooses a level is taken from
    training voices, each held out in turn, and so are the scores of the dev split.
    """
    from threadpoolctl import threadpool_limits

    notes = training.learning_notes(folder)
    with threadpool_limits(1):
        cases = training.held_out_cases(notes)
        held_out = selection.leave_one_voice_out(training.examples(cases, notes), cases, notes)
        methods = comparison.compare(coder, held_out)
    said = {
        "statistical reader, unseen voices": statistical(unseen),
        "statistical reader, voices held out": [
            Said(i.verdict.chances[i.verdict.best], i.verdict.best == i.note.case) for i in held_out
        ],
        "beside the code, unseen voices": shown(unseen),
    }
    level = calibration.conformal_level(
        [(item.verdict.chances, item.note.case) for item in held_out], 0.01
    )
    plots.draw_reliability(said, out / plots.RELIABILITY)
    on_unseen = [_unthresholded(coder, a) for a in unseen]
    plots.draw_risk_coverage(
        {**methods, "shipped, on the unseen voices": on_unseen}, out / plots.RISK_COVERAGE
    )
    scored = [(a.note, a.report) for a in unseen]
    voices_of_dev = corpus.splits(folder)["dev"]
    known = [_held_out(coder, item) for item in held_out if item.note.voice in voices_of_dev]
    test, dev = of_split(unseen), of_split(known)
    scores = {
        "model": coder.model.sha256,
        "knowledge": tables.fingerprint(),
        "corpus": {
            split: {
                "notes": sum(1 for _ in corpus.notes(folder, split)),
                "voices": voices,
                "sha256": fingerprint(folder, split),
            }
            for split, voices in corpus.splits(folder).items()
        },
        "test": test,
        "dev": dev,
        "drop": evaluation.drop(test, dev),
        "comparison": {name: comparison.row(found) for name, found in methods.items()},
        "calibration": {name: calibration.figures(pairs) for name, pairs in said.items()},
        "conformal sets": calibration.conformal_sets(
            level, [(a.verdict.chances, a.note.case) for a in unseen]
        ),
        "miscoding": miscoding.counts(scored),
        "codes": miscoding.by_code(scored),
        "voices": miscoding.by_voice(scored),
        "plots": {
            name: hashlib.sha256((out / name).read_bytes()).hexdigest()
            for name in (plots.RELIABILITY, plots.RISK_COVERAGE)
        },
    }
    (out / SCORES).write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")
    return scores


def _held_out(coder: Coder, item: selection.HeldOut) -> Answered:
    """The answer to a note by readers that have not learned from its voice.

    Not quite: what the classifier learned of other voices was read by networks that knew this one.
    """
    found = selection.report(coder, item, coder.model.threshold, coder.model.radius)
    return Answered(item.note, item.case, item.verdict, found)


def _unthresholded(coder: Coder, one: Answered) -> comparison.Guess:
    """The shipped answer on an unseen note, for every threshold it might have had."""
    item = selection.HeldOut(one.note, one.case, coder.model.statistics, one.verdict)
    found = selection.report(coder, item, radius=coder.model.radius)
    return comparison.shipped(one.note, found, one.verdict)


def fingerprint(folder: Path, split: str) -> str:
    """SHA-256 over the notes and gold of a split."""
    digest = hashlib.sha256()
    for voice in corpus.splits(folder)[split]:
        for file in sorted((folder / "notes" / voice).glob("*")):
            if file.suffix in (".json", ".txt"):
                digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
