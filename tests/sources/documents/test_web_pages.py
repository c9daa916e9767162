"""Web pages: what a browser shows, in any encoding, with the cells of tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from lines_of_documents import read_lines

from sdograph.errors import LimitExceeded, SdographError, UnreadableDocument
from sdograph.sources.text import Block


def blocks(tmp_path: Path, content: str | bytes, name: str = "page.html") -> tuple[Block, ...]:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_lines(path).blocks


def texts(tmp_path: Path, content: str) -> list[str]:
    return [block.text for block in blocks(tmp_path, f"<html><body>{content}</body></html>")]


def test_paragraphs_breaks_and_spaces(tmp_path: Path) -> None:
    page = (
        "<h1>Liaison\n  Statement</h1><p>To: <b>SA3</b>,<br>\n SA5</p>loose<div>in a <span>div</span></div>"
    )
    assert [(b.text, b.locator) for b in blocks(tmp_path, page)] == [
        ("Liaison Statement", "paragraph 1"),
        ("To: SA3,", "paragraph 2"),
        ("SA5", "paragraph 2 line 2"),
        ("loose", "paragraph 3"),
        ("in a div", "paragraph 4"),
    ]


def test_tables_with_sections_nested_and_without(tmp_path: Path) -> None:
    page = (
        "<table><thead><tr><th>Title<td>LS on models</thead><tbody><tr><td>To:</td>"
        "<td><p>SA3</p><p>SA5</p><table><tr><td>in</td></tr></table></td></tr></tbody></table><p>after</p>"
        "<table><tr><td></td><td>second</td></tr></table>"
    )
    assert [(b.text, b.locator, b.cell) for b in blocks(tmp_path, page)] == [
        ("Title", "table 1 row 1 cell 1", (1, 1, 1)),
        ("LS on models", "table 1 row 1 cell 2", (1, 1, 2)),
        ("To:", "table 1 row 2 cell 1", (1, 2, 1)),
        ("SA3", "table 1 row 2 cell 2", (1, 2, 2)),
        ("SA5", "table 1 row 2 cell 2", (1, 2, 2)),
        ("in", "table 1 row 2 cell 2 table 1 row 1 cell 1", (1, 2, 2, 1, 1, 1)),
        ("after", "paragraph 1", ()),
        ("", "table 2 row 1 cell 1", (2, 1, 1)),
        ("second", "table 2 row 1 cell 2", (2, 1, 2)),
    ]


def test_numbered_lists_as_a_browser_shows_them(tmp_path: Path) -> None:
    page = (
        "<ol><li>a<li>b<ol type=a><li>c</ol></ol><ul><li>d</ul><ol start=4><li value=7>e<li>f</ol>"
        "<ol type=I><li>g</ol>"
    )
    assert texts(tmp_path, page) == ["1. a", "2. b", "a. c", "d", "7. e", "8. f", "I. g"]


def test_what_no_browser_shows(tmp_path: Path) -> None:
    page = (
        "<head><title>t</title><style>p {}</style></head><script>x</script><!-- c --><p hidden>h</p>"
        "<p style='display : none'>n</p><p>seen<span style='mso-hide:all'>m</span><del>d</del>"
        "<ins>i</ins></p>"
    )
    assert texts(tmp_path, page) == ["seeni"]


def test_preformatted_lines(tmp_path: Path) -> None:
    assert texts(tmp_path, "<pre>To:\tSA3\nCc:  SA5\n</pre>") == ["To:\tSA3", "Cc:  SA5"]


def test_check_boxes(tmp_path: Path) -> None:
    assert texts(tmp_path, "<p><input type=checkbox checked> yes <input type=checkbox> no") == ["☒ yes ☐ no"]


def test_definitions(tmp_path: Path) -> None:
    assert texts(tmp_path, "<dl><dt>From</dt><dd>IETF BMWG</dd></dl>") == ["From", "IETF BMWG"]


def test_what_word_writes(tmp_path: Path) -> None:
    page = (
        "<html xmlns:o='urn:schemas-microsoft-com:office:office'><head><!--[if gte mso 9]><xml>x</xml>"
        "<![endif]--></head><body><p class=MsoNormal>To:<span style='mso-tab-count:2'>&nbsp;&nbsp; </span>SA3"
        "<o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p><p><![if !supportLists]><span>1.<span>&nbsp;"
        "&nbsp; </span></span><![endif]>Overall\r\ndescription</p></body></html>"
    )
    assert [b.text for b in blocks(tmp_path, page)] == ["To:\tSA3", "", "1.   Overall description"]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ('<meta charset="utf-8">', "utf-8"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "cp1252"),
        ("<meta charset=windows-1252>", "cp1252"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        ("", "utf-8"),
        ("", "cp1252"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>', "cp1252"),
        ('<meta charset="utf-8">', "cp1252"),
        ("<meta charset=klingon>", "utf-8"),
        ("<meta charset=zlib>", "utf-8"),
    ],
)
def test_encodings(declared: str, encoding: str, tmp_path: Path) -> None:
    page = f"{declared}<html><body><p>26 – 30 November, “naïve”</p></body></html>"
    assert [b.text for b in blocks(tmp_path, page.encode(encoding), "page.htm")] == [
        "26 – 30 November, “naïve”"
    ]


def test_a_few_wrong_bytes_show_as_such(tmp_path: Path) -> None:
    page = "<meta charset=utf-8><p>naïve</p>".encode() + b"<p>" + b"text " * 200 + b"\x81\x00\xff!</p>"
    first, second = blocks(tmp_path, page)
    assert first.text == "naïve"
    assert second.text.endswith("text \ufffd\ufffd!")


def test_chinese_in_its_own_encoding(tmp_path: Path) -> None:
    page = "<meta charset=gb2312><p>联络函</p>".encode("gb2312")
    assert [b.text for b in blocks(tmp_path, page)] == ["联络函"]


@pytest.mark.parametrize("content", [b"plain text", b"\x00\x01\x02" * 400, b"<", b"%PDF-1.7"])
def test_what_is_no_page(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        blocks(tmp_path, content)


@pytest.mark.parametrize(
    "content",
    [
        "<p>" * 250_000,
        "<div>" * 100_000,
        "<table><tr><td>" * 5_000,
        "<ol>" + "<li>" * 150_000,
        f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>x",
        f"<p style='{'display ' * 200_000}'>x",
        "<p>" + "&nbsp;" * 300_000,
        "<pre>" + "\n" * 99_000 + "</pre>",
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><p>&b;</p>',
        "<" * 200_000,
        "<!--" * 100_000,
    ],
    ids=range(11),
)
def test_pages_made_to_keep_the_parser_busy(content: str, tmp_path: Path) -> None:
    try:
        blocks(tmp_path, content)
    except SdographError as found:
        assert found.hint  # noqa: PT017  # some of these are read, and that is as good


def test_deep_nesting_is_refused_and_not_cut_off(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="nesting"):
        blocks(tmp_path, "<div>" * 230 + "lost" + "</div>" * 230)


def test_entities_of_the_page_are_not_taken_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    page = f'<!DOCTYPE html [<!ENTITY e SYSTEM "{secret.as_uri()}">]><html><body><p>a&e;b</p></body></html>'
    assert "secret" not in "".join(b.text for b in blocks(tmp_path, page))
