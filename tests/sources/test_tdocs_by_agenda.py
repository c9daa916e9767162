"""TdocsByAgenda pages: nine real ones, row by row, and what else may come."""

from __future__ import annotations

import contextlib
import gzip
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tdoc_pages import HEADINGS, document, page

from sdograph.errors import (
    DataError,
    IncompleteDocument,
    LimitExceeded,
    SdographError,
    Unavailable,
    UnreadableDocument,
)
from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import LiaisonStatement, Meeting
from sdograph.sources.registry import read as read_registry
from sdograph.sources.tdocs_by_agenda import read, recognise

Shared = Callable[[str], Path]
FOLDER = "data/3gpp/tdocs_by_agenda"

TITLED = ("AI", "TD#", "Type", "Doc For", "Title", "Source", "Rel", "Work Item", "Comments", "Result")
SUBJECT = ("AI", "TD#", "Type", "Doc For", "Subject", "Source", "Rel", "Work Item", "Comments", "Result")


class Page(NamedTuple):
    """What a page holds: counted in the table by hand, documents as its last line says."""

    name: str
    meeting: str
    headings: tuple[str, ...]
    documents: int
    rows_in: int
    rows_out: int
    received: int
    """Incoming rows that were not withdrawn."""
    sent: int
    """Outgoing rows with the result "Approved", or "Block Approve?" where agreement waits for its form."""


PAGES = [
    Page("128.htm.gz", "SA2#128", TITLED, 1301, 42, 76, 42, 20),
    Page("128Bis.htm.gz", "SA2#128bis", TITLED, 1401, 40, 60, 40, 14),
    Page("129.htm.gz", "SA2#129", TITLED, 1508, 64, 91, 64, 23),
    Page("134.htm.gz", "SA2#134", TITLED, 1802, 48, 107, 48, 27),
    # Taken during the meeting: nothing is approved yet.
    Page("136.html.gz", "SA2#136", SUBJECT, 1201, 73, 60, 73, 0),
    Page("136_missing_AIs.html.gz", "SA2#136", SUBJECT[1:], 1857, 76, 122, 76, 20),
    Page("2019.01.22 TdocsByAgenda.htm.gz", "SA2#130", TITLED, 853, 51, 47, 50, 0),
    Page("2019.01.31 130.htm.gz", "SA2#130", TITLED, 1306, 52, 95, 51, 22),
    Page("2020.02.24 TdocsByAgenda SA2-137E.htm.gz", "SA2#137-e", SUBJECT, 544, 29, 10, 28, 0),
]


class Pages:
    """The real pages, each read once."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._read: dict[str, list[Meeting | LiaisonStatement]] = {}

    def records(self, name: str) -> list[Meeting | LiaisonStatement]:
        if name not in self._read:
            self._read[name] = list(read(self._shared(f"{FOLDER}/{name}")))
        return self._read[name]

    def statements(self, name: str) -> list[LiaisonStatement]:
        return [r for r in self.records(name) if isinstance(r, LiaisonStatement)]

    def numbered(self, name: str, number: str) -> LiaisonStatement:
        """The statement with that number in the page's first column of numbers."""
        (found,) = [
            s for s in self.statements(name)
            if (s.received_numbers[0] if s.received_numbers else s.number) == number
        ]  # fmt: skip
        return found


@pytest.fixture(scope="module")
def pages(shared: Shared) -> Pages:
    return Pages(shared)


@pytest.mark.parametrize("expected", PAGES, ids=lambda p: p.name.removesuffix(".gz"))
def test_a_page_holds_what_is_counted_in_it(expected: Page, shared: Shared, pages: Pages) -> None:
    path = shared(f"{FOLDER}/{expected.name}")
    assert recognise(path)
    parser = lxml.html.HTMLParser(encoding="cp1252")
    tree = lxml.html.fromstring(gzip.decompress(path.read_bytes()), parser=parser)
    (table,) = [t for t in tree.iter("table") if len(t.findall(".//tr")) > 100]
    headings, *rows = ([" ".join(c.text_content().split()) for c in r] for r in table.iter("tr"))
    kinds = [r[headings.index("Type")].upper() for r in rows if r[headings.index("TD#")].startswith("S2-")]
    assert tuple(headings) == expected.headings
    assert (len(kinds), kinds.count("LS IN"), kinds.count("LS OUT")) == expected[3:6]

    meeting, *_ = pages.records(expected.name)
    assert isinstance(meeting, Meeting)
    assert (meeting.group, meeting.name) == ("3GPP-SA2", expected.meeting)
    statements = pages.statements(expected.name)
    received = [s for s in statements if s.received_numbers]
    assert (len(received), len(statements) - len(received)) == (expected.received, expected.sent)


