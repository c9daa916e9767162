"""The only file that chains the steps: documents -> intake -> one commit -> a published generation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from pyoxigraph import NamedNode

from sdograph import identifiers as ids
from sdograph.errors import DataError
from sdograph.intake import Input, Intake, Options
from sdograph.manifest import Entry
from sdograph.reports import DocumentReport
from sdograph.sources.rdf import read_turtle
from sdograph.store import Store
from sdograph.validation import Finding, validate_all

__all__ = ["Options", "Progress", "build", "ingest", "take_in", "validate_store"]

Progress = Callable[[str], None]
"""Called with the name of each document before it is read."""


_PLAIN = Options()


def _silent(_name: str) -> None:
    return


def _unasked() -> None:
    return


def ingest(
    store: Store,
    paths: Sequence[Path],
    options: Options = _PLAIN,
    progress: Progress = _silent,
) -> list[DocumentReport]:
    """Takes documents in, each whole or not at all, and publishes one generation when anything changed.

    A document at fault is reported as rejected, with the reason, and the others go on. With
    ``options.dry_run`` nothing is published, and the reports say what would happen; that does not wait for
    other writers. Raises StoreMissing when the store holds no dataset, WriterBusy when another process is
    writing.
    """
    return take_in(store, [Input(path, str(path), options.format) for path in paths], options, progress)


def take_in(
    store: Store,
    given: Iterable[Input],
    options: Options,
    progress: Progress = _silent,
    publishing: Callable[[], None] = _unasked,
) -> list[DocumentReport]:
    """As :func:`ingest`, of documents of which more is known than their path.

    ``publishing`` is called before what was taken in becomes visible; what it raises keeps it out.
    """
    store.current()
    reports = []
    with store.trial() if options.dry_run else store.writer() as writer:
        intake = Intake(writer, options)
        for document in given:
            progress(document.shown)
            reports.append(intake.take(document))
        if intake.changed and not options.dry_run:
            publishing()
            intake.published(writer.publish().version)
    return reports


def build(
    store: Store, entries: Iterable[Entry], vocabulary: Iterable[Path], progress: Progress = _silent
) -> list[DocumentReport]:
    """Brings the bundled dataset into a store: documents that are there and unchanged cost a look-up each.

    ``vocabulary`` are the Turtle files of the ontology and the concept schemes. Raises the error of a
    document of the bundle that is rejected or has other counts than it declares: a bundle with a hole is
    never published.
    """
    reports = []
    with store.writer() as writer:
        fresh = not store.current_number()
        changed = False
        for path in vocabulary:
            change = writer.view.change(NamedNode(ids.GRAPH_BASE + path.stem), read_turtle(path))
            if change:
                writer.apply(change)
                changed = True
        intake = Intake(writer, _PLAIN, unchecked=fresh)
        for entry in entries:
            progress(entry.name)
            report = intake.take(Input(entry.path, entry.name, entry.format, entry))
            _hold_to_manifest(entry, report)
            reports.append(report)
        if fresh:
            progress("checking")
            _hold_to_shapes(validate_all(writer.view), "the dataset")
        if changed or intake.changed:
            intake.published(writer.publish().version)
    return reports


def validate_store(store: Store, engine: str = "shifty") -> list[Finding]:
    """Findings about everything in the current generation."""
    return validate_all(store.current(), engine)


def _hold_to_manifest(entry: Entry, report: DocumentReport) -> None:
    if report.error is not None:
        raise report.error
    _hold_to_shapes(report.findings, entry.name)
    entry.check(report.counts)


def _hold_to_shapes(findings: Iterable[Finding], where: str) -> None:
    violations = [f for f in findings if f.severity == "violation"]
    if violations:
        first = violations[0]
        raise DataError(
            f"{len(violations)} violations, the first: {first.message}",
            where=f"{where}, {first.focus}",
            hint="correct the document",
        )
