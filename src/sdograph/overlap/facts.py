"""What the graph says of two items besides their texts: who wrote about both, what both refer to, when."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sdograph.identifiers import ID_BASE
from sdograph.overlap.items import Item
from sdograph.overlap.score import Contribution, ContributionKind, Part
from sdograph.store import Snapshot
from sdograph.triples import Term

#: Log-odds, set by judgement. A statement that names both items is the strongest sign that their groups see
#: an overlap; one between the groups about one of them a weaker one.
_NAMES_BOTH, _BETWEEN_GROUPS, _MOST_STATEMENTS = 1.0, 0.3, 2.0
_REFERENCE, _MOST_REFERENCES = 0.4, 1.2
_RELATIONS: Mapping[str, float] = {
    "equivalent": 3.0, "overlapping": 2.0, "related": 1.0, "references": 1.0, "co-mentioned": 0.7,
}  # fmt: skip
#: Of their groups; what holds between whole bodies says nothing of two items.
STANDING = 0.2
SAME_TIME = 0.1
#: What so many items refer to says nothing of any two of them: TS 23.501, TS 33.501.
_COMMON = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    iri: str
    number: str
    date: str
    sender: frozenset[str]
    receivers: frozenset[str]


_STATEMENTS = """
SELECT ?ls ?number ?date ?item ?sender ?receiver WHERE {
  ?ls a sdo:LiaisonStatement ; dcterms:identifier ?number ; sdo:concerns|sdo:mentions ?item .
  OPTIONAL { ?ls schema:dateSent ?date }
  OPTIONAL { ?ls schema:sender ?sender }
  OPTIONAL { ?ls schema:toRecipient|schema:ccRecipient ?receiver }
}
"""
_REFERENCES = """
SELECT ?item ?to WHERE { ?item sdo:produces|sdo:impacts|dcterms:references ?to }
"""
_RELATED = """
SELECT ?left ?right ?kind ?label WHERE {
  ?relation a sdo:ItemRelation ; sdo:item ?left, ?right ; sdo:relationKind ?kind ; rdfs:label ?label .
  FILTER(STR(?left) < STR(?right))
}
"""
_SAME_TEXT = "SELECT ?left ?right WHERE { ?left sdo:sameTextAs ?right }"
_RELATIONSHIPS = """
SELECT ?relation ?label ?party WHERE {
  ?relation a sdo:LiaisonRelationship ; rdfs:label ?label ; sdo:party ?party
}
"""


class Facts:
    """Statements, references, relations and relationships of one generation, looked up by pair of items."""

    def __init__(self, snapshot: Snapshot | None = None) -> None:
        self._statements: dict[str, _Statement] = {}
        self._about: dict[str, set[str]] = defaultdict(set)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._refers: dict[str, set[str]] = defaultdict(set)
        self._referred: dict[str, set[str]] = defaultdict(set)
        self._related: dict[frozenset[str], list[tuple[str, str]]] = defaultdict(list)
        self._partners: dict[str, set[str]] = defaultdict(set)
        self._relationships: dict[frozenset[str], tuple[str, str]] = {}
        self._parties: dict[str, set[frozenset[str]]] = defaultdict(set)
        self._of_parties: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
        self.known = snapshot is not None
        if snapshot is not None:
            self._read(snapshot)

    def partners(self, id: str) -> frozenset[str]:
        """The items that a statement, a reference or a stated relation ties to this one."""
        found = set(self._partners.get(id, ()))
        for statement in self._about.get(id, ()):
            found.update(self._names[statement])
        for reference in self._refers.get(id, ()):
            found.add(reference)
            if len(self._referred[reference]) <= _COMMON:
                found.update(self._referred[reference])
        found.update(self._referred.get(id, ()))
        return frozenset(found - {id})

    def stated_same_text(self, left: str, right: str) -> str | None:
        """The words of a source by which two items are one text, or None."""
        for kind, label in self._related.get(frozenset((left, right)), ()):
            if kind == "same-text":
                return label
        return None

    def told(self, id: str) -> bool:
        """Whether any statement names an item."""
        return id in self._about

    def related_parties(self, parties: Sequence[str]) -> list[tuple[str, ...]]:
        """The relationships of groups and bodies, each by its parties."""
        if (found := self._of_parties.get(tuple(parties))) is None:
            known = {one for party in parties for one in self._parties.get(party, ())}
            self._of_parties[tuple(parties)] = found = sorted(tuple(sorted(one)) for one in known)
        return found

    def stand_in_relation(self, left: Item, right: Item) -> bool:
        """Whether groups of two items have a relationship."""
        return bool(self._standing(left, right))

    def behind(self, item: Item) -> tuple[object, ...]:
        """All that can matter to the contributions of an item, with whatever other."""
        return (
            [self._all_of(self._statements[iri]) for iri in sorted(self._about.get(item.id, ()))],
            sorted((to, len(self._referred[to]) <= _COMMON) for to in self._refers.get(item.id, ())),
            [
                (other, self._related[frozenset((item.id, other))])
                for other in sorted(self._partners.get(item.id, ()))
            ],
            self.related_parties((*item.groups, item.body)),
        )

    def contributions(self, left: Item, right: Item) -> Iterator[Contribution]:
        """What speaks for an overlap of two items besides their texts."""
        yield from _sum("statements", self._shared_statements(left, right), _MOST_STATEMENTS)
        yield from _sum("references", self._shared_references(left, right), _MOST_REFERENCES)
        yield from _sum(
            "relations",
            [
                Part(text=label, weight=_RELATIONS[kind], note=kind)
                for kind, label in self._related.get(frozenset((left.id, right.id)), ())
                if kind in _RELATIONS
            ],
        )
        yield from _sum("relationships", self._standing(left, right), STANDING)
        if (both := _at_one_time(left, right)) is not None:
            yield from _sum("time", [Part(text=both, weight=SAME_TIME)])

    def _all_of(self, one: _Statement) -> tuple[object, ...]:
        sides = (sorted(one.sender), sorted(one.receivers), sorted(self._names[one.iri]))
        return one.iri, one.number, one.date, *sides

    def _shared_statements(self, left: Item, right: Item) -> list[Part]:
        ours, theirs = self._about.get(left.id, set()), self._about.get(right.id, set())
        found = [self._part(iri, _NAMES_BOTH, "names both") for iri in sorted(ours & theirs)]
        for iri in sorted(ours ^ theirs):
            one = self._statements[iri]
            if (one.sender & set(left.groups) and one.receivers & set(right.groups)) or (
                one.sender & set(right.groups) and one.receivers & set(left.groups)
            ):
                named = left.code if iri in ours else right.code
                found.append(self._part(iri, _BETWEEN_GROUPS, f"between their groups, names {named}"))
        return found

    def _part(self, iri: str, weight: float, note: str) -> Part:
        one = self._statements[iri]
        return Part(text=one.number, weight=weight, iri=iri, note=f"{one.date}: {note}" if one.date else note)

    def _shared_references(self, left: Item, right: Item) -> list[Part]:
        ours, theirs = self._refers.get(left.id, set()), self._refers.get(right.id, set())
        found = []
        for iri in sorted((ours & theirs) | (ours & {right.id}) | (theirs & {left.id})):
            often = len(self._referred[iri])
            if often <= _COMMON:
                found.append(Part(text=iri.removeprefix(ID_BASE), weight=_REFERENCE, iri=iri))
        return found

    def _standing(self, left: Item, right: Item) -> list[Part]:
        for one in (*left.groups, left.body):
            for other in (*right.groups, right.body):
                if (one, other) == (left.body, right.body):
                    continue
                if (found := self._relationships.get(frozenset((one, other)))) is not None:
                    return [Part(text=found[1], weight=STANDING, iri=found[0])]
        return []

    def _read(self, snapshot: Snapshot) -> None:
        rows: dict[str, list[Mapping[str, Term | None]]] = defaultdict(list)
        for row in snapshot.rows(_STATEMENTS):
            rows[_text(row["ls"])].append(row)
            self._about[_text(row["item"])].add(_text(row["ls"]))
            self._names[_text(row["ls"])].add(_text(row["item"]))
        for iri, its in rows.items():
            self._statements[iri] = _Statement(
                iri=iri,
                number=_text(its[0]["number"]),
                date=_text(its[0]["date"]),
                sender=frozenset(_local(row["sender"]) for row in its if row["sender"] is not None),
                receivers=frozenset(_local(row["receiver"]) for row in its if row["receiver"] is not None),
            )
        for row in snapshot.rows(_REFERENCES):
            self._refers[_text(row["item"])].add(_text(row["to"]))
            self._referred[_text(row["to"])].add(_text(row["item"]))
        for row in snapshot.rows(_RELATED):
            kind = _text(row["kind"]).rpartition("/")[2]
            self._relate(_text(row["left"]), _text(row["right"]), kind, _text(row["label"]))
        for row in snapshot.rows(_SAME_TEXT):
            left, right = _text(row["left"]), _text(row["right"])
            self._relate(left, right, "same-text", "stated by their bodies")
        for told in self._related.values():
            told.sort()  # the store gives them in any order
        parties: dict[tuple[str, str], set[str]] = defaultdict(set)
        for row in snapshot.rows(_RELATIONSHIPS):
            parties[_text(row["relation"]), _text(row["label"])].add(_local(row["party"]))
        for named, both in sorted(parties.items()):
            self._relationships.setdefault(frozenset(both), named)
        for known in self._relationships:
            for party in known:
                self._parties[party].add(known)

    def _relate(self, left: str, right: str, kind: str, label: str) -> None:
        self._related[frozenset((left, right))].append((kind, label))
        self._partners[left].add(right)
        self._partners[right].add(left)


def _sum(kind: ContributionKind, parts: Sequence[Part], most: float = float("inf")) -> Iterator[Contribution]:
    """A contribution of its parts, each cut in proportion where together they exceed the most it may be."""
    total = sum(part.weight for part in parts)
    if not total:
        return
    share = min(total, most) / total
    yield Contribution(
        kind=kind,
        weight=total * share,
        parts=tuple(Part(text=p.text, weight=p.weight * share, iri=p.iri, note=p.note) for p in parts),
    )


def _at_one_time(left: Item, right: Item) -> str | None:
    """The time during which both were worked on, as far as both say when."""
    if left.begin is None or right.begin is None or left.end is None or right.end is None:
        return None
    begin, end = max(left.begin, right.begin), min(left.end, right.end)
    return f"{begin} to {end}" if begin <= end else None


def _text(term: Term | None) -> str:
    return str(getattr(term, "value", ""))


def _local(term: Term | None) -> str:
    return _text(term).removeprefix(ID_BASE).partition("/")[2]
