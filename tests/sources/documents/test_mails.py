"""Mails: headers, the text that a person would read, and what is attached, each a document."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

import pytest
from document_files import Put, mail, pdf, zipped
from lines_of_documents import read_lines

from sdograph.errors import LimitExceeded, SdographError, UnreadableDocument
from sdograph.sources.text import TextDocument, read_documents


def documents(tmp_path: Path, content: EmailMessage | bytes) -> list[TextDocument]:
    path = tmp_path / "mail.eml"
    path.write_bytes(content if isinstance(content, bytes) else content.as_bytes())
    return list(read_documents(path))


def body(document: TextDocument) -> list[tuple[str, str]]:
    return [(b.text, b.locator) for b in document.blocks if b.part == "body"]


def test_headers_and_text(tmp_path: Path) -> None:
    (found,) = documents(tmp_path, mail("Dear all,\nplease find …"))
    assert found.name == "mail.eml"
    assert found.media_type == "message/rfc822"
    assert [(b.text, b.locator) for b in found.blocks if b.part == "header"] == [
        ("From: Jäne Example <jane@example.org>", "header From"),
        ("To: 3GPP SA3 <sa3@example.org>", "header To"),
        ("Subject: LS on machine learning – draft", "header Subject"),
        ("Date: Mon, 18 Sep 2023 10:00:00 +0200", "header Date"),
    ]
    assert body(found) == [("Dear all,", "line 1"), ("please find …", "line 2"), ("", "line 3")]


def test_a_charset_that_is_none_of_texts_is_not_decoded_by(tmp_path: Path) -> None:
    """Python's punycode takes minutes for so much, and makes something else of it."""
    text = b"a" * 200_000 + b"-" + b"b" * 200_000
    head = b"From: a@example.org\nSubject: LS\nContent-Type: text/plain; charset=punycode\n\n"
    (found,) = documents(tmp_path, head + text)
    assert [line for line, _ in body(found)] == [text.decode()]


def test_the_plain_text_goes_before_the_page(tmp_path: Path) -> None:
    (found,) = documents(tmp_path, mail("plain", page="<p>page</p>"))
    assert body(found)[0] == ("plain", "line 1")


def test_a_page_where_there_is_no_plain_text(tmp_path: Path) -> None:
    (found,) = documents(tmp_path, mail(page="<table><tr><td>To:</td><td>SA3 –</td></tr></table>"))
    assert body(found) == [("To:", "table 1 row 1 cell 1"), ("SA3 –", "table 1 row 1 cell 2")]


def test_attachments_are_documents_of_their_own(tmp_path: Path) -> None:
    message = mail(
        "see attached",
        attached={
            "LS.pdf": pdf([Put(50, 700, "Title: LS")]),
            "picture.png": b"\x89PNG",
            "..\\..\\notes.txt": b"notes",
            "S3-1.zip": zipped({"S3-1.txt": b"in the archive"}),
        },
    )
    assert [(d.name, body(d)[0][0]) for d in documents(tmp_path, message)] == [
        ("mail.eml", "see attached"),
        ("mail.eml » LS.pdf", "Title: LS"),
        ("mail.eml » notes.txt", "notes"),
        ("mail.eml » S3-1.zip » S3-1.txt", "in the archive"),
    ]


def test_a_forwarded_mail(tmp_path: Path) -> None:
    inner = mail("the statement", attached={"a.txt": b"attached to it"})
    outer = mail("fyi")
    outer.add_attachment(inner)
    found = documents(tmp_path, outer)
    assert [(d.name.rpartition(" » ")[2], body(d)[0][0]) for d in found] == [
        ("mail.eml", "fyi"),
        ("forwarded 2.eml", "the statement"),
        ("a.txt", "attached to it"),
    ]
    assert found[2].name.startswith("mail.eml » forwarded 2.eml » ")


