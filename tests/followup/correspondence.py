"""Small graphs of liaison statements, made by the tests that ask about them."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad, Triple

from sdograph.graph.page import date_literal
from sdograph.identifiers import ID_BASE, statement_key
from sdograph.linking.codes import exact_form
from sdograph.namespaces import CITO, DCT, ORG, PROV, RDF, RDFS, SCHEMA, SDO, SKOS, XSD
from sdograph.store import EmbeddedStore, Snapshot
from sdograph.store.snapshot import EmbeddedSnapshot

GRAPH = NamedNode("https://w3id.org/sdograph/graph/made-up")
DOCUMENT = NamedNode(f"{ID_BASE}document/made-up")
READ = "2024-01-02T03:04:05Z"

_PURPOSES = {
    "action": SDO.forAction,
    "comment": SDO.forComment,
    "information": SDO.forInformation,
    "response": SDO.forResponse,
}


def organisation(id: str) -> NamedNode:
    return NamedNode(f"{ID_BASE}{'group' if '-' in id else 'body'}/{id}")


def statement(number: str) -> NamedNode:
    """The node of a statement of a sender's number; all of them are in the series of 3GPP."""
    return NamedNode(ID_BASE + statement_key("3GPP", number))


class Correspondence:
    """Triples of organisations, meetings and statements, published by :meth:`snapshot`."""

    def __init__(self) -> None:
        self._made: set[Triple] = set()
        run = NamedNode(f"{DOCUMENT.value}/ingestion")
        self.say(DOCUMENT, RDF.type, SDO.SourceDocument)
        self.say(DOCUMENT, RDFS.label, "made-up.csv")
        self.say(run, PROV.used, DOCUMENT)
        self.say(run, PROV.endedAtTime, Literal(READ, datatype=XSD.dateTime))
        for body in ("3GPP", "ETSI", "ITU"):
            self._resource(organisation(body), body, SDO.Body)
        for group in ("3GPP-SA2", "3GPP-SA3", "3GPP-RAN2", "ETSI-ISG-SAI", "ETSI-TC-SAI"):
            self._resource(organisation(group), group.replace("-", " "), SDO.Group)
            self.say(organisation(group), ORG.unitOf, organisation(group.partition("-")[0]))
        change = NamedNode(f"{ID_BASE}change-event/ETSI-ISG-SAI--ETSI-TC-SAI")
        self.say(change, ORG.originalOrganization, organisation("ETSI-ISG-SAI"))
        self.say(change, ORG.resultingOrganization, organisation("ETSI-TC-SAI"))

    def say(self, s: NamedNode, p: NamedNode, *objects: NamedNode | Literal | str) -> None:
        for o in objects:
            self._made.add(Triple(s, p, Literal(o) if isinstance(o, str) else o))

    def _resource(self, node: NamedNode, label: str, *kinds: NamedNode) -> None:
        self.say(node, RDF.type, *kinds)
        self.say(node, RDFS.label, label)
        self.say(node, DCT.identifier, node.value.rpartition("/")[2])
        self.say(node, PROV.hadPrimarySource, DOCUMENT)

    def sent(
        self,
        number: str,
        sender: str,
        to: str = "",
        *,
        cc: str = "",
        date: str | None = None,
        title: str = "LS on something",
        purpose: str | None = None,
        answers: str = "",
        received: str = "",
        earlier: str = "",
        outcome: str | None = None,
    ) -> NamedNode:
        """A statement; several values are parted by blanks, answers are the numbers of what it answers."""
        made = statement(number)
        self._resource(made, number, SDO.LiaisonStatement)
        self.say(made, SDO.number, number)
        self.say(made, DCT.title, title)
        self.say(made, SCHEMA.sender, organisation(sender))
        self.say(made, SCHEMA.toRecipient, *map(organisation, to.split()))
        self.say(made, SCHEMA.ccRecipient, *map(organisation, cc.split()))
        self.say(made, CITO.repliesTo, *map(statement, answers.split()))
        self.say(made, SDO.receivedNumber, *received.split())
        self.say(made, SDO.earlierNumber, *earlier.split())
        self.say(made, SDO.exactForm, *map(exact_form, (number, *received.split(), *earlier.split())))
        if date:
            self.say(made, SCHEMA.dateSent, date_literal(date))
        if purpose:
            self.say(made, _PURPOSES[purpose], *map(organisation, to.split()))
        if outcome:
            self.say(made, SDO.outcome, outcome)
        return made

    def asked(self, number: str, n: int, text: str, of: str = "", deadline: str | None = None) -> NamedNode:
        """Something that a statement asks."""
        made = NamedNode(f"{statement(number).value}/action/{n}")
        self.say(statement(number), SDO.requestsAction, made)
        self.say(made, RDF.type, SDO.RequestedAction)
        self.say(made, SCHEMA.text, text)
        self.say(made, SDO.requestedOf, *map(organisation, of.split()))
        if deadline:
            self.say(made, SDO.deadline, date_literal(deadline))
        return made

    def evidence(
        self, about: NamedNode, field: str, text: str, locator: str = "row 1", *, unresolved: bool = False
    ) -> None:
        made = NamedNode(f"{DOCUMENT.value}/evidence/{len(self._made)}")
        self.say(made, RDF.type, SDO.Evidence, *([SDO.UnresolvedReference] if unresolved else []))
        self.say(made, SDO.about, about)
        self.say(made, SDO.field, field)
        self.say(made, SDO.writtenAs, text)
        self.say(made, SDO.locator, locator)
        self.say(made, PROV.wasDerivedFrom, DOCUMENT)

    def meeting(
        self, group: str, name: str, begin: str, end: str | None = None, place: str | None = None
    ) -> None:
        made = NamedNode(f"{ID_BASE}meeting/{group}/{name.replace('#', '-')}")
        self._resource(made, name, SDO.Meeting)
        self.say(made, SCHEMA.organizer, organisation(group))
        self.say(made, SCHEMA.startDate, date_literal(begin))
        if end:
            self.say(made, SCHEMA.endDate, date_literal(end))
        if place:
            self.say(made, SCHEMA.location, place)

    def topic(self, name: str, *numbers: str, below: str | None = None) -> None:
        scheme = "https://w3id.org/sdograph/scheme/topic"
        concept = NamedNode(f"{scheme}/{name}")
        self.say(concept, SKOS.inScheme, NamedNode(scheme))
        self.say(concept, SKOS.prefLabel, name)
        if below:
            self.say(concept, SKOS.broader, NamedNode(f"{scheme}/{below}"))
        for number in numbers:
            self.say(statement(number), SDO.topic, concept)

    def store(self, folder: Path) -> EmbeddedStore:
        """A store that holds it."""
        store = EmbeddedStore(folder)
        with store.writer() as writer:
            writer.load(Quad(t.subject, t.predicate, t.object, GRAPH) for t in self._made)
            writer.publish()
        return store

    def snapshot(self) -> Snapshot:
        """The same in memory, for tests that ask one question each."""
        store = ox.Store()
        store.bulk_extend(Quad(t.subject, t.predicate, t.object) for t in self._made)
        return EmbeddedSnapshot(store, 1)
