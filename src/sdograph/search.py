"""Full-text look-up of everything that has a name: who types a number or words finds what bears them.

An index belongs to one generation and is made from it once, into ``DATA_DIR/search/<version>.sqlite``, which
all processes on the directory share; where nothing can be written, each process keeps one in memory. It is
no part of the graph: deleting it costs the time to make it again.

What bears the text as an identifier or name comes first, in whatever spelling ("TS 33.501", "33.501",
"33501"); then what has all words, by BM25 with the fields weighed; of equally good ones the latest.
"""

from __future__ import annotations

import contextlib
import os
import re
import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from filelock import FileLock
from pyoxigraph import Literal, NamedNode

from sdograph.errors import Unavailable, UsageError
from sdograph.identifiers import ID_BASE, SCHEME_BASE, local_id, slug
from sdograph.linking.codes import exact_form
from sdograph.namespaces import DCT, RDF, RDFS, SCHEMA, SDO, SKOS
from sdograph.store import Snapshot
from sdograph.store.files import sync

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
#: Characters of a text that are looked at, and words of it.
MAX_TEXT, MAX_WORDS = 200, 12
#: Where nothing has all words, this many of those that have some are found, and this is said of them.
MAX_PARTLY = 100
PARTLY = "nothing has all of these words; what is listed has some of them"
#: A last word of fewer letters is not taken for the beginning of a longer one: "AI" is not "air".
_PREFIX_FROM = 3
#: Changes whenever what is in an index does; one of another number is made anew.
_FORMAT = 1
#: Indexes kept beside the newest: a process may still answer from the generation before.
_KEPT = 1

#: Fields in the order in which a match is shown, with their weights.
_FIELDS = {"identifier": 8.0, "name": 5.0, "former_name": 2.0, "title": 3.0, "text": 1.0}
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
CREATE VIRTUAL TABLE words USING fts5({", ".join(_FIELDS)}, tokenize = "unicode61 remove_diacritics 2",
    prefix = '3 4');
"""
#: Values of a field stand on lines of their own.
_BETWEEN = "\n"
_OPEN, _CLOSE = "\x02", "\x03"
#: What says of which sort a document or a group is, or who publishes it; people leave it out.
_SORT = re.compile(r"^(?:(?:ISO/IEC|ISO|IEC|TS|TR|GS|GR|ES|EG|EN|SR|FS)[ _-]+|(?:TSG|TC|ISG) (?=[A-Z]))+")
#: 3GPP writes "TSG SA WG3" for what the registry has as "SA WG3".
_OF_TSG = re.compile(r"\bTSG[ -](?=(?:SA|RAN|CT)[ -]?WG\d)", re.IGNORECASE)
_NO_LETTER = re.compile(r"[\W_]+")
_TERM = re.compile(r'"([^"]+)"|([^\s"]+)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where the words stand: ``field``, its text, and the (first, behind last) characters that match."""

    field: str
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was found. ``exact``: the text is one of its identifiers or names."""

    iri: str
    kind: str
    label: str
    identifier: str | None
    title: str | None
    date: str | None
    exact: bool
    matched: tuple[Match, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that fits a text, best first.

    ``ids`` are numbers within the index, to be handed to :meth:`SearchIndex.hits`; ``kinds`` counts by kind,
    also those that were not asked for; ``partly`` is set when nothing has all words, and these have some.
    """

    ids: tuple[int, ...]
    kinds: Mapping[str, int]
    partly: bool
    exact: Mapping[int, Match]
    expression: str


