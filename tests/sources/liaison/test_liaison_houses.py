"""ISO's covers, the IETF's pages and mails, and other bodies' letterheads."""

from __future__ import annotations

from pathlib import Path

import pytest
from liaison_documents import read_one, read_text

ISO = """\
ISO/IEC JTC 1/SC 27 N 22815

ISO/IEC JTC 1/SC 27
Secretariat: DIN (Germany)
DOC TYPE:\tLiaison statement
TITLE:\tLiaison statement to ITU-T SG17 on models
SOURCE:\tSecretariat of ISO/IEC JTC 1/SC 27
STATUS:\tApproved at the plenary
DATE:\t2023-10-30
ACTION ID:\tCOMM
DUE DATE:\t2024-02-15
DISTRIBUTION:\tP, O and L Members
NO. OF PAGES:\t2

SC 27 requests ITU-T SG17 to comment on ISO/IEC CD 27090.
"""

MAIL = """\
Title: LS on the progress of the work
Submission Date: 2022-07-26
URL of the IETF Web page: https://datatracker.ietf.org/liaison/1793/
Please reply by 2022-10-01
From: ITU-T SG 13 (Jane Example <jane@example.org>)
To: IETF SAAG (list@example.org)
Cc: Jane Example <jane@example.org>,
 John Example <john@example.org>
Response Contact: tsb@example.org
Purpose: For action
Body: ITU-T SG13 would like to inform you about Y.3800.
We kindly ask SAAG to review Y.QKDN_frint.
Attachments:

    The draft
    https://example.org/documents/draft.docx
"""

PAGE = """\
<html><body><h1>Liaison statement<br><small>LS on numbers of RFCs</small></h1><table>
<tr><th>State</th><td>Posted</td></tr>
<tr><th>Submitted Date</th><td>2026-04-21</td></tr>
<tr><th>From Group</th><td>3GPP-TSG-SA-WG3</td></tr>
<tr><th>To Groups</th><td>SEC, opsawg, nmop</td></tr>
<tr><th>Cc</th><td>The Chair &lt;chair@example.org&gt;</td></tr>
<tr><th>Purpose</th><td>For action</td></tr>
<tr><th>Deadline</th><td>2026-06-01 Action Needed</td></tr>
<tr><th>Attachments</th><td>S3-261234</td></tr>
<tr><th>Body</th><td><pre>1. Overall description
SA3 needs RFC 9000.
2. Actions
To IETF SEC:
ACTION: SA3 asks SEC to answer.</pre></td></tr></table></body></html>
"""


def test_a_cover_of_a_committee(tmp_path: Path) -> None:
    read = read_text(tmp_path, ISO)
    assert (read.layout, read.number) == ("iso-iec", "ISO/IEC JTC 1/SC 27 N 22815")
    assert (read.title, read.date) == ("Liaison statement to ITU-T SG17 on models", "2023-10-30")
    assert [r.text for r in read.sender] == ["ISO/IEC JTC 1/SC 27"]
    assert read.purposes == (("ITU-T SG17", "comment"),)
    (to,) = [e for e in read.evidence if e.field == "to"]
    assert (to.rule, to.confidence < 1) == ("named in the title", True)
    (action,) = read.actions
    assert ([r.text for r in action.addressees], action.deadline) == (["ITU-T SG17"], "2024-02-15")
    assert [m.text for m in read.mentions] == ["ISO/IEC CD 27090"]


def test_a_cover_may_name_nobody(tmp_path: Path) -> None:
    read = read_text(tmp_path, ISO.replace("Liaison statement to ITU-T SG17 on models", "Liaison on models"))
    assert read.to == ()


def test_a_mail_of_the_datatracker(tmp_path: Path) -> None:
    read = read_text(tmp_path, MAIL)
    assert (read.layout, read.number, read.date) == ("ietf", "datatracker 1793", "2022-07-26")
    assert [r.text for r in read.sender] == ["ITU-T SG 13"]
    assert [r.text for r in read.to] == ["IETF SAAG"]
    assert read.cc == ()  # mailboxes of people
    assert read.purposes == (("IETF SAAG", "action"),)
    assert read.attachments == ("The draft",)
    (action,) = read.actions
    assert ([r.text for r in action.addressees], action.deadline) == (["SAAG"], "2022-10-01")
    assert [m.text for m in read.mentions] == ["Y.3800", "Y.QKDN_frint"]


