"""The linking itself: each name, code and number of a liaison statement, one look-up after the other."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from sdograph import identifiers as ids
from sdograph.linking.codes import Candidate, CodeIndex
from sdograph.linking.names import fold, outside_parentheses
from sdograph.linking.numbers import IssuedNumber, issued_numbers
from sdograph.linking.organizations import CARRIED, DERIVED, Link, Organizations, When
from sdograph.linking.registry import Registry
from sdograph.model import (
    OWN_ITEM,
    ItemRelation,
    LiaisonStatement,
    Reference,
    Specification,
    WorkItem,
)

#: A code with a remark in parentheses behind it, unless that tells a part or a change of the document.
_REMARKED = re.compile(
    r"(?P<code>[^()]+?)\s+\((?!(?:(?:draft\s+)?(?:amd|amendment|cor|corr|corrigendum|add|addendum|part|annex|appendix"
    r"|supp|suppl|supplement|vol|volume)\b|\d))[^()]+\)",
    re.IGNORECASE,
)
#: The end of what has not ended.
_ALWAYS = "9999-12-31"


class Linker:
    """Links the references of liaison statements to a registry and to an index of codes."""

    def __init__(self, registry: Registry, index: CodeIndex) -> None:
        self.registry = registry
        self.index = index
        self.organizations = Organizations(registry)
        self._groups: dict[tuple[str, str], Link] = {}

    def over(self, index: CodeIndex) -> Linker:
        """A linker to the same registry, what was made of it being shared, and to another index of codes."""
        linker = copy.copy(self)
        linker.index = index
        return linker

    def link(self, record: LiaisonStatement) -> LiaisonStatement:
        """The statement with every reference linked or explicitly unresolved, and with its key.

        Linking a linked statement again gives the same.
        """
        sender = self.organizations.parties(record.sender, record.date, ())
        senders = _targets(sender)
        to = self.organizations.parties(record.to, record.date, senders)
        addressed = _targets(to)
        cc = self.organizations.parties(record.cc, record.date, (*addressed, *senders))
        involved = (*addressed, *_targets(cc), *senders)
        return replace(
            record,
            sender=sender,
            to=to,
            cc=cc,
            in_reply_to=tuple(self._document(r, record.date).of(r) for r in record.in_reply_to),
            answered_by=tuple(self._document(r, record.date).of(r) for r in record.answered_by),
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
        """A work item or specification with the names of its groups linked, within its body.

        A name that several groups bore one after the other ("SAI") is that of one of them where the time of
        the record falls within that group's alone.
        """
        if isinstance(record, WorkItem) and record.partners:
            linked = tuple(
                r if r.target else self.organization(r.text, context=r.context).of(r) for r in record.partners
            )
            record = replace(record, partners=linked)
        if not record.group_names:
            return record
        locator = next((e.locator for e in record.evidence), "")
        references: tuple[Reference, ...] = tuple(
            self._group(name, record).of(
                Reference(text=name, field="group", kind="organization", locator=locator)
            )
            for name in record.group_names
        )
        return replace(record, group_names=(), group_references=(*record.group_references, *references))

    def known_item(self, record: WorkItem) -> WorkItem:
        """The item under the code of the one known item of its body that bears its second official number.

        3GPP's parts of a feature go by the feature's acronym where people write about them; only the
        Unique_ID tells which of them is meant. The code that the record has becomes another code of the item,
        unless it is that of another item.
        """
        if record.number is None:
            return record
        known = self._items(record.number, record.body)
        if len(known) != 1 or known[0].code == record.code:
            return record
        others = {c.key for c in self._items(record.code, record.body)} - {known[0].key}
        codes = (*record.alt_codes, *(() if others else (record.code,)))
        alt_codes = tuple(c for c in dict.fromkeys(codes) if c not in (known[0].code, record.number))
        return replace(record, code=known[0].code, alt_codes=alt_codes)

    def _items(self, code: str, body: str) -> list[Candidate]:
        """The work items of a body that bear a code or number."""
        found = self.index.candidates(code)
        return [c for c in found if c.exact and c.body == body and c.key.startswith("work-item/")]

    def item(self, reference: Reference, on: When = None) -> Link:
        """What a code stands for: a work item or specification, within the body that the words name."""
        return self._item(reference, on, ())

    def organization(self, text: str, *, on: When = None, context: str | None = None) -> Link:
        """The body or group that a name stands for at a date: see :meth:`Organizations.organization`."""
        return self.organizations.organization(text, on=on, context=context)

    def parties(self, references: Sequence[Reference], on: When = None) -> list[Reference]:
        """The parties of one list, linked: a body said once holds for the others."""
        return list(self.organizations.parties(references, on, ()))

    def numbers(self, text: str, on: When = None) -> Iterator[tuple[IssuedNumber, Link]]:
        """Every number of a document in a text, in order, each once, with the body or group that gave it.

        The year that the number shows decides between groups of one name; within that year, the date does.
        """
        for issued in issued_numbers(text):
            yield issued, self._issuer(issued, on)

    def link_relation(self, record: ItemRelation) -> ItemRelation:
        """A stated relation with both its items linked."""
        left, right = (self._item(r, None, ()).of(r) for r in (record.left, record.right))
        return replace(record, left=left, right=right)

    def _issuer(self, issued: IssuedNumber, on: When) -> Link:
        same_year = issued.year is None or str(on).startswith(issued.year)
        context = issued.body if issued.body in self.registry else None
        return self.organization(issued.issuer, on=on if same_year else issued.year, context=context)

    def _group(self, name: str, record: WorkItem | Specification) -> Link:
        context = record.body if record.body in self.registry else None
        link = self._groups.get((name, record.body))
        if link is None:
            link = self._groups[name, record.body] = self.organization(name, context=context)
        if len(link.candidates) < 2:
            return link
        dated = {self.organization(name, on=when, context=context) for when in _time(record)}
        return dated.pop() if len(dated) == 1 else link

    def _asked(self, reference: Reference, on: When, involved: Sequence[str]) -> Link:
        """Of whom an action is requested: an addressee of the statement, under whatever short name."""
        link = self.organizations.within(reference.text, on, self.organizations.own_contexts(reference, on))
        if link.confidence > CARRIED:
            return link
        name, _ = outside_parentheses(reference.text)
        among = {h.key for h in self.organizations.names.anywhere(fold(name))}.intersection(involved)
        if len(among) == 1:
            return Link(target=among.pop(), confidence=DERIVED, rule="party of the statement")
        contexts = [
            *self.organizations.own_contexts(reference, on),
            *self.organizations.contexts(map(ids.local_id, involved)),
        ]
        return self.organizations.within(reference.text, on, contexts)

    # --- items, releases, documents

    def _mention(
        self, reference: Reference, on: When, senders: Sequence[str], involved: Sequence[str]
    ) -> Link:
        match reference.kind:
            case "organization":
                return self.organizations.within(
                    reference.text, on, self.organizations.own_contexts(reference, on)
                )
            case "item":
                return self._item(reference, on, senders)
            case "release":
                return self._release(reference, on, involved)
            case "document":
                return self._document(reference, on)

    def _item(self, reference: Reference, on: When, senders: Sequence[str]) -> Link:
        """A work item or specification, by its code within the body it is attributed to."""
        found, remark = self._bearing(reference.text)
        exact = [c for c in found if c.exact]
        context = self.organizations.attributed(reference.context, on)
        bodies = self.registry.bodies(context) if context else ()
        own = [c for c in exact if c.body in bodies] if bodies else exact
        near = tuple(c.key for c in (own if len(own) > 1 else found))
        if context and reference.title and self.registry.key(context) in senders:
            minted = ids.work_item_key(bodies[0], reference.text)
            if all(c.key == minted for c in own):
                others = tuple(key for key in near if key != minted)
                return Link(target=minted, candidates=others, confidence=DERIVED, rule=OWN_ITEM)
        document = _document_of(own)
        one = own[0] if len(own) == 1 else document
        if one is None:
            return Link(candidates=near, rule="several bear the code" if own else "unknown code")
        if len(own) > 1:
            rule = "the document's own number"
        else:
            rule = "code within its body" if bodies else "code that one item bears"
        if remark:
            rule = f"{rule}, without the remark behind it"
        return Link(target=one.key, confidence=1.0 if bodies and not remark else 0.9, rule=rule)

    def _bearing(self, text: str) -> tuple[list[Candidate], bool]:
        """The items and documents that bear a code, exactly or nearly, and whether a remark was left away.

        "NIST AI 100-1 (AI RMF 1.0)" is no code as a whole, and one without the parenthesis at its end.
        """
        found = [c for c in self.index.candidates(text) if not _is_statement(c)]
        remarked = _REMARKED.fullmatch(text.strip())
        if remarked is None or any(c.exact for c in found):
            return found, False
        without = [c for c in self.index.candidates(remarked["code"]) if not _is_statement(c)]
        return (without, True) if any(c.exact for c in without) else (found, False)

    def _release(self, reference: Reference, on: When, involved: Sequence[str]) -> Link:
        """A release or study period of the body that the words, the sender or the addressees speak of."""
        names = dict.fromkeys(n for n in (ids.release_name(reference.text), reference.text.strip()) if n)
        keys = list(dict.fromkeys(key for name in names for key in self.registry.releases(name)))
        said = [b for b in (k.split("/")[1] for k in keys) if fold(reference.text).startswith(fold(b))]
        contexts = self.organizations.own_contexts(reference, on) or said
        stated = [k for k in keys if k.split("/")[1] in contexts]
        if len(stated) == 1:
            return Link(target=stated[0], confidence=1.0, rule="release of its body")
        parties = {b for key in involved for b in self.registry.bodies(ids.local_id(key))}
        meant = [] if contexts else [k for k in keys if k.split("/")[1] in parties]
        if len(meant) == 1:
            return Link(target=meant[0], confidence=DERIVED, rule="release of a party's body")
        return Link(candidates=tuple(keys), rule="unknown release")

    def _document(self, reference: Reference, on: When) -> Link:
        """A liaison statement or another document, by its number.

        What the number alone tells does not depend on whether its document was read yet, so that reading
        in another order, or again, gives the same link.
        """
        found = self.index.candidates(reference.text)
        exact = [c for c in found if c.exact]
        minted = [ids.statement_key("3GPP", number) for number in ids.tdoc_numbers(reference.text)]
        told = self._told_by_number(reference, minted, on)
        if told is not None and len(exact) < 2:
            # The one that bears it as another of its numbers is what the number leads to.
            return replace(told, target=exact[0].key) if exact else told
        if len(exact) == 1:
            return Link(target=exact[0].key, confidence=1.0, rule="number of a known document")
        known = (c.key for c in found)
        return Link(candidates=tuple(dict.fromkeys((*known, *minted))), rule="unknown number")

    def _told_by_number(self, reference: Reference, minted: list[str], on: When) -> Link | None:
        """The statement that has to bear the number, known or not."""
        if len(minted) == 1:
            return Link(target=minted[0], confidence=DERIVED, rule="3GPP document number")
        if minted:
            return None
        if sender := self.organizations.attributed(reference.context, None):
            body = ids.number_body(reference.text) or self.registry.bodies(sender)[0]
            key = ids.statement_key(body, reference.text)
            return Link(target=key, confidence=CARRIED, rule="number of its sender")
        if told := self._in_series(reference.text, on):
            return Link(target=told, confidence=CARRIED, rule="number that names its group")
        return None

    def _in_series(self, text: str, on: When) -> str | None:
        """The key of the statement whose number the text is, where the number says which group gave it."""
        words = text.strip()
        issued = [(number, issuer) for number, issuer in self.numbers(words, on) if number.words == words]
        if not issued or (target := issued[0][1].target) is None:
            return None
        body = ids.number_body(issued[0][0].number) or self.registry.bodies(ids.local_id(target))[0]
        return ids.statement_key(body, issued[0][0].number)

    # --- the statement itself

    def _key(self, record: LiaisonStatement, sender: Sequence[Reference]) -> str:
        """By its number, else as the known statement that its receivers call so, else by sender, date, title.

        A number counts within the body in whose series it stands. Where that is not known ("001" of a sender
        that nobody knows) a receiver's number tells better which statement it is. A dated one without any
        number of its own is the same statement whoever received it.
        """
        targets = _targets(sender)
        body = next((b for key in targets for b in self.registry.bodies(ids.local_id(key))), None)
        if record.number and (series := ids.number_body(record.number) or body):
            return ids.statement_key(series, record.number)
        if (known := self._received(record)) is not None:
            return known
        if record.received_numbers and (record.number or not record.date):
            first = min(record.received_numbers, key=lambda n: (len(n), n))  # whichever list came first
            return ids.statement_key(ids.number_body(first) or "unknown", first)
        if record.number:
            return ids.statement_key("unknown", record.number)
        named = "+".join(sorted(ids.local_id(key) for key in targets)) or " ".join(r.text for r in sender)
        return ids.unnumbered_statement_key(body or "unknown", named, record.date, record.title)

    def _received(self, record: LiaisonStatement) -> str | None:
        """The key of the one known statement that bears a number that receivers gave this one."""
        for number in record.received_numbers:
            found = {c.key for c in self.index.candidates(number) if c.exact and _is_statement(c)}
            if len(found) == 1:
                return found.pop()
        return None


def _is_statement(candidate: Candidate) -> bool:
    return candidate.key.startswith("liaison-statement/")


def _document_of(candidates: Sequence[Candidate]) -> Candidate | None:
    """Of several that bear a number the document whose own it is, beside the work on it in the same body."""
    documents = [c for c in candidates if c.key.startswith("specification/")]
    if len(documents) != 1 or any(c.body != documents[0].body for c in candidates):
        return None
    return documents[0]


def _time(record: WorkItem | Specification) -> tuple[str, ...]:
    """Begin and end of a work item, to the end of time where it has none; of a specification the newest date.

    A record of a specification names the group that is responsible for the newest version.
    """
    if isinstance(record, Specification):
        return tuple(v.date for v in record.versions[-1:] if v.date)
    return tuple(when for when in (record.begin, record.end or (_ALWAYS if record.begin else None)) if when)


def _targets(references: Iterable[Reference]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(r.target for r in references if r.target))
