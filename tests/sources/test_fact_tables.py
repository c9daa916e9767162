"""Tables of facts: the gathered ones row by row, as a person reads them, and what a person may get wrong."""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdograph.errors import DataError, UnknownFormat, UsageError
from sdograph.model import (
    Body,
    Evidence,
    Group,
    ItemRelation,
    LiaisonRelationship,
    LiaisonStatement,
    Meeting,
    Record,
    Specification,
    WorkItem,
)
from sdograph.sources import fact_tables
from sdograph.sources.fact_tables import TABLES, FactTableFault, read, recognise, template

Shared = Callable[[str], Path]
Write = Callable[..., Path]


@cache
def _read(path: Path) -> tuple[Record, ...]:
    return tuple(read(path))


@pytest.fixture
def facts(shared: Shared) -> Callable[[str], tuple[Record, ...]]:
    """The records of one of the gathered tables."""
    return lambda table: _read(shared(f"data/facts/{table}.csv"))


def evidence(record: Record) -> tuple[Evidence, ...]:
    return record.evidence


def at(records: tuple[Record, ...], row: int, kind: type) -> Any:
    """The one record of a class that rests on a row, as a spreadsheet counts rows."""
    (found,) = {
        r for r in records if isinstance(r, kind) and any(e.locator == f"row {row}" for e in evidence(r))
    }
    return found


def texts(references: tuple[Any, ...]) -> list[str]:
    return [r.text for r in references]


# --- the gathered tables, in numbers


@pytest.mark.parametrize(
    "table, rows, expected",
    [
        # TSAG, here among the bodies, is a group; JTC 1 and JTC 21, here among the groups, are bodies.
        ("bodies", 45, {"Body": 44, "Group": 1}),
        ("groups", 182, {"Group": 180, "Body": 2}),
        # Rows of one item or document are one record: 297 items, and 1,025 documents, which they make or are.
        ("work_items", 1_692, {"WorkItem": 297, "Specification": 1_025}),
        # Statements that came up at several meetings have several rows.
        ("liaison_statements", 895, {"LiaisonStatement": 830}),
        ("meetings", 89, {"Meeting": 89}),
        # The MoU of ITU and ETSI was renewed; 258 parties are known from this table only.
        ("formal_relations", 589, {"LiaisonRelationship": 588, "Body": 197, "Group": 61}),
        # Five items.
        ("work_item_liaisons", 22, {"WorkItem": 5}),
        ("stated_relations", 456, {"ItemRelation": 456}),
    ],
)
def test_no_row_is_lost(
    facts: Callable[[str], tuple[Record, ...]], table: str, rows: int, expected: dict[str, int]
) -> None:
    records = facts(table)
    assert Counter(type(r).__name__ for r in records) == expected
    told = {e.locator for r in records for e in evidence(r)}
    told |= {p.locator for r in records if isinstance(r, WorkItem) for p in r.partners}
    assert told == {f"row {n}" for n in range(2, rows + 2)}


@pytest.mark.parametrize("table", TABLES)
def test_a_gathered_table_is_recognised_by_its_header(shared: Shared, table: str) -> None:
    assert recognise(shared(f"data/facts/{table}.csv"))


@pytest.mark.parametrize("name", ["bodies", "groups", "releases", "work-items", "relationships"])
def test_the_tables_of_the_registry_are_not_tables_of_facts(root: Path, name: str) -> None:
    assert not recognise(root / "data" / "registry" / f"{name}.csv")


# --- bodies and groups


def test_bodies_row_by_row(facts: Callable[[str], tuple[Record, ...]]) -> None:
    bodies = facts("bodies")
    etsi = at(bodies, 2, Body)
    assert (etsi.id, etsi.kind, etsi.homepage) == ("ETSI", "sdo", "https://www.etsi.org")
    assert etsi.evidence[0].confidence == 0.9
    assert etsi.evidence[0].source == (
        "https://github.com/relaton/relaton-data-sdo/blob/"
        "08991e49c18f97836810aad42c57dd0ea684c564/orgs/etsi/metadata.yaml"
    )
    assert at(bodies, 5, Body).parents == ("ITU",)
    jtc1 = at(bodies, 19, Body)
    assert (jtc1.kind, jtc1.parents, jtc1.begin) == ("joint-committee", ("ISO", "IEC"), "1987")
    onem2m = at(bodies, 31, Body)
    assert (onem2m.kind, onem2m.begin, onem2m.evidence[0].confidence) == ("partnership", "2012", 0.6)
    tsag = at(bodies, 46, Group)
    assert (tsag.id, tsag.bodies, tsag.kind) == ("TSAG", ("ITU-T",), "AG")


