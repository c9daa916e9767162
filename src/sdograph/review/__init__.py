"""The review list and what people decide about it: data, like all the rest.

- :mod:`.listing`: names that were not linked, fields read with doubt, documents that contradict each other
- :mod:`.decision`: a decision, and the named graph that holds all of them
- :mod:`.effect`: what decisions make of the triples of a document, and the way back
- :mod:`.records`: the same of records, for reports
- :mod:`.proposal`: from what a person says to a decision, checked against the graph
- :mod:`.settling`: taking decisions and taking them back, in one commit
- :mod:`.files`: decisions as CSV and Turtle

Taking decisions needs SHACL, which takes most of a second to load: the last three are imported where they are
used, so that the list is there at once.
"""

from sdograph.review.decision import GRAPH, Decision, Decisions
from sdograph.review.effect import applied, withdrawn
from sdograph.review.listing import DOUBT, KINDS, Item, items
from sdograph.review.records import settled

__all__ = [
    "DOUBT",
    "GRAPH",
    "KINDS",
    "Decision",
    "Decisions",
    "Item",
    "applied",
    "items",
    "settled",
    "withdrawn",
]
