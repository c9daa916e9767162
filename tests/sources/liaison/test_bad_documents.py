"""Files that are broken, hostile, or something else: a clear error of ours, soon, and never another."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from liaison_documents import FOUNDING, HEAD, read_text, text_of, with_head, write_tabbed
from lines_of_documents import read_lines
from word_packages import (
    CONTENT_TYPES,
    document_xml,
    paragraph,
    parts_of,
    relationships,
    write_body,
    write_package,
)

from sdograph.errors import (
    IncompleteDocument,
    LimitExceeded,
    SdographError,
    UnknownFormat,
    UnreadableDocument,
    UsageError,
)
from sdograph.sources import liaison, package
from sdograph.sources.text import MAX_BYTES


def error(path: Path) -> SdographError:
    with pytest.raises(SdographError) as caught:
        list(liaison.read(path))
    assert caught.value.hint
    assert caught.value.where
    return caught.value


def written(tmp_path: Path, content: bytes, name: str = "statement.docx") -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


@pytest.fixture
def good(tmp_path: Path) -> bytes:
    """A Word document that is a liaison statement."""
    return write_tabbed(tmp_path / "good.docx", HEAD, []).read_bytes()


# --- something else


@pytest.mark.parametrize("name", ["statement.txt", "statement.docx"])
@pytest.mark.parametrize("content", [b"", b" \n\t\n "])
def test_an_empty_file(name: str, content: bytes, tmp_path: Path) -> None:
    found = error(written(tmp_path, content, name))
    assert isinstance(found, UnreadableDocument)
    assert "empty" in found.message


def test_a_binary_renamed(tmp_path: Path) -> None:
    found = error(written(tmp_path, bytes(range(256)) * 40))
    assert isinstance(found, UnreadableDocument)
    assert "no Word document" in found.message


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old .doc or an encrypted"),
        (b"%PDF-1.7\n", "PDF"),
        (b"{\\rtf1 text}", "RTF"),
        (b"<html></html>", "HTML"),
        (b"Title:\tLS on something\n", "another kind of file"),
    ],
)
def test_another_format_renamed_is_named(content: bytes, kind: str, tmp_path: Path) -> None:
    found = error(written(tmp_path, content))
    assert isinstance(found, UnreadableDocument)
    assert kind in found.message


def test_a_word_document_renamed_txt(good: bytes, tmp_path: Path) -> None:
    found = error(written(tmp_path, good, "statement.txt"))
    assert isinstance(found, UnreadableDocument)
    assert "office document" in found.message


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
def test_a_truncated_word_document(part: float, good: bytes, tmp_path: Path) -> None:
    found = error(written(tmp_path, good[: int(len(good) * part)]))
    assert isinstance(found, UnreadableDocument)
    assert "cut off" in found.message


@pytest.mark.parametrize(
    ("kind", "namespace", "root"),
    [
        ("Excel", "http://schemas.openxmlformats.org/spreadsheetml/2006/main", "workbook"),
        ("PowerPoint", "http://schemas.openxmlformats.org/presentationml/2006/main", "presentation"),
    ],
)
def test_another_office_document_renamed(kind: str, namespace: str, root: str, tmp_path: Path) -> None:
    found = error(write_package(tmp_path / "book.docx", parts_of(f'<{root} xmlns="{namespace}"/>')))
    assert isinstance(found, UnreadableDocument)
    assert kind in found.message


def test_a_zip_that_is_no_office_document(tmp_path: Path) -> None:
    found = error(write_package(tmp_path / "zip.docx", {"readme.txt": "hello"}))
    assert isinstance(found, UnreadableDocument)
    assert "zip archive" in found.message


@pytest.mark.parametrize("name", ["statement.xlsx", "statement.png", "statement"])
def test_a_kind_of_file_that_is_not_read(name: str, tmp_path: Path) -> None:
    path = written(tmp_path, b"%PDF", name)
    found = error(path)
    assert isinstance(found, UnknownFormat)
    assert ".docx" in (found.hint or "")


def test_no_such_file(tmp_path: Path) -> None:
    assert isinstance(error(tmp_path / "nowhere.txt"), UsageError)
    (tmp_path / "folder.txt").mkdir()
    assert isinstance(error(tmp_path / "folder.txt"), UsageError)


def test_text_of_mixed_garbage(tmp_path: Path) -> None:
    content = b"Title:\tLS\n\x81\x8d\x8f\x90\x9d caf\xc3\xa9 \xff\xfe\n" * 20
    assert isinstance(error(written(tmp_path, content, "statement.txt")), UnreadableDocument)


# --- no liaison statement, or an incomplete one


@pytest.mark.parametrize(
    "text",
    [
        "Minutes of the meeting\n\nThe group received a liaison statement and noted it.\n",
        "From: A\nTo: B\nSubject: lunch\nDate: 5 March 2024\n\nShall we meet?\n",
        "From: A. Delegate <delegate@example.org>\nTo: SA3\nSubject: LS on models\nDate: 5 March 2024\n",
        "Title: A study\nSource: Acme\n\n1. Introduction\nText.\n",
        "body_id,name\nETSI,European Telecommunications Standards Institute\n",
    ],
)
def test_text_that_is_no_liaison_statement(text: str, tmp_path: Path) -> None:
    path = written(tmp_path, text.encode(), "text.txt")
    assert isinstance(error(path), UnknownFormat)


@pytest.mark.parametrize(
    ("field", "name", "labels"),
    [
        ("date", "date", '"Date"'),
        ("to", "addressee", '"To"'),
        ("from", "sender", '"From", "Source"'),
        ("title", "title", '"Title", "Subject"'),
    ],
)
def test_a_statement_that_lacks_what_it_needs(field: str, name: str, labels: str, tmp_path: Path) -> None:
    for value in (None, ["n/a"]):
        path = written(tmp_path, text_of(with_head(**{field: value})).encode(), "text.txt")
        found = error(path)
        assert isinstance(found, IncompleteDocument)
        assert f"no {name}" in found.message
        assert labels in (found.hint or "")


def test_a_date_that_cannot_be_read_is_quoted(tmp_path: Path) -> None:
    with pytest.raises(IncompleteDocument, match='"in due course"'):
        read_text(tmp_path, text_of(with_head(date=["in due course"])))


def test_the_founding_statement_cut_off_in_its_head(tmp_path: Path) -> None:
    head = "\n".join(FOUNDING.read_text("utf-8").split("\n")[:20])
    with pytest.raises(IncompleteDocument, match="no addressee"):
        read_text(tmp_path, head)


# --- hostile


def test_a_file_that_is_too_big(tmp_path: Path) -> None:
    found = error(written(tmp_path, b"a" * (MAX_BYTES + 1), "text.txt"))
    assert isinstance(found, LimitExceeded)
    assert "20,000,000" in found.message


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\v"])
def test_too_many_lines(end: str, tmp_path: Path) -> None:
    found = error(written(tmp_path, b"a" + end.encode() * 100_001, "text.txt"))
    assert isinstance(found, LimitExceeded)
    assert "100,000" in found.message


def test_a_statement_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="500,000"):
        read_text(tmp_path, text_of(HEAD) + "word " * 3_000 + "\n" + "words of text\n" * 40_000)
    with pytest.raises(LimitExceeded, match="longest line"):
        read_text(tmp_path, text_of(HEAD) + "word " * 5_000)


def test_a_flood_of_addressees_or_actions(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="addressees"):
        read_text(tmp_path, text_of(with_head(to=[f"SG{n}" for n in range(10_000)])))
    with pytest.raises(LimitExceeded, match="actions"):
        read_text(tmp_path, text_of(HEAD, ["2. Actions", *["ACTION: answer"] * 10_000]))


def test_a_deflate_bomb(tmp_path: Path) -> None:
    bomb = document_xml(paragraph("a" * 40_000_000))
    found = error(write_package(tmp_path / "bomb.docx", parts_of(bomb)))
    assert isinstance(found, LimitExceeded)
    assert "ratio" in found.message


def test_many_members_that_are_too_much_together(tmp_path: Path) -> None:
    noise = bytes(range(256)) * 40
    parts = parts_of(document_xml(paragraph("a")))
    parts |= {f"word/media/{n}.bin": noise * 95 for n in range(60)}
    found = error(write_package(tmp_path / "bomb.docx", parts))
    assert isinstance(found, LimitExceeded)
    assert "50,000,000" in found.message


def test_too_many_members(tmp_path: Path) -> None:
    parts = parts_of(document_xml(paragraph("a"))) | {f"word/{n}.xml": "" for n in range(1_100)}
    found = error(write_package(tmp_path / "bomb.docx", parts))
    assert isinstance(found, LimitExceeded)
    assert "1,000" in found.message


def lying(content: bytes, size: int) -> bytes:
    """A package whose headers give another unpacked size for the document part than it has."""
    data = bytearray(content)
    for signature, offset, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        at = data.find(signature)
        while at >= 0:
            if data[at + name_at :].startswith(b"word/document.xml"):
                struct.pack_into("<I", data, at + offset, size)
            at = data.find(signature, at + 1)
    return bytes(data)


def test_a_directory_that_says_less_than_there_is(tmp_path: Path) -> None:
    bomb = write_body(tmp_path / "bomb.docx", paragraph("a" * 40_000_000)).read_bytes()
    found = error(written(tmp_path, lying(bomb, 2_000)))
    assert isinstance(found, UnreadableDocument)
    assert "damaged" in found.message


def test_an_end_record_that_counts_a_million_members(good: bytes, tmp_path: Path) -> None:
    data = bytearray(good)
    struct.pack_into("<HH", data, data.rfind(b"PK\x05\x06") + 8, 65_535, 65_535)
    assert isinstance(error(written(tmp_path, bytes(data))), LimitExceeded)


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/passwd", "word/../../evil.xml", "C:evil.xml"])
def test_member_names_that_lead_out(name: str, tmp_path: Path) -> None:
    found = error(write_package(tmp_path / "evil.docx", parts_of(document_xml("")) | {name: "x"}))
    assert isinstance(found, UnreadableDocument)
    assert "leads out" in found.message


def test_a_member_that_is_there_twice(tmp_path: Path) -> None:
    path = write_body(tmp_path / "twice.docx", paragraph("one"))
    with zipfile.ZipFile(path, "a") as twice, pytest.warns(UserWarning, match="Duplicate"):
        twice.writestr("word/document.xml", document_xml(paragraph("two")))
    assert "twice" in error(path).message


def test_an_encrypted_member(good: bytes, tmp_path: Path) -> None:
    data = bytearray(good)
    at = data.find(b"PK\x01\x02")
    data[at + 8] |= 1
    assert "encrypted" in error(written(tmp_path, bytes(data))).message


@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE x ["
        + "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "lol"}">' for n in range(12))
        + "]>",
        '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_entities_are_refused_before_they_are_read(doctype: str, tmp_path: Path) -> None:
    found = error(write_body(tmp_path / "bomb.docx", paragraph("&e11;"), before=doctype))
    assert isinstance(found, UnreadableDocument)
    assert "document type" in found.message


@pytest.mark.parametrize("tag", ["w:p", "w:sdt", "w:tbl"])
def test_deep_nesting(tag: str, tmp_path: Path) -> None:
    xml = f"<{tag}>" * 100_000 + f"</{tag}>" * 100_000
    found = error(write_body(tmp_path / "deep.docx", xml))
    assert isinstance(found, LimitExceeded)
    assert str(package.MAX_DEPTH) in found.message


def test_nesting_below_the_limit_is_read(tmp_path: Path) -> None:
    inner = paragraph("deep")
    for _ in range(48):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    (block,) = read_lines(write_body(tmp_path / "deep.docx", inner)).blocks
    assert block.text == "deep"


def test_a_flood_of_elements(tmp_path: Path) -> None:
    # Different from each other, so that the packing ratio does not stop it first.
    xml = "".join(f'<w:p w:id="{n * 7919:x}"/>' for n in range(package.MAX_ELEMENTS + 1))
    found = error(write_body(tmp_path / "flood.docx", xml))
    assert isinstance(found, LimitExceeded)
    assert "500,000" in found.message


def test_a_cell_that_spans_a_billion_columns(tmp_path: Path) -> None:
    span = '<w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>'
    xml = f"<w:tbl><w:tr><w:tc>{span}{paragraph('wide')}</w:tc></w:tr></w:tbl>"
    assert [b.text for b in read_lines(write_body(tmp_path / "wide.docx", xml)).blocks] == ["wide"]


@pytest.mark.parametrize(
    "change",
    [
        {"word/document.xml": "<w:document>"},
        {"word/document.xml": ""},
        {"word/document.xml": b"\xff\xfe\x00"},
        {"word/document.xml": '<?xml version="1.0" encoding="klingon"?><a/>'},
        {"word/document.xml": "<a/>"},
        {"word/document.xml": document_xml("").replace("w:body", "w:corpus")},
        {"_rels/.rels": relationships(("officeDocument", "word/elsewhere.xml"))},
        {"_rels/.rels": relationships(("officeDocument", "../../../etc/passwd"))},
        {"_rels/.rels": relationships()},
        {"_rels/.rels": "garbage"},
        {"word/_rels/document.xml.rels": relationships(("header", "missing.xml"))},
    ],
)
def test_broken_parts(change: dict[str, str | bytes], tmp_path: Path) -> None:
    path = write_package(tmp_path / "broken.docx", parts_of(document_xml(paragraph("a"))) | change)
    assert isinstance(error(path), UnreadableDocument)


def test_a_package_without_content_types(tmp_path: Path) -> None:
    parts = parts_of(document_xml(paragraph("a")))
    del parts["[Content_Types].xml"]
    assert CONTENT_TYPES
    assert isinstance(error(write_package(tmp_path / "broken.docx", parts)), UnreadableDocument)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 19_000,
        "To SA2: " + "(" * 19_000,
        "a-" * 9_000 + "_",
        "FS_" * 6_000,
        "TS 23.501, " * 1_800,
        " " * 19_000 + "x",
        "in SA3 " * 2_500,
        "A / " * 4_700,
        "for action; " * 1_500,
        "\u2612 Action " * 2_100,
        "[ ] " * 4_700,
        "from A to B " * 1_500,
        "Jane Example (" * 1_300,
        "Ab (c): " * 2_300,
        "by 1 May 2024 " * 1_300,
        "\u201c" * 19_000,
        "SAI-014 " * 2_300,
        ", and " * 3_000,
    ],
    ids=range(18),
)
@pytest.mark.parametrize(
    "place", ["to", "response", "title", "purpose", "body", "actions", "meetings", "heading"]
)
def test_lines_made_to_keep_the_patterns_busy(text: str, place: str, tmp_path: Path) -> None:
    head = with_head(**{place: [text]}) if place in ("to", "response", "title") else HEAD
    bodies = {
        "body": [text],
        "actions": ["2. Actions", f"To SA2: {text}", text],
        "purpose": [f"Purpose: {text}", f"Status: {text}", f"Your ref: {text}"],
        "meetings": ["3. Next meetings", "Meeting\tDate\tPlace", text, f"{text}\t{text}\t{text}"],
        "heading": [f"Liaison from {text} to {text}", f"Liaison from {text}", text],
    }
    try:
        read_text(tmp_path, text_of(head, bodies.get(place, [])))
    except SdographError as found:
        assert found.hint  # noqa: PT017  # some of these are read, and that is as good


# --- whatever comes

_QUICK = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def reads_or_says_why(path: Path) -> None:
    try:
        list(liaison.read(path))
    except SdographError as found:
        assert str(found)  # noqa: PT017


@_QUICK
@given(content=st.binary(max_size=2_000), suffix=st.sampled_from([".txt", ".docx"]))
def test_random_bytes(content: bytes, suffix: str, tmp_path: Path) -> None:
    reads_or_says_why(written(tmp_path, content, f"random{suffix}"))


@_QUICK
@given(data=st.data())
def test_mutated_word_documents(data: st.DataObject, tmp_path: Path) -> None:
    content = bytearray(_document())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    reads_or_says_why(written(tmp_path, bytes(content)))


@_QUICK
@given(data=st.data())
def test_mutated_xml(data: st.DataObject, tmp_path: Path) -> None:
    xml = bytearray(document_xml(paragraph("Title:") + paragraph("LS on x")).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(xml) - 1))
        xml[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    reads_or_says_why(
        write_package(tmp_path / "mutated.docx", parts_of("") | {"word/document.xml": bytes(xml)})
    )


_WORDS = st.sampled_from(
    ["Title:", "To:", "From:", "Date:", "Cc:", "To SA3:", "ACTION:", "1. Overall description", "2. Actions",
     "3. Date of next meetings", "Response to:", "LS on", "SA3", "(", ")", "/", "and", ",", ";", "5 May 2024",
     "FS_AIML", "TS 33.501", "S3-241234", "#", "\t", "\n", "\n\n", "n/a", "\u201c", "\u201d", "SAI-014", ":"]
)  # fmt: skip


@_QUICK
@given(words=st.lists(_WORDS, max_size=120))
def test_scrambled_forms(words: list[str], tmp_path: Path) -> None:
    text = "LIAISON STATEMENT\nTitle:\tLS on x\nFrom:\tSA3\nTo:\tSA5\nDate:\t5 May 2024\n" + " ".join(words)
    statement = read_text(tmp_path, text) if len(text) else None
    assert statement
    assert all(r.text.strip() == r.text and r.text for r in statement.references())
    assert all(e.text and e.locator for e in statement.evidence)


def _document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in parts_of(document_xml(paragraph("Title:") + paragraph("LS on x"))).items():
            zipped.writestr(name, content)
    return made.getvalue()
