"""Statements whose fields are not all labelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from liaison_documents import read_text

from sdograph.model import LiaisonStatement

#: Name -> text, and what it says: title, date, sender, to, cc, number, deadlines of actions, meetings.
CASES: dict[str, tuple[str, tuple[Any, ...]]] = {
    "a notice of the IETF's tool": (
        """\
Title: Response on GMPLS extensions for the evolutive OTN
Submission Date: 2009-10-23
URL of the IETF Web page: https://datatracker.ietf.org/public/liaison_detail.cgi?detail_id=594
Please reply by 2010-01-15

From: Jane Example(ITU-T SG 15) <jane@example.org>
To: CCAMP WG(John Example <john@example.org>, Joan Example <joan@example.org>)
Cc: Jack Example <jack@example.org>
list@example.org
Reponse Contact: tsb@example.org
Technical Contact: joe@example.org
Purpose: For action
Body: Q.12/15 has started work on G.709 and thanks CCAMP for its earlier comments.
We ask that CCAMP review the attached draft of G.709.
Attachment(s):
     Draft G.709 (https://example.org/documents/file1.doc)
""",
        (
            "Response on GMPLS extensions for the evolutive OTN",
            "2009-10-23",
            ["ITU-T SG 15"],
            ["CCAMP WG"],
            [],
            "datatracker 594",
            [(["CCAMP WG"], "2010-01-15")],
            [],
        ),
    ),
    "a notice with the group in brackets": (
        """\
From: Jane Example [3GPP TSG CT WG4] <jane@example.org>
To: DIME WG (John Example <john@example.org>)
Cc: list@example.org
Title: Diameter application identifiers
Submission Date: 2007-02-11
Please reply by 2007-04-30
Response Contact: liaisons@example.org
Purpose: For comment
Body:
CT4 has completed TS 29.272. CT4 invites the DIME WG to comment on the command codes.
""",
        (
            "Diameter application identifiers",
            "2007-02-11",
            ["3GPP TSG CT WG4"],
            ["DIME WG"],
            [],
            None,
            [(["the DIME WG"], "2007-04-30")],
            [],
        ),
    ),
    "a heading from whom to whom, and a subject": (
        """\
Liaison from ETSI TC CYBER to CEN/CENELEC JTC 13

12 October 2021

Subject: Alignment of cybersecurity certification work

ETSI TC CYBER has approved EN 303 645 and would like to inform CEN/CENELEC JTC 13 of it.

TC CYBER asks CEN/CENELEC JTC 13 to share its programme of work by 15 December 2021.

Jane Example
Chair, ETSI TC CYBER
""",
        (
            "Alignment of cybersecurity certification work",
            "2021-10-12",
            ["ETSI TC CYBER"],
            ["CEN/CENELEC JTC 13"],
            [],
            None,
            [(["CEN/CENELEC JTC 13"], "2021-12-15")],
            [],
        ),
    ),
    "a heading in capitals, the title below it": (
        """\
LIAISON STATEMENT FROM ITU-T STUDY GROUP 17 TO ISO/IEC JTC 1/SC 27
Security of distributed ledgers

Geneva, 3 September 2020

1. Study Group 17 thanks SC 27 for its liaison.

2. SG17 invites SC 27 to comment on draft X.1400.
""",
        (
            "Security of distributed ledgers",
            "2020-09-03",
            ["ITU-T STUDY GROUP 17"],
            ["ISO/IEC JTC 1/SC 27"],
            [],
            None,
            [(["SC 27"], None)],
            [],
        ),
    ),
    "a heading, then date and subject": (
        """\
Liaison letter from the Broadband Forum to 3GPP SA2
Date: 17 May 2019
Re: Fixed mobile convergence, WT-456

Broadband Forum would appreciate your comments on WT-456 by 30 June 2019.

Jane Example, Broadband Forum
""",
        (
            "Fixed mobile convergence, WT-456",
            "2019-05-17",
            ["Broadband Forum"],
            ["3GPP SA2"],
            [],
            None,
            [(["3GPP SA2"], "2019-06-30")],
            [],
        ),
    ),
    "a heading on two lines": (
        """\
ISO/IEC JTC 1/SC 27/WG 4
Liaison statement from ISO/IEC JTC 1/SC 27/WG 4
to ITU-T SG17 and ETSI TC CYBER

Title: Big data security

Date: 2019-04-05
Status: For comment by 2019-06-01
WG 4 is developing ISO/IEC 27045.
""",
        (
            "Big data security",
            "2019-04-05",
            ["ISO/IEC JTC 1/SC 27/WG 4"],
            ["ITU-T SG17", "ETSI TC CYBER"],
            [],
            None,
            [(["ITU-T SG17", "ETSI TC CYBER"], "2019-06-01")],
            [],
        ),
    ),
    "a heading with the subject": (
        """\
LS from GSMA NRG to 3GPP CT3 / 3GPP CT4 on policy control roaming

To: 3GPP CT3 / 3GPP CT4
Date: 7 July 2022
Meeting: NRG#18, Prague, 4-7 July 2022, Doc NRG18_104
Purpose: CT3 for action, CT4 for information

NRG asks CT3 to answer.
""",
        (
            "LS from GSMA NRG to 3GPP CT3 / 3GPP CT4 on policy control roaming",
            "2022-07-07",
            ["GSMA NRG"],
            ["3GPP CT3", "3GPP CT4"],
            [],
            None,
            [(["CT3"], None)],
            [],
        ),
    ),
    "letterhead, address and subject": (
        """\
GSM Association
Networks Group
1 Example Street
London EC1A 1AA

11 March 2022

3GPP TSG SA WG3
c/o Mobile Competence Centre
650 route des Exemples
06921 Sophia Antipolis, France

Subject: Liaison on roaming security and FS.36

GSMA NG has completed the new version of FS.36 and shares it with SA3.

We kindly ask SA3 to confirm by 30 April 2022 that TS 33.501 needs no change.

Yours faithfully,

Jane Example
Chair, GSMA NG
""",
        (
            "Liaison on roaming security and FS.36",
            "2022-03-11",
            ["GSMA NG"],
            ["3GPP TSG SA WG3"],
            [],
            None,
            [(["SA3"], "2022-04-30")],
            [],
        ),
    ),
    "a list of persons below To": (
        """\
IEEE 802.1 Working Group
Local and Metropolitan Area Networks
14 July 2017

To:
Jane Example, Chair, IETF DETNET Working Group
John Example, Routing Area Director
Subject: Liaison on time-sensitive networking

The IEEE 802.1 Working Group has started the project P802.1CM. We would welcome comments.

Regards,
Joan Example
Chair, IEEE 802.1 Working Group
""",
        (
            "Liaison on time-sensitive networking",
            "2017-07-14",
            ["IEEE 802.1 Working Group"],
            ["IETF DETNET Working Group"],
            [],
            None,
            [(["IETF DETNET Working Group"], None)],
            [],
        ),
    ),
    "an authority below the state it belongs to": (
        """\
UNITED STATES DEPARTMENT OF COMMERCE
National Institute of Standards and Technology
Gaithersburg, Maryland 20899

May 3, 2021

ETSI TC CYBER
650 route des Exemples
06921 Sophia Antipolis Cedex
France

Re: Liaison statement on post-quantum cryptography

The NIST PQC project has selected candidates. NIST requests that TC CYBER review NIST IR 8309 by July 1, 2021.

Sincerely,

Jane Example
""",
        (
            "Liaison statement on post-quantum cryptography",
            "2021-05-03",
            ["National Institute of Standards and Technology"],
            ["ETSI TC CYBER"],
            [],
            None,
            [(["ETSI TC CYBER"], "2021-07-01")],
            [],
        ),
    ),
    "a title below the letterhead": (
        """\
NGMN Alliance
LS to 3GPP SA2 on network slicing lifecycle

Date: 4 April 2018
From: NGMN Alliance
To: 3GPP SA2
Cc: 3GPP SA5, GSMA NEST

NGMN would like 3GPP SA2 to take the attached white paper into account.
""",
        (
            "LS to 3GPP SA2 on network slicing lifecycle",
            "2018-04-04",
            ["NGMN Alliance"],
            ["3GPP SA2"],
            ["3GPP SA5", "GSMA NEST"],
            None,
            [],
            [],
        ),
    ),
    "a title below the name of the form": (
        """\
Liaison Statement

Liaison on the alignment of information models

Date:	12 June 2020
From:	TM Forum
To:	ETSI ISG ZSM
Cc:	MEF

Background
TM Forum has published IG1190.
Requested actions
TM Forum asks ETSI ISG ZSM to review IG1190 by 1 September 2020.
""",
        (
            "Liaison on the alignment of information models",
            "2020-06-12",
            ["TM Forum"],
            ["ETSI ISG ZSM"],
            ["MEF"],
            None,
            [(["ETSI ISG ZSM"], "2020-09-01")],
            [],
        ),
    ),
    "a title that speaks of no liaison": (
        """\
Response to SC 42 on AI risk management

Date: 2023-02-03
From: NIST
To: ISO/IEC JTC 1/SC 42
cc: CEN-CENELEC JTC 21

Dear colleagues,

Thank you for the liaison N 1234. NIST AI 100-1 was published in January 2023.
""",
        (
            "Response to SC 42 on AI risk management",
            "2023-02-03",
            ["NIST"],
            ["ISO/IEC JTC 1/SC 42"],
            ["CEN-CENELEC JTC 21"],
            None,
            [],
            [],
        ),
    ),
    "labels that nobody knows": (
        """\
OneM2M Technical Plenary

Liaison to GSMA on device profiles

Document number: TP-2018-0123R01
Date: 2018-05-25
Source: oneM2M TP
Addressed to: GSMA IoT
Copied: ETSI SmartM2M
Originator's internal tracking: 4711
Reply expected: before 30 June 2018

I. Background

oneM2M has completed TS-0026.

II. Requested actions

oneM2M TP invites GSMA IoT to review TS-0026.

III. Planned meetings

Meeting | Start | End | Venue
TP#36 | 2018-07-16 | 2018-07-20 | Sophia Antipolis (France)
TP#37 | 2018-10-01 | 2018-10-05 | Seoul (Korea)
""",
        (
            "Liaison to GSMA on device profiles",
            "2018-05-25",
            ["oneM2M TP"],
            ["GSMA IoT"],
            ["ETSI SmartM2M"],
            "TP-2018-0123R01",
            [(["GSMA IoT"], "2018-06-30")],
            [
                ("TP#36", "2018-07-16", "2018-07-20", "Sophia Antipolis (France)"),
                ("TP#37", "2018-10-01", "2018-10-05", "Seoul (Korea)"),
            ],
        ),
    ),
    "labels with asterisks and qualified labels": (
        """\
Liaison Statement
Title*: LS on slice quotas
Uploaded Date:* 14 May 2021
Source:* GSMA NG
To:* 3GPP SA2
Related 3GPP work item: eNS_Ph2
Internal work item: NG.116 update
Primary technical contact: Jane Example
Cc: 3GPP SA5

GSMA NG asks SA2 to check NG.116.
""",
        (
            "LS on slice quotas",
            "2021-05-14",
            ["GSMA NG"],
            ["3GPP SA2"],
            ["3GPP SA5"],
            None,
            [(["SA2"], None)],
            [],
        ),
    ),
    "lettered headings": (
        """\
LIAISON STATEMENT
Title:	Liaison on edge computing interfaces
Date:	9 November 2021
From:	ETSI ISG MEC
To:	3GPP SA6
	3GPP SA5
	GSMA OPG

A. Background
ETSI ISG MEC has finished GS MEC 040 on federation.

B. Request
ETSI ISG MEC asks SA6 to review GS MEC 040 by 31 January 2022.
ETSI ISG MEC asks SA5 to align TS 28.538.

C. Upcoming meetings
Meeting	Date	Place
MEC#29	7 - 11 March 2022	Sophia Antipolis (France)
MEC#30	13 - 17 June 2022	Jeju (Korea)
""",
        (
            "Liaison on edge computing interfaces",
            "2021-11-09",
            ["ETSI ISG MEC"],
            ["3GPP SA6", "3GPP SA5", "GSMA OPG"],
            [],
            None,
            [(["SA6"], "2022-01-31"), (["SA5"], None)],
            [
                ("MEC#29", "2022-03-07", "2022-03-11", "Sophia Antipolis (France)"),
                ("MEC#30", "2022-06-13", "2022-06-17", "Jeju (Korea)"),
            ],
        ),
    ),
    "headings with a bracket": (
        """\
O-RAN ALLIANCE
Liaison Statement
Subject: Alignment on energy saving
From: O-RAN WG1
To: 3GPP RAN3, 3GPP SA5
Date: 22 June 2023
A) Introduction
O-RAN WG1 has studied network energy saving.
B) Actions requested
O-RAN WG1 asks RAN3 to confirm the assumptions in TS 38.423 by 30 August 2023.
C) Next meetings
Name | Dates | Location
O-RAN WG1 F2F | 9-13 October 2023 | Osaka (Japan)
""",
        (
            "Alignment on energy saving",
            "2023-06-22",
            ["O-RAN WG1"],
            ["3GPP RAN3", "3GPP SA5"],
            [],
            None,
            [(["RAN3"], "2023-08-30")],
            [("O-RAN WG1 F2F", "2023-10-09", "2023-10-13", "Osaka (Japan)")],
        ),
    ),
    "a heading without letter or number": (
        """\
