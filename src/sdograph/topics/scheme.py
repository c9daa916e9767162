"""The concepts of the scheme of topics, and which stand above which."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType

import pyoxigraph

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
        if quad.predicate == SKOS.inScheme:
            above.setdefault(_notation(quad.subject), set())
        elif quad.predicate == SKOS.broader:
            above.setdefault(_notation(quad.subject), set()).add(_notation(quad.object))
    return MappingProxyType({topic: frozenset(_all_above(topic, above)) for topic in above})


def _notation(concept: object) -> str:
    assert isinstance(concept, pyoxigraph.NamedNode)
    return concept.value.removeprefix(SCHEME + "/")


def _all_above(topic: str, above: dict[str, set[str]]) -> Iterator[str]:
    for one in above[topic]:
        yield one
        yield from _all_above(one, above)
