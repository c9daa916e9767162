"""The server over a graph on a SPARQL server answers what it answers over a data directory."""

from __future__ import annotations

import csv
import io
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from http_support import GRAPH, ID, InProcess, problem
from servers import SparqlServer

from sdograph import Graph
from sdograph.cli import main
from sdograph.store import EmbeddedStore, Store
from sdograph.store.remote.reader import canonical_term
from sdograph_api.rest import answers
from sdograph_api.settings import Settings

TOKEN = {"Authorization": "Bearer sesame"}
UPDATE = {**TOKEN, "Content-Type": "application/sparql-update"}
SA3 = "<https://w3id.org/sdograph/id/group/3GPP-SA3>"
STATEMENT = b"""Title: LS on the security of learning
From: 3GPP SA3
To: ETSI ISG SAI
Date: 12 March 2021
Document number: S3-211234

1. Overall description
SA3 has begun to look at learning.
"""


@pytest.fixture(scope="module", params=["oxigraph", "virtuoso"])
def server(request: pytest.FixtureRequest) -> SparqlServer:
    """Each kind of server in turn, with the small graph on it."""
    found: SparqlServer = request.getfixturevalue(f"{request.param}_server")
    found.clear()
    publish(found.store())
    return found


def publish(store: Store) -> None:
    """The small graph, with what taking documents in needs besides."""
    added = "".join(
        f"<{ID}group/{group}> <https://w3id.org/sdograph/ontology#groupKind> "
        f"<https://w3id.org/sdograph/scheme/group-kind/{kind}> ."
        for group, kind in (("ITU-T-SG17", "SG"),)
    )
    graph = ox.NamedNode("https://w3id.org/sdograph/graph/registry")
    with store.writer() as writer:
        writer.load(ox.parse(path=GRAPH, format=ox.RdfFormat.TRIG))
        writer.load(
            ox.Quad(q.subject, q.predicate, q.object, graph)
            for q in ox.parse(added.encode(), ox.RdfFormat.N_TRIPLES)
        )
        writer.publish()


@pytest.fixture(scope="module")
def over(
    server: SparqlServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., InProcess]]:
    """Makes applications over the server; they end with the module."""
    running: list[InProcess] = []

    def start(address: str = server.address, **given: Any) -> InProcess:
        settings = {"write_token": "sesame", "log_format": "none", "store": address, **given}
        running.append(InProcess(Settings(data_dir=tmp_path_factory.mktemp("beside"), **settings)))
        return running[-1]

    with pytest.MonkeyPatch.context() as patch:
        for name, value in server.environment.items():
            patch.setenv(name, value)
        yield start
        for client in running:
            client.close()


@pytest.fixture(scope="module")
def remote(over: Callable[..., InProcess]) -> InProcess:
    return over()


@pytest.fixture(scope="module")
def local(server: SparqlServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InProcess]:
    """The same graph in a data directory; a new one for each server, as both are written to."""
    folder = tmp_path_factory.mktemp("local")
    publish(EmbeddedStore(folder))
    client = InProcess(
        Settings(data_dir=folder, query_workers=1, write_token="sesame", log_format="none")  # type: ignore[arg-type]
    )
    yield client
    client.close()


# --- the data in an answer, without what differs from one publication to the next


def data(answer: httpx.Response) -> Any:
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if kind == "application/sparql-results+json":
        return rows(answer.content, ox.QueryResultsFormat.JSON)
    if kind == "application/sparql-results+xml":
        return rows(answer.content, ox.QueryResultsFormat.XML)
    if kind == "text/tab-separated-values":
        return sorted(answer.text.splitlines())
    if kind == "text/csv":
        return sorted(csv.reader(io.StringIO(answer.text)))
    if kind.endswith("json") and "ld+" not in kind:
        return without_version(answer.json())
    if kind in FORMATS:
        return {str(quad) for quad in ox.parse(answer.content, FORMATS[kind]) if "dataset>" not in str(quad)}
    return re.sub(r"dataset version [0-9a-f-]+|lastmodifieddate=\S+", "", answer.text)


FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}


def rows(body: bytes, format: ox.QueryResultsFormat) -> Any:
    found = ox.parse_query_results(body, format=format)
    if isinstance(found, ox.QueryBoolean):
        return bool(found)
    # The spelling of a number is the server's own.
    names = [variable.value for variable in found.variables]
    return sorted(
        sorted((name, str(canonical_term(term))) for name, term in zip(names, row, strict=True))
        for row in found
    )


