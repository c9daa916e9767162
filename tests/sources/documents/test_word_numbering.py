"""The numbers that Word gives paragraphs (ECMA-376 part 1, 17.9), as Word shows them."""

from __future__ import annotations

from pathlib import Path

import pytest
from lines_of_documents import read_lines
from word_packages import W, document_xml, parts_of, relationships, write_package

from sdograph.sources.documents.numbering import letter, roman


def item(text: str = "x", num: int | None = 1, level: int | None = 0, style: str = "") -> str:
    depth = "" if level is None else f'<w:ilvl w:val="{level}"/>'
    number = "" if num is None else f'<w:numPr>{depth}<w:numId w:val="{num}"/></w:numPr>'
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{number}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def level(depth: int, kind: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{kind}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(*levels: str, number: int = 0) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int = 0, override: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'


def shown(tmp_path: Path, body: str, numbering: str, styles: str = "") -> list[str]:
    parts = parts_of(document_xml(body))
    parts |= {
        "word/_rels/document.xml.rels": relationships(
            ("numbering", "numbering.xml"), ("styles", "styles.xml")
        ),
        "word/numbering.xml": f'<w:numbering xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/'
        f'markup-compatibility/2006">{numbering}</w:numbering>',
        "word/styles.xml": f'<w:styles xmlns:w="{W}">{styles}</w:styles>',
    }
    return [b.text for b in read_lines(write_package(tmp_path / "numbered.docx", parts)).blocks]


def test_headings_and_points_below_them(tmp_path: Path) -> None:
    levels = abstract(level(0, "decimal", "%1"), level(1, "decimal", "%1.%2"), level(2, "lowerLetter", "%3)"))
    body = (
        item("Overall description")
        + item("a", level=2)
        + item("b", level=2)
        + item("Actions")
        + item("To SA3", level=1)
        + item("first", level=2)
        + item("To SA5", level=1)
        + item("first", level=2)
    )
    assert shown(tmp_path, body, levels + num(1)) == [
        "1 Overall description",
        "a) a",
        "b) b",
        "2 Actions",
        "2.1 To SA3",
        "a) first",
        "2.2 To SA5",
        "a) first",
    ]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("decimal", "4"),
        ("decimalZero", "04"),
        ("lowerLetter", "d"),
        ("upperLetter", "D"),
        ("lowerRoman", "iv"),
        ("upperRoman", "IV"),
        ("ordinal", "4th"),
    ],
)
def test_formats(kind: str, expected: str, tmp_path: Path) -> None:
    levels = abstract(level(0, kind, "(%1)", start=4))
    assert shown(tmp_path, item(), levels + num(1)) == [f"({expected}) x"]


def test_letters_and_roman_numbers_beyond_the_first() -> None:
    assert [letter(n) for n in (1, 26, 27, 28, 53)] == ["a", "z", "aa", "bb", "aaa"]
    assert [roman(n) for n in (9, 14, 40, 1999)] == ["ix", "xiv", "xl", "mcmxcix"]


def test_bullets_say_nothing(tmp_path: Path) -> None:
    assert shown(tmp_path, item("SA3"), abstract(level(0, "bullet", "\uf0b7")) + num(1)) == ["SA3"]


def test_words_in_the_level_text(tmp_path: Path) -> None:
    levels = abstract(level(0, "decimal", "Question %1:"), level(1, "none", "NOTE:"))
    body = item("why?") + item("beware", level=1) + item("how?")
    assert shown(tmp_path, body, levels + num(1)) == ["Question 1: why?", "NOTE: beware", "Question 2: how?"]


def test_without_a_space_after_the_number(tmp_path: Path) -> None:
    levels = abstract(level(0, "decimal", "Q%1/", more='<w:suff w:val="nothing"/>'))
    assert shown(tmp_path, item("17"), levels + num(1)) == ["Q1/17"]


def test_a_list_goes_on_after_other_text_and_a_second_one_begins_anew(tmp_path: Path) -> None:
    levels = abstract(level(0, "decimal", "%1.")) + abstract(level(0, "decimal", "%1."), number=1)
    body = item("a") + item("plain", num=None) + item("b") + item("c", num=2)
    assert shown(tmp_path, body, levels + num(1) + num(2, of=1)) == ["1. a", "plain", "2. b", "1. c"]


def test_two_numberings_of_one_list_count_together_unless_one_starts_over(tmp_path: Path) -> None:
    over = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    levels = abstract(level(0, "decimal", "%1."))
    body = item("a") + item("b", num=2) + item("c", num=3) + item("d", num=3)
    assert shown(tmp_path, body, levels + num(1) + num(2) + num(3, override=over)) == [
        "1. a", "2. b", "1. c", "2. d",
    ]  # fmt: skip


