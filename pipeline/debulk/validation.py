"""Check the corpus: what a note and its gold must hold before anything is trained or scored."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

from debulk import coding
from debulk.values import CONCEPTS, FACT_VALUES, STATUSES

SPLITS = ("train", "dev", "test")
DECISIONS = ("suggest", "review", "out_of_scope")
ALIKE = 0.5  # shingles shared by two notes of different splits, over which one is a copy
_SHINGLE = 5  # words
_FIELDS = frozenset(
    "id voice date_of_service text_date scenario primary acceptable decision facts statuses "
    "quotes included separate gaps conflicts why".split()
)
_FLAGS = ("debulking", "staging_only")
_LENGTHS = ("tumor_lengths_cm", "tumor_length_sum_cm")
_FACTS = frozenset((*FACT_VALUES, *_FLAGS, *_LENGTHS))
_CODE = re.compile(r"\d{5}")
_WORD = re.compile(r"\w+")
_FILLERS = frozenset("blank unknown redacted".split())
_IDENTIFIERS = (
    # "MR venogram" and "MS" without a stop are no titles.
    (
        "a name behind a title",
        re.compile(
            r"\b(?:(?i:dr|mrs|prof)\b\.?|M[rs]\b\.?|Miss\b|M[RS]\.)\s+(?!of\b)([^\W\d_]{2,})"
        ),
    ),
    ("a record number", re.compile(r"\b(?i:mrn|account|acct|ssn|csn|dob)\b[\s:.#]*(\d[\d/-]+)")),
    ("a long number", re.compile(r"(?<![\d.,])(\d{6,})(?![\d.,]*\d)")),
    ("a number of a person", re.compile(r"\b(\d{3}-\d{2}-\d{4}|\(?\d{3}\)?[ -]\d{3}-\d{4})\b")),
    ("an address", re.compile(r"(\S+@\S+\.\w+)")),
)


def problems(corpus_folder: Path) -> list[str]:
    """What is wrong with a corpus, one sentence each; [] when it may be used."""
    try:
        splits = json.loads((corpus_folder / "splits.json").read_text("utf-8"))
    except (OSError, ValueError):
        return ["splits.json cannot be read: it maps train, dev and test to lists of voices."]
    found = list(_of_splits(corpus_folder, splits))
    if found:
        return found
    split_of = {voice: split for split in SPLITS for voice in splits[split]}
    texts: dict[str, tuple[str, str]] = {}
    seen: set[str] = set()
    for folder in sorted((corpus_folder / "notes").iterdir()):
        for stem in sorted({file.stem for file in folder.iterdir()}):
            read = _read(folder, stem)
            if isinstance(read, str):
                found.append(f"{stem}: {read}.")
                continue
            text, gold = read
            found.extend(f"{stem}: {problem}." for problem in note_problems(text, gold))
            if (gold.get("id"), gold.get("voice")) != (stem, folder.name):
                found.append(f"{stem}: id and voice are not those of the file and its folder.")
            if stem in seen:
                found.append(f"{stem}: another note has this id.")
            seen.add(stem)
            texts[f"{folder.name}/{stem}"] = (split_of[folder.name], text)
    return found + list(_copies(texts))


def note_problems(text: str, gold: Mapping[str, Any]) -> list[str]:
    """What is wrong with one note and its gold, without a note's words."""
    missing = _FIELDS - set(gold)
    if missing:
        return [f"the gold lacks {', '.join(sorted(missing))}"]
    return [
        *_of_text(text),
        *_of_dates(text, gold),
        *_of_codes(gold),
        *_of_facts(gold["facts"]),
        *_of_mentions(text, gold),
    ]


def _read(folder: Path, stem: str) -> tuple[str, dict[str, Any]] | str:
    try:
        text = (folder / f"{stem}.txt").read_bytes().decode("utf-8")
        gold = json.loads((folder / f"{stem}.json").read_text("utf-8"))
    except FileNotFoundError as error:
        return f"{Path(error.filename).name} is missing"
    except UnicodeDecodeError:
        return "the note is not UTF-8"
    except ValueError:
        return "the gold is not JSON"
    return (text, gold) if isinstance(gold, dict) else "the gold is not a JSON object"


def _of_splits(corpus_folder: Path, splits: Any) -> Iterator[str]:
    if not isinstance(splits, dict) or set(splits) != set(SPLITS):
        yield "splits.json does not hold train, dev and test, and nothing else."
        return
    listed = [voice for split in SPLITS for voice in splits[split]]
    for voice in sorted({voice for voice in listed if listed.count(voice) > 1}):
        yield f"splits.json lists the voice {voice} twice."
    folder = corpus_folder / "notes"
    present = {item.name for item in folder.iterdir()} if folder.is_dir() else set()
    for voice in sorted(present ^ set(listed)):
        where = "no split" if voice in present else "no folder"
        yield f"The voice {voice} has {where}."


