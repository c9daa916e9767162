"""Decisions: what they settle, that they outlive new readings, and that they can be taken back."""

from __future__ import annotations

import signal
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, Quad
from rdflib.namespace import SH

from sdograph import identifiers as ids
from sdograph import intake, manifest, pipeline, review
from sdograph.errors import DataError, UsageError
from sdograph.namespaces import ADMS, DCT, PROV, RDF, RDFS, SCHEMA, SDO, XSD
from sdograph.pipeline import Options
from sdograph.review.decision import FIELDS, Decision
from sdograph.review.proposal import Choice, propose
from sdograph.review.settling import Outcome, settle, undo
from sdograph.shapes import bundled_shapes
from sdograph.sources.liaison.days import FOR_REVIEW
from sdograph.store import EmbeddedStore, Snapshot

WHOLE = Options(whole=True)
TO = SCHEMA.toRecipient


def node(key: str) -> NamedNode:
    return NamedNode(ids.iri(key))


SG17, SA3 = node("group/ITU-T-SG17"), node("group/3GPP-SA3")
ITEM = node("work-item/3GPP/FS_Example")
ONGOING, COMPLETED = (
    NamedNode(f"{ids.SCHEME_BASE}work-item-status/{name}") for name in ("ongoing", "completed")
)


def find(store: EmbeddedStore, words: str, field: str | None = None) -> review.Item:
    found = review.items(store.current(), text=words)
    (item,) = [i for i in found if field is None or i.fields == (field,)]
    return item


def decide(
    store: EmbeddedStore,
    item: review.Item | str,
    document: str | None = None,
    by: str = "secretary",
    **choice: Any,
) -> Outcome:
    id = item if isinstance(item, str) else item.id
    return settle(
        store, propose(store.current(), [id], Choice(**choice), by=by, document=document, note="for a reason")
    )


def stated(snapshot: Snapshot) -> set[Quad]:
    """All but the decisions, what names the generation, and by what rules documents were read."""
    return {
        q
        for q in snapshot.quads()
        if q.subject != NamedNode(ids.BASE + "dataset")
        and q.predicate != SDO.fingerprint
        and not (isinstance(q.subject, NamedNode) and "/id/decision/" in q.subject.value)
    }


def statement_of(store: EmbeddedStore, number: str) -> NamedNode:
    (found,) = (t.subject for t in store.current().triples(None, SDO.number, Literal(number)))
    assert isinstance(found, NamedNode)
    return found


# --- names


def test_the_list_groups_names_by_what_linking_takes_for_one_spelling(store: EmbeddedStore) -> None:
    first = review.items(store.current())[0]
    assert (first.kind, first.words, first.settles) == ("unresolved", "Forum of Examples", 3)
    assert first.fields == ("sender", "to")
    assert {p.words for p in first.places} == {"Forum of Examples", "forum-of Examples"}
    assert {p.locator for p in first.places} == {"row 2", "row 3", "row 4"}


def test_one_decision_links_a_name_wherever_it_stands_in_one_commit(store: EmbeddedStore) -> None:
    generation = store.current().generation
    outcome = decide(store, find(store, "forum"), thing="ITU-T-SG17")
    view = store.current()
    assert outcome.places == 3
    assert outcome.generation == view.generation == generation + 1
    first, second, third = (statement_of(store, f"EX-LS-{n}") for n in (1, 2, 3))
    assert SG17 in view.objects(first, TO)
    assert set(view.objects(second, TO)) == {SG17, SA3}
    assert list(view.objects(third, SCHEMA.sender)) == [SG17]
    assert not [i for i in review.items(view) if i.kind == "unresolved" and "orum" in i.words]


def test_evidence_says_who_decided_and_what_was_read(store: EmbeddedStore) -> None:
    decide(store, find(store, "forum"), thing="group/ITU-T-SG17", by="liaison officer")
    view = store.current()
    (decision,) = review.Decisions.of(view).all
    settled = [t.subject for t in view.triples(None, SDO.settledBy, decision.node)]
    assert len(settled) == 3
    for evidence in settled:
        assert view.text(evidence, SDO.matchedBy) == f"decided by liaison officer on {decision.at[:10]}"
        assert float(view.text(evidence, SDO.confidence) or "") == 1
        assert view.text(evidence, SDO.undecidedRule) == "unknown name"
        assert float(view.text(evidence, SDO.undecidedConfidence) or "") == 0
        assert (view.text(evidence, SDO.writtenAs) or "").casefold().startswith("forum")
        assert view.value(evidence, SDO.refersTo) == SG17
        assert SDO.UnresolvedReference not in view.objects(evidence, RDF.type)
    assert (decision.by, decision.words, decision.note) == (
        "liaison officer",
        "Forum of Examples",
        "for a reason",
    )