def test_groups_row_by_row(facts: Callable[[str], tuple[Record, ...]]) -> None:
    groups = facts("groups")
    sai = at(groups, 2, Group)
    assert (sai.id, sai.kind, sai.successors, sai.end) == ("ETSI-ISG-SAI", "ISG", ("ETSI-TC-SAI",), None)
    assert [e.text for e in sai.evidence if e.field == "end"] == ["2023-Q4 (planned end of second term)"]
    sa3 = at(groups, 11, Group)
    assert (sa3.id, sa3.parents, sa3.scope) == ("3GPP-SA3", ("3GPP-SA",), "Security and Privacy")
    assert at(groups, 15, Group).id == "3GPP-SA", "3GPP-TSG-SA leads to it"
    ct = at(groups, 17, Group)
    assert (ct.id, ct.formerly) == ("3GPP-CT", ("TSG CN", "TSG T"))
    sg16 = at(groups, 31, Group)
    assert (sg16.end, sg16.end_note) == ("2024", "consolidated at WTSA-24")
    assert sg16.successors == ("ITU-T-SG21",)
    q16 = at(groups, 34, Group)
    assert (q16.begin, q16.begin_note, q16.parents) == (None, "2025-2028 study period", ("ITU-T-WP4-17",))
    ml5g = at(groups, 76, Group)
    assert (ml5g.id, ml5g.begin, ml5g.end) == ("ITU-T-FG-ML5G", "2017-11", "2020-07")
    jtc21 = at(groups, 86, Body)
    assert (jtc21.id, jtc21.kind) == ("CEN-CLC-JTC21", "joint-committee")


# --- work items and documents


def test_rows_about_work_are_items(facts: Callable[[str], tuple[Record, ...]]) -> None:
    items = facts("work_items")
    security_testing = at(items, 2, WorkItem)
    assert (security_testing.body, security_testing.code) == ("ETSI", "DGR/SAI-003")
    assert security_testing.specifications == ("GR SAI 003",)
    assert (security_testing.status, security_testing.begin) == ("stopped", "2019-10-23")
    proposal = at(items, 3, WorkItem)
    assert (proposal.code, proposal.status, proposal.specifications) == ("PWI_SAI_2407_v1", "proposed", ())
    agents = at(items, 21, WorkItem)
    assert (agents.code, agents.groups) == ("XSTR.sem-AIA", ("ITU-T-Q16-17",))
    assert (agents.releases, agents.target, agents.end) == (("2025-2028",), "2027-12", None)
    aiml = at(items, 226, WorkItem)
    assert (aiml.code, aiml.kind, aiml.number) == ("FS_AIML", "study-item", "960037")
    assert (aiml.completion, aiml.target, aiml.releases) == (25.0, "2023-03-03", ("Rel-18",))
    assert (aiml.specifications, aiml.documents) == (("TR 33.898",), ("SP-220687",))
    done = at(items, 227, WorkItem)
    assert (done.status, done.end, done.target) == ("completed", "2022-12-12", None)
    assert at(items, 231, WorkItem).status == "deleted"
    draft = at(items, 167, WorkItem)
    assert draft.code == "draft-ni-wimse-ai-agent-identity"
    assert draft.alt_codes == ("draft-ni-wimse-ai-agent-identity-02",)
    assert (draft.status, draft.target, draft.end) == ("proposed", None, None), "the date is that of its text"
    project = at(items, 191, WorkItem)
    assert (project.body, project.code, project.status) == ("IEEE-SA", "IEEE P3953", "ongoing")
    assert (project.specifications, project.target) == ((), None)
    unnumbered = at(items, 153, WorkItem)
    assert (unnumbered.code, unnumbered.alt_codes) == ("JT021009", ("prCEN/CLC/TR XXX (WI=JT021009)",))


def test_an_item_goes_by_its_newest_code_and_keeps_the_others(
    facts: Callable[[str], tuple[Record, ...]],
) -> None:
    items = facts("work_items")
    assert at(items, 25, WorkItem) is at(items, 26, WorkItem), "TR.AISec was renamed XSTR.AISec"
    renamed = at(items, 25, WorkItem)
    assert (renamed.code, renamed.alt_codes) == ("XSTR.AISec", ("TR.AISec",))
    assert renamed.groups == ("ITU-T-SG17", "ITU-T-Q7-17")
    numbered = at(items, 40, WorkItem)
    assert numbered is at(items, 39, WorkItem)
    assert (numbered.code, numbered.specifications) == ("X.aas", ("X.1901",))


def test_a_code_that_several_items_bear_identifies_none_of_them(
    facts: Callable[[str], tuple[Record, ...]],
) -> None:
    items = facts("work_items")
    for row, number in ((225, "989997"), (228, "980019")):
        item = at(items, row, WorkItem)
        assert (item.code, item.alt_codes) == (number, ("AIMLsys",))


def test_numbers_of_an_item_are_what_it_makes_or_changes(facts: Callable[[str], tuple[Record, ...]]) -> None:
    items = facts("work_items")
    both = at(items, 237, WorkItem)
    assert (both.code, both.specifications, both.impacts) == ("FS_eNS2_SEC", ("TR 33.874",), ())
    changing = at(items, 251, WorkItem)
    assert (changing.code, changing.specifications) == ("HN_Auth", ())
    assert changing.impacts == ("TS 33.501", "TS 33.535")
    cut = at(items, 219, WorkItem)
    assert (cut.code, cut.impacts) == ("MCXSec3", ("TS 33.180",)), "33.18 lost a zero"
    assert at(items, 239, WorkItem).specifications == ("TR 33.890",)
    assert at(items, 256, WorkItem).specifications == (), "New, and no number yet"


