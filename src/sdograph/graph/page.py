"""How a fact, a resource, a reference and a piece of evidence are written: the vocabulary's grammar."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Triple

from sdograph import identifiers as ids
from sdograph.linking import Registry
from sdograph.linking.codes import exact_form, near_text
from sdograph.model import Evidence, Reference
from sdograph.namespaces import DCT, PROV, RDF, RDFS, SDO, XSD
from sdograph.topics import assigner, topic_iri

#: What a record's evidence says it is about when it is about the record as a whole.
WHOLE = "record"

_DATE = {4: XSD.gYear, 7: XSD.gYearMonth, 10: XSD.date}
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")


def concept(scheme: str, notation: str) -> NamedNode:
    """The IRI of a concept of one of our schemes."""
    return NamedNode(f"{ids.SCHEME_BASE}{scheme}/{ids.slug(notation)}")


def date_literal(text: str) -> Literal:
    """A date of day, month or year precision as its XSD type."""
    return Literal(text, datatype=_DATE[len(text)])


def node(key: str) -> NamedNode:
    """The node of a key."""
    return NamedNode(ids.iri(key))


def address(text: str) -> NamedNode | Literal:
    """An IRI where the text is an address, the words otherwise."""
    return NamedNode(text) if _ADDRESS.fullmatch(text) else Literal(text)


def evidence_name(about: NamedNode, field: str, text: str, locator: str) -> str:
    """The last part of the IRI of a piece of evidence."""
    return ids.short_hash(about.value, field, text, locator)


class Page:
    """Collects the triples of one document."""

    def __init__(self, document_key: str, registry: Registry) -> None:
        self.registry = registry
        self.made: set[Triple] = set()
        self._document = node(document_key)
        self._document_key = document_key

    def say(self, s: NamedNode, p: NamedNode, *objects: NamedNode | Literal | str | None) -> None:
        for o in objects:
            if o is not None:
                self.made.add(Triple(s, p, Literal(o) if isinstance(o, str) else o))

    def date(self, s: NamedNode, p: NamedNode, text: str | None) -> None:
        if text is not None:
            self.made.add(Triple(s, p, date_literal(text)))

    def organization(self, registry_id: str) -> NamedNode:
        return node(self.registry.key(registry_id))

    def resource(self, key: str, label: str, identifier: str, *kinds: NamedNode) -> NamedNode:
        """What every resource has: kinds, a label, its identifier and the document that states it."""
        about = node(key)
        self.say(about, RDF.type, *kinds)
        self.say(about, RDFS.label, label)
        self.say(about, DCT.identifier, identifier)
        self.say(about, PROV.hadPrimarySource, self._document)
        return about

    def evidence(self, about: NamedNode, evidence: Iterable[Evidence]) -> None:
        for e in evidence:
            made = self.evidence_node(about, e.field, e.text, e.locator, e.confidence, e.rule)
            if e.source:
                self.say(made, DCT.source, *map(address, e.source.split("; ")))

    def evidence_node(
        self, about: NamedNode, field: str, text: str, locator: str, confidence: float, rule: str
    ) -> NamedNode:
        """Where a fact stands. Named after what it says, so that a row added above it does not rename it."""
        made = self._evidence(about, field, text, locator)
        self.say(made, RDF.type, SDO.Evidence)
        self.say(made, RDFS.label, f"{field}: {text}" if text else field)
        self.say(made, SDO.about, about)
        self.say(made, SDO.field, field)
        self.say(made, SDO.writtenAs, text)
        self.say(made, SDO.locator, locator)
        self.say(made, SDO.confidence, Literal(f"{confidence:.2f}", datatype=XSD.decimal))
        self.say(made, SDO.matchedBy, rule)
        self.say(made, PROV.wasDerivedFrom, self._document)
        return made

    def _evidence(self, about: NamedNode, field: str, text: str, locator: str) -> NamedNode:
        return node(f"{self._document_key}/evidence/{evidence_name(about, field, text, locator)}")

    def evidence_of(self, about: NamedNode, reference: Reference) -> NamedNode:
        """The node of the evidence of a reference."""
        return self._evidence(about, reference.field, reference.text, reference.locator)

    def reference(self, about: NamedNode, reference: Reference) -> NamedNode | None:
        """Evidence of a reference; returns its target, or None when it is unresolved."""
        made = self.evidence_node(
            about, reference.field, reference.text, reference.locator, reference.confidence, reference.rule
        )
        if reference.title:
            self.say(made, DCT.title, reference.title)
        if reference.target is None:
            self.say(made, RDF.type, SDO.UnresolvedReference)
            self.say(made, SDO.candidate, *map(node, reference.candidates))
            return None
        target = node(reference.target)
        self.say(made, SDO.refersTo, target)
        return target

    def codes(self, about: NamedNode, codes: Iterable[str]) -> None:
        """The forms by which spellings of an identifier are looked up; see :mod:`sdograph.linking.codes`."""
        for code in codes:
            self.say(about, SDO.exactForm, exact_form(code))
            self.say(about, SDO.nearForm, near_text(code) or None)

    def topics(self, about: NamedNode, title: str | None, locator: str, keywords: Iterable[str] = ()) -> None:
        """The topics that a title speaks of, each with the words that say so."""
        if not title:
            return
        for found in assigner().assign(title, keywords=tuple(keywords)):
            concept_node = NamedNode(topic_iri(found.topic))
            words = "; ".join(words for words, _ in found.matched)
            made = self.evidence_node(about, "topic", words, locator, found.confidence, found.rule)
            self.say(about, SDO.topic, concept_node)
            self.say(made, SDO.refersTo, concept_node)

    def redirect(self, to: NamedNode, keys: Iterable[str]) -> None:
        """Other keys under which a resource is known lead to it."""
        for key in keys:
            self.say(node(key), DCT.isReplacedBy, to)
