"""The likest vectors: exact among some ten thousand, through cells among more."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sdograph.overlap.lexical import Floats, Ints, Mask

#: Up to so many vectors each is looked at.
EXACT = 30_000
#: Cells that are looked into.
_LOOKED_INTO = 12
_SAMPLE, _ROUNDS = 16_384, 6
#: Rows at a time: what bounds the memory of a block of products.
_ROWS = 1024


class Nearest:
    """Vectors of length 1, by the cosine between them. The same vectors give the same answers."""

    def __init__(self, vectors: Floats) -> None:
        self._vectors = vectors
        self._cells: Floats | None = None
        if len(vectors) > EXACT:
            self._cells = _centres(vectors, round(len(vectors) ** 0.5))
            cell = np.concatenate([(part @ self._cells.T).argmax(axis=1) for part in _parts(vectors)])
            self._members: list[Ints] = [np.flatnonzero(cell == n) for n in range(len(self._cells))]

    def likest(self, rows: Ints, allowed: Mask, count: int) -> list[Ints]:
        """For each row the places of the likest of those allowed, itself never; in no order."""
        found: list[Ints] = []
        columns = np.flatnonzero(allowed)
        for first in range(0, len(rows), _ROWS):
            some = rows[first : first + _ROWS]
            if self._cells is None:
                found.extend(_best(self._vectors, some, columns, count))
            else:
                found.extend(self._through_cells(some, allowed, count))
        return found

    def _through_cells(self, rows: Ints, allowed: Mask, count: int) -> list[Ints]:
        assert self._cells is not None  # noqa: S101
        nearness = self._vectors[rows] @ self._cells.T
        looked = np.argpartition(-nearness, _LOOKED_INTO, axis=1)[:, :_LOOKED_INTO]
        which, cells = np.repeat(np.arange(len(rows)), _LOOKED_INTO), looked.ravel()
        order = np.argsort(cells, kind="stable")
        which, cells = which[order], cells[order]
        ends = np.searchsorted(cells, np.arange(len(self._cells) + 1))
        of_row: list[list[Ints]] = [[] for _ in rows]
        for cell in np.unique(cells):
            asking = which[ends[cell] : ends[cell + 1]]
            members = self._members[cell]
            members = members[allowed[members]]
            if len(members):
                best = _best(self._vectors, rows[asking], members, count)
                for n, places in zip(asking, best, strict=True):
                    of_row[n].append(places)
        return [
            _best(self._vectors, rows[n : n + 1], np.sort(np.concatenate(lists)), count)[0]
            if lists
            else np.zeros(0, np.int64)
            for n, lists in enumerate(of_row)
        ]


def _best(vectors: Floats, rows: Ints, columns: Ints, count: int) -> list[Ints]:
    """For each row the columns with the greatest products; of a column that is the row itself, none."""
    if not len(columns):
        return [np.zeros(0, np.int64)] * len(rows)
    products = vectors[rows] @ vectors[columns].T
    at = np.searchsorted(columns, rows)
    own = (at < len(columns)) & (columns[np.minimum(at, len(columns) - 1)] == rows)
    products[np.flatnonzero(own), at[own]] = -2.0
    if len(columns) > count:
        places = np.argpartition(-products, count - 1, axis=1)[:, :count]
    else:
        places = np.broadcast_to(np.arange(len(columns)), products.shape)
    there = np.take_along_axis(products, places, axis=1) > 0
    return [columns[row[good]] for row, good in zip(places, there, strict=True)]


def _centres(vectors: Floats, count: int) -> Floats:
    """Centres of cells, by spherical k-means over a sample that is the same each time."""
    rng = np.random.default_rng(20230918)
    sample = vectors[np.sort(rng.choice(len(vectors), min(_SAMPLE, len(vectors)), replace=False))]
    centres: Floats = sample[rng.choice(len(sample), count, replace=False)]
    for _ in range(_ROUNDS):
        cell = (sample @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, cell, sample)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(lengths > 0, sums / np.maximum(lengths, 1e-9), centres)
    return centres


def _parts(vectors: Floats) -> Iterator[Floats]:
    for first in range(0, len(vectors), 8 * _ROWS):
        yield vectors[first : first + 8 * _ROWS]
