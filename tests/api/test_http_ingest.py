"""Documents over HTTP: what is told of them, that nothing is left of a dry run, and what is refused."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from http_support import InProcess, Server, problem, wait_until

from sdograph import pipeline
from sdograph.errors import WriterBusy
from sdograph.store import EmbeddedStore
from sdograph_api.ingest import reader
from sdograph_api.ingest.models import Documents
from sdograph_api.ingest.receiving import MAX_NAME, file_name
from sdograph_api.problems import Problem, from_error
from sdograph_api.settings import Settings

Serve = Callable[..., Server]

PATH = "/api/v1/ingest"
TOKEN = {"Authorization": "Bearer sesame"}
STATEMENT = b"""Title: LS on the security of learning
From: 3GPP SA3
To: ETSI ISG SAI
Date: 12 March 2021
Document number: S3-211234

1. Overall description
SA3 has begun to look at learning.

2. Actions
To ETSI ISG SAI: SA3 kindly asks ETSI ISG SAI to comment by 1 May 2021.
"""


def settings(data_dir: Path, **given: Any) -> Settings:
    return Settings(data_dir=data_dir, query_workers=1, write_token="sesame", **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def client(bundled_store: EmbeddedStore) -> Iterator[InProcess]:
    client = InProcess(settings(bundled_store.data_dir))
    yield client
    client.close()


@pytest.fixture
def opened(request: pytest.FixtureRequest) -> Callable[..., InProcess]:
    """The application with settings of the test's own."""

    def open_it(data_dir: Path, **given: Any) -> InProcess:
        one = InProcess(settings(data_dir, **given))
        request.addfinalizer(one.close)
        return one

    return open_it


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files, of the servers too: it is empty after each test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(autouse=True)
def nothing_is_left(temporary: Path) -> Iterator[None]:
    yield
    wait_until(lambda: not list(temporary.iterdir()), seconds=10)


def sent(*documents: tuple[str, bytes]) -> list[tuple[str, tuple[str, bytes]]]:
    return [("file", document) for document in documents]


def archive(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in members:
            opened.writestr(name, content)
    return made.getvalue()


BOMB = archive(("statement.txt", b"To: ETSI\n" * 8_000_000))
#: What a browser sends of a form in which no file was chosen.
NOTHING_CHOSEN = (
    b'--b\r\nContent-Disposition: form-data; name="file"; filename=""\r\n'
    b"Content-Type: application/octet-stream\r\n\r\n\r\n--b--\r\n"
)
BROKEN_PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog >>\nendobj\nstream"


# --- dry runs


def test_a_dry_run_tells_what_the_command_line_tells(
    client: InProcess, bundled_store: EmbeddedStore, founding: Path
) -> None:
    before = set(bundled_store.data_dir.iterdir())
    answer = client.post(PATH, files=sent((founding.name, founding.read_bytes())))
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    options = pipeline.Options(dry_run=True, whole=True)
    (report,) = pipeline.ingest(bundled_store, [founding], options)
    assert answer.json() == {
        "documents": [{**json.loads(json.dumps(report.as_dict())), "path": founding.name}]
    }
    (statement,) = answer.json()["documents"][0]["records"]
    assert statement["purpose"]["3GPP-SA3"] == "action"
    Documents.model_validate(answer.json())
    assert set(bundled_store.data_dir.iterdir()) <= before
    assert bundled_store.current_number() == 1


def test_of_several_documents_each_is_told_in_turn(client: InProcess, founding: Path) -> None:
    answer = client.post(
        PATH,
        files=sent(
            ("LS.txt", STATEMENT), ("LS.txt", founding.read_bytes()), ("../../broken.pdf", BROKEN_PDF)
        ),
    )
    assert answer.status_code == 200
    Documents.model_validate(answer.json())
    documents = answer.json()["documents"]
    assert [(d["path"], d["state"]) for d in documents] == [
        ("LS.txt", "new"), ("LS.txt", "unchanged"), ("broken.pdf", "rejected"),
    ]  # fmt: skip
    assert documents[0]["records"][0]["actions"][0]["deadline"] == "2021-05-01"
    assert documents[2]["findings"][0]["code"] == "unreadable"


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("setup.exe", b"MZ\x90\x00" * 100, 415, "unknown-format"),
        ("statement.docx", b"MZ\x90\x00" * 100, 422, "unreadable"),
        ("statement.pdf", BROKEN_PDF, 422, "unreadable"),
        ("statements.zip", BOMB, 413, "limit-exceeded"),
        ("empty.txt", b"", 422, "unreadable"),
    ],
)
def test_a_document_that_cannot_go_in_is_an_error(
    client: InProcess, name: str, content: bytes, status: int, code: str
) -> None:
    document = problem(client.post(PATH, files=sent((name, content))), status, code)
    (told,) = document["documents"]
    assert (told["path"], told["state"]) == (name, "rejected")
    assert document["findings"] == told["findings"]
    assert tempfile.gettempdir() not in json.dumps(document)


