"""Data in the vocabulary of SPECTRA (https://w3id.org/spectra#), which describes meetings of 3GPP.

Liaison statements, work items, specifications and meetings have a counterpart here; how the terms relate
stands in ontology/alignments/spectra.ttl. Contributions, change requests, agenda items, resolutions,
clauses, companies and persons have none and are not read. A release gives no more than its name, which the
statements that are for it keep.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument
from sdograph.model import (
    Evidence,
    LiaisonStatement,
    Meeting,
    Purpose,
    Record,
    Reference,
    ReferenceKind,
    Specification,
    Version,
    WorkItem,
)
from sdograph.namespaces import ClosedNamespace
from sdograph.sources import rdf, threegpp
from sdograph.sources.dates import is_date
from sdograph.sources.plain import clean

TERMS = ClosedNamespace(
    rdf.SPECTRA,
    "LS Meeting Spec TechnicalReport WorkItem "
    "ccTo direction for isRevisionOf meetingNumber originalLS originatedFrom presentedAt relatedTo "
    "releaseName replyIn replyTo revisedTo sentTo specNumber specTitle status targetRelease tdocNumber title "
    "trNumber trTitle trVersion wgName workItemCode workingGroup",
)
_DC = ClosedNamespace("http://purl.org/dc/elements/1.1/", "title date")
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

LAYOUT = "spectra"
#: SPECTRA's own word for its values is 3GPP's, so the rows are 3GPP's; somebody has copied them.
CONFIDENCE = 0.6

_GROUP = re.compile(r"(?:SA|RAN|CT)\d?")
_PURPOSES: dict[str, Purpose] = {"action": "action", "information": "information"}

_Node = NamedNode | BlankNode


def recognise(path: Path) -> bool:
    """Whether a file speaks SPECTRA's vocabulary. Raises what :func:`.rdf.vocabulary` does."""
    return rdf.vocabulary(path) == "spectra"


def read(path: Path) -> Iterator[Record]:
    """What a file says of meetings, items, specifications and liaison statements, in the order of their IRIs.

    Raises what :func:`sdograph.sources.rdf.parse` does, and IncompleteDocument when it says nothing of any
    of those, or a thing lacks the number that identifies it.
    """
    data = _Data(rdf.parse(path), path.name)
    made: list[Record] = [*_meetings(data), *_items(data), *_specifications(data), *_statements(data)]
    if not made:
        raise IncompleteDocument(
            "it holds no meetings, items, specifications or liaison statements",
            where=path.name,
            hint="contributions and resolutions have no counterpart here",
        )
    return iter(made)


class _Data:
    """The triples by subject and property."""

    def __init__(self, triples: Iterable[Triple], name: str) -> None:
        self._name = name
        self._of: dict[_Node, dict[NamedNode, list[_Node | Literal]]] = {}
        self._kinds: dict[NamedNode, list[_Node]] = {}
        for s, p, o in triples:
            if isinstance(s, Triple) or isinstance(o, Triple):
                continue  # rdf.parse yields none
            self._of.setdefault(s, {}).setdefault(p, []).append(o)
            if p == _TYPE and isinstance(o, NamedNode):
                self._kinds.setdefault(o, []).append(s)

    def instances(self, *kinds: NamedNode) -> list[_Node]:
        found = {node for kind in kinds for node in self._kinds.get(kind, ())}
        return sorted(found, key=str)

    def texts(self, node: _Node, *props: NamedNode) -> list[str]:
        """The literals of properties, cleaned, in the order of the file."""
        found = (o for p in props for o in self._of.get(node, {}).get(p, ()))
        texts = (" ".join(clean(o.value).split()) for o in found if isinstance(o, Literal))
        return [text for text in texts if text]

    def text(self, node: _Node, *props: NamedNode) -> str | None:
        return next(iter(self.texts(node, *props)), None)

    def needed(self, node: _Node, prop: NamedNode) -> str:
        """The number or code that identifies a thing. Raises IncompleteDocument."""
        found = self.text(node, prop)
        if found is None:
            raise IncompleteDocument(
                f"it has no {prop.value.removeprefix(rdf.SPECTRA)}",
                where=f"{self._name}, {self.locator(node)}",
                hint="nothing else tells what it is",
            )
        return found

    def nodes(self, node: _Node, prop: NamedNode) -> list[_Node]:
        found = self._of.get(node, {}).get(prop, ())
        return [o for o in found if isinstance(o, NamedNode | BlankNode)]

    def named(self, node: _Node, prop: NamedNode, name: NamedNode) -> list[str]:
        """What the things are called that a property leads to."""
        return [text for other in self.nodes(node, prop) if (text := self.text(other, name))]

    def locator(self, node: _Node) -> str:
        return f"<{node.value}>" if isinstance(node, NamedNode) else "blank node"

    def evidence(self, node: _Node, field: str, text: str) -> Evidence:
        return Evidence(
            field=field, text=text, locator=self.locator(node), confidence=CONFIDENCE, rule="SPECTRA data"
        )


