"""Each live source, against a server that answers as the real one does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from conftest import Sync
from live_web import Answer, Asked, TestClock, Web, static, zipped

from sdograph import live
from sdograph.errors import LimitExceeded, SdographError, Unavailable, UnreadableDocument, UsageError
from sdograph.live import LIVE, Limits, Synced, describe
from sdograph.live import datatracker as datatracker_live
from sdograph.live.threegpp import parse_listing, plan_date
from sdograph.sources import datatracker

# --- what there is


def test_what_is_described() -> None:
    rows = describe()
    assert [row["name"] for row in rows] == [
        "3gpp-work-plan",
        "3gpp-tdocs",
        "ietf-liaisons",
        "iso-committees",
        "iso-deliverables",
        "relaton-etsi",
        "relaton-itu",
        "relaton-iso",
        "relaton-3gpp",
    ]
    for row in rows:
        assert row.keys() == {"name", "title", "fetches", "home", "licence", "parameters"}
        assert str(row["home"]).startswith("https://")
    json.dumps(rows)


def test_the_guide_names_every_source_and_parameter(root: Path) -> None:
    guide = (root / "docs/guides/live-sources.md").read_text("utf-8")
    for source in LIVE.values():
        assert f"`{source.name}`" in guide
        assert source.home in guide
        for parameter in source.all_parameters():
            assert f"`{parameter.name}`" in guide


def test_the_public_names() -> None:
    assert set(live.__all__) == {
        *("LIVE", "LiveSource", "Parameter", "describe"),
        *("sync", "Synced", "Origin", "Limits", "Clock", "Progress"),
    }


# --- 3GPP: listings


def row(address: str, name: str, time: str = "2026/04/03 9:50", size: str = "78,5 KB") -> str:
    """One file as www.3gpp.org lists it."""
    return f"""
    <tr>
      <td><input type="checkbox" value="{name}" /></td>
      <td><img src="/ftp/geticon.axd?file=.xlsx" /></td>
      <td><a class="file" href="{address}">{name}</a></td>
      <td>{time}</td>
      <td>{size}</td>
    </tr>"""


def listing(*rows: str) -> Answer:
    page = f"<html><body><table><tbody>{''.join(rows)}</tbody></table></body></html>"
    return Answer(page.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


PLANS = "/ftp/Information/WORK_PLAN/"
BOOK = zipped(xl_workbook_xml="<workbook/>")


def test_the_newest_work_plan_by_the_date_in_its_name(run: Sync, web: Web, cache: Path) -> None:
    names = (
        "Work_plan_3gpp_230110.xlsx",
        "Work_plan_3gpp_2026_06_26.xlsx",
        "Work_plan_3gpp_251219.xlsx",
        "Work_plan_3gpp_269999.xlsx",
        "Work_plan_3gpp_260627.zip",
        "TSG_Status_Report.xlsx",
    )
    rows = [row(f"https://www.3gpp.org{PLANS}{name}", name) for name in names]
    folder = '<tr><td><a href="https://www.3gpp.org/ftp/Information/WORK_PLAN/Description_Releases">D</a></td></tr>'
    web.on(PLANS, listing(folder, *rows))
    web.serve_file(PLANS + "Work_plan_3gpp_2026_06_26.xlsx", BOOK)
    found = run("3gpp-work-plan", address=web.address + PLANS)
    (path,) = found.files
    assert path == cache / "files" / "3gpp-work-plan" / "Work_plan_3gpp.xlsx"
    assert path.read_bytes() == BOOK
    assert found.origins[path].address.endswith("/Work_plan_3gpp_2026_06_26.xlsx")
    assert found.origins[path].issued == "2026-06-26"
    again = run("3gpp-work-plan", address=web.address + PLANS)
    assert (again.unchanged, again.requests, again.files) == (True, 2, [path])


def test_a_newer_work_plan_takes_the_place_of_the_one_before(run: Sync, web: Web) -> None:
    newer = zipped(xl_workbook_xml="<workbook>new</workbook>")
    web.on(PLANS, listing(row("x/Work_plan_3gpp_230110.xlsx", "x")))
    web.serve_file(PLANS + "Work_plan_3gpp_230110.xlsx", BOOK)
    (before,) = run("3gpp-work-plan", address=web.address + PLANS).files
    web.on(PLANS, listing(row("x/Work_plan_3gpp_230110.xlsx", "x"), row("x/Work_plan_3gpp_230401.xlsx", "x")))
    web.serve_file(PLANS + "Work_plan_3gpp_230401.xlsx", newer)
    found = run("3gpp-work-plan", address=web.address + PLANS.rstrip("/"))
    assert found.files == [before]
    assert before.read_bytes() == newer
    assert not found.unchanged


@pytest.mark.parametrize(
    "page", [b"", b"<html></html>", b"<html><body>Please log in", b"\xff\xfe\x00"], ids=repr
)
def test_a_folder_that_lists_nothing(run: Sync, web: Web, cache: Path, page: bytes) -> None:
    web.on(PLANS, Answer(page))
    with pytest.raises(Unavailable, match="lists no work plan"):
        run("3gpp-work-plan", address=web.address + PLANS)


def test_half_a_workbook_is_not_handed_on(run: Sync, web: Web, cache: Path) -> None:
    web.on(PLANS, listing(row("Work_plan_3gpp_230110.xlsx", "x")))
    web.on(PLANS + "Work_plan_3gpp_230110.xlsx", Answer(BOOK[:-40]))
    with pytest.raises(UnreadableDocument, match="no whole ZIP archive"):
        run("3gpp-work-plan", address=web.address + PLANS)
    assert not (cache / "files" / "3gpp-work-plan").exists()


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("Work_plan_3gpp_230110.xlsx", "2023-01-10"),
        ("work_plan_3GPP_2026_06_26.XLSX", "2026-06-26"),
        ("Work_plan_3gpp_20260626.xlsx", "2026-06-26"),
        ("Work_plan_3gpp_231310.xlsx", None),
        ("Work_plan_3gpp_230110.xlsm", None),
        ("Work_plan_3gpp.xlsx", None),
    ],
)
def test_dates_of_issues(name: str, day: str | None) -> None:
    found = plan_date(name)
    assert (found and found.isoformat()) == day


MEETING = "tsg_sa/WG3_Security/TSGS3_122_Fukuoka"
DOCS = f"/ftp/{MEETING}/Docs/"


def test_the_list_of_a_meeting(run: Sync, web: Web, cache: Path) -> None:
    shown = "TDoc_List_Meeting_SA3#122.xlsx"
    address = f"https://www.3gpp.org/FTP/{MEETING}/Docs/TDoc_List_Meeting_SA3%23122.xlsx"
    web.on(DOCS, listing(row("S3-251218.zip", "S3-251218.zip"), row(address, shown)))
    web.serve_file(DOCS + "TDoc_List_Meeting_SA3%23122.xlsx", BOOK)
    found = run("3gpp-tdocs", meeting=MEETING, address=web.address + "/ftp")
    (path,) = found.files
    assert path == cache / "files" / "3gpp-tdocs" / MEETING / shown, "readers tell the meeting by the name"
    assert path.read_bytes() == BOOK
    assert found.origins[path].issued == "2023-01-10"


def test_a_later_list_of_the_meeting_replaces_the_first(run: Sync, web: Web) -> None:
    first = row("TDoc_List_Meeting_SA3%23122.xlsx", "x", "2026/04/03 9:50")
    web.on(DOCS, listing(first))
    web.serve_file(DOCS + "TDoc_List_Meeting_SA3%23122.xlsx", BOOK)
    (path,) = run("3gpp-tdocs", meeting=MEETING, address=web.address + "/ftp").files
    newer = zipped(xl_workbook_xml="<workbook>final</workbook>")
    older = row("TDoc_List_Meeting_SA3%23122%20(z-draft).xlsx", "x", "2026/03/31 10:00")
    final = row("TDoc_List_Meeting_SA3%23122%20(final).xlsx", "x", "2026/04/10 17:05")
    web.on(DOCS, listing(final, first, older))
    web.serve_file(DOCS + "TDoc_List_Meeting_SA3%23122%20%28final%29.xlsx", newer)
    found = run("3gpp-tdocs", meeting=MEETING, address=web.address + "/ftp")
    assert found.files == [path]
    assert path.read_bytes() == newer


def test_a_meeting_without_a_list(run: Sync, web: Web) -> None:
    web.on(DOCS, listing(row("S3-251218.zip", "S3-251218.zip")))
    with pytest.raises(Unavailable, match="holds no TDoc list"):
        run("3gpp-tdocs", meeting=MEETING, address=web.address + "/ftp/")
    with pytest.raises(Unavailable, match="404"):
        run("3gpp-tdocs", meeting="tsg_sa/WG3_Security/none", address=web.address + "/ftp/")


def test_a_listing_as_iis_makes_it() -> None:
    page = (
        b"<html><head><title>www.3gpp.org - /ftp/x/</title></head><body><H1>www.3gpp.org - /ftp/x/</H1><hr>"
        b'<pre><A HREF="/ftp/">[To Parent Directory]</A><br><br>'
        b' 6/12/2014  3:25 AM        &lt;dir&gt; <A HREF="/ftp/x/Inbox/">Inbox</A><br>'
        b'12/31/2022 11:05 PM      1065131 <A HREF="/ftp/x/Work_plan_3gpp_230110.xlsx">W</A><br></pre>'
    )
    entries = [(e.name, e.time and e.time.isoformat()) for e in parse_listing(page)]
    assert entries == [
        ("ftp", None),
        ("Inbox", "2014-06-12T03:25:00"),
        ("Work_plan_3gpp_230110.xlsx", "2022-12-31T23:05:00"),
    ]


def test_names_in_a_listing_lead_nowhere_else() -> None:
    page = b'<a href="..%2F..%2Fetc%2Fpasswd">a</a> <a href="x%5C..%5Cy">b</a> <a>c</a> <a href="?C=N">d</a>'
    assert [e.name for e in parse_listing(page)] == ["passwd"]
    assert [e.name for e in parse_listing(b'<a href="z">alone</a>')] == ["z"]


# --- IETF Datatracker


class Tastypie:
    """The Datatracker's API: filters ``id__gt`` and ``id__in``, pages with ``meta.next``."""

    def __init__(self, web: Web, *, most: int = 2) -> None:
        self.most = most
        self.objects: dict[str, list[dict[str, Any]]] = {}
        for resource in (
            datatracker_live.STATEMENTS,
            datatracker_live.EVENTS,
            datatracker_live.RELATIONS,
            datatracker_live.GROUPS,
        ):
            self.objects[resource] = []
            web.routes[f"/api/v1/{resource}/"] = self._page(resource)

    def add(self, resource: str, number: int, **fields: object) -> None:
        uri = f"/api/v1/{resource}/{number}/"
        self.objects[resource] = [o for o in self.objects[resource] if o["id"] != number]
        self.objects[resource].append({"id": number, "resource_uri": uri, **fields})

    def statement(self, number: int, title: str, purpose: str = "info") -> None:
        self.add(
            datatracker_live.STATEMENTS,
            number,
            title=title,
            from_groups=["/api/v1/group/group/1/"],
            from_name="ITU-T SG 13",
            to_groups=["/api/v1/group/group/2/"],
            to_name="IETF",
            purpose=f"/api/v1/name/liaisonstatementpurposename/{purpose}/",
            deadline=None,
            state="/api/v1/name/liaisonstatementstate/posted/",
            tags=[],
            other_identifiers="",
            from_contact="A Person <person@example.org>",
            to_contacts="person@example.org",
            body="The words of the statement.",
        )

    def event(self, number: int, statement: int, kind: str = "submitted", time: str = "2024-01-02") -> None:
        self.add(
            datatracker_live.EVENTS,
            number,
            statement=f"/api/v1/liaisons/liaisonstatement/{statement}/",
            type=f"/api/v1/name/liaisonstatementeventtypename/{kind}/",
            time=f"{time}T10:00:00Z",
            by="/api/v1/person/person/1/",
            desc="Submitted by A Person",
        )

    def _page(self, resource: str) -> Callable[[Asked], Answer]:
        def page(asked: Asked) -> Answer:
            query = {k: v[0] for k, v in parse_qs(urlsplit(asked.path).query).items()}
            assert query["order_by"] == "id"
            assert query["format"] == "json"
            wanted = sorted(self.objects[resource], key=lambda o: o["id"])
            if "id__gt" in query:
                wanted = [o for o in wanted if o["id"] > int(query["id__gt"])]
            if "id__in" in query:
                wanted = [o for o in wanted if str(o["id"]) in query["id__in"].split(",")]
            offset, total = int(query.get("offset", 0)), len(wanted)
            more = {**query, "limit": str(self.most), "offset": str(offset + self.most)}
            following = (
                f"/api/v1/{resource}/?{httpx.QueryParams(more)}" if offset + self.most < total else None
            )
            meta = {"limit": self.most, "offset": offset, "total_count": total, "next": following}
            body = {"meta": meta, "objects": wanted[offset : offset + self.most]}
            return Answer(json.dumps(body).encode(), headers={"Content-Type": "application/json"})

        return page