# --- the request


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"content": STATEMENT, "headers": {"Content-Type": "text/plain"}}, 415, "unsupported-media-type"),
        ({"content": b"x", "headers": {"Content-Type": "multipart/form-data"}}, 400, "malformed-form"),
        (
            {"content": NOTHING_CHOSEN, "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
            400,
            "no-file",
        ),
        ({"data": {"form": "x"}, "files": sent(("a.txt", STATEMENT))}, 400, "unknown-parameter"),
        ({"params": {"form": "x"}, "files": sent(("a.txt", STATEMENT))}, 400, "unknown-parameter"),
        ({"data": {"commit": "maybe"}, "files": sent(("a.txt", STATEMENT))}, 400, "invalid-parameter"),
        ({"data": {"contacts": "true"}, "files": sent(("a.txt", STATEMENT))}, 400, "invalid-parameter"),
        ({"params": {"commit": "true"}, "content": b""}, 415, "unsupported-media-type"),
        ({"params": {"commit": "true"}, "files": sent(("a.txt", STATEMENT))}, 401, "unauthorized"),
        ({"data": {"commit": "true"}, "files": sent(("a.txt", STATEMENT))}, 401, "unauthorized"),
        ({"files": sent(("a.txt", b"x" * 40_000_000))}, 413, "body-too-large"),
    ],
)
def test_what_is_no_request_for_reading(
    client: InProcess, given: dict[str, Any], status: int, code: str
) -> None:
    problem(client.post(PATH, **given), status, code)


def test_a_form_that_does_not_say_how_long_it_is_ends_at_the_limit(client: InProcess) -> None:
    def body() -> Iterator[bytes]:
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        for _ in range(40):
            yield b"x" * 1_000_000
        yield b"\r\n--b--\r\n"

    async def sending() -> Any:
        for chunk in body():
            yield chunk

    headers = {"Content-Type": "multipart/form-data; boundary=b"}
    document = problem(client.post(PATH, content=sending(), headers=headers), 413, "body-too-large")
    assert document["limit"]["value"] == 32 << 20


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("LS on AI.docx", "LS on AI.docx"),
        ("../../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\S3-211234.docx", "S3-211234.docx"),
        ("..", "document"),
        ("", "document"),
        ("a\x00b\n.txt", "ab.txt"),
        ("\udcff.txt", ".txt"),
        ("é" * 200 + ".docx", "é" * (MAX_NAME // 2) + ".docx"),
        ("x" * 300, "x" * MAX_NAME),
        ("x." + "y" * 300, ("x." + "y" * 300)[:MAX_NAME]),
    ],
)
def test_names_of_clients_are_names_only(given: str, name: str) -> None:
    assert file_name(given) == name


# --- committing


def test_with_the_token_documents_are_taken_in_once(
    own_store: EmbeddedStore, opened: Callable[..., InProcess]
) -> None:
    client = opened(own_store.data_dir)
    whole = {"params": {"commit": "true"}, "headers": TOKEN}
    answer = client.post(PATH, files=sent(("LS.txt", STATEMENT), ("x.pdf", BROKEN_PDF)), **whole)
    assert answer.status_code == 200
    assert [d["state"] for d in answer.json()["documents"]] == ["new", "rejected"]
    assert answer.headers["x-sdograph-generation"] == "2"
    assert client.get("/id/liaison-statement/3GPP/S3-211234.json").status_code == 200
    # The same bytes are the same document, whatever they are called.
    again = client.post(PATH, files=sent(("other.txt", STATEMENT)), **whole)
    assert [d["state"] for d in again.json()["documents"]] == ["unchanged"]
    assert again.headers["x-sdograph-generation"] == "2"
    # A corrected copy of the statement under its name takes its place.
    corrected = STATEMENT.replace(b"1 May 2021", b"2 June 2021")
    changed = client.post(PATH, files=sent(("LS.txt", corrected)), data={"commit": "true"}, headers=TOKEN)
    assert [d["state"] for d in changed.json()["documents"]] == ["changed"]
    assert own_store.current_number() == 3


def test_a_server_for_reading_only_takes_nothing_in(
    bundled_store: EmbeddedStore, opened: Callable[..., InProcess]
) -> None:
    client = opened(bundled_store.data_dir, read_only=True)
    answer = client.post(PATH, files=sent(("LS.txt", STATEMENT)), data={"commit": "true"}, headers=TOKEN)
    problem(answer, 403, "writing-off")