def test_rows_about_documents_are_their_versions(facts: Callable[[str], tuple[Record, ...]]) -> None:
    items = facts("work_items")
    hardware = at(items, 832, Specification)
    assert (hardware.body, hardware.number, hardware.kind) == ("ETSI", "GR SAI 006", "Group Report")
    assert hardware.title is not None
    assert hardware.title.startswith("Securing ArtificiaI Intelligence"), "with the capital I of its source"
    assert [(v.number, v.date) for v in hardware.versions] == [("1.1.1", "2022-03")]
    home = at(items, 704, Specification)
    assert home is at(items, 706, Specification)
    assert home.number == "TS 33.320"
    assert [(v.number, v.release) for v in home.versions] == [
        ("17.0.0", "Rel-17"),
        ("18.0.0", "Rel-18"),
        ("19.0.0", "Rel-19"),
    ]
    big_data = at(items, 1566, Specification)
    assert (big_data.number, big_data.versions[0].number) == ("Y.3608", "2025-12")
    amendment = at(items, 1498, Specification)
    assert (amendment.number, amendment.title) == ("X.1246 (2015) Amd. 1", None)
    assert [(r.kind, r.number) for r in amendment.relations] == [("amends", "X.1246")]
    report = at(items, 1387, Specification)
    assert (report.number, report.versions[0].number) == ("Report M.2083", "0")


def test_drafts_and_editions_of_iso_are_versions_of_one_document(
    facts: Callable[[str], tuple[Record, ...]],
) -> None:
    items = facts("work_items")
    cars = at(items, 1381, Specification)
    assert (cars.body, cars.number, cars.status) == ("ISO", "ISO/PAS 8800", "published")
    assert [(v.number, v.stage) for v in cars.versions] == [
        ("CD", "30.99"),
        ("DPAS", "50.20"),
        ("2024", "60.60"),
    ]
    threats = at(items, 117, Specification)
    assert threats is at(items, 118, Specification)
    assert (threats.body, threats.number) == ("ISO-IEC-JTC1", "ISO/IEC 27090")
    assert threats.title is not None
    assert threats.title.endswith("security threats to artificial intelligence systems")
    assert at(items, 1256, Specification).number == "ISO/IEC 27028", "ISO/IEC CD 27028.2"
    undated = next(s for s in items if isinstance(s, Specification) and s.number == "ISO/IEC TR 20226")
    assert [(v.number, v.stage) for v in undated.versions if v.status == "published"] == [("60.00", "60.00")]
    corrigendum = at(items, 1100, Specification)
    assert (corrigendum.number, corrigendum.versions[0].date) == ("ISO/IEC 27002:2013/Cor 1", "2014")


def test_drafts_of_cen_go_by_the_number_of_the_standard(
    facts: Callable[[str], tuple[Record, ...]],
) -> None:
    items = facts("work_items")
    enquiry = at(items, 156, Specification)
    assert (enquiry.body, enquiry.number) == ("CEN-CLC-JTC21", "EN 18282")
    assert [(v.number, v.status) for v in enquiry.versions] == [("prEN", "ongoing")]
    amendment = at(items, 147, Specification)
    assert (amendment.number, amendment.work_item) == ("EN ISO/IEC 22989:2023/A1", "JT021031")
    assert [(r.kind, r.number) for r in amendment.relations] == [("amends", "EN ISO/IEC 22989")]
    published = at(items, 163, Specification)
    assert (published.number, published.title, published.versions[0].number) == ("EN 18286", None, "2026")


def test_a_published_row_of_an_item_is_also_that_of_its_document(
    facts: Callable[[str], tuple[Record, ...]],
) -> None:
    items = facts("work_items")
    item, document = at(items, 1021, WorkItem), at(items, 1021, Specification)
    assert (item.code, item.end) == ("RTS/SAI-005", "2025-03")
    assert (document.number, document.versions[0].number) == ("TS 104 050", "1.1.1")
    assert item.title == document.title


def test_groups_that_the_registry_does_not_have_stay_as_written(
    facts: Callable[[str], tuple[Record, ...]],
) -> None:
    items = facts("work_items")
    assert at(items, 801, Specification).group_names == ("Maritime Radio",)
    assert at(items, 1034, Specification).group_names == ("ISO-TC211",)


def test_nothing_that_is_no_title_is_shown_as_one(facts: Callable[[str], tuple[Record, ...]]) -> None:
    items = facts("work_items")
    for row, kind in (
        (4, WorkItem),  # (official title not read) conformance assessment and metrics …
        (28, WorkItem),  # (title not read)
        (43, WorkItem),  # … (title cut in the stored excerpt)
        (69, WorkItem),  # … (title shortened in the TDoc list)
        (71, WorkItem),  # … (title cut)
        (185, Specification),  # … (short description)
        (163, Specification),
    ):
        record = at(items, row, kind)
        assert record.title is None, row
        (kept,) = [e for e in record.evidence if e.field == "title" and e.locator == f"row {row}"]
        assert kept.confidence == 0.3
    titles = [r.title or "" for r in items if isinstance(r, WorkItem | Specification)]
    assert not [t for t in titles if "title" in t.casefold() and "(" in t]


# --- liaison statements


