"""SPARQL servers that tests start: on loopback, with files of their own, ended by their pid."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import httpx
import pytest
from pyoxigraph import NamedNode

from sdograph.store.remote import Credentials, RemoteStore

MERGED = "https://w3id.org/sdograph/graph/merged"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


class SparqlServer(ABC):
    """A server that is running; ``kill()`` and ``start()`` as often as a test likes."""

    environment: ClassVar[dict[str, str]] = {}
    """What a program needs to be let in."""
    _url: str
    _update: str

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def address(self) -> str:
        """As ``--store`` takes it."""

    def store(self, options: str = "", **settings: float) -> RemoteStore:
        """A store on it; ``options`` are further parameters of the address."""
        joined = f"{self.address}{'&' if '?' in self.address else '?'}{options}" if options else self.address
        return RemoteStore(joined, Credentials.from_environment(self.environment), **settings)

    @abstractmethod
    def _command(self) -> list[str]:
        """What starts it."""

    def start(self) -> None:
        with (self.folder / "output.log").open("ab") as log:
            # Ends with this process, also when nobody is left to end it.
            bound = ["setpriv", "--pdeathsig", "KILL"] if shutil.which("setpriv") else []
            self.process = subprocess.Popen(
                [*bound, *self._command()], cwd=self.folder, stdout=log, stderr=log
            )
        for _ in range(600):
            time.sleep(0.05)
            if self.process.poll() is not None:
                break
            with contextlib.suppress(httpx.HTTPError):
                if httpx.get(self._url, timeout=5).status_code < 500:
                    return
        self.kill()
        raise RuntimeError((self.folder / "output.log").read_text("utf-8", "replace")[-2000:])

    def kill(self) -> None:
        """Ends it in the middle of whatever it does."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def clear(self) -> None:
        """Leaves nothing of ours on it."""
        with httpx.Client(timeout=60, auth=self._auth()) as client:
            query = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
            form = {"Accept": "application/sparql-results+json"}
            for _ in range(5):
                found = client.post(self._url, data={"query": query}, headers=form)
                if found.status_code == 200:
                    break
                time.sleep(1)  # on a busy machine it takes longer than Virtuoso may here
            rows = found.raise_for_status().json()["results"]["bindings"]
            names = [row["g"]["value"] for row in rows]
            ours = [
                n
                for n in names
                if n.startswith(("https://w3id.org/sdograph/", "http://example.org/", "urn:"))
            ]
            for operation in (*(f"DROP SILENT GRAPH {NamedNode(n)}" for n in ours), *self._also_dropped()):
                update = {"Content-Type": "application/sparql-update"}
                client.post(self._update, content=operation, headers=update).raise_for_status()

    def _also_dropped(self) -> tuple[str, ...]:
        return ()

    def _auth(self) -> httpx.Auth | None:
        return None


class Oxigraph(SparqlServer):
    """The server of PyPI's ``oxigraph``; it keeps the merge in its own default graph, or in a named one."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        port = free_port()
        self._bind = f"127.0.0.1:{port}"
        self._url = f"http://{self._bind}/query"
        self._update = f"http://{self._bind}/update"

    @property
    def address(self) -> str:
        return f"sparql+{self._url}"

    def _command(self) -> list[str]:
        program = Path(sys.executable).with_name("oxigraph")
        found = str(program) if program.exists() else shutil.which("oxigraph")
        if found is None:
            pytest.skip("needs the Oxigraph server: pip install oxigraph")
        return [found, "serve", "--location", str(self.folder / "data"), "--bind", self._bind]

    def _also_dropped(self) -> tuple[str, ...]:
        return ("DROP SILENT DEFAULT",)


class Virtuoso(SparqlServer):
    """Virtuoso 7, written to by its administrator with digest authentication."""

    environment: ClassVar[dict[str, str]] = {"SDOGRAPH_STORE_USER": "dba", "SDOGRAPH_STORE_PASSWORD": "dba"}

    def __init__(self, folder: Path, *, rows: int = 100_000, seconds: int = 60) -> None:
        super().__init__(folder)
        sql, http = free_port(), free_port()
        self._url = f"http://127.0.0.1:{http}/sparql"
        self._update = f"{self._url}-auth"
        (folder / "virtuoso.ini").write_text(
            _INI.format(folder=folder, sql=sql, http=http, rows=rows, seconds=seconds), "utf-8"
        )

    @property
    def address(self) -> str:
        return f"sparql+{self._url}?update=/sparql-auth&merged={MERGED}"

    def _command(self) -> list[str]:
        if shutil.which("virtuoso-t") is None:
            pytest.skip("needs Virtuoso: apt-get install virtuoso-opensource-7-bin")
        for left in self.folder.glob("*.lck"):
            left.unlink()  # of a process that was killed
        return ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"]

    def _auth(self) -> httpx.Auth:
        return httpx.DigestAuth("dba", "dba")


_INI = """
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 10
NumberOfBuffers = 4000
MaxDirtyBuffers = 2000
CaseMode = 2
DirsAllowed = {folder}
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 8
MaxClientConnections = 8
[SPARQL]
ResultSetMaxRows = {rows}
MaxQueryExecutionTime = {seconds}
"""


@contextlib.contextmanager
def running(server: SparqlServer) -> Iterator[SparqlServer]:
    try:
        server.start()
        yield server
    finally:
        server.kill()
