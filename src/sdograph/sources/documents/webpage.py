"""Web pages and what Word saves as such: lines of text, with the cells of tables.

Only what a browser would show is read; nothing that a page links to is fetched.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

from lxml import etree

from sdograph.errors import LimitExceeded, UnreadableDocument
from sdograph.sources import plain
from sdograph.sources.documents.numbering import letter, roman
from sdograph.sources.package import Budget
from sdograph.sources.plain import Block, Cell, clean

MEDIA_TYPE = "text/html"
MAX_ELEMENTS = 200_000
#: Characters, pictures in it not counted.
MAX_MARKUP = 5_000_000
#: libxml2 compares each attribute of a tag with all before it: the sum of the squares of their numbers.
MAX_COMPARISONS = 50_000_000
#: libxml2 stops at 255.
MAX_DEPTH = 200

_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{1,40})""", re.I
)
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SPACE = re.compile(r"[ \t\n\r\f]+")
_TAG = re.compile(r"<[a-zA-Z]")
_WHOLE_TAG = re.compile(r"""<[a-zA-Z](?:[^>"']++|"[^"]*+"|'[^']*+')*+""")
_PICTURE = re.compile(r"""(?<==["'])data:[^"'<>]*+""")
#: What Word puts around what only some programs should see; no comment, and no element either.
_CONDITION = re.compile(r"<!\[(?:if|endif)[^<>-]{0,200}>")
#: A document of another vocabulary in XML, which no browser would show as text.
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}>")

_UNSEEN = frozenset((
    "head", "script", "style", "template", "noscript", "title", "del", "iframe", "object", "applet",
    "svg", "math", "select", "datalist", "textarea", "button", "audio", "video", "canvas", "map", "rt",
    "rp",
))  # fmt: skip
_BLOCKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ul", "ol", "dl", "dt", "dd", "pre",
    "blockquote", "address", "article", "aside", "section", "header", "footer", "main", "nav", "figure",
    "figcaption", "form", "fieldset", "legend", "hr", "center", "details", "summary", "body", "html",
    "caption",
))  # fmt: skip
#: Whose end leaves a line even where nothing is in it, as an empty paragraph of Word does.
_PARAGRAPHS = frozenset((
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "dt", "dd",
))  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all|visibility\s*:\s*hidden", re.I)
_TABS = re.compile(r"mso-tab-count\s*:\s*\d+", re.I)
#: Beginnings of the names of encodings that pages are in.
OF_THE_WEB = ("cp", "iso8859", "koi8", "mac", "gb", "big5", "shift_jis", "euc", "iso2022")
_LIST_NUMBERS: dict[str, Callable[[int], str]] = {
    "a": letter,
    "A": lambda n: letter(n).upper(),
    "i": roman,
    "I": lambda n: roman(n).upper(),
}


