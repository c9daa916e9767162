"""A table made from an earlier one is, row by row, the table that is made of all anew."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest
from pyoxigraph import NamedNode, Triple

from sdograph.identifiers import iri
from sdograph.overlap import Item, Overlaps, VectorStore, encoder, renewal
from sdograph.overlap import table as tables
from sdograph.overlap.decision import Decision, decide
from sdograph.overlap.exact import Floats
from sdograph.overlap.features import Features
from sdograph.overlap.table import Table, fill
from sdograph.store import EmbeddedStore

SAI, AIML = iri("work-item/ETSI/SAI-014"), iri("work-item/3GPP/FS_AIML")
PREFIXES = """
@prefix sdo: <https://w3id.org/sdograph/ontology#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> .
@base <https://w3id.org/sdograph/id/> .
"""
BODIES = ("3GPP", "ETSI", "ITU-T", "ISO-IEC-JTC1", "IETF")
WORDS = [
    "security", "management", "privacy", "network", "slicing", "charging", "machine",
    "learning", "artificial", "intelligence", "model", "data", "poisoning", "federated",
    "automation", "analytics", "trust", "identity", "testing", "framework", "architecture",
    "energy", "quantum", "broadcast", "terminology", "requirements", "agents",
]  # fmt: skip


@cache
def of_word(word: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.random.default_rng([*word.encode()]).normal(size=384)


class Bag(VectorStore):
    """Vectors that cost nothing: the sum of one for each word, in any order."""

    def __init__(self) -> None:
        super().__init__(None)

    def vectors(self, texts: Sequence[str], progress: Callable[[int], object] | None = None) -> Floats:
        rows = np.zeros((len(texts), 384), np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                row += of_word(word)
            row /= np.linalg.norm(row) + 1e-9
        return rows


def some_item(rng: random.Random, number: int) -> Item:
    body = rng.choice(BODIES)
    title = " ".join(rng.choices(WORDS, k=rng.choice([0, 2, 5, 7, 9]))).capitalize()
    return Item(
        id=f"{body}/{number:04}", code=f"X-{number:04}", body=body, title=title,
        begin=rng.choice([None, "2023", "2024-05"]), end=rng.choice([None, "2024-01", "2026"]),
        scope=" ".join(rng.choices(WORDS, k=12)) if rng.random() < 0.2 else "",
    )  # fmt: skip


def made(items: Sequence[Item], before: Table | None, *, model: bool) -> tuple[Table, int]:
    earlier = before.earlier if before is not None else None
    ordered = sorted(items, key=lambda item: item.id)
    features = earlier.features if earlier is not None else Features.of
    connection = sqlite3.connect(":memory:")
    count = fill(connection, Overlaps(ordered, Bag(), model=model, features=features), before)
    return Table(connection), count


def content(table: Table) -> dict[str, list[Any]]:
    names = ("item", "pair", "renewal")
    return {
        name: table._connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names
    }


@pytest.mark.parametrize(("model", "seed"), [(True, 1), (True, 2), (True, 3), (False, 4)])
def test_after_any_changes_it_is_the_table_made_of_all(model: bool, seed: int) -> None:
    rng = random.Random(seed)
    items = [some_item(rng, n) for n in range(160)]
    table, _ = made(items, None, model=model)
    fewer = 0
    for step in range(10):
        change = rng.choice(["add", "remove", "title", "dates", "twin"])
        n = rng.randrange(len(items))
        if change == "add":
            items.append(some_item(rng, 1000 + step))
        elif change == "twin":
            items.append(replace(items[n], id=f"IETF/twin-{step}", code=f"Y-{step}", body="IETF"))
        elif change == "remove":
            del items[n]
        elif change == "title":
            items[n] = replace(items[n], title=some_item(rng, 0).title)
        else:
            items[n] = replace(items[n], begin="2020", end="2030")
        table, count = made(items, table, model=model)
        whole, _ = made(items, None, model=model)
        assert content(table) == content(whole), (step, change)
        fewer += count < len(items)
    assert fewer >= 5  # where a word becomes half as rare again, many are made anew


def test_nothing_changed_makes_nothing_anew() -> None:
    items = [some_item(random.Random(5), n) for n in range(60)]
    table, _ = made(items, None, model=True)
    again, count = made(items, table, model=True)
    assert count == 0
    assert content(again) == content(table)


def test_from_nothing_to_something_and_back() -> None:
    items = [replace(some_item(random.Random(n), n), title="") for n in range(2)]
    nothing, _ = made([], None, model=True)
    two, _ = made(items, nothing, model=True)
    one, _ = made(items[:1], two, model=True)
    assert [len(table.items) for table in (two, one, made([], one, model=True)[0])] == [2, 1, 0]


def test_one_of_a_list_is_removed_and_the_next_takes_its_place() -> None:
    rng = random.Random(6)
    items = [some_item(rng, n) for n in range(200)]
    table, _ = made(items, None, model=True)
    lists = [row[:3] for row in table.rows()]
    crowded = max(range(200), key=lambda n: sum(n in pair[:2] for pair in lists))
    removed = [item for item in items if item.id != table.items[crowded].id]
    later, _ = made(removed, table, model=True)
    assert content(later) == content(made(removed, None, model=True)[0])


def test_one_that_bears_the_number_of_another_enters_its_list_whatever_its_title() -> None:
    rng = random.Random(11)
    items = [some_item(rng, n) for n in range(150)]
    items.append(Item(id="3GPP/28.105", code="TS 28.105", body="3GPP", title="Machine learning management"))
    table, _ = made(items, None, model=True)
    items.append(Item(id="ETSI/128", code="TS 128 105", body="ETSI", title="Zymurgy"))
    later, _ = made(items, table, model=True)
    assert content(later) == content(made(items, None, model=True)[0])
    assert [{one.item.code, one.other.code} for one in later.overlaps(min_score=1)] == [
        {"TS 28.105", "TS 128 105"}
    ]


def test_topics_that_become_more_frequent_change_the_lists_of_who_shares_them_in_part() -> None:
    rng = random.Random(12)
    subjects = [
        "data poisoning", "evasion attacks", "model extraction", "privacy of training data",
        "federated learning", "explainability", "AI risk management", "secure development of AI",
        "security testing of AI",
    ]  # fmt: skip
    items = [
        Item(
            id=f"{body}/{n:04}", code=f"Z-{n:04}", body=body,
            title=" and ".join(rng.sample(subjects, k=rng.choice([1, 2, 3]))),
        )
        for n in range(200)
        for body in [rng.choice(BODIES)]
    ]  # fmt: skip
    table, _ = made(items, None, model=True)
    for step in range(12):
        title = f"{rng.choice(subjects)} {step}"
        items.append(Item(id=f"IETF/new-{step:02}", code=f"N-{step}", body="IETF", title=title))
        table, _ = made(items, table, model=True)
        assert content(table) == content(made(items, None, model=True)[0]), step


def test_another_state_of_the_program_makes_all_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    items = [some_item(random.Random(7), n) for n in range(40)]
    table, _ = made(items, None, model=True)
    monkeypatch.setattr(renewal, "_maker", lambda: "another")
    _, count = made(items, table, model=True)
    assert (table.earlier, count) == (None, 40)


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many lists each table has made anew; without the sentence model, to be quick."""
    found: list[int] = []

    def counting(connection: sqlite3.Connection, overlaps: Overlaps, before: Table | None = None) -> int:
        found.append(fill(connection, overlaps, before))
        return found[-1]

    monkeypatch.setattr(tables, "fill", counting)
    monkeypatch.setattr(encoder, "installed", lambda: False)
    return found


