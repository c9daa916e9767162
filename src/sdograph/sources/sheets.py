"""The sheets of an .xlsx workbook, row by row, within bounds that hold before anything is allocated.

python-calamine reads the cells. It sets aside a rectangle from the first to the last used cell, and one
stray cell at XFD1048576 makes that 17 thousand million cells, which ends the process. So each sheet's XML is
counted first, and calamine then gets a workbook of that one sheet, made anew of the bytes that were counted.
"""

from __future__ import annotations

import datetime as dt
import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias
from xml.parsers import expat

import python_calamine

from sdograph.errors import LimitExceeded, UnreadableDocument
from sdograph.sources.package import WORKBOOK, Package

#: What a cell holds; "" when it is empty.
Value: TypeAlias = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta

MAX_ROWS = 200_000
MAX_COLUMNS = 200
#: Rows times columns of the used rectangle: 3GPP's work plan has 182,000.
MAX_CELLS = 5_000_000
#: Characters of all cells; a workbook keeps a text once, however many cells show it.
MAX_CHARACTERS = 200_000_000
MAX_SHEETS = 100

_AGAIN = "get the workbook again, or save it anew in the program that made it"
_MAIN = {
    # ECMA-376, transitional and strict
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main": "s",
    "http://purl.oclc.org/ooxml/spreadsheetml/main": "s",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
}
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One worksheet, not read yet."""

    name: str
    where: str
    """File and sheet, for errors."""
    _parts: _Parts
    _part: str

    def rows(self) -> Iterator[tuple[int, list[Value]]]:
        """Row number and cells of every row up to the last used one, from row 1 and column A or later.

        Raises UnreadableDocument when the sheet is damaged, LimitExceeded when it is too big.
        """
        data = self._parts.package.unpack(self._part)
        _Count(self.where, self._parts.lengths).check(data)
        try:
            with python_calamine.CalamineWorkbook.from_filelike(self._parts.alone(data)) as workbook:
                for number, cells in enumerate(workbook.get_sheet_by_index(0).iter_rows(), 1):
                    yield number, list(cells)
        except python_calamine.CalamineError as error:
            raise UnreadableDocument(
                f"the sheet is damaged: {error}", where=self.where, hint=_AGAIN
            ) from error


def sheets(data: bytes, where: str) -> list[Sheet]:
    """The worksheets of a workbook, in its order. Raises as :class:`~sdograph.sources.package.Package`."""
    package = Package(data, where, WORKBOOK)
    main = next((t for kind, t in package.relationships("") if kind.endswith("/officeDocument")), None)
    if main is None or main not in package:
        raise UnreadableDocument("this is a zip archive but no workbook", where=where, hint=_AGAIN)
    root = package.xml(main, _MAIN)
    if root.tag != "s-workbook":
        raise UnreadableDocument(
            "this is another kind of office document, no workbook", where=where, hint="save it as .xlsx"
        )
    targets = _targets(package, main)
    parts = _Parts.of(package, targets, where, root.find("s-workbookPr"))
    found = []
    for element in root.iterfind("s-sheets/s-sheet"):
        name = element.get("name", "")
        kind, part = targets.get(element.get("r-id", ""), ("", ""))
        if kind == "worksheet":
            found.append(Sheet(name, f"{where}, sheet {name}", parts, part))
    if len(found) > MAX_SHEETS:
        raise LimitExceeded(
            f"the number of sheets is over the limit of {MAX_SHEETS}", where=where, hint=WORKBOOK.too_big
        )
    return found


def _targets(package: Package, main: str) -> dict[str, tuple[str, str]]:
    """Kind and member of each part that the workbook refers to, by the id of the reference."""
    folder, name = posixpath.split(main)
    rels = posixpath.join(folder, "_rels", f"{name}.rels")
    if rels not in package:
        return {}
    return {
        element.get("Id", ""): (
            element.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, element.get("Target", ""))).lstrip("/"),
        )
        for element in package.xml(rels, {})
        if element.get("TargetMode") != "External"
    }


_PACKAGE_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _relationships(*entries: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="r{n}" Type="{_OFFICE_RELATIONSHIPS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(entries, 1)
    )
    return f'<Relationships xmlns="{_PACKAGE_RELATIONSHIPS}">{listed}</Relationships>'


_WORKBOOK_XML = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    f'xmlns:r="{_OFFICE_RELATIONSHIPS}"><workbookPr date1904="{{0}}"/>'
    '<sheets><sheet name="sheet" sheetId="1" r:id="r1"/></sheets></workbook>'
)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What the sheets of a workbook share."""

    package: Package
    shared: Mapping[str, bytes]
    """Styles and shared texts, under the names calamine looks for."""
    lengths: list[int]
    """Characters of each shared text."""
    date1904: str

    @classmethod
    def of(
        cls, package: Package, targets: Mapping[str, tuple[str, str]], where: str, properties: object
    ) -> _Parts:
        shared = {}
        for kind, name in (("styles", "xl/styles.xml"), ("sharedStrings", "xl/sharedStrings.xml")):
            part = next((p for k, p in targets.values() if k == kind), None)
            if part is not None and part in package:
                shared[name] = package.unpack(part)
        texts = shared.get("xl/sharedStrings.xml")
        date1904 = getattr(properties, "attrib", {}).get("date1904", "0")
        return cls(
            package,
            shared,
            _lengths(texts, f"{where}: shared texts") if texts else [],
            "1" if date1904 in ("1", "true") else "0",
        )

    def alone(self, sheet: bytes) -> io.BytesIO:
        """A workbook of nothing but this sheet and what it needs."""
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as package:
            package.writestr("_rels/.rels", _relationships(("officeDocument", "xl/workbook.xml")))
            package.writestr("xl/workbook.xml", _WORKBOOK_XML.format(self.date1904))
            package.writestr(
                "xl/_rels/workbook.xml.rels",
                _relationships(
                    ("worksheet", "worksheets/sheet1.xml"),
                    *((name[3:].removesuffix(".xml"), name[3:]) for name in self.shared),
                ),
            )
            package.writestr("xl/worksheets/sheet1.xml", sheet)
            for name, data in self.shared.items():
                package.writestr(name, data)
        made.seek(0)
        return made


