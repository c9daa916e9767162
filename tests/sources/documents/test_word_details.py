"""Word documents: changes, fields, forms, notes and signs, as a person sees them (ECMA-376 part 1)."""

from __future__ import annotations

from pathlib import Path

import pytest
from lines_of_documents import read_lines
from word_packages import (
    STRICT,
    W,
    document_xml,
    paragraph,
    parts_of,
    relationships,
    write_body,
    write_package,
)

from sdograph.sources.text import Block


def blocks(tmp_path: Path, xml: str) -> tuple[Block, ...]:
    return read_lines(write_body(tmp_path / "document.docx", xml)).blocks


def texts(tmp_path: Path, xml: str) -> list[str]:
    return [block.text for block in blocks(tmp_path, xml)]


def run(inner: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr>{inner}</w:r>"


def text(words: str) -> str:
    return run(f'<w:t xml:space="preserve">{words}</w:t>')


def field(kind: str, inner: str = "") -> str:
    return run(f'<w:fldChar w:fldCharType="{kind}">{inner}</w:fldChar>')


def test_moved_text_stands_once_where_it_went(tmp_path: Path) -> None:
    xml = (
        '<w:p><w:pPr><w:rPr><w:moveFrom w:id="1"/></w:rPr></w:pPr><w:moveFrom w:id="2">'
        f"{text('moved')}</w:moveFrom></w:p>{paragraph('first')}"
        f'<w:p><w:moveTo w:id="3">{text("moved")}</w:moveTo></w:p>'
    )
    assert texts(tmp_path, xml) == ["first", "moved"]


def test_text_before_a_table_does_not_run_on_behind_it(tmp_path: Path) -> None:
    deleted_mark = f'<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>{text("before")}</w:p>'
    table = f"<w:tbl><w:tr><w:tc>{paragraph('cell')}</w:tc></w:tr></w:tbl>"
    assert texts(tmp_path, deleted_mark + table + paragraph("after")) == ["before", "cell", "after"]


def test_a_deleted_mark_joins_paragraphs_in_a_cell_too(tmp_path: Path) -> None:
    deleted_mark = f'<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>{text("SA3, ")}</w:p>'
    xml = f"<w:tbl><w:tr><w:tc>{deleted_mark}{paragraph('SA5')}</w:tc></w:tr></w:tbl>"
    assert texts(tmp_path, xml) == ["SA3, SA5"]


def test_a_deleted_cell(tmp_path: Path) -> None:
    deleted = f'<w:tc><w:tcPr><w:cellDel w:id="1"/></w:tcPr>{paragraph("old")}</w:tc>'
    xml = f"<w:tbl><w:tr>{deleted}<w:tc>{paragraph('new')}</w:tc></w:tr></w:tbl>"
    assert [(b.text, b.cell) for b in blocks(tmp_path, xml)] == [("new", (1, 1, 1))]


def test_the_result_of_a_field_and_not_its_code_with_the_fields_in_it(tmp_path: Path) -> None:
    inner = (
        field("begin")
        + run("<w:instrText>DATE</w:instrText>")
        + field("separate")
        + text("INNER")
        + field("end")
    )
    code = run("<w:instrText>IF </w:instrText>") + inner
    outer = field("begin") + code + field("separate") + text("1 May") + field("end")
    assert texts(tmp_path, f"<w:p>{text('by ')}{outer}{text('.')}</w:p>") == ["by 1 May."]


def test_a_field_that_is_never_ended_does_not_swallow_the_document(tmp_path: Path) -> None:
    xml = f"<w:p>{text('a')}{field('begin')}</w:p>" + paragraph("b")
    assert texts(tmp_path, xml) == ["a", "b"]


def test_simple_fields_and_links(tmp_path: Path) -> None:
    page = f'<w:fldSimple w:instr="PAGE">{text("7")}</w:fldSimple>'
    assert texts(tmp_path, f"<w:p>{page}<w:hyperlink>{text(' link')}</w:hyperlink></w:p>") == ["7 link"]


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("<w:checked/>", "☒"),
        ('<w:checked w:val="0"/>', "☐"),
        ('<w:default w:val="1"/>', "☒"),
        ('<w:default w:val="1"/><w:checked w:val="0"/>', "☐"),
        ("", "☐"),
    ],
)
def test_check_boxes_of_old_forms(state: str, shown: str, tmp_path: Path) -> None:
    box = field("begin", f"<w:ffData><w:checkBox>{state}</w:checkBox></w:ffData>")
    xml = (
        f"<w:p>{box}{run('<w:instrText>FORMCHECKBOX</w:instrText>')}{field('end')}{text(' for action')}</w:p>"
    )
    assert texts(tmp_path, xml) == [f"{shown} for action"]


def test_the_chosen_entry_of_a_list_in_an_old_form(tmp_path: Path) -> None:
    entries = '<w:result w:val="1"/><w:listEntry w:val="Action"/><w:listEntry w:val="Information"/>'
    box = field("begin", f"<w:ffData><w:ddList>{entries}</w:ddList></w:ffData>")
    assert texts(tmp_path, f"<w:p>{text('For: ')}{box}{field('end')}</w:p>") == ["For: Information"]


