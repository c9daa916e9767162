"""Documents on their way in: new, changed, unchanged, rejected; whole or not at all."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Triple

from sdograph import graph, manifest, pipeline, sources
from sdograph import identifiers as ids
from sdograph.errors import DataError, StoreMissing
from sdograph.intake import Input, Intake
from sdograph.namespaces import DCAT, DCT, PROV, RDF, RDFS, SDO
from sdograph.pipeline import Options
from sdograph.reports import DocumentReport
from sdograph.store import EmbeddedStore, Snapshot


def core() -> list[manifest.Entry]:
    return [e for e in manifest.entries() if e.name.startswith(("registry/", "liaison-statements/"))]


def declared(table: str) -> Mapping[str, int]:
    """How many records the bundle says a table of the registry has."""
    return next(e.counts for e in manifest.entries() if e.name == f"registry/{table}.csv")


def ingest(store: EmbeddedStore, path: Path, **options: bool) -> DocumentReport:
    return pipeline.ingest(store, [path], Options(**options))[0]


def new_statement(
    founding: Path, folder: Path, title: str = "LS on something else", name: str = "ls.txt"
) -> Path:
    """The founding statement under another title: another statement."""
    text = founding.read_text("utf-8")
    stated = "LS to SA, SA3 and SA5 on potential collaboration between 3GPP SA3/SA5 and ETSI SAI ISG"
    assert stated in text
    path = folder / name
    path.write_text(text.replace(stated, title), "utf-8")
    return path


def facts(snapshot: Snapshot) -> set[Quad]:
    """Everything but the description of the dataset, which names the generation."""
    return {q for q in snapshot.quads() if q.subject != NamedNode(ids.BASE + "dataset")}


def test_the_founding_statement_has_what_the_document_says(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    report = ingest(own_store, new_statement(founding, tmp_path))
    assert report.state == "new"
    assert report.layout == "etsi"
    wanted = {"addressees": 6, "mentions": 4, "RequestedAction": 2, "Meeting": 1, "LiaisonStatement": 1}
    assert {k: report.counts[k] for k in wanted} == wanted
    assert [r.text for r in report.unresolved] == ["eNA_Ph3_SEC"]
    assert report.unresolved[0].candidates == ("work-item/3GPP/FS_eNA_SEC_Ph3",)
    assert not report.violations


def test_the_same_file_again_is_unchanged_and_publishes_nothing(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    path = new_statement(founding, tmp_path)
    first = ingest(own_store, path)
    generation = own_store.current().generation
    second = ingest(own_store, path)
    assert second.state == "unchanged"
    assert second.counts == first.counts
    assert own_store.current().generation == generation


def test_what_another_registry_leaves_unchanged_is_read_once_and_not_each_time(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = new_statement(founding, tmp_path)
    ingest(own_store, path)
    more = table(tmp_path / "more.csv", [body_row(1)])
    assert ingest(own_store, more).state == "new"
    before = {t for t in own_store.current().triples() if t.predicate != SDO.fingerprint}
    assert ingest(own_store, path).state == "unchanged"
    snapshot = own_store.current()
    after = {t for t in snapshot.triples() if t.predicate != SDO.fingerprint}
    assert {t.subject for t in after ^ before} == {NamedNode(ids.BASE + "dataset")}

    def read(*_args: object, **_named: object) -> None:
        raise AssertionError("it was read again")

    monkeypatch.setattr(sources, "read", read)
    assert ingest(own_store, path).state == "unchanged"
    assert own_store.current().generation == snapshot.generation


def test_the_same_bytes_from_elsewhere_are_unchanged(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "renamed.txt"
    copy.write_bytes(founding.read_bytes())
    assert ingest(own_store, copy).state == "unchanged"


def test_a_changed_file_replaces_what_it_had_stated(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    before = facts(own_store.current())
    path = new_statement(founding, tmp_path, "LS on something")
    ingest(own_store, path)
    path.write_text(path.read_text("utf-8").replace("ITU-T SG17\n", ""), "utf-8")
    report = ingest(own_store, path, whole=True)
    assert report.state == "changed"
    assert report.counts["addressees"] == 5
    statement = ids.iri(f"liaison-statement/{report.as_dict()['records'][0]['id']}")
    cc = own_store.current().rows(
        f"SELECT ?g WHERE {{ <{statement}> schema:ccRecipient/dcterms:identifier ?g }} ORDER BY ?g"
    )
    assert [r["g"] for r in cc] == [Literal("ITU-R"), Literal("ITU-T-SG13")]
    assert before <= facts(own_store.current()), "other documents' statements are untouched"


def test_another_title_in_the_same_file_leaves_no_trace_of_the_old_one(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    path = new_statement(founding, tmp_path, "LS with a slip of the pen")
    ingest(own_store, path)
    assert ingest(own_store, new_statement(founding, tmp_path, "LS as it was meant")).state == "changed"
    assert not [q for q in own_store.current().quads() if q.object == Literal("LS with a slip of the pen")]


def test_a_corrected_copy_of_that_name_from_elsewhere_replaces_too(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    ingest(own_store, new_statement(founding, tmp_path / "a"))
    corrected = new_statement(founding, tmp_path / "b")
    corrected.write_text(corrected.read_text("utf-8").replace("ITU-T SG17\n", ""), "utf-8")
    assert ingest(own_store, corrected).state == "changed"


def test_two_files_of_one_name_read_in_one_go_both_stay_and_settle(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    paths = [new_statement(founding, tmp_path / folder) for folder in ("a", "b")]
    paths[1].write_text(paths[1].read_text("utf-8").replace("ITU-T SG17\n", ""), "utf-8")
    assert [r.state for r in pipeline.ingest(own_store, paths)] == ["new", "new"]
    assert [r.state for r in pipeline.ingest(own_store, paths)] == ["unchanged", "unchanged"]


def test_two_files_of_one_name_that_state_different_things_both_stay(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    for folder, title in (("a", "LS on one thing"), ("b", "LS on another")):
        (tmp_path / folder).mkdir()
        assert ingest(own_store, new_statement(founding, tmp_path / folder, title)).state == "new"
    titles = {q.object for q in own_store.current().quads(p=NamedNode("http://purl.org/dc/terms/title"))}
    assert {Literal("LS on one thing"), Literal("LS on another")} <= titles


def test_a_dry_run_says_what_would_happen_and_writes_nothing(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    before = facts(own_store.current())
    path = new_statement(founding, tmp_path)
    with own_store.writer():  # a dry run needs no writer's place
        assert ingest(own_store, path, dry_run=True).state == "new"
    assert ingest(own_store, founding, dry_run=True).state == "unchanged"
    assert own_store.current().generation == 1
    assert facts(own_store.current()) == before


def test_one_bad_document_does_not_keep_the_others_out(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("Dear all, thank you for the cake.\n")
    good = new_statement(founding, tmp_path)
    rejected, taken = pipeline.ingest(own_store, [bad, good])
    assert (rejected.state, taken.state) == ("rejected", "new")
    assert rejected.error is not None
    assert "bad.txt" in str(rejected.error)


def test_a_violation_keeps_the_document_out_and_is_reported(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    """A statement that answers itself: its own number in Response to."""
    before = facts(own_store.current())
    text = (
        "3GPP TSG-SA WG3 Meeting #112\tS3-231001\nGothenburg, Sweden, 14 - 18 August 2023\n\n"
        "Title:\tReply LS on itself\nResponse to:\tS3-231001\nRelease:\tRel-18\n\n"
        "Source:\tSA3\nTo:\tSA5\n\n1. Overall Description:\nSomething.\n\n"
        "2. Actions:\nTo SA5:\nACTION:\tPlease note.\n"
    )
    path = tmp_path / "itself.txt"
    path.write_text(text)
    report = ingest(own_store, path)
    assert report.state == "rejected", report.as_dict()
    assert any(f.path == "^http://purl.org/spar/cito/repliesTo" for f in report.violations)
    assert own_store.current().generation == 1
    assert facts(own_store.current()) == before


def test_contacts_are_read_only_on_request_and_stay_apart(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    path = new_statement(founding, tmp_path)
    ingest(own_store, path)
    assert not list(own_store.contacts())
    ingest(own_store, path, contacts=True)
    kept = b"".join(own_store.contacts()).decode()
    assert "ISG SAI Chair" in kept
    everything = "\n".join(str(q) for q in own_store.current().quads())
    assert "ISG SAI Chair" not in everything
    assert "@etsi.org" not in everything


def take(store: EmbeddedStore, path: Path, part: int) -> DocumentReport:
    with store.writer() as writer:
        intake = Intake(writer, Options(), part=part)
        report = intake.take(Input(path, str(path)))
        if intake.changed:
            writer.publish()
    return report


def table(path: Path, rows: list[str]) -> Path:
    header = "id,name,short_name,alt_names,kind,homepage,parents,begin,end,redirects,source,confidence"
    path.write_text("\n".join([header, *rows]) + "\n", "utf-8")
    return path


def body_row(n: int, begin: str = "") -> str:
    return f"X{n},Body number {n},X{n},,sdo,,,{begin},,,https://example.org/{n},high"


def test_a_long_document_in_parts_states_what_it_would_in_one(
    own_store: EmbeddedStore, tmp_path: Path
) -> None:
    path = table(tmp_path / "bodies.csv", [body_row(n) for n in range(25)])
    before = facts(own_store.current())
    assert take(own_store, path, part=10).counts["Body"] == 25
    in_parts = {q.triple for q in facts(own_store.current()) if q.graph_name == DefaultGraph()}
    assert take(own_store, path, part=10).state == "unchanged"
    shorter = table(path, [body_row(n) for n in range(8)])
    report = take(own_store, shorter, part=10)
    assert (report.state, report.counts["Body"]) == ("changed", 8)
    bodies = {q.subject for q in own_store.current().quads(p=RDF.type, o=SDO.Body, graph=DefaultGraph())}
    assert len(bodies) == declared("bodies")["Body"] + 8, "rows that went are gone from every part"
    own_store.rollback(to=1)
    assert facts(own_store.current()) == before
    take(own_store, table(path, [body_row(n) for n in range(25)]), part=1000)
    in_one = {q.triple for q in facts(own_store.current()) if q.graph_name == DefaultGraph()}

    def content(triples: set[Triple]) -> set[Triple]:
        return {t for t in triples if "/graph/" not in str(t.subject) and t.predicate != PROV.endedAtTime}

    assert content(in_parts) == content(in_one)


def test_a_violation_in_the_last_part_takes_the_whole_document_back(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    """Its 22nd row says that ETSI is a partnership too: two kinds of one body are a violation."""
    before = facts(own_store.current())
    wrong = (
        "ETSI,European Telecommunications Standards Institute,ETSI,,partnership,,,,,,https://example.org,high"
    )
    path = table(tmp_path / "bodies.csv", [*(body_row(n) for n in range(21)), wrong])
    report = take(own_store, path, part=5)
    assert report.state == "rejected"
    assert any(f.focus == ids.iri("body/ETSI") for f in report.violations)
    assert facts(own_store.current()) == before
    assert take(own_store, new_statement(founding, tmp_path), part=5).state == "new", "the next one goes on"


def test_every_fact_leads_to_its_document(bundled_snapshot: Snapshot) -> None:
    """Every node that is of one of our classes names the document that states it, and evidence of it."""
    about = {q.object for q in bundled_snapshot.quads(p=SDO.about, graph=DefaultGraph())}
    kinds = "Body Group Release StudyPeriod WorkItem Specification Meeting LiaisonStatement RequestedAction"
    for kind in [*kinds.split(), "LiaisonRelationship"]:
        nodes = {q.subject for q in bundled_snapshot.quads(p=RDF.type, o=SDO[kind], graph=DefaultGraph())}
        assert nodes, f"the dataset has no {kind}"
        for node in nodes:
            sources = list(bundled_snapshot.objects(node, PROV.hadPrimarySource))
            assert sources, f"{node} names no document"
            assert all(bundled_snapshot.value(s, SDO.sha256) for s in sources if isinstance(s, NamedNode))
        assert nodes <= about, f"without evidence: {nodes - about}"


def test_an_item_that_only_its_own_group_states_exists_by_that_statement(bundled_snapshot: Snapshot) -> None:
    item = NamedNode(ids.iri("work-item/ETSI/SAI-014"))
    assert bundled_snapshot.text(item, NamedNode("http://purl.org/dc/terms/title")) == (
        "Security aspects of using AI/ML techniques in telecom sector"
    )
    assert bundled_snapshot.text(item, SDO.responsibleGroup) == ids.iri("group/ETSI-ISG-SAI")
    # "SAI-014 Study Item", says the statement; of others' items it says it too, which is not its business.
    kind = ids.SCHEME_BASE + "work-item-kind/study-item"
    assert SDO.StudyItem in set(bundled_snapshot.objects(item, RDF.type))
    assert bundled_snapshot.text(item, SDO.itemKind) == kind
    (evidence,) = bundled_snapshot.rows(
        f'SELECT ?words ?place {{ ?e sdo:about {item} ; sdo:field "kind" ; sdo:writtenAs ?words ;'
        " sdo:locator ?place }"
    )
    assert {name: term.value for name, term in evidence.items()} == {
        "words": "Study Item",
        "place": "line 64",
    }


def test_building_again_changes_nothing_but_what_was_read_by_which_registry(own_store: EmbeddedStore) -> None:
    def facts_but_how_read() -> set[Quad]:
        own = (SDO.fingerprint, SDO.generation, DCAT.version, DCT.modified)
        return {q for q in own_store.current().quads() if q.predicate not in own}

    before = facts_but_how_read()
    for _ in range(2):
        # The first documents were read before the registry had what later ones brought. When they have been
        # read again and nothing is new, that is noted, once.
        reports = pipeline.build(own_store, core(), manifest.schemes())
        assert {r.state for r in reports} == {"unchanged"}
        assert own_store.current().generation == 2
        assert facts_but_how_read() == before


def test_the_same_document_gives_the_same_triples(bundled_store: EmbeddedStore, tmp_path: Path) -> None:
    again = EmbeddedStore(tmp_path)
    pipeline.build(again, core(), manifest.schemes())
    moments = (PROV.endedAtTime, PROV.generatedAtTime)

    def lasting(snapshot: Snapshot) -> set[Quad]:
        return {q for q in facts(snapshot) if q.predicate not in moments}

    assert lasting(again.current()) == lasting(bundled_store.current())


def test_a_bundle_with_a_hole_is_never_published(tmp_path: Path) -> None:
    """A row too few, and a changed byte: both fail, naming the document."""
    real = manifest.entries()
    short = tmp_path / "bodies.csv"
    short.write_text("".join(real[0].path.read_text("utf-8").splitlines(keepends=True)[:-1]), "utf-8")
    text = (real[0].path.parent.parent / "sources.yaml").read_text("utf-8")
    (tmp_path / "registry").mkdir()
    short.rename(tmp_path / "registry" / "bodies.csv")
    (tmp_path / "sources.yaml").write_text(text, "utf-8")
    store = EmbeddedStore(tmp_path / "data")
    with pytest.raises(DataError, match=r"registry/bodies\.csv.*bytes"):
        pipeline.build(store, manifest.entries(tmp_path / "sources.yaml")[:1], [])
    entry = manifest.entries()[0]
    with pytest.raises(DataError, match=f"3 records of class Body instead of {entry.counts['Body']}"):
        entry.check({"Body": 3})
    with pytest.raises(StoreMissing):
        store.current()


def test_counts_are_those_of_the_graph(bundled_snapshot: Snapshot) -> None:
    total = graph.counts(q.triple for q in bundled_snapshot.quads(graph=DefaultGraph()))
    wanted = {**declared("bodies"), **declared("groups")}
    assert {kind: total[kind] for kind in ("Body", "Group")} == {k: wanted[k] for k in ("Body", "Group")}


INGESTING = """
import sys
from pathlib import Path
from sdograph import pipeline
from sdograph.store import EmbeddedStore
store = EmbeddedStore(sys.argv[1])
print("begin", flush=True)
for path in sys.argv[2:]:
    pipeline.ingest(store, [Path(path)])
    print(path, flush=True)
