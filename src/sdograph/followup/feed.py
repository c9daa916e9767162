"""New liaison statements as an Atom feed (RFC 4287), of a group or of a topic."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from lxml import etree
from pyoxigraph import NamedNode

from sdograph import __version__, organisations
from sdograph.errors import UsageError
from sdograph.export.values import clean
from sdograph.followup.inbox import correspondence
from sdograph.followup.readings import Readings, moment
from sdograph.followup.statements import Party, Reader, Statement
from sdograph.identifiers import SCHEME_BASE
from sdograph.namespaces import RDF, SDO, SKOS
from sdograph.store import Snapshot

ATOM = "http://www.w3.org/2005/Atom"
#: A reader of feeds asks often; older entries are in the lists.
LATEST = 50

_SUBTITLE = "What was read last comes first. What is missing here may still exist."


def of_organisation(snapshot: Snapshot, organisation: str, *, address: str, page: str) -> bytes:
    """The newest statements that a group, or a body with all its groups, sent or was sent.

    ``address`` is where the feed is, ``page`` begins the addresses of pages of statements: an id is put
    after it. Raises UsageError for an organisation that is not there.
    """
    node = organisations.find(snapshot, organisation)
    members = organisations.within(snapshot, node)
    found = correspondence(snapshot, members, outgoing=True)
    found |= correspondence(snapshot, members, outgoing=False)
    label = Reader(snapshot).party(node.value).label
    return _feed(snapshot, f"{node.value}#statements", f"Liaison statements of {label}", found, address, page)


def of_topic(snapshot: Snapshot, topic: str, *, address: str, page: str) -> bytes:
    """The newest statements on a topic, given by its notation, or on one below it; otherwise as above."""
    top = _topic(snapshot, topic)
    found: set[str] = set()
    seen, waiting = {top}, [top]
    while waiting:
        concept = waiting.pop()
        for t in snapshot.triples(None, SDO.topic, concept):
            if isinstance(t.subject, NamedNode) and SDO.LiaisonStatement in set(
                snapshot.objects(t.subject, RDF.type)
            ):
                found.add(t.subject.value)
        narrower = {t.subject for t in snapshot.triples(None, SKOS.broader, concept)}
        waiting += [n for n in narrower - seen if isinstance(n, NamedNode)]
        seen |= {n for n in narrower if isinstance(n, NamedNode)}
    label = snapshot.text(top, SKOS.prefLabel) or topic
    return _feed(snapshot, f"{top.value}#statements", f"Liaison statements on {label}", found, address, page)


def _topic(snapshot: Snapshot, topic: str) -> NamedNode:
    scheme = NamedNode(f"{SCHEME_BASE}topic")
    known = {t.subject for t in snapshot.triples(None, SKOS.inScheme, scheme)}
    for concept in known:
        if isinstance(concept, NamedNode) and concept.value == f"{SCHEME_BASE}topic/{topic}":
            return concept
    names = sorted(n.value.rpartition("/")[2] for n in known if isinstance(n, NamedNode))
    raise UsageError(f"there is no topic {topic!r}", hint=f"there are: {', '.join(names)}")


def _feed(snapshot: Snapshot, id: str, title: str, iris: Iterable[str], address: str, page: str) -> bytes:
    readings = Readings(snapshot)
    read = sorted(((readings.of(iri), iri) for iri in iris), reverse=True)
    statements = Reader(snapshot).these(iri for _, iri in read)
    # What was read at one time goes by its date; a feed shows the newest first.
    newest = sorted(
        ((when, statements[iri].date or "", iri) for when, iri in read if iri in statements), reverse=True
    )[:LATEST]
    updated = newest[0][0] if newest else moment(snapshot.generated_at)
    root = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM})
    _text(root, "id", id)
    _text(root, "title", title)
    _text(root, "updated", _stamp(updated))
    _text(root, "subtitle", _SUBTITLE)
    _text(root, "generator", "sdograph").set("version", __version__)
    _text(etree.SubElement(root, f"{{{ATOM}}}author"), "name", "sdograph")
    _link(root, "self", address, "application/atom+xml")
    for when, _, iri in newest:
        _entry(root, statements[iri], when, page)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def _entry(root: etree._Element, statement: Statement, when: datetime, page: str) -> None:
    entry = etree.SubElement(root, f"{{{ATOM}}}entry")
    title = statement.title or statement.name
    _text(entry, "id", statement.iri)
    _text(entry, "title", f"{statement.number}: {title}" if statement.number else title)
    _text(entry, "updated", _stamp(when))
    if statement.date and len(statement.date) == 10:
        # RFC 4287 has no date without a time; a statement leaves on a day.
        _text(entry, "published", f"{statement.date}T00:00:00Z")
    for sender in statement.senders:
        _text(etree.SubElement(entry, f"{{{ATOM}}}author"), "name", sender.label)
    _link(entry, "alternate", page + statement.id, "text/html")
    _text(entry, "summary", "\n".join(_summary(statement)))


def _summary(statement: Statement) -> Iterable[str]:
    for name, parties in (("From", statement.senders), ("To", statement.to), ("Copy", statement.cc)):
        if parties:
            yield f"{name}: {', '.join(_with_purpose(p, statement) for p in parties)}"
    if statement.date:
        yield f"Date: {statement.date}"
    for action in statement.actions:
        due = f" (by {action.deadline})" if action.deadline else ""
        yield f"Asks: {action.text or ''}{due}"


def _with_purpose(party: Party, statement: Statement) -> str:
    purposes = sorted(statement.purposes.get(party.iri or "", ()))
    return f"{party.label} (for {', '.join(purposes)})" if purposes else party.label


def _text(parent: etree._Element, name: str, text: str) -> etree._Element:
    element = etree.SubElement(parent, f"{{{ATOM}}}{name}")
    element.text = clean(text)
    return element


def _link(parent: etree._Element, rel: str, href: str, media_type: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=href, type=media_type)


def _stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%dT%H:%M:%SZ")
