"""What is in an index: which things, which of their fields, and how it is filled."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from pyoxigraph import Literal, NamedNode

from sdograph.errors import Unavailable
from sdograph.identifiers import ID_BASE, SCHEME_BASE, local_id
from sdograph.namespaces import DCT, RDF, RDFS, SCHEMA, SDO, SKOS
from sdograph.search.words import MAX_TEXT, forms
from sdograph.store import Snapshot

#: Kinds of things that are found, in the order in which equally good ones stand.
KINDS: Mapping[str, NamedNode] = MappingProxyType(
    {
        "body": SDO.Body,
        "group": SDO.Group,
        "specification": SDO.Specification,
        "work-item": SDO.WorkItem,
        "liaison-statement": SDO.LiaisonStatement,
        "release": SDO.Release,
        "study-period": SDO.StudyPeriod,
        "meeting": SDO.Meeting,
        "topic": SKOS.Concept,
    }
)
#: Changes whenever what is in an index does; one of another number is made anew.
FORMAT = 2
#: Fields in the order in which a match is shown, with their weights.
FIELDS = {"identifier": 8.0, "name": 5.0, "former_name": 2.0, "title": 3.0, "text": 1.0}
_FIELD_OF = {
    DCT.identifier: "identifier",
    SKOS.notation: "identifier",
    SDO.number: "identifier",
    SDO.receivedNumber: "identifier",
    SDO.earlierNumber: "identifier",
    SDO.workItemNumber: "identifier",
    RDFS.label: "name",
    SKOS.prefLabel: "name",
    SKOS.altLabel: "name",
    SDO.shortName: "name",
    SDO.formerName: "former_name",
    DCT.title: "title",
    SDO.scope: "text",
    SKOS.definition: "text",
    SCHEMA.keywords: "text",
    SCHEMA.location: "text",
}
_DATES = (SCHEMA.dateSent, SCHEMA.startDate, SDO.begin)
_SCHEMA = f"""
CREATE TABLE thing (id INTEGER PRIMARY KEY, iri TEXT NOT NULL, kind TEXT NOT NULL, place INTEGER NOT NULL,
    label TEXT NOT NULL, identifier TEXT, title TEXT, day TEXT);
CREATE TABLE form (form TEXT NOT NULL, thing INTEGER NOT NULL, rank INTEGER NOT NULL, field TEXT NOT NULL,
    text TEXT NOT NULL, PRIMARY KEY (form, thing)) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5({", ".join(FIELDS)}, tokenize = "unicode61 remove_diacritics 2",
    prefix = '3 4');
"""
#: Values of a field stand on lines of their own.
BETWEEN = "\n"
OPEN, CLOSE = "\x02", "\x03"


def fill(connection: sqlite3.Connection, snapshot: Snapshot) -> None:
    """Makes the tables of an index and fills them; what is in memory at a time is one thing.

    Raises Unavailable when the SQLite has no FTS5.
    """
    if not connection.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone():
        raise Unavailable(
            "the SQLite of this Python has no full-text search (FTS5)",
            where=f"SQLite {sqlite3.sqlite_version}",
            hint="run sdograph with a Python whose sqlite3 was built with it; SPARQL and lists work without",
        )
    connection.executescript(_SCHEMA)
    id = 0
    with connection:
        for place, (kind, cls) in enumerate(KINDS.items()):
            for node in _things(snapshot, kind, cls):
                id += 1
                _add(connection, id, kind, place, node, snapshot)
        connection.execute("INSERT INTO words (words) VALUES ('optimize')")
    connection.execute(f"PRAGMA user_version = {FORMAT}")


def _things(snapshot: Snapshot, kind: str, cls: NamedNode) -> Iterator[NamedNode]:
    if kind == "topic":
        found = snapshot.triples(None, SKOS.inScheme, NamedNode(f"{SCHEME_BASE}topic"))
    else:
        found = snapshot.triples(None, RDF.type, cls)
    return (t.subject for t in found if isinstance(t.subject, NamedNode))


def _add(
    connection: sqlite3.Connection, id: int, kind: str, place: int, node: NamedNode, snapshot: Snapshot
) -> None:
    fields: dict[str, dict[str, None]] = {name: {} for name in FIELDS}
    said: dict[NamedNode, str] = {}
    for triple in sorted(snapshot.triples(node), key=str):  # the same index of the same graph, in any store
        if isinstance(triple.object, Literal):
            predicate, value = triple.predicate, " ".join(_clean_value(triple.object.value).split())
            said[predicate] = max(said.get(predicate, ""), value)
            if (field := _FIELD_OF.get(predicate)) is not None and value:
                fields[field][value] = None
    if node.value.startswith(ID_BASE):
        for former in snapshot.triples(None, DCT.isReplacedBy, node):
            if isinstance(former.subject, NamedNode) and former.subject.value.startswith(ID_BASE):
                fields["identifier"][local_id(former.subject.value.removeprefix(ID_BASE))] = None
    name = said.get(SKOS.prefLabel)
    identifier = said.get(DCT.identifier) or said.get(SKOS.notation)
    label = said.get(RDFS.label) or name or identifier or node.value
    title = said.get(DCT.title) or (name if name != label else None) or said.get(SKOS.definition)
    day = next((said[p] for p in _DATES if p in said), None)
    connection.execute(
        "INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (id, node.value, kind, place, label, identifier, title, day),
    )
    columns = ", ".join(["rowid", *FIELDS])
    connection.execute(
        f"INSERT INTO words ({columns}) VALUES (?{', ?' * len(FIELDS)})",  # noqa: S608
        (id, *(BETWEEN.join(values) for values in fields.values())),
    )
    connection.executemany("INSERT OR IGNORE INTO form VALUES (?, ?, ?, ?, ?)", _form_rows(id, fields))


def _form_rows(id: int, fields: Mapping[str, Iterable[str]]) -> list[tuple[str, int, int, str, str]]:
    """One row a form, the nearest to how it is written first, former names last."""
    rows = [
        (form, id, rank + (4 if field == "former_name" else 0), field, value)
        for field in ("identifier", "name", "former_name")
        for value in fields[field]
        if len(value) <= MAX_TEXT
        for form, rank in forms(value)
        if form not in ("", "~")
    ]
    return sorted(rows, key=lambda row: row[2])


def _clean_value(text: str) -> str:
    return text.replace(OPEN, " ").replace(CLOSE, " ").replace("\0", " ")
