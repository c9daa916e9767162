"""An index that is there: what fits a text, and where its words stand."""

from __future__ import annotations

import re
import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sdograph.errors import UsageError
from sdograph.search.content import BETWEEN, CLOSE, FIELDS, KINDS, OPEN
from sdograph.search.words import asked_forms, terms

#: Where nothing has all words, this many of those that have some are found, and this is said of them.
MAX_PARTLY = 100
PARTLY = "nothing has all of these words; what is listed has some of them"


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
        asked = terms(text)
        if not asked:
            raise UsageError(
                "there is no word to look for", hint="write a number, a name or words of a title"
            )
        with self._lock:
            exact = self._exact(text)
            expression = " AND ".join(wide for _, wide in asked)
            rows = self._words(expression)
            # What has the words as they were typed stands before what has their other forms.
            typed = self._typed(" AND ".join(narrow for narrow, _ in asked))
            rows.sort(key=lambda row: row[0] not in typed)
            partly = not rows and not exact and len(asked) > 1
            if partly:
                expression = " OR ".join(wide for _, wide in asked)
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
            f"snippet(words, {n}, '{OPEN}', '{CLOSE}', '…', 32)"
            if name == "text"
            else f"highlight(words, {n}, '{OPEN}', '{CLOSE}')"
            for n, name in enumerate(FIELDS)
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
        forms = asked_forms(text)
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
        weights = ", ".join(map(str, FIELDS.values()))
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
    for name, marked in zip(FIELDS, fields, strict=True):
        for value in (marked or "").split(BETWEEN):
            if OPEN in value:
                plain, spans, first = "", [], 0
                for part in re.split(f"([{OPEN}{CLOSE}])", value):
                    if part == OPEN:
                        first = len(plain)
                    elif part == CLOSE:
                        spans.append((first, len(plain)))
                    else:
                        plain += part
                yield Match(field=name, text=plain, spans=tuple(spans))
                break
