"""What is installed: one package with its model, and entry points that spaCy finds."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
COMPONENTS = {
    "debulk_sections",
    "debulk_abbreviations",
    "debulk_mentions",
    "debulk_status",
    "debulk_spancat",
    "debulk_measures",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, ROOT],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (found,) = out.glob("debulk-*.whl")
    return found


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("site")
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--no-deps", "-qq", "--target", target, wheel],
        check=True,
        capture_output=True,
        timeout=300,
    )
    return target


def python(installed: Path, tmp_path: Path, script: str) -> str:
    """What a script prints where only the installed wheel is debulk."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DEBULK_")}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env=environment | {"PYTHONPATH": str(installed)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_wheel_holds_one_package_with_model_and_knowledge(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        files = {name for name in names if ".dist-info/" not in name}
        assert {name.partition("/")[0] for name in files} == {"debulk"}
        model = "debulk/models/debulking/"
        assert {model + "classifier.joblib", model + "meta.json", model + "config.cfg"} <= names
        assert "debulk/py.typed" in names
        assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
        for folder in ("pipeline/debulk", "models"):
            for path in (ROOT / folder).rglob("*"):
                inside = path.relative_to(ROOT / folder).as_posix()
                if path.is_file() and "__pycache__" not in path.parts:
                    prefix = "debulk/models/" if folder == "models" else "debulk/"
                    assert prefix + inside in names
        meta = json.loads(archive.read(model + "meta.json"))
        assert len(meta["debulk"]["sha256"]) == 64
        assert not any("corpus/" in name or "tests/" in name for name in files)


def test_the_installed_wheel_suggests(installed: Path, tmp_path: Path) -> None:
    note = ROOT / "corpus/notes/resident/resident-01.txt"
    said = python(
        installed,
        tmp_path,
        "import debulk, pathlib\n"
        f"assert pathlib.Path(debulk.__file__).is_relative_to({str(installed)!r})\n"
        f"text = pathlib.Path({str(note)!r}).read_bytes().decode()\n"
        "print(debulk.Coder().suggest(text).primary.code)",
    )
    assert said.strip() == "58958"


def test_spacy_finds_components_and_loads_the_model(installed: Path, tmp_path: Path) -> None:
    said = python(
        installed,
        tmp_path,
        "import spacy, json\n"
        f"nlp = spacy.load({str(installed / 'debulk/models/debulking')!r})\n"
        "doc = nlp('The omentum was removed.')\n"
        "blank = spacy.blank('en')\n"
        f"for name in {sorted(COMPONENTS)!r}: assert blank.has_factory(name), name\n"
        "print(json.dumps([nlp.pipe_names, [m['concept'] for m in doc._.mentions]]))",
    )
    pipes, concepts = json.loads(said)
    assert set(pipes) >= COMPONENTS
    assert concepts == ["omentectomy"]


def test_a_blank_pipeline_loads_no_scikit_learn(installed: Path, tmp_path: Path) -> None:
    # spaCy imports every factory's module at any spacy.blank().
    said = python(
        installed,
        tmp_path,
        "import sys, spacy\n"
        "spacy.blank('en').has_factory('debulk_mentions')\n"
        "print('debulk.components.mentions' in sys.modules)\n"
        "print('sklearn' in sys.modules, 'nmslib' in sys.modules)",
    )
    assert said.split() == ["True", "False", "False"]


def test_the_command_is_installed(installed: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(installed)}
    done = subprocess.run(
        [installed / "bin" / "debulk", "--version"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == f"debulk {PROJECT['version']}\n"


def imported(folder: Path) -> Iterator[str]:
    """Every top-level name that modules import."""
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield (node.module or "").partition(".")[0]


def providers() -> dict[str, str]:
    """The distribution of each importable name; Python 3.10 knows too few itself."""
    found = {}
    for distribution in distributions():
        for file in distribution.files or ():
            if file.suffix in (".py", ".so", ".pyd"):
                found[file.parts[0].partition(".")[0]] = normal(distribution.metadata["Name"])
    return found


def test_what_is_imported_is_declared_and_the_reverse() -> None:
    names = set(imported(ROOT / "pipeline")) - set(sys.stdlib_module_names) - {"debulk"}
    known = providers()
    used = {known.get(name, normal(name)) for name in names}
    extras = PROJECT["optional-dependencies"]
    wanted = [
        *PROJECT["dependencies"],
        *extras["parquet"],
        *extras["hl7"],
        *extras["spark"],
        *extras["plots"],
    ]
    declared = {normal(re.split(r"[^\w.-]", requirement)[0]) for requirement in wanted}
    assert used == declared


def normal(name: str) -> str:
    return name.lower().replace("_", "-")


def test_every_pin_is_a_name_and_a_version() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    for pin in pins:
        assert re.fullmatch(r'[a-z0-9.-]+==[0-9a-z.]+( ; python_version (<|>=) "3\.1\d")?', pin)
    pinned = {re.split("==", pin)[0] for pin in pins}
    wanted = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]
    names = {normal(re.split(r"[^\w.-]", requirement)[0]) for requirement in wanted}
    assert names - {"debulk"} <= pinned


def test_versions_agree() -> None:
    import debulk

    assert PROJECT["version"] == debulk.__version__
    assert f"## {debulk.__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