class Searcher:
    """The index of the newest generation asked about; a server keeps one of these."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "search"
        self._lock = threading.Lock()
        self._held: tuple[str, SearchIndex] | None = None

    def index(self, snapshot: Snapshot) -> SearchIndex:
        """The index of a generation, made now if no process has made it yet.

        Raises Unavailable when the SQLite of this Python has no full-text search.
        """
        with self._lock:
            if self._held is None or self._held[0] != snapshot.version:
                self._held = (snapshot.version, open_index(self._folder, snapshot))
            return self._held[1]


class SearchIndex:
    """An index that is there; safe to use from several threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        # Whoever still searches in an index that was replaced holds it open.
        weakref.finalize(self, connection.close)

    def find(self, text: str, kind: str | None = None) -> Found:
        """What fits a text, of one of the KINDS or of all.

        Words in double quotes stand together; the last word may be the beginning of one. Raises UsageError
        for a text without letters and digits, or an unknown kind.
        """
        if kind is not None and kind not in KINDS:
            raise UsageError(f"there is no kind {kind!r}", hint=f"there are: {', '.join(KINDS)}")
        terms = _terms(text)
        if not terms:
            raise UsageError(
                "there is no word to look for", hint="write a number, a name or words of a title"
            )
        with self._lock:
            exact = self._exact(text)
            expression = " AND ".join(wide for _, wide in terms)
            rows = self._words(expression)
            # What has the words as they were typed stands before what has their other forms.
            typed = self._typed(" AND ".join(narrow for narrow, _ in terms))
            rows.sort(key=lambda row: row[0] not in typed)
            partly = not rows and not exact and len(terms) > 1
            if partly:
                expression = " OR ".join(wide for _, wide in terms)
                rows = self._words(expression, MAX_PARTLY)
        kinds = {id: kind for id, kind, _ in exact} | dict(rows)
        return Found(
            ids=tuple(id for id, its in kinds.items() if kind in (None, its)),
            kinds={name: n for name in KINDS if (n := Counter(kinds.values())[name])},
            partly=partly and bool(rows),
            exact={id: match for id, _, match in exact},
            expression=expression,
        )

    def hits(self, found: Found, ids: Sequence[int]) -> list[Hit]:
        """The things of numbers that :meth:`find` returned, with where the words stand."""
        marked = ", ".join(
            f"snippet(words, {n}, '{_OPEN}', '{_CLOSE}', '…', 32)"
            if name == "text"
            else f"highlight(words, {n}, '{_OPEN}', '{_CLOSE}')"
            for n, name in enumerate(_FIELDS)
        )
        hits = []
        with self._lock:
            for id in ids:
                fields = self._connection.execute(
                    f"SELECT {marked} FROM words WHERE words MATCH ? AND rowid = ?",  # noqa: S608
                    (found.expression, id),
                ).fetchone()
                matched = tuple(_matches(fields)) if fields else ()
                if id in found.exact:
                    matched = (found.exact[id], *(m for m in matched if m.text != found.exact[id].text))
                (thing,) = self._connection.execute(
                    "SELECT iri, kind, label, identifier, title, day FROM thing WHERE id = ?", (id,)
                )
                iri, kind, label, identifier, title, day = thing
                hits.append(
                    Hit(
                        iri=iri, kind=kind, label=label, identifier=identifier, title=title, date=day,
                        exact=id in found.exact, matched=matched,
                    )
                )  # fmt: skip
        return hits

    def _exact(self, text: str) -> list[tuple[int, str, Match]]:
        forms = _asked_forms(text)
        rows = self._connection.execute(
            "SELECT t.id, t.kind, f.field, f.text, min(f.rank) AS rank "  # noqa: S608
            "FROM form f JOIN thing t ON t.id = f.thing "
            f"WHERE f.form IN ({', '.join('?' * len(forms))}) "
            # SQLite takes the other columns from the row that has the minimum.
            "GROUP BY t.id ORDER BY rank, t.place, t.day DESC, t.id",
            forms,
        )
        return [
            (id, kind, Match(field=field, text=text, spans=((0, len(text)),)))
            for id, kind, field, text, _ in rows
        ]

    def _words(self, expression: str, limit: int = -1) -> list[tuple[int, str]]:
        weights = ", ".join(map(str, _FIELDS.values()))
        return self._connection.execute(
            f"SELECT t.id, t.kind FROM words JOIN thing t ON t.id = words.rowid WHERE words MATCH ? "  # noqa: S608
            f"ORDER BY round(bm25(words, {weights}), 1), t.day DESC, t.id LIMIT ?",
            (expression, limit),
        ).fetchall()

    def _typed(self, expression: str) -> set[int]:
        rows = self._connection.execute("SELECT rowid FROM words WHERE words MATCH ?", (expression,))
        return {id for (id,) in rows}


