"""The documentation says what is so: its blocks run, its links lead somewhere."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from debulk.cli.manual import manual

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
EXAMPLE = ROOT / "corpus/notes/resident/resident-01.txt"
TEXT = {
    *(".cfg .css .csv .html .json .jsonl .md .py .toml .tsv .txt .yaml .yml".split()),
    "",
}
# Folders of one machine, and addresses: neither belongs into a file of the project.
FOREIGN = re.compile(r"/(?:root|home|Users|work)/\w|/tmp/h\b|https?://[\w.-]+")
# This computer, addresses reserved for examples, and names of XML formats.
HERE = re.compile(
    r"https?://(?:127\.0\.0\.1|localhost|testserver|schemas\.|(?:[\w-]+\.)*(?:example|test|invalid)\b)"
)


class Block(NamedTuple):
    """A block of code with the words behind its fence."""

    page: str
    number: int
    kind: str
    code: str


def blocks() -> Iterator[Block]:
    """Every fenced block of the pages."""
    for page in PAGES:
        found = re.findall(r"^```([^\n`]*)\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)
        for number, (kind, code) in enumerate(found, 1):
            yield Block(page.name, number, kind.strip(), code)


def of_kind(kind: str) -> list[Block]:
    return [block for block in blocks() if block.kind == kind]


def name(block: Block) -> str:
    return f"{block.page}-{block.number}"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with what the examples speak of."""
    (tmp_path / "notes").mkdir()
    shutil.copy(EXAMPLE, tmp_path / "note.txt")
    shutil.copy(EXAMPLE, tmp_path / "notes" / "one.txt")
    (tmp_path / "notes" / "two.txt").write_text("The omentum was removed.", encoding="utf-8")
    return tmp_path


def environment(place: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return os.environ | {"PATH": path, "DEBULK_DATA": str(place / "store")}


@pytest.mark.parametrize("block", of_kind("bash run"), ids=name)
def test_a_shell_block_runs(block: Block, place: Path) -> None:
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block.code],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout or list(place.glob("report*"))


@pytest.mark.parametrize("block", of_kind("python run"), ids=name)
def test_a_python_block_runs(block: Block, place: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", block.code],
        cwd=place,
        env=environment(place),
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_there_are_blocks_of_every_kind() -> None:
    assert len(of_kind("bash run")) >= 5
    assert len(of_kind("python run")) >= 2
    kinds = {block.kind for block in blocks()}
    assert kinds <= {
        "bash", "bash run", "python run", "text", "tsv case", "tsv row procedures",
    }  # fmt: skip


# -- docs/adding-knowledge.md

READ = """
import json, sys
from debulk import model
from debulk.reading import read
nlp = model.blank()
for text in json.loads(sys.argv[1]):
    print(json.dumps([[m.concept, m.status, m.start, m.end] for m in read(nlp(text)).mentions]))
"""


def marked(line: str) -> tuple[str, list[list[object]]]:
    """A case's sentence without its marks, and the mentions they stand for."""
    text, found, end = "", [], 0
    for match in re.finditer(r"<ent concept=(\w+) status=(\w+)[^>]*>(.*?)</ent>", line):
        text += line[end : match.start()]
        found.append([match[1], match[2], len(text), len(text) + len(match[3])])
        text, end = text + match[3], match.end()
    return text + line[end:], found


def mentions(package: Path, texts: list[str]) -> list[list[list[object]]]:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", READ, json.dumps(texts)],
        env=os.environ | {"PYTHONPATH": str(package)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_worked_example_of_adding_a_term(tmp_path: Path) -> None:
    lines = [line for block in of_kind("tsv case") for line in block.code.splitlines()]
    cases = [marked(line.split("\t")[2]) for line in lines]
    assert len(cases) == 2
    texts, expected = [text for text, _ in cases], [found for _, found in cases]
    shutil.copytree(
        ROOT / "pipeline/debulk",
        tmp_path / "debulk",
        ignore=shutil.ignore_patterns("__pycache__", "models"),
    )
    before = mentions(tmp_path, texts)
    assert all(got != wanted for got, wanted in zip(before, expected, strict=True))
    (row,) = of_kind("tsv row procedures")
    table = tmp_path / "debulk/knowledge/procedures.tsv"
    table.write_text(table.read_text("utf-8").rstrip("\n") + "\n" + row.code, encoding="utf-8")
    after = mentions(tmp_path, texts)
    for got, wanted in zip(after, expected, strict=True):
        assert [m[:2] for m in got] == [m[:2] for m in wanted]
        # A mention may take in the words around its name.
        assert all(g[2] <= w[2] and w[3] <= g[3] for g, w in zip(got, wanted, strict=True))


# -- what the pages say


def test_the_reference_of_the_command_line_is_current() -> None:
    assert (ROOT / "docs/cli.md").read_text("utf-8") == manual(), "run make docs"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)", page.read_text("utf-8"))
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert not missing


def test_every_file_that_the_architecture_names_exists() -> None:
    page = (ROOT / "docs/architecture.md").read_text("utf-8")
    rows = re.findall(r"^\| (`.+?) \| [^|]+ \|$", page, re.M)
    for row in rows:
        first, *others = re.findall(r"`([^`]+)`", row)
        folder = (ROOT / first).parent
        assert (ROOT / first).exists(), first
        for other in others:
            assert (folder / other).exists(), other
    page = re.sub(r"^```.*?^```$", "", page, flags=re.M | re.S)
    named = set(re.findall(r"`(?:[^`]+/)?(\w+)/`", page))
    folders = {path.parent.name for path in (ROOT / "pipeline/debulk").glob("*/__init__.py")}
    assert folders <= named


def tracked() -> list[Path]:
    """The files that the project keeps: git's list, or all but caches where git is none."""
    done = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    names = [ROOT / name for name in done.stdout.split("\0") if name]
    return names or [
        path
        for path in ROOT.rglob("*")
        if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    ]


def test_no_file_names_a_machine_or_a_host() -> None:
    wrong = []
    for path in tracked():
        # The licence's own text names where it is published.
        if path.name in ("LICENSE", Path(__file__).name) or path.suffix not in TEXT:
            continue
        if not path.is_file():
            continue
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found = [m[0] for m in FOREIGN.finditer(text) if not HERE.match(m[0])]
        wrong += [f"{path.relative_to(ROOT)}: {place}" for place in found]
    assert not wrong
