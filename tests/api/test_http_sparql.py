"""The SPARQL endpoint: protocol, forms, refusals. In this process, with real workers."""

from __future__ import annotations

import json
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from http_support import ID, InProcess, problem

SA3 = f"<{ID}group/3GPP-SA3>"
SELECT = f"SELECT ?label {{ {SA3} rdfs:label ?label }}"
ASK = "ASK { ?s a sdo:Group }"
CONSTRUCT = f"CONSTRUCT {{ ?s rdfs:label ?l }} WHERE {{ VALUES ?s {{ {SA3} }} ?s rdfs:label ?l }}"
FORM = "application/x-www-form-urlencoded"


def bindings(content: bytes) -> list[dict[str, str]]:
    return [
        {name: value["value"] for name, value in row.items()}
        for row in json.loads(content)["results"]["bindings"]
    ]


@pytest.mark.parametrize("path", ["/sparql", "/sparql/"])
def test_get_answers_json_to_those_who_take_anything(client: InProcess, path: str) -> None:
    answer = client.get(path, params={"query": SELECT})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/sparql-results+json"
    assert bindings(answer.content) == [{"label": "3GPP SA3"}]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("headers", "params", "content"),
    [
        ({"Content-Type": "application/sparql-query"}, {}, SELECT),
        ({"Content-Type": "application/sparql-query; charset=UTF-8"}, {}, SELECT),
        ({"Content-Type": FORM}, {}, f"query={quote(SELECT)}"),
        ({"Content-Type": FORM}, {"format": "json"}, f"query={quote(SELECT)}&timeout=5"),
    ],
)
def test_queries_can_be_posted(
    client: InProcess, headers: dict[str, str], params: dict[str, str], content: str
) -> None:
    answer = client.post("/sparql", headers=headers, params=params, content=content)
    assert bindings(answer.content) == [{"label": "3GPP SA3"}]
    # What was posted is nobody's to keep.
    assert "etag" not in answer.headers


@pytest.mark.parametrize(
    ("query", "accept", "content_type", "begins"),
    [
        (SELECT, "application/sparql-results+json", "application/sparql-results+json", b'{"head":'),
        (SELECT, "application/json", "application/json", b'{"head":'),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml", b"<?xml"),
        (SELECT, "application/xml", "application/xml", b"<?xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8", b"label\r\n3GPP SA3\r\n"),
        (
            SELECT,
            "text/tab-separated-values",
            "text/tab-separated-values; charset=utf-8",
            b'?label\n"3GPP SA3"',
        ),
        (
            SELECT,
            "text/csv;q=0.2, application/sparql-results+xml;q=0.9",
            "application/sparql-results+xml",
            b"<?xml",
        ),
        (SELECT, "text/*", "text/csv; charset=utf-8", b"label"),
        (SELECT, "*/*", "application/sparql-results+json", b"{"),
        (SELECT, "text/csv, */*", "text/csv; charset=utf-8", b"label"),
        (ASK, "text/csv;q=0, */*", "application/sparql-results+json", b'{"head":{},"boolean":true}'),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8", b"@prefix"),
        (CONSTRUCT, "application/n-triples", "application/n-triples", SA3.encode()),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml", b"<?xml"),
        (CONSTRUCT, "application/ld+json", "application/ld+json", b"["),
        (CONSTRUCT, "application/trig", "application/trig", b"@prefix"),
        (CONSTRUCT, "application/n-quads", "application/n-quads", SA3.encode()),
        (f"DESCRIBE {SA3}", "text/turtle", "text/turtle; charset=utf-8", b"@prefix"),
    ],
)
def test_content_negotiation(
    client: InProcess, query: str, accept: str, content_type: str, begins: bytes
) -> None:
    answer = client.get("/sparql", params={"query": query}, headers={"Accept": accept})
    assert answer.headers["content-type"] == content_type
    assert answer.content.startswith(begins)
    assert answer.headers["vary"] == "Accept"


@pytest.mark.parametrize(
    ("query", "name", "content_type"),
    [
        (SELECT, "csv", "text/csv; charset=utf-8"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, "nt", "application/n-triples"),
        (CONSTRUCT, "turtle", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "json", "application/ld+json"),
        (CONSTRUCT, "rdf+xml", "application/rdf+xml"),
    ],
)
def test_format_goes_before_accept(client: InProcess, query: str, name: str, content_type: str) -> None:
    answer = client.get("/sparql", params={"query": query, "format": name}, headers={"Accept": "image/png"})
    assert answer.headers["content-type"] == content_type


