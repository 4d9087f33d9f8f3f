"""FHIR and HL7 v2: what an interface engine sends."""

from __future__ import annotations

import base64
import json
import logging
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from debulk.archive.readers import read
from debulk.archive.record import Record
from debulk.errors import InputError

DAY = date(2025, 3, 14)


def document(
    data: bytes | str = b"note", kind: str = "text/plain", **fields: Any
) -> dict[str, Any]:
    coded = data if isinstance(data, str) else base64.b64encode(data).decode()
    attachment = {"contentType": kind, "data": coded}
    return {"resourceType": "DocumentReference", "content": [{"attachment": attachment}], **fields}


NO_NOTE = "The DocumentReference has no inline text/plain note: export content.attachment.data."
WRONG = "The document is marked as entered in error: leave it out."
START = {"period": {"start": "2025-03-14T08:00:00+01:00"}}
MONTH = {"period": {"start": "2025-01"}}
UTF16 = 'text/plain;charset="UTF-16LE"'
NOTHING = {"resourceType": "DocumentReference"}
CASES = [
    (document(id="a", context=START), Record("a", "note", DAY)),
    (document(id="a", date="2025-03-14T23:30:00Z"), Record("a", "note", DAY)),
    (document(id="a", date="2025-03-14", context=MONTH), Record("a", "note", DAY)),
    (document(id="a", date="2025", context=[1]), Record("a", "note")),
    (document("bm90\nZQ=="), Record("n-1", "note")),
    (document(b"caf\xe9", "text/plain; charset=iso-8859-1"), Record("n-1", "caf\u00e9")),
    (document("caf\u00e9".encode("utf-16-le"), UTF16), Record("n-1", "caf\u00e9")),
    (document("!!"), Record("n-1", "", error="The attachment is not base64: export it again.")),
    (document(kind="application/pdf"), Record("n-1", "", error=NO_NOTE)),
    (NOTHING, Record("n-1", "", error=NO_NOTE)),
    (NOTHING | {"content": [3, {"attachment": []}]}, Record("n-1", "", error=NO_NOTE)),
    (document(status="entered-in-error"), Record("n-1", "", error=WRONG)),
]


@pytest.mark.parametrize(("resource", "record"), CASES)
def test_document_reference(tmp_path: Path, resource: dict[str, Any], record: Record) -> None:
    source = tmp_path / "n.ndjson"
    source.write_text(json.dumps(resource) + "\n")
    assert list(read(source)) == [record]
    bundle = tmp_path / "n.json"
    bundle.write_text(json.dumps({"resourceType": "Bundle", "entry": [{"resource": resource}]}))
    assert list(read(bundle)) == [record]


def test_ndjson_passes_over_other_resources_and_bad_lines(tmp_path: Path) -> None:
    source = tmp_path / "n.ndjson"
    lines = ['{"resourceType": "Patient"}', "{", json.dumps(document(id="a")), '{"text": "row"}']
    source.write_text("\n".join(lines))
    assert [record.id for record in read(source)] == ["n-2", "a", "n-4"]


def test_bundle_goes_on_after_a_bad_entry(tmp_path: Path) -> None:
    source = tmp_path / "n.json"
    entry: list[Any] = [
        7,
        {"resource": {"resourceType": "Patient"}},
        {"resource": document(id="a")},
    ]
    source.write_text(json.dumps({"resourceType": "Bundle", "entry": entry}))
    assert [(r.id, r.error) for r in read(source)] == [
        ("n-1", "Entry 1 of the Bundle has no resource."),
        ("a", ""),
    ]


@pytest.mark.parametrize("content", ["{", "[]", '{"resourceType": "Patient"}', '{"id": "x"}'])
def test_json_that_is_no_bundle(tmp_path: Path, content: str) -> None:
    source = tmp_path / "n.json"
    source.write_text(content)
    with pytest.raises(InputError, match=r"is not JSON: export|is no FHIR Bundle: for rows"):
        list(read(source))


MSH = "MSH|^~\\&|EHR|H|DEBULK|H|202503141200||{kind}|{id}|P|2.5"
TXA = "TXA|1|OP|TX|20250314083000||20250315||||||DOC-1^EHR"
OBR = "OBR|1||ACC-7|OPN|||20250314"


def message(*segments: str, kind: str = "MDM^T02", id: str = "M1") -> str:
    return "\r".join([MSH.format(kind=kind, id=id), "EVN|T02|2025", "PID|1||123", *segments]) + "\r"


