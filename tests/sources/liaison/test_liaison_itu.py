"""ITU's forms: ITU-T's table in three languages and of two periods, ITU-R's without labels."""

from __future__ import annotations

from pathlib import Path

import pytest
from liaison_documents import read_text

from sdograph.model import LiaisonStatement

ITU_T = """\
INTERNATIONAL TELECOMMUNICATION UNION\tSG17-LS159
TELECOMMUNICATION STANDARDIZATION SECTOR
STUDY PERIOD 2022-2024\tOriginal: English
Question(s):\t4/17, 10/17\tGeneva, 29 August \u2013 8 September 2023
LIAISON STATEMENT
Source:\tITU-T Study Group 17
Title:\tLS/r on models in security operations (reply to 3GPP TSG SA WG3 - S3-231234) [to 3GPP SA3]
For action to:\t3GPP TSG SA WG3; ETSI TC SAI
For comment to:\t-
For information to:\tISO/IEC JTC 1/SC 27/WG 4, ITU-T SG13, 20
Approval:\tITU-T Study Group 17 meeting (Geneva, 8 September 2023)
Deadline:\t15 January 2024
Contact:\tJane Example\tTel: +41 00 000 00 00
E-mail: jane@example.org
Abstract:\tThis liaison statement informs about X.sec-ai and asks for comments.

ITU-T SG17 thanks 3GPP SA3 for its liaison S3-231234.
The work on draft Recommendation ITU-T X.1375 has started. ITU-T SG17 kindly asks 3GPP SA3 to review the
attached draft. We look forward to continued cooperation.
Attachment: SG17-TD1234
"""

ITU_R = """\
Radiocommunication Study Groups\tDocument 5D/1234-E
Source:\tDocument 5D/TEMP/455
\t25 June 2023
Subject:\tWRC-27 agenda item 1.7\tEnglish only

Working Party 5D

LIAISON STATEMENT TO WORKING PARTIES 5A AND 5C (COPY FOR INFORMATION TO WORKING PARTIES 3K AND 3M)

Characteristics of systems for sharing studies

1\tIntroduction
Working Party 5D considered the characteristics in Recommendation ITU-R M.2101.
WP 5D would appreciate receiving the protection criteria by 15 October 2023.

Status:\tFor action
Contact:\tJane Example\tE-mail: jane@example.org
"""


@pytest.fixture
def itu_t(tmp_path: Path) -> LiaisonStatement:
    return read_text(tmp_path, ITU_T)


def test_the_table_of_itu_t(itu_t: LiaisonStatement) -> None:
    assert (itu_t.layout, itu_t.number) == ("itu-t", "SG17-LS159")
    assert itu_t.title.startswith("LS/r on models in security operations (reply to")
    assert [r.text for r in itu_t.sender] == ["ITU-T Study Group 17"]
    assert [r.text for r in itu_t.in_reply_to] == ["S3-231234"]
    assert itu_t.approval == "ITU-T Study Group 17 meeting (Geneva, 8 September 2023)"
    assert itu_t.attachments == ("SG17-TD1234",)
    assert [m.text for m in itu_t.mentions] == ["X.sec-ai", "ITU-T X.1375"]


def test_addressees_by_purpose_and_a_list_that_says_the_kind_of_group_once(itu_t: LiaisonStatement) -> None:
    assert itu_t.purposes == (
        ("3GPP TSG SA WG3", "action"),
        ("ETSI TC SAI", "action"),
        ("ISO/IEC JTC 1/SC 27/WG 4", "information"),
        ("ITU-T SG13", "information"),
        ("ITU-T SG20", "information"),
    )
    assert [r.text for r in itu_t.to] == [name for name, _ in itu_t.purposes]
    assert itu_t.cc == ()


def test_it_is_dated_by_its_approval(itu_t: LiaisonStatement) -> None:
    (evidence,) = [e for e in itu_t.evidence if e.field == "date"]
    assert (itu_t.date, evidence.rule, evidence.confidence) == ("2023-09-08", "day of approval", 0.9)


def test_without_an_approval_by_the_meeting_in_its_head(tmp_path: Path) -> None:
    lines = [line for line in ITU_T.split("\n") if not line.startswith("Approval")]
    read = read_text(tmp_path, "\n".join(lines))
    assert (read.date, read.approval) == ("2023-09-08", None)


def test_a_sentence_that_asks_is_an_action_with_the_deadline_of_the_whole(itu_t: LiaisonStatement) -> None:
    (action,) = itu_t.actions
    assert action.text == "ITU-T SG17 kindly asks 3GPP SA3 to review the attached draft."
    assert ([r.text for r in action.addressees], action.deadline) == (["3GPP SA3"], "2024-01-15")
    (evidence,) = [e for e in itu_t.evidence if e.field == "action"]
    assert evidence.confidence < 1


def test_a_deadline_without_a_sentence_that_asks_belongs_to_the_label(tmp_path: Path) -> None:
    text = ITU_T.partition("ITU-T SG17 thanks")[0]
    (action,) = read_text(tmp_path, text).actions
    assert action.text == "For action to: 3GPP TSG SA WG3; ETSI TC SAI"
    assert action.deadline == "2024-01-15"
    assert [r.text for r in action.addressees] == ["3GPP TSG SA WG3", "ETSI TC SAI"]


def test_the_questions_are_kept_as_evidence_and_are_no_work_items(itu_t: LiaisonStatement) -> None:
    assert itu_t.work_items == ()
    assert any(e.field == "question" and "4/17, 10/17" in e.text for e in itu_t.evidence)