def test_the_result_approved_tells_what_was_sent(pages: Pages) -> None:
    """106 outgoing rows of the nine pages have the result "Approved", 20 have "Block Approve?"."""
    outcomes = [s.outcome for p in PAGES for s in pages.statements(p.name) if not s.received_numbers]
    assert (outcomes.count("Approved"), outcomes.count("Block Approve?"), len(outcomes)) == (106, 20, 126)


class In(NamedTuple):
    """An incoming row, as a person reads it in the page."""

    page: str
    number: str
    sender: str
    own: str | None
    earlier: tuple[str, ...]
    purpose: str
    title: str
    release: str | None
    work_items: tuple[str, ...]
    answers: tuple[str, ...]
    outcome: str | None


P128, PBIS, P129, P134, P136, PAIS, PJAN, P130, P137 = (p.name for p in PAGES)
INCOMING = [
    In(P128, "S2-186368", "ETSI NTECH", "NTECH(18)000006", (), "information",
       "Information about publication of ETSI TS 103 195-2 v1.1.1 'An Architectural Reference Model for "
       "Autonomic Networking, Cognitive Networking and Self-Management'", None, (), (), "Noted"),
    In(P128, "S2-186316", "RAN WG2", "R2-1806492", ("S2-184697",), "action",
       "LS on GAD shape(s) for high accuracy positioning", "Rel-15", ("LCS_LTE_acc_enh-Core",), (),
       "Postponed"),
    In(P128, "S2-186367", "GSMA", "18SIMSG23_Doc_004r2", (), "action", "Question on 5G network slices",
       None, (), ("S2-187599",), "Replied to"),
    In(P128, "S2-186310", "RAN WG2", "R2-1804094", ("S2-184668",), "action",
       "LS to SA WG2 and CT WG1 on enabling and disabling NG RAN Capabilities", "Rel-15",
       ("LTE_5GCN_connect-Core",), ("S2-187539",), "Replied to"),
    In(P128, "S2-186339", "RAN WG2", "R2-1809168", ("S2-185515",), "action", "LS on Connection Control",
       "Rel-15", ("NR_newRAT-Core", "LTE_5G-CN"), ("S2-187543",), "Replied to"),
    In(P128, "S2-186366", "TSG SA", "SP-180621", (), "action",
       "LS on Guidance on Way Forward for Steering of Roaming", "Rel-15", (), (), "Noted"),
    # Its answer was postponed: none was sent.
    In(P128, "S2-186324", "SA WG3", "S3-181956", ("S2-185486",), "action", "LS on TLS and inter PLMN routing",
       "Rel-15", (), (), "Postponed"),
    In(PBIS, "S2-187659", "SA WG3LI", "S3i180376", (), "information", "LS Out for 5G slices roaming",
       "Rel-16", (), (), "Noted"),
    In(PBIS, "S2-188361", "SA WG4", "S4-AHI806", (), "action",
       "LS on QoS Handling for Media Distribution over 5G", "Rel-16", ("FS_5GMedia_Distribution",),
       ("S2-189036",), "Replied to"),
    In(PBIS, "S2-188252", "BBF", "LIAISE-208", (), "action",
       "Response to SA WG2 liaison S2-183036 on 'general status of work'", None, (), ("S2-189038",),
       "Replied to"),
    In(PBIS, "S2-187685", "ESOA", None, (), "information",
       "Liaison ESOA (EMEA Satellite Operators Association) on 5G for Satellite Systems", None, (), (),
       "Noted"),
    # The page repeats the senders' numbers.
    In(P129, "S2-1810013", "ETSI TC DECT", "DECT(18)000106", (), "action",
       "Interworking of DECT technology with 3GPP networks", None, (), (), "Noted"),
    In(P129, "S2-1810012", "GSMA", "5GSI#04 Doc 003", (), "information",
       "LS to 3GPP RAN and 3GPP SA on 5G Indicator Requirements", None, (), (), "Noted"),
    In(P129, "S2-1810022", "CT WG4", "C4-186573", (), "action",
       "LS on Clarifications on SUPI definition and NAI format", "Rel-15", ("5GS_Ph1",), ("S2-1811525",),
       "Replied to REPLY OPEN"),
    In(P129, "S2-1810010", "5GAA WG2", "5GAA_A-180265", ("S2-188359",), "action",
       "LS on Requirements to enable Predictive QoS for Automotive industry", "Rel-16", ("FS_eNA",),
       ("S2-1810867",), "Replied to"),
    In(P129, "S2-1810291", "BBF", "LIAISE-231", (), "action",
       "Response to 3GPP SA WG2 liaison S2-189038 on 'general status of work'", None, ("FS_5WWC",),
       ("S2-1811575",), "Replied to"),
    In(P129, "S2-1811223", "RAN WG2", "R2-1816018", (), "action",
       "Reply LS on optimisation of UE capability signalling", "Rel-16", ("FS_RACS", "FS_RACS_RAN"), (),
       "Noted"),
    In(P129, "S2-1810023", "CT WG4", "C4-186606", (), "information",
       "Reply LS on AUSF/UDM instance selection and SUCI parameters", "Rel-15", ("5GS Phase 1",), (),
       "Noted"),
    In(P134, "S2-1906842", "SA WG4", "S4h190837", ("S2-1905810",), "action",
       "LS on TS 26.501 5G Media Streaming (5GMS); General description and architecture", None, (),
       ("S2-1908628",), "Replied to"),
    In(P134, "S2-1906999", "ETSI TC LI", "LI(19)P51060r1", (), "information",
       "5G Cell ID(s) in the SA WG5 billing system", None, (), ("S2-1908634",), "Replied to"),
    In(P134, "S2-1906848", "TSG SA", "SP-190580", (), "action", "LS on Reporting all Cell IDs in 5G",
       "Rel-15", ("EDCE5", "LI-15"), ("S2-1908634",), "Replied to"),
    In(P134, "S2-1906847", "TSG SA", "SP-190573", (), "action",
       "LS on the scope of study/work item on support for multi-USIM devices (FS_MUSIM/MUSIM)", "Rel-17",
       ("FS_MUSIM", "MUSIM"), (), "Noted"),
    In(P136, "S2-1910872", "CT WG4", "C4-194528", ("S2-1909962",), "action",
       "LS on Support of Network Address Translation in the User Plane function", None, (), (), "REPLY OPEN"),
    In(P136, "S2-1910851", "IEEE 802.11 Working Group", None, ("S2-1908652",), "information",
       "Release 17 Study Items on WLAN Integration into 3GPP 5G Systems", None, (), (), None),
    In(PAIS, "S2-1910895", "SA WG3", "S3-193682", (), "information",
       "Reply LS to LS on 5GS Enhanced support of OTA mechanism for UICC configuration parameter update "
       "(C4-193790)", None, (), (), "Noted"),
    In(PAIS, "S2-1910853", "CT WG1", "C1-195159", ("S2-1908662",), "action",
       "LS on the applicability of the notification procedure in SNPNs", "Rel-16", ("Vertical_LAN",),
       ("S2-1912601",), "REPLY OPEN"),
    # The sender's number is left empty: "RAN WG1 ()".
    In(PJAN, "S2-1900009", "RAN WG1", None, ("S2-1811673",), "action",
       "LS on 5G requirements for dedicated broadcast networks", "Rel-16", (), (), "REPLY OPEN"),
    In(P130, "S2-1900009", "RAN WG1", "R1-1811739", ("S2-1811673",), "action",
       "LS on 5G requirements for dedicated broadcast networks", "Rel-16", (), ("S2-1901383",), "REPLY OPEN"),
    In(P130, "S2-1900680", "GSMA PACKET", "Packet 100_202", (), "action",
       "on MME Functionality to Control Emergency Call Bearer Support Indicator", None, (), (), "OPEN"),
    In(P137, "S2-2001787", "ITU-T FG-VM", "FGVM-LS014", (), "information",
       "LS on technical reports on use cases and requirements as well as architecture for vehicular "
       "multimedia",
       None, (), (), None),
    In(P137, "S2-2001786", "ATIS", None, ("S2-2000947",), "action",
       "Correspondence from ATIS to SA WG2 Regarding a Slice Service Type", None, ("5WWC",), (), None),
    In(P137, "S2-2001794", "SA WG3LI", "S3i200069", (), "action",
       "LS on uniqueness of PEI in certain FN-RG configurations", "Rel-16", (), (), None),
    In(P137, "S2-2001791", "SA WG6", "S6-200357", (), "action",
       "Reply LS on Split of work responsibilities between SA WG2 and SA WG6", "Rel-17",
       ("FS_enh_EC", "EDGEAPP"), (), None),
]  # fmt: skip