def test_an_addressee_linked_later_gets_the_statement_for_what_it_was_sent(store: EmbeddedStore) -> None:
    statement = statement_of(store, "EX-LS-1")
    assert SG17 not in store.current().objects(statement, SDO.forAction)
    decide(store, find(store, "forum"), thing="ITU-T-SG17")
    assert SG17 in store.current().objects(statement, SDO.forAction)


def test_a_name_can_stay_open_and_leave_the_list(store: EmbeddedStore) -> None:
    decide(store, find(store, "forum"), none=True)
    view = store.current()
    assert "Forum of Examples" not in {i.words for i in review.items(view)}
    kept = {
        view.text(t.subject, SDO.writtenAs) for t in view.triples(None, RDF.type, SDO.UnresolvedReference)
    }
    assert "Forum of Examples" in kept


def test_a_name_can_mean_something_else_in_one_document(
    store: EmbeddedStore, tmp_path: Path, statements: Path
) -> None:
    other = tmp_path / "other.csv"
    other.write_text(statements.read_text("utf-8").replace("EX-LS", "OT-LS"), "utf-8")
    pipeline.ingest(store, [other])
    forum = find(store, "forum")
    assert forum.settles == 6
    decide(store, forum, document="other.csv", thing="ITU-T-SG13")
    assert find(store, "forum").settles == 3
    decide(store, forum, thing="ITU-T-SG17")
    view = store.current()
    assert SG17 in view.objects(statement_of(store, "EX-LS-1"), TO)
    assert set(view.objects(statement_of(store, "OT-LS-1"), TO)) == {node("group/ITU-T-SG13")}


def test_an_id_that_leads_elsewhere_is_followed(store: EmbeddedStore) -> None:
    decide(store, find(store, "forum"), thing="group/3GPP-TSG-SA")
    (decision,) = review.Decisions.of(store.current()).all
    assert decision.value == node("group/3GPP-SA")


def test_what_would_violate_the_shapes_is_not_decided(store: EmbeddedStore) -> None:
    before = store.current().version
    with pytest.raises(DataError, match="neither a group nor a body"):
        decide(store, find(store, "forum"), thing="work-item/3GPP/FS_Example")
    assert store.current().version == before


# --- fields


def test_documents_that_differ_stand_in_the_list_with_their_values(store: EmbeddedStore) -> None:
    status = find(store, "FS_Example", "status")
    assert status.kind == "contradiction"
    view = store.current()
    by_value = {v.value: {view.text(d, RDFS.label) for d in v.documents} for v in status.values}
    assert by_value == {ONGOING: {"work-items.csv"}, COMPLETED: {"work-items-2024.csv"}}


def test_a_document_can_be_preferred_and_what_the_other_states_is_kept(store: EmbeddedStore) -> None:
    decide(store, find(store, "FS_Example", "status"), prefer="work-items-2024.csv")
    view = store.current()
    assert list(view.objects(ITEM, ADMS.status)) == [COMPLETED]
    (kept,) = (t.subject for t in view.triples(None, RDF.type, RDF.Statement))
    assert (view.value(kept, RDF.subject), view.value(kept, RDF.object)) == (ITEM, ONGOING)
    document = view.value(kept, PROV.wasDerivedFrom)
    assert isinstance(document, NamedNode)
    assert view.text(document, RDFS.label) == "work-items.csv"
    assert "status" not in {f for i in review.items(view) for f in i.fields}


def test_a_third_value_can_be_right(store: EmbeddedStore) -> None:
    decide(store, find(store, "FS_Example", "begin"), value="2023-01-16")
    view = store.current()
    assert list(view.objects(ITEM, SDO.begin)) == [Literal("2023-01-16", datatype=XSD.date)]


def test_a_doubted_field_can_be_confirmed(store: EmbeddedStore) -> None:
    third = statement_of(store, "EX-LS-3")
    decide(store, find(store, "EX-LS-3", "date"), right=True)
    view = store.current()
    assert view.text(third, SCHEMA.dateSent) == "2024-02-03"
    assert not [i for i in review.items(view, text="EX-LS-3") if i.fields == ("date",)]


