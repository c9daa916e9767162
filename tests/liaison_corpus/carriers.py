"""A sheet as a file: text, HTML, PDF, mail, archive, and Word by way of :mod:`.word`."""

from __future__ import annotations

import html
import random
import textwrap
import zipfile
from email.message import EmailMessage
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from . import word
from .sheets import Bullets, Field, Fields, Grid, Heading, Line, Paragraph, Sheet
from .tracker import tracker

#: All carriers; a draft names those in which its house sends its statements.
WORD = tuple(f"docx-{style}" for style in word.STYLES)
TEXT = ("txt-tabs", "txt-export", "txt-columns", "txt-two-line")
HTML = ("html-table", "html-list", "html-paragraphs")
ALL = (*WORD, *TEXT, *HTML, "pdf", "eml-text", "eml-html", "eml-attached", "zip")


def write(sheet: Sheet, carrier: str, folder: Path, stem: str, rng: random.Random) -> Path:
    """Writes the sheet into the folder and says where."""
    kind, _, style = carrier.partition("-")
    path = folder / f"{stem}.{kind}"
    if kind == "docx":
        word.write(sheet, path, style, rng)
    elif kind == "txt":
        path.write_bytes(text(sheet, style).encode(rng.choice(("utf-8", "utf-8", "utf-8-sig"))))
    elif kind == "html":
        path.write_text(tracker(sheet) if style == "tracker" else hypertext(sheet, style), "utf-8")
    elif kind == "pdf":
        _pdf(sheet, path, rng)
    elif kind == "eml":
        path.write_bytes(_mail(sheet, style, folder, stem, rng))
    elif kind == "zip":
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{stem}.docx", word.as_bytes(sheet, rng.choice(word.STYLES), rng, folder))
    else:
        raise ValueError(carrier)
    return path


# --- text


def text(sheet: Sheet, style: str, width: int | None = None) -> str:
    """The sheet as plain text.

    Styles: ``tabs`` (label, tab, value), ``export`` (a Word table as programs flatten it), ``columns``
    (blanks instead of tabs), ``two-line`` (the value below its label). With ``width`` paragraphs are wrapped.
    """
    lines = [*sheet.header, *([""] if sheet.header else [])]
    for block in sheet.blocks:
        match block:
            case Line(line):
                lines.append(line.replace("\t", "        ") if style == "columns" else line)
            case Paragraph(paragraph):
                lines += [*(textwrap.wrap(paragraph, width) if width else [paragraph]), ""]
            case Heading(number, heading):
                lines += ["", f"{number}{' ' if style == 'columns' else chr(9)}{heading}".strip()]
            case Bullets(items):
                lines += [*(f"•\t{item}" if style == "export" else f"- {item}" for item in items), ""]
            case Grid(rows):
                lines += ["\t".join(row) if style != "columns" else "    ".join(row) for row in rows]
            case Fields(rows):
                widest = max(len(row.label) for row in rows) + 2
                for row in rows:
                    lines += _field_lines(row, style, widest)
                lines.append("")
    lines += ["", *sheet.footer]
    return "\n".join(lines) + "\n"


def _field_lines(row: Field, style: str, widest: int) -> list[str]:
    values = list(row.values) or [""]
    if row.aside:
        values[0] += f"\t{row.aside}"
    if style == "two-line":
        return [row.label, *values, ""]
    if style == "export":
        return [f"\t{row.label}", *(f"\t{value}" for value in values), ""]
    if style == "columns":
        return [
            f"{row.label if n == 0 else '':<{widest}}{value}".replace("\t", "    ").rstrip()
            for n, value in enumerate(values)
        ]
    return [f"{row.label if n == 0 else ''}\t{value}" for n, value in enumerate(values)]


# --- HTML


def hypertext(sheet: Sheet, style: str) -> str:
    """The sheet as a page: the head as a table, a definition list, or paragraphs with bold labels."""
    parts = [f"<p class='hd'>{_marked(line)}</p>" for line in sheet.header]
    for block in sheet.blocks:
        match block:
            case Line(line):
                parts.append(f"<p><b>{_marked(line)}</b></p>")
            case Paragraph(paragraph):
                parts.append(f"<p>{_marked(paragraph)}</p>")
            case Heading(number, heading):
                parts.append(f"<h2>{_marked(f'{number} {heading}'.strip())}</h2>")
            case Bullets(items):
                parts.append("<ul>" + "".join(f"<li>{_marked(item)}</li>" for item in items) + "</ul>")
            case Grid(rows):
                parts.append(
                    "<table>" + "".join(_row(*(_marked(cell) for cell in row)) for row in rows) + "</table>"
                )
            case Fields(rows):
                parts.append(_head(rows, style))
    parts += [f"<footer>{_marked(line)}</footer>" for line in sheet.footer]
    title = html.escape(sheet.subject or "Liaison statement")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        "<style>td{vertical-align:top} .hd{color:gray}</style>"
        "<script>var To = 'Source: nobody';</script></head>\n<body>" + "\n".join(parts) + "\n</body></html>\n"
    )


