"""spaCy's conventions: the shipped folder loads, is stored, is spread over processes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.tokens import Doc, DocBin

import debulk
from debulk import model
from debulk.corpus import Note
from debulk.errors import ModelError
from debulk.reading import read
from debulk.values import CONCEPTS, STATUSES

FOLDER = Path(__file__).parents[1] / "models" / "debulking"
GROUPS = ("sections", "mentions", "measures")


def stored(doc: Doc) -> dict[str, Any]:
    """What the components left on a Doc, as plain values."""
    spans = {
        group: [(s.start_char, s.end_char, s.label_) for s in doc.spans[group]] for group in GROUPS
    }
    # Through JSON: a DocBin gives lists back as tuples.
    plain: list[Any] = json.loads(json.dumps([doc._.mentions, doc._.measures]))
    return {"spans": spans, "plain": plain}


@pytest.fixture(scope="module")
def loaded() -> Any:
    return spacy.load(FOLDER)


@pytest.fixture(scope="module")
def texts(notes: dict[str, Note]) -> list[str]:
    """A few notes: short, all capitals, without headings, and none at all."""
    ids = ("terse-03", "all_caps-03", "paragraph-01", "resident-01")
    return [*(notes[id].text for id in ids), ""]


def test_the_shipped_folder_is_a_spacy_pipeline(loaded: Any) -> None:
    assert loaded.meta["name"] == "debulking"
    assert tuple(loaded.pipe_names) == model.PIPES
    assert not spacy.util.is_package(str(FOLDER))
    assert {"config.cfg", "meta.json", "classifier.joblib"} <= {f.name for f in FOLDER.iterdir()}


def test_load_is_spacy_load(loaded: Any, texts: list[str]) -> None:
    for nlp in (debulk.load(), debulk.load(str(FOLDER))):
        assert nlp.pipe_names == loaded.pipe_names
        assert stored(nlp(texts[0])) == stored(loaded(texts[0]))


def test_load_of_a_folder_that_is_no_model(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"is no model folder: it holds no meta\.json"):
        debulk.load(str(tmp_path))


def test_the_environment_names_the_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DEBULK_MODEL", str(FOLDER))
    assert model.folder() == FOLDER
    monkeypatch.setenv("DEBULK_MODEL", str(tmp_path))
    with pytest.raises(ModelError):
        model.folder()


def test_to_disk_and_from_disk(loaded: Any, texts: list[str], tmp_path: Path) -> None:
    loaded.to_disk(tmp_path / "model")
    again = spacy.load(tmp_path / "model")
    assert [stored(again(text)) for text in texts] == [stored(loaded(text)) for text in texts]


def test_to_bytes_and_from_bytes(loaded: Any, texts: list[str]) -> None:
    again = model.blank().from_bytes(loaded.to_bytes())
    assert [stored(again(text)) for text in texts] == [stored(loaded(text)) for text in texts]


def test_a_doc_bin_keeps_what_was_found(loaded: Any, texts: list[str], tmp_path: Path) -> None:
    docs = list(loaded.pipe(texts))
    DocBin(docs=docs, store_user_data=True).to_disk(tmp_path / "notes.spacy")
    read_back = DocBin().from_disk(tmp_path / "notes.spacy").get_docs(loaded.vocab)
    for before, after in zip(docs, read_back, strict=True):
        assert after.text == before.text
        assert stored(after) == stored(before)
        assert [span._.status for span in after.spans["mentions"]] == [
            record["status"] for record in before._.mentions
        ]


@pytest.mark.filterwarnings("ignore:.W109:UserWarning")  # the working paper is not stored
def test_a_stored_doc_is_read_like_a_fresh_one(loaded: Any, texts: list[str]) -> None:
    doc = loaded(texts[0])
    copy = Doc(loaded.vocab).from_bytes(doc.to_bytes())
    first, second = read(doc), read(copy)
    assert (first.mentions, first.measures) == (second.mentions, second.measures)


def test_two_processes_find_what_one_finds(loaded: Any, texts: list[str]) -> None:
    alone = [stored(doc) for doc in loaded.pipe(texts)]
    together = [stored(doc) for doc in loaded.pipe(texts, n_process=2, batch_size=2)]
    assert together == alone
    assert alone == [stored(loaded(text)) for text in texts]


def test_only_plain_data_stays_on_the_doc(loaded: Any, texts: list[str]) -> None:
    for doc in loaded.pipe(texts):
        for value in plain_values(doc):
            assert json.loads(json.dumps(value)) == value
        read(doc)
        assert not doc.user_hooks, "the working paper is dropped once the note is read"


def plain_values(doc: Doc) -> Iterable[Any]:
    """Every value of the Doc and its spans: what DocBin stores beside the tokens."""
    assert doc.user_data, "the components wrote nothing"
    return doc.user_data.values()


def test_components_write_words_of_the_contract(loaded: Any, texts: list[str]) -> None:
    for doc in loaded.pipe(texts):
        assert {span.label_ for span in doc.spans["mentions"]} <= set(CONCEPTS)
        assert {span._.status for span in doc.spans["mentions"]} <= set(STATUSES)
        assert len(doc.spans["mentions"]) == len(doc._.mentions)
        assert {span.label_ for span in doc.spans["measures"]} <= {"counts", "other"}


def test_spacy_finds_the_factories_by_their_entry_points() -> None:
    named = {e.name: e for e in entry_points(group="spacy_factories") if e.name in model.PIPES}
    assert set(named) == set(model.PIPES)
    nlp = spacy.blank("en")
    for name in model.PIPES:
        assert callable(named[name].load())
        nlp.add_pipe(name)
    doc = nlp("TECHNIQUE: The omentum was removed. No hysterectomy was performed.")
    assert [(m["concept"], m["status"]) for m in doc._.mentions] == [
        ("omentectomy", "performed"),
        ("hysterectomy", "not_performed"),
    ]


def test_the_tokenizer_is_an_entry_point() -> None:
    assert "debulk_tokenizer" in {e.name for e in entry_points(group="spacy_tokenizers")}


def test_an_abbreviation_is_read_with_its_long_form(loaded: Any) -> None:
    doc = loaded("A pelvic lymph node dissection (PLND) was performed. PLND took an hour.")
    found = {a["short_text"]: a["long_text"] for a in doc._.abbreviations}
    assert found == {"PLND": "pelvic lymph node dissection"}