@pytest.fixture
def tracker(web: Web) -> Tastypie:
    tracker = Tastypie(web)
    for number in range(101, 106):
        tracker.statement(number, f"Statement {number}")
        tracker.event(number + 900, number)
    tracker.statement(105, "Statement 105", "response")
    related = {
        name: f"/api/v1/liaisons/liaisonstatement/{n}/" for name, n in (("source", 105), ("target", 101))
    }
    tracker.add(datatracker_live.RELATIONS, 7, **related)
    tracker.add(datatracker_live.GROUPS, 1, acronym="itu-t-sg-13", name="ITU-T SG 13", description="long")
    tracker.add(datatracker_live.GROUPS, 2, acronym="ietf", name="IETF")
    return tracker


def liaisons(run: Sync, web: Web, limits: Limits | None = None) -> Synced:
    return run("ietf-liaisons", address=web.address + "/api/v1/", limits=limits)


def test_all_liaison_statements_page_by_page(run: Sync, web: Web, tracker: Tastypie) -> None:
    (path,) = liaisons(run, web).files
    assert datatracker.recognise(path)
    found = list(datatracker.read(path))
    assert [s.title for s in found] == [f"Statement {n}" for n in range(101, 106)]
    assert {s.date for s in found} == {"2024-01-02"}
    assert [r.text for r in found[0].sender] == ["itu-t-sg-13"]
    assert [r.text for r in found[4].in_reply_to] == ["datatracker 101"]
    assert len(web.paths()) == 3 + 3 + 1 + 1, (
        "five events and five statements two at a time, relations, groups"
    )
    again = liaisons(run, web)
    assert again.unchanged
    assert again.requests == 3


