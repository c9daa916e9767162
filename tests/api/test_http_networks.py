"""Networks over HTTP: what there is, where it opens, its measures; and exports of any length."""

from __future__ import annotations

import csv
import io
import struct
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree

import networkx as nx
import pyoxigraph as ox
import pytest
from http_support import InProcess, problem

from sdograph import network
from sdograph.export import NETWORK_FORMATS
from sdograph.network.measures import NodeMeasures
from sdograph_api import making
from sdograph_api.rest import models
from sdograph_api.rest.networks import Metrics, Size, ViewAbout

SERVER = "http://testserver"


def data(client: InProcess, path: str, model: Any) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    models.One[model].model_validate(answer.json(), strict=True)  # type: ignore[valid-type]
    assert "no evidence" in answer.json()["completeness"]["note"]
    return answer.json()["data"]


def opened(client: InProcess, gephi_lite: str) -> ElementTree.Element:
    """What Gephi Lite loads when it is opened by that link."""
    assert gephi_lite.startswith("https://gephi.org/gephi-lite/?")
    (file,) = parse_qs(urlsplit(gephi_lite).query)["file"]
    assert file.startswith(SERVER)
    assert file.endswith("/graph.gexf")
    answer = client.get(file.removeprefix(SERVER))
    assert answer.headers["access-control-allow-origin"] == "*"
    return ElementTree.fromstring(answer.content)


def test_the_views(client: InProcess) -> None:
    views = data(client, "/api/v1/networks", list[ViewAbout])
    assert [view["view"] for view in views] == list(network.VIEWS)
    for view in views:
        assert ("node" in view["filters"]) == (view["links"] is None), (
            "what needs a filter has no address yet"
        )
    liaisons = views[0]
    assert {"since", "until", "as_of", "topic", "body", "release", "purpose", "min_weight"} <= set(
        liaisons["filters"]
    )
    assert opened(client, liaisons["links"]["gephi_lite"]).tag == "{http://gexf.net/1.3}gexf"


def test_a_network_and_where_it_opens(client: InProcess) -> None:
    found = data(client, "/api/v1/networks/liaisons?body=ETSI&since=2024", Size)
    assert (found["nodes"], found["edges"], found["kinds"]) == (2, 1, {"to": 1})
    assert set(found["links"]["formats"]) == set(NETWORK_FORMATS)
    edges = list(opened(client, found["links"]["gephi_lite"]).iter("{http://gexf.net/1.3}edge"))
    assert [(e.get("source"), e.get("target")) for e in edges] == [("3GPP-SA3", "ETSI-TC-SAI")]


@pytest.mark.parametrize("path", ["/api/v1/networks/liaisons", "/api/v1/networks/liaisons/metrics"])
def test_links_lead_to_where_each_client_has_asked(client: InProcess, path: str) -> None:
    for host in ("one.example", "another.example", "one.example"):
        answer = client.get(path, headers={"Host": host}).json()
        assert answer["data"]["links"]["formats"]["gexf"] == f"http://{host}/export/liaisons/graph.gexf"


def test_every_format_of_it_is_served(client: InProcess) -> None:
    found = data(client, "/api/v1/networks/liaisons?level=body", Size)
    for name, address in found["links"]["formats"].items():
        answer = client.get(address.removeprefix(SERVER))
        assert answer.status_code == 200
        assert answer.headers["content-type"] == NETWORK_FORMATS[name]
        assert int(answer.headers["content-length"]) == len(answer.content)


def test_ids_with_slashes_stand_in_the_path(client: InProcess) -> None:
    asked = "/api/v1/networks/ego?node=work-item/3GPP/FS_AIML&distance=2"
    found = data(client, asked, Size)
    assert "node=work-item%2F3GPP%2FFS_AIML/distance=2" in found["links"]["formats"]["gexf"]
    for path in (
        found["links"]["formats"]["json"].removeprefix(SERVER),
        unquote(found["links"]["formats"]["json"].removeprefix(SERVER)),
    ):
        made = nx.node_link_graph(client.get(path).json(), edges="edges")
        assert len(made) == found["nodes"]
        assert made.nodes["work-item/3GPP/FS_AIML"]["distance"] == 0