def without_version(value: Any) -> Any:
    if isinstance(value, dict):
        varying = {"dataset", "version", "generated_at", "generation", "retrieved_at"}
        return {name: without_version(inner) for name, inner in value.items() if name not in varying}
    return [without_version(inner) for inner in value] if isinstance(value, list) else value


def same(local: InProcess, remote: InProcess, method: str, path: str, **given: Any) -> httpx.Response:
    """The remote answer, which has to hold what the local one does."""
    here, there = local.request(method, path, **given), remote.request(method, path, **given)
    assert there.status_code == here.status_code < 500, there.text
    assert there.headers.get("content-type") == here.headers.get("content-type")
    assert data(there) == data(here)
    return there


# --- reading


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/groups?limit=4", "/api/v1/bodies", "/api/v1/work-items.csv", "/api/v1/liaison-statements",
        "/api/v1/groups/3GPP-SA3", "/api/v1/work-items/3GPP/FS_AIML", "/api/v1/groups/NOBODY",
        "/api/v1/groups/3GPP-SA3/inbox?as_of=2024-01-01", "/api/v1/liaison-statements/3GPP/S3-240001/thread",
        "/api/v1/liaisons", "/api/v1/search?q=SA3", "/api/v1/search?q=security", "/api/v1/review",
        "/id/group/3GPP-SA3.ttl", "/id/group/3GPP-SA3.jsonld", "/id/group/NOBODY", "/graph/registry.nt",
        "/export/liaisons/graph.gexf", "/export/liaisons/graph.json", "/export/dataset/graph.nq",
        "/export/dataset/graph.ttl", "/store?graph=https://w3id.org/sdograph/graph/registry",
    ],
)  # fmt: skip
def test_the_same_is_read(local: InProcess, remote: InProcess, path: str) -> None:
    same(local, remote, "GET", path)


GROUPS = "SELECT ?g ?label ?begin { ?g a sdo:Group ; rdfs:label ?label OPTIONAL { ?g sdo:begin ?begin } }"


@pytest.mark.parametrize(
    ("query", "formats"),
    [
        (GROUPS, ("json", "xml", "csv", "tsv")),
        ("ASK { ?g a sdo:Group }", ("json", "xml")),
        ("ASK { ?g a sdo:Nothing }", ("json", "xml")),
        (f"CONSTRUCT {{ {SA3} ?p ?o }} WHERE {{ {SA3} ?p ?o }}",
         ("ttl", "nt", "rdf", "jsonld", "trig", "nq")),
        (f"SELECT ?n {{ {SA3} rdfs:label ?n }}", ("json",)),
        # In two documents, and yet one triple.
        ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", ("json",)),
        ("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }", ("json",)),
        (f"SELECT ?g ?o {{ GRAPH ?g {{ {SA3} rdfs:label ?o }} }}", ("json",)),
        (f"SELECT * {{ GRAPH <https://w3id.org/sdograph/graph/registry> {{ {SA3} ?p ?o }} }}", ("json",)),
        (f"SELECT * FROM <https://w3id.org/sdograph/graph/registry> {{ {SA3} ?p ?o }}", ("json",)),
        (f"SELECT * FROM NAMED <https://w3id.org/sdograph/graph/registry> {{ GRAPH ?g {{ {SA3} ?p ?o }} }}",
         ("json",)),
        ("SELECT ?a ?b (COUNT(*) AS ?n) { ?ls schema:sender ?a ; schema:toRecipient ?b } GROUP BY ?a ?b",
         ("json",)),
        ("SELECT ?x { VALUES ?x { 1 'a' 'b'@en } FILTER(isLiteral(?x)&&?x!='b'@en) }", ("json",)),
        ("SELECT (xsd:integer('7') AS ?x) {}", ("json",)),
        ("SELECT * FROM <urn:nowhere> { ?s ?p ?o }", ("json",)),
        ("SELECT * { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }", ("json",)),
        ("INSERT DATA { <urn:a> <urn:p> <urn:o> }", ("json",)),
    ],
)  # fmt: skip
def test_the_same_is_found(local: InProcess, remote: InProcess, query: str, formats: tuple[str, ...]) -> None:
    for format in formats:
        same(local, remote, "GET", "/sparql", params={"query": query, "format": format})


