"""The bodies and groups that a table may name by id, and the ids of those it names otherwise."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import cache, cached_property
from pathlib import Path
from typing import TypeAlias

from sdograph import bundled
from sdograph import identifiers as ids
from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import Body, Evidence, Group
from sdograph.sources import registry
from sdograph.sources.fact_tables.rows import Row

Organization: TypeAlias = Body | Group

#: Below it a name is a short one that may well mean somebody else's group.
_BEYOND_DOUBT = 0.9
#: How ISO and IEC name their committees: "ISO/TC 22/SC 32", "IEC/ISO JTC 3".
_COMMITTEE = re.compile(
    r"(?P<bodies>(?:ISO|IEC)(?:/(?:ISO|IEC))?)[/ ](?P<sort>TC|PC|JTC) (?P<number>\d+)(?:/SC (?P<sub>\d+))?"
)


class Known:
    """Bodies and groups by id, by another id that leads to them, and by name."""

    def __init__(self, organizations: Iterable[Organization]) -> None:
        self.registry = Registry.from_records(organizations)

    @cached_property
    def _linker(self) -> Linker:
        return Linker(self.registry, MemoryIndex([]))

    def beside(self, others: Iterable[Organization]) -> Known:
        """These, and others beside them."""
        return Known([*self.registry, *others])

    def record(self, registry_id: str) -> Organization | None:
        """The body or group of an id, or of an id that leads to it."""
        return self.registry.organization(registry_id) if registry_id in self.registry else None

    def organization(self, registry_id: str) -> Organization:
        """The same, of an id that is known. Raises UnknownOrganization."""
        return self.registry.organization(registry_id)

    def find(self, text: str) -> str | None:
        """The id of what an id or a name stands for beyond doubt."""
        if (record := self.record(text)) is not None:
            return record.id
        link = self._linker.organization(text)
        if link.target is None or link.confidence < _BEYOND_DOUBT:
            return None
        return ids.local_id(link.target)

    def needed(self, row: Row, column: str, text: str) -> str:
        """The id of what a cell, or a part of it, names; a fault of the row when nothing is known by it."""
        found = self.find(text)
        if found is None:
            row.fault(column, f"no body or group is known by {text!r}", self._hint(text))
        return found

    def body(self, row: Row, column: str) -> str:
        """The id of the body that a cell names."""
        text = row.text(column)
        found = self.needed(row, column, text)
        if not isinstance(self.record(found), Body):
            row.fault(column, f"{text!r} is a group", "name the body that it is a group of")
        return found

    def _hint(self, text: str) -> str:
        near = difflib.get_close_matches(text, [o.id for o in self.registry], n=3)
        meant = f"did you mean {', '.join(near)}? " if near else ""
        return f"{meant}what is new needs a row in a bodies.csv or groups.csv beside this table"


@cache
def _bundled(folder: Path) -> tuple[Organization, ...]:
    tables = (folder / "bodies.csv", folder / "groups.csv")
    return tuple(r for t in tables for r in registry.read(t) if isinstance(r, Body | Group))


def bundled_organizations() -> tuple[Organization, ...]:
    """The bodies and groups of the bundled registry."""
    return _bundled(bundled.data() / "registry")


def newcomers(name: str, evidence: tuple[Evidence, ...]) -> tuple[Organization, ...]:
    """Records of an organisation that nothing is known of but its name and that it stands in a relationship.

    The last one is the organisation itself; before it stands the committee that a subcommittee of ISO
    or IEC belongs to. What is no such committee becomes a body of the kind liaison-organization, known by
    its name as written, of which its id is made. Ids are those that ISO's own data leads to.
    """
    committee = _COMMITTEE.fullmatch(name)
    if committee is None:
        organization = Body(
            id=ids.slug(name), name=name, short_name=name, kind="liaison-organization", evidence=evidence
        )
        return (organization,)
    bodies = tuple(committee["bodies"].split("/"))
    above = Group(
        id=f"{'-'.join(bodies)}-{committee['sort']}{committee['number']}",
        bodies=bodies,
        name=name.partition("/SC ")[0],
        short_name=f"{committee['sort']} {committee['number']}",
        kind="TC",
        evidence=evidence,
    )
    if committee["sub"] is None:
        return (above,)
    sub = Group(
        id=f"{above.id}-SC{committee['sub']}",
        bodies=bodies,
        name=name,
        short_name=f"SC {committee['sub']}",
        kind="SC",
        parents=(above.id,),
        evidence=evidence,
    )
    return above, sub
