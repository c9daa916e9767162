"""Questions delegates ask, as named queries, with the rows that must come back.

``cases.yaml`` asks the small graph of ``graph.ttl``; ``bundled.yaml`` asks the bundled dataset what the
liaison statement of ETSI ISG SAI says. The expected rows were written by hand from the documents.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml
from pyoxigraph import Literal, NamedNode

from sdograph.queries import NAMED
from sdograph.store import Snapshot
from sdograph.store.embedded import EmbeddedSnapshot

HERE = Path(__file__).parent


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
