"""Documents that speak of liaison statements and are none."""

from __future__ import annotations

from pathlib import Path

import pytest

from sdograph.sources import liaison

OTHERS = {
    "an agenda of 3GPP": """\
3GPP TSG-SA WG3 Meeting #115	S3-241200
Athens, Greece, 26 February - 1 March 2024
Title: Agenda
Source: Chair
Document for: Approval
Agenda item: 2

1. Opening
2. Approval of agenda
3. Reports and liaisons
4. Incoming liaison statements
""",
    "a letter that applies for liaison": """\
Example University
Department of Networks

5 March 2022

ITU-T Study Group 17
Place des Nations
Geneva

Subject: Application for liaison status (A.4)

Example University wishes to be admitted.

Yours sincerely,
Jane Example
""",
    "a change request": """\
3GPP TSG-SA3 Meeting #100	S3-201234
CHANGE REQUEST
33.501 CR 0912 rev 1 Current version: 16.3.0
Title: Clarification on slicing as requested by LS S2-2001234
Source to WG: Acme
Source to TSG: S3
Work item code: 5GS_Ph1-SEC
Date: 2020-08-14
Category: F
Release: Rel-16
Reason for change: LS from SA2.
""",
    "a paper about a reply": """\
3GPP TSG-SA WG3 Meeting #115	S3-241211
Athens, Greece, 26 February - 1 March 2024
Title: Discussion on reply LS to SA2 on model transfer
Source: Acme
Document for: Discussion
Agenda item: 5.1

1 Introduction
SA2 sent an LS to SA3.
2 Proposal
It is proposed to reply.
""",
    "an agenda of ITU-T": """\
ITU-T Study Group 17
Geneva, 3-14 September 2022
Source: Chair, SG17
Title: Draft agenda
To: SG17 participants
1 Opening
2 Liaison statements
3 Next meetings
4 Actions
""",
    "an invitation": """\
ETSI TC CYBER
Invitation to meeting CYBER#30
Date: 5 March 2022
From: ETSI Secretariat
To: ETSI TC CYBER members, liaison organisations
Title: Invitation to the 30th meeting

1. Actions
Please register.
2. Next meetings
CYBER#31
""",
    "a letter that applies for membership": """\
Example Telecom Ltd
1 Example Street
London

11 March 2022

ETSI
650 route des Exemples

Subject: Membership application

Dear Sir or Madam,

We apply for membership of ETSI. Our liaison officer is Jane Example.

Yours faithfully,
John Example
""",
    "a standardisation request": """\
European Commission
Brussels, 11 March 2022

CEN-CENELEC
Rue de la Science 23

Subject: Standardisation request M/593

CEN and CENELEC are invited to draft standards.

Yours faithfully,
""",
    "a liaison report": """\
Liaison report from IEEE 802.1 to IEEE 802.3
Date: 12 July 2022
Author: Jane Example

The 802.1 working group met in July. Work on P802.1CM continues.
""",
    "a list of statements": """\
Liaison statements received
Liaison from ETSI TC CYBER to 3GPP SA3
Liaison from 3GPP SA3 to ETSI ISG SAI
Liaison from ITU-T SG17 to ETSI TC CYBER
""",
    "a mail about a statement": """\
From: Jane Example (ETSI) <jane@example.org>
To: John Example <john@example.org>
Date: 5 March 2024
Subject: Re: LS on models

Could you send the LS to SA3 today?
""",
    "a mail of a person to a group": """\
From: Jane Example
To: SA3 list
Date: 5 March 2024
Subject: Reply liaison to ETSI

Hi all, I uploaded a new revision of the draft liaison. Please comment.
""",
    "notes of a call": """\
Minutes of the conference call
Subject: Call on liaison to ETSI
Date: 3 April 2022
Attendees: A, B
Liaison letter to ETSI TC CYBER was drafted.
""",
    "minutes of a meeting": """\
MEETING MINUTES
Group: O-RAN WG11
Date: 12 May 2023
Subject: LS to 3GPP SA3
From: 14:00
To: 16:00
1. Liaison statement to SA3 agreed.
""",
    "a memorandum of understanding": """\
Memorandum of understanding
between ETSI and GSMA
Date: 5 May 2015
1. Liaison
The parties establish a liaison from ETSI to GSMA.
""",
    "a news item": """\
ETSI and 3GPP extend liaison
Sophia Antipolis, 14 May 2020

ETSI today announced the liaison from ETSI ISG SAI to 3GPP SA3 on securing AI.
""",
    "a paper on a statement": """\
3GPP TSG-RAN WG2 Meeting #115	R2-241211
Athens, Greece, 26 February - 1 March 2024
Title: On the LS from SA2 on slicing
Source: Acme, Example Networks
Document for: Discussion and decision
Agenda item: 5.1

1 Introduction
2 Discussion
3 Next meetings
""",
    "a procedure": """\
Procedures for liaison statements
Title: Handling of liaison statements
Date: April 2005
1. Introduction
This document describes the fields of a liaison statement.
From: The organization submitting the liaison statement.
To: The name of the organization to which it is being sent.
Purpose: For action, for comment, for information or in response.
""",
    "a README": """\
# sdograph
A tool that reads liaison statements.

To: read a file
From: a folder
Subject to the terms of the licence.
""",
    "a report of a meeting": """\
Report of the 12th meeting of ETSI TC CYBER
Date: 12 - 14 May 2022
From: Secretary of TC CYBER
To: Members of TC CYBER
Subject: Meeting report

1. Opening
The chair opened the meeting.
2. Incoming liaison statements
Liaison statement from 3GPP SA3 to TC CYBER: noted.
3. Actions
4. Next meetings
CYBER#30 5 - 9 September 2022 Sophia Antipolis
""",
    "a specification of statements": """\
Network Working Group                                      S. Example
Request for Comments: 4053                           Example Technologies
BCP: 103                                                   April 2005

    Procedures for Handling Liaison Statements to and from the IETF

Status of This Memo
   This document specifies an Internet Best Current Practice.

2.2.1. Contents of a Liaison Statement
   From:  The statement must indicate from what body it comes.
   To:  The statement must indicate to which body it is sent.
   Title:  The statement must have a title.
   Response Contact:  The address.
   Technical Contact:  The person.
   Purpose:  One of: For Action; For Comment; For Information.
   Deadline: A date.
   Body: The text.
   Attachments: documents.
""",
    "a specification": """\
3GPP TS 33.501 V17.1.0 (2021-03)
Technical Specification
Security architecture and procedures for 5G System
Foreword
1 Scope
The liaison between groups.
""",
    "a table of statements": """\
Title	Source	To	Cc	Date
LS on slices	GSMA NG	3GPP SA2	3GPP SA5	2021-05-05
LS on models	ETSI ISG SAI	3GPP SA3		2023-09-18
""",
    "a mail in a thread": """\
From: Jane Example
To: John Example; SA3 delegates
Cc: Joan Example
Date: Tuesday, 5 March 2024
Subject: RE: [SA3] draft LS to SA2

John,
I think the LS should say that SA3 asks SA2 to wait.
Jane
""",
    "a list of things to do": """\
LS work
To: do before Friday
From: the last call
- send liaison
- write reply
""",
    "a charter": """\
IEEE 802.1 Working Group
Liaison relationships
From: 2015
To: present
Title: Liaison officer to IETF
""",
    "a work item description": """\
3GPP TSG SA Meeting #99	SP-230123
Source: SA3
Title: New WID on security of models
Document for: Approval
Agenda Item: 6.3

Title: Study on security of models
Acronym: FS_AIML_Sec
1 Impacts
Liaison statements from ETSI ISG SAI were received.
""",
}  # fmt: skip

PAGES = {
    "an index of statements": """\
<html><head><title>Liaison statements</title></head><body><h1>Liaison statements</h1>
<table><tr><th>Date</th><th>From</th><th>To</th>
<th>Deadline</th><th>Title</th></tr>

<tr><td>2023-05-05</td><td>ITU-T SG13</td><td>IETF</td><td></td><td>LS on Y.3800</td></tr>
</table></body></html>
""",
    "a news page": """\
<html><body><h1>Liaison from ETSI to 3GPP strengthened</h1>
<p>Date: 5 May 2020</p>
<p>From today ETSI has a liaison with 3GPP.</p></body></html>
""",
}  # fmt: skip


@pytest.mark.parametrize("kind", OTHERS)
def test_what_is_no_liaison_statement(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "document.txt"
    path.write_text(OTHERS[kind], "utf-8")
    assert not liaison.recognise(path)


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_that_is_no_liaison_statement(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(PAGES[kind], "utf-8")
    assert not liaison.recognise(path)
