"""Nothing leads the server to another server, or to a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from canaries import SECRET
from conftest import TOKEN, Target
from http_support import problem

DIRECT = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/sparql-update"}


def queries(address: str, file: str) -> Iterator[str]:
    for place in (f"<{address}/sparql>", f"<{file}>"):
        yield f"SELECT * {{ SERVICE {place} {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ SERVICE SILENT {place} {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ \\u0053ERVICE {place} {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ VALUES ?g {{ {place} }} SERVICE ?g {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ BIND({place} AS ?g) SERVICE SILENT ?g {{ ?s ?p ?o }} }}"
        yield f"SELECT * {{ {{ SELECT * {{ OPTIONAL {{ SERVICE {place} {{ ?s ?p ?o }} }} }} }} }}"
        yield f"SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE {place} {{ ?s ?p ?o }} }} }}"
        yield f"SELECT * {{ SERVICE # ' \" {{\n {place} {{ ?s ?p ?o }} }}"
        yield f'SELECT * {{ ?s a sdo:Group FILTER(1<2)#>"""\n SERVICE {place} {{}} #"""\n }}'
        yield f"ASK {{ ?s ?p trueSERVICE {place} {{ ?a ?b ?c }} }}"
        yield f"DESCRIBE ?s {{ SERVICE {place} {{ ?s ?p ?o }} }}"
        yield f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ SERVICE {place} {{ ?s ?p ?o }} }}"
        yield f"LOAD {place}"
        yield f"SELECT * FROM {place} {{ ?s ?p ?o }}"
        yield f"SELECT * FROM NAMED {place} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
        yield f"SELECT * FROM {place} FROM <urn:other> {{ ?s ?p ?o }}"
    yield f"PREFIX e: <{address}/> SELECT * {{ SERVICE e:sparql {{ ?s ?p ?o }} }}"
    yield f"PREFIX e: <{address}/> SELECT * {{ servicee:sparql {{ ?s ?p ?o }} }}"
    yield f"PREFIX service: <{address}/> SELECT * {{ service:sparql {{ ?s ?p ?o }} }}"
    yield f"BASE <{address}/> SELECT * {{ SERVICE <sparql> {{ ?s ?p ?o }} }}"
    yield f"BASE <{address}/> SELECT * FROM <graph> {{ ?s ?p ?o }}"


def test_queries_reach_nobody(target: Target) -> None:
    for text in queries(target.http.address, target.file.path.as_uri()):
        for answer in (target.server.query(text), target.client.post("/sparql", data={"query": text})):
            assert answer.status_code == 400, text
            assert SECRET not in answer.text


def test_a_dataset_that_is_not_here_is_refused_by_name(target: Target) -> None:
    address = f"{target.http.address}/graph"
    for clause in (f"FROM <{address}>", f"FROM NAMED <{address}>"):
        answer = target.server.query(f"SELECT * {clause} {{ ?s ?p ?o }}")
        assert problem(answer, 400, "no-such-graph")["graph"] == address


@pytest.mark.parametrize("name", ["default-graph-uri", "named-graph-uri"])
def test_a_dataset_in_the_parameters_is_not_fetched(target: Target, name: str) -> None:
    for address in (f"{target.http.address}/graph", target.file.path.as_uri()):
        answer = target.server.query(
            "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }", **{name: address}
        )
        assert answer.json()["boolean"] is False


def updates(address: str, file: str) -> Iterator[str]:
    for place in (f"<{address}/graph>", f"<{file}>"):
        yield f"LOAD {place}"
        yield f"LOAD SILENT {place} INTO GRAPH <urn:g>"
        yield f"\\u004COAD {place}"
        yield f"CREATE SILENT GRAPH <urn:g> ; # ;\n LOAD {place} INTO GRAPH <urn:g>"
        yield f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {place} {{ ?s ?p ?o }} }}"
        yield f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT {place} {{ ?s ?p ?o }} }}"
        yield f"COPY {place} TO <urn:g>"
    yield f"PREFIX e: <{address}/> LOAD e:graph"
    yield f"BASE <{address}/> LOAD <graph>"