def _parse(data: bytes, parser: expat.XMLParserType, where: str) -> None:
    def doctype(name: str, *_ids: object) -> None:
        raise UnreadableDocument(
            f"the XML declares a document type ({name}), which no workbook does", where=where, hint=_AGAIN
        )

    parser.StartDoctypeDeclHandler = doctype
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        # ValueError and LookupError: an encoding that the declaration names and nobody has.
        raise UnreadableDocument(f"the XML is broken: {error}", where=where, hint=_AGAIN) from error


def _lengths(data: bytes, where: str) -> list[int]:
    """The number of characters of each shared text."""
    lengths: list[int] = []
    parser = expat.ParserCreate()

    def start(name: str, _attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == "si":
            lengths.append(0)

    def text(characters: str) -> None:
        if lengths:
            lengths[-1] += len(characters)

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.buffer_text = True
    _parse(data, parser, where)
    return lengths


class _Count:
    """Walks through a sheet's XML and raises before a limit is passed."""

    def __init__(self, where: str, lengths: list[int]) -> None:
        self._where = where
        self._lengths = lengths
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._row = self._column = 0
        self._last_row = self._last_column = 0
        self._shared = False
        self._index = ""
        self._characters = 0

    def check(self, data: bytes) -> None:
        _parse(data, self._parser, self._where)
        if self._last_row * self._last_column > MAX_CELLS:
            raise self._too_big(
                f"{self._last_row:,} rows of {self._last_column} columns are over the limit of"
                f" {MAX_CELLS:,} cells"
            )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if name == "c":
            reference = attributes.get("r")
            if reference is None:
                self._column += 1
            else:
                self._row, self._column = self._place(reference)
            self._shared = attributes.get("t") == "s"
        elif name == "v" or name == "is":
            # Only now the cell counts: one that has a style and nothing in it is no used cell.
            self._use()
            if self._shared and name == "v":
                self._index = ""
                self._parser.CharacterDataHandler = self._text
                self._parser.EndElementHandler = self._end
        elif name == "row":
            number = attributes.get("r")
            if number is not None and not re.fullmatch("[0-9]{1,7}", number):
                raise self._unreadable(f"a row has the number {number[:20]!r}")
            self._row = self._row + 1 if number is None else int(number)
            self._column = 0

    def _text(self, characters: str) -> None:
        self._index += characters

    def _end(self, _name: str) -> None:
        self._parser.CharacterDataHandler = None
        self._parser.EndElementHandler = None
        index = self._index.strip()
        if not re.fullmatch("[0-9]{1,9}", index) or int(index) >= len(self._lengths):
            raise self._unreadable(f"the text of cell {self._name()} is missing")
        self._characters += self._lengths[int(index)]
        if self._characters > MAX_CHARACTERS:
            raise self._too_big(f"the cells hold more than the limit of {MAX_CHARACTERS:,} characters")

    def _place(self, reference: str) -> tuple[int, int]:
        found = _REFERENCE.fullmatch(reference.upper())
        if found is None:
            raise self._unreadable(f"{reference[:20]!r} is the place of no cell")
        column = 0
        for letter in found[1]:
            column = 26 * column + ord(letter) - 64
        return int(found[2]), column

    def _use(self) -> None:
        if self._row > MAX_ROWS or self._column > MAX_COLUMNS:
            raise self._too_big(
                f"cell {self._name()} lies beyond the limit of {MAX_ROWS:,} rows and {MAX_COLUMNS} columns"
            )
        self._last_row = max(self._last_row, self._row)
        self._last_column = max(self._last_column, self._column)

    def _name(self) -> str:
        """The place of the current cell as people write it: ``XFD1048576``."""
        letters, rest = "", self._column
        while rest > 0:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(65 + digit) + letters
        return f"{letters}{self._row}"

    def _unreadable(self, message: str) -> UnreadableDocument:
        return UnreadableDocument(message, where=self._where, hint=_AGAIN)

    def _too_big(self, message: str) -> LimitExceeded:
        return LimitExceeded(message, where=self._where, hint="remove what lies outside of the table")
