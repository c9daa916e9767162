"""The likest vectors, exact and through cells."""

from __future__ import annotations

import numpy as np
import pytest

from sdograph.overlap import nearest
from sdograph.overlap.nearest import Nearest


def vectors(count: int, dimensions: int = 24) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    """Clustered as titles are: many about one thing."""
    rng = np.random.default_rng(7)
    about = rng.normal(size=(count // 20, dimensions))
    rows = about[rng.integers(0, len(about), count)] + 0.4 * rng.normal(size=(count, dimensions))
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def test_exact_among_few() -> None:
    matrix = vectors(400)
    allowed = np.arange(400) % 3 != 0
    found = Nearest(matrix).likest(matrix[:50], np.arange(50), allowed, 5)
    for n, places in enumerate(found):
        products = np.where(allowed & (np.arange(400) != n), matrix @ matrix[n], -1)
        assert set(places) == set(np.argsort(-products)[:5])


def test_through_cells_finds_nearly_all_and_nobody_who_is_not_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    matrix = vectors(6000)
    allowed = np.arange(6000) % 2 == 0
    rows = np.arange(0, 6000, 30)
    exact = Nearest(matrix).likest(matrix[rows], rows, allowed, 8)
    monkeypatch.setattr(nearest, "EXACT", 1000)
    found = Nearest(matrix).likest(matrix[rows], rows, allowed, 8)
    assert all(allowed[places].all() and row not in places for row, places in zip(rows, found, strict=True))
    hits = sum(len(set(a) & set(b)) for a, b in zip(exact, found, strict=True))
    assert hits / sum(map(len, exact)) > 0.95


def test_nobody_allowed_gives_nobody() -> None:
    matrix = vectors(100)
    found = Nearest(matrix).likest(matrix[:2], np.array([0, -1]), np.zeros(100, bool), 5)
    assert [len(places) for places in found] == [0, 0]
