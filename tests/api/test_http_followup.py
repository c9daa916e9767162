"""Following up over HTTP: inbox and outbox, thread, calendar and feed, and their pages."""

from __future__ import annotations

import csv
import io
from typing import Any

import icalendar
import pytest
from http_support import ID, InProcess, problem
from lxml import etree

from sdograph_api.rest import followup_models, models

ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client: InProcess, path: str, **parameters: Any) -> list[dict[str, Any]]:
    answer = client.get(f"/api/v1/{path}", params=parameters)
    assert answer.status_code == 200, answer.text
    data: list[dict[str, Any]] = answer.json()["data"]
    return data


def test_the_inbox_of_a_group_is_as_openapi_says(client: InProcess) -> None:
    answer = client.get("/api/v1/groups/3GPP-SA3/inbox", params={"as_of": "2023-12-02"}).json()
    models.Page[followup_models.Entry].model_validate(answer, strict=True)
    assert answer["total"] == 2
    assert answer["next"] is None
    assert answer["dataset"]["version"].startswith("1-")
    assert answer["warnings"][0].startswith("Open and overdue mean that no answer is among the documents")
    assert answer["warnings"][1:] == ["1 without a date count as sent by then"]
    first = answer["data"][0]
    assert first["id"] == f"{ID}liaison-statement/ETSI/SAI-LS-1"
    assert (first["addressee"]["key"], first["role"], first["purposes"]) == ("3GPP-SA3", "to", ["action"])
    assert [a["text"] for a in first["actions"]] == ["ETSI SAI kindly asks SA3 to review"]
    assert (first["deadline"], first["days_left"], first["state"]) == ("2023-12-01", -1, "overdue")
    assert first["rests_on"] == "no answer by 3GPP SA3 is in the graph"
    assert {e["document_label"] for e in first["evidence"]} == {"ls.txt"}


def test_it_is_answered_from_the_day_of_the_reply_on(client: InProcess) -> None:
    (first, _) = entries(client, "groups/3GPP-SA3/inbox", as_of="2024-01-15")
    assert first["state"] == "answered"
    assert [(a["key"], a["date"]) for a in first["answered_by"]] == [("3GPP/S3-240001", "2024-01-15")]


def test_the_outbox_and_its_filters(client: InProcess) -> None:
    sent = entries(client, "groups/ETSI-ISG-SAI/outbox", as_of="2024-01-14")
    assert {(e["addressee"]["key"], e["state"]) for e in sent} == {
        ("3GPP-SA3", "overdue"),
        ("3GPP-SA", "open"),
        ("ITU-T-SG17", "unasked"),
    }
    pending = entries(client, "groups/ETSI-ISG-SAI/outbox", as_of="2024-01-14", open="true")
    assert {e["addressee"]["key"] for e in pending} == {"3GPP-SA3", "3GPP-SA"}
    informed = entries(client, "groups/ETSI-ISG-SAI/outbox", purpose="information")
    assert [e["addressee"]["key"] for e in informed] == ["ITU-T-SG17"]


def test_a_body_has_the_statements_of_its_groups(client: InProcess) -> None:
    assert {e["addressee"]["key"] for e in entries(client, "bodies/3GPP/inbox")} == {"3GPP-SA", "3GPP-SA3"}


def test_lineage_adds_the_groups_before_and_after(client: InProcess) -> None:
    assert not entries(client, "groups/ETSI-ISG-SAI/inbox")
    (reply,) = entries(client, "groups/ETSI-ISG-SAI/inbox", lineage="true")
    assert reply["addressee"]["key"] == "ETSI-TC-SAI"


def test_a_list_goes_on_where_its_page_ended(client: InProcess) -> None:
    path = "/api/v1/groups/ETSI-ISG-SAI/outbox?limit=2&as_of=2024-01-14"
    first = client.get(path)
    rest = client.get(path, params={"limit": 2, "as_of": "2024-01-14", "cursor": first.json()["next"]})
    assert 'rel="next"' in first.headers["link"]
    assert first.json()["total"] == 3
    keys = [e["addressee"]["key"] for e in (*first.json()["data"], *rest.json()["data"])]
    assert len(keys) == len(set(keys)) == 3
    assert rest.json()["next"] is None