def _meetings(data: _Data) -> Iterator[Meeting]:
    for node in data.instances(TERMS.Meeting):
        name = data.needed(node, TERMS.meetingNumber)
        group = _GROUP.fullmatch(data.text(node, TERMS.workingGroup) or name.partition("#")[0])
        if group is None:
            raise IncompleteDocument(
                f"whose meeting {name} is cannot be told",
                where=data.locator(node),
                hint="give it a workingGroup, as RAN1",
            )
        day = (data.text(node, _DC.date) or "")[:10]
        yield Meeting(
            group=f"{threegpp.BODY}-{group[0]}",
            name=name,
            begin=day if is_date(day) else None,
            evidence=(data.evidence(node, "record", name),),
        )


def _items(data: _Data) -> Iterator[WorkItem]:
    for node in data.instances(TERMS.WorkItem):
        code = data.needed(node, TERMS.workItemCode)
        yield WorkItem(
            body=threegpp.BODY,
            code=code,
            title=None,
            kind="study-item" if code.startswith("FS_") else "work-item",
            evidence=(data.evidence(node, "record", code),),
        )


def _specifications(data: _Data) -> Iterator[Specification]:
    for kind, number, title in (
        (TERMS.Spec, TERMS.specNumber, TERMS.specTitle),
        (TERMS.TechnicalReport, TERMS.trNumber, TERMS.trTitle),
    ):
        for node in data.instances(kind):
            written = data.needed(node, number)
            typed = f"TR {written}" if kind == TERMS.TechnicalReport else threegpp.with_type(written)
            yield Specification(
                body=threegpp.BODY,
                number=typed or written,
                title=data.text(node, title),
                versions=tuple(Version(number=v) for v in data.texts(node, TERMS.trVersion)),
                evidence=(data.evidence(node, "record", written),),
            )


# --- liaison statements


def _statements(data: _Data) -> Iterator[LiaisonStatement]:
    """The last revision of each; those before it are its earlier numbers."""
    nodes = data.instances(TERMS.LS)
    older: dict[_Node, list[_Node]] = {}
    for node in nodes:
        for before in data.nodes(node, TERMS.isRevisionOf):
            older.setdefault(node, []).append(before)
        for after in data.nodes(node, TERMS.revisedTo):
            older.setdefault(after, []).append(node)
    revised = {before for chain in older.values() for before in chain}
    told: set[_Node] = set()
    for node in nodes:
        if node not in revised:
            drafts = _history(node, older)
            told |= {node, *drafts}
            yield _statement(data, node, drafts)
    for node in nodes:
        if node not in told:
            number = data.needed(node, TERMS.tdocNumber)
            raise IncompleteDocument(
                f"{number} is a revision of itself",
                where=data.locator(node),
                hint="correct isRevisionOf and revisedTo: one of them is the last",
            )


