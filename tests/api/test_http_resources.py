"""Linked data: every form of a resource, redirects, pages; and the vocabulary."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
from http_support import ID, InProcess, problem

SA3 = ox.NamedNode(f"{ID}group/3GPP-SA3")
LABEL = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
FORMS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("by", ["suffix", "accept"])
def test_a_resource_as_rdf(client: InProcess, form: str, by: str) -> None:
    media_type, rdf = FORMS[form]
    if by == "suffix":
        answer = client.get(f"/id/group/3GPP-SA3.{form}")
    else:
        answer = client.get("/id/group/3GPP-SA3", headers={"Accept": media_type})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert answer.headers["content-location"] == f"/id/group/3GPP-SA3.{form}"
    assert answer.headers["vary"] == "Accept"
    assert answer.headers["access-control-allow-origin"] == "*"
    triples = {quad.triple for quad in ox.parse(answer.content, rdf)}
    assert ox.Triple(SA3, LABEL, ox.Literal("3GPP SA3")) in triples
    # The labels of what it leads to come along; of other resources nothing does.
    assert ox.Triple(ox.NamedNode(f"{ID}body/3GPP"), LABEL, ox.Literal("3GPP")) in triples
    assert all(t.predicate == LABEL for t in triples if t.subject != SA3)


def test_a_resource_as_json(client: InProcess) -> None:
    for answer in (
        client.get("/id/group/3GPP-SA3.json"),
        client.get("/id/group/3GPP-SA3", headers={"Accept": "application/json"}),
    ):
        assert answer.headers["content-type"] == "application/json"
        data = answer.json()["data"]
        assert (data["id"], data["label"]) == (SA3.value, "3GPP SA3")
        scope = data["properties"]["https://w3id.org/sdograph/ontology#scope"]
        assert [value["value"] for value in scope["values"]] == ["Security and Privacy"]
        sent = data["incoming"]["https://schema.org/sender"]
        assert (sent["count"], [r["key"] for r in sent["resources"]]) == (1, ["3GPP/S3-240001"])
        assert [e["locator"] for e in data["evidence"]] == ["row 17"]


@pytest.mark.parametrize("suffix", ["", ".ttl", ".json", ".html"])
def test_a_resource_under_another_iri_redirects(client: InProcess, suffix: str) -> None:
    answer = client.get(f"/id/group/3GPP-TSG-SA{suffix}")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"/id/group/3GPP-SA{suffix}"


@pytest.mark.parametrize(
    "path",
    ["/id/group/NONE", "/id/group/NONE.ttl", "/id/", "/id/a<b", "/scheme/none", "/graph/none", "/graph/"],
)
def test_what_is_not_there_is_404(client: InProcess, path: str) -> None:
    problem(client.get(path), 404, "not-found")


def test_what_nobody_can_send_is_406(client: InProcess) -> None:
    problem(client.get("/id/group/3GPP-SA3", headers={"Accept": "image/png"}), 406, "not-acceptable")


def test_etags_differ_by_form(client: InProcess) -> None:
    turtle, json = client.get("/id/body/ETSI.ttl"), client.get("/id/body/ETSI.json")
    assert turtle.headers["etag"] != json.headers["etag"]
    again = client.get("/id/body/ETSI.ttl", headers={"If-None-Match": turtle.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/id/body/ETSI.ttl", headers={"If-None-Match": json.headers["etag"]}).status_code == 200


def test_a_page_for_people(client: InProcess) -> None:
    answer = client.get("/id/group/3GPP-SA3", headers={"Accept": "text/html,*/*;q=0.5"})
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    page = answer.text
    assert "<h1>3GPP SA3</h1>" in page
    assert '<a href="/id/body/3GPP">3GPP</a>' in page
    assert '<a href="/id/liaison-statement/ETSI/SAI-LS-1">LS on potential collaboration</a>' in page
    assert "row 17" in page


def test_pages_load_nothing_and_escape_everything(client: InProcess) -> None:
    answer = client.get("/id/liaison-statement/3GPP/S3-240001.html")
    page = answer.text
    assert "<script" not in page
    assert "Reply &lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in page
    assert 'href="javascript:' not in page
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert answer.headers["x-content-type-options"] == "nosniff"
    loaded = re.findall(r'<(?:img|script|iframe|link)[^>]*(?:src|href)="([^"]*)"', page)
    assert all(address.startswith(("/id/", "data:")) for address in loaded)


def test_links_hold_below_a_path(client: InProcess) -> None:
    answer = client.get("/below/id/group/3GPP-SA3.html", root_path="/below")
    assert '<a href="/below/id/body/3GPP">3GPP</a>' in answer.text
    assert answer.headers["content-location"] == "/below/id/group/3GPP-SA3.html"
    moved = client.get("/below/id/group/3GPP-TSG-SA", root_path="/below")
    assert moved.headers["location"] == "/below/id/group/3GPP-SA"


def test_all_of_a_class(client: InProcess) -> None:
    page = client.get("/id/body", headers={"Accept": "text/html"}).text
    assert [label for label in ("3GPP", "ETSI", "ITU", "ITU-T") if f">{label}</a>" in page] == [
        "3GPP", "ETSI", "ITU", "ITU-T",
    ]  # fmt: skip
    listed = client.get("/id/liaison-statement/", headers={"Accept": "application/json"}).json()
    assert listed["total"] == 3


def test_concepts_and_the_dataset_have_pages_too(client: InProcess) -> None:
    assert "working group" in client.get("/scheme/group-kind/WG.html").text
    assert client.get("/dataset.json").status_code == 404
    assert client.get("/dataset", headers={"Accept": "application/json"}).json()["data"]["label"]


@pytest.mark.parametrize("address", ["/graph/reply", "/graph/reply.nt"])
def test_the_graph_of_a_document(client: InProcess, address: str) -> None:
    answer = client.get(address, headers={"Accept": "application/n-triples"})
    triples = {quad.triple for quad in ox.parse(answer.content, ox.RdfFormat.N_TRIPLES)}
    assert ox.Triple(SA3, LABEL, ox.Literal("3GPP SA3")) in triples
    assert not any("ETSI ISG SAI" in str(t.object) for t in triples)


def test_the_ontology_as_it_was_written_and_in_other_forms(client: InProcess, root: Path) -> None:
    written = client.get("/ontology", headers={"Accept": "text/turtle"})
    assert written.content == (root / "ontology" / "sdograph.ttl").read_bytes()
    in_json = client.get("/ontology", headers={"Accept": "application/ld+json"})
    as_turtle = {str(q.triple) for q in ox.parse(written.content, ox.RdfFormat.TURTLE)}
    assert {str(q.triple) for q in ox.parse(in_json.content, ox.RdfFormat.JSON_LD)} == as_turtle
    (version,) = [
        q.object.value
        for q in ox.parse(written.content, ox.RdfFormat.TURTLE)
        if q.predicate.value == "http://www.w3.org/2002/07/owl#versionIRI"
    ]
    path = version.removeprefix("https://w3id.org/sdograph")
    assert client.get(path, headers={"Accept": "text/turtle"}).content == written.content
    page = client.get("/ontology", headers={"Accept": "text/html"}).text
    assert '<section id="LiaisonStatement">' in page


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ontology/schemes/purpose", 200),
        ("/ontology/schemes/purpose.ttl", 200),
        ("/ontology/alignments/org", 200),
        ("/ontology/context.jsonld", 200),
        ("/ontology/none", 404),
        ("/ontology/../pyproject", 404),
        ("/shapes", 200),
        ("/shapes/group", 200),
        ("/shapes/none", 404),
    ],
)
def test_the_vocabulary(client: InProcess, path: str, status: int) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    if status == 404:
        problem(answer, 404, "not-found")
    elif path.startswith("/shapes"):
        assert len(list(ox.parse(answer.content, ox.RdfFormat.TURTLE))) > 0