def test_turtle_reads_as_the_same_triples(client: InProcess) -> None:
    answer = client.get("/sparql", params={"query": CONSTRUCT})
    assert [str(q.triple.object) for q in ox.parse(answer.content, ox.RdfFormat.TURTLE)] == ['"3GPP SA3"']


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_head_is_get_without_the_body(client: InProcess, method: str) -> None:
    answer = client.request(method, "/sparql", params={"query": SELECT})
    length = len(client.get("/sparql", params={"query": SELECT}).content)
    assert answer.headers["content-length"] == str(length)
    assert len(answer.content) == (length if method == "GET" else 0)


def test_options_is_answered(client: InProcess) -> None:
    answer = client.request("OPTIONS", "/sparql")
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"


REFUSED = [
    ("SELECT * { ?s ?p }", "syntax", "line 1, column 18"),
    ("SELECT *\n{ ?s ?p ?o . FILTER(?s > ) }", "syntax", "line 2, column 26"),
    ("SELECT (x:f(?s) AS ?y) {}", "syntax", "line 1, column 9"),
    ("SELECT * { ?s ?p", "invalid-query", "line 1, column 17"),
    ("SELECT * { SERVICE <http://127.0.0.1:1/> {} }", "invalid-query", "line 1, column 12"),
    ("SELECT * {" + "{" * 5000 + "}" * 5000 + "}", "invalid-query", "line 1, column 110"),
    ("", "syntax", "line 1, column 1"),
    ("PREFIX a: <http://a/>", "syntax", "line 1, column 1"),
]


@pytest.mark.parametrize(("query", "code", "where"), REFUSED, ids=[q[:30] for q, _, _ in REFUSED])
def test_a_wrong_query_is_told_where(client: InProcess, query: str, code: str, where: str) -> None:
    document = problem(client.get("/sparql", params={"query": query}), 400, code)
    assert document["where"] == where
    assert f"line {document['line']}, column {document['column']}" == where
    assert document["hint"]


def test_an_undeclared_prefix_is_named(client: InProcess) -> None:
    document = problem(client.get("/sparql", params={"query": "ASK { ?s nobody:x 1 }"}), 400, "syntax")
    assert document["detail"] == "the prefix nobody: is not declared"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("INSERT DATA { <http://a> <http://b> 1 }", "update-as-query"),
        ("LOAD <http://127.0.0.1:1/>", "invalid-query"),
        ("SELECT (<http://nobody/knows>(1) AS ?x) {}", "invalid-query"),
        ("SELECT * FROM <http://nowhere/> { ?s ?p ?o }", "no-such-graph"),
        ("SELECT * FROM NAMED <http://nowhere/> { GRAPH ?g { ?s ?p ?o } }", "no-such-graph"),
    ],
)
def test_what_is_no_query_of_this_graph_is_refused(client: InProcess, query: str, code: str) -> None:
    problem(client.get("/sparql", params={"query": query}), 400, code)


def test_a_graph_that_is_not_here_is_named(client: InProcess) -> None:
    query = "SELECT * FROM graph:ls FROM <http://nowhere/> { ?s ?p ?o }"
    document = problem(client.get("/sparql", params={"query": query}), 400, "no-such-graph")
    assert document["graph"] == "http://nowhere/"


