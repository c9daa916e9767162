"""What a document's graph holds, in numbers that a person can check against the document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from pyoxigraph import Literal, Triple

from sdograph.namespaces import RDF, SCHEMA, SDO
from sdograph.triples import Term

_COUNTED: dict[Term, str] = {
    SDO[name]: name
    for name in (
        "Body", "Group", "WorkItem", "Specification", "SpecificationVersion", "Release", "StudyPeriod",
        "Meeting", "LiaisonStatement", "RequestedAction", "LiaisonRelationship", "ItemRelation",
    )
}  # fmt: skip
_LINKS = {
    SCHEMA.toRecipient: "addressees",
    SCHEMA.ccRecipient: "addressees",
    SDO.mentions: "mentions",
    SDO.concerns: "mentions",
}
_LINK_FIELDS = {"to": "addressees", "cc": "addressees", "mention": "mentions", "work_item": "mentions"}


def counts(stated: Iterable[Triple]) -> dict[str, int]:
    """Nodes by class in the graph of one document, and what liaison statements refer to, linked or not."""
    found: Counter[str] = Counter()
    unresolved: Counter[str] = Counter()
    kept = list(stated)
    open_references = {t.subject for t in kept if t.object == SDO.UnresolvedReference}
    for t in kept:
        if t.predicate == RDF.type and t.object in _COUNTED:
            found[_COUNTED[t.object]] += 1
        elif t.predicate in _LINKS:
            found[_LINKS[t.predicate]] += 1
        elif t.predicate == SDO.field and t.subject in open_references and isinstance(t.object, Literal):
            unresolved[t.object.value] += 1
    for field, n in unresolved.items():
        found["unresolved"] += n
        if field in _LINK_FIELDS:
            found[_LINK_FIELDS[field]] += n
    return dict(found)
