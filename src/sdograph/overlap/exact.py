"""Likeness in whole numbers: the same to the last bit, whatever else is computed beside it.

Products of unit vectors of fractions differ in their last bits by how many are computed at a time. Here unit
vectors are whole numbers of length 4080: each product and each sum of them is a whole number below 2^24,
which 32-bit floating point holds exactly, so that no order of summing matters. The cosine is off by 0.0001.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float32]
Doubles: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.int64]
Mask: TypeAlias = npt.NDArray[np.bool_]

#: Of a unit vector. With rounding, and at up to 1000 dimensions, none is longer than 4096.
LENGTH = 4080
#: The product of two vectors that are one.
WHOLE = LENGTH * LENGTH
#: Bits of a product, of a place, and of a row in a key of 63.
_PRODUCT, _PLACE, _ROW = 24, 26, 13
#: Rows that may be compared at a time.
ROWS = 1 << _ROW


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Items found for several others: for each pair the row of the other, the item's place, their product.

    By row, within it the greatest product first, of equal ones the first place.
    """

    rows: Ints
    places: Ints
    products: Ints

    @classmethod
    def joined(cls, parts: list[Found]) -> Found:
        """Several in one, in their order."""
        none = np.zeros(0, np.int64)
        return cls(
            rows=np.concatenate([none, *(part.rows for part in parts)]),
            places=np.concatenate([none, *(part.places for part in parts)]),
            products=np.concatenate([none, *(part.products for part in parts)]),
        )


def whole(rows: npt.NDArray[np.floating]) -> Floats:
    """Unit vectors as vectors of whole numbers of length 4080."""
    found = rows.astype(np.float32)
    found *= LENGTH
    return np.rint(found, out=found)


def rounded(counts: npt.ArrayLike, digits: int) -> Ints:
    """Counts, to so many significant binary digits: with two 1, 2, 3, 4, 6, 8, 12, 16.

    How rare something is, is counted so: with each item that comes or goes all counts change, and almost
    none of these.
    """
    counts = np.asarray(counts, np.int64)
    drop = np.maximum(np.frexp(counts.astype(np.float64))[1].astype(np.int64) - digits, 0)
    found: Ints = counts >> drop << drop
    return found


def best(rows: Ints, places: Ints, products: Ints, count: int) -> Found:
    """Of each row (below ROWS) the pairs with the greatest products."""
    keys = rows << (_PRODUCT + _PLACE) | (((1 << _PRODUCT) - 1) - products) << _PLACE | places
    keys.sort()
    rows = keys >> (_PRODUCT + _PLACE)
    kept = np.arange(len(rows)) - np.searchsorted(rows, rows) < count
    keys, rows = keys[kept], rows[kept]
    return Found(
        rows=rows,
        places=keys & ((1 << _PLACE) - 1),
        products=((1 << _PRODUCT) - 1) - (keys >> _PLACE & ((1 << _PRODUCT) - 1)),
    )


def summed(rows: Ints, places: Ints, products: Ints) -> tuple[Ints, Ints, Ints]:
    """Pairs (of rows below ROWS), each once, with the sum of their products."""
    if not len(rows):
        return rows, places, products
    keys = rows << (_PRODUCT + _PLACE) | places << _PRODUCT | products
    keys.sort()
    pairs = keys >> _PRODUCT
    first = np.flatnonzero(np.diff(pairs, prepend=-1))
    sums = np.add.reduceat(keys & ((1 << _PRODUCT) - 1), first)
    pairs = pairs[first]
    return pairs >> _PLACE, pairs & ((1 << _PLACE) - 1), sums


def best_of_products(products: Floats, places: Ints, count: int) -> tuple[Ints, Ints, Ints]:
    """Of a (rows, places) array of products the greatest of each row above 0, and all equal to them."""
    least = np.ones(len(products), np.float32)
    if products.shape[1] > count:
        at = products.shape[1] - count
        least = np.maximum(least, np.partition(products, at, axis=1)[:, at])
    rows, columns = np.nonzero(products >= least[:, None])
    return rows, places[columns], products[rows, columns].astype(np.int64)


def spans(first: Ints, lengths: Ints) -> Ints:
    """``first[0], first[0] + 1, …``, as many as the first length says, and so on for each."""
    before = np.cumsum(lengths) - lengths
    found: Ints = np.repeat(first - before, lengths) + np.arange(int(lengths.sum()))
    return found
