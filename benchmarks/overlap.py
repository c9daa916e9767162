"""Overlaps of 1,000, 10,000 and 100,000 items, one new item against them, and the table after it; two peers.

Encoding titles is apart: their vectors are kept. With ``--data-dir`` also the table of that dataset.
"""

from __future__ import annotations

import csv
import gzip
import json
import random
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

import numpy as np
import numpy.typing as npt
from pyoxigraph import Literal, NamedNode, Triple

from benchmarks import measure
from benchmarks.measure import own_cpu
from sdograph.identifiers import GRAPH_BASE, iri
from sdograph.namespaces import DCT, RDF, SDO
from sdograph.overlap import Item, Overlaps, VectorStore, encoder
from sdograph.overlap.features import Features, meant
from sdograph.overlap.table import Table, fill
from sdograph.overlap.vectors import _name
from sdograph.store import EmbeddedStore

SIZES = (1_000, 10_000, 100_000)
ENCODED = 10_000
NEW = 50
RENEWED = 4
NEW_TITLES = (
    "Security of federated learning in mobile networks", "Charging of multicast services",
    "Identity and trust of AI agents", "Management of quantum key distribution",
    "Terminology of energy saving",
)  # fmt: skip
BODIES = ("3GPP", "ETSI", "ITU-T", "ISO", "IETF", "IEEE-SA", "O-RAN", "CEN", "NIST", "GSMA", "BBF", "TMF")
SEED = 20230918
RELATON = Path(__file__).parents[2] / "shared" / "data"


def run(folder: Path, triples: int, data_dir: Path | None = None) -> None:  # noqa: ARG001  (each is given both)
    """Each size in a process of its own, as memory once used is not given back."""
    env = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    if data_dir is not None:
        command = [sys.executable, "-m", "benchmarks.overlap", str(folder), str(data_dir), "dataset"]
        print(measure.run(command, env=env).output.strip(), flush=True)
    names = titles()
    (folder / "titles.json").write_text(json.dumps(names), "utf-8")
    before = own_cpu()
    vectors = encoder.encode(names[:ENCODED])
    used = own_cpu() - before
    print(f"encoding: {ENCODED / used:,.0f} titles a CPU-second, each once")
    Kept(folder / "vectors.sqlite").keep(names, vectors)
    for size in SIZES:
        for kind in ("ours", "table", "sparse_dot_topn", "hnswlib"):
            command = [sys.executable, "-m", "benchmarks.overlap", str(folder), str(size), kind]
            done = measure.run(command, env=env, allowed=(0, 3))
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


class Kept(VectorStore):
    """Vectors made before; beyond those that were encoded, each is a mixture of two of them."""

    def keep(self, names: Sequence[str], encoded: npt.NDArray[np.float32]) -> None:
        rng = np.random.default_rng(SEED)
        pairs = rng.integers(0, len(encoded), (max(0, len(names) - len(encoded)), 2))
        mixed = encoded[pairs[:, 0]] + 0.7 * encoded[pairs[:, 1]]
        mixed /= np.linalg.norm(mixed, axis=1, keepdims=True) + 1e-9
        matrix = np.concatenate([encoded, mixed]).astype(np.float16)
        texts = [meant(item, scope=False) for item in some_items(names)]
        self._write(list({_name(t): row.tobytes() for t, row in zip(texts, matrix, strict=True)}.items()))


def an_item(number: int, title: str) -> Item:
    body = BODIES[random.Random(number).randrange(len(BODIES))]
    return Item(id=f"item/{number:06}", code=f"X{number}", body=body, title=title)


def ours(folder: Path, names: Sequence[str]) -> str:
    """Preparing, with vectors that are kept; all lists of ten; one new item, whose title is encoded."""
    items, vectors = some_items(names), VectorStore(folder / "vectors.sqlite")
    before = own_cpu()
    overlaps = Overlaps(items, vectors)
    prepared = own_cpu() - before
    before = own_cpu()
    pairs = sum(len(lists.rows) for _, lists in overlaps.lists(np.arange(len(items)), limit=10))
    listed = own_cpu() - before
    new = [an_item(len(names) + n, f"{names[n]} phase {len(names)}") for n in range(NEW)]
    overlaps.rank_new(new[0])
    before = own_cpu()
    for item in new[1:]:
        overlaps.rank_new(item, explain=False)
    one = (own_cpu() - before) / (NEW - 1)
    return (
        f"items: {prepared + listed:.1f} CPU-s (prepared in {prepared:.1f}, listed in {listed:.1f}), "
        f"{pairs:,} overlaps; a new one {one * 1000:.1f} CPU-ms, encoding and all"
    )