@pytest.mark.parametrize(
    ("method", "arguments", "status", "code"),
    [
        ("GET", {"params": [("query", ASK), ("query", ASK)]}, 400, "repeated-parameter"),
        ("GET", {"params": {"query": ASK, "timeout": "soon"}}, 400, "invalid-parameter"),
        ("GET", {"params": {"query": ASK, "timeout": "-1"}}, 400, "invalid-parameter"),
        ("GET", {"params": {"query": ASK, "format": "png"}}, 400, "unknown-format"),
        ("GET", {"params": {"query": ASK, "default-graph-uri": "relative"}}, 400, "invalid-iri"),
        ("GET", {"params": {"update": "CLEAR ALL"}}, 400, "update-as-query"),
        ("GET", {"params": {"query": ASK}, "headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
        ("POST", {"content": ASK}, 415, "unsupported-media-type"),
        ("POST", {"content": ASK, "headers": {"Content-Type": "text/plain"}}, 415, "unsupported-media-type"),
        ("POST", {"content": "a=b", "headers": {"Content-Type": FORM}}, 400, "missing-query"),
        ("POST", {"content": b"query=%ff", "headers": {"Content-Type": FORM}}, 400, "malformed-parameters"),
        ("POST", {"content": b"query=%zz", "headers": {"Content-Type": FORM}}, 400, "malformed-parameters"),
        (
            "POST",
            {"content": b"\xff", "headers": {"Content-Type": "application/sparql-query"}},
            400,
            "not-utf-8",
        ),
        (
            "POST",
            {
                "content": ASK,
                "params": {"query": ASK},
                "headers": {"Content-Type": "application/sparql-query"},
            },
            400,
            "repeated-parameter",
        ),
        (
            "POST",
            {"content": b"#" * 1_100_000, "headers": {"Content-Type": "application/sparql-query"}},
            413,
            "body-too-large",
        ),
        ("PUT", {"content": ASK}, 405, "method-not-allowed"),
        ("DELETE", {}, 405, "method-not-allowed"),
    ],
)
def test_refusals_of_the_protocol(
    client: InProcess, method: str, arguments: dict[str, object], status: int, code: str
) -> None:
    answer = client.request(method, "/sparql", **arguments)  # type: ignore[arg-type]
    problem(answer, status, code)
    if status == 405:
        assert answer.headers["allow"] == "GET, HEAD, POST, OPTIONS"


def test_a_large_result_is_refused_whole_with_the_limit(client: InProcess) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 100000"
    document = problem(client.get("/sparql", params={"query": query}), 413, "result-too-large")
    assert document["limit"] == {"name": "max_result_bytes", "value": 100_000, "unit": "bytes"}


def test_etag_of_the_generation(client: InProcess) -> None:
    first = client.get("/sparql", params={"query": SELECT})
    assert first.headers["cache-control"] == "public, no-cache"
    again = client.get("/sparql", params={"query": SELECT}, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    as_csv = {"Accept": "text/csv", "If-None-Match": first.headers["etag"]}
    assert client.get("/sparql", params={"query": SELECT}, headers=as_csv).status_code == 200


def test_what_differs_each_time_has_no_etag(client: InProcess) -> None:
    assert "etag" not in client.get("/sparql", params={"query": "SELECT (NOW() AS ?n) {}"}).headers


def test_several_graphs_are_merged_without_duplicates(client: InProcess) -> None:
    # The label of SA3 stands in both graphs.
    label = f"{{ {SA3} rdfs:label ?l }}"
    merged = f"SELECT (COUNT(*) AS ?n) FROM graph:registry FROM graph:reply {label}"
    assert bindings(client.get("/sparql", params={"query": merged}).content) == [{"n": "1"}]
    graphs = [
        ("default-graph-uri", f"https://w3id.org/sdograph/graph/{name}") for name in ("registry", "reply")
    ]
    counted = [("query", f"SELECT (COUNT(*) AS ?n) {label}"), *graphs]
    assert bindings(client.get("/sparql", params=counted).content) == [{"n": "1"}]


def test_the_dataset_of_the_protocol_goes_before_from(client: InProcess) -> None:
    query = "SELECT DISTINCT ?g FROM graph:ls FROM NAMED graph:ls { GRAPH ?g { ?s ?p ?o } }"
    named = "https://w3id.org/sdograph/graph/reply"
    answer = client.get("/sparql", params={"query": query, "named-graph-uri": named})
    assert bindings(answer.content) == [{"g": named}]


def test_one_graph_is_the_default_graph(client: InProcess) -> None:
    query = "SELECT (COUNT(DISTINCT ?s) AS ?n) FROM graph:ls { ?s a sdo:LiaisonStatement }"
    assert bindings(client.get("/sparql", params={"query": query}).content) == [{"n": "1"}]


def test_without_from_the_default_graph_is_the_merge(client: InProcess) -> None:
    query = "SELECT (COUNT(*) AS ?n) { ?s a sdo:LiaisonStatement }"
    assert bindings(client.get("/sparql", params={"query": query}).content) == [{"n": "3"}]


def test_without_a_query_programs_get_the_service_description(client: InProcess) -> None:
    answer = client.get("/sparql", headers={"Accept": "application/n-triples"})
    sd = "http://www.w3.org/ns/sparql-service-description#"
    endpoint = f"<http://testserver/sparql#service> <{sd}endpoint> <http://testserver/sparql> ."
    assert endpoint in answer.text
    again = client.get(
        "/sparql", headers={"Accept": "application/n-triples", "If-None-Match": answer.headers["etag"]}
    )
    assert again.status_code == 304


def test_without_a_query_people_get_a_page(client: InProcess) -> None:
    answer = client.get("/sparql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "<textarea" in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_behind_a_proxy_below_a_path(client: InProcess) -> None:
    query = quote(SELECT)
    root = "/graph-of/standards"
    assert client.get(f"{root}/sparql?query={query}", root_path=root).status_code == 200
    accept = {"Accept": "application/n-triples"}
    description = client.get(f"{root}/sparql", root_path=root, headers=accept).text
    assert "<http://testserver/graph-of/standards/sparql>" in description


def test_of_a_format_given_in_two_ways_the_first_counts(client: InProcess) -> None:
    formats = [("format", "rdf+xml"), ("format", "application/rdf+xml"), ("output", "rdf+xml")]
    answer = client.get("/sparql", params=[("query", CONSTRUCT), *formats])
    assert answer.headers["content-type"] == "application/rdf+xml"