def test_check_boxes_as_content_controls_and_as_signs(tmp_path: Path) -> None:
    control = f"<w:sdt><w:sdtPr/><w:sdtContent>{text('☒')}</w:sdtContent></w:sdt>"
    sign = run('<w:sym w:font="Wingdings" w:char="F0A8"/>')
    assert texts(tmp_path, f"<w:p>{control}{text(' yes ')}{sign}{text(' no')}</w:p>") == ["☒ yes ☐ no"]


@pytest.mark.parametrize(
    ("font", "place", "sign"),
    [
        ("Wingdings", "F0FE", "☑"),
        ("Wingdings", "00FD", "☒"),
        ("Symbol", "F0AE", "→"),
        ("Wingdings", "F001", ""),
        ("Arial", "2192", "→"),
        ("Arial", "F0FE", ""),
        ("Arial", "D800", ""),
        ("Arial", "zz", ""),
    ],
)
def test_signs_of_symbol_fonts(font: str, place: str, sign: str, tmp_path: Path) -> None:
    xml = f'<w:p>{text("a")}{run(f"""<w:sym w:font="{font}" w:char="{place}"/>""")}{text("b")}</w:p>'
    assert texts(tmp_path, xml) == [f"a{sign}b"]


@pytest.mark.parametrize("where", ["inline", "block", "cell"])
def test_a_placeholder_is_no_text(where: str, tmp_path: Path) -> None:
    shows = "<w:sdtPr><w:showingPlcHdr/></w:sdtPr>"
    hint = text("Click here to enter text.")
    xml = {
        "inline": f"<w:p>{text('Deadline: ')}<w:sdt>{shows}<w:sdtContent>{hint}</w:sdtContent></w:sdt></w:p>",
        "block": f"{paragraph('Deadline: ')}<w:sdt>{shows}<w:sdtContent><w:p>{hint}</w:p></w:sdtContent>"
        "</w:sdt>",
        "cell": f"<w:tbl><w:tr><w:tc>{paragraph('Deadline: ')}</w:tc><w:sdt>{shows}<w:sdtContent>"
        f"<w:tc><w:p>{hint}</w:p></w:tc></w:sdtContent></w:sdt></w:tr></w:tbl>",
    }[where]
    assert "".join(texts(tmp_path, xml)) == "Deadline: "


def test_hidden_text_is_not_seen(tmp_path: Path) -> None:
    hidden = run("<w:t>hidden</w:t>", "<w:vanish/>")
    shown = run("<w:t>shown</w:t>", '<w:vanish w:val="false"/>')
    assert texts(tmp_path, f"<w:p>{hidden}{shown}</w:p>") == ["shown"]


def test_reading_aids_of_chinese_are_left_out(tmp_path: Path) -> None:
    ruby = f"<w:ruby><w:rt>{text('lian')}</w:rt><w:rubyBase>{text('联')}</w:rubyBase></w:ruby>"
    assert texts(tmp_path, f"<w:p><w:r>{ruby}</w:r></w:p>") == ["联"]


def test_hyphens_that_do_not_break_are_hyphens(tmp_path: Path) -> None:
    assert texts(tmp_path, paragraph("S2\u20111812758")) == ["S2-1812758"]


def test_nested_text_boxes_and_tables_in_them(tmp_path: Path) -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph('cell')}</w:tc></w:tr></w:tbl>"
    box = f"<w:r><w:pict><w:txbxContent>{paragraph('boxed')}{table}</w:txbxContent></w:pict></w:r>"
    found = blocks(tmp_path, f"<w:p>{text('a')}{box}</w:p>")
    assert [(b.text, b.locator, b.cell) for b in found] == [
        ("a", "paragraph 1", ()),
        ("boxed", "text box 1", ()),
        ("cell", "text box 1", (1, 1, 1)),
    ]


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_notes_are_a_part_of_their_own(kind: str, tmp_path: Path) -> None:
    parts = parts_of(document_xml(paragraph("body")))
    parts |= {
        "word/_rels/document.xml.rels": relationships((f"{kind}s", f"{kind}s.xml")),
        f"word/{kind}s.xml": f'<w:{kind}s xmlns:w="{W}"><w:{kind} w:type="separator" w:id="0">'
        f'{paragraph("---")}</w:{kind}><w:{kind} w:id="2">{paragraph(" see TS 33.501")}</w:{kind}>'
        f"</w:{kind}s>",
    }
    found = read_lines(write_package(tmp_path / "notes.docx", parts)).blocks
    assert [(b.text, b.locator, b.part) for b in found] == [
        ("body", "paragraph 1", "body"),
        ("see TS 33.501", f"{kind} 1", kind),
    ]


def test_the_strict_form_with_its_own_relationships(tmp_path: Path) -> None:
    office = "http://purl.oclc.org/ooxml/officeDocument/relationships"
    parts = parts_of(document_xml(paragraph("strict"), namespace=STRICT))
    parts["_rels/.rels"] = str(parts["_rels/.rels"]).replace(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships", office
    )
    parts["word/_rels/document.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="r1" Type="{office}/header" Target="header1.xml"/></Relationships>'
    )
    parts["word/header1.xml"] = f'<w:hdr xmlns:w="{STRICT}">{paragraph("S3-1")}</w:hdr>'
    found = read_lines(write_package(tmp_path / "strict.docx", parts)).blocks
    assert [(b.text, b.part) for b in found] == [("S3-1", "header"), ("strict", "body")]
