"""Inbox and outbox: who is asked what by when, and what shows that it was answered, noted, or is open."""

from __future__ import annotations

import pytest
from correspondence import Correspondence

from sdograph.errors import UsageError
from sdograph.followup import Box, Entry, State, box
from sdograph.store import Snapshot

LATER = "2024-06-01"


@pytest.fixture
def letters() -> Correspondence:
    return Correspondence()


class Asking:
    """Asks about what was sent so far."""

    def __init__(self, letters: Correspondence) -> None:
        self._letters = letters

    def __call__(self, organisation: str, as_of: str = LATER, **asked: object) -> Box:
        return box(self._letters.snapshot(), organisation, as_of=as_of, **asked)  # type: ignore[arg-type]

    def one(self, organisation: str, as_of: str = LATER, **asked: object) -> Entry:
        (entry,) = self(organisation, as_of, **asked).entries
        return entry


@pytest.fixture
def ask(letters: Correspondence) -> Asking:
    return Asking(letters)


def names(found: Box) -> list[str]:
    return [entry.statement.name for entry in found.entries]


class TestWhatIsAsked:
    @pytest.mark.parametrize(
        ("as_of", "days_left", "state"),
        [("2024-03-10", 5, "open"), ("2024-03-15", 0, "open"), ("2024-03-16", -1, "overdue")],
    )
    def test_a_deadline_is_over_the_day_after(
        self, letters: Correspondence, ask: Asking, as_of: str, days_left: int, state: str
    ) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose="action")
        letters.asked("S3-240001", 1, "SA3 asks SA2 to confirm.", "3GPP-SA2", "2024-03-15")
        entry = ask.one("3GPP-SA2", as_of)
        assert (entry.days_left, entry.state.value) == (days_left, state)
        assert entry.asked_by == "a requested action names it"
        assert [a.text for a in entry.actions] == ["SA3 asks SA2 to confirm."]

    @pytest.mark.parametrize(
        ("deadline", "as_of", "state"),
        [
            ("2024-03", "2024-03-31", "open"),
            ("2024-03", "2024-04-01", "overdue"),
            ("2024", "2024-12-31", "open"),
            ("2024", "2025-01-01", "overdue"),
        ],
    )
    def test_a_month_or_year_is_over_after_its_last_day(
        self, letters: Correspondence, ask: Asking, deadline: str, as_of: str, state: str
    ) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose="action")
        letters.asked("S3-240001", 1, "Please confirm.", "3GPP-SA2", deadline)
        assert ask.one("3GPP-SA2", as_of).state.value == state

    def test_a_deadline_of_the_whole_statement_is_not_for_copies(
        self, letters: Correspondence, ask: Asking
    ) -> None:
        letters.sent(
            "S3-240001", "3GPP-SA3", "3GPP-SA2", cc="3GPP-RAN2", date="2024-02-01", purpose="comment"
        )
        letters.asked("S3-240001", 1, "deadline", deadline="2024-03-15")
        assert ask.one("3GPP-SA2").state is State.overdue
        copied = ask.one("3GPP-RAN2")
        assert (copied.role, copied.deadline, copied.state) == ("cc", None, State.unasked)

    def test_what_is_asked_of_somebody_unknown_is_not_asked_of_all(
        self, letters: Correspondence, ask: Asking
    ) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01")
        action = letters.asked("S3-240001", 1, "XYZ is asked to confirm.", deadline="2024-03-15")
        letters.evidence(action, "action", "XYZ", unresolved=True)
        entry = ask.one("3GPP-SA2")
        assert (entry.deadline, entry.state) == (None, State.unasked)

    def test_who_is_named_by_an_action_alone_has_it_in_the_inbox(
        self, letters: Correspondence, ask: Asking
    ) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01")
        letters.asked("S3-240001", 1, "RAN2 is asked to confirm.", "3GPP-RAN2")
        entry = ask.one("3GPP-RAN2")
        assert (entry.role, entry.state) == (None, State.open)

    @pytest.mark.parametrize(
        ("purpose", "title", "state"),
        [
            ("action", "LS on something", "open"),
            ("comment", "LS on something", "open"),
            ("information", "LS on something", "unasked"),
            (None, "LS on something", "unasked"),
            # "For response" is written on what wants an answer and on what is one.
            ("response", "LS on something", "open"),
            ("response", "Reply LS on something", "unasked"),
        ],
    )
    def test_the_purpose_says_whether_something_is_asked(
        self, letters: Correspondence, ask: Asking, purpose: str | None, title: str, state: str
    ) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose=purpose, title=title)
        entry = ask.one("3GPP-SA2")
        assert entry.state.value == state
        assert (entry.asked_by is None) == (state == "unasked")


