"""The classifier keeps scikit-learn's conventions, and a foreign model file is never unpickled."""

from __future__ import annotations

import hashlib
import json
import pickle
import shutil
from pathlib import Path
from typing import Any

import numpy
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.utils.estimator_checks import parametrize_with_checks

from debulk import model
from debulk.errors import ModelError
from debulk.temperature import TemperatureScaled

SHIPPED = Path(__file__).parents[1] / "models/debulking"

# -- conventions


@parametrize_with_checks([TemperatureScaled(), TemperatureScaled(LogisticRegression(C=2.0), cv=3)])
def test_scikit_learn_checks_the_estimator(estimator: Any, check: Any) -> None:
    check(estimator)


def clouds(classes: int = 3, rows: int = 60) -> tuple[Any, Any]:
    rng = numpy.random.default_rng(3)
    y = numpy.arange(rows) % classes
    return rng.normal(size=(rows, 4)) + y[:, None], y


@pytest.mark.parametrize("classes", [2, 3])
def test_the_temperature_leaves_the_order_of_the_classes(classes: int) -> None:
    x, y = clouds(classes)
    scaled = TemperatureScaled(LogisticRegression()).fit(x, y)
    plain = LogisticRegression().fit(x, y)
    assert (scaled.predict(x) == plain.predict(x)).all()
    assert numpy.allclose(
        scaled.decision_function(x) * scaled.temperature_, plain.decision_function(x)
    )
    assert numpy.allclose(scaled.predict_proba(x).sum(axis=1), 1)


def test_a_classifier_that_is_too_sure_is_cooled() -> None:
    x, y = clouds()
    noisy = numpy.where(numpy.arange(len(y)) % 4 == 0, (y + 1) % 3, y)
    sure = TemperatureScaled(LogisticRegression(C=1e4)).fit(x, noisy)
    assert sure.temperature_ > 1


def test_a_class_of_one_fold_alone_does_not_decide_the_temperature() -> None:
    x, y = clouds()
    folds = [(numpy.arange(20, 60), numpy.arange(20)), (numpy.arange(20), numpy.arange(20, 60))]
    usual = TemperatureScaled(LogisticRegression(), folds).fit(x, y).temperature_
    rare = numpy.where(numpy.arange(60) == 59, 3, y)
    found = TemperatureScaled(LogisticRegression(), folds).fit(x, rare).temperature_
    assert abs(numpy.log(found / usual)) < 0.5


def test_without_folds_the_temperature_is_one() -> None:
    x, y = clouds(2, 2)
    assert TemperatureScaled().fit(x, y).temperature_ == 1.0


# -- the file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SHIPPED, tmp_path / "debulking"))


class Bomb:
    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> Any:
        return Path.touch, (self.file,)


def change_meta(folder: Path, **changes: Any) -> None:
    file = folder / "meta.json"
    meta = json.loads(file.read_text("utf-8"))
    meta["debulk"].update(changes)
    file.write_text(json.dumps(meta), encoding="utf-8")


def refused(folder: Path) -> str:
    with pytest.raises(ModelError) as error:
        model.load_classifier(folder)
    said = str(error.value)
    assert said.endswith(".")
    assert "\n" not in said
    return said


def test_the_model_loads(folder: Path) -> None:
    loaded = model.load_classifier(folder)
    data = (folder / "classifier.joblib").read_bytes()
    assert loaded.sha256 == hashlib.sha256(data).hexdigest()


def test_a_tampered_file_is_refused_before_it_is_unpickled(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "was_unpickled"
    poison = pickle.dumps(Bomb(mark))
    (folder / "classifier.joblib").write_bytes(poison)
    assert "not the file that meta.json describes" in refused(folder)
    assert not mark.exists()
    pickle.loads(poison)
    assert mark.exists(), "the poison of this test works"


def test_another_scikit_learn_is_refused_before_unpickling(folder: Path, tmp_path: Path) -> None:
    mark = tmp_path / "was_unpickled"
    poison = pickle.dumps(Bomb(mark))
    (folder / "classifier.joblib").write_bytes(poison)
    change_meta(
        folder,
        sha256=hashlib.sha256(poison).hexdigest(),
        versions={"scikit-learn": "1.3.2"},
    )
    said = refused(folder)
    assert "scikit-learn 1.3" in said
    assert "debulk train" in said
    assert not mark.exists()


def test_a_patch_version_of_scikit_learn_is_no_matter(folder: Path) -> None:
    import sklearn

    minor = ".".join(sklearn.__version__.split(".")[:2])
    change_meta(folder, versions={"scikit-learn": f"{minor}.99"})
    assert model.load_classifier(folder)


def test_a_spacy_model_of_someone_else_is_refused(folder: Path) -> None:
    (folder / "meta.json").write_text('{"name": "core_web_sm", "version": "3.8.0"}')
    assert "holds no debulk classifier" in refused(folder)


def test_a_folder_that_is_no_model_is_refused(tmp_path: Path) -> None:
    assert "holds no meta.json" in refused(tmp_path)
