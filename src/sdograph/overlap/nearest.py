"""The likest vectors: exact among some ten thousand, through cells among more."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sdograph.overlap.exact import ROWS, Floats, Found, Ints, Mask, best, best_of_products

#: Up to so many vectors each is looked at.
EXACT = 30_000
#: Cells that are looked into.
_LOOKED_INTO = 12
_SAMPLE, _ROUNDS = 16_384, 6
#: Products at a time: what bounds the memory.
_PRODUCTS = 1 << 22


class Nearest:
    """Vectors of whole numbers (:func:`.exact.whole`), by their products; the same give the same answers."""

    def __init__(self, vectors: Floats) -> None:
        self.vectors = vectors
        self._cells: Floats | None = None
        if len(vectors) > EXACT:
            self._cells = _centres(vectors, round(len(vectors) ** 0.5))
            cell = np.concatenate([(part @ self._cells.T).argmax(axis=1) for part in _parts(vectors)])
            order = np.argsort(cell, kind="stable")
            self._members = np.split(order, np.searchsorted(cell[order], np.arange(1, len(self._cells))))

    def likest(self, queries: Floats, allowed: Mask, count: int) -> Found:
        """For each query the likest of those allowed, with products above 0."""
        if self._cells is not None:
            parts = [
                self._through_cells(self._cells, queries[first : first + ROWS], first, allowed, count)
                for first in range(0, len(queries), ROWS)
            ]
            return Found.joined(parts)
        columns = np.flatnonzero(allowed)
        vectors = self.vectors if len(columns) == len(self.vectors) else self.vectors[columns]
        parts = []
        for first, some in _blocks(queries, len(columns)):
            part = best(*best_of_products(some @ vectors.T, columns, count), count)
            parts.append(Found(rows=part.rows + first, places=part.places, products=part.products))
        return Found.joined(parts)

    def reached(self, queries: Floats, allowed: Mask, least: Ints) -> Mask:
        """Which of those allowed are as like to any query as each asks for at least; none is left out."""
        found = np.zeros(len(self.vectors), bool)
        for _, some in _blocks(queries, len(self.vectors)):
            found |= ((some @ self.vectors.T) >= least).any(axis=0)
        return found & allowed

    def _through_cells(self, cells: Floats, queries: Floats, above: int, allowed: Mask, count: int) -> Found:
        looked = np.concatenate([_greatest(part @ cells.T) for part in _parts(queries)])
        which, asked = np.repeat(np.arange(len(queries)), looked.shape[1]), looked.ravel()
        order = np.argsort(asked, kind="stable")
        which, asked = which[order], asked[order]
        ends = np.searchsorted(asked, np.arange(len(cells) + 1))
        found = [(np.zeros(0, np.int64),) * 3]
        for cell in np.unique(asked):
            asking = which[ends[cell] : ends[cell + 1]]
            members = self._members[cell]
            members = members[allowed[members]]
            vectors = self.vectors[members]
            for first, some in _blocks(queries[asking], len(members)):
                rows, places, products = best_of_products(some @ vectors.T, members, count)
                found.append((asking[rows + first], places, products))
        rows, places, products = (np.concatenate(column) for column in zip(*found, strict=True))
        part = best(rows, places, products, count)
        return Found(rows=part.rows + above, places=part.places, products=part.products)


def _greatest(nearness: Floats) -> Ints:
    found: Ints = np.argpartition(-nearness, _LOOKED_INTO, axis=1)[:, :_LOOKED_INTO]
    return found


def _blocks(queries: Floats, columns: int) -> Iterator[tuple[int, Floats]]:
    """Parts of the queries, each with the row it begins at."""
    at_once = max(1, min(ROWS, _PRODUCTS // max(1, columns)))
    for first in range(0, len(queries), at_once):
        yield first, queries[first : first + at_once]


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
    for first in range(0, len(vectors), ROWS):
        yield vectors[first : first + ROWS]
