"""A server that answers as it is told to, to see what is made of faults."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

VERSION = "7-cafe"
JSON = "application/sparql-results+json"


def rows(*values: str, version: str = VERSION) -> bytes:
    """Rows of ?s ?p ?o with these objects, and what every answer says of the version."""
    uri = '{"type":"uri","value":"http://example.org/s"}'
    found = [f'{{"s":{uri},"p":{uri},"o":{{"type":"literal","value":"{value}"}}}}' for value in values]
    found.append(f'{{"version":{{"type":"literal","value":"{version}"}}}}')
    head = '"head":{"vars":["s","p","o","g","version"]}'
    return f'{{{head},"results":{{"bindings":[{",".join(found)}]}}}}'.encode()


def state(version: str = VERSION) -> bytes:
    """What a store with a dataset says of itself."""

    def row(p: str, o: str) -> str:
        return f'{{"p":{{"type":"uri","value":"{p}"}},"o":{{"type":"literal","value":"{o}"}}}}'

    said = [
        row("http://www.w3.org/ns/dcat#version", version),
        row("https://w3id.org/sdograph/ontology#generation", "7"),
        '{"now":{"type":"literal","value":"2024-01-02T03:04:05Z"}}',
    ]
    head = '"head":{"vars":["p","o","now"]}'
    return f'{{{head},"results":{{"bindings":[{",".join(said)}]}}}}'.encode()


class Handler(BaseHTTPRequestHandler):
    """Answers the question about the state of the store itself, all others by ``answer``."""

    protocol_version = "HTTP/1.1"
    answer: Callable[[Handler], None]
    seen: list[dict[str, list[str]]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode()
        form = parse_qs(body) | {"authorization": self.headers.get_all("Authorization", [])}
        self.seen.append(form)
        if "NOW()" in form.get("query", [""])[0]:
            self.reply(state())
        else:
            type(self).answer(self)

    def reply(
        self, body: bytes = b"", status: int = 200, kind: str = JSON, cut: int = 0, **headers: str
    ) -> None:
        """An answer; ``cut``: so many bytes of it never come."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body[: len(body) - cut])
        if cut:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def faulty(answer: Callable[[Handler], None]) -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """The address of a server that answers so, and the forms that it was sent."""
    seen: list[dict[str, list[str]]] = []
    kind = type("Told", (Handler,), {"answer": staticmethod(answer), "seen": seen})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"sparql+http://127.0.0.1:{server.server_address[1]}/query", seen
        finally:
            server.shutdown()
            thread.join()