def test_an_attachment_without_a_name_has_the_extension_of_its_kind(tmp_path: Path) -> None:
    message = mail("see attached")
    message.add_attachment(pdf([Put(50, 700, "Title: LS")]), maintype="application", subtype="pdf")
    assert [d.name for d in documents(tmp_path, message)] == ["mail.eml", "mail.eml » attachment 2.pdf"]


def test_a_mail_that_is_only_an_attachment(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"] = "LS"
    message.add_attachment(b"text", maintype="application", subtype="octet-stream", filename="a.txt")
    assert [d.name for d in documents(tmp_path, message)] == ["mail.eml", "mail.eml » a.txt"]


def test_a_broken_attachment_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    message = mail("text", attached={"broken.docx": b"garbage", "good.txt": b"good"})
    text, broken, good = documents(tmp_path, message)
    assert text.fault is None
    assert isinstance(broken.fault, UnreadableDocument)
    assert broken.fault.where == "mail.eml » broken.docx"
    assert broken.blocks == ()
    assert [b.text for b in good.blocks] == ["good"]


def test_a_text_that_cannot_be_read_does_not_lose_what_is_attached(tmp_path: Path) -> None:
    raw = mail("TEXT", attached={"good.txt": b"good"}).as_bytes().replace(b"TEXT", b"\x81\x8d\x00\x8f" * 300)
    broken, good = documents(tmp_path, raw)
    assert broken.fault
    assert [b.text for b in good.blocks] == ["good"]
    assert read_lines(tmp_path / "mail.eml").name == "mail.eml » good.txt"


@pytest.mark.parametrize(
    ("charset", "text"),
    [("utf-8", "naïve"), ("iso-8859-1", "naïve"), ("gb2312", "联络"), ("x-unknown", "plain"), ("", "naïve")],
)
def test_charsets(charset: str, text: str, tmp_path: Path) -> None:
    codec = charset if charset not in ("", "x-unknown") else "utf-8"
    kind = f"text/plain; charset={charset}" if charset else "text/plain"
    raw = f"Subject: LS\nContent-Type: {kind}\nContent-Transfer-Encoding: 8bit\n\n".encode() + text.encode(
        codec
    )
    assert body(documents(tmp_path, raw)[0]) == [(text, "line 1")]


def test_what_is_no_mail(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="no mail"):
        documents(tmp_path, b"Title: LS on models\n\nTo SA3\n")


@pytest.mark.parametrize(
    "raw",
    [
        b"To: " + b"(" * 20_000 + b"\n\nx",
        b"To: " + b'"' * 20_000 + b"\n\nx",
        b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nx",
        b"From: a\n" * 200_000 + b"\nx",
        b"Subject: a\nContent-Type: text/plain; " + b"a=b; " * 100_000 + b"\n\nx",
        b"Subject: a\nContent-Disposition: attachment; filename*0*=" + b"%41" * 100_000 + b"\n\nx",
        b"Subject: a\n" + b"Content-Type: message/rfc822\n\n" * 3_000 + b"\nx",
        b"Subject: a\n"
        + b"".join(
            b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(2_000)
        ),
        b"Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 100_000,
        b"Subject: a\n\n" + b"\n" * 600_000,
        b"Subject: \xff\xfe\x00\nContent-Type: multipart/mixed\n\nx",
        b"Subject: a\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\nQQ==",
        b"Subject: =?utf-8?b?////?= =?x?q?y?=\nDate: never\nFrom: <<>>@@,,;;\n\nx",
    ],
    ids=range(13),
)
def test_mails_made_to_keep_the_parser_busy(raw: bytes, tmp_path: Path) -> None:
    try:
        documents(tmp_path, raw)
    except SdographError as found:
        assert found.hint  # noqa: PT017  # some of these are read, and that is as good


def test_mails_in_mails_come_to_an_end(tmp_path: Path) -> None:
    message = mail("innermost")
    for _ in range(4):
        outer = mail("outer")
        outer.add_attachment(message)
        message = outer
    faults = [d.fault for d in documents(tmp_path, message) if d.fault]
    assert [type(fault) for fault in faults] == [LimitExceeded]
