"""Addresses: where this server is, and where it answers for an IRI of the data."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote

from sdograph.identifiers import BASE
from sdograph_api.problems import Problem

_HOST = re.compile(r"(?:[A-Za-z0-9._-]*|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?")


def root_path(scope: MutableMapping[str, Any]) -> str:
    """The path below which the server is mounted (behind a proxy), without a slash at its end."""
    return str(scope.get("root_path", "")).rstrip("/")


def base_url(scope: MutableMapping[str, Any], public_url: str | None) -> str:
    """The address of the server as its clients know it, without a slash at its end.

    Raises a problem, 400, when a client says what is no host.
    """
    if public_url is not None:
        return public_url.rstrip("/")
    host = next((value.decode("latin-1") for name, value in scope["headers"] if name == b"host"), None)
    if host is not None and not _HOST.fullmatch(host):
        raise Problem(400, "invalid-host", f"{host!r} is no host", where="header Host", hint="correct it")
    if not host:
        host = ":".join(map(str, scope.get("server") or ("localhost",)))
    return f"{scope.get('scheme', 'http')}://{host}{root_path(scope)}"


def local(iri: str, root: str) -> str | None:
    """The path on this server that answers for an IRI of the data; None for anybody else's IRI."""
    if not iri.startswith(BASE):
        return None
    path, _, fragment = iri.removeprefix(BASE).partition("#")
    return f"{root}/{quote(path, safe='/~+')}" + (f"#{fragment}" if fragment else "")
