"""Numbers of documents: whose they are, of which year and meeting, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdograph.linking import Linker
from sdograph.linking.numbers import issued_numbers


@pytest.mark.parametrize(
    ("text", "number", "body", "issuer", "year", "meeting"),
    [
        ("S3-234567", "S3-234567", "3GPP", "S3", "2023", None),
        ("S2- 1812758", "S2-1812758", "3GPP", "S2", "2018", None),
        ("RP-991234", "RP-991234", "3GPP", "RP", "1999", None),
        ("S3-234567r2", "S3-234567", "3GPP", "S3", "2023", None),
        ("s3i200069", "S3i200069", "3GPP", "SA3-LI", "2020", None),
        ("S4-AHI806", "S4-AHI806", "3GPP", "S4", None, None),
        ("S6a240333", "S6a240333", "3GPP", "S6", "2024", None),
        ("SAI(26)011020r1", "SAI(26)011020r1", "ETSI", "SAI", "2026", "11"),
        ("MEC(18)000529r1", "MEC(18)000529r1", "ETSI", "MEC", "2018", None),
        ("LI(19)P52055", "LI(19)P52055", "ETSI", "LI", "2019", "P52"),
        ("SG17-LS159", "SG17-LS159", "ITU-T", "SG17", None, None),
        ("COM 15 – LS 245", "COM 15 – LS 245", "ITU-T", "SG15", None, None),
        ("SG13-LS-165", "SG13-LS-165", "ITU-T", "SG13", None, None),
        ("FGVM-LS014", "FGVM-LS014", "ITU-T", "FGVM", None, None),
        ("ML5G-O-023", "ML5G-O-023", "ITU-T", "FG ML5G", None, None),
        ("RAG19/4", "RAG19/4", "ITU-R", "RAG", "2019", None),
        ("5D/726", "5D/726", "ITU-R", "WP 5D", None, None),
        ("LIAISE-376-01", "LIAISE-376-01", "BBF", "BBF", None, None),
        ("5GAA_A-180265", "5GAA_A-180265", "5GAA", "5GAA", None, None),
        ("5G-ACIA-LS-2022-005", "5G-ACIA-LS-2022-005", "5G-ACIA", "5G-ACIA", "2022", None),
        ("5GJA05_110", "5GJA05_110", "GSMA", "5GJA", None, "5"),
        ("5GSI#04 Doc 003", "5GSI#04 Doc 003", "GSMA", "5GSI", None, "4"),
        ("Packet 100_202", "Packet 100_202", "GSMA", "Packet", None, "100"),
        ("datatracker 2106", "datatracker 2106", "IETF", "IETF", None, None),
    ],
)
def test_forms(text: str, number: str, body: str, issuer: str, year: str | None, meeting: str | None) -> None:
    (found,) = issued_numbers(text)
    assert (found.number, found.words, found.body) == (number, text, body)
    assert (found.issuer, found.year, found.meeting) == (issuer, year, meeting)


@pytest.mark.parametrize(
    "text",
    [
        "S2-138E",
        "S3-2345678901",
        "NIST SP 800-53",
        "LTE_CA_B18_B28",
        "MEC(2018)000529",
        "2019-08-02-LS",
        "LS 5",
        "AES-128",
        "",
    ],
)
def test_what_only_looks_like_a_number(text: str) -> None:
    assert list(issued_numbers(text)) == []


def test_several_in_order_each_once() -> None:
    text = "S2-1811215/S5-186491 (revision of S2-1811215), file SP-260003_EMTEL(25)000054r1"
    found = [issued.number for issued in issued_numbers(text)]
    assert found == ["S2-1811215", "S5-186491", "SP-260003", "EMTEL(25)000054r1"]


@pytest.mark.parametrize(
    ("text", "on", "who"),
    [
        ("S3-234567", None, "group/3GPP-SA3"),
        ("S3i200069", None, "group/3GPP-SA3-LI"),
        ("CP-210001", None, "group/3GPP-CT"),
        ("FGVM-LS014", None, "group/ITU-T-FG-VM"),
        ("COM 17-LS5", None, "group/ITU-T-SG17"),
        ("TDAG - LS 3", None, "group/ITU-D-TDAG"),
        ("LIAISE-231", None, "body/BBF"),
        ("TSG56_059v3", None, "group/GSMA-TSG"),
        # the year in the number decides between the group and the committee of one name
        ("SAI(22)018007", None, "group/ETSI-ISG-SAI"),
        ("SAI(26)011020r1", None, "group/ETSI-TC-SAI"),
        ("SAI(26)011020r1", "2022-05-01", "group/ETSI-TC-SAI"),
        ("SAI(23)019004", None, None),  # 2023 had both
        ("SAI(23)019004", "2023-09-18", "group/ETSI-ISG-SAI"),
        ("5GSI#04 Doc 003", None, None),
        ("ITS(18)032030r1", None, "group/ETSI-TC-ITS"),
        ("RRS(18)032030r1", None, None),
    ],
)
def test_who_gave_it(linker: Linker, text: str, on: str | None, who: str | None) -> None:
    ((_, link),) = linker.numbers(text, on=on)
    assert link.target == who


@given(st.text(max_size=300) | st.from_regex(r"[A-Z0-9]{1,9}[-(#_ ][0-9]{1,9}[)_r/-][0-9A-Z]{0,9}"))
def test_any_text_is_read(linker: Linker, text: str) -> None:
    for issued, link in linker.numbers(text):
        assert issued.words in text
        assert (link.target is None) == (link.confidence == 0.0)
