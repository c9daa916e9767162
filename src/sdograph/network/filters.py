"""What the views have in common: what their filters take, and how a network is begun."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from sdograph.errors import UsageError
from sdograph.identifiers import SCHEME_BASE
from sdograph.network.organisations import Organisation, Registry, not_after, text
from sdograph.store import Snapshot

if TYPE_CHECKING:
    from sdograph.network.multigraph import Network

_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_NOTATION = re.compile(r"[A-Za-z0-9._-]+")


def check_dates(**given: str | None) -> None:
    for name, value in given.items():
        if value is not None and not _DATE.fullmatch(value):
            hint = "write 2023-09-18, 2023-09 or 2023"
            raise UsageError(f"{value!r} is not a date", where=f"filter {name}", hint=hint)


def check_choice(name: str, value: str | None, choices: Iterable[str]) -> None:
    if value is not None and value not in choices:
        hint = f"one of {', '.join(choices)}"
        raise UsageError(f"{value!r} is not a {name.replace('_', ' ')}", where=f"filter {name}", hint=hint)


def number(name: str, value: str | int | float, least: float, most: float = 1e9) -> float:
    """A number within bounds; raises UsageError for what is none."""
    try:
        found = float(value)
    except ValueError:
        found = float("nan")
    if not least <= found <= most:
        hint = f"from {least:g} to {most:g}" if most < 1e9 else f"{least:g} or more"
        raise UsageError(f"{value!r} is not a number that fits", where=f"filter {name}", hint=hint)
    return found


def topics(snapshot: Snapshot, topic: str) -> set[str]:
    """The IRIs of a topic, given by its notation, and of those below it."""
    if _NOTATION.fullmatch(topic):
        above = NamedNode(f"{SCHEME_BASE}topic/{topic}")
        rows = snapshot.rows(f"SELECT ?t {{ {above} a skos:Concept . ?t skos:broader* {above} }}")
        if rows:
            return {text(row["t"]) for row in rows}
    raise UsageError(
        f"there is no topic {topic!r}", where="filter topic", hint="they look like data-poisoning"
    )


def releases(snapshot: Snapshot, release: str) -> set[str]:
    """The IRIs of the releases and study periods of a name (``Rel-18``); several bodies may use it."""
    rows = snapshot.rows(
        "SELECT ?r { VALUES ?class { sdo:Release sdo:StudyPeriod } ?r a ?class ; "
        f"dcterms:identifier {Literal(release)} }}"
    )
    if not rows:
        raise UsageError(
            f"there is no release {release!r}", where="filter release", hint="they look like Rel-18"
        )
    return {text(row["r"]) for row in rows}


def values(variable: str, iris: Iterable[str]) -> str:
    """A VALUES clause of IRIs."""
    return f"VALUES ?{variable} {{ {' '.join(f'<{iri}>' for iri in sorted(iris))} }}"


def within_dates(date: str, since: str | None, untils: Iterable[str | None]) -> bool:
    return (since is None or not_after(since, date)) and all(u is None or not_after(date, u) for u in untils)


def ends(
    registry: Registry, body: str | None, group: str | None, as_of: str | None
) -> Callable[[str, str], bool]:
    """A test of an edge's two ends: both are known and in force, one is of the body, one is the group."""
    of_body = registry.within(registry.resolve("body", body, "body")) if body is not None else None
    wanted = registry.resolve("group", group) if group is not None else None

    def keep(source: str, target: str) -> bool:
        both = [registry.by_id.get(source), registry.by_id.get(target)]
        return (
            all(end is not None and (as_of is None or end.in_force(as_of)) for end in both)
            and (of_body is None or source in of_body or target in of_body)
            and (wanted is None or wanted in (source, target))
        )

    return keep


def begun(snapshot: Snapshot, view: str, **asked: str | float | None) -> Network:
    """An empty network that says what it is a view of."""
    from sdograph.network.multigraph import Network

    graph = Network()
    filters = {name: f"{v:g}" if isinstance(v, float) else v for name, v in asked.items() if v is not None}
    graph.graph.update(
        view=view, version=snapshot.version, generated_at=snapshot.generated_at, filters=filters
    )
    return graph


def add_organisations(graph: Network, registry: Registry, ids: Iterable[str]) -> None:
    for org_id in sorted(ids):
        graph.add_node(org_id, **about(registry.by_id[org_id]))


def about(org: Organisation) -> dict[str, str]:
    """What the node of an organisation carries."""
    return known(
        label=org.label,
        kind=org.kind,
        body="; ".join(sorted(org.bodies)),
        iri=org.iri,
        begin=org.begin,
        end=org.end,
    )


def known(**values: str | None) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def tail(iri: str) -> str:
    return iri.rpartition("/")[2]
