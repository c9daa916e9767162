"""Whole liaison statements: parties in their lists, items, releases, replies, and the key."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import (
    OWN_ITEM,
    LiaisonStatement,
    Record,
    Reference,
    ReferenceKind,
    RequestedAction,
    Specification,
    WorkItem,
)


def refer(
    text: str, field: str, kind: ReferenceKind, *, title: str | None = None, context: str | None = None
) -> Reference:
    return Reference(text=text, field=field, kind=kind, title=title, context=context)


def parties(field: str, *names: str) -> tuple[Reference, ...]:
    return tuple(refer(name, field, "organization") for name in names)


def asked(*names: str) -> RequestedAction:
    return RequestedAction(addressees=parties("action", *names), text="asks to answer", locator="line 1")


FOUNDING = LiaisonStatement(
    layout="etsi",
    title="LS to SA, SA3 and SA5 on potential collaboration between 3GPP SA3/SA5 and ETSI SAI ISG",
    date="2023-09-18",
    sender=parties("sender", "ETSI ISG SAI (Securing Artificial Intelligence)"),
    to=parties(
        "to",
        "3GPP TSG SA",
        "3GPP TSG SA WG3 (security)",
        "3GPP TSG SA WG5 (Management, Orchestration and Charging)",
    ),
    cc=parties("cc", "ITU-T SG13", "ITU-T SG17", "ITU-R"),
    releases=(refer("Rel-18", "release", "release", context="3GPP"), refer("Rel-19", "release", "release")),
    mentions=(
        refer("SAI-014", "mention", "item", title="Security aspects of AI/ML", context="ETSI ISG SAI"),
        refer("FS_NR_AIML_NGRAN_SEC", "mention", "item", context="3GPP SA3"),
        refer("FS_AIML", "mention", "item", context="3GPP SA3"),
        refer("eNA_Ph3_SEC", "mention", "item", title="Security aspects of enablers", context="3GPP SA3"),
    ),
    actions=(asked("SA"), asked("SA3", "SA5")),
)


def targets(references: tuple[Reference, ...]) -> list[str | None]:
    return [r.target for r in references]


def test_the_founding_statement(linker: Linker) -> None:
    linked = linker.link(FOUNDING)
    assert targets(linked.sender) == ["group/ETSI-ISG-SAI"]
    assert targets(linked.to) == ["group/3GPP-SA", "group/3GPP-SA3", "group/3GPP-SA5"]
    assert targets(linked.cc) == ["group/ITU-T-SG13", "group/ITU-T-SG17", "body/ITU-R"]
    assert targets(linked.releases) == ["release/3GPP/Rel-18", "release/3GPP/Rel-19"]
    assert [targets(a.addressees) for a in linked.actions] == [
        ["group/3GPP-SA"],
        ["group/3GPP-SA3", "group/3GPP-SA5"],
    ]
    own, deleted, study, unknown = linked.mentions
    assert (own.target, own.rule, own.confidence) == ("work-item/ETSI/SAI-014", OWN_ITEM, 0.95)
    assert (deleted.target, deleted.confidence) == ("work-item/3GPP/FS_NR_AIML_NGRAN_SEC", 1.0)
    assert (study.target, study.confidence) == ("work-item/3GPP/FS_AIML", 1.0)
    assert (unknown.target, unknown.candidates) == (None, ("work-item/3GPP/FS_eNA_SEC_Ph3",))
    assert linked.key is not None
    assert linked.key.startswith("liaison-statement/ETSI/ETSI-ISG-SAI-2023-09-18-")


def test_linking_again_gives_the_same(linker: Linker) -> None:
    linked = linker.link(FOUNDING)
    assert linker.link(linked) == linked


def test_nothing_but_links_changes(linker: Linker) -> None:
    linked = linker.link(FOUNDING)
    for before, after in zip(FOUNDING.references(), linked.references(), strict=True):
        assert replace(after, target=None, candidates=(), confidence=0.0, rule="unlinked") == before
    assert (linked.title, linked.date, linked.purposes) == (FOUNDING.title, FOUNDING.date, FOUNDING.purposes)


def test_a_body_said_once_holds_for_the_list(linker: Linker) -> None:
    statement = replace(
        FOUNDING,
        sender=parties("sender", "GSMA NG"),
        to=parties("to", "3GPP SA, plenary", "RAN", "RAN3", "CT"),
        cc=parties("cc", "CT", "Q15/17", "ITU-T SG13"),
    )
    linked = linker.link(statement)
    assert targets(linked.to) == ["group/3GPP-SA", "group/3GPP-RAN", "group/3GPP-RAN3", "group/3GPP-CT"]
    assert [r.confidence for r in linked.to[1:]] == [0.9, 0.9, 0.9]
    assert targets(linked.cc) == ["group/3GPP-CT", "group/ITU-T-Q15-17", "group/ITU-T-SG13"]
    assert linked.cc[1].confidence == 0.9  # ITU-T is said behind it


def test_the_nearest_party_before_says_the_body(linker: Linker) -> None:
    linked = linker.link(
        replace(FOUNDING, to=parties("to", "3GPP SA", "GSMA 5GJA", "TSG", "O-RAN WG11", "WG2"))
    )
    assert targets(linked.to)[2:] == ["group/GSMA-TSG", "group/O-RAN-WG11", "group/O-RAN-WG2"]


def test_bare_names_without_anyone_of_their_body_stay_unresolved(linker: Linker) -> None:
    linked = linker.link(replace(FOUNDING, to=parties("to", "SA", "NG"), cc=parties("cc", "IETF")))
    assert targets(linked.to) == [None, None]
    assert [r.candidates for r in linked.to] == [("group/3GPP-SA",), ("group/GSMA-NG",)]
    assert [r.text for r in linked.to] == ["SA", "NG"]


def test_the_sender_says_the_body_of_its_addressees(linker: Linker) -> None:
    statement = replace(FOUNDING, sender=parties("sender", "3GPP SA2"), to=parties("to", "SA"), cc=())
    assert targets(linker.link(statement).to) == ["group/3GPP-SA"]


def test_an_action_is_asked_of_a_party_of_the_statement(linker: Linker) -> None:
    statement = replace(
        FOUNDING, to=parties("to", "CEN/CLC/JTC 21/WG 2"), cc=(), actions=(asked("WG 2"), asked("ETSI"))
    )
    first, second = linker.link(statement).actions
    assert targets(first.addressees) == ["group/CEN-CLC-JTC21-WG2"]
    assert targets(second.addressees) == ["body/ETSI"]


# --- items


def item_of(linker: Linker, reference: Reference) -> Reference:
    return linker.link(replace(FOUNDING, mentions=(reference,))).mentions[0]


def test_a_code_without_attribution_is_less_sure(linker: Linker) -> None:
    found = item_of(linker, refer("FS_AIML", "mention", "item"))
    assert (found.target, found.confidence) == ("work-item/3GPP/FS_AIML", 0.9)


def test_a_specification_is_an_item_too(linker: Linker) -> None:
    found = item_of(linker, refer("3GPP TR 33.898", "mention", "item"))
    assert found.target == "specification/3GPP/TR-33.898"


def test_the_code_of_another_body_is_a_candidate_only(linker: Linker) -> None:
    found = item_of(linker, refer("FS_AIML", "mention", "item", context="ITU-T-SG17"))
    assert (found.target, found.candidates) == (None, ("work-item/3GPP/FS_AIML",))


def test_two_bodies_with_one_code_need_attribution(registry: Registry, records: list[Record]) -> None:
    twin = WorkItem(body="ETSI", code="FS_AIML", title="Another", kind="work-item")
    linker = Linker(registry, MemoryIndex.from_records([*records, twin]))
    found = item_of(linker, refer("FS_AIML", "mention", "item"))
    assert (found.target, found.candidates) == (None, ("work-item/3GPP/FS_AIML", "work-item/ETSI/FS_AIML"))
    assert (
        item_of(linker, refer("FS_AIML", "mention", "item", context="3GPP")).target
        == "work-item/3GPP/FS_AIML"
    )


def test_an_item_of_the_committee_is_not_the_study_of_the_former_group(
    registry: Registry, records: list[Record]
) -> None:
    other = WorkItem(body="ETSI", code="DTS/SAI-0014", title="Baseline requirements", kind="work-item")
    linker = Linker(registry, MemoryIndex.from_records([*records, other]))
    own = linker.link(FOUNDING).mentions[0]
    assert (own.target, own.candidates) == ("work-item/ETSI/SAI-014", ())
    untitled = item_of(linker, refer("SAI-014", "mention", "item", context="ETSI-ISG-SAI"))
    assert (untitled.target, untitled.candidates) == (None, ())


def test_an_item_that_a_statement_made_stays_made_by_it(registry: Registry, records: list[Record]) -> None:
    """Reading the statement again, when the graph already knows the item from it, must not lose the item."""
    made = WorkItem(body="ETSI", code="SAI-014", title="Security aspects of AI/ML", kind="work-item")
    linker = Linker(registry, MemoryIndex.from_records([*records, made]))
    assert linker.link(FOUNDING).mentions[0].rule == OWN_ITEM


def test_items_that_share_a_code_are_its_candidates_and_no_others(
    registry: Registry, records: list[Record]
) -> None:
    studies = [
        WorkItem(body="3GPP", code=code, title=None, kind="study-item", alt_codes=("FS_PIN",))
        for code in ("880041", "940065")
    ]
    work = WorkItem(body="3GPP", code="PIN", title=None, kind="work-item")
    linker = Linker(registry, MemoryIndex.from_records([*records, *studies, work]))
    found = item_of(linker, refer("FS_PIN", "mention", "item", context="3GPP"))
    assert (found.target, found.candidates) == (None, ("work-item/3GPP/880041", "work-item/3GPP/940065"))


def test_a_document_bears_its_own_number_before_the_work_on_it(registry: Registry) -> None:
    text = Specification(body="ITU-T", number="X.1901", title="Age assurance systems")
    work = WorkItem(body="ITU-T", code="X.aas", title=None, kind="work-item", alt_codes=("X.1901",))
    linker = Linker(registry, MemoryIndex.from_records([text, work]))
    found = item_of(linker, refer("X.1901", "mention", "item", context="ITU-T"))
    assert (found.target, found.rule) == ("specification/ITU-T/X.1901", "the document's own number")
    assert item_of(linker, refer("X.aas", "mention", "item")).target == "work-item/ITU-T/X.aas"
    twin = replace(text, body="ISO")
    strangers = Linker(registry, MemoryIndex.from_records([twin, work]))
    assert item_of(strangers, refer("X.1901", "mention", "item")).target is None, "work of another body"


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("NIST AI 100-1 (AI RMF 1.0)", "specification/NIST/NIST-AI-100-1"),
        ("NIST AI 100-1 (Part 2)", None),
        ("NIST AI 100-1 (Amd 1)", None),
        ("NIST AI 100-9 (AI RMF 1.0)", None),
        # As a whole it is the code of something else.
        ("Q.AI (rev)", "specification/NIST/Q.AI-rev"),
    ],
)
def test_a_remark_behind_a_whole_code_is_disregarded(
    registry: Registry, text: str, target: str | None
) -> None:
    numbers = ("NIST AI 100-1", "Q.AI", "Q.AI (rev)")
    known = [Specification(body="NIST", number=number, title=None) for number in numbers]
    linker = Linker(registry, MemoryIndex.from_records(known))
    found = item_of(linker, refer(text, "item", "item", context="NIST"))
    assert found.target == target
    if text.startswith("NIST") and target:
        assert (found.confidence, found.rule) == (0.9, "code within its body, without the remark behind it")


def test_only_its_own_group_makes_an_item(linker: Linker) -> None:
    found = item_of(linker, refer("NEW_ITEM", "mention", "item", title="New", context="3GPP-SA3"))
    assert found.target is None


# --- releases and documents


@pytest.mark.parametrize(
    ("text", "context", "target", "confidence"),
    [
        ("Rel-18", "3GPP", "release/3GPP/Rel-18", 1.0),
        ("3GPP Release 18", None, "release/3GPP/Rel-18", 1.0),
        ("Release 18", None, "release/3GPP/Rel-18", 0.95),  # addressees are 3GPP's
        ("rel-18", "3GPP-SA3", "release/3GPP/Rel-18", 1.0),
        ("R2000", "3GPP", "release/3GPP/R2000", 1.0),
        ("2022-2024", "ITU-T", "study-period/ITU-T/2022-2024", 1.0),
        ("Rel-18", "GSMA", None, 0.0),
        ("Rel-77", "3GPP", None, 0.0),
    ],
)
def test_releases(
    linker: Linker, text: str, context: str | None, target: str | None, confidence: float
) -> None:
    statement = replace(FOUNDING, releases=(refer(text, "release", "release", context=context),))
    (found,) = linker.link(statement).releases
    assert (found.target, found.confidence) == (target, confidence)


def test_a_release_among_strangers_is_a_candidate_only(linker: Linker) -> None:
    statement = replace(
        FOUNDING,
        to=parties("to", "oneM2M"),
        cc=(),
        releases=(refer("Release 4", "release", "release"),),
    )
    (found,) = linker.link(statement).releases
    assert (found.target, found.candidates) == (None, ("release/3GPP/Rel-4",))


@pytest.mark.parametrize(
    ("text", "target", "confidence"),
    [
        ("S5-186491", "liaison-statement/3GPP/S5-186491", 0.95),
        ("S5- 186491", "liaison-statement/3GPP/S5-186491", 0.95),
        ("SP-231234", "liaison-statement/3GPP/SP-231234", 0.95),
        ("SG17-LS123", "liaison-statement/ITU-T/SG17-LS123", 0.9),
        ("SAI(22)018007r1", "liaison-statement/ETSI/SAI-22-018007r1", 0.9),
        ("RRS(18)000529r1", None, 0.0),  # of ETSI, by a group that the registry does not hold
        ("COM17-LS5", "liaison-statement/ITU-T/COM17-LS5", 0.9),
        ("XYZ-LS5", None, 0.0),
    ],
)
def test_replies(linker: Linker, text: str, target: str | None, confidence: float) -> None:
    statement = replace(FOUNDING, in_reply_to=(refer(text, "in_reply_to", "document"),))
    (found,) = linker.link(statement).in_reply_to
    assert (found.target, found.confidence) == (target, confidence)


@pytest.mark.parametrize("number", ["S3-251218", "S5-186491"])
def test_a_number_is_linked_alike_whether_its_document_was_read_before_or_not(
    linker: Linker, registry: Registry, records: list[Record], number: str
) -> None:
    answered = linker.link(replace(FOUNDING, sender=parties("sender", "3GPP SA3"), number=number))
    later = Linker(registry, MemoryIndex.from_records([*records, answered]))
    reply = replace(FOUNDING, in_reply_to=(refer(number, "in_reply_to", "document"),))
    assert answered.number == number
    assert linker.link(reply).in_reply_to == later.link(reply).in_reply_to


def test_a_number_that_a_receiver_gave_leads_to_the_statement(
    linker: Linker, registry: Registry, records: list[Record]
) -> None:
    known = linker.link(
        replace(
            FOUNDING,
            sender=parties("sender", "3GPP CT4"),
            number="C4-244497",
            received_numbers=("S3-251218",),
        )
    )
    again = Linker(registry, MemoryIndex.from_records([*records, known]))
    statement = replace(FOUNDING, in_reply_to=(refer("S3-251218", "in_reply_to", "document"),))
    (found,) = again.link(statement).in_reply_to
    assert (found.target, found.confidence) == ("liaison-statement/3GPP/C4-244497", 0.95)


def test_two_numbers_are_two_candidates(linker: Linker) -> None:
    statement = replace(FOUNDING, in_reply_to=(refer("S2-189049/S5-186491", "in_reply_to", "document"),))
    (found,) = linker.link(statement).in_reply_to
    assert found.target is None
    assert set(found.candidates) == {
        "liaison-statement/3GPP/S2-189049",
        "liaison-statement/3GPP/S5-186491",
    }


# --- keys


@pytest.mark.parametrize(
    ("sender", "number", "key"),
    [
        ("3GPP SA2", "S2-1812758", "liaison-statement/3GPP/S2-1812758"),
        ("ITU-T SG17", "SG17-LS12", "liaison-statement/ITU-T/SG17-LS12"),
        ("Acme", "LS 7", "liaison-statement/unknown/LS-7"),
        ("Acme", "S2-1812758", "liaison-statement/3GPP/S2-1812758"),
    ],
)
def test_key_by_number(linker: Linker, sender: str, number: str, key: str) -> None:
    assert linker.link(replace(FOUNDING, sender=parties("sender", sender), number=number)).key == key


def test_key_without_number_holds_across_spellings(linker: Linker) -> None:
    other = replace(
        FOUNDING,
        sender=parties("sender", "ETSI SAI ISG"),
        title=FOUNDING.title.upper().replace(" ", "  "),
    )
    assert linker.link(other).key == linker.link(FOUNDING).key
    assert linker.link(replace(FOUNDING, date="2023-09-19")).key != linker.link(FOUNDING).key


def test_key_of_an_unknown_sender(linker: Linker) -> None:
    linked = linker.link(replace(FOUNDING, sender=parties("sender", "Acme Forum")))
    assert linked.key is not None
    assert linked.key.startswith("liaison-statement/unknown/Acme-Forum-2023-09-18-")


SOME_TEXT = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["SA", "3GPP SA3", "ETSI SAI", "FS_AIML", "Rel-18", "S5-186491", "Release 18", "SAI-014"]
    ),
)
REFERENCES = st.lists(
    st.builds(
        refer,
        SOME_TEXT,
        st.just("mention"),
        st.sampled_from(["organization", "item", "release", "document"]),
        title=st.none() | SOME_TEXT,
        context=st.none() | SOME_TEXT | st.just("3GPP-SA3"),
    ),
    max_size=4,
).map(tuple)
PARTIES = st.lists(SOME_TEXT, max_size=4).map(lambda names: parties("to", *names))


@given(
    sender=PARTIES,
    to=PARTIES,
    mentions=REFERENCES,
    replies=REFERENCES,
    date=st.sampled_from([None, "2023-09-18", "2024"]),
    number=st.none() | SOME_TEXT,
)
def test_linking_never_fails_and_is_idempotent(
    linker: Linker,
    sender: tuple[Reference, ...],
    to: tuple[Reference, ...],
    mentions: tuple[Reference, ...],
    replies: tuple[Reference, ...],
    date: str | None,
    number: str | None,
) -> None:
    statement = LiaisonStatement(
        layout="3gpp",
        title="LS",
        sender=sender,
        to=to,
        mentions=mentions,
        in_reply_to=replies,
        releases=mentions,
        work_items=mentions,
        actions=(asked(*(r.text for r in to)),),
        date=date,
        number=number,
    )
    linked = linker.link(statement)
    assert linker.link(linked) == linked
    assert linked.key is not None
    for reference in linked.references():
        assert (reference.target is None) == (reference.confidence == 0.0)
        assert reference.rule != "unlinked"
