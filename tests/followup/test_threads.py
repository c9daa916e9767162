"""Threads: answers across double numbers, several parents, gaps and circles; and those of the dataset."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from correspondence import Correspondence
from hypothesis import given, settings
from hypothesis import strategies as st

from sdograph.errors import LimitExceeded, UsageError
from sdograph.followup import Mark, Node, Thread, thread
from sdograph.followup.forms import thread_form
from sdograph.store import EmbeddedStore

READ_BY_HAND = yaml.safe_load(Path(__file__).with_name("threads.yaml").read_text("utf-8"))


@pytest.fixture
def letters() -> Correspondence:
    return Correspondence()


def tree(found: Thread) -> list[Any]:
    """The tree as nested lists: name, with its mark after a colon, and what stands below."""
    return [_branch(root) for root in found.roots]


def _branch(node: Node) -> Any:
    name = f"{node.name}:{node.mark}" if node.mark else node.name
    return [name, *map(_branch, node.replies)] if node.replies else name


def test_a_reply_to_a_reply_from_whichever_end(letters: Correspondence) -> None:
    letters.sent("S3-1", "3GPP-SA3", "3GPP-SA2", date="2024-01-01")
    letters.sent("S2-2", "3GPP-SA2", "3GPP-SA3", date="2024-02-01", answers="S3-1")
    letters.sent("S3-3", "3GPP-SA3", "3GPP-SA2", date="2024-03-01", answers="S2-2")
    letters.sent("R2-9", "3GPP-RAN2", "3GPP-SA2", date="2024-01-01")
    snapshot = letters.snapshot()
    for number in ("S3-1", "S2-2", "S3-3"):
        found = thread(snapshot, number)
        assert tree(found) == [["S3-1", ["S2-2", "S3-3"]]]
        assert found.asked_for.name == number
    assert tree(thread(snapshot, "R2-9")) == ["R2-9"]


def test_answers_of_one_statement_stand_in_time_and_undated_ones_last(letters: Correspondence) -> None:
    letters.sent("S3-1", "3GPP-SA3", "3GPP-SA2", date="2024-01")
    for number, date in (("S2-4", None), ("S2-3", "2024-02-02"), ("S2-2", "2024-02-10"), ("S2-5", "2024-02")):
        letters.sent(number, "3GPP-SA2", "3GPP-SA3", date=date, answers="S3-1")
    found = thread(letters.snapshot(), "S3-1")
    assert tree(found) == [["S3-1", "S2-5", "S2-3", "S2-2", "S2-4"]]
    assert [s.name for s in found.timeline] == ["S3-1", "S2-5", "S2-3", "S2-2", "S2-4"]


def test_a_statement_that_answers_two_is_shown_once_and_marked_under_the_other(
    letters: Correspondence,
) -> None:
    letters.sent("S3-1", "3GPP-SA3", "3GPP-SA2", date="2024-01-01")
    letters.sent("R2-1", "3GPP-RAN2", "3GPP-SA2", date="2024-01-02")
    letters.sent("S2-2", "3GPP-SA2", "3GPP-SA3 3GPP-RAN2", date="2024-02-01", answers="S3-1 R2-1")
    letters.sent("S3-3", "3GPP-SA3", "3GPP-SA2", date="2024-03-01", answers="S2-2")
    found = thread(letters.snapshot(), "S2-2")
    assert tree(found) == [["S3-1", ["S2-2", "S3-3"]], ["R2-1", f"S2-2:{Mark.shown}"]]
    assert [s.name for s in found.timeline] == ["S3-1", "R2-1", "S2-2", "S3-3"]


def test_what_is_answered_and_is_not_there_is_a_gap_with_its_number(letters: Correspondence) -> None:
    sent = letters.sent("S2-2", "3GPP-SA2", "3GPP-SA3", date="2024-02-01", answers="S3-240001")
    letters.evidence(sent, "in_reply_to", "LS on a subject", unresolved=True)
    found = thread(letters.snapshot(), "S2-2")
    assert found.missing == ("LS on a subject", "S3-240001")
    assert tree(found) == [["LS on a subject:missing", "S2-2"], ["S3-240001:missing", f"S2-2:{Mark.shown}"]]


def test_a_circle_is_cut_and_said_to_be_one(letters: Correspondence) -> None:
    letters.sent("S3-1", "3GPP-SA3", "3GPP-SA2", date="2024-01-01", answers="S2-2")
    letters.sent("S2-2", "3GPP-SA2", "3GPP-SA3", date="2024-02-01", answers="S3-1")
    letters.sent("S3-3", "3GPP-SA3", "3GPP-SA2", date="2024-03-01", answers="S3-3")
    snapshot = letters.snapshot()
    assert tree(thread(snapshot, "S2-2")) == [["S3-1", ["S2-2", f"S3-1:{Mark.cycle}"]]]
    assert tree(thread(snapshot, "S3-3")) == [["S3-3", f"S3-3:{Mark.cycle}"]]


def test_numbers_of_receivers_and_of_drafts_are_the_statement(letters: Correspondence) -> None:
    letters.sent(
        "S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-01-01", received="S2-240011", earlier="S3-240000"
    )
    letters.sent("S2-240002", "3GPP-SA2", "3GPP-SA3", date="2024-02-01", answers="S2-240011")
    letters.sent("R2-240003", "3GPP-RAN2", "3GPP-SA3", date="2024-02-02", answers="S3-240000")
    snapshot = letters.snapshot()
    for number in ("S3-240001", "S2-240011", "S3-240000", "S2-240002", "R2-240003", "3GPP/S3-240001"):
        assert tree(thread(snapshot, number)) == [["S3-240001", "S2-240002", "R2-240003"]], number


def test_a_number_that_could_not_be_linked_then_is_looked_up_now(letters: Correspondence) -> None:
    letters.sent("5GAA_A-180265", "ETSI-TC-SAI", "3GPP-SA2", date="2018-01-01")
    sent = letters.sent("S2-2", "3GPP-SA2", date="2018-02-01")
    letters.evidence(sent, "in_reply_to", "5GAA_A-180265", unresolved=True)
    assert tree(thread(letters.snapshot(), "S2-2")) == [["5GAA_A-180265", "S2-2"]]


def test_a_number_that_two_bear_stays_a_gap(letters: Correspondence) -> None:
    letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-01-01", received="S2-240011")
    letters.sent("S3-240002", "3GPP-SA3", "3GPP-SA2", date="2024-01-01", received="S2-240011")
    letters.sent("S2-240003", "3GPP-SA2", "3GPP-SA3", date="2024-02-01", answers="S2-240011")
    snapshot = letters.snapshot()
    assert thread(snapshot, "S2-240003").missing == ("S2-240011",)
    with pytest.raises(UsageError, match="several") as caught:
        thread(snapshot, "S2-240011")
    assert caught.value.hint == "say which: 3GPP/S3-240001, 3GPP/S3-240002"


def test_who_registered_it_without_being_addressed_had_it_forwarded(letters: Correspondence) -> None:
    letters.sent("S3-1", "3GPP-SA3", "3GPP-SA2", date="2024-01-01", received="S2-240011 R2-240012")
    (root,) = thread_form(thread(letters.snapshot(), "S3-1"))["tree"]
    assert root["received"] == [
        {"number": "R2-240012", "group": "3GPP-RAN2"},
        {"number": "S2-240011", "group": "3GPP-SA2"},
    ]
    assert [party["key"] for party in root["forwarded_to"]] == ["3GPP-RAN2"]


def test_of_several_dates_the_most_exact_counts(letters: Correspondence) -> None:
    letters.sent("S3-1", "3GPP-SA3", date="2018-11")
    letters.sent("S3-1", "3GPP-SA3", date="2018-11-30")
    assert thread(letters.snapshot(), "S3-1").asked_for.date == "2018-11-30"


@pytest.mark.parametrize("name", ["S3-99", "", "a b", "3GPP/<>", "https://example.org/x"])
def test_what_is_no_statement(letters: Correspondence, name: str) -> None:
    with pytest.raises(UsageError, match="there is no liaison statement"):
        thread(letters.snapshot(), name)


def test_more_answers_than_can_be_are_a_mistake(letters: Correspondence) -> None:
    letters.sent("S3-0", "3GPP-SA3")
    for n in range(1, 300):
        letters.sent(f"S3-{n}", "3GPP-SA3", answers=f"S3-{n - 1}")
    with pytest.raises(LimitExceeded, match="more than 100 answers follow one another"):
        thread(letters.snapshot(), "S3-150")


@settings(max_examples=60, deadline=None)
@given(st.sets(st.tuples(st.integers(0, 5), st.integers(0, 7))))
def test_whatever_answers_what_each_stands_once_and_every_answer_is_shown(
    links: set[tuple[int, int]],
) -> None:
    letters = Correspondence()
    for n in range(6):
        answered = " ".join(f"S3-{parent}" for child, parent in sorted(links) if child == n)
        letters.sent(f"S3-{n}", "3GPP-SA3", date=f"2024-01-0{n % 3 + 1}", answers=answered)
    snapshot = letters.snapshot()
    for n in range(6):
        found = thread(snapshot, f"S3-{n}")
        places = [node for root in found.roots for _, node in root.walk()]
        once = [node.name for node in places if node.mark is None]
        assert sorted(once) == sorted(s.name for s in found.timeline)
        shown = [(reply.name, node.name) for node in places for reply in node.replies]
        here = {s.name for s in found.timeline}
        said = [(f"S3-{child}", f"S3-{parent}") for child, parent in links]
        assert sorted(shown) == sorted(link for link in said if link[0] in here)


@pytest.mark.parametrize("expected", READ_BY_HAND, ids=lambda e: next(iter(e["answers"])))
def test_threads_of_the_dataset_are_those_of_the_sources(
    dataset: EmbeddedStore, expected: dict[str, Any]
) -> None:
    answers: dict[str, list[str]] = expected["answers"]
    for number, answered in answers.items():
        found = thread(dataset.current(), number)
        links = {
            (reply.name, node.name)
            for root in found.roots
            for _, node in root.walk()
            for reply in node.replies
        }
        assert sorted(parent for child, parent in links if child == number) == sorted(answered)
        assert set(found.missing) == set(expected.get("missing", ()))
        # Nothing else is called an answer to it.
        assert {child for child, _ in links} == set(answers)
