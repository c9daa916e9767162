"""Numbers of liaison statements as lists and tables write them: one function, whoever reads them."""

from __future__ import annotations

import pytest

from sdograph.sources.statement_numbers import read_numbers
from sdograph.sources.tdoc_rows import Tdoc


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
