"""Statements whose fields are not all labelled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from liaison_documents import read_one, read_text

from sdograph.model import LiaisonStatement

STATEMENTS = Path(__file__).parent / "statements"

#: File -> what it says: title, date, sender, to, cc, number, deadlines of actions, meetings.
CASES: dict[str, tuple[Any, ...]] = {
    "a-notice-of-the-ietf-s-tool.txt":
    ('Response on GMPLS extensions for the evolutive OTN', '2009-10-23', ['ITU-T SG 15'], ['CCAMP WG'],
     [], 'datatracker 594', [(['CCAMP WG'], '2010-01-15')], []),
    "a-notice-with-the-group-in-brackets.txt":
    ('Diameter application identifiers', '2007-02-11', ['3GPP TSG CT WG4'], ['DIME WG'], [], None,
     [(['the DIME WG'], '2007-04-30')], []),
    "a-heading-from-whom-to-whom-and-a-subject.txt":
    ('Alignment of cybersecurity certification work', '2021-10-12', ['ETSI TC CYBER'],
     ['CEN/CENELEC JTC 13'], [], None, [(['CEN/CENELEC JTC 13'], '2021-12-15')], []),
    "a-heading-in-capitals-the-title-below-it.txt":
    ('Security of distributed ledgers', '2020-09-03', ['ITU-T STUDY GROUP 17'], ['ISO/IEC JTC 1/SC 27'],
     [], None, [(['SC 27'], None)], []),
    "a-heading-then-date-and-subject.txt":
    ('Fixed mobile convergence, WT-456', '2019-05-17', ['Broadband Forum'], ['3GPP SA2'], [], None,
     [(['3GPP SA2'], '2019-06-30')], []),
    "a-heading-on-two-lines.txt":
    ('Big data security', '2019-04-05', ['ISO/IEC JTC 1/SC 27/WG 4'], ['ITU-T SG17', 'ETSI TC CYBER'],
     [], None, [(['ITU-T SG17', 'ETSI TC CYBER'], '2019-06-01')], []),
    "a-heading-with-the-subject.txt":
    ('LS from GSMA NRG to 3GPP CT3 / 3GPP CT4 on policy control roaming', '2022-07-07', ['GSMA NRG'],
     ['3GPP CT3', '3GPP CT4'], [], None, [(['CT3'], None)], []),
    "letterhead-address-and-subject.txt":
    ('Liaison on roaming security and FS.36', '2022-03-11', ['GSMA NG'], ['3GPP TSG SA WG3'], [], None,
     [(['SA3'], '2022-04-30')], []),
    "a-list-of-persons-below-to.txt":
    ('Liaison on time-sensitive networking', '2017-07-14', ['IEEE 802.1 Working Group'],
     ['IETF DETNET Working Group'], [], None, [(['IETF DETNET Working Group'], None)], []),
    "an-authority-below-the-state-it-belongs-to.txt":
    ('Liaison statement on post-quantum cryptography', '2021-05-03',
     ['National Institute of Standards and Technology'], ['ETSI TC CYBER'], [], None,
     [(['ETSI TC CYBER'], '2021-07-01')], []),
    "a-title-below-the-letterhead.txt":
    ('LS to 3GPP SA2 on network slicing lifecycle', '2018-04-04', ['NGMN Alliance'], ['3GPP SA2'],
     ['3GPP SA5', 'GSMA NEST'], None, [], []),
    "a-title-below-the-name-of-the-form.txt":
    ('Liaison on the alignment of information models', '2020-06-12', ['TM Forum'], ['ETSI ISG ZSM'],
     ['MEF'], None, [(['ETSI ISG ZSM'], '2020-09-01')], []),
    "a-title-that-speaks-of-no-liaison.txt":
    ('Response to SC 42 on AI risk management', '2023-02-03', ['NIST'], ['ISO/IEC JTC 1/SC 42'],
     ['CEN-CENELEC JTC 21'], None, [], []),
    "labels-that-nobody-knows.txt":
    ('Liaison to GSMA on device profiles', '2018-05-25', ['oneM2M TP'], ['GSMA IoT'], ['ETSI SmartM2M'],
     'TP-2018-0123R01', [(['GSMA IoT'], '2018-06-30')],
     [('TP#36', '2018-07-16', '2018-07-20', 'Sophia Antipolis (France)'),
      ('TP#37', '2018-10-01', '2018-10-05', 'Seoul (Korea)')]),
    "labels-with-asterisks-and-qualified-labels.txt":
    ('LS on slice quotas', '2021-05-14', ['GSMA NG'], ['3GPP SA2'], ['3GPP SA5'], None,
     [(['SA2'], None)], []),
    "lettered-headings.txt":
    ('Liaison on edge computing interfaces', '2021-11-09', ['ETSI ISG MEC'],
     ['3GPP SA6', '3GPP SA5', 'GSMA OPG'], [], None, [(['SA6'], '2022-01-31'), (['SA5'], None)],
     [('MEC#29', '2022-03-07', '2022-03-11', 'Sophia Antipolis (France)'),
      ('MEC#30', '2022-06-13', '2022-06-17', 'Jeju (Korea)')]),
    "headings-with-a-bracket.txt":
    ('Alignment on energy saving', '2023-06-22', ['O-RAN WG1'], ['3GPP RAN3', '3GPP SA5'], [], None,
     [(['RAN3'], '2023-08-30')], [('O-RAN WG1 F2F', '2023-10-09', '2023-10-13', 'Osaka (Japan)')]),
    "a-heading-without-letter-or-number.txt":
    ('LS on voice over new radio', '2020-05-14', ['GSMA NG'], ['3GPP CT1', '3GPP SA2'], [], None,
     [(['CT1'], None)], []),
    "a-number-beside-a-focus-group-s-name.txt":
    ('LS on vocabulary', '2023-07-14', ['FG-AI4NDM'], ['ITU-T SG2', 'WMO', 'UNEP'], [],
     'FG-AI4NDM-LS-012', [(['SG2'], '2023-10-01')], []),
    "place-and-day-above-the-form.txt":
    ('LS on congestion control', '2023-09-18', ['ETSI TC ITS'], ['3GPP RAN1', '3GPP RAN2'], [],
     'ITS(23)000123', [(['RAN1'], None)], []),
    "the-number-that-is-replaced.txt":
    ('Liaison statement to ITU-T SG13 on machine learning', '2023-05-02', ['SC 42'], ['ITU-T SG13'], [],
     'ISO/IEC JTC 1/SC 42 N 1500', [(['ITU-T SG13'], '2024-05-05')], []),
    "meeting-and-number-in-one-field.txt":
    ('LS on signalling', '2022-05-12', ['GSMA FSAG'], ['3GPP CT4'], [], 'FSAG Doc 91_012', [], []),
    "purposes-by-party.txt":
    ('LS on slice quotas', '2021-05-14', ['GSMA NG'], ['3GPP SA2', '3GPP SA5', '3GPP CT4'], [], None,
     [(['SA2'], None)], []),
    "an-old-form-of-itu-t.txt":
    ('LS on machine learning in future networks', '2018-07-27', ['ITU-T Study Group 13'],
     ['3GPP SA2', 'ETSI ISG ENI', 'GSMA'], [], 'SG13-LS45',
     [(['3GPP SA2', 'ETSI ISG ENI'], '2018-11-05')], []),
    "fields-below-a-lettered-heading.txt":
    ('Liaison statement response to GSMA OPG on edge federation', '2022-05-25', ['SA6'], ['GSMA OPG'],
     ['ETSI ISG MEC'], 'S6-221234', [(['GSMA OPG'], '2022-08-12')],
     [('SA6#50-e', '2022-08-22', '2022-08-31', 'Online'),
      ('SA6#51-e', '2022-10-10', '2022-10-19', 'Jeju (Korea)')]),
    "qualified-labels-with-asterisks.txt":
    ('Intent driven management, ZSM016', '2023-02-17', ['ETSI ISG ZSM'], ['3GPP SA5'],
     ['TM Forum', 'ONAP'], None, [(['SA5'], '2023-04-30')], []),
    "a-purpose-with-a-day.txt":
    ('Liaison statement to ITU-T SG17 regarding X.1060', '2021-04-30', ['ISO/IEC JTC 1/SC 27/WG 1'],
     ['ITU-T SG17'], [], 'ISO/IEC JTC 1/SC 27 N21456', [(['SG17'], '2021-08-01')], []),
    "offices-of-persons-and-a-footnote.txt":
    ('Liaison reply to ITU-T SG15 on FlexE', '2018-01-11', ['IEEE 802.3 Ethernet Working Group'],
     ['ITU-T SG15', 'ITU-T Q11/15'], ['IEEE-SA Standards Board', 'IEEE 802 LMSC'], None, [], []),
    "meetings-whose-day-comes-first.txt":
    ('Deployment band configuration for C-V2X', '2018-12-04', ['5GAA WG4'], ['ETSI TC ITS', '3GPP RAN'],
     [], '5GAA_S-180300', [(['3GPP RAN'], None)],
     [('5GAA F2F #10', '2019-01-28', '2019-01-31', 'San Diego (USA)')]),
    "a-title-below-the-fields.txt":
    ('LS on QUIC multipath for ATSSS', '2019-10-18', ['3GPP TSG CT WG3'],
     ['IETF Transport Area Directors'], ['IETF TSVWG'], None, [(['TSVWG'], None)], []),
    "the-person-who-writes-below-the-group.txt":
    ('Wireless wireline convergence LIAISE-501', '2021-03-03', ['Broadband Forum'],
     ['3GPP SA WG2', '3GPP CT WG4'], ['3GPP TSG SA'], None,
     [(['3GPP SA WG2', '3GPP CT WG4'], '2021-04-15')],
     [('Q2 meeting', '2021-06-14', '2021-06-18', 'Virtual'),
      ('Q3 meeting', '2021-09-13', '2021-09-17', 'Berlin (Germany)')]),
    "meeting-and-number-beside-each-other.txt":
    ('oneM2M Release 5', '2021-10-08', ['oneM2M TP'], ['ETSI SmartM2M', 'ITU-T SG20', 'GSMA'], [],
     'TP-2021-0123', [(['ETSI SmartM2M'], '2021-12-01'), (['ETSI SmartM2M'], '2021-12-01')], []),
    "a-number-of-a-focus-group.txt":
    ('LS on use cases for autonomous networks [to ETSI ISG ZSM, TM Forum]', '2022-01-22', ['FG-AN'],
     ['ETSI ISG ZSM', 'TM Forum'], [], 'FGAN-O-021', [], []),
    "a-group-that-is-no-more.txt":
    ('LS on MMS charging', '2004-02-13', ['T2'], ['SA5'], ['CN4', 'GSMA SerG'], None,
     [(['SA5'], '2004-04-05')],
     [('T2 #25', '2004-05-10', '2004-05-14', 'Sophia Antipolis, France'),
      ('T2 #26', '2004-08-16', '2004-08-20', 'Montreal, Canada')]),
    "a-purpose-behind-none.txt":
    ('LSO Sonata APIs', '2018-10-12', ['MEF Forum'], ['TM Forum', 'ONF', 'BBF'], [], None, [], []),
    "a-day-beside-the-action-that-is-required.txt":
    ('Slicing', '2021-02-24', ['O-RAN TSC'], ['3GPP TSG RAN'], ['3GPP RAN3', '3GPP SA5'], None,
     [(['3GPP TSG RAN'], '2021-04-30')], []),
    "addressees-in-the-heading-only.txt":
    ('LIAISON STATEMENT TO CEN TC 278 AND ISO TC 204 ON COOPERATIVE ITS', '2022-03-17', ['ETSI TC ITS'],
     ['CEN TC 278', 'ISO TC 204'], [], None, [(['CEN TC 278'], '2022-05-30'), (['ISO TC 204'], None)],
     [('ITS#46', '2022-06-07', '2022-06-09', 'Online')]),
    "meetings-with-first-and-last-day-in-columns.txt":
    ('LS reply to ONAP on VNF descriptors', '2018-06-14', ['ETSI ISG NFV'], ['ONAP'],
     ['OPNFV', 'TM Forum'], None, [(['ONAP'], '2018-09-01')],
     [('NFV#23', '2018-09-10', '2018-09-14', 'Bonn (Germany)')]),
    "a-letter-to-a-group.txt":
    ('Liaison on spectrum sharing', '2017-02-02', ['The Wireless Innovation Example Forum'],
     ['IEEE 802.11 Working Group'], [], None, [], []),
    "a-deadline-said-twice.txt":
    ('[LS] Quantum key distribution interfaces', '2022-10-03', ['ETSI ISG QKD'],
     ['ITU-T SG13', 'ITU-T SG17'], ['ISO/IEC JTC 1/SC 27'], 'QKD(22)101003', [(['SG13'], '2022-11-30')],
     []),
    "a-title-between-letterhead-and-number.txt":
    ('Liaison Statement to O-RAN Alliance WG4', '2019-04-11', ['Small Cell Forum'],
     ['O-RAN Alliance WG4'], [], 'SCF-LS-19-07', [(['O-RAN Alliance WG4'], '2019-05-31')], []),
}  # fmt: skip


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
def test_what_is_said_without_a_label(name: str) -> None:
    assert _said(read_one(STATEMENTS / name)) == CASES[name]


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
