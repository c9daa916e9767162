"""Names of bodies and groups -> which of the registry they are: alone, in a list, in their surroundings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from sdograph import identifiers as ids
from sdograph.linking.grammar import FORMER
from sdograph.linking.lookup import Hit, NameIndex
from sdograph.linking.names import fold, in_english, outside_parentheses
from sdograph.linking.registry import Registry
from sdograph.model import Body, Group, Reference

When: TypeAlias = date | str | None
"""A day, or an ISO 8601 date of day, month or year precision; None when it is not known."""

#: Longer than any official name with remarks; what is longer is no name but running text.
_LONGEST_NAME = 600
_MOST_WORDS = 24
#: How many parties before and behind one in a list may say its body.
_NEIGHBOURS = 50

#: "Question 15 of Study Group 17" is "Study Group 17 Question 15".
_PART_OF_WHOLE = re.compile(r"(.+?)\s+of\s+(?:the\s+)?(.+)", re.IGNORECASE)
_ARTICLE = re.compile(r"^the\s+", re.IGNORECASE)
#: ETSI's index has "formely".
_FORMERLY = re.compile(r"former?ly (.+)", re.IGNORECASE)

DERIVED = 0.95
CARRIED = 0.9
_ALONE = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a name or code was linked to: a key or None, what it may be instead, how sure, by which rule."""

    target: str | None = None
    candidates: tuple[str, ...] = ()
    confidence: float = 0.0
    rule: str

    def of(self, reference: Reference) -> Reference:
        """The reference, linked."""
        return replace(
            reference,
            target=self.target,
            candidates=self.candidates,
            confidence=self.confidence,
            rule=self.rule,
        )


_UNKNOWN = Link(rule="unknown name")