def _head(rows: tuple[Field, ...], style: str) -> str:
    if style == "table":
        return "<table>" + "\n".join(map(_head_row, rows)) + "</table>"
    if style == "list":
        return "<dl>" + "".join(map(_head_item, rows)) + "</dl>"
    return "\n".join(
        f"<p class=MsoNormal><b><span lang=EN-GB>{_marked(row.label)}</span></b>"
        "<span style='mso-tab-count:1'>&nbsp;&nbsp;&nbsp; </span>"
        f"{'<br>'.join(map(_marked, _values(row)))}</p>"
        for row in rows
    )


def _head_row(row: Field) -> str:
    aside = [_marked(row.aside)] if row.aside else []
    return _row(f"<b>{_marked(row.label)}</b>", "<br>\n".join(map(_marked, row.values)), *aside)


def _head_item(row: Field) -> str:
    return f"<dt>{_marked(row.label)}</dt>" + "".join(f"<dd>{_marked(v)}</dd>" for v in _values(row))


def _values(row: Field) -> list[str]:
    return [*row.values, *([row.aside] if row.aside else [])]


def _marked(value: str) -> str:
    return html.escape(value).replace("\t", "&emsp;")


def _row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


# --- PDF


def _pdf(sheet: Sheet, path: Path, rng: random.Random) -> None:
    """Labels in one column and values in another, wrapped at the margin, with page numbers."""
    canvas = Canvas(str(path), pagesize=A4, invariant=True)
    page = _Page(canvas, sheet)
    column = rng.choice((150, 170, 200))
    for block in sheet.blocks:
        match block:
            case Line(line):
                page.columns(
                    [(60 + 300 * n, part) for n, part in enumerate(line.split("\t")) if part], bold=True
                )
            case Paragraph(paragraph):
                page.wrapped(60, paragraph)
            case Heading(number, heading):
                page.gap()
                page.columns([(60, f"{number} {heading}".strip())], bold=True)
            case Bullets(items):
                for item in items:
                    page.wrapped(60, f"•  {item}")
            case Grid(rows):
                for row in rows:
                    page.columns([(60 + 170 * n, cell) for n, cell in enumerate(row)])
            case Fields(rows):
                for field in rows:
                    page.field(field, column)
    page.end()
    canvas.save()


class _Page:
    def __init__(self, canvas: Canvas, sheet: Sheet) -> None:
        self._canvas, self._sheet, self._number, self._y = canvas, sheet, 0, 0.0
        self._begin()

    def _begin(self) -> None:
        self._number += 1
        self._y = 800.0
        self._canvas.setFont("Helvetica", 9)
        for line in self._sheet.header:
            self.columns([(60 + 300 * n, part) for n, part in enumerate(line.split("\t")) if part])

    def end(self) -> None:
        self._canvas.setFont("Helvetica", 8)
        for n, line in enumerate([*self._sheet.footer, f"- {self._number} -"]):
            self._canvas.drawString(250 if line.startswith("- ") else 60, 40 - 10 * n, line)
        self._canvas.showPage()

    def gap(self) -> None:
        self._y -= 8

    def columns(self, parts: list[tuple[float, str]], *, bold: bool = False) -> None:
        if self._y < 70:
            self.end()
            self._begin()
        self._canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 10)
        for x, part in parts:
            self._canvas.drawString(x, self._y, part)
        self._y -= 14

    def wrapped(self, x: float, value: str) -> None:
        for line in simpleSplit(value, "Helvetica", 10, 540 - x):
            self.columns([(x, line)])
        self.gap()

    def field(self, field: Field, column: float) -> None:
        column = max(column, 66 + stringWidth(field.label, "Helvetica", 10))
        lines = [
            line for value in field.values for line in simpleSplit(value, "Helvetica", 10, 540 - column)
        ] or [""]
        for n, line in enumerate(lines):
            parts = [(column, line)] if line else []
            if n == 0:
                parts = [(60.0, field.label), *parts, *([(430.0, field.aside)] if field.aside else [])]
            self.columns(parts)
        self.gap()


# --- mail


def _mail(sheet: Sheet, style: str, folder: Path, stem: str, rng: random.Random) -> bytes:
    """A mail with the statement as its text, as HTML, or attached to a covering note."""
    message = EmailMessage()
    message["From"] = "Jane Example <jane@example.org>"
    message["To"] = "liaisons@example.org"
    message["Subject"] = sheet.subject or "Liaison statement"
    message["Date"] = "Wed, 10 Jan 2018 09:00:00 +0100"
    message["Message-ID"] = f"<{stem}@example.org>"
    if style == "attached":
        message.set_content(
            "Dear colleagues,\n\nplease find attached a liaison statement for your attention.\n"
            "\nKind regards\nJane\n"
        )
        message.add_attachment(
            word.as_bytes(sheet, rng.choice(word.STYLES), rng, folder),
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
            filename=f"{stem}.docx",
        )
        return message.as_bytes()
    message.set_content(text(sheet, "columns", width=76))
    if style == "html":
        message.add_alternative(hypertext(sheet, rng.choice(("table", "paragraphs"))), subtype="html")
    return message.as_bytes()