def test_no_person_is_written_down(run: Sync, web: Web, tracker: Tastypie, cache: Path) -> None:
    liaisons(run, web)
    written = b"".join(p.read_bytes() for p in cache.rglob("*") if p.is_file())
    assert b"Statement 101" in written
    for private in (b"person", b"Person", b"words of the statement", b"description"):
        assert private not in written


def test_later_runs_ask_for_what_is_new_and_what_was_changed(run: Sync, web: Web, tracker: Tastypie) -> None:
    (path,) = liaisons(run, web).files
    tracker.statement(106, "Statement 106")
    tracker.event(1006, 106)
    tracker.statement(103, "Statement 103, corrected")
    tracker.event(1007, 103, "modified", "2024-02-01")
    begin = len(web.asked)
    found = liaisons(run, web)
    assert not found.unchanged
    titles = [s.title for s in datatracker.read(path)]
    assert titles == [
        "Statement 101", "Statement 102", "Statement 103, corrected", "Statement 104", "Statement 105",
        "Statement 106",
    ]  # fmt: skip
    asked = [parse_qs(urlsplit(a.path).query) for a in web.asked[begin:]]
    assert [q.get("id__in") for q in asked] == [None, None, ["103"], None], (
        "one more request, for one of them"
    )
    assert liaisons(run, web).unchanged


