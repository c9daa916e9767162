"""Which work of different bodies overlaps, how much, and why.

``Overlaps.of(snapshot, data_dir).rank(iri)`` gives the overlaps of one item, each with its score and the
contributions that add up to it.

- :mod:`.items`: work items and specifications, as they are compared
- :mod:`.words`, :mod:`.lexical`: words of titles, abbreviations spelled out, likeness by words
- :mod:`.encoder`, :mod:`.vectors`, :mod:`.nearest`: likeness by meaning, vectors kept
- :mod:`.topical`: likeness by topics
- :mod:`.features`, :mod:`.likeness`: what is read from a text, and all its likenesses together
- :mod:`.exact`: why they are the same to the last bit
- :mod:`.twins`: one text under several numbers
- :mod:`.facts`, :mod:`.evidence`: what the graph says besides: statements, references, relations, time
- :mod:`.score`: the sum of all that, as a number from 0 to 1
- :mod:`.ranking`: the overlaps of an item
- :mod:`.table`, :mod:`.renewal`: those of all items, made from what was made before
- :mod:`.evaluation`: how good the ranking is, by graded pairs
"""

from sdograph.overlap.items import Item
from sdograph.overlap.ranking import NothingToCompare, Overlap, Overlaps
from sdograph.overlap.score import Band, Contribution, ContributionKind, Part
from sdograph.overlap.twins import SameText
from sdograph.overlap.vectors import VectorStore

__all__ = [
    "Band",
    "Contribution",
    "ContributionKind",
    "Item",
    "NothingToCompare",
    "Overlap",
    "Overlaps",
    "Part",
    "SameText",
    "VectorStore",
]