@pytest.mark.parametrize(
    "row, number, received, earlier",
    [
        (2, "C4-244497", ["S3-251218"], []),
        (3, "S3-251782", [], []),
        (8, None, ["S3-251818"], []),
        (10, "IMSDCAS22_011", ["S6-251009"], []),
        (27, "S5-212310", ["datatracker 1727"], []),
        (31, "ZSM(25)000129r1", ["datatracker 2010"], []),
        (32, "datatracker 2108", [], []),
        (39, "TDAG - LS 3", ["RAG19/4"], []),
        (43, "S2-1812758", [], ["S2-1811878"]),
        (42, "R2-1816041", ["S2-1811226", "S2-1811620"], []),
        (859, "S3-233355", ["datatracker 1847"], ["S3-233054"]),
        (864, "SP-200095", ["datatracker 1678", "S2-2002593"], []),
        (870, "SG13-LS136", ["datatracker 1880"], []),
        (884, "EMTEL(25)000054r1", ["S2-2601732", "SP-260003"], []),
        (895, "SAI(26)011020r1", ["S2-2601761"], []),
    ],
)
def test_senders_and_receivers_numbers_are_told_apart(
    facts: Callable[[str], tuple[Record, ...]],
    row: int,
    number: str | None,
    received: list[str],
    earlier: list[str],
) -> None:
    statement = at(facts("liaison_statements"), row, LiaisonStatement)
    assert statement.number == number
    assert list(statement.received_numbers) == received
    assert list(statement.earlier_numbers) == earlier
    assert statement.layout == "fact-table"


@pytest.mark.parametrize(
    "written, number, received",
    [
        ("R6-180164) (R6-180164 [S2-1810035]", "R6-180164", ["S2-1810035"]),
        ("DECT(18)000106) (DECT(18)000106 [S2-1810013]", "DECT(18)000106", ["S2-1810013"]),
        ("5GSI#04 Doc 003) (5GSI#04 Doc 003 [S2-1810012]", "5GSI#04 Doc 003", ["S2-1810012"]),
        ("s3i200069 [S2-2002623]", "S3i200069", ["S2-2002623"]),
        ("Packet 100_202 [S2-1906837]", "Packet 100_202", ["S2-1906837"]),
        ("LIAISE-542-5G-RG-Hybrid-Access-Requirements-00 [S2-2302174]", "LIAISE-542", ["S2-2302174"]),
        ("oLS65 [S2-2407403]", "oLS65", ["S2-2407403"]),
        ("LS to SA2 5WWC status from CableLabs [S2-2002626]", None, ["S2-2002626"]),
        ("LS on Generic Slice Template) (LS on Generic Slice Template [S2-2002703]", None, ["S2-2002703"]),
        ("QUIC) (reply-ls-on-security-considerations-for-mpquic-v2 [S2-2407452]", None, ["S2-2407452"]),
        ("20221202_WiFi_Alliance [S2-2302181]", None, ["S2-2302181"]),
        ("liaison-2023-12-18-drip [S2-2407424]", None, ["S2-2407424"]),
        ("(5D/726 Att. 6.2)", None, []),
    ],
)
def test_slips_and_file_names_are_no_numbers(
    write: Write, written: str, number: str | None, received: list[str]
) -> None:
    (statement,) = read(write("liaison_statements", {"ls_ref": written, "from_group": "3GPP SA2"}))
    assert isinstance(statement, LiaisonStatement)
    assert (statement.number, list(statement.received_numbers)) == (number, received)


def test_statements_row_by_row(facts: Callable[[str], tuple[Record, ...]]) -> None:
    statements = facts("liaison_statements")
    first = at(statements, 2, LiaisonStatement)
    assert (texts(first.sender), texts(first.to), first.date) == (["3GPP CT4"], ["3GPP SA3"], "2025-04")
    reply = at(statements, 3, LiaisonStatement)
    assert [(r.text, r.context) for r in reply.in_reply_to] == [("C4-244497", "3GPP CT4")]
    assert reply.purposes == (("3GPP CT4", "response"),)
    zsm = at(statements, 31, LiaisonStatement)
    assert texts(zsm.to) == ["IETF ART", "IETF OPS", "IETF opsawg"]
    assert texts(zsm.mentions) == ["ZSM 020", "ZSM 021"]
    (asked,) = zsm.actions
    assert (asked.deadline, texts(asked.addressees)) == (
        "2025-09-08",
        ["IETF ART", "IETF OPS", "IETF opsawg"],
    )
    comment = at(statements, 33, LiaisonStatement)
    assert comment.purposes == (("IETF anima", "comment"),)
    (asked,) = comment.actions
    assert (asked.deadline, texts(asked.addressees)) == ("2014-12-15", ["IETF anima"])
    assert {r.context for r in (*comment.sender, *comment.to, *asked.addressees)} == {"IETF"}, (
        "as it lists them"
    )
    assert {r.context for r in (*first.sender, *first.to)} == {None}
    slices = at(statements, 43, LiaisonStatement)
    assert texts(slices.cc) == ["3GPP TSG SA", "3GPP TSG RAN", "3GPP RAN3", "3GPP RAN2"]
    assert texts(slices.in_reply_to) == ["S5-186491"], "S2-189049 is of the answering group"
    assert at(statements, 45, LiaisonStatement).to == ()
    assert at(statements, 259, LiaisonStatement).title == (
        "LS on the slicing terminology and the role of S-NSSAI parameter"
    ), "without the control character before it"
    planned = at(statements, 36, LiaisonStatement)
    assert planned.date is None, "a plan is no sending"
    (when,) = [e for e in planned.evidence if e.field == "date"]
    assert (when.text, when.confidence) == ("2021-01 (planned)", 0.3)
    assert texts(at(statements, 879, LiaisonStatement).in_reply_to) == [
        "Communication to ITU-T Q6/15 and Q12/15 from IETF's CCAMP Working Group on Flexible Grids"
    ]