def _of_text(text: str) -> Iterator[str]:
    if not text.strip() or "\0" in text:
        yield "the note is empty or binary"
    for name, pattern in _IDENTIFIERS:
        if any(m.group(1).lower() not in _FILLERS for m in pattern.finditer(text)):
            yield f"the note holds {name}: write a role or one letter"


def _of_dates(text: str, gold: Mapping[str, Any]) -> Iterator[str]:
    given, told = gold["date_of_service"], gold["text_date"]
    if (given is None) == (told is None):
        yield "exactly one of date_of_service and text_date is to be given"
        return
    try:
        on = date.fromisoformat(given or told)
    except (TypeError, ValueError):
        yield "the date is not a day of the calendar in the form YYYY-MM-DD"
        return
    if told and f"{on:%y}" not in text:
        yield "text_date is not a year that the note states"
    for number in {gold["primary"], *gold["acceptable"]} - {None}:
        code = coding.codes().get(number)
        if code is None:
            yield f"{number} is no code of the family"
        elif on < code.valid_from or (code.valid_to and on > code.valid_to):
            yield f"{number} was not in force on the date of service"


def _of_codes(gold: Mapping[str, Any]) -> Iterator[str]:
    primary, decision = gold["primary"], gold["decision"]
    if decision not in DECISIONS:
        yield f"{decision!r} is no decision"
    if primary is not None and primary not in gold["acceptable"]:
        yield "the primary code is not among the acceptable ones"
    if decision == "suggest" and primary is None:
        yield "a suggestion names no code"
    if decision == "out_of_scope" and (primary or gold["acceptable"]):
        yield "a note out of scope names a code"
    for number in gold["included"]:
        if not _CODE.fullmatch(str(number)):
            yield f"{number!r} among the included is no code"
    if set(gold["included"]) & {primary}:
        yield "the primary code is among the included"


def _of_facts(facts: Mapping[str, Any]) -> Iterator[str]:
    if set(facts) != _FACTS:
        yield f"the facts are not those of the contract: {', '.join(sorted(set(facts) ^ _FACTS))}"
        return
    for name, values in FACT_VALUES.items():
        if facts[name] not in values:
            yield f"{facts[name]!r} is no value of {name}"
    for name in _FLAGS:
        if not isinstance(facts[name], bool):
            yield f"{name} is neither true nor false"
    lengths, total = facts["tumor_lengths_cm"], facts["tumor_length_sum_cm"]
    if not all(isinstance(cm, (int, float)) and cm > 0 for cm in lengths):
        yield "a tumour length is no positive number"
    elif (total is None) != (not lengths) or (lengths and abs(sum(lengths) - total) > 0.005):
        yield "tumor_length_sum_cm is not the sum of the lengths"


def _of_mentions(text: str, gold: Mapping[str, Any]) -> Iterator[str]:
    told = [tuple(pair) for pair in gold["statuses"]]
    quoted = {(quote["concept"], quote["status"]) for quote in gold["quotes"]}
    if len(set(told)) != len(told):
        yield "a (concept, status) is given twice"
    for concept, status in sorted({*told, *quoted}):
        if concept not in CONCEPTS or status not in STATUSES:
            yield f"({concept}, {status}) is not in the words of the contract"
    for concept, status in sorted(set(told) ^ quoted):
        yield f"({concept}, {status}) has a status without quote, or a quote without status"
    for quote in gold["quotes"]:
        if not quote["quote"].strip() or quote["quote"] not in text:
            yield f"a quote of ({quote['concept']}, {quote['status']}) is not in the note"
    for name in ("separate", "conflicts"):
        for concept in gold[name]:
            if concept not in CONCEPTS:
                yield f"{concept!r} among the {name} is no concept"
    for name in gold["gaps"]:
        if name not in _FACTS:
            yield f"{name!r} among the gaps is no fact"


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of five words of a note, case and punctuation aside."""
    words = _WORD.findall(text.lower())
    return frozenset(zip(*(words[i:] for i in range(_SHINGLE)), strict=False))


def _copies(texts: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    """Notes of different splits that share more than half of their shingles."""
    cut = [(name, split, shingles(text)) for name, (split, text) in sorted(texts.items())]
    for (first, split, one), (second, other, two) in combinations(cut, 2):
        if split == other:
            continue
        shared = len(one & two)
        if shared > ALIKE * (len(one) + len(two) - shared):
            yield f"{first} ({split}) and {second} ({other}) are near-duplicates."
