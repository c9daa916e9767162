"""The same graph in a data directory, on the Oxigraph server and on Virtuoso, each served by sdograph.

Loaded by what each server has for that, and a part of it by sdograph itself.
"""

from __future__ import annotations

import http.client
import os
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Triple

from benchmarks import synthetic
from benchmarks.measure import free_port, own_cpu, server, tree_cpu, tree_memory
from benchmarks.service import ONE_RESOURCE, WHO_LIAISES
from sdograph.namespaces import RDFS
from sdograph.store import EmbeddedStore, Store, open_store

MERGED = "https://w3id.org/sdograph/graph/merged"
NOTE = NamedNode("https://w3id.org/sdograph/graph/document/note")
CREDENTIALS = {"SDOGRAPH_STORE_USER": "dba", "SDOGRAPH_STORE_PASSWORD": "dba"}
COMMITS = 5
#: Seconds a question may take: at millions of triples some take longer than a service would allow.
PATIENCE = 300
#: What the first of the stores has answered.
_answers: dict[str, list[list[str]]] = {}


def run(folder: Path, triples: int) -> None:
    statements = triples // synthetic.TRIPLES_EACH
    folder = folder / f"remote-{triples}"
    cpu, clock = own_cpu(), time.monotonic()
    local = EmbeddedStore(folder / "local")
    with local.writer() as writer:
        writer.load(synthetic.statements(statements))
        writer.publish()
    quads = len(local.current())
    _loaded("data directory", quads, own_cpu() - cpu, time.monotonic() - clock, folder / "local")
    lines = folder / "virtuoso" / "all.nq"
    lines.parent.mkdir()
    ox.Store.read_only(str(local.generation_path(1))).dump(str(lines), format=ox.RdfFormat.N_QUADS)
    _serve("data directory", str(local.data_dir), os.getpid(), statements)
    os.environ |= CREDENTIALS
    for name, start, address in (
        ("oxigraph", _oxigraph, "sparql+http://127.0.0.1:{port}/query"),
        ("virtuoso", _virtuoso, "sparql+http://127.0.0.1:{port}/sparql?update=/sparql-auth&merged=" + MERGED),
    ):
        with start(folder / name, lines, quads) as (process, port):
            _serve(name, address.format(port=port), process, statements)
        with start(folder / f"{name}-small", None, 0) as (process, port):
            cpu, clock = own_cpu() + tree_cpu(process), time.monotonic()
            store = open_store(address.format(port=port))
            with store.writer() as writer:
                writer.load(synthetic.statements(statements // 20))
                writer.publish()
            cpu, clock = own_cpu() + tree_cpu(process) - cpu, time.monotonic() - clock
            _loaded(f"{name}, by sdograph", quads // 20, cpu, clock, folder / f"{name}-small")


def _loaded(name: str, quads: int, cpu: float, clock: float, folder: Path) -> None:
    disk = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file() and file.suffix != ".nq")
    print(
        f"{name}: {quads:,} quads loaded in {cpu:.0f} s of CPU, {clock:.0f} s by the clock: "
        f"{quads / cpu:,.0f} quads a second of CPU; {disk / 1e6:.0f} MB on disk",
        flush=True,
    )


def _serve(name: str, location: str, process: int, statements: int) -> None:
    """Asks through ``sdograph serve``: CPU of it and of the process of the store together."""
    port = free_port()
    kind = "STORE" if location.startswith("sparql+") else "DATA_DIR"
    env = {
        f"SDOGRAPH_{kind}": location,
        "SDOGRAPH_CACHE_BYTES": "0",
        "SDOGRAPH_LOG_FORMAT": "none",
        "SDOGRAPH_PREPARE_SEARCH": "false",
        "SDOGRAPH_PREPARE_OVERLAPS": "false",
        "SDOGRAPH_MAX_QUERY_TIMEOUT": str(PATIENCE),
    }
    serve = [sys.executable, "-m", "sdograph", "serve", "--port", str(port)]
    with server(serve, f"http://127.0.0.1:{port}/health", env) as us:
        for title, count, text in (
            (
                "one resource",
                300,
                lambda i: ONE_RESOURCE.format(iri=synthetic.statement(i * 97 % statements)),
            ),
            ("who liaises with whom", 3, lambda i: WHO_LIAISES.format(limit=100 + i)),
        ):
            _, rows = _asked(port, text(count))
            if _answers.setdefault(title, rows) != rows:
                sys.exit(f"{name} answers otherwise: {title}")
            before = tree_cpu(us.pid) + (tree_cpu(process) if kind == "STORE" else 0)
            times = [_asked(port, text(i))[0] for i in range(count)]
            used = tree_cpu(us.pid) + (tree_cpu(process) if kind == "STORE" else 0) - before
            print(
                f"{name}: {title}: {used / count * 1e3:,.1f} ms of CPU, "
                f"{statistics.median(times) * 1e3:,.1f} ms by the clock",
                flush=True,
            )
        memory = f"sdograph {tree_memory(us.pid) / 1e6:.0f} MB"
        if kind == "STORE":
            memory += f", the server {tree_memory(process) / 1e6:.0f} MB"
        print(f"{name}: memory of its own: {memory}", flush=True)
    store = open_store(location)
    before, clock = own_cpu() + (tree_cpu(process) if kind == "STORE" else 0), time.monotonic()
    for n in range(COMMITS):
        _commit(store, n)
    used = own_cpu() + (tree_cpu(process) if kind == "STORE" else 0) - before
    each = (time.monotonic() - clock) / COMMITS
    print(f"{name}: a small commit: {used / COMMITS * 1e3:,.0f} ms of CPU, {each * 1e3:,.0f} ms by the clock",
          flush=True)  # fmt: skip


def _commit(store: Store, n: int) -> None:
    with store.writer() as writer:
        note = Triple(NOTE, RDFS.comment, Literal(f"note {n}"))
        writer.apply(writer.view.change(NOTE, [note]))
        writer.publish()


def _asked(port: int, query: str) -> tuple[float, list[list[str]]]:
    """Seconds by the clock, and the rows."""
    begun = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE + 30)
    connection.request("GET", f"/sparql?{urllib.parse.urlencode({'query': query, 'timeout': PATIENCE})}")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        sys.exit(f"{answer.status}: {body[:300]!r}")
    seconds = time.perf_counter() - begun
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    assert isinstance(found, ox.QuerySolutions)
    return seconds, sorted([str(term) for term in row] for row in found)


# --- servers, each with the lines of a file loaded


@contextmanager
def _oxigraph(folder: Path, lines: Path | None, quads: int) -> Iterator[tuple[int, int]]:
    program = _program("oxigraph", "pip install oxigraph")
    if lines is not None:
        cpu, clock = _children_cpu(), time.monotonic()
        load = [program, "load", "--location", str(folder), "--file", str(lines)]
        subprocess.run(load, check=True, capture_output=True)
        # As our own writer does it; otherwise the server does it meanwhile, on the time of who asks.
        subprocess.run([program, "optimize", "--location", str(folder)], check=True, capture_output=True)
        _loaded("oxigraph", quads, _children_cpu() - cpu, time.monotonic() - clock, folder)
    port = free_port()
    command = [program, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"]
    with server(command, f"http://127.0.0.1:{port}/") as process:
        yield process.pid, port


@contextmanager
def _virtuoso(folder: Path, lines: Path | None, quads: int) -> Iterator[tuple[int, int]]:
    hint = "apt-get install virtuoso-opensource-7-bin"
    program, isql = _program("virtuoso-t", hint), _program("isql-vt", hint)
    folder.mkdir(exist_ok=True)
    port, sql = free_port(), free_port()
    (folder / "v.ini").write_text(_INI.format(folder=folder, port=port, sql=sql, patience=PATIENCE), "utf-8")
    command = [program, "+foreground", "+configfile", str(folder / "v.ini")]
    with server(command, f"http://127.0.0.1:{port}/sparql") as process:
        if lines is not None:
            cpu, clock = tree_cpu(process.pid), time.monotonic()
            # What has no graph goes into the merge.
            load = f"ld_dir('{lines.parent}', '{lines.name}', '{MERGED}'); rdf_loader_run(); checkpoint;"
            subprocess.run(
                [isql, f"127.0.0.1:{sql}", "dba", "dba", f"exec={load}"], check=True, capture_output=True
            )
            used = tree_cpu(process.pid) - cpu
            _loaded("virtuoso", quads, used, time.monotonic() - clock, folder)
        yield process.pid, port


def _program(name: str, hint: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if found is None:
        sys.exit(f"{name} is not installed: {hint}")
    return found


def _children_cpu() -> float:
    return os.times().children_user + os.times().children_system


#: 2 GB of buffers.
_INI = """
[Database]
DatabaseFile = {folder}/v.db
ErrorLogFile = {folder}/v.log
LockFile = {folder}/v.lck
TransactionFile = {folder}/v.trx
xa_persistent_file = {folder}/v.pxa
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
ServerThreads = 20
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
DirsAllowed = {folder}, {folder}/..
[HTTPServer]
ServerPort = 127.0.0.1:{port}
ServerThreads = 20
MaxClientConnections = 20
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = {patience}
"""
