"""Names and codes as they stand in documents -> nodes of the graph, or an explicit unresolved reference.

Deterministic: the same words, date and registry give the same link, with the rule that made it and a
confidence. Nothing is guessed: two nodes that fit are two candidates and no target.

- :mod:`.registry`: the bodies, groups and releases that names can lead to
- :mod:`.names`: how names are compared, how lists of parties are taken apart
- :mod:`.grammar`: the spellings that documents use for a body or group, by rule
- :mod:`.organizations`: names, alone and in lists, to bodies and groups
- :mod:`.codes`: codes of work items, numbers of specifications and liaison statements
- :mod:`.numbers`: numbers of documents, who gave them, of which year and meeting
- :mod:`.linker`: the linking itself
"""

from sdograph.linking.codes import Candidate, CodeIndex, MemoryIndex
from sdograph.linking.linker import Linker
from sdograph.linking.names import split_parties
from sdograph.linking.organizations import Link
from sdograph.linking.registry import Registry, UnknownOrganization

__all__ = [
    "Candidate",
    "CodeIndex",
    "Link",
    "Linker",
    "MemoryIndex",
    "Registry",
    "UnknownOrganization",
    "split_parties",
]
