"""Word documents (.docx) as lines of text, in the order in which a person reads them.

The XML is walked directly (ECMA-376 part 1, clause 17): text boxes, tracked changes, nested tables and
content controls are in it and nowhere else. Tracked changes are read as accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count

from sdograph.errors import UnreadableDocument
from sdograph.sources.package import Element, Package
from sdograph.sources.plain import Block, Cell, clean

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: The transitional and the strict form of the same vocabulary.
_NAMESPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "sheet",
    "http://schemas.openxmlformats.org/presentationml/2006/main": "slides",
}
_OTHER_ROOTS = {"sheet": "an Excel workbook (.xlsx)", "slides": "a PowerPoint presentation (.pptx)"}

#: What was deleted or moved away, properties, and field instructions: no text of the accepted document.
_DROPPED = frozenset(
    {
        "w-del",
        "w-moveFrom",
        "w-pPr",
        "w-rPr",
        "w-tblPr",
        "w-tcPr",
        "w-trPr",
        "w-sdtPr",
        "w-delText",
        "w-instrText",
    }
)
_LINE_ENDS = re.compile(r"[\n\r]+")
_SIGNS = {
    "w-tab": "\t",
    "w-ptab": "\t",
    "w-br": "\n",
    "w-cr": "\n",
    "w-noBreakHyphen": "-",
}


def read_blocks(data: bytes, where: str) -> tuple[Block, ...]:
    """The lines of a .docx: page headers, body with its tables and text boxes, page footers.

    Raises UnreadableDocument and LimitExceeded as :class:`~sdograph.sources.package.Package` does.
    """
    package = Package(data, where)
    main = _main_part(package, where)
    root = package.xml(main, _NAMESPACES)
    kind = root.tag.partition("-")[0]
    body = root.find("w-body")
    if root.tag != "w-document" or body is None:
        raise UnreadableDocument(
            f"this is no Word document but {_OTHER_ROOTS.get(kind, 'another kind of office document')}",
            where=where,
            hint="save the liaison statement as .docx or .txt",
        )
    parts = package.relationships(main)
    return (
        *_margins(package, parts, "header"),
        *_Body().blocks(body),
        *_margins(package, parts, "footer"),
    )


def _main_part(package: Package, where: str) -> str:
    for kind, target in package.relationships(""):
        if kind.endswith("/officeDocument") and "[Content_Types].xml" in package:
            return target
    raise UnreadableDocument(
        "this is a zip archive but no Word document", where=where, hint="unpack it and read what is in it"
    )


def _margins(package: Package, parts: list[tuple[str, str]], name: str) -> Iterator[Block]:
    """The lines of the page headers or footers, each once: first, odd and even pages mostly say the same."""
    seen = set()
    for kind, target in parts:
        if kind.endswith(f"/{name}"):
            for block in _Body().blocks(package.xml(target, _NAMESPACES)):
                if block.text.strip() and block.text not in seen:
                    seen.add(block.text)
                    yield Block(text=block.text, locator=name, part=name)


class _Body:
    """Walks a story (body, header, footer) and numbers what it meets, as a person would count."""

    def __init__(self) -> None:
        self._paragraphs = count(1)
        self._tables = count(1)
        self._boxes = count(1)

    def blocks(self, story: Element) -> Iterator[Block]:
        carried = ""
        for element in _flow(story):
            if element.tag == "w-tbl":
                yield from self._table(element, f"table {next(self._tables)}", ())
                continue
            locator = f"paragraph {next(self._paragraphs)}"
            text, boxes = _paragraph(element)
            if _mark_is_deleted(element):
                # The mark that ends this paragraph is deleted: its text runs on into the next one.
                carried += text
            else:
                yield from _lines(carried + text, locator)
                carried = ""
            yield from self._boxed(boxes)
        if carried:
            yield from _lines(carried, locator)

    def _table(self, table: Element, locator: str, path: Cell) -> Iterator[Block]:
        number = int(locator.rsplit(" ", 1)[1])
        rows = (row for row in _flow(table, "w-tr") if row.find("w-trPr/w-del") is None)
        for row_number, row in enumerate(rows, 1):
            for cell_number, cell in enumerate(_flow(row, "w-tc"), 1):
                if _is_continuation(cell):
                    continue
                yield from self._cell(
                    cell,
                    f"{locator} row {row_number} cell {cell_number}",
                    (*path, number, row_number, cell_number),
                )

    def _cell(self, cell: Element, locator: str, path: Cell) -> Iterator[Block]:
        inner = count(1)
        for element in _flow(cell):
            if element.tag == "w-tbl":
                yield from self._table(element, f"{locator} table {next(inner)}", path)
            else:
                text, boxes = _paragraph(element)
                yield from _lines(text, locator, path)
                yield from self._boxed(boxes)

    def _boxed(self, boxes: list[Element]) -> Iterator[Block]:
        for box in boxes:
            locator = f"text box {next(self._boxes)}"
            for block in _Body().blocks(box):
                yield Block(text=block.text, locator=locator, cell=block.cell)


def _flow(parent: Element, *wanted: str) -> Iterator[Element]:
    """The wanted children, paragraphs and tables by default, also those within content controls."""
    tags = wanted or ("w-p", "w-tbl")
    for child in _children(parent):
        if child.tag in tags:
            yield child
        elif child.tag not in _DROPPED:
            yield from _flow(child, *tags)


def _children(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == "mc-AlternateContent":
            # The same content twice, for newer and for older programs.
            chosen = child.find("mc-Choice")
            yield from child.findall("mc-Fallback") if chosen is None else (chosen,)
        else:
            yield child


def _paragraph(paragraph: Element) -> tuple[str, list[Element]]:
    """The text of a paragraph, and the text boxes that are anchored in it."""
    pieces: list[str] = []
    boxes: list[Element] = []

    def walk(parent: Element) -> None:
        for child in _children(parent):
            if child.tag == "w-t":
                # A line end in the XML is no line end in the document.
                pieces.append(_LINE_ENDS.sub(" ", child.text or ""))
            elif child.tag in _SIGNS:
                pieces.append(_SIGNS[child.tag])
            elif child.tag == "w-txbxContent":
                boxes.append(child)
            elif child.tag not in _DROPPED:
                walk(child)

    walk(paragraph)
    return "".join(pieces), boxes


def _mark_is_deleted(paragraph: Element) -> bool:
    return paragraph.find("w-pPr/w-rPr/w-del") is not None


def _is_continuation(cell: Element) -> bool:
    """Whether the cell only continues the merged cell above it or to its left, whose text is what shows."""
    for kind in ("w-vMerge", "w-hMerge"):
        merge = cell.find(f"w-tcPr/{kind}")
        if merge is not None and merge.get("w-val", "continue") == "continue":
            return True
    return False


def _lines(text: str, locator: str, cell: Cell = ()) -> Iterator[Block]:
    for number, line in enumerate(text.split("\n"), 1):
        place = locator if number == 1 or cell else f"{locator} line {number}"
        yield Block(text=clean(line), locator=place, cell=cell)
