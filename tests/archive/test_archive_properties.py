"""What must hold for every text."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from debulk.archive.decoding import decode, from_bytes
from debulk.archive.readers import read

TEXT = st.text(st.characters(blacklist_categories=()), max_size=60)  # lone surrogates too
PRINTED = st.text(st.characters(blacklist_categories=("Cc", "Cs")), max_size=60)
ESCAPED = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\", "\n": "\\.br\\"}


@given(st.binary(max_size=300))
def test_every_file_becomes_a_record(data: bytes) -> None:
    record = from_bytes("n", data)
    assert not record.text or not record.error


@given(PRINTED.filter(lambda text: not text.startswith(("\ufeff", "%PDF-", "{\\rtf"))))
def test_utf8_is_read_as_written(text: str) -> None:
    assert decode(text.encode()) == text
    assert decode(text.encode("utf-8-sig")) == text


@settings(deadline=None)
@given(st.lists(TEXT, max_size=5), st.booleans())
def test_jsonl_gives_back_every_text(texts: list[str], escaped: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "n.jsonl"
        lines = [json.dumps({"text": text}, ensure_ascii=escaped) + "\n" for text in texts]
        source.write_bytes("".join(lines).encode("utf-8", "surrogatepass"))
        read_back = [record.text for record in read(source)]
        assert read_back == ["" if "\0" in text else text for text in texts]


@settings(deadline=None)
@given(st.lists(PRINTED.map(str.strip), min_size=1, max_size=3).map("\n".join))
def test_hl7_gives_back_every_escaped_text(text: str) -> None:
    sent = "".join(ESCAPED.get(letter, letter) for letter in text)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "n.hl7"
        segments = f"MSH|^~\\&|A|B|C|D|2025||MDM^T02|M1\rTXA|1\rOBX|1|TX|||{sent}|||||F\r"
        source.write_bytes(segments.encode())
        (record,) = read(source)
        assert (record.text, record.error) == (text, "")
