"""Which lists of an earlier table still hold, so that only the others are made anew.

The list of an item follows from the item, from those it was compared with, and from nobody being liker than
the last that each view nominated. So a list holds while the fingerprints of all those are what they were, and
no item whose fingerprint is new would be nominated. What depends on all items at once, how rare words and
topics are, goes into fingerprints by rounded counts (:func:`.exact.rounded`), which seldom change.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import numpy as np
import orjson

from sdograph import bundled
from sdograph.overlap.exact import Ints, Mask
from sdograph.overlap.features import Features
from sdograph.overlap.items import Item
from sdograph.overlap.ranking import Overlaps

#: Where so many of all items are new or changed, all lists are made anew.
_MOST = 0.25
_SIZE = 16

SCHEMA = """
CREATE TABLE renewal (
  number INTEGER PRIMARY KEY, fingerprint BLOB NOT NULL, texts BLOB NOT NULL, features BLOB NOT NULL,
  compared BLOB NOT NULL, least BLOB NOT NULL
);
CREATE TABLE maker (name TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What lists of a table were made from, item by item."""

    fingerprints: tuple[bytes, ...]
    others: tuple[Ints, ...]
    """The places of those that each was compared with."""
    least: Ints
    """For each item and view the product from which on another would be nominated."""


class Earlier:
    """What an earlier table keeps for those after it."""

    def __init__(self, connection: sqlite3.Connection, ids: Sequence[str]) -> None:
        """``ids`` are the IRIs of its items, by number."""
        rows = connection.execute(
            "SELECT fingerprint, texts, features, compared, least FROM renewal ORDER BY number"
        ).fetchall()
        self.ids = tuple(ids)
        self._features = {id: (texts, kept) for id, (_, texts, kept, *_) in zip(ids, rows, strict=True)}
        self.compared = Compared(
            fingerprints=tuple(row[0] for row in rows),
            others=tuple(np.frombuffer(row[3], np.int32).astype(np.int64) for row in rows),
            least=np.array([np.frombuffer(row[4], np.int32) for row in rows], np.int64),
        )

    @classmethod
    def of(cls, connection: sqlite3.Connection, ids: Sequence[str]) -> Earlier | None:
        """None where it was made by another state of the program."""
        made_by = connection.execute("SELECT name FROM maker").fetchone()
        return cls(connection, ids) if made_by == (_maker(),) else None

    def features(self, item: Item) -> Features:
        """Those of an item, read anew only where its texts are not what they were."""
        texts, kept = self._features.get(item.id, (None, b""))
        if texts != _texts(item):
            return Features.of(item)
        title, text, topics, marks = orjson.loads(kept)
        words = tuple(title)
        return Features(
            title=words, text=words if text is None else tuple(text), topics=topics, marks=tuple(marks)
        )

    def numbers(self, overlaps: Overlaps) -> Ints:
        """The places that its items have now; -1 for those that are gone."""
        places = {item.id: n for n, item in enumerate(overlaps.items)}
        return np.array([places.get(id, -1) for id in self.ids], np.int64)

    def stale(self, overlaps: Overlaps, fingerprints: Sequence[bytes]) -> Mask:
        """The items whose lists may have changed."""
        everyone = np.ones(len(overlaps.items), bool)
        numbers = self.numbers(overlaps)
        left = np.flatnonzero(numbers >= 0)
        views = self.compared.least.shape[1:]
        if views != (overlaps.likeness.views,) or (np.diff(numbers[left]) <= 0).any():
            return everyone
        then = np.zeros((2, len(numbers)), bool)
        pairs = [(self.compared.fingerprints[n], fingerprints[numbers[n]]) for n in left.tolist()]
        then[:, left] = np.array([(a[:_SIZE] == b[:_SIZE], a == b) for a, b in pairs]).T
        same, all_same = then
        fresh = everyone.copy()
        fresh[numbers[same]] = False
        if fresh.sum() >= _MOST * len(fresh):
            return everyone
        # Other topics matter to nobody who has none.
        shifted, with_topics = np.zeros_like(everyone), overlaps.likeness.topics.row_of >= 0
        shifted[numbers[same & ~all_same]] = True
        stale = fresh | shifted
        others = np.concatenate(self.compared.others)
        rows = np.repeat(numbers, [len(its) for its in self.compared.others])
        stale[rows[(rows >= 0) & ~same[others]]] = True
        stale[rows[(rows >= 0) & ~all_same[others] & with_topics[rows]]] = True
        # Whoever is fresh is stale already.
        least = np.full((len(everyone), *views), np.iinfo(np.int64).max)
        least[numbers[same]] = self.compared.least[same]
        for house in np.unique(overlaps.houses[fresh | shifted]):
            elsewhere = overlaps.houses != house
            for some, topics in ((fresh, False), (shifted, True)):
                seen = overlaps.likeness.seen(np.flatnonzero(some & ~elsewhere))
                stale |= overlaps.likeness.reached(seen, elsewhere, least, topics_alone=topics)
        return stale


def fingerprints(overlaps: Overlaps) -> list[bytes]:
    """Of each item all that its comparison with any other can depend on, and its topics after it."""
    found = []
    topics = [_digest(row.tobytes()) for row in overlaps.likeness.topics.matrix] + [bytes(_SIZE)]
    rows = overlaps.likeness.topics.row_of.tolist()  # -1 for none
    for n, item in enumerate(overlaps.items):
        told = (
            item.id, item.code, item.body, overlaps.house(item), item.title, item.scope, item.kind,
            item.groups, item.begin, item.end, sorted(overlaps.items[m].id for m in overlaps.tied(item)),
            overlaps.facts.behind(item),
        )  # fmt: skip
        found.append(_digest(orjson.dumps(told) + overlaps.likeness.behind(n)) + topics[rows[n]])
    return found


def rows(overlaps: Overlaps, compared: Compared) -> Iterator[tuple[object, ...]]:
    """What is kept of each item, for the table ``renewal``."""
    for n, (item, one) in enumerate(zip(overlaps.items, overlaps.likeness.features, strict=True)):
        text = one.text if one.text is not one.title else None
        yield (
            n, compared.fingerprints[n], _texts(item), orjson.dumps([one.title, text, one.topics, one.marks]),
            compared.others[n].astype(np.int32).tobytes(), compared.least[n].astype(np.int32).tobytes(),
        )  # fmt: skip


def write(connection: sqlite3.Connection, overlaps: Overlaps, compared: Compared) -> None:
    """Keeps in a table what those after it need."""
    connection.execute("INSERT INTO maker VALUES (?)", (_maker(),))
    connection.executemany("INSERT INTO renewal VALUES (?, ?, ?, ?, ?, ?)", rows(overlaps, compared))


def _texts(item: Item) -> bytes:
    texts = orjson.dumps([item.code, item.body, item.title, item.scope])
    return _digest(texts)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_SIZE).digest()


@cache
def _maker() -> str:
    """The state of the program, by the files that decide what a table says."""
    name = hashlib.sha256()
    name.update((bundled.ontology() / "schemes" / "topic.ttl").read_bytes())
    for package in ("sdograph.overlap", "sdograph.topics", "sdograph.linking"):
        for path in _files(resources.files(package)):
            name.update(path.read_bytes())
    return name.hexdigest()


def _files(folder: Traversable) -> Iterator[Traversable]:
    for path in sorted(folder.iterdir(), key=lambda path: path.name):
        if path.is_dir() and path.name != "__pycache__":
            yield from _files(path)
        elif path.is_file():
            yield path
