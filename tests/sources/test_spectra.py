"""SPECTRA's own sample, node by node, and what its ontology allows beyond it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from sdograph.errors import IncompleteDocument
from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import LiaisonStatement, Meeting, Record, Specification, WorkItem
from sdograph.sources import registry as registry_reader
from sdograph.sources.spectra import read, recognise

Shared = Callable[[str], Path]
Give = Callable[[str], list[Record]]

PREFIXES = """
@prefix s: <https://w3id.org/spectra#> .
@prefix dc: <http://purl.org/dc/elements/1.1/> .
@prefix ex: <http://example.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:RAN1 a s:WorkingGroup ; s:wgName "RAN1" .
ex:SA3 a s:WorkingGroup ; s:wgName "SA3" .
"""


@pytest.fixture
def given(tmp_path: Path) -> Give:
    """The records of Turtle in SPECTRA's vocabulary."""

    def made(text: str) -> list[Record]:
        path = tmp_path / "a.ttl"
        path.write_text(PREFIXES + text, encoding="utf-8")
        assert recognise(path) is True
        return list(read(path))

    return made


def only(records: list[Record]) -> LiaisonStatement:
    (found,) = (r for r in records if isinstance(r, LiaisonStatement))
    return found


@pytest.fixture
def sample(shared: Shared) -> list[Record]:
    return list(read(shared("data/spectra/real_world_mini.ttl")))


def test_the_sample_is_recognised_and_the_ontology_is_not(shared: Shared) -> None:
    assert recognise(shared("data/spectra/real_world_mini.ttl"))
    assert not recognise(shared("data/spectra/spectra.ttl"))


def test_the_sample_in_numbers(sample: list[Record]) -> None:
    """By its header: one meeting, one LS, one TS, two work items; other documents have no counterpart."""
    assert Counter(type(r) for r in sample) == {
        Meeting: 1,
        WorkItem: 2,
        Specification: 1,
        LiaisonStatement: 1,
    }


def test_the_sample_node_by_node(sample: list[Record]) -> None:
    meeting, *_ = sample
    assert isinstance(meeting, Meeting)
    assert (meeting.group, meeting.name, meeting.begin) == ("3GPP-RAN1", "RAN1#120", "2024-11-18")
    items = [r for r in sample if isinstance(r, WorkItem)]
    assert [(i.body, i.code, i.title) for i in items] == [
        ("3GPP", "NR_LPWUS-Core", None),
        ("3GPP", "NR_eMIMO-Core", None),
    ]
    (specification,) = (r for r in sample if isinstance(r, Specification))
    assert (specification.body, specification.number) == ("3GPP", "TS 38.214")
    statement = only(sample)
    assert statement.number == "R1-2400301"
    assert statement.title == "LS on PDSCH MIMO precoder indication update for RAN2 awareness"
    assert [r.text for r in (*statement.sender, *statement.to)] == ["RAN1", "RAN2"]
    assert (statement.outcome, statement.layout, statement.date) == ("approved", "spectra", None)
    assert statement.evidence[0].locator == "<http://example.org/spectra/real_world_mini/LS_R1-2400301>"
    assert ("meeting", "RAN1#120") in [(e.field, e.text) for e in statement.evidence]


def test_the_groups_of_the_sample_are_linked_within_3gpp(sample: list[Record], root: Path) -> None:
    tables = [root / "data" / "registry" / f"{name}.csv" for name in ("bodies", "groups", "releases")]
    known = Registry.from_records(r for t in tables for r in registry_reader.read(t))
    linked = Linker(known, MemoryIndex([])).link(only(sample))
    assert [r.target for r in linked.sender] == ["group/3GPP-RAN1"]
    assert [r.target for r in linked.to] == ["group/3GPP-RAN2"]
    assert linked.key == "liaison-statement/3GPP/R1-2400301"


