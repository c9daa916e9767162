"""What of a Word document is text, in which order, and where it is said to stand (ECMA-376 part 1)."""

from __future__ import annotations

from pathlib import Path

import docx
import pytest
from lines_of_documents import read_lines
from word_packages import (
    STRICT,
    document_xml,
    paragraph,
    parts_of,
    relationships,
    write_body,
    write_package,
)


def lines(path: Path) -> list[tuple[str, str]]:
    return [(block.text, block.locator) for block in read_lines(path).blocks]


def body(tmp_path: Path, xml: str, **options: str) -> list[tuple[str, str]]:
    return lines(write_body(tmp_path / "document.docx", xml, **options))


def texts(tmp_path: Path, xml: str) -> list[str]:
    return [text for text, _ in body(tmp_path, xml)]


def run(inner: str) -> str:
    return f"<w:p><w:r>{inner}</w:r></w:p>"


def cell(*paragraphs: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{''.join(paragraphs)}</w:tc>"


def test_tabs_and_line_breaks(tmp_path: Path) -> None:
    xml = run("<w:t>To:</w:t><w:tab/><w:t>SA3</w:t><w:br/><w:t>SA5</w:t>") + paragraph("next")
    assert body(tmp_path, xml) == [
        ("To:\tSA3", "paragraph 1"),
        ("SA5", "paragraph 1 line 2"),
        ("next", "paragraph 2"),
    ]


def test_line_ends_of_the_xml_are_none_of_the_document(tmp_path: Path) -> None:
    assert texts(tmp_path, run("<w:t>one\r\nline</w:t>")) == ["one line"]


def test_tab_stops_are_no_tabs(tmp_path: Path) -> None:
    xml = (
        '<w:p><w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr><w:r><w:t>a</w:t></w:r></w:p>'
    )
    assert texts(tmp_path, xml) == ["a"]


def test_hyphens_that_are_signs_of_their_own(tmp_path: Path) -> None:
    xml = run("<w:t>S2</w:t><w:noBreakHyphen/><w:t>1812758 col</w:t><w:softHyphen/><w:t>our</w:t>")
    assert texts(tmp_path, xml) == ["S2-1812758 colour"]


def test_body_order_with_tables_between_paragraphs(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr>{cell(paragraph('a'))}{cell(paragraph('b'), paragraph('c'))}</w:tr></w:tbl>"
    assert body(tmp_path, paragraph("first") + table + paragraph("last")) == [
        ("first", "paragraph 1"),
        ("a", "table 1 row 1 cell 1"),
        ("b", "table 1 row 1 cell 2"),
        ("c", "table 1 row 1 cell 2"),
        ("last", "paragraph 2"),
    ]


def test_nested_tables(tmp_path: Path) -> None:
    inner = f"<w:tbl><w:tr>{cell(paragraph('in'))}</w:tr></w:tbl>"
    outer = f"<w:tbl><w:tr>{cell(paragraph('out'), inner, paragraph('after'))}</w:tr></w:tbl>"
    assert body(tmp_path, outer) == [
        ("out", "table 1 row 1 cell 1"),
        ("in", "table 1 row 1 cell 1 table 1 row 1 cell 1"),
        ("after", "table 1 row 1 cell 1"),
    ]


def test_merged_cells_once(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(2, 3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "down"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "across"
    path = tmp_path / "merged.docx"
    document.save(str(path))
    assert [text for text, _ in lines(path) if text] == ["down", "across"]


def test_tracked_changes_are_read_as_accepted(tmp_path: Path) -> None:
    xml = (
        "<w:p><w:r><w:t>by </w:t></w:r>"
        '<w:del w:id="1"><w:r><w:delText>1 May</w:delText><w:tab/></w:r></w:del>'
        '<w:ins w:id="2"><w:r><w:t>2 June</w:t></w:r></w:ins>'
        '<w:moveFrom w:id="3"><w:r><w:t>gone</w:t></w:r></w:moveFrom>'
        '<w:moveTo w:id="4"><w:r><w:t> here</w:t></w:r></w:moveTo></w:p>'
    )
    assert texts(tmp_path, xml) == ["by 2 June here"]


def test_a_deleted_paragraph_mark_joins_two_paragraphs(tmp_path: Path) -> None:
    xml = '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr><w:r><w:t>one </w:t></w:r></w:p>' + paragraph(
        "line"
    )
    assert body(tmp_path, xml) == [("one line", "paragraph 2")]


def test_a_deleted_row_is_not_there(tmp_path: Path) -> None:
    rows = (
        f'<w:tr><w:trPr><w:del w:id="1"/></w:trPr>{cell(paragraph("old"))}</w:tr>'
        f"<w:tr>{cell(paragraph('new'))}</w:tr>"
    )
    assert texts(tmp_path, f"<w:tbl>{rows}</w:tbl>") == ["new"]


def test_links_fields_and_content_controls_keep_their_text(tmp_path: Path) -> None:
    xml = (
        "<w:p><w:hyperlink><w:r><w:t>link </w:t></w:r></w:hyperlink>"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>REF x</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>field </w:t></w:r>'
        "<w:sdt><w:sdtPr><w:alias/></w:sdtPr><w:sdtContent><w:r><w:t>control</w:t></w:r></w:sdtContent></w:sdt>"
        f"</w:p><w:sdt><w:sdtContent>{paragraph('block')}</w:sdtContent></w:sdt>"
    )
    assert texts(tmp_path, xml) == ["link field control", "block"]


def test_text_boxes_once_after_the_paragraph_they_hang_on(tmp_path: Path) -> None:
    box = f"<w:txbxContent>{paragraph('boxed')}</w:txbxContent>"
    alternatives = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent>"
    )
    assert body(tmp_path, run(f"<w:t>before</w:t>{alternatives}") + paragraph("after")) == [
        ("before", "paragraph 1"),
        ("boxed", "text box 1"),
        ("after", "paragraph 2"),
    ]


def test_items_of_numbered_lists_keep_their_text(tmp_path: Path) -> None:
    xml = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
        "<w:r><w:t>Overall description</w:t></w:r></w:p>"
    )
    assert texts(tmp_path, xml) == ["Overall description"]


def test_page_headers_first_and_footers_last_each_line_once(tmp_path: Path) -> None:
    parts = parts_of(document_xml(paragraph("body")))
    header = f'<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{paragraph("S3-1")}</w:hdr>'
    parts |= {
        "word/_rels/document.xml.rels": relationships(
            ("footer", "footer1.xml"), ("header", "header1.xml"), ("header", "/word/header2.xml")
        ),
        "word/header1.xml": header,
        "word/header2.xml": header,
        "word/footer1.xml": header.replace("S3-1", "Page 1"),
    }
    blocks = read_lines(write_package(tmp_path / "document.docx", parts)).blocks
    assert [(b.text, b.locator, b.part) for b in blocks] == [
        ("S3-1", "header", "header"),
        ("body", "paragraph 1", "body"),
        ("Page 1", "footer", "footer"),
    ]


def test_the_strict_form_of_the_format(tmp_path: Path) -> None:
    assert body(tmp_path, paragraph("strict"), namespace=STRICT) == [("strict", "paragraph 1")]


def test_words_of_other_vocabularies_are_no_text(tmp_path: Path) -> None:
    xml = '<w:p><w:r><m:t xmlns:m="urn:m">x=1</m:t><w:t>text</w:t></w:r></w:p>'
    assert texts(tmp_path, xml) == ["text"]


@pytest.mark.parametrize("suffix", [".docx", ".DOCX"])
def test_what_python_docx_writes(suffix: str, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("LIAISON STATEMENT", 1)
    document.add_paragraph("d\u00e9j\u00e0\u00a0vu", style="List Number")
    path = tmp_path / f"document{suffix}"
    document.save(str(path))
    assert lines(path) == [("LIAISON STATEMENT", "paragraph 1"), ("1. d\u00e9j\u00e0 vu", "paragraph 2")]


# --- plain text


def test_lines_are_numbered_as_editors_number_them(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"one\r\ntwo\vtwo more\rthree\n\nfive\fnew page")
    assert lines(path) == [
        ("one", "line 1"),
        ("two", "line 2"),
        ("two more", "line 2"),
        ("three", "line 3"),
        ("", "line 4"),
        ("five", "line 5"),
        ("new page", "line 5"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_encodings_of_text(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes("26 \u2013 30 November, \u201cna\u00efve\u201d".encode(encoding))
    assert lines(path) == [("26 \u2013 30 November, \u201cna\u00efve\u201d", "line 1")]


def test_control_characters_do_not_get_into_the_lines(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"a" * 600 + b"\x07\x1b" + b"b" * 600)
    ((text, _),) = lines(path)
    assert text == "a" * 600 + "b" * 600
