"""The concepts of the scheme of topics, and which stand above which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

import pyoxigraph
from pyoxigraph import NamedNode

from sdograph import bundled
from sdograph.identifiers import SCHEME_BASE
from sdograph.namespaces import SKOS

SCHEME = SCHEME_BASE + "topic"


def topic_iri(notation: str) -> str:
    """``https://w3id.org/sdograph/scheme/topic/data-poisoning`` from its notation."""
    return f"{SCHEME}/{notation}"


@cache
def broader() -> Mapping[str, frozenset[str]]:
    """Every topic, by notation, with all that stand above it, at whatever distance."""
    path = bundled.ontology() / "schemes" / "topic.ttl"
    above: dict[str, set[str]] = {}
    for quad in pyoxigraph.parse(path=path, format=pyoxigraph.RdfFormat.TURTLE):
        match quad.subject, quad.predicate, quad.object:
            case NamedNode() as concept, SKOS.inScheme, _:
                above.setdefault(_notation(concept), set())
            case NamedNode() as concept, SKOS.broader, NamedNode() as wider:
                above.setdefault(_notation(concept), set()).add(_notation(wider))
    return MappingProxyType({topic: frozenset(_all_above(topic, above)) for topic in above})


def _notation(concept: NamedNode) -> str:
    return concept.value.removeprefix(SCHEME + "/")


def _all_above(topic: str, above: dict[str, set[str]]) -> Iterator[str]:
    for one in above[topic]:
        yield one
        yield from _all_above(one, above)
