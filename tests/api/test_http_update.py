"""SPARQL 1.1 Update over HTTP: the protocol, what changes, what is refused, and that nothing is lost."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from http_support import InProcess, Server, fill, problem

from sdograph.store import EmbeddedStore
from sdograph_api.change import writing
from sdograph_api.process import Process
from sdograph_api.settings import Settings

Serve = Callable[..., Server]

TOKEN = {"Authorization": "Bearer sesame"}
DIRECT = {**TOKEN, "Content-Type": "application/sparql-update"}
SA3 = "<https://w3id.org/sdograph/id/group/3GPP-SA3>"


@pytest.fixture(scope="module")
def own_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("updated")
    fill(folder)
    return folder


@pytest.fixture(scope="module")
def writable(own_dir: Path) -> Iterator[InProcess]:
    client = InProcess(
        Settings(data_dir=own_dir, query_workers=1, write_token="sesame", max_query_bytes=2000)  # type: ignore[arg-type]
    )
    yield client
    client.close()


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    fill(tmp_path / "data")
    return tmp_path / "data"


def update(client: InProcess, text: str, **arguments: Any) -> httpx.Response:
    return client.post("/update", content=text, headers=DIRECT, **arguments)


def holds(client: InProcess, pattern: str) -> bool:
    answer = client.get("/sparql", params={"query": f"ASK {{ {pattern} }}"})
    return bool(answer.json()["boolean"])


# --- the protocol


@pytest.mark.parametrize("path", ["/update", "/update/"])
@pytest.mark.parametrize("direct", [True, False])
def test_updates_are_posted_as_text_or_as_a_form(writable: InProcess, path: str, direct: bool) -> None:
    name = f"<urn:posted{path.count('/')}{direct}>"
    text = f"INSERT DATA {{ {name} a <urn:C> }}"
    sent: dict[str, Any] = {"content": text, "headers": DIRECT}
    if not direct:
        sent = {"data": {"update": text}, "headers": TOKEN}
    answer = writable.post(path, **sent)
    assert answer.status_code == 200
    assert (answer.json()["added"], answer.json()["removed"]) == (1, 0)
    assert holds(writable, f"{name} a <urn:C>")


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer other", "Basic sesame", "sesame"])
def test_without_the_token_nothing_is_written(writable: InProcess, given: str) -> None:
    headers = {**DIRECT, "Authorization": given}
    answer = writable.post("/update", content="INSERT DATA { <urn:intruder> a <urn:C> }", headers=headers)
    problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"] == "Bearer"
    assert not holds(writable, "<urn:intruder> a <urn:C>")


def test_read_only_is_stronger_than_the_token(data_dir: Path) -> None:
    client = InProcess(Settings(data_dir=data_dir, query_workers=1, write_token="sesame", read_only=True))  # type: ignore[arg-type]
    try:
        problem(update(client, "CLEAR ALL"), 403, "writing-off")
        assert b"SPARQL11Update" not in client.get("/sparql", headers={"Accept": "text/turtle"}).content
    finally:
        client.close()


def test_the_service_description_names_updates(writable: InProcess) -> None:
    answer = writable.get("/sparql", headers={"Accept": "application/n-triples"})
    sd = "http://www.w3.org/ns/sparql-service-description#"
    service = "<http://testserver/update#service>"
    assert f"{service} <{sd}endpoint> <http://testserver/update> ." in answer.text
    assert f"{service} <{sd}supportedLanguage> <{sd}SPARQL11Update> ." in answer.text


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"content": "CLEAR ALL", "headers": TOKEN}, 415, "unsupported-media-type"),
        ({"content": "CLEAR ALL", "headers": {**TOKEN, "Content-Type": "text/plain"}}, 415,
         "unsupported-media-type"),
        ({"content": "CLEAR ALL".encode("utf-16"),
          "headers": {**TOKEN, "Content-Type": "application/sparql-update; charset=UTF-16"}}, 415,
         "unsupported-charset"),
        ({"content": b"INSERT DATA { <urn:a> <urn:b> '\xff' }", "headers": DIRECT}, 400, "not-utf-8"),
        ({"data": {"update": ["CLEAR NAMED", "CLEAR DEFAULT"]}, "headers": TOKEN}, 400,
         "missing-or-repeated"),
        ({"data": {"text": "CLEAR ALL"}, "headers": TOKEN}, 400, "missing-or-repeated"),
        ({"data": {"query": "ASK {}"}, "headers": TOKEN}, 400, "query-as-update"),
        ({"content": "ASK {}", "headers": DIRECT}, 400, "query-as-update"),
        ({"content": "CLEAR XYZ", "headers": DIRECT}, 400, "invalid-query"),
        ({"content": "CLEAR GRAPH", "headers": DIRECT}, 400, "syntax"),
        ({"content": "INSERT DATA { ?s a <urn:C> }", "headers": DIRECT}, 400, "syntax"),
        ({"content": "INSERT DATA { nobody:a a <urn:C> }", "headers": DIRECT}, 400, "syntax"),
        ({"content": "CLEAR ALL; PREFIX e: <urn:e> CLEAR GRAPH", "headers": DIRECT}, 400, "syntax"),
        ({"content": "", "headers": DIRECT}, 400, "invalid-query"),
        ({"content": "#" * 2001, "headers": DIRECT}, 413, "body-too-large"),
        ({"content": "WITH <urn:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", "headers": DIRECT,
          "params": {"using-graph-uri": "urn:h"}}, 400, "dataset-twice"),
        ({"content": "CLEAR ALL", "headers": DIRECT, "params": {"using-graph-uri": "relative"}}, 400,
         "invalid-iri"),
        ({"content": "CLEAR ALL", "headers": DIRECT, "params": {"timeout": "soon"}}, 400,
         "invalid-parameter"),
        ({"content": "COPY <urn:nowhere> TO <urn:posted>", "headers": DIRECT}, 400, "usage"),
        ({"content": "INSERT DATA { GRAPH <https://w3id.org/sdograph/graph/dataset> { <urn:a> a <urn:b> } }",
          "headers": DIRECT}, 400, "usage"),
    ],
)  # fmt: skip
def test_what_is_no_update_changes_nothing(
    writable: InProcess, sent: dict[str, Any], status: int, code: str
) -> None:
    before = writable.get("/health").json()["generation"]
    problem(writable.post("/update", **sent), status, code)
    assert writable.get("/health").json()["generation"] == before


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_updates_are_posted_only(writable: InProcess, method: str) -> None:
    answer = writable.request(method, "/update?update=CLEAR%20ALL", headers=TOKEN)
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "POST, OPTIONS"


def test_pages_of_other_origins_may_ask_whether_they_may_post(writable: InProcess) -> None:
    answer = writable.request("OPTIONS", "/update", headers={"Origin": "http://elsewhere"})
    assert "POST" in answer.headers["access-control-allow-methods"]
    assert "Authorization" in answer.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in answer.headers


# --- what changes


@pytest.mark.parametrize(
    ("updates", "true", "false"),
    [
        # the default graph as a place is graph/updates, to patterns it is the merge
        (["INSERT DATA { <urn:s> <urn:p> 1 }"],
         ["<urn:s> <urn:p> 1", "GRAPH <https://w3id.org/sdograph/graph/updates> { <urn:s> <urn:p> 1 }"], []),
        (["INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }",
          "INSERT { <urn:t> <urn:q> ?o } WHERE { <urn:s> <urn:p> ?o }"],
         ["<urn:s> <urn:p> 1", "<urn:t> <urn:q> 1"], []),
        # what a graph states stays in the merge
        (["INSERT DATA { <urn:s> <urn:p> 1 GRAPH <urn:g> { <urn:s> <urn:p> 1 } }",
          "DELETE DATA { <urn:s> <urn:p> 1 }"],
         ["<urn:s> <urn:p> 1"], ["GRAPH <https://w3id.org/sdograph/graph/updates> { <urn:s> <urn:p> 1 }"]),
        (["INSERT DATA { <urn:s> <urn:p> 1 . GRAPH <urn:g> { <urn:s> <urn:p> 1 . } . }",
          "DELETE WHERE { GRAPH <urn:g> { ?s ?p 1 } }; DELETE DATA { <urn:s> <urn:p> 1 }"],
         [], ["<urn:s> <urn:p> 1"]),
        # deletion comes before insertion, and both see the graph as it was
        (["INSERT DATA { <urn:s> <urn:p> 1, 2 }",
          "DELETE { <urn:s> <urn:p> ?o } INSERT { <urn:s> <urn:p> ?n } "
          "WHERE { <urn:s> <urn:p> ?o BIND(?o + 1 AS ?n) }"],
         ["<urn:s> <urn:p> 2, 3"], ["<urn:s> <urn:p> 1"]),
        # WITH, USING, and variables for graphs
        (["INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } GRAPH <urn:h> { <urn:s> <urn:p> 2 } }",
          "WITH <urn:g> DELETE { ?s ?p ?o } INSERT { ?s <urn:q> ?o } WHERE { ?s ?p ?o }"],
         ["GRAPH <urn:g> { <urn:s> <urn:q> 1 }", "GRAPH <urn:h> { <urn:s> <urn:p> 2 }"],
         ["GRAPH <urn:g> { <urn:s> <urn:p> 1 }"]),
        (["WITH <urn:g> INSERT { <urn:s> <urn:p> true } WHERE {}"],
         ["GRAPH <urn:g> { <urn:s> <urn:p> true }"], []),
        (["INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } GRAPH <urn:h> { <urn:s> <urn:p> 1 } }",
          "INSERT { <urn:n> <urn:is> ?n } USING <urn:g> USING <urn:h> "
          "WHERE { SELECT (COUNT(*) AS ?n) { ?s <urn:p> 1 } }"],
         ["<urn:n> <urn:is> 1"], []),
        (["INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } GRAPH <urn:h> { <urn:s> <urn:p> 2 } }",
          "DELETE { GRAPH ?g { ?s ?p ?o } } USING NAMED <urn:h> WHERE { GRAPH ?g { ?s ?p ?o } }"],
         ["GRAPH <urn:g> { <urn:s> <urn:p> 1 }"], ["GRAPH <urn:h> { ?s ?p ?o }"]),
        # templates that make no triple, blank nodes, relative IRIs
        (["INSERT { ?o <urn:p> ?missing . ?o <urn:q> 1 . <urn:s> <urn:r> ?o } "
          "WHERE { VALUES ?o { 'literal' } }"],
         ["<urn:s> <urn:r> 'literal'"], ["?s <urn:q> 1"]),
        (["INSERT { [] <urn:of> ?x } WHERE { VALUES ?x { 1 2 } }"],
         ["?a <urn:of> 1 . ?b <urn:of> 2 FILTER(?a != ?b && isIRI(?a))"], []),
        (["INSERT DATA { _:b <urn:p> 1 . GRAPH <urn:g> { _:b <urn:q> (1 [ <urn:r> 2 ]) } }"],
         ["?b <urn:p> 1 GRAPH <urn:g> { ?b <urn:q>/rdf:rest*/rdf:first/<urn:r> 2 }"], []),
        (["BASE <urn:x:> PREFIX e: <http://e.example/> INSERT DATA { <a> e:b.c 'x'@en }"],
         ["?s <http://e.example/b.c> 'x'@en"], []),
        (["PREFIX e: <urn:1> INSERT DATA { e:a a 1 ; a 2 } ; PREFIX e: <urn:2> INSERT DATA { e:a a 3 } ;"],
         ["<urn:1a> a 1, 2 . <urn:2a> a 3"], []),
        # graphs as a whole
        (["INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } GRAPH <urn:h> { <urn:s> <urn:p> 2 } }",
          "COPY <urn:g> TO <urn:h>"],
         ["GRAPH <urn:h> { <urn:s> <urn:p> 1 }", "GRAPH <urn:g> { <urn:s> <urn:p> 1 }"],
         ["<urn:s> <urn:p> 2"]),
        (["INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } GRAPH <urn:h> { <urn:s> <urn:p> 2 } }",
          "ADD GRAPH <urn:g> TO <urn:h> ; MOVE <urn:h> TO DEFAULT"],
         ["GRAPH <https://w3id.org/sdograph/graph/updates> { <urn:s> <urn:p> 1, 2 }"],
         ["GRAPH <urn:h> { ?s ?p ?o }"]),
        (["INSERT DATA { <urn:s> <urn:p> 0 GRAPH <urn:g> { <urn:s> <urn:p> 1 } }", "CLEAR DEFAULT"],
         ["<urn:s> <urn:p> 1"], ["<urn:s> <urn:p> 0"]),
        (["INSERT DATA { <urn:s> <urn:p> 0 GRAPH <urn:g> { <urn:s> <urn:p> 1 } }", "DROP NAMED"],
         ["<urn:s> <urn:p> 0"], ["<urn:s> <urn:p> 1"]),
        (["INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } }", "CREATE GRAPH <urn:i>; DROP ALL"],
         ["<https://w3id.org/sdograph/dataset> a sdo:Dataset"], ["<urn:s> ?p ?o"]),
        (["MOVE SILENT <urn:nowhere> TO <urn:h>; DROP GRAPH <urn:nowhere>"], [], []),
    ],
)  # fmt: skip
def test_what_an_update_does(
    writable: InProcess, updates: list[str], true: list[str], false: list[str]
) -> None:
    assert update(writable, "DROP ALL").status_code == 200
    for text in updates:
        answer = update(writable, text)
        assert answer.status_code == 200, answer.text
    for pattern in true:
        assert holds(writable, pattern), pattern
    for pattern in false:
        assert not holds(writable, pattern), pattern


def test_the_default_graph_stays_the_merge(writable: InProcess, own_dir: Path) -> None:
    update(writable, "INSERT DATA { <urn:s> <urn:p> 1 GRAPH <urn:g> { <urn:s> <urn:p> 1, 2 } }")
    update(writable, "DELETE WHERE { GRAPH <urn:g> { ?s ?p 1 } }; DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }")
    quads = list(EmbeddedStore(own_dir).current().quads())
    merge = {q.triple for q in quads if q.graph_name != ox.DefaultGraph()}
    default = [q.triple for q in quads if q.graph_name == ox.DefaultGraph()]
    assert set(default) == merge
    assert len(default) == len(merge)


def test_protocol_graphs_are_what_patterns_see(writable: InProcess) -> None:
    update(writable, "DROP ALL; INSERT DATA { GRAPH <urn:g> { <urn:s> <urn:p> 1 } <urn:s> <urn:p> 2 }")
    text = "INSERT { GRAPH <urn:to> { ?s <urn:seen> ?o } } WHERE { ?s <urn:p> ?o }"
    assert update(writable, text, params={"using-graph-uri": "urn:g"}).json()["added"] == 1
    assert holds(writable, "<urn:s> <urn:seen> 1")
    assert not holds(writable, "<urn:s> <urn:seen> 2")


# --- shapes, other writers


INCOMPLETE = "INSERT DATA { <https://w3id.org/sdograph/id/body/NEW> a sdo:Body ; rdfs:label 'NEW' }"


def test_what_violates_shapes_is_told_and_not_written(writable: InProcess) -> None:
    before = writable.get("/health").json()["generation"]
    found = problem(
        update(writable, f"INSERT DATA {{ <urn:with> a <urn:it> }}; {INCOMPLETE}"), 422, "invalid-data"
    )
    paths = {f["path"] for f in found["findings"] if f["severity"] == "violation"}
    assert "https://w3id.org/sdograph/ontology#shortName" in paths
    assert found["findings_total"] == len(found["findings"])
    assert {f["focus"] for f in found["findings"]} == {"https://w3id.org/sdograph/id/body/NEW"}
    assert writable.get("/health").json()["generation"] == before
    assert not holds(writable, "<urn:with> a <urn:it>")


def test_the_report_comes_as_turtle_for_those_who_ask(writable: InProcess) -> None:
    answer = writable.post("/update", content=INCOMPLETE, headers={**DIRECT, "Accept": "text/turtle"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    sh = "http://www.w3.org/ns/shacl#"
    triples = [q.triple for q in ox.parse(answer.content, ox.RdfFormat.TURTLE)]
    (conforms,) = [t.object.value for t in triples if t.predicate == ox.NamedNode(sh + "conforms")]
    assert conforms == "false"


def test_another_writer_at_work_is_409(
    writable: InProcess, own_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "WAIT", 0.2)
    with EmbeddedStore(own_dir).writer():
        answer = update(writable, "INSERT DATA { <urn:late> a <urn:C> }")
    problem(answer, 409, "writer-busy")
    assert int(answer.headers["retry-after"]) > 0
    assert update(writable, "INSERT DATA { <urn:late> a <urn:C> }").status_code == 200


# --- a writing process that ends


@pytest.mark.parametrize("published", [False, True])
def test_when_the_writer_ends_while_it_publishes_the_answer_is_what_the_store_holds(
    published: bool, writable: InProcess, own_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = EmbeddedStore(own_dir).current_number()
    send = Process._send

    async def send_and_kill(self: Process, document: Mapping[str, Any], body: bytes) -> None:
        if document:
            await send(self, document, body)
            return
        # The empty document lets it publish.
        assert self._process is not None
        if published:
            await send(self, document, body)
            while EmbeddedStore(own_dir).current_number() == before:
                await asyncio.sleep(0.005)
        self._process.kill()
        raise ConnectionResetError

    monkeypatch.setattr(Process, "_send", send_and_kill)
    triple = f"<urn:lost> <urn:published> {str(published).lower()}"
    answer = update(writable, f"INSERT DATA {{ {triple} }}")
    if published:
        assert (answer.json()["generation"], answer.json()["added"]) == (before + 1, 1)
    else:
        assert "nothing was written" in problem(answer, 503, "process-lost")["detail"]
    monkeypatch.undo()
    assert holds(writable, triple) is published
    assert EmbeddedStore(own_dir).current_number() == before + published
    assert update(writable, f"INSERT DATA {{ {triple} }}").json()["generation"] == before + 1


def test_a_writer_that_was_killed_before_is_replaced(writable: InProcess, own_dir: Path) -> None:
    assert update(writable, "INSERT DATA { <urn:a> <urn:b> 'before' }").status_code == 200
    for pid in _children():
        if b"sdograph_api.change.writer" in Path(f"/proc/{pid}/cmdline").read_bytes():
            os.kill(pid, signal.SIGKILL)
    answer = update(writable, "INSERT DATA { <urn:a> <urn:b> 'after' }")
    if answer.status_code != 200:  # it was asked while it died
        problem(answer, 503, "process-lost")
        answer = update(writable, "INSERT DATA { <urn:a> <urn:b> 'after' }")
    assert answer.status_code == 200


def _children() -> list[int]:
    files = Path(f"/proc/{os.getpid()}/task").glob("*/children")
    return [int(pid) for file in files for pid in file.read_text().split()]


# --- servers of their own


def test_no_update_is_lost_between_two_servers(serve: Serve, fresh: Path) -> None:
    servers = [serve(data_dir=fresh, write_token="sesame") for _ in range(2)]
    start = "INSERT DATA { GRAPH <urn:count> { <urn:count> <urn:is> 0 } }"
    assert servers[0].client.post("/update", content=start, headers=DIRECT).status_code == 200
    text = (
        "WITH <urn:count> DELETE { ?c <urn:is> ?n } INSERT { ?c <urn:is> ?m } "
        "WHERE { ?c <urn:is> ?n BIND(?n + 1 AS ?m) }"
    )

    def count(server: Server) -> int:
        answers = [server.client.post("/update", content=text, headers=DIRECT) for _ in range(6)]
        assert {a.status_code for a in answers} <= {200, 409}
        return sum(a.status_code == 200 for a in answers)

    with ThreadPoolExecutor(4) as pool:
        done = sum(pool.map(count, [*servers, *servers]))
    answer = servers[1].query("SELECT ?n { <urn:count> <urn:is> ?n }", format="csv")
    assert done > 0
    assert answer.text.split() == ["n", str(done)]


def test_an_update_that_runs_away_is_ended(serve: Serve, fresh: Path) -> None:
    server = serve(data_dir=fresh, write_token="sesame")
    join = " . ".join(f"?s{n} ?p{n} ?o{n}" for n in range(6))
    text = f"INSERT {{ <urn:x> <urn:n> ?n }} WHERE {{ SELECT (COUNT(*) AS ?n) {{ {join} }} }}"
    answer = server.client.post("/update", params={"timeout": "2"}, content=text, headers=DIRECT)
    assert problem(answer, 503, "timeout")["limit"]["value"] == 2
    after = server.client.post("/update", content="INSERT DATA { <urn:s> <urn:p> 1 }", headers=DIRECT)
    assert after.json()["generation"] == 2
    assert server.query("ASK { <urn:x> ?p ?o }").json()["boolean"] is False


def test_no_update_gets_out(serve: Serve, fresh: Path) -> None:
    touched: list[object] = []
    server = serve(data_dir=fresh, write_token="sesame")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        for text in (
            f"LOAD <{address}>",
            f"LOAD SILENT <{address}> INTO GRAPH <urn:g>",
            f"\\u004COAD <{address}>",
            f"CLEAR GRAPH <urn:g>; LOAD <{address}>",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
            f"INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
            f"DELETE {{ ?s ?p ?o }} USING <urn:g> WHERE {{ \\u0053ERVICE <{address}> {{ ?s ?p ?o }} }}",
            f"PREFIX e: <{address}> INSERT {{ ?s ?p ?o }} WHERE {{ servicee:x {{ ?s ?p ?o }} }}",
        ):
            answer = server.client.post("/update", content=text, headers=DIRECT)
            assert answer.status_code == 400, text
        document = f'{{"@context": "{address}", "@id": "urn:a", "name": "x"}}'
        answer = server.client.put(
            "/store?graph=urn:g", content=document, headers={**TOKEN, "Content-Type": "application/ld+json"}
        )
        problem(answer, 400, "syntax")
        over = server.client.post(
            "/update", params={"using-graph-uri": address}, headers=DIRECT,
            content="INSERT { <urn:a> <urn:b> ?o } WHERE { ?s ?p ?o }",
        )  # fmt: skip
        assert over.json()["added"] == 0
        listening.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            touched.append(listening.accept())
    assert touched == []


def test_kill_9_loses_nothing_that_was_acknowledged(own_store: EmbeddedStore, root: Path) -> None:
    """Some rounds of ``make kill``, which says what holds after each."""
    # By this seed the writing process is killed, and then the server.
    arguments = ["--rounds", "2", "--span", "1", "--seed", "10", "--data-dir", str(own_store.data_dir)]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.kills", *arguments],
        cwd=root, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "rounds: 2" in done.stdout
    assert "promises broken: 0" in done.stdout