def test_updates_reach_nobody(target: Target) -> None:
    for text in updates(target.http.address, target.file.path.as_uri()):
        answer = target.client.post("/update", content=text, headers=DIRECT)
        assert answer.status_code == 400, (text, answer.text)


@pytest.mark.parametrize("word", ["USING", "USING NAMED"])
def test_an_update_over_what_is_not_here_fetches_nothing(target: Target, word: str) -> None:
    for place in (f"{target.http.address}/graph", target.file.path.as_uri()):
        pattern = "{ { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        text = f"INSERT {{ GRAPH <urn:g> {{ ?s ?p ?o }} }} {word} <{place}> WHERE {pattern}"
        answer = target.client.post("/update", content=text, headers=DIRECT)
        assert problem(answer, 400, "no-such-graph")["graph"] == place


def contexts(place: str) -> Iterator[object]:
    yield {"@context": place, "@id": "urn:x", "name": "y"}
    yield {"@context": [place, {"a": "urn:a"}], "@id": "urn:x", "name": "y"}
    yield {"@context": {"@import": place}, "@id": "urn:x", "name": "y"}
    yield {"@context": {"t": {"@id": "urn:t", "@context": place}}, "@id": "urn:x", "t": {"name": "y"}}
    yield [{"@context": place, "@id": "urn:x", "name": "y"}]
    yield {"@id": "urn:x", "urn:p": {"@context": place, "@id": "urn:y", "name": "z"}}


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_contexts_of_json_ld_are_not_fetched(target: Target, method: str) -> None:
    for place in (f"{target.http.address}/context", target.file.path.as_uri(), str(target.file.path)):
        for document in contexts(place):
            body = json.dumps(document)
            sent = _store(target, method, body.encode(), "application/ld+json")
            assert sent.status_code == 400, (document, sent.text)
    form = {
        "file": (
            "a.jsonld",
            json.dumps({"@context": f"{target.http.address}/context"}),
            "application/ld+json",
        )
    }
    answer = target.client.post(
        "/store?graph=urn:g", files=form, headers={"Authorization": DIRECT["Authorization"]}
    )
    assert answer.status_code == 400


def _store(target: Target, method: str, body: bytes, media_type: str) -> httpx.Response:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": media_type}
    return target.client.request(method, "/store?graph=urn:attacked", content=body, headers=headers)


RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
DESCRIPTION = (
    f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="urn:e" xmlns:xi="http://www.w3.org/2001/XInclude">'
    '<rdf:Description rdf:about="urn:x">%s</rdf:Description></rdf:RDF>'
)


def external_entities(address: str, file: Path) -> Iterator[str]:
    node = DESCRIPTION % "<e:p>&x;</e:p>"
    for place in (f"{address}/entity", file.as_uri(), str(file)):
        yield f'<!DOCTYPE r [<!ENTITY x SYSTEM "{place}">]>{node}'
        yield f'<!DOCTYPE r [<!ENTITY x PUBLIC "p" "{place}">]>{node}'
        yield f'<!DOCTYPE r SYSTEM "{place}">{node}'
        yield f'<!DOCTYPE r [<!ENTITY % x SYSTEM "{place}"> %x;]>{node}'
        yield f'<?xml-stylesheet type="text/xsl" href="{place}"?>{DESCRIPTION % ""}'
        yield DESCRIPTION % f'<xi:include href="{place}" parse="text"/>'


def test_external_entities_of_xml_are_not_read(target: Target) -> None:
    for document in external_entities(target.http.address, target.file.path):
        answer = _store(target, "PUT", document.encode(), "application/rdf+xml")
        assert answer.status_code < 500, (document, answer.text)
        target.client.delete("/store?graph=urn:attacked", headers={"Authorization": DIRECT["Authorization"]})


def test_graphs_are_no_files(target: Target) -> None:
    for iri in (target.file.path.as_uri(), f"{target.http.address}/graph"):
        answer = target.client.get("/store", params={"graph": iri}, headers={"Accept": "text/turtle"})
        problem(answer, 404, "no-such-graph")