def test_a_statement_that_came_up_again_is_one_statement(facts: Callable[[str], tuple[Record, ...]]) -> None:
    statements = facts("liaison_statements")
    charging = at(statements, 81, LiaisonStatement)
    assert charging.number == "S5-184204"
    assert charging.received_numbers == ("S2-186969", "S2-187637", "S2-1810003", "S2-1811606")
    assert charging.date == "2018"
    scope = at(statements, 6, LiaisonStatement)
    assert scope is at(statements, 11, LiaisonStatement)
    assert texts(scope.to) == ["3GPP SA3", "3GPP SA6"]
    cable = at(statements, 523, LiaisonStatement)
    assert cable is at(statements, 661, LiaisonStatement), "no number, and one file name"
    assert (cable.title, cable.received_numbers) == (
        "RAT Type for Wireline Access",
        ("S2-2002627", "S2-2001799"),
    )


def test_what_a_reply_answers_is_told_by_the_table_where_the_row_does_not(
    facts: Callable[[str], tuple[Record, ...]],
) -> None:
    statements = facts("liaison_statements")
    reply = next(s for s in statements if isinstance(s, LiaisonStatement) and s.number == "S2-2002331")
    (answered,) = reply.in_reply_to
    assert (answered.text, answered.context) == ("LIAISE-376-01", "BBF")
    assert "S2-2001797 (LIAISE-376-01)" in [e.text for e in reply.evidence if e.field == "in_reply_to"]


def test_what_a_reply_answers_is_read_from_its_title_where_no_column_says_it(
    facts: Callable[[str], tuple[Record, ...]],
) -> None:
    by_number = {s.number: s for s in facts("liaison_statements") if isinstance(s, LiaisonStatement)}
    access = by_number["S3-183659"]
    assert texts(access.in_reply_to) == ["S2-1811543"]
    (told,) = [e for e in access.evidence if e.field == "in_reply_to"]
    assert (told.text, told.rule, told.confidence) == (access.title, "number in the title", 0.8)
    assert texts(by_number["LIAISE-266"].in_reply_to) == ["S2-1810989"]
    assert by_number["S2-189038"].in_reply_to == (), "the number is that of what BBF's response answers"


def test_a_statement_without_a_title_of_its_own_has_none(facts: Callable[[str], tuple[Record, ...]]) -> None:
    statements = facts("liaison_statements")
    assert at(statements, 895, LiaisonStatement).title == "", "its number is known"
    named = at(statements, 34, LiaisonStatement)
    assert (named.number, named.title) == (None, "(ENI#15 LS to TM Forum)")
    (kept,) = [e for e in named.evidence if e.field == "title"]
    assert kept.text == "(title not given) cooperation on aspects of Autonomous Networks"
    assert kept.confidence == 0.3


# --- meetings, relationships, relations


def test_meetings_row_by_row(facts: Callable[[str], tuple[Record, ...]]) -> None:
    meetings = facts("meetings")
    goyang = at(meetings, 4, Meeting)
    assert (goyang.group, goyang.name, goyang.place) == ("ITU-T-SG17", "SG17 2023-08", "Goyang")
    assert (goyang.begin, goyang.end) == ("2023-08-29", "2023-09-08")
    dallas = next(m for m in meetings if isinstance(m, Meeting) and m.name == "SA2#172")
    assert (dallas.begin, dallas.end, dallas.evidence[0].confidence) == ("2025-11", None, 0.6)
    baltimore = next(m for m in meetings if isinstance(m, Meeting) and m.name == "SA#110")
    assert baltimore.group == "3GPP-SA"
    planned = at(meetings, 8, Meeting)
    assert "(planned)" in next(e.text for e in planned.evidence if e.field == "source")


def test_relationships_row_by_row(facts: Callable[[str], tuple[Record, ...]]) -> None:
    relations = facts("formal_relations")
    ccsa = at(relations, 4, LiaisonRelationship)
    assert (ccsa.left, ccsa.right, ccsa.kind, ccsa.begin) == (
        "CCSA",
        "3GPP",
        "organizational-partner",
        "1999",
    )
    assert ccsa.evidence[0].source == (
        "https://www.3gpp.org/about-us/partners; https://www.indico-ictstandards.eu/news/"
        "china-communications-standards-association-ccsa-and-etsi-held-high-level-online-talks-on-june-21-2021"
    )
    renewed = at(relations, 12, LiaisonRelationship)
    assert renewed is at(relations, 13, LiaisonRelationship)
    assert (renewed.left, renewed.kind, renewed.begin, renewed.end) == ("ITU", "mou", "2012-07-03", None)
    replaced = at(relations, 14, LiaisonRelationship)
    assert (replaced.left, replaced.begin, replaced.end) == ("ITU-T", "2000", "2012")
    jtc1 = at(relations, 31, LiaisonRelationship)
    assert (jtc1.right, jtc1.kind) == ("ISO-IEC-JTC1", "cooperation-agreement")
    project = at(relations, 38, LiaisonRelationship)
    assert (project.left, project.right) == ("OWASP-AI-Exchange", "ISO-IEC-JTC1")
    assert at(relations, 53, LiaisonRelationship).left == "ITU-T-SG17"
    ecma = at(relations, 55, LiaisonRelationship)
    assert (ecma.left, ecma.right, ecma.kind) == ("ISO-IEC-JTC1", "ECMA", "liaison-organization")
    sc6 = at(relations, 58, LiaisonRelationship)
    assert (sc6.right, sc6.kind) == ("ISO-IEC-JTC1-SC6", "committee-liaison")