@pytest.mark.parametrize("row", INCOMING, ids=lambda r: f"{r.page.split('.gz')[0]} {r.number}")
def test_an_incoming_row_is_read_as_a_person_reads_it(row: In, pages: Pages) -> None:
    found = pages.numbered(row.page, row.number)
    assert [r.text for r in found.sender] == [row.sender]
    assert [r.text for r in found.to] == ["3GPP SA2"]
    assert found.number == row.own
    assert found.received_numbers == (row.number, *row.earlier)
    assert found.purposes == (("3GPP SA2", row.purpose),)
    assert found.title == row.title
    assert [r.text for r in found.releases] == ([row.release] if row.release else [])
    assert tuple(r.text for r in found.work_items) == row.work_items
    assert tuple(r.text for r in found.answered_by) == row.answers
    assert found.outcome == row.outcome
    assert (found.date, found.layout) == (None, "tdocs-by-agenda")


class Out(NamedTuple):
    """A statement that was sent: its last row, and what the rows before it say."""

    page: str
    number: str
    title: str
    drafts: tuple[str, ...]
    to: tuple[str, ...]
    replies: tuple[str, ...]
    work_items: tuple[str, ...]
    outcome: str = "Approved"


OUTGOING = [
    # The first draft answers a statement of a meeting that is not in the page.
    Out(P128, "S2-187226", "Reply LS on new BEST Service", ("S2-186623", "S2-187146"), (), ("S2-174091",),
        ("BEST_MTC_Sec",)),
    Out(P128, "S2-187599", "Reply LS on GSMA question on 5G network slices",
        ("S2-186664", "S2-187299", "S2-187495", "S2-187562"), ("GSMA",), ("18SIMSG23_Doc_004r2",), ()),
    # "Revised in parallel session, merging S2-187223, to S2-187539."
    Out(P128, "S2-187539", "Reply LS on enabling and disabling NG RAN Capabilities",
        ("S2-186940", "S2-187223", "S2-187429"), ("RAN WG2",), ("R2-1804094",), ()),
    # One answer to two statements.
    Out(P128, "S2-187505", "Reply LS on initial NAS message protection",
        ("S2-186377", "S2-187400", "S2-187405"),
        ("CT WG1", "SA WG3"), ("C1-183727", "S3-181933"), ()),
    # "Response, merging S2-186645, to S2-186326", "Revision of S2-186486., merging S2-186645."
    Out(P128, "S2-187578", "LS reply to LS on UE policy", ("S2-186486", "S2-186645", "S2-187068"),
        ("CT WG1",), ("C1-183867",), ("5GS_Ph1",)),
    # "e-mail revision 1 of S2-188672"; the title says to whom.
    Out(PBIS, "S2-189035", "Reply to CT WG4 LS on Nausf_SoRProtection service", ("S2-187694", "S2-188672"),
        ("CT WG4",), ("C4-185319",), ("5GS_Ph1",)),
    Out(PBIS, "S2-189038", "LS reply to BBF Response to SA WG2 liaison S2-183036 on 'general status of work'",
        ("S2-187772", "S2-188285", "S2-188577", "S2-188578", "S2-188668"), ("BBF",), ("LIAISE-208",),
        ("FS_5WWC",)),
    Out(P129, "S2-1811575", "Reply LS on 5WWC status of work and interim agreements",
        ("S2-1810719", "S2-1810924"), ("BBF",), ("LIAISE-231",), ("FS_5WWC",)),
    # "Approved with an objection"; S2-180042 is a slip of the page for S2-1810042.
    Out(P129, "S2-1811568", "Reply LS on initial NAS security agreements",
        ("S2-1810177", "S2-1810331", "S2-1810445", "S2-1811311", "S2-1811432", "S2-1811543"),
        ("TSG SA", "SA WG3"), ("SP-180914", "S3-183066", "S2-180042"), ()),
    Out(P129, "S2-1810867", "Reply LS on Requirements to enable Predictive QoS for Automotive industry",
        ("S2-1810465", "S2-1810698", "S2-1810836", "S2-1810864"), ("5GAA WG2", "SA WG1"),
        ("5GAA_A-180265", "S1-182764"), ("FS_eV2XARC",)),
    # No draft says that it answers RAN WG2 as well; the row of RAN WG2's statement does.
    Out(P129, "S2-1811471", "Reply LS on Issues with AS Release Assistance Indicator",
        ("S2-1810088", "S2-1811146"), ("RAN WG3", "RAN WG2"), ("R3-185106",), ()),
    # "Revised to remove 'draft' in S2-1908631."
    Out(P134, "S2-1908631", "Use of the URSP rules when UE attaches to EPS", ("S2-1908305", "S2-1908420"), (),
        (), ("TEI16", "5GS_Ph1")),
    # "e-mail revision 11 (VF) of S2-1908231"
    Out(P134, "S2-1908627",
        "LS on Enhancements to QoS Handling for V2X Communication Over Uu Reference Point",
        ("S2-1907427", "S2-1908188", "S2-1908212", "S2-1908231"), (), (), ("eV2XARC",)),
    # Its title quotes that of another: "LS to RAN WG1 and SA WG2" is not to whom this one goes.
    Out(P134, "S2-1908626",
        "Response LS to (R2-1908465/S2-1906871): LS to RAN WG1 and SA WG2 on mapping restriction for LCP "
        "procedure",
        ("S2-1906916", "S2-1908201", "S2-1908230"), ("RAN WG2",), ("R2-1908465",), ("eV2XARC",)),
    # Drafts of an earlier meeting; two others were merged into it.
    Out(PAIS, "S2-1912601", "Reply LS on applicability of the notification procedure in SNPNs",
        ("S2-1909080", "S2-1910618", "S2-1910951", "S2-1911094", "S2-1911848", "S2-1912381"), ("CT WG1",),
        ("C1-195159",), ("Vertical_LAN",), "Block Approve?"),
    Out(PAIS, "S2-1912551", "LS to CT WG1 on PLMN selection solutions for satellite access", ("S2-1912526",),
        ("CT WG1",), (), ("FS_5GSAT_ARCH",), "Block Approve?"),
    # Three drafts answered SA WG2's own title, "LS to SA WG2 on API …": SA WG4 is who wrote it.
    Out(P130, "S2-1901244", "Reply LS to SA WG2 on API for 3rd Party Provisioning of QoS",
        ("S2-1900173", "S2-1900313", "S2-1901168"), ("SA WG4",), ("S4-181457",), ("E-FLUS",)),
    # LG Electronics' draft was approved; those of two others were only noted, and are not of its history.
    Out(P130, "S2-1901380", "Reply LS on RAT selection for SL", ("S2-1900195", "S2-1900689", "S2-1900710"),
        ("RAN WG2",), ("R2-1819082",), ("FS_eV2XARC",)),
    Out(P130, "S2-1901397", "LS on Status of FS_eIMS5G",
        ("S2-1900384", "S2-1900801", "S2-1900841", "S2-1900873", "S2-1901394"), (), (), ("FS_eIMS5G",)),
]  # fmt: skip