LS on voice over new radio
From: GSMA NG
To: 3GPP CT1
3GPP SA2
Date: 14 May 2020
Background
GSMA NG is drafting NG.114 and found that the emergency procedures in TS 24.229 differ from what is deployed.
Details of the request
GSMA NG requests CT1 to clarify clause 5 of TS 24.229.
Conclusion
GSMA NG looks forward to the reply.
""",
        (
            "LS on voice over new radio",
            "2020-05-14",
            ["GSMA NG"],
            ["3GPP CT1", "3GPP SA2"],
            [],
            None,
            [(["CT1"], None)],
            [],
        ),
    ),
    "a number beside a focus group's name": (
        """\
International Telecommunication Union
Telecommunication Standardization Sector
Geneva, 3-14 July 2023
Focus Group on AI for Natural Disaster Management	FG-AI4NDM-LS-012
Source:	FG-AI4NDM
Title:	LS on vocabulary
For action to:	ITU-T SG2
For information to:	WMO / UNEP
Deadline:	1 October 2023

FG-AI4NDM asks SG2 to comment on the vocabulary.
""",
        (
            "LS on vocabulary",
            "2023-07-14",
            ["FG-AI4NDM"],
            ["ITU-T SG2", "WMO", "UNEP"],
            [],
            "FG-AI4NDM-LS-012",
            [(["SG2"], "2023-10-01")],
            [],
        ),
    ),
    "place and day above the form": (
        """\