def test_a_run_that_ends_early_is_gone_on_with(run: Sync, web: Web, tracker: Tastypie, cache: Path) -> None:
    with pytest.raises(Unavailable, match="5 requests were made"):
        liaisons(run, web, Limits(requests=5))
    assert not list((cache / "files").rglob("*.jsonl")), "nothing is handed on before all of it is there"
    (path,) = liaisons(run, web).files
    assert len(list(datatracker.read(path))) == 5
    pages = [a.path for a in web.asked if datatracker_live.EVENTS in a.path]
    assert len(pages) == 3 + 1, "no page of events came twice; one request for newer ones"


def test_events_of_statements_that_nobody_may_see(run: Sync, web: Web, tracker: Tastypie) -> None:
    """They are asked for once, and not in every run again."""
    tracker.event(1010, 99)
    first = liaisons(run, web)
    assert sum("id__in=99" in a.path for a in web.asked) == 1
    assert len(list(datatracker.read(first.files[0]))) == 5
    assert liaisons(run, web).requests == 3


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b'{"meta": {', UnreadableDocument, "JSON is broken"),
        (b"<html>502</html>", UnreadableDocument, "JSON is broken"),
        (b'{"error": "no"}', UnreadableDocument, "no page"),
        (b'{"meta": {"next": null}, "objects": [{"title": "x"}]}', UnreadableDocument, "no id"),
        (
            b'{"meta": {"next": "https://elsewhere.example/x"}, "objects": []}',
            UnreadableDocument,
            "elsewhere",
        ),
        (b'{"meta": {"next": "?same"}, "objects": []}', UnreadableDocument, "same"),
        (
            b'{"meta": {"limit": 5, "offset": 0, "total_count": 9, "next": null}, "objects": []}',
            SdographError,
            "should hold 5",
        ),
    ],
)
def test_answers_that_are_no_pages(
    run: Sync, web: Web, tracker: Tastypie, cache: Path, body: bytes, error: type[SdographError], says: str
) -> None:
    liaisons(run, web)
    before = {p: p.read_bytes() for p in (cache / "files").rglob("*") if p.is_file()}
    web.on("/api/v1/liaisons/liaisonstatement/", Answer(body))
    with pytest.raises(error, match=says):
        liaisons(run, web)
    assert {p: p.read_bytes() for p in (cache / "files").rglob("*") if p.is_file()} == before


