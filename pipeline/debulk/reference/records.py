"""The data rows of a table: past the preamble, each parsed or refused with its place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import TypeVar

from debulk.errors import ReferenceFileError
from debulk.reference.cells import FORMULA, CellError, Cells, ShortRowError, text
from debulk.reference.table import Table, rows

Progress = Callable[[str, int], None]
Parsed = TypeVar("Parsed")

MOST_PREAMBLE = 100
_EVERY = 50_000


class Records:
    """The rows of one table from the first that holds a code."""

    def __init__(
        self,
        table: Table,
        *,
        starts: Callable[[Cells], bool],
        terminated: bool = True,
        progress: Progress | None = None,
    ) -> None:
        self.name = table.name
        self.preamble: list[Cells] = []
        self.count = 0
        self.from_text = table.suffix != ".xlsx"
        self._terminated = terminated
        self._progress = progress
        self._rows = rows(table)
        for number, cells in self._rows:
            if starts(cells):
                self.first = cells
                self._pending = [(number, cells)]
                return
            if sum(1 for cell in cells if text(cell)) >= 3 and text(cells[0]).startswith(FORMULA):
                raise self._refusal(number, CellError("a procedure code", cells[0]))
            self.preamble.append(cells)
            if len(self.preamble) > MOST_PREAMBLE:
                break
        raise ReferenceFileError(
            f"{self.name} has no row that begins with a code: it is cut off or has another layout."
        )

    def parsed(self, parse: Callable[[Cells], Parsed]) -> Iterator[Parsed]:
        """Each row parsed; the first that cannot be is refused with its number."""
        for number, cells in self._all():
            try:
                record = parse(cells)
            except CellError as error:
                cut = isinstance(error, ShortRowError) or (self.from_text and not self._terminated)
                if cut and next(self._rows, None) is None:
                    raise self._cut() from error
                raise self._refusal(number, error) from error
            yield record
            self.count += 1
            if self._progress is not None and self.count % _EVERY == 0:
                self._progress(self.name, self.count)

    def refuse_cut(self, last: str, known: Collection[str]) -> None:
        """Refuse a last line without an end whose last cell is the beginning of a known text."""
        if self._terminated or not self.from_text:
            return
        if any(other != last and other.startswith(last) for other in known):
            raise self._cut()

    def _all(self) -> Iterator[tuple[int, Cells]]:
        """The rows that are not blank, the first one again included."""
        yield from self._pending
        for number, cells in self._rows:
            if cells and (cells[0] or any(text(cell) for cell in cells)) and cells != ["\x1a"]:
                yield number, cells

    def _refusal(self, number: int, error: CellError) -> ReferenceFileError:
        return ReferenceFileError(
            f"{self.name}, row {number}: {error}; use the file as it was published."
        )

    def _cut(self) -> ReferenceFileError:
        return ReferenceFileError(f"The last line of {self.name} is cut off: download it again.")
