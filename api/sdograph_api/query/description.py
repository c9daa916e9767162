"""What stands at ``/sparql`` without a query: the service description, or a page to write a query on."""

from __future__ import annotations

import re
from collections.abc import Iterator, MutableMapping
from typing import Any
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode, Triple

from sdograph.namespaces import PREFIXES, RDF, RDFS, ClosedNamespace
from sdograph.queries import NAMED
from sdograph_api.addresses import base_url, root_path
from sdograph_api.change.writing import writing_is_on
from sdograph_api.context import Context
from sdograph_api.html import SECURITY, Html, link, page, tag
from sdograph_api.negotiation import Form
from sdograph_api.rdf import serialize

SD = ClosedNamespace(
    "http://www.w3.org/ns/sparql-service-description#",
    "Service Dataset Graph endpoint supportedLanguage SPARQL11Query SPARQL11Update feature UnionDefaultGraph "
    "BasicFederatedQuery defaultEntailmentRegime resultFormat defaultDataset defaultGraph",
)
_SIMPLE_ENTAILMENT = NamedNode("http://www.w3.org/ns/entailment/Simple")
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
    """The SPARQL 1.1 service description of the endpoint, and of that for updates where writing is on."""
    settings = context.settings
    base = base_url(scope, settings.public_url)
    triples = [*_query_service(base, federated=bool(settings.service_allow) and context.remote is None)]
    if writing_is_on(settings):
        triples += _update_service(base)
    return serialize(triples, form.name, {**PREFIXES, "sd": SD.base})


def _update_service(base: str) -> Iterator[Triple]:
    endpoint = NamedNode(base + "/update")
    service = NamedNode(endpoint.value + "#service")
    yield Triple(service, RDF.type, SD.Service)
    yield Triple(service, SD.endpoint, endpoint)
    yield Triple(service, SD.supportedLanguage, SD.SPARQL11Update)
    yield Triple(service, SD.feature, SD.UnionDefaultGraph)
    yield Triple(service, SD.defaultDataset, NamedNode(base + "/sparql#dataset"))


def _query_service(base: str, *, federated: bool) -> Iterator[Triple]:
    endpoint = NamedNode(base + "/sparql")
    service, dataset, graph = (
        NamedNode(endpoint.value + part) for part in ("#service", "#dataset", "#default-graph")
    )
    yield Triple(service, RDF.type, SD.Service)
    yield Triple(service, SD.endpoint, endpoint)
    yield Triple(service, SD.supportedLanguage, SD.SPARQL11Query)
    yield Triple(service, SD.feature, SD.UnionDefaultGraph)
    if federated:
        yield Triple(service, SD.feature, SD.BasicFederatedQuery)
    yield Triple(service, SD.defaultEntailmentRegime, _SIMPLE_ENTAILMENT)
    for name in _RESULT_FORMATS:
        yield Triple(service, SD.resultFormat, NamedNode(FORMATS + name))
    yield Triple(service, SD.defaultDataset, dataset)
    yield Triple(dataset, RDF.type, SD.Dataset)
    yield Triple(dataset, SD.defaultGraph, graph)
    # What is in it is counted there: that takes too long to be done on the way of queries.
    yield Triple(dataset, RDFS.seeAlso, NamedNode(base + "/.well-known/void"))
    yield Triple(graph, RDF.type, SD.Graph)
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