def asking(path: Path, *, commit: bool, max_answer: int = 1 << 20) -> dict[str, Any]:
    """What the process that reads is asked."""
    return {
        "files": [str(path)], "format": None, "commit": commit, "contacts": False, "page": False,
        "max_answer": max_answer,
    }  # fmt: skip


def test_an_answer_over_the_limit_is_a_problem_unless_it_is_in_already(
    own_store: EmbeddedStore, tmp_path: Path
) -> None:
    (tmp_path / "LS.txt").write_bytes(STATEMENT)
    with pytest.raises(Problem) as raised:
        reader.perform(own_store, asking(tmp_path / "LS.txt", commit=False, max_answer=1000), lambda: None)
    assert (raised.value.status, raised.value.code) == (413, "result-too-large")
    assert own_store.current_number() == 1
    asked = asking(tmp_path / "LS.txt", commit=True, max_answer=1000)
    (document,) = json.loads(reader.perform(own_store, asked, lambda: None))["documents"]
    assert (document["state"], document["records"]) == ("new", [])
    assert own_store.current_number() == 2


def test_while_another_writes_it_is_a_conflict(own_store: EmbeddedStore, tmp_path: Path) -> None:
    class Impatient(EmbeddedStore):
        def writer(self, *, timeout: float = 0.1) -> Any:
            return super().writer(timeout=timeout)

    (tmp_path / "LS.txt").write_bytes(STATEMENT)
    asked = asking(tmp_path / "LS.txt", commit=True)
    with own_store.writer(), pytest.raises(WriterBusy) as raised:
        reader.perform(Impatient(own_store.data_dir), asked, lambda: None)
    assert from_error(raised.value).status == 409
    assert own_store.current_number() == 1


def test_what_may_not_be_published_is_not(own_store: EmbeddedStore, tmp_path: Path) -> None:
    (tmp_path / "LS.txt").write_bytes(STATEMENT)
    asked = asking(tmp_path / "LS.txt", commit=True)

    def gave_up() -> None:
        raise SystemExit(1)

    with pytest.raises(SystemExit):
        reader.perform(own_store, asked, gave_up)
    assert own_store.current_number() == 1


def test_dry_runs_can_be_for_holders_of_the_token(
    bundled_store: EmbeddedStore, opened: Callable[..., InProcess]
) -> None:
    client = opened(bundled_store.data_dir, dry_runs=False)
    problem(client.post(PATH, files=sent(("LS.txt", STATEMENT))), 401, "unauthorized")
    assert client.post(PATH, files=sent(("LS.txt", STATEMENT)), headers=TOKEN).status_code == 200
    assert client.post("/ingest", files=sent(("LS.txt", STATEMENT))).status_code == 401
    assert 'type="file"' not in client.get("/ingest").text


# --- limits


def test_reading_ends_at_its_limits(bundled_store: EmbeddedStore, opened: Callable[..., InProcess]) -> None:
    files = sent(("LS.txt", STATEMENT))
    late = problem(
        opened(bundled_store.data_dir, ingest_timeout=0.05).post(PATH, files=files), 503, "timeout"
    )
    assert late["limit"] == {"name": "ingest_timeout", "value": 0.05, "unit": "seconds"}
    full = opened(bundled_store.data_dir, worker_memory=1 << 20).post(PATH, files=files)
    assert problem(full, 503, "out-of-memory")["limit"]["value"] == 1 << 20


def connected(server: Server, name: str, content: bytes, *, less: int = 0) -> socket.socket:
    """A connection over which a document was sent, but for the last bytes of the form."""
    head = f"--b\r\nContent-Disposition: form-data; name=file; filename={name}\r\n\r\n".encode()
    form = head + content + b"\r\n--b--\r\n"
    host, port = server.address.removeprefix("http://").split(":")
    connection = socket.create_connection((host, int(port)))
    connection.sendall(
        f"POST {PATH} HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        f"Content-Length: {len(form)}\r\n\r\n".encode()
        + form[: len(form) - less]
    )
    return connection