def test_a_datatracker_without_statements(run: Sync, web: Web) -> None:
    Tastypie(web)
    with pytest.raises(UnreadableDocument, match="lists no liaison statement"):
        liaisons(run, web)


def test_another_address_begins_anew(run: Sync, web: Web, tracker: Tastypie) -> None:
    liaisons(run, web)
    for path in [p for p in web.routes if p.startswith("/api/v1/")]:
        web.routes["/mirror" + path] = web.routes[path]
    tracker.most = 100
    tracker.objects[datatracker_live.STATEMENTS] = tracker.objects[datatracker_live.STATEMENTS][:2]
    (path,) = run("ietf-liaisons", address=web.address + "/mirror/api/v1").files
    assert len(list(datatracker.read(path))) == 2


# --- relaton

ETSI = "/relaton/relaton-data-etsi/v2/"
INDEX = """---
- :id: ETSI GR SAI 004 V1.1.1 (2020-12)
  :file: data/ETSI_GR_SAI_004_V1_1_1_2020-12.yaml
- :id: ETSI GR SAI 006 V1.1.1 (2022-03)
  :file: data/ETSI_GR_SAI_006_V1_1_1_2022-03.yaml
- :id: ETSI GS ZSM 018 V1.1.1 (2024-12)
  :file: data/ETSI_GS_ZSM_018_V1_1_1_2024-12.yaml
"""
SAI4, SAI6, ZSM = (
    f"data/ETSI_{name}.yaml"
    for name in ("GR_SAI_004_V1_1_1_2020-12", "GR_SAI_006_V1_1_1_2022-03", "GS_ZSM_018_V1_1_1_2024-12")
)


def record(number: str) -> bytes:
    return f"---\nschema-version: v1.2.8\nid: {number}\ntitle:\n- content: {number}\n".encode()


