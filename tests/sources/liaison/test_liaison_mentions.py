"""Codes in running text: what is one, what only looks like one, and what the text says beside it."""

from __future__ import annotations

import pytest

from sdograph.sources.liaison.mentions import Mention, mentions
from sdograph.sources.liaison.sheet import Line

SENDER = "ETSI ISG SAI (Securing Artificial Intelligence)"


def found(*lines: str, sender: str = SENDER, known: tuple[str, ...] = ()) -> list[Mention]:
    return list(
        mentions([Line(text, f"line {n}") for n, text in enumerate(lines, 1)], sender=sender, known=known)
    )


def codes(*lines: str, sender: str = SENDER) -> list[str]:
    return [mention.reference.text for mention in found(*lines, sender=sender)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the study FS_AIML.", ["FS_AIML"]),
        ("FS_NR_AIML_air, FS_5G-SRVCC and FS_eNA_Ph2", ["FS_NR_AIML_air", "FS_5G-SRVCC", "FS_eNA_Ph2"]),
        ("FS_AIML/FS_eNA", ["FS_AIML", "FS_eNA"]),
        ("FS_AIML-related security", ["FS_AIML"]),
        ("eNA_Ph3_SEC and NR_newRAT-Core", ["eNA_Ph3_SEC", "NR_newRAT-Core"]),
        ("under the 5GS_Ph1 work item", ["5GS_Ph1"]),
        ("eSCAS_5G", ["eSCAS_5G"]),
        ("SAI-014 and SAI-003", ["SAI-014", "SAI-003"]),
        ("ETSI ISG ENI has ENI-034", ["ENI-034"]),
        ("DTS/SAI-0014 and RGS/NFV-IFA011ed431", ["DTS/SAI-0014", "RGS/NFV-IFA011ed431"]),
        ("see TS 33.501 and 3GPP TR 23.700-80", ["TS 33.501", "3GPP TR 23.700-80"]),
        ("TS 23.501, 23.502 and 23.503 apply", ["TS 23.501", "TS 23.502", "TS 23.503"]),
        ("TS33.501", ["TS33.501"]),
        ("ETSI GR SAI 004 and DGR/SAI-003", ["ETSI GR SAI 004", "DGR/SAI-003"]),
        ("ETSI TS 104 223 and EN 303 645", ["ETSI TS 104 223", "EN 303 645"]),
        ("ITU-T Y.3172, X.1238 and ITU-T Rec. G.694.1", ["ITU-T Y.3172", "X.1238", "ITU-T Rec. G.694.1"]),
        ("ITU-R M.2160-0", ["ITU-R M.2160-0"]),
        ("ISO/IEC 27090 and ISO/IEC TR 24028:2020", ["ISO/IEC 27090", "ISO/IEC TR 24028:2020"]),
        ("part 3-3 of IEC 62443-3-3", ["IEC 62443-3-3"]),
        ("RFC 8446 and draft-ietf-tls-esni-18", ["RFC 8446", "draft-ietf-tls-esni-18"]),
    ],
)  # fmt: skip
def test_codes(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Network as a service, end-to-end and AI-related work",
        "AES-128, SHA-256, HMAC-SHA-256, TR-069 and COVID-019",
        "ENI-034 of a group that nobody names",
        "RRC_INACTIVE and RRC_CONNECTED states",
        "Npcf_PolicyAuthorization and Nnef_PFDManagement_Subscribe",
        "the fields session_id and max_size",
        "https://www.3gpp.org/ftp/tsg_sa/WG3_Security/TSGS3_115_Athens/Docs/S3-241234.zip",
        "3GPP_TSG_SA_WG3@list.example.org",
        "the file S3-241234_LS_on_AIML_v2.docx",
        "S2-1812758, S5-186491/S2-189049 and ENI(24)000123r2",
        "Annex A.101, clause B.100 and Figure C.1",
        "version 18.1.0 of 2023-09-18, +33 4 92 94 42 00",
        "3GPP SA3, SA WG5, ITU-T SG13, ISO/IEC JTC 1/SC 42 and TC CYBER",
        "3GPP Rel-18/Rel-19, Release 20, IMT-2020",
    ],
)
def test_what_only_looks_like_a_code(text: str) -> None:
    assert codes(text, sender="3GPP SA2") == []


