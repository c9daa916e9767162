"""Old Word, Rich Text and OpenDocument: by way of LibreOffice where it is there, and clear without it."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from document_files import mail, zipped
from lines_of_documents import read_lines
from word_packages import document_xml, paragraph, parts_of, write_package

from sdograph.errors import LimitExceeded, SdographError, Unavailable, UnreadableDocument
from sdograph.sources import files_in, text
from sdograph.sources.documents import libreoffice
from sdograph.sources.text import read_documents

#: What every old Office file begins with, and the name of Word's part as its directory writes it.
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
OLD_WORD = OLD + "WordDocument".encode("utf-16-le") + b"\0" * 600

RTF = rb"{\rtf1\ansi {\b Title:}\tab LS on models\par To:\tab SA3\par}"


@pytest.fixture(autouse=True)
def forgetful() -> None:
    """The last document is at hand for its second reading; here the same bytes are to be read anew."""
    text._documents_of.cache_clear()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documents"
    made.mkdir()
    return made


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a program of that script in LibreOffice's place; it finds "good.docx" in its own folder."""

    def put(script: str) -> Path:
        place = tmp_path / "bin"
        place.mkdir(exist_ok=True)
        (place / "soffice").write_text(f"#!/bin/sh\nhere={place}\n{script}\n")
        (place / "soffice").chmod(0o755)
        write_package(place / "good.docx", parts_of(document_xml(paragraph("made of it"))))
        monkeypatch.setenv("PATH", f"{place}{os.pathsep}/usr/bin{os.pathsep}/bin")
        monkeypatch.setattr(shutil, "which", lambda name: str(place / name) if name == "soffice" else None)
        return place

    return put


def written(folder: Path, content: bytes, name: str = "statement.doc") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


def error(path: Path) -> SdographError:
    with pytest.raises(SdographError) as caught:
        read_lines(path)
    assert caught.value.hint
    assert caught.value.where == path.name
    return caught.value


SUCCESS = """
for given in "$@"; do case "$given" in
  -env:UserInstallation=*) echo "$given" > "$here/profile";; esac; done
echo "$HOME" > "$here/home"
mkdir -p made && cp "$here/good.docx" made/document.docx
"""


def test_what_libreoffice_makes_of_it_is_read(folder: Path, program: Callable[[str], Path]) -> None:
    place = program(SUCCESS)
    found = read_lines(written(folder, OLD_WORD))
    assert found.media_type == "application/msword"
    assert [b.text for b in found.blocks] == ["made of it"]
    home = Path((place / "home").read_text().strip())
    assert (place / "profile").read_text().startswith(f"-env:UserInstallation={home.as_uri()}")
    assert not home.exists()  # nothing of it stays
    assert [p.name for p in folder.iterdir()] == ["statement.doc"]


@pytest.mark.parametrize("script", ["exit 1", "exit 0", "mkdir -p made; echo x > made/other.docx"])
def test_a_document_that_libreoffice_cannot_read(
    script: str, folder: Path, program: Callable[[str], Path]
) -> None:
    program(script)
    found = error(written(folder, OLD_WORD))
    assert isinstance(found, UnreadableDocument)
    assert "LibreOffice cannot read it" in found.message


def test_libreoffice_that_hangs_is_ended_with_all_it_started(
    folder: Path, program: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(libreoffice, "MAX_SECONDS", 0.3)
    place = program('sleep 60 & echo $! > "$here/child"\nwait')
    found = error(written(folder, OLD_WORD))
    assert isinstance(found, LimitExceeded)
    child = int((place / "child").read_text())
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "\nState:\tZ" in Path(f"/proc/{child}/status").read_text():
            break
        time.sleep(0.05)
    else:
        pytest.fail("what LibreOffice started is still running")


def test_a_program_that_cannot_be_started(folder: Path, program: Callable[[str], Path]) -> None:
    (program("") / "soffice").chmod(0o644)
    assert isinstance(error(written(folder, OLD_WORD)), Unavailable)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.doc", OLD_WORD), ("a.rtf", RTF), ("a.odt", b"PK\x03\x04" + b"\0" * 100), ("rich.doc", RTF)],
)
def test_without_libreoffice_it_says_so(
    name: str, content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    found = error(written(folder, content, name))
    assert isinstance(found, Unavailable)
    assert "needs LibreOffice" in found.message
    assert ".docx" in (found.hint or "")


def test_without_libreoffice_the_other_members_are_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    path = written(folder, zipped({"a.doc": OLD_WORD, "b.txt": b"text"}), "both.zip")
    old, good = read_documents(path)
    assert isinstance(old.fault, Unavailable)
    assert [b.text for b in good.blocks] == ["text"]


def test_without_libreoffice_a_folder_is_gone_through_to_its_end(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    old = written(folder, OLD_WORD)
    other = written(folder, b"nothing of ours", "z.bin")
    # Known, so that its reader says what is wrong with it.
    assert files_in(folder) == ([old], [other])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (OLD + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (OLD + "Workbook".encode("utf-16-le"), "another old Office file"),
        (b"Title: LS on models", "another kind of file"),
    ],
)
def test_what_is_no_word_document(content: bytes, message: str, folder: Path) -> None:
    found = error(written(folder, content))
    assert isinstance(found, UnreadableDocument)
    assert message in found.message


def test_a_doc_that_is_something_else_is_read_as_that(folder: Path) -> None:
    word = write_package(folder / "w.docx", parts_of(document_xml(paragraph("new Word")))).read_bytes()
    for content, words in (
        (word, "new Word"),
        (b"\xef\xbb\xbf\n<html><body><p>web page</p></body></html>", "web page"),
        (b"<!DOCTYPE HTML><p>web page", "web page"),
        (b'<?xml version="1.0"?><html><p>web page</p></html>', "web page"),
        (b"MIME-Version: 1.0\n" + mail(page="<p>web page in a mail</p>").as_bytes(), "web page in a mail"),
    ):
        blocks = read_lines(written(folder, content)).blocks
        assert words in [b.text for b in blocks]


@pytest.mark.skipif(not any(map(shutil.which, ("soffice", "libreoffice"))), reason="needs LibreOffice")
@pytest.mark.parametrize("name", ["statement.rtf", "statement.doc"])
def test_the_real_libreoffice(name: str, folder: Path) -> None:
    found = read_lines(written(folder, RTF, name))
    assert [b.text for b in found.blocks if b.text] == ["Title:\tLS on models", "To:\tSA3"]