def test_as_csv(client: InProcess) -> None:
    answer = client.get("/api/v1/groups/3GPP-SA3/inbox.csv", params={"as_of": "2023-12-02"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    first = next(csv.DictReader(io.StringIO(answer.text)))
    assert (first["key"], first["addressee"], first["state"]) == ("ETSI/SAI-LS-1", "3GPP-SA3", "overdue")
    assert first["actions"] == "ETSI SAI kindly asks SA3 to review"
    assert first["source"] == "ls.txt"


def test_the_same_graph_gives_another_answer_on_another_day(client: InProcess) -> None:
    path = "/api/v1/groups/3GPP-SA3/inbox"
    tags = {
        day: client.get(path, params={"as_of": day}).headers["etag"] for day in ("2023-12-01", "2023-12-02")
    }
    assert len(set(tags.values())) == 2
    again = client.get(path, params={"as_of": "2023-12-02"}, headers={"If-None-Match": tags["2023-12-02"]})
    assert again.status_code == 304


def test_a_thread_is_as_openapi_says(client: InProcess) -> None:
    for name in ("ETSI/SAI-LS-1", "3GPP/S3-240001"):
        answer = client.get(f"/api/v1/liaison-statements/{name}/thread").json()
        models.One[followup_models.Thread].model_validate(answer, strict=True)
        (root,) = answer["data"]["tree"]
        assert (root["key"], [reply["key"] for reply in root["replies"]]) == (
            "ETSI/SAI-LS-1",
            ["3GPP/S3-240001"],
        )
        assert [line["date"] for line in answer["data"]["timeline"]] == ["2023-09-18", "2024-01-15"]
        assert answer["data"]["evidence"]


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("groups/3GPP-SA99/inbox", 404, "not-found"),
        ("groups/ETSI/inbox", 404, "not-found"),
        ("bodies/3GPP-SA3/outbox.csv", 404, "not-found"),
        ("groups/3GPP-SA99/calendar.ics", 404, "not-found"),
        ("bodies/XYZ/feed.atom", 404, "not-found"),
        ("topics/nothing/feed.atom", 404, "not-found"),
        ("liaison-statements/3GPP/S3-000000/thread", 404, "not-found"),
        ("groups/3GPP-SA3/inbox?as_off=2024-01-01", 400, "unknown-parameter"),
        ("groups/3GPP-SA3/inbox?as_of=2024", 400, "invalid-parameter"),
        ("groups/3GPP-SA3/inbox?purpose=fun", 400, "invalid-parameter"),
        ("groups/3GPP-SA3/inbox?cursor=%21", 400, "usage"),
        ("groups/3GPP-SA3/calendar.ics?limit=1", 400, "unknown-parameter"),
        ("liaison-statements/ETSI/SAI-LS-1/thread?x=1", 400, "unknown-parameter"),
    ],
)
def test_what_cannot_be_answered_is_a_problem(client: InProcess, path: str, status: int, code: str) -> None:
    problem(client.get(f"/api/v1/{path}"), status, code)


def test_the_calendar_of_a_group(client: InProcess) -> None:
    answer = client.get("/api/v1/groups/ETSI-ISG-SAI/calendar.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (meeting,) = icalendar.Calendar.from_ical(answer.content).walk("VEVENT")
    assert str(meeting["summary"]) == "SAI#20"
    assert meeting["dtstart"].dt.isoformat() == "2023-12-04"
    due = client.get("/api/v1/groups/3GPP-SA3/calendar.ics", params={"as_of": "2023-11-01"})
    (event,) = icalendar.Calendar.from_ical(due.content).walk("VEVENT")
    assert str(event["summary"]) == "Due: SAI-LS-1 (3GPP SA3)"


def test_the_feed_of_a_group(client: InProcess) -> None:
    answer = client.get("/api/v1/groups/ETSI-ISG-SAI/feed.atom", root_path="/below")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.content)
    links = {link.get("rel"): link.get("href") for link in feed.iter(f"{ATOM}link")}
    assert links == {
        "self": "http://testserver/below/api/v1/groups/ETSI-ISG-SAI/feed.atom",
        "alternate": "http://testserver/below/id/liaison-statement/ETSI/SAI-LS-1",
    }
    assert feed.findtext(f"{ATOM}entry/{ATOM}updated") == "2026-02-03T04:05:06Z"


class TestPages:
    def test_resources_lead_to_them(self, client: InProcess) -> None:
        for path, ways in (
            ("/id/group/3GPP-SA3", ("inbox", "outbox")),
            ("/id/body/ETSI", ("inbox", "outbox")),
            ("/id/liaison-statement/ETSI/SAI-LS-1", ("thread",)),
        ):
            shown = client.get(path, headers={"Accept": "text/html"}).text
            for way in ways:
                assert f'href="{path}/{way}"' in shown
                page = client.get(f"{path}/{way}")
                assert page.status_code == 200
                assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "Follow up" not in client.get("/id/work-item/3GPP/FS_AIML.html").text

    def test_the_page_of_an_inbox(self, client: InProcess) -> None:
        shown = client.get("/id/group/3GPP-SA3/inbox", params={"as_of": "2023-12-02"}).text
        assert "As of 2023-12-02: 1 overdue, 1 unasked." in shown
        assert "no proof that there was none" in shown
        assert "ETSI SAI kindly asks SA3 to review" in shown
        assert "no answer by 3GPP SA3 is in the graph" in shown

    def test_the_page_of_a_thread_says_what_documents_say_as_text(self, client: InProcess) -> None:
        shown = client.get("/id/liaison-statement/ETSI/SAI-LS-1/thread").text
        assert "Reply &lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in shown
        assert "<script>" not in shown

    def test_pages_below_a_path_link_there(self, client: InProcess) -> None:
        shown = client.get("/id/group/3GPP-SA3/inbox", root_path="/below").text
        assert 'href="/below/id/liaison-statement/ETSI/SAI-LS-1"' in shown

    def test_no_page_of_what_is_not_there(self, client: InProcess) -> None:
        problem(client.get("/id/group/3GPP-SA99/inbox"), 404, "not-found")
        problem(client.get("/id/liaison-statement/3GPP/S3-000000/thread"), 404, "not-found")
