"""Notes as files: a folder, .zip, .tar.gz, and what their bytes may be."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from debulk.archive import decoding
from debulk.archive.readers import read, tar
from debulk.archive.record import Record
from debulk.errors import InputError

BINARY = "The note is binary, not plain text: export it as plain text."
LIMIT = "The note is over 32 MiB: split it into its notes."

BYTES = [
    (b"plain", "plain", ""),
    (b"", "", ""),
    (b"\xef\xbb\xbfmarked", "marked", ""),
    ("r\u00e9section".encode(), "r\u00e9section", ""),
    ("r\u00e9section".encode("utf-16"), "r\u00e9section", ""),
    (b"\xfe\xff" + "r\u00e9section".encode("utf-16-be"), "r\u00e9section", ""),
    (b"5\xb0 r\xe9section \x96 done", "5\u00b0 r\u00e9section \u2013 done", ""),
    (b"line\r\nline\rline\n", "line\r\nline\rline\n", ""),
    (b"text\0text", "", BINARY),
    (bytes(range(256)), "", BINARY),
    (b"\x01\x02\x03\x04\x05", "", BINARY),
    (b"%PDF-1.7 ...", "", "The note is a PDF, not plain text: export it as plain text."),
    (b"{\\rtf1 ...}", "", "The note is RTF, not plain text: export it as plain text."),
]


@pytest.mark.parametrize(("data", "text", "error"), BYTES)
def test_decoding(data: bytes, text: str, error: str) -> None:
    assert decoding.from_bytes("n", data) == Record("n", text, error=error)


def test_folder_is_recursive_and_sorted(tmp_path: Path) -> None:
    for name in (
        "b.txt",
        "a.TXT",
        "sub/c.txt",
        "sub/deep/d.v2.txt",
        "skip.doc",
        "._a.txt",
        ".x/e.txt",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    assert [record.id for record in read(tmp_path)] == ["a", "b", "sub/c", "sub/deep/d.v2"]
    assert [record.text for record in read(tmp_path / "b.txt")] == ["b.txt"]


def test_folder_goes_on_after_a_bad_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("debulk.archive.readers.folder.MAX_NOTE_BYTES", 32 * 2**20)
    (tmp_path / "a.txt").write_bytes(b"\0\0")
    (tmp_path / "b.txt").write_text("fine")
    (tmp_path / "c.txt").write_bytes(b"x" * (32 * 2**20 + 1))
    assert [(r.id, r.error) for r in read(tmp_path)] == [("a", BINARY), ("b", ""), ("c", LIMIT)]


def test_folder_without_notes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"holds no \.txt file: point to the folder of the notes"):
        list(read(tmp_path))


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def test_zip(tmp_path: Path) -> None:
    members = {
        "b.txt": b"b",
        "d/a.txt": b"\xe9",
        "d/": b"",
        "x.pdf": b"x",
        "__MACOSX/._b.txt": b"?",
    }
    source = zipped(tmp_path / "notes.zip", members)
    assert list(read(source)) == [Record("b", "b"), Record("d/a", "\u00e9")]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.zip"]


def test_zip_goes_on_after_bombs_and_damage(tmp_path: Path) -> None:
    members = {
        "bomb.txt": b"a" * (20 * 2**20),
        "huge.txt": b"a" * (33 * 2**20),
        "hurt.txt": b"will be damaged",
        "good.txt": b"good",
    }
    source = zipped(tmp_path / "notes.zip", members)
    with zipfile.ZipFile(source) as archive:
        start = archive.getinfo("hurt.txt").header_offset + 30 + len("hurt.txt")
    data = bytearray(source.read_bytes())
    data[start : start + 5] = b"\xff" * 5
    source.write_bytes(data)
    assert [(record.id, record.error) for record in read(source)] == [
        ("bomb", "The member expands like a zip bomb: it is not read."),
        ("huge", LIMIT),
        ("hurt", "The member is damaged: pack it again."),
        ("good", ""),
    ]


def test_encrypted_member(tmp_path: Path) -> None:
    source = zipped(tmp_path / "notes.zip", {"a.txt": b"a"})
    data = bytearray(source.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    source.write_bytes(data)
    (record,) = read(source)
    assert record.error == "The member is encrypted: pack it without a password."


def test_zip_that_expands_past_all_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "FREE_BYTES", 10)
    monkeypatch.setattr(decoding, "MAX_RATIO", 0)
    source = zipped(tmp_path / "n.zip", {"a.txt": b"12345678", "b.txt": b"12345678"})
    first, second = read(source)
    assert first == Record("a", "12345678")
    assert second.error == (
        "n.zip expands like a zip bomb: it is read no further; the 1 notes before were read."
    )


@pytest.mark.parametrize("name", ["notes.zip", "notes.tar.gz"])
def test_no_archive_at_all(tmp_path: Path, name: str) -> None:
    source = tmp_path / name
    source.write_bytes(b"neither zip nor tar")
    with pytest.raises(InputError, match="copy it again"):
        list(read(source))


def tarred(path: Path, members: dict[str, bytes], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        link = tarfile.TarInfo("link.txt")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    return path


@pytest.mark.parametrize(
    ("name", "mode"), [("n.tar.gz", "w:gz"), ("n.TGZ", "w:gz"), ("n.tar", "w")]
)
def test_tar(tmp_path: Path, name: str, mode: str) -> None:
    members = {"./b.txt": b"b" * 512, "d/a.txt": b"\xe9", "x.pdf": b"x", "c.txt": b"\0"}
    source = tarred(tmp_path / name, members, mode)
    assert list(read(source)) == [
        Record("b", "b" * 512),
        Record("d/a", "\u00e9"),
        Record("c", "", error=BINARY),
    ]
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_tar_goes_on_after_a_member_over_the_limit(tmp_path: Path) -> None:
    members = {"huge.txt": b"a" * (70 * 2**20), "x.pdf": b"a" * (70 * 2**20), "good.txt": b"good"}
    source = tarred(tmp_path / "n.tar.gz", members)
    assert [(r.id, r.error) for r in read(source)] == [("huge", LIMIT), ("good", "")]


def test_tar_bomb_in_a_header(tmp_path: Path) -> None:
    """A pax header of 100 MiB, which `tarfile` alone would read into the memory."""
    source = tmp_path / "n.tar.gz"
    header = tarfile.TarInfo("pax")
    header.type, header.size = tarfile.XHDTYPE, 100 * 2**20
    good = tarfile.TarInfo("good.txt")
    good.size = 4
    with gzip.open(source, "wb", compresslevel=1) as file:
        file.write(good.tobuf() + b"good".ljust(512, b"\0") + header.tobuf())
        for _ in range(100):
            file.write(b"\0" * 2**20)
    first, second = read(source)
    assert first == Record("good", "good")
    assert second.error.startswith("n.tar.gz expands like a zip bomb: it is read no further")


def test_tar_member_past_all_measure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar, "expansion_limit", lambda source: 4000)
    source = tarred(tmp_path / "n.tar.gz", {"a.txt": b"a", "b.txt": b"b" * 5000})
    assert [record.id for record in read(source)] == ["a", "n.tar.gz"]


def test_tar_cut_short(tmp_path: Path) -> None:
    source = tarred(tmp_path / "n.tar.gz", {f"{n}.txt": bytes([65 + n]) * 3000 for n in range(9)})
    raw = gzip.decompress(source.read_bytes())
    source.write_bytes(gzip.compress(raw)[:-30])
    *good, last = read(source)
    assert [record.id for record in good] == [str(number) for number in range(len(good))]
    assert good
    assert last.error.startswith("n.tar.gz is damaged or no tar archive: copy it again; the ")
