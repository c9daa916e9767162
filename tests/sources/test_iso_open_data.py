"""ISO Open Data: committees, liaisons and deliverables, held to lines read by hand."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdograph import bundled
from sdograph.errors import IncompleteDocument, LimitExceeded, SdographError, UnreadableDocument
from sdograph.model import Body, Group, LiaisonRelationship, Record, Relation, Version
from sdograph.sources import registry
from sdograph.sources.iso_entries import OpenDataFault
from sdograph.sources.iso_open_data import (
    HOMONYMS,
    ORGANIZATIONS,
    is_committees,
    is_deliverables,
    read_committees,
    read_deliverables,
)

COMMITTEES = "data/iso/iso_technical_committees.jsonl"
DELIVERABLES = ("data/iso/62085.json", "data/iso/88821-88915.jsonl")


@pytest.fixture(scope="module")
def records(shared: Callable[[str], Path]) -> list[Record]:
    return list(read_committees(shared(COMMITTEES)))


@pytest.fixture(scope="module")
def organizations(records: list[Record]) -> dict[str, Body | Group]:
    return {r.id: r for r in records if isinstance(r, Body | Group)}


@pytest.fixture(scope="module")
def relationships(records: list[Record]) -> list[LiaisonRelationship]:
    return [r for r in records if isinstance(r, LiaisonRelationship)]


@pytest.fixture(scope="module")
def known() -> dict[str, Body | Group]:
    """The bundled registry."""
    tables = (bundled.data() / "registry" / name for name in ("bodies.csv", "groups.csv"))
    return {r.id: r for table in tables for r in registry.read(table) if isinstance(r, Body | Group)}


# --- committees


def test_how_many_they_are(records: list[Record], relationships: list[LiaisonRelationship]) -> None:
    committees = [r for r in records if isinstance(r, Group) or (isinstance(r, Body) and r.parents)]
    assert len(committees) == 785
    kinds = Counter(r.kind for r in relationships)
    unnamed = [e for r in committees for e in r.evidence if e.field == "committee-liaison"]
    assert kinds["committee-liaison"] + len(unnamed) == 4_494
    assert len(unnamed) == 340
    assert kinds["liaison-organization"] == 3_017


def test_jtc_1_is_a_body_and_all_others_are_groups(organizations: dict[str, Body | Group]) -> None:
    bodies = [o for o in organizations.values() if isinstance(o, Body) and o.kind != "liaison-organization"]
    assert [b.id for b in bodies] == ["ISO-IEC-JTC1"]
    assert bodies[0].name == "ISO/IEC JTC 1 Information technology"
    assert bodies[0].parents == ("ISO", "IEC")
    assert bodies[0].begin == "1987-01-01"


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        (
            "ISO-IEC-JTC1-SC42",
            {
                "name": "ISO/IEC JTC 1/SC 42", "short_name": "SC 42", "kind": "SC",
                "bodies": ("ISO-IEC-JTC1",), "parents": ("ISO-IEC-JTC1",),
                "scope": "Artificial intelligence", "begin": "2017-11-21",
            },
        ),
        ("ISO-TC22-SC32", {"kind": "SC", "bodies": ("ISO",), "parents": ("ISO-TC22",)}),
        ("ISO-PC302", {"kind": "TC", "short_name": "PC 302", "begin": "2016-03-03"}),
        ("IEC-ISO-JTC3", {"kind": "TC", "bodies": ("IEC", "ISO"), "scope": "Quantum technologies"}),
        ("ISO-IEC-JTC4", {"name": "ISO/IEC/JTC 4", "kind": "TC", "bodies": ("ISO", "IEC")}),
        ("IEC-ISO-JSyC-BDC", {"short_name": "JSyC BDC", "begin": "2024-04-16"}),
        ("ISO-WS-ESG", {"kind": "WG", "short_name": "WS ESG"}),
    ],
)  # fmt: skip
def test_a_committee_read_by_hand(
    own: str, expected: dict[str, object], organizations: dict[str, Body | Group]
) -> None:
    found = organizations[own]
    assert {name: getattr(found, name) for name in expected} == expected


def test_committees_of_the_registry_are_the_same(
    organizations: dict[str, Body | Group], known: dict[str, Body | Group]
) -> None:
    shared_ids = [i for i, o in organizations.items() if i in known and isinstance(o, Group)]
    assert len(shared_ids) >= 30
    for i in shared_ids:
        assert replace(organizations[i], evidence=()) == replace(known[i], evidence=())


def test_a_committee_that_is_suspended_says_so(organizations: dict[str, Body | Group]) -> None:
    said = {o.id for o in organizations.values() for e in o.evidence if e.field == "status"}
    assert len(said) == 17
    assert "ISO-TC18" in said


def test_every_party_is_known(
    organizations: dict[str, Body | Group],
    relationships: list[LiaisonRelationship],
    known: dict[str, Body | Group],
) -> None:
    parties = {party for r in relationships for party in (r.left, r.right)}
    assert parties <= organizations.keys() | known.keys()
    assert not [r for r in relationships if r.left == r.right]


def test_who_holds_a_liaison_with_sc_27(relationships: list[LiaisonRelationship]) -> None:
    partners = {r.right for r in relationships if r.left == "ISO-IEC-JTC1-SC27"}
    assert {"ETSI", "ITU", "IEEE-SA", "CSA", "ENISA", "ISACA", "ISO-TC307", "ISO-IEC-JTC1-SC42"} <= partners


# --- organisations in liaison


def test_organisations_of_the_registry_have_its_ids(
    organizations: dict[str, Body | Group],
    relationships: list[LiaisonRelationship],
    known: dict[str, Body | Group],
) -> None:
    parties = {r.right for r in relationships if r.kind == "liaison-organization"}
    assert set(ORGANIZATIONS.values()) <= parties
    assert set(ORGANIZATIONS.values()) <= known.keys()
    made = {o.id for o in organizations.values() if isinstance(o, Body)} - {"ISO-IEC-JTC1"}
    assert len(made) == 917 - len(ORGANIZATIONS)
    assert not made & known.keys()


def test_a_namesake_is_no_body_of_the_registry(
    organizations: dict[str, Body | Group], relationships: list[LiaisonRelationship]
) -> None:
    # "ECMA" works on gas cylinders (ISO/TC 58) and hydrogen; Ecma International goes by its name.
    (other,) = (o for o in organizations.values() if o.name == "ECMA")
    assert other.name in HOMONYMS
    assert other.id.startswith("ISO-LO-")
    assert "ISO-TC58" in {r.left for r in relationships if r.right == other.id}
    assert "ISO-IEC-JTC1" in {r.left for r in relationships if r.right == "ECMA"}


def test_an_organisation_has_its_name_as_written_and_its_number(
    organizations: dict[str, Body | Group],
) -> None:
    found = organizations["EC---European-Commission"]
    assert (found.name, found.kind) == ("EC - European Commission", "liaison-organization")
    assert {e.field: e.text for e in found.evidence} == {
        "record": "EC - European Commission",
        "identifier": "3182",
    }


# --- deliverables


def test_a_deliverable_read_by_hand(shared: Callable[[str], Path]) -> None:
    (found,) = read_deliverables(shared(DELIVERABLES[0]))
    assert (found.body, found.number, found.title) == ("ISO", "ISO 9001", None)
    assert found.kind == "International Standard"
    assert found.group_names == ("ISO/TC 176/SC 2",)
    assert found.address == "https://www.iso.org/standard/62085.html"
    assert found.versions == (Version(number="2015", date="2015-09-22", status="published", stage="90.92"),)
    assert found.relations == ()  # it replaces projects that the file does not have


def test_an_amendment_of_jtc_1(shared: Callable[[str], Path]) -> None:
    report, amendment = read_deliverables(shared(DELIVERABLES[1]))
    assert (report.number, report.kind) == ("ISO/TR 7035-2", "Technical Report")
    assert (amendment.body, amendment.number) == ("ISO-IEC-JTC1", "ISO/IEC 19566-7:2022/Amd 1")
    assert amendment.versions == (
        Version(number="2025", date="2025-01-08", status="published", stage="60.60"),
    )
    assert amendment.relations == (Relation(kind="amends", body="ISO-IEC-JTC1", number="ISO/IEC 19566-7"),)


def deliverable(number: int, reference: str, **fields: object) -> dict[str, object]:
    return {
        "id": number, "reference": reference, "deliverableType": "IS", "ownerCommittee": "ISO/TC 1",
        "publicationDate": "2020-01-01", "currentStage": 6060, **fields,
    }  # fmt: skip


def written(folder: Path, *lines: object, name: str = "file.jsonl") -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_what_replaces_what_is_told_within_the_file(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        deliverable(1, "ISO 10:1990", publicationDate="1990-05-05", currentStage=9599, replacedBy=[2, 3]),
        deliverable(2, "ISO 10:2020", replaces=[1, 99], title={"en": "Ten", "fr": "Dix"}),
        deliverable(3, "ISO 11:2020", replaces=[1]),
    )
    ten, eleven = read_deliverables(path)
    assert ten.title == "Ten"
    assert [(v.number, v.status) for v in ten.versions] == [("1990", "withdrawn"), ("2020", "published")]
    assert ten.relations == (Relation(kind="replaced-by", body="ISO", number="ISO 11"),)
    assert eleven.relations == (Relation(kind="replaces", body="ISO", number="ISO 10"),)


# --- recognising, and files that are not as they should be


def committee(number: int, reference: str, **fields: object) -> dict[str, object]:
    return {
        "id": number, "reference": reference, "status": "Active", "title": {"en": "Title"},
        "creationDate": "2000-01-01", "parentId": None,
        "committeeLiaisons": None, "organizationLiaisons": None, **fields,
    }  # fmt: skip


def test_the_files_are_recognised(shared: Callable[[str], Path], tmp_path: Path) -> None:
    assert is_committees(shared(COMMITTEES))
    assert not is_deliverables(shared(COMMITTEES))
    assert all(is_deliverables(shared(path)) and not is_committees(shared(path)) for path in DELIVERABLES)
    assert not is_committees(written(tmp_path, {"id": 1, "reference": "ISO/TC 1"}))
    assert not is_committees(written(tmp_path, [1, 2], name="list.json"))


@pytest.mark.parametrize(
    ("line", "where"),
    [
        ({**committee(1, "ISO/TC 1"), "id": "x"}, "line 1, id"),
        ({**committee(1, "ISO/TC 1"), "reference": None}, "line 1, reference"),
        (committee(1, "TC 1"), "line 1, reference"),
        (committee(1, "ISO/TC 1", creationDate="2000-02-30"), "line 1, creationDate"),
        (committee(1, "ISO/TC 1", title="Title"), "line 1, title"),
        (committee(1, "ISO/TC 1", title={}), "line 1, title, en"),
        (committee(1, "ISO/TC 1/SC 2", parentId=77), "line 1, parentId"),
        (committee(1, "ISO/TC 1", committeeLiaisons={}), "line 1, committeeLiaisons"),
        (committee(1, "ISO/TC 1", committeeLiaisons=["ISO/TC 2"]), "line 1, committeeLiaisons"),
        (
            committee(1, "ISO/TC 1", organizationLiaisons=[{"id": 1}]),
            "line 1, organizationLiaisons 1, acronym",
        ),
    ],
)
def test_a_fault_is_named_with_line_and_field(line: object, where: str, tmp_path: Path) -> None:
    with pytest.raises(OpenDataFault) as caught:
        list(read_committees(written(tmp_path, line)))
    assert caught.value.where == f"file.jsonl, {where}"
    assert caught.value.hint


def test_a_reference_that_names_nothing_known_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OpenDataFault, match="line 1, reference"):
        list(read_deliverables(written(tmp_path, deliverable(1, "RFC 9110"))))


def test_half_a_download_fails(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    half = tmp_path / "iso_technical_committees.jsonl"
    lines = shared(COMMITTEES).read_bytes().splitlines(keepends=True)
    half.write_bytes(b"".join(lines[:28]))
    with pytest.raises(IncompleteDocument, match="only 28 committees; there should be 706 at least"):
        list(read_committees(half))
    half.write_bytes(b"".join(lines)[:-100])
    with pytest.raises(UnreadableDocument, match="line 785"):
        list(read_committees(half))


def test_a_line_that_does_not_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_bytes(b'{"id": "' + b"x" * 5_000_001)
    with pytest.raises(LimitExceeded):
        list(read_committees(path))


_values: st.SearchStrategy[object] = (
    st.none() | st.integers(-5, 99999) | st.text(max_size=6) | st.just("ISO/TC 1") | st.just([{}])
)
_fields = st.dictionaries(
    st.sampled_from([*committee(1, ""), *deliverable(1, ""), "acronym", "replaces", "replacedBy"]),
    _values | st.dictionaries(st.sampled_from(["en", "id", "reference", "acronym"]), _values, max_size=3),
)


@given(lines=st.lists(_fields, max_size=3))
def test_lines_of_any_structure_are_read_or_refused(
    lines: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = written(tmp_path_factory.mktemp("iso"), *lines)
    for read in (read_committees, read_deliverables):
        with suppress(SdographError):
            list(read(path))
