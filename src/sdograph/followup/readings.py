"""When facts entered the graph: the newest reading of the documents that state a resource."""

from __future__ import annotations

from datetime import UTC, datetime

from pyoxigraph import NamedNode

from sdograph.namespaces import PROV
from sdograph.triples import Triples

#: Stands for a reading of which nothing is known.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class Readings:
    """Times of readings, each document looked up once."""

    def __init__(self, view: Triples) -> None:
        self._view = view
        self._of: dict[NamedNode, datetime] = {}

    def of(self, iri: str) -> datetime:
        """When the newest document that states a resource was read, UTC, to the second."""
        sources = self._view.objects(NamedNode(iri), PROV.hadPrimarySource)
        return max((self._read(d) for d in sources if isinstance(d, NamedNode)), default=BEGINNING)

    def _read(self, document: NamedNode) -> datetime:
        if document not in self._of:
            runs = [t.subject for t in self._view.triples(None, PROV.used, document)]
            times = (self._view.text(run, PROV.endedAtTime) for run in runs)
            self._of[document] = max((moment(t) for t in times if t), default=BEGINNING)
        return self._of[document]


def moment(text: str) -> datetime:
    """An xsd:dateTime as UTC, to the second."""
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC).replace(microsecond=0)
