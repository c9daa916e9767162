"""The REST interface over the small graph: filters, pages, items, liaisons; and its errors."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from http_support import ID, InProcess, problem
from pydantic import BaseModel

from sdograph_api.rest import models


def keys(client: InProcess, path: str, **parameters: Any) -> list[str]:
    answer = client.get(f"/api/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    return [entry["key"] for entry in answer.json()["data"]]


def one(client: InProcess, path: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.text
    data: dict[str, Any] = answer.json()["data"]
    return data


LISTS: list[tuple[str, type[BaseModel], type[BaseModel], list[str]]] = [
    ("bodies", models.Body, models.BodyInFull, ["3GPP", "ETSI", "ITU", "ITU-T"]),
    (
        "groups",
        models.Group,
        models.GroupInFull,
        # SA10 after SA5: numbers count as numbers.
        ["3GPP-SA3", "3GPP-SA5", "3GPP-SA10", "3GPP-SA", "ETSI-ISG-SAI", "ETSI-TC-SAI", "ITU-T-SG17"],
    ),
    ("work-items", models.WorkItem, models.WorkItemInFull, ["3GPP/FS_AIML", "ETSI/SAI-014"]),
    ("specifications", models.Specification, models.SpecificationInFull, ["3GPP/TR-33.898"]),
    ("releases", models.Release, models.Release, ["3GPP/Rel-18", "3GPP/Rel-19", "ITU-T/2022-2024"]),
    ("meetings", models.Meeting, models.MeetingInFull, ["ETSI-ISG-SAI/SAI-20"]),
    (
        "liaison-statements",
        models.LiaisonStatement,
        models.LiaisonStatementInFull,
        # Newest first, those without a date last.
        ["3GPP/S3-240001", "ETSI/SAI-LS-1", "3GPP/S5-undated"],
    ),
]


@pytest.mark.parametrize(("name", "entry", "full", "expected"), LISTS, ids=[name for name, *_ in LISTS])
def test_lists_and_items_are_as_openapi_says(
    client: InProcess, name: str, entry: type[BaseModel], full: type[BaseModel], expected: list[str]
) -> None:
    answer = client.get(f"/api/v1/{name}").json()
    models.Page[entry].model_validate(answer, strict=True)  # type: ignore[valid-type]
    assert [e["key"] for e in answer["data"]] == expected
    assert answer["total"] == len(expected)
    assert answer["next"] is None
    for key in expected:
        item = client.get(f"/api/v1/{name}/{key}").json()
        models.One[full].model_validate(item, strict=True)  # type: ignore[valid-type]
        assert item["data"]["key"] == key


def test_every_answer_says_what_it_rests_on(client: InProcess) -> None:
    answer = client.get("/api/v1/bodies").json()
    assert answer["dataset"]["version"].startswith("1-")
    assert answer["completeness"]["source_documents"] == 3
    assert answer["completeness"]["unresolved_references"] == 1
    assert answer["warnings"] == []


@pytest.mark.parametrize(
    ("path", "parameters", "expected"),
    [
        ("bodies", {"kind": "partnership"}, ["3GPP"]),
        ("bodies", {"body": "ITU"}, ["ITU-T"]),
        ("bodies", {"q": "telecommunication"}, ["ETSI", "ITU", "ITU-T"]),
        ("bodies", {"q": "telecommunication sector"}, ["ITU-T"]),
        ("bodies", {"as_of": "1990"}, ["ETSI", "ITU", "ITU-T"]),
        ("groups", {"body": "ETSI"}, ["ETSI-ISG-SAI", "ETSI-TC-SAI"]),
        ("groups", {"body": "ITU"}, ["ITU-T-SG17"]),
        ("groups", {"group": "3GPP-SA"}, ["3GPP-SA3", "3GPP-SA5", "3GPP-SA10"]),
        # An id that was given up still leads there.
        ("groups", {"group": "3GPP-TSG-SA"}, ["3GPP-SA3", "3GPP-SA5", "3GPP-SA10"]),
        ("groups", {"kind": "TSG"}, ["3GPP-SA"]),
        ("groups", {"kind": "wg", "q": "wg3"}, ["3GPP-SA3"]),
        # ISG SAI was succeeded by TC SAI on 2023-12-04.
        ("groups", {"body": "ETSI", "as_of": "2023-06-01"}, ["ETSI-ISG-SAI"]),
        ("groups", {"body": "ETSI", "as_of": "2024-01-01"}, ["ETSI-TC-SAI"]),
        ("work-items", {"body": "3GPP"}, ["3GPP/FS_AIML"]),
        ("work-items", {"group": "ETSI-ISG-SAI"}, ["ETSI/SAI-014"]),
        ("work-items", {"kind": "study-item"}, ["3GPP/FS_AIML"]),
        ("work-items", {"kind": "work-item"}, ["ETSI/SAI-014"]),
        ("work-items", {"release": "Rel-18"}, ["3GPP/FS_AIML"]),
        ("work-items", {"release": "3GPP/Rel-18"}, ["3GPP/FS_AIML"]),
        ("work-items", {"release": "ETSI/Rel-18"}, []),
        ("work-items", {"status": "ongoing"}, ["ETSI/SAI-014"]),
        ("work-items", {"q": "960037"}, ["3GPP/FS_AIML"]),
        ("work-items", {"as_of": "2020-01-01"}, ["ETSI/SAI-014"]),
        ("specifications", {"group": "3GPP-SA3"}, ["3GPP/TR-33.898"]),
        ("specifications", {"body": "ETSI"}, []),
        ("releases", {"kind": "study-period"}, ["ITU-T/2022-2024"]),
        ("releases", {"body": "ITU-T", "as_of": "2023-05-05"}, ["ITU-T/2022-2024"]),
        ("releases", {"body": "ITU-T", "as_of": "2025"}, []),
        ("meetings", {"since": "2023-12-04"}, ["ETSI-ISG-SAI/SAI-20"]),
        ("meetings", {"until": "2023-12-03"}, []),
        ("meetings", {"body": "ETSI"}, ["ETSI-ISG-SAI/SAI-20"]),
        ("liaison-statements", {"body": "ETSI"}, ["3GPP/S3-240001", "ETSI/SAI-LS-1"]),
        ("liaison-statements", {"group": "3GPP-SA"}, ["ETSI/SAI-LS-1"]),
        ("liaison-statements", {"from": "3GPP"}, ["3GPP/S3-240001", "3GPP/S5-undated"]),
        ("liaison-statements", {"from": "3GPP-SA3"}, ["3GPP/S3-240001"]),
        ("liaison-statements", {"to": "ITU"}, ["ETSI/SAI-LS-1"]),
        ("liaison-statements", {"purpose": "response"}, ["3GPP/S3-240001"]),
        ("liaison-statements", {"to": "3GPP-SA3", "purpose": "action"}, ["ETSI/SAI-LS-1"]),
        # It is for action, but not of SG17.
        ("liaison-statements", {"to": "ITU-T-SG17", "purpose": "action"}, []),
        ("liaison-statements", {"release": "Rel-18"}, ["ETSI/SAI-LS-1"]),
        ("liaison-statements", {"work_item": "3GPP/FS_AIML"}, ["ETSI/SAI-LS-1"]),
        ("liaison-statements", {"since": "2023-09-18", "until": "2023-09-18"}, ["ETSI/SAI-LS-1"]),
        ("liaison-statements", {"since": "2024"}, ["3GPP/S3-240001"]),
        ("liaison-statements", {"as_of": "2023"}, ["ETSI/SAI-LS-1"]),
        ("liaison-statements", {"q": "SCRIPT"}, ["3GPP/S3-240001"]),
    ],
)
def test_filters(client: InProcess, path: str, parameters: dict[str, str], expected: list[str]) -> None:
    assert keys(client, path, **parameters) == expected


def test_what_has_no_date_is_left_out_with_a_warning(client: InProcess) -> None:
    answer = client.get("/api/v1/liaison-statements", params={"since": "2000"}).json()
    assert answer["warnings"] == ["1 without a date are left out"]


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_hold_every_entry_once(client: InProcess, limit: int) -> None:
    seen, cursor, pages = [], None, 0
    while pages == 0 or cursor:
        parameters = {"limit": limit, **({"cursor": cursor} if cursor else {})}
        answer = client.get("/api/v1/groups", params=parameters)
        page = answer.json()
        seen += [entry["key"] for entry in page["data"]]
        cursor, pages = page["next"], pages + 1
        assert page["total"] == 7
        if cursor:
            link = answer.links["next"]["url"]
            assert link.startswith(f"http://testserver/api/v1/groups?limit={limit}&cursor=")
            path = link.removeprefix("http://testserver")
            assert client.get(path).json()["data"] == client.get(
                "/api/v1/groups", params={"limit": limit, "cursor": cursor}
            ).json()["data"]  # fmt: skip
        else:
            assert "link" not in answer.headers
    assert seen == keys(client, "groups")
    assert pages == -(-7 // limit)


def test_a_liaison_statement_in_full(client: InProcess) -> None:
    statement = one(client, "liaison-statements/ETSI/SAI-LS-1")
    assert statement["id"] == f"{ID}liaison-statement/ETSI/SAI-LS-1"
    assert statement["number"] == "SAI-LS-1"
    assert statement["date"] == "2023-09-18"
    assert [party["key"] for party in statement["sender"]] == ["ETSI-ISG-SAI"]
    assert [party["key"] for party in statement["to"]] == ["3GPP-SA3", "3GPP-SA"]
    assert [party["key"] for party in statement["cc"]] == ["ITU-T-SG17"]
    assert statement["purposes"] == {
        "3GPP-SA": ["action"],
        "3GPP-SA3": ["action"],
        "ITU-T-SG17": ["information"],
    }
    assert statement["actions"] == [
        {
            "id": f"{ID}liaison-statement/ETSI/SAI-LS-1/action/1",
            "text": "ETSI SAI kindly asks SA3 to review",
            "addressees": [{"id": f"{ID}group/3GPP-SA3", "key": "3GPP-SA3", "label": "3GPP SA3"}],
            "deadline": "2023-12-01",
        }
    ]
    item = {"id": f"{ID}work-item/3GPP/FS_AIML", "key": "3GPP/FS_AIML", "label": "FS_AIML"}
    assert statement["mentions"] == [
        {"as_written": "FS_AIML", "title": None, "locator": "line 73", "resolved": item},
        {
            "as_written": "eNA_Ph3_SEC",
            "title": "Security aspects of enablers",
            "locator": "line 74",
            "resolved": None,
        },
    ]
    assert statement["unresolved"] == [
        {
            "field": "mention",
            "as_written": "eNA_Ph3_SEC",
            "title": "Security aspects of enablers",
            "locator": "line 74",
            "candidates": [item],
        }
    ]
    assert [release["key"] for release in statement["releases"]] == ["3GPP/Rel-18"]
    meeting = statement["meetings"][0]
    assert (meeting["label"], meeting["begin"], meeting["place"]) == (
        "SAI#20", "2023-12-04", "Sophia-Antipolis, FR",
    )  # fmt: skip
    assert [reply["key"] for reply in statement["replies"]] == ["3GPP/S3-240001"]
    assert statement["attachments"] == ["annex.pdf"]


def test_evidence_names_document_place_and_time(client: InProcess) -> None:
    (date,) = [e for e in one(client, "liaison-statements/ETSI/SAI-LS-1")["evidence"] if e["field"] == "date"]
    assert date == {
        "document": f"{ID}document/ls",
        "document_label": "ls.txt",
        "source": "ETSI ISG SAI",
        "retrieved_at": "2026-02-03T04:05:06Z",
        "locator": "line 7",
        "field": "date",
        "text": "18th September 2023",
        "confidence": 1.0,
        "rule": "label Date",
    }
    (record,) = one(client, "groups/3GPP-SA3")["evidence"]
    assert (record["source"], record["locator"]) == ("https://www.3gpp.org/specifications-groups", "row 17")


def test_what_no_evidence_is_kept_of_has_its_document(client: InProcess) -> None:
    (found,) = one(client, "bodies/ETSI")["evidence"]
    assert (found["document"], found["retrieved_at"]) == (f"{ID}document/registry", "2026-01-02T03:04:05Z")


def test_groups_lead_to_what_they_come_from_and_became(client: InProcess) -> None:
    isg, tc = one(client, "groups/ETSI-ISG-SAI"), one(client, "groups/ETSI-TC-SAI")
    assert [(g["key"], g["date"]) for g in isg["successors"]] == [("ETSI-TC-SAI", "2023-12-04")]
    assert [(g["key"], g["date"]) for g in tc["predecessors"]] == [("ETSI-ISG-SAI", "2023-12-04")]
    assert isg["end_note"] == "its work went to TC SAI"


def test_bodies_show_groups_members_and_relationships(client: InProcess) -> None:
    assert [group["key"] for group in one(client, "bodies/ETSI")["groups"]] == ["ETSI-ISG-SAI", "ETSI-TC-SAI"]
    assert [body["key"] for body in one(client, "bodies/ITU")["members"]] == ["ITU-T"]
    (partnership,) = one(client, "bodies/3GPP")["relationships"]
    assert (partnership["kind"], partnership["begin"]) == ("organizational-partner", "1998")


def test_items_are_found_by_id_by_key_and_by_iri(client: InProcess) -> None:
    for id in ("3GPP-SA3", "group/3GPP-SA3", f"{ID}group/3GPP-SA3"):
        assert one(client, f"groups/{id}")["key"] == "3GPP-SA3"


def test_an_id_that_was_given_up_redirects(client: InProcess) -> None:
    answer = client.get("/api/v1/groups/3GPP-TSG-SA")
    assert (answer.status_code, answer.headers["location"]) == (301, "/api/v1/groups/3GPP-SA")


def test_liaisons_count_by_role_purpose_and_year(client: InProcess) -> None:
    answer = client.get("/api/v1/liaisons")
    models.Pairs.model_validate(answer.json(), strict=True)
    found = {(pair["from"]["key"], pair["to"]["key"]): pair for pair in answer.json()["data"]}
    assert set(found) == {
        ("ETSI-ISG-SAI", "3GPP-SA"),
        ("ETSI-ISG-SAI", "3GPP-SA3"),
        ("ETSI-ISG-SAI", "ITU-T-SG17"),
        ("3GPP-SA3", "ETSI-TC-SAI"),
        ("3GPP-SA5", "3GPP-SA3"),
    }
    pair = found["ETSI-ISG-SAI", "ITU-T-SG17"]
    assert pair["statements"] == 1
    assert pair["roles"] == {"to": 0, "cc": 1}
    assert pair["purposes"] == {"information": 1}
    assert pair["years"] == {"2023": 1}
    assert (pair["first"], pair["last"]) == ("2023-09-18", "2023-09-18")
    assert [statement["key"] for statement in pair["liaison_statements"]] == ["ETSI/SAI-LS-1"]
    assert pair["relationships"] == []
    # The partnership is one of their bodies.
    (partnership,) = found["ETSI-ISG-SAI", "3GPP-SA3"]["relationships"]
    assert partnership["kind"] == "organizational-partner"
    assert found["3GPP-SA5", "3GPP-SA3"]["years"] == {}


@pytest.mark.parametrize(
    ("parameters", "expected", "warnings"),
    [
        ({"group": "ETSI-TC-SAI"}, [("3GPP-SA3", "ETSI-TC-SAI")], []),
        ({"body": "ITU-T"}, [("ETSI-ISG-SAI", "ITU-T-SG17")], []),
        ({"purpose": "response"}, [("3GPP-SA3", "ETSI-TC-SAI")], []),
        (
            {"since": "2024"},
            [("3GPP-SA3", "ETSI-TC-SAI")],
            ["1 statements without a date are left out"],
        ),
    ],
)
def test_liaisons_are_filtered(
    client: InProcess, parameters: dict[str, str], expected: list[tuple[str, str]], warnings: list[str]
) -> None:
    answer = client.get("/api/v1/liaisons", params=parameters).json()
    assert [(pair["from"]["key"], pair["to"]["key"]) for pair in answer["data"]] == expected
    assert answer["warnings"] == warnings


def test_liaisons_have_pages(client: InProcess) -> None:
    first = client.get("/api/v1/liaisons", params={"limit": 2}).json()
    rest = client.get("/api/v1/liaisons", params={"limit": 10, "cursor": first["next"]}).json()
    together = [(p["from"]["key"], p["to"]["key"]) for p in first["data"] + rest["data"]]
    assert len(together) == len(set(together)) == first["total"] == 5


def test_lists_as_csv(client: InProcess) -> None:
    answer = client.get("/api/v1/liaison-statements.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["key"] for row in rows] == ["3GPP/S3-240001", "ETSI/SAI-LS-1", "3GPP/S5-undated"]
    assert rows[1]["to"] == "3GPP-SA3; 3GPP-SA"
    assert rows[1]["purposes"] == "3GPP-SA: action; 3GPP-SA3: action; ITU-T-SG17: information"
    assert rows[1]["source"] == "ls.txt"
    limited = client.get("/api/v1/liaison-statements.csv", params={"limit": 1})
    assert len(list(csv.DictReader(io.StringIO(limited.text)))) == 1
    assert limited.links["next"]["url"].startswith("http://testserver/api/v1/liaison-statements.csv?limit=1")


def test_etag_of_the_generation(client: InProcess) -> None:
    first = client.get("/api/v1/groups")
    assert first.headers["cache-control"] == "public, no-cache"
    again = client.get("/api/v1/groups", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", [*(f"/api/v1/{name}" for name, *_ in LISTS), "/api/v1/liaisons"])
def test_unknown_parameters_are_refused_with_those_there_are(client: InProcess, path: str) -> None:
    document = problem(client.get(path, params={"colour": "red"}), 400, "unknown-parameter")
    assert document["where"] == "parameter colour"
    assert "limit" in document["allowed"]
    assert "cursor" in document["allowed"]


def test_the_parameters_named_are_those_of_the_list(client: InProcess) -> None:
    document = problem(client.get("/api/v1/liaison-statements?sender=ETSI"), 400, "unknown-parameter")
    assert document["allowed"] == [
        "limit", "cursor", "q", "body", "group", "from", "to", "purpose", "release", "work_item", "topic",
        "since", "until", "as_of",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "parameters", "code", "where"),
    [
        ("groups", {"limit": "0"}, "invalid-parameter", "parameter limit"),
        ("groups", {"limit": "501"}, "invalid-parameter", "parameter limit"),
        ("groups", {"limit": "many"}, "invalid-parameter", "parameter limit"),
        ("groups", {"as_of": "2023-02-30"}, "invalid-parameter", "parameter as_of"),
        ("groups", {"as_of": "yesterday"}, "invalid-parameter", "parameter as_of"),
        ("groups", {"cursor": "***"}, "usage", "parameter cursor"),
        ("groups", {"cursor": "_w"}, "usage", "parameter cursor"),
        ("groups", {"body": "NOBODY"}, "usage", "parameter body"),
        ("groups", {"body": "<http://e/>"}, "usage", "parameter body"),
        ("groups", {"kind": "XX"}, "usage", "parameter kind"),
        ("work-items", {"status": "unheard of"}, "usage", "parameter status"),
        ("work-items", {"kind": "epic"}, "invalid-parameter", "parameter kind"),
        ("liaison-statements", {"purpose": "fun"}, "invalid-parameter", "parameter purpose"),
        ("liaison-statements", {"work_item": "3GPP/NONE"}, "usage", "parameter work_item"),
        ("liaisons", {"group": "NOBODY"}, "usage", "filter group"),
    ],
)
def test_values_that_do_not_fit_are_refused(
    client: InProcess, path: str, parameters: dict[str, str], code: str, where: str
) -> None:
    document = problem(client.get(f"/api/v1/{path}", params=parameters), 400, code)
    assert document["where"] == where
    assert document["hint"]


@pytest.mark.parametrize("path", ["bodies/NONE", "groups/ETSI", "work-items/3GPP", "bodies/a b<>", "nothing"])
def test_what_is_not_there_is_404(client: InProcess, path: str) -> None:
    problem(client.get(f"/api/v1/{path}"), 404, "not-found")


def test_words_of_a_search_are_no_sparql(client: InProcess) -> None:
    assert keys(client, "groups", q='x")) } UNION { ?s ?p ?o') == []
    assert keys(client, "work-items", release='Rel-18" } UNION { ?s ?p ?o') == []