def test_a_page_of_the_datatracker(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGE, "utf-8")
    read = read_one(path)
    assert (read.layout, read.title, read.date) == ("ietf", "LS on numbers of RFCs", "2026-04-21")
    assert [(r.text, r.context) for r in read.to] == [("SEC", "IETF"), ("opsawg", "IETF"), ("nmop", "IETF")]
    assert read.cc == ()
    assert [a.deadline for a in read.actions] == ["2026-06-01"]
    assert read.attachments == ("S3-261234",)


LETTERHEADS = {
    "bbf": (
        """\
Broadband Forum

LIAISE-654-Multi-Tenant-00

Date: 12 July 2024
To: Jane Example, Chair, 3GPP SA WG2
CC: John Example, 3GPP CT WG4 Chair
From: John Example, Broadband Forum Technical Committee Chair
Subject: Liaison on tenants

Dear Jane,

We kindly ask 3GPP SA2 to review WT-470 by 30 September 2024.
""",
        ("LIAISE-654-Multi-Tenant-00", "2024-07-12", "Broadband Forum", ["3GPP SA WG2"], ["3GPP CT WG4"],
         ["WT-470"]),
    ),
    "gsma": (
        """\
GSM Association\tNon-confidential
Liaison Statement
Meeting Date\t4-6 June 2024
Document Title\tLiaison on tenants
Document Number\tFSAG Doc 82_012
Document Source\tGSMA FSAG
To\t3GPP SA3
Cc\tETSI TC SAI
Document for\tInformation

1. Introduction
GSMA FSAG works on FS.31.
""",
        ("FSAG Doc 82_012", "2024-06-06", "GSMA FSAG", ["3GPP SA3"], ["ETSI TC SAI"], ["FS.31"]),
    ),
    "oran": (
        """\
O-RAN ALLIANCE WG11\tO-RAN.WG11.LS-2024-031
Liaison statement
Sending group: O-RAN WG11
Addressed to: 3GPP SA3
Copied to: O-RAN WG2
Name of the liaison:
Topic: Liaison on tenants
Date of issue: 21.06.2024

O-RAN.WG11.TR.AIML-Security is stable.
""",
        ("O-RAN.WG11.LS-2024-031", "2024-06-21", "O-RAN WG11", ["3GPP SA3"], ["O-RAN WG2"],
         ["O-RAN.WG11.TR.AIML-Security"]),
    ),
}  # fmt: skip


@pytest.mark.parametrize("house", LETTERHEADS)
def test_letterheads_of_other_bodies(house: str, tmp_path: Path) -> None:
    text, expected = LETTERHEADS[house]
    read = read_text(tmp_path, text)
    assert (read.layout, read.title) == ("memo", "Liaison on tenants")
    assert (read.number, read.date, *(r.text for r in read.sender)) == expected[:3]
    assert ([r.text for r in read.to], [r.text for r in read.cc]) == expected[3:5]
    assert [m.text for m in read.mentions] == expected[5]


@pytest.mark.parametrize(
    ("label", "field"),
    [
        ("Addressed to", "to"),
        ("Liaised to", "to"),
        ("Destination", "to"),
        ("For consideration and comment by", "to"),
        ("Originating committee", "sender"),
        ("Submitted by", "sender"),
        ("Copied for information to", "cc"),
    ],
)
def test_labels_that_no_list_holds(label: str, field: str, tmp_path: Path) -> None:
    names = {"to": "To", "sender": "From", "cc": "Cc"}
    lines = {names[k]: v for k, v in (("sender", "ETSI TC SAI"), ("to", "3GPP SA3"), ("cc", "GSMA"))}
    head = [f"{label if name == names[field] else name}: {value}" for name, value in lines.items()]
    read = read_text(tmp_path, "\n".join(["Liaison statement", "Title: LS on x", "Date: 5 May 2024", *head]))
    assert [r.text for r in read.sender] == ["ETSI TC SAI"]
    assert [r.text for r in read.to] == ["3GPP SA3"]
    assert [r.text for r in read.cc] == ["GSMA"]


def test_labels_parted_from_their_values_by_one_space(tmp_path: Path) -> None:
    read = read_text(
        tmp_path,
        "Liaison Statement\nSubject LS on x\nFrom GSMA NG\nTo ETSI TC SAI\nCopy 3GPP SA3\nDate 22 Oct 2021\n",
    )
    assert (read.title, read.date) == ("LS on x", "2021-10-22")
    assert [r.text for r in (*read.sender, *read.to, *read.cc)] == ["GSMA NG", "ETSI TC SAI", "3GPP SA3"]
