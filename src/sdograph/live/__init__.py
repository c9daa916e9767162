"""Live sources: what the bodies publish on the web, brought into a cache folder for the readers.

    >>> describe()[0]["name"]
    '3gpp-work-plan'

``sync("3gpp-work-plan", {}, cache)`` asks the server whether there is a newer work plan, fetches it if there
is, and returns the file. How it treats servers stands in docs/decisions/0012-live-sources.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import httpx

from sdograph.errors import UsageError
from sdograph.live import datatracker, iso, relaton, threegpp
from sdograph.live.cache import Cache
from sdograph.live.headers import host_of, url_of
from sdograph.live.limits import Clock, Limits
from sdograph.live.session import Progress, Session
from sdograph.live.source import LiveSource, Parameter
from sdograph.sources.fetch import TIMEOUT

__all__ = [
    "LIVE",
    "Clock",
    "Limits",
    "LiveSource",
    "Origin",
    "Parameter",
    "Progress",
    "Synced",
    "describe",
    "sync",
]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file came from, for the provenance of what is read from it."""

    address: str
    issued: str | None
    licence: str


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync brought."""

    files: list[Path]
    """Every file of the source, ready for the readers; one that changed replaces the one before."""
    unchanged: bool
    """Whether all of them are as they were after the last sync."""
    requests: int
    bytes: int
    left: int
    """How many things are still to be fetched, by further runs."""
    remarks: list[str]
    """What was passed over, and why."""
    origins: dict[Path, Origin]


_NONE_STATED = "no licence stated: facts only"


def _relaton(body: str, branch: str, index: str, example: str) -> LiveSource:
    name = f"relaton-{body.lower()}"
    repository = f"relaton-data-{body.lower()}"
    return LiveSource(
        name=name,
        title=f"{body} documents as bibliographic records",
        fetches=f"the records of {repository} that a pattern selects, with their versions, groups and dates",
        home=f"{relaton.RAW}{repository}/{branch}/",
        licence=_NONE_STATED,
        fetch=relaton.records(name),
        parameters=(
            Parameter("match", "which records: patterns of their names, separated by commas", example),
            Parameter("most", "how many records one run fetches at most", "1000", default=relaton.MOST),
            Parameter("index", "name of the index in the repository", "index-v2.zip", default=index),
        ),
    )


_ISO_LICENCE = "ODC-By 1.0: name ISO Open Data (https://www.iso.org/open-data.html) as the source"

#: Name -> source, in the order in which they are shown.
LIVE: dict[str, LiveSource] = {
    source.name: source
    for source in (
        LiveSource(
            name="3gpp-work-plan",
            title="3GPP work plan",
            fetches="the newest issue of the work plan, with all work items of all releases",
            home=threegpp.WORK_PLAN,
            licence=_NONE_STATED,
            fetch=threegpp.work_plan,
        ),
        LiveSource(
            name="3gpp-tdocs",
            title="TDoc list of a 3GPP meeting",
            fetches="the newest TDoc list of a meeting, with its liaison statements in and out",
            home=threegpp.HOME,
            licence=_NONE_STATED,
            fetch=threegpp.tdoc_list,
            parameters=(
                Parameter("meeting", "folder of the meeting", "tsg_sa/WG3_Security/TSGS3_122_Fukuoka"),
            ),
        ),
        LiveSource(
            name="ietf-liaisons",
            title="Liaison statements of the IETF Datatracker",
            fetches="every liaison statement with its dates, relations and groups; no contacts, no bodies",
            home=datatracker.HOME,
            licence=_NONE_STATED,
            fetch=datatracker.fetch,
        ),
        LiveSource(
            name="iso-committees",
            title="ISO technical committees",
            fetches="all committees with their parents, scopes and liaisons (ISO Open Data)",
            home=iso.COMMITTEES,
            licence=_ISO_LICENCE,
            fetch=iso.data_set("iso-committees", "iso_technical_committees.jsonl"),
        ),
        LiveSource(
            name="iso-deliverables",
            title="ISO deliverables",
            fetches="all standards and projects with stages, dates and committees (ISO Open Data)",
            home=iso.DELIVERABLES,
            licence=_ISO_LICENCE,
            fetch=iso.data_set("iso-deliverables", "iso_deliverables_metadata.jsonl"),
        ),
        _relaton("ETSI", "v2", "index-v1.zip", "etsi-gr-sai-*,etsi-ts-104-*"),
        _relaton("ITU", "main", "index-v2.zip", "itu-t-x-12*,itu-t-y-317*"),
        _relaton("ISO", "v2", "index-v2.zip", "iso-iec-27090*,iso-iec-22989*"),
        _relaton("3GPP", "v2", "index-v1.zip", "tr-33-8*-rel-18-*"),
    )
}


def describe() -> list[dict[str, object]]:
    """What there is: of each source its name, title, what it fetches, home, licence and parameters."""
    return [source.describe() for source in LIVE.values()]


def sync(
    name: str,
    parameters: Mapping[str, str],
    cache: Path,
    *,
    client: httpx.Client | None = None,
    progress: Progress = lambda _address: None,
    limits: Limits | None = None,
    clock: Clock | None = None,
) -> Synced:
    """Brings the files of a source up to date in a cache folder and returns them.

    Raises UsageError for an unknown source or parameter; Unavailable when the server cannot be reached,
    refuses or asks to come later, or another sync uses the cache; DataError when what came is not what it
    should be. Then the files are what they were, and the next run goes on where this one was.
    """
    source = LIVE.get(name)
    if source is None:
        raise UsageError(f"no live source is called {name!r}", hint=f"there are: {', '.join(LIVE)}")
    settled = source.settle(parameters)
    hosts = frozenset(host_of(url_of(address)) for address in (source.home, settled["address"]))
    store = Cache(cache)
    with store.locked(), nullcontext(client) if client else httpx.Client(timeout=TIMEOUT) as given:
        session = Session(given, store, hosts, limits or Limits(), clock or Clock(), progress)
        found = source.fetch(settled, session)
        if found.changed:
            store.sweep()
    return Synced(
        files=[file.path for file in found.files],
        unchanged=not found.changed and not found.left,
        requests=session.requests,
        bytes=session.bytes,
        left=found.left,
        remarks=found.remarks,
        origins={f.path: Origin(f.address, f.issued, source.licence) for f in found.files},
    )
