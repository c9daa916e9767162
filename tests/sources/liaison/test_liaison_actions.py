"""What is asked, of whom, by when; and the next meetings."""

from __future__ import annotations

import pytest

from sdograph.model import Reference
from sdograph.sources.liaison import actions as rules
from sdograph.sources.liaison.actions import FoundAction, requested_actions
from sdograph.sources.liaison.meetings import announced_meetings
from sdograph.sources.liaison.sheet import Line

TO = tuple(
    Reference(text=text, field="to", kind="organization", locator="line 1") for text in ("3GPP SA2", "GSMA")
)


def lines(text: str) -> list[Line]:
    return [Line(line, f"line {n}") for n, line in enumerate(text.split("\n"), 1)]


def actions(text: str, to: tuple[Reference, ...] = TO) -> list[FoundAction]:
    return list(requested_actions(lines(text), to))


def short(text: str) -> list[tuple[list[str], str]]:
    return [([r.text for r in f.action.addressees], f.action.text) for f in actions(text)]


@pytest.mark.parametrize(
    "heading",
    [
        "To SA2: ",
        "To SA2:\n",
        "To SA2\n",
        "To SA2 group.\nACTION:\t",
        "To: SA2\n",
        "To SA2:\tACTION: ",
        "To the SA2:\n",
    ],
)
def test_forms_of_the_heading(heading: str) -> None:
    ((addressees, text),) = short(f"{heading}SA3 asks SA2 to answer.")
    assert [name.removeprefix("the ") for name in addressees] == ["SA2"]
    assert text == "SA3 asks SA2 to answer."


@pytest.mark.parametrize("names", ["SA2 and SA5", "SA2, SA5", "SA2 & SA5", "SA2/SA5", "SA2 and SA5 groups"])
def test_several_are_asked_at_once(names: str) -> None:
    assert short(f"To {names}: please answer.") == [(["SA2", "SA5"], "please answer.")]


def test_lines_of_one_action_are_joined() -> None:
    assert short("To SA2:\nSA3 asks SA2\nto answer:\n\n- now, and\n- fully.\nTo GSMA:\nTake note.") == [
        (["SA2"], "SA3 asks SA2 to answer: - now, and - fully."),
        (["GSMA"], "Take note."),
    ]


def test_several_actions_of_one_addressee() -> None:
    assert short("To SA2:\nACTION 1:\tanswer.\nACTION 2:\tconfirm.") == [
        (["SA2"], "answer."),
        (["SA2"], "confirm."),
    ]


def test_a_sentence_that_begins_with_to_is_no_heading() -> None:
    assert short("To SA2:\nSA3 asks SA2 to answer.\nTo achieve this, SA3 suggests: a call.") == [
        (["SA2"], "SA3 asks SA2 to answer. To achieve this, SA3 suggests: a call.")
    ]


def test_who_is_asked_may_stand_in_the_text_alone() -> None:
    (found,) = actions("ETSI SAI kindly asks GSMA to comment.")
    assert [r.text for r in found.action.addressees] == ["GSMA"]
    assert (found.rule, found.confidence) == (rules.ASKED_IN_TEXT, 0.8)


def test_an_action_that_names_nobody_is_asked_of_all_addressees() -> None:
    (found,) = actions("ACTION: Please comment.")
    assert [(r.text, r.field) for r in found.action.addressees] == [
        ("3GPP SA2", "action"),
        ("GSMA", "action"),
    ]
    assert (found.rule, found.confidence) == (rules.ASKED_OF_ALL, 0.7)


def test_all_may_be_asked_in_so_many_words() -> None:
    (found,) = actions("To all groups: please comment.")
    assert [r.text for r in found.action.addressees] == ["3GPP SA2", "GSMA"]
    assert found.rule == rules.STATED


@pytest.mark.parametrize("text", ["", "None.", "n/a", "-", "To SA2:\n", "The group met in May."])
def test_nothing_is_asked(text: str) -> None:
    assert short(text) == []


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("answer by 15 January 2024.", "2024-01-15"),
        ("answer no later than January 15, 2024", "2024-01-15"),
        ("answer before Friday 19 January 2024", "2024-01-19"),
        ("answer. Deadline: 15 January 2024", "2024-01-15"),
        ("answer; the deadline for comments is 15 January 2024", "2024-01-15"),
        ("answer by the end of January 2024", "2024-01"),
        ("answer by the next meeting", None),
        ("answer within two weeks", None),
        ("consider the text provided by SA3 on 15 January 2024", None),
        ("consider the LS of 15 January 2024", None),
    ],
)
def test_deadlines_are_read_only_where_a_day_is_stated(text: str, deadline: str | None) -> None:
    (found,) = actions(f"To SA2: please {text}")
    assert found.action.deadline == deadline


def test_a_deadline_of_the_whole_statement_holds_where_an_action_has_none() -> None:
    found = requested_actions(lines("To SA2: answer.\nTo GSMA: answer by 2 May 2024."), TO, "2024-06-01")
    assert [f.action.deadline for f in found] == ["2024-06-01", "2024-05-02"]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("SAI#20\t\t2023-12-04 \tNice, FR", ("SAI#20", "2023-12-04", None, "Nice, FR")),
        ("SA3#116  20 - 24 May 2024  Jeju", ("SA3#116", "2024-05-20", "2024-05-24", "Jeju")),
        ("SA3#116\tJeju, KR\t20 - 24 May 2024", ("SA3#116", "2024-05-20", "2024-05-24", "Jeju, KR")),
        ("SA3#116, Jeju, KR, 20-24 May 2024", ("SA3#116", "2024-05-20", "2024-05-24", "Jeju, KR")),
        ("SA2#129-bis\t26 - 30 November 2018\t\tWest Palm Beach, US",
         ("SA2#129-bis", "2018-11-26", "2018-11-30", "West Palm Beach, US")),
        ("TSG SA WG2 Meeting #130: 21-25 January 2019, Kochi",
         ("TSG SA WG2 Meeting #130", "2019-01-21", "2019-01-25", "Kochi")),
        ("SA3#113AdHoc-e\t22 - 26 January 2024\te-meeting",
         ("SA3#113AdHoc-e", "2024-01-22", "2024-01-26", "e-meeting")),
        ("SG17 plenary\t2 - 6 December 2024\tTBD", ("SG17 plenary", "2024-12-02", "2024-12-06", None)),
        ("SA3#118\tOctober 2024\tTBC", ("SA3#118", "2024-10", None, None)),
        ("SA3#119\tTBD", ("SA3#119", None, None, None)),
    ],
)  # fmt: skip
def test_meetings(line: str, expected: tuple[str | None, ...]) -> None:
    ((m,),) = [[found.meeting for found in announced_meetings(lines(line))]]
    assert (m.name, m.begin, m.end, m.place) == expected


@pytest.mark.parametrize(
    "line", ["Meeting\tDate\tPlace", "None", "", "See the web site.", "20 - 24 May 2024"]
)
def test_what_is_no_meeting(line: str) -> None:
    assert list(announced_meetings(lines(line))) == []