def test_a_field_that_was_left_empty_can_be_filled(store: EmbeddedStore) -> None:
    third = statement_of(store, "EX-LS-3")
    outcome = decide(store, find(store, "EX-LS-3", "title"), value="LS on the last examples")
    assert store.current().text(third, DCT.title) == "LS on the last examples"
    undo(store, outcome.new[0].id, by="secretary")
    assert store.current().text(third, DCT.title) is None


@pytest.mark.parametrize(
    ("field", "choice", "message"),
    [
        ("status", {"value": "nearly done"}, "there is no status"),
        ("status", {"thing": "3GPP-SA3"}, "is a field"),
        ("status", {"right": True}, "documents state"),
        ("status", {"prefer": "nowhere.csv"}, "no document is called"),
        ("begin", {"value": "in spring"}, "no date"),
        ("begin", {"value": "2023-13"}, "no date"),
        ("begin", {}, "choose one"),
        ("begin", {"value": "2023", "none": True}, "choose one"),
        ("begin", {"value": "2023", "by": "  "}, "nobody decides"),
        ("begin", {"value": "2023", "document": "work-items.csv"}, "one value"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused(
    store: EmbeddedStore, field: str, choice: dict[str, Any], message: str
) -> None:
    with pytest.raises(UsageError, match=message):
        decide(store, find(store, "FS_Example", field), **choice)
    assert not review.Decisions.of(store.current()).all


@pytest.mark.parametrize("thing", ["3GPP-SA99", "group/ nonsense", "", "https://example.org/x"])
def test_a_name_cannot_mean_what_is_not_there(store: EmbeddedStore, thing: str) -> None:
    with pytest.raises(UsageError):
        decide(store, find(store, "forum"), thing=thing)


def test_fields_of_which_the_shapes_want_one_value_are_those_of_the_list() -> None:
    """Two values of these are a warning: so documents may differ, and a person has to settle it."""
    graph = bundled_shapes().graph
    single = set(graph.subjects(SH.maxCount, rdflib.Literal(1))) & set(
        graph.subjects(SH.severity, SH.Warning)
    )
    wanted = {str(graph.value(shape, SH.path)) for shape in single} - {SDO.confidence.value}
    assert wanted <= {field.property.value for field in FIELDS.values()}


# --- outliving new readings


def everything_decided(store: EmbeddedStore) -> None:
    decide(store, find(store, "forum"), thing="ITU-T-SG17")
    decide(store, find(store, "eNA_Ph3_SEC"), thing="work-item/3GPP/FS_Example")
    decide(store, find(store, "FS_Example", "status"), prefer="work-items-2024.csv")
    decide(store, find(store, "FS_Example", "begin"), value="2023-01-16")
    decide(store, find(store, "EX-LS-3", "title"), value="LS on the last examples")


def test_the_same_documents_read_again_are_unchanged(
    store: EmbeddedStore, statements: Path, items: tuple[Path, Path], founding: Path
) -> None:
    everything_decided(store)
    before = store.current()
    reports = pipeline.ingest(store, [statements, *items, founding], WHOLE)
    assert [r.state for r in reports] == ["unchanged"] * 4
    assert store.current().version == before.version


def test_a_decision_taken_again_in_the_same_second_counts(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sdograph.review.proposal.now", lambda: "2999-01-01T12:00:00Z")
    first = decide(store, find(store, "forum"), thing="ITU-T-SG17")
    undo(store, first.new[0].id, by="secretary")
    again = decide(store, find(store, "forum"), thing="ITU-T-SG17")
    assert [d.at for d in (*first.new, *again.new)] == ["2999-01-01T12:00:00Z", "2999-01-01T12:00:01Z"]
    assert again.places == first.places > 0


def test_it_is_all_one_whether_the_decision_or_the_document_came_first(
    store: EmbeddedStore, statements: Path, tmp_path: Path
) -> None:
    decide(store, find(store, "forum"), thing="ITU-T-SG17")
    late = tmp_path / "late.csv"
    late.write_text(statements.read_text("utf-8").replace("EX-LS", "NEW-LS"), "utf-8")
    (report,) = pipeline.ingest(store, [late])
    assert report.state == "new"
    assert SG17 in store.current().objects(statement_of(store, "NEW-LS-1"), TO)
    decided_first = stated(store.current())
    (decision,) = review.Decisions.of(store.current()).all
    undo(store, decision.id, by="secretary")
    settle(store, [decision])  # known, and withdrawn: stays so
    again = decide(store, find(store, "forum"), thing="ITU-T-SG17")
    then = {q for q in stated(store.current()) if q.predicate not in (SDO.settledBy, SDO.matchedBy)}
    assert again.places == 6
    assert then == {q for q in decided_first if q.predicate not in (SDO.settledBy, SDO.matchedBy)}


def test_the_report_on_a_document_has_what_was_decided(store: EmbeddedStore, statements: Path) -> None:
    decide(store, find(store, "forum"), thing="ITU-T-SG17")
    (report,) = pipeline.ingest(store, [statements], Options(dry_run=True, whole=True))
    assert not report.unresolved
    first, *_ = report.as_dict()["records"]
    assert first["to"] == ["ITU-T-SG17"]
    assert first["purpose"] == {"ITU-T-SG17": "action"}


def test_a_changed_document_keeps_the_decision(store: EmbeddedStore, statements: Path) -> None:
    decide(store, find(store, "forum"), thing="ITU-T-SG17")
    text = statements.read_text("utf-8")
    statements.write_text(text.replace("LS on examples", "LS on examples and more"), "utf-8")
    (report,) = pipeline.ingest(store, [statements])
    assert report.state == "changed"
    assert SG17 in store.current().objects(statement_of(store, "EX-LS-1"), TO)


def test_a_changed_document_does_not_bring_an_overruled_field_back(
    store: EmbeddedStore, items: tuple[Path, Path]
) -> None:
    decide(store, find(store, "FS_Example", "status"), prefer="work-items-2024.csv")
    older, _ = items
    older.write_text(older.read_text("utf-8").replace("ongoing", "proposed"), "utf-8")
    pipeline.ingest(store, [older])
    assert list(store.current().objects(ITEM, ADMS.status)) == [COMPLETED]


def test_building_anew_keeps_decisions_about_the_bundle(
    store: EmbeddedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [e for e in manifest.entries() if e.name.startswith(("registry/", "liaison-statements/"))]
    founding = next(e for e in entries if "/LS_" in e.name)
    assert founding.counts["unresolved"] == 1
    decide(store, find(store, "eNA_Ph3_SEC"), thing="work-item/3GPP/FS_Example")
    facts = stated(store.current())
    assert {r.state for r in pipeline.build(store, entries, manifest.schemes())} == {"unchanged"}
    monkeypatch.setattr(intake, "RULES_VERSION", "another")  # everything is read again
    assert {r.state for r in pipeline.build(store, entries, manifest.schemes())} == {"unchanged"}
    assert stated(store.current()) == facts


# --- taking back


def test_undoing_everything_restores_everything(store: EmbeddedStore) -> None:
    before = stated(store.current())
    everything_decided(store)
    assert stated(store.current()) != before
    for decision in review.Decisions.of(store.current()).all:
        undo(store, decision.id, by="secretary")
    assert stated(store.current()) == before
    known = review.Decisions.of(store.current())
    assert {known.state(d) for d in known.all} == {"withdrawn"}
    assert {d.withdrawn_by for d in known.all} == {"secretary"}


def test_undoing_one_of_two_restores_what_only_that_one_brought(store: EmbeddedStore, tmp_path: Path) -> None:
    """Both names mean one group: its link stays as long as one of them does."""
    table = tmp_path / "two-names.csv"
    table.write_text(
        "ls_ref,title,from_group,to_groups,date,source_url_or_repo,confidence\n"
        "TWO-1,LS to two names,ETSI ISG SAI,Club of Samples;Society of Samples,2024-03-01,https://example.org/,high\n",
        "utf-8",
    )
    pipeline.ingest(store, [table])
    before = stated(store.current())
    one = decide(store, find(store, "club"), thing="ITU-T-SG17")
    other = decide(store, find(store, "society"), thing="ITU-T-SG17")
    statement = statement_of(store, "TWO-1")
    undo(store, one.new[0].id, by="secretary")
    assert list(store.current().objects(statement, TO)) == [SG17]
    undo(store, other.new[0].id, by="secretary")
    assert stated(store.current()) == before


def test_a_later_decision_replaces_an_earlier_one_which_returns_when_it_is_undone(
    store: EmbeddedStore,
) -> None:
    forum = find(store, "forum")
    statement = statement_of(store, "EX-LS-1")
    first = decide(store, forum, thing="ITU-T-SG17").new[0]
    second = decide(store, forum, thing="ITU-T-SG13").new[0]
    assert SG17 not in store.current().objects(statement, TO)
    known = review.Decisions.of(store.current())
    assert {d.id: known.state(d) for d in known.all} == {first.id: "replaced", second.id: "in force"}
    undo(store, second.id, by="chair")
    assert list(store.current().objects(statement, TO)) == [SG17]
    known = review.Decisions.of(store.current())
    assert {d.id: known.state(d) for d in known.all} == {first.id: "in force", second.id: "withdrawn"}


def test_who_decides_now_is_the_last_whatever_clock_another_had(store: EmbeddedStore) -> None:
    forum = find(store, "forum")
    (made,) = propose(store.current(), [forum.id], Choice(none=True), by="a clock ahead")
    settle(store, [replace(made, at="2999-01-01T00:00:00Z", id="")])
    decide(store, forum, thing="ITU-T-SG17")
    assert SG17 in store.current().objects(statement_of(store, "EX-LS-1"), TO)


KILLED = """
import os, signal, sys
from sdograph.review.proposal import Choice, propose
from sdograph.review.settling import settle
from sdograph.store import EmbeddedStore
EmbeddedStore._point_to = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
store = EmbeddedStore(sys.argv[1])
settle(store, propose(store.current(), [sys.argv[2]], Choice(thing="ITU-T-SG17"), by="killed"))
"""


def test_killed_at_the_last_moment_nothing_is_decided(store: EmbeddedStore) -> None:
    forum, before = find(store, "forum"), stated(store.current())
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(store.data_dir), forum.id], check=False, timeout=120
    )
    assert done.returncode == -signal.SIGKILL
    assert stated(store.current()) == before
    assert not review.Decisions.of(store.current()).all
    assert decide(store, forum, thing="ITU-T-SG17").places == 3


def test_what_is_not_there_cannot_be_undone(store: EmbeddedStore) -> None:
    with pytest.raises(UsageError, match="no decision"):
        undo(store, "0123456789", by="secretary")
    id = decide(store, find(store, "forum"), none=True).new[0].id
    with pytest.raises(UsageError, match="nobody"):
        undo(store, id, by=" ")
    undo(store, id, by="secretary")
    with pytest.raises(UsageError, match="withdrawn already"):
        undo(store, id, by="secretary")


def test_effects_are_undone_exactly_whatever_is_decided(store: EmbeddedStore) -> None:
    """For the graph of each document alone, as intake and the taking of decisions use them."""
    everything_decided(store)
    view = store.current()
    decisions = review.Decisions.of(view)
    some = [review.Decisions(c) for n in range(len(decisions.all)) for c in combinations(decisions.all, n)]
    changed = 0
    for graph in view.graph_names():
        document = ids.key_of(view.text(graph, PROV.hadPrimarySource) or "")
        if document is None:
            continue
        holds = {q.triple for q in view.quads(graph=graph)}
        read = review.withdrawn(holds)
        assert review.withdrawn(read) == read
        assert review.applied(read, decisions, document) == holds
        if read != holds:
            changed += 1
            assert all(review.withdrawn(review.applied(read, d, document)) == read for d in some)
    assert changed == 4


def test_a_decision_follows_what_its_thing_has_become(store: EmbeddedStore) -> None:
    """As when it comes from a machine where a group, or a statement, was still known under another key."""
    old = Decision(
        verdict="value", by="secretary", at="2026-11-25T10:00:00Z", thing=ids.iri("group/CEN-CLC-JTC21"),
        field="begin", value=Literal("2021-06-02", datatype=XSD.date),
    )  # fmt: skip
    before = stated(store.current())
    settle(store, [old])
    (decision,) = review.Decisions.of(store.current()).all
    assert (decision.id, decision.thing) == (old.id, ids.iri("body/CEN-CLC-JTC21"))
    assert store.current().text(node("body/CEN-CLC-JTC21"), SDO.begin) == "2021-06-02"
    undo(store, old.id, by="secretary")
    assert stated(store.current()) == before


def test_what_readers_mark_for_review_is_in_the_list() -> None:
    assert FOR_REVIEW <= review.DOUBT
