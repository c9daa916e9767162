"""One SPARQL server over HTTP: what it answers comes whole and is what was asked for, or is an error."""

from __future__ import annotations

import random
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import IO, Any, TypeVar, cast

import httpx

from sdograph import __version__
from sdograph.errors import InvalidQuery, LimitExceeded, StoreUnreachable, Unavailable
from sdograph.store.remote.address import Address
from sdograph.store.remote.credentials import Credentials

T = TypeVar("T")

USER_AGENT = f"sdograph/{__version__} (+https://w3id.org/sdograph)"

ROWS = "application/sparql-results+json"
TRIPLES = "application/n-triples"

#: Answers of queries, in bytes; those that are longer are an error.
MAX_BYTES = 512 * 1024 * 1024
#: Of an answer that is held in memory; what is longer waits on disk.
_IN_MEMORY = 8 * 1024 * 1024
_CHUNK = 256 * 1024
#: Of an error page.
_MAX_WORDS = 4_000

_PASSING = frozenset((408, 425, 429, 502, 503, 504))
_TRIES = 4
_PAUSE = 0.2
"""Seconds before the second try; each further one waits twice as long, with jitter."""
_LONGEST_PAUSE = 10.0


class RowLimit(Unavailable):
    """The server gives the first rows of an answer only."""


