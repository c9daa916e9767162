"""Archives as documents are distributed in: each readable member a document, a broken one named."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from document_files import Put, mail, pdf, zipped
from lines_of_documents import read_lines
from word_packages import document_xml, paragraph, parts_of, write_package

from sdograph.errors import LimitExceeded, SdographError, UnknownFormat, UnreadableDocument
from sdograph.sources.text import TextDocument, read_documents


def documents(tmp_path: Path, content: bytes, name: str = "S3-241234.zip") -> list[TextDocument]:
    path = tmp_path / name
    path.write_bytes(content)
    return list(read_documents(path))


def names(found: list[TextDocument]) -> list[str]:
    return [document.name.removeprefix("S3-241234.zip » ") for document in found]


@pytest.fixture
def word(tmp_path: Path) -> bytes:
    return write_package(tmp_path / "w.docx", parts_of(document_xml(paragraph("Title: LS")))).read_bytes()


def test_each_member_of_a_readable_kind(word: bytes, tmp_path: Path) -> None:
    found = documents(
        tmp_path,
        zipped(
            {
                "folder/": b"",
                "folder/S3-241234.DOCX": word,
                "a.pdf": pdf([Put(50, 700, "in the PDF")]),
                "a.xlsx": b"PK",
                "__MACOSX/folder/._S3-241234.docx": b"litter",
                "._a.pdf": b"litter",
                "~$S3-241234.docx": b"lock",
                "mail.eml": mail("in the mail").as_bytes(),
            }
        ),
    )
    assert names(found) == ["folder/S3-241234.DOCX", "a.pdf", "mail.eml"]
    assert found[0].name == "S3-241234.zip » folder/S3-241234.DOCX"
    assert [(b.text, b.locator) for b in found[0].blocks] == [("Title: LS", "paragraph 1")]
    assert read_lines(tmp_path / "S3-241234.zip") == found[0]


def test_a_broken_member_is_named_and_the_others_are_read(word: bytes, tmp_path: Path) -> None:
    broken, good = documents(tmp_path, zipped({"broken.docx": word[:200], "good.txt": b"good"}))
    assert isinstance(broken.fault, UnreadableDocument)
    assert broken.fault.where == "S3-241234.zip » broken.docx"
    assert good.fault is None
    assert read_lines(tmp_path / "S3-241234.zip") == good


def test_a_member_whose_checksum_is_wrong(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"first", "b.txt": b"second"}))
    at = content.find(b"PK\x01\x02")
    content[at + 16] ^= 1
    broken, good = documents(tmp_path, bytes(content))
    assert "damaged" in str(broken.fault)
    assert [b.text for b in good.blocks] == ["second"]


def test_when_no_member_can_be_read_the_archive_is_at_fault(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match=r"S3-241234\.zip » a\.docx"):
        documents(tmp_path, zipped({"a.docx": b"garbage", "b.pdf": b"garbage"}))


@pytest.mark.parametrize("members", [{}, {"a.png": b"x", "b.xlsx": b"y"}])
def test_an_archive_without_documents(members: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="no document in it"):
        documents(tmp_path, zipped(members))


def test_an_archive_in_an_archive_and_no_deeper(tmp_path: Path) -> None:
    inner = zipped({"deep.txt": b"deep", "deeper.zip": zipped({"deepest.txt": b"x"})})
    found = documents(tmp_path, zipped({"inner.zip": inner, "a.txt": b"a"}))
    assert names(found) == ["inner.zip » deep.txt", "inner.zip » deeper.zip", "a.txt"]
    assert isinstance(found[1].fault, LimitExceeded)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../evil.txt", "evil.txt"),
        ("/etc/evil.txt", "etc/evil.txt"),
        ("folder\\evil.txt", "folder/evil.txt"),
        ("..\\..\\evil.txt", "evil.txt"),
        ("a\x1b[2Jevil.txt", "a[2Jevil.txt"),
    ],
)
def test_names_that_lead_out_are_only_shown_and_without_the_way(
    name: str, shown: str, tmp_path: Path
) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    assert names(documents(folder, zipped({name: b"text"}))) == [shown]
    assert [p.name for p in tmp_path.rglob("*")] == ["inside", "S3-241234.zip"]


def test_a_member_without_a_name(tmp_path: Path) -> None:
    # A name ends at its first zero byte.
    content = zipped({"a.txt": b"text", "#.txt": b"nameless"}).replace(b"#.txt", b"\0.txt")
    assert names(documents(tmp_path, content)) == ["a.txt"]


def test_an_encrypted_member(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.txt": b"first", "b.txt": b"second"}))
    content[content.find(b"PK\x01\x02") + 8] |= 1
    locked, good = documents(tmp_path, bytes(content))
    assert "encrypted" in str(locked.fault)
    assert good.fault is None


def test_a_gigabyte_after_unpacking(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("a.txt", "w") as member:
        for _ in range(60):
            member.write(b" " * 1_000_000)
    with pytest.raises(LimitExceeded, match="ratio"):
        documents(tmp_path, out.getvalue())


def test_many_archives_that_are_too_much_together(tmp_path: Path) -> None:
    # Each keeps to the limits of one; 60 of them would unpack to 2.3 GB.
    text = bytes(range(32, 127)) * 100 * 100
    inner = zipped({f"{n}.txt": text for n in range(40)})
    found = documents(tmp_path, zipped({f"{n}.zip": inner for n in range(60)}))
    assert len([d for d in found if d.fault is None]) == 5_000_000 // len(text)
    assert {type(d.fault) for d in found if d.fault} == {LimitExceeded}


def test_more_documents_than_anyone_sends(tmp_path: Path) -> None:
    found = documents(tmp_path, zipped({f"{n}.txt": b"x" for n in range(201)}))
    assert [d.name for d in found if d.fault] == ["S3-241234.zip » 200.txt"]


def test_a_damaged_archive(tmp_path: Path) -> None:
    content = zipped({"a.txt": b"a" * 500})
    for broken in (content[:-30], b"garbage", b"PK\x03\x04"):
        with pytest.raises(SdographError, match=r"S3-241234\.zip"):
            documents(tmp_path, broken)
