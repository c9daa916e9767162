"""The address of a remote store: ``sparql+http://host:port/query?merged=default``."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit, urlunsplit

from pyoxigraph import NamedNode

from sdograph.errors import UsageError
from sdograph.identifiers import GRAPH_BASE

SCHEMES = ("sparql+http", "sparql+https")

_OPTIONS = ("update", "merged", "atomic", "foreign", "timeout", "plain")
_FORM = "sparql+https://host/query, or sparql+http://127.0.0.1:7878/query"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a SPARQL 1.1 server is, and what sets it apart from others.

    Everything but the address of the query service may be given as a parameter of it:

    - ``update``: the address of the update service, relative or absolute; ``update`` beside it by default;
    - ``merged``: where the merge of the document graphs lies: ``default``, the server's own default graph,
      or the IRI of a graph, for servers whose default graph is the union of all others;
    - ``atomic``: ``yes`` or ``no``: whether an update request happens whole or not at all, also when the
      server is killed in it. Known of the Oxigraph server; ``no`` otherwise, which is slower and safe;
    - ``foreign``: ``refuse`` (a store with graphs of others is not written to) or ``ignore`` (graphs outside
      ``https://w3id.org/sdograph/graph/`` are neither seen nor touched);
    - ``timeout``: seconds that one request may take;
    - ``plain=allow``: credentials may go over plain HTTP to another machine.
    """

    query: str
    update: str
    merged: NamedNode | None = None
    """None: the server's own default graph."""
    atomic: bool | None = None
    """None: as the server is known to be."""
    ignores_foreign: bool = False
    timeout: float = 300.0
    plain: bool = False

    @classmethod
    def parse(cls, text: str) -> Address:
        """Raises UsageError when the text is no such address."""
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise UsageError(f"no address: {error}", where="--store", hint=_FORM) from None
        if parts.username is not None or parts.password is not None:
            # Not echoed: addresses end up in logs and in the history of a shell.
            raise UsageError(
                "an address with a password in it",
                where="--store",
                hint="give the password by SDOGRAPH_STORE_USER and SDOGRAPH_STORE_PASSWORD",
            )
        if parts.scheme not in SCHEMES or not parts.hostname or port == 0:
            raise UsageError("this is no address of a SPARQL server", where=text, hint=_FORM)
        options = _options(parts.query, text)
        base = urlunsplit(
            (parts.scheme.removeprefix("sparql+"), parts.netloc, parts.path or "/query", "", "")
        )
        if "foreign" in options and options.get("merged", "default") == "default":
            raise UsageError(
                "a server that is shared with others has no default graph of ours",
                where=text,
                hint=f"say where the merge is to be kept: merged={GRAPH_BASE}merged",
            )
        return cls(
            query=base,
            update=_beside(base, options.get("update", "update"), text),
            merged=_merged(options.get("merged", "default"), text),
            atomic=_choice(options, "atomic", ("yes", "no"), text),
            ignores_foreign=bool(_choice(options, "foreign", ("ignore", "refuse"), text)),
            timeout=_seconds(options.get("timeout", "300"), text),
            plain=bool(_choice(options, "plain", ("allow", "refuse"), text)),
        )

    def is_private(self) -> bool:
        """Whether nobody on the way can read what is sent."""
        return all(_encrypted_or_here(url) for url in (self.query, self.update))


def is_remote(location: object) -> bool:
    """Whether a location of a store is the address of a server."""
    return isinstance(location, str) and location.startswith("sparql+")


def _options(query: str, text: str) -> dict[str, str]:
    options: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in _OPTIONS or name in options:
            raise UsageError(
                f"{name!r} is given twice" if name in options else f"no parameter is called {name!r}",
                where=text,
                hint=f"there are: {', '.join(_OPTIONS)}",
            )
        options[name] = value
    return options


def _beside(base: str, given: str, text: str) -> str:
    url = urljoin(base, given)
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        raise UsageError("the update service has no address over HTTP", where=text, hint="update=/update")
    return url


def _merged(given: str, text: str) -> NamedNode | None:
    if given == "default":
        return None
    try:
        graph = NamedNode(given)
    except ValueError:
        graph = NamedNode("urn:none")
    if not given.startswith(("http:", "https:", "urn:")) or graph.value == "urn:none":
        raise UsageError(
            "merged= takes 'default' or the IRI of a graph",
            where=text,
            hint=f"for Virtuoso: merged={GRAPH_BASE}merged",
        )
    return graph


def _choice(options: dict[str, str], name: str, words: tuple[str, str], text: str) -> bool | None:
    """Whether the first of two words is given; None when the parameter is not there."""
    if name not in options:
        return None
    if options[name] not in words:
        raise UsageError(f"{name}= takes {' or '.join(words)}", where=text)
    return options[name] == words[0]


def _seconds(given: str, text: str) -> float:
    if not given.isascii() or not given.isdigit() or int(given) == 0:
        raise UsageError("timeout= takes whole seconds", where=text, hint="timeout=300")
    return float(given)


def _encrypted_or_here(url: str) -> bool:
    parts = urlsplit(url)
    if parts.scheme == "https" or parts.hostname == "localhost":
        return True
    try:
        return ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
