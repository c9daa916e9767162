"""Overlaps of 1,000, 10,000 and 100,000 items, one new item against them, encoding apart; and two peers."""

from __future__ import annotations

import csv
import gzip
import json
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks import measure
from benchmarks.measure import own_cpu
from sdograph.overlap import Item, Overlaps, VectorStore, encoder

SIZES = (1_000, 10_000, 100_000)
ENCODED = 10_000
NEW = 50
BODIES = ("3GPP", "ETSI", "ITU-T", "ISO", "IETF", "IEEE-SA", "O-RAN", "CEN", "NIST", "GSMA", "BBF", "TMF")
SEED = 20230918
RELATON = Path(__file__).parents[2] / "shared" / "data"


def run(folder: Path, triples: int) -> None:  # noqa: ARG001  (each benchmark is given both)
    """Each size in a process of its own, as memory once used is not given back."""
    names = titles()
    (folder / "titles.json").write_text(json.dumps(names), "utf-8")
    before = own_cpu()
    vectors = encoder.encode(names[:ENCODED])
    used = own_cpu() - before
    print(f"encoding: {ENCODED / used:,.0f} titles a CPU-second, each once")
    np.save(folder / "vectors.npy", vectors)
    for size in SIZES:
        for kind in ("ours", "sparse_dot_topn", "hnswlib"):
            command = [sys.executable, "-m", "benchmarks.overlap", str(folder), str(size), kind]
            done = measure.run(
                command, env={"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}, allowed=(0, 3)
            )
            print(f"{size:7,} {done.output.strip()}, {done.peak / 1e6:,.0f} MB at most", flush=True)


def titles() -> list[str]:
    """Titles of ISO, 3GPP, ETSI and ITU deliverables where they lie beside the checkout, else made up."""
    found: set[str] = set()
    for path in sorted(RELATON.glob("*/relaton_*_all.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
            found.update(row["title"] for row in csv.DictReader(file) if row.get("title"))
    rng = random.Random(SEED)
    words = [f"{a}{b}" for a in ("net", "secu", "auto", "intel", "data", "tele", "quan") for b in range(400)]
    while len(found) < SIZES[-1]:
        found.add(" ".join(rng.choices(words, weights=[1 / (n + 1) for n in range(len(words))], k=9)))
    names = sorted(found)
    rng.shuffle(names)
    return names[: SIZES[-1]]


class Given(VectorStore):
    """Vectors made before; beyond those that were encoded, each is a mixture of two of them."""

    def __init__(self, names: Sequence[str], encoded: npt.NDArray[np.float32]) -> None:
        super().__init__(None)
        rng = np.random.default_rng(SEED)
        pairs = rng.integers(0, len(encoded), (max(0, len(names) - len(encoded)), 2))
        mixed = encoded[pairs[:, 0]] + 0.7 * encoded[pairs[:, 1]]
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True) + 1e-9
        self.matrix = np.concatenate([encoded[: len(names)], mixed]).astype(np.float32)

    def vectors(
        self, texts: Sequence[str], progress: Callable[[int], object] | None = None
    ) -> npt.NDArray[np.float32]:
        return self.matrix if len(texts) == len(self.matrix) else super().vectors(texts, progress)


def ours(names: Sequence[str], given: Given) -> str:
    rng = random.Random(SEED)
    items = [
        Item(id=f"item/{n}", code=f"X{n}", body=rng.choice(BODIES), title=title)
        for n, title in enumerate(names)
    ]
    before = own_cpu()
    overlaps = Overlaps(items, given)
    prepared = own_cpu() - before
    before = own_cpu()
    everyone = np.arange(len(items))
    pairs = sum(len(lists.rows) for _, lists in overlaps.lists(everyone, limit=10))
    paired = own_cpu() - before
    new = [Item(id=f"new/{n}", code=f"N{n}", body="3GPP", title=names[n] + " phase 2") for n in range(NEW)]
    overlaps.rank_new(new[0])
    before = own_cpu()
    for item in new:
        overlaps.rank_new(item, explain=False)
    one = (own_cpu() - before) / NEW
    return (
        f"items: {prepared + paired:.1f} CPU-s (prepared in {prepared:.1f}, paired in {paired:.1f}), "
        f"{pairs:,} overlaps; "
        f"a new one {one * 1000:.1f} CPU-ms, encoding and all"
    )


def sparse_dot_topn(names: Sequence[str], given: Given) -> str:  # noqa: ARG001
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    before = own_cpu()
    matrix = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit_transform(names)
    found = sp_matmul_topn(matrix, matrix.T.tocsr(), top_n=10, n_threads=1)
    return f"items: {own_cpu() - before:.1f} CPU-s, TF-IDF by sparse_dot_topn, {found.nnz:,} pairs"


def hnswlib(names: Sequence[str], given: Given) -> str:  # noqa: ARG001
    import hnswlib as hnsw

    before = own_cpu()
    index = hnsw.Index(space="cosine", dim=encoder.DIMENSIONS)
    index.init_index(max_elements=len(given.matrix), ef_construction=100, M=16)
    index.set_num_threads(1)
    index.add_items(given.matrix)
    index.set_ef(50)
    found, _ = index.knn_query(given.matrix, k=11)
    return f"items: {own_cpu() - before:.1f} CPU-s, the same vectors by hnswlib, {found.size:,} pairs"


def main() -> None:
    folder, size, kind = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    names = json.loads((folder / "titles.json").read_text("utf-8"))[:size]
    given = Given(names, np.load(folder / "vectors.npy"))
    try:
        print({"ours": ours, "sparse_dot_topn": sparse_dot_topn, "hnswlib": hnswlib}[kind](names, given))
    except ImportError:
        print(f"items: {kind} is not installed")


if __name__ == "__main__":
    main()
