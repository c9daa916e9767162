"""The CSV index of a relaton repository: one row an edition, one Specification a number."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from sdograph.errors import DataError, IncompleteDocument
from sdograph.model import Specification
from sdograph.sources import delimited
from sdograph.sources.dates import is_date
from sdograph.sources.document_numbers import DocumentNumber, UnknownIdentifier, parse
from sdograph.sources.plain import clean
from sdograph.sources.relaton import terms
from sdograph.sources.relaton.edition import Edition, Editions

#: The columns that are read; an index has others beside them.
COLUMNS = (
    "path",
    "docid",
    "title",
    "date",
    "doctype",
    "group",
    "stage",
    "substage",
    "rel_types",
    "src",
    "keywords",
)

#: Name of an index, without its extensions -> the least number of rows and specifications that it must have.
#: The indexes only grow; these are nine tenths of what they held in 2026.
COUNTS: Mapping[str, tuple[int, int]] = {
    "relaton_etsi_all": (25_754, 9_657),
    "relaton_itu_all": (19_355, 11_512),
    "relaton_itu_r_all": (1_836, 1_820),
    "relaton_iso_all": (64_140, 33_684),
    "relaton_3gpp_all": (83_060, 3_714),
}


class IndexFault(DataError):
    """A row or the header of an index is not as it should be."""

    code = "relaton-index"


@dataclass(slots=True)
class Counts:
    """How many rows became how many specifications."""

    rows: int = 0
    identifiers: int = 0
    """Different identifiers; some editions have two records."""
    untitled: int = 0
    """Rows without a title."""
    specifications: int = 0
    versions: int = 0
    relations: Counter[str] = field(default_factory=Counter)
    """Relations told by identifiers and titles, by kind."""
    dropped: Counter[str] = field(default_factory=Counter)
    """Rows by the kinds of relation they have according to the index, which does not say to what."""


class Index:
    """The specifications of an index, in the order in which their numbers first come up.

    All rows are read before the first specification is given out, since the editions of a number need not
    stand together; of each row only a :class:`~sdograph.model.Version` is kept. ``counts`` is complete at the
    end.

    Raises IndexFault for a fault in a row, with its number and column; IncompleteDocument when an index of a
    known name has fewer rows or specifications than :data:`COUNTS` asks for; and what
    :func:`sdograph.sources.delimited.rows` does.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.counts = Counts()

    def __iter__(self) -> Iterator[Specification]:
        self.counts = Counts()
        found = self._editions()
        self.counts.specifications = len(found)
        self._check_counts()
        bodies = {number: e.body for (of_iso, number), e in found.items() if of_iso}
        for editions in found.values():
            made = editions.specification(bodies)
            self.counts.versions += len(made.versions)
            self.counts.relations.update(relation.kind for relation in made.relations)
            yield made

    def _editions(self) -> dict[tuple[str, str], Editions]:
        found: dict[tuple[str, str], Editions] = {}
        identifiers: set[str] = set()
        for row in self._rows():
            edition = row.edition()
            number = edition.number
            key = ("" if number.body in terms.ISO_BODIES else number.body, number.number)
            identifiers.add(edition.identifier)
            self.counts.rows += 1
            self.counts.untitled += edition.title is None
            self.counts.dropped.update(kind for kind in row["rel_types"].split(",") if kind)
            if (editions := found.get(key)) is None:
                found[key] = Editions.of(edition)
            else:
                editions.add(edition)
        self.counts.identifiers = len(identifiers)
        return found

    def _rows(self) -> Iterator[_Row]:
        rows = delimited.rows(self.path)
        _, header = next(rows, (1, []))
        names = [name.strip() for name in header]
        for column in COLUMNS:
            if names.count(column) != 1:
                raise IndexFault(
                    f"the header has {names.count(column)} columns of this name",
                    where=f"{self.path.name}, row 1, column {column}",
                    hint=f"an index has one of each of {', '.join(COLUMNS)}",
                )
        for number, cells in rows:
            if cells and len(cells) != len(names):
                raise IndexFault(
                    f"the row has {len(cells)} cells, the header has {len(names)}",
                    where=f"{self.path.name}, row {number}",
                    hint="the file may be cut off: get it again",
                )
            if cells:
                yield _Row(self.path.name, number, dict(zip(names, cells, strict=True)))

    def _check_counts(self) -> None:
        least = COUNTS.get(self.path.name.partition(".")[0])
        if least is None:
            return
        counts = self.counts
        for what, has, needs in (
            ("rows", counts.rows, least[0]),
            ("specifications", counts.specifications, least[1]),
        ):
            if has < needs:
                raise IncompleteDocument(
                    f"only {has:,} {what}; there should be {needs:,} at least",
                    where=self.path.name,
                    hint="the download may have been cut off: get the file again",
                )


class _Row:
    """One row; each fault names it and the column."""

    def __init__(self, table: str, number: int, cells: Mapping[str, str]) -> None:
        self._table = table
        self._cells = cells
        self.locator = f"row {number}"

    def __getitem__(self, column: str) -> str:
        cell = self._cells[column]
        # Cleaning costs as much as the rest of the reading, and nearly no cell needs it.
        return (cell if cell.isascii() and cell.isprintable() else clean(cell)).strip()

    def edition(self) -> Edition:
        identifier, kind, stage = self["docid"], self["doctype"], self["stage"]
        address = terms.page_address(self["src"])
        number = self._number(identifier, kind)
        if (version := terms.whole_year(number, address)) != number.version:
            number = replace(number, version=version)
        if stage and self["substage"]:
            stage = f"{stage}.{self['substage']}"
        return Edition(
            number=number,
            identifier=identifier,
            locator=self.locator,
            title=terms.english(self["title"]),
            kind=number.kind or terms.kind_name(kind),
            # The same few words in tens of thousands of rows.
            group=sys.intern(self["group"].partition("; ")[0]),
            date=terms.issued(number, self._dates(), stage or None),
            stage=sys.intern(stage) or None,
            address=address,
            keywords=tuple(word for word in self["keywords"].split("; ") if word),
            # Records of ISO were once written to files with the identifier's colons in their names.
            stale=":" in self["path"],
        )

    def _number(self, identifier: str, kind: str) -> DocumentNumber:
        try:
            return parse(identifier, terms.ITU_KINDS.get(kind))
        except UnknownIdentifier as error:
            raise self._fault("docid", error.message, error.hint or "") from error

    def _dates(self) -> dict[str, str]:
        """ "confirmed=2006-05-22; published=2006"."""
        dates = {}
        for part in filter(None, self["date"].split("; ")):
            what, _, when = part.partition("=")
            if not is_date(when):
                raise self._fault(
                    "date", f"{part!r} is no date", "dates are written published=2019-06-22; or month or year"
                )
            dates[what] = when
        return dates

    def _fault(self, column: str, message: str, hint: str) -> IndexFault:
        return IndexFault(message, where=f"{self._table}, {self.locator}, column {column}", hint=hint)


def is_index(path: Path) -> bool:
    """Whether the first line of a file is the header of an index."""
    return {"docid", "doctype", "rel_types", "substage"} <= {
        name.strip() for name in delimited.first_line(path)
    }