"""


def test_kill_at_any_moment_leaves_all_of_a_document_or_nothing(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path
) -> None:
    rng = random.Random(18092023)
    empty = set(facts(own_store.current()))
    paths = [new_statement(founding, tmp_path, f"LS number {n}", f"{n}.txt") for n in range(12)]
    for round in range(3):
        given = paths[round * 4 : round * 4 + 4]
        command = [sys.executable, "-c", INGESTING, str(own_store.data_dir), *map(str, given)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(rng.uniform(0.0, 1.5))
        process.send_signal(signal.SIGKILL)
        acknowledged = process.communicate()[0].splitlines()
        snapshot = EmbeddedStore(own_store.data_dir).current()
        assert empty <= facts(snapshot)
        for path in given:
            stated = [
                q
                for d in snapshot.quads(p=RDFS.label, o=Literal(path.name), graph=DefaultGraph())
                if isinstance(d.subject, NamedNode) and (key := ids.key_of(d.subject.value))
                for q in snapshot.quads(graph=graph.document_graph(key))
            ]
            if stated:
                assert graph.counts(q.triple for q in stated)["addressees"] == 6
            elif str(path) in acknowledged:
                pytest.fail(f"{path.name} was acknowledged and is lost")


def test_a_fault_of_the_program_names_the_document(
    own_store: EmbeddedStore, founding: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sources, "read", broken)
    path = new_statement(founding, tmp_path)
    with pytest.raises(ZeroDivisionError) as raised:
        ingest(own_store, path)
    assert str(path) in raised.value.__notes__[0]