def test_a_program_that_reads_for_us_ends_with_the_reading(
    bundled_store: EmbeddedStore, serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "bin"
    place.mkdir()
    (place / "soffice").write_text(
        f"#!/bin/sh\necho $$ >{place}/writing\nmv {place}/writing {place}/pid\nsleep 300\n"
    )
    (place / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    server = serve(data_dir=bundled_store.data_dir)
    with connected(server, "LS.rtf", b"{\\rtf1 To: ETSI}"):
        wait_until((place / "pid").exists, seconds=60)
    pid = int((place / "pid").read_text())
    wait_until(lambda: not Path(f"/proc/{pid}").exists())


CONTAINED = """
import os, socket
from sdograph_api.query.worker import contain
contain(os.getppid(), 1 << 30, local_sockets=True)
for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK):
    try:
        socket.socket(family).close()
        print("open")
    except PermissionError:
        print("refused")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="by a filter of the kernel")
def test_who_reads_has_no_network() -> None:
    done = subprocess.run([sys.executable, "-c", CONTAINED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["open", "refused", "refused", "refused"]


def test_twenty_at_once_are_read_or_turned_away(bundled_store: EmbeddedStore, serve: Serve) -> None:
    server = serve(data_dir=bundled_store.data_dir)

    def post(_: int) -> httpx.Response:
        return httpx.post(server.address + PATH, files=sent(("LS.txt", STATEMENT)), timeout=60)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(post, range(20)))
    read = [a for a in answers if a.status_code == 200]
    assert len(read) >= Settings().max_client_ingests
    for refused in (a for a in answers if a.status_code != 200):
        problem(refused, 429, "too-many-requests")
        assert refused.headers["retry-after"]
    assert post(0).status_code == 200


def test_a_client_that_goes_leaves_nothing(bundled_store: EmbeddedStore, serve: Serve) -> None:
    server = serve(data_dir=bundled_store.data_dir)

    def read() -> bool:
        return server.client.post(PATH, files=sent(("LS.txt", STATEMENT))).status_code == 200

    # Half-way through the form, more often than one client may have places.
    for _ in range(Settings().max_client_ingests + 1):
        connected(server, "LS.txt", STATEMENT, less=40).close()
    wait_until(read)
    # While it is read.
    workers = len(server.workers())
    with connected(server, "LS.txt", STATEMENT):
        wait_until(lambda: len(server.workers()) > workers)
    wait_until(lambda: len(server.workers()) == workers)
    assert read()


# --- the page


def test_the_page_shows_what_is_asked_of_whom_by_when(client: InProcess) -> None:
    assert 'enctype="multipart/form-data"' in client.get("/ingest").text
    answer = client.post("/ingest", files=sent(("<b>LS.txt", STATEMENT), ("x.pdf", BROKEN_PDF)))
    assert answer.status_code == 200
    assert "script" not in answer.text
    assert "&lt;b&gt;LS.txt" in answer.text
    asked = answer.text.partition("What is asked")[2].partition("</table>")[0]
    assert '<a href="/id/group/ETSI-ISG-SAI">ETSI-ISG-SAI</a>' in asked
    assert "SA3 kindly asks ETSI ISG SAI to comment by 1 May 2021." in asked
    assert "2021-05-01" in asked
    assert "line 11" in asked
    assert "The PDF is damaged" in answer.text or "the PDF is damaged" in answer.text
    links = set(re.findall(r'href="(/id/[^"]+)"', answer.text.partition("<main>")[2]))
    assert links
    assert {client.get(link).status_code for link in links} == {200}


def test_the_page_takes_nothing_in(client: InProcess, bundled_store: EmbeddedStore) -> None:
    answer = client.post("/ingest", files=sent(("LS.txt", STATEMENT)), data={"commit": "true"}, headers=TOKEN)
    assert answer.status_code == 400
    assert "The page takes nothing in." in answer.text
    assert bundled_store.current_number() == 1


def test_the_page_says_why_nothing_was_read(client: InProcess) -> None:
    answer = client.post("/ingest", files=sent(("a.txt", b"x" * 40_000_000)))
    assert answer.status_code == 413
    assert answer.headers["content-type"].startswith("text/html")
    assert "larger than the limit of 33554432 bytes" in answer.text


# --- its description


def test_it_is_described(client: InProcess) -> None:
    described = client.get("/openapi.json").json()["paths"][PATH]["post"]
    (form,) = described["requestBody"]["content"]
    assert form == "multipart/form-data"
    fields = described["requestBody"]["content"][form]["schema"]["properties"]
    assert fields.keys() == {"file", "commit", "format", "contacts"}
    statuses = {"200", "400", "401", "403", "408", "409", "413", "415", "422", "429", "503"}
    assert statuses <= described["responses"].keys()


def test_other_methods_are_told_which_to_use(client: InProcess) -> None:
    answer = client.get(PATH)
    assert problem(answer, 405, "method-not-allowed")["hint"] == "use POST"
    assert client.request("OPTIONS", PATH).headers["access-control-allow-methods"] == "POST, OPTIONS"