def test_metrics(client: InProcess) -> None:
    found = data(client, "/api/v1/networks/liaisons/metrics?limit=2", Metrics)
    assert found["measures"]["nodes"] == found["nodes"]
    assert len(found["by_node"]) == 2
    assert set(found["by_node"][0]) == set(NodeMeasures.__dataclass_fields__)
    assert [year["year"] for year in found["by_year"]] == sorted(year["year"] for year in found["by_year"])
    rows = list(csv.DictReader(io.StringIO(client.get("/api/v1/networks/liaisons/metrics.csv").text)))
    assert len(rows) == found["nodes"]
    assert rows[0]["id"] == found["by_node"][0]["id"]


def test_what_is_left_out_is_said(client: InProcess) -> None:
    answer = client.get("/api/v1/networks/work?as_of=2023").json()
    assert answer["warnings"] == [f"{network_undated(client)} without a date are left out"]


def network_undated(client: InProcess) -> int:
    rows = client.get("/api/v1/work-items?limit=500").json()["data"]
    items = sum(not row["begin"] and not row["end"] for row in rows)
    return items + int(client.get("/api/v1/specifications").json()["total"])


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/api/v1/networks/likes", 404, "not-found"),
        ("/api/v1/networks/likes/metrics", 404, "not-found"),
        ("/api/v1/networks/liaisons?colour=red", 400, "unknown-parameter"),
        ("/api/v1/networks/threads?level=body", 400, "usage"),
        ("/api/v1/networks/liaisons?level=person", 400, "invalid-parameter"),
        ("/api/v1/networks/liaisons?topic=weather", 400, "usage"),
        ("/api/v1/networks/liaisons/metrics?limit=-1", 400, "invalid-parameter"),
        ("/api/v1/networks/ego", 400, "usage"),
        ("/api/v1/networks/ego?node=nothing", 400, "usage"),
        ("/export/ego/graph.gexf", 400, "usage"),
        ("/export/ego/node=3GPP-SA3/distance=9/graph.gexf", 400, "usage"),
    ],
)
def test_errors(client: InProcess, path: str, status: int, code: str) -> None:
    assert problem(client.get(path), status, code)["hint"]


def test_an_export_says_where_it_opens_and_is_not_sent_twice(client: InProcess) -> None:
    answer = client.get("/export/liaisons/since=2024/graph.csv")
    link = answer.headers["link"]
    assert link.endswith('>; rel="alternate"; title="Gephi Lite"')
    assert opened(client, link[1:].partition(">")[0]).tag == "{http://gexf.net/1.3}gexf"
    again = client.get(
        "/export/liaisons/since=2024/graph.csv", headers={"If-None-Match": answer.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


def test_pictures(client: InProcess) -> None:
    picture = client.get("/export/liaisons/level=body/graph.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert ElementTree.fromstring(picture.content).tag == "{http://www.w3.org/2000/svg}svg"
    made = client.get("/export/liaisons/level=body/graph.png").content
    assert struct.unpack(">II", made[16:24]) == (2400, 1350)


def test_rdf_of_what_is_behind_it(client: InProcess) -> None:
    answer = client.get("/export/liaisons/since=2024/body=ETSI/graph.nt")
    triples = list(ox.parse(answer.content, ox.RdfFormat.N_TRIPLES))
    subjects = {str(triple.subject).rpartition("/id/")[2].rstrip(">") for triple in triples}
    behind = client.get("/export/liaisons/since=2024/body=ETSI/graph.json").json()["edges"][0]["statements"]
    assert subjects == {"group/3GPP-SA3", "group/ETSI-TC-SAI", *(f"liaison-statement/{s}" for s in behind)}


def test_a_long_export_is_whole_before_it_leaves(client: InProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = client.get("/export/organisation/graph.gexf")
    monkeypatch.setattr(making, "PIECE", 500)
    from_disk = client.get("/export/organisation/graph.gexf")
    assert len(whole.content) > 2000
    assert from_disk.content == whole.content
    assert from_disk.headers["content-length"] == str(len(whole.content))
