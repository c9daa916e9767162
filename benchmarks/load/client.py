"""A client of HTTP/1.1 that costs little: what it uses is taken from the server it measures."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as it goes over the wire."""

    method: str = "GET"
    target: str
    """Path and query, encoded."""
    accept: str = "*/*"
    content_type: str | None = None
    body: bytes = b""

    def head(self) -> bytes:
        lines = [f"{self.method} {self.target} HTTP/1.1", "Host: 127.0.0.1", f"Accept: {self.accept}"]
        if self.content_type is not None:
            lines += [f"Content-Type: {self.content_type}", f"Content-Length: {len(self.body)}"]
        return "\r\n".join([*lines, "", ""]).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer; one that was cut short is an error of its connection instead."""

    status: int
    headers: dict[str, str]
    body: bytes


class Connection:
    """A connection that is kept open. ``source`` is the address it comes from: each client has its own."""

    def __init__(self, port: int, source: str) -> None:
        self._port, self._source = port, source
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._used = False

    async def ask(self, request: Request) -> Answer:
        """Raises OSError or EOFError when no whole answer comes, ValueError when it is none of HTTP/1.1."""
        try:
            return await self._ask(request)
        except (EOFError, ConnectionResetError) as error:
            # A server may close a connection that rests just when it is used again (RFC 9112, section 9.3.1).
            if not self._used or getattr(error, "partial", b""):
                raise
        return await self._ask(request)

    async def _ask(self, request: Request) -> Answer:
        self._used = self._streams is not None
        if self._streams is None:
            self._streams = await asyncio.open_connection(
                "127.0.0.1", self._port, local_addr=(self._source, 0), limit=1 << 20
            )
        reader, writer = self._streams
        try:
            writer.write(request.head() + request.body)
            answer = await _answer(reader)
        except BaseException:
            self.close()
            raise
        if answer.headers.get("connection", "").lower() == "close":
            self.close()
        return answer

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


async def _answer(reader: asyncio.StreamReader) -> Answer:
    first, *fields = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {
        name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields if field)
    }
    if not first.startswith("HTTP/1.1 "):
        raise ValueError(f"no answer of HTTP/1.1: {first[:80]}")
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    elif headers.get("transfer-encoding") == "chunked":
        chunks = []
        while size := int(await reader.readuntil(b"\r\n"), 16):
            chunks.append((await reader.readexactly(size + 2))[:-2])
        await reader.readuntil(b"\r\n")
        body = b"".join(chunks)
    else:
        body = b""
    return Answer(int(first.split()[1]), headers, body)
