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

    def likest(self, queries: Floats, own: Ints, allowed: Mask, count: int) -> list[Ints]:
        """For each query the places of the likest of those allowed, without its ``own``; in no order."""
        found: list[Ints] = []
        columns = np.flatnonzero(allowed)
        for first in range(0, len(queries), _ROWS):
            some, its = queries[first : first + _ROWS], own[first : first + _ROWS]
            if self._cells is None:
                found.extend(_best(some, its, self._vectors[columns], columns, count))
            else:
                found.extend(self._through_cells(some, its, allowed, count))
        return found

    def _through_cells(self, queries: Floats, own: Ints, allowed: Mask, count: int) -> list[Ints]:
        assert self._cells is not None  # noqa: S101
        nearness = queries @ self._cells.T
        looked = np.argpartition(-nearness, _LOOKED_INTO, axis=1)[:, :_LOOKED_INTO]
        which, cells = np.repeat(np.arange(len(queries)), _LOOKED_INTO), looked.ravel()
        order = np.argsort(cells, kind="stable")
        which, cells = which[order], cells[order]
        ends = np.searchsorted(cells, np.arange(len(self._cells) + 1))
        of_query: list[list[Ints]] = [[] for _ in queries]
        for cell in np.unique(cells):
            asking = which[ends[cell] : ends[cell + 1]]
            members = self._members[cell]
            members = members[allowed[members]]
            best = _best(queries[asking], own[asking], self._vectors[members], members, count)
            for n, places in zip(asking, best, strict=True):
                of_query[n].append(places)
        found = []
        for n, lists in enumerate(of_query):
            places = np.concatenate(lists)
            products = self._vectors[places] @ queries[n]
            found.append(places[np.argsort(-products, kind="stable")[:count]])
        return found


def _best(queries: Floats, own: Ints, vectors: Floats, places: Ints, count: int) -> list[Ints]:
    """For each query the places of the vectors with the greatest products."""
    if not len(places):
        return [places] * len(queries)
    products = queries @ vectors.T
    products[own[:, None] == places[None, :]] = -1.0
    best = np.broadcast_to(np.arange(len(places)), products.shape)
    if len(places) > count:
        best = np.argpartition(-products, count - 1, axis=1)[:, :count]
    like = np.take_along_axis(products, best, axis=1) > 0
    return [places[row[good]] for row, good in zip(best, like, strict=True)]


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
