"""The tables of the registry: bodies, groups, releases, work items and standing relationships.

One reader for all five; which table a file is, its header says. What the columns mean stands in
``data/registry/README.md``. Reading is strict: of a table with a fault nothing is read, and the first fault
is named with its row and column. Rows are counted as a spreadsheet shows them, the header being row 1.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from sdograph import bundled
from sdograph.errors import DataError, LimitExceeded, UnknownFormat, UnreadableDocument
from sdograph.model import (
    Body,
    Evidence,
    Group,
    LiaisonRelationship,
    Record,
    Release,
    Specification,
    WorkItem,
)
from sdograph.sources.cells import CellRow

#: What the confidence words of a table are worth: the organisation's own publication (or a record made from
#: it), a third party's words, a guess.
CONFIDENCE = {"high": 0.9, "medium": 0.6, "low": 0.3}

# Notations of the concepts in ontology/schemes; a test holds the two to each other.
BODY_KINDS = (
    *("sdo", "partnership", "consortium", "regulator", "joint-committee"),
    "liaison-organization",
)
GROUP_KINDS = ("TSG", "WG", "SG", "WP", "Question", "TC", "SC", "ISG", "FG", "CG", "JCA", "AG")
RELATIONSHIP_KINDS = (
    *("organizational-partner", "market-representation-partner", "partnership", "mou"),
    *("cooperation-agreement", "collaboration", "coordination-group", "liaison", "liaison-organization"),
    *("liaison-a", "liaison-b", "liaison-c", "committee-liaison", "qualified-organization", "observer"),
    *("publication", "joint-programme", "joint-event"),
)
RELEASE_KINDS = ("release", "study-period")
WORK_ITEM_KINDS = ("work-item", "study-item")
STATUSES = ("proposed", "ongoing", "completed", "stopped", "deleted", "published", "withdrawn")

#: A registry of every standards body in the world would be a few megabytes.
MAX_BYTES = 50_000_000

_ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._+-]*[A-Za-z0-9+])?")
_KEY = re.compile(rf"(?:body|group)/{_ID.pattern}")
# RFC 3986, without user information and IPv6 addresses.
_ADDRESS = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?"
    r"(?:[/?](?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
    r"(?:#(?:[A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?"
)


class RegistryFault(DataError):
    """A table of the registry is not as it should be."""

    code = "registry"


@dataclass(frozen=True, slots=True)
class _Known:
    """The ids that rows may refer to."""

    bodies: frozenset[str]
    groups: frozenset[str]

    @property
    def all(self) -> frozenset[str]:
        return self.bodies | self.groups


class _Row(CellRow):
    fault_class = RegistryFault

    def optional(self, column: str) -> str | None:
        found = self._cells[column].strip()
        if any(unicodedata.category(c) == "Cc" for c in found):
            self.fault(column, "there is a control character in the cell", "write it on one line")
        return found or None

    def period(self) -> tuple[str | None, str | None]:
        begin, end = self.date("begin"), self.date("end")
        if begin and end and end[: len(begin)] < begin[: len(end)]:
            self.fault("end", f"{end} is before the begin, {begin}", "one of the two is wrong")
        return begin, end

    def matching(self, column: str, pattern: re.Pattern[str], hint: str) -> str:
        found = self.text(column)
        self._must_match(column, found, pattern, hint)
        return found

    def several_matching(self, column: str, pattern: re.Pattern[str], hint: str) -> tuple[str, ...]:
        for found in self.several(column):
            self._must_match(column, found, pattern, hint)
        return self.several(column)

    def _must_match(self, column: str, found: str, pattern: re.Pattern[str], hint: str) -> None:
        if not pattern.fullmatch(found):
            self.fault(column, f"{found!r} has not the form that is needed here", hint)

    def of(self, column: str, known: frozenset[str]) -> str:
        found = self.text(column)
        self._must_be_known(column, found, known)
        return found

    def several_of(self, column: str, known: frozenset[str]) -> tuple[str, ...]:
        for found in self.several(column):
            self._must_be_known(column, found, known)
        return self.several(column)

    def _must_be_known(self, column: str, found: str, known: frozenset[str]) -> None:
        if found not in known:
            self.fault(column, f"{found!r} is not in the registry", "add its row first, or correct the id")

    def evidence(self, about: str) -> tuple[Evidence, ...]:
        """What the row rests on: one piece of evidence for each source it names."""
        confidence = CONFIDENCE[self.one_of("confidence", CONFIDENCE)]
        self.text("source")
        return tuple(
            Evidence(field="record", text=about, locator=self.locator, confidence=confidence, source=source)
            for source in self.several_matching("source", _ADDRESS, _ADDRESS_HINT)
        )


_ID_HINT = "letters and digits, between them also '.', '_', '+' and '-'"
_ADDRESS_HINT = "an address that begins with http:// or https://; several are separated by '; '"


# --- the tables


def _body(row: _Row, known: _Known) -> Iterator[Record]:
    begin, end = row.period()
    homepage = row.optional("homepage")
    yield Body(
        id=row.matching("id", _ID, _ID_HINT),
        name=row.text("name"),
        short_name=row.text("short_name"),
        kind=row.one_of("kind", BODY_KINDS),
        alt_names=row.several("alt_names"),
        homepage=row.matching("homepage", _ADDRESS, _ADDRESS_HINT) if homepage else None,
        parents=row.several_of("parents", known.bodies),
        begin=begin,
        end=end,
        redirects=row.several_matching("redirects", _KEY, "a key such as group/3GPP-TSG-SA"),
        evidence=row.evidence(row.text("name")),
    )


def _group(row: _Row, known: _Known) -> Iterator[Record]:
    begin, end = row.period()
    row.text("bodies")
    yield Group(
        id=row.matching("id", _ID, _ID_HINT),
        bodies=row.several_of("bodies", known.bodies),
        name=row.text("name"),
        short_name=row.text("short_name"),
        kind=row.one_of("kind", GROUP_KINDS),
        alt_names=row.several("alt_names"),
        parents=row.several_of("parents", known.all),
        scope=row.optional("scope"),
        begin=begin,
        begin_note=row.optional("begin_note"),
        end=end,
        end_note=row.optional("end_note"),
        successors=row.several_of("successors", known.groups),
        change_date=row.date("change_date"),
        formerly=row.several("formerly"),
        redirects=row.several_matching("redirects", _KEY, "a key such as group/3GPP-TSG-SA"),
        evidence=row.evidence(row.text("name")),
    )


def _release(row: _Row, known: _Known) -> Iterator[Record]:
    begin, end = row.period()
    order = row.matching("order", re.compile(r"[0-9]{1,4}"), "a whole number, the oldest release being 1")
    yield Release(
        body=row.of("body", known.bodies),
        name=row.text("name"),
        kind=cast(Literal["release", "study-period"], row.one_of("kind", RELEASE_KINDS)),
        order=int(order),
        begin=begin,
        end=end,
        title=row.optional("title"),
        evidence=row.evidence(row.text("name")),
    )


def _work_item(row: _Row, known: _Known) -> Iterator[Record]:
    body, groups = row.of("body", known.bodies), row.several_of("groups", known.groups)
    begin, end = row.period()
    title, specifications = row.text("title"), row.several("specifications")
    evidence = row.evidence(title)
    notes = {"status": row.optional("status_note"), "end": row.optional("end_note")}
    said = (
        Evidence(
            field=field,
            text=note,
            locator=row.locator,
            confidence=evidence[0].confidence,
            source=evidence[0].source,
        )
        for field, note in notes.items()
        if note
    )
    yield WorkItem(
        body=body,
        code=row.text("code"),
        title=title,
        kind=cast(Literal["work-item", "study-item"], row.one_of("kind", WORK_ITEM_KINDS)),
        groups=groups,
        releases=row.several("releases"),
        status=row.one_of("status", STATUSES) if row.optional("status") else None,
        begin=begin,
        end=end,
        alt_codes=row.several("alt_codes"),
        specifications=specifications,
        evidence=(*evidence, *said),
    )
    for number in specifications:
        # The item says that the specification is there, and nothing else of it.
        yield Specification(body=body, number=number, groups=groups, evidence=row.evidence(number))


def _relationship(row: _Row, known: _Known) -> Iterator[Record]:
    begin, end = row.period()
    left, right = row.of("left", known.all), row.of("right", known.all)
    kind = row.one_of("kind", RELATIONSHIP_KINDS)
    yield LiaisonRelationship(
        left=left,
        right=right,
        kind=kind,
        begin=begin,
        end=end,
        evidence=row.evidence(f"{left}, {right}: {kind}"),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """A table: its columns, those that together name a row, and what a row becomes."""

    columns: tuple[str, ...]
    identity: tuple[str, ...]
    records: Callable[[_Row, _Known], Iterator[Record]]


def _table(columns: str, identity: str, records: Callable[[_Row, _Known], Iterator[Record]]) -> _Table:
    return _Table((*columns.split(), "source", "confidence"), tuple(identity.split()), records)


_BODIES = _table("id name short_name alt_names kind homepage parents begin end redirects", "id", _body)
_GROUPS = _table(
    "id bodies name short_name alt_names kind parents scope begin begin_note end end_note "
    "successors change_date formerly redirects",
    "id",
    _group,
)
_TABLES = (
    _BODIES,
    _GROUPS,
    _table("body name kind order begin end title", "body name", _release),
    _table(
        "body code title kind groups releases status status_note begin end end_note alt_codes specifications",
        "body code",
        _work_item,
    ),
    _table("left right kind begin end", "left right kind", _relationship),
)


# --- reading


def is_registry_table(first_line: str) -> bool:
    """Whether a file that begins with this line is a table of the registry, be a column or two amiss."""
    try:
        header = next(csv.reader([first_line.removeprefix("\ufeff")], strict=True), [])
    except csv.Error:
        return False
    return _nearest(header) is not None


def read(path: Path) -> Iterator[Record]:
    """The records of one table, in its order.

    Ids that a row refers to must be in the table itself, or in the ``bodies.csv`` and ``groups.csv`` beside
    it, or, where those are not there, in the bundled ones. Raises UnknownFormat for another kind of table,
    UnreadableDocument for what is no table, RegistryFault for a fault in a cell, LimitExceeded for a file
    over 50 MB.
    """
    header, *rows = _cells(path) or [[]]
    header = [name.strip() for name in header]
    table = _nearest(header)
    if table is None:
        raise UnknownFormat(
            "the first row is the header of no registry table",
            where=f"{path.name} row 1",
            hint=f"the columns of bodies are {', '.join(_BODIES.columns)}",
        )
    _check_header(path.name, header, table)
    read_rows = list(_rows(path.name, header, rows))
    seen: dict[tuple[str, ...], str] = {}
    for row in read_rows:
        identity = tuple(row.text(column) for column in table.identity)
        if identity in seen:
            row.fault(table.identity[-1], f"{' '.join(identity)} is there twice", f"see {seen[identity]}")
        seen[identity] = row.locator
    own = frozenset(identity[0] for identity in seen)
    known = _Known(
        own if table is _BODIES else _ids_beside(path, "bodies.csv", _BODIES),
        own if table is _GROUPS else _ids_beside(path, "groups.csv", _GROUPS),
    )
    return iter([record for row in read_rows for record in table.records(row, known)])


def _nearest(header: Sequence[str]) -> _Table | None:
    """The table that shares most columns with a header, if it shares nearly all of its own."""
    names = {name.strip() for name in header}
    table = max(_TABLES, key=lambda t: (len(names.intersection(t.columns)), -len(t.columns)))
    return table if len(names.intersection(table.columns)) >= len(table.columns) - 2 else None


def _check_header(name: str, header: list[str], table: _Table) -> None:
    for column in dict.fromkeys((*header, *table.columns)):
        where = f"{name} row 1, column {column}"
        if column not in table.columns:
            raise RegistryFault(
                "this column is not known", where=where, hint=f"the columns are {', '.join(table.columns)}"
            )
        if column not in header:
            raise RegistryFault("this column is missing", where=where, hint="add it; its cells may be empty")
        if header.count(column) > 1:
            raise RegistryFault("this column is there twice", where=where, hint="take one out")


def _rows(name: str, header: list[str], rows: list[list[str]]) -> Iterator[_Row]:
    for number, cells in enumerate(rows, 2):
        if not cells:
            continue
        if len(cells) != len(header):
            raise RegistryFault(
                f"the row has {len(cells)} cells, the header has {len(header)}",
                where=f"{name} row {number}",
                hint="a value that holds a comma stands in double quotes",
            )
        yield _Row(name, number, dict(zip(header, cells, strict=True)))


def _cells(path: Path) -> list[list[str]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise LimitExceeded(
                f"the table is over {MAX_BYTES:,} bytes", where=path.name, hint="split it, or look what it is"
            )
        text = path.read_bytes().decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except OSError as error:
        raise UnreadableDocument(
            error.strerror or "cannot be read", where=str(path), hint="check the path and its rights"
        ) from error
    except UnicodeDecodeError as error:
        raise UnreadableDocument(
            f"not UTF-8 at byte {error.start}", where=path.name, hint="save the table as CSV in UTF-8"
        ) from error
    except csv.Error as error:
        raise UnreadableDocument(
            f"no CSV table: {error}", where=path.name, hint="save the table as CSV in UTF-8"
        ) from error


def _ids_beside(path: Path, name: str, table: _Table) -> frozenset[str]:
    """The ids of the table of that name beside a file, or of the bundled one where there is none."""
    for folder in (path.parent, bundled.data() / "registry"):
        if (folder / name).is_file():
            header, *rows = _cells(folder / name) or [[]]
            if _nearest(header) is table and "id" in header:
                column = header.index("id")
                return frozenset(cells[column].strip() for cells in rows if len(cells) > column)
    return frozenset()