def table(folder: Path, names: Sequence[str]) -> str:
    """Preparing, listing what a table keeps and writing it; and all that again after one new item."""
    items, vectors = some_items(names), VectorStore(folder / "vectors.sqlite")
    first, whole, _ = made(folder / "whole.sqlite", items, vectors, None)
    costs, anew = [], []
    for n in range(RENEWED):
        new = an_item(len(names) + n, f"{names[n]} phase {len(names)}")
        _, cost, count = made(folder / "renewed.sqlite", [*items, new], vectors, first)
        costs.append(cost)
        anew.append(count)
    later = fmean(costs)
    return (
        f"items: the table {whole:.1f} CPU-s, from the one before after a new item {later:.1f} "
        f"({whole / later:.1f} times less), with {fmean(anew):,.0f} lists anew"
    )


def some_items(names: Sequence[str]) -> list[Item]:
    return [an_item(n, title) for n, title in enumerate(names)]


def made(
    path: Path, items: Sequence[Item], vectors: VectorStore, before: Table | None
) -> tuple[Table, float, int]:
    """A table in a file, what it cost, and how many lists were made anew."""
    path.unlink(missing_ok=True)
    begin = own_cpu()
    features = before.earlier.features if before is not None and before.earlier is not None else Features.of
    connection = sqlite3.connect(path)
    count = fill(connection, Overlaps(items, vectors, features=features), before)
    return Table(connection), own_cpu() - begin, count


def dataset(folder: Path, data_dir: Path) -> str:
    """The table of a dataset, and of generations after it, each with one work item more: reading and all."""
    EmbeddedStore(data_dir).backup(folder / "data")
    store = EmbeddedStore(folder / "data")
    Overlaps.of(store.current(), folder / "data")  # makes the vectors
    costs = []
    for n in range(RENEWED + 1):
        begin = own_cpu()
        table = Table.of(store.current(), folder / "data")
        costs.append(own_cpu() - begin)
        graph = NamedNode(f"{GRAPH_BASE}benchmark/{n}")
        with store.writer() as writer:
            writer.apply(writer.view.change(graph, described(NEW_TITLES[n])))
            writer.publish()
    later = fmean(costs[1:])
    return (
        f"{len(table.items):,} items of the dataset: the table {costs[0]:.1f} CPU-s, "
        f"from the one before after a new item {later:.1f} ({costs[0] / later:.1f} times less)"
    )


def described(title: str) -> list[Triple]:
    item = NamedNode(iri(f"work-item/ETSI/BENCHMARK-{title.replace(' ', '-')}"))
    return [
        Triple(item, RDF.type, SDO.WorkItem),
        Triple(item, DCT.identifier, Literal(title)),
        Triple(item, DCT.title, Literal(title)),
        Triple(item, SDO.standardsBody, NamedNode(iri("body/ETSI"))),
    ]


def sparse_dot_topn(folder: Path, names: Sequence[str]) -> str:  # noqa: ARG001
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sparse_dot_topn import sp_matmul_topn

    before = own_cpu()
    matrix = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True).fit_transform(names)
    found = sp_matmul_topn(matrix, matrix.T.tocsr(), top_n=10, n_threads=1)
    return f"items: {own_cpu() - before:.1f} CPU-s, TF-IDF by sparse_dot_topn, {found.nnz:,} pairs"


def hnswlib(folder: Path, names: Sequence[str]) -> str:
    import hnswlib as hnsw

    matrix = VectorStore(folder / "vectors.sqlite").vectors(
        [meant(item, scope=False) for item in some_items(names)]
    )
    before = own_cpu()
    index = hnsw.Index(space="cosine", dim=encoder.DIMENSIONS)
    index.init_index(max_elements=len(matrix), ef_construction=100, M=16)
    index.set_num_threads(1)
    index.add_items(matrix)
    index.set_ef(50)
    found, _ = index.knn_query(matrix, k=11)
    return f"items: {own_cpu() - before:.1f} CPU-s, the same vectors by hnswlib, {found.size:,} pairs"


def main() -> None:
    folder, what, kind = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    if kind == "dataset":
        print(dataset(folder, Path(what)))
        return
    names = json.loads((folder / "titles.json").read_text("utf-8"))[: int(what)]
    try:
        kinds = {"ours": ours, "table": table, "sparse_dot_topn": sparse_dot_topn, "hnswlib": hnswlib}
        print(kinds[kind](folder, names))
    except ImportError:
        print(f"items: {kind} is not installed")


if __name__ == "__main__":
    main()
