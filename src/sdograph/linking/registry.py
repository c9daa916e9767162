"""The bodies, groups and releases of the registry, by id and by key, and when each was in force."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

from sdograph import identifiers as ids
from sdograph.errors import UsageError
from sdograph.model import Body, Group, Record, Release

Organization: TypeAlias = Body | Group

#: A group numbered within the one above it: alone, its short name says nothing.
_NUMBERED_WITHIN = re.compile(r"(?:WG|SC) ?\d+")


class UnknownOrganization(UsageError):
    """An id that is neither a body nor a group of the registry, nor redirects to one."""

    code = "unknown-organization"


class Registry:
    """Bodies, groups and releases. Build it with :meth:`from_records`; it does not change afterwards."""

    def __init__(self, organizations: Iterable[Organization], releases: Iterable[Release]) -> None:
        self._organizations = {o.id: o for o in organizations}
        self._by_key = {_key_of(o): o for o in self._organizations.values()}
        self._redirects = {
            ids.local_id(alias): o.id for o in self._organizations.values() for alias in o.redirects
        }
        self._releases: dict[str, list[str]] = {}
        for release in releases:
            self._releases.setdefault(release.name.casefold(), []).append(_release_key(release))

    @classmethod
    def from_records(cls, records: Iterable[Record]) -> Registry:
        """The registry that a set of records makes; of two records with one id the later counts."""
        kept = list(records)
        return cls(
            (r for r in kept if isinstance(r, (Body, Group))), (r for r in kept if isinstance(r, Release))
        )

    def __iter__(self) -> Iterator[Organization]:
        return iter(self._organizations.values())

    def organization(self, registry_id: str) -> Organization:
        """The body or group of an id, or of an id that redirects to one. Raises UnknownOrganization."""
        found = self._organizations.get(self._redirects.get(registry_id, registry_id))
        if found is None:
            near = difflib.get_close_matches(registry_id, self._organizations, n=3)
            hint = f"did you mean {', '.join(near)}?" if near else "ids look like ETSI, 3GPP-SA3, ITU-T-SG17"
            raise UnknownOrganization(f"the registry has no body or group {registry_id!r}", hint=hint)
        return found

    def __contains__(self, registry_id: object) -> bool:
        return registry_id in self._organizations or registry_id in self._redirects

    def key(self, registry_id: str) -> str:
        """The key of a body or group: ``3GPP-SA3`` -> ``group/3GPP-SA3``. Raises UnknownOrganization."""
        return _key_of(self.organization(registry_id))

    def at(self, key: str) -> Organization:
        """The body or group of a key (``group/3GPP-SA3``). Raises UnknownOrganization."""
        found = self._by_key.get(key)
        return found if found is not None else self.organization(ids.local_id(key))

    def label(self, registry_id: str) -> str:
        """The name to show where the context does not tell the body: ``3GPP SA3``, ``JTC 1/SC 27/WG 4``."""
        found = self.organization(registry_id)
        if isinstance(found, Body):
            return found.short_name
        above = self.organization(found.parents[0]) if found.parents else None
        if above is not None and _NUMBERED_WITHIN.fullmatch(found.short_name):
            return f"{self.label(above.id)}/{found.short_name}"
        bodies = "/".join(self.organization(b).short_name for b in found.bodies)
        return f"{bodies} {found.short_name}"

    def bodies(self, registry_id: str) -> tuple[str, ...]:
        """Ids of the bodies of a group; of a body, its own id."""
        found = self.organization(registry_id)
        return (found.id,) if isinstance(found, Body) else found.bodies

    def names(self) -> Iterator[tuple[str, str]]:
        """Every official, short, alternative and former name, with the key of what bears it."""
        for key, o in self._by_key.items():
            formerly = o.formerly if isinstance(o, Group) else ()
            for name in dict.fromkeys((o.name, o.short_name, *o.alt_names, *formerly)):
                yield name, key

    def releases(self, name: str) -> tuple[str, ...]:
        """Keys of the releases and study periods of that name, of whatever body (``release/3GPP/Rel-18``)."""
        return tuple(self._releases.get(name.casefold(), ()))

    def in_force(self, key: str, on: date | str | None) -> bool:
        """Whether a body or group may have existed at a date (ISO 8601, of any precision).

        True where begin and end are not known, and for ``None``.
        """
        if on is None:
            return True
        written = on.isoformat() if isinstance(on, date) else on
        first, last = written + "-01-01"[len(written) - 4 :], written + "-12-31"[len(written) - 4 :]
        found = self.at(key)
        if found.begin and last < found.begin:
            return False
        if isinstance(found, Group) and found.change_date and first >= found.change_date:
            return False
        return not (found.end and first[: len(found.end)] > found.end)


def _key_of(organization: Organization) -> str:
    if isinstance(organization, Body):
        return ids.body_key(organization.id)
    return ids.group_key(organization.id)


def _release_key(release: Release) -> str:
    if release.kind == "release":
        return ids.release_key(release.body, release.name)
    return ids.study_period_key(release.body, release.name)