def _matches(fields: Sequence[str | None]) -> Iterator[Match]:
    """Of each field the first value with a mark."""
    for name, marked in zip(_FIELDS, fields, strict=True):
        for value in (marked or "").split(_BETWEEN):
            if _OPEN in value:
                plain, spans, first = "", [], 0
                for part in re.split(f"([{_OPEN}{_CLOSE}])", value):
                    if part == _OPEN:
                        first = len(plain)
                    elif part == _CLOSE:
                        spans.append((first, len(plain)))
                    else:
                        plain += part
                yield Match(field=name, text=plain, spans=tuple(spans))
                break


# --- what is asked


def _clean(text: str) -> str:
    """The text as SQLite takes it: valid Unicode, no control characters."""
    valid = text[:MAX_TEXT].encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else " " for c in valid)


def _terms(text: str) -> list[tuple[str, str]]:
    """Each word as FTS5 expressions: as typed, and with its other forms. What could be syntax is quoted."""
    found = [
        (phrase or word, bool(phrase))
        for phrase, word in _TERM.findall(_clean(text))
        if any(c.isalnum() for c in phrase or word)
    ][:MAX_WORDS]
    return [
        (f'"{word}"', f'"{word}"' if whole else _wide(word, last=n == len(found)))
        for n, (word, whole) in enumerate(found, 1)
    ]


def _wide(word: str, *, last: bool) -> str:
    alternatives = [f'"{form}"' for form in (word, *_other_number(word))]
    if last and len(word) >= _PREFIX_FROM:
        alternatives.append(f'"{word}" *')
    return f"({' OR '.join(alternatives)})"


def _other_number(word: str) -> list[str]:
    """The singular of an English plural, and the plural of what may be a singular."""
    if not word.isalpha() or len(word) < _PREFIX_FROM:
        return []
    lower = word.casefold()
    if lower.endswith("ies"):
        return [lower[:-3] + "y"]
    if lower.endswith("s") and not lower.endswith(("ss", "us", "is")):
        return [lower[:-1]]
    return [lower[:-1] + "ies", lower + "s"] if lower.endswith("y") else [lower + "s"]


def _asked_forms(text: str) -> list[str]:
    asked = _OF_TSG.sub("", _clean(text).strip(' "'))
    return [asked.casefold(), _squeezed(asked), _squeezed(exact_form(asked))]


def _forms(text: str) -> Iterator[tuple[str, int]]:
    """The forms by which an identifier or name is looked up, the nearest to how it is written first."""
    short = _SORT.sub("", text)
    yield text.casefold(), 0
    yield short.casefold(), 1
    yield _squeezed(text), 2
    yield _squeezed(exact_form(text)), 2
    yield _squeezed(short), 3


def _squeezed(text: str) -> str:
    """Letters and digits only, marked, so that "33.501" is not what somebody else calls "33501"."""
    return "~" + _NO_LETTER.sub("", text.casefold())


# --- making an index


