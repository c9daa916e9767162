"""What answers what: the reply chains of liaison statements."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sdograph.identifiers import iri, local_id
from sdograph.network import filters as given
from sdograph.network.liaisons import on
from sdograph.network.organisations import Registry, id_of, maybe, node_of, text
from sdograph.store import Snapshot

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

_THREADS = """
  { ?statement cito:repliesTo ?to }
  UNION { ?statement a sdo:LiaisonStatement ; rdfs:label ?label .
    OPTIONAL { ?statement dcterms:title ?title } OPTIONAL { ?statement schema:dateSent ?date } }
  UNION { ?statement a sdo:LiaisonStatement ; schema:sender ?from }
  UNION { ?statement a sdo:LiaisonStatement ; schema:toRecipient|schema:ccRecipient ?got }
"""


@dataclass(slots=True)
class _Statement:
    label: str = ""
    title: str | None = None
    date: str | None = None
    senders: set[str] = field(default_factory=set)
    addressees: set[str] = field(default_factory=set)


def threads(
    snapshot: Snapshot,
    *,
    since: str | None = None,
    until: str | None = None,
    body: str | None = None,
    group: str | None = None,
    topic: str | None = None,
    release: str | None = None,
) -> Network:
    """Liaison statements and what they answer: one ``replies-to`` edge from a reply to what it answers.

    Nodes: statements under their keys (``liaison-statement/3GPP/S2-1812758``) with ``label``, ``kind``,
    ``title``, ``begin`` (the day it was sent), ``sender`` and ``body`` (of the sender), ``iri``, and
    ``read``: False when it is known by its number alone, because no document read so far is it. Edges:
    ``weight`` 1 and, where the reply is dated, ``first`` and ``last``, that day.

    A thread is kept whole when a statement of it fits all filters: sent from ``since`` to ``until``, to or by
    a group of ``body``, to or by ``group``, on ``topic`` or one below it, about ``release``.
    Raises UsageError for a filter value that does not fit.
    """
    given.check_dates(since=since, until=until)
    registry = Registry()
    statements: dict[str, _Statement] = {}
    replies: set[tuple[str, str]] = set()
    for row in registry.read(snapshot, _THREADS):
        key = node_of(text(row["statement"]))
        if row["to"] is not None:
            replies.add((key, node_of(text(row["to"]))))
            continue
        statement = statements.setdefault(key, _Statement())
        if row["from"] is not None:
            statement.senders.add(id_of(text(row["from"])))
        elif row["got"] is not None:
            statement.addressees.add(id_of(text(row["got"])))
        else:
            statement.label, statement.date = text(row["label"]), maybe(row["date"])
            statement.title = min(filter(None, (statement.title, maybe(row["title"]))), default=None)
    about = on(snapshot, topic, release)
    of_body = registry.within(registry.resolve("body", body, "body")) if body else None
    wanted = registry.resolve("group", group) if group else None

    def fits(key: str) -> bool:
        statement = statements.get(key, _Statement())
        parties = statement.senders | statement.addressees
        return (
            (about is None or local_id(key) in about)
            and (of_body is None or not of_body.isdisjoint(parties))
            and (wanted is None or wanted in parties)
            and (not (since or until) or statement.date is not None)
            and (statement.date is None or given.within_dates(statement.date, since, (until,)))
        )

    graph = given.begun(snapshot, "threads", since=since, until=until, body=body, group=group, topic=topic,
                        release=release)  # fmt: skip
    kept = {node for thread in _threads(replies) if any(map(fits, thread)) for node in thread}
    for key in sorted(kept):
        graph.add_node(key, **_node(key, statements.get(key), registry))
    for reply, answered in sorted(replies):
        if reply in kept:
            date = statements[reply].date if reply in statements else None
            day = given.known(first=date, last=date)
            graph.add_edge(reply, answered, key="replies-to", kind="replies-to", weight=1, **day)
    return graph


def _threads(replies: set[tuple[str, str]]) -> list[set[str]]:
    beside: dict[str, set[str]] = {}
    for one, other in replies:
        beside.setdefault(one, set()).add(other)
        beside.setdefault(other, set()).add(one)
    found: list[set[str]] = []
    waiting = set(beside)
    while waiting:
        edge = {min(waiting)}
        thread: set[str] = set()
        while edge:
            thread |= edge
            edge = {n for node in edge for n in beside[node]} - thread
        found.append(thread)
        waiting -= thread
    return found


def _node(key: str, statement: _Statement | None, registry: Registry) -> dict[str, Any]:
    if statement is None:
        return {
            "label": local_id(key).partition("/")[2],
            "kind": "liaison-statement",
            "iri": iri(key),
            "read": False,
        }
    bodies = {b for s in statement.senders if s in registry.by_id for b in registry.by_id[s].bodies}
    return {
        "label": statement.label,
        "kind": "liaison-statement",
        "body": "; ".join(sorted(bodies)),
        "iri": iri(key),
        "read": True,
        "sender": sorted(statement.senders),
        **given.known(title=statement.title, begin=statement.date),
    }
