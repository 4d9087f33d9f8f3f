"""Import a synthetic quarter of a million PTP rows: seconds, peak memory, time of a look-up.

python tests/bench/bench_reference.py [--rows N] [--xlsx]
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import chain
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "pipeline"))

from debulk.reference import Store, import_files, pair

PREAMBLE = (
    "Invented notice, no row of CMS's\r\n\r\n\r\n"
    '"Column\r\n1"\t"Column\r\n2"\t"*=in existence\r\nprior to 1996"\t"Effective\r\nDate"\t'
    '"Deletion\r\nDate\r\n*=no data"\t"Modifier\r\n0=not allowed\r\n1=allowed\r\n'
    '9=not applicable"\tPTP Edit Rationale\r\n'
)
RATIONALES = tuple(f"Invented rationale number {number}" for number in range(14))
PARTS = 4
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def pairs(part: int, count: int) -> Iterator[tuple[str, str, str, str, str, str, str]]:
    """Invented pairs in the order of the files: by column 1, then column 2."""
    draw = random.Random(part)
    first, second = part * 20000 + 100, 0
    for _ in range(count):
        if second > 95000:
            first, second = first + 7, 0
        second += draw.randint(40, 500)
        deleted = draw.choice(("*", "*", "*", "20240630"))
        yield (
            f"{first:05d}",
            f"{second:05d}",
            draw.choice(("", "", "*")),
            draw.choice(("19960101", "20150401", "20220101")),
            deleted,
            draw.choice("019"),
            draw.choice(RATIONALES),
        )


def write_part(folder: Path, part: int, count: int, workbook: bool) -> Path:
    """One part of the quarter as a ZIP, as CMS publishes it."""
    stem = f"ccipra-v322r0-f{part}"
    archive = folder / f"medicare-ncci-2026q3-practitioner-ptp-edits-{stem}.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as target:
        if workbook:
            loose = folder / f"{stem}.xlsx"
            write_workbook(loose, part, count)
            target.write(loose, loose.name)
            loose.unlink()
        else:
            with target.open(f"{stem}.TXT", "w") as member:
                member.write(PREAMBLE.encode("latin-1"))
                for cells in pairs(part, count):
                    member.write(("\t".join(cells) + "\r\n").encode("latin-1"))
    return archive


def write_workbook(path: Path, part: int, count: int) -> None:
    """One part as Excel writes it: a stated size, codes as numbers, texts kept once."""
    texts: dict[str, int] = {}

    def cell(place: str, value: str) -> str:
        if value.isdecimal():
            return f'<c r="{place}"><v>{int(value)}</v></c>'
        return f'<c r="{place}" t="s"><v>{texts.setdefault(value, len(texts))}</v></c>'

    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        with target.open("xl/worksheets/sheet1.xml", "w") as sheet:
            size = f'<dimension ref="A1:G{count + 1}"/>'
            sheet.write(f'<worksheet xmlns="{MAIN}">{size}<sheetData>'.encode())
            header = ("Column 1", "Column 2", "*", "Effective", "Deletion", "Modifier", "Why")
            for number, cells in enumerate(chain([header], pairs(part, count)), 1):
                inner = "".join(
                    cell(f"{column}{number}", value)
                    for column, value in zip("ABCDEFG", cells, strict=True)
                    if value
                )
                sheet.write(f'<row r="{number}">{inner}</row>'.encode())
            sheet.write(b"</sheetData></worksheet>")
        items = "".join(f"<si><t>{value}</t></si>" for value in texts)
        target.writestr("xl/sharedStrings.xml", f'<sst xmlns="{MAIN}">{items}</sst>')
        target.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}/relationships"><sheets>'
            '<sheet name="PTP" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        for name, kind, place in (
            ("xl/_rels/workbook.xml.rels", "worksheet", "worksheets/sheet1.xml"),
            ("_rels/.rels", "officeDocument", "xl/workbook.xml"),
        ):
            target.writestr(
                name,
                f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
                f'Type="{OFFICE}/relationships/{kind}" Target="{place}"/></Relationships>',
            )
        sheets = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        overrides = "".join(
            f'<Override PartName="/xl/{name}.xml" ContentType="{sheets}.{kind}+xml"/>'
            for name, kind in (
                ("workbook", "sheet.main"),
                ("worksheets/sheet1", "worksheet"),
                ("sharedStrings", "sharedStrings"),
            )
        )
        rels = "application/vnd.openxmlformats-package.relationships+xml"
        target.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types">'
            f'<Default Extension="rels" ContentType="{rels}"/>{overrides}</Types>',
        )


def peak() -> float:
    """The most memory this process has held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_100_000)
    parser.add_argument("--xlsx", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = [
            write_part(folder, part, options.rows // PARTS, options.xlsx)
            for part in range(1, PARTS + 1)
        ]
        say(f"before the import: {peak():.0f} MB")
        store = Store(folder / "store" / "reference.sqlite")
        start = time.perf_counter()
        imported = import_files(store, files)
        seconds = time.perf_counter() - start
        say(f"import: {sum(file.rows for file in imported):,} rows in {seconds:.1f} s")
        say(f"peak: {peak():.0f} MB")
        say(f"store: {store.path.stat().st_size / 1e6:.0f} MB")
        draw = random.Random(0)
        known = [(cells[0], cells[1]) for cells in pairs(2, 20_000)]
        asked = [draw.choice(known) for _ in range(20_000)]
        asked += [(first, "99999") for first, _ in asked]
        on = date(2026, 8, 1)
        pair(store, *asked[0], on)
        start = time.perf_counter()
        found = sum(pair(store, *codes, on) is not None for codes in asked)
        micro = (time.perf_counter() - start) / len(asked) * 1e6
        say(f"look-up: {micro:.1f} microseconds ({found:,} of {len(asked):,} found)")


if __name__ == "__main__":
    main()
