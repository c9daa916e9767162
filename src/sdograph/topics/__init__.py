"""What an item is about: topics of the scheme ``topic``, given by rules, each with the words that led to it.

- :mod:`.words`: words as they are compared, phrases found among them
- :mod:`.rules`: the rules of ``rules.toml``, compiled
- :mod:`.scheme`: the concepts of the scheme and which stand above which
- :mod:`.assign`: the topics of a title, scope and keywords
"""

from sdograph.topics.assign import Assignment, TopicAssigner, assigner
from sdograph.topics.rules import Rules
from sdograph.topics.scheme import topic_iri

__all__ = ["Assignment", "Rules", "TopicAssigner", "assigner", "topic_iri"]
