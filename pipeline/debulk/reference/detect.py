"""Tell what a table is: its kind by content, its quarter, part and setting by name."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from debulk.errors import ReferenceFileError
from debulk.reference.cells import Cells, is_code, text
from debulk.reference.table import Table, rows
from debulk.reference.values import Kind

# What stands before the first code, lower case, all of it: the headers are wrapped at will.
_HEADERS: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("ptp", ("column 1", "column 2")),
    ("mue", ("mue values", "adjudication")),
    ("addon", ("add-on", "primary")),
    ("fees", ("hcpcs", "description", "glob", "surg")),
)
_NAMES: tuple[tuple[Kind, str], ...] = (
    ("ptp", r"ccipra|ccioph|ptp"),
    ("mue", r"mue"),
    ("addon", r"^aoc|add-?on"),
    ("fees", r"pprrvu"),
)
_DESCRIPTORS = {"longult": 1, "medu": 2, "shortu": 3}
_DESCRIPTOR_NAME = r"(?<![a-z])(longult|medu|shortu)(?![a-z])"
_MONTHS = {"jan": 1, "apr": 2, "jul": 3, "oct": 4}
_HEAD = 60


@dataclass(frozen=True)
class Identity:
    """What a table is; the quarter is YYYYQ, None for descriptors."""

    kind: Kind
    quarter: int | None
    part: int
    version: str
    setting: str

    @property
    def shown(self) -> str:
        """The kind in the field's words."""
        part = f" part {self.part}" if self.part else ""
        return {
            "ptp": f"NCCI PTP{part}",
            "mue": "MUE",
            "addon": "add-on code",
            "fees": "PPRRVU",
            "descriptors": "AMA descriptor",
        }[self.kind]


def identify(table: Table) -> Identity | None:
    """What the table is, None when it is no table of ours; the wrong setting is refused."""
    if stem := re.search(_DESCRIPTOR_NAME, table.file_name.lower()):
        year = re.search(r"(?<!\d)20\d\d(?!\d)", table.name)
        part = _DESCRIPTORS[stem[0]]
        return Identity("descriptors", None, part, year[0] if year else "", "")
    head = [cells for _, cells in islice(rows(table), _HEAD)]
    kind = _kind(table, head)
    if kind is None:
        return None
    setting = _setting(table, kind, head)
    for name in (table.file_name, table.path.name):
        found = _quarter(kind, name)
        if found is not None:
            quarter, version = found
            number = re.search(r"[-_]f(\d)(?!\d)", name.lower()) if kind == "ptp" else None
            return Identity(kind, quarter, int(number[1]) if number else 0, version, setting)
    raise ReferenceFileError(
        f"The name {table.file_name} does not tell the quarter: keep the name that CMS gave it."
    )


def _kind(table: Table, head: Sequence[Cells]) -> Kind | None:
    """The kind by the headers, else by the name."""
    words = _words(head)
    for kind, needed in _HEADERS:
        if all(word in words for word in needed):
            return kind
    for kind, pattern in _NAMES:
        if re.search(pattern, table.file_name.lower()):
            # The fixed-width PPRRVU text beside the CSV has no header to read it by.
            return None if kind == "fees" and table.suffix == ".txt" else kind
    return None


def _words(head: Sequence[Cells]) -> str:
    """The words before the first row that begins with a code."""
    found: list[str] = []
    for cells in head:
        if cells and is_code(cells[0]):
            break
        found.extend(text(cell) for cell in cells)
    return " ".join(" ".join(found).lower().split())


def _setting(table: Table, kind: Kind, head: Sequence[Cells]) -> str:
    """The setting that the file is for; anything but the practitioner's is refused."""
    names = f"{table.path.name} {table.file_name}".lower()
    words = names if kind != "mue" else f"{names} {_words(head)}"
    wrong = re.search(r"ccioph|hospital|outpatient|dme ?supplier|medicaid|(?<![a-z])mcd", words)
    if wrong is not None and kind in ("ptp", "mue", "addon"):
        raise ReferenceFileError(
            f"{table.name} is not for practitioners under Medicare ({wrong[0]}): "
            "give the practitioner file of the same quarter."
        )
    if kind == "ptp" and not re.search(r"ccipra|practitioner", names):
        raise ReferenceFileError(
            f"The name {table.file_name} does not tell whether it is for practitioners: "
            "keep the name that CMS gave it."
        )
    return "practitioner" if kind in ("ptp", "mue") else "Medicare"


def _quarter(kind: Kind, name: str) -> tuple[int, str] | None:
    """The quarter that a name states, with the words it is stated in."""
    low = name.lower()
    if kind == "ptp" and (found := re.search(r"v(\d\d)([0-3])r\d+", low)):
        # Version 32.x is 2026, one a year; the third digit counts quarters from 0.
        return (1994 + int(found[1])) * 10 + int(found[2]) + 1, found[0]
    if kind == "mue" and (found := re.search(r"(\d\d)-(\d\d)-(20\d\d)", low)):
        month = int(found[1])
        if 1 <= month <= 12:
            return int(found[3]) * 10 + (month + 2) // 3, found[0]
    if kind == "addon" and (found := re.search(r"(20\d\d)[-_]?q([1-4])", low)):
        return int(found[1]) * 10 + int(found[2]), found[0].upper()
    if kind == "fees" and (found := re.search(r"pprrvu(?:20)?(\d\d)[-_]?(jan|apr|jul|oct)", low)):
        quarter = (2000 + int(found[1])) * 10 + _MONTHS[found[2]]
        return quarter, f"20{found[1]} {found[2].title()}"
    if kind == "fees" and (found := re.search(r"rvu(\d\d)([a-d])", low)):
        return (2000 + int(found[1])) * 10 + " abcd".index(found[2]), found[0].upper()
    return None