def test_a_party_nobody_knows_gets_a_record(facts: Callable[[str], tuple[Record, ...]]) -> None:
    made = {r.id: r for r in facts("formal_relations") if isinstance(r, Body | Group)}
    isoc = made["ISOC"]
    assert isinstance(isoc, Body)
    assert (isoc.name, isoc.kind, isoc.parents) == ("ISOC", "liaison-organization", ())
    ergonomics = made["ISO-TC159-SC5"]
    assert isinstance(ergonomics, Group)
    assert (ergonomics.name, ergonomics.parents, ergonomics.kind) == (
        "ISO/TC 159/SC 5",
        ("ISO-TC159",),
        "SC",
    )
    assert made["ISO-TC159"].name == "ISO/TC 159"
    quantum = made["IEC-ISO-JTC3"]
    assert isinstance(quantum, Group)
    assert (quantum.name, quantum.short_name, quantum.bodies) == ("IEC/ISO JTC 3", "JTC 3", ("IEC", "ISO"))
    assert not {"ECMA", "IEEE", "IEEE-SA", "CSA", "O-RAN", "ISO-TC204"} & set(made), "the registry has them"
    parties = {
        p for r in facts("formal_relations") if isinstance(r, LiaisonRelationship) for p in (r.left, r.right)
    }
    above = {f"ISO-TC{n}" for n in (20, 23, 24, 43, 59, 159, 172, 176, 282)}
    assert set(made) - parties <= above, "committees that only a subcommittee of theirs brings in"


def test_partners_are_what_the_record_calls_them(facts: Callable[[str], tuple[Record, ...]]) -> None:
    item = at(facts("work_item_liaisons"), 2, WorkItem)
    assert (item.body, item.code, item.title) == ("ITU-T", "XSTR.sem-AIA", None)
    assert [(r.text, r.locator) for r in item.partners if r.target is None] == [
        ("ITU-T SG13", "row 2"),
        ("ITU-T SG20", "row 3"),
        ("ITU-T SG21", "row 4"),
        ("ETSI SAI", "row 5"),
        ("ISO/IEC", "row 6"),
        ("CEN/CENELEC TC21", "row 8"),
    ]
    (by_id,) = [r for r in item.partners if r.target]
    assert (by_id.text, by_id.target, by_id.field) == ("IETF", "body/IETF", "partner")


def test_stated_relations_row_by_row(facts: Callable[[str], tuple[Record, ...]]) -> None:
    relations = facts("stated_relations")
    first = at(relations, 2, ItemRelation)
    assert (first.left.text, first.left.context) == ("TR 23.700-92", "3GPP")
    assert (first.right.text, first.right.context) == ("IMSDCAS API work (IMSDCAS22_011)", "GSMA")
    assert (first.kind, first.left.target) == ("co-mentioned", None)
    overlap = at(relations, 4, ItemRelation)
    assert (overlap.right.context, overlap.kind) == ("TMF", "overlapping")
    kinds = Counter(r.kind for r in relations if isinstance(r, ItemRelation))
    assert kinds["same-text"] == 373
    assert kinds["references"] == 39
    assert kinds["equivalent"] == 14
    assert kinds["overlapping"] == 7
    outside = next(r for r in relations if isinstance(r, ItemRelation) and r.left.context == "UK DSIT")
    assert outside.right.context == "ETSI"


# --- tables that people write


