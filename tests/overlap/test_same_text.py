"""One text under several numbers is told from texts that overlap."""

from __future__ import annotations

import pytest

from sdograph.overlap import Item
from sdograph.overlap.twins import same_text


def item(body: str, code: str, title: str = "") -> Item:
    return Item(id=f"{body}/{code}", code=code, body=body, title=title)


@pytest.mark.parametrize(
    ("left", "right", "rule"),
    [
        # ETSI publishes TS 28.105 as TS 128 105: 3GPP TR 21.900, clause 4.
        (item("ETSI", "TS 128 105"), item("3GPP", "TS 28.105"), "same number"),
        (item("ETSI", "TS 136 521-1"), item("3GPP", "TS 36.521-1"), "same number"),
        (item("ETSI", "TR 121 905"), item("3GPP", "TR 21.905"), "same number"),
        (
            item("ETSI", "TS 100 900", "Alphabets (3GPP TS 23.038 version 3.0.0 Release 1999)"),
            item("3GPP", "TS 23.038"),
            "same number",
        ),
        (item("ITU-T", "X.1054 | ISO/IEC 27014"), item("ISO-IEC-JTC1", "ISO/IEC 27014"), "same number"),
        (item("CEN-CLC-JTC21", "EN ISO/IEC 22989"), item("ISO-IEC-JTC1", "ISO/IEC 22989"), "same number"),
        (
            item("CEN-CLC-JTC21", "prCEN/CLC ISO/IEC/TS 12791"),
            item("ISO-IEC-JTC1", "ISO/IEC TS 12791"),
            "same number",
        ),
        (
            item("CEN-CLC-JTC21", "EN ISO/IEC 23053:2023/A1"),
            item("ISO-IEC-JTC1", "ISO/IEC 23053:2022/Amd 1"),
            "same number",
        ),
        (
            item("CEN-CLC-JTC21", "EN ISO/IEC 23053:2023/A1"),
            item("ISO-IEC-JTC1", "ISO/IEC 23053"),
            "amendment of the same text",
        ),
        (
            item("ISO-IEC-JTC1", "ISO/IEC 27033-1"),
            item("ISO-IEC-JTC1", "ISO/IEC 27033-2"),
            "part of the same document",
        ),
        (
            item("ITU-T", "X.1901", "Age assurance systems - Part 1: Framework for online services"),
            item("ISO-IEC-JTC1", "27566-1", "Age assurance systems — Part 1: Framework for online services"),
            "equal title",
        ),
    ],
)
def test_one_text(left: Item, right: Item, rule: str) -> None:
    there, back = same_text(left, right), same_text(right, left)
    assert there is not None
    assert back is not None
    assert there.rule == back.rule == rule


@pytest.mark.parametrize(
    ("left", "right"),
    [
        # ETSI's own series: TS 103 xxx and TS 104 xxx are no series of 3GPP.
        (item("ETSI", "TS 104 223"), item("3GPP", "TS 04.223")),
        (item("ETSI", "TS 128 105"), item("3GPP", "TS 28.104")),
        (item("ETSI", "TR 128 105"), item("3GPP", "TS 28.105")),
        (item("ETSI", "TS 136 521-1"), item("3GPP", "TS 36.521-2")),
        (item("CEN", "EN ISO/IEC 27033-1"), item("ISO-IEC-JTC1", "ISO/IEC 27033-2")),
        (item("3GPP", "TS 22.989"), item("ISO-IEC-JTC1", "ISO/IEC 22989")),
        # What stands before a dash is not always a document.
        (item("ITU-T", "X.1811"), item("ITU-T", "Y.3172")),
        (item("ETSI", "SAI-014"), item("ETSI", "SAI-006")),
        # Too little to be one text by.
        (item("ETSI", "GR ENI 004", "Terminology"), item("ITU-T", "Y.3500", "Terminology")),
        (item("ETSI", "A", ""), item("ITU-T", "B", "")),
    ],
)
def test_not_one_text(left: Item, right: Item) -> None:
    assert same_text(left, right) is None
    assert same_text(right, left) is None
