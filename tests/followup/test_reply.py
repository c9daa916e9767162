"""Drafts of replies: their head is filled in, they are in the layout of their house, and our own reader reads
them back.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from rich.prompt import Prompt
from typer.testing import CliRunner

from sdograph import pipeline
from sdograph.cli import app, main
from sdograph.errors import UsageError
from sdograph.followup import houses
from sdograph.followup.reply import addressees, compose
from sdograph.store import EmbeddedStore

#: A statement to groups of four houses and to a consortium, in the form of 3GPP. Made up.
TO_ALL = """3GPP TSG-SA3 Meeting #114\tS3-240123
Athens, Greece, 22 - 26 January 2024

Title:\tLS on security of AI/ML models
Response to:\t-
Release:\tRelease 18
Work Item:\tFS_AIML

Source:\t3GPP SA3
To:\tETSI ISG SAI, ITU-T SG17, ISO/IEC JTC 1/SC 42, GSMA
Cc:\t3GPP SA, 3GPP SA5

Contact Person:\tJane Example

1. Overall Description:
SA3 studies the security of AI/ML models.

2. Actions:
To ETSI ISG SAI:
ACTION:\tSA3 kindly asks ETSI ISG SAI to share its threat model.
ACTION:\tSA3 kindly asks ETSI ISG SAI to name the Recommendations it follows by 15 March 2024.
To ITU-T SG17, ISO/IEC JTC 1/SC 42 and GSMA:
ACTION:\tSA3 kindly asks ITU-T SG17, ISO/IEC JTC 1/SC 42 and GSMA to comment.

