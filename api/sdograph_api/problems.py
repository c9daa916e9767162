"""Errors as clients get them: ``application/problem+json`` (RFC 9457)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, NamedTuple

import orjson

from sdograph import errors

MEDIA_TYPE = "application/problem+json"

#: Seconds after which asking again makes sense when the server had too much to do.
RETRY_AFTER = 5


class Limit(NamedTuple):
    """A limit that a request went over: the name of the setting that holds it, its value and unit."""

    name: str
    value: float
    unit: str


class Problem(Exception):
    """What goes out instead of an answer.

    ``code`` is a stable word for programs, ``where`` names the parameter, header or place in a query,
    ``hint`` says what to do; ``limit`` is the limit that it is about; ``extra`` are further members.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
        limit: Limit | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.where = where
        self.hint = hint
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})
        if limit is not None:
            self.extra["limit"] = limit._asdict()

    def document(self) -> dict[str, Any]:
        return {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "where": self.where,
            "hint": self.hint,
            **self.extra,
        }

    def body(self) -> bytes:
        return orjson.dumps(self.document())


#: The most specific class that fits decides.
_STATUS: dict[type[errors.SdographError], int] = {
    errors.InvalidQuery: 400,
    errors.UsageError: 400,
    errors.WriterBusy: 409,
    errors.LimitExceeded: 413,
    errors.UnknownFormat: 415,
    errors.DataError: 422,
    errors.Unavailable: 503,
}
_PLACE = re.compile(r"line (\d+), column (\d+)")


def from_error(error: errors.SdographError) -> Problem:
    """One of the program's own errors as a problem."""
    status = next((_STATUS[c] for c in type(error).__mro__ if c in _STATUS), 500)
    extra: dict[str, Any] = {}
    if found := _PLACE.fullmatch(error.where or ""):
        extra = {"line": int(found[1]), "column": int(found[2])}
    return Problem(
        status,
        error.code,
        error.message,
        where=_public(error),
        hint=error.hint,
        headers={"Retry-After": str(RETRY_AFTER)} if status == 503 else None,
        extra=extra,
    )


def _public(error: errors.SdographError) -> str | None:
    """Where it went wrong, but for paths of the server's disk and the address of its store."""
    private = isinstance(error, errors.Unavailable | errors.InvalidQuery) and "://" in (error.where or "")
    return None if error.where is None or error.where.startswith("/") or private else error.where


def too_busy(
    detail: str,
    *,
    status: int = 503,
    code: str = "too-busy",
    hint: str = "ask again later",
    limit: Limit | None = None,
) -> Problem:
    """A problem for a request that the server could serve at another time, or within other limits."""
    headers = {"Retry-After": str(RETRY_AFTER)}
    return Problem(status, code, detail, hint=hint, headers=headers, limit=limit)


def no_graph(iri: str, where: str, status: int = 400) -> Problem:
    """The graph that a request names is not here."""
    return Problem(
        status, "no-such-graph", f"there is no graph <{iri}> here", where=where,
        hint="SELECT DISTINCT ?g { GRAPH ?g {} } lists the graphs", extra={"graph": iri},
    )  # fmt: skip


def internal() -> Problem:
    return Problem(500, "internal", "an error of the server's own", hint="tell the operator; the log has it")
