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
    open_references: set[Term] = set()
    fields: list[tuple[Term, Term]] = []
    for subject, predicate, value in stated:
        if predicate == RDF.type:
            if value in _COUNTED:
                found[_COUNTED[value]] += 1
            elif value == SDO.UnresolvedReference:
                open_references.add(subject)
        elif predicate == SDO.field:
            fields.append((subject, value))
        elif predicate in _LINKS:
            found[_LINKS[predicate]] += 1
    unresolved = Counter(
        value.value for subject, value in fields if subject in open_references and isinstance(value, Literal)
    )
    for field, n in unresolved.items():
        found["unresolved"] += n
        if field in _LINK_FIELDS:
            found[_LINK_FIELDS[field]] += n
    return dict(found)
