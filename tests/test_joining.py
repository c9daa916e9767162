"""A statement that is known by its receiver's number first, and by its sender's later: one, in any order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Triple

from sdograph import identifiers as ids
from sdograph import pipeline
from sdograph.namespaces import CITO, DCT, PROV, RDF, RDFS, SCHEMA, SDO
from sdograph.pipeline import Options
from sdograph.store import EmbeddedStore, Snapshot

HEADER = "ls_ref,title,from_group,to_groups,date,purpose,in_reply_to,source_url_or_repo,confidence\n"
#: Three lists: the first two know the statement by the numbers that SA2 gave it, the third by CT4's.
FIRST = "[S2-2200001],LS on slicing,3GPP CT4,3GPP SA2,,action,,https://example.org/a,high\n"
REPLY = (
    "S5-225001,Reply LS on slicing,3GPP SA5,3GPP CT4,2022-05-01,info,S2-2200001,https://example.org/b,high\n"
)
LAST = "C4-221001 [S2-2201001; S2-2200001],LS on slicing,3GPP CT4,3GPP SA2,,,,https://example.org/c,high\n"

FROM_SENDER = NamedNode(ids.iri("liaison-statement/3GPP/C4-221001"))
FROM_RECEIVER = NamedNode(ids.iri("liaison-statement/3GPP/S2-2200001"))


@pytest.fixture
def table(tmp_path: Path) -> Callable[..., Path]:
    def made(name: str, *rows: str) -> Path:
        (tmp_path / name).write_text(HEADER + "".join(rows), "utf-8")
        return tmp_path / name

    return made


def ingest(store: EmbeddedStore, *paths: Path, dry_run: bool = False) -> Snapshot:
    for report in pipeline.ingest(store, paths, Options(dry_run=dry_run)):
        assert report.error is None, report.error
        assert not report.violations
    return store.current()


def words(snapshot: Snapshot, node: NamedNode, prop: NamedNode) -> set[str]:
    return {str(getattr(o, "value", o)) for o in snapshot.objects(node, prop)}


def stated(snapshot: Snapshot) -> set[Triple]:
    """What is said of liaison statements, but for how sure it is."""
    of = {t.subject for t in snapshot.triples(None, RDF.type, SDO.LiaisonStatement)}
    of |= {t.subject for t in snapshot.triples(None, DCT.isReplacedBy)}
    return {t for s in of for t in snapshot.triples(s)}


def test_the_sender_s_number_counts_whichever_list_comes_first(
    own_store: EmbeddedStore, table: Callable[..., Path], tmp_path: Path
) -> None:
    paths = [table("first.csv", FIRST), table("reply.csv", REPLY), table("last.csv", LAST)]
    own_store.backup(tmp_path / "other")
    forth = stated(ingest(own_store, *paths))
    back = stated(ingest(EmbeddedStore(tmp_path / "other"), *reversed(paths)))
    assert forth == back
    snapshot = own_store.current()
    assert not list(snapshot.triples(FROM_RECEIVER, RDF.type))
    assert set(snapshot.objects(FROM_RECEIVER, DCT.isReplacedBy)) == {FROM_SENDER}
    reply = NamedNode(ids.iri("liaison-statement/3GPP/S5-225001"))
    assert set(snapshot.objects(reply, CITO.repliesTo)) == {FROM_SENDER}
    assert set(snapshot.objects(FROM_SENDER, SDO.forAction)) == {NamedNode(ids.iri("group/3GPP-SA2"))}
    assert words(snapshot, FROM_SENDER, RDFS.label) == {"C4-221001"}
    assert len(list(snapshot.objects(FROM_SENDER, PROV.hadPrimarySource))) == 2


#: SA3 answers what it had as a draft; the list of SA2's meeting knows which statement that became.
TO_A_DRAFT = "S3-225003,Reply LS on access,3GPP SA3,3GPP SA2,,action,S2-2200005,https://example.org/e,high\n"
DRAFTED = (
    "ls_ref,title,from_group,to_groups,date,earlier_numbers,source_url_or_repo,confidence\n"
    "S2-2200010,LS on access,3GPP SA2,3GPP SA3,,S2-2200004; S2-2200005,https://example.org/f,high\n"
)


def test_a_reply_to_a_draft_answers_what_it_became_whichever_list_comes_first(
    own_store: EmbeddedStore, table: Callable[..., Path], tmp_path: Path
) -> None:
    replies, drafted = table("replies.csv", TO_A_DRAFT), tmp_path / "drafted.csv"
    drafted.write_text(DRAFTED, "utf-8")
    own_store.backup(tmp_path / "other")
    other = EmbeddedStore(tmp_path / "other")
    forth, back = ingest(own_store, replies, drafted), ingest(other, drafted, replies)
    reply, became = (NamedNode(ids.iri(f"liaison-statement/3GPP/{n}")) for n in ("S3-225003", "S2-2200010"))
    assert stated(forth) == stated(back)
    assert set(forth.objects(reply, CITO.repliesTo)) == {became}
    (evidence,) = (t.subject for t in forth.triples(None, SDO.refersTo, became))
    assert set(forth.triples(evidence)) == set(back.triples(evidence))
    # Reading it again, now that the number is known, finds nothing to change.
    (again,) = pipeline.ingest(own_store, [replies], Options(whole=True))
    assert again.state == "unchanged"


def test_both_may_stand_in_one_document(own_store: EmbeddedStore, table: Callable[..., Path]) -> None:
    path = table("all.csv", FIRST, REPLY, LAST)
    (report,) = pipeline.ingest(own_store, [path])
    snapshot = own_store.current()
    assert report.counts["LiaisonStatement"] == 2
    assert not list(snapshot.triples(FROM_RECEIVER, RDF.type))
    (again,) = pipeline.ingest(own_store, [path])
    assert (again.state, again.counts) == ("unchanged", report.counts)


def test_evidence_goes_with_its_statement(own_store: EmbeddedStore, table: Callable[..., Path]) -> None:
    snapshot = ingest(own_store, table("first.csv", FIRST), table("last.csv", LAST))
    assert not list(snapshot.triples(None, SDO.about, FROM_RECEIVER))
    about = (t.subject for t in snapshot.triples(None, SDO.about, FROM_SENDER))
    evidence = [e for e in about if isinstance(e, NamedNode)]
    sources = {source for e in evidence for source in words(snapshot, e, DCT.source)}
    assert sources == {"https://example.org/a", "https://example.org/c"}
    assert all(len(list(snapshot.objects(e, SDO.field))) == 1 for e in evidence)


def test_a_trial_joins_nothing(own_store: EmbeddedStore, table: Callable[..., Path]) -> None:
    before = stated(ingest(own_store, table("first.csv", FIRST)))
    assert stated(ingest(own_store, table("last.csv", LAST), dry_run=True)) == before


def test_what_is_rejected_joins_nothing(own_store: EmbeddedStore, table: Callable[..., Path]) -> None:
    before = stated(ingest(own_store, table("first.csv", FIRST)))
    to_itself = "C4-221002,Reply,3GPP CT4,3GPP SA2,,,C4-221002,https://example.org/c,high\n"
    (report,) = pipeline.ingest(own_store, [table("last.csv", LAST, to_itself)])
    assert report.state == "rejected", "a statement is no answer to itself"
    assert stated(own_store.current()) == before


def test_a_number_that_two_statements_claim_is_neither(
    own_store: EmbeddedStore, table: Callable[..., Path]
) -> None:
    other = "R1-221001 [S2-2200001],LS on radio,3GPP RAN1,3GPP SA2,,,,https://example.org/d,high\n"
    snapshot = ingest(own_store, table("claims.csv", LAST, other), table("first.csv", FIRST))
    assert set(snapshot.objects(FROM_RECEIVER, SCHEMA.sender)) == {NamedNode(ids.iri("group/3GPP-CT4"))}
    assert set(snapshot.objects(FROM_SENDER, SDO.receivedNumber)) != set()


def test_a_number_that_its_own_group_sent_a_statement_under_stays_that_of_the_statement(
    own_store: EmbeddedStore, table: Callable[..., Path]
) -> None:
    own = "S2-2200001,LS on something else,3GPP SA2,3GPP SA5,,,,https://example.org/d,high\n"
    snapshot = ingest(own_store, table("own.csv", own), table("last.csv", LAST))
    assert words(snapshot, FROM_RECEIVER, SDO.number) == {"S2-2200001"}


def test_two_pages_of_a_meeting_in_either_order(
    own_store: EmbeddedStore, shared: Callable[[str], Path], tmp_path: Path
) -> None:
    """The page of 22 January 2019 has no sender's number for 24 of its statements, that of the 31st has."""
    folder = shared("data/3gpp/tdocs_by_agenda")
    pages = [folder / f"{name}.htm.gz" for name in ("2019.01.22 TdocsByAgenda", "2019.01.31 130")]
    own_store.backup(tmp_path / "other")
    forth = stated(ingest(own_store, *pages))
    back = stated(ingest(EmbeddedStore(tmp_path / "other"), *reversed(pages)))
    assert forth == back
    received = [(t.subject, t.object) for t in forth if t.predicate == SDO.receivedNumber]
    assert len({number for _, number in received}) == len(received), "each number is that of one statement"
