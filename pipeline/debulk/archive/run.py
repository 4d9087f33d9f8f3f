"""An archive to its reports: read, code, keep in a journal, write."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

from debulk.archive import fingerprint, local, readers, writers
from debulk.archive.journal import Journal
from debulk.archive.record import Coder
from debulk.archive.work import Engine
from debulk.archive.writers.flat import printable
from debulk.errors import DebulkError, UsageError


@dataclass(frozen=True)
class Outcome:
    """How many notes of OUT were coded now, failed now or before, were coded by an earlier run."""

    done: int
    failed: int
    skipped: int


def run(
    source: Path,
    out: Path,
    *,
    make_coder: Callable[[], Coder],
    jobs: int = 1,
    resume: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Code an archive on this machine; `progress` is told how many notes of it are done."""
    return carry_out(
        source, out, engine=local.engine(make_coder, jobs), resume=resume, progress=progress
    )


def carry_out(
    source: Path,
    out: Path,
    *,
    engine: Engine,
    resume: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Outcome:
    """Code an archive with an engine."""
    source, out = Path(source), Path(out)
    writer = writers.pick(out)
    readers.pick(source)
    if out.exists() and source.samefile(out):
        raise UsageError(f"{out} is the source itself: choose another --out.")
    if out.exists() and not resume:
        raise UsageError(f"{out} exists already: delete it or choose another --out.")
    journal = Journal(out)
    if out.exists() and not journal.path.exists():
        return _finished(source, out, writer)
    head = {
        "source": fingerprint.of_source(source),
        "coder": fingerprint.of_coder(engine.provenance()),
    }
    try:
        with closing(journal):
            journal.open(head, resume=resume)
            skipped = journal.count - journal.failed
            # The notes of the rows that are there are read and passed over.
            for row in engine.code(islice(readers.read(source), journal.count, None)):
                journal.append(row)
                if progress:
                    progress(journal.count)
            journal.sync()
            writers.write(writer, journal.rows, out)
            journal.remove()
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise DebulkError(
            f"{out} could not be written ({why}): make room and go on with --resume."
        ) from error
    return Outcome(journal.count - journal.failed - skipped, journal.failed, skipped)


def _finished(source: Path, out: Path, writer: writers.Writer) -> Outcome:
    """What an earlier run has finished, after a look that OUT is of this source."""
    failed = coded = 0
    notes = (printable(record.id) for record in readers.read(source))
    for note, row in zip_longest(notes, writer.read_ids(out)):
        if row is None or note != row[0]:
            raise UsageError(
                f"{out} exists already and is of another source: choose another --out."
            )
        failed += row[1]
        coded += not row[1]
    return Outcome(0, failed, coded)