@pytest.fixture
def repository(web: Web) -> Web:
    web.serve_file(ETSI + "index-v1.zip", zipped(**{"index-v1_yaml": INDEX}))
    for name in (SAI4, SAI6, ZSM):
        web.serve_file(ETSI + name, record(name))
    return web


def etsi(
    run: Sync, web: Web, match: str = "etsi-gr-sai-*", limits: Limits | None = None, **more: str
) -> Synced:
    return run("relaton-etsi", address=web.address + ETSI, match=match, limits=limits, **more)


def names(found: Synced) -> list[str]:
    return [path.name for path in found.files]


def test_the_records_that_a_pattern_selects(run: Sync, repository: Web, cache: Path) -> None:
    found = etsi(run, repository)
    assert found.files == [cache / "files" / "relaton-etsi" / name for name in (SAI4, SAI6)]
    assert found.files[0].read_bytes() == record(SAI4)
    assert found.origins[found.files[0]].address == repository.address + ETSI + SAI4
    assert (found.left, found.unchanged, found.requests) == (0, False, 4)
    again = etsi(run, repository)
    assert (again.files, again.unchanged, again.requests) == (found.files, True, 1), (
        "the index alone is asked for"
    )


@pytest.mark.parametrize(
    ("match", "count"),
    [("ETSI GR SAI 004*", 1), ("etsi_gr_sai_*, *zsm*", 3), ("*", 3), ("*SAI?006*", 1)],
)
def test_patterns_are_written_as_people_write_numbers(
    run: Sync, repository: Web, match: str, count: int
) -> None:
    assert len(etsi(run, repository, match).files) == count


def test_a_pattern_that_selects_nothing(run: Sync, repository: Web) -> None:
    with pytest.raises(UsageError, match="no record of 3 fits 'etsi-gr-xyz'") as caught:
        etsi(run, repository, "etsi-gr-xyz")
    assert "ETSI_GR_SAI_004_V1_1_1_2020-12" in str(caught.value.hint)


def test_as_many_as_one_run_may_and_the_rest_in_the_next(run: Sync, repository: Web) -> None:
    first = etsi(run, repository, "*", most="2")
    assert (len(first.files), first.left, first.unchanged) == (2, 1, False)
    second = etsi(run, repository, "*", most="2")
    assert (len(second.files), second.left, second.requests) == (3, 0, 2)
    assert etsi(run, repository, "*", most="2").unchanged


def test_the_requests_of_a_run_are_bounded(run: Sync, repository: Web) -> None:
    found = etsi(run, repository, "*", Limits(requests=3))
    assert (len(found.files), found.left, found.requests) == (1, 2, 3)


def test_a_new_index_has_every_record_asked_for_again(run: Sync, repository: Web, clock: TestClock) -> None:
    before = etsi(run, repository)
    clock.time += 10
    corrected = record(SAI6).replace(b"title", b"name")
    repository.serve_file(ETSI + SAI6, corrected)
    assert etsi(run, repository).unchanged, "the index is as it was: nothing says that a record changed"
    index = INDEX.replace("ZSM_018", "ZSM_019")
    repository.serve_file(ETSI + "index-v1.zip", zipped(**{"index-v1_yaml": index}))
    found = etsi(run, repository)
    assert (found.unchanged, found.requests) == (False, 3)
    assert found.files == before.files
    assert found.files[1].read_bytes() == corrected
    assert found.bytes < 1_000, "the record that did not change was not sent"


def test_a_record_that_the_index_alone_knows(run: Sync, repository: Web) -> None:
    del repository.routes[ETSI + SAI4]
    found = etsi(run, repository)
    assert names(found) == [Path(SAI6).name]
    assert found.remarks == [f"{SAI4} stands in the index, but the server answers 404 Not Found"]


def test_a_run_that_fails_in_the_middle_keeps_what_came(run: Sync, repository: Web) -> None:
    good = repository.routes[ETSI + SAI6]
    repository.on(ETSI + SAI6, Answer(status=500))
    with pytest.raises(Unavailable, match="500"):
        etsi(run, repository)
    repository.routes[ETSI + SAI6] = good
    assert etsi(run, repository).requests == 2, "the index, and the record that was missing"