def test_graphs_of_the_protocol(local: InProcess, remote: InProcess) -> None:
    registry = "https://w3id.org/sdograph/graph/registry"
    for given in (
        {"default-graph-uri": registry},
        {"named-graph-uri": registry},
        {"default-graph-uri": "urn:nowhere"},
        {"default-graph-uri": [registry, "https://w3id.org/sdograph/graph/schemes"]},
    ):
        for query in ("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "SELECT ?g { GRAPH ?g { ?s a sdo:Body } }"):
            same(local, remote, "GET", "/sparql", params={"query": query, **given})


def test_no_triple_is_counted_twice(remote: InProcess) -> None:
    """Both graphs state the label of SA3: where the server would not merge them, nothing is answered."""
    graphs = [f"https://w3id.org/sdograph/graph/{name}" for name in ("registry", "reply")]
    query = f"SELECT (COUNT(*) AS ?n) {{ {SA3} rdfs:label ?label }}"
    answer = remote.get("/sparql", params={"query": query, "default-graph-uri": graphs})
    problem(answer, 400, "overlapping-graphs")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_mistake_is_told_as_the_clients_own(remote: InProcess, method: str) -> None:
    given = {"params" if method == "GET" else "data": {"query": "SELECT ?s { ?s ?p }"}}
    problem(remote.request(method, "/sparql", **given), 400, "syntax")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (bif:exec('ls') AS ?x) {}",
        "PREFIX bif: <bif:> SELECT (bif:http_get('http://127.0.0.1:9/') AS ?x) {}",
        "PREFIX a: <bif:> PREFIX a: <http://www.w3.org/2001/XMLSchema#> SELECT (a:exec('ls') AS ?x) {}",
        "BASE <bif:> SELECT (<exec>('ls') AS ?x) {}",
        "SELECT (<sql:foo>('ls') AS ?x) {}",
        "SELECT (<java:java.lang.Runtime>('ls') AS ?x) {}",
        "SELECT ?x { ?x <bif:contains> 'a' }",
        "DEFINE get:soft 'soft' SELECT * { ?s ?p ?o }",
    ],
)
def test_what_only_a_server_knows_does_not_reach_it(remote: InProcess, query: str) -> None:
    problem(remote.get("/sparql", params={"query": query}), 400, "invalid-query")


def test_answers_are_kept_until_the_dataset_changes(remote: InProcess) -> None:
    query = {"query": "SELECT (COUNT(*) AS ?n) { ?s a <urn:Kept> }"}
    first = remote.get("/sparql", params=query)
    etag = first.headers["etag"]
    assert remote.get("/sparql", params=query, headers={"If-None-Match": etag}).status_code == 304
    assert remote.post("/update", content="INSERT DATA { <urn:k> a <urn:Kept> }", headers=UPDATE).is_success
    second = remote.get("/sparql", params=query, headers={"If-None-Match": etag})
    assert second.status_code == 200
    assert second.headers["etag"] != etag
    assert second.json()["results"]["bindings"][0]["n"]["value"] == "1"
    assert remote.post("/update", content="DELETE DATA { <urn:k> a <urn:Kept> }", headers=UPDATE).is_success


def test_what_the_store_keeps_for_itself_does_not_show(
    server: SparqlServer, local: InProcess, remote: InProcess
) -> None:
    """While somebody writes there is a mark in a graph of its own."""
    query = {"query": "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"}
    with server.store().writer():
        same(local, remote, "GET", "/sparql", params=query)
        asked = {"query": "SELECT * { GRAPH <https://w3id.org/sdograph/store/state> { ?s ?p ?o } }"}
        assert remote.get("/sparql", params=asked).json()["results"]["bindings"] == []


def publish_note(server: SparqlServer, text: str) -> None:
    graph = ox.NamedNode("urn:notes")
    triple = ox.Triple(graph, ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#comment"), ox.Literal(text))
    with server.store().writer() as writer:
        writer.apply(writer.view.change(graph, [triple] if text else []))
        writer.publish()


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("/api/v1/groups", "/api/v1/liaison-statements"),
        ("/sparql?query=SELECT * { ?s a sdo:Group }", "/sparql?query=SELECT * { ?s a sdo:Body }"),
    ],
)
def test_what_changes_while_it_is_read_is_read_anew_once(
    server: SparqlServer, remote: InProcess, monkeypatch: pytest.MonkeyPatch, path: str, other: str
) -> None:
    changes = 1
    queries = remote.app.state.context.remote
    read = {"View": answers.View, "_converted": queries._converted}

    def reading(name: str) -> Callable[..., Any]:
        def read_later(*given: Any) -> Any:
            nonlocal changes
            if changes:
                changes -= 1
                publish_note(server, f"{changes} more changes")
            return read[name](*given)

        return read_later

    monkeypatch.setattr(answers, "View", reading("View"))
    monkeypatch.setattr(queries, "_converted", reading("_converted"))
    assert remote.get(path).status_code == 200
    assert changes == 0
    changes = 2
    problem(remote.get(other), 503, "superseded")
    assert changes == 0
    publish_note(server, "")


