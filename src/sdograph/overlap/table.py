"""All overlaps of one generation, in a file beside it: for each item the ten that overlap most with it.

A pair stands there once, whichever of its items has it among its ten. Explanations are not kept: who looks at
a pair asks :meth:`.ranking.Overlaps.compare`.
"""

from __future__ import annotations

import contextlib
import sqlite3
import weakref
from collections.abc import Callable, Collection, Iterator
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from sdograph.overlap import encoder, renewal, score
from sdograph.overlap.exact import Ints
from sdograph.overlap.features import Features
from sdograph.overlap.items import Item
from sdograph.overlap.ranking import Lists, Overlap, Overlaps
from sdograph.overlap.renewal import Compared, Earlier, fingerprints, write
from sdograph.overlap.score import Contribution
from sdograph.overlap.twins import SameText
from sdograph.store import Snapshot
from sdograph.store.beside import file_of, made_once, newest

#: Of each item so many are kept, if they reach the least score: below it, nine in ten pairs have nothing in
#: common but their field.
KEPT, LEAST = 10, 0.25
_FORMAT = 2

_SCHEMA = f"""
PRAGMA user_version = {_FORMAT};
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE item (
  number INTEGER PRIMARY KEY, iri TEXT NOT NULL, code TEXT NOT NULL, body TEXT NOT NULL, title TEXT NOT NULL,
  kind TEXT NOT NULL, groups TEXT NOT NULL, begin TEXT, end TEXT
);
CREATE TABLE pair (
  one INTEGER NOT NULL, other INTEGER NOT NULL, listed INTEGER NOT NULL, score REAL NOT NULL,
  band TEXT NOT NULL, base REAL NOT NULL, contributions TEXT NOT NULL, rule TEXT, reason TEXT,
  method TEXT NOT NULL, PRIMARY KEY (one, other)
) WITHOUT ROWID;
{renewal.SCHEMA}
"""
_INSERT = """
INSERT INTO pair VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (one, other) DO UPDATE SET listed = listed | excluded.listed
"""
_PAIRS = """
SELECT one, other, score, band, base, contributions, rule, reason, method FROM pair
WHERE score >= ? ORDER BY rule IS NULL, score DESC, one, other
"""


#: By which of the two items a pair is listed, as bits.
_BY_ONE, _BY_OTHER = 1, 2
_NOBODY: Ints = np.zeros(0, np.int64)


class Table:
    """The pairs of one generation."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        weakref.finalize(self, connection.close)
        self.items: dict[int, Item] = {
            number: Item(
                id=iri, code=code, body=body, title=title, kind=kind, groups=tuple(orjson.loads(groups)),
                begin=begin, end=end,
            )
            for number, iri, code, body, title, kind, groups, begin, end in connection.execute(
                "SELECT number, iri, code, body, title, kind, groups, begin, end FROM item"
            )
        }  # fmt: skip

    @classmethod
    def of(
        cls, snapshot: Snapshot, data_dir: Path, *, progress: Callable[[int], object] | None = None
    ) -> Table:
        """The table of a generation, made now if no process has made it: in memory where no file can be.

        ``progress`` is told how many texts more have their vectors, which is what takes long.
        """
        path = _file(snapshot, data_dir)
        make = partial(_make, snapshot=snapshot, data_dir=data_dir, progress=progress)
        there = _opened(path)
        if there is None:
            with contextlib.suppress(OSError):
                there = made_once(path, _opened, make)
        if there is None:
            connection = sqlite3.connect(":memory:", check_same_thread=False)
            fill(connection, Overlaps.of(snapshot, data_dir, progress=progress))
            there = cls(connection)
        return there

    @classmethod
    def there(cls, snapshot: Snapshot, data_dir: Path) -> Table | None:
        """The table of a generation if it has been made."""
        return _opened(_file(snapshot, data_dir))

    @cached_property
    def earlier(self) -> Earlier | None:
        """What tables after it are made from; None where this program has to make all anew."""
        return Earlier.of(self._connection, [self.items[n].id for n in sorted(self.items)])

    def rows(self) -> Iterator[Any]:
        """The pairs, as they are kept: both numbers, by which of them it is listed, and the rest."""
        return self._connection.execute(
            "SELECT one, other, listed, score, band, base, contributions, rule, reason, method FROM pair"
        )

    def overlaps(
        self,
        *,
        min_score: float = LEAST,
        body: str | None = None,
        other_body: str | None = None,
        among: Collection[str] | None = None,
    ) -> Iterator[Overlap]:
        """The pairs, those of one text first, then the highest score first.

        ``body`` keeps pairs with an item of that body, ``other_body`` those whose other item is of that one;
        ``among`` those with an item of these IRIs. An item of ``body`` comes first of its pair.
        """
        for one, other, value, band, base, kinds, rule, reason, method in self._connection.execute(
            _PAIRS, (min_score,)
        ):
            item, its = self.items[one], self.items[other]
            if body is not None and item.body != body:
                item, its = its, item
            if body is not None and (item.body != body or (other_body or its.body) != its.body):
                continue
            if body is None and other_body not in (None, item.body, its.body):
                continue
            if among is not None and item.id not in among and its.id not in among:
                continue
            yield Overlap(
                item=item, other=its, score=value, band=band, base=base, method=method,
                contributions=tuple(Contribution(kind=k, weight=w) for k, w in orjson.loads(kinds)),
                same_text=SameText(rule=rule, text=reason) if rule is not None else None,
            )  # fmt: skip


class Tables:
    """The newest table; a server keeps one of these."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._held: tuple[Table, str] | None = None

    def at_hand(self, snapshot: Snapshot) -> tuple[Table, str] | None:
        """The table of a generation, or of an earlier one where that alone is made; and of which version."""
        held = self._held
        if held is not None and held[1] == snapshot.version:
            return held
        path = _file(snapshot, self._data_dir)
        if held is None or path.exists():
            there = Table.there(snapshot, self._data_dir)
            found = (there, snapshot.version) if there else newest(path.parent, _suffix(), _opened)
            self._held = held = found or held
        return held


