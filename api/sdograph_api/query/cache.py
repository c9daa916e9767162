"""Answers to SPARQL queries, kept for as long as the graph is the same."""

from __future__ import annotations

from collections import OrderedDict

from sdograph_api.query.process import Query

#: An answer may take up this part of the cache, so that one does not drive out all others.
LARGEST_PART = 16
#: Bytes an entry takes besides its body and the text of its query: about what the objects around them need.
OVERHEAD = 512


class AnswerCache:
    """The answers used last, of one version of the graph, in at most ``limit`` bytes; 0 keeps nothing.

    Only whole answers to queries that give the same each time belong here. For one thread.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._version = ""
        self._answers: OrderedDict[Query, bytes] = OrderedDict()
        self.bytes = 0
        self.hits = 0
        self.misses = 0

    def __len__(self) -> int:
        return len(self._answers)

    def get(self, version: str, query: Query) -> bytes | None:
        """The answer over a version of the graph. Asking for another version drops what there is."""
        if version != self._version:
            self._answers.clear()
            self.bytes = 0
            self._version = version
        answer = self._answers.get(query)
        if answer is None:
            self.misses += 1
            return None
        self.hits += 1
        self._answers.move_to_end(query)
        return answer

    def put(self, version: str, query: Query, answer: bytes) -> None:
        """Keeps an answer, unless it is too large or the graph has moved on while it was found."""
        size = _size(query, answer)
        if version != self._version or size > self._limit // LARGEST_PART:
            return
        replaced = self._answers.pop(query, None)
        if replaced is not None:
            self.bytes -= _size(query, replaced)
        self._answers[query] = answer
        self.bytes += size
        while self.bytes > self._limit:
            self.bytes -= _size(*self._answers.popitem(last=False))


def _size(query: Query, answer: bytes) -> int:
    # Four bytes a character at most, and the graphs are few: good enough for a bound.
    graphs = sum(map(len, (*query.default_graphs, *query.named_graphs)))
    return len(answer) + 4 * (len(query.text) + graphs) + OVERHEAD