def _history(node: _Node, older: dict[_Node, list[_Node]]) -> list[_Node]:
    found: dict[_Node, None] = {}
    waiting = [node]
    while waiting:
        for before in older.get(waiting.pop(), ()):
            if before not in found and before != node:
                found[before] = None
                waiting.append(before)
    return list(found)


def _statement(data: _Data, node: _Node, drafts: list[_Node]) -> LiaisonStatement:
    """What came in bears the number of who received it; the original, where it is known, its sender's."""
    own = ids.document_number(data.needed(node, TERMS.tdocNumber))
    originals = [ids.document_number(n) for n in data.named(node, TERMS.originalLS, TERMS.tdocNumber)]
    came_in = data.text(node, TERMS.direction) == "in" or bool(originals)
    to = _references(data, node, TERMS.sentTo, "to")
    sender = _references(data, node, TERMS.originatedFrom, "sender")
    number = next(iter(originals), None) if came_in else own
    sender = sender or _by_series(data, node, number, "sender")
    if came_in:
        to = to or _by_series(data, node, own, "to")
    if not sender:
        raise IncompleteDocument(
            f"nobody sent {own}", where=data.locator(node), hint="say by originatedFrom which group did"
        )
    purpose = _PURPOSES.get((data.text(node, TERMS["for"]) or "").casefold())
    earlier = (n for draft in drafts for n in data.texts(draft, TERMS.tdocNumber))
    return LiaisonStatement(
        layout=LAYOUT,
        title=data.text(node, _DC.title, TERMS.title) or "",
        sender=sender,
        to=to,
        cc=_references(data, node, TERMS.ccTo, "cc"),
        number=number,
        received_numbers=(own,) if came_in else (),
        earlier_numbers=tuple(map(ids.document_number, earlier)),
        purposes=tuple((r.text, purpose) for r in to) if purpose else (),
        in_reply_to=_references(data, node, TERMS.replyTo, "in_reply_to"),
        answered_by=_references(data, node, TERMS.replyIn, "answered_by"),
        releases=_references(data, node, TERMS.targetRelease, "release"),
        work_items=_references(data, node, TERMS.relatedTo, "work_item"),
        outcome=data.text(node, TERMS.status),
        evidence=(
            data.evidence(node, "record", own),
            *(data.evidence(node, "purpose", p) for p in data.texts(node, TERMS["for"])),
            *(
                data.evidence(node, "meeting", m)
                for m in data.named(node, TERMS.presentedAt, TERMS.meetingNumber)
            ),
        ),
    )


#: What a property of a statement leads to: by what it is called, and what sort of thing it is.
_CALLED: dict[NamedNode, tuple[NamedNode, ReferenceKind]] = {
    TERMS.originatedFrom: (TERMS.wgName, "organization"),
    TERMS.sentTo: (TERMS.wgName, "organization"),
    TERMS.ccTo: (TERMS.wgName, "organization"),
    TERMS.replyTo: (TERMS.tdocNumber, "document"),
    TERMS.replyIn: (TERMS.tdocNumber, "document"),
    TERMS.targetRelease: (TERMS.releaseName, "release"),
    TERMS.relatedTo: (TERMS.workItemCode, "item"),
}


def _by_series(data: _Data, node: _Node, number: str | None, field: str) -> tuple[Reference, ...]:
    """The group in whose series of numbers a document stands."""
    group = ids.tdoc_group(number) if number else None
    if group is None:
        return ()
    return (Reference(text=group, field=field, kind="organization", locator=data.locator(node)),)


def _references(data: _Data, node: _Node, prop: NamedNode, field: str) -> tuple[Reference, ...]:
    """What a property leads to, in the surroundings of 3GPP."""
    name, kind = _CALLED[prop]
    return tuple(
        Reference(
            text=text,
            field=field,
            kind=kind,
            locator=data.locator(node),
            context=None if kind == "document" else threegpp.BODY,
        )
        for text in dict.fromkeys(data.named(node, prop, name))
    )
