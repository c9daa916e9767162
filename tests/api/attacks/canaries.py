"""What must stay untouched: an HTTP server and a file, both told to anyone who could be led to them."""

from __future__ import annotations

import contextlib
import ctypes
import os
import struct
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

SECRET = "the-canary-sang"

#: What the server answers: a context, a graph, an entity or a result, whatever was asked for.
_BODIES = {
    "context": ("application/ld+json", b'{"@context": {"name": "urn:' + SECRET.encode() + b'"}}'),
    "entity": ("text/plain", SECRET.encode()),
    "graph": ("text/turtle", b"<urn:canary> <urn:says> '" + SECRET.encode() + b"' ."),
    "sparql": (
        "application/sparql-results+json",
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"' + SECRET.encode()
        + b'"}}]}}',
    ),
}  # fmt: skip


class HttpCanary:
    """Listens on loopback and notes every connection, and every path that is asked for."""

    def __init__(self) -> None:
        canary = self
        self.connections = 0
        self.asked: list[str] = []

        class Server(ThreadingHTTPServer):
            def verify_request(self, request: Any, client_address: Any) -> bool:
                canary.connections += 1
                return True

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                canary.asked.append(self.path)
                if self.path.startswith("/redirect"):
                    self.send_response(307 if "307" in self.path else 302)
                    self.send_header("Location", f"{canary.address}/sparql/elsewhere")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                media_type, body = _BODIES.get(self.path.split("/")[1], _BODIES["graph"])
                self.send_response(200)
                self.send_header("Content-Type", media_type)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 (the interface)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = Server(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class FileCanary:
    """A file that notices, on Linux, when it is opened by anybody."""

    _IN_OPEN, _IN_ACCESS = 0x20, 0x1

    def __init__(self, folder: Path) -> None:
        self.path = folder / "canary.txt"
        self.path.write_text(f"<urn:file> <urn:says> '{SECRET}' .\n")
        self._watch = -1
        if sys.platform == "linux":
            libc = ctypes.CDLL(None, use_errno=True)
            self._watch = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
            libc.inotify_add_watch(self._watch, os.fsencode(self.path), self._IN_OPEN | self._IN_ACCESS)

    def opened(self) -> bool:
        """Whether it was opened since this was last asked."""
        if self._watch < 0:
            return False
        with contextlib.suppress(BlockingIOError):
            return len(os.read(self._watch, 4096)) >= struct.calcsize("iIII")
        return False

    def close(self) -> None:
        if self._watch >= 0:
            os.close(self._watch)


@contextlib.contextmanager
def canaries(folder: Path) -> Iterator[tuple[HttpCanary, FileCanary]]:
    http, file = HttpCanary(), FileCanary(folder)
    try:
        yield http, file
    finally:
        http.close()
        file.close()
