"""Questions people ask, with the rows that must come back.

``cases.yaml`` asks the small graph of ``graph.ttl`` by named queries; ``bundled.yaml`` asks the core of the
bundled dataset what the liaison statement of ETSI ISG SAI says. ``questions/`` asks the whole dataset: each
``.rq`` begins with the question as a person asks it and with the source of its rows, which stand in the
``.csv`` beside it. The expected rows were taken from the documents, never from an answer.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from pyoxigraph import Literal, NamedNode

from sdograph.queries import NAMED
from sdograph.store import EmbeddedStore, Snapshot
from sdograph.store.snapshot import EmbeddedSnapshot

HERE = Path(__file__).parent
QUESTIONS = sorted((HERE / "questions").glob("*.rq"))


@dataclass(frozen=True)
class Case:
    """A question: columns not listed do not matter, the order of the rows does."""

    question: str
    query: str
    columns: list[str]
    rows: list[list[str]]
    params: dict[str, str] = field(default_factory=dict)


def cases(name: str) -> list[object]:
    read = yaml.safe_load((HERE / name).read_text("utf-8"))
    return [pytest.param(case, id=case.question) for case in (Case(**entry) for entry in read)]


@pytest.fixture(scope="module")
def small_graph() -> Snapshot:
    store = ox.Store()
    store.load(path=HERE / "graph.ttl", format=ox.RdfFormat.TURTLE)
    return EmbeddedSnapshot(store, 1)


def answers(case: Case, snapshot: Snapshot) -> list[list[str]]:
    found = snapshot.rows(NAMED[case.query].bind(case.params))
    return [[text(row[column]) for column in case.columns] for row in found]


def text(term: object) -> str:
    assert term is None or isinstance(term, Literal | NamedNode)
    return "" if term is None else term.value


@pytest.mark.parametrize("case", cases("cases.yaml"))
def test_small_graph(case: Case, small_graph: Snapshot) -> None:
    assert answers(case, small_graph) == case.rows


@pytest.mark.parametrize("case", cases("bundled.yaml"))
def test_bundled_dataset(case: Case, bundled_snapshot: Snapshot) -> None:
    assert answers(case, bundled_snapshot) == case.rows


def test_every_query_answers_a_question() -> None:
    asked = {case["query"] for case in yaml.safe_load((HERE / "cases.yaml").read_text("utf-8"))}
    assert asked == set(NAMED)


@pytest.mark.parametrize("file", QUESTIONS, ids=lambda file: file.stem)
def test_whole_dataset(file: Path, dataset: EmbeddedStore) -> None:
    """Rows are in the order of the answer where the query orders them, else in any order.

    A file without a query names one ("# named query: NAME key=value …"); of its columns those of the table
    count.
    """
    query = file.read_text("utf-8")
    with file.with_suffix(".csv").open(encoding="utf-8", newline="") as table:
        columns, *expected = csv.reader(table)
    if named := re.search(r"^# named query: (\S+)(.*)$", query, re.MULTILINE):
        query = NAMED[named[1]].bind(dict(p.split("=", 1) for p in named[2].split()))
    solutions = list(dataset.current().rows(query))
    found = [[text(row[column]) for column in columns] for row in solutions]
    if named is None:
        assert all(list(row) == columns for row in solutions), "the table has all columns of the query"
    if "ORDER BY" not in query.rpartition("}")[2]:
        found.sort()
        expected.sort()
    assert found == expected


@pytest.mark.parametrize("file", QUESTIONS, ids=lambda file: file.stem)
def test_each_question_says_what_is_asked_and_where_its_rows_come_from(file: Path) -> None:
    comment = re.match(r"(# .*\n)+", file.read_text("utf-8"))
    assert comment is not None
    asked, _, source = comment[0].partition("# Rows: ")
    assert asked.rstrip().endswith("?")
    assert source
