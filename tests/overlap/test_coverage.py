"""Who works on which topic, and who does not write to whom: on a graph small enough to count by hand."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, Triple

from sdograph.errors import UsageError
from sdograph.identifiers import iri
from sdograph.overlap import Item, Overlap, SameText
from sdograph.overlap.coverage import Coverage, Gap, on_topic
from sdograph.store import Change, EmbeddedStore, Snapshot

GRAPH = NamedNode("urn:small")
# A, B and C work on attacks; only A and B write to each other, last in June 2020. Poisoning is an attack.
SMALL = """
@prefix sdo: <https://w3id.org/sdograph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix t: <https://w3id.org/sdograph/scheme/topic/> .
@prefix topic: <https://w3id.org/sdograph/scheme/> .
@base <https://w3id.org/sdograph/id/> .
t:attack a skos:Concept ; skos:inScheme topic:topic ; skos:prefLabel "attacks" .
t:poisoning a skos:Concept ; skos:inScheme topic:topic ; skos:prefLabel "poisoning" ; skos:broader t:attack .
t:terms a skos:Concept ; skos:inScheme topic:topic ; skos:prefLabel "terms" .
<body/A> a sdo:Body ; rdfs:label "A" ; dcterms:identifier "A" .
<body/B> a sdo:Body ; rdfs:label "B" ; dcterms:identifier "B" .
<body/C> a sdo:Body ; rdfs:label "C" ; dcterms:identifier "C" .
<group/A-1> a sdo:Group ; rdfs:label "A 1" ; dcterms:identifier "A-1" ; org:unitOf <body/A> .
<group/B-1> a sdo:Group ; rdfs:label "B 1" ; dcterms:identifier "B-1" ; org:unitOf <body/B> .
<work-item/A/1> a sdo:WorkItem ; rdfs:label "1" ; sdo:standardsBody <body/A> ; sdo:topic t:poisoning ;
  sdo:responsibleGroup <group/A-1> ; sdo:plannedFor <release/A/R1> ; sdo:begin "2019-05"^^xsd:gYearMonth .
<work-item/A/2> a sdo:WorkItem ; rdfs:label "2" ; sdo:standardsBody <body/A> ; sdo:topic t:attack .
<work-item/B/1> a sdo:WorkItem ; rdfs:label "1" ; sdo:standardsBody <body/B> ; sdo:topic t:attack ;
  sdo:responsibleGroup <group/B-1> .
<specification/C/1> a sdo:Specification ; rdfs:label "1" ; sdo:standardsBody <body/C> ;
  sdo:topic t:poisoning .
<liaison-statement/A/LS1> a sdo:LiaisonStatement ; rdfs:label "LS1" ; schema:sender <group/A-1> ;
  schema:toRecipient <group/B-1> ; schema:dateSent "2020-02-11"^^xsd:date .
<liaison-statement/B/LS2> a sdo:LiaisonStatement ; rdfs:label "LS2" ; schema:sender <group/B-1> ;
  schema:ccRecipient <group/A-1> ; schema:dateSent "2020-06"^^xsd:gYearMonth .
<liaison-relationship/B-C> a sdo:LiaisonRelationship ; rdfs:label "B and C" ;
  sdo:relationshipKind <https://w3id.org/sdograph/scheme/relationship-kind/liaison> ;
  sdo:party <body/B>, <body/C> .
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    store = EmbeddedStore(tmp_path_factory.mktemp("coverage"))
    triples = frozenset(
        Triple(q.subject, q.predicate, q.object) for q in ox.parse(SMALL, ox.RdfFormat.TURTLE)
    )
    with store.writer() as writer:
        writer.apply(Change(GRAPH, added=triples, removed=frozenset()))
        writer.publish()
    return store.current()


def keys(items: Iterable[str]) -> list[str]:
    return [item.removeprefix(iri("")) for item in items]


def test_an_item_counts_for_its_topic_and_those_above(small: Snapshot) -> None:
    matrix = Coverage(small).matrix()
    assert matrix.columns == ("A", "B", "C")
    cells = {row.topic: {body: keys(items) for body, items in row.cells.items()} for row in matrix.rows}
    assert cells == {
        "attack": {
            "A": ["work-item/A/1", "work-item/A/2"],
            "B": ["work-item/B/1"],
            "C": ["specification/C/1"],
        },
        "poisoning": {"A": ["work-item/A/1"], "C": ["specification/C/1"]},
    }
    assert matrix.uncovered == (("terms", "terms"),)
    assert keys(sorted(on_topic(small, "poisoning"))) == ["specification/C/1", "work-item/A/1"]


