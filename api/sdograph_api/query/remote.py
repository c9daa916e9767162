"""Queries from outside over a remote store: its server evaluates them, within our limits.

Only rows as JSON and triples as N-Triples are asked for, since servers differ in everything else. They are
read and written anew in the form that the client wants, so that what is cut or broken never leaves with 200.
"""

from __future__ import annotations

import asyncio
import contextlib
import tempfile
from collections.abc import AsyncIterator, Iterable, Iterator
from typing import IO, cast

import httpx
import pyoxigraph as ox
from pyoxigraph import NamedNode

from sdograph.errors import Superseded
from sdograph.namespaces import PREFIXES
from sdograph.store import RemoteStore, Snapshot
from sdograph.store.remote import Credentials, RemoteSnapshot
from sdograph.store.remote.snapshot import results
from sdograph.store.remote.state import OWN
from sdograph.store.remote.transport import ROWS, TRIPLES, USER_AGENT, row_limit
from sdograph_api.problems import Problem, too_busy
from sdograph_api.query import worker
from sdograph_api.query.outbound import outbound
from sdograph_api.query.outcomes import MAX_TOLD, answer_problem, late_problem, waiting_problem
from sdograph_api.query.process import Allowance, Query
from sdograph_api.rdf import FORMATS as GRAPHS
from sdograph_api.settings import Settings

#: A graph that is not there, for a dataset without any.
_NOTHING = OWN + "nothing"

#: What servers send may be larger than what clients get of it: JSON is the longest of the forms of rows.
_LONGER = 4

#: Of an answer that is held in memory; what is longer waits on disk.
_IN_MEMORY = 8 << 20

_ROWS = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}

#: Words by which servers say that they ended a query at a time limit of their own.
_LATE = ("S1TAT", "S1T00", "exceeds the limit of", "timeout", "timed out", "cancelled")


