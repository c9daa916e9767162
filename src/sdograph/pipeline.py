"""The only file that chains the steps: document -> records -> linking -> triples -> SHACL -> one commit."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Triple

from sdograph import catalogue, graph, sources
from sdograph import identifiers as ids
from sdograph.errors import SdographError
from sdograph.linking import Linker, Registry
from sdograph.manifest import Entry
from sdograph.model import Body, Document, Group, LiaisonStatement, Source
from sdograph.namespaces import PROV, RDFS, SDO
from sdograph.reports import DocumentReport
from sdograph.sources.rdf import read_turtle
from sdograph.store import Change, EmbeddedStore, Snapshot
from sdograph.validation import Finding, validate_all, validate_change

#: Raised when linking or the writing of triples would make something else of the same records.
RULES_VERSION = "1"

Progress = Callable[[str], None]
"""Called with the name of each document before it is read."""


def _silent(_name: str) -> None:
    return


@dataclass(frozen=True, slots=True)
class Options:
    """How documents are taken in."""

    format: str | None = None
    contacts: bool = False
    dry_run: bool = False
    whole: bool = False
    """Read every record also of documents that are known to be unchanged, so that reports hold them."""


@dataclass(slots=True)
class _Prepared:
    """A document that is ready to be written, or the reasons why it is not."""

    report: DocumentReport
    change: Change | None = None
    contacts: tuple[str, list[Quad]] | None = None


def ingest(
    store: EmbeddedStore,
    paths: Sequence[Path],
    options: Options = Options(),
    progress: Progress = _silent,
) -> list[DocumentReport]:
    """Takes documents in, each whole or not at all, and publishes one generation when anything changed.

    A document at fault is reported as rejected, with the reason, and the others go on. With
    ``options.dry_run`` nothing is written, and the reports say what would happen.
    Raises StoreMissing when the store holds no dataset, WriterBusy when another process is writing.
    """
    documents = [_Input(path, str(path), options.format) for path in paths]
    if options.dry_run:
        intake = _Intake(store.current(), options)
        return [intake.prepare(d, progress).report for d in documents]
    store.current()
    return _write(store, documents, options, progress)


def build(
    store: EmbeddedStore, entries: Iterable[Entry], schemes: Iterable[Path], progress: Progress = _silent
) -> list[DocumentReport]:
    """Brings the bundled dataset into a store: documents that are there and unchanged cost a look-up each.

    Raises DataError when a document of the bundle is rejected or has other counts than it declares: a
    bundle with a hole is never published.
    """
    documents = [_Input(e.path, e.name, e.format, e) for e in entries]
    return _write(store, documents, Options(), progress, vocabulary=list(schemes), strict=True)


def validate_store(store: EmbeddedStore, engine: str = "shifty") -> list[Finding]:
    """Findings about everything in the current generation."""
    return validate_all(store.current(), engine)


@dataclass(frozen=True, slots=True)
class _Input:
    """A document to take in, and what its manifest says of it where it has one."""

    path: Path
    shown: str
    format: str | None = None
    entry: Entry | None = None

    def source(self) -> Source:
        if self.entry is None:
            return sources.open_source(self.path, self.format)
        found = sources.open_source(self.path, self.format, location=f"bundled:{self.entry.name}")
        return self.entry.described(found)


def _write(
    store: EmbeddedStore,
    documents: Iterable[_Input],
    options: Options,
    progress: Progress,
    *,
    vocabulary: Iterable[Path] = (),
    strict: bool = False,
) -> list[DocumentReport]:
    reports = []
    changed = False
    with store.writer() as writer:
        for path in vocabulary:
            change = writer.view.change(NamedNode(ids.GRAPH_BASE + path.stem), read_turtle(path))
            if change:
                writer.apply(change)
                changed = True
        intake = _Intake(writer.view, options)
        for document in documents:
            prepared = intake.prepare(document, progress)
            reports.append(prepared.report)
            if strict:
                _hold_to_manifest(document, prepared.report)
            if prepared.change is not None:
                writer.apply(prepared.change)
                intake.forget_if_registry(prepared.report)
                changed = True
            if prepared.contacts is not None:
                writer.keep_contacts(*prepared.contacts)
                changed = True
        if changed:
            writer.publish()
    return reports


class _Intake:
    """Prepares documents one by one against what the graph holds at that moment."""

    def __init__(self, view: Snapshot, options: Options) -> None:
        self._view = view
        self._options = options
        self._linker: Linker | None = None

    def forget_if_registry(self, report: DocumentReport) -> None:
        """After a document with organisations or items, later ones are linked to those too."""
        if not all(isinstance(r, LiaisonStatement) for r in report.records):
            self._linker = None

    def prepare(self, given: _Input, progress: Progress) -> _Prepared:
        """Everything up to the writing. A fault of the document ends up in its report."""
        progress(given.shown)
        report = DocumentReport(path=given.shown)
        try:
            return self._prepare(given, report)
        except SdographError as error:
            report.state, report.error = "rejected", error
            return _Prepared(report)

    def _prepare(self, given: _Input, report: DocumentReport) -> _Prepared:
        source = given.source()
        report.format = source.format
        fingerprint = self._fingerprint(source)
        known = self._known(source)
        if (
            known
            and self._unchanged(known, fingerprint)
            and not (self._options.dry_run or self._options.contacts)
        ):
            report.state = "unchanged"
            stored = self._view.quads(graph=graph.document_graph(known))
            report.counts = graph.counts(q.triple for q in stored)
            return _Prepared(report)

        document = sources.read(given.path, source, contacts=self._options.contacts)
        linker = self._linker_for(document)
        document = Document(source, tuple(
            linker.link(r) if isinstance(r, LiaisonStatement) else r for r in document.records
        ))  # fmt: skip
        report.records = document.records
        key = known or self._known_by_name(document) or ids.document_key(source.name, source.location)
        content = graph.triples(document, key, linker.registry)
        report.counts = graph.counts(content)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        origin = graph.provenance(document, key, fingerprint=fingerprint, when=when)
        change = self._view.change(graph.document_graph(key), content | origin)
        contacts = graph.contacts(document, key)
        prepared = _Prepared(report, contacts=(key, contacts) if contacts else None)
        if known is None and not self._stored(key):
            report.state = "new"
        elif self._only_provenance(change, origin) and self._sha256(key) == source.sha256:
            report.state = "unchanged"
            return prepared
        else:
            report.state = "changed"
        effect = self._view.effect(change)
        report.findings = validate_change(self._view, effect.added, effect.removed)
        if report.violations:
            report.state = "rejected"
            return _Prepared(report)
        prepared.change = change
        return prepared

    # --- which document of the graph is it?

    def _known(self, source: Source) -> str | None:
        """The key of the document read from the same place before, or of one with the very same bytes."""
        where, what = Literal(ids.short_hash(source.location)), Literal(source.sha256)
        return self._document_with(SDO.locationHash, where) or self._document_with(SDO.sha256, what)

    def _known_by_name(self, document: Document) -> str | None:
        """A document of that name that states the same liaison statement: a corrected copy from elsewhere."""
        keys = [r.key for r in document.records if isinstance(r, LiaisonStatement) and r.key]
        for key in keys:
            for stated in self._view.objects(NamedNode(ids.iri(key)), PROV.hadPrimarySource):
                if (
                    isinstance(stated, NamedNode)
                    and self._view.text(stated, RDFS.label) == document.source.name
                ):
                    return ids.key_of(stated.value)
        return None

    def _document_with(self, prop: NamedNode, value: Literal) -> str | None:
        found = (t.subject for t in self._view.triples(None, prop, value))
        return min(
            (k for n in found if isinstance(n, NamedNode) and (k := ids.key_of(n.value))), default=None
        )

    def _stored(self, key: str) -> bool:
        return self._sha256(key) is not None

    def _sha256(self, key: str) -> str | None:
        return self._view.text(NamedNode(ids.iri(key)), SDO.sha256)

    def _unchanged(self, key: str, fingerprint: str) -> bool:
        return self._view.text(NamedNode(ids.iri(key)), SDO.fingerprint) == fingerprint

    @staticmethod
    def _only_provenance(change: Change, origin: set[Triple]) -> bool:
        about = {t.subject for t in origin}
        return all(t.subject in about for t in change.added | change.removed)

    def _fingerprint(self, source: Source) -> str:
        """Differs when reading the file again could give other triples."""
        tables = (t.subject for t in self._view.triples(None, SDO.reader, Literal("registry")))
        registry = sorted(self._view.text(t, SDO.sha256) or "" for t in tables)
        rules = [source.format, source.reader_version, RULES_VERSION]
        return hashlib.sha256("\n".join([source.sha256, *rules, *registry]).encode()).hexdigest()

    # --- linking

    def _linker_for(self, document: Document) -> Linker:
        """Links to all that the graph knows, and to the organisations that the document itself brings."""
        if self._linker is None:
            self._linker = catalogue.linker(self._view)
        own = [r for r in document.records if isinstance(r, Body | Group)]
        if not own:
            return self._linker
        known = {o.id: o for o in catalogue.organizations(self._view)}
        known |= {o.id: o for o in own}
        return Linker(Registry.from_records(known.values()), self._linker.index)


def _hold_to_manifest(document: _Input, report: DocumentReport) -> None:
    if report.error is not None:
        raise report.error
    if report.violations:
        first = report.violations[0]
        raise SdographError(
            f"{len(report.violations)} violations, the first: {first.message}",
            where=f"{document.shown}, {first.focus}",
            hint="correct the document",
        )
    if document.entry is not None:
        document.entry.check(report.counts)