ETSI TC ITS
Copenhagen, 18 September 2023

LIAISON STATEMENT
Title: LS on congestion control
From: ETSI TC ITS
To: 3GPP RAN1 / 3GPP RAN2
Our ref: ITS(23)000123
Your ref: R1-2301234

ETSI TC ITS asks RAN1 to check TS 103 574.
""",
        (
            "LS on congestion control",
            "2023-09-18",
            ["ETSI TC ITS"],
            ["3GPP RAN1", "3GPP RAN2"],
            [],
            "ITS(23)000123",
            [(["RAN1"], None)],
            [],
        ),
    ),
    "the number that is replaced": (
        """\
ISO/IEC JTC 1/SC 42 N 1500
Replaces: N 1432
ISO/IEC JTC 1/SC 42 Artificial intelligence
Document type: Liaison statement
Title: Liaison statement to ITU-T SG13 on machine learning
Source: SC 42
Date: 2023-05-02
Requested action: For review and comment by 5 May 2024

SC 42 has begun ISO/IEC 42001.
""",
        (
            "Liaison statement to ITU-T SG13 on machine learning",
            "2023-05-02",
            ["SC 42"],
            ["ITU-T SG13"],
            [],
            "ISO/IEC JTC 1/SC 42 N 1500",
            [(["ITU-T SG13"], "2024-05-05")],
            [],
        ),
    ),
    "meeting and number in one field": (
        """\
