"""One run against live servers: polite, patient, bounded, and whole or nothing.

A session makes one request a second to a host by default, keeps to its robots.txt, tries again with growing
pauses what may pass (and as late as the server asks), goes on with a download that was cut, and follows
redirects only to the hosts of the source. See docs/decisions/0012-live-sources.md.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TypeVar

import httpx

from sdograph.errors import LimitExceeded, Unavailable
from sdograph.live import robots
from sdograph.live.cache import Cache, Note, Partial
from sdograph.live.headers import (
    continues,
    downgrades,
    host_of,
    retry_after,
    text_of,
    url_of,
    validator_of,
)
from sdograph.live.limits import Clock, Limits
from sdograph.sources.fetch import USER_AGENT, receive

Progress = Callable[[str], None]
"""Called with each address before it is fetched."""
Check = Callable[[Path, str], None]
"""Raises a DataError when the file that came from an address is not what it should be."""
T = TypeVar("T")

AGENT = "sdograph"
_PASSING = frozenset((408, 425, 429, 500, 502, 503, 504))
_REDIRECTS = 5
_ROBOTS_LAST = 24 * 3600.0
"""Seconds for which a copy of robots.txt is good (RFC 9309, 2.4)."""


class Missing(Unavailable):
    """The server says that there is no such thing (404, 410)."""

    code = "missing"


class RunSpent(Unavailable):
    """The run has made all the requests that one run may make."""

    code = "run-spent"


@dataclass(frozen=True, slots=True)
class Saved:
    """A file in the cache that is current, and whether its content is other than before."""

    note: Note
    changed: bool


@dataclass(frozen=True, slots=True)
class _Fresh:
    etag: str | None
    modified: str | None


class _Passing(Exception):
    """A fault that may pass; ``wait`` is what the server asks for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Session:
    """Fetches from the ``hosts`` of one source ("www.3gpp.org", "127.0.0.1:8000"), into a cache."""

    def __init__(
        self,
        client: httpx.Client,
        cache: Cache,
        hosts: frozenset[str],
        limits: Limits,
        clock: Clock,
        progress: Progress,
    ) -> None:
        self.cache = cache
        self.clock = clock
        self.requests = 0
        self.bytes = 0
        self._client = client
        self._hosts = hosts
        self._limits = limits
        self._progress = progress
        self._rules: dict[str, robots.Rules] = {}
        self._turns: dict[str, float] = {}

    @property
    def left(self) -> int:
        """Requests that the run may still make."""
        return self._limits.requests - self.requests

    def read(self, address: str, *, limit: int) -> bytes:
        """The body at an address, at most ``limit`` bytes, not kept. Raises what :meth:`save` raises."""
        self._progress(address)
        return self._persist(address, lambda: self._read(address, limit))

    def save(self, address: str, check: Check) -> Saved:
        """Brings the file at an address up to date in the cache: nothing comes when it did not change.

        Raises Unavailable when it cannot be had now (Missing: not at all; RunSpent: not in this run), also
        when robots.txt forbids it or it leads to a foreign host; LimitExceeded when it is too long; and what
        ``check`` raises. The cache then holds what it held, and what came of a cut download.
        """
        self._progress(address)
        note = self.cache.note(address)
        part = self.cache.partial(address)
        fresh = self._persist(address, lambda: self._download(address, note, part))
        if fresh is None:
            if note is None:
                raise AssertionError("only a request that names a note is answered so")
            return Saved(self.cache.confirm(note, self.clock.now()), changed=False)
        try:
            check(part.body, address)
        except BaseException:
            part.discard()
            raise
        kept, changed = self.cache.commit(
            address, part, etag=fresh.etag, modified=fresh.modified, now=self.clock.now()
        )
        return Saved(kept, changed)

    # --- one try

    def _read(self, address: str, limit: int) -> bytes:
        with self._answer(address, {}) as response:
            self._refuse(response, address)
            body = io.BytesIO()
            self._receive(response, body, limit, address)
        return body.getvalue()

    def _download(self, address: str, note: Note | None, part: Partial) -> _Fresh | None:
        """Appends to the partial file until it is whole; None when the note's object is current."""
        headers: dict[str, str] = {}
        if note is not None and note.etag:
            headers["If-None-Match"] = note.etag
        if note is not None and note.modified:
            headers["If-Modified-Since"] = note.modified
        had, validator = part.size, part.validator
        if had and validator:
            headers |= {"Range": f"bytes={had}-", "If-Range": validator}
        with self._answer(address, headers) as response:
            status = response.status_code
            if status == 304 and note is not None:
                part.discard()
                return None
            if had and status in (206, 416):
                if status == 416 or not continues(response, had, validator):
                    part.discard()
                    raise _Passing("the server gives another part than the one that is missing")
            else:
                self._refuse(response, address)
                part.begin(validator_of(response), self.cache)
            try:
                with part.open() as file:
                    self._receive(response, file, self._limits.file_bytes, address)
            except LimitExceeded:
                part.discard()
                raise
            return _Fresh(text_of(response, "etag"), text_of(response, "last-modified"))

    def _receive(self, response: httpx.Response, file: IO[bytes], limit: int, address: str) -> None:
        end = self.clock.monotonic() + self._limits.file_seconds
        watched = _Watched(file, lambda: self.clock.monotonic() > end)
        begin = file.seek(0, io.SEEK_END)
        try:
            receive(response, watched, limit=limit, where=address)
        except TimeoutError as error:
            raise Unavailable(
                f"it did not come within {self._limits.file_seconds:,.0f} seconds",
                where=address,
                hint="run the sync again: it goes on where it was",
            ) from error
        finally:
            self.bytes += file.tell() - begin

    def _refuse(self, response: httpx.Response, address: str) -> None:
        """Raises for every answer that is not the thing asked for."""
        status = response.status_code
        if status == 200:
            return
        words = f"the server answers {status} {response.reason_phrase}".rstrip()
        if status in _PASSING:
            raise _Passing(words, retry_after(response, self.clock.now()))
        if status in (404, 410):
            raise Missing(words, where=address, hint="check the parameters; the address may have moved")
        raise Unavailable(words, where=address, hint="look at the address with a browser")

    # --- trying again

    def _persist(self, address: str, once: Callable[[], T]) -> T:
        """What ``once`` returns, at the first try that gives it. Raises Unavailable after the last one."""
        for attempt in range(self._limits.tries):
            try:
                return once()
            except httpx.TransportError as error:
                fault = _Passing(str(error) or type(error).__name__)
            except httpx.DecodingError as error:
                fault = _Passing(f"the body is broken: {error}")
            except _Passing as error:
                fault = error
            pause = self._limits.pause * 2**attempt * (0.5 + self.clock.jitter())
            if fault.wait is not None and fault.wait > self._limits.longest_pause:
                raise Unavailable(
                    f"{fault}, and asks to wait {fault.wait:,.0f} seconds",
                    where=address,
                    hint="run the sync again then; what came is kept",
                ) from fault
            if attempt + 1 < self._limits.tries:
                self.clock.sleep(max(pause, fault.wait or 0.0))
        raise Unavailable(
            f"{fault} ({self._limits.tries} tries)",
            where=address,
            hint="check the connection; nothing was changed, and a later sync goes on where this one was",
        ) from fault

    # --- one request, and what it must keep to

    @contextmanager
    def _answer(
        self, address: str, headers: dict[str, str], *, ruled: bool = True
    ) -> Iterator[httpx.Response]:
        url = url_of(address)
        for _ in range(_REDIRECTS + 1):
            if ruled:
                self._obey(url)
            self._take_turn(url)
            request = self._client.build_request(
                # A compressed body has no bytes to count and cannot be resumed.
                "GET",
                url,
                headers={"User-Agent": USER_AGENT, "Accept-Encoding": "identity", **headers},
            )
            response = self._client.send(request, stream=True, follow_redirects=False)
            try:
                if response.next_request is None:
                    yield response
                    return
                target = response.next_request.url
            finally:
                response.close()
            # robots.txt is followed to wherever a site keeps it (RFC 9309, 2.3.1.2).
            if (ruled and host_of(target) not in self._hosts | {host_of(url)}) or downgrades(url, target):
                raise Unavailable(
                    f"it leads to {target}, which is not a host of this source",
                    where=address,
                    hint="the address has moved, or somebody is in between; look at it with a browser",
                )
            url = target
        raise Unavailable(f"over {_REDIRECTS} redirects", where=address, hint="the address has moved")

    def _take_turn(self, url: httpx.URL) -> None:
        if self.left <= 0:
            raise RunSpent(
                f"{self._limits.requests:,} requests were made, the most that one run may make",
                where=str(url),
                hint="what came is kept: run the sync again to go on",
            )
        host = host_of(url)
        rules = self._rules.get(host, robots.Rules())
        interval = max(self._limits.interval, rules.delay or 0.0)
        if (wait := self._turns.get(host, 0.0) - self.clock.monotonic()) > 0:
            self.clock.sleep(wait)
        self._turns[host] = self.clock.monotonic() + interval
        self.requests += 1

    def _obey(self, url: httpx.URL) -> None:
        host = host_of(url)
        if host not in self._rules:
            self._rules[host] = self._ask_robots(url, host)
        rules = self._rules[host]
        path = url.raw_path.decode("ascii")
        if not rules.allow(path):
            raise Unavailable(
                "the site's robots.txt does not allow programs to fetch this",
                where=str(url),
                hint="download the file yourself and ingest it",
            )
        if (rules.delay or 0.0) > self._limits.longest_pause:
            raise Unavailable(
                f"the site's robots.txt asks for {rules.delay:,.0f} seconds between requests",
                where=str(url),
                hint="download the file yourself and ingest it",
            )

    def _ask_robots(self, url: httpx.URL, host: str) -> robots.Rules:
        """The rules of a host, from a copy of the last day or from the host."""
        name = f"robots-{host.replace(':', '-')}"
        known = self.cache.state(name)
        age = self.clock.now() - known["checked"] if isinstance(known, dict) else _ROBOTS_LAST
        if not isinstance(known, dict) or not 0 <= age < _ROBOTS_LAST:
            address = str(url.copy_with(raw_path=b"/robots.txt"))
            try:
                body = self._persist(address, lambda: self._read_robots(address))
            except LimitExceeded as error:
                raise Unavailable(f"robots.txt: {error.message}", where=address, hint=error.hint) from error
            known = {"checked": self.clock.now(), "text": body.decode("utf-8", "replace")}
            self.cache.keep_state(name, known)
        return robots.parse(known["text"], AGENT)

    def _read_robots(self, address: str) -> bytes:
        with self._answer(address, {}, ruled=False) as response:
            # 4xx: there are no rules (RFC 9309, 2.3.1.3); but not where it asks to come again later.
            if 400 <= response.status_code < 500 and response.status_code not in _PASSING:
                return b""
            self._refuse(response, address)
            body = io.BytesIO()
            self._receive(response, body, robots.MAX_BYTES, address)
        return body.getvalue()


class _Watched:
    """A file that stops taking bytes when the time is up, however slowly they come."""

    def __init__(self, file: IO[bytes], over: Callable[[], bool]) -> None:
        self._file = file
        self._over = over

    def write(self, data: bytes, /) -> int:
        if self._over():
            raise TimeoutError
        return self._file.write(data)

    def tell(self) -> int:
        return self._file.tell()
