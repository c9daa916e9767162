"""Connections: how long a client may take to say what it wants, and in how many bytes.

The server's own protocol waits for a request line and headers for ever, and takes any number of them.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from sdograph_api.problems import MEDIA_TYPE, Limit, Problem

#: Seconds that request line and headers may take.
HEAD_SECONDS = 10.0
#: Bytes they may have.
HEAD_BYTES = 128 << 10
#: Seconds that a client may go on sending a body after its answer.
LINGER_SECONDS = 2.0


class Connection(HttpToolsProtocol):
    """A connection that is closed when it keeps the server waiting.

    A head that is too slow is answered 408, one that is too large 431, one that is none 400.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._received = 0
        """Bytes since the last request was whole, no fewer than the head has so far."""
        self._in_body = False
        self._refused: Problem | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._wait(HEAD_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._wait(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if not self._in_body:
            if not self._received and self._timer is None:
                self._wait(HEAD_SECONDS)
            self._received += len(data)
        super().data_received(data)
        if not self._in_body and self._received > HEAD_BYTES and not self.transport.is_closing():
            self._refuse(_too_large())

    def on_headers_complete(self) -> None:
        if self._received > HEAD_BYTES:
            head = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
            if head > HEAD_BYTES:
                self._refused = _too_large()
                raise ValueError  # the parser ends with that, and send_400_response is called
        self._wait(None)
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self._in_body = False
        self._received = 0
        if not self._is_answering():
            self._wait(HEAD_SECONDS)  # for the next one; it was answered before it was whole

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._in_body and not self._is_answering():
            self._wait(LINGER_SECONDS)

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refused or Problem(400, "no-http", msg, hint="send HTTP/1.1"))

    def _refuse(self, problem: Problem) -> None:
        if self.cycle.response_started if self._in_body else self._is_answering():
            self.transport.abort()  # nothing may get into an answer, and no other may follow it
            return
        if self._in_body:
            self.cycle.disconnected = True
        body = problem.body()
        head = (
            f"HTTP/1.1 {problem.status} {problem.document()['title']}\r\ncontent-type: {MEDIA_TYPE}\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def _is_answering(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self, seconds: float | None) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, self._waited)

    def _waited(self) -> None:
        self._timer = None
        if self._is_answering():
            self._wait(HEAD_SECONDS)  # the next request waits for the answer to this one
        elif self._received and not self._in_body:
            self._refuse(_too_slow())
        else:
            self.transport.close()


def _too_large() -> Problem:
    return Problem(
        431, "head-too-large", "the request line and the headers are too large",
        hint="post what is long", limit=Limit("head_bytes", HEAD_BYTES, "bytes"),
    )  # fmt: skip


def _too_slow() -> Problem:
    return Problem(
        408, "too-slow", "the request line and the headers did not arrive in time", hint="send them faster",
        limit=Limit("head_seconds", HEAD_SECONDS, "seconds"),
    )  # fmt: skip
