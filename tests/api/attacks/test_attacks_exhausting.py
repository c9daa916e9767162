"""No query takes more than its share: of the stack, of time, of memory, of what others may ask."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from conftest import Target
from http_support import RUNAWAY, problem, wait_until


def post(target: Target, text: str, parameters: str = "") -> httpx.Response:
    headers = {"Content-Type": "application/sparql-query"}
    return target.client.post(f"/sparql{parameters}", content=text, headers=headers)


DEEP: dict[str, Callable[[int], str]] = {
    "subselects": lambda n: "SELECT * {" * n + "}" * n,
    "groups": lambda n: "SELECT * " + "{" * n + "}" * n,
    "options": lambda n: "SELECT * {" + "OPTIONAL {" * n + "}" * n + "}",
    "unions": lambda n: "SELECT * {" + "{} UNION {" * n + "}" * n + "}",
    "exists": lambda n: "ASK {" + "FILTER EXISTS {" * n + "}" * n + "}",
    "parentheses": lambda n: "SELECT * { BIND(" + "(" * n + "1" + ")" * n + " AS ?x) }",
    "functions": lambda n: "ASK { FILTER(" + "STR(" * n + "1" + ")" * n + ") }",
    "negations": lambda n: "ASK { FILTER(" + "!" * n + "true) }",
    "paths": lambda n: "ASK { ?s " + "(" * n + "<urn:p>" + ")*" * n + " ?o }",
    "inverse paths": lambda n: "ASK { ?s " + "^(" * n + "<urn:p>" + ")" * n + " ?o }",
    "property lists": lambda n: "ASK { ?s ?p " + "[ ?p " * n + "1" + "]" * n + " }",
    "lists": lambda n: "ASK { ?s ?p " + "(" * n + "1" + ")" * n + " }",
    "triples in triples": lambda n: "ASK { ?s ?p " + "<<( ?s ?p " * n + "1" + " )>>" * n + " }",
    "annotations": lambda n: "ASK { ?s ?p ?o " + "{| ?p ?o " * n + "|}" * n + " }",
}
#: What kills a parser that has the usual stack (measured on that of the engine).
DEPTHS = {"subselects": 1200, "groups": 2200, "options": 3000, "parentheses": 4700}


@pytest.mark.parametrize("kind", DEEP)
def test_what_is_nested_too_deep_is_not_parsed(target: Target, kind: str) -> None:
    for depth in (101, DEPTHS.get(kind, 5000)):
        answer = post(target, DEEP[kind](depth))
        document = problem(answer, 400, "invalid-query")
        assert "nested deeper than 100 levels" in document["detail"]
    assert target.server.workers()  # they were not even asked


CHAINS = {
    "or": "ASK { FILTER(true" + "||true" * 50_000 + ") }",
    "sums": "ASK { FILTER(1" + "+1" * 150_000 + ") }",
    "paths": "ASK { ?s <a>" + "/<a>" * 50_000 + " ?o }",
    "unions": "ASK { {}" + "UNION{}" * 30_000 + " }",
    "triples": "ASK { " + "?s ?p ?o." * 30_000 + " }",
    "objects": "ASK { ?s ?p 1" + ",1" * 150_000 + " }",
}


@pytest.mark.parametrize("text", CHAINS.values(), ids=CHAINS)
def test_long_chains_are_not_parsed(target: Target, text: str) -> None:
    answer = post(target, text)
    assert "more than 10000 operators" in problem(answer, 400, "invalid-query")["detail"]


def test_what_brings_the_parser_down_after_all_costs_one_process(target: Target) -> None:
    answer = post(target, "ASK { ?s ?p (" + "1 " * 190_000 + ") }")
    assert answer.status_code in (400, 503)
    assert answer.json()["code"] in ("too-complex", "timeout", "out-of-memory")


#: Honest, if long: each has more than 10,000 of something.
LONG = [
    "SELECT ?x { VALUES ?x {" + ' "2024-01-01"^^xsd:date' * 10_001 + "} } LIMIT 1",
    "SELECT ?x { VALUES ?x {" + " -1" * 10_001 + "} } LIMIT 1",
    "SELECT ?x { VALUES (?x ?y) {" + " (<urn:a> UNDEF)" * 10_001 + "} } LIMIT 1",
    "SELECT ?x { BIND(1 AS ?x) FILTER(?x IN (" + "-1," * 10_001 + "1)) } LIMIT 1",
]


@pytest.mark.parametrize("text", LONG)
def test_long_lists_of_values_are_answered(target: Target, text: str) -> None:
    answer = post(target, text, "?format=csv")
    assert (answer.status_code, answer.text.count("\r\n")) == (200, 2), answer.text[:300]


#: Each over a product of everything with everything.
ENDLESS = {
    "product": RUNAWAY,
    "aggregate": "SELECT ?p (COUNT(DISTINCT ?b) AS ?n) { ?a ?p ?b . ?c ?d ?e . ?f ?g ?h } GROUP BY ?p",
    "order": "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c LIMIT 1",
    "paths": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|!^<urn:x>)* ?b . ?c (!<urn:x>)* ?d }",
    "sequences of paths": "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>)+/(!<urn:x>)+ ?b . ?c ?d ?e . ?f ?g ?h }",
    "patterns": "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(REGEX(STR(?c), STR(?f))) }",
    "hashes": "SELECT (MAX(SHA512(CONCAT(STR(?c), STR(?f)))) AS ?m) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
}


def test_queries_without_end_have_one(target: Target) -> None:
    for title, text in ENDLESS.items():
        answer = target.server.query(text, timeout="0.4")
        assert answer.status_code == 503, (title, answer.text)
        document = problem(answer, 503, answer.json()["code"])
        assert document["code"] in ("timeout", "out-of-memory"), title
        if document["code"] == "timeout":
            assert document["limit"] == {"name": "query_timeout", "value": 0.4, "unit": "seconds"}
        assert int(answer.headers["retry-after"]) > 0


def test_a_pattern_that_would_backtrack_does_not(target: Target) -> None:
    text = f"SELECT (REGEX('{'a' * 5000}b', '^(a|a)*$') AS ?x) (REGEX('{'a' * 5000}!', '(a+)+$') AS ?y) {{}}"
    assert post(target, text).status_code == 200


def test_a_query_does_not_take_all_memory(target: Target) -> None:
    hoard = (
        "SELECT ?x (COUNT(?c) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i "
        "BIND(CONCAT(STR(?a), STR(?d), STR(?g), STR(?c), STR(?f), STR(?i)) AS ?x) } GROUP BY ?x"
    )
    double = "BIND(CONCAT(?x0, ?x0) AS ?x1) " + " ".join(
        f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(1, 40)
    )
    for text in (hoard, f"SELECT (STRLEN(?x40) AS ?n) {{ BIND('aaaaaaaaaa' AS ?x0) {double} }}"):
        answer = target.server.query(text)
        document = problem(answer, 503, answer.json()["code"])
        assert document["code"] in ("out-of-memory", "timeout")
        assert document["limit"]["name"] in ("worker_memory", "query_timeout")


@pytest.mark.parametrize("format", ["json", "xml", "csv", "tsv"])
def test_a_result_with_too_many_rows_is_refused_whole(target: Target, format: str) -> None:
    few, many = "LIMIT 5000", "LIMIT 5001"
    text = 'SELECT ?x { VALUES ?y { "a" "\\r\\n,{\\"" } ?a a ?b . ?c a ?d BIND("\\n" AS ?x) } '
    assert target.server.query(text + few, format=format).status_code == 200
    document = problem(target.server.query(text + many, format=format), 413, "too-many-rows")
    assert document["limit"] == {"name": "max_rows", "value": 5_000, "unit": "rows"}


@pytest.mark.parametrize("format", ["ttl", "nt", "rdf", "jsonld", "trig", "nq"])
def test_a_graph_with_too_many_triples_is_refused_whole(target: Target, format: str) -> None:
    text = (
        "CONSTRUCT { ?x <urn:p> 1 } { ?a a ?b . ?c a ?d BIND(IRI(CONCAT('urn:', STRUUID())) AS ?x) } LIMIT "
    )
    assert target.server.query(text + "1000", format=format).status_code == 200
    problem(target.server.query(text + "5001", format=format), 413, "too-many-rows")


def test_a_huge_result_is_refused_whole(target: Target) -> None:
    answer = target.server.query("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 4900")
    document = problem(answer, 413, "result-too-large")
    assert document["limit"] == {"name": "max_result_bytes", "value": 2 << 20, "unit": "bytes"}


def elsewhere(target: Target) -> httpx.Client:
    """Another client: on Linux all of 127/8 is this machine."""
    transport = httpx.HTTPTransport(local_address="127.0.0.2")
    return httpx.Client(base_url=target.server.address, transport=transport, timeout=60)


def test_many_at_once_from_one_client_do_not_keep_others_out(target: Target) -> None:
    def ask(number: int) -> httpx.Response:
        # Nobody has said that this client speaks for others.
        headers = {"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}"}
        with httpx.Client(timeout=60) as client:
            given: dict[str, Any] = {"query": f"{RUNAWAY} # {number}", "timeout": "3"}
            return client.get(f"{target.server.address}/sparql", params=given, headers=headers)

    with ThreadPoolExecutor(60) as pool, elsewhere(target) as other:
        flood = [pool.submit(ask, number) for number in range(60)]
        wait_until(lambda: any(answer.done() for answer in flood))
        for _ in range(10):
            assert other.get("/sparql", params={"query": "ASK { ?s a sdo:Body }"}).json()["boolean"] is True
        answers = [answer.result() for answer in flood]
    codes = {answer.json()["code"] for answer in answers}
    assert codes <= {"too-many-requests", "too-many-long-queries", "timeout"}
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    for answer in refused:
        document = problem(answer, 429, "too-many-requests")
        assert document["limit"] == {"name": "max_client_requests", "value": 20, "unit": "requests"}
        assert int(answer.headers["retry-after"]) > 0
        assert answer.headers["access-control-allow-origin"] == "*"
    wait_until(lambda: target.workers()["long"] == 0)
