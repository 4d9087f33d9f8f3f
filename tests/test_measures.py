"""Tumour lengths: numbers and units, what a length belongs to, and which of them count."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from debulk import lengths, model
from debulk.reading import read
from debulk.values import Measure

CASES = Path(__file__).parent / "cases" / "measures.tsv"


@cache
def _pipeline() -> Any:
    return model.blank()


def _measures(text: str) -> tuple[Measure, ...]:
    return read(_pipeline()(text)).measures


def _cases() -> list[Any]:
    rows = [line.split("\t") for line in CASES.read_text("utf-8").splitlines()]
    return [
        pytest.param(
            text.replace("\\n", "\n"),
            sorted(float(n) for n in counted.split()),
            [reason for reason in why.split(" | ") if reason],
            id=f"{number}-{kind}",
        )
        for number, (kind, text, counted, why) in enumerate(
            row for row in rows if not row[0].startswith("#")
        )
    ]


@pytest.mark.parametrize(("text", "counted", "why"), _cases())
def test_the_lengths_that_count_and_why_the_others_do_not(
    text: str, counted: list[float], why: list[str]
) -> None:
    found = _measures(text)
    assert sorted(m.cm for m in found if m.counts) == counted
    assert [m.reason for m in found if not m.counts] == why


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("5.5 X 4.5 X 3 CM", [5.5]),
        ("3cmx2cm", [3.0]),
        ("2- to 3-cm", [3.0]),
        ("0.8, 0.7, 0.5 cm", [0.8, 0.7, 0.5]),
        ("11/8 cm", [11.0, 8.0]),
        ("1.2cm/0.8cm", [1.2, 0.8]),
        ("two and a half cm", [2.5]),
        ("2 point 5 cm", [2.5]),
        ("a centimetre and a half", [1.5]),
        ("three quarters of an inch", [1.91]),
        ("twenty-two centimeters", [22.0]),
        ("2½ cm", [2.5]),
        ("1,5 cm", [1.5]),
        ("9 x 7", [9.0]),
        ("15 cm H2O", []),
        ("3 cm2", []),
        ("2-0 Vicryl", []),
        ("4:1 ratio on 11/8/2025", []),
        ("grade 3, 5 cm", [5.0]),
        ("four implants (12, 9, 9 and 6 mm)", [1.2, 0.9, 0.9, 0.6]),
        ("the longest 26 mm, the others 20, 14 and 10.", [2.6, 2.0, 1.4, 1.0]),
        ("six, three and one and a half centimetres", [6.0, 3.0, 1.5]),
        ("2.0/1.5/0.5 cm", [2.0, 1.5, 0.5]),
        ("removed #1, 2 and 3 cm", [2.0, 3.0]),
        ("on day 3, 5 cm", [5.0]),
        ("nodule of 3,5 x 2,8 cm", [3.5]),
        ("EBL 380 cc, 1,4 litre, 35 min, 24 Ch", []),
    ],
)
def test_numbers_and_units(text: str, sizes: list[float]) -> None:
    assert [length.cm for length in lengths.find(text)] == sizes


def test_a_measure_points_into_the_text_as_given() -> None:
    text = "A\u200b tumor of\u00a03.5\u2013cm was excised; the nodule (1 cm) was excised too."
    assert [text[m.start : m.end] for m in _measures(text)] == ["3.5\u2013cm", "1 cm"]


def test_every_length_has_a_reason() -> None:
    found = _measures("A 20 cm incision was made. The mass, 4 cm, was excised with a 1 cm margin.")
    assert [(m.cm, m.counts, bool(m.reason)) for m in found] == [
        (20.0, False, True),
        (4.0, True, True),
        (1.0, False, True),
    ]


@pytest.mark.parametrize("unit", ["A 3 cm nodule. ", "tumor 3 cm, ", "1 cm and ", "- 3 cm | a\n"])
def test_time_grows_with_the_text(unit: str) -> None:
    begun = time.perf_counter()
    lengths.find(unit * 20_000)
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "text", ["", " ", "cm", "3", "3 cm", "x 3 cm x", "#", "(3 cm", "½", "3 cm\n\n|"]
)
def test_scraps_are_read_without_error(text: str) -> None:
    assert not any(m.counts for m in _measures(text))
