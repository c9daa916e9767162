"""The parameters of the SPARQL 1.1 protocol for queries."""

from __future__ import annotations

import binascii
import re
from functools import lru_cache
from typing import NamedTuple

from sdograph_api.problems import Problem

#: What has more characters is not kept, and not read while others wait.
LARGE = 10_000

_ABSOLUTE_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^<>\"{}|^`\\\x00-\x20]*")
_BROKEN_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class Parameters(NamedTuple):
    """What a request asks, each parameter checked for how often it stands there."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    timeout: float | None
    format: str | None


def more_than_one(name: str) -> Problem:
    return Problem(400, "repeated-parameter", f"{name} is given more than once", where=f"parameter {name}",
                   hint="give it once")  # fmt: skip


def read(encoded: bytes) -> Parameters:
    """The parameters of an address, or of a form. Raises a problem, 400."""
    return _kept(encoded) if len(encoded) <= LARGE else _kept.__wrapped__(encoded)


@lru_cache(maxsize=512)
def _kept(encoded: bytes) -> Parameters:
    given: dict[str, list[str]] = {}
    for pair in encoded.split(b"&"):
        field, _, value = pair.partition(b"=")
        # Others are let pass: clients send output, results, infer and more by habit.
        if field in (b"query", b"default-graph-uri", b"named-graph-uri", b"timeout", b"format"):
            given.setdefault(field.decode(), []).append(_url_decoded(value))
        elif field == b"update":
            raise Problem(
                400, "update-as-query", "this address takes queries", where="parameter update",
                hint="updates go to /update",
            )  # fmt: skip
    # SPARQLWrapper names a format twice, in two ways: the first counts.
    for name in ("query", "timeout"):
        if len(given.get(name, ())) > 1:
            raise more_than_one(name)
    graphs = [tuple(given.get(name, ())) for name in ("default-graph-uri", "named-graph-uri")]
    for iri in (*graphs[0], *graphs[1]):
        if not _ABSOLUTE_IRI.fullmatch(iri):
            raise Problem(400, "invalid-iri", f"{iri!r} is not an absolute IRI", where="dataset parameters",
                          hint="write it in full")  # fmt: skip
    timeout = _seconds(given["timeout"][0]) if "timeout" in given else None
    return Parameters(
        given.get("query", [None])[0], graphs[0], graphs[1], timeout, given.get("format", [None])[0]
    )


def _url_decoded(value: bytes) -> str:
    if b"%" not in value:
        text = value.replace(b"+", b" ")
    elif _BROKEN_ESCAPE.search(value):
        raise _malformed()
    else:
        # Quoted-printable is the same but for its sign, and is decoded in C: 1 µs where urllib takes 20.
        text = binascii.a2b_qp(value.replace(b"+", b" ").replace(b"=", b"=3D").replace(b"%", b"="))
    try:
        return text.decode()
    except UnicodeDecodeError as error:
        raise _malformed() from error


def _malformed() -> Problem:
    return Problem(
        400, "malformed-parameters", "the parameters are not URL-encoded UTF-8", hint="encode them"
    )


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0.0 < seconds < 1e9:
        raise Problem(
            400, "invalid-parameter", f"{text!r} is no number of seconds", where="parameter timeout",
            hint="write a number above 0, such as 10 or 0.5",
        )  # fmt: skip
    return seconds
