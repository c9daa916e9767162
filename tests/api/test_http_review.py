"""The review list over HTTP, and decisions for whoever has the token."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from http_support import InProcess, problem

from sdograph import pipeline
from sdograph.store import EmbeddedStore
from sdograph_api.rest import models
from sdograph_api.rest.review import Decided, ReviewItem
from sdograph_api.settings import Settings

TABLE = """\
ls_ref,title,from_group,to_groups,date,source_url_or_repo,confidence
EX-LS-1,LS on examples,ETSI ISG SAI,Forum of Examples,2024-02-01,https://example.org/1,high
EX-LS-2,(title not given) more examples,ETSI ISG SAI,Forum of Examples;3GPP SA3,2024-02-02,https://example.org/2,low
"""
TOKEN = {"Authorization": "Bearer sesame"}


@pytest.fixture
def reviewed(own_store: EmbeddedStore, tmp_path: Path) -> EmbeddedStore:
    path = tmp_path / "statements.csv"
    path.write_text(TABLE, "utf-8")
    assert [r.state for r in pipeline.ingest(own_store, [path])] == ["new"]
    return own_store


@pytest.fixture
def writing(reviewed: EmbeddedStore) -> Iterator[InProcess]:
    client = InProcess(Settings(data_dir=reviewed.data_dir, query_workers=1, write_token="sesame"))  # type: ignore[arg-type]
    yield client
    client.close()


@pytest.fixture
def reading(reviewed: EmbeddedStore) -> Iterator[InProcess]:
    client = InProcess(Settings(data_dir=reviewed.data_dir, query_workers=1))
    yield client
    client.close()


def listed(client: InProcess, **parameters: Any) -> list[dict[str, Any]]:
    answer = client.get("/api/v1/review", params=parameters)
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def test_the_list_is_as_openapi_says(reading: InProcess) -> None:
    answer = reading.get("/api/v1/review").json()
    models.Page[ReviewItem].model_validate(answer, strict=True)
    first = answer["data"][0]
    assert (first["label"], first["settles"], first["kind"]) == ("Forum of Examples", 2, "unresolved")
    assert [(e["document_label"], e["locator"], e["text"]) for e in first["evidence"]] == [
        ("statements.csv", "row 2", "Forum of Examples"),
        ("statements.csv", "row 3", "Forum of Examples"),
    ]
    assert first["evidence"][0]["rule"] == "unknown name"
    assert answer["total"] == len(answer["data"])


def test_filters_pages_and_csv(reading: InProcess) -> None:
    everything = [i["id"] for i in listed(reading)]
    assert {i["kind"] for i in listed(reading, kind="uncertain")} == {"uncertain"}
    assert [i["label"] for i in listed(reading, group="3GPP-SA3", kind="unresolved")] == [
        "Forum of Examples",
        "eNA_Ph3_SEC",
    ]
    assert [i["label"] for i in listed(reading, document="LS_ETSI")] == ["eNA_Ph3_SEC"]
    assert [i["label"] for i in listed(reading, q="forum")] == ["Forum of Examples"]
    seen: list[str] = []
    cursor = None
    for _ in range(len(everything)):
        page = reading.get(
            "/api/v1/review", params={"limit": 2} | ({"cursor": cursor} if cursor else {})
        ).json()
        seen += [i["id"] for i in page["data"]]
        if (cursor := page["next"]) is None:
            break
    assert seen == everything
    table = reading.get("/api/v1/review.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert [row["id"] for row in csv.DictReader(io.StringIO(table.text))] == everything


def test_who_has_it_gets_304_and_unknown_parameters_400(reading: InProcess) -> None:
    tag = reading.get("/api/v1/review").headers["etag"]
    assert reading.get("/api/v1/review", headers={"If-None-Match": tag}).status_code == 304
    problem(reading.get("/api/v1/review", params={"colour": "red"}), 400, "unknown-parameter")
    problem(reading.get("/api/v1/review", params={"kind": "odd"}), 400, "invalid-parameter")
    problem(reading.get("/api/v1/review", params={"group": "3GPP-SA99"}), 400, "usage")
    problem(reading.get("/api/v1/review", params={"document": "nowhere"}), 400, "usage")


def test_without_a_token_nobody_decides(reading: InProcess, writing: InProcess) -> None:
    body = {"items": ["n-0000000000"], "none": True, "by": "me"}
    problem(reading.post("/api/v1/review/decisions", json=body, headers=TOKEN), 403, "writing-off")
    for headers in ({}, {"Authorization": "Bearer other"}, {"Authorization": "Basic sesame"}):
        refused = writing.post("/api/v1/review/decisions", json=body, headers=headers)
        problem(refused, 401, "unauthorized")
        assert refused.headers["www-authenticate"] == "Bearer"
    problem(writing.request("DELETE", "/api/v1/review/decisions/x?by=me"), 401, "unauthorized")
    problem(writing.post("/api/v1/review/decisions", json={"odd": 1}), 401, "unauthorized")


def test_a_decision_is_taken_shown_and_withdrawn(writing: InProcess) -> None:
    (forum,) = listed(writing, q="forum")
    body = {"items": [forum["id"]], "is": "ITU-T-SG17", "by": "secretary", "note": "asked"}
    answer = writing.post("/api/v1/review/decisions", json=body, headers=TOKEN)
    assert answer.status_code == 201, answer.text
    decided = Decided.model_validate(answer.json(), strict=True)
    assert decided.places == 2
    assert listed(writing, q="forum") == []
    to = writing.get("/api/v1/liaison-statements", params={"to": "ITU-T-SG17", "q": "LS on examples"}).json()
    assert [s["number"] for s in to["data"]] == ["EX-LS-1"]
    (id,) = decided.decisions
    shown = writing.get(f"/id/decision/{id}.json")
    assert shown.status_code == 200
    assert "secretary" in shown.text
    gone = writing.request("DELETE", f"/api/v1/review/decisions/{id}", params={"by": "chair"}, headers=TOKEN)
    assert gone.status_code == 200, gone.text
    assert [i["id"] for i in listed(writing, q="forum")] == [forum["id"]]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"items": ["n-0000000000"], "none": True, "by": "me"}, 400, "usage"),
        ({"items": [], "none": True, "by": "me"}, 400, "invalid-parameter"),
        ({"items": ["FORUM"], "none": True}, 400, "invalid-parameter"),
        ({"items": ["FORUM"], "none": True, "by": "me", "colour": "red"}, 400, "unknown-parameter"),
        ({"items": ["FORUM"], "none": True, "is": "ETSI", "by": "me"}, 400, "usage"),
        ({"items": ["FORUM"], "is": "3GPP-SA99", "by": "me"}, 400, "usage"),
        # A liaison statement cannot be sent to a liaison statement.
        ({"items": ["FORUM"], "is": "liaison-statement/ETSI/EX-LS-1", "by": "me"}, 422, "data"),
    ],
)
def test_what_does_not_fit_is_refused(
    writing: InProcess, reviewed: EmbeddedStore, body: dict[str, Any], status: int, code: str
) -> None:
    (forum,) = listed(writing, q="forum")
    version = reviewed.current().version
    asked = {**body, "items": [forum["id"] if i == "FORUM" else i for i in body["items"]]}
    problem(writing.post("/api/v1/review/decisions", json=asked, headers=TOKEN), status, code)
    assert reviewed.current().version == version
