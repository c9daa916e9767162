"""The bodies and groups of a snapshot, read together with the rows of whatever a view asks about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions

from sdograph.errors import UsageError
from sdograph.identifiers import key_of, local_id
from sdograph.store import Snapshot

_ORGANISATIONS = """
  { VALUES (?class ?kind) { (sdo:Body "body") (sdo:Group "group") }
    ?org a ?class ; rdfs:label ?label .
    OPTIONAL { ?org sdo:begin ?begin }
    OPTIONAL { ?org sdo:end ?end }
  } UNION { ?org org:unitOf ?body . ?body a sdo:Body }
  UNION { ?org org:subOrganizationOf ?parent }
  UNION { ?old dcterms:isReplacedBy ?org }
  UNION { ?event org:originalOrganization ?org ; dcterms:date ?succeeded }
"""


@dataclass(slots=True)
class Organisation:
    """A body or group with what the views need of it."""

    id: str
    iri: str
    label: str
    kind: str
    begin: str | None
    end: str | None
    bodies: set[str] = field(default_factory=set)
    parents: set[str] = field(default_factory=set)
    succeeded: str | None = None
    """The day the first other took over from it, where that is dated. Is its end, where none is stated."""

    def in_force(self, day: str) -> bool:
        gone = self.succeeded is not None and not_after(self.succeeded, day)
        return in_force(self.begin, self.end, day) and not gone


class Registry:
    """The bodies and groups of a snapshot, by id; read with a view's query."""

    def __init__(self) -> None:
        self.by_id: dict[str, Organisation] = {}
        self._redirects: dict[str, str] = {}

    def read(self, snapshot: Snapshot, pattern: str) -> Iterator[QuerySolution]:
        """The solutions of a pattern. Those about organisations, asked for in the same query, are taken in.

        Complete once the solutions are used up.
        """
        about: list[tuple[str, str, str]] = []
        for row in _solutions(snapshot, _ORGANISATIONS, pattern):
            if row["org"] is None:
                yield row
            elif row["label"] is not None:
                org = _organisation(row)
                self.by_id[org.id] = org
            elif row["old"] is not None:
                self._redirects[id_of(text(row["old"]))] = id_of(text(row["org"]))
            else:
                about += [
                    (id_of(text(row["org"])), name, text(row[name]))
                    for name in ("body", "parent", "succeeded")
                    if row[name] is not None
                ]
        for org_id, name, value in about:
            known = self.by_id.get(org_id)
            if known is None:
                continue
            if name == "succeeded":
                known.succeeded = min(value, known.succeeded or value)
            elif id_of(value) in self.by_id:
                (known.bodies if name == "body" else known.parents).add(id_of(value))
        for known in self.by_id.values():
            if known.kind == "body":
                known.bodies.add(known.id)
            known.end = known.end or known.succeeded

    def resolve(self, name: str, value: str, kind: str | None = None) -> str:
        """The id of a filter's value, through redirects; raises UsageError when there is no such one."""
        found = self._redirects.get(value, value)
        known = self.by_id.get(found)
        if known is None or (kind is not None and known.kind != kind):
            raise UsageError(
                f"there is no {kind or 'body or group'} {value!r}",
                where=f"filter {name}",
                hint="ids look like 3GPP-SA3 or ETSI; `sdograph query --name groups-of-body` lists them",
            )
        return found

    def within(self, body: str) -> set[str]:
        """The ids of a body, of the bodies and groups below it, at any depth."""
        below = {body}
        while True:
            above = [o for o in self.by_id.values() if o.id not in below]
            more = {o.id for o in above if not below.isdisjoint(o.bodies | o.parents)}
            if not more:
                return below
            below |= more

    def highest(self, org_id: str) -> set[str]:
        """The groups above a group that have no group above them; itself, where there is none."""
        tops: set[str] = set()
        waiting, seen = [org_id], {org_id}
        while waiting:
            here = self.by_id[waiting.pop()]
            groups = (
                {p for p in here.parents if self.by_id[p].kind == "group"} if here.kind == "group" else set()
            )
            tops |= set() if groups else {here.id}
            waiting += groups - seen
            seen |= groups
        return tops or {org_id}


def not_after(earlier: str, later: str) -> bool:
    """Whether one ISO date is on or before another, as far as the coarser of the two can tell."""
    length = min(len(earlier), len(later))
    return earlier[:length] <= later[:length]


def in_force(begin: str | None, end: str | None, day: str) -> bool:
    return (begin is None or not_after(begin, day)) and (end is None or not_after(day, end))


def _solutions(snapshot: Snapshot, *parts: str) -> Iterator[QuerySolution]:
    result = snapshot.query(f"SELECT * WHERE {{ {' UNION '.join(parts)} }}")
    assert isinstance(result, QuerySolutions)  # noqa: S101 - a SELECT has solutions
    return iter(result)


def _organisation(row: QuerySolution) -> Organisation:
    iri = text(row["org"])
    return Organisation(
        id=id_of(iri),
        iri=iri,
        label=text(row["label"]),
        kind=text(row["kind"]),
        begin=maybe(row["begin"]),
        end=maybe(row["end"]),
    )


def text(term: object) -> str:
    assert isinstance(term, Literal | NamedNode)  # noqa: S101 - the queries bind nothing else
    return term.value


def maybe(term: object) -> str | None:
    return None if term is None else text(term)


def id_of(iri: str) -> str:
    """The id below its class (``3GPP-SA3``), or the whole IRI of something that is not ours."""
    key = key_of(iri)
    return iri if key is None else local_id(key)


def node_of(iri: str) -> str:
    """The id of a node: of bodies and groups the id below their class, of anything else the whole key.

    A work item and a specification may bear the same number.
    """
    key = key_of(iri)
    return id_of(iri) if key is None or key.startswith(("body/", "group/")) else key
