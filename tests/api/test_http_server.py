"""The server about itself, exports, what is switched off; and one shape of errors everywhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from http_support import InProcess, problem
from pydantic import ValidationError

from sdograph.errors import SdographError, StoreDamaged, WriterBusy
from sdograph_api.problems import from_error
from sdograph_api.settings import Settings


def test_health_names_generation_and_workers(client: InProcess) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    state = answer.json()
    assert (state["status"], state["generation"]) == ("ok", 1)
    assert state["workers"]["idle"] + state["workers"]["starting"] + state["workers"]["busy"] >= 1
    assert answer.headers["cache-control"] == "no-store"


def test_the_start_page_leads_everywhere(client: InProcess) -> None:
    answer = client.get("/")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    for path in (
        "/sparql", "/docs", "/ontology", "/shapes", "/health", "/.well-known/void", "/id/group",
        "/export/liaisons/graph.gexf", "/export/dataset/graph.nq",
    ):  # fmt: skip
        assert f'href="{path}"' in answer.text
        assert client.get(path).status_code == 200, path


def test_example_queries_of_the_start_page_can_be_asked(client: InProcess) -> None:
    links = [part.partition('"')[0] for part in client.get("/").text.split('href="')[1:]]
    asked = [link.replace("&amp;", "&") for link in links if link.startswith("/sparql?")]
    assert len(asked) >= 5
    for link in asked:
        answer = client.get(link)
        assert answer.headers["content-type"] == "application/sparql-results+json", answer.text


def test_void_counts_and_links(client: InProcess) -> None:
    answer = client.get("/.well-known/void", headers={"Accept": "application/n-triples"})
    void = "http://rdfs.org/ns/void#"
    dataset = "<https://w3id.org/sdograph/dataset>"
    assert f"{dataset} <{void}sparqlEndpoint> <http://testserver/sparql> ." in answer.text
    assert f"{dataset} <{void}dataDump> <http://testserver/export/dataset/graph.nq> ." in answer.text
    triples = {quad.triple for quad in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES)}
    (body,) = [t.subject for t in triples if str(t.object) == "<https://w3id.org/sdograph/ontology#Body>"]
    entities = ox.NamedNode(f"{void}entities")
    assert [int(t.object.value) for t in triples if t.subject == body and t.predicate == entities] == [4]


def test_openapi_documents_every_list_and_its_parameters(client: InProcess) -> None:
    description = client.get("/openapi.json").json()
    paths = description["paths"]
    for path in ("/sparql", "/id/{path}", "/export/{view}/{path}", "/health", "/api/v1/liaisons"):
        assert "get" in paths[path]
    listed = paths["/api/v1/liaison-statements"]["get"]
    assert {"from", "to", "as_of", "limit"} <= {p["name"] for p in listed["parameters"]}
    schema = listed["responses"]["200"]["content"]["application/json"]["schema"]
    assert schema["$ref"].startswith("#/components/schemas/Page")
    assert "application/problem+json" in listed["responses"]["400"]["content"]
    assert "422" not in listed["responses"]
    assert "ProblemDocument" in description["components"]["schemas"]


def test_docs_list_every_operation_and_load_nothing(client: InProcess) -> None:
    page = client.get("/docs").text
    operations = client.get("/openapi.json").json()["paths"].items()
    listed = [f"{method.upper()} {path}" for path, methods in operations for method in methods]
    assert "GET /api/v1/bodies" in listed
    assert not [operation for operation in listed if operation not in page]
    assert "<script" not in page
    assert "http://" not in page.replace("http://www", "").replace("http://testserver", "")


@pytest.mark.parametrize("view", ["liaisons", "relationships", "organisation", "work", "threads"])
def test_networks_as_gexf(client: InProcess, view: str) -> None:
    answer = client.get(f"/export/{view}/graph.gexf")
    assert answer.headers["content-type"].startswith("application/gexf+xml")
    assert answer.headers["access-control-allow-origin"] == "*"
    document = ElementTree.fromstring(answer.content)
    assert document.tag == "{http://gexf.net/1.3}gexf"


def edges(content: bytes) -> set[tuple[str | None, str | None]]:
    found = ElementTree.fromstring(content).iter("{http://gexf.net/1.3}edge")
    return {(edge.get("source"), edge.get("target")) for edge in found}


def test_filters_of_exports_stand_in_the_path(client: InProcess) -> None:
    answer = client.get("/export/liaisons/since=2024/body=ETSI/graph.gexf")
    assert edges(answer.content) == {("3GPP-SA3", "ETSI-TC-SAI")}


@pytest.mark.parametrize("format", ["graphml", "json", "csv", "cytoscape", "dot", "ttl", "nt"])
def test_networks_in_other_formats(client: InProcess, format: str) -> None:
    answer = client.get(f"/export/liaisons/graph.{format}")
    assert answer.status_code == 200
    assert b"ETSI-ISG-SAI" in answer.content


def test_the_whole_graph(client: InProcess) -> None:
    answer = client.get("/export/dataset/graph.nq")
    graphs = {str(quad.graph_name) for quad in ox.parse(answer.content, ox.RdfFormat.N_QUADS)}
    assert "<https://w3id.org/sdograph/graph/ls>" in graphs


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/export/liaisons/graph.bmp", 404, "unknown-format"),
        ("/export/liaisons/other.gexf", 404, "not-found"),
        ("/export/liaisons/graph", 404, "not-found"),
        ("/export/nothing/graph.gexf", 404, "not-found"),
        ("/export/liaisons/since/graph.gexf", 400, "usage"),
        ("/export/liaisons/colour=red/graph.gexf", 400, "usage"),
        ("/export/liaisons/since=soon/graph.gexf", 400, "usage"),
        ("/export/liaisons/body=NOBODY/graph.gexf", 400, "usage"),
        ("/export/dataset/body=ETSI/graph.nq", 400, "usage"),
        ("/export/dataset/graph.gexf", 404, "unknown-format"),
        ("/nothing", 404, "not-found"),
        ("/api/v2/bodies", 404, "not-found"),
        ("/id", 404, "not-found"),
    ],
)
def test_errors_have_one_shape(client: InProcess, path: str, status: int, code: str) -> None:
    assert problem(client.get(path), status, code)["hint"]


@pytest.mark.parametrize("path", ["/update", "/store"])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_writing_is_off(client: InProcess, method: str, path: str) -> None:
    problem(client.request(method, path), 403, "writing-off")


@pytest.mark.parametrize("path", ["/api/v1/bodies", "/id/body/ETSI", "/health", "/ontology", "/docs"])
def test_other_methods_are_405_with_those_allowed(client: InProcess, path: str) -> None:
    answer = client.post(path)
    problem(answer, 405, "method-not-allowed")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize("path", ["/api/v1/bodies", "/id/body/ETSI.ttl", "/export/liaisons/graph.gexf", "/"])
def test_head_is_get_without_the_body(client: InProcess, path: str) -> None:
    whole, head = client.get(path), client.request("HEAD", path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == str(len(whole.content))
    assert head.headers["etag"] == whole.headers["etag"]


def test_preflight_requests_are_answered(client: InProcess) -> None:
    answer = client.request("OPTIONS", "/api/v1/bodies", headers={"Origin": "http://elsewhere"})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (WriterBusy("another process is writing", where="/secret/path", hint="wait"), 409),
        (StoreDamaged("cannot be opened", where="/secret/path"), 503),
        (SdographError("something", where="row 3"), 500),
    ],
)
def test_paths_of_the_server_do_not_leave_it(error: SdographError, status: int) -> None:
    found = from_error(error)
    assert found.status == status
    assert b"secret" not in found.body()
    assert found.document()["where"] == (None if error.where == "/secret/path" else "row 3")


@pytest.mark.parametrize(
    ("name", "value"),
    [("query_workers", 0), ("query_timeout", 0), ("max_result_bytes", -1), ("worker_memory", "much")],
)
def test_settings_that_make_no_sense_are_refused(name: str, value: Any, tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        Settings(data_dir=tmp_path, **{name: value})


@pytest.mark.parametrize("kept", ["", "/sdo"], ids=["the proxy takes the path off", "the proxy leaves it"])
def test_a_public_address_below_a_path(data_dir: Path, kept: str) -> None:
    client = InProcess(
        Settings(data_dir=data_dir, query_workers=1, public_url="https://graph.example.org/sdo/")
    )
    try:
        description = client.get(f"{kept}/sparql", headers={"Accept": "application/n-triples"}).text
        page = client.get(f"{kept}/id/body/ETSI.html").text
        first = client.get(f"{kept}/api/v1/groups?limit=1")
    finally:
        client.close()
    assert "<https://graph.example.org/sdo/sparql>" in description
    assert 'href="/sdo/id/group/ETSI-TC-SAI"' in page
    assert first.links["next"]["url"].startswith(
        "https://graph.example.org/sdo/api/v1/groups?limit=1&cursor="
    )