def publish(store: EmbeddedStore, turtle: str) -> None:
    triples = [
        Triple(quad.subject, quad.predicate, quad.object)
        for quad in ox.parse(PREFIXES + turtle, ox.RdfFormat.TURTLE)
    ]
    with store.writer() as writer:
        graph = NamedNode(f"urn:{hash(turtle)}")
        writer.apply(writer.view.change(graph, triples))
        writer.publish()


def described(item: Item) -> str:
    return (
        f"<work-item/{item.id}> a sdo:WorkItem ; dcterms:identifier '{item.code}' ; "
        f"dcterms:title '{item.title}' ; sdo:standardsBody <body/{item.body}> ; "
        f"sdo:responsibleGroup <group/{item.body}-{item.id[-1]}> .\n"
    )


@pytest.mark.parametrize(
    "told",
    [
        "<liaison-statement/X/1> a sdo:LiaisonStatement ; dcterms:identifier '1' ; sdo:mentions {0}, {1} .",
        "<liaison-statement/X/1> a sdo:LiaisonStatement ; dcterms:identifier '1' ; sdo:concerns {0} ;"
        " schema:sender {2} ; schema:toRecipient {3}, <group/IETF-1> .",
        "{0} dcterms:references <specification/X/1> . {1} sdo:impacts <specification/X/1> .",
        "<relation/1> a sdo:ItemRelation ; sdo:item {0}, {1} ; rdfs:label 'stated' ;"
        " sdo:relationKind <https://w3id.org/sdograph/scheme/item-relation/overlapping> .",
        "{0} sdo:sameTextAs {1} .",
        "<relationship/1> a sdo:LiaisonRelationship ; rdfs:label 'both' ; sdo:party {2}, {3} .",
        "{0} sdo:begin '2020' ; sdo:end '2021' . {1} sdo:begin '2019' ; sdo:end '2022' .",
    ],
)
def test_what_a_document_says_of_items_changes_their_lists(
    told: str, tmp_path: Path, counts: list[int]
) -> None:
    store = EmbeddedStore(tmp_path)
    rng = random.Random(8)
    items = [some_item(rng, n) for n in range(90)]
    publish(store, "".join(map(described, items)))
    table = Table.of(store.current(), tmp_path)
    before = content(table)
    found = next(one for one in table.overlaps(body="3GPP", other_body="ETSI") if one.same_text is None)
    pair = [f"<{item.id}>" for item in (found.item, found.other)]
    publish(store, told.format(*pair, *(f"<group/{item.groups[0]}>" for item in (found.item, found.other))))
    renewed = content(Table.of(store.current(), tmp_path))
    assert renewed == content(Table.of(store.current(), tmp_path / "elsewhere"))
    assert renewed["pair"] != before["pair"]
    assert 0 < counts[1] < counts[0] == counts[2] == 90


