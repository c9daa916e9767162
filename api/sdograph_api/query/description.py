"""What stands at ``/sparql`` without a query: the service description, or a page to write a query on."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Triple

from sdograph.namespaces import PREFIXES, RDF, RDFS
from sdograph.queries import NAMED
from sdograph_api.addresses import base_url, root_path
from sdograph_api.change.writing import writing_is_on
from sdograph_api.context import Context
from sdograph_api.html import SECURITY, Html, link, page, tag
from sdograph_api.negotiation import Form
from sdograph_api.rdf import serialize

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = "http://www.w3.org/ns/formats/"
_RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV", "Turtle",
    "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads",
)  # fmt: skip

_FIRST_QUERY = """\
# Who sent liaison statements to whom
SELECT ?from ?to (COUNT(?statement) AS ?statements)
WHERE {
  ?statement a sdo:LiaisonStatement ; schema:sender/rdfs:label ?from ; schema:toRecipient/rdfs:label ?to .
}
GROUP BY ?from ?to
ORDER BY DESC(?statements)
LIMIT 100
"""


def service_description(context: Context, scope: MutableMapping[str, Any], form: Form) -> bytes:
    """The SPARQL 1.1 service description of the endpoint."""
    base = base_url(scope, context.settings.public_url)
    triples = [*_triples(base + "/sparql")]
    if writing_is_on(context.settings):
        triples += _update_service(base + "/update")
    return serialize(triples, form.name, {**PREFIXES, "sd": SD})


def _update_service(endpoint: str) -> Iterator[Triple]:
    service = NamedNode(endpoint + "#service")
    yield Triple(service, RDF.type, NamedNode(SD + "Service"))
    yield Triple(service, NamedNode(SD + "endpoint"), NamedNode(endpoint))
    yield Triple(service, NamedNode(SD + "supportedLanguage"), NamedNode(SD + "SPARQL11Update"))


def _triples(endpoint: str) -> Iterator[Triple]:
    service, dataset, graph = (
        NamedNode(endpoint + part) for part in ("#service", "#dataset", "#default-graph")
    )
    sd = {
        name: NamedNode(SD + name)
        for name in (
            "Service", "Dataset", "Graph", "endpoint", "supportedLanguage", "SPARQL11Query", "resultFormat",
            "defaultDataset", "defaultGraph",
        )
    }  # fmt: skip
    yield Triple(service, RDF.type, sd["Service"])
    yield Triple(service, sd["endpoint"], NamedNode(endpoint))
    yield Triple(service, sd["supportedLanguage"], sd["SPARQL11Query"])
    for name in _RESULT_FORMATS:
        yield Triple(service, sd["resultFormat"], NamedNode(FORMATS + name))
    yield Triple(service, sd["defaultDataset"], dataset)
    yield Triple(dataset, RDF.type, sd["Dataset"])
    yield Triple(dataset, sd["defaultGraph"], graph)
    yield Triple(graph, RDF.type, sd["Graph"])
    yield Triple(
        graph,
        RDFS.comment,
        Literal("the merge of the graphs of all source documents, each triple once", language="en"),
    )


def query_page(scope: MutableMapping[str, Any]) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    """The page, and the headers that go with it."""
    root = root_path(scope)
    formats = [
        ("SELECT and ASK", (("json", "JSON"), ("csv", "CSV"), ("tsv", "TSV"), ("xml", "XML"))),
        (
            "CONSTRUCT and DESCRIBE",
            (("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("nt", "N-Triples"), ("rdf", "RDF/XML")),
        ),
    ]
    choice = tag(
        "select",
        tag("option", "usual format", value=""),
        [
            tag("optgroup", [tag("option", label, value=name) for name, label in group], label=title)
            for title, group in formats
        ],
        name="format",
        aria_label="Format",
    )
    form = tag(
        "form",
        tag("label", "SPARQL 1.1 query", for_="query"),
        tag("textarea", _FIRST_QUERY, id="query", name="query", spellcheck="false"),
        tag("div", tag("button", "Ask", type="submit"), choice, class_="bar"),
        method="get",
        action=root + "/sparql",
    )
    return (
        page(
            "SPARQL",
            tag("h1", "SPARQL"),
            tag(
                "p",
                "Ask the graph. These prefixes need no declaration: ",
                tag("code", " ".join(f"{prefix}:" for prefix in PREFIXES)),
                class_="lead",
            ),
            form,
            tag("h2", "Questions to begin with"),
            tag("ul", [tag("li", example) for example in examples(root)], class_="plain"),
            root=root,
        ),
        tuple((name.lower().encode(), value.encode()) for name, value in SECURITY.items()),
    )


def examples(root: str) -> Iterator[Html]:
    """Links that ask the named queries, with the example values that their parameters are described with."""
    for query in NAMED.values():
        values = {}
        for parameter in query.parameters:
            example = re.search(r"e\.g\. ([^\s,;()]+)", parameter.description)
            if parameter.required and example:
                values[parameter.name] = example[1].rstrip(".")
        if all(parameter.name in values for parameter in query.parameters if parameter.required):
            address = f"{root}/sparql?{urlencode({'query': query.bind(values), 'format': 'json'})}"
            yield link(query.title + (f" ({', '.join(values.values())})" if values else ""), address)
