"""``/docs``: what the server answers, from its OpenAPI description. Nothing is loaded from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sdograph_api.html import Child, Html, link, page, table, tag

#: The SPARQL endpoint is no route of the framework; this is what OpenAPI says of it.
SPARQL_PATHS: dict[str, Any] = {
    "/sparql": {
        "get": {
            "tags": ["SPARQL"],
            "operationId": "sparql_get",
            "summary": "SPARQL 1.1 query",
            "description": (
                "The SPARQL 1.1 protocol; queries can also be posted. Without a query: the service "
                "description. Each query has a limit of time, memory and size of its result."
            ),
            "parameters": [
                {"name": name, "in": "query", "description": about, "schema": schema}
                for name, about, schema in (
                    ("query", "the query", {"type": "string"}),
                    (
                        "default-graph-uri",
                        "graphs to merge into the default graph",
                        {"type": "array", "items": {"type": "string", "format": "iri"}},
                    ),
                    (
                        "named-graph-uri",
                        "named graphs to make available",
                        {"type": "array", "items": {"type": "string", "format": "iri"}},
                    ),
                    ("timeout", "seconds; the server has a limit of its own", {"type": "number"}),
                    (
                        "format",
                        "json, xml, csv, tsv for SELECT and ASK; ttl, nt, rdf, jsonld, trig, nq for graphs",
                        {"type": "string"},
                    ),
                )
            ],
            "responses": {
                "200": {
                    "description": "The answer, whole.",
                    "content": {
                        media_type: {}
                        for media_type in (
                            "application/sparql-results+json",
                            "application/sparql-results+xml",
                            "text/csv",
                            "text/tab-separated-values",
                            "text/turtle",
                            "application/n-triples",
                            "application/rdf+xml",
                            "application/ld+json",
                            "application/trig",
                            "application/n-quads",
                        )
                    },
                },
                **{
                    status: {
                        "description": description,
                        "content": {
                            "application/problem+json": {
                                "schema": {"$ref": "#/components/schemas/ProblemDocument"}
                            }
                        },
                    }
                    for status, description in (
                        ("400", "The query cannot be parsed, or reaches out of the graph."),
                        ("406", "No form that is accepted can be sent."),
                        ("413", "The result is larger than the limit."),
                        ("503", "The limit of time or memory was reached, or there is too much to do."),
                    )
                },
            },
        }
    }
}


def documentation_page(description: Mapping[str, Any], root: str) -> bytes:
    """A page of all operations."""
    sections: dict[str, list[Child]] = {}
    for path, operations in description["paths"].items():
        for method, operation in operations.items():
            group = next(iter(operation.get("tags", ())), "other")
            sections.setdefault(group, []).append(_operation(path, method, operation, root))
    return page(
        "API",
        tag("h1", "The API"),
        tag(
            "p",
            "Answers are JSON unless said otherwise; errors are application/problem+json. For programs: ",
            link("openapi.json", root + "/openapi.json"),
            ".",
            class_="lead",
        ),
        [[tag("h2", group[0].upper() + group[1:]), operations] for group, operations in sections.items()],
        root=root,
    )


def _operation(path: str, method: str, operation: Mapping[str, Any], root: str) -> Html:
    shown: Child = tag("code", f"{method.upper()} {path}")
    if "{" not in path:
        shown = link(shown, root + path)
    parameters = list(_parameters(operation))
    return tag(
        "section",
        tag("h3", shown),
        tag("p", operation.get("summary", ""), ". " if operation.get("description") else "",
            operation.get("description", "")),
        table(["Parameter", "In", "What"], parameters) if parameters else None,
    )  # fmt: skip


def _parameters(operation: Mapping[str, Any]) -> Iterator[list[Child]]:
    for parameter in operation.get("parameters", ()):
        schema = parameter.get("schema", {})
        about = parameter.get("description") or schema.get("description") or ""
        choices = schema.get("enum") or next(
            (s["enum"] for s in schema.get("anyOf", ()) if "enum" in s), None
        )
        if choices:
            about = f"{about}{': ' if about else ''}{', '.join(map(str, choices))}"
        yield [tag("code", parameter["name"]), parameter["in"], about]
