"""Which queries the server answers itself, and that the answer is that of a query process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from http_support import ID, InProcess, Logged

from sdograph.queries.lexer import inspect
from sdograph.store import EmbeddedStore
from sdograph_api.query import direct
from sdograph_api.query.process import Query
from sdograph_api.settings import Settings

GROUP = f"<{ID}group/3GPP-SA3>"


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT ?p ?o {{ {GROUP} ?p ?o }}",
        f"SELECT * WHERE {{ {GROUP} ?p ?o . }} LIMIT 3 # again",
        f"select $p where {{ {GROUP} $p ?o }}",
        f"SELECT ?name {{ {GROUP} rdfs:label ?name }}",
        f"PREFIX r: <http://www.w3.org/2000/01/rdf-schema#>\nSELECT ?name {{ {GROUP} r:label ?name }}",
        f"SELECT ?kind {{ {GROUP} a ?kind }}",
        "SELECT ?o { <urn:nothing:here> ?p ?o }",
    ],
)
@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_one_subject_is_answered_as_by_a_process(
    client: InProcess, data_dir: Path, text: str, format: str
) -> None:
    snapshot = EmbeddedStore(data_dir).current()
    told, known = inspect(text), direct.inspection(text)
    assert known is not None
    assert (known.form, known.text, known.services, known.volatile) == (
        told.form,
        told.text,
        (),
        told.volatile,
    )
    found = direct.answer(Query(text, format), snapshot, Settings())
    assert found is not None
    # In a group it is another query to the server, and the same to the engine.
    asked = text.replace("{", "{{", 1).replace("}", "}}", 1)
    other = client.get("/sparql", params={"query": asked, "format": format})
    assert other.status_code == 200, other.text
    assert sorted(found.splitlines()) == sorted(other.content.splitlines())


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        f"SELECT * {{ ?s ?p {GROUP} }}",
        f"SELECT * {{ {GROUP} ?p ?o . ?o ?q ?r }}",
        f"SELECT * {{ {GROUP} ?p ?o ; ?q ?r }}",
        f"SELECT * {{ {GROUP} ?p ?o, ?r }}",
        f"SELECT * {{ {GROUP} (!a)* ?o }}",
        f"SELECT * {{ {GROUP} a* ?o }}",
        f"SELECT * {{ {GROUP} ?p ?o }} ORDER BY ?o",
        f"SELECT * {{ {GROUP} ?p ?o }} GROUP BY ?o",
        f"SELECT * {{ {GROUP} ?p ?o FILTER(?o > 1) }}",
        f"SELECT * {{ {GROUP} ?p ?o }} VALUES ?o {{ 1 2 }}",
        f"SELECT * FROM <urn:g> {{ {GROUP} ?p ?o }}",
        f"SELECT * {{ SERVICE <http://example.org/> {{ {GROUP} ?p ?o }} }}",
        f"SELECT * {{ GRAPH ?g {{ {GROUP} ?p ?o }} }}",
        f"SELECT * {{ {GROUP} ?p ?o # }}\n . ?s ?q ?r }}",
        "SELECT * { <group/3GPP-SA3> ?p ?o }",
        "SELECT * { <urn:\\u003e> ?p ?o }",
        "SELECT * { <urn:a> ?p ?o } # \\u000a SERVICE",
        f"SELECT (COUNT(*) AS ?n) {{ {GROUP} ?p ?o }}",
        f"SELECT ?o {{ {GROUP} nowhere:p ?o }}",
        f"ASK {{ {GROUP} ?p ?o }}",
    ],
)
def test_all_else_goes_to_a_process(data_dir: Path, text: str) -> None:
    snapshot = EmbeddedStore(data_dir).current()
    assert direct.inspection(text) is None or direct.answer(Query(text, "json"), snapshot, Settings()) is None


def test_what_is_limited_goes_to_a_process(data_dir: Path, tmp_path: Path) -> None:
    snapshot = EmbeddedStore(data_dir).current()
    text = f"SELECT * {{ {GROUP} ?p ?o }}"
    assert direct.answer(Query(text, "json", ("urn:g",)), snapshot, Settings()) is None
    assert direct.answer(Query(text, "json"), snapshot, Settings(max_rows=1)) is None
    assert direct.answer(Query(text, "json"), snapshot, Settings(max_result_bytes=100)) is None
    store = EmbeddedStore(tmp_path)
    hub, graph = ox.NamedNode("urn:hub"), ox.NamedNode("urn:graph")
    with store.writer() as writer:
        writer.load(ox.Quad(hub, hub, ox.Literal(n), graph) for n in range(5000))
        writer.publish()
    large = Query("SELECT * { <urn:hub> ?p ?o }", "json")
    assert direct.answer(large, store.current(), Settings()) is None
    assert direct.answer(Query("SELECT * { <urn:hub> ?p ?o } LIMIT 9", "json"), store.current(), Settings())


def test_what_is_answered_directly_is_logged_and_kept_like_all_else(
    logged: Callable[..., Logged],
) -> None:
    server = logged()
    text = f"SELECT ?p ?o {{ {GROUP} ?p ?o }}"
    first = server.client.get("/sparql", params={"query": text})
    rows = server.last()["rows"]
    assert rows == len(first.json()["results"]["bindings"]) > 3
    again = server.client.get("/sparql", params={"query": text})
    assert (again.content, server.last()["rows"]) == (first.content, rows)
    assert server.client.app.state.context.answers.hits == 1
