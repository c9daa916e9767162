"""What was read of the organisations for one document serves the next, and only while it is still so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Triple

from sdograph import catalogue, pipeline
from sdograph import identifiers as ids
from sdograph.model import Reference
from sdograph.namespaces import SKOS
from sdograph.pipeline import Options
from sdograph.reports import DocumentReport
from sdograph.store import EmbeddedStore

#: A name that no organisation of the registry bears.
NICKNAME = "Quokka Working Party"
SA5 = NamedNode(ids.ID_BASE + "group/3GPP-SA5")
NOTES = NamedNode(ids.GRAPH_BASE + "document/notes")


@pytest.fixture
def addressed(founding: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Writes the founding statement under another title, and with ``NICKNAME`` among those who get a copy."""

    def write(title: str) -> Path:
        text = founding.read_text("utf-8")
        assert "\nITU-R\n" in text
        path = tmp_path / f"{title}.txt"
        text = text.replace("LS to SA, SA3 and SA5 on", title)
        path.write_text(text.replace("\nITU-R\n", f"\nITU-R\n{NICKNAME}\n"), "utf-8")
        return path

    return write


def ingest(store: EmbeddedStore, path: Path) -> DocumentReport:
    [report] = pipeline.ingest(store, [path], Options(whole=True))
    assert report.state == "new", report
    return report


def nicknamed(report: DocumentReport) -> str | None:
    """What the nickname was linked to."""
    [found] = [r for record in report.records for r in getattr(record, "cc", ()) if r.text == NICKNAME]
    assert isinstance(found, Reference)
    return found.target


def name_it(store: EmbeddedStore, *, named: bool = True) -> None:
    """Another writer gives the nickname to 3GPP SA5, or takes it back."""
    names = [Triple(SA5, SKOS.altLabel, Literal(NICKNAME))]
    with store.writer() as writer:
        writer.apply(writer.view.change(NOTES, names if named else []))
        writer.publish()


def test_the_organisations_are_read_once_for_documents_that_follow_each_other(
    own_store: EmbeddedStore, addressed: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(own_store, addressed("first"))

    def read(*_args: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(catalogue, "organizations", read)
    report = ingest(own_store, addressed("second"))
    assert {"group/3GPP-SA", "group/3GPP-SA3", "group/3GPP-SA5"} <= {
        r.target for record in report.records for r in getattr(record, "to", ())
    }


def test_what_another_writer_has_changed_is_known_to_the_next_document(
    own_store: EmbeddedStore, addressed: Callable[[str], Path]
) -> None:
    assert nicknamed(ingest(own_store, addressed("before"))) is None
    name_it(own_store)
    assert nicknamed(ingest(own_store, addressed("named"))) == "group/3GPP-SA5"
    name_it(own_store, named=False)
    assert nicknamed(ingest(own_store, addressed("after"))) is None


def test_a_rollback_is_known_too(own_store: EmbeddedStore, addressed: Callable[[str], Path]) -> None:
    before = own_store.current().generation
    name_it(own_store)
    assert nicknamed(ingest(own_store, addressed("named"))) == "group/3GPP-SA5"
    own_store.rollback(to=before)
    assert nicknamed(ingest(own_store, addressed("after"))) is None


def test_a_document_that_brings_or_takes_names_is_known_to_the_next(
    own_store: EmbeddedStore, addressed: Callable[[str], Path], tmp_path: Path
) -> None:
    ingest(own_store, addressed("before"))
    names = tmp_path / "names.ttl"
    names.write_text(f'<{SA5.value}> <{SKOS.altLabel.value}> "{NICKNAME}" .\n', "utf-8")
    assert pipeline.ingest(own_store, [names])[0].state == "new"
    assert nicknamed(ingest(own_store, addressed("named"))) == "group/3GPP-SA5"
    names.write_text(f'<{ids.ID_BASE}meeting/X> <{SKOS.altLabel.value}> "nothing" .\n', "utf-8")
    assert pipeline.ingest(own_store, [names])[0].state == "changed"
    assert nicknamed(ingest(own_store, addressed("after"))) is None


def test_a_dry_run_leaves_nothing_behind(
    own_store: EmbeddedStore, addressed: Callable[[str], Path], tmp_path: Path
) -> None:
    names = tmp_path / "names.ttl"
    names.write_text(f'<{SA5.value}> <{SKOS.altLabel.value}> "{NICKNAME}" .\n', "utf-8")
    both = [names, addressed("tried")]
    tried = pipeline.ingest(own_store, both, Options(whole=True, dry_run=True))
    assert nicknamed(tried[1]) == "group/3GPP-SA5"
    assert nicknamed(ingest(own_store, addressed("meant"))) is None