@pytest.mark.parametrize("row", OUTGOING, ids=lambda r: f"{r.page.split('.gz')[0]} {r.number}")
def test_drafts_and_revisions_are_one_statement(row: Out, pages: Pages) -> None:
    found = pages.numbered(row.page, row.number)
    assert [r.text for r in found.sender] == ["3GPP SA2"]
    assert (found.number, found.received_numbers) == (row.number, ())
    assert found.title == row.title
    assert found.earlier_numbers == row.drafts
    assert tuple(r.text for r in found.to) == row.to
    assert tuple(r.text for r in found.in_reply_to) == row.replies
    assert tuple(r.text for r in found.work_items) == row.work_items
    assert found.outcome == row.outcome


@pytest.mark.parametrize(
    ("name", "number"),
    [
        (P130, "S2-1900535"),  # Tencent's draft, noted
        (P130, "S2-1901095"),  # withdrawn
        (P130, "S2-1901237"),  # still open
        (P128, "S2-186663"),  # not handled
        (P128, "S2-187401"),  # postponed
        (P130, "S2-1900042"),  # received, but not addressed to the group, and withdrawn
        (P137, "S2-2001800"),  # reserved for a statement that never came
    ],
)
def test_what_was_not_sent_or_not_received_is_no_statement(name: str, number: str, pages: Pages) -> None:
    known = [n for s in pages.statements(name) for n in (s.number, *s.received_numbers, *s.earlier_numbers)]
    assert number not in known


