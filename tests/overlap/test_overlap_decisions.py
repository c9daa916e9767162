"""Decisions on pairs of items: taken, replaced, taken back, and carried over as SSSOM."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from sdograph.errors import DataError, UnreadableDocument, UsageError
from sdograph.identifiers import iri
from sdograph.overlap import Item, Overlap, SameText, sssom
from sdograph.overlap.decision import GRAPH, Decision, Decisions, Relation, Verdict, decide, undo
from sdograph.store import EmbeddedStore

SAI, AIML = iri("work-item/ETSI/SAI-014"), iri("work-item/3GPP/FS_AIML")
WHO, WHEN = "secretary of SA3", "2026-11-25T14:00:00Z"


def decision(
    *, verdict: Verdict = "accepted", relation: Relation = "relatedMatch", at: str = WHEN, **given: Any
) -> Decision:
    return Decision(left=SAI, right=AIML, verdict=verdict, relation=relation, by=WHO, at=at, **given)


def asks(store: EmbeddedStore, pattern: str) -> bool:
    return bool(store.current().query(f"ASK {{ {pattern} }}"))


def test_an_accepted_pair_is_a_triple_of_skos_and_a_rejected_one_is_none(own_store: EmbeddedStore) -> None:
    related = f"<{SAI}> skos:relatedMatch <{AIML}>"
    assert not asks(own_store, related)
    decide(own_store, [decision()])
    assert asks(own_store, related)
    decide(own_store, [decision(verdict="rejected", at="2026-11-25T14:00:01Z")])
    assert not asks(own_store, related)
    assert asks(own_store, f"?d a sdo:OverlapDecision ; owl:annotatedSource <{SAI}> ; sdo:decidedBy '{WHO}'")


def test_the_latest_decision_holds_whichever_item_is_named_first(own_store: EmbeddedStore) -> None:
    first, second = decision(), decision(verdict="rejected", at="2026-11-25T15:00:00+00:30")
    decide(own_store, [first])
    decide(own_store, [second])
    known = Decisions.of(own_store.current())
    assert known.on(AIML, SAI) == known.on(SAI, AIML) == second
    assert [d.at for d in known.all] == ["2026-11-25T14:00:00Z", "2026-11-25T14:30:00Z"]


def test_taking_one_back_brings_back_the_one_before(own_store: EmbeddedStore) -> None:
    first, second = decision(), decision(verdict="rejected", at="2026-11-26T14:00:00Z")
    decide(own_store, [first, second])
    outcome = undo(own_store, second.id, by=" the chair ")
    assert [d.id for d in outcome.withdrawn] == [second.id]
    known = Decisions.of(own_store.current())
    assert known.on(SAI, AIML) == first
    assert [d.withdrawn_by for d in known.all] == [None, "the chair"]
    with pytest.raises(UsageError, match="withdrawn already"):
        undo(own_store, second.id, by="the chair")
    with pytest.raises(UsageError, match="no decision"):
        undo(own_store, "nothing", by="the chair")


def test_the_same_decision_again_makes_no_generation(own_store: EmbeddedStore) -> None:
    number = decide(own_store, [decision()]).generation
    assert decide(own_store, [decision()]).generation is None
    assert own_store.current().generation == number


def test_what_is_not_in_the_graph_is_refused_and_nothing_written(own_store: EmbeddedStore) -> None:
    before = own_store.current().version
    wrong = Decision(left=SAI, right=iri("work-item/3GPP/NO_SUCH"), verdict="accepted", by=WHO, at=WHEN)
    with pytest.raises(UsageError, match="work-item/3GPP/NO_SUCH"):
        decide(own_store, [decision(), wrong])
    assert own_store.current().version == before


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"left": AIML}, "one item"),
        ({"by": " "}, "who decided"),
        ({"at": "yesterday"}, "isoformat"),
        ({"relation": "broader"}, "none of"),
        ({"verdict": "maybe"}, "verdict"),
        ({"left": "not an IRI"}, "IRI"),
    ],
)
def test_what_is_no_decision(given: dict[str, Any], told: str) -> None:
    whole: dict[str, Any] = {"left": SAI, "right": AIML, "verdict": "accepted", "by": WHO, "at": WHEN}
    with pytest.raises(ValueError, match=told):
        Decision(**(whole | given))


# --- SSSOM


def overlap(other: str, score: float, same: SameText | None = None) -> Overlap:
    left, right = (Item(id=id, code=id[-3:], body=id[-2:]) for id in (SAI, other))
    return Overlap(
        item=left, other=right, score=score, band="same text" if same else "strong", base=0.0,
        contributions=(), same_text=same, method="meaning and topics",
    )  # fmt: skip


def written(*decisions: Decision) -> bytes:
    nr, twin = iri("work-item/3GPP/FS_NR"), iri("specification/ITU-T/X.1")
    found = [
        overlap(AIML, 0.8125), overlap(nr, 0.5), overlap(twin, 1.0, SameText(rule="stated", text="twins")),
    ]  # fmt: skip
    return sssom.write(found, decisions, {SAI: "Title\tof\nSAI"}, version="7-abcd")


# Its use of pandas, not ours.
@pytest.mark.filterwarnings("ignore::Warning:sssom.*", "ignore:The inplace keyword")
def test_sssom_py_reads_what_is_written() -> None:
    parsers = pytest.importorskip("sssom.parsers", reason="sssom-py is not installed")
    from sssom.validators import validate

    set_of_mappings = parsers.parse_sssom_table(
        io.StringIO(written(decision(relation="broadMatch")).decode())
    )
    validate(set_of_mappings)
    rows = {row["object_id"]: row for row in set_of_mappings.df.to_dict("records")}
    decided = rows["sdoid:work-item/3GPP/FS_AIML"]
    # What is decided leaves once, as decided, with the score beside it.
    assert (decided["predicate_id"], decided["mapping_justification"]) == (
        "skos:broadMatch", "semapv:ManualMappingCuration",
    )  # fmt: skip
    assert (decided["subject_id"], decided["subject_label"], float(decided["similarity_score"])) == (
        "sdoid:work-item/ETSI/SAI-014", "Title of SAI", 0.812,
    )  # fmt: skip
    computed = rows["sdoid:work-item/3GPP/FS_NR"]
    assert (computed["predicate_id"], computed["mapping_justification"]) == (
        "skos:relatedMatch", "semapv:CompositeMatching",
    )  # fmt: skip
    assert rows["sdoid:specification/ITU-T/X.1"]["predicate_id"] == "skos:exactMatch"
    assert len(rows) == 3
    assert set_of_mappings.metadata["mapping_set_version"] == "7-abcd"


@pytest.mark.parametrize("verdict", ["accepted", "rejected"])
def test_decisions_come_back_as_they_were(own_store: EmbeddedStore, verdict: Verdict, tmp_path: Path) -> None:
    taken = decision(verdict=verdict, relation="closeMatch", note="both look at\tdata supply")
    file = tmp_path / "decisions.sssom.tsv"
    file.write_bytes(written(taken))
    decide(own_store, sssom.read(file))
    (known,) = Decisions.of(own_store.current()).all
    assert (known.id, known.pair, known.verdict, known.relation, known.by, known.at) == (
        taken.id, taken.pair, verdict, "closeMatch", WHO, WHEN,
    )  # fmt: skip
    assert known.note == "both look at data supply"
    assert Decisions.of(own_store.current()).all[0].node in {
        q.subject for q in own_store.current().quads(graph=GRAPH)
    }


HEAD = "#curie_map:\n#  id: https://w3id.org/sdograph/id/\n#  skos: http://www.w3.org/2004/02/skos/core#\n"
NAMES = (
    "subject_id\tpredicate_id\tobject_id\tmapping_justification\tauthor_label\tmapping_date\t"
    "predicate_modifier\n"
)


def row(*cells: str) -> bytes:
    return (HEAD + NAMES + "\t".join(cells) + "\n").encode()


CURATED = "semapv:ManualMappingCuration"
PAIR = ("id:work-item/ETSI/SAI-014", "skos:broadMatch", "id:work-item/3GPP/FS_AIML")


def test_a_set_made_by_others_has_a_date_and_its_own_prefixes() -> None:
    (found,) = sssom.parse(row(*PAIR, CURATED, "an expert", "2026-05-04", "Not"), "set.tsv")
    assert (found.left, found.right, found.relation, found.verdict) == (SAI, AIML, "broadMatch", "rejected")
    assert (found.by, found.at) == ("an expert", "2026-05-04T00:00:00Z")


def test_what_was_computed_is_no_decision() -> None:
    assert sssom.parse(row(*PAIR, "semapv:LexicalMatching", "", "", ""), "set.tsv") == []


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ((*PAIR, CURATED, "", "2026-05-04"), "who decided"),
        ((*PAIR, CURATED, "an expert", ""), "isoformat"),
        (("xy:1", *PAIR[1:], CURATED, "an expert", "2026-05-04"), "prefix"),
        (("https://example.org/1", *PAIR[1:], CURATED, "an expert", "2026-05-04"), "no item"),
        ((PAIR[0], "skos:related", PAIR[2], CURATED, "an expert", "2026-05-04"), "none of"),
        (("", *PAIR[1:], CURATED, "an expert", "2026-05-04"), "missing"),
    ],
)
def test_a_row_that_is_not_whole_is_named_by_its_line(cells: tuple[str, ...], told: str) -> None:
    with pytest.raises(DataError, match=told) as caught:
        sssom.parse(row(*cells), "set.tsv")
    assert caught.value.where == "set.tsv, line 5"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xfe\x00", b"#curie_map: [\n", b"#- 1\nsubject_id\n", b"#curie_map: 5\n" + NAMES.encode(),
        b"subject_id\tobject_id\n", b"\0" * 100,
        b"#" + b"[" * 20_000,
    ],
)  # fmt: skip
def test_garbage_is_an_error_of_ours(content: bytes) -> None:
    with pytest.raises(UnreadableDocument) as caught:
        sssom.parse(content, "set.tsv")
    assert caught.value.where == "set.tsv"
    assert caught.value.hint
