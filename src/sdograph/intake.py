"""A document on its way in: recognised, read, linked, written to the scratch store, checked or taken back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from sdograph import catalogue, graph, review, sources
from sdograph import identifiers as ids
from sdograph.document_change import DocumentChange
from sdograph.errors import SdographError, Unavailable
from sdograph.linking import Linker, Registry
from sdograph.live import Origin
from sdograph.manifest import Entry
from sdograph.model import (
    Body,
    Group,
    ItemRelation,
    LiaisonStatement,
    Record,
    Release,
    Source,
    Specification,
    WorkItem,
)
from sdograph.namespaces import PROV, RDFS, SDO
from sdograph.reports import DocumentReport
from sdograph.sources.rdf import read_triples
from sdograph.store import Change, Snapshot, Writer

#: Raised when linking or the writing of triples would make something else of the same records, or when the
#: same file would be another reader's.
RULES_VERSION = "5"

#: Records in one named graph; a longer document has several, so that memory stays bounded.
PART = 2_000


@dataclass(frozen=True, slots=True)
class Options:
    """How documents are taken in."""

    format: str | None = None
    contacts: bool = False
    dry_run: bool = False
    whole: bool = False
    """Read every record, also of documents that are known to be unchanged, and keep them in the reports."""


@dataclass(frozen=True, slots=True)
class Input:
    """A document to take in, and what its manifest says of it where it has one."""

    path: Path
    shown: str
    format: str | None = None
    entry: Entry | None = None
    origin: Origin | None = None
    """Where a fetched document came from."""
    location: str | None = None
    """What stands for the place it was read from, by default its path."""

    def source(self, known: Callable[[str], str | None]) -> Source:
        """Says what file it is, ``known`` giving the format of bytes that were read before.

        Raises what ``sources.open_source`` does, and DataError by the manifest.
        """
        if self.entry is None:
            found = sources.open_source(self.path, self.format, location=self.location, known=known)
            if self.origin is None:
                return found
            o = self.origin
            return replace(found, origin=o.address, issued=o.issued, licence=o.licence)
        found = sources.open_source(
            self.path, self.format, location=f"bundled:{self.entry.name}", known=known
        )
        return self.entry.described(found)


class Intake:
    """Takes documents into the scratch store of a writer, one after the other, each whole or not at all."""

    def __init__(
        self, writer: Writer, options: Options, *, part: int = PART, unchecked: bool = False
    ) -> None:
        """With ``unchecked`` documents go into a store that holds nothing yet, in bulk and without SHACL:
        the caller checks everything once, at the end, and publishes nothing that has a violation.
        """
        self._writer = writer
        self._unchecked = unchecked
        self._part = part
        self._options = options
        self._linker = catalogue.kept_linker(writer.view)
        self._decisions = review.Decisions.of(writer.view)
        self._taken: set[str] = set()
        self.changed = False
        """Whether anything was written so far."""

    def published(self, version: str) -> None:
        """What was taken in so far is the generation of that version now."""
        if self._linker is not None:
            catalogue.keep_linker(self._linker, version)

    @property
    def _view(self) -> Snapshot:
        return self._writer.view

    def take(self, given: Input) -> DocumentReport:
        """What became of the document. A fault of its own ends up in the report; any other is raised."""
        report = DocumentReport(path=given.shown)
        try:
            self._take(given, report)
        except SdographError as error:
            report.state, report.error = "rejected", error
        except Exception as error:
            error.add_note(f"while {given.shown} was taken in")  # one of a thousand: which?
            raise
        return report

    def _take(self, given: Input, report: DocumentReport) -> None:
        source = given.source(self._format)
        report.format = source.format
        fingerprint = self._fingerprint(source)
        known = self._known(source)
        whole = self._options.whole or self._options.dry_run or self._options.contacts
        if known and not whole and self._text(known, SDO.fingerprint) == fingerprint:
            report.state = "unchanged"
            report.counts = self._stored_counts(known)
            self._taken.add(known)
            return
        linker = self._linker_for(given.path, source)
        parts = self._parts(given.path, source, linker)
        first = next(parts, _NO_PART)
        second = next(parts, None)
        report.faults = sources.faults(given.path, source)
        if any(isinstance(fault, Unavailable) for fault in report.faults):
            fingerprint = ""  # what is missing may be there the next time
        key = (
            known
            or self._known_by_name(source.name, first.records)
            or ids.document_key(source.name, source.location)
        )
        self._taken.add(key)
        before = self._text(key, SDO.sha256)
        when = datetime.now(UTC).isoformat(timespec="seconds")
        origin = graph.provenance(source, key, fingerprint=fingerprint, when=when)

        written = DocumentChange(self._writer, key, long=bool(second), unchecked=self._unchecked)
        try:
            counts: Counter[str] = Counter()
            numbers: dict[str, dict[str, None]] = {}
            for part in chain([first], [second] if second else [], parts):
                stated = graph.triples(part.records, key, linker.registry) | part.triples
                counts.update(graph.counts(stated))
                written.part(review.applied(stated, self._decisions, key), origin)
                if self._options.whole or not second:
                    report.tell(review.settled(part.records, self._decisions, key), keep=self._options.whole)
                for record in part.records:
                    if isinstance(record, LiaisonStatement) and record.key and record.number:
                        others = (*record.received_numbers, *record.earlier_numbers)
                        numbers.setdefault(record.key, {}).update(dict.fromkeys(others))
            written.end()
            for statement, borne in numbers.items():
                written.join(statement, borne)
            report.counts = self._stored_counts(key) if written.joined else dict(counts)
            if before is None:
                report.state = "new"
            elif written.content_changed or before != source.sha256:
                report.state = "changed"
            else:
                report.state = "unchanged"
                written.undo()
                self._renew(key, fingerprint)
                self._keep_contacts(key, first.records)
                return
            report.findings = written.findings()
        except BaseException:
            written.undo()
            raise
        if report.violations:
            written.undo()
            report.state = "rejected"
            return
        self.changed = True
        self._keep_contacts(key, first.records)
        if written.outdates_linkers:
            self._linker = None  # later documents are linked to what this one brought

    def _renew(self, key: str, fingerprint: str) -> None:
        """Notes by what rules and registry an unchanged document was read: it need not be by them again."""
        before = self._text(key, SDO.fingerprint)
        if before is None or before == fingerprint:
            return
        about = NamedNode(ids.iri(key))
        old, new = (frozenset({Triple(about, SDO.fingerprint, Literal(f))}) for f in (before, fingerprint))
        self._writer.apply(Change(graph.document_graph(key), added=new, removed=old))
        self.changed = True

    def _keep_contacts(self, key: str, records: Iterable[Record]) -> None:
        if kept := graph.contacts(records, key):
            self._writer.keep_contacts(key, kept)
            self.changed = True

    # --- which document of the graph is it?

    def _format(self, sha256: str) -> str | None:
        """The format as which a document of the very same bytes was read before."""
        same = self._document_with(SDO.sha256, Literal(sha256))
        return self._text(same, SDO.reader) if same else None

    def _known(self, source: Source) -> str | None:
        """The key of the document read from the same place before, or of one with the very same bytes."""
        where, what = Literal(ids.short_hash(source.location)), Literal(source.sha256)
        return self._document_with(SDO.locationHash, where) or self._document_with(SDO.sha256, what)

    def _known_by_name(self, name: str, records: Iterable[Record]) -> str | None:
        """A document of that name that states the same liaison statement: a corrected copy from elsewhere.

        What is read in one go, such as the folders of a meeting, is no correction of one by the other.
        """
        for record in records:
            if not isinstance(record, LiaisonStatement) or record.key is None:
                continue
            for stated in self._view.objects(NamedNode(ids.iri(record.key)), PROV.hadPrimarySource):
                if not isinstance(stated, NamedNode) or self._view.text(stated, RDFS.label) != name:
                    continue
                key = ids.key_of(stated.value)
                if key not in self._taken:
                    return key
        return None

    def _document_with(self, prop: NamedNode, value: Literal) -> str | None:
        found = (t.subject for t in self._view.triples(None, prop, value))
        keys = (ids.key_of(n.value) for n in found if isinstance(n, NamedNode))
        return min((key for key in keys if key), default=None)

    def _text(self, key: str, prop: NamedNode) -> str | None:
        return self._view.text(NamedNode(ids.iri(key)), prop)

    def _stored_counts(self, key: str) -> dict[str, int]:
        counts: Counter[str] = Counter()
        for n in count():
            found = [q.triple for q in self._view.quads(graph=graph.document_graph(key, n))]
            if not found:
                return dict(counts)
            counts.update(graph.counts(review.withdrawn(found) if self._decisions else found))
        raise AssertionError("count() never ends")

    def _fingerprint(self, source: Source) -> str:
        """Differs when reading the file again could give other triples."""
        tables = (t.subject for t in self._view.triples(None, SDO.reader, Literal("registry")))
        registry = sorted(self._view.text(t, SDO.sha256) or "" for t in tables)
        rules = [source.format, source.reader_version, RULES_VERSION]
        return hashlib.sha256("\n".join([source.sha256, *rules, *registry]).encode()).hexdigest()

    # --- reading and linking

    def _parts(self, path: Path, source: Source, linker: Linker) -> Iterator[_Part]:
        if source.format == sources.RDF:
            triples = sorted(read_triples(path), key=lambda t: str(t.subject))
            for start in range(0, len(triples), self._part * 10):
                yield _Part(triples=frozenset(triples[start : start + self._part * 10]))
            return
        for batch in _batches(self._linked(path, source, linker), self._part):
            yield _Part(records=batch)

    def _linked(self, path: Path, source: Source, linker: Linker) -> Iterator[Record]:
        gives_codes = sources.READERS[source.format].gives_codes
        for record in sources.read(path, source, contacts=self._options.contacts):
            if isinstance(record, WorkItem) and not gives_codes:
                record = linker.known_item(record)
            if isinstance(record, LiaisonStatement):
                yield linker.link(record)
            elif isinstance(record, ItemRelation):
                yield linker.link_relation(record)
            elif isinstance(record, WorkItem | Specification):
                yield linker.link_groups(record)
            else:
                yield record

    def _linker_for(self, path: Path, source: Source) -> Linker:
        """Links to all that the graph knows, and to the organisations that the document itself brings."""
        if self._linker is None:
            self._linker = catalogue.linker(self._view)
        if not sources.READERS[source.format].organizations:
            return self._linker
        own = [r for r in sources.read(path, source) if isinstance(r, Body | Group | Release)]
        if not own:
            return self._linker
        known = [*catalogue.organizations(self._view), *catalogue.releases(self._view)]
        return Linker(Registry.from_records([*known, *own]), self._linker.index)


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a document: records, or triples of a document that is RDF itself."""

    records: tuple[Record, ...] = ()
    triples: frozenset[Triple] = frozenset()


_NO_PART = _Part()


def _batches(records: Iterator[Record], size: int) -> Iterator[tuple[Record, ...]]:
    """Records by about ``size``, where a specification counts as much as it has versions."""
    batch: list[Record] = []
    weight = 0
    for record in records:
        batch.append(record)
        weight += 1 + (len(record.versions) if isinstance(record, Specification) else 0)
        if weight >= size:
            yield tuple(batch)
            batch, weight = [], 0
    if batch:
        yield tuple(batch)