class TestWhatCameOfIt:
    def test_a_reply_counts_from_its_day_on(self, letters: Correspondence, ask: Asking) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose="action")
        letters.sent("S2-240002", "3GPP-SA2", "3GPP-SA3", date="2024-03-12", answers="S3-240001")
        assert ask.one("3GPP-SA2", "2024-03-11").state is State.open
        entry = ask.one("3GPP-SA2", "2024-03-12")
        assert entry.state is State.answered
        assert [a.name for a in entry.answers] == ["S2-240002"]
        assert entry.rests_on == "answered by S2-240002 of 2024-03-12"

    def test_a_reply_may_name_the_number_under_which_it_was_received(
        self, letters: Correspondence, ask: Asking
    ) -> None:
        letters.sent(
            "S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose="action", received="S2-240009"
        )
        letters.sent("S2-240002", "3GPP-SA2", "3GPP-SA3", date="2024-03-12", answers="S2-240009")
        assert ask.one("3GPP-SA2").state is State.answered

    def test_the_reply_of_another_addressee_is_shown_and_answers_nothing(
        self, letters: Correspondence, ask: Asking
    ) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2 3GPP-RAN2", date="2024-02-01", purpose="action")
        letters.sent("R2-240002", "3GPP-RAN2", "3GPP-SA3", date="2024-03-12", answers="S3-240001")
        entry = ask.one("3GPP-SA2")
        assert entry.state is State.open
        assert [a.name for a in entry.other_answers] == ["R2-240002"]
        assert "others answered: R2-240002 of 2024-03-12" in entry.rests_on
        assert ask.one("3GPP-RAN2").state is State.answered

    def test_a_successor_answers_for_a_group_that_ended(self, letters: Correspondence, ask: Asking) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "ETSI-ISG-SAI", date="2023-09-18", purpose="action")
        letters.sent("SAI-1", "ETSI-TC-SAI", "3GPP-SA3", date="2024-03-12", answers="S3-240001")
        assert ask.one("ETSI-ISG-SAI").state is State.answered

    def test_a_group_answers_for_its_body(self, letters: Correspondence, ask: Asking) -> None:
        letters.sent("SAI-1", "ETSI-ISG-SAI", "3GPP", date="2023-09-18", purpose="action")
        letters.sent("S3-240002", "3GPP-SA3", "ETSI-ISG-SAI", date="2024-03-12", answers="SAI-1")
        assert ask.one("3GPP").state is State.answered

    def test_a_number_tells_which_group_answered_where_only_its_body_is_named(
        self, letters: Correspondence, ask: Asking
    ) -> None:
        letters.sent("SAI-1", "ETSI-ISG-SAI", "3GPP-SA3", date="2023-09-18", purpose="action")
        letters.sent("S3-240002", "3GPP", "ETSI-ISG-SAI", date="2024-03-12", answers="SAI-1")
        assert ask.one("3GPP-SA3").state is State.answered

    def test_an_answer_that_only_a_record_names(self, letters: Correspondence, ask: Asking) -> None:
        sent = letters.sent(
            "S3-240001", "3GPP-SA3", "3GPP-SA2 3GPP-RAN2", date="2024-02-01", purpose="action"
        )
        letters.evidence(sent, "answered_by", "S2-240099", "row 7, S2-240009", unresolved=True)
        entry = ask.one("3GPP-SA2")
        assert entry.state is State.answered
        assert entry.rests_on == "a record names S2-240099 as the answer, which is not in the graph"
        assert ask.one("3GPP-RAN2").state is State.open

    @pytest.mark.parametrize(
        ("outcome", "state"),
        [
            ("Noted", "noted"),
            ("Noted in parallel session", "noted"),
            ("Replied to", "answered"),
            ("Postponed", "open"),
            ("REPLY OPEN", "open"),
        ],
    )
    def test_the_meeting_of_the_addressee_says_what_it_did(
        self, letters: Correspondence, ask: Asking, outcome: str, state: str
    ) -> None:
        letters.sent(
            "S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose="action", outcome=outcome
        )
        entry = ask.one("3GPP-SA2")
        assert entry.state.value == state
        assert f'recorded as "{outcome}"' in entry.rests_on

    def test_what_one_meeting_noted_another_may_not_have(self, letters: Correspondence, ask: Asking) -> None:
        sent = letters.sent(
            "S3-240001",
            "3GPP-SA3",
            "3GPP-SA2 3GPP-RAN2",
            date="2024-02-01",
            purpose="action",
            outcome="Noted",
        )
        letters.evidence(sent, "outcome", "Noted", "row 7, S2-240009")
        assert ask.one("3GPP-SA2").state is State.noted
        assert ask.one("3GPP-RAN2").state is State.open

    def test_what_rests_on_a_missing_reply_says_so(self, letters: Correspondence, ask: Asking) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose="action")
        assert ask.one("3GPP-SA2").rests_on == "no answer by 3GPP SA2 is in the graph"


