"""Work item pages of ETSI and ITU-T, held to pages read by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdograph import bundled
from sdograph import identifiers as ids
from sdograph.errors import SdographError, UnreadableDocument
from sdograph.model import Body, Group, Record, Relation, Specification, Version, WorkItem
from sdograph.sources import registry
from sdograph.sources.work_item_pages import PARTNERS, STATES, PageFault, read, recognise

ETSI = "data/etsi/sai_work_item_pages.json"
ITU = "data/itu/work_item_pages.json"


@pytest.fixture(scope="module")
def etsi(shared: Callable[[str], Path]) -> list[Record]:
    return list(read(shared(ETSI)))


@pytest.fixture(scope="module")
def itu(shared: Callable[[str], Path]) -> list[Record]:
    return list(read(shared(ITU)))


def test_the_files_are_recognised(shared: Callable[[str], Path]) -> None:
    assert recognise(shared(ETSI))
    assert recognise(shared(ITU))
    assert not recognise(shared("data/iso/62085.json"))
    assert not recognise(shared("data/ietf/datatracker_liaison_schema.json"))


def test_each_page_of_etsi_is_an_item_and_a_specification(etsi: list[Record]) -> None:
    items = [r for r in etsi if isinstance(r, WorkItem)]
    specifications = [r for r in etsi if isinstance(r, Specification)]
    assert {i.code: i.specifications for i in items} == {
        "DTR/SAI-0019": ("TR 104 159",),
        "DTS/SAI-0020": ("TS 104 158-1",),
        "RTS/SAI-005": ("TS 104 050",),
        "DTS/SAI-0027": ("TS 104 158-2",),
    }
    assert [s.number for s in specifications] == [n for i in items for n in i.specifications]


def test_an_item_of_etsi(etsi: list[Record]) -> None:
    item, specification = etsi[4], etsi[5]
    assert isinstance(item, WorkItem)
    assert (item.code, item.number, item.status) == ("RTS/SAI-005", "69615", "published")
    assert item.title == "Securing Artificial Intelligence (SAI); AI Threat Ontology and definitions"
    assert (item.begin, item.end) == ("2023-12-04", "2025-03-04")
    assert item.group_names == ("SAI",)
    assert {e.field: e.text for e in item.evidence}["status"] == "Deliverable published (2025-03-04)"
    assert isinstance(specification, Specification)
    assert specification.versions == (
        Version(number="1.1.1", date="2025-03-04", status="published", work_item="69615"),
    )
    assert specification.keywords == ("artificial intelligence",)
    assert specification.work_item == "69615"


def test_a_part_of_an_etsi_deliverable(etsi: list[Record]) -> None:
    (found,) = (r for r in etsi if isinstance(r, Specification) and r.number == "TS 104 158-2")
    assert found.relations == (Relation(kind="part-of", body="ETSI", number="TS 104 158"),)


def test_only_pages_of_work_items_are_read(itu: list[Record]) -> None:
    # The list also holds the page of Question 16/17, the labels of a page, and another kind of page.
    assert [r.code for r in itu if isinstance(r, WorkItem)] == ["QSTR.ACC", "Q.CSSIWF", "Y.IMT2020-NSC"]
    assert len(itu) == 3


def test_an_item_of_itu_t(itu: list[Record]) -> None:
    found = itu[0]
    assert isinstance(found, WorkItem)
    assert (found.body, found.number, found.status) == ("ITU-T", "23893", "ongoing")
    assert found.group_names == ("Q1/11",)
    assert found.releases == ("2025-2028",)
    assert found.target == "2028-12"
    # A name that is not beyond doubt is for linking.
    assert [(r.text, r.target) for r in found.partners] == [
        ("ITU-T SG13", "group/ITU-T-SG13"),
        ("ITU-T SG17", "group/ITU-T-SG17"),
        ("ITU-T SG21", "group/ITU-T-SG21"),
        ("3GPP SA1", "group/3GPP-SA1"),
        ("IETF Network Working Group", None),
    ]
    assert {r.field for r in found.partners} == {"partner"}


def test_names_without_their_body_are_itu_ts_on_its_pages(itu: list[Record]) -> None:
    found = itu[1]
    assert isinstance(found, WorkItem)
    assert [r.target for r in found.partners] == [
        "group/ITU-T-SG2",
        "group/ITU-T-SG17",
        "body/IETF",
        "body/ATIS",
    ]
    assert found.begin == "2026-03-18"
    assert found.group_names == ()


def test_partners_and_states_are_known() -> None:
    tables = (bundled.data() / "registry" / name for name in ("bodies.csv", "groups.csv"))
    known = set()
    for record in (r for table in tables for r in registry.read(table)):
        if isinstance(record, Body | Group):
            key = ids.body_key if isinstance(record, Body) else ids.group_key
            known.add(key(record.id))
    assert set(PARTNERS.values()) <= known
    assert set(STATES.values()) <= set(registry.STATUSES)


# --- files that are not as they should be


def page(**fields: object) -> dict[str, object]:
    return {
        "url": "https://portal.etsi.org/webapp/workprogram/Report_WorkItem.asp?WKI_ID=1",
        "wi_ref": "DTS/SAI-0099", "doc": "TS 104 999", "title": "A title", "tb": "SAI",
        "status": "Drafting", "version": "0.0.1", "created": "2026-01-01", **fields,
    }  # fmt: skip


def written(folder: Path, found: object) -> Path:
    path = folder / "pages.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    return path


def test_a_state_that_is_not_known_stays_words(tmp_path: Path) -> None:
    item, specification = read(written(tmp_path, [page()]))
    assert isinstance(item, WorkItem)
    assert (item.status, item.end) == (None, None)
    assert [e.text for e in item.evidence if e.field == "status"] == ["Drafting"]
    assert isinstance(specification, Specification)
    assert specification.versions == ()  # a draft is not published


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"title": None}, "entry 2, title"),
        ({"title": ["A"]}, "entry 2, title"),
        ({"doc": ""}, "entry 2, doc"),
        ({"created": "soon"}, "entry 2, created"),
        ({"status": "Publication (2026-13-01)"}, "entry 2, status"),
        ({"keywords": "AI"}, "entry 2, keywords"),
        ({"url": None}, "entry 2, url"),
    ],
)
def test_a_fault_is_named_with_entry_and_field(fields: dict[str, object], where: str, tmp_path: Path) -> None:
    with pytest.raises(PageFault) as caught:
        list(read(written(tmp_path, [page(), page(**fields)])))
    assert caught.value.where == f"pages.json, {where}"
    assert caught.value.hint


@pytest.mark.parametrize("found", [{"wi_ref": "x"}, [1], "text", None])
def test_another_structure_is_refused(found: object, tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="no list of JSON objects"):
        list(read(written(tmp_path, found)))


def test_half_a_download_fails(tmp_path: Path) -> None:
    path = tmp_path / "pages.json"
    path.write_bytes(json.dumps([page()]).encode()[:-10])
    with pytest.raises(UnreadableDocument, match="no JSON"):
        list(read(path))


_values = st.none() | st.integers() | st.text(max_size=8) | st.lists(st.text(max_size=5), max_size=2)


@given(
    pages=st.lists(
        st.dictionaries(st.sampled_from([*page(), "work_item", "liaison", "timing", "keywords"]), _values),
        max_size=3,
    )
)
def test_pages_of_any_structure_are_read_or_refused(
    pages: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = written(tmp_path_factory.mktemp("pages"), pages)
    with suppress(SdographError):
        list(read(path))
