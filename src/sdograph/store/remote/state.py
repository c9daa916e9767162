"""What the store keeps about itself on the server: the description of the dataset, and the marks of writers.

The marks lie in a graph of their own, which no query of ours shows. One triple each, so that setting or
removing one is done or not done, also on a server where a larger update may stop half-way.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from sdograph.identifiers import BASE, GRAPH_BASE
from sdograph.namespaces import DCAT, DCT, SDO
from sdograph.store.dataset import DATASET, DATASET_GRAPH
from sdograph.triples import Term

#: Graphs below this are the store's own.
OWN = BASE + "store/"
STATE_GRAPH = NamedNode(OWN + "state")
JOURNAL_GRAPH = NamedNode(OWN + "journal")

#: Who writes, and until when: "<token> <time of the server>".
WRITER = NamedNode(OWN + "writer")
#: A first build is under way, or died: what lies here is worth nothing.
BUILDING = NamedNode(OWN + "building")
#: Where the merge of the document graphs lies: "default", or the IRI of a graph.
MERGED = NamedNode(OWN + "merged")
#: A change is decided and being written: "<version before> <version after>".
JOURNAL = NamedNode(OWN + "journal")

#: Graphs that Virtuoso brings with it.
_BUILTIN = (
    "http://www.openlinksw.com/schemas/",
    "http://www.w3.org/2002/07/owl#",
    "http://www.w3.org/ns/ldp#",
    "urn:activitystreams-owl:map",
    "urn:core:services:sparql",
    "urn:rules.skos",
    "urn:virtuoso:",
    "virtrdf-label",
    "b3sifp",
    "b3sonto",
    "facets",
    "dbprdf-label",
)

STATE = (
    f"SELECT ?p ?o ?now {{ {{ GRAPH {DATASET_GRAPH} {{ {DATASET} ?p ?o }} }} UNION "
    f"{{ GRAPH {STATE_GRAPH} {{ {DATASET} ?p ?o }} }} UNION {{ BIND(NOW() AS ?now) }} }}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """The store as it describes itself."""

    number: int = 0
    version: str = ""
    generated_at: str = ""
    writers: tuple[str, ...] = ()
    building: bool = False
    journal: str | None = None
    merged: str | None = None
    now: str = ""
    """The time of the server."""

    @classmethod
    def of(cls, rows: list[tuple[Term | None, Term | None, Term | None]]) -> State:
        """From what :data:`STATE` gives."""
        said: dict[str, list[str]] = {}
        now = ""
        for p, o, time in rows:
            if isinstance(time, Literal):
                now = time.value
            if isinstance(p, NamedNode) and isinstance(o, NamedNode | Literal):
                said.setdefault(p.value, []).append(o.value)

        def one(p: NamedNode) -> str | None:
            return min(said.get(p.value, ()), default=None)

        number = one(SDO.generation) or ""
        return cls(
            number=int(number) if number.isascii() and number.isdigit() else 0,
            version=one(DCAT.version) or "",
            generated_at=one(DCT.modified) or "",
            writers=tuple(sorted(said.get(WRITER.value, ()))),
            building=BUILDING.value in said,
            journal=one(JOURNAL),
            merged=one(MERGED),
            now=now,
        )


def is_hidden(graph: str, *, ignores_foreign: bool) -> bool:
    """Whether a graph on the server is no document's: the store's own, the server's, or somebody else's."""
    if graph.startswith(OWN) or graph.startswith(_BUILTIN):
        return True
    return ignores_foreign and not graph.startswith(GRAPH_BASE)
