"""The likest vectors, exact and through cells; likeness in whole numbers."""

from __future__ import annotations

import numpy as np
import pytest

from sdograph.overlap import nearest
from sdograph.overlap.exact import LENGTH, Floats, Found, best, rounded, summed, whole
from sdograph.overlap.nearest import Nearest


def vectors(count: int, dimensions: int = 24) -> Floats:
    """Clustered as titles are: many about one thing."""
    rng = np.random.default_rng(7)
    about = rng.normal(size=(count // 20, dimensions))
    rows = about[rng.integers(0, len(about), count)] + 0.4 * rng.normal(size=(count, dimensions))
    return whole(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def by_row(found: Found, count: int) -> list[list[int]]:
    return [found.places[found.rows == n].tolist() for n in range(count)]


def test_exact_among_few() -> None:
    matrix = vectors(400)
    allowed = np.arange(400) % 3 != 0
    found = by_row(Nearest(matrix).likest(matrix[:50], allowed, 5), 50)
    for n, places in enumerate(found):
        products = np.where(allowed, matrix @ matrix[n], -1)
        assert places == np.argsort(-products, kind="stable")[:5].tolist()


def test_through_cells_finds_nearly_all_and_nobody_who_is_not_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    matrix = vectors(6000)
    allowed = np.arange(6000) % 2 == 0
    rows = np.arange(0, 6000, 30)
    exact = Nearest(matrix).likest(matrix[rows], allowed, 8)
    monkeypatch.setattr(nearest, "EXACT", 1000)
    found = Nearest(matrix).likest(matrix[rows], allowed, 8)
    assert allowed[found.places].all()
    pairs = [set(zip(one.rows.tolist(), one.places.tolist(), strict=True)) for one in (exact, found)]
    assert len(pairs[0] & pairs[1]) / len(pairs[0]) > 0.95


def test_nobody_allowed_gives_nobody() -> None:
    matrix = vectors(100)
    assert by_row(Nearest(matrix).likest(matrix[:2], np.zeros(100, bool), 5), 2) == [[], []]


def test_of_equally_like_ones_the_first_are_taken() -> None:
    matrix = np.repeat(vectors(40), 10, axis=0)
    found = by_row(Nearest(matrix).likest(matrix[[399]], np.ones(400, bool), 4), 1)
    assert found == [[390, 391, 392, 393]]


def test_who_is_reached_is_who_would_be_nominated() -> None:
    matrix = vectors(400)
    everyone = np.ones(400, bool)
    without, new = np.arange(400) != 17, matrix[[17]]
    lists = Nearest(matrix).likest(matrix, without, 5)
    least = lists.products.reshape(400, 5)[:, -1]
    reached = Nearest(matrix).reached(new, everyone, least)
    listed = Nearest(matrix).likest(matrix, everyone, 5)
    assert set(listed.rows[listed.places == 17].tolist()) == set(np.flatnonzero(reached).tolist())


def test_products_are_the_same_whatever_is_computed_beside_them() -> None:
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(300, 384))
    matrix = whole(rows / np.linalg.norm(rows, axis=1, keepdims=True))
    exact = matrix.astype(np.int64) @ matrix.astype(np.int64).T
    assert np.array_equal(matrix @ matrix.T, exact)
    assert np.array_equal(
        np.einsum("ij,ij->i", matrix, matrix[::-1]), exact[np.arange(300), 299 - np.arange(300)]
    )
    assert (
        abs(exact[3, 5] / LENGTH**2 - rows[3] @ rows[5] / np.linalg.norm(rows[3]) / np.linalg.norm(rows[5]))
        < 1e-3
    )


def test_pairs_are_added_up_and_the_best_of_each_row_kept() -> None:
    rows, places, products = summed(np.array([1, 0, 1, 1]), np.array([5, 5, 2, 5]), np.array([10, 30, 15, 7]))
    assert (rows.tolist(), places.tolist(), products.tolist()) == ([0, 1, 1], [5, 2, 5], [30, 15, 17])
    found = best(rows, places, products, 1)
    assert (found.rows.tolist(), found.places.tolist(), found.products.tolist()) == ([0, 1], [5, 5], [30, 17])


def test_counts_are_rounded_to_so_many_binary_digits() -> None:
    counts = np.array([0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 33, 34])
    assert rounded(counts, 2).tolist() == [0, 1, 2, 3, 4, 4, 6, 6, 8, 8, 12, 32, 32]
    assert rounded(counts, 5).tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 32, 34]
