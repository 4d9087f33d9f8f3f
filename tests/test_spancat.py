"""The trained reader: what it learns, what it may change, and how it is kept."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from srsly import msgpack_dumps

from debulk import corpus, model
from debulk.coder import Coder
from debulk.components.layout import page_of
from debulk.components.spancat import SpanCategorizer
from debulk.errors import ModelError
from debulk.facts import gather
from debulk.page import Extent
from debulk.reading import read
from debulk.spancat import Chance, Network
from debulk.spancat.crossfit import networks
from debulk.spancat.pieces import blocks

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "models/debulking"
NOTE = """DESCRIPTION OF PROCEDURE
The abdomen was opened. The uterus and ovaries were absent. The omentum was divided from the
transverse colon and removed, but the spleen was not removed. The appendix was looked
at; it was left in place, and the nodes were soft.
"""


@pytest.fixture(scope="module")
def shipped(coder: Coder) -> SpanCategorizer:
    found: SpanCategorizer = coder.nlp.get_pipe("debulk_spancat")
    return found


@pytest.fixture(scope="module")
def network(shipped: SpanCategorizer) -> Network:
    assert shipped.network is not None
    return shipped.network


def told(doc: Any) -> set[tuple[str, str]]:
    return {(m["concept"], m["status"]) for m in doc._.mentions}


class Saying:
    """A network that gives the chances that it is told to give."""

    def __init__(self, **chances: float) -> None:
        self.said = {tuple(name.split("__")): chance for name, chance in chances.items()}

    def chances(self, page: Any) -> dict[Any, Chance]:
        run = Extent(page.sentences[1].start, page.sentences[-1].end)
        return {label: Chance(chance, run) for label, chance in self.said.items()}


def with_network(nlp: Any, said: Saying, text: str = NOTE) -> Any:
    nlp.get_pipe("debulk_spancat").network = said
    try:
        return nlp(text)
    finally:
        nlp.get_pipe("debulk_spancat").network = None


# -- what it may change


def test_untrained_it_changes_nothing(nlp: Any) -> None:
    spans = nlp.get_pipe("debulk_spancat")
    assert spans.network is None
    assert spans.to_bytes() == b""
    doc = nlp(NOTE)
    before = [dict(record) for record in doc._.mentions]
    assert spans(doc)._.mentions == before
    assert with_network(nlp, Saying())._.mentions == before


def test_what_the_rules_missed_is_added_and_marked(nlp: Any) -> None:
    doc = with_network(nlp, Saying(cystoscopy__performed=0.99, hipec__performed=0.9))
    (added,) = [m for m in doc._.mentions if "read_by" in m["attributes"]]
    assert (added["concept"], added["status"]) == ("cystoscopy", "performed")
    assert added["attributes"]["probability"] == "0.990"
    assert NOTE[added["start"] : added["end"]].startswith("The abdomen")
    spans = doc.spans["mentions"]
    assert [span.label_ for span in spans] == [m["concept"] for m in doc._.mentions]
    assert [span._.status for span in spans] == [m["status"] for m in doc._.mentions]


def test_what_has_next_to_no_chance_is_dropped(nlp: Any) -> None:
    assert ("omentectomy", "performed") in told(nlp(NOTE))
    assert ("omentectomy", "performed") in told(
        with_network(nlp, Saying(omentectomy__performed=0.02))
    )
    assert ("omentectomy", "performed") not in told(
        with_network(nlp, Saying(omentectomy__performed=0.001))
    )


def test_a_note_of_other_surgery_is_left_to_the_rules(nlp: Any) -> None:
    text = "DESCRIPTION: The knee was opened. The meniscus was trimmed and removed. Nothing more."
    assert told(with_network(nlp, Saying(omentectomy__performed=0.999), text)) == told(nlp(text))


def test_a_label_that_it_never_learned_stays_as_it_is(nlp: Any) -> None:
    assert told(with_network(nlp, Saying(hipec__planned=0.001))) == told(nlp(NOTE))


def test_where_only_the_status_was_wrong_the_words_stay(nlp: Any) -> None:
    (old,) = [m for m in nlp(NOTE)._.mentions if m["concept"] == "splenectomy"]
    doc = with_network(nlp, Saying(splenectomy__not_performed=0.001, splenectomy__planned=0.999))
    (new,) = [m for m in doc._.mentions if m["concept"] == "splenectomy"]
    assert (new["status"], new["start"], new["end"]) == ("planned", old["start"], old["end"])


def test_what_it_adds_settles_no_fact(nlp: Any) -> None:
    plain = gather(read(nlp(NOTE)))
    case = gather(
        read(
            with_network(
                nlp, Saying(hysterectomy__performed=0.999, pelvic_lymphadenectomy__performed=0.999)
            )
        )
    )
    assert case.performed("hysterectomy")
    assert {n: f.value for n, f in case.facts.items()} == {
        n: f.value for n, f in plain.facts.items()
    }
    for name, fact in case.facts.items():
        assert [case.mentions[i] for i in fact.evidence] == [
            plain.mentions[i] for i in plain.facts[name].evidence
        ]


# -- what it makes of a note


def test_case_and_line_ends_change_nothing(nlp: Any, network: Network) -> None:
    flat = " ".join(NOTE.split("\n", 1)[1].split())
    chances = [
        {label: chance.probability for label, chance in network.chances(page_of(nlp(text))).items()}
        for text in (flat, flat.upper(), flat.replace(". ", ".\r\n"))
    ]
    assert chances[0] == pytest.approx(chances[1], abs=1e-5)
    assert chances[0] == pytest.approx(chances[2], abs=1e-5)


def test_a_sentence_is_read_by_itself(nlp: Any, network: Network) -> None:
    first, more = "The omentum was removed.", "A Foley catheter and the spleen were seen."
    one, other, both = (
        network.chances(page_of(nlp(text))) for text in (first, more, f"{first} {more}")
    )
    for label, chance in both.items():
        best = max(one[label].probability, other[label].probability)
        assert chance.probability == pytest.approx(best, abs=1e-5)


def test_runs_lie_in_their_sentences_and_a_long_note_is_read_in_blocks(nlp: Any) -> None:
    page = page_of(nlp(NOTE + "The spleen was freed, held up and then removed.\n" * 600))
    parts = list(blocks(page))
    assert len(parts) > 2
    for block in parts:
        assert sum(end - start for start, end in block.sentences) <= 2_000
        for run, number in zip(block.runs, block.sentence_of, strict=True):
            start, end = block.sentences[number]
            assert start <= run.start < run.end <= end


def test_a_sentence_without_end_is_read_in_parts(nlp: Any) -> None:
    page = page_of(nlp("the spleen was freed and then removed and " * 400 + "the end"))
    found = list(blocks(page))
    covered = {at for block in found for run in block.runs for at in range(*run)}
    assert len(found) > 1
    assert len(covered) > 0.9 * len(page.words)


def test_the_records_are_true_where_two_mentions_are_the_same_words(nlp: Any) -> None:
    doc = with_network(nlp, Saying(cystoscopy__performed=0.99, hipec__planned=0.998))
    added = {m["concept"]: m["status"] for m in doc._.mentions if "read_by" in m["attributes"]}
    assert added == {"cystoscopy": "performed", "hipec": "planned"}


def test_a_note_without_a_procedure_has_no_chances(nlp: Any, network: Network) -> None:
    assert network.chances(page_of(nlp("The patient was well."))) == {}
    assert network.chances(page_of(nlp(""))) == {}


# -- how it learns


@pytest.fixture(scope="module")
def few() -> list[corpus.Note]:
    return [n for n in corpus.notes(ROOT / "corpus", "train") if n.voice in ("resident", "terse")]


def test_it_learns_what_the_gold_tells_and_no_voice_is_read_by_its_own_network(
    nlp: Any, few: list[corpus.Note]
) -> None:
    found = networks(nlp, few)
    assert found.whole is not None
    assert set(found.without) == {"resident", "terse"}
    right = wrong = 0
    for note in few:
        labels = {tuple(pair) for pair in note.gold["statuses"]}
        for label, chance in found.whole.chances(page_of(nlp(note.text))).items():
            right += label in labels and chance.probability > 0.5
            wrong += label not in labels and chance.probability > 0.5
    assert right > 0.9 * (right + wrong)
    again = networks(nlp, few, whole=False)
    for voice, network in found.without.items():
        assert again.without[voice].to_bytes() == network.to_bytes()
        assert network.to_bytes() != found.whole.to_bytes()


# -- how it is kept


def test_bytes_give_the_same_reader(shipped: SpanCategorizer, nlp: Any) -> None:
    again = SpanCategorizer(0.985, 0.01).from_bytes(shipped.to_bytes())
    assert again.network is not None
    assert shipped.network is not None
    assert again.network.labels == shipped.network.labels
    page = page_of(nlp(NOTE))
    ours, theirs = (each.network.chances(page) for each in (shipped, again) if each.network)
    # Sums of another batch may differ in the last digit.
    assert {label: chance.probability for label, chance in theirs.items()} == pytest.approx(
        {label: chance.probability for label, chance in ours.items()}, abs=1e-5
    )


@pytest.mark.parametrize(
    "data",
    [
        b"\x00",
        b"no weights",
        b"\x80",
        msgpack_dumps({"labels": [["hipec", "planned"]], "weights": msgpack_dumps({})}),
    ],
)
def test_what_is_no_weights_is_refused(data: bytes) -> None:
    with pytest.raises(ModelError, match="holds no span categoriser"):
        SpanCategorizer(0.985, 0.01).from_bytes(data)


def test_tampered_weights_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "debulking"
    shutil.copytree(SHIPPED, folder)
    file = folder / "debulk_spancat" / "spancat.msgpack"
    data = file.read_bytes()
    told = json.loads((folder / "meta.json").read_text("utf-8"))["debulk"]["spancat_sha256"]
    assert hashlib.sha256(data).hexdigest() == told
    file.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(ModelError, match=r"spancat\.msgpack is not the file"):
        model.load_pipeline(folder)