def open_index(folder: Path, snapshot: Snapshot) -> SearchIndex:
    """The index of a generation from a folder, made there if it is not, or in memory if it cannot be.

    Raises Unavailable when the SQLite of this Python has no full-text search.
    """
    path = folder / f"{slug(snapshot.version)}.sqlite"
    if (there := _opened(path)) is not None:
        return there
    try:
        folder.mkdir(exist_ok=True)
        with FileLock(folder / "making.lock"):
            # Another process may have made it while this one waited.
            if (there := _opened(path)) is None:
                _make_file(path, snapshot)
                there = _opened(path)
    except OSError:
        there = None
    if there is None:
        connection = sqlite3.connect(":memory:", check_same_thread=False)
        fill(connection, snapshot)
        there = SearchIndex(connection)
    return there


def _opened(path: Path) -> SearchIndex | None:
    """The index in a file; None when it is not there, damaged, or of another format."""
    if not path.exists():
        return None
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    try:
        (number,) = connection.execute("PRAGMA user_version").fetchone()
        connection.execute("SELECT count(*) FROM words WHERE words MATCH 'a'").fetchone()
    except sqlite3.DatabaseError:
        number = None
    if number != _FORMAT:
        connection.close()
        return None
    return SearchIndex(connection)


def _make_file(path: Path, snapshot: Snapshot) -> None:
    making = path.with_suffix(f".{os.getpid()}.making")
    try:
        try:
            with contextlib.closing(sqlite3.connect(making)) as connection:
                connection.execute("PRAGMA journal_mode = OFF")
                connection.execute("PRAGMA synchronous = OFF")
                fill(connection, snapshot)
        except sqlite3.OperationalError as error:
            # A full disk, a folder that cannot be written: memory may still do.
            raise OSError(str(error)) from error
        with making.open("rb+") as file:
            os.fsync(file.fileno())
        making.replace(path)
        sync(path.parent)
    finally:
        making.unlink(missing_ok=True)
    _prune(path)


def _prune(newest: Path) -> None:
    """Removes what earlier generations, and processes that were killed, have left. Under the lock."""
    others = [p for p in newest.parent.glob("*.sqlite") if p != newest]
    others.sort(key=lambda p: p.stat().st_mtime, reverse=True)
    for left in [*others[_KEPT:], *newest.parent.glob("*.making")]:
        with contextlib.suppress(OSError):
            left.unlink()


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
    connection.execute(f"PRAGMA user_version = {_FORMAT}")


def _things(snapshot: Snapshot, kind: str, cls: NamedNode) -> Iterator[NamedNode]:
    if kind == "topic":
        found = snapshot.triples(None, SKOS.inScheme, NamedNode(f"{SCHEME_BASE}topic"))
    else:
        found = snapshot.triples(None, RDF.type, cls)
    return (t.subject for t in found if isinstance(t.subject, NamedNode))


def _add(
    connection: sqlite3.Connection, id: int, kind: str, place: int, node: NamedNode, snapshot: Snapshot
) -> None:
    fields: dict[str, dict[str, None]] = {name: {} for name in _FIELDS}
    said: dict[NamedNode, str] = {}
    for triple in snapshot.triples(node):
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
    columns = ", ".join(["rowid", *_FIELDS])
    connection.execute(
        f"INSERT INTO words ({columns}) VALUES (?{', ?' * len(_FIELDS)})",  # noqa: S608
        (id, *(_BETWEEN.join(values) for values in fields.values())),
    )
    connection.executemany("INSERT OR IGNORE INTO form VALUES (?, ?, ?, ?, ?)", _form_rows(id, fields))


def _form_rows(id: int, fields: Mapping[str, Iterable[str]]) -> list[tuple[str, int, int, str, str]]:
    """One row a form, the nearest to how it is written first, former names last."""
    rows = [
        (form, id, rank + (4 if field == "former_name" else 0), field, value)
        for field in ("identifier", "name", "former_name")
        for value in fields[field]
        if len(value) <= MAX_TEXT
        for form, rank in _forms(value)
        if form not in ("", "~")
    ]
    return sorted(rows, key=lambda row: row[2])


def _clean_value(text: str) -> str:
    return text.replace(_OPEN, " ").replace(_CLOSE, " ").replace("\0", " ")