def test_a_level_of_its_own(tmp_path: Path) -> None:
    own = f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1)")}</w:lvlOverride>'
    body = item("a") + item("b")
    assert shown(tmp_path, body, abstract(level(0, "decimal", "%1.")) + num(1, override=own)) == [
        "I) a",
        "II) b",
    ]


def test_a_level_that_never_starts_over(tmp_path: Path) -> None:
    levels = abstract(
        level(0, "decimal", "%1"), level(1, "decimal", "REQ-%2", more='<w:lvlRestart w:val="0"/>')
    )
    body = item() + item(level=1) + item() + item(level=1)
    assert shown(tmp_path, body, levels + num(1)) == ["1 x", "REQ-1 x", "2 x", "REQ-2 x"]


def test_legal_numbering_writes_all_levels_in_digits(tmp_path: Path) -> None:
    levels = abstract(level(0, "upperRoman", "%1"), level(1, "decimal", "%1.%2", more="<w:isLgl/>"))
    assert shown(tmp_path, item() + item(level=1), levels + num(1)) == ["I x", "1.1 x"]


def test_numbers_come_from_styles_and_those_they_are_based_on(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="Heading1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '</w:pPr></w:style><w:style w:type="paragraph" w:styleId="Heading2"><w:basedOn w:val="Heading1"/>'
        "</w:style>"
        '<w:style w:type="paragraph" w:styleId="Own"><w:basedOn w:val="Heading1"/></w:style>'
    )
    levels = abstract(
        level(0, "decimal", "%1.", more='<w:pStyle w:val="Heading1"/>'),
        level(1, "decimal", "%1.%2", more='<w:pStyle w:val="Heading2"/>'),
    )
    body = "".join(
        item(style, num=None, style=style) for style in ("Heading1", "Heading2", "Heading2", "Own", "Body")
    )
    body += item("unnumbered", num=0, style="Heading1")
    assert shown(tmp_path, body, levels + num(1), styles) == [
        "1. Heading1", "1.1 Heading2", "1.2 Heading2", "2. Own", "Body", "unnumbered",
    ]  # fmt: skip


def test_a_list_that_uses_a_numbering_style(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="numbering" w:styleId="Clauses"><w:pPr><w:numPr><w:numId w:val="2"/></w:numPr>'
        "</w:pPr></w:style>"
    )
    link = '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="Clauses"/></w:abstractNum>'
    levels = abstract(level(0, "decimal", "§ %1"), number=1)
    assert shown(tmp_path, item(), link + levels + num(1) + num(2, of=1), styles) == ["§ 1 x"]


def test_a_deleted_item_is_not_counted(tmp_path: Path) -> None:
    gone = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="1"/>'
        '</w:rPr></w:pPr><w:del w:id="2"><w:r><w:delText>gone</w:delText></w:r></w:del></w:p>'
    )
    assert shown(tmp_path, item("a") + gone + item("b"), abstract(level(0, "decimal", "%1.")) + num(1)) == [
        "1. a",
        "2. b",
    ]


def test_items_in_cells_are_counted_in_reading_order(tmp_path: Path) -> None:
    cells = "".join(f"<w:tc>{item(text)}</w:tc>" for text in "ab")
    body = f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>" + item("c")
    assert shown(tmp_path, body, abstract(level(0, "decimal", "%1.")) + num(1)) == ["1. a", "2. b", "3. c"]


@pytest.mark.parametrize(
    "numbering",
    [
        "",
        num(1),
        num(1, of=7),
        abstract() + num(1),
        abstract(level(0, "decimal", "%1", start=99999)) + '<w:num w:numId="1"/>',
        '<w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="Loop"/></w:abstractNum>' + num(1),
    ],
)
def test_numbering_that_leads_nowhere_gives_no_number(numbering: str, tmp_path: Path) -> None:
    loop = (
        '<w:style w:type="numbering" w:styleId="Loop"><w:basedOn w:val="Loop"/>'
        '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    )
    assert shown(tmp_path, item(style="Loop"), numbering, loop) == ["x"]


def test_styles_that_are_none(tmp_path: Path) -> None:
    levels = abstract(level(0, "decimal", "%1.")) + num(1)
    parts = parts_of(document_xml(item()))
    parts |= {
        "word/_rels/document.xml.rels": relationships(("numbering", "n.xml"), ("styles", "styles.xml")),
        "word/n.xml": f'<w:numbering xmlns:w="{W}">{levels}</w:numbering>',
        "word/styles.xml": f'<w:rPr xmlns:w="{W}"/>',
    }
    assert [b.text for b in read_lines(write_package(tmp_path / "s.docx", parts)).blocks] == ["1. x"]


def test_a_level_text_made_to_fill_the_memory(tmp_path: Path) -> None:
    levels = abstract(level(0, "upperLetter", "%1" * 50_000, start=90_000))
    (text, *_) = shown(tmp_path, item() * 50, levels + num(1))
    assert len(text) < 1_000
