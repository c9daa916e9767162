"""A sheet as a Word document, in the ways in which people lay out the same form."""

from __future__ import annotations

import io
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from .sheets import Bullets, Field, Fields, Grid, Heading, Line, Paragraph, Sheet

#: How the head is laid out: a table, nested in a table, in content controls, tabs, one paragraph a field,
#: label and value below each other, or a text box.
STYLES = ("table", "nested", "controls", "tabs", "paragraphs", "two-line", "text-box")

#: What stands in a link: addresses, and numbers of statements.
_LINKED = re.compile(r"(\b\w+@[\w.]+\w\b|\bSG\d+-LS-?\d+\b)")

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def write(sheet: Sheet, path: Path, style: str, rng: random.Random) -> None:
    """Writes the document. Numbered headings may get their number from Word, one value may have been changed
    with changes tracked, and what is printed on every page stands in the header and footer."""
    document = docx.Document()
    writer = _Writer(document, style, rng)
    for block in sheet.blocks:
        writer.block(block)
    section = document.sections[0]
    if sheet.header:
        section.header.paragraphs[0].text = sheet.header[0]
        for text in sheet.header[1:]:
            section.header.add_paragraph(text)
    if sheet.footer:
        section.footer.paragraphs[0].text = "\n".join(sheet.footer)
    document.core_properties.author = ""
    document.save(str(path))


class _Writer:
    def __init__(self, document: Any, style: str, rng: random.Random) -> None:
        self._document = document
        self._style = style
        self._random = rng
        self._numbered = rng.random() < 0.35
        self._tracked = rng.random() < 0.35
        self._split = rng.random() < 0.4
        self._breaks = rng.random() < 0.3

    def block(self, block: object) -> None:
        document = self._document
        match block:
            case Line(text):
                self._text(document.add_paragraph(), text, bold=self._random.random() < 0.4)
            case Paragraph(text):
                self._text(document.add_paragraph(), text)
            case Heading(number, text):
                automatic = self._numbered and bool(re.fullmatch(r"\d\.?", number))
                style = "List Number" if automatic else "Heading 1"
                self._text(
                    document.add_paragraph(style=style),
                    text if automatic else f"{number}\t{text}".lstrip("\t"),
                )
            case Bullets(items):
                for item in items:
                    self._text(document.add_paragraph(style="List Bullet"), item)
            case Grid(rows):
                self._grid(rows)
            case Fields(rows):
                self._fields(rows)

    def _grid(self, rows: Sequence[Sequence[str]]) -> None:
        table = self._document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text

    def _fields(self, rows: Sequence[Field]) -> None:
        if self._style in ("table", "nested", "controls"):
            self._table(rows)
        elif self._style == "text-box":
            self._text_box([line for row in rows for line in _tabbed(row)])
        elif self._style == "two-line":
            for row in rows:
                self._text(self._document.add_paragraph(), row.label, bold=True)
                for value in row.values:
                    self._text(self._document.add_paragraph(), value)
        else:
            joint = "\t" if self._style == "tabs" else " "
            for row in rows:
                first = row.values[0] if row.values else ""
                aside = f"\t{row.aside}" if row.aside else ""
                paragraph = self._document.add_paragraph()
                paragraph.add_run(row.label).bold = True
                self._text(paragraph, f"{joint}{first}{aside}")
                for value in row.values[1:]:
                    self._text(self._document.add_paragraph(), f"{joint if joint == chr(9) else ''}{value}")

    def _table(self, rows: Sequence[Field]) -> None:
        columns = 3 if any(row.aside for row in rows) else 2
        if self._style == "nested":
            outer = self._document.add_table(rows=1, cols=1)
            table = outer.cell(0, 0).add_table(rows=len(rows), cols=columns)
        else:
            table = self._document.add_table(rows=len(rows), cols=columns)
        for number, row in enumerate(rows):
            cells = [table.cell(number, n) for n in range(columns)]
            if columns == 3 and not row.aside:
                cells[1] = cells[1].merge(cells[2])
            self._text(cells[0].paragraphs[0], row.label, bold=True)
            self._cell(cells[1], row.values)
            if row.aside:
                cells[2].text = row.aside
            if self._style == "controls":
                _control(cells[1])

    def _cell(self, cell: Any, values: Iterable[str]) -> None:
        values = list(values)
        if self._breaks:
            self._text(cell.paragraphs[0], "\n".join(values))
            return
        for n, value in enumerate(values):
            self._text(cell.paragraphs[0] if n == 0 else cell.add_paragraph(), value)

    def _text(self, paragraph: Any, text: str, *, bold: bool = False) -> None:
        """The text as one run, as several, or as one that was changed with changes tracked."""
        plain = "\n" not in text and "\t" not in text
        if self._tracked and plain and len(text) > 12 and " " in text:
            self._tracked = False
            kept, _, new = text.rpartition(" ")
            paragraph.add_run(kept + " ").bold = bold
            paragraph._p.append(_change("del", "delText", "obsolete wording"))
            paragraph._p.append(_change("ins", "t", new))
            return
        pieces = re.split(r"(?<= )(?=\w)", text) if self._split and len(text) < 80 else [text]
        for piece in pieces:
            for n, part in enumerate(_LINKED.split(piece)):
                if n % 2:
                    paragraph._p.append(_link(part))
                elif part:
                    paragraph.add_run(part).bold = bold

    def _text_box(self, lines: list[str]) -> None:
        content = "".join(
            f"<w:p><w:r>{'<w:tab/>'.join(_run_text(part) for part in line.split(chr(9)))}</w:r></w:p>"
            for line in lines
        )
        box = f"<w:txbxContent>{content}</w:txbxContent>"
        self._document.add_paragraph()._p.append(
            parse_xml(
                f'<w:r {_NAMESPACES}><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:inline>'
                f'<wp:extent cx="5000000" cy="3000000"/><wp:docPr id="9" name="Text Box 9" descr="Form"/>'
                f'<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
                f"<wps:wsp>"
                f"<wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></mc:Choice>"
                f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
                f"</mc:AlternateContent></w:r>"
            )
        )