def _file(snapshot: Snapshot, data_dir: Path) -> Path:
    """Tables of one generation differ by whether the model was there, and by the rules."""
    return file_of(snapshot, data_dir / "overlap" / "tables", _suffix())


def _suffix() -> str:
    method = "meaning" if encoder.installed() else "words"
    return f"-{method}-{score.VERSION}.sqlite"


def _opened(path: Path) -> Table | None:
    """The table in a file; None when it is not there, damaged, or of another format."""
    if not path.exists():
        return None
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
    )
    try:
        (number,) = connection.execute("PRAGMA user_version").fetchone()
        if number == _FORMAT:
            return Table(connection)
    except (sqlite3.DatabaseError, ValueError):
        pass
    connection.close()
    return None


def _make(path: Path, snapshot: Snapshot, data_dir: Path, progress: Callable[[int], object] | None) -> None:
    before = newest(path.parent, _suffix(), _opened)
    if before is not None:
        with contextlib.suppress(sqlite3.DatabaseError, ValueError, LookupError):  # damaged
            return _written(path, snapshot, data_dir, progress, before[0])
    try:
        _written(path, snapshot, data_dir, progress)
    except sqlite3.OperationalError as error:
        # A full disk, a folder that cannot be written: memory may still do.
        raise OSError(str(error)) from error


def _written(
    path: Path,
    snapshot: Snapshot,
    data_dir: Path,
    progress: Callable[[int], object] | None,
    before: Table | None = None,
) -> None:
    earlier = before.earlier if before is not None else None
    features = earlier.features if earlier is not None else Features.of
    overlaps = Overlaps.of(snapshot, data_dir, progress=progress, features=features)
    path.unlink(missing_ok=True)
    with contextlib.closing(sqlite3.connect(path)) as connection:
        fill(connection, overlaps, before)


def fill(connection: sqlite3.Connection, overlaps: Overlaps, before: Table | None = None) -> int:
    """Writes the table of a generation, from an earlier one as far as that still holds.

    The result is the same either way. Returns how many lists were made anew.
    """
    prints = fingerprints(overlaps)
    stale = np.ones(len(prints), bool)
    others = [_NOBODY] * len(prints)
    least = np.zeros((len(prints), overlaps.likeness.views), np.int64)
    connection.executescript(_SCHEMA)
    with connection:
        connection.executemany(
            "INSERT INTO item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (n, i.id, i.code, i.body, i.title, i.kind, orjson.dumps(i.groups).decode(), i.begin, i.end)
                for n, i in enumerate(overlaps.items)
            ),
        )
        if before is not None and (earlier := before.earlier) is not None:
            stale, numbers = earlier.stale(overlaps, prints), earlier.numbers(overlaps)
            for n in np.flatnonzero(numbers >= 0).tolist():
                others[numbers[n]] = numbers[earlier.compared.others[n]]
                least[numbers[n]] = earlier.compared.least[n]
            connection.executemany(_INSERT, _still(before, numbers.tolist(), stale.tolist()))
        for places, lists in overlaps.lists(np.flatnonzero(stale), limit=KEPT, min_score=LEAST):
            first = np.searchsorted(lists.compared.rows, np.arange(len(places) + 1))
            for n, place in enumerate(places.tolist()):
                others[place] = lists.compared.places[first[n] : first[n + 1]]
            least[places] = lists.compared.least
            connection.executemany(_INSERT, _rows(overlaps, places, lists))
        write(connection, overlaps, Compared(fingerprints=tuple(prints), others=tuple(others), least=least))
    return int(stale.sum())


def _still(before: Table, numbers: list[int], stale: list[bool]) -> Iterator[tuple[Any, ...]]:
    """The pairs of an earlier table that stand in lists that still hold."""
    for old, other, listed, *row in before.rows():
        one, two = numbers[old], numbers[other]
        holds = (_BY_ONE if one >= 0 and not stale[one] else 0) | (
            _BY_OTHER if two >= 0 and not stale[two] else 0
        )
        if listed & holds:
            yield (one, two, listed & holds, *row)


def _rows(overlaps: Overlaps, places: Ints, lists: Lists) -> Iterator[tuple[Any, ...]]:
    """Pairs as they are kept: the same, whichever of both has the other in its list."""
    ones = [overlaps.items[n] for n in places.tolist()]
    found = chain.from_iterable(overlaps.made(ones, lists))
    for place, other, o in zip(places[lists.rows].tolist(), lists.places.tolist(), found, strict=True):
        one, two = sorted((place, other))
        same = overlaps.same_text(overlaps.items[one], overlaps.items[two]) if o.same_text else None
        listed = _BY_ONE if one == place else _BY_OTHER
        kinds = orjson.dumps([(c.kind, c.weight) for c in o.contributions]).decode()
        told = (same.rule, same.text) if same else (None, None)
        yield (one, two, listed, o.score, o.band, o.base, kinds, *told, o.method)
