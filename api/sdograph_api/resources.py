"""Linked data: every IRI of the graph has a page here, and the same as RDF and JSON.

Which of them is sent, the Accept header says, or a suffix of the path. IRIs in the data stay what they are,
wherever the server is; links of pages lead to this server.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import orjson
from fastapi import Request
from pyoxigraph import Literal, NamedNode, Triple
from starlette.responses import RedirectResponse, Response

from sdograph.identifiers import BASE, CLASSES, GRAPH_BASE
from sdograph.namespaces import ORG, PREFIXES, RDF, RDFS, SDO
from sdograph.store import Snapshot
from sdograph_api.addresses import local, root_path
from sdograph_api.context import Context
from sdograph_api.html import SECURITY
from sdograph_api.negotiation import GRAPHS, HTML, JSON, JSON_LD, N_TRIPLES, TURTLE, Form, negotiate
from sdograph_api.pages import listing_page, resource_page
from sdograph_api.problems import Problem
from sdograph_api.rdf import serialize
from sdograph_api.rest.answers import document, respond
from sdograph_api.routing import Router
from sdograph_api.view import Properties, View, natural

#: The first is what those get who take anything; application/json is the JSON of this project, not JSON-LD.
FORMS = (TURTLE, JSON, JSON_LD, N_TRIPLES, HTML)
_SUFFIXES = {f".{form.name}": form for form in FORMS}
#: Resources that lead to one, shown for each predicate; the others are counted.
MAX_INCOMING = 50
MAX_EVIDENCE = 200
MAX_LISTED = 5000


def router(context: Context) -> Router:
    """``/id/…``, ``/scheme/…``, ``/dataset`` and ``/graph/…``."""
    routes = Router(tags=["linked data"])
    shown: dict[int | str, dict[str, Any]] = {
        200: {"content": {form.media_type: {} for form in FORMS}},
        301: {"description": "It is known under another IRI."},
        404: {"description": "There is no such resource."},
    }

    @routes.get("/id/{path:path}", response_class=Response, responses=shown, summary="A resource")
    def resource(request: Request, path: str) -> Response:
        if path.rstrip("/") in CLASSES:
            return _listing(request, context, path.rstrip("/"))
        return _describe(request, context, f"id/{path}")

    @routes.get(
        "/scheme/{path:path}", response_class=Response, responses=shown, summary="A concept or scheme"
    )
    def scheme(request: Request, path: str) -> Response:
        return _describe(request, context, f"scheme/{path}")

    @routes.get("/dataset", response_class=Response, responses=shown, summary="The dataset itself")
    def dataset(request: Request) -> Response:
        return _describe(request, context, "dataset")

    @routes.get("/graph/{path:path}", response_class=Response, summary="What one source document states")
    def graph(request: Request, path: str) -> Response:
        return _graph(request, context, path)

    return routes


def _describe(request: Request, context: Context, path: str) -> Response:
    view = View(context.snapshot())
    node, suffix = _find(view, path)
    form = _SUFFIXES.get(suffix)
    if form is not None:
        content_type = form.content_type()
    else:
        form, content_type = negotiate(request.headers.get("accept", ""), FORMS)
    root = root_path(request.scope)
    canonical = view.snapshot.leads_to(node)
    if canonical != node:
        address = local(canonical.value, root) or canonical.value
        return RedirectResponse(address + suffix, status_code=301, headers={"Vary": "Accept"})
    address = local(node.value, root) or ""
    headers = {
        "Vary": "Accept",
        "Content-Location": f"{address}.{form.name}",
        "Link": ", ".join(
            f'<{address}.{other.name}>; rel="alternate"; type="{other.media_type}"' for other in FORMS
        ),
        **(SECURITY if form is HTML else {}),
    }

    def make(view: View) -> tuple[bytes, Mapping[str, str]]:
        if form is HTML:
            return resource_page(describe(view, node), root), headers
        if form is JSON:
            return document(view, context, describe(view, node)), headers
        return serialize(_triples(view, node), form.name, PREFIXES), headers

    return respond(request, context, content_type, make, variant=form.name)


def _find(view: View, path: str) -> tuple[NamedNode, str]:
    """The resource of a path, and the suffix that asks for a form of it."""
    stem, dot, ending = path.rpartition(".")
    candidates = [(path, "")]
    if f".{ending}" in _SUFFIXES and dot:
        candidates.append((stem, f".{ending}"))
    for candidate, suffix in candidates:
        try:
            node = NamedNode(BASE + candidate)
        except ValueError:
            continue
        if next(view.snapshot.triples(node), None):
            return node, suffix
    raise Problem(
        404, "not-found", f"there is no resource {BASE}{path}", where="path",
        hint="lists find resources by name: /api/v1/groups?q=SA3",
    )  # fmt: skip


def _triples(view: View, node: NamedNode) -> Iterator[Triple]:
    """What is said of a resource, and the labels of what is said."""
    labelled = set()
    for triple in view.snapshot.triples(node):
        yield triple
        if isinstance(triple.object, NamedNode):
            labelled.add(triple.object)
    for other in labelled - {node}:
        yield from view.snapshot.triples(other, RDFS.label)


def describe(view: View, node: NamedNode) -> dict[str, Any]:
    """A resource with what is said of it, what leads to it, and the evidence."""
    said = view.properties(node)
    incoming, counts = _incoming(view, node)
    evidence = view.evidence(node)
    return {
        **view.reference(node),
        "types": view.references(said.get(RDF.type, ())),
        "properties": {
            predicate.value: {"label": view.label(predicate), "values": _values(view, said, predicate)}
            for predicate in sorted(said, key=lambda p: p.value)
            if predicate != RDF.type
        },
        "incoming": {
            predicate.value: {
                "label": view.label(predicate),
                "count": counts[predicate],
                "resources": view.references(incoming[predicate]),
            }
            for predicate in sorted(incoming, key=lambda p: p.value)
        },
        "evidence": evidence[:MAX_EVIDENCE],
        "evidence_count": len(evidence),
    }


def _values(view: View, said: Properties, predicate: NamedNode) -> list[dict[str, Any]]:
    resources = [o for o in said[predicate] if isinstance(o, NamedNode)]
    literals = sorted((o for o in said[predicate] if isinstance(o, Literal)), key=lambda o: natural(o.value))
    return [
        *view.references(resources),
        *({"value": o.value, "language": o.language, "datatype": o.datatype.value} for o in literals),
    ]


def _incoming(view: View, node: NamedNode) -> tuple[dict[NamedNode, list[NamedNode]], dict[NamedNode, int]]:
    """The first resources that lead here by each predicate, and how many there are."""
    found: dict[NamedNode, list[NamedNode]] = {}
    counts: dict[NamedNode, int] = {}
    for triple in view.snapshot.triples(None, None, node):
        # Evidence has a place of its own.
        if triple.predicate == SDO.about or not isinstance(triple.subject, NamedNode):
            continue
        counts[triple.predicate] = counts.get(triple.predicate, 0) + 1
        shown = found.setdefault(triple.predicate, [])
        if len(shown) < MAX_INCOMING:
            shown.append(triple.subject)
    return found, counts


def _listing(request: Request, context: Context, name: str) -> Response:
    """All resources of a class, for people to browse."""
    form, content_type = negotiate(request.headers.get("accept", ""), (HTML, JSON))
    root = root_path(request.scope)

    def members(view: View) -> list[dict[str, str | None]]:
        prefix = f"{BASE}id/{name}/"
        found = {
            t.subject
            for t in view.snapshot.triples(None, RDF.type, _class_of(name))
            if isinstance(t.subject, NamedNode) and t.subject.value.startswith(prefix)
        }
        return view.references(found)

    def make(view: View) -> tuple[bytes, Mapping[str, str]]:
        everything = context.once(view.snapshot, ("listing", name), lambda: members(view))
        if form is HTML:
            page = listing_page(name, everything[:MAX_LISTED], len(everything), root)
            return page, {"Vary": "Accept", **SECURITY}
        return orjson.dumps({"data": everything[:MAX_LISTED], "total": len(everything)}), {"Vary": "Accept"}

    return respond(request, context, content_type, make, variant=form.name)


def _holds(snapshot: Snapshot, graph: str) -> bool:
    try:
        return next(snapshot.quads(graph=NamedNode(GRAPH_BASE + graph)), None) is not None
    except ValueError:
        return False


def _class_of(name: str) -> NamedNode:
    if name == "document":
        return SDO.SourceDocument
    if name == "change-event":
        return ORG.ChangeEvent
    return SDO["".join(word.capitalize() for word in name.split("-"))]


def _graph(request: Request, context: Context, path: str) -> Response:
    """The graph of one source document."""
    form: Form
    stem, dot, ending = path.rpartition(".")
    forms = {form.name: form for form in GRAPHS}
    snapshot = context.snapshot()
    for candidate, suffix in ((path, ""), (stem, ending if dot else "")):
        if candidate and (not suffix or suffix in forms) and _holds(snapshot, candidate):
            break
    else:
        raise Problem(
            404, "not-found", f"there is no graph {GRAPH_BASE}{path}", where="path",
            hint="/id/document lists the source documents; each has a graph of the same name",
        )  # fmt: skip
    if suffix:
        form, content_type = forms[suffix], forms[suffix].content_type()
    else:
        form, content_type = negotiate(request.headers.get("accept", ""), GRAPHS)
    name = NamedNode(GRAPH_BASE + candidate)

    def make(view: View) -> tuple[bytes, Mapping[str, str]]:
        triples = (quad.triple for quad in view.snapshot.quads(graph=name))
        return serialize(triples, form.name, PREFIXES), {"Vary": "Accept"}

    return respond(request, context, content_type, make, variant=form.name)