def test_no_draft_is_of_two_histories(pages: Pages) -> None:
    for expected in PAGES:
        numbers = [n for s in pages.statements(expected.name) for n in (s.number, *s.earlier_numbers)]
        assert len(set(numbers) - {None}) == len([n for n in numbers if n])


def test_evidence_gives_place_and_words(pages: Pages) -> None:
    (numbered, earlier) = [
        e for e in pages.numbered(P134, "S2-1906837").evidence if e.field == "received_number"
    ]
    assert (numbered.text, numbered.locator) == ("S2-1906837", "row 56, S2-1906837")
    assert earlier.text == "Postponed S2-1904851 from"
    sent = pages.numbered(P134, "S2-1908623")
    told = {(e.field, e.text, e.locator, e.confidence) for e in sent.evidence}
    assert ("in_reply_to", "Response to S2-1906837", "row 57, S2-1907514", 1.0) in told
    assert ("to", "GSMA PACKET (Packet 100_202)", "row 56, S2-1906837", 0.8) in told
    assert ("sender", "List for Meeting: S2-134 All Sessions", "row 59, S2-1908623", 1.0) in told
    assert ("earlier_number", "revision 1 of S2-1907998", "row 59, S2-1908623", 1.0) in told


def test_drafts_of_an_answer_are_told_as_such_and_claim_no_answer(pages: Pages) -> None:
    asked = pages.numbered(P137, "S2-2001797")
    assert asked.answered_by == ()
    (drafted,) = [e for e in asked.evidence if e.field == "answered_by"]
    assert drafted.text == "Responses drafted in S2-2002143 and S2-2002277"
    assert drafted.rule == "drafts of an answer"


