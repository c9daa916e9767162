"""A server on this machine that answers as told, and time that passes when somebody sleeps."""

from __future__ import annotations

import hashlib
import io
import ssl
import threading
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from sdograph.live import Clock


@dataclass
class Answer:
    """What the server says. ``cut`` ends the connection after so many bytes of the body."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    framed: bool = True


@dataclass
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]


Route = Callable[[Asked], Answer]


class Web:
    """Routes by path, with or without the query, and a list of what was asked. Everything else is a 404."""

    def __init__(self) -> None:
        self.routes: dict[str, Route] = {}
        self.asked: list[Asked] = []
        self.address = ""

    def paths(self, *, robots: bool = False) -> list[str]:
        return [a.path for a in self.asked if robots or a.path != "/robots.txt"]

    def on(self, path: str, *answers: Answer) -> None:
        """Gives these answers one after the other, the last one for ever."""
        left = list(answers)
        self.routes[path] = lambda _asked: left.pop(0) if len(left) > 1 else left[0]

    def serve_file(self, path: str, body: bytes, *, ranges: bool = True, etag: bool = True) -> None:
        """A static file as the real servers give it: ETag, Last-Modified, conditional requests, ranges."""
        self.routes[path] = lambda asked: static(asked, body, ranges=ranges, etag=etag)

    def answer(self, asked: Asked) -> Answer:
        self.asked.append(asked)
        route = self.routes.get(asked.path) or self.routes.get(asked.path.partition("?")[0])
        return route(asked) if route else Answer(b"nothing here", 404)


def static(asked: Asked, body: bytes, *, ranges: bool = True, etag: bool = True) -> Answer:
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    changed = "Tue, 10 Jan 2023 09:00:00 GMT"
    headers = {"Last-Modified": changed} | ({"ETag": tag} if etag else {})
    if etag and asked.headers.get("if-none-match") == tag:
        return Answer(status=304, headers=headers)
    if not etag and asked.headers.get("if-modified-since") == changed:
        return Answer(status=304, headers=headers)
    wanted = asked.headers.get("range", "")
    if ranges and wanted and asked.headers.get("if-range") == (tag if etag else changed):
        first = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if first >= len(body):
            return Answer(status=416, headers={"Content-Range": f"bytes */{len(body)}"})
        part = {"Content-Range": f"bytes {first}-{len(body) - 1}/{len(body)}"}
        return Answer(body[first:], 206, headers | part)
    return Answer(body, headers=headers)


@contextmanager
def running(web: Web, *, certificate: tuple[Path, Path] | None = None) -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            asked = Asked(self.path, {k.lower(): v for k, v in self.headers.items()})
            answer = web.answer(asked)
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            bodiless = answer.status == 304
            if not bodiless and answer.framed and "Content-Length" not in answer.headers:
                self.send_header("Content-Length", str(len(answer.body)))
            if not answer.framed or answer.cut is not None:
                self.send_header("Connection", "close")
            self.end_headers()
            try:
                self.wfile.write(answer.body if answer.cut is None else answer.body[: answer.cut])
            except OSError:
                self.close_connection = True
            if not answer.framed or answer.cut is not None:
                self.close_connection = True

        def log_message(self, format: str, *args: object) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request: object, client_address: object) -> None:
            return  # a client that goes away in the middle is what some tests are about

    server = Server(("127.0.0.1", 0), Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    web.address = f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    try:
        yield web
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class TestClock(Clock):
    """Time that only passes when somebody sleeps."""

    __test__ = False

    def __init__(self) -> None:
        self.time = 1_700_000_000.0
        self.slept: list[float] = []

    def now(self) -> float:
        return self.time

    def monotonic(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds

    def jitter(self) -> float:
        return 0.5


def zipped(**members: str) -> bytes:
    """A ZIP archive with these members, ``_`` standing for a dot in their names."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("_", ".")), text)
    return data.getvalue()
