"""Documents at addresses: whole, bounded, or an error that says which."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from sdograph.errors import LimitExceeded, Unavailable
from sdograph.sources.fetch import MAX_BYTES, fetch, file_name, is_address


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/docs/LS%20to%20SA3.txt"):
            self._send(200, b"Title: LS\n")
        elif self.path == "/endless":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            block = b"\0" * 1_000_000
            for _ in range(MAX_BYTES // len(block) + 5):
                try:
                    self.wfile.write(b"%x\r\n%b\r\n" % (len(block), block))
                except OSError:
                    return
        elif self.path == "/packed":
            body = gzip.compress(b"\0" * 1_000_000)
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        elif self.path == "/long":
            self._send(200, b"\0" * 2_000)
        elif self.path == "/unframed":
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"half or whole?")
        elif self.path == "/moved":
            self.send_response(302)
            self.send_header("Location", "/docs/LS%20to%20SA3.txt")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.wfile.write(b"half")
        else:
            self._send(404, b"no")

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_document_is_saved_under_its_own_name(address: str, tmp_path: Path) -> None:
    path = fetch(f"{address}/docs/LS%20to%20SA3.txt?version=2", tmp_path)
    assert path.name == "LS to SA3.txt"
    assert path.read_bytes() == b"Title: LS\n"


def test_a_document_that_has_moved_keeps_the_name_it_was_asked_by(address: str, tmp_path: Path) -> None:
    assert fetch(f"{address}/moved", tmp_path) == tmp_path / "moved"


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/ftp/TDoc_List_Meeting_SA3%23122.xlsx", "TDoc_List_Meeting_SA3#122.xlsx"),
        ("/a/..%2F..%2Fetc%2Fpasswd", "passwd"),
        ("/a/..", "document"),
        ("/", "document"),
        ("", "document"),
        ("/x%00.txt", "x.txt"),
        (f"/{'x' * 300}.txt", f"{'x' * 196}.txt"),
    ],
)
def test_names_are_safe(path: str, name: str) -> None:
    assert file_name(f"https://www.3gpp.org{path}") == name


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/none.txt", "404"),
        ("/short", "check the address"),
        ("/unframed", "does not say where it ends"),
    ],
)
def test_what_cannot_be_had(address: str, tmp_path: Path, path: str, says: str) -> None:
    with pytest.raises(Unavailable, match=says):
        fetch(f"{address}{path}", tmp_path)
    assert list(tmp_path.iterdir()) == [], "no half of it stays"


def test_nobody_answers(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="check the address"):
        fetch("http://127.0.0.1:9/x", tmp_path)


def test_an_endless_answer_is_cut_off(address: str, tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="50,000,000"):
        fetch(f"{address}/endless", tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("path", ["/long", "/packed"])
def test_a_long_document_is_cut_off(address: str, tmp_path: Path, path: str) -> None:
    """/packed is short as it comes and long as it is."""
    with pytest.raises(LimitExceeded, match="over 1,999"):
        fetch(f"{address}{path}", tmp_path, limit=1_999)


def test_what_is_an_address() -> None:
    assert is_address("https://www.3gpp.org/ftp/x.docx")
    assert not is_address("x.docx")
    assert not is_address("file:///etc/passwd")
