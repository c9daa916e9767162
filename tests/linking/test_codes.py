"""Codes of work items, numbers of specifications and liaison statements."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdograph.linking import MemoryIndex
from sdograph.linking.codes import exact_form, near_form, near_text
from sdograph.model import LiaisonStatement, Record, Reference, Specification, WorkItem
from sdograph.sources.document_numbers import UnknownIdentifier, parse


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("TS 33.501", "3GPP TS 33.501 v18.1.0"),
        ("TR 23.791", "TR23.791"),
        ("TR 33.898", "TR-33.898"),
        ("SAI-014", "SAI\u2011014"),
        ("SAI-014", "SAI 014"),
        ("FS_AIML", " FS_AIML. "),
        ("X.509", "Recommendation ITU-T X.509"),
        ("TS 104 223", "ETSI TS 104 223 V1.1.1"),
        ("TS 104 223", "ETSI TS 104 223 V1.1.1 (2025-04)"),
        ("TR 22.874", "3GPP TR 22.874:REL-18/18.2.0"),
        ("X.1051", "ITU-T X.1051 (06/2023)"),
        ("M.2160", "ITU-R M.2160-0"),
        ("ISO/IEC 27001", "ISO/IEC 27001:2022"),
        ("ISO/IEC 2382-34", "ISO/IEC 2382-34:1999(E)"),
        ("ISO/IEC 27090", "ISO/IEC DIS 27090"),
        ("ISO/IEC TR 21221", "ISO/IEC DTR 21221"),
        ("ISO/TR 12786", "ISO/CD TR 12786.2"),
        ("ISO 18374", "ISO/FDIS 18374"),
        ("EN ISO/IEC 12792", "FprEN ISO/IEC 12792"),
        ("EN ISO/IEC 22989:2023/A1", "EN ISO/IEC 22989:2023/prA1"),
        ("IEEE 3482", "IEEE 3482-2026"),
        ("draft-ietf-aipref-vocab", "draft-ietf-aipref-vocab-03"),
    ],
)
def test_spellings_of_one_code_are_equal(left: str, right: str) -> None:
    assert exact_form(left) == exact_form(right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("FS_AIML", "fs_aiml"),
        ("eNA_Ph3_SEC", "FS_eNA_SEC_Ph3"),
        ("FS_eNA", "eNA"),
        ("DGR/SAI-009", "SAI-009"),
        ("SAI-014", "SAI-0014"),
        ("TS 33.501", "TS 33.5011"),
        ("ISO/IEC 22989", "ISO/IEC 22989:2022/Amd 1"),
        ("ISO/IEC 15408-1", "ISO/IEC 15408-2"),
        ("ISO/IEC 20226", "ISO/IEC TR 20226"),
        ("EN ISO/IEC 12792", "ISO/IEC 12792"),
        ("GR ENI 001", "GS ENI 001"),
        ("FS_XRM", "FS_XRM Ph2"),
    ],
)
def test_different_codes_are_not_equal(left: str, right: str) -> None:
    assert exact_form(left) != exact_form(right)


@pytest.mark.parametrize(
    ("left", "right", "near"),
    [
        ("eNA_Ph3_SEC", "FS_eNA_SEC_Ph3", True),
        ("FS_AIML", "fs_aiml", True),
        ("DGR/SAI-009", "SAI-009", True),
        ("GS ENI 001", "ENI 001", True),
        ("ISO/IEC DIS 27090", "27090 ISO/IEC", True),
        ("DTS/SAI-0014", "SAI-014", False),  # TS 104 223 of the committee, not the study of the former group
        ("eNA_Ph2_SEC", "FS_eNA_SEC_Ph3", False),
        ("FS_eNA", "FS_eNA_SEC_Ph3", False),
    ],
)
def test_near_is_the_same_parts_in_whatever_order(left: str, right: str, near: bool) -> None:
    assert (near_form(left) == near_form(right)) is near
    assert (near_text(left) == near_text(right)) is near


RECORDS: list[Record] = [
    WorkItem(
        body="3GPP",
        code="FS_AIML",
        title="Study",
        kind="study-item",
        groups=("3GPP-SA3",),
        alt_codes=("960037",),
    ),
    WorkItem(body="3GPP", code="FS_eNA_SEC_Ph3", title="Study", kind="study-item"),
    Specification(body="3GPP", number="TR 33.898", title="Study"),
    LiaisonStatement(
        layout="3gpp",
        title="LS",
        sender=(Reference(text="SA2", field="sender", kind="organization", target="group/3GPP-SA2"),),
        to=(),
        number="S2-1812758",
        received_numbers=("S5-187001",),
        key="liaison-statement/3GPP/S2-1812758",
    ),
    LiaisonStatement(layout="3gpp", title="not linked yet", sender=(), to=(), number="S2-1"),
]


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("FS_AIML", [("work-item/3GPP/FS_AIML", True)]),
        ("960037", [("work-item/3GPP/FS_AIML", True)]),
        ("fs-aiml", [("work-item/3GPP/FS_AIML", False)]),
        ("eNA_Ph3_SEC", [("work-item/3GPP/FS_eNA_SEC_Ph3", False)]),
        ("3GPP TR 33.898", [("specification/3GPP/TR-33.898", True)]),
        ("S5-187001", [("liaison-statement/3GPP/S2-1812758", True)]),
        ("S2-1", []),
        ("SAI-014", []),
        ("", []),
        ("FS", []),
    ],
)
def test_memory_index(code: str, found: list[tuple[str, bool]]) -> None:
    candidates = MemoryIndex.from_records(RECORDS).candidates(code)
    assert [(c.key, c.exact) for c in candidates] == found


def test_a_candidate_says_whose_it_is() -> None:
    index = MemoryIndex.from_records(RECORDS)
    (item,) = index.candidates("FS_AIML")
    assert (item.body, item.groups, item.title) == ("3GPP", ("3GPP-SA3",), "Study")
    (statement,) = index.candidates("S2-1812758")
    assert (statement.body, statement.groups) == ("3GPP", ("3GPP-SA2",))


def test_identifiers_of_published_documents_lead_to_their_numbers(shared: Callable[[str], Path]) -> None:
    """Two readings of identifiers agree: the form that linking compares, and the parser of numbers.

    Every 25th of some 206,000 identifiers that ITU, ETSI, 3GPP, ISO and IEC publish.
    """
    read = other = 0
    for name in ("itu/relaton_itu_all", "itu/relaton_itu_r_all", "etsi/relaton_etsi_all",
                 "3gpp/relaton_3gpp_all", "iso/relaton_iso_all"):  # fmt: skip
        with gzip.open(shared(f"data/{name}.csv.gz"), "rt", encoding="utf-8", newline="") as file:
            for row in islice(csv.DictReader(file), 0, None, 25):
                try:
                    number = parse(row["docid"]).number
                except UnknownIdentifier:
                    continue
                read += 1
                other += exact_form(row["docid"]) != exact_form(number)
    assert read > 8_000
    assert other <= read / 1_000


@given(st.text(max_size=300))
def test_the_form_of_a_form_is_itself(code: str) -> None:
    assert near_form(near_text(code)) <= near_form(code)
    assert exact_form(exact_form(code)) == exact_form(exact_form(exact_form(code)))
