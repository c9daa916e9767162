"""Which statement a number stands for, where a table of another body's meeting is all that is known of it."""

from __future__ import annotations

from dataclasses import replace

from sdograph import identifiers as ids
from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import LiaisonStatement, Reference


def received(
    *numbers: str, sender: str = "ATIS", number: str | None = None, date: str | None = None
) -> LiaisonStatement:
    return LiaisonStatement(
        layout="tdocs-by-agenda",
        title="Correspondence regarding a slice service type",
        sender=(Reference(text=sender, field="sender", kind="organization"),),
        to=(Reference(text="3GPP SA2", field="to", kind="organization"),),
        number=number,
        received_numbers=numbers,
        date=date,
    )


def replying(text: str, context: str | None = None) -> Reference:
    return Reference(text=text, field="in_reply_to", kind="document", context=context)


def reply_to(reference: Reference) -> LiaisonStatement:
    return LiaisonStatement(
        layout="tdocs-by-agenda",
        title="Reply LS",
        sender=(Reference(text="3GPP SA2", field="sender", kind="organization"),),
        to=(),
        number="S2-2002331",
        in_reply_to=(reference,),
    )


def test_a_statement_without_a_number_of_its_own_is_known_by_its_receivers(linker: Linker) -> None:
    assert linker.link(received("S2-2001786")).key == "liaison-statement/3GPP/S2-2001786"


def test_it_is_the_statement_that_is_known_by_a_number_of_an_earlier_meeting(registry: Registry) -> None:
    known = Linker(registry, MemoryIndex([])).link(
        received("S2-1811673", sender="RAN WG1", number="R1-1811739")
    )
    linker = Linker(registry, MemoryIndex.from_records([known]))
    assert linker.link(received("S2-1900009", "S2-1811673")).key == "liaison-statement/3GPP/R1-1811739"


def test_a_dated_statement_without_a_number_is_the_same_whoever_received_it(linker: Linker) -> None:
    keys = {linker.link(received(n, date="2023-09-18")).key for n in ("S3-233000", "SP-230900")}
    assert len(keys) == 1


def test_a_number_counts_within_the_body_of_its_sender(linker: Linker) -> None:
    linked = linker.link(received("S2-2001797", sender="BBF", number="LIAISE-376-01"))
    assert linked.key == "liaison-statement/BBF/LIAISE-376-01"


def test_a_number_of_nobody_known_says_less_than_that_of_a_receiver(linker: Linker) -> None:
    linked = linker.link(received("S2-1910868", sender="Example Work Group", number="0123"))
    assert linked.key == "liaison-statement/3GPP/S2-1910868"


def test_numbers_of_lawful_interception_and_of_the_datatracker_stand_in_series_of_their_own(
    linker: Linker,
) -> None:
    assert ids.document_number("s3i200069") == "S3i200069"
    assert ids.document_number("S2- 1812758") == "S2-1812758"
    assert ids.document_number("Packet  100_202") == "Packet 100_202"
    linked = linker.link(received("S2-2001794", sender="SA WG3LI", number="S3i200069"))
    assert linked.key == "liaison-statement/3GPP/S3i200069"
    posted = linker.link(
        received(sender="ITU-T SG17", number=ids.datatracker_number(2106), date="2026-01-30")
    )
    assert posted.key == "liaison-statement/IETF/datatracker-2106"


def test_a_reply_names_another_bodys_statement_by_that_bodys_number(linker: Linker) -> None:
    (linked,) = linker.link(reply_to(replying("LIAISE-376-01", context="BBF"))).in_reply_to
    assert linked.target == "liaison-statement/BBF/LIAISE-376-01"
    assert linked.rule == "number of its sender"
    (unknown,) = linker.link(reply_to(replying("0123", context="Example Work Group"))).in_reply_to
    assert unknown.target is None


def test_answers_are_linked_like_what_is_answered(linker: Linker) -> None:
    record = received("S2-2001797", sender="BBF", number="LIAISE-376-01")
    answer = Reference(text="S2-2002331", field="answered_by", kind="document")
    linked = linker.link(replace(record, answered_by=(answer,)))
    assert [r.target for r in linked.answered_by] == ["liaison-statement/3GPP/S2-2002331"]


def test_a_statement_is_found_by_the_number_of_a_draft(registry: Registry) -> None:
    sent = replace(reply_to(replying("R2-1914201")), earlier_numbers=("S2-2002143",))
    known = Linker(registry, MemoryIndex([])).link(sent)
    index = MemoryIndex.from_records([known])
    assert [c.key for c in index.candidates("S2-2002143") if c.exact] == ["liaison-statement/3GPP/S2-2002331"]
