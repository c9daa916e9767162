"""Named queries: questions delegates ask, as SPARQL with parameters; one ``.rq`` file each.

A file begins with a header of comment lines::

    # title: Who liaises with whom
    # description: what a row means,
    #   and what it does not
    # param group (string): id of a group or body, e.g. 3GPP-SA3
    # param body (string, required): id of a body
    # param as_of (date) = today: the day of the question

Types are string, date and integer. In the query a parameter is written ``$group``, every other variable
``?name``. A parameter that is neither given nor has a default stays a variable without a value; the query
says what that means (``COALESCE($group, ?from) = ?from``: no filter).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib import resources

from pyoxigraph import Literal

from sdograph.errors import UsageError
from sdograph.namespaces import XSD
from sdograph.queries import lexer

_PARAM = re.compile(r"(\w+) \((\w+)(, required)?\)(?: = (\w+))?: (.+)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that a query takes. ``default`` is "today" or a value as a user would write it."""

    name: str
    type: str
    description: str
    required: bool = False
    default: str | None = None

    def term(self, value: str) -> str:
        """The value as SPARQL; raises UsageError when it does not fit the type."""
        try:
            return str(_TYPES[self.type](value))
        except ValueError as error:
            raise UsageError(
                f"{value!r} is not a {self.type}", where=f"parameter {self.name}", hint=self.description
            ) from error


def _string(value: str) -> Literal:
    value.encode()  # raises ValueError (UnicodeEncodeError) for half of a surrogate pair
    return Literal(value)


def _date(value: str) -> Literal:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("not YYYY-MM-DD")
    return Literal(date.fromisoformat(value).isoformat(), datatype=XSD.date)


def _integer(value: str) -> Literal:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        raise ValueError("not a whole number")
    return Literal(str(int(value)), datatype=XSD.integer)


_TYPES: dict[str, Callable[[str], Literal]] = {"string": _string, "date": _date, "integer": _integer}


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query with a name, a title for people, and parameters."""

    name: str
    title: str
    description: str
    parameters: tuple[Parameter, ...]
    text: str

    def bind(self, params: Mapping[str, str], *, today: date | None = None) -> str:
        """The query with values put in for parameters, ready to be evaluated with the project's prefixes.

        ``today`` is the date of today in UTC unless given. Raises UsageError for a parameter that is not
        known, one that is missing, or a value that does not fit.
        """
        known = {p.name: p for p in self.parameters}
        for name in params:
            if name not in known:
                raise UsageError(f"query {self.name} has no parameter {name!r}", hint=self._takes())
        terms: dict[str, str] = {}
        for name, parameter in known.items():
            value = params.get(name, parameter.default)
            if value is None and parameter.required:
                raise UsageError(f"query {self.name} needs the parameter {name!r}", hint=self._takes())
            if value == "today" and parameter.type == "date":
                value = (today or datetime.now(UTC).date()).isoformat()
            if value is not None:
                terms[name] = parameter.term(value)
        return lexer.substitute(self.text, terms)

    def _takes(self) -> str:
        if not self.parameters:
            return "it takes none"
        return "it takes " + ", ".join(
            p.name + (" (required)" if p.required else "") for p in self.parameters
        )


def parse(name: str, text: str) -> NamedQuery:
    """A named query from the text of its file; raises ValueError when the header is not as it should be."""
    fields: dict[str, str] = {}
    parameters: list[Parameter] = []
    for line in _header(text):
        key, _, value = line[2:].partition(" " if line.startswith("# param ") else ": ")
        if key == "param":
            found = _PARAM.fullmatch(value)
            if found is None or found[2] not in _TYPES:
                raise ValueError(f"{name}.rq: cannot read the parameter {value!r}")
            parameters.append(Parameter(found[1], found[2], found[5], bool(found[3]), found[4]))
        elif key in ("title", "description") and value:
            fields[key] = value
        else:
            raise ValueError(f"{name}.rq: cannot read the header line {line!r}")
    return NamedQuery(name, fields["title"], fields["description"], tuple(parameters), text)


def _header(text: str) -> list[str]:
    """The comment lines at the top, those indented by three spaces joined to the one before."""
    lines = itertools.takewhile(lambda line: line.startswith("# "), text.splitlines())
    return "\n".join(lines).replace("\n#   ", " ").splitlines()


def _load() -> dict[str, NamedQuery]:
    files = (f for f in resources.files(__name__).iterdir() if f.name.endswith(".rq"))
    texts = sorted((f.name.removesuffix(".rq"), f.read_text(encoding="utf-8")) for f in files)
    return {name: parse(name, text) for name, text in texts}


#: Every named query, by name.
NAMED: dict[str, NamedQuery] = _load()
