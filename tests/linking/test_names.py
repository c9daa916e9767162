"""Names of organisations: the rules one by one. How well they do on real names: test_labelled.py."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sdograph.linking import Linker, MemoryIndex, Registry, UnknownOrganization, split_parties
from sdograph.linking.names import fold, glue, outside_parentheses
from sdograph.model import Body, Group


@pytest.mark.parametrize(
    ("text", "context", "on", "key", "confidence"),
    [
        # the official or short name with its body's
        ("3GPP SA3", None, None, "group/3GPP-SA3", 1.0),
        ("ITU-T Study Group 17", None, None, "group/ITU-T-SG17", 1.0),
        ("3rd Generation Partnership Project", None, None, "body/3GPP", 1.0),
        # by pattern
        ("3GPP TSG SA WG3", None, None, "group/3GPP-SA3", 0.95),
        ("3GPP SA", None, None, "group/3GPP-SA", 0.95),
        ("SAI ISG of ETSI", None, None, "group/ETSI-ISG-SAI", 0.95),
        ("ISO/IEC SC 42", None, None, "group/ISO-IEC-JTC1-SC42", 0.95),
        ("ITU SG17", None, None, "group/ITU-T-SG17", 0.95),
        # the body from the context
        ("SA", "3GPP", None, "group/3GPP-SA", 0.9),
        ("SA", "3GPP-RAN2", None, "group/3GPP-SA", 0.9),
        ("NG", "GSMA", None, "group/GSMA-NG", 0.9),
        ("WG5", "3GPP-SA3", None, "group/3GPP-SA5", 0.9),
        ("Q15", "ITU-T-SG17", None, "group/ITU-T-Q15-17", 0.9),
        # a name without a number in another sector of the body
        ("RAG", "ITU", None, "group/ITU-R-RAG", 0.8),
        ("RAG", "ITU-T-SG17", None, "group/ITU-R-RAG", 0.8),
        # in French and Spanish
        ("UIT-T", None, None, "body/ITU-T", 1.0),
        ("UIT-R", None, None, "body/ITU-R", 1.0),
        ("Commission d\u2019\u00e9tudes 13 de l\u2019UIT-T", None, None, "group/ITU-T-SG13", 1.0),
        ("Comisi\u00f3n de Estudio 17", "ITU-T", None, "group/ITU-T-SG17", 0.9),
        ("UIT-R Groupe de travail 5A", None, None, "group/ITU-R-WP5A", 1.0),
        ("Grupo de Trabajo 5D", "ITU-R", None, "group/ITU-R-WP5D", 0.9),
        ("ISO/CEI JTC 1/SC 42", None, None, "group/ISO-IEC-JTC1-SC42", 1.0),
        ("WG 4", "ISO-IEC-JTC1-SC27", None, "group/ISO-IEC-JTC1-SC27-WG4", 0.9),
        # a short name that one group of the registry bears
        ("SA3", None, None, "group/3GPP-SA3", 0.8),
        ("TSG-SA WG2", None, None, "group/3GPP-SA2", 0.8),
        ("Q15/17", None, None, "group/ITU-T-Q15-17", 0.8),
        ("SC 27/WG 4", None, None, "group/ISO-IEC-JTC1-SC27-WG4", 0.8),
        # what it does, within its body
        ("Experiential Networked Intelligence", "ETSI", None, "group/ETSI-ISG-ENI", 0.9),
        ("ETSI Securing Artificial Intelligence TC", None, None, "group/ETSI-TC-SAI", 0.95),
        # by the former name that it says
        ("Interworking with external networks (formerly CN3)", "ETSI", None, "group/3GPP-CT3", 0.9),
        # what it does behind the name
        ("3GPP SA3 Security", None, None, "group/3GPP-SA3", 0.9),
    ],
)
def test_confidence_by_rule(
    linker: Linker, text: str, context: str | None, on: str | None, key: str, confidence: float
) -> None:
    link = linker.organization(text, on=on, context=context)
    assert (link.target, link.confidence) == (key, confidence)


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("SC 2", {"group/ISO-IEC-JTC1-SC2", "group/ISO-TC68-SC2"}),
        (
            "WG2",
            {f"group/{g}" for g in ("3GPP-SA2", "3GPP-RAN2", "5GAA-WG2", "O-RAN-WG2", "CEN-CLC-JTC21-WG2")},
        ),
        ("NG", {"group/GSMA-NG"}),
        ("TSG", {"group/GSMA-TSG"}),
        ("SA", {"group/3GPP-SA"}),
        ("SG5", {"group/ITU-T-SG5"}),
        ("RAG", {"group/ITU-R-RAG"}),
        ("SAI", {"group/ETSI-ISG-SAI", "group/ETSI-TC-SAI"}),
        ("Security Work Group", {"group/O-RAN-WG11"}),
        ("5GAA WG7", {"body/5GAA"}),
        ("ETSI TC RRS", {"body/ETSI"}),
        ("ITU-T SG15 Question 99", {"group/ITU-T-SG15"}),
        ("3GPP CN1", {"group/3GPP-CT1"}),
        ("3GPP N1", {"group/3GPP-CT1"}),
        ("3GPP NP", {"group/3GPP-CT"}),
        ("Securing Artificial Intelligence", {"group/ETSI-ISG-SAI", "group/ETSI-TC-SAI"}),
        ("Security and Privacy", set()),
        ("Networks (formerly known)", set()),
        ("Nokia", set()),
        ("", set()),
    ],
)
def test_what_is_vague_stays_unresolved(linker: Linker, text: str, candidates: set[str]) -> None:
    link = linker.organization(text)
    assert link.target is None
    assert link.confidence == 0.0
    assert set(link.candidates) == candidates


@pytest.mark.parametrize(
    ("text", "on", "key"),
    [
        ("ETSI SAI", "2023-09-18", "group/ETSI-ISG-SAI"),
        ("ETSI SAI", "2023-12-03", "group/ETSI-ISG-SAI"),
        ("ETSI SAI", "2023-12-04", "group/ETSI-TC-SAI"),
        ("ETSI SAI", "2024", "group/ETSI-TC-SAI"),
        ("ETSI SAI", "2023-12", None),  # the change was within that month
        ("ETSI SAI", "2023", None),
        ("ETSI ISG SAI", "2024-05-01", "group/ETSI-ISG-SAI"),  # out of force, and nobody else bears the name
        ("ETSI TC SAI", "2023-09-18", "group/ETSI-TC-SAI"),
        ("ITU-T SG16", "2026-01", "group/ITU-T-SG16"),
    ],
)
def test_names_are_read_as_of_their_date(linker: Linker, text: str, on: str, key: str | None) -> None:
    assert linker.organization(text, on=on).target == key


def test_unknown_context_is_an_error_of_the_call(linker: Linker) -> None:
    with pytest.raises(UnknownOrganization) as raised:
        linker.organization("SA", context="3GGP")
    assert "3GPP" in (raised.value.hint or "")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("TSG-SA WG 3", "tsg sa wg3"),
        ("JTC 1/SC 42", "JTC1 SC42"),
        ("Core Network & Terminals", "core network and terminals"),
        ("ＳＡ３", "SA3"),
    ],
)
def test_spellings_fold_to_one_form(left: str, right: str) -> None:
    assert fold(left) == fold(right)


def test_numbers_do_not_run_together() -> None:
    assert fold("Q1/17") != fold("Q11/7")
    assert glue(fold("JTC 1"), fold("3GPP")) == fold("JTC 1 3GPP")


@pytest.mark.parametrize(
    ("text", "name", "remarks"),
    [
        ("SA WG3 (security) ", "SA WG3", ("security",)),
        ("A (b (c)) d", "A d", ("b (c)",)),
        ("(ccamp)", "ccamp", ()),
        ("SA3 (security", "SA3", ("security",)),
        ("SA3)", "SA3)", ()),
    ],
)
def test_remarks_in_parentheses(text: str, name: str, remarks: tuple[str, ...]) -> None:
    assert outside_parentheses(text) == (name, remarks)


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        ("3GPP SA, RAN, RAN3, RAN2", ["3GPP SA", "RAN", "RAN3", "RAN2"]),
        ("SA3 and SA5", ["SA3", "SA5"]),
        ("RAN3, CT4 & SA2", ["RAN3", "CT4", "SA2"]),
        ("ITU-T SG13/SG17", ["ITU-T SG13", "SG17"]),
        ("3GPP SA/RAN/CT", ["3GPP SA", "RAN", "CT"]),
        ("SA WG3/WG5", ["SA WG3", "WG5"]),
        ("TC CYBER/TC SAI", ["TC CYBER", "TC SAI"]),
        (
            "3GPP TSG SA\n3GPP TSG SA WG3 (security) \n"
            "3GPP TSG SA WG5 (Management, Orchestration and Charging)",
            [
                "3GPP TSG SA",
                "3GPP TSG SA WG3 (security)",
                "3GPP TSG SA WG5 (Management, Orchestration and Charging)",
            ],
        ),
        ("ITU-T SG13; ITU-T SG17; ITU-R", ["ITU-T SG13", "ITU-T SG17", "ITU-R"]),
        ("opsawg, teas, ccamp", ["opsawg", "teas", "ccamp"]),
        ("IETF and Broadband Forum", ["IETF", "Broadband Forum"]),
        ("• ETSI TC SAI\n• ISO/IEC JTC 1/SC 27", ["ETSI TC SAI", "ISO/IEC JTC 1/SC 27"]),
        # one party, however it looks
        ("ISO/IEC JTC 1/SC 27/WG 4", ["ISO/IEC JTC 1/SC 27/WG 4"]),
        ("Q15/17", ["Q15/17"]),
        ("CEN/CLC/JTC 21", ["CEN/CLC/JTC 21"]),
        ("GSMA NG/GERI", ["GSMA NG/GERI"]),
        (
            "Telecommunications Standards Development Society, India",
            ["Telecommunications Standards Development Society, India"],
        ),
        ("TSG Service and System Aspects", ["TSG Service and System Aspects"]),
        ("Management, Orchestration and Charging", ["Management, Orchestration and Charging"]),
        # nobody
        ("none", []),
        ("n/a", []),
        ("-", []),
        ("", []),
    ],
)
def test_lists_of_parties(text: str, parties: list[str]) -> None:
    assert split_parties(text) == parties


def test_official_names_are_not_taken_apart(registry: Registry) -> None:
    for organization in registry:
        if organization.id not in ("IETF-LAMPS",):  # "… for PKIX and SMIME" does look like two parties
            assert split_parties(organization.name) == [organization.name]


def test_every_official_name_beside_its_body_leads_to_its_bearer(registry: Registry, linker: Linker) -> None:
    for organization in registry:
        key = registry.key(organization.id)
        if isinstance(organization, Body):
            assert linker.organization(organization.name).target == key
            continue
        body = registry.organization(organization.bodies[0])
        context = organization.parents[0] if organization.parents else body.id
        assert linker.organization(organization.name, on=organization.begin, context=context).target == key
        assert (
            linker.organization(organization.short_name, on=organization.begin, context=context).target == key
        )


def test_a_registry_whose_parents_run_in_a_circle_or_are_missing_still_links() -> None:
    body = Body(id="X", name="X Body", short_name="X", kind="sdo", parents=("nowhere",))
    one = Group(id="X-A", bodies=("X",), name="TC A", short_name="TC ABCD", kind="TC", parents=("X-B",))
    two = Group(id="X-B", bodies=("X",), name="WG 1", short_name="WG 1", kind="WG", parents=("X-A", "gone"))
    linker = Linker(Registry.from_records([body, one, two]), MemoryIndex([]))
    assert linker.organization("X TC ABCD").target == "group/X-A"
    assert linker.organization("WG 1", context="X").target == "group/X-B"


NAME_LIKE = st.one_of(
    st.text(max_size=400),
    st.lists(
        st.sampled_from(
            ["3GPP", "TSG", "SA", "WG3", "ITU-T", "SG17", "Q15/17", "(", ")", "/", ",", " and ", " of ", "\n",
             "ETSI", "SAI", "ISG", "JTC 1", "SC 42", "5", "٣", "ß", "İ", "\x00"]
        ),
        max_size=30,
    ).map(" ".join),
)  # fmt: skip


@given(
    NAME_LIKE,
    st.sampled_from([None, "3GPP", "ITU-T-SG17", "TSAG"]),
    st.sampled_from([None, "2023", "2023-09-18"]),
)
@example("((((", None, None)
@example("of of of", "3GPP", "2023")
def test_any_text_is_linked_or_left_unresolved(
    linker: Linker, text: str, context: str | None, on: str | None
) -> None:
    link = linker.organization(text, on=on, context=context)
    assert (link.target is None) == (link.confidence == 0.0)
    assert link.target not in link.candidates
    assert link == linker.organization(text, on=on, context=context)


@given(NAME_LIKE)
def test_splitting_loses_no_word(text: str) -> None:
    for party in split_parties(text):
        assert party in text
