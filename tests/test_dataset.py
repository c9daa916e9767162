"""The bundled dataset answers real questions; expected rows come from the documents that it is made from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal

from sdograph import bundled, manifest
from sdograph.store import EmbeddedStore, Snapshot
from sdograph.validation import validate_all


@pytest.fixture(scope="module")
def snapshot(dataset: EmbeddedStore) -> Snapshot:
    return dataset.current()


def rows(snapshot: Snapshot, sparql: str) -> set[tuple[str, ...]]:
    return {tuple(getattr(t, "value", "") for t in row.values()) for row in snapshot.rows(sparql)}


def test_nothing_in_it_is_violated(snapshot: Snapshot) -> None:
    assert not [f for f in validate_all(snapshot) if f.severity == "violation"]


def test_it_holds_the_whole_work_plan_of_january_2023(snapshot: Snapshot) -> None:
    """8,269 rows below the header, of which 126 are headings with Unique_ID 0."""
    plan = (
        "SELECT (COUNT(DISTINCT ?n) AS ?count) WHERE { ?i a sdo:WorkItem ; sdo:number ?n ; "
        "sdo:standardsBody/dcterms:identifier '3GPP' }"
    )
    (count,) = rows(snapshot, plan)
    assert int(count[0]) >= 8269 - 126


def test_who_succeeded_isg_sai(snapshot: Snapshot) -> None:
    found = rows(
        snapshot,
        "SELECT ?id ?date WHERE { ?e a org:ChangeEvent ; dcterms:date ?date ; "
        "org:originalOrganization/dcterms:identifier 'ETSI-ISG-SAI' ; "
        "org:resultingOrganization/dcterms:identifier ?id }",
    )
    assert found == {("ETSI-TC-SAI", "2023-12-04")}


def test_sc_27_holds_the_liaisons_that_iso_publishes(snapshot: Snapshot) -> None:
    lines = (bundled.data() / "iso/committees.jsonl").read_text("utf-8").splitlines()
    table = [json.loads(line) for line in lines]
    (committee,) = (c for c in table if c["reference"] == "ISO/IEC JTC 1/SC 27")
    assert (len(committee["committeeLiaisons"]), len(committee["organizationLiaisons"])) == (35, 28)
    partners = rows(
        snapshot,
        "SELECT DISTINCT ?p WHERE { ?s dcterms:identifier 'ISO-IEC-JTC1-SC27' . "
        "?r a sdo:LiaisonRelationship ; sdo:party ?s, ?p FILTER(?p != ?s) }",
    )
    assert len(partners) >= 63


def test_sa3_studies_of_release_18_and_their_reports(snapshot: Snapshot) -> None:
    found = rows(
        snapshot,
        "SELECT ?code ?report ?status WHERE { ?i a sdo:StudyItem ; dcterms:identifier ?code ; "
        "sdo:responsibleGroup/dcterms:identifier '3GPP-SA3' ; sdo:plannedFor/dcterms:identifier 'Rel-18' ; "
        "sdo:produces|sdo:impacts ?r ; adms:status/skos:notation ?status . ?r dcterms:identifier ?report }",
    )
    assert ("FS_AIML", "TR 33.898", "ongoing") in found
    assert ("FS_NR_AIML_NGRAN_SEC", "TR 33.877", "deleted") in found
    assert ("FS_eNA_SEC_Ph3", "TR 33.738", "ongoing") in found


def test_a_reply_leads_to_the_statement_it_answers_by_either_number(snapshot: Snapshot) -> None:
    """CT4's C4-244497, which SA3 received as S3-251218, was answered by SA3 in S3-251782."""
    found = rows(
        snapshot,
        "SELECT ?received WHERE { ?reply dcterms:identifier 'S3-251782' ; cito:repliesTo ?ls . "
        "?ls dcterms:identifier 'C4-244497' ; sdo:receivedNumber ?received }",
    )
    assert found == {("S3-251218",)}


def test_items_open_past_their_target_date(snapshot: Snapshot) -> None:
    found = rows(
        snapshot,
        "SELECT ?code WHERE { ?i a sdo:WorkItem ; dcterms:identifier ?code ; "
        "adms:status/skos:notation 'ongoing' ; sdo:target ?t ; "
        "sdo:responsibleGroup/dcterms:identifier '3GPP-SA3' "
        "FILTER(STR(?t) < '2023-06-01') }",
    )
    assert ("FS_AIML",) in found
    assert ("FS_NR_AIML_NGRAN_SEC",) not in found, "it was deleted"


def test_two_items_of_one_number_stay_apart(snapshot: Snapshot) -> None:
    """SAI-014 of ISG SAI is a study of the telecom sector; DTS/SAI-0014 of TC SAI became TS 104 223."""
    found = rows(
        snapshot,
        "SELECT ?code ?group WHERE { ?i a sdo:WorkItem ; dcterms:identifier ?code ; "
        "sdo:responsibleGroup/dcterms:identifier ?group FILTER(?code IN ('SAI-014', 'DTS/SAI-0014')) }",
    )
    assert found == {("SAI-014", "ETSI-ISG-SAI"), ("DTS/SAI-0014", "ETSI-TC-SAI")}


def test_a_near_code_is_a_candidate_and_no_identity(snapshot: Snapshot) -> None:
    found = rows(
        snapshot,
        "SELECT ?near WHERE { ?r a sdo:UnresolvedReference ; sdo:writtenAs 'eNA_Ph3_SEC' ; "
        "sdo:candidate/dcterms:identifier ?near }",
    )
    assert ("FS_eNA_SEC_Ph3",) in found
    assert not rows(snapshot, "SELECT ?i WHERE { ?i a sdo:WorkItem ; dcterms:identifier 'eNA_Ph3_SEC' }")


def test_topics_come_with_the_words_that_say_so(snapshot: Snapshot) -> None:
    found = rows(
        snapshot,
        "SELECT ?topic ?words WHERE { ?i dcterms:identifier 'FS_NR_AIML_NGRAN_SEC' ; sdo:topic ?t . "
        "?e sdo:about ?i ; sdo:field 'topic' ; sdo:refersTo ?t ; sdo:writtenAs ?words . "
        "?t skos:notation ?topic }",
    )
    assert "securing-network-ai" in {topic for topic, _ in found}
    assert all(words for _, words in found)


def test_bodies_by_their_ai_security_work(snapshot: Snapshot) -> None:
    found = rows(
        snapshot,
        "SELECT DISTINCT ?body WHERE { ?i sdo:topic/skos:broader* ?t ; "
        "sdo:standardsBody/dcterms:identifier ?body . ?t skos:notation 'securing-ai' }",
    )
    assert {"ETSI", "3GPP", "ITU-T", "ISO-IEC-JTC1"} <= {body for (body,) in found}


def test_no_mail_address_and_no_contact_is_in_it(snapshot: Snapshot) -> None:
    address = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}")
    found = [
        q
        for q in snapshot.quads(graph=DefaultGraph())
        if isinstance(q.object, Literal) and address.search(q.object.value)
    ]
    assert not found


def test_the_manifest_names_every_file_and_the_data_stays_small(root: Path) -> None:
    declared = {e.path.resolve() for e in manifest.entries()}
    lying = {p.resolve() for p in (root / "data").rglob("*") if p.suffix in (".csv", ".jsonl", ".txt")}
    assert declared == lying
    assert sum(p.stat().st_size for p in declared) < 15_000_000