def test_remarks_about_people_are_left_out(pages: Pages) -> None:
    """The remarks of SA2#128 hold an e-mail discussion, name by name."""
    words = [e.text for p in PAGES for s in pages.statements(p.name) for e in s.evidence]
    assert not [w for w in words if "provides rev" in w or "proposes" in w or "prefers" in w]


def test_a_banner_left_over_from_the_meeting_before_is_not_believed(pages: Pages) -> None:
    """Its first row says S2-135, its remarks "Postponed S2-1909962 from S2#135"."""
    meeting = pages.records(PAIS)[0]
    assert isinstance(meeting, Meeting)
    assert [(e.text, e.locator) for e in meeting.evidence] == [("136_missing_AIs.html.gz", "file name")]
    named = pages.records(P136)[0]
    assert [(e.text, e.locator) for e in named.evidence] == [("S2-136", "row 2")]


def test_statements_of_a_page_are_linked_to_one_another(root: Path, pages: Pages) -> None:
    tables = sorted((root / "data/registry").glob("*.csv"))
    organizations = [r for t in tables for r in read_registry(t)]
    linker = Linker(Registry.from_records(organizations), MemoryIndex([]))
    asked = linker.link(pages.numbered(P129, "S2-1810291"))
    answer = linker.link(pages.numbered(P129, "S2-1811575"))
    assert (asked.key, answer.key) == (
        "liaison-statement/BBF/LIAISE-231",
        "liaison-statement/3GPP/S2-1811575",
    )
    assert [r.target for r in answer.in_reply_to] == [asked.key]
    assert [r.target for r in asked.answered_by] == [answer.key]
    assert [r.target for r in answer.to] == ["body/BBF"]
    assert [r.target for r in answer.sender] == ["group/3GPP-SA2"]


# --- pages made by hand


def saved(folder: Path, text: str | bytes, name: str = "TdocsByAgenda.htm") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("cp1252"))
    return path


def statements(path: Path) -> list[LiaisonStatement]:
    return [r for r in read(path) if isinstance(r, LiaisonStatement)]


def test_columns_may_be_missing_added_and_named_otherwise(tmp_path: Path) -> None:
    headings = (
        "TD#",
        "Type",
        "Doc For",
        "Subject",
        "Source",
        "Rel",
        "Comment",
        "e-mail_Discussion",
        "Result",
    )
    cells = ("S2-2000001", "LS in", "Information", "LS on X", "CT WG1 (C1-200001)", "Rel-17",
             "Postponed S2-1900001 from SA2#136AH.", "Anna (Firm): provides rev1", "Noted")  # fmt: skip
    (found,) = statements(saved(tmp_path, page(cells, headings=headings)))
    assert (found.number, found.received_numbers, found.title, found.outcome) == (
        "C1-200001",
        ("S2-2000001", "S2-1900001"),
        "LS on X",
        "Noted",
    )
    assert found.work_items == ()


@pytest.mark.parametrize("kind", ["LS In", "LS IN", "LS in", "LS-In", "LSin", "Incoming LS", "LS incoming"])
def test_spellings_of_the_kind(kind: str, tmp_path: Path) -> None:
    assert len(statements(saved(tmp_path, page(document("S2-2000001", kind=kind))))) == 1


