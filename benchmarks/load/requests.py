"""What is asked under load: by honest clients, with the answer each must get, and by hostile ones."""

from __future__ import annotations

import itertools
import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

import pyoxigraph as ox

from benchmarks.load.client import Answer, Request
from sdograph.identifiers import ID_BASE
from sdograph.namespaces import PREFIXES

RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
_ALIKE = re.compile(rb"\d+-[0-9a-f]{8}|\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|\+00:00)|\d{4}-\d\d-\d\d(?=\")")
_LIST = (
    "SELECT ?ls ?date ?title {{ ?ls schema:sender <{sender}> ; schema:dateSent ?date ; "
    "dcterms:title ?title }} ORDER BY DESC(?date) ?ls ?title LIMIT 50"
)
#: Takes some 0.2 s: long enough to be set aside.
_SORTED = (
    "SELECT ?item ?id ?title {{ ?item a sdo:WorkItem ; dcterms:identifier ?id . "
    "OPTIONAL {{ ?item dcterms:title ?title }} }} ORDER BY ?item ?id ?title LIMIT 50 OFFSET {offset}"
)
_PAIRS = (
    "SELECT ?from ?to (COUNT(DISTINCT ?ls) AS ?n) {{ VALUES ?from {{ {senders} }} ?ls schema:sender ?from ; "
    "schema:toRecipient ?to }} GROUP BY ?from ?to ORDER BY DESC(?n) ?from ?to LIMIT 100"
)

Window = tuple[int, int]
"""Commits that were done when a request was sent, and those begun when its answer was there."""
Check = Callable[[Answer, Window], str | None]
"""Says what is wrong with an answer."""


@dataclass(frozen=True, slots=True)
class Honest:
    """A request that deserves an answer."""

    kind: str
    request: Request
    check: Check


@dataclass(frozen=True, slots=True)
class Hostile:
    """A request that must be refused: with one of these statuses, and with nothing else."""

    kind: str
    request: Request
    deserved: frozenset[int]


class Mix:
    """The requests of honest clients over a graph, with what its engine says to them when asked alone.

    ``ask`` gets an answer of the idle server: what is not SPARQL is held against that. All of it is found
    beforehand, so that little is left to do under load.
    """

    def __init__(self, store: ox.Store, ask: Callable[[Request], Answer], seed: int = 1) -> None:
        self._store, self._ask = store, ask
        self._random = random.Random(seed)
        self._fresh = itertools.count()
        self._statements = self._select("SELECT ?s { ?s a sdo:LiaisonStatement } ORDER BY ?s", "s")
        items = self._select("SELECT ?s { ?s a sdo:WorkItem } ORDER BY ?s", "s")
        senders = self._select(
            "SELECT DISTINCT ?g { ?l schema:sender ?g FILTER(CONTAINS(STR(?g), 'group/3GPP-')) } ORDER BY ?g",
            "g",
        )
        if len(self._statements) < 10 or not items or len(senders) < 3:
            raise SystemExit("the dataset has too little in it to be asked about")
        some = self._some(self._statements, 150) + self._some(items, 50)
        about = [f"SELECT ?p ?o {{ <{iri}> ?p ?o }} ORDER BY ?p ?o" for iri in some]
        lists = [_LIST.format(sender=sender) for sender in senders]
        long = [_SORTED.format(offset=50 * page) for page in range(10)]
        pairs = [_PAIRS.format(senders=" ".join(f"<{s}>" for s in self._some(senders, 3))) for _ in range(20)]
        self._asked = (
            (30, [self._rows("one resource", query) for query in about for _ in range(2)]),
            (15, [self._rows("repeated", query) for query in about[:5] for _ in RESULTS]),
            (12, [self._rows("list", query) for query in lists for _ in RESULTS]),
            (1, [self._rows("long list", query) for query in long]),
            (8, [self._rows("aggregate", query) for query in pairs for _ in range(2)]),
            (5, [self._count()]),
            (12, [self._graph(iri, accept) for iri in some[::2] for accept in GRAPHS]),
            (25, [*self._rest(senders), *self._exports(senders)]),
        )

    def next(self) -> Honest:
        [(_, choice)] = self._random.choices(self._asked, [weight for weight, _ in self._asked])
        honest = self._random.choice(choice)
        if honest.kind == "repeated" or honest.request.method == "POST":
            return honest
        if not honest.request.target.startswith("/sparql"):
            return honest
        # A comment makes it another query to whoever keeps answers.
        target = f"{honest.request.target}%23{next(self._fresh)}"
        return replace(honest, request=replace(honest.request, target=target))

    def _some(self, of: list[str], most: int) -> list[str]:
        return self._random.sample(of, min(most, len(of)))

    # --- SPARQL

    def _select(self, query: str, name: str) -> list[str]:
        return [row[name].value for row in self._store.query(query, prefixes=PREFIXES)]

    def _rows(self, kind: str, query: str) -> Honest:
        accept = self._random.choice(list(RESULTS))
        expected = self._store.query(query, prefixes=PREFIXES).serialize(format=RESULTS[accept])
        return Honest(kind, _asking(query, accept, post=self._random.random() < 0.2), _same(expected))

    def _count(self) -> Honest:
        def check(answer: Answer, window: Window) -> str | None:
            [row] = json.loads(answer.body)["results"]["bindings"]
            more = int(row["n"]["value"]) - len(self._statements)
            return None if window[0] <= more <= window[1] else f"{more} commits seen, of {window}"

        query = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s a sdo:LiaisonStatement }"
        return Honest("count", _asking(query, "application/sparql-results+json"), check)

    def _graph(self, iri: str, accept: str) -> Honest:
        query = f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ <{iri}> }} ?s ?p ?o }}"
        expected = frozenset(self._store.query(query))

        def check(answer: Answer, _: Window) -> str | None:
            found = frozenset(quad.triple for quad in ox.parse(answer.body, GRAPHS[accept]))
            return None if found == expected else f"{len(found)} triples, not the {len(expected)} expected"

        return Honest("graph", _asking(query, accept), check)

    # --- all else, as the idle server answers it

    def _rest(self, senders: list[str]) -> Iterator[Honest]:
        groups = [iri.removeprefix(ID_BASE + "group/") for iri in senders[:6]]
        for group in groups:
            yield self._held("REST item", f"/api/v1/groups/{group}")
            yield self._held(
                "REST list", f"/api/v1/liaison-statements?group={group}&limit=20&until=2022-12-31"
            )
        for offset in range(3):
            yield self._held("REST list", f"/api/v1/work-items?body=3GPP&limit={20 + offset}")
        for iri in self._some(self._statements, 6):
            path = quote(iri.removeprefix(ID_BASE))
            yield self._held("REST item", f"/api/v1/liaison-statements/{path.partition('/')[2]}")
            yield self._held("linked data", f"/id/{path}.nt")
            yield self._held("linked data", f"/id/{path}.json")
        for word in ("security", "authentication", "SA3"):
            # The order hangs on how rare a word is, and so on what is committed; the number does not.
            yield self._held("search", f"/api/v1/search?q={word}&kind=work-item&limit=5", _total)

    def _exports(self, senders: list[str]) -> Iterator[Honest]:
        for iri in senders[:2]:
            group = iri.removeprefix(ID_BASE + "group/")
            for ending in ("gexf", "json", "csv"):
                yield self._held("export", f"/export/liaisons/group={group}/until=2022-12-31/graph.{ending}")

    def _held(self, kind: str, target: str, seen_as: Callable[[bytes], bytes] | None = None) -> Honest:
        seen_as = seen_as or _comparable
        request = Request(target=target)
        answer = self._ask(request)
        if answer.status != 200:
            raise SystemExit(
                f"{target} is answered {answer.status} by the idle server: {answer.body[:300]!r}"
            )
        return Honest(kind, request, _same(seen_as(answer.body), seen_as))


