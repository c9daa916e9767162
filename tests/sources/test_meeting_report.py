"""Liaison statements in a meeting's report: the blocks of a real one, and of what else may come."""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdograph.errors import IncompleteDocument, SdographError, Unavailable, UnreadableDocument
from sdograph.model import LiaisonStatement, Meeting
from sdograph.sources.meeting_report import read, recognise

Shared = Callable[[str], Path]
REPORT = "data/ls/3gpp_SA2_132_report_LS_blocks.json"


@pytest.fixture(scope="module")
def found(shared: Shared) -> dict[str, LiaisonStatement]:
    """The statements of the report by the number the meeting knows them by."""
    records = list(read(shared(REPORT)))
    statements = [r for r in records if isinstance(r, LiaisonStatement)]
    return {s.number or s.received_numbers[0]: s for s in statements}


def test_sixty_blocks_of_a_report(shared: Shared, found: dict[str, LiaisonStatement]) -> None:
    """45 are about incoming statements. Of 14 outgoing texts one was agreed; one block is no statement."""
    path = shared(REPORT)
    assert recognise(path)
    kinds = Counter(block["kind"] for block in json.loads(path.read_text()))
    assert kinds == {"LS In": 45, "LS OUT": 15}
    meeting = next(read(path))
    assert isinstance(meeting, Meeting)
    assert (meeting.group, meeting.name) == ("3GPP-SA2", "SA2#132")
    assert len([s for s in found.values() if s.received_numbers]) == 45
    assert [s.number for s in found.values() if not s.received_numbers] == ["S2-1904650"]


@pytest.mark.parametrize(
    ("number", "sender", "purpose", "title", "outcome"),
    [
        # "It was agreed to avoid … This LS was then noted."
        ("S2-1903049", "TSG CT", "action", "LS on Handling of non-essential corrections (non-FASMO) CRs and "
         "non-backwards compatible CRs", "noted"),
        ("S2-1903083", "TSG SA", "information", "LS on Information on MEC work on 5G", "noted"),
        ("S2-1903067", "RAN WG3", "action", "Reply LS on Issues with AS Release Assistance Indicator",
         "Noted in parallel session"),
        # The source stands in parentheses after the title.
        ("S2-1902943", "GSMA PACKET", "action",
         "on MME Functionality to Control Emergency Call Bearer Support Indicator",
         "Postponed in parallel session"),
        ("S2-1902942", "ETSI TC LI", "action", "Reporting All Cell IDs in 5G", None),
        ("S2-1902954", "RAN WG2", "action", "Reply LS on RRC cause in RRC reestablishment fallback",
         "Noted in parallel session"),
        ("S2-1903036", "CT WG1", "action", "LS on equivalent PLMNs and network slicing", "REPLY - OPEN"),
        # "Incoming LSs (propose to be noted)" is the heading of what comes next.
        ("S2-1902940", "CT WG4", "action",
         "Clarification request on NF authorization in UE Reachability Notification Request procedure", None),
    ],
)  # fmt: skip
def test_an_incoming_statement(
    number: str,
    sender: str,
    purpose: str,
    title: str,
    outcome: str | None,
    found: dict[str, LiaisonStatement],
) -> None:
    statement = found[number]
    assert [r.text for r in statement.sender] == [sender]
    assert [r.text for r in statement.to] == ["3GPP SA2"]
    assert statement.purposes == (("3GPP SA2", purpose),)
    assert (statement.title, statement.outcome, statement.number) == (title, outcome, None)
    assert (statement.layout, statement.date) == ("meeting-report", None)


def test_the_agreed_answer_has_its_last_number_and_all_drafts(found: dict[str, LiaisonStatement]) -> None:
    """All of it stands under the number of the first draft, S2-1903262: "… revised, merging TD S2-1903873, in
    TD S2-1904584. This was revised to remove revision marks and draft' in TD S2-1904650. Agreed."
    """
    answer = found["S2-1904650"]
    assert answer.earlier_numbers == ("S2-1903262", "S2-1903873", "S2-1904584")
    assert [r.text for r in answer.in_reply_to] == ["S2-1903073"]
    assert [r.text for r in answer.to] == ["RAN WG3"]
    assert [r.text for r in found["S2-1903073"].answered_by] == ["S2-1904650"]


def test_texts_of_statements_and_names_of_people_are_not_kept(found: dict[str, LiaisonStatement]) -> None:
    words = [e.text for s in found.values() for e in s.evidence]
    assert max(map(len, words)) < 200
    assert not [w for w in words if "convened" in w or "asks SA" in w]


def block(**values: Any) -> dict[str, Any]:
    return {
        "tdoc": "S2-1900001",
        "kind": "LS In",
        "title_line": "LS from CT WG1: LS on X. (CT WG1)",
        **values,
    }


def saved(folder: Path, value: object, name: str = "SA2_140_report.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_faults_name_file_and_block(tmp_path: Path) -> None:
    with pytest.raises(
        IncompleteDocument, match=r"SA2_140_report\.json, block 2: the block has no kind"
    ) as error:
        list(read(saved(tmp_path, [block(), block(kind="")])))
    assert error.value.hint
    with pytest.raises(IncompleteDocument, match="which meeting"):
        list(read(saved(tmp_path, [block()], "report.json")))
    for wrong in ("", "{", "[]", "[1]", '{"tdoc": "S2-1900001"}', "[" * 100_000):
        with pytest.raises(UnreadableDocument, match=r"SA2_140_report\.json"):
            list(read(saved(tmp_path, wrong)))
    with pytest.raises(Unavailable):
        list(read(tmp_path / "absent_SA2_1.json"))
    assert not recognise(saved(tmp_path, {"tdoc": "x"}))


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from([*block(), "source", "response_to", "responses", "outcome_text"]),
            st.none() | st.integers() | st.text(max_size=20) | st.lists(st.text(max_size=9), max_size=2),
        ).map(lambda values: block(**values)),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_blocks_hold_only_our_errors_are_raised(
    tmp_path: Path, blocks: list[dict[str, Any]]
) -> None:
    with contextlib.suppress(SdographError):
        for record in read(saved(tmp_path, blocks)):
            assert isinstance(record, Meeting) or record.title