@pytest.mark.parametrize("kind", ["CR", "DISCUSSION", "REPORT", "Other", "SID NEW", "-", ""])
def test_other_documents_are_passed_over(kind: str, tmp_path: Path) -> None:
    path = saved(tmp_path, page(document("S2-2000001", kind=kind, title="Discussion on LS in C1-200001")))
    assert statements(path) == []


def test_text_is_utf_8_or_windows_1252_line_by_line(tmp_path: Path) -> None:
    made = page(document("S2-2000001", title="LS on “slices”"), document("S2-2000002", title="LS on ‘cells’"))
    for charset in ("cp1252", "utf-8", "utf-8-sig", "utf-16"):
        path = saved(tmp_path, made.encode(charset))
        assert [s.title for s in statements(path)] == ["LS on “slices”", "LS on ‘cells’"]
    before, after = made.split("S2-2000002")
    pieced = before.encode("utf-8") + b"S2-2000002" + after.encode("cp1252")
    assert [s.title for s in statements(saved(tmp_path, pieced))] == ["LS on “slices”", "LS on ‘cells’"]


def test_a_table_within_a_cell_is_not_taken_for_rows(tmp_path: Path) -> None:
    inner = "<table><tr><td>S2-2000099</td><td>LS In</td></tr></table>"
    made = page(document("S2-2000001", comments="INNER", result="Noted")).replace("INNER", inner)
    (found,) = statements(saved(tmp_path, made))
    assert (found.received_numbers, found.outcome) == (("S2-2000001",), "Noted")


def test_revisions_that_run_in_a_circle_end(tmp_path: Path) -> None:
    rows = [
        document("S2-2000001", kind="LS OUT", comments="Revision of S2-2000002. Revised to S2-2000002."),
        document("S2-2000002", kind="LS OUT", comments="Revision of S2-2000001.", result="Approved"),
    ]
    (found,) = statements(saved(tmp_path, page(*rows)))
    assert found.earlier_numbers == ("S2-2000001",)


def test_a_list_that_is_one_long_chain_of_revisions_is_refused(tmp_path: Path) -> None:
    rows = [
        document(f"S2-{n}", kind="LS OUT", comments=f"Revision of S2-{n - 1}.", result="Agreed")
        for n in range(2_000_002, 2_003_000)
    ]
    with pytest.raises(LimitExceeded, match="200 drafts"):
        list(read(saved(tmp_path, page(*rows))))


@pytest.mark.parametrize(
    ("title", "to", "cc"),
    [
        ("LS to CT WG4 on FS_UDICOM status", ["CT WG4"], []),
        ("[DRAFT] LS to IETF on Multipath Solution based on QUIC/MP-QUIC", ["IETF"], []),
        ("Reply LS to RAN WG2 cc RAN WG3 on RAT Selection for Sidelink", ["RAN WG2"], ["RAN WG3"]),
        ("LS to SA WG5 and TSG RAN on charging", ["SA WG5", "TSG RAN"], []),
        ("[DRAFT] LS to SA WG5", ["SA WG5"], []),
        ("LS reply to RAN WG3 LS on Enhancements to QoS Handling", ["RAN WG3"], []),
        ("Reply LS to LS on UE policy", [], []),
        ("Reply LS to S2-1811543 on NSSAI in the Access Stratum", [], []),
        ("Reply LS to SA WG2 on API for 3rd Party Provisioning", [], []),
        ("Reply LS on Return from UTRAN to NG-RAN for SRVCC", [], []),
        ("Reply LS on the applicability of NSSAIs to EPLMNs", [], []),
        ("LS to clarify the use of X on Y", [], []),
    ],
)
def test_addressees_in_a_title(title: str, to: list[str], cc: list[str], tmp_path: Path) -> None:
    path = saved(tmp_path, page(document("S2-2000001", kind="LS OUT", title=title, result="Agreed")))
    (found,) = statements(path)
    assert ([r.text for r in found.to], [r.text for r in found.cc]) == (to, cc)


@pytest.mark.parametrize(
    ("heading", "name", "meeting"),
    [
        ("List for Meeting: S2-128BIS All Sessions", "x.htm", "SA2#128bis"),
        ("List for Meeting: S2-140E All Sessions", "x.htm", "SA2#140-e"),
        ("List for Meeting: S2-136AH All Sessions", "x.htm", "SA2#136AH"),
        ("List for Meeting: All Sessions", "SA2-155 agenda.htm", "SA2#155"),
        ("List for Meeting: All Sessions", "2019.01.31 130bis.htm", "SA2#130bis"),
    ],
)
def test_the_meeting_is_named_above_the_table_or_by_the_file(
    heading: str, name: str, meeting: str, tmp_path: Path
) -> None:
    found = next(read(saved(tmp_path, page(document("S2-2000001"), meeting=heading), name)))
    assert isinstance(found, Meeting)
    assert found.name == meeting