class TestWhichStatements:
    def test_the_day_of_the_question_hides_what_was_sent_later(
        self, letters: Correspondence, ask: Asking
    ) -> None:
        letters.sent("S3-240001", "3GPP-SA3", "3GPP-SA2", date="2024-02-01")
        letters.sent("S3-240002", "3GPP-SA3", "3GPP-SA2", date="2024-03")
        letters.sent("S3-240003", "3GPP-SA3", "3GPP-SA2")
        assert names(ask("3GPP-SA2", "2024-01-31")) == ["S3-240003"]
        # A month may have been its first day.
        assert names(ask("3GPP-SA2", "2024-03-01")) == ["S3-240002", "S3-240001", "S3-240003"]
        assert ask("3GPP-SA2", "2024-01-31").warnings == ("1 without a date count as sent by then",)

    def test_what_is_overdue_comes_first_then_what_is_due_soonest(
        self, letters: Correspondence, ask: Asking
    ) -> None:
        for number, deadline in (("S3-1", "2024-07-01"), ("S3-2", "2024-05-01"), ("S3-3", "2024-06-15")):
            letters.sent(number, "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose="action")
            letters.asked(number, 1, "Please confirm.", "3GPP-SA2", deadline)
        letters.sent("S3-4", "3GPP-SA3", "3GPP-SA2", date="2024-05-01", purpose="action")
        letters.sent("S3-5", "3GPP-SA3", "3GPP-SA2", date="2024-05-02")
        found = ask("3GPP-SA2")
        assert names(found) == ["S3-2", "S3-3", "S3-1", "S3-4", "S3-5"]
        assert found.counts == {"answered": 0, "noted": 0, "overdue": 1, "open": 3, "unasked": 1}
        assert names(ask("3GPP-SA2", pending=True)) == ["S3-2", "S3-3", "S3-1", "S3-4"]
        assert names(ask("3GPP-SA2", purpose="action")) == ["S3-2", "S3-3", "S3-1", "S3-4"]

    def test_the_outbox_has_an_entry_for_each_receiver(self, letters: Correspondence, ask: Asking) -> None:
        letters.sent(
            "S3-240001",
            "3GPP-SA3",
            "3GPP-SA2 3GPP-RAN2",
            cc="ETSI-TC-SAI",
            date="2024-02-01",
            purpose="action",
        )
        letters.sent("S2-240002", "3GPP-SA2", "3GPP-SA3", date="2024-03-12", answers="S3-240001")
        found = ask("3GPP-SA3", outgoing=True)
        assert {(e.addressee.id, e.role, e.state.value) for e in found.entries if e.addressee} == {
            ("3GPP-SA2", "to", "answered"),
            ("3GPP-RAN2", "to", "open"),
            ("ETSI-TC-SAI", "cc", "unasked"),
        }

    def test_names_that_could_not_be_linked_are_receivers_too(
        self, letters: Correspondence, ask: Asking
    ) -> None:
        sent = letters.sent("S3-240001", "3GPP-SA3", date="2024-02-01")
        letters.evidence(sent, "to", "Some Forum", unresolved=True)
        (entry,) = ask("3GPP-SA3", outgoing=True).entries
        assert entry.addressee is not None
        assert (entry.addressee.iri, entry.addressee.label) == (None, "Some Forum")

    def test_what_went_to_nobody_known_is_in_the_outbox(self, letters: Correspondence, ask: Asking) -> None:
        letters.sent("S3-240001", "3GPP-SA3", date="2024-02-01")
        (entry,) = ask("3GPP-SA3", outgoing=True).entries
        assert entry.addressee is None

    def test_a_body_has_the_statements_of_its_groups(self, letters: Correspondence, ask: Asking) -> None:
        letters.sent("SAI-1", "ETSI-TC-SAI", "3GPP-SA2", date="2024-02-01")
        letters.sent("SAI-2", "ETSI-TC-SAI", "3GPP", date="2024-02-02")
        assert names(ask("3GPP")) == ["SAI-2", "SAI-1"]
        assert names(ask("3GPP-SA2")) == ["SAI-1"]

    def test_lineage_adds_what_came_before_and_after(self, letters: Correspondence, ask: Asking) -> None:
        letters.sent("S3-1", "3GPP-SA3", "ETSI-ISG-SAI", date="2023-02-01")
        letters.sent("S3-2", "3GPP-SA3", "ETSI-TC-SAI", date="2024-02-01")
        assert names(ask("ETSI-TC-SAI")) == ["S3-2"]
        assert names(ask("ETSI-TC-SAI", lineage=True)) == ["S3-2", "S3-1"]
        assert names(ask("ETSI-ISG-SAI", lineage=True)) == ["S3-2", "S3-1"]


@pytest.mark.parametrize(
    ("organisation", "asked", "words"),
    [
        ("3GPP-SA99", {}, "there is no body or group '3GPP-SA99'"),
        ("<x>", {}, "there is no body or group '<x>'"),
        ("3GPP-SA2", {"as_of": "2024-02-30"}, "'2024-02-30' is no day"),
        ("3GPP-SA2", {"as_of": "2024"}, "'2024' is no day"),
        ("3GPP-SA2", {"purpose": "fun"}, "there is no purpose 'fun'"),
    ],
)
def test_what_cannot_be_asked(
    letters: Correspondence, organisation: str, asked: dict[str, str], words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        box(letters.snapshot(), organisation, **asked)  # type: ignore[arg-type]


def test_who_has_not_answered_the_founding_statement(bundled_snapshot: Snapshot) -> None:
    """Its words are in data/liaison-statements; no answer is in the core of the dataset."""
    sent = box(bundled_snapshot, "ETSI-ISG-SAI", outgoing=True, as_of="2023-12-31", pending=True)
    assert {e.addressee.id for e in sent.entries if e.addressee} == {"3GPP-SA", "3GPP-SA3", "3GPP-SA5"}
    for entry in sent.entries:
        (action,) = entry.actions
        assert action.text is not None
        assert action.text.startswith("ETSI SAI kindly asks 3GPP TSG SA")
        assert (entry.state, entry.deadline) == (State.open, None)
    assert not box(bundled_snapshot, "ETSI-ISG-SAI", outgoing=True, as_of="2023-09-17").entries
