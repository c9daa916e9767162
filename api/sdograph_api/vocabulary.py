"""``/ontology`` and ``/shapes``: the bundled files, as they are or in another form of RDF."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

import pyoxigraph as ox
from fastapi import Request
from pyoxigraph import Literal, NamedNode
from starlette.responses import Response

from sdograph import bundled
from sdograph.identifiers import BASE
from sdograph.namespaces import PREFIXES, RDF, RDFS, SKOS
from sdograph_api.addresses import root_path
from sdograph_api.html import SECURITY, Child, Html, page, tag
from sdograph_api.negotiation import HTML, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, negotiate
from sdograph_api.problems import Problem
from sdograph_api.rdf import serialize
from sdograph_api.rest.answers import matches
from sdograph_api.routing import Router

FORMS = (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)
_OWL = "http://www.w3.org/2002/07/owl#"
_KINDS = (
    ("Class", "Classes"),
    ("ObjectProperty", "Properties"),
    ("DatatypeProperty", "Properties with values"),
)


def router() -> Router:
    routes = Router(tags=["vocabulary"])

    @routes.get(
        "/ontology", response_class=Response, summary="The ontology; for browsers a page of its terms"
    )
    def ontology(request: Request) -> Response:
        return _sent(request, (bundled.ontology() / "sdograph.ttl",), with_page=True)

    @routes.get("/ontology/context.jsonld", response_class=Response, summary="The JSON-LD context")
    def context(request: Request) -> Response:
        body = (bundled.ontology() / "context.jsonld").read_bytes()
        return _cached(request, body, JSON_LD.media_type, {})

    @routes.get("/ontology/{path:path}", response_class=Response, summary="A scheme, an alignment, a version")
    def part(request: Request, path: str) -> Response:
        if path == _version():
            return _sent(request, (bundled.ontology() / "sdograph.ttl",), with_page=True)
        return _sent(request, (_file(bundled.ontology(), path),), with_page=False)

    @routes.get("/shapes", response_class=Response, summary="All SHACL shapes")
    def shapes(request: Request) -> Response:
        return _sent(request, tuple(sorted(bundled.shapes().glob("*.ttl"))), with_page=False)

    @routes.get("/shapes/{path:path}", response_class=Response, summary="The shapes of one class")
    def shape(request: Request, path: str) -> Response:
        return _sent(request, (_file(bundled.shapes(), path),), with_page=False)

    return routes


def _file(folder: Path, path: str) -> Path:
    """A Turtle file of a folder, named with or without its ending."""
    files = {str(f.relative_to(folder).with_suffix("")): f for f in folder.rglob("*.ttl")}
    found = files.get(path.removesuffix(".ttl"))
    if found is None:
        raise Problem(
            404, "not-found", f"there is no {path!r} here", where="path",
            hint="there are: " + ", ".join(sorted(files)),
        )  # fmt: skip
    return found


def _sent(request: Request, files: tuple[Path, ...], *, with_page: bool) -> Response:
    forms = (*FORMS, HTML) if with_page else FORMS
    form, content_type = negotiate(request.headers.get("accept", ""), forms)
    if form is HTML:
        return _cached(request, _page(root_path(request.scope)), content_type, SECURITY)
    if form is TURTLE:
        # As they were written, comments and all; one Turtle document may follow another.
        body = b"\n".join(file.read_bytes() for file in files)
    else:
        body = serialize(_triples(files), form.name, PREFIXES)
    return _cached(request, body, content_type, {})


def _cached(request: Request, body: bytes, content_type: str, further: dict[str, str]) -> Response:
    etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": etag, "Cache-Control": "public, no-cache", "Vary": "Accept", **further}
    if matches(request.headers.get("if-none-match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, headers={**headers, "Content-Type": content_type})


def _triples(files: tuple[Path, ...]) -> list[ox.Triple]:
    return [
        quad.triple
        for file in files
        for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


@cache
def _ontology() -> ox.Store:
    store = ox.Store()
    store.load(path=bundled.ontology() / "sdograph.ttl", format=ox.RdfFormat.TURTLE)
    return store


@cache
def _version() -> str | None:
    return _text(NamedNode(BASE + "ontology"), NamedNode(_OWL + "versionInfo"))


def _text(subject: NamedNode, predicate: NamedNode) -> str | None:
    quads = _ontology().quads_for_pattern(subject, predicate, None)
    return next((q.object.value for q in quads if isinstance(q.object, Literal)), None)


def _page(root: str) -> bytes:
    """The terms, each under the fragment of its IRI."""
    content: list[Child] = []
    for kind, title in _KINDS:
        terms = [
            q.subject
            for q in _ontology().quads_for_pattern(None, RDF.type, NamedNode(_OWL + kind))
            if isinstance(q.subject, NamedNode)
        ]
        content += [tag("h2", title), *(_term(term) for term in sorted(terms, key=lambda t: t.value))]
    return page(
        "Ontology",
        tag("h1", "The vocabulary"),
        tag("p", f"Version {_version()}. ", tag("code", BASE + "ontology#"), class_="lead"),
        content,
        root=root,
    )


def _term(term: NamedNode) -> Html:
    name = term.value.rpartition("#")[2]
    return tag(
        "section",
        tag("h3", _text(term, RDFS.label) or name, " ", tag("code", f"sdo:{name}")),
        tag("p", _text(term, SKOS.definition)),
        id=name,
    )