class _Passing(Exception):
    """A fault that may pass; ``wait`` is what the server asks for, in seconds."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Server:
    """The query and the update service at an address. Safe to use from several threads."""

    def __init__(self, address: Address, credentials: Credentials, *, tries: int = _TRIES) -> None:
        """Raises UsageError when credentials would be sent over an open line."""
        self.address = address
        self.software = ""
        """What the server calls itself, once it has answered."""
        self._tries = tries
        self._client = httpx.Client(
            auth=credentials.auth(address),
            headers={"User-Agent": USER_AGENT},
            timeout=httpx.Timeout(address.timeout, connect=min(10.0, address.timeout), pool=address.timeout),
            follow_redirects=False,
            limits=httpx.Limits(max_connections=32, max_keepalive_connections=16),
        )
        # Stores are not closed by those who use them.
        weakref.finalize(self, self._client.close)

    # --- asking

    def ask(
        self,
        query: str,
        accept: str,
        *,
        default: Sequence[str] = (),
        named: Sequence[str] = (),
        limit: int = MAX_BYTES,
    ) -> IO[bytes]:
        """The whole answer to a query, of media type ``accept``, as a file at its beginning.

        Raises InvalidQuery when the server does not take the query, RowLimit when it has more rows than it
        gives, LimitExceeded for more than ``limit`` bytes, Unavailable for everything else that is not the
        whole answer.
        """

        def once() -> IO[bytes]:
            with self._asked(query, accept, default, named) as response:
                file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115
                # Closed when the last who reads it is gone; that may be an answer half-read.
                body = _Body(iter(partial(file.read, _CHUNK), b""))
                weakref.finalize(body, file.close)
                for chunk in self._chunks(response):
                    file.write(chunk)
                    if file.tell() > limit:
                        raise LimitExceeded(
                            f"the answer is over {limit:,} bytes",
                            where=self.address.query,
                            hint="ask for less: name what you want, or LIMIT it",
                        )
                self._hold_to_end(file, accept)
                file.seek(0)
                return cast(IO[bytes], body)

        return self._persist(self.address.query, once)

    def update(self, text: str) -> None:
        """Performs an update. It must be one that may be performed twice: it is sent again after a fault."""

        def once() -> None:
            request = self._client.build_request(
                "POST",
                self.address.update,
                content=text.encode(),
                headers={"Content-Type": "application/sparql-update; charset=utf-8", "Accept": "*/*"},
            )
            with self._sent(request) as response:
                self._refuse(response, self.address.update)
                for _ in response.iter_raw():  # so that the connection can be used again
                    pass

        self._persist(self.address.update, once)

    # --- one request

    @contextmanager
    def _asked(
        self, query: str, accept: str, default: Sequence[str], named: Sequence[str]
    ) -> Iterator[httpx.Response]:
        data: dict[str, Any] = {"query": query}
        if default:
            data["default-graph-uri"] = list(default)
        if named:
            data["named-graph-uri"] = list(named)
        request = self._client.build_request(
            "POST", self.address.query, data=data, headers={"Accept": accept}
        )
        with self._sent(request) as response:
            self._refuse(response, self.address.query)
            found = response.headers.get("content-type", "").partition(";")[0].strip().lower()
            if found != accept:
                raise Unavailable(
                    f"the server answers with {found or 'something without a type'} instead of {accept}",
                    where=self.address.query,
                    hint="is this the address of a SPARQL query service?",
                )
            if (rows := row_limit(response)) is not None:
                raise RowLimit(
                    f"the server gives the first {rows:,} rows only",
                    where=self.address.query,
                    hint="ask for less, or raise its limit (ResultSetMaxRows of Virtuoso)",
                )
            yield response

    @contextmanager
    def _sent(self, request: httpx.Request) -> Iterator[httpx.Response]:
        response = self._client.send(request, stream=True)
        try:
            self.software = response.headers.get("server", "")
            yield response
        finally:
            response.close()

    def _chunks(self, response: httpx.Response) -> Iterator[bytes]:
        """The body. Raises when it is cut, or nothing would tell if it were, or it takes too long."""
        headers = response.headers
        length = headers.get("content-length")
        chunked = "chunked" in headers.get("transfer-encoding", "").lower()
        if length is None and not chunked and response.http_version.startswith("HTTP/1"):
            raise httpx.RemoteProtocolError("the answer does not say where it ends", request=response.request)
        end = time.monotonic() + self.address.timeout
        for chunk in response.iter_bytes():
            yield chunk
            if time.monotonic() > end:
                raise Unavailable(
                    f"the answer did not come within {self.address.timeout:,.0f} seconds",
                    where=str(response.request.url),
                    hint="ask for less, or say timeout= in the address of the store",
                )

    def _hold_to_end(self, file: IO[bytes], accept: str) -> None:
        """Raises for rows that break off in a body that does not: Oxigraph ends so at its time limit."""
        if accept != ROWS:
            return  # triples are parsed before one is used
        file.seek(max(0, file.tell() - _MAX_WORDS))
        rest = file.read().rpartition(b"}")[2].strip()
        if rest or file.tell() == 0:
            raise Unavailable(
                f"the answer breaks off: {rest[:300].decode('utf-8', 'replace')}",
                where=self.address.query,
                hint="ask for less, or raise the limits of the server",
            )

    def _refuse(self, response: httpx.Response, where: str) -> None:
        """Raises for every answer that is not a success."""
        status = response.status_code
        said = response.headers.get("x-sql-message") or response.headers.get("x-sql-state")
        if status == 206 or (status == 200 and said):
            raise Unavailable(
                f"the server gives a part of the answer only: {' '.join((said or '').split())[:300]}",
                where=where,
                hint="ask for less, or raise its limits of time",
            )
        if status in (200, 201, 204):
            return
        words = f"the server answers {status} {response.reason_phrase}".rstrip()
        if status in _PASSING:
            raise _Passing(words, _seconds(response.headers.get("retry-after")))
        if status in (401, 403):
            raise Unavailable(
                words,
                where=where,
                hint="set SDOGRAPH_STORE_USER and SDOGRAPH_STORE_PASSWORD, or SDOGRAPH_STORE_TOKEN",
            )
        if 300 <= status < 400:
            target = response.headers.get("location", "nowhere")
            raise Unavailable(
                f"{words} and leads to {target}", where=where, hint="name that address if you trust it"
            )
        told = self._words(response)
        if status == 400:
            raise InvalidQuery(told or words, where=where, hint="correct it where the message points")
        raise Unavailable(f"{words}: {told}" if told else words, where=where, hint="look into its log")

    def _words(self, response: httpx.Response) -> str:
        """The first line of what the server says of an error, unless it is a page for people."""
        if "html" in response.headers.get("content-type", "").lower():
            return ""
        body = b""
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > _MAX_WORDS:
                break
        # Virtuoso adds the text of the query after an empty line.
        text = body[:_MAX_WORDS].decode("utf-8", "replace").strip().partition("\n\n")[0]
        return " ".join(text.split())[:500]

    # --- trying again

    def _persist(self, where: str, once: Callable[[], T]) -> T:
        fault: Exception | None = None
        for attempt in range(self._tries):
            if attempt:
                wait = fault.wait if isinstance(fault, _Passing) else None
                pause = _PAUSE * 2 ** (attempt - 1) * (0.5 + random.random())  # noqa: S311
                time.sleep(min(max(pause, wait or 0.0), _LONGEST_PAUSE))
            try:
                return once()
            except httpx.ReadTimeout as error:
                # It may be at work still, and would do it twice at a time.
                raise Unavailable(
                    f"no answer within {self.address.timeout:,.0f} seconds",
                    where=where,
                    hint="ask for less, or say timeout= in the address of the store",
                ) from error
            except (httpx.TransportError, httpx.DecodingError, _Passing) as error:
                fault = error
        raise StoreUnreachable(
            f"{fault or type(fault).__name__} ({self._tries} tries)",
            where=where,
            hint="is the server running, and is this its address?",
        ) from fault


class _Body:
    """A body as a file that can be read once."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._rest = b""

    def read(self, size: int = -1) -> bytes:
        if size < 0:
            rest, self._rest = self._rest, b""
            return rest + b"".join(self._chunks)
        if not self._rest:
            self._rest = next(self._chunks, b"")
        part, self._rest = self._rest[:size], self._rest[size:]
        return part


def row_limit(response: httpx.Response) -> int | None:
    """The number of rows after which the server has stopped; None when it has not.

    Virtuoso says so with status 200, and also when there would have been no more rows than these.
    """
    text = response.headers.get("x-sparql-maxrows", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _seconds(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() else None
