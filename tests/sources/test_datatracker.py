"""The IETF Datatracker: pages of its API made after its own schema, and the index of real entries."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdograph.errors import (
    IncompleteDocument,
    LimitExceeded,
    SdographError,
    Unavailable,
    UnreadableDocument,
)
from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import LiaisonStatement
from sdograph.sources.datatracker import check_page, pages, read, recognise
from sdograph.sources.registry import read as read_registry

Shared = Callable[[str], Path]
FIRST = "https://datatracker.ietf.org/api/v1/liaisons/liaisonstatement/?limit=2&format=json"


def uri(kind: str, name: object, app: str = "liaisons") -> str:
    return f"/api/v1/{app}/{kind}/{name}/"


def statement(number: int, **values: Any) -> dict[str, Any]:
    """An object of the API with all the fields that it has."""
    return {
        "action_holder_contacts": "a@example.org", "attachments": [], "body": "the whole text",
        "cc_contacts": "b@example.org", "deadline": None,
        "from_contact": uri("email", "c@example.org", "person"),
        "from_groups": [uri("group", 1962, "group")], "from_name": "ITU-T-SG-17", "id": number,
        "other_identifiers": "", "purpose": uri("liaisonstatementpurposename", "info", "name"),
        "resource_uri": uri("liaisonstatement", number), "response_contacts": "d@example.org",
        "state": uri("liaisonstatementstate", "posted", "name"), "tags": [], "technical_contacts": "",
        "title": f"LS number {number}", "to_contacts": "e@example.org",
        "to_groups": [uri("group", 7, "group"), uri("group", 2, "group")], "to_name": "IAB, IESG", **values,
    }  # fmt: skip


def purpose(slug: str) -> str:
    return uri("liaisonstatementpurposename", slug, "name")


def event(number: int, about: int, kind: str, time: str) -> dict[str, Any]:
    return {
        "by": uri("person", 999, "person"), "desc": "Statement submitted", "id": number,
        "resource_uri": uri("liaisonstatementevent", number), "statement": uri("liaisonstatement", about),
        "time": time, "type": uri("liaisonstatementeventtypename", kind, "name"),
    }  # fmt: skip


def related(number: int, source: int, target: int) -> dict[str, Any]:
    return {
        "id": number, "relationship": uri("docrelationshipname", "refold", "name"),
        "resource_uri": uri("relatedliaisonstatement", number), "source": uri("liaisonstatement", source),
        "target": uri("liaisonstatement", target),
    }  # fmt: skip


def group(number: int, acronym: str) -> dict[str, Any]:
    return {"acronym": acronym, "name": "x", "resource_uri": uri("group", number, "group")}


def page(
    *objects: dict[str, Any], following: str | None = None, offset: int = 0, total: int | None = None
) -> Any:
    meta = {"limit": 20, "next": following, "offset": offset, "previous": None,
            "total_count": len(objects) if total is None else total}  # fmt: skip
    return {"meta": meta, "objects": list(objects)}


def saved(folder: Path, value: object, name: str = "liaisons.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def one(folder: Path, *objects: dict[str, Any]) -> LiaisonStatement:
    (found,) = read(saved(folder, page(*objects)))
    return found


# --- the API


def test_a_statement_with_its_events_groups_and_relations(tmp_path: Path) -> None:
    asked = statement(
        2106, title="LS on the progress", purpose=purpose("action"), deadline="2026-03-09",
        tags=[uri("liaisonstatementtagname", t, "name") for t in ("required", "taken")],
    )  # fmt: skip
    answer = statement(
        2110, title="Response to LS on the progress", purpose=purpose("response"),
        from_groups=[uri("group", 7, "group")], from_name="IAB", to_groups=[uri("group", 1962, "group")],
        to_name="ITU-T-SG-17",
    )  # fmt: skip
    path = saved(
        tmp_path,
        [
            page(asked, answer),
            page(event(1, 2106, "submitted", "2026-01-30T12:34:56Z"), event(2, 2106, "posted", "2026-02-01"),
                 event(3, 2106, "submitted", "2026-02-09T00:00:00Z"), event(4, 2110, "posted", "2026-03-01")),
            page(related(5, 2110, 2106)),
            page(group(1962, "itu-t-sg-17"), group(7, "iab"), group(2, "iesg")),
        ],
    )  # fmt: skip
    assert recognise(path)
    first, second = read(path)
    assert (first.number, first.received_numbers) == ("datatracker 2106", ())
    assert (first.title, first.date, first.layout) == ("LS on the progress", "2026-01-30", "datatracker")
    assert [r.text for r in (*first.sender, *first.to)] == ["itu-t-sg-17", "iab", "iesg"]
    assert first.purposes == (("iab", "action"), ("iesg", "action"))
    (action,) = first.actions
    assert (action.text, action.deadline) == ("For action", "2026-03-09")
    assert [r.text for r in action.addressees] == ["iab", "iesg"]
    assert first.outcome == "Action Taken"

    assert (second.number, second.date) == ("datatracker 2110", "2026-03-01")
    assert second.purposes == (("itu-t-sg-17", "response"),)
    assert [(r.text, r.context) for r in second.in_reply_to] == [("datatracker 2106", "IETF")]
    assert (second.actions, second.outcome) == ((), None)


def test_contacts_and_bodies_are_not_read(tmp_path: Path) -> None:
    told = str(one(tmp_path, statement(1, from_name="ITU-T SG 15 (A Person)", from_groups=[])))
    assert "example.org" not in told
    assert "the whole text" not in told
    assert "A Person" not in told
    assert "'ITU-T SG 15'" in told


@pytest.mark.parametrize(
    ("identifiers", "number", "received"),
    [
        ("S3-233355 (revision of S3-233054)", "S3-233355", ("datatracker 1847",)),
        ("SG13-LS-165", "SG13-LS-165", ("datatracker 1847",)),
        ("LIAISE-439", "LIAISE-439", ("datatracker 1847",)),
        ("SP-200095 / S2-2002593", "SP-200095", ("datatracker 1847",)),
        ("ZSM(25)000129r1", "ZSM(25)000129r1", ("datatracker 1847",)),
        ("", "datatracker 1847", ()),
        ("1 named", "datatracker 1847", ()),
        ("3 files", "datatracker 1847", ()),
        ("Draft Y.2015", "datatracker 1847", ()),
    ],
)
def test_the_number_of_the_sender_is_its_own(
    identifiers: str, number: str, received: tuple[str, ...], tmp_path: Path
) -> None:
    found = one(tmp_path, statement(1847, other_identifiers=identifiers))
    assert (found.number, found.received_numbers) == (number, received)
    assert found.earlier_numbers == (("S3-233054",) if "revision" in identifiers else ())


@pytest.mark.parametrize(("state", "sent"), [("posted", 1), ("approved", 1), ("pending", 0), ("dead", 0)])
def test_what_was_not_sent_is_no_statement(state: str, sent: int, tmp_path: Path) -> None:
    path = saved(tmp_path, page(statement(1, state=uri("liaisonstatementstate", state, "name"))))
    assert len(list(read(path))) == sent


def test_names_stand_for_groups_that_the_file_does_not_hold(tmp_path: Path) -> None:
    found = one(tmp_path, statement(1, to_name="IAB, IESG"))
    assert [r.text for r in (*found.sender, *found.to)] == ["ITU-T-SG-17", "IAB", "IESG"]


def test_a_statement_that_refers_to_another_without_answering_it_claims_no_reply(tmp_path: Path) -> None:
    found, _ = read(saved(tmp_path, page(statement(2), statement(1), related(3, 2, 1))))
    assert found.in_reply_to == ()
    (told,) = [e for e in found.evidence if e.field == "related"]
    assert (told.text, told.confidence) == ("datatracker 1", 0.5)


def test_comments_by_a_day_are_asked_of_the_addressees(tmp_path: Path) -> None:
    found = one(tmp_path, statement(1, purpose=purpose("comment"), deadline="2012-04-01"))
    ((text, deadline, asked),) = [(a.text, a.deadline, a.addressees) for a in found.actions]
    assert (text, deadline) == ("For comment", "2012-04-01")
    assert [r.text for r in asked] == [r.text for r in found.to]
    assert asked
    assert {p for _, p in found.purposes} == {"comment"}


def test_replies_are_linked_by_the_number_that_the_answered_one_has(tmp_path: Path, root: Path) -> None:
    tables = sorted((root / "data/registry").glob("*.csv"))
    registry = Registry.from_records([r for t in tables for r in read_registry(t)])
    linker = Linker(registry, MemoryIndex([]))
    answer = {"purpose": purpose("response"), "from_name": "tsvwg", "to_name": "3GPP-TSG-SA-WG3"}
    numbered = statement(1, from_name="3GPP-TSG-SA-WG3", to_name="tsvwg", other_identifiers="S3-233355")
    plain = statement(2, to_name="opsawg")
    path = saved(
        tmp_path,
        page(
            numbered,
            plain,
            statement(3, **answer),
            statement(4, **answer),
            related(5, 3, 1),
            related(6, 4, 2),
        ),
    )
    linked = [linker.link(s) for s in read(path)]
    assert [s.key for s in linked] == [
        "liaison-statement/3GPP/S3-233355",
        "liaison-statement/IETF/datatracker-2",
        "liaison-statement/IETF/datatracker-3",
        "liaison-statement/IETF/datatracker-4",
    ]
    assert [r.target for s in linked for r in s.in_reply_to] == [linked[0].key, linked[1].key]
    assert [r.target for r in linked[0].to] == ["group/IETF-TSVWG"]
    assert [r.target for r in linked[1].to] == ["group/IETF-OPSAWG"]


def test_a_page_a_line(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(page(statement(n), offset=n - 1, total=3)) for n in (1, 2, 3))
    with pytest.raises(IncompleteDocument):
        list(read(saved(tmp_path, lines, "pages.jsonl")))
    lines = "\n".join(json.dumps(page(statement(n))) for n in (1, 2, 3))
    path = saved(tmp_path, lines + "\n", "pages.jsonl")
    assert recognise(path)
    assert [s.number for s in read(path)] == ["datatracker 1", "datatracker 2", "datatracker 3"]


# --- page after page


class Server:
    """Answers as the API does: pages of two objects, the address of the next one without its host."""

    def __init__(self, count: int) -> None:
        self.objects = [statement(n) for n in range(count)]
        self.asked: list[str] = []
        self.answers: dict[str, bytes] = {}

    def get(self, address: str) -> bytes:
        self.asked.append(address)
        if address in self.answers:
            return self.answers[address]
        offset = int(address.partition("offset=")[2] or 0)
        following = f"/api/v1/liaisons/liaisonstatement/?format=json&limit=2&offset={offset + 2}"
        made = page(*self.objects[offset : offset + 2], offset=offset, total=len(self.objects))
        made["meta"] |= {"limit": 2, "next": following if offset + 2 < len(self.objects) else None}
        return json.dumps(made).encode()


def test_pages_follow_one_another(tmp_path: Path) -> None:
    server = Server(5)
    found = list(pages(FIRST, server.get))
    assert [len(p["objects"]) for p in found] == [2, 2, 1]
    assert server.asked[1:] == [
        f"https://datatracker.ietf.org/api/v1/liaisons/liaisonstatement/?format=json&limit=2&offset={n}"
        for n in (2, 4)
    ]
    assert [s.number for s in read(saved(tmp_path, found))] == [f"datatracker {n}" for n in range(5)]


def test_the_number_of_pages_is_bounded() -> None:
    server = Server(100)
    with pytest.raises(LimitExceeded, match="3 pages"):
        list(pages(FIRST, server.get, limit=3))
    assert len(server.asked) == 3


@pytest.mark.parametrize(
    "following", ["https://elsewhere.example/api/", "http://datatracker.ietf.org/x", FIRST]
)
def test_a_page_that_leads_elsewhere_or_back_ends_the_walk(following: str) -> None:
    server = Server(2)
    server.answers[FIRST] = json.dumps(page(statement(1), following=following, total=1)).encode()
    with pytest.raises(UnreadableDocument, match="not the next one"):
        list(pages(FIRST, server.get))
    assert server.asked == [FIRST]


def test_fewer_objects_than_stated_are_a_loud_failure() -> None:
    server = Server(2)
    server.answers[FIRST] = json.dumps(page(statement(1), offset=0, total=7)).encode()
    with pytest.raises(IncompleteDocument, match="1 objects and should hold 7"):
        list(pages(FIRST, server.get))
    ended_early = page(*(statement(n) for n in range(20)), total=45)
    server.answers[FIRST] = json.dumps(ended_early).encode()
    with pytest.raises(IncompleteDocument, match="20 objects and say that there are 45"):
        list(pages(FIRST, server.get))


def test_an_answer_that_is_no_page_is_refused() -> None:
    for answer in (b"", b"<html>", b"[]", b'{"meta": {}}', b'{"meta": {}, "objects": 3}', b"[" * 100_000):
        with pytest.raises(UnreadableDocument) as error:
            list(pages(FIRST, lambda _, answer=answer: answer))  # type: ignore[misc]
        assert error.value.where == FIRST
        assert error.value.hint


def test_what_fetching_raises_passes_through() -> None:
    def get(_address: str) -> bytes:
        raise Unavailable("no network", hint="later")

    with pytest.raises(Unavailable, match="no network"):
        list(pages(FIRST, get))


# --- the index


INDEX = "data/ls/ietf_datatracker_ls_index.jsonl"


def test_the_index_of_real_entries(shared: Shared) -> None:
    path = shared(INDEX)
    assert recognise(path)
    found = list(read(path))
    assert len(found) == 30
    by_number = {n: s for s in found for n in (s.number, *s.received_numbers)}

    headless = [by_number[f"datatracker {n}"] for n in (1502, 1533)]
    assert [(s.date, s.purposes, s.title) for s in headless] == [(None, (), "(title not stated)")] * 2
    assert [r.text for r in headless[1].to] == ["IEEE 802.1", "MEF"]
    assert all(s.date and s.purposes for s in found if s not in headless)

    # Eleven were posted with a document that bears a number of their sender.
    assert sorted(s.number for s in found if s.received_numbers and s.number) == [
        "C4-185491", "LIAISE-439", "ML5G-O-023", "S3-233355", "SG13-LS-165", "SG13-LS10", "SG13-LS136",
        "SG15-LS54", "SP-170579", "SP-200095", "sp16-sg17-oLS-00068",
    ]  # fmt: skip

    asked = by_number["datatracker 2106"]
    assert asked.title.startswith("LS on the progress of the Correspondence Group on SG17 Strategy")
    assert (asked.date, asked.outcome) == ("2026-01-30", "Action Taken")
    assert asked.purposes == (("IAB", "action"), ("IESG", "action"))
    assert [a.deadline for a in asked.actions] == ["2026-03-09"]
    assert [r.text for r in asked.sender] == ["ITU-T-SG-17"]

    replying = by_number["S3-233355"]
    assert replying.received_numbers == ("datatracker 1847",)
    assert replying.earlier_numbers == ("S3-233054",)
    assert [r.text for r in replying.in_reply_to] == ["Updated LS to 3GPP regarding SCTP-AUTH and DTLS"]
    # It refers to two statements, and is an information of its own.
    assert by_number["datatracker 2076"].in_reply_to == ()
    assert [r.text for r in by_number["SP-200095"].answered_by] == [
        "Re: LS on need for Multi-Path QUIC for ATSSS"
    ]
    assert [r.text for r in by_number["datatracker 339"].to] == ["ccamp"]
    assert {e.locator for e in asked.evidence} == {"line 1"}


# --- what cannot be read


def test_faults_name_file_and_line(tmp_path: Path) -> None:
    good = json.dumps({"liaison_id": 1, "from_group": "IAB", "to_groups": "MEF", "title": "x"})
    with pytest.raises(UnreadableDocument, match=r"index\.jsonl, line 2"):
        list(read(saved(tmp_path, f"{good}\n{good[:-4]}\n", "index.jsonl")))
    nobody = json.dumps({"liaison_id": 1, "from_group": "", "to_groups": "MEF"})
    with pytest.raises(IncompleteDocument, match=r"index\.jsonl, line 2") as error:
        list(read(saved(tmp_path, f"{good}\n{nobody}\n", "index.jsonl")))
    assert error.value.hint
    with pytest.raises(IncompleteDocument, match="holds 2 objects and should hold 20"):
        list(read(saved(tmp_path, page(statement(1), statement(2), total=300))))
    with pytest.raises(Unavailable):
        list(read(tmp_path / "absent.json"))
    assert not recognise(saved(tmp_path, {"name": "x"}))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "x", uri("liaisonstatement", 1)]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(["resource_uri", "title", "tags", "from_groups", "to_name", "state", "type", "time",
                         "statement", "source", "target", "liaison_id", "from_group", "refers_to"]),
        inner,
        max_size=5,
    ),
    max_leaves=12,
)  # fmt: skip


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(JSON, max_size=4), st.booleans())
def test_whatever_objects_hold_only_our_errors_are_raised(
    tmp_path: Path, objects: list[Any], as_page: bool
) -> None:
    path = saved(tmp_path, page(*objects) if as_page else objects)
    try:
        for found in read(path):
            assert found.sender
    except SdographError:
        assert not as_page


def test_a_page_says_how_many_objects_it_should_hold() -> None:
    everything = page(statement(1), statement(2))
    everything["meta"]["limit"] = 0
    assert check_page(everything, "x") is everything
    with pytest.raises(IncompleteDocument):
        check_page({**everything, "objects": []}, "x")
