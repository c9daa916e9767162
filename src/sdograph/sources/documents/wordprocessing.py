"""Word documents (.docx) as lines of text, in the order in which a person reads them.

The XML is walked directly (ECMA-376 part 1, clause 17): text boxes, tracked changes, nested tables and
content controls are in it and nowhere else. Tracked changes are read as accepted; automatic numbers stand
before their paragraph as Word shows them, bullets and hidden text do not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import count
from typing import Literal

from sdograph.errors import UnreadableDocument
from sdograph.sources.documents.numbering import Numbering
from sdograph.sources.documents.symbols import symbol
from sdograph.sources.package import WORD, Budget, Element, Package
from sdograph.sources.plain import Block, Cell, clean

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

#: The transitional and the strict form of the same vocabulary.
_NAMESPACES = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "sheet",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "sheet",
    "http://schemas.openxmlformats.org/presentationml/2006/main": "slides",
    "http://purl.oclc.org/ooxml/presentationml/main": "slides",
}
_OTHER_ROOTS = {"sheet": "an Excel workbook (.xlsx)", "slides": "a PowerPoint presentation (.pptx)"}

#: What was deleted or moved away, properties, field instructions, and the reading aids above a line of
#: Chinese or Japanese: no text of the accepted document.
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
        "w-delInstrText",
        "w-rt",
    }
)
#: Most of what is said of styles, and nothing of their numbers.
_LOOKS = frozenset(
    {"w-latentStyles", "w-docDefaults", "w-rPr", "w-tblPr", "w-trPr", "w-tcPr", "w-tblStylePr"}
)
_LINE_ENDS = re.compile(r"[\n\r]+")
_SIGNS = {
    "w-tab": "\t",
    "w-ptab": "\t",
    "w-br": "\n",
    "w-cr": "\n",
    "w-noBreakHyphen": "-",
}


def read_blocks(data: bytes, where: str, budget: Budget) -> tuple[Block, ...]:
    """The lines of a .docx: page headers, body with its tables and text boxes, notes, page footers.

    Raises UnreadableDocument and LimitExceeded as :class:`~sdograph.sources.package.Package` does.
    """
    package = Package(data, where, WORD, budget)
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
    _empty_placeholders(root)
    parts = package.relationships(main)
    return (
        *_margins(package, parts, "header"),
        *_Story(_numbering(package, parts)).blocks(body),
        *_notes(package, parts, "footnote"),
        *_notes(package, parts, "endnote"),
        *_margins(package, parts, "footer"),
    )


def _main_part(package: Package, where: str) -> str:
    for kind, target in package.relationships(""):
        if kind.endswith("/officeDocument") and "[Content_Types].xml" in package:
            return target
    raise UnreadableDocument(
        "this is a zip archive but no Word document", where=where, hint="unpack it and read what is in it"
    )


def _numbering(package: Package, parts: list[tuple[str, str]]) -> Numbering | None:
    found = {kind.rpartition("/")[2]: target for kind, target in parts}
    if "numbering" not in found:
        return None
    styles = package.xml(found["styles"], _NAMESPACES, _LOOKS) if "styles" in found else None
    return Numbering(package.xml(found["numbering"], _NAMESPACES), styles)


def _empty_placeholders(root: Element) -> None:
    """Takes out "Click here to enter text": a content control that shows it holds nothing."""
    for control in root.iter("w-sdt"):
        if control.find("w-sdtPr/w-showingPlcHdr") is not None:
            for text in control.iter("w-t"):
                text.text = None


def _margins(
    package: Package, parts: list[tuple[str, str]], name: Literal["header", "footer"]
) -> Iterator[Block]:
    """The lines of the page headers or footers, each once: first, odd and even pages mostly say the same."""
    seen = set()
    for kind, target in parts:
        if kind.endswith(f"/{name}"):
            for block in _Story(None).blocks(package.xml(target, _NAMESPACES)):
                if block.text.strip() and block.text not in seen:
                    seen.add(block.text)
                    yield Block(text=block.text, locator=name, part=name)


def _notes(
    package: Package, parts: list[tuple[str, str]], name: Literal["footnote", "endnote"]
) -> Iterator[Block]:
    for kind, target in parts:
        if not kind.endswith(f"/{name}s"):
            continue
        notes = package.xml(target, _NAMESPACES).findall(f"w-{name}")
        # Those with a type are the lines that part notes from the text.
        written = (note for note in notes if note.get("w-type", "normal") == "normal")
        for number, note in enumerate(written, 1):
            for block in _Story(None).blocks(note):
                if block.text.strip():
                    yield Block(text=block.text.strip(), locator=f"{name} {number}", part=name)


class _Story:
    """Walks a story (body, header, note, text box) and numbers what it meets, as a person would count."""

    def __init__(self, numbering: Numbering | None) -> None:
        self._numbering = numbering
        self._paragraphs = count(1)
        self._boxes = count(1)

    def blocks(self, story: Element) -> Iterator[Block]:
        return self._content(story, "", ())

    def _content(self, container: Element, place: str, path: Cell) -> Iterator[Block]:
        """Paragraphs and tables of the story, or of the cell at ``place``."""
        tables = count(1)
        carried, locator = "", place
        for element in _flow(container):
            if element.tag == "w-tbl":
                if carried:
                    yield from _lines(carried, locator, path)
                    carried = ""
                number = next(tables)
                yield from self._table(element, f"{place} table {number}".lstrip(), (*path, number))
                continue
            locator = place or f"paragraph {next(self._paragraphs)}"
            text, boxes = _paragraph(element)
            if _mark_is_deleted(element):
                # The mark that ends this paragraph is deleted: its text runs on into the next one.
                carried += text
            else:
                item = self._numbering.number(element) if self._numbering else ""
                yield from _lines(f"{item}{carried}{text}", locator, path)
                carried = ""
            for box in boxes:
                box_place = f"text box {next(self._boxes)}"
                for block in _Story(self._numbering).blocks(box):
                    yield Block(text=block.text, locator=box_place, cell=block.cell)
        if carried:
            yield from _lines(carried, locator, path)

    def _table(self, table: Element, place: str, path: Cell) -> Iterator[Block]:
        rows = (row for row in _flow(table, "w-tr") if row.find("w-trPr/w-del") is None)
        for row_number, row in enumerate(rows, 1):
            cells = (c for c in _flow(row, "w-tc") if c.find("w-tcPr/w-cellDel") is None)
            for number, cell in enumerate(cells, 1):
                if not _is_continuation(cell):
                    yield from self._content(
                        cell, f"{place} row {row_number} cell {number}", (*path, row_number, number)
                    )


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
    # The fields open at this place, each with whether its result has begun: before that is its code, in
    # which other fields may stand with results of their own.
    fields: list[bool] = []

    def walk(parent: Element, hidden: bool) -> None:
        for child in _children(parent):
            tag = child.tag
            if tag == "w-r":
                walk(child, hidden or _is_on(child.find("w-rPr/w-vanish")))
            elif tag == "w-fldChar":
                kind = child.get("w-fldCharType")
                if kind == "begin":
                    if not hidden and all(fields):
                        pieces.append(_form_field(child))
                    fields.append(False)
                elif fields and kind == "separate":
                    fields[-1] = True
                elif fields and kind == "end":
                    fields.pop()
            elif tag == "w-txbxContent":
                boxes.append(child)
            elif tag in _DROPPED:
                continue
            elif hidden or not all(fields):
                walk(child, True)
            elif tag == "w-t":
                # A line end in the XML is no line end in the document.
                pieces.append(_LINE_ENDS.sub(" ", child.text or ""))
            elif tag in _SIGNS:
                pieces.append(_SIGNS[tag])
            elif tag == "w-sym":
                pieces.append(symbol(child.get("w-font", ""), child.get("w-char", "")))
            else:
                walk(child, hidden)

    walk(paragraph, False)
    return "".join(pieces), boxes


def _form_field(begin: Element) -> str:
    """What the check box or list of an old form shows; it has no result as other fields have."""
    box = begin.find("w-ffData/w-checkBox")
    if box is not None:
        state = box.find("w-checked")
        return "☒" if _is_on(box.find("w-default") if state is None else state) else "☐"
    entries = begin.findall("w-ffData/w-ddList/w-listEntry")
    chosen = begin.find("w-ffData/w-ddList/w-result")
    index = "0" if chosen is None else chosen.get("w-val", "0")
    return entries[int(index)].get("w-val", "") if index in map(str, range(len(entries))) else ""


def _is_on(switch: Element | None) -> bool:
    return switch is not None and switch.get("w-val", "1") in ("1", "true", "on")


def _mark_is_deleted(paragraph: Element) -> bool:
    return any(paragraph.find(f"w-pPr/w-rPr/{change}") is not None for change in ("w-del", "w-moveFrom"))


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