def test_a_decision_changes_nothing_in_the_table(
    own_store: EmbeddedStore, tmp_path: Path, counts: list[int]
) -> None:
    before = content(Table.of(own_store.current(), tmp_path))
    taken = Decision(left=AIML, right=SAI, verdict="rejected", by="chair", at="2026-11-25T10:00:00Z")
    decide(own_store, [taken])
    assert content(Table.of(own_store.current(), tmp_path)) == before
    assert counts[1] == 0


@pytest.mark.parametrize("damage", ["all", "what is kept"])
def test_a_damaged_table_is_none_to_begin_with(damage: str, tmp_path: Path, counts: list[int]) -> None:
    store = EmbeddedStore(tmp_path)
    items = [some_item(random.Random(9), n) for n in range(30)]
    publish(store, "".join(map(described, items)))
    Table.of(store.current(), tmp_path)
    (file,) = (tmp_path / "overlap" / "tables").glob("*.sqlite")
    if damage == "all":
        file.write_bytes(file.read_bytes()[:4096] + bytes(10_000))
    else:
        connection = sqlite3.connect(file)
        connection.execute("UPDATE renewal SET least = x'00', compared = x'000000' WHERE number > 20")
        connection.commit()
        connection.close()
    publish(store, described(some_item(random.Random(10), 100)))
    assert len(Table.of(store.current(), tmp_path).items) == 31
    assert counts[1] == 31
