"""The log: a line for each request and for what the server has to say, as JSON or logfmt.

Lines of requests are written straight to standard error, past :mod:`logging`, which takes longer than all
else about them. Neither headers nor parameters get into the log, so no token does; the text of a query gets
into it at debug only.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from datetime import UTC, datetime
from select import PIPE_BUF
from time import perf_counter, time
from typing import Any

import orjson

from sdograph_api.bounds import client_at
from sdograph_api.settings import Settings

#: Where a request's record is in its scope.
RECORD = "sdograph.record"
#: Stands for the template of a path that no route has.
NO_ROUTE = "(none)"
#: Characters of a query that are logged.
MAX_QUERY = 10_000
#: Rows of larger answers are not counted: it would keep others waiting.
MAX_COUNTED = 1 << 18

_GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BY_CODE = {"timeout": "deadline", "out-of-memory": "memory"}
_TRANSIENT = frozenset({"too-busy", "too-many-long-queries", "shutting-down"})
_HEAD = re.compile(rb'\{"head":\{"vars":\[[^\]]*\]\},"results":\{"bindings":\[')


class Record:
    """One request, as it is logged and counted."""

    __slots__ = (
        "address", "answer", "bytes", "client", "code", "duration", "ended", "id", "method", "query", "route",
        "started", "status",
    )  # fmt: skip

    def __init__(self, scope: Mapping[str, Any]) -> None:
        self.started = perf_counter()
        self.duration = 0.0
        """Seconds, once it is over."""
        self.ended = 0.0
        """When that was, in seconds since 1970."""
        self.method: str = scope["method"] if scope["method"] in _METHODS else "other"
        self.address: str = (scope.get("client") or ("",))[0]
        """That of the client; empty on a local socket."""
        self.client = client_at(self.address)
        """Who the limits are counted for."""
        self.id = next(
            (v for name, v in scope["headers"] if name == b"x-request-id" and _GIVEN_ID.fullmatch(v)), b""
        ) or b"%016x" % random.getrandbits(64)
        self.route = NO_ROUTE
        self.status: int | None = None
        """None when nothing was sent because nobody waits any more."""
        self.code: str | None = None
        """The word of a problem."""
        self.bytes = 0
        self.answer: tuple[str, bytes] | None = None
        """To a query: its form and itself, of which the rows are counted."""
        self.query: str | None = None

    def watching(
        self, send: Callable[[MutableMapping[str, Any]], Awaitable[None]]
    ) -> Callable[[MutableMapping[str, Any]], Awaitable[None]]:
        """``send`` that notes what goes out and puts the id into the header."""

        async def watched(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self.status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", self.id)]
            else:
                self.bytes += len(message.get("body", b""))
            await send(message)

        return watched

    def over(self) -> None:
        self.duration = perf_counter() - self.started
        self.ended = time()

    @property
    def outcome(self) -> str:
        """One of ok, refused, deadline, memory, failed, client-gone."""
        if self.status is None:
            return "client-gone"
        if self.status < 400:
            return "ok"
        if self.code in _BY_CODE:
            return _BY_CODE[self.code]
        return "failed" if self.status >= 500 and self.code not in _TRANSIENT else "refused"


class RequestLog:
    """Writes a line for each of some requests, as the settings have it; several in one call."""

    def __init__(self, settings: Settings, write: Callable[[bytes], Any] | None = None) -> None:
        self._form = settings.log_format
        self._queries = settings.log_level == "debug"
        self._clients = settings.log_client_address
        self._write = write or _to_standard_error

    def __call__(self, records: Iterable[Record]) -> None:
        if self._form == "none":
            return
        held = b""
        for line in map(self._line, records):
            if held and len(held) + len(line) > PIPE_BUF:
                self._write(held)
                held = b""
            held += line
        if held:
            self._write(held)

    def _line(self, record: Record) -> bytes:
        outcome = record.outcome
        line = {
            "time": _time(record.ended),
            "level": "error" if outcome == "failed" else "info",
            "event": "request",
            "request_id": record.id.decode(),
            "method": record.method,
            "route": record.route,
            "status": record.status,
            "duration_ms": round(record.duration * 1000, 3),
            "bytes": record.bytes,
            "outcome": outcome,
        }
        if record.answer is not None and (rows := count_rows(*record.answer)) is not None:
            line["rows"] = rows
        if record.code is not None:
            line["code"] = record.code
        if self._clients and record.address:
            line["client"] = record.address
        if self._queries and record.query is not None:
            line["query"] = record.query[:MAX_QUERY]
        return _line(line, self._form)


class Formatter(logging.Formatter):
    """What the server has to say besides, in the same form as its requests."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._form = form

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _time(record.created),
            "level": record.levelname.lower(),
            "event": "message",
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return _line(line, self._form).decode().rstrip("\n")


def configuration(form: str) -> dict[str, Any]:
    """What :func:`logging.config.dictConfig` takes, for all loggers of a server."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "sdograph_api.logs.Formatter", "form": form}},
        "handlers": {"standard error": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["standard error"], "level": "WARNING"},
    }


def count_rows(format: str, body: bytes) -> int | None:
    """Rows or triples of an answer, where its form shows them without being parsed."""
    if len(body) > MAX_COUNTED:
        return None
    if format == "json":
        # A quote inside a string is escaped, so none of these patterns can be part of a string.
        head = _HEAD.match(body)
        if head is None or b"{}" in body or b'"type":"triple"' in body:
            return None
        return body.startswith(b'{"', head.end()) + body.count(b'"}},{"')
    if format == "xml":
        return body.count(b"<result>") + body.count(b"<result/>") if b"<results" in body else None
    if format == "tsv":
        return body.count(b"\n") - 1 if body.startswith(b"?") else None
    return body.count(b"\n") if format in ("nt", "nq") else None


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")


def _line(members: Mapping[str, Any], form: str) -> bytes:
    if form == "logfmt":
        return " ".join(f"{name}={_logfmt(value)}" for name, value in members.items()).encode() + b"\n"
    return orjson.dumps(members, option=orjson.OPT_APPEND_NEWLINE)


def _logfmt(value: Any) -> str:
    text = "" if value is None else str(value)
    return text if re.fullmatch(r'[^\s"=\\\x00-\x20\x7f]*', text) else json.dumps(text)


def _to_standard_error(lines: bytes) -> None:
    # So much at once goes into a pipe whole, and the lines of several processes do not mix. A log that nobody
    # reads stops no request.
    with contextlib.suppress(OSError):
        os.write(2, lines)