def read_blocks(data: bytes, where: str, budget: Budget) -> tuple[Block, ...]:
    """The lines of a page in any encoding that it declares.

    Raises UnreadableDocument when the bytes are no text, LimitExceeded when they are too much.
    """
    text = _PICTURE.sub("", _decoded(data, where).replace("\0", ""))
    elements = len(_TAG.findall(text))
    budget.elements -= elements
    long_tags = (tag[0] for tag in _WHOLE_TAG.finditer(text) if len(tag[0]) > 100)
    for found, limit, what in (
        (len(text), MAX_MARKUP, "number of characters"),
        (elements, min(MAX_ELEMENTS, budget.elements + elements), "number of elements"),
        (
            sum((len(tag.split()) + tag.count("=")) ** 2 for tag in long_tags),
            MAX_COMPARISONS,
            "size of its tags",
        ),
    ):
        if found > limit:
            raise LimitExceeded(
                f"the {what} is over the limit of {limit:,}",
                where=where,
                hint="a liaison statement is far smaller: save it alone",
            )
    if not elements:
        raise UnreadableDocument(
            "this is no web page: it has no element", where=where, hint="save it as .txt if it is plain text"
        )
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        markup = _CONDITION.sub("", _DECLARATION.sub("", text))
        root = etree.fromstring(markup.encode(errors="replace"), parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise UnreadableDocument(
            f"the page cannot be parsed: {error}", where=where, hint="get the document again"
        ) from error
    if root is None:
        raise UnreadableDocument("the page is empty", where=where, hint="get the document again")
    return tuple(_Page(where).blocks(root))


def _decoded(data: bytes, where: str) -> str:
    names = [name for mark, name in _BOMS if data.startswith(mark)]
    if not names and (declared := _CHARSET.search(data[:4096])):
        names.append(_encoding(declared[1].decode("ascii", "replace")))
        # A declaration in ASCII: the page is in no encoding that has zero bytes.
        data = data.replace(b"\0", b"")
    for name in names:
        with suppress(UnicodeDecodeError, LookupError):
            return data.decode(name)
    try:
        return plain.decode(data, where)
    except UnreadableDocument:
        # As a browser does with a few wrong bytes: they show that something is missing.
        text = data.decode(names[0] if names else "utf-8", "replace")
        if text.count("\ufffd") > len(text) // 200:
            raise
        return text


def _encoding(label: str) -> str:
    """What a label means on the web: there Latin-1 and ASCII are windows-1252 (WHATWG Encoding, 4.2)."""
    try:
        name = codecs.lookup(label).name
    except LookupError:
        return "utf-8"
    if name in ("iso8859-1", "ascii"):
        return "cp1252"
    # Text in UTF-16 could not declare itself in ASCII, and codecs such as rot13 or zlib are none of the web.
    return name if name.startswith(OF_THE_WEB) else "utf-8"


class _Page:
    """Walks the elements and gathers lines, as a browser would lay them out."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._paragraphs = count(1)
        self._tables = count(1)
        self._line: list[str] = []
        self._lines: list[str] = []
        self._done: list[Block] = []

    def blocks(self, root: Any) -> list[Block]:
        self._walk(root, "", (), preformatted=False, depth=0)
        self._close("", (), always=False)
        return self._done

    def _walk(
        self, element: Any, place: str, path: Cell, *, preformatted: bool, depth: int, item: str = ""
    ) -> None:
        """``item`` is the number before an item of a numbered list."""
        if depth > MAX_DEPTH:
            raise LimitExceeded(
                f"the nesting of elements is over the limit of {MAX_DEPTH}",
                where=self._where,
                hint="save the text alone",
            )
        tag = _name(element)
        style = element.get("style", "")
        if tag in _UNSEEN or element.get("hidden") is not None or _HIDDEN.search(style):
            return
        if tag == "table":
            self._table(element, place, path, depth)
            return
        if tag == "br":
            self._break()
            return
        if tag == "input":
            if element.get("type", "").lower() == "checkbox":
                self._line.append("☐" if element.get("checked") is None else "☒")
            return
        if _TABS.search(style):
            self._line.append("\t")
            return
        begins = tag in _BLOCKS
        if begins:
            self._close(place, path, always=False)
        before = len(self._done)
        self._line.append(item)
        preformatted = preformatted or tag == "pre"
        self._text(element.text, preformatted)
        for child, number in _numbered(element) if tag == "ol" else ((child, "") for child in element):
            self._walk(child, place, path, preformatted=preformatted, depth=depth + 1, item=number)
            self._text(child.tail, preformatted)
        if begins:
            self._close(place, path, always=tag in _PARAGRAPHS and len(self._done) == before)

    def _table(self, table: Any, place: str, path: Cell, depth: int) -> None:
        self._close(place, path, always=False)
        number = next(self._tables)
        inner = f"{place} table {number}".lstrip()
        outer_tables, self._tables = self._tables, count(1)
        for row_number, row in enumerate(_rows(table), 1):
            for cell_number, cell in enumerate((c for c in row if _name(c) in ("td", "th")), 1):
                cell_place = f"{inner} row {row_number} cell {cell_number}"
                cell_path = (*path, number, row_number, cell_number)
                if _HIDDEN.search(cell.get("style", "")):
                    continue
                before = len(self._done)
                self._text(cell.text, False)
                for child in cell:
                    self._walk(child, cell_place, cell_path, preformatted=False, depth=depth + 3)
                    self._text(child.tail, False)
                self._close(cell_place, cell_path, always=len(self._done) == before)
        self._tables = outer_tables

    def _text(self, text: str | None, preformatted: bool) -> None:
        if not text:
            return
        if preformatted:
            first, *others = re.split(r"\r\n|\n|\r", text)
            self._line.append(first)
            for other in others:
                self._break()
                self._line.append(other)
        else:
            self._line.append(_SPACE.sub(" ", text))

    def _break(self) -> None:
        self._lines.append("".join(self._line))
        self._line = []

    def _close(self, place: str, path: Cell, *, always: bool) -> None:
        """Ends a paragraph: gives out its lines, also a single empty one where ``always``."""
        if "".join(self._line).strip(" ") or (always and not self._lines):
            self._break()
        self._line = []
        if not self._lines:
            return
        locator = place or f"paragraph {next(self._paragraphs)}"
        for number, line in enumerate(self._lines, 1):
            where = locator if place or number == 1 else f"{locator} line {number}"
            text = "\t".join(part.strip(" ") for part in clean(line).split("\t"))
            self._done.append(Block(text=text, locator=where, cell=path))
        self._lines = []


def _name(element: Any) -> str:
    """The element's name, with the prefix of what is Word's own (o:p); "" for what is no element."""
    return element.tag if isinstance(element.tag, str) else ""


def _rows(table: Any) -> Iterator[Any]:
    for child in table:
        if _name(child) == "tr":
            yield child
        elif _name(child) in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if _name(row) == "tr")


def _numbered(numbered: Any) -> Iterator[tuple[Any, str]]:
    """The items of a numbered list with their numbers, as a browser shows them."""
    written = _LIST_NUMBERS.get(numbered.get("type", "1"), str)
    number = _integer(numbered.get("start"), 1)
    for child in numbered:
        if _name(child) != "li":
            yield child, ""
            continue
        number = _integer(child.get("value"), number)
        yield child, f"{written(number)}. "
        number += 1


def _integer(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"-?\d{1,6}", text.strip()) else default