Liaison Statement
Meeting and document number: GSMA FSAG #91, FSAG Doc 91_012
Title: LS on signalling
Date: 12 May 2022
From: GSMA FSAG
To: 3GPP CT4

GSMA FSAG informs CT4 about FS.37. Please note that FS.36 is available on request.
Your consideration is greatly appreciated. Please note the attached version.
""",
        ("LS on signalling", "2022-05-12", ["GSMA FSAG"], ["3GPP CT4"], [], "FSAG Doc 91_012", [], []),
    ),
    "purposes by party": (
        """\
Liaison Statement
Title: LS on slice quotas
Date: 14 May 2021
From: GSMA NG
To: 3GPP SA2, 3GPP SA5, 3GPP CT4
Purpose: SA2 for action; others for information

GSMA NG asks SA2 to check NG.116.
""",
        (
            "LS on slice quotas",
            "2021-05-14",
            ["GSMA NG"],
            ["3GPP SA2", "3GPP SA5", "3GPP CT4"],
            [],
            None,
            [(["SA2"], None)],
            [],
        ),
    ),
    "an old form of ITU-T": (
        """\
INTERNATIONAL TELECOMMUNICATION UNION
TELECOMMUNICATION STANDARDIZATION SECTOR
STUDY PERIOD 2017-2020
SG13-LS45
STUDY GROUP 13
Original: English
Source: ITU-T Study Group 13
Question(s): 20/13
Geneva, 16-27 July 2018
LIAISON STATEMENT
Title: LS on machine learning in future networks
For action to: 3GPP SA2, ETSI ISG ENI
For comment to: -
For information to: GSMA
Approval: ITU-T SG13 meeting (Geneva, 27 July 2018)
Deadline: 5 November 2018
Contact: Jane Example, Tel: +1 000
Purpose: ☒ Action ☐ Information
Abstract: This liaison informs about FG ML5G.
SG13 established FG ML5G. SA2 and ENI are invited to join.
""",
        (
            "LS on machine learning in future networks",
            "2018-07-27",
            ["ITU-T Study Group 13"],
            ["3GPP SA2", "ETSI ISG ENI", "GSMA"],
            [],
            "SG13-LS45",
            [(["3GPP SA2", "ETSI ISG ENI"], "2018-11-05")],
            [],
        ),
    ),
}


def _said(read: LiaisonStatement) -> tuple[Any, ...]:
    return (
        read.title,
        read.date,
        [r.text for r in read.sender],
        [r.text for r in read.to],
        [r.text for r in read.cc],
        read.number,
        [([r.text for r in a.addressees], a.deadline) for a in read.actions],
        [(m.name, m.begin, m.end, m.place) for m in read.meetings],
    )


@pytest.mark.parametrize("name", CASES)
def test_what_is_said_without_a_label(name: str, tmp_path: Path) -> None:
    text, expected = CASES[name]
    assert _said(read_text(tmp_path, text)) == expected


FORM = """\
Liaison Statement
Title: LS on slice quotas
Date: 14 May 2021
From: GSMA NG
To: 3GPP SA2, 3GPP SA5
"""


@pytest.mark.parametrize(
    ("field", "purposes"),
    [
        ("Purpose: SA2 for action; others for information", ["action", "information"]),
        ("Purpose: 3GPP SA2 for comment, 3GPP SA5 for information", ["comment", "information"]),
        ("Purpose: \u2610 Action \u2612 Comment \u2610 Information", ["comment", "comment"]),
        ("Purpose: Action \u2610 Comment \u2610 Information \u2611", ["information", "information"]),
        ("For: [ ] Action [x] Information [ ] Reply", ["information", "information"]),
        ("Purpose:\n\u2610 For action\n\u2612 For information", ["information", "information"]),
        ("Purpose: \u2610 Action \u2610 Information", []),
    ],
)
def test_purposes_by_party_and_by_box(field: str, purposes: list[str], tmp_path: Path) -> None:
    read = read_text(tmp_path, f"{FORM}{field}\n\nGSMA NG works on NG.116.\n")
    assert [purpose for _, purpose in read.purposes] == purposes


@pytest.mark.parametrize(
    "field", ["Status: For comment by 1 July 2021", "Requested action: For review and comment by 2021-07-01"]
)
def test_a_deadline_in_another_field_is_that_of_the_actions(field: str, tmp_path: Path) -> None:
    (action,) = read_text(tmp_path, f"{FORM}{field}\n\nGSMA NG works on NG.116.\n").actions
    assert ([r.text for r in action.addressees], action.deadline) == (["3GPP SA2", "3GPP SA5"], "2021-07-01")
    (asked,) = read_text(tmp_path, f"{FORM}{field}\n\nWe ask SA2 to comment.\n").actions
    assert ([r.text for r in asked.addressees], asked.deadline) == (["SA2"], "2021-07-01")


@pytest.mark.parametrize(
    "sentence",
    [
        "Please note that the next version is in preparation.",
        "Please note the changes in clause 5.",
        "Your consideration of this matter is greatly appreciated.",
        "Your attention and cooperation would be very much appreciated.",
        "The draft is available on request.",
        "Access for experts can be given upon simple request.",
    ],
)
def test_what_asks_for_nothing(sentence: str, tmp_path: Path) -> None:
    assert read_text(tmp_path, f"{FORM}\nGSMA NG works on NG.116. {sentence}\n").actions == ()


@pytest.mark.parametrize(
    "sentence", ["Your comments are appreciated.", "Feedback by 1 July 2021 would be appreciated."]
)
def test_what_asks_politely(sentence: str, tmp_path: Path) -> None:
    assert [a.text for a in read_text(tmp_path, f"{FORM}\n{sentence}\n").actions] == [sentence]


@pytest.mark.parametrize(
    ("parties", "expected"),
    [
        ("3GPP CT3 / 3GPP CT4", ["3GPP CT3", "3GPP CT4"]),
        ("ETSI ISG NFV / TM Forum", ["ETSI ISG NFV", "TM Forum"]),
        ("ISO / IEC JTC 1", ["ISO / IEC JTC 1"]),
        ("ISO/IEC JTC 1/SC 27", ["ISO/IEC JTC 1/SC 27"]),
    ],
)
def test_a_slash_parts_parties(parties: str, expected: list[str], tmp_path: Path) -> None:
    text = FORM.replace("3GPP SA2, 3GPP SA5", parties)
    assert [r.text for r in read_text(tmp_path, text + "\nText.\n").to] == expected


def test_what_is_answered_and_what_is_replaced(tmp_path: Path) -> None:
    fields = "Our ref: NG(21)012\nYour ref: S2-2101234\nReplaces: NG(21)009\n"
    read = read_text(tmp_path, f"{FORM}{fields}\nGSMA NG answers.\n")
    assert (read.number, read.received_numbers) == ("NG(21)012", ())
    assert [r.text for r in read.in_reply_to] == ["S2-2101234"]


def test_a_list_of_addressees_ends_where_sentences_begin(tmp_path: Path) -> None:
    text = f"{FORM}3GPP CT4\nGSMA NG has finished NG.116.\nGSMA NG asks SA2 to check it.\n"
    read = read_text(tmp_path, text)
    assert [r.text for r in read.to] == ["3GPP SA2", "3GPP SA5", "3GPP CT4"]
    assert [a.text for a in read.actions] == ["GSMA NG asks SA2 to check it."]