class RemoteQueries:
    """Asks the query service of a store's server. To be used in one event loop; :meth:`close` ends it."""

    def __init__(self, store: RemoteStore, settings: Settings) -> None:
        """Raises UsageError when credentials would be sent over an open line."""
        self._store = store
        self._allowance = Allowance(
            settings.worker_memory, settings.max_result_bytes, settings.max_rows, settings.max_merged_quads
        )
        self._at_once = settings.query_workers + settings.max_long_queries
        self._max_waiting = settings.max_waiting_queries
        self._turn = asyncio.Semaphore(self._at_once)
        self._auth = Credentials.from_environment().auth(store.address)
        self._client: httpx.AsyncClient | None = None
        self.running = 0
        """Queries that are being answered, those that wait for their turn among them."""

    @property
    def waiting(self) -> int:
        return max(self.running - self._at_once, 0)

    async def answer(self, query: Query, form: str, snapshot: Snapshot, timeout: float) -> bytes:
        """The whole answer, in the format of the query.

        Raises Superseded when the dataset changed meanwhile, InvalidQuery and Problem for everything else
        that is not an answer: 400, 413, and 502 or 503 for what the server does.
        """
        if self.waiting >= self._max_waiting:
            raise waiting_problem(self._max_waiting)
        assert isinstance(snapshot, RemoteSnapshot)  # noqa: S101 (the store is remote)
        self.running += 1
        begun = False
        try:
            async with asyncio.timeout(timeout):
                text, default, named = await asyncio.to_thread(self._prepared, query, snapshot)
                async with self._turn:
                    begun = True
                    async with self._asked(text, form, default, named) as body:
                        made = await asyncio.to_thread(self._converted, body, query.format, form)
                if (await asyncio.to_thread(self._store.current)).version != snapshot.version:
                    raise Superseded("the graph was changed while it was read", hint="ask again")
                return made
        except TimeoutError:
            raise late_problem(timeout, begun=begun) from None
        finally:
            self.running -= 1

    async def close(self) -> None:
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    # --- the request

    def _prepared(self, query: Query, snapshot: RemoteSnapshot) -> tuple[str, list[str], list[str]]:
        """The text to send, and the graphs that default-graph-uri and named-graph-uri have to name."""
        merged = self._store.address.merged
        text = outbound(query.text, merged=merged is None)
        if not query.default_graphs and not query.named_graphs:
            return text, *snapshot.dataset(text, None, None)
        there: dict[str, bool] = {}
        for iri in (*query.default_graphs, *query.named_graphs):
            if iri not in there:
                there[iri] = next(snapshot.quads(graph=NamedNode(iri)), None) is not None
            if query.graphs_must_exist and not there[iri]:
                raise answer_problem(worker.NO_GRAPH, iri, self._allowance)
        default, named = (
            [iri for iri in dict.fromkeys(graphs) if there[iri]] or [_NOTHING]
            for graphs in (query.default_graphs, query.named_graphs)
        )
        if len(default) > 1 and self._overlap(snapshot, default):
            raise Problem(
                400, "overlapping-graphs",
                "the graphs of FROM state a triple in common, which this store would count twice",
                where="FROM", hint="name one graph, or query the default graph, which is the merge of all",
            )  # fmt: skip
        return text, default, named

    @contextlib.asynccontextmanager
    async def _asked(
        self, text: str, form: str, default: list[str], named: list[str]
    ) -> AsyncIterator[IO[bytes]]:
        """The answer as a file, whole."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                auth=self._auth,
                headers={"User-Agent": USER_AGENT},
                timeout=httpx.Timeout(None, connect=10.0),  # the deadline of each query is around it
                limits=httpx.Limits(max_connections=self._at_once, max_keepalive_connections=self._at_once),
            )
        accept = ROWS if form in ("select", "ask") else TRIPLES
        data: dict[str, str | list[str]] = {"query": text}
        if default:
            data["default-graph-uri"] = default
        if named:
            data["named-graph-uri"] = named
        most = self._allowance.max_result_bytes * _LONGER
        with cast(IO[bytes], tempfile.SpooledTemporaryFile(_IN_MEMORY)) as body:
            try:
                request = self._client.stream(
                    "POST", self._store.address.query, data=data, headers={"Accept": accept}
                )
                async with request as response:
                    if response.status_code != 200:
                        raise _refused(response, await _words(response))
                    _hold_to_whole(response, accept)
                    async for chunk in response.aiter_bytes():
                        body.write(chunk)
                        if body.tell() > most:
                            raise answer_problem(worker.RESULT_TOO_LARGE, "", self._allowance)
            except (httpx.TransportError, httpx.DecodingError) as error:
                raise too_busy(
                    "the server that keeps the graph cannot be reached", code="store-unreachable"
                ) from error
            body.seek(0)
            yield body

    def _overlap(self, snapshot: RemoteSnapshot, graphs: list[str]) -> bool:
        """Whether two graphs state the same triple: RDF merges them, servers often do not."""
        seen: set[ox.Triple] = set()
        for graph in graphs:
            before = len(seen)
            for count, quad in enumerate(snapshot.quads(graph=NamedNode(graph)), 1):
                seen.add(quad.triple)
                if len(seen) > self._allowance.max_merged_quads:
                    raise answer_problem(worker.MERGE_TOO_LARGE, "", self._allowance)
                if len(seen) < before + count:
                    return True
        return False

    # --- the answer

    def _converted(self, body: IO[bytes], format: str, form: str) -> bytes:
        # What raises must not hold the rows: they have to end in the thread they began in.
        kind, made = _written(body, format, form, self._allowance)
        if kind == worker.FAILED:
            # Oxigraph ends a query at its time limit in the middle of an answer that began with 200.
            raise _cut(f"what it sends cannot be read, {made.decode()}")
        if kind != worker.ANSWER:
            raise answer_problem(kind, "", self._allowance)
        return made


def _written(body: IO[bytes], format: str, form: str, allowance: Allowance) -> tuple[bytes, bytes]:
    """An answer in another format, or a kind of failure and what there is to say of it."""
    try:
        if form in ("construct", "describe"):
            output = worker.Output(allowance.max_result_bytes)
            stated = (quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES))
            triples = _bounded(stated, allowance.max_rows)
            prefixes = PREFIXES if format in ("ttl", "trig") else None
            ox.serialize(triples, cast(IO[bytes], output), GRAPHS[format], prefixes=prefixes)
        else:
            output = worker.Rows(allowance.max_result_bytes, format, allowance.max_rows)
            found = results(body, truth=form == "ask")
            found.serialize(cast(IO[bytes], output), _ROWS[format])
    except worker.TooLarge:
        return worker.RESULT_TOO_LARGE, b""
    except worker.TooManyRows:
        return worker.TOO_MANY_ROWS, b""
    except SyntaxError as error:
        return worker.FAILED, str(error)[:MAX_TOLD].encode()
    return worker.ANSWER, bytes(memoryview(output.frame)[5:])


def _bounded(triples: Iterable[ox.Triple], most: int) -> Iterator[ox.Triple]:
    for count, triple in enumerate(triples):
        if count == most:
            raise worker.TooManyRows
        yield triple


def _hold_to_whole(response: httpx.Response, accept: str) -> None:
    """Raises a problem for an answer that is not what was asked for, or a part of it."""
    headers = response.headers
    found = headers.get("content-type", "").partition(";")[0].strip().lower()
    if found != accept:
        raise _failed(f"it answers with {found or 'something'} instead of {accept}")
    said = headers.get("x-sql-message") or headers.get("x-sql-state")
    if said:
        raise _cut(" ".join(said.split())[:MAX_TOLD])
    if (rows := row_limit(response)) is not None:
        raise _cut(f"it gives the first {rows} rows")
    chunked = "chunked" in headers.get("transfer-encoding", "").lower()
    if "content-length" not in headers and not chunked and response.http_version.startswith("HTTP/1"):
        raise _failed("its answer does not say where it ends")


async def _words(response: httpx.Response) -> str:
    """The first paragraph of what the server says of an error, unless it is a page for people."""
    if "html" in response.headers.get("content-type", "").lower():
        return ""
    said = b""
    async for chunk in response.aiter_bytes():
        said += chunk
        if len(said) > 10 * MAX_TOLD:
            break
    # Virtuoso adds the text of the query after an empty line.
    text = said.decode("utf-8", "replace").strip().partition("\n\n")[0]
    return " ".join(text.split())[:MAX_TOLD]


def _refused(response: httpx.Response, words: str) -> Problem:
    status = response.status_code
    if status in (408, 504) or (status >= 500 and any(sign in words for sign in _LATE)):
        return too_busy(
            "the server that keeps the graph ended the query at a time limit of its own",
            code="timeout", hint="ask for less (LIMIT, fewer patterns)",
        )  # fmt: skip
    if status == 400:
        return Problem(400, "syntax", words or "the query cannot be parsed", hint="correct the query")
    if status in (429, 503):
        return too_busy("the server that keeps the graph has too much to do", code="store-busy")
    if status in (401, 403):
        return _failed("it refuses this server's credentials")
    return _failed(f"it answers {status}{': ' + words if words else ''}")


def _failed(why: str) -> Problem:
    return Problem(
        502, "store-failed", f"the server that keeps the graph failed: {why}", hint="tell the operator"
    )


def _cut(why: str) -> Problem:
    return too_busy(
        f"the server that keeps the graph gives a part of the answer only: {why}",
        code="store-cut-answer", hint="ask for less, or page with ORDER BY, LIMIT and OFFSET",
    )  # fmt: skip
