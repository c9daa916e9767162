"""Relaton's records and indexes, held to rows read by hand and to hostile files."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sdograph.errors import IncompleteDocument, LimitExceeded, SdographError, UnreadableDocument
from sdograph.model import Relation, Specification, Version
from sdograph.sources.relaton import Index, is_index, is_record, read_index, read_record
from sdograph.sources.relaton.index import COLUMNS, Counts, IndexFault
from sdograph.sources.relaton.record import RecordFault

INDEXES = {
    "etsi": "data/etsi/relaton_etsi_all.csv.gz",
    "itu": "data/itu/relaton_itu_all.csv.gz",
    "itu-r": "data/itu/relaton_itu_r_all.csv.gz",
    "iso": "data/iso/relaton_iso_all.csv.gz",
    "3gpp": "data/3gpp/relaton_3gpp_all.csv.gz",
}


@dataclass(frozen=True)
class Read:
    """An index that was read."""

    counts: Counts
    specifications: dict[tuple[str, str], Specification]


@pytest.fixture(scope="module")
def indexes(shared: Callable[[str], Path]) -> dict[str, Read]:
    """All five, read once."""
    found = {}
    for name, path in INDEXES.items():
        index = Index(shared(path))
        specifications = {(s.body, s.number): s for s in index}
        found[name] = Read(index.counts, specifications)
    return found


# --- the real indexes

# Rows, different identifiers, specifications, versions.
SIZES = {
    "etsi": (28_616, 28_616, 10_730, 28_616),
    "itu": (21_506, 21_506, 12_792, 21_506),
    "itu-r": (2_041, 2_041, 2_023, 2_041),
    # Drafts of amendments go by the name of the standard and by that of its draft: one version each.
    "iso": (71_267, 61_638, 37_427, 61_617),
    # Versions up to Release 1999 are there twice, as "REL-96" and as "R96".
    "3gpp": (92_289, 92_289, 4_127, 85_914),
}


@pytest.mark.parametrize("name", SIZES)
def test_how_many_rows_make_how_many_specifications(name: str, indexes: dict[str, Read]) -> None:
    counts, specifications = indexes[name].counts, indexes[name].specifications
    assert (counts.rows, counts.identifiers, counts.specifications, counts.versions) == SIZES[name]
    assert len(specifications) == counts.specifications
    assert sum(len(s.versions) for s in specifications.values()) == counts.versions


def test_all_rows_are_read(indexes: dict[str, Read]) -> None:
    assert sum(read.counts.rows for read in indexes.values()) == 215_719


def test_an_identifier_without_a_release_is_no_specification_of_its_own(indexes: dict[str, Read]) -> None:
    # Cut at the colon the identifiers give 4,128 names: "TS 29.215" is one, "TS 29.215/2.0.0" another.
    known = indexes["3gpp"].specifications
    assert ("3GPP", "TS 29.215/2.0.0") not in known
    assert [v.number for v in known["3GPP", "TS 29.215"].versions].count("2.0.0") == 1


def test_titles_that_are_missing_stay_missing(indexes: dict[str, Read]) -> None:
    assert indexes["itu"].counts.untitled == 1_592
    assert [indexes[name].counts.untitled for name in ("etsi", "itu-r", "iso", "3gpp")] == [0, 0, 0, 0]
    assert indexes["itu"].specifications["ITU-T", "X.1246 (2015) Amd. 1"].title is None


def test_kinds_of_relations(indexes: dict[str, Read]) -> None:
    assert dict(indexes["etsi"].counts.relations) == {
        "part-of": 3_485, "same-text": 2_358, "amends": 113, "corrects": 49,
    }  # fmt: skip
    assert dict(indexes["itu"].counts.relations) == {
        "amends": 1_398, "corrects": 957, "part-of": 144, "supplements": 76,
    }  # fmt: skip
    # What an index says of relations lacks what they lead to; the rows that have one are counted.
    assert dict(indexes["itu"].counts.dropped) == {"hasEdition": 12_079, "complementOf": 10_979}
    assert dict(indexes["iso"].counts.dropped) == {"obsoletes": 29_977, "updates": 29_012, "partOf": 19}
    assert dict(indexes["3gpp"].counts.dropped) == {"adoptedAs": 28}


def test_what_etsi_has_taken_over_is_there(indexes: dict[str, Read]) -> None:
    others = [
        (relation.body, relation.number)
        for s in indexes["etsi"].specifications.values()
        for relation in s.relations
        if relation.kind == "same-text" and relation.body == "3GPP"
    ]
    known = indexes["3gpp"].specifications
    # Six were withdrawn or changed their type before 3GPP's database began.
    assert {o for o in others if o not in known} == {
        ("3GPP", n) for n in ("TR 26.942", "TR 43.005", "TR 43.055", "TR 45.022", "TR 46.008", "TS 22.121")
    }
    own = indexes["etsi"].specifications["ETSI", "TS 133 501"]
    assert own.relations == (Relation(kind="same-text", body="3GPP", number="TS 33.501"),)


def test_amendments_lead_to_what_they_amend(indexes: dict[str, Read]) -> None:
    known = indexes["iso"].specifications
    lost = [
        (s.number, relation.number)
        for s in known.values()
        for relation in s.relations
        if relation.kind != "part-of" and (relation.body, relation.number) not in known
    ]
    assert (
        lost == [("IEC 61966-2-1/Amd 1", "IEC 61966-2-1"), ("ISO 4909/Cor 1", "ISO 4909")] or len(lost) == 2
    )


def test_the_reports_of_etsi_sai(indexes: dict[str, Read]) -> None:
    found = {
        s.number
        for s in indexes["etsi"].specifications.values()
        if s.group_names in (("Securing Artificial Intelligence",), ("Securing Artificial Intelligence TC",))
    }
    assert {f"GR SAI {n:03}" for n in (1, 2, 4, 5, 6, 7, 9, 11, 13)} <= found
    assert {"TS 104 223", "EN 304 223", "TR 104 030", "TS 104 158-1", "TR 104 159"} <= found
    assert len(found) == 29


def test_a_title_stays_as_published(indexes: dict[str, Read]) -> None:
    # The second word ends in a capital i, in the index and on the cover.
    found = indexes["etsi"].specifications["ETSI", "GR SAI 006"]
    assert found.title == "Securing ArtificiaI Intelligence (SAI); The role of hardware in security of AI"
    assert found.title.count("ArtificiaI") == 1


def test_an_etsi_deliverable(indexes: dict[str, Read]) -> None:
    found = indexes["etsi"].specifications["ETSI", "EN 304 223"]
    assert found.kind == "European Standard"
    assert found.work_item == "74952"
    assert found.address == "https://webapp.etsi.org/workprogram/Report_WorkItem.asp?WKI_ID=74952"
    assert found.versions == (Version(number="2.1.1", date="2025-12", status="published", work_item="74952"),)
    assert found.keywords == ("artificial intelligence", "SECURITY")


def test_every_version_of_etsi_has_its_work_item(indexes: dict[str, Read]) -> None:
    versions = [v for s in indexes["etsi"].specifications.values() for v in s.versions]
    assert all(v.work_item for v in versions)
    found = indexes["etsi"].specifications["ETSI", "TS 133 501"]
    assert {v.number: v.work_item for v in found.versions}["19.6.0"] == "78523" == found.work_item
    assert {v.number: v.work_item for v in found.versions}["15.19.0"] == "78519"


def test_a_recommendation(indexes: dict[str, Read]) -> None:
    found = indexes["itu"].specifications["ITU-T", "Y.3172"]
    assert found.title is not None
    assert found.title.startswith("Architectural framework for machine learning in future networks")
    assert found.kind == "Recommendation"
    assert found.group_names == ("ITU-T Study Group 13",)
    assert found.status == "published"
    assert found.versions == (Version(number="2019-06", date="2019-06-22", status="published"),)


def test_editions_of_a_recommendation_are_versions(indexes: dict[str, Read]) -> None:
    found = indexes["itu"].specifications["ITU-T", "G.7041/Y.1303"]
    assert found.alt_numbers == ("G.7041", "Y.1303")
    assert [v.number for v in found.versions] == [
        *("2001-12", "2003-12", "2005-08", "2008-10", "2011-04", "2016-08"),
    ]
    assert [v.status for v in found.versions] == ["withdrawn"] * 5 + ["published"]


def test_study_groups_are_those_of_today(indexes: dict[str, Read]) -> None:
    # H.812 of 2015 is of Study Group 16, which SG21 has succeeded; the reader says what the record says.
    found = indexes["itu"].specifications["ITU-T", "H.812"]
    assert "2015-11" in [v.number for v in found.versions]
    assert found.group_names == ("ITU-T Study Group 21",)


def test_a_record_without_a_group_gets_none(indexes: dict[str, Read]) -> None:
    found = indexes["itu"].specifications["ITU-T", "X.1205"]
    assert (found.groups, found.group_names) == ((), ())


def test_a_recommendation_and_a_report_of_one_number(indexes: dict[str, Read]) -> None:
    # "ITU-R M.2083-0" is the Report of 2006 in one index and the Recommendation of 2015 in the other.
    report, other = "Report M.2083", indexes["itu-r"].specifications
    for read in (indexes["itu"], indexes["itu-r"]):
        title = read.specifications["ITU-R", report].title
        assert title is not None
        assert title.startswith("Level of unwanted emissions of mobile-satellite service feeder links")
    assert ("ITU-R", "M.2083") not in indexes["itu"].specifications
    vision = other["ITU-R", "M.2083"]
    assert vision.title is not None
    assert vision.title.startswith("IMT Vision")
    assert vision.versions == (Version(number="0", date="2015"),)
    # Its identifier is cut to "M.2083-200".
    assert other["ITU-R", report].versions == (Version(number="2006", date="2006"),)


def test_no_edition_of_itu_r_is_a_year_cut_short(indexes: dict[str, Read]) -> None:
    versions = [v.number for s in indexes["itu-r"].specifications.values() for v in s.versions]
    assert not [v for v in versions if len(v) == 3]


@pytest.mark.parametrize(
    ("body", "number", "expected"),
    [
        (
            "ISO-IEC-JTC1",
            "ISO/IEC 27090",
            (
                Version(number="CD", status="completed", stage="30.99"),
                Version(number="DIS", status="ongoing", stage="40.20"),
            ),
        ),
        (
            "ISO-IEC-JTC1",
            "ISO/IEC 5259-1",
            (
                Version(number="DIS", status="completed", stage="40.99"),
                Version(number="FDIS", status="ongoing", stage="50.20"),
                Version(number="60.00", status="ongoing", stage="60.00"),
                Version(number="2024", date="2024-07", status="published", stage="60.60"),
            ),
        ),
        (
            "ISO-IEC-JTC1",
            "ISO/IEC 22989:2022/Amd 1",
            (
                Version(number="AWI", status="ongoing", stage="20.00"),
                Version(number="CD", status="ongoing", stage="30.60"),
            ),
        ),
        (
            "ISO",
            "ISO/IEC 17025",
            (
                Version(number="1999", date="1999-12", status="withdrawn", stage="95.99"),
                Version(number="2005", date="2005-05", status="withdrawn", stage="95.99"),
                Version(number="2017", date="2017-11", status="published", stage="90.93"),
            ),
        ),
        # The row has the year of the standard as "published" and the corrigendum's own date as "updated".
        (
            "ISO",
            "ISO 10077-1:2006/Cor 1",
            (Version(number="2009", date="2009-11", status="withdrawn", stage="95.99"),),
        ),
    ],
)
def test_editions_and_drafts_of_iso(
    body: str, number: str, expected: tuple[Version, ...], indexes: dict[str, Read]
) -> None:
    assert indexes["iso"].specifications[body, number].versions == expected


def test_the_newer_of_two_records_of_one_edition_counts(indexes: dict[str, Read]) -> None:
    # iso-10077-1:2006-cor-1:2009.yaml, the older one, has the title of the standard.
    found = indexes["iso"].specifications["ISO", "ISO 10077-1:2006/Cor 1"]
    assert found.title is not None
    assert found.title.endswith("-- Technical Corrigendum 1")
    assert found.kind == "Technical Corrigendum"
    # iso-1003:2008.yaml was under review (90.92) where iso-1003-2008.yaml is withdrawn.
    (version,) = (v for v in indexes["iso"].specifications["ISO", "ISO 1003"].versions if v.number == "2008")
    assert version.stage == "95.99"


def test_dates_of_iso_are_those_of_the_edition(indexes: dict[str, Read]) -> None:
    for s in indexes["iso"].specifications.values():
        for v in s.versions:
            if v.date is not None:
                assert v.date[:4] == v.number, s.number


def test_the_french_half_of_a_title_is_dropped(indexes: dict[str, Read]) -> None:
    found = indexes["iso"].specifications["ISO-IEC-JTC1", "ISO/IEC DIR 1 ISO SUP"]
    assert found.title is not None
    assert found.title.startswith("ISO/IEC Directives, Part 1 | Consolidated ISO Supplement")
    assert "Directives ISO/IEC" not in found.title
    # A bar that stands in English stays.
    assert any(
        "Rec. ITU-T H.222.0 | ISO/IEC 13818-1" in (s.title or "")
        for s in indexes["iso"].specifications.values()
    )


def test_a_specification_of_3gpp(indexes: dict[str, Read]) -> None:
    found = indexes["3gpp"].specifications["3GPP", "TS 33.501"]
    assert found.kind == "Technical Specification"
    assert found.groups == ("3GPP-SA3",)
    assert Version(number="19.4.0", date="2025-09-26", release="Rel-19") in found.versions
    assert found.versions[0].number == "0.0.0"
    numbers = [tuple(map(int, v.number.split("."))) for v in found.versions]
    assert numbers == sorted(numbers)


def test_groups_that_are_no_more_stay_names(indexes: dict[str, Read]) -> None:
    found = indexes["3gpp"].specifications
    names = {name for s in found.values() for name in s.group_names}
    assert {"G1", "G2", "N1", "N4", "T2"} <= names
    assert not [s.number for s in found.values() if s.groups and s.group_names]


# --- indexes that are not as they should be


def row(**cells: str) -> str:
    given = {"docid": "ETSI TS 104 223 V1.1.1 (2025-04)", "title": "A title", "doctype": "TS", **cells}
    return ",".join(given.get(column, "") for column in COLUMNS)


def index(folder: Path, *rows: str, header: str = ",".join(COLUMNS), name: str = "index.csv") -> Path:
    path = folder / name
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return path


def test_a_small_index_is_read(tmp_path: Path) -> None:
    path = index(
        tmp_path,
        row(docid="ETSI TS 104 223 V1.1.1 (2025-04)", date="published=2025-04", group="SAI TC"),
        row(docid="ETSI TS 104 223 V1.2.1 (2026-04)", date="published=2026-04", title="Another title"),
        row(docid="ISO 9001:2015", date="published=2015-09", stage="90", substage="92"),
    )
    assert is_index(path)
    found, iso = read_index(path)
    assert found.title == "Another title"
    assert [v.date for v in found.versions] == ["2025-04", "2026-04"]
    assert found.evidence[0].locator == "row 3"
    assert found.evidence[0].text == "ETSI TS 104 223 V1.2.1 (2026-04)"
    assert (iso.body, iso.number, iso.status) == ("ISO", "ISO 9001", "published")


@pytest.mark.parametrize(
    ("cells", "where"),
    [
        ({"docid": "RFC 9110"}, "row 2, column docid"),
        ({"docid": ""}, "row 2, column docid"),
        ({"date": "published=2025-13"}, "row 2, column date"),
        ({"date": "2025-04"}, "row 2, column date"),
    ],
)
def test_a_fault_is_named_with_row_and_column(cells: dict[str, str], where: str, tmp_path: Path) -> None:
    with pytest.raises(IndexFault) as caught:
        list(read_index(index(tmp_path, row(**cells))))
    assert caught.value.where == f"index.csv, {where}"
    assert caught.value.hint


def test_a_column_that_is_missing_is_named(tmp_path: Path) -> None:
    header = ",".join(c for c in COLUMNS if c != "doctype")
    with pytest.raises(IndexFault, match="column doctype"):
        list(read_index(index(tmp_path, header=header)))


def test_a_row_that_is_too_short_is_named(tmp_path: Path) -> None:
    with pytest.raises(IndexFault, match="row 3: the row has 2 cells"):
        list(read_index(index(tmp_path, row(), "data/x.yaml,ETSI")))


def test_half_a_download_fails(tmp_path: Path) -> None:
    whole = gzip.compress(("\n".join([",".join(COLUMNS), *[row()] * 500])).encode(), 1)
    path = tmp_path / "index.csv.gz"
    path.write_bytes(whole[: len(whole) - 20])
    with pytest.raises(UnreadableDocument, match="cut off"):
        list(read_index(path))


def test_an_index_of_a_known_name_must_have_its_size(tmp_path: Path) -> None:
    with pytest.raises(IncompleteDocument, match=r"only 1 rows; there should be 83,060 at least"):
        list(read_index(index(tmp_path, row(), name="relaton_3gpp_all.csv")))


def test_an_index_is_told_from_other_tables(tmp_path: Path, shared: Callable[[str], Path]) -> None:
    assert all(is_index(shared(path)) for path in INDEXES.values())
    assert not is_index(shared("data/3gpp/releases.csv"))
    assert not is_index(index(tmp_path, header="id,name"))
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(b"\x1f\x8b\x08garbage")
    assert not is_index(broken)


# --- records

FOLDERS = {
    "data/etsi/relaton_yaml": 56,
    "data/itu/relaton_yaml": 205,
    "data/itu/relaton_r_yaml": 8,
    "data/iso/relaton_yaml": 131,
    "data/3gpp/relaton_yaml": 80,
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_record_is_read(folder: str, shared: Callable[[str], Path]) -> None:
    paths = sorted(shared(folder).iterdir())
    assert len(paths) == FOLDERS[folder]
    for path in paths:
        assert is_record(path)
        (found,) = read_record(path)
        assert len(found.versions) == 1
        assert len(found.evidence) == 1


@pytest.mark.parametrize(
    ("path", "key"),
    [
        ("data/etsi/relaton_yaml/ETSI_EN_304_223_V2_1_1_2025-12.yaml", ("etsi", "ETSI", "EN 304 223")),
        ("data/etsi/relaton_yaml/ETSI_GR_SAI_006_V1_1_1_2022-03.yaml", ("etsi", "ETSI", "GR SAI 006")),
        ("data/itu/relaton_yaml/itu-t-y-3172-06-2019.yaml", ("itu", "ITU-T", "Y.3172")),
        ("data/itu/relaton_yaml/itu-r-m-2083-0.yaml", ("itu", "ITU-R", "Report M.2083")),
        ("data/itu/relaton_r_yaml/ITU-R_M_2083-0.yaml", ("itu-r", "ITU-R", "M.2083")),
        ("data/itu/relaton_r_yaml/ITU-R_M_2083-200.yaml", ("itu-r", "ITU-R", "Report M.2083")),
        ("data/iso/relaton_yaml/iso-iec-22989-2022.yaml", ("iso", "ISO-IEC-JTC1", "ISO/IEC 22989")),
    ],
)
def test_a_record_says_what_its_row_says(
    path: str, key: tuple[str, str, str], shared: Callable[[str], Path], indexes: dict[str, Read]
) -> None:
    (record,) = read_record(shared(path))
    of_index = indexes[key[0]].specifications[key[1], key[2]]
    for name in ("body", "number", "title", "kind", "groups", "group_names", "work_item", "address"):
        assert getattr(record, name) == getattr(of_index, name), name
    assert record.versions == of_index.versions
    assert record.relations == of_index.relations
    assert record.keywords == of_index.keywords


def test_twin_texts_say_so(shared: Callable[[str], Path]) -> None:
    (found,) = read_record(shared("data/itu/relaton_yaml/itu-t-t-840-1-03-2025.yaml"))
    assert found.relations == (Relation(kind="same-text", body="ISO-IEC-JTC1", number="ISO/IEC 6048-1"),)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        # "updates" leads to what came after.
        (
            "iso-iec-2382-28-1995",
            [("replaced-by", "ISO/IEC 2382"), ("part-of", "ISO/IEC 2382")],
        ),
        # To another edition of the same number, to its own amendment, and to a draft: no relation.
        ("iso-iec-tr-24030-2024", []),
        ("iso-iec-22989-2022", []),
        ("iso-iec-ts-4213-2022", []),
        ("iso-iec-22989-2022-awi-amd-1", [("amends", "ISO/IEC 22989")]),
    ],
)
def test_relations_of_records(
    name: str, expected: list[tuple[str, str]], shared: Callable[[str], Path]
) -> None:
    (found,) = read_record(shared(f"data/iso/relaton_yaml/{name}.yaml"))
    assert [(r.kind, r.number) for r in found.relations] == expected
    assert {r.body for r in found.relations} <= {"ISO-IEC-JTC1"}


def test_the_supplements_of_a_series_are_no_relations(shared: Callable[[str], Path]) -> None:
    # Sixteen "complementOf" lead from Y.3172 to supplements of the Y series.
    (found,) = read_record(shared("data/itu/relaton_yaml/itu-t-y-3172-06-2019.yaml"))
    assert found.relations == ()


OLD = """---
schema-version: v1.2.8
title:
- {content: Nombres, language: [fr], type: main}
- {content: Numbers, language: [en], type: title-intro}
- {content: "Numbers - Part 7: Primes", language: [en], type: main}
link:
- {content: https://www.iso.org/standard/1.html, type: src}
docid:
- {id: ISO/IEC 77-7:2024, type: ISO, primary: true}
- {id: "urn:iso:std:iso-iec:77", type: URN}
date:
- {type: published, value: 2024-07}
docstatus: {stage: {value: '60'}, substage: {value: '60'}}
doctype: {type: international-standard}
editorialgroup:
  technical_committee:
  - {name: Numbers, identifier: ISO/IEC JTC 1/SC 42}
relation:
- type: obsoletes
  bibitem: {docid: [{id: ISO/IEC 76:2001, type: ISO, primary: true}]}
"""
MIDDLE = """---
schema-version: v1.2.9
title:
- {content: "A study", type: main}
docid:
- {id: "3GPP TR 99.700-01:REL-19/1.10.0", type: 3GPP, primary: true}
version:
- draft: 1.10.0
ext:
  doctype: {type: TR}
  editorialgroup:
  - {name: S1, type: other}
  - {name: S3, type: prime}
"""
NEW = """---
schema_version: v1.5.6
title:
- {language: en, content: "A framework", type: main}
source:
- {type: src, content: https://www.itu.int/rec/T-REC-Y.9999-202506-I}
docidentifier:
- {content: ITU-T Y.9999 (06/2025), type: ITU, primary: true}
- {content: ISO/IEC 77, type: ISO, primary: true}
date:
- {type: published, at: '2025-06-13'}
contributor:
- role: [{type: publisher}]
  organization: {name: [{content: International Telecommunication Union}]}
- role: [{type: author, description: [{content: committee}]}]
  organization:
    subdivision: [{name: [{content: ITU-T Study Group 13}]}]
status: {stage: {content: Published}}
ext: {doctype: {content: recommendation}}
"""


def record(folder: Path, text: str) -> Path:
    path = folder / "record.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_record_with_its_fields_at_the_top(tmp_path: Path) -> None:
    path = record(tmp_path, OLD)
    assert is_record(path)
    (found,) = read_record(path)
    assert (found.body, found.number) == ("ISO-IEC-JTC1", "ISO/IEC 77-7")
    assert found.title == "Numbers - Part 7: Primes"
    assert found.kind == "International Standard"
    assert found.group_names == ("ISO/IEC JTC 1/SC 42",)
    assert found.versions == (Version(number="2024", date="2024-07", status="published", stage="60.60"),)
    assert found.relations == (
        Relation(kind="replaces", body="ISO-IEC-JTC1", number="ISO/IEC 76"),
        Relation(kind="part-of", body="ISO-IEC-JTC1", number="ISO/IEC 77"),
    )


def test_a_record_with_its_fields_in_the_extension(tmp_path: Path) -> None:
    (found,) = read_record(record(tmp_path, MIDDLE))
    assert (found.number, found.kind, found.groups) == ("TR 99.700-01", "Technical Report", ("3GPP-SA3",))
    assert found.versions == (Version(number="1.10.0", release="Rel-19"),)


def test_a_record_with_its_committee_as_contributor(tmp_path: Path) -> None:
    (found,) = read_record(record(tmp_path, NEW))
    assert (found.number, found.kind) == ("Y.9999", "Recommendation")
    assert found.group_names == ("ITU-T Study Group 13",)
    assert found.versions == (Version(number="2025-06", date="2025-06-13", status="published"),)
    assert found.relations == (Relation(kind="same-text", body="ISO-IEC-JTC1", number="ISO/IEC 77"),)


def test_pieces_of_a_title_are_put_together(tmp_path: Path) -> None:
    text = OLD.replace('- {content: "Numbers - Part 7: Primes", language: [en], type: main}\n', "")
    text = text.replace("link:", "- {content: Primes, language: [en], type: title-part}\nlink:")
    (found,) = read_record(record(tmp_path, text))
    assert found.title == "Numbers - Primes"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (OLD.replace("docid:", "docid_:"), "record.yaml, docid"),
        (OLD.replace("ISO/IEC 77-7:2024", "RFC 9110"), "record.yaml, docid"),
        (OLD.replace("2024-07", "2024-13"), "record.yaml, date"),
        ("- a list\n", "record.yaml, docid"),
        ("only text\n", "record.yaml, docid"),
        ("", "record.yaml, docid"),
    ],
)
def test_a_record_at_fault_is_named_with_its_field(text: str, where: str, tmp_path: Path) -> None:
    with pytest.raises(RecordFault) as caught:
        list(read_record(record(tmp_path, text)))
    assert caught.value.where == where


def laughs(levels: int) -> str:
    lines = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, levels)]
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (laughs(9), "over 200,000 values"),
        ("a: " + "[" * 200, "nested over 50 deep"),
        ("x" * 2_000_001, "over the limit of 2,000,000 bytes"),
    ],
    ids=["aliases", "depth", "size"],
)
def test_a_record_that_grows_too_much_is_refused(text: str, problem: str, tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match=problem):
        list(read_record(record(tmp_path, text)))


def test_aliases_within_bounds_are_read(tmp_path: Path) -> None:
    (found,) = read_record(record(tmp_path, laughs(4) + OLD.removeprefix("---")))
    assert found.number == "ISO/IEC 77-7"


@pytest.mark.parametrize(
    "data",
    [
        b"a: [1, 2",
        b"a: &a [*a]",
        b"a: *nobody",
        b"\xff\xfe\x00binary",
        b"a: \x01",
        b"%PDF-1.7\n\x80\x81",
        b"? [a, list]\n: as a key\n",
        b"---\na: 1\n---\nb: 2\n",
    ],
)
def test_what_is_no_yaml_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "record.yaml"
    path.write_bytes(data)
    with pytest.raises(UnreadableDocument):
        list(read_record(path))


_leaves = st.text(max_size=8) | st.sampled_from(["ISO 1:2000", "2024", "src", "en", "published", "²"])
_trees = st.recursive(
    _leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_leaves, inner, max_size=3)
)
_FIELDS = ("docid", "docidentifier", "title", "date", "link", "source", "relation", "contributor", "keyword")


@given(
    fields=st.dictionaries(
        st.sampled_from([*_FIELDS, "docstatus", "status", "doctype", "editorialgroup", "ext"]), _trees
    )
)
def test_a_record_of_any_structure_is_read_or_refused(
    fields: dict[str, object], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("records") / "record.yaml"
    path.write_text(yaml.safe_dump(fields, allow_unicode=True), encoding="utf-8")
    try:
        found = list(read_record(path))
    except SdographError:
        return
    assert len(found) == 1