def _same(expected: bytes | frozenset[ox.Triple], seen_as: Callable[[bytes], bytes] = bytes) -> Check:
    def check(answer: Answer, _: Window) -> str | None:
        found = seen_as(answer.body)
        return None if found == expected else f"{len(found)} bytes, not the {len(expected)} expected"

    return check


def _total(body: bytes) -> bytes:
    return str(json.loads(body)["total"]).encode()


def _comparable(body: bytes) -> bytes:
    """A body without what says which generation it is from."""
    if body.startswith(b"{"):
        members = json.loads(body)
        for name in ("dataset", "completeness"):
            members.pop(name, None)
        body = json.dumps(members).encode()
    return b"\n".join(sorted(_ALIKE.sub(b"", body).split(b"\n")))


def _asking(query: str, accept: str, *, post: bool = False) -> Request:
    if post:
        return Request(method="POST", target="/sparql", accept=accept,
                       content_type="application/sparql-query", body=_declared(query).encode())  # fmt: skip
    return Request(target="/sparql?" + urlencode({"query": _declared(query)}), accept=accept)


def _declared(query: str) -> str:
    used = (f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items() if f"{name}:" in query)
    return "".join(used) + query


# --- hostile ones

_LIMITS = frozenset({413, 429, 503})
_FAULTS = frozenset({400, 403, 413, 429})


def hostile(canary: int) -> Iterator[Hostile]:
    """Without end, each text once. ``canary`` is a port at which nobody may ask."""
    everything = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    outside = f"http://127.0.0.1:{canary}/"
    texts: tuple[tuple[str, frozenset[int], str], ...] = (
        ("cross product", _LIMITS, f"SELECT (COUNT(*) AS ?n) {everything}"),
        ("SERVICE", _FAULTS, f"SELECT * {{ SERVICE <{outside}> {{ ?s ?p ?o }} }}"),
        ("groups without end", _LIMITS, f"SELECT ?k (COUNT(*) AS ?n) {{ {everything} "
         "BIND(CONCAT(STR(?a), STR(?d), STR(?g), STR(?f)) AS ?k) } GROUP BY ?k"),
        ("nested 5,000 deep", _FAULTS, f"SELECT * {'{' * 5000} ?s ?p ?o {'}' * 5000}"),
        ("huge result", _LIMITS, f"SELECT * {everything}"),
        ("broken syntax", _FAULTS, "SELECT ?s WHERE { ?s ?p"),
        ("sorted cross product", _LIMITS, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?f ?c ?a ?d"),
        ("LOAD", _FAULTS, f"LOAD <{outside}>"),
        ("paths between all", _LIMITS, "SELECT (COUNT(*) AS ?n) { ?a (!sdo:no|^!sdo:no)* ?b . ?c ?d ?e }"),
        ("FROM elsewhere", _FAULTS, f"SELECT * FROM <{outside}> {{ ?s ?p ?o }}"),
        ("huge graph", _LIMITS, "CONSTRUCT { ?a ?e ?c . ?d ?b ?f } { ?a ?b ?c . ?d ?e ?f }"),
        ("2 MiB of text", _FAULTS, f"SELECT * {{ ?s ?p '{'x' * (2 << 20)}' }}"),
    )  # fmt: skip
    for number in itertools.count():
        kind, deserved, text = texts[number % len(texts)]
        request = Request(method="POST", target="/sparql", content_type="application/sparql-query",
                          body=_declared(f"{text} #{number}").encode())  # fmt: skip
        yield Hostile(kind, request, deserved)