# --- writing


def test_the_same_is_written(local: InProcess, remote: InProcess) -> None:
    one = "https://w3id.org/sdograph/id/work-item/ETSI/SAI-014"
    for text, status in (
        (f"INSERT DATA {{ GRAPH <urn:g> {{ <{one}> rdfs:comment 'a note' }} }}", 200),
        # Stated by two graphs now, and so it stays when one of them goes.
        (f"INSERT DATA {{ GRAPH <urn:h> {{ <{one}> rdfs:comment 'a note' }} }}", 200),
        ("DROP GRAPH <urn:g>", 200),
        ("DELETE { ?s rdfs:comment ?c } INSERT { ?s rdfs:comment 'another' } "
         "USING <urn:h> WHERE { ?s rdfs:comment ?c }", 200),
        # What an operation writes the next one reads.
        (f"INSERT DATA {{ GRAPH <urn:i> {{ <{one}> rdfs:comment 'a third' }} }} ; "
         "WITH <urn:i> DELETE { ?s rdfs:comment ?c } INSERT { ?s rdfs:comment 'a fourth' } "
         "WHERE { ?s rdfs:comment ?c }", 200),
        (f"INSERT DATA {{ {SA3} org:unitOf 'nobody' }}", 422),
        ("INSERT DATA {", 400),
    ):  # fmt: skip
        answer = same(local, remote, "POST", "/update", content=text, headers=UPDATE)
        assert answer.status_code == status, answer.text
        same(local, remote, "GET", "/sparql", params={"query": f"SELECT * {{ <{one}> rdfs:comment ?c }}"})
    turtle = {**TOKEN, "Content-Type": "text/turtle"}
    for method, status in (("PUT", 201), ("GET", 200), ("POST", 204), ("DELETE", 204), ("GET", 404)):
        body = b"<urn:s> <urn:p> 1.50, true, 'x'@en ." if method in ("PUT", "POST") else None
        answer = same(local, remote, method, "/store?graph=urn:put", content=body, headers=turtle)
        assert answer.status_code == status, answer.text
    files = {"file": ("ls.txt", STATEMENT)}
    for commit in ("false", "true", "true"):
        given = {"files": files, "data": {"commit": commit}, "headers": TOKEN}
        same(local, remote, "POST", "/api/v1/ingest", **given)
    same(local, remote, "GET", "/api/v1/liaison-statements/3GPP/S3-211234")
    same(local, remote, "GET", "/api/v1/search?q=S3-211234")