@pytest.mark.parametrize(
    "path",
    [
        "../../etc/x.yaml",
        "/etc/x.yaml",
        "data/../x.yaml",
        "data/.hidden.yaml",
        "data/x.sh",
        "data//x.yaml",
        "a b.yaml",
    ],
)
def test_an_index_that_leads_astray(run: Sync, web: Web, cache: Path, path: str) -> None:
    web.serve_file(ETSI + "index-v1.zip", zipped(**{"index-v1_yaml": f"- :id: x\n  :file: {path}\n"}))
    with pytest.raises(UnreadableDocument, match="no path of a record"):
        etsi(run, web, "*")
    assert not (cache / "files" / "relaton-etsi").exists()


def test_an_index_of_nested_identifiers(run: Sync, web: Web) -> None:
    """That of ISO: the identifier is a mapping; in the second generation the keys are quoted or plain."""
    index = (
        "---\n- :id:\n    :base:\n      :type: DIR\n  :file: static/iso-iec-dir-2010.yaml\n"
        "- id:\n    _type: pubid:iso\n  file: 'data/iso-27090.yaml'\n"
    )
    base = "/relaton/relaton-data-iso/v2/"
    web.serve_file(base + "index-v2.zip", zipped(**{"index-v2_yaml": index}))
    web.serve_file(base + "static/iso-iec-dir-2010.yaml", record("a"))
    web.serve_file(base + "data/iso-27090.yaml", record("b"))
    found = run("relaton-iso", address=web.address + base, match="iso-*")
    assert names(found) == ["iso-27090.yaml", "iso-iec-dir-2010.yaml"]


def test_an_index_of_nothing(run: Sync, web: Web) -> None:
    web.serve_file(ETSI + "index-v1.zip", zipped(**{"README_md": "none"}))
    with pytest.raises(UnreadableDocument, match="names no record"):
        etsi(run, web, "*")


@pytest.mark.parametrize(
    "body", [b"<html><body>x: y</body></html>", b"\xff\xfe", b"", b"plain words\n"], ids=repr
)
def test_a_record_that_is_none(run: Sync, repository: Web, body: bytes) -> None:
    repository.on(ETSI + SAI4, Answer(body))
    with pytest.raises(UnreadableDocument):
        etsi(run, repository)


def test_an_archive_that_unpacks_to_too_much(run: Sync, web: Web, tmp_path: Path) -> None:
    from sdograph.live.checks import check_zip

    bomb = tmp_path / "bomb.zip"
    bomb.write_bytes(zipped(a_yaml="0" * 2_000_000).replace(b"\x80\x84\x1e\x00", b"\x00\x00\x00\xf0"))
    with pytest.raises(LimitExceeded, match="would unpack to"):
        check_zip(bomb, "here")


def test_published_records_are_read(run: Sync, web: Web, shared: Callable[[str], Path]) -> None:
    from sdograph.sources import relaton

    folder = shared("data/etsi/relaton_yaml")
    published = sorted(folder.glob("*GR_SAI*.yaml"))
    index = "---\n" + "".join(f"- :id: {p.stem}\n  :file: data/{p.name}\n" for p in published)
    web.serve_file(ETSI + "index-v1.zip", zipped(**{"index-v1_yaml": index}))
    for path in published:
        web.serve_file(ETSI + "data/" + path.name, path.read_bytes())
    found = etsi(run, web)
    assert len(found.files) == len(published) > 5
    assert all(relaton.is_record(path) for path in found.files)


def test_a_published_work_plan_is_recognised(run: Sync, web: Web, shared: Callable[[str], Path]) -> None:
    from sdograph.sources import work_plan

    plan = shared("data/3gpp/Work_plan_3gpp_230110.xlsx")
    web.on(PLANS, listing(row(plan.name, plan.name)))
    web.routes[PLANS + plan.name] = lambda asked: static(asked, plan.read_bytes())
    (path,) = run("3gpp-work-plan", address=web.address + PLANS).files
    assert work_plan.recognise(path)
