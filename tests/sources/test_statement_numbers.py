"""Numbers of liaison statements as lists and tables write them: one function, whoever reads them."""

from __future__ import annotations

import pytest

from sdograph.sources.statement_numbers import read_numbers
from sdograph.sources.tdoc_rows import Tdoc
from sdograph.sources.tdoc_titles import answered_in


@pytest.mark.parametrize(
    "written, number, received, earlier",
    [
        # The sender's number and a receiver's.
        ("TDAG - LS 3 (RAG19/4)", "TDAG - LS 3", ["RAG19/4"], []),
        ("SP-260003_EMTEL(25)000054r1", "EMTEL(25)000054r1", ["SP-260003"], []),
        ("datatracker 1727 / S5-212310", "S5-212310", ["datatracker 1727"], []),
        ("datatracker 2010 / ZSM(25)000129r1", "ZSM(25)000129r1", ["datatracker 2010"], []),
        ("datatracker 1689 / SG13-LS-165", "SG13-LS-165", ["datatracker 1689"], []),
        ("datatracker 1650 / ML5G-O-023", "ML5G-O-023", ["datatracker 1650"], []),
        ("datatracker 1722 / LIAISE-439", "LIAISE-439", ["datatracker 1722"], []),
        ("datatracker 1880 / SG13-LS136 + 17 attachments", "SG13-LS136", ["datatracker 1880"], []),
        ("datatracker 1678 / SP-200095 / S2-2002593", "SP-200095", ["datatracker 1678", "S2-2002593"], []),
        (
            "datatracker 1847 / S3-233355 (revision of S3-233054)",
            "S3-233355",
            ["datatracker 1847"],
            ["S3-233054"],
        ),
        ("S2-1812758 (rev of S2-1811878)", "S2-1812758", [], ["S2-1811878"]),
        # One number, of several words.
        ("OPG_121_Doc_04", "OPG_121_Doc_04", [], []),
        ("5GSI#04 Doc 003", "5GSI#04 Doc 003", [], []),
        ("LIAISE-542-5G-RG-Hybrid-Access-Requirements-00", "LIAISE-542", [], []),
        # Names of files and of documents.
        ("20221202_WiFi_Alliance", None, [], []),
        ("liaison-teas-3gpp-framework", None, [], []),
        ("reply-ls-on-security-considerations-for-mpquic-v2", None, [], []),
        ("2019-08-02-LS", None, [], []),
        ("LS to SA2 on the RAT type", None, [], []),
        ("", None, [], []),
    ],
)
def test_a_list_and_a_table_read_a_reference_alike(
    written: str, number: str | None, received: list[str], earlier: list[str]
) -> None:
    found = read_numbers(written)
    assert (found.number, sorted(found.received), list(found.earlier)) == (number, sorted(received), earlier)
    listed = Tdoc(number="S2-2400001", row=1, direction="in", title="", source="BBF", original=written)
    assert listed.sent_as == found


@pytest.mark.parametrize(
    ("title", "numbers"),
    [
        ("Response to 3GPP SA WG2 liaison S2-189038 on 'general status of work'", ["S2-189038"]),
        ("Response to 3GPP SA WG2 liaison S2-1812643", ["S2-1812643"]),
        ("Response to LIAISE-231 on general status of work", ["LIAISE-231"]),
        ("BBF answer to your liaison S2-2207761 solutions for 5WWC_Ph2 Key Issue 1", ["S2-2207761"]),
        ("Reply LS RP-240891 on NTZ solution impacts to RAN", ["RP-240891"]),
        ("LS from SA WG2: Reply LS to S4-180001 and S4-180002 on codecs", ["S4-180001", "S4-180002"]),
        ("LS/r on security of networks (reply to SG17-LS159)", ["SG17-LS159"]),
        ("Reply LS to LS on 5GS Enhanced support of OTA mechanism (C4-193790)", ["C4-193790"]),
        ("Reply LS on User Plane Security (S2-1810989)", ["S2-1810989"]),
        # The sender's own number.
        ("Reply LS on User Plane Security (S3-183659)", []),
        # Numbers in the titles of other statements.
        ("Reply to LS on Response to SA WG2 liaison S2-1812643", []),
        ("LS reply to BBF Response to SA WG2 liaison S2-183036 on 'general status of work'", []),
        ("Reply LS to Reply LS on status (S2-1812643)", []),
        ("Response to 3GPP SA2 liaison on 'Reply LS to S2-1810989'", []),
        # No answers.
        ("Forwarding of Reply LS to S2-1810989", []),
        ("LS on the status of S2-1810989", []),
        ("Correspondence with respect to S2-1810989", []),
        # No numbers of statements.
        ("LS Response to SA WG2 on Clarification of NG.116", []),
        ("Reply to Liaison on Monitoring (reply to 3GPP TSG SA2-LS3)", []),
        ("Liaison Statement to IETF CCAMP on DWDM framework (reply to IETF CCAMP WG – LS17)", []),
        ("Reply LS to TS 23.501 on slicing", []),
    ],
)
def test_titles_of_answers_name_what_they_answer(title: str, numbers: list[str]) -> None:
    assert list(answered_in(title, "3GPP-SA3")) == numbers