@pytest.mark.parametrize(
    ("across", "columns"),
    [("group", ("A-1", "B-1")), ("release", ("A/R1",)), ("year", ("2019",))],
)
def test_an_item_that_does_not_say_is_in_no_column(
    small: Snapshot, across: str, columns: tuple[str, ...]
) -> None:
    assert Coverage(small).matrix(across=across, topic="attack").columns == columns


def test_the_items_of_one_body(small: Snapshot) -> None:
    assert [(row.topic, list(row.cells)) for row in Coverage(small).matrix(body="B").rows] == [
        ("attack", ["B"])
    ]


def pairs(gaps: list[Gap]) -> list[tuple[str, str, str | None, str | None, bool]]:
    return [(gap.left, gap.right, gap.topic, gap.last, gap.relationship) for gap in gaps]


SILENT = [
    ("A", "C", "attack", None, False), ("A", "C", "poisoning", None, False), ("B", "C", "attack", None, True),
]  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "months", "expected"),
    [
        # The statement of June 2020 may be of its last day, and is no older than four months then.
        ("2020-10-30", 4, SILENT),
        ("2020-11-01", 4, [("A", "B", "attack", "2020-06", False), *SILENT]),
        ("2020-05-31", 2, [("A", "B", "attack", "2020-02-11", False), *SILENT]),
        ("2020-02-29", 0, [("A", "B", "attack", "2020-02-11", False), *SILENT]),
        ("2020-01-01", 24, [("A", "B", "attack", None, False), *SILENT]),
    ],
)
def test_who_works_on_the_same_and_has_not_written_lately(
    small: Snapshot, as_of: str, months: int, expected: list[tuple[str, str, str | None, str | None, bool]]
) -> None:
    assert pairs(Coverage(small).gaps(as_of=as_of, months=months)) == expected


def test_only_sides_with_enough_items(small: Snapshot) -> None:
    assert Coverage(small).gaps(as_of="2026-11-25", least=2) == []


def test_between_groups(small: Snapshot) -> None:
    assert pairs(Coverage(small).gaps(as_of="2026-11-25", level="group")) == [
        ("A-1", "B-1", "attack", "2020-06", False)
    ]


def overlap(left: str, right: str, *, groups: tuple[str, str], same: bool = False) -> Overlap:
    items = [Item(id=iri(key), code=key, body=key.split("/")[1], groups=(group,)) for key, group in
             zip((left, right), groups, strict=True)]  # fmt: skip
    return Overlap(
        item=items[0], other=items[1], score=0.7, band="strong", base=0.0, contributions=(), method="words",
        same_text=SameText(rule="stated", text="twins") if same else None,
    )  # fmt: skip


def test_who_has_overlapping_items_and_has_not_written(small: Snapshot) -> None:
    found = Coverage(small).overlap_gaps(
        [
            overlap("work-item/B/1", "work-item/A/1", groups=("B-1", "A-1")),
            overlap("work-item/A/2", "work-item/B/1", groups=("A-1", "B-1")),
            overlap("work-item/A/2", "specification/C/1", groups=("A-1", "C-1"), same=True),
        ],
        as_of="2026-11-25",
        least=2,
    )
    (gap,) = found
    assert (gap.left, gap.right, gap.topic, gap.last) == ("A-1", "B-1", None, "2020-06")
    assert keys(gap.left_items) == ["work-item/A/1", "work-item/A/2"]
    assert keys(gap.right_items) == ["work-item/B/1"]


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda c: c.matrix(across="colour"), "column"),
        (lambda c: c.matrix(topic="nothing"), "no topic"),
        (lambda c: c.gaps(level="parent"), "level"),
        (lambda c: c.gaps(as_of="June"), "no day"),
        (lambda c: c.gaps(months=-1), "months"),
    ],
)
def test_what_does_not_fit_is_named(small: Snapshot, call: object, told: str) -> None:
    with pytest.raises(UsageError, match=told):
        call(Coverage(small))  # type: ignore[operator]
