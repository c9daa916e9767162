"""Bounds of requests: how many a client may have running, how much each brings, how long that takes."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from functools import lru_cache
from typing import Any

from sdograph_api.problems import Limit, Problem, too_busy
from sdograph_api.settings import Settings

#: Bytes that are sent at once; smaller answers are not counted.
PIECE = 1 << 20
#: How slowly a large answer may be taken: bytes a second, and seconds more.
SLOWEST = 100_000
GRACE = 30.0


class Clients:
    """How many requests each client has running, at most ``limit``; 0 is no limit. For one event loop.

    ``setting`` is what the limit is called.
    """

    def __init__(self, limit: int, setting: str = "max_client_requests") -> None:
        self._limit = limit
        self._setting = setting
        self._running: dict[str, int] = {}

    def enter(self, client: str) -> None:
        """Counts a request, until :meth:`leave`; raises a problem, 429, when it is one too many."""
        running = self._running.get(client, 0)
        if self._limit and running >= self._limit:
            raise too_busy(
                f"{running} requests of this client are running already",
                status=429,
                code="too-many-requests",
                hint="wait for their answers",
                limit=Limit(self._setting, self._limit, "requests"),
            )
        self._running[client] = running + 1

    def leave(self, client: str) -> None:
        running = self._running.pop(client) - 1
        if running:
            self._running[client] = running


class Unread:
    """Bytes of large answers that each client has not taken yet, at most ``limit``. For one event loop."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: dict[str, int] = {}

    async def send(
        self,
        client: str,
        start: MutableMapping[str, Any],
        body: bytes,
        send: Callable[[Any], Awaitable[None]],
    ) -> None:
        """Sends an answer in pieces, the next when the client takes it.

        Raises a problem, 429, before anything is sent, when too much is on its way to the client already.
        """
        held = self._held.get(client, 0)
        if held and held + len(body) > self._limit:
            raise too_busy(
                f"{held} bytes of answers to this client are still unread",
                status=429,
                code="too-much-unread",
                hint="read them",
                limit=Limit("unread_bytes", self._limit, "bytes"),
            )
        self._held[client] = held + len(body)
        try:
            # Whoever reads slower holds on to the memory of all.
            async with asyncio.timeout(GRACE + len(body) / SLOWEST):
                await send(start)
                for at in range(0, len(body), PIECE):
                    more = at + PIECE < len(body)
                    piece = body[at : at + PIECE]
                    await send({"type": "http.response.body", "body": piece, "more_body": more})
        finally:
            self._held[client] -= len(body)
            if not self._held[client]:
                del self._held[client]


@lru_cache(maxsize=4096)
def client_at(address: str) -> str:
    """Who is counted as one: an address, of IPv6 the 64 bits of which a host has all that follow."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((int(parsed) >> 64 << 64, 64)))


#: Beginning of a path -> the setting that says how many bytes may be sent there; else it is max_query_bytes.
BYTES = (
    ("/store", "max_graph_bytes"),
    ("/ingest", "max_ingest_bytes"),
    ("/api/v1/ingest", "max_ingest_bytes"),
)


#: Requests whose bodies nobody reads.
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})


class Body:
    """``receive`` of a request within its bounds.

    Past them it raises a problem: 413 for more bytes than the setting for its path says (see ``BYTES``), told
    by Content-Length or not; 408 when the body takes longer to arrive than ``receive_timeout``; 415 when it
    is compressed, as it may be of any size then.
    """

    __slots__ = ("_limit", "_receive", "_received", "_scope", "_timeout", "_until", "_whole")

    def __init__(
        self,
        scope: MutableMapping[str, Any],
        receive: Callable[[], Awaitable[MutableMapping[str, Any]]],
        settings: Settings,
        path: str,
    ) -> None:
        self._scope = scope
        self._receive = receive
        name = next((name for begin, name in BYTES if path.startswith(begin)), "max_query_bytes")
        self._limit = Limit(name, getattr(settings, name), "bytes")
        self._timeout = settings.receive_timeout
        self._until: float | None = None
        self._received = 0
        self._whole = False

    async def __call__(self) -> MutableMapping[str, Any]:
        if self._whole:
            return await self._receive()
        if self._until is None:
            self._begin(dict(self._scope["headers"]))
            self._until = asyncio.get_running_loop().time() + self._timeout
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise Problem(
                408, "too-slow", f"the request did not arrive within {self._timeout:g} s",
                hint="send it faster, or in parts", headers={"Connection": "close"},
                limit=Limit("receive_timeout", self._timeout, "seconds"),
            ) from None  # fmt: skip
        self._received += len(message.get("body", b""))
        if self._received > self._limit.value:
            raise self._too_large()
        self._whole = not message.get("more_body", False)
        return message

    def _begin(self, headers: Mapping[bytes, bytes]) -> None:
        declared = headers.get(b"content-length", b"0")
        if declared.isdigit() and int(declared) > self._limit.value:
            raise self._too_large()
        if headers.get(b"content-encoding", b"identity").strip().lower() != b"identity":
            raise Problem(
                415, "unsupported-encoding", "the body is compressed", where="header Content-Encoding",
                hint="send it as it is", headers={"Accept-Encoding": "identity"},
            )  # fmt: skip

    def _too_large(self) -> Problem:
        return Problem(
            413, "body-too-large", f"the request is larger than the limit of {self._limit.value} bytes",
            hint="send less, or in parts", limit=self._limit,
        )  # fmt: skip
