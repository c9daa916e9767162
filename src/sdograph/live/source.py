"""What a live source is: where it lies, what it takes, and how it brings its files into the cache."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from pathlib import Path

from sdograph.errors import UsageError
from sdograph.live.cache import Note
from sdograph.live.session import Session


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a source; one without a ``default`` has to be given."""

    name: str
    what: str
    example: str
    default: str | None = None


@dataclass(frozen=True, slots=True)
class File:
    """A file ready for the readers, and where it came from."""

    path: Path
    address: str
    issued: str | None = None
    """ISO date of the issue, where the name or the server tells it."""


@dataclass(slots=True)
class Fetched:
    """What a source brought: all its files, also those that did not change."""

    files: list[File] = field(default_factory=list)
    changed: bool = False
    left: int = 0
    """How much is still to be fetched by later runs, in the source's own items."""
    remarks: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class LiveSource:
    """One live source. ``fetch`` gets its settled parameters and a session for its hosts."""

    name: str
    title: str
    fetches: str
    home: str
    """Where its things lie; the parameter ``address`` names another place, such as a mirror."""
    licence: str
    fetch: Callable[[Mapping[str, str], Session], Fetched]
    parameters: tuple[Parameter, ...] = ()

    def all_parameters(self) -> tuple[Parameter, ...]:
        where = Parameter("address", "where it is fetched from", self.home, default=self.home)
        return (*self.parameters, where)

    def settle(self, given: Mapping[str, str]) -> dict[str, str]:
        """Every parameter with its value. Raises UsageError for an unknown, an empty and a missing one."""
        known = {p.name: p for p in self.all_parameters()}
        for name, value in given.items():
            if name not in known:
                raise UsageError(
                    f"{self.name} has no parameter {name!r}", hint=f"its parameters: {', '.join(known)}"
                )
            if not value.strip():
                raise UsageError(
                    f"the parameter {name!r} is empty", hint=f"as in {name}={known[name].example}"
                )
        values: dict[str, str | None] = dict(given)
        settled: dict[str, str] = {}
        for name, parameter in known.items():
            chosen = values.get(name, parameter.default)
            if chosen is None:
                raise UsageError(
                    f"{self.name} needs the parameter {name!r}: {parameter.what}",
                    hint=f"as in {name}={parameter.example}",
                )
            settled[name] = chosen.strip()
        return settled

    def describe(self) -> dict[str, object]:
        return {
            "name": self.name,
            "title": self.title,
            "fetches": self.fetches,
            "home": self.home,
            "licence": self.licence,
            "parameters": [
                {"name": p.name, "what": p.what, "example": p.example, "default": p.default}
                for p in self.all_parameters()
            ],
        }


def issued(note: Note) -> str | None:
    """The day on which the server says that a file was last changed."""
    try:
        return parsedate_to_datetime(note.modified).date().isoformat() if note.modified else None
    except ValueError:
        return None  # a header that is no date tells none