def test_commands(
    server: SparqlServer,
    remote: InProcess,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    def run(*args: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as ended:
            main([*args, "--store", server.address, "--data-dir", str(tmp_path)])
        return int(ended.value.code or 0), capfd.readouterr().out

    assert "http://127.0.0.1" in run("info")[1]
    assert run("query", "ASK { ?g a sdo:Group }") == (0, "true\n")
    code, found = run("search", "SA3", "--format", "json")
    assert (code, json.loads(found)["data"][0]["label"]) == (0, "3GPP SA3")
    assert run("validate", "--format", "json")[0] in (0, 1)
    file = tmp_path / "ls.txt"
    file.write_bytes(STATEMENT.replace(b"S3-211234", b"S3-211235"))
    assert run("ingest", str(file), "--dry-run")[0] == 0
    assert remote.get("/api/v1/liaison-statements/3GPP/S3-211235").status_code == 404
    assert run("ingest", str(file))[0] == 0
    assert remote.get("/api/v1/liaison-statements/3GPP/S3-211235").status_code == 200
    assert run("rollback")[0] == 2
    graph = Graph.open(server.address)
    assert graph.query("ASK { ?g a sdo:Group }")
    assert graph.network("liaisons").number_of_edges()


# --- limits, and a server that fails


def test_limits_hold(over: Callable[..., InProcess]) -> None:
    small = over(query_timeout=0.001, cache_bytes=0)
    answer = problem(small.get("/sparql", params={"query": GROUPS}), 503, "timeout")
    assert answer["limit"] == {"name": "query_timeout", "value": 0.001, "unit": "seconds"}
    few = over(max_rows=2, cache_bytes=0)
    problem(few.get("/sparql", params={"query": GROUPS}), 413, "too-many-rows")
    problem(few.get("/sparql", params={"query": "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }"}), 413, "too-many-rows")
    short = over(max_result_bytes=100, cache_bytes=0)
    problem(short.get("/sparql", params={"query": GROUPS}), 413, "result-too-large")


def test_ready_says_whether_the_server_answers(remote: InProcess, over: Callable[..., InProcess]) -> None:
    assert remote.get("/health/ready").json()["status"] == "ok"
    assert "sdograph_store_up 1.0" in remote.get("/metrics").text
    nowhere = over("sparql+http://127.0.0.1:9/query?timeout=1")
    assert nowhere.get("/health/live").status_code == 200
    assert nowhere.get("/health/ready").status_code == 503
    assert "sdograph_store_up 0.0" in nowhere.get("/metrics").text
    for path in ("/sparql?query=ASK{}", "/api/v1/groups"):
        answer = nowhere.get(path)
        problem(answer, 503, "store-unreachable")
        assert "retry-after" in answer.headers


#: What a server may answer to a query, after it has told its version: head and body; how that is told.
FAULTS = {
    "a part, as Virtuoso": (
        b"200 OK",
        b"X-SQL-State: S1TAT\r\nX-SQL-Message: RC...\r\n",
        503,
        "store-cut-answer",
    ),
    "the first rows": (b"200 OK", b"X-SPARQL-MaxRows: 1\r\n", 503, "store-cut-answer"),
    "its time is up": (b"500 SPARQL Request Failed", b"", 503, "timeout"),
    "it is busy": (b"503 Service Unavailable", b"", 503, "store-busy"),
    "it fails": (b"500 Internal Server Error", b"", 502, "store-failed"),
    "it is another": (b"302 Found", b"Location: http://127.0.0.1:9/\r\n", 502, "store-failed"),
    "it ends half-way": (b"200 OK", b"Half: 1\r\n", 503, "store-unreachable"),
    "it breaks off within": (b"200 OK", b"Nonsense: 1\r\n", 503, "store-cut-answer"),
}


@pytest.fixture
def broken(server: SparqlServer) -> Iterator[Callable[[str], str]]:
    """The address of a server that answers like the real one, but queries from outside in a given way."""
    upstream = httpx.Client(timeout=30)
    listening = socket.create_server(("127.0.0.1", 0))
    fault = ""

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection, connection.makefile("rwb") as file:
                answer(file)

    def answer(file: Any) -> None:
        length = 0
        head = []
        while line := file.readline().strip():
            head.append(line)
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        body = file.read(length)
        if b"outside" not in body:
            real = upstream.post(
                server.address.removeprefix("sparql+").partition("?")[0], content=body,
                headers={"Content-Type": "application/x-www-form-urlencoded",
                         "Accept": "application/sparql-results+json"},
            )  # fmt: skip
            status, headers, content = b"200 OK", b"", real.content
        else:
            status, headers, _, _ = FAULTS[fault]
            content = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"urn:s"}}]}}'
            if status.startswith(b"500 S"):
                content = b"Virtuoso S1T00 Error SR171: Transaction timed out"
            if b"Nonsense" in headers:
                content = b'{"head":{"vars":["s"]},"results":{"bindings":[{'
        promised = len(content) * 2 if b"Half" in headers else len(content)
        file.write(
            b"HTTP/1.1 %s\r\nContent-Type: application/sparql-results+json\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n%s\r\n%s" % (status, promised, headers, content)
        )

    thread = threading.Thread(target=serve)
    thread.start()

    def address(kind: str) -> str:
        nonlocal fault
        fault = kind
        options = server.address.partition("?")[2]
        return f"sparql+http://127.0.0.1:{listening.getsockname()[1]}/query?{options}"

    yield address
    listening.shutdown(socket.SHUT_RDWR)
    listening.close()
    thread.join()
    upstream.close()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_part_of_an_answer_is_none(
    broken: Callable[[str], str], over: Callable[..., InProcess], fault: str
) -> None:
    *_, status, code = FAULTS[fault]
    client = over(broken(fault), cache_bytes=0)
    problem(client.get("/sparql", params={"query": "SELECT ?s { ?s a <urn:outside> }"}), status, code)
