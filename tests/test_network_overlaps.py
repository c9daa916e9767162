"""Overlapping work as a network: of items, of the groups behind them, and of bodies."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from sdograph import export, network
from sdograph.errors import UsageError
from sdograph.identifiers import iri
from sdograph.network.measures import measure
from sdograph.overlap import Contribution, Item, Overlap, SameText
from sdograph.overlap.decision import GRAPH, Decision
from sdograph.store import Snapshot
from sdograph.store.snapshot import EmbeddedSnapshot

SAI, AIML, ENA = "work-item/ETSI/SAI-014", "work-item/3GPP/FS_AIML", "work-item/3GPP/FS_eNA"
MADE_UP, TWIN = "work-item/ITU-T/Y.MADE-UP", "specification/ITU-T/X.9999"

MORE = """
@prefix sdo: <https://w3id.org/sdograph/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix id: <https://w3id.org/sdograph/id/> .
@prefix t: <https://w3id.org/sdograph/scheme/topic/> .
t:ai-security a skos:Concept ; skos:prefLabel "AI security" .
t:securing-network-ai a skos:Concept ; skos:prefLabel "securing AI in networks" ; skos:broader t:ai-security .
id:work-item\\/ETSI\\/SAI-014 sdo:topic t:securing-network-ai .
"""


def item(key: str, groups: tuple[str, ...] = (), begin: str | None = None, end: str | None = None) -> Item:
    kind, body, code = key.split("/")
    return Item(
        id=iri(key), code=code, body=body, title=f"About {code}", groups=groups, begin=begin, end=end,
        kind="specification" if kind == "specification" else "work-item",
    )  # fmt: skip


ITEMS = {
    SAI: item(SAI, ("ETSI-ISG-SAI",), "2022", "2024-03"),
    AIML: item(AIML, ("3GPP-SA2", "3GPP-SA3"), "2023-06-10", "2024"),
    ENA: item(ENA, ("3GPP-SA2",)),
    MADE_UP: item(MADE_UP, ("ITU-T-CG-AISEC",)),
    TWIN: item(TWIN),
}


def pair(one: str, other: str, score: float, band: Any, *kinds: Any) -> Overlap:
    contributions = tuple(Contribution(kind=kind, weight=weight) for kind, weight in kinds)
    return Overlap(
        item=ITEMS[one], other=ITEMS[other], score=score, band=band, base=-4.0, contributions=contributions,
        same_text=SameText(rule="stated", text="twins") if band == "same text" else None, method="made up",
    )  # fmt: skip


class Compared:
    """The pairs, as the table has them."""

    PAIRS = (
        pair(TWIN, SAI, 1.0, "same text"),
        pair(SAI, AIML, 0.83456, "strong", ("topics", 1.5), ("meaning", 3.1), ("time", 0.0)),
        pair(SAI, ENA, 0.5, "partial", ("meaning", 4.0)),
        pair(MADE_UP, AIML, 0.45, "partial", ("meaning", 3.8)),
        pair(ENA, MADE_UP, 0.3, "weak", ("meaning", 3.0)),
    )

    def overlaps(self, *, min_score: float) -> Iterator[Overlap]:
        return (one for one in self.PAIRS if one.score >= min_score)


def graph_with(root: Path, *decisions: Decision) -> Snapshot:
    store = ox.Store()
    store.load(path=root / "tests/competency/graph.ttl", format=ox.RdfFormat.TURTLE)
    store.load(MORE, format=ox.RdfFormat.TURTLE)
    store.extend(ox.Quad(*triple, GRAPH) for one in decisions for triple in one.triples())
    return EmbeddedSnapshot(store, 1)


@pytest.fixture(scope="module")
def snapshot(root: Path) -> Snapshot:
    return graph_with(root)


def of(snapshot: Snapshot, **filters: str) -> network.Network:
    return network.build(snapshot, "overlaps", filters, lambda: (Compared(), snapshot.version))


def weights(graph: network.Network) -> dict[tuple[str, str, str], float]:
    return {(s, t, k): data["weight"] for s, t, k, data in graph.edges(keys=True, data=True)}


STRONG, PARTIAL = (AIML, SAI, "overlap"), (ENA, SAI, "overlap")
OTHERS, SAME = (AIML, MADE_UP, "overlap"), (TWIN, SAI, "same-text")
WEAK = (ENA, MADE_UP, "overlap")


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {STRONG, PARTIAL, OTHERS, SAME}),
        ({"min_score": "0.25"}, {STRONG, PARTIAL, OTHERS, SAME, WEAK}),
        ({"min_score": "0.5"}, {STRONG, PARTIAL, SAME}),
        ({"min_weight": "0.84"}, {SAME}),
        ({"band": "partial"}, {PARTIAL, OTHERS}),
        ({"band": "weak"}, {WEAK}),
        ({"kind": "same-text"}, {SAME}),
        ({"kind": "overlap"}, {STRONG, PARTIAL, OTHERS}),
        ({"body": "ETSI"}, {STRONG, PARTIAL, SAME}),
        ({"body": "ITU"}, {OTHERS, SAME}),
        ({"body": "ITU", "other_body": "3GPP"}, {OTHERS}),
        ({"other_body": "ITU-T", "body": "ETSI"}, {SAME}),
        ({"body": "ETSI", "other_body": "ETSI"}, set()),
        ({"group": "3GPP-SA2"}, {STRONG, PARTIAL, OTHERS}),
        ({"group": "3GPP-SA3"}, {STRONG, OTHERS}),
        ({"topic": "ai-security"}, {STRONG, PARTIAL, SAME}),
        ({"release": "Rel-18"}, {STRONG, OTHERS}),
        ({"topic": "ai-security", "release": "Rel-18"}, set()),
        # FS_AIML begins in June; of the other three only SAI-014 is dated.
        ({"as_of": "2023-05"}, {PARTIAL, SAME}),
        ({"since": "2024-04"}, {OTHERS}),
        ({"until": "2021"}, set()),
    ],
)
def test_filters(snapshot: Snapshot, filters: dict[str, str], expected: set[tuple[str, str, str]]) -> None:
    assert set(weights(of(snapshot, **filters))) == expected


def test_what_nothing_is_known_of_is_counted(snapshot: Snapshot) -> None:
    assert of(snapshot, min_score="0.25", as_of="2023-05").graph["undated_left_out"] == 1, "FS_eNA, Y.MADE-UP"
    assert of(snapshot, min_score="0.25").graph["undated_left_out"] == 0


def test_items(snapshot: Snapshot) -> None:
    graph = of(snapshot)
    assert graph.edges[STRONG] == {
        "kind": "overlap",
        "weight": 0.8346,
        "score": 0.8346,
        "band": "strong",
        # Both were worked on from when the later began until the earlier ended.
        "begin": "2023-06-10",
        "end": "2024-03",
        "pairs": [f"{AIML} – {SAI}"],
        "evidence": ["meaning", "topics"],
    }
    assert graph.edges[SAME]["evidence"] == ["stated: twins"]
    assert graph.edges[SAME]["band"] == "same text"
    assert graph.nodes[SAI] == {
        "label": "SAI-014",
        "kind": "study-item",
        "title": "About SAI-014",
        "body": "ETSI",
        "iri": "https://w3id.org/sdograph/id/work-item/ETSI/SAI-014",
        "groups": ["ETSI-ISG-SAI"],
        "begin": "2022",
        "end": "2024-03",
    }
    assert graph.graph["directed"] is False
    assert graph.graph["filters"] == {"level": "item", "min_score": "0.4"}


def test_groups(snapshot: Snapshot) -> None:
    graph = of(snapshot, level="group")
    assert weights(graph) == {
        ("3GPP-SA2", "ETSI-ISG-SAI", "overlap"): 2,
        ("3GPP-SA3", "ETSI-ISG-SAI", "overlap"): 1,
        ("3GPP-SA2", "ITU-T-CG-AISEC", "overlap"): 1,
        ("3GPP-SA3", "ITU-T-CG-AISEC", "overlap"): 1,
        # Of X.9999 no group is known.
        ("ETSI-ISG-SAI", "ITU-T", "same-text"): 1,
    }
    assert graph.edges["3GPP-SA2", "ETSI-ISG-SAI", "overlap"] == {
        "kind": "overlap",
        "weight": 2,
        "score": 0.8346,
        "band": "strong",
        "begin": "2022",
        "end": "2024-03",
        "pairs": [f"{AIML} – {SAI}", f"{ENA} – {SAI}"],
    }
    assert graph.edges["ETSI-ISG-SAI", "ITU-T", "same-text"]["pairs"] == [f"{SAI} – {TWIN}"]
    assert (graph.nodes["3GPP-SA2"]["kind"], graph.nodes["ITU-T"]["kind"]) == ("group", "body")
    dated = graph.edges["3GPP-SA2", "ITU-T-CG-AISEC", "overlap"]
    assert (dated["begin"], dated["end"]) == ("2023-06-10", "2024")
    with_another = of(snapshot, level="group", min_score="0.25").edges[
        "3GPP-SA2", "ITU-T-CG-AISEC", "overlap"
    ]
    assert with_another["weight"] == 2
    assert not {"begin", "end"} & with_another.keys(), "nothing dates FS_eNA and Y.MADE-UP"


def test_a_group_that_is_asked_for_stands_alone(snapshot: Snapshot) -> None:
    assert set(of(snapshot, level="group", group="3GPP-SA3")) == {
        "3GPP-SA3",
        "ETSI-ISG-SAI",
        "ITU-T-CG-AISEC",
    }


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (
            "parent",
            {
                ("3GPP-SA", "ETSI-ISG-SAI", "overlap"): 2,
                ("3GPP-SA", "ITU-T-SG17", "overlap"): 1,
                ("ETSI-ISG-SAI", "ITU-T", "same-text"): 1,
            },
        ),
        (
            "body",
            {
                ("3GPP", "ETSI", "overlap"): 2,
                ("3GPP", "ITU-T", "overlap"): 1,
                ("ETSI", "ITU-T", "same-text"): 1,
            },
        ),
    ],
)
def test_a_pair_of_two_groups_counts_once_above_them(
    snapshot: Snapshot, level: str, expected: dict[tuple[str, str, str], int]
) -> None:
    assert weights(of(snapshot, level=level)) == expected


def test_what_one_group_answers_for_alone_is_no_overlap_of_groups(snapshot: Snapshot) -> None:
    class Joint:
        def overlaps(self, *, min_score: float) -> Iterable[Overlap]:
            both = ("ITU-T-SG13", "ETSI-TC-SAI")
            yield Overlap(
                item=item("work-item/ETSI/A", both), other=item("work-item/ITU-T/B", both), score=min_score,
                band="partial", base=0, contributions=(), same_text=None, method="made up",
            )  # fmt: skip

    made = network.build(snapshot, "overlaps", {"level": "group"}, lambda: (Joint(), "1"))
    assert weights(made) == {("ETSI-TC-SAI", "ITU-T-SG13", "overlap"): 1}


def test_what_people_decided(root: Path) -> None:
    def decided(left: str, right: str, verdict: Any) -> Decision:
        return Decision(
            left=iri(left), right=iri(right), verdict=verdict, relation="closeMatch", by="chair",
            at="2026-11-25T10:00:00Z",
        )  # fmt: skip

    snapshot = graph_with(root, decided(ENA, SAI, "rejected"), decided(SAI, AIML, "accepted"))
    graph = of(snapshot)
    assert set(weights(graph)) == {STRONG, OTHERS, SAME}
    assert graph.edges[STRONG]["relation"] == "ETSI/SAI-014 closeMatch 3GPP/FS_AIML"
    assert weights(of(snapshot, level="body"))["3GPP", "ETSI", "overlap"] == 1


@pytest.mark.parametrize(
    ("filters", "match"),
    [
        ({"level": "person"}, "not a level"),
        ({"band": "same text"}, "not a band"),
        ({"kind": "to"}, "not a kind"),
        ({"min_score": "2"}, "number that fits"),
        ({"body": "3GPP-SA2"}, "no body '3GPP-SA2'"),
        ({"other_body": "nobody"}, "no body 'nobody'"),
        ({"as_of": "soon"}, "not a date"),
    ],
)
def test_what_does_not_fit(snapshot: Snapshot, filters: dict[str, str], match: str) -> None:
    with pytest.raises(UsageError, match=match):
        of(snapshot, **filters)


def test_it_is_not_built_from_the_graph_alone(snapshot: Snapshot) -> None:
    with pytest.raises(UsageError, match="not been compared"):
        network.build(snapshot, "overlaps", {})


def test_measures_have_no_direction(snapshot: Snapshot) -> None:
    found = measure(of(snapshot, level="body"))
    assert (found.pairs, found.density, found.reciprocity, found.weight) == (3, 1.0, None, 4)


def test_rdf_has_the_items_behind_the_edges(snapshot: Snapshot) -> None:
    made = b"".join(export.write(snapshot, of(snapshot, level="body", body="3GPP"), "nt"))
    subjects = {triple.subject for triple in ox.parse(made, ox.RdfFormat.N_TRIPLES)}
    assert subjects == {
        # The graph says nothing of what is made up.
        ox.NamedNode(iri(key)) for key in ("body/3GPP", "body/ETSI", "body/ITU-T", SAI, AIML, ENA)
    }  # fmt: skip