# --- what cannot be read


def refused(path: Path, kind: type[SdographError], *words: str) -> None:
    with pytest.raises(kind) as error:
        list(read(path))
    assert error.value.hint
    assert path.name in str(error.value)
    for word in words:
        assert word in str(error.value)


def test_a_page_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    made = page(*(document(f"S2-200000{n}") for n in range(1, 9)))
    refused(saved(tmp_path, made[: made.index("S2-2000005") - 100]), IncompleteDocument, "no end")
    refused(saved(tmp_path, made[: made.index("S2-2000005") + 100]), UnreadableDocument, "row 6, S2-2000005")
    refused(
        saved(tmp_path, page(document("S2-2000001"), total=7)), IncompleteDocument, "1 documents", "lists 7"
    )
    lost = page(document("S2-2000001"), document("S2-2000002")[:6])
    refused(saved(tmp_path, lost), UnreadableDocument, "row 3, S2-2000002", "6 cells")


def test_a_page_without_a_total_counts_when_its_list_ends(tmp_path: Path) -> None:
    made = page(document("S2-2000001")).replace("Total documents: 1", "")
    assert len(statements(saved(tmp_path, made))) == 1


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    headings = [h for h in HEADINGS if h not in ("Title", "Source")]
    made = page([*document("S2-2000001")[:4], *document("S2-2000001")[6:]], headings=headings)
    refused(
        saved(tmp_path, made), IncompleteDocument, "no column Title or Subject", "no column Source", "TD#"
    )


def test_what_is_no_page_is_refused(tmp_path: Path) -> None:
    refused(saved(tmp_path, "<p>hello</p>"), UnreadableDocument, "no table of documents")
    refused(saved(tmp_path, ""), UnreadableDocument)
    refused(saved(tmp_path, page()), IncompleteDocument)
    refused(
        saved(tmp_path, page(document("S2-2000001"), meeting="Meeting")), IncompleteDocument, "which meeting"
    )
    assert not recognise(saved(tmp_path, "<p>hello</p>"))
    assert not recognise(saved(tmp_path, page(document("S2-2000001")), "page.txt"))
    refused(tmp_path / "absent.htm", Unavailable)


def test_archives_are_bounded_and_whole(tmp_path: Path, shared: Shared) -> None:
    bomb = saved(tmp_path, gzip.compress(b"<p>" * 10_000_000), "bomb.htm.gz")
    refused(bomb, LimitExceeded, "20,000,000 bytes")
    whole = gzip.compress(page(document("S2-2000001")).encode())
    assert len(statements(saved(tmp_path, whole, "whole.htm.gz"))) == 1
    cut = saved(tmp_path, whole[:-20], "cut.htm.gz")
    refused(cut, UnreadableDocument, "cut off")
    assert not recognise(cut)
    refused(saved(tmp_path, b"no gzip", "plain.htm.gz"), UnreadableDocument)


def test_hostile_tables_are_bounded(tmp_path: Path) -> None:
    wide = page(document("S2-2000001")).replace("</tr>", "<td>x</td>" * 200 + "</tr>", 2)
    refused(saved(tmp_path, wide), LimitExceeded, "100 cells")
    long = page(document("S2-2000001")).replace("</table><p>END", "<tr><td>" * 60_000 + "</table><p>END")
    refused(saved(tmp_path, long), LimitExceeded, "50,000 rows")
    deep = page(document("S2-2000001", comments="DEEP")).replace("DEEP", "<table><tr><td><div>" * 20_000)
    refused(saved(tmp_path, deep), DataError)


PIECES = ["<table>", "</table>", "<tr>", "<td>", "</td>", "TD#", "Type", "S2-2000001", "LS In", "<p>", "&#0;",
          "&nosuch;", "<!--", "]]>", "<!DOCTYPE html SYSTEM 'file:///etc/passwd'>", "\x00", "é",
          "List for Meeting: S2-1", "Revision of S2-2000001", "END OF LIST", "Title", "Source"]  # fmt: skip


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=60))
def test_whatever_a_file_holds_only_our_errors_are_raised(tmp_path: Path, pieces: list[str]) -> None:
    path = saved(tmp_path, "".join(pieces).encode("utf-8", "surrogatepass"))
    with contextlib.suppress(SdographError):
        recognise(path)
        list(read(path))