def test_each_code_once_whatever_its_prefix() -> None:
    assert codes("3GPP TS 33.501", "TS 33.501 and TS  33.501", "FS_AIML", "FS_AIML") == [
        "3GPP TS 33.501",
        "FS_AIML",
    ]


def test_codes_of_the_head_are_not_repeated() -> None:
    assert found("FS_eNA and FS_AIML", known=("FS_eNA",))[0].reference.text == "FS_AIML"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("SAI-014 Study Item, \u201cAI in telecoms, secured\u201d aims", "AI in telecoms, secured"),
        ('the item "AI in telecoms, secured" (SAI-014)', "AI in telecoms, secured"),
        ("- Study on AI in telecoms (SAI-014)", "Study on AI in telecoms"),
        ("\u2022\tStudy on AI - phase 3\tSAI-014", "Study on AI - phase 3"),
        ("SAI-014\tStudy on AI in telecoms", "Study on AI in telecoms"),
        ("SAI-014: Study on AI in telecoms", "Study on AI in telecoms"),
        ("1) SAI-014 \u2013 Study on AI in telecoms", "Study on AI in telecoms"),
        ("we began SAI-014 last year, \u201cAI in telecoms\u201d came later", None),
        ("the group has begun (SAI-014)", None),
        ("The group has begun. It is called (SAI-014)", None),
        ("SAI-014", None),
    ],
)
def test_titles_beside_a_code(text: str, title: str | None) -> None:
    (mention,) = found(text)
    assert mention.reference.title == title


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("SAI-014 Study Item, “AI in telecoms, secured” aims", "Study Item"),
        ("SAI-014 (study item)", "study item"),
        ("the study item SAI-014 aims", "study item"),
        ("SAI-014, “AI in telecoms, secured”", None),
        ("a study item like SAI-014", None),
        ("SAI-014 is older than the study item", None),
        ("SAI-014 work item", None),
    ],
)
def test_a_study_item_is_called_one_right_beside_its_code(text: str, called: str | None) -> None:
    (mention,) = found(text)
    assert mention.reference.called == called


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("the SA3 study FS_AIML", "SA3"),
        ("3GPP SA WG3's study item FS_AIML", "3GPP SA WG3"),
        ("FS_AIML in 3GPP SA3", "3GPP SA3"),
        ("SA2 refers SA5 to section 5 of TR 23.791", None),
        ("3GPP TS 33.501", "3GPP"),
        ("ETSI GR SAI 004", "ETSI"),
        ("ISG SAI has SAI-014", SENDER),
    ],
)
def test_whose_an_item_is_only_where_the_words_say_so(text: str, context: str | None) -> None:
    (mention,) = found(text)
    assert mention.reference.context == context


def test_an_introduction_attributes_the_list_below_it_and_no_more() -> None:
    contexts = {
        m.reference.text: m.reference.context
        for m in found(
            "The following study items in 3GPP SA3 address this:",
            "\u2022\tStudy on one thing\tFS_ONE",
            "- Study on another (FS_TWO)",
            "And this is not in the list: FS_THREE",
            "- nor is this, FS_FOUR",
        )
    }
    assert contexts == {"FS_ONE": "3GPP SA3", "FS_TWO": "3GPP SA3", "FS_THREE": None, "FS_FOUR": None}


def test_the_words_around_a_code_are_its_evidence() -> None:
    (mention,) = found("word " * 40 + "about TR 23.791 and more " + "word " * 40)
    assert "about TR 23.791 and more" in mention.words
    assert len(mention.words) < 200