ED = base64.b64encode(b"caf\xe9\nnote").decode()
HL7_CASES = [
    ([TXA, "OBX|1|TX|1||first||||||F", "OBX|2|TX|1||second||||||F"], "first\nsecond"),
    ([TXA, "OBX|1|TX|1||one~two~~four"], "one\ntwo\n\nfour"),
    ([TXA, "OBX|1|FT|1||a\\.br\\b\\.sp2\\c\\.in+2\\d\\H\\e\\N\\"], "a\nb\n\nc  de"),
    ([TXA, "OBX|1|FT|1||\\F\\\\S\\\\T\\\\R\\\\E\\"], "|^&~\\"),
    ([TXA, "OBX|1|FT|1||caf\\XE9\\ caf\\XC3A9\\"], "caf\u00e9 caf\u00e9"),
    ([TXA, "OBX|1|TX|1||D&C 5^6, 5\\6 and 7\\8\\.br\\end"], "D&C 5^6, 5\\6 and 7\\8\nend"),
    ([TXA, f"OBX|1|ED|1||EHR^TEXT^PLAIN^Base64^{ED}"], "caf\u00e9\nnote"),
    ([TXA, "OBX|1|ED|1||EHR^text^plain^A^a\\T\\b"], "a&b"),
    ([TXA, "OBX|1|TX|1||a", "line broken out", "OBX|2|TX|1||z"], "a\nline broken out\nz"),
    ([TXA, "OBX|1|NM|1||7", "OBX|2|TX|1||note", "OBX|3|TX|1"], "note\n"),
]  # fmt: skip


@pytest.mark.parametrize(("segments", "text"), HL7_CASES)
@pytest.mark.parametrize("end", ["\r", "\n", "\r\n"])
def test_document_message(tmp_path: Path, segments: list[str], text: str, end: str) -> None:
    source = tmp_path / "n.hl7"
    source.write_bytes(message(*segments).replace("\r", end).encode())
    assert list(read(source)) == [Record("M1", text, DAY, extra={"document_number": "DOC-1"})]


def test_results_with_two_reports(tmp_path: Path) -> None:
    source = tmp_path / "n.hl7"
    segments = [
        OBR,
        "OBX|1|TX|1||first",
        "OBR|2||ACC-8",
        "OBX|1|FT|1||second",
        "OBR|3",
        "OBX|1|NM|1||7",
    ]
    source.write_text(message(*segments, kind="ORU^R01"))
    assert list(read(source)) == [
        Record("M1-1", "first", DAY, extra={"document_number": "ACC-7"}),
        Record("M1-2", "second", None, extra={"document_number": "ACC-8"}),
    ]


def test_batch_of_messages_goes_on_after_bad_ones(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = tmp_path / "n.hl7"
    good = message(TXA, "OBX|1|TX|1||caf\u00e9", id="M1").encode()
    latin = message(TXA, "OBX|1|TX|1||caf\u00e9 \\Qx\\", id="M2").encode("cp1252")
    pdf = message(TXA, "OBX|1|ED|1||E^Application^PDF^Base64^JVBE", id="M3").encode()
    base = message(TXA, "OBX|1|ED|1||E^TEXT^^Base64^!", id="M4").encode()
    none = message(TXA, id="M5").encode()
    nul = message(TXA, "OBX|1|TX|1||a\0b", id="M6").encode()
    other = message("PV1|1", kind="ADT^A01", id="M7").encode()
    parts = [b"FHS|^~\\&\rBHS|^~\\&\r\x0b", good, b"\x1c\r\x0b", latin, pdf, base, none, nul, other]
    source.write_bytes(b"".join([*parts, b"MSH\r", good, b"BTS|9\rFTS|1\r"]))
    with caplog.at_level(logging.DEBUG):
        records = list(read(source))
    assert [(r.id, r.text, r.error) for r in records] == [
        ("M1", "caf\u00e9", ""),
        ("M2", "caf\u00e9 \\Qx\\", ""),
        ("M3", "", "The document in OBX-5 is no plain text: send it as TX or ED^TEXT."),
        ("M4", "", "The document in OBX-5 is not base64: send it again."),
        ("M5", "", "The message has no OBX of type TX, FT or ED: send the note inline."),
        ("n-6", "", "The note is binary, not plain text: export it as plain text."),
        ("n-8", "", "The message is not HL7 v2: export it again."),
        ("M1", "caf\u00e9", ""),
    ]
    assert "caf\u00e9" not in caplog.text


def test_file_without_messages(tmp_path: Path) -> None:
    source = tmp_path / "n.hl7"
    source.write_text("no message")
    with pytest.raises(InputError, match="holds no HL7 v2 message: each begins with a segment MSH"):
        list(read(source))