class Organizations:
    """Links names to the bodies and groups of a registry."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self.names = NameIndex(registry)

    def organization(self, text: str, *, on: When = None, context: str | None = None) -> Link:
        """The body or group that a name stands for at a date.

        ``context`` is the registry id of the body or group that the words around the name speak of: "SA" is
        3GPP's TSG only there. A group out of force at the date is meant only where no group in force bears
        the name. Confidence: 1.0 the official or short name with its body's, 0.95 by pattern, 0.9 with the
        body from the context, 0.8 a short name that stands for one group in the whole registry.
        """
        return self.within(
            text, on, self.contexts([self.registry.organization(context).id] if context else [])
        )

    def within(self, text: str, on: When, contexts: Sequence[str]) -> Link:
        """The same, where the context is a list of registry ids (:meth:`contexts`), tried in that order."""
        if len(text) > _LONGEST_NAME:
            return _UNKNOWN
        name, remarks = outside_parentheses(text)
        name = in_english(_ARTICLE.sub("", name))
        # A body in parentheses is what the name belongs to: "SA3 (3GPP)".
        said = [h.key for remark in remarks for h in self.names.full(fold(remark))]
        contexts = [*self.contexts(map(ids.local_id, said)), *contexts]
        tries = [name]
        if remarks:
            tries.append(text)  # some official names hold parentheses
        if part := _PART_OF_WHOLE.fullmatch(name):
            tries.append(f"{part[2]} {part[1]}")
        link = next((found for t in tries if (found := self._exactly(t, on, contexts)) is not None), None)
        if link is None or link.target is None:
            return self._once_called(remarks) or link or self._with_scope(name, on, contexts)
        if isinstance(self.registry.at(link.target), Body):
            return self._narrowed(link, remarks, on)
        return link

    def _exactly(self, name: str, on: When, contexts: Iterable[str]) -> Link | None:
        form = fold(name)
        hits = self.names.full(form)
        if hits:
            return self._choose(hits, on)
        for context in contexts:
            hits = self.names.within(context, form)
            if hits:
                return self._choose(hits, on, f"name within {context}", CARRIED)
        hits = self.names.anywhere(form)
        if not hits:
            return None
        link = self._choose(hits, on, "short name that one group bears", _ALONE)
        if link.target is None or any(h.spelling.alone for h in hits if h.key == link.target):
            return link
        # Numbers are given anew in each sector: SG5 of ITU-R is not that of ITU-T.
        if not any(char.isdigit() for char in form) and self._in_sister(link.target, contexts):
            return replace(link, rule="short name within another sector of the body")
        return Link(candidates=(link.target,), rule="name that needs its body")

    def _in_sister(self, key: str, contexts: Iterable[str]) -> bool:
        """Whether a group's body is a part of one of the contexts, or of what one of them is a part of."""
        wholes = {w for c in contexts for b in self.registry.bodies(c) for w in (b, *self._parents(b))}
        bodies = self.registry.bodies(ids.local_id(key))
        return any(parent in wholes for body in bodies for parent in self._parents(body))

    def _parents(self, body: str) -> tuple[str, ...]:
        return self.registry.organization(body).parents

    def _choose(self, hits: list[Hit], on: When, rule: str | None = None, limit: float = 1.0) -> Link:
        own = [h for h in hits if h.spelling.rule != FORMER] or hits
        fitting = [h for h in own if self.registry.in_force(h.key, on)] or own
        if len(fitting) > 1:
            return Link(candidates=tuple(sorted(h.key for h in fitting)), rule="several bear the name")
        found = fitting[0]
        if found.spelling.rule == FORMER:
            # What a group took over is not the group: a statement of CN1 is no statement of CT1.
            return Link(candidates=(found.key,), rule=FORMER)
        return Link(
            target=found.key,
            confidence=min(limit, found.spelling.confidence),
            rule=rule or found.spelling.rule,
        )

    def _narrowed(self, link: Link, remarks: Iterable[str], on: When) -> Link:
        """A body whose group stands in parentheses: "3GPP (SA3)" is the group."""
        for remark in remarks:
            contexts = self.contexts([ids.local_id(link.target or "")])
            within = [h for c in contexts for h in self.names.within(c, fold(remark))]
            if within:
                return self._choose(within, on, "group in parentheses", CARRIED)
        return link

    def _once_called(self, remarks: Iterable[str]) -> Link | None:
        """By a former name in parentheses: "Interworking with external networks (formerly CN3)" is CT3."""
        for remark in remarks:
            if found := _FORMERLY.fullmatch(remark):
                hits = [h for h in self.names.anywhere(fold(found[1])) if h.spelling.rule == FORMER]
                if len(hits) == 1:
                    return Link(target=hits[0].key, confidence=CARRIED, rule="name with a former name")
        return None

    def _with_scope(self, name: str, on: When, contexts: Sequence[str]) -> Link:
        """A name followed by what the group does: "SA3 Security".

        With other words after it, what the first words name is a candidate.
        """
        words = list(re.finditer(r"[^\W_]+", name))
        if len(words) > _MOST_WORDS:
            return _UNKNOWN
        for n in range(len(words) - 1, 0, -1):
            link = self._exactly(name[: words[n - 1].end()], on, contexts)
            if link is None or link.target is None:
                continue
            rest = frozenset(word[0].casefold() for word in words[n:])
            if self.names.explains(link.target, rest):
                return replace(link, confidence=min(link.confidence, CARRIED), rule="name with its scope")
            return Link(candidates=(link.target,), rule="only the first words are known")
        return _UNKNOWN

    def parties(
        self, references: Sequence[Reference], on: When, others: Sequence[str]
    ) -> tuple[Reference, ...]:
        """The parties of a list. A body said once holds for the others: "3GPP SA, RAN, RAN3"."""
        alone = [self.within(r.text, on, self.own_contexts(r, on)) for r in references]
        done: list[Link] = []
        for i, reference in enumerate(references):
            link = alone[i]
            if link.confidence <= _ALONE:
                near = (*reversed(done[-_NEIGHBOURS:]), *alone[i + 1 : i + 1 + _NEIGHBOURS])
                beside = map(ids.local_id, (*(known.target for known in near if known.target), *others))
                contexts = [*self.own_contexts(reference, on), *self.contexts(beside)]
                link = self.within(reference.text, on, contexts)
            done.append(link)
        return tuple(link.of(r) for link, r in zip(done, references, strict=True))

    def own_contexts(self, reference: Reference, on: When) -> list[str]:
        """Where a name may belong by the words that its reference came with."""
        attributed = self.attributed(reference.context, on)
        return self.contexts([attributed] if attributed else [])

    def contexts(self, registry_ids: Iterable[str]) -> list[str]:
        """Where a local name may belong: the groups named, those above them, then their bodies."""
        found: dict[str, None] = {}
        for registry_id in registry_ids:
            if registry_id not in self.registry:
                continue
            line = [registry_id]
            while line:
                organization = self.registry.organization(line.pop(0))
                if organization.id not in found:
                    found[organization.id] = None
                    line += organization.parents if isinstance(organization, Group) else ()
            found |= dict.fromkeys(self.registry.bodies(registry_id))
        return list(found)

    def attributed(self, words: str | None, on: When) -> str | None:
        """Registry id of the body or group that the words around a code attribute it to."""
        if words is None or words in self.registry:
            return words
        target = self.within(words, on, ()).target
        return ids.local_id(target) if target else None