3. Date of Next SA3 Meetings:
SA3#115\t26 February - 1 March 2024\tAthens, GR
SA3#116\t20 - 24 May 2024\tJeju, KR
"""
FOUNDING = "ETSI/ETSI-ISG-SAI-2023-09-18-50d0db1459"


@pytest.fixture(scope="module")
def store(bundled_store: EmbeddedStore, tmp_path_factory: pytest.TempPathFactory) -> EmbeddedStore:
    """The core of the dataset and a statement to all houses."""
    folder = tmp_path_factory.mktemp("reply")
    bundled_store.backup(folder / "data")
    letter = folder / "S3-240123.txt"
    letter.write_text(TO_ALL, "utf-8")
    store = EmbeddedStore(folder / "data")
    (report,) = pipeline.ingest(store, [letter])
    assert report.error is None
    return store


def run(store: EmbeddedStore, *args: str | Path) -> str:
    result = CliRunner().invoke(app, [*map(str, args), "--data-dir", str(store.data_dir)])
    assert result.exit_code == 0, result.output
    return result.stdout


def fails(store: EmbeddedStore, capsys: pytest.CaptureFixture[str], *args: str | Path) -> str:
    """What is said on standard error by a call that is wrong."""
    with pytest.raises(SystemExit) as left:
        main([*map(str, args), "--data-dir", str(store.data_dir)])
    assert left.value.code == 2
    return capsys.readouterr().err


#: Who replies, to what, on which day -> what has to be read back.
ROUND_TRIPS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "3gpp": (
        FOUNDING,
        "3GPP-SA3",
        "2024-02-01",
        {
            "sender": ["3GPP-SA3"],
            "to": ["ETSI-ISG-SAI"],
            "cc": ["3GPP-SA", "3GPP-SA5", "ITU-R", "ITU-T-SG13", "ITU-T-SG17"],
            "title": "Reply LS on potential collaboration between 3GPP SA3/SA5 and ETSI SAI ISG",
            # The statement leaves with the end of the group's next meeting.
            "date": "2024-03-01",
            "releases": ["Rel-18", "Rel-19"],
            "work_items": [],
            "meetings": [
                ("SA3#115", "2024-02-26", "2024-03-01", "Athens, GR"),
                ("SA3#116", "2024-05-20", "2024-05-24", "Jeju, KR"),
            ],
        },
    ),
    **{
        layout: (
            "S3-240123",
            group,
            "2023-10-01",
            {
                "sender": [group],
                "to": ["3GPP-SA3"],
                "cc": cc,
                "title": title,
                "date": "2023-10-01",
                "in_reply_to": ["S3-240123"],
                "releases": ["Rel-18"],
                "work_items": ["FS_AIML"],
                "meetings": meetings,
            },
        )
        for layout, group, title, cc, meetings in (
            (
                "etsi",
                "ETSI-ISG-SAI",
                "Reply LS on security of AI/ML models",
                ["3GPP-SA", "3GPP-SA5", "GSMA", "ISO-IEC-JTC1-SC42", "ITU-T-SG17"],
                [("SAI#20", "2023-12-04", None, "Sophia-Antipolis, FR")],
            ),
            (
                "itu-t",
                "ITU-T-SG17",
                "LS/r on security of AI/ML models",
                ["3GPP-SA", "3GPP-SA5", "ETSI-ISG-SAI", "GSMA", "ISO-IEC-JTC1-SC42"],
                [],
            ),
            (
                "iso-iec",
                "ISO-IEC-JTC1-SC42",
                "Reply LS on security of AI/ML models",
                ["3GPP-SA", "3GPP-SA5", "ETSI-ISG-SAI", "GSMA", "ITU-T-SG17"],
                [],
            ),
            (
                "letter",
                "GSMA",
                "Reply LS on security of AI/ML models",
                ["3GPP-SA", "3GPP-SA5", "ETSI-ISG-SAI", "ISO-IEC-JTC1-SC42", "ITU-T-SG17"],
                [],
            ),
        )
    },
}


@pytest.mark.parametrize("house", ROUND_TRIPS)
def test_a_draft_is_read_back_as_it_was_meant(store: EmbeddedStore, tmp_path: Path, house: str) -> None:
    answered, group, on, expected = ROUND_TRIPS[house]
    file = tmp_path / "reply.docx"
    run(store, "reply", answered, "-o", file, "--as", group, "--date", on)
    assert compose(store.current(), answered, group, date.fromisoformat(on)).house == house
    (read,) = json.loads(run(store, "ingest", file, "--dry-run", "--json"))["documents"]
    assert read["state"] == "new", read
    (record,) = (r for r in read["records"] if r["class"] == "LiaisonStatement")
    meetings = [(m["name"], m["start"], m["end"], m["place"]) for m in record["meetings"]]
    found = {**record, "meetings": meetings, "cc": sorted(record["cc"])}
    assert {name: found[name] for name in expected} == expected
    # It asks for nothing yet, and has no number.
    assert record["actions"] == []
    assert record["number"] is None


def test_what_was_asked_of_the_group_is_to_be_answered(store: EmbeddedStore, tmp_path: Path) -> None:
    file = tmp_path / "reply.docx"
    run(store, "reply", "S3-240123", "-o", file, "--as", "ETSI-ISG-SAI")
    headings = [p.text for p in Document(str(file)).paragraphs if p.style.name == "Heading 2"]
    assert headings == [
        "Answer 1: “SA3 kindly asks ETSI ISG SAI to share its threat model.”",
        "Answer 2: “SA3 kindly asks ETSI ISG SAI to name the Recommendations it follows by 15 March 2024.”",
    ]


def test_both_numbers_of_what_is_answered(store: EmbeddedStore) -> None:
    draft = compose(store.current(), "S3-240123", "ETSI-ISG-SAI", date(2024, 2, 1))
    assert draft.answered.words() == "S3-240123 (LS on security of AI/ML models)"


class TestWhoReplies:
    def test_of_several_it_has_to_be_said(
        self, store: EmbeddedStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        said = fails(store, capsys, "reply", FOUNDING, "-o", tmp_path / "reply.docx")
        assert "several were addressed" in said
        assert {"3GPP-SA", "3GPP-SA3", "3GPP-SA5"} <= set(said.replace(",", " ").split())
        assert not list(tmp_path.iterdir())

    def test_at_a_terminal_it_is_asked_for(
        self, store: EmbeddedStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from sdograph.cli import followup

        monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
        monkeypatch.setattr(Prompt, "ask", classmethod(lambda _, *__, choices, **___: choices[0]))
        assert followup._choose(addressees(store.current(), FOUNDING)) == "3GPP-SA3"

    def test_one_who_sent_it_is_refused(self, store: EmbeddedStore) -> None:
        with pytest.raises(UsageError, match=r"sent .* itself"):
            compose(store.current(), FOUNDING, "ETSI-ISG-SAI", date(2024, 2, 1))

    def test_one_who_did_not_get_it_is_told(self, store: EmbeddedStore) -> None:
        draft = compose(store.current(), FOUNDING, "3GPP-RAN2", date(2024, 2, 1))
        assert any("is not among the receivers" in remark for remark in draft.remarks)

    def test_a_sender_that_ended_is_told(self, store: EmbeddedStore) -> None:
        draft = compose(store.current(), FOUNDING, "3GPP-SA3", date(2024, 2, 1))
        assert "ETSI ISG SAI was succeeded by ETSI TC SAI: check to whom to send it" in draft.remarks


@pytest.mark.parametrize("house", ["3gpp", "etsi", "itu-t", "iso-iec", "letter"])
def test_a_title_of_any_length_and_signs_goes_on_paper(store: EmbeddedStore, house: str) -> None:
    draft = compose(store.current(), "S3-240123", "ETSI-ISG-SAI", date(2024, 2, 1))
    title = "Reply LS on \x02" + "models and " * 40
    answered = replace(draft.answered, title="LS\x00 on models")
    written = houses.write(
        replace(draft, house=house, title=title, answered=answered, asked=("to\x0b look",))
    )
    document = Document(io.BytesIO(written))
    words = [*(p.text for p in document.paragraphs), *(c.text for t in document.tables for c in t._cells)]
    assert any(title.replace("\x02", "").strip() in text for text in words)


def test_a_file_that_is_there_is_kept_unless_forced(
    store: EmbeddedStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "reply.docx"
    file.write_text("mine")
    call = ("reply", FOUNDING, "-o", file, "--as", "3GPP-SA3")
    assert "--force replaces it" in fails(store, capsys, *call)
    assert file.read_text() == "mine"
    run(store, *call, "--force")
    assert file.read_bytes().startswith(b"PK")
    assert list(tmp_path.iterdir()) == [file]


def test_a_day_that_is_none(store: EmbeddedStore, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ("reply", FOUNDING, "-o", tmp_path / "r.docx", "--as", "3GPP-SA3", "--date", "tomorrow")
    assert "'tomorrow' is no day" in fails(store, capsys, *call)
