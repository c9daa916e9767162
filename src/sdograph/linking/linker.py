"""The linking itself: each name, code and number of a liaison statement, one look-up after the other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from sdograph import identifiers as ids
from sdograph.linking.codes import Candidate, CodeIndex
from sdograph.linking.grammar import FORMER
from sdograph.linking.lookup import Hit, NameIndex
from sdograph.linking.names import fold, outside_parentheses
from sdograph.linking.registry import Registry
from sdograph.model import (
    OWN_ITEM,
    Body,
    Group,
    ItemRelation,
    LiaisonStatement,
    Reference,
    Specification,
    WorkItem,
)

When: TypeAlias = date | str | None
"""A day, or an ISO 8601 date of day, month or year precision; None when it is not known."""

#: Longer than any official name with remarks; what is longer is no name but running text.
_LONGEST_NAME = 600
_MOST_WORDS = 24
#: How many parties before and behind one in a list may say its body.
_NEIGHBOURS = 50

#: "Question 15 of Study Group 17" is "Study Group 17 Question 15".
_PART_OF_WHOLE = re.compile(r"(.+?)\s+of\s+(?:the\s+)?(.+)", re.IGNORECASE)

_DERIVED = 0.95
_CARRIED = 0.9
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


class Linker:
    """Links the references of liaison statements to a registry and to an index of codes."""

    def __init__(self, registry: Registry, index: CodeIndex) -> None:
        self.registry = registry
        self.index = index
        self._names = NameIndex(registry)
        self._groups: dict[tuple[str, str], Link] = {}

    def link(self, record: LiaisonStatement) -> LiaisonStatement:
        """The statement with every reference linked or explicitly unresolved, and with its key.

        Linking a linked statement again gives the same.
        """
        sender = self._parties(record.sender, record.date, ())
        senders = _targets(sender)
        to = self._parties(record.to, record.date, senders)
        addressed = _targets(to)
        cc = self._parties(record.cc, record.date, (*addressed, *senders))
        involved = (*addressed, *_targets(cc), *senders)
        return replace(
            record,
            sender=sender,
            to=to,
            cc=cc,
            in_reply_to=tuple(self._document(r).of(r) for r in record.in_reply_to),
            answered_by=tuple(self._document(r).of(r) for r in record.answered_by),
            releases=tuple(self._release(r, record.date, involved).of(r) for r in record.releases),
            work_items=tuple(self._item(r, record.date, senders).of(r) for r in record.work_items),
            mentions=tuple(self._mention(r, record.date, senders, involved).of(r) for r in record.mentions),
            actions=tuple(
                replace(
                    a, addressees=tuple(self._asked(r, record.date, involved).of(r) for r in a.addressees)
                )
                for a in record.actions
            ),
            key=self._key(record, sender),
        )

    def link_groups(self, record: WorkItem | Specification) -> WorkItem | Specification:
        """A work item or specification with the names of its groups linked, within its body."""
        if isinstance(record, WorkItem) and record.partners:
            linked = tuple(self.organization(r.text, context=r.context).of(r) for r in record.partners)
            record = replace(record, partners=linked)
        if not record.group_names:
            return record
        locator = next((e.locator for e in record.evidence), "")
        references: tuple[Reference, ...] = tuple(
            self._group(name, record.body).of(
                Reference(text=name, field="group", kind="organization", locator=locator)
            )
            for name in record.group_names
        )
        return replace(record, group_names=(), group_references=(*record.group_references, *references))

    def item(self, reference: Reference, on: When = None) -> Link:
        """What a code stands for: a work item or specification, within the body that the words name."""
        return self._item(reference, on, ())

    def link_relation(self, record: ItemRelation) -> ItemRelation:
        """A stated relation with both its items linked."""
        left, right = (self._item(r, None, ()).of(r) for r in (record.left, record.right))
        return replace(record, left=left, right=right)

    def _group(self, name: str, body: str) -> Link:
        if (name, body) not in self._groups:
            context = body if body in self.registry else None
            self._groups[name, body] = self.organization(name, context=context)
        return self._groups[name, body]

    # --- organisations

    def organization(self, text: str, *, on: When = None, context: str | None = None) -> Link:
        """The body or group that a name stands for at a date.

        ``context`` is the registry id of the body or group that the words around the name speak of: "SA" is
        3GPP's TSG only there. A group out of force at the date is meant only where no group in force bears
        the name. Confidence: 1.0 the official or short name with its body's, 0.95 by pattern, 0.9 with the
        body from the context, 0.8 a short name that stands for one group in the whole registry.
        """
        return self._organization(
            text, on, self._contexts([self.registry.organization(context).id] if context else [])
        )

    def _organization(self, text: str, on: When, contexts: Sequence[str]) -> Link:
        if len(text) > _LONGEST_NAME:
            return _UNKNOWN
        name, remarks = outside_parentheses(text)
        name = re.sub(r"^the\s+", "", name, flags=re.IGNORECASE)
        # A body in parentheses is what the name belongs to: "SA3 (3GPP)".
        said = [h.key for remark in remarks for h in self._names.full(fold(remark))]
        contexts = [*self._contexts(map(ids.local_id, said)), *contexts]
        tries = [name]
        if remarks:
            tries.append(text)  # some official names hold parentheses
        if part := _PART_OF_WHOLE.fullmatch(name):
            tries.append(f"{part[2]} {part[1]}")
        link = next((found for t in tries if (found := self._exactly(t, on, contexts)) is not None), None)
        if link is None:
            return self._with_scope(name, on, contexts)
        if link.target and isinstance(self.registry.at(link.target), Body):
            return self._narrowed(link, remarks, on)
        return link

    def _exactly(self, name: str, on: When, contexts: Iterable[str]) -> Link | None:
        form = fold(name)
        hits = self._names.full(form)
        if hits:
            return self._choose(hits, on)
        for context in contexts:
            hits = self._names.within(context, form)
            if hits:
                return self._choose(hits, on, f"name within {context}", _CARRIED)
        hits = self._names.anywhere(form)
        if not hits:
            return None
        link = self._choose(hits, on, "short name that one group bears", _ALONE)
        if link.target is None or any(h.spelling.alone for h in hits if h.key == link.target):
            return link
        return Link(candidates=(link.target,), rule="name that needs its body")

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
            contexts = self._contexts([ids.local_id(link.target or "")])
            within = [h for c in contexts for h in self._names.within(c, fold(remark))]
            if within:
                return self._choose(within, on, "group in parentheses", _CARRIED)
        return link

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
            if self._names.explains(link.target, rest):
                return replace(link, confidence=min(link.confidence, _CARRIED), rule="name with its scope")
            return Link(candidates=(link.target,), rule="only the first words are known")
        return _UNKNOWN

    def _parties(
        self, references: Sequence[Reference], on: When, others: Sequence[str]
    ) -> tuple[Reference, ...]:
        """The parties of a list. A body said once holds for the others: "3GPP SA, RAN, RAN3"."""
        alone = [self._organization(r.text, on, self._own_context(r, on)) for r in references]
        done: list[Link] = []
        for i, reference in enumerate(references):
            link = alone[i]
            if link.confidence <= _ALONE:
                near = (*reversed(done[-_NEIGHBOURS:]), *alone[i + 1 : i + 1 + _NEIGHBOURS])
                beside = map(ids.local_id, (*(known.target for known in near if known.target), *others))
                contexts = [*self._own_context(reference, on), *self._contexts(beside)]
                link = self._organization(reference.text, on, contexts)
            done.append(link)
        return tuple(link.of(r) for link, r in zip(done, references, strict=True))

    def _asked(self, reference: Reference, on: When, involved: Sequence[str]) -> Link:
        """Of whom an action is requested: an addressee of the statement, under whatever short name."""
        link = self._organization(reference.text, on, self._own_context(reference, on))
        if link.confidence > _CARRIED:
            return link
        name, _ = outside_parentheses(reference.text)
        among = {h.key for h in self._names.anywhere(fold(name))}.intersection(involved)
        if len(among) == 1:
            return Link(target=among.pop(), confidence=_DERIVED, rule="party of the statement")
        contexts = [*self._own_context(reference, on), *self._contexts(map(ids.local_id, involved))]
        return self._organization(reference.text, on, contexts)

    def _own_context(self, reference: Reference, on: When) -> list[str]:
        attributed = self._attributed(reference.context, on)
        return self._contexts([attributed] if attributed else [])

    def _contexts(self, registry_ids: Iterable[str]) -> list[str]:
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

    # --- items, releases, documents

    def _mention(
        self, reference: Reference, on: When, senders: Sequence[str], involved: Sequence[str]
    ) -> Link:
        match reference.kind:
            case "organization":
                return self._organization(reference.text, on, self._own_context(reference, on))
            case "item":
                return self._item(reference, on, senders)
            case "release":
                return self._release(reference, on, involved)
            case "document":
                return self._document(reference)

    def _attributed(self, words: str | None, on: When) -> str | None:
        """Registry id of the body or group that the words around a code attribute it to."""
        if words is None or words in self.registry:
            return words
        target = self._organization(words, on, ()).target
        return ids.local_id(target) if target else None

    def _item(self, reference: Reference, on: When, senders: Sequence[str]) -> Link:
        """A work item or specification, by its code within the body it is attributed to."""
        found = [c for c in self.index.candidates(reference.text) if not _is_statement(c)]
        exact = [c for c in found if c.exact]
        context = self._attributed(reference.context, on)
        bodies = self.registry.bodies(context) if context else ()
        own = [c for c in exact if c.body in bodies] if bodies else exact
        near = tuple(c.key for c in found)
        if context and reference.title and self.registry.key(context) in senders:
            minted = ids.work_item_key(bodies[0], reference.text)
            if all(c.key == minted for c in own):
                others = tuple(key for key in near if key != minted)
                return Link(target=minted, candidates=others, confidence=_DERIVED, rule=OWN_ITEM)
        if len(own) == 1:
            if bodies:
                return Link(target=own[0].key, confidence=1.0, rule="code within its body")
            return Link(target=own[0].key, confidence=0.9, rule="code that one item bears")
        return Link(candidates=near, rule="several bear the code" if own else "unknown code")

    def _release(self, reference: Reference, on: When, involved: Sequence[str]) -> Link:
        """A release or study period of the body that the words, the sender or the addressees speak of."""
        names = dict.fromkeys(n for n in (ids.release_name(reference.text), reference.text.strip()) if n)
        keys = list(dict.fromkeys(key for name in names for key in self.registry.releases(name)))
        said = [b for b in (k.split("/")[1] for k in keys) if fold(reference.text).startswith(fold(b))]
        contexts = self._own_context(reference, on) or said
        stated = [k for k in keys if k.split("/")[1] in contexts]
        if len(stated) == 1:
            return Link(target=stated[0], confidence=1.0, rule="release of its body")
        parties = {b for key in involved for b in self.registry.bodies(ids.local_id(key))}
        meant = [] if contexts else [k for k in keys if k.split("/")[1] in parties]
        if len(meant) == 1:
            return Link(target=meant[0], confidence=_DERIVED, rule="release of a party's body")
        return Link(candidates=tuple(keys), rule="unknown release")

    def _document(self, reference: Reference) -> Link:
        """A liaison statement or another document, by its number."""
        found = self.index.candidates(reference.text)
        exact = [c for c in found if c.exact]
        if len(exact) == 1:
            return Link(target=exact[0].key, confidence=1.0, rule="number of a known document")
        numbers = ids.tdoc_numbers(reference.text)
        minted = [ids.statement_key("3GPP", number) for number in numbers]
        if len(minted) == 1 and not exact:
            return Link(target=minted[0], confidence=_DERIVED, rule="3GPP document number")
        if not exact and not minted and (sender := self._attributed(reference.context, None)):
            body = ids.number_body(reference.text) or self.registry.bodies(sender)[0]
            key = ids.statement_key(body, reference.text)
            return Link(target=key, confidence=_CARRIED, rule="number of its sender")
        known = (c.key for c in found)
        return Link(candidates=tuple(dict.fromkeys((*known, *minted))), rule="unknown number")

    # --- the statement itself

    def _key(self, record: LiaisonStatement, sender: Sequence[Reference]) -> str:
        """By its number, else by a number its receivers gave it, else by its sender, date and title.

        A number counts within the body in whose series it stands. Where that is not known ("001" of a sender
        that nobody knows) a receiver's number tells better which statement it is. A dated one without any
        number of its own is the same statement whoever received it.
        """
        targets = _targets(sender)
        body = next((b for key in targets for b in self.registry.bodies(ids.local_id(key))), None)
        if record.number and (series := ids.number_body(record.number) or body):
            return ids.statement_key(series, record.number)
        if record.received_numbers and (record.number or not record.date):
            return self._received(record)
        if record.number:
            return ids.statement_key("unknown", record.number)
        named = "+".join(sorted(ids.local_id(key) for key in targets)) or " ".join(r.text for r in sender)
        return ids.unnumbered_statement_key(body or "unknown", named, record.date, record.title)

    def _received(self, record: LiaisonStatement) -> str:
        """The key of the one known statement that bears such a number, else one made of the first."""
        for number in record.received_numbers:
            found = {c.key for c in self.index.candidates(number) if c.exact and _is_statement(c)}
            if len(found) == 1:
                return found.pop()
        first = record.received_numbers[0]
        return ids.statement_key(ids.number_body(first) or "unknown", first)


def _is_statement(candidate: Candidate) -> bool:
    return candidate.key.startswith("liaison-statement/")


def _targets(references: Iterable[Reference]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.target for r in references if r.target))