FRENCH = (
    ("Question(s)", "Origine", "Titre", "Pour suite \u00e0 donner \u00e0", "Pour information \u00e0"),
    ("Approbation", "Date limite", "R\u00e9sum\u00e9"),
    "R\u00e9union de la CE 17 (Gen\u00e8ve, 8 septembre 2023)",
    "15 janvier 2024",
)
SPANISH = (
    ("Cuesti\u00f3n(es)", "Fuente", "T\u00edtulo", "Para acci\u00f3n", "Para informaci\u00f3n"),
    ("Aprobaci\u00f3n", "Plazo", "Resumen"),
    "Reuni\u00f3n de la CE 17 (Ginebra, 8 de septiembre de 2023)",
    "15 de enero de 2024",
)


@pytest.mark.parametrize("language", [FRENCH, SPANISH])
def test_labels_and_months_in_french_and_spanish(
    language: tuple[tuple[str, ...], tuple[str, ...], str, str], tmp_path: Path
) -> None:
    (question, source, title, action, information), (approval, deadline, abstract), meeting, day = language
    text = (
        f"SG17-LS8\n{question}:\t14/17\n{source}:\tITU-T SG17\n{title}:\tLS/o on models\n"
        f"{action}:\tETSI TC SAI\n{information}:\t3GPP SA3\n{approval}:\t{meeting}\n{deadline}:\t{day}\n"
        f"{abstract}:\tX.sec-agent\n"
    )
    read = read_text(tmp_path, text)
    assert (read.layout, read.number, read.title, read.date) == (
        "itu-t", "SG17-LS8", "LS/o on models", "2023-09-08",
    )  # fmt: skip
    assert read.purposes == (("ETSI TC SAI", "action"), ("3GPP SA3", "information"))
    assert read.approval == meeting
    assert [a.deadline for a in read.actions] == ["2024-01-15"]


def test_the_form_of_earlier_periods(tmp_path: Path) -> None:
    text = """\
COM 15 \u2013 LS 245 \u2013 E
Question(s): 9, 12 and 14/15
LIAISON STATEMENT
Source: ITU-T Study Group 15
Title: MPLS-TP
To: IEEE 802.1
Approval: Agreed to at SG 15 meeting (Geneva, 11-22 February 2008)
For: Action
Deadline: 1 June 2008
Contact: Jane Example
Please don't change the structure of this table, just insert the necessary information.

Please review the attached draft Recommendation G.8110.1 and let us know your views.
"""
    read = read_text(tmp_path, text)
    assert (read.number, read.date) == ("COM 15-LS 245-E", "2008-02-22")
    assert read.purposes == (("IEEE 802.1", "action"),)
    (action,) = read.actions
    assert action.text.startswith("Please review")


def test_the_cover_of_a_receiver_gives_its_own_number(tmp_path: Path) -> None:
    text = """\
INTERNATIONAL TELECOMMUNICATION UNION\tSG17-TD1297/GEN
Question(s):\tAll/17\tGeneva, 30 January \u2013 3 February 2023
Source:\t3GPP TSG SA WG5
Title:\tLS/i on slices [from 3GPP SA5]
For action to:\tITU-T SG17
Abstract:\tThis TD contains the incoming liaison statement S5-231526.
"""
    read = read_text(tmp_path, text)
    assert (read.number, read.received_numbers) == ("S5-231526", ("SG17-TD1297/GEN",))


def test_itu_r_has_sender_title_and_addressees_without_labels(tmp_path: Path) -> None:
    read = read_text(tmp_path, ITU_R)
    assert (read.layout, read.number, read.date) == ("itu-r", "5D/1234-E", "2023-06-25")
    assert [r.text for r in read.sender] == ["Working Party 5D"]
    assert [r.text for r in read.to] == ["Working Party 5A", "Working Party 5C"]
    assert [r.text.upper() for r in read.cc] == ["WORKING PARTY 3K", "WORKING PARTY 3M"]
    assert all(r.context == "ITU-R" for r in (*read.sender, *read.to, *read.cc))
    assert read.title.endswith("\u2013 Characteristics of systems for sharing studies")
    assert read.purposes[:2] == (("Working Party 5A", "action"), ("Working Party 5C", "action"))
    assert [a.deadline for a in read.actions] == ["2023-10-15"]
    assert [m.text for m in read.mentions] == ["ITU-R M.2101"]
    assert all(e.confidence < 1 for e in read.evidence if e.field in ("title", "sender", "to", "cc", "date"))


def test_itu_r_in_french_without_a_label_above_the_text(tmp_path: Path) -> None:
    text = """\
Commissions d'\u00e9tudes des radiocommunications
Document 1A/77-F
5 juin 2022

Groupe de travail 1A

NOTE DE LIAISON AUX GROUPES DE TRAVAIL 5A ET 5C

Transmission d'\u00e9nergie sans fil

Le Groupe de travail 1A prie les Groupes de travail 5A et 5C de r\u00e9pondre avant le 30 septembre 2022.
"""
    read = read_text(tmp_path, text)
    assert (read.layout, read.date, read.number) == ("itu-r", "2022-06-05", "1A/77-F")
    assert [r.text for r in read.to] == ["Groupe de travail 5A", "Groupe de travail 5C"]
    assert [a.deadline for a in read.actions] == ["2022-09-30"]