def test_everything_the_ontology_can_say_of_a_statement(given: Give) -> None:
    statement = only(
        given("""
            ex:ls a s:LS ; s:tdocNumber "R1-2500007" ; s:title "Reply LS on X" ; s:direction "out" ;
                s:originatedFrom ex:RAN1 ; s:sentTo ex:SA3 ; s:ccTo ex:RAN1 ; s:for "Action" ;
                s:replyTo ex:asked ; s:replyIn ex:answer ; s:isRevisionOf ex:draft ;
                s:targetRelease ex:rel ; s:relatedTo ex:item ; s:status "approved" .
            ex:asked a s:Tdoc ; s:tdocNumber "S3-250001" .
            ex:answer a s:Tdoc ; s:tdocNumber "S3-250009" .
            ex:draft a s:LS ; s:tdocNumber "R1-2500006" ; s:originatedFrom ex:RAN1 .
            ex:rel a s:Release ; s:releaseName "Rel-19" .
            ex:item a s:WorkItem ; s:workItemCode "FS_X" .
        """)
    )
    assert (statement.number, statement.title) == ("R1-2500007", "Reply LS on X")
    assert statement.purposes == (("SA3", "action"),)
    assert [r.text for r in statement.cc] == ["RAN1"]
    assert [r.text for r in statement.in_reply_to] == ["S3-250001"]
    assert [r.text for r in statement.answered_by] == ["S3-250009"]
    assert statement.earlier_numbers == ("R1-2500006",), "a draft is no statement of its own"
    assert [(r.text, r.context) for r in statement.releases] == [("Rel-19", "3GPP")]
    assert [(r.text, r.context) for r in statement.work_items] == [("FS_X", "3GPP")]


def test_what_came_in_bears_the_receivers_number_and_its_original_the_senders(given: Give) -> None:
    statement = only(
        given("""
            ex:in a s:LS ; s:tdocNumber "R1-2500001" ; s:direction "in" ; s:originatedFrom ex:SA3 ;
                s:originalLS ex:original .
            ex:original a s:Tdoc ; s:tdocNumber "S3-245678" .
        """)
    )
    assert (statement.number, statement.received_numbers) == ("S3-245678", ("R1-2500001",))
    assert [r.text for r in statement.to] == ["3GPP-RAN1"], "whose number it bears"


def test_the_sender_is_told_by_the_series_of_the_number_where_nothing_else_does(given: Give) -> None:
    statement = only(given('ex:out a s:LS ; s:tdocNumber "S3-250001" ; s:sentTo ex:RAN1 .'))
    assert [r.text for r in statement.sender] == ["3GPP-SA3"]


def test_reports_studies_and_meetings_of_other_groups(given: Give) -> None:
    records = given("""
        ex:tr a s:TechnicalReport ; s:trNumber "38.769" ; s:trTitle "Study on Ambient IoT" ;
            s:trVersion "19.0.0" .
        ex:si a s:WorkItem ; s:workItemCode "FS_Ambient_IoT_solutions" .
        ex:m a s:Meeting ; s:meetingNumber "SA3#120-e" ; dc:date "2025-01-13T09:00:00"^^xsd:dateTime .
        ex:n a s:Meeting ; s:meetingNumber "122" ; s:workingGroup "RAN1" ; dc:date "next spring" .
    """)
    (report,) = (r for r in records if isinstance(r, Specification))
    assert (report.number, report.title, report.versions[0].number) == (
        "TR 38.769",
        "Study on Ambient IoT",
        "19.0.0",
    )
    (study,) = (r for r in records if isinstance(r, WorkItem))
    assert study.kind == "study-item"
    meetings = [(r.group, r.name, r.begin) for r in records if isinstance(r, Meeting)]
    assert meetings == [("3GPP-SA3", "SA3#120-e", "2025-01-13"), ("3GPP-RAN1", "122", None)]


@pytest.mark.parametrize(
    "text, message",
    [
        ("ex:ls a s:LS ; s:originatedFrom ex:RAN1 .", "it has no tdocNumber"),
        ('ex:ls a s:LS ; s:tdocNumber "LS7" .', "nobody sent LS7"),
        ('ex:m a s:Meeting ; s:meetingNumber "122" .', "whose meeting 122 is"),
        ("ex:wi a s:WorkItem .", "it has no workItemCode"),
        ('ex:doc a s:Tdoc ; s:tdocNumber "R1-2500001" .', "it holds no meetings"),
    ],
)
def test_what_cannot_be_identified_is_named(given: Give, text: str, message: str) -> None:
    with pytest.raises(IncompleteDocument, match=message):
        given(text)


def test_revisions_in_a_circle_are_no_history(given: Give) -> None:
    with pytest.raises(IncompleteDocument, match="S3-250001 is a revision of itself"):
        given("""
            ex:a a s:LS ; s:tdocNumber "S3-250001" ; s:isRevisionOf ex:b .
            ex:b a s:LS ; s:tdocNumber "S3-250002" ; s:isRevisionOf ex:a .
        """)
