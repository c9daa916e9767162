"""Calendars and feeds: read back with a library that reads them, and held to the rules of their RFCs."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import pytest
from correspondence import READ, Correspondence
from lxml import etree

from sdograph.errors import UsageError
from sdograph.followup import box, feed
from sdograph.followup.calendar import calendar

A = "{http://www.w3.org/2005/Atom}"
BASE = "https://w3id.org/sdograph/id/"
WHERE = {"address": "https://sdo.example.org/feed", "page": "https://sdo.example.org/id/liaison-statement/"}


@pytest.fixture
def letters() -> Correspondence:
    letters = Correspondence()
    letters.sent(
        "S3-1", "3GPP-SA3", "3GPP-SA2", date="2024-02-01", purpose="action", title="LS on keys, née Schlüssel"
    )
    letters.asked("S3-1", 1, "SA3 asks SA2 to confirm; by mail, or in a document.", "3GPP-SA2", "2024-03-15")
    letters.sent("R2-2", "3GPP-RAN2", "3GPP-SA2", date="2024-02", purpose="action")
    letters.asked("R2-2", 1, "RAN2 asks SA2 to confirm.", "3GPP-SA2", "2024-04")
    letters.meeting("3GPP-SA2", "SA2#160", "2024-02-26", "2024-03-01", "Athens, GR")
    letters.meeting("3GPP-SA2", "SA2#161", "2024-04-15")
    letters.meeting("3GPP-SA2", "SA2#162", "2024-05")
    letters.meeting("3GPP-SA3", "SA3#115", "2024-02-26")
    return letters


def events(letters: Correspondence, as_of: str = "2024-03-01") -> dict[str, icalendar.cal.Component]:
    snapshot = letters.snapshot()
    made = icalendar.Calendar.from_ical(calendar(snapshot, box(snapshot, "3GPP-SA2", as_of=as_of)))
    return {str(event["uid"]): event for event in made.walk("VEVENT")}


class TestCalendar:
    def test_deadlines_and_meetings_that_have_a_day(self, letters: Correspondence) -> None:
        assert set(events(letters)) == {
            BASE + "liaison-statement/3GPP/S3-1/deadline/3GPP-SA2",
            BASE + "meeting/3GPP-SA2/SA2-160",
            BASE + "meeting/3GPP-SA2/SA2-161",
        }

    def test_an_event_of_whole_days_ends_the_day_after(self, letters: Correspondence) -> None:
        found = events(letters)
        days = {
            uid.removeprefix(BASE).split("/")[2]: (e["dtstart"].dt, e["dtend"].dt) for uid, e in found.items()
        }
        assert days == {
            "S3-1": (date(2024, 3, 15), date(2024, 3, 16)),
            "SA2-160": (date(2024, 2, 26), date(2024, 3, 2)),
            "SA2-161": (date(2024, 4, 15), date(2024, 4, 16)),
        }
        for event in found.values():
            assert event["dtstart"].params["VALUE"] == event["dtend"].params["VALUE"] == "DATE"

    def test_it_says_when_its_facts_were_read(self, letters: Correspondence) -> None:
        for event in events(letters).values():
            assert event["dtstamp"].dt == event["last-modified"].dt == datetime.fromisoformat(READ)

    def test_texts_come_back_as_they_were(self, letters: Correspondence) -> None:
        found = events(letters)
        description = str(found[BASE + "liaison-statement/3GPP/S3-1/deadline/3GPP-SA2"]["description"])
        assert description.splitlines() == [
            "LS on keys, née Schlüssel",
            "From 3GPP SA3",
            "SA3 asks SA2 to confirm; by mail, or in a document.",
            "no answer by 3GPP SA2 is in the graph",
        ]
        assert str(found[BASE + "meeting/3GPP-SA2/SA2-160"]["location"]) == "Athens, GR"

    def test_an_answered_deadline_keeps_its_uid(self, letters: Correspondence) -> None:
        letters.sent("S2-3", "3GPP-SA2", "3GPP-SA3", date="2024-03-10", answers="S3-1")
        uid = BASE + "liaison-statement/3GPP/S3-1/deadline/3GPP-SA2"
        assert str(events(letters, "2024-03-01")[uid]["summary"]) == "Due: S3-1 (3GPP SA2)"
        assert str(events(letters, "2024-03-10")[uid]["summary"]) == "Answered: S3-1 (3GPP SA2)"

    def test_rfc_5545_lines_and_required_properties(self, letters: Correspondence) -> None:
        snapshot = letters.snapshot()
        made = calendar(snapshot, box(snapshot, "3GPP-SA2", as_of="2024-03-01"))
        # Section 3.1: lines end in CRLF and have 75 octets at most.
        assert made.endswith(b"END:VCALENDAR\r\n")
        lines = made.split(b"\r\n")
        assert b"\n" not in b"".join(lines)
        assert max(map(len, lines)) <= 75
        text = made.replace(b"\r\n ", b"").decode()
        # Section 3.6: VERSION and PRODID, once each; 3.6.1: UID and DTSTAMP in each event.
        assert len(re.findall(r"^VERSION:2\.0\r$", text, re.MULTILINE)) == 1
        assert len(re.findall(r"^PRODID:.+\r$", text, re.MULTILINE)) == 1
        for event in text.split("BEGIN:VEVENT")[1:]:
            assert len(re.findall(r"^UID:", event, re.MULTILINE)) == 1
            assert re.search(r"^DTSTAMP:\d{8}T\d{6}Z\r$", event, re.MULTILINE)

    def test_a_calendar_without_events_is_one(self, letters: Correspondence) -> None:
        snapshot = letters.snapshot()
        made = icalendar.Calendar.from_ical(calendar(snapshot, box(snapshot, "ITU", as_of="2024-03-01")))
        assert not made.walk("VEVENT")


def parsed(made: bytes) -> etree._Element:
    assert made.startswith(b"<?xml version='1.0' encoding='UTF-8'?>")
    return etree.fromstring(made)


def only(element: etree._Element, name: str) -> str:
    """The text of the one child of a name."""
    (found,) = element.findall(A + name)
    return found.text or ""


class TestFeed:
    def test_the_statements_of_a_group_newest_first(self, letters: Correspondence) -> None:
        letters.sent("S2-3", "3GPP-SA2", "3GPP-SA3", date="2024-03-10")
        letters.sent("R2-9", "3GPP-RAN2", "3GPP-SA3", date="2024-03-11")
        root = parsed(feed.of_organisation(letters.snapshot(), "3GPP-SA2", **WHERE))
        titles = [only(entry, "title") for entry in root.iter(f"{A}entry")]
        assert titles == ["S2-3: LS on something", "S3-1: LS on keys, née Schlüssel", "R2-2: LS on something"]

    def test_a_group_that_only_an_action_names_is_told_as_in_its_inbox(self, letters: Correspondence) -> None:
        letters.sent("R2-9", "3GPP-RAN2", "3GPP-SA3", date="2024-03-11")
        letters.asked("R2-9", 1, "RAN2 asks SA2 to confirm", "3GPP-SA2")
        root = parsed(feed.of_organisation(letters.snapshot(), "3GPP-SA2", **WHERE))
        assert "R2-9: LS on something" in [only(entry, "title") for entry in root.iter(f"{A}entry")]

    def test_rfc_4287_required_elements(self, letters: Correspondence) -> None:
        root = parsed(feed.of_organisation(letters.snapshot(), "3GPP-SA2", **WHERE))
        assert root.tag == f"{A}feed"
        assert only(root, "id") == "https://w3id.org/sdograph/id/group/3GPP-SA2#statements"
        assert only(root, "title") == "Liaison statements of 3GPP SA2"
        assert only(root, "updated") == READ
        # Section 4.1.1: an author, and a link to itself.
        assert root.findtext(f"{A}author/{A}name")
        assert [link.get("href") for link in root.findall(f"{A}link[@rel='self']")] == [WHERE["address"]]
        entries = list(root.iter(f"{A}entry"))
        assert len({only(entry, "id") for entry in entries}) == len(entries) == 2
        for entry in entries:
            assert datetime.fromisoformat(only(entry, "updated")) == datetime.fromisoformat(READ)
            # Section 4.1.2: an entry without content has an alternate link.
            assert entry.find(f"{A}link[@rel='alternate']") is not None

    def test_an_entry_says_who_asks_what_of_whom(self, letters: Correspondence) -> None:
        root = parsed(feed.of_organisation(letters.snapshot(), "3GPP-SA3", **WHERE))
        (entry,) = root.iter(f"{A}entry")
        assert only(entry, "id") == "https://w3id.org/sdograph/id/liaison-statement/3GPP/S3-1"
        assert only(entry, "published") == "2024-02-01T00:00:00Z"
        assert entry.findtext(f"{A}author/{A}name") == "3GPP SA3"
        assert only(entry, "summary").splitlines() == [
            "From: 3GPP SA3",
            "To: 3GPP SA2 (for action)",
            "Date: 2024-02-01",
            "Asks: SA3 asks SA2 to confirm; by mail, or in a document. (by 2024-03-15)",
        ]
        href = entry.find(f"{A}link").get("href")  # type: ignore[union-attr]
        assert href == "https://sdo.example.org/id/liaison-statement/3GPP/S3-1"

    def test_a_month_is_no_moment(self, letters: Correspondence) -> None:
        root = parsed(feed.of_organisation(letters.snapshot(), "3GPP-RAN2", **WHERE))
        (entry,) = root.iter(f"{A}entry")
        assert entry.find(f"{A}published") is None

    def test_a_topic_takes_in_those_below_it(self, letters: Correspondence) -> None:
        letters.topic("security")
        letters.topic("keys", "S3-1", below="security")
        letters.topic("radio", "R2-2")
        root = parsed(feed.of_topic(letters.snapshot(), "security", **WHERE))
        assert [only(e, "id").rpartition("/")[2] for e in root.iter(f"{A}entry")] == ["S3-1"]

    def test_no_topic_of_that_name(self, letters: Correspondence) -> None:
        letters.topic("radio")
        with pytest.raises(UsageError, match="there is no topic 'nothing'") as caught:
            feed.of_topic(letters.snapshot(), "nothing", **WHERE)
        assert caught.value.hint == "there are: radio"

    def test_what_xml_cannot_hold_is_left_out(self, letters: Correspondence) -> None:
        letters.sent("ETSI-3", "ETSI-TC-SAI", "3GPP-SA3", date="2024-02-02", title="a\x00b\x0b<&>\ufffe")
        root = parsed(feed.of_organisation(letters.snapshot(), "ETSI-TC-SAI", **WHERE))
        assert [only(e, "title") for e in root.iter(f"{A}entry")] == ["ETSI-3: ab<&>"]

    def test_a_feed_without_entries_is_of_the_dataset(self, letters: Correspondence, tmp_path: Path) -> None:
        snapshot = letters.store(tmp_path / "data").current()
        root = parsed(feed.of_organisation(snapshot, "ITU", **WHERE))
        assert root.find(f"{A}entry") is None
        updated = datetime.fromisoformat(only(root, "updated"))
        assert updated == datetime.fromisoformat(snapshot.generated_at).astimezone(UTC).replace(microsecond=0)