def _tabbed(row: Field) -> list[str]:
    first, *others = row.values or ("",)
    return [f"{row.label}\t{first}" + (f"\t{row.aside}" if row.aside else ""), *(f"\t{v}" for v in others)]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _run_text(text: str) -> str:
    return f'<w:t xml:space="preserve">{_escaped(text)}</w:t>' if text else ""


def _link(text: str) -> Any:
    return parse_xml(
        f'<w:hyperlink {_NAMESPACES} w:anchor="there"><w:r>{_run_text(text)}</w:r></w:hyperlink>'
    )


def _change(kind: str, tag: str, text: str) -> Any:
    return parse_xml(
        f'<w:{kind} {_NAMESPACES} w:id="7" w:author="Editor" w:date="2024-01-01T00:00:00Z"><w:r>'
        f'<w:{tag} xml:space="preserve">{_escaped(text)}</w:{tag}></w:r></w:{kind}>'
    )


def _control(cell: Any) -> None:
    """Puts the paragraphs of a cell into a content control, as the forms of ITU do."""
    control = parse_xml(
        f'<w:sdt {_NAMESPACES}><w:sdtPr><w:alias w:val="value"/></w:sdtPr><w:sdtContent/></w:sdt>'
    )
    content = control.find(qn("w:sdtContent"))
    for paragraph in list(cell._tc.findall(qn("w:p"))):
        content.append(paragraph)
    cell._tc.append(control)
    cell._tc.append(parse_xml(f"<w:p {_NAMESPACES}/>"))  # a cell ends in a paragraph


def as_bytes(sheet: Sheet, style: str, rng: random.Random, folder: Path) -> bytes:
    """The document as bytes, for what is attached or packed."""
    path = folder / f"packed-{rng.random()}.docx"
    write(sheet, path, style, rng)
    content = path.read_bytes()
    path.unlink()
    return io.BytesIO(content).getvalue()
