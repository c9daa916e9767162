"""Full-text look-up of everything that has a name: who types a number or words finds what bears them.

An index belongs to one generation and is made from it once, into ``DATA_DIR/search/<version>.sqlite``, which
all processes on the directory share; where nothing can be written, each process keeps one in memory. It is
no part of the graph: deleting it costs the time to make it again.

What bears the text as an identifier or name comes first, in whatever spelling ("TS 33.501", "33.501",
"33501"); then what has all words, by BM25 with the fields weighed; of equally good ones the latest.
"""

from __future__ import annotations

from sdograph.search.content import KINDS
from sdograph.search.files import Searcher, make_index, open_index
from sdograph.search.index import PARTLY, Found, Hit, Match, SearchIndex

__all__ = ["KINDS", "PARTLY", "Found", "Hit", "Match", "SearchIndex", "Searcher", "make_index", "open_index"]
