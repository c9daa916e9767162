"""Identifiers of documents, taken apart by hand and by the parser."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdograph.errors import SdographError
from sdograph.sources.document_numbers import (
    DocumentNumber,
    ItuKind,
    UnknownIdentifier,
    committee_body,
    parse,
    transposed,
    whole_of,
)

# Identifier as published; body, number, version.
PLAIN = [
    ("ETSI GR SAI 004 V1.1.1 (2020-12)", "ETSI", "GR SAI 004", "1.1.1"),
    ("ETSI EN 304 223 V2.1.1 (2025-12)", "ETSI", "EN 304 223", "2.1.1"),
    ("ETSI TS 104 158-1 V1.1.1 (2026-03)", "ETSI", "TS 104 158-1", "1.1.1"),
    ("ETSI GS NFV-SOL 002 V5.3.1 (2025-11)", "ETSI", "GS NFV-SOL 002", "5.3.1"),
    ("ETSI I-ETS 300 003 ed.1 (1991-08)", "ETSI", "I-ETS 300 003", "1"),
    ("ETSI GTS GSM 01.02 V5.0.0 (1996-03)", "ETSI", "GTS GSM 01.02", "5.0.0"),
    ("ETSI TS 104 223", "ETSI", "TS 104 223", None),
    ("3GPP TR 00.01U:UMTS/3.0.0", "3GPP", "TR 00.01U", "3.0.0"),
    ("3GPP TS 33.501:REL-19/19.4.0", "3GPP", "TS 33.501", "19.4.0"),
    ("3GPP TR 29.998-04-1:REL-4/4.0.0", "3GPP", "TR 29.998-04-1", "4.0.0"),
    ("3GPP TS 29.215/2.0.0", "3GPP", "TS 29.215", "2.0.0"),
    ("3GPP TS 33.501", "3GPP", "TS 33.501", None),
    ("ITU-T Y.3172 (06/2019)", "ITU-T", "Y.3172", "2019-06"),
    ("Recommendation ITU-T Y.3172 (06/2019)", "ITU-T", "Y.3172", "2019-06"),
    ("ITU-T D.300 R (10/1995)", "ITU-T", "D.300 R", "1995-10"),
    ("ITU-T V.25 ter (07/1997)", "ITU-T", "V.25 ter", "1997-07"),
    ("ITU-T F.742 (V2) (03/2025)", "ITU-T", "F.742", "2025-03"),
    ("ITU-T Q.3941.1 v.1 (02/2016)", "ITU-T", "Q.3941.1", "2016-02"),
    ("ITU-T Y Suppl. 55 (10/2019)", "ITU-T", "Y Suppl. 55", "2019-10"),
    ("ITU-R M.2083-0", "ITU-R", "M.2083", "0"),
    ("Report ITU-R M.2083-0", "ITU-R", "Report M.2083", "0"),
    ("Rec. ITU-R M.2083-0", "ITU-R", "M.2083", "0"),
    ("ITU-R BO.1212", "ITU-R", "BO.1212", None),
    ("ISO 9001:2015", "ISO", "ISO 9001", "2015"),
    ("ISO/TR 24291:2021", "ISO", "ISO/TR 24291", "2021"),
    ("ISO Guide 30:1992", "ISO", "ISO Guide 30", "1992"),
    ("ISO 105-E01:1987", "ISO", "ISO 105-E01", "1987"),
    ("ISO/IEC 22989:2022", "ISO-IEC-JTC1", "ISO/IEC 22989", "2022"),
    ("ISO/IEC TR 24028:2020", "ISO-IEC-JTC1", "ISO/IEC TR 24028", "2020"),
    ("ISO/IEC/IEEE 8802-1AS:2021", "ISO-IEC-JTC1", "ISO/IEC/IEEE 8802-1AS", "2021"),
    ("ISO/ASTM 51026:2015", "ISO", "ISO/ASTM 51026", "2015"),
    ("IEC 60086-3:2011", "IEC", "IEC 60086-3", "2011"),
    ("IWA 1:2001", "ISO", "IWA 1", "2001"),
    ("ISO/IEC DIR 1 ISO SUP:2003", "ISO-IEC-JTC1", "ISO/IEC DIR 1 ISO SUP", "2003"),
]


@pytest.mark.parametrize("row", PLAIN, ids=lambda row: row[0])
def test_body_number_and_version(row: tuple[str, str, str, str | None]) -> None:
    found = parse(row[0])
    assert (found.body, found.number, found.version) == row[1:]
    assert not found.draft
    assert found.changes is None


# A draft has the number of what it is to become; its stage is its version.
DRAFTS = [
    ("ISO/IEC DIS 27090", "ISO/IEC 27090", "DIS"),
    ("ISO/IEC CD TS 6254", "ISO/IEC TS 6254", "CD"),
    ("ISO/IEC DTS 6254", "ISO/IEC TS 6254", "DTS"),
    ("ISO/IEC DTS 42119-3.2", "ISO/IEC TS 42119-3", "DTS.2"),
    ("ISO/CD TR 12786.2", "ISO/TR 12786", "CD.2"),
    ("ISO/DPAS 8800", "ISO/PAS 8800", "DPAS"),
    ("ISO/FDIS 18374", "ISO 18374", "FDIS"),
    ("ISO/IEC DGuide 98-1", "ISO/IEC Guide 98-1", "DGuide"),
    ("ISO/IEC AWI 23955", "ISO/IEC 23955", "AWI"),
]


@pytest.mark.parametrize("row", DRAFTS, ids=lambda row: row[0])
def test_drafts_of_iso(row: tuple[str, str, str]) -> None:
    found = parse(row[0])
    assert (found.number, found.version, found.draft) == (row[1], row[2], True)


# What changes another document: its number, version, the other one, and what it does to it.
CHANGES = [
    ("ISO/IEC 22989:2022/AWI Amd 1", "ISO/IEC 22989:2022/Amd 1", "AWI", "ISO/IEC 22989", "amends"),
    ("ISO/IEC 22989:2022/CD Amd 1", "ISO/IEC 22989:2022/Amd 1", "CD", "ISO/IEC 22989", "amends"),
    (
        "ISO/IEC 19566-7:2022/Amd 1:2025",
        "ISO/IEC 19566-7:2022/Amd 1",
        "2025",
        "ISO/IEC 19566-7",
        "amends",
    ),
    ("ISO 10062:2022/DAM 1", "ISO 10062:2022/Amd 1", "DAM", "ISO 10062", "amends"),
    ("ISO 16399:2023/DAM 1.2", "ISO 16399:2023/Amd 1", "DAM.2", "ISO 16399", "amends"),
    ("ISO 10002:2004/Cor 1:2009", "ISO 10002:2004/Cor 1", "2009", "ISO 10002", "corrects"),
    ("ISO/IEC 18014-2:2021/DCOR 1", "ISO/IEC 18014-2:2021/Cor 1", "DCOR", "ISO/IEC 18014-2", "corrects"),
    (
        "ISO 8571-4:1988/Amd 4:1992/Cor 1:1995",
        "ISO 8571-4:1988/Amd 4:1992/Cor 1",
        "1995",
        "ISO 8571-4:1988/Amd 4",
        "corrects",
    ),
    ("ISO 3758:1991/Suppl:1993", "ISO 3758:1991/Suppl", "1993", "ISO 3758", "supplements"),
    ("ETSI ETS 300 011/A1 ed.1 (1994-12)", "ETS 300 011/A1", "1", "ETS 300 011", "amends"),
    ("ETSI ETS 300 092-1/A1/C1 ed.1 (1994-04)", "ETS 300 092-1/A1/C1", "1", "ETS 300 092-1/A1", "corrects"),
    ("ITU-T X.1246 (2015) Amd. 1 (05/2022)", "X.1246 (2015) Amd. 1", "2022-05", "X.1246", "amends"),
    ("ITU-T X.1243 (2010) Cor. 1 (01/2014)", "X.1243 (2010) Cor. 1", "2014-01", "X.1243", "corrects"),
    ("ITU-T X.1254 (2012) Err. 1 (05/2013)", "X.1254 (2012) Err. 1", "2013-05", "X.1254", "corrects"),
    (
        "ITU-T H.262 (1995) Technical Cor. 1 (11/1996)",
        "H.262 (1995) Technical Cor. 1",
        "1996-11",
        "H.262",
        "corrects",
    ),
    (
        "ITU-T X.237 (1995) Amd. 1/Technical Cor. 1 (06/1999)",
        "X.237 (1995) Amd. 1/Technical Cor. 1",
        "1999-06",
        "X.237 (1995) Amd. 1",
        "corrects",
    ),
    (
        "ITU-T H.222.0 (V8) (2021) Cor. 1 (12/2022)",
        "H.222.0 (V8) (2021) Cor. 1",
        "2022-12",
        "H.222.0",
        "corrects",
    ),
    ("ITU-T D.140 Suppl. 1 (06/2002)", "D.140 Suppl. 1", "2002-06", "D.140", "supplements"),
    ("ITU-T A.23 Annex A (02/2010)", "A.23 Annex A", "2010-02", "A.23", "part-of"),
    ("ITU-T G.101 App. I (05/2000)", "G.101 App. I", "2000-05", "G.101", "part-of"),
]


@pytest.mark.parametrize("row", CHANGES, ids=lambda row: row[0])
def test_what_changes_another_document(row: tuple[str, str, str, str, str]) -> None:
    found = parse(row[0])
    assert (found.number, found.version, found.changes, found.how) == row[1:]


@pytest.mark.parametrize(
    "text",
    ["ITU-T Y Suppl. 55 (10/2019)", "ITU-T E-100 series Suppl. 1 (02/2019)", "ITU-T E100-300 Suppl. 3"],
)
def test_a_supplement_of_a_series_supplements_no_document(text: str) -> None:
    assert parse(text).changes is None


@pytest.mark.parametrize(
    ("text", "kind", "number", "version"),
    [
        ("ITU-R M.2083-0", "Report", "Report M.2083", "0"),
        ("ITU-R 1-3/8:", "Question", "Question 1/8", "3"),
        ("ITU-R 1/6:", "Question", "Question 1/6", None),
        ("ITU-R SG06.139-2", "Question", "Question 139/6", "2"),
        ("ITU-R R.1-8", "Resolution", "Resolution 1", "8"),
        ("ITU-R 01.HDB", "Handbook", "Handbook 01", None),
        ("ITU-R 43", "Handbook", "Handbook 43", None),
    ],
)
def test_itu_r_has_series_of_its_own_for_each_kind(
    text: str, kind: ItuKind, number: str, version: str | None
) -> None:
    found = parse(text, kind)
    assert (found.number, found.version, found.kind) == (number, version, kind)


def test_a_recommendation_with_two_numbers_has_both() -> None:
    assert parse("ITU-T G.7041/Y.1303 (08/2016)").also == ("G.7041", "Y.1303")
    assert parse("ITU-T E.164/I.331/Q.11 bis (11/1988)").also == ("E.164", "I.331", "Q.11 bis")
    assert parse("ITU-T Y.3172 (06/2019)").also == ()
    assert parse("ITU-T X.237 (1995) Amd. 1/Technical Cor. 1 (06/1999)").also == ()


@pytest.mark.parametrize(
    ("text", "release"),
    [
        ("3GPP TS 33.501:REL-19/19.4.0", "Rel-19"),
        ("3GPP TR 22.862:Rel-15/15.0.0", "Rel-15"),
        ("3GPP TR 01.00:R96/5.0.0", "Rel-96"),
        ("3GPP TR 01.00:R99/8.0.0", "Rel-99"),
        ("3GPP TR 01.00:Ph2/0.0.0", "Ph2"),
        ("3GPP TS 02.06dcs:Ph1-DCS/2.0.0", "Ph1-DCS"),
        ("3GPP TR 25.839:Release 2000/0.0.1", "R2000"),
        ("3GPP TS 11.10-1:R00/9.0.0", "R2000"),
        ("3GPP TS 29.215/2.0.0", None),
    ],
)
def test_releases_are_named_as_in_the_registry(text: str, release: str | None) -> None:
    assert parse(text).release == release


@pytest.mark.parametrize(
    ("text", "committee", "body"),
    [
        ("ISO/IEC 22989:2022", "ISO/IEC JTC 1/SC 42", "ISO-IEC-JTC1"),
        ("ISO 8571-4:1988", "ISO/IEC JTC 1", "ISO-IEC-JTC1"),
        ("ISO/IEC 17025:2017", "ISO/CASCO", "ISO"),
        ("ISO/IEC 17025:2017", None, "ISO-IEC-JTC1"),
        ("ISO/IEC TR 1:2000", "ISO/IEC JTC 12", "ISO"),
        ("IEC 60086-3:2011", "IEC/TC 35", "IEC"),
        ("ISO 9001:2015", None, "ISO"),
        ("ETSI TS 104 223", "Securing Artificial Intelligence TC", "ETSI"),
    ],
)
def test_the_committee_tells_whose_document_it_is(text: str, committee: str | None, body: str) -> None:
    assert committee_body(parse(text), committee) == body


@pytest.mark.parametrize(
    ("text", "title", "whole"),
    [
        ("ISO/IEC 5259-1:2024", "Data quality - Part 1: Overview", "ISO/IEC 5259"),
        ("ISO/TS 10303-1171:2005", "Application module", "ISO 10303"),
        ("ISO/IEC ISP 10607-1:1990", None, "ISO/IEC ISP 10607"),
        ("ISO/IEC 5259-1:2024/Amd 1", "Part 1", None),
        ("ETSI TS 104 158-1 V1.1.1 (2026-03)", "AI Incident Reporting; Part 1: Framework", "TS 104 158"),
        ("ETSI EN 300 019-1-0 V2.1.2 (2003-09)", "Part 1-0: Classification", "EN 300 019"),
        ("ETSI GTS 02.06-DCS V3.0.0 (1995-01)", "Types of Mobile Stations", None),
        ("3GPP TS 34.123-1:REL-9/9.0.0", "Conformance; Part 1: Protocol", "TS 34.123"),
        ("3GPP TR 23.700-80:REL-18/18.0.0", "Study on 5G System support for AI/ML", None),
        ("ITU-T E-100 Suppl. 2 (10/1984)", "Part 2", None),
        ("ISO 9001:2015", "Requirements", None),
    ],
)
def test_parts(text: str, title: str | None, whole: str | None) -> None:
    assert whole_of(parse(text), title) == whole


@pytest.mark.parametrize(
    ("text", "title", "other"),
    [
        ("ETSI TS 133 501", "5G; X (3GPP TS 33.501 version 19.6.0 Release 19)", ("3GPP", "TS 33.501")),
        # Slips of titles: the type, a blank in the number, the part.
        ("ETSI TR 122 968", "PWS (3GPP TS 22.968 version 8.0.0 Release 8)", ("3GPP", "TR 22.968")),
        ("ETSI TS 125 420", "Iur (3GPP TS 25 420 version 3.5.0 Release 1999)", ("3GPP", "TS 25.420")),
        ("ETSI TR 129 998-4-1", "OSA (3GPP TR 29.998-4-1 version 4.2.0)", ("3GPP", "TR 29.998-04-1")),
        ("ETSI TR 121 910", "X (3G TR 21.910 version 3.0.0 Release 1999)", ("3GPP", "TR 21.910")),
        ("ETSI TS 100 526", "X (3GPP TS 03.08 version 6.6.0 Release 1997)", ("3GPP", "TS 03.08")),
        ("ETSI TS 118 101", "oneM2M (oneM2M TS-0001 version 4.15.0 Release 4)", ("oneM2M", "TS-0001")),
        # The numbering alone is no proof, and must not speak against the title.
        ("ETSI TS 133 501", "5G; Security architecture", None),
        ("ETSI TS 133 501", "5G; X (3GPP TS 33.401 version 8.0.0 Release 8)", None),
        # GSM's numbers do not tell whether it is a specification or a report.
        ("ETSI EN 300 523", "X (GSM 03.03 version 4.11.1)", None),
        ("ETSI TS 133 501", None, None),
        ("3GPP TS 33.501", "X (3GPP TS 33.501 version 1.0.0)", None),
    ],
)
def test_what_etsi_has_taken_over(text: str, title: str | None, other: tuple[str, str] | None) -> None:
    assert transposed(parse(text), title) == other


@pytest.mark.parametrize(
    "text",
    ["", "RFC 9110", "ETSI", "3GPP", "ITU-T", "ITU-T (06/2019)", "ITU-R", "etsi TS 104 223", "x" * 10_000],
)
def test_what_is_no_identifier_is_refused(text: str) -> None:
    with pytest.raises(UnknownIdentifier, match="is no identifier of"):
        parse(text)


_PIECES = (
    *("ETSI ", "3GPP ", "ITU-T ", "ITU-R ", "ISO/IEC ", "ISO/", "IEC ", "TS ", "X.", "33.501", "-1", ":2022"),
    *("Amd 1", "CD ", " (06/2019)", " V1.1.1", "REL-9", "Suppl. ", "DIS ", "²", "٣", "\x00", " ", ".2", "/"),
)


@given(st.lists(st.sampled_from(_PIECES), max_size=12).map("".join) | st.text(max_size=60))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        found = parse(text)
    except SdographError:
        return
    assert isinstance(found, DocumentNumber)
    assert found.number.strip() == found.number != ""
    whole_of(found, text)
    transposed(found, text)
