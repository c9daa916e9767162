"""A snapshot as pages and answers show it: resources with their labels, documents, evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from pyoxigraph import Literal, NamedNode

from sdograph.identifiers import ID_BASE, SCHEME_BASE, key_of, local_id
from sdograph.namespaces import DCT, PROV, RDFS, SDO, SKOS
from sdograph.store import Snapshot
from sdograph.triples import Term

#: Predicates and objects of a resource.
Properties: TypeAlias = dict[NamedNode, list[Term]]

RECORD = Literal("record")


class View:
    """One snapshot, seen during one request; what was looked up is kept for its length."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self._labels: dict[NamedNode, str] = {}
        self._documents: dict[NamedNode, dict[str, str | None]] = {}

    def properties(self, node: NamedNode) -> Properties:
        """What is said of a resource; empty for one that is not there."""
        found: Properties = {}
        for triple in self.snapshot.triples(node):
            found.setdefault(triple.predicate, []).append(triple.object)
        return found

    def label(self, node: NamedNode) -> str:
        """The label of a resource, or the end of its IRI."""
        if node not in self._labels:
            text = self.snapshot.text
            label = text(node, RDFS.label) or text(node, SKOS.prefLabel)
            self._labels[node] = label or re.split(r"[/#]", node.value.rstrip("/#"))[-1] or node.value
        return self._labels[node]

    def reference(self, node: NamedNode) -> dict[str, str | None]:
        """A resource as answers name it: IRI, short id and label."""
        return {"id": node.value, "key": short_id(node), "label": self.label(node)}

    def references(self, nodes: Iterable[Term]) -> list[dict[str, str | None]]:
        """References in the order of their labels."""
        named = {node for node in nodes if isinstance(node, NamedNode)}
        return [self.reference(n) for n in sorted(named, key=lambda n: (natural(self.label(n)), n.value))]

    def evidence(self, node: NamedNode) -> list[dict[str, Any]]:
        """Everything that says where statements about a resource were read, in the order of the documents."""
        found = [
            self._evidence(t.subject)
            for t in self.snapshot.triples(None, SDO.about, node)
            if isinstance(t.subject, NamedNode)
        ]
        return sorted(found, key=_reading_order) or self._sources(node)

    def record_evidence(self, node: NamedNode) -> list[dict[str, Any]]:
        """Where a resource as a whole was read: the rows that list it, or the documents it comes from."""
        found = []
        for triple in self.snapshot.triples(None, SDO.about, node):
            subject = triple.subject
            if isinstance(subject, NamedNode) and next(
                self.snapshot.triples(subject, SDO.field, RECORD), None
            ):
                found.append(self._evidence(subject))
        return sorted(found, key=_reading_order) or self._sources(node)

    def _sources(self, node: NamedNode) -> list[dict[str, Any]]:
        nothing = dict.fromkeys(("locator", "field", "text", "confidence", "rule"))
        return [
            {**self.document(document), **nothing}
            for document in self.snapshot.objects(node, PROV.hadPrimarySource)
            if isinstance(document, NamedNode)
        ]

    def _evidence(self, node: NamedNode) -> dict[str, Any]:
        said = self.properties(node)
        document = first(said, PROV.wasDerivedFrom)
        base = self.document(document) if isinstance(document, NamedNode) else _no_document()
        confidence = text(said, SDO.confidence)
        return {
            **base,
            "source": text(said, DCT.source) or base["source"],
            "locator": text(said, SDO.locator),
            "field": text(said, SDO.field),
            "text": text(said, SDO.writtenAs),
            "confidence": float(confidence) if confidence is not None else None,
            "rule": text(said, SDO.matchedBy),
        }

    def document(self, node: NamedNode) -> dict[str, str | None]:
        """A source document: IRI, name, public address of the original, and when it was read."""
        if node not in self._documents:
            snapshot = self.snapshot
            readings = [
                snapshot.text(t.subject, PROV.endedAtTime) for t in snapshot.triples(None, PROV.used, node)
            ]
            self._documents[node] = {
                "document": node.value,
                "document_label": self.label(node),
                "source": snapshot.text(node, DCT.source),
                "retrieved_at": max((r for r in readings if r is not None), default=None),
            }
        return self._documents[node]


def _no_document() -> dict[str, str | None]:
    return dict.fromkeys(("document", "document_label", "source", "retrieved_at"))


def _reading_order(evidence: dict[str, Any]) -> tuple[str, str, str, str]:
    return (
        evidence["document"] or "",
        natural(evidence["locator"] or ""),
        evidence["field"] or "",
        evidence["text"] or "",
    )


def first(properties: Properties, predicate: NamedNode) -> Term | None:
    """The first object, or None. Meant for predicates that have at most one."""
    return next(iter(properties.get(predicate, ())), None)


def text(properties: Properties, predicate: NamedNode) -> str | None:
    """The lexical form or IRI of the first object, or None."""
    found = first(properties, predicate)
    return found.value if isinstance(found, Literal | NamedNode) else None


def texts(properties: Properties, predicate: NamedNode) -> list[str]:
    """The lexical forms of all literals, sorted."""
    found = {o.value for o in properties.get(predicate, ()) if isinstance(o, Literal)}
    return sorted(found, key=natural)


def short_id(node: NamedNode) -> str | None:
    """The id by which people know a resource of ours (``3GPP-SA3``, ``3GPP/FS_AIML``); None for others."""
    if node.value.startswith(SCHEME_BASE):
        return node.value.rpartition("/")[2]
    key = key_of(node.value)
    return local_id(key) if key else None


def natural(text: str) -> str:
    """A key by which texts sort as people expect: case does not count, and SA2 comes before SA10."""
    return re.sub(r"[0-9]+", lambda digits: digits[0].zfill(8), text.casefold())


def resource(key: str, base: str = ID_BASE) -> NamedNode | None:
    """The resource of a key (``group/3GPP-SA3``), or None when no IRI can be made of it."""
    try:
        return NamedNode(base + key)
    except ValueError:
        return None
