"""Minimal .xlsx files, made by hand, for the tests of table readers."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
#: Cell style 1 shows a day (number format 14 of ECMA-376 part 1, 18.8.30).
_STYLES = (
    f'<styleSheet {_MAIN}><cellXfs count="2"><xf numFmtId="0"/>'
    '<xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


def letters(column: int) -> str:
    """The name of a column counted from 1: ``A``, ``AA``."""
    name = ""
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(65 + digit) + name
    return name


def cell(place: str, value: object, shared: list[str] | None = None) -> str:
    if isinstance(value, dt.date):
        return f'<c r="{place}" s="1"><v>{(value - dt.date(1899, 12, 30)).days}</v></c>'
    if isinstance(value, (int, float)):
        return f'<c r="{place}"><v>{value}</v></c>'
    if shared is not None:
        shared.append(str(value))
        return f'<c r="{place}" t="s"><v>{len(shared) - 1}</v></c>'
    text = escape(str(value))
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'


def sheet(rows: Sequence[Sequence[object]], first: int = 1, shared: list[str] | None = None) -> str:
    """The XML of a sheet whose rows begin at row number ``first``; None and "" are no cells."""
    lines = []
    for number, row in enumerate(rows, first):
        cells = (
            cell(f"{letters(column)}{number}", value, shared)
            for column, value in enumerate(row, 1)
            if value not in (None, "")
        )
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f"<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData></worksheet>"


def raw_sheet(inside: str) -> str:
    return f"<worksheet {_MAIN}>{inside}</worksheet>"


def package(sheets: Mapping[str, str], shared: Sequence[str] = (), **more: str | bytes) -> bytes:
    """A workbook of these sheets, given by name and XML; ``more`` are further members by their names."""
    listed, relations, parts = [], [], {}
    for number, (name, xml) in enumerate(sheets.items(), 1):
        listed.append(f'<sheet name={quoteattr(name)} sheetId="{number}" r:id="rId{number}"/>')
        relations.append((f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml"))
        parts[f"xl/worksheets/sheet{number}.xml"] = xml
    relations.append(("styles", "styles", "styles.xml"))
    parts["xl/styles.xml"] = _STYLES
    if shared:
        relations.append(("shared", "sharedStrings", "sharedStrings.xml"))
        texts = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in shared)
        parts["xl/sharedStrings.xml"] = f"<sst {_MAIN}>{texts}</sst>"
    parts |= {
        "_rels/.rels": f'<Relationships {_RELS}><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}">'
        f"<sheets>{''.join(listed)}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships {_RELS}>"
        + "".join(
            f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
            for id, kind, target in relations
        )
        + "</Relationships>",
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (parts | more).items():
            archive.writestr(name, content)
    return made.getvalue()


def workbook(rows: Sequence[Sequence[object]], name: str = "Sheet1") -> bytes:
    """A workbook of one sheet with these rows, the first at row 1."""
    return package({name: sheet(rows)})