_VALUES: dict[str, dict[str, str]] = {
    "bodies": {"body_id": "XYZ", "name": "X Y Z Forum", "short_name": "XYZ", "kind": "consortium"},
    "groups": {
        "group_id": "3GPP-SA9", "body_id": "3GPP", "name": "SA WG9", "short_name": "SA9", "kind": "WG",
    },
    "work_items": {"body_id": "3GPP", "code": "FS_X", "kind": "study item", "title": "Study on X"},
    "liaison_statements": {"ls_ref": "S3-260001", "title": "LS on X", "from_group": "3GPP SA3"},
    "meetings": {"group_id": "3GPP-SA3", "meeting_id": "SA3#999"},
    "formal_relations": {"from": "ETSI", "to": "ITU-T", "kind": "MoU"},
    "work_item_liaisons": {"body_id": "ITU-T", "code": "X.abc", "liaison_group": "ITU-T SG13"},
    "stated_relations": {
        "left_body": "ETSI", "left_id": "TS 133 501", "right_body": "3GPP", "right_id": "TS 33.501",
        "relation": "same text",
    },
}  # fmt: skip
_PROVENANCE = {"source_url_or_repo": "https://example.org/a", "confidence": "high"}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a table: ``write("groups", {"kind": "WG"})`` has one row, right but for what is given."""

    def made(table: str, *rows: dict[str, str], name: str = "facts.csv", encoding: str = "utf-8") -> Path:
        full = [{**_VALUES[table], **_PROVENANCE, **row} for row in rows or ({},)]
        text = io.StringIO()
        columns = list(dict.fromkeys((*TABLES[table].names, *(c for row in full for c in row))))
        writer = csv.DictWriter(text, columns, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(full)
        (tmp_path / name).write_bytes(text.getvalue().encode(encoding))
        return tmp_path / name

    return made


@pytest.mark.parametrize("table", TABLES)
def test_a_template_filled_in_is_read(tmp_path: Path, table: str) -> None:
    text = template(table)
    assert text.startswith(f"# {table}: ")
    row = {**_VALUES[table], **_PROVENANCE}
    text += ",".join(row.get(column, "") for column in TABLES[table].names) + "\r\n"
    path = tmp_path / "new.csv"
    path.write_text(text, encoding="utf-8", newline="")
    assert recognise(path)
    (record,) = read(path)
    line = text.count("\r\n")
    assert {e.locator for e in evidence(record)} | {p.locator for p in getattr(record, "partners", ())} == {
        f"row {line}"
    }


@pytest.mark.parametrize("table", TABLES)
def test_an_empty_template_is_no_table_yet(tmp_path: Path, table: str) -> None:
    (tmp_path / "new.csv").write_text(template(table), encoding="utf-8", newline="")
    with pytest.raises(FactTableFault, match="no rows"):
        read(tmp_path / "new.csv")


def test_a_template_that_a_spreadsheet_saved_with_semicolons_is_read(tmp_path: Path) -> None:
    comments, header = template("meetings").rsplit("\r\n", 2)[0], ";".join(TABLES["meetings"].names)
    padded = "\r\n".join(f"{line};;;;;;;" for line in comments.split("\r\n")[:1])
    row = "3GPP-SA3;SA3#999;2026-01-12;;Prague;https://example.org/a;;high"
    (tmp_path / "new.csv").write_bytes(f"{padded}\r\n{header}\r\n{row}\r\n".encode())
    (meeting,) = read(tmp_path / "new.csv")
    assert isinstance(meeting, Meeting)
    assert (meeting.begin, meeting.place) == ("2026-01-12", "Prague")


def test_there_is_no_template_of_a_table_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="bodies, groups"):
        template("people")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_the_encodings_of_spreadsheets_are_read(write: Write, encoding: str) -> None:
    path = write("meetings", {"place": "Göteborg"}, encoding=encoding)
    assert recognise(path)
    (meeting,) = read(path)
    assert isinstance(meeting, Meeting)
    assert meeting.place == "Göteborg"


def test_a_packed_table_is_read(write: Write, tmp_path: Path) -> None:
    packed = tmp_path / "facts.csv.gz"
    packed.write_bytes(gzip.compress(write("meetings").read_bytes()))
    assert recognise(packed)
    assert len(list(read(packed))) == 1


@pytest.mark.parametrize(
    "table, row, where, message",
    [
        ("meetings", {"group_id": "3GPP-SA33"}, "row 2, column group_id", "did you mean 3GPP-SA3"),
        ("meetings", {"confidence": "sure"}, "row 2, column confidence", "one of: high, medium, low"),
        ("meetings", {"source_url_or_repo": ""}, "row 2, column source_url_or_repo", "the cell is empty"),
        ("meetings", {"start": "2026-13-01"}, "row 2, column start", "'2026-13-01' is no date"),
        ("meetings", {"start": "2026-02-10", "end": "2026-02-09"}, "row 2, column end", "before the begin"),
        ("meetings", {"source_date": "May"}, "row 2, column source_date", "'May' is no date"),
        ("bodies", {"body_id": "X Y"}, "row 2, column body_id", "has not the form of an id"),
        ("bodies", {"kind": "club"}, "row 2, column kind", "one of: sdo, partnership"),
        ("bodies", {"parent": "ITU-X"}, "row 2, column parent", "did you mean ITU-"),
        ("bodies", {"homepage": "example.org"}, "row 2, column homepage", "begin with http"),
        ("bodies", {"successor": "ETSI"}, "row 2, column successor", "table of groups"),
        ("groups", {"successor": "ETSI"}, "row 2, column successor", "'ETSI' is a body"),
        ("groups", {"parent_group": "3GPP-SB"}, "row 2, column parent_group", "did you mean 3GPP-SA"),
        ("groups", {"body_id": ""}, "row 2, column body_id", "the cell is empty"),
        ("work_items", {"body_id": "3GPP2X"}, "row 2, column body_id", "did you mean 3GPP"),
        ("work_items", {"body_id": "3GPP SA3"}, "row 2, column body_id", "is a group"),
        ("work_items", {"kind": "song"}, "row 2, column kind", "work item, study item"),
        ("work_items", {"status": "nearly there"}, "row 2, column status", "begin with one of proposed"),
        ("liaison_statements", {"purpose": "fun"}, "row 2, column purpose", "one of: action, info"),
        ("liaison_statements", {"deadline": "soon"}, "row 2, column deadline", "'soon' is no date"),
        ("formal_relations", {"kind": "friendship"}, "row 2, column kind", "one of: collaboration"),
        ("formal_relations", {"to": "ETSI"}, "row 2, column to", "ETSI is on both sides"),
        ("stated_relations", {"relation": "rhymes with"}, "row 2, column relation", "one of: co-mentioned"),
    ],
)
def test_a_fault_is_named_with_row_and_column(
    write: Write, table: str, row: dict[str, str], where: str, message: str
) -> None:
    with pytest.raises(FactTableFault) as fault:
        read(write(table, row))
    assert fault.value.where == f"facts.csv {where}"
    assert message in str(fault.value)
    assert fault.value.hint


def test_of_a_table_with_a_fault_nothing_is_read(write: Write) -> None:
    with pytest.raises(FactTableFault, match="row 3"):
        read(write("meetings", {"meeting_id": "SA3#1"}, {"meeting_id": ""}))


def test_an_unknown_column_is_refused(write: Write) -> None:
    with pytest.raises(FactTableFault) as fault:
        read(write("meetings", {"plaice": "Nice"}))
    assert fault.value.where == "facts.csv row 1, column plaice"
    assert "did you mean place" in (fault.value.hint or "")


def test_a_needed_column_that_is_missing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("body_id,name,short_name,source_url_or_repo,confidence\nX,X,X,https://x.org,high\n")
    with pytest.raises(FactTableFault) as fault:
        read(path)
    assert (fault.value.message, fault.value.where) == (
        "this column is missing",
        "facts.csv row 1, column kind",
    )


def test_columns_that_are_not_needed_may_be_left_away(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("group_id,meeting_id,source_url_or_repo,confidence\n3GPP-SA3,SA3#1,https://x.org,low\n")
    (meeting,) = read(path)
    assert evidence(meeting)[0].confidence == 0.3


def test_a_row_longer_than_the_header_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text(
        "group_id,meeting_id,source_url_or_repo,confidence\n3GPP-SA3,SA3#1, Nice,https://x.org,low\n"
    )
    with pytest.raises(FactTableFault, match="5 cells, the header has 4"):
        read(path)


def test_a_table_may_name_what_the_tables_beside_it_add(write: Write) -> None:
    write("bodies", name="bodies.csv")
    write("groups", {"group_id": "XYZ-WG1", "body_id": "XYZ"}, name="groups.csv")
    (meeting,) = read(write("meetings", {"group_id": "XYZ-WG1"}))
    assert isinstance(meeting, Meeting)
    assert meeting.group == "XYZ-WG1"


def test_a_body_that_is_there_twice_is_named_with_both_rows(write: Write) -> None:
    with pytest.raises(FactTableFault) as fault:
        read(write("bodies", {}, {}))
    assert fault.value.where == "facts.csv row 3, column body_id"
    assert fault.value.hint == "see row 2"


def test_another_name_of_a_body_that_is_known_is_an_alternative_one(write: Write) -> None:
    (body,) = read(write("bodies", {"body_id": "ETSI", "name": "Institut européen", "kind": "regulator"}))
    assert isinstance(body, Body)
    assert (body.name, body.kind) == ("European Telecommunications Standards Institute", "sdo")
    assert "Institut européen" in body.alt_names


def test_a_predecessor_in_the_registry_gets_its_successor(write: Write) -> None:
    new, old = read(write("groups", {"predecessor": "3GPP-SA6;SA0"}))
    assert isinstance(new, Group)
    assert isinstance(old, Group)
    assert (new.id, new.formerly) == ("3GPP-SA9", ("SA0",))
    assert (old.id, old.successors) == ("3GPP-SA6", ("3GPP-SA9",))


def test_what_is_no_table_of_facts_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a,b,c\n1,2,3\n")
    (tmp_path / "a.txt").write_text(template("meetings"))
    for name in ("a.csv", "a.txt"):
        assert not recognise(tmp_path / name)
        with pytest.raises(UnknownFormat):
            read(tmp_path / name)


def garbage() -> Iterator[st.SearchStrategy[bytes]]:
    yield st.binary(max_size=400)
    line = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
    rows = st.lists(st.lists(line, min_size=8, max_size=8), max_size=4)
    for table in TABLES.values():
        header = ",".join(table.names)
        yield rows.map(lambda r, h=header: "\n".join([h, *(",".join(c) for c in r)]).encode())


def outcome(path: Path) -> tuple[Record, ...] | DataError:
    """What reading a table comes to; any other error is a crash."""
    try:
        return tuple(read(path))
    except DataError as error:
        return error


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(*garbage()))
def test_garbage_is_an_error_and_never_a_crash(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "facts.csv"
    path.write_bytes(data)
    recognise(path)
    found = outcome(path)
    if isinstance(found, DataError):
        assert found.where
        assert found.hint
    else:
        assert found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.sampled_from(sorted(TABLES)),
    cells=st.dictionaries(st.integers(0, 13), st.text(st.characters(codec="utf-8"), max_size=40), max_size=4),
)
def test_any_cell_may_hold_anything(write: Write, table: str, cells: dict[int, str]) -> None:
    columns = TABLES[table].names
    row = {columns[n]: text for n, text in cells.items() if n < len(columns)}
    found = outcome(write(table, row))
    if isinstance(found, DataError):
        assert found.where
        assert found.hint
    else:
        assert all(e.source and e.confidence for r in found for e in evidence(r))


def test_the_public_names_are_there() -> None:
    assert set(fact_tables.__all__) == {"TABLES", "FactTableFault", "Table", "read", "recognise", "template"}
