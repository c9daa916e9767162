"""The 3GPP work plan: what each row says, held to rows read by hand."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from workbooks import workbook

from sdograph import identifiers as ids
from sdograph.errors import IncompleteDocument, SdographError
from sdograph.linking import Registry
from sdograph.model import Evidence, Specification, WorkItem
from sdograph.sources import registry as registry_tables
from sdograph.sources import workbook as tables
from sdograph.sources.work_plan import read, recognise

PLAN = "data/3gpp/Work_plan_3gpp_230110.xlsx"

# --- the plan of January 2023


@pytest.fixture(scope="module")
def plan(shared: Callable[[str], Path]) -> Path:
    return shared(PLAN)


@pytest.fixture(scope="module")
def items(plan: Path) -> list[WorkItem]:
    return [record for record in read(plan) if isinstance(record, WorkItem)]


@pytest.fixture(scope="module")
def by_number(items: list[WorkItem]) -> dict[str | None, WorkItem]:
    return {item.number: item for item in items}


def test_it_is_recognised(plan: Path, shared: Callable[[str], Path]) -> None:
    assert recognise(plan)
    assert not recognise(shared("data/3gpp/SpecificationList_2023-05-19.csv"))
    assert not recognise(shared("data/facts/work_items.csv"))


def test_how_many_of_its_rows_are_items_and_why(plan: Path, items: list[WorkItem]) -> None:
    """8,269 rows: 126 have the Unique_ID 0 and are headings, the other 8,143 have one of their own."""
    rows = list(tables.rows(plan))
    assert len(rows) == 8_269
    headings = [row for row in rows if row.text("Unique_ID") == "0"]
    assert len(headings) == 126
    names = [row.text("Name") for row in headings]
    # Three lines on the version and an empty one, a banner for each release from 19 down to 99 (which has
    # no number 1 to 3), and titles of sections.
    assert names[:3] == [
        "Work Plan 3GPP version January 10th 2022",
        "Post TSG#98 version",
        "Next milestones: Rel-18:St.2: June 23, St.3: Mar 24",
    ]
    assert [n for n in names if n.startswith("---")] == [
        f"--- RELEASE {n} ---" for n in (*range(19, 3, -1), 99)
    ]
    assert len(items) == len({row.text("Unique_ID") for row in rows}) - 1 == 8_143
    assert not {item.title for item in items} & set(names)


# Columns as in the sheet; expected values read by hand from its row.
ROWS: dict[int, dict[str, object]] = {
    # Part of "AIMLsys" (960037): level 2 below row 177.
    178: {
        "code": "FS_AIML",
        "number": "960037",
        "title": "Study on Security and Privacy of AI/ML-based Services and Applications in 5G",
        "kind": "study-item",
        "groups": ("3GPP-SA3",),
        "releases": ("Rel-18",),
        "status": "ongoing",
        "begin": "2022-06-21",
        "end": None,
        "target": "2023-03-03",
        "completion": 25,
        "parent": "AIMLsys",
        "specifications": (),
        "impacts": ("TR 33.898",),
        "documents": ("SP-220687",),
    },
    # "Deleted- Study on …", 30 %, stands alone.
    183: {
        "code": "FS_NR_AIML_NGRAN_SEC",
        "number": "960031",
        "title": "Study on the security aspects of Artificial Intelligence (AI)/Machine Learning (ML) "
        "for the NG-RAN",
        "kind": "study-item",
        "groups": ("3GPP-SA3",),
        "status": "deleted",
        "begin": "2022-06-02",
        "end": None,
        "target": "2023-03-03",
        "completion": None,
        "parent": None,
        "impacts": ("TR 33.877",),
        "documents": ("SP-220529",),
    },
    633: {
        "code": "FS_eNA_SEC_Ph3",
        "number": "950021",
        "title": "Study on security aspects of enablers for Network Automation for 5G - phase 3",
        "kind": "study-item",
        "groups": ("3GPP-SA3",),
        "status": "ongoing",
        "completion": 60,
        "parent": None,
        "impacts": ("TR 33.738",),
    },
    634: {
        "code": "eNA_Ph3",
        "number": "980020",
        "title": "(stage 2 of eNA_Ph3) Enablers for Network Automation for 5G phase 3",
        "kind": "feature",
        "groups": ("3GPP-SA2",),
        "status": "ongoing",
        "target": "2023-06-06",
        "completion": 13,
        "specifications": (),
        "impacts": ("TS 23.501", "TS 23.502", "TS 23.503", "TS 23.288"),
        "documents": ("SP-221345",),
    },
    # "new 23.791"; finished.
    1646: {
        "code": "FS_eNA",
        "kind": "study-item",
        "releases": ("Rel-16",),
        "status": "completed",
        "begin": "2017-06-05",
        "end": "2018-12-14",
        "target": None,
        "completion": 100,
        "parent": "eNA",
        "specifications": ("TR 23.791",),
        "impacts": (),
        "documents": ("SP-180792",),
    },
    # The acronym eNA is that of row 1645, of which this is the SA2 part.
    1647: {
        "code": "820020",
        "title": "Stage 2 of eNA",
        "kind": "building-block",
        "parent": "eNA",
        "alt_codes": (),
        "impacts": ("TS 23.501", "TS 23.502", "TS 23.503", "TS 29.517"),
    },
    # ResourceNames "ct", and a part of its own below.
    1648: {"code": "830009", "groups": (), "group_names": ("ct",), "parent": "eNA"},
    1649: {"code": "830048", "kind": "work-task", "groups": ("3GPP-CT3",), "parent": "830009"},
    # "New ; 23.700-91"
    1024: {"code": "FS_eNA_Ph2", "specifications": ("TR 23.700-91",), "impacts": ()},
    # Two studies of SA1 and SA2 share the acronym FS_PIN, at the same level of one feature.
    56: {"code": "880041", "alt_codes": ("FS_PIN",), "groups": ("3GPP-SA1",), "parent": "PIRates"},
    59: {"code": "940065", "alt_codes": ("FS_PIN",), "groups": ("3GPP-SA2",), "parent": "PIRates"},
    # "26.114, new; 26.258; 26.256; …": eight specifications and a report are new.
    280: {
        "code": "IVAS_Codec",
        "kind": "feature",
        "completion": 45,
        "specifications": (
            *("TS 26.258", "TS 26.256", "TS 26.255", "TS 26.254", "TS 26.253", "TS 26.251", "TS 26.252"),
            *("TS 26.250", "TR 26.997"),
        ),
        "impacts": ("TS 26.114",),
    },
    # "Stopped - ", set to 100 %.
    713: {
        "code": "FS_5GLAN_enh",
        "title": "Study on enhancement of support for 5G LAN-type service",
        "status": "stopped",
        "end": None,
        "target": "2020-03-12",
        "completion": None,
        "specifications": ("TR 23.762",),
    },
    # "STOPPED AT SA#77 - SA3 aspects on Study on …"
    2655: {
        "code": "FS_NSA",
        "title": "SA3 aspects on Study on Architecture and Security for Next Generation System",
        "kind": "study-item",
        "status": "stopped",
    },
    # "Stopped at 20% - Study on …"; GERAN was closed, its groups have no ids.
    4045: {
        "code": "FS_UL_MU_MIMO",
        "title": "Study on UpLink MultiUser Multiple-Input Multiple-Output (UL MU-MIMO)",
        "status": "stopped",
        "groups": (),
        "group_names": ("G1", "G2"),
        "documents": ("GP-131131",),
    },
    # "      Deleted - Stage 2 for …", level 3; TSG stopped SP-58.
    4120: {
        "code": "LIMONET-LIPA-del1",
        "title": "Stage 2 for stand-alone L-GW and associated Mobility for LIPA and SIPTO "
        "at the Local Network",
        "kind": "work-task",
        "status": "deleted",
        "impacts": ("TS 23.060", "TS 23.401"),
        "documents": ("SP-120926",),
    },
    # No prefix, but stopped by SP-31.
    6873: {"code": "35040", "title": "End-to-end Service Level tracing for IMS", "status": "stopped"},
    # The address of no document.
    3103: {"code": "TEI14", "groups": ("3GPP-SA", "3GPP-CT", "3GPP-RAN", "3GPP-RAN4"), "documents": ()},
    # Of Release 99: 1999-01-01 to 1999-12-31, several groups, two of them in force.
    8150: {
        "code": "60152",
        "kind": "feature",
        "releases": ("Rel-99",),
        "groups": ("3GPP-SA1", "3GPP-SA2"),
        "group_names": ("SMG", "T2", "N1", "N2", "N3", "N4"),
        "status": "completed",
        "begin": "1999",
        "end": "1999",
        "documents": (),
    },
    # "New 22.031, 23.031"
    8147: {
        "code": "FIGS",
        "kind": "work-task",
        "parent": "Security",
        "specifications": ("TS 22.031",),
        "impacts": ("TS 23.031",),
    },
    # A number cut to 22.1 by the spreadsheet.
    8085: {"code": "UMTS1", "impacts": ("TS 22.100",)},
    # Start and Finish 2019-03-07 as in the headings; no release.
    693: {"code": "Limbo", "releases": (), "begin": None, "target": None, "completion": 0},
    # The last row.
    8270: {
        "code": "60163",
        "title": "Separating Radio Resources and Mobility Management specific parts of the MS Classmark",
    },
}  # fmt: skip


@pytest.mark.parametrize("row", ROWS)
def test_a_row_read_by_hand(row: int, items: list[WorkItem]) -> None:
    (item,) = (i for i in items if i.evidence[0].locator == f"sheet Work_plan_3gpp, row {row}")
    assert {field: getattr(item, field) for field in ROWS[row]} == ROWS[row]


def test_the_words_behind_what_was_normalised(by_number: dict[str | None, WorkItem]) -> None:
    said = {
        (e.field, e.text)
        for number in ("620013", "60152", "840022", "880041", "959999", "35040")
        for e in by_number[number].evidence
    }
    assert {
        ("status", "Stopped at 20% -"),
        ("release", "R99"),
        ("group", "S1,S2,SMG,T2,N1,N2,N3,N4"),
        ("begin", "1999-01-01"),
        ("end", "1999-12-31"),
        ("impacts", "New ; 23.700-91"),
        ("acronym", "FS_PIN"),
        ("begin", "2019-03-07"),
        ("status", "SP-31"),
    } <= said


def test_every_piece_of_evidence_has_words_and_a_place(items: list[WorkItem]) -> None:
    for item in items:
        assert item.evidence[0].field == "record"
        for e in item.evidence:
            assert e.text.strip()
            assert e.locator == item.evidence[0].locator
            assert e.confidence >= 0.9


def test_codes_are_unique_over_the_whole_plan(items: list[WorkItem]) -> None:
    assert len({ids.work_item_key("3GPP", item.code) for item in items}) == 8_143
    # Six pairs of acronyms differ in case alone, such as MExE (Rel-4) and MEXE (Rel-99).
    assert len({ids.work_item_key("3GPP", item.code).casefold() for item in items}) == 8_143 - 6
    assert all(item.code == item.number or any(c.isalpha() for c in item.code) for item in items)


def test_parents_are_items_of_the_level_above(plan: Path, items: list[WorkItem]) -> None:
    levels = {row.text("Unique_ID"): int(row.text("OutlineLevel")) for row in tables.rows(plan)}
    level = {item.code: levels[item.number or ""] for item in items}
    for item in items:
        assert (item.parent is None) == (level[item.code] == 1)
        if item.parent:
            assert level[item.parent] == level[item.code] - 1


def test_who_shares_an_acronym_is_part_of_who_bears_it(plan: Path, items: list[WorkItem]) -> None:
    """So the rule of the topmost: in 1,715 of 1,719 cases it is the item that the other is part of."""
    parent = {item.code: item.parent for item in items}

    def above(code: str | None) -> set[str]:
        found: set[str] = set()
        while code is not None and (code := parent[code]) is not None:
            found.add(code)
        return found

    sharing = [
        (item.code, e.text)
        for item in items
        for e in item.evidence
        if e.field == "acronym" and e.text in parent
    ]
    assert len(sharing) == 1_719
    assert sum(acronym in above(code) for code, acronym in sharing) == 1_715


def test_kinds(plan: Path, items: list[WorkItem]) -> None:
    rows = {row.text("Unique_ID"): row for row in tables.rows(plan)}
    level = {item.code: int(rows[item.number or ""].text("OutlineLevel")) for item in items}
    for item in items:
        if item.kind != "study-item":
            assert item.kind == {1: "feature", 2: "building-block"}.get(level[item.code], "work-task")
    marked = {n for n, row in rows.items() if row.text("Acronym").startswith("FS")}
    named = {
        n for n, row in rows.items() if row.text("Name").strip().startswith(("Study o", "Feasibility S"))
    }
    studies = {item.number for item in items if item.kind == "study-item"}
    assert marked | named - {"0"} <= studies
    # Titles that speak of studies and are none themselves.
    assert [
        i.title
        for i in items
        if re.search(r"\bstud(y|ies)\b", i.title or "", re.I) and i.number not in studies
    ] == [
        "Release 14 studies on 5G MObile Network for Advanced communications",
        "MIMO for 1.28 Mcps TDD. Linked to Rel-8 Study on Scope of future HSPA Evolution for 1.28 Mcps TDD "
        "(UID_370041) TR 25.824",
        "Co-operative Element Management interface (CO-OP) (Study + Implementation)",
        "Delta synchronization between IRP Manager and IRP Agent (Study + Implementation)",
        "Partial suspension of Itf-N during maintenance/testing (Study + Implementation)",
        "Rel-6 RAN Feasibility Studies",
        "Performance study of cell change mechanisms",
        "Performance Study of Current Procedures",
    ]


def test_states(plan: Path, items: list[WorkItem]) -> None:
    names = [row.text("Name").strip().casefold() for row in tables.rows(plan)]
    states = Counter(item.status for item in items)
    assert states["deleted"] == sum(name.startswith("deleted") for name in names) == 414
    # Three more have a meeting that stopped them, and no word of it in the name.
    assert states["stopped"] == sum(name.startswith("stopped") for name in names) + 3 == 51
    assert set(states) == {"deleted", "stopped", "completed", "ongoing"}
    for item in items:
        assert item.status == "completed" or item.end is None
        assert item.status != "completed" or (item.target is None and item.completion == 100)


def test_groups_are_in_the_registry(items: list[WorkItem], root: Path) -> None:
    folder = root / "data/registry"
    registry = Registry.from_records(
        r for table in ("bodies", "groups") for r in registry_tables.read(folder / f"{table}.csv")
    )
    named = {group for item in items for group in item.groups}
    assert all(group in registry for group in named)
    # SA1 to SA6 and SA3-LI, RAN1 to RAN6, CT1, CT3, CT4, CT6, and the three plenaries
    assert len(named) == 7 + 6 + 4 + 3
    releases = {
        r.name for r in registry_tables.read(folder / "releases.csv") if getattr(r, "body", "") == "3GPP"
    }
    assert {release for item in items for release in item.releases} <= releases


def test_documents(items: list[WorkItem], by_number: dict[str | None, WorkItem]) -> None:
    normalised = {e.text: item.documents for item in items for e in item.evidence if e.field == "document"}
    assert normalised == {
        "RP-221843RP-222288": ("RP-221843", "RP-222288"),
        "RP\u2011211495": ("RP-211495",),
        "RP\u2011211496": ("RP-211496",),
        "CP201074": ("CP-201074",),
    }
    assert by_number["870074"].documents == ()  # https://www.3gpp.org/ftp/Information/WI_Sheet/.zip


def test_specifications_that_items_make_are_known_to_exist(plan: Path) -> None:
    made = [record for record in read(plan) if isinstance(record, Specification)]
    numbers = [s.number for s in made]
    assert len(numbers) == len(set(numbers)) > 600
    study = next(s for s in made if s.number == "TR 23.791")
    assert study == Specification(
        body="3GPP",
        number="TR 23.791",
        evidence=(
            Evidence(
                field="record",
                text="TR 23.791",
                locator="sheet Work_plan_3gpp, row 1646",
                confidence=0.9,
            ),
        ),
    )


def test_rapporteurs_are_not_read(plan: Path, items: list[WorkItem]) -> None:
    companies = {"Ericsson", "Huawei", "China Mobile", "Alcatel-Lucent"}
    rows = list(tables.rows(plan))
    assert companies <= {row.text("WI rapporteur name") for row in rows}
    said = {e.text for item in items for e in item.evidence}
    assert not companies & said


def test_the_same_plan_as_csv(plan: Path, tmp_path: Path, items: list[WorkItem]) -> None:
    rows = list(tables.rows(plan))
    path = tmp_path / "plan.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        names = list(rows[0].values)
        writer.writerow(names)
        writer.writerows([row.text(name) for name in names] for row in rows)
    assert recognise(path)
    again = [record for record in read(path) if isinstance(record, WorkItem)]
    assert [_without_sheet(i) for i in again] == [_without_sheet(i) for i in items]
    assert again[0].evidence[0].locator == "row 7"


def _without_sheet(item: WorkItem) -> WorkItem:
    return replace(
        item,
        evidence=tuple(
            replace(e, locator=e.locator.removeprefix("sheet Work_plan_3gpp, ")) for e in item.evidence
        ),
    )


# --- other plans

OLD = (
    *("ID", "Unique_ID", "Name", "Acronym", "OutlineLevel", "Release", "ResourceNames", "Start", "Finish"),
    *("%Complete", "Hyperlink", "Impacted TSs and TRs", "TSG stopped"),
)
NEW = (
    *("Unique_ID", "Name", "Acronym", "Outline_Level", "Release", "Resource_Names", "Start_Date"),
    *("Finish_Date", "Percent_Complete", "Hyperlink", "WI_rapporteur_name", "Impacted_TSs_and_TRs"),
)
TODAY = dt.date(2026, 6, 26)


def line(number: object, name: str, acronym: str = "-", level: object = 1, **more: object) -> list[object]:
    """A row with the columns of 2023."""
    row = dict.fromkeys(OLD, "") | {
        "Unique_ID": number,
        "Name": "   " * (int(str(level)) - 1 if str(level).isdigit() else 0) + name,
        "Acronym": acronym,
        "OutlineLevel": level,
        "Release": "Rel-18",
        "ResourceNames": "S3",
        "Start": dt.date(2022, 6, 21),
        "Finish": dt.date(2023, 3, 3),
        "%Complete": 0.25,
    }
    return list((row | more).values())


def plan_of(folder: Path, *lines: Sequence[object], header: Sequence[object] = OLD) -> Path:
    path = folder / "plan.xlsx"
    path.write_bytes(workbook((header, *lines), "Plan"))
    return path


def one(folder: Path, *lines: Sequence[object]) -> WorkItem:
    (item,) = (record for record in read(plan_of(folder, *lines)) if isinstance(record, WorkItem))
    return item


def fault(path: Path) -> SdographError:
    with pytest.raises(SdographError) as caught:
        list(read(path))
    return caught.value


def test_the_columns_of_2026(tmp_path: Path) -> None:
    path = plan_of(
        tmp_path,
        [0, "Work items", "", 1, "Rel-20", "", TODAY, TODAY, 0, "", "", ""],
        [1080001, "A feature", "FEAT", 1, "Rel-20", "S2", dt.date(2025, 6, 10), TODAY, 40, "", "", ""],
        [
            *(1080002, "   Study on securing it", "FS_FEAT_SEC", 2, "Rel-20", "S3, C1", dt.date(2025, 6, 10)),
            *(TODAY, 100, "https://www.3gpp.org/ftp/x/Docs/SP-250687.zip", "Some Body", "New 33.777; 33.501"),
        ],
        header=NEW,
    )
    assert recognise(path)
    feature, study, report = read(path)
    assert feature == WorkItem(
        body="3GPP",
        code="FEAT",
        title="A feature",
        kind="feature",
        number="1080001",
        groups=("3GPP-SA2",),
        releases=("Rel-20",),
        status="ongoing",
        begin="2025-06-10",
        target="2026-06-26",
        completion=40,
        evidence=feature.evidence,
    )
    assert study == WorkItem(
        body="3GPP",
        code="FS_FEAT_SEC",
        title="Study on securing it",
        kind="study-item",
        number="1080002",
        groups=("3GPP-SA3", "3GPP-CT1"),
        releases=("Rel-20",),
        status="completed",
        begin="2025-06-10",
        end="2026-06-26",
        completion=100,
        parent="FEAT",
        specifications=("TR 33.777",),
        impacts=("TS 33.501",),
        documents=("SP-250687",),
        evidence=study.evidence,
    )
    assert isinstance(report, Specification)
    assert report.number == "TR 33.777"
    assert "Some Body" not in repr((feature, study, report))


@pytest.mark.parametrize(
    ("cells", "done"),
    [
        ((1, 0.5), [100, 50]),
        ((0.07, 0), [7, 0]),
        ((100, 1), [100, 1]),
        (("100%", "1%"), [100, 1]),
        (("33 %", 0.5), [33, 50]),
        (("", "-"), [None, None]),
    ],
)
def test_scales_of_completion(cells: tuple[object, object], done: list[float | None], tmp_path: Path) -> None:
    lines = [line(n, f"Item {n}", **{"%Complete": cell}) for n, cell in enumerate(cells, 1)]
    items = [i for i in read(plan_of(tmp_path, *lines)) if isinstance(i, WorkItem)]
    assert [item.completion for item in items] == done


@pytest.mark.parametrize(
    ("name", "title", "status"),
    [
        ("Deleted - Radio Channel Support", "Radio Channel Support", "deleted"),
        ("deleted -CT1 aspects", "CT1 aspects", "deleted"),
        ("DELETED: CT3 aspects", "CT3 aspects", "deleted"),
        ("Deleted (covered by 380068): Functions", "Functions", "deleted"),
        ("Deleted (not approved) - MBMS Enhancements - Stage 2", "MBMS Enhancements - Stage 2", "deleted"),
        ("Deleted at TSG #27 - MS Test in 51.010", "MS Test in 51.010", "deleted"),
        ("Deleted - (IETF) Trickle ICE", "(IETF) Trickle ICE", "deleted"),
        ("Deleted Improved support of gaming", "Improved support of gaming", "deleted"),
        ("STOPPED - TR on Pilot", "TR on Pilot", "stopped"),
        ("Stopped : Core part: Dual Connectivity", "Core part: Dual Connectivity", "stopped"),
        ("Stopped at 20% - Study on UL", "Study on UL", "stopped"),
        ("Deletion of obsolete features", "Deletion of obsolete features", "ongoing"),
        ("Withdrawal of TS 24.323", "Withdrawal of TS 24.323", "ongoing"),
    ],
)
def test_the_prefix_of_a_state(name: str, title: str, status: str, tmp_path: Path) -> None:
    item = one(tmp_path, line(1, name))
    assert (item.title, item.status) == (title, status)


@pytest.mark.parametrize(
    ("name", "acronym", "kind"),
    [
        ("Study on X", "-", "study-item"),
        ("Feasibility Study on X", "X", "study-item"),
        ("Studies on CT1 aspects", "X", "study-item"),
        ("SA2 part of Study on X", "-", "study-item"),
        ("TR Study on X", "X", "study-item"),
        ("Enhanced A/Gb feasibility study", "AGbEnFS", "study-item"),
        ("Guidelines for Extra-territorial 5G Systems", "FS_5GET", "study-item"),
        ("FS for the Early Mobile Handling", "FSEarlyUE", "study-item"),
        ("Deleted eCALLIBMS - Study on emergency data", "eCALLIBMS", "study-item"),
        ("MIMO for 1.28 Mcps TDD. Linked to Rel-8 Study on HSPA", "MIMOLCR", "feature"),
        ("Performance study of cell change mechanisms", "-", "feature"),
        ("5G Fixed Services", "FSx", "feature"),
    ],
)
def test_which_items_are_studies(name: str, acronym: str, kind: str, tmp_path: Path) -> None:
    assert one(tmp_path, line(1, name, acronym)).kind == kind


def test_who_gets_the_acronym(tmp_path: Path) -> None:
    path = plan_of(
        tmp_path,
        line(1, "Feature", "F"),
        line(2, "SA3 part", "F", 2),
        line(3, "Other feature", "G"),
        line(4, "SA2 part", "H", 2),
        line(5, "SA3 part", "H", 2),
        line(6, "CT1 part of the SA3 part", "H", 3),
        line(7, "Two acronyms", "I,J"),
        line(8, "A doubtful one", "K?"),
        line(9, "A number", "1234"),
        line(10, "None", "-"),
    )
    items = [i for i in read(path) if isinstance(i, WorkItem)]
    assert [(i.code, i.alt_codes, i.parent) for i in items] == [
        ("F", (), None),
        ("2", (), "F"),
        ("G", (), None),
        ("4", ("H",), "G"),
        ("5", ("H",), "G"),
        ("6", (), "5"),
        ("7", (), None),
        ("8", (), None),
        ("9", (), None),
        ("10", (), None),
    ]


def test_acronyms_that_would_share_an_address_identify_neither(tmp_path: Path) -> None:
    items = list(read(plan_of(tmp_path, line(1, "One", "A5/4"), line(2, "Two", "A5-4"))))
    assert [i.code for i in items if isinstance(i, WorkItem)] == ["1", "2"]


def test_a_heading_has_no_parts(tmp_path: Path) -> None:
    path = plan_of(tmp_path, line(1, "Feature", "F"), line(0, "--- RELEASE 17 ---"), line(2, "Part", "P", 2))
    assert [i.parent for i in read(path) if isinstance(i, WorkItem)] == [None, None]


@pytest.mark.parametrize(
    ("start", "finish", "begin", "target"),
    [
        ("2022-06-21", "2023-03-03", "2022-06-21", "2023-03-03"),
        ("2022-06-21 00:00:00", "21/12/2023", "2022-06-21", "2023-12-21"),
        ("1900-01-00", "-", None, None),
        (dt.date(1900, 3, 1), "NA", None, None),
        ("05/09/2022", "soon", None, None),
        (TODAY, TODAY, None, None),
        ("1999-01-01", "1999-12-31", "1999", "1999"),
        ("1999-01-01", "2000-12-31", "1999-01-01", "2000-12-31"),
    ],
)
def test_dates(start: object, finish: object, begin: str | None, target: str | None, tmp_path: Path) -> None:
    heading = line(0, "--- RELEASE 20 ---", Start=TODAY, Finish=TODAY)
    item = one(tmp_path, heading, line(1, "Item", Start=start, Finish=finish))
    assert (item.begin, item.target) == (begin, target)


@pytest.mark.parametrize(
    ("lines", "column", "message"),
    [
        ([line("x1", "Item")], "Unique_ID", "'x1' is no Unique_ID"),
        ([line(1, "Item"), line(1, "Another")], "Unique_ID", "1 is there twice"),
        ([line(1, "Item", level="")], "OutlineLevel", "'' is no outline level"),
        ([line(1, "Item", level=2.5)], "OutlineLevel", "'2.5' is no outline level"),
        ([line(1, " ")], "Name", "the item has no name"),
        ([line(1, "Item", **{"%Complete": "half"})], "%Complete", "'half' is no percentage"),
        ([line(1, "Item", **{"%Complete": 120})], "%Complete", "'120' is no percentage"),
        ([line(1, "Item", Name="   Part of nothing")], "OutlineLevel", "level 1 stands beside a name with 3"),
    ],
)
def test_faults_name_their_place(
    lines: list[list[object]], column: str, message: str, tmp_path: Path
) -> None:
    found = fault(plan_of(tmp_path, *lines))
    assert found.where == f"plan.xlsx, sheet Plan, row {len(lines) + 1}, column {column}"
    assert message in found.message


def test_a_column_that_is_missing(tmp_path: Path) -> None:
    path = plan_of(tmp_path, line(1, "Item"), header=[n.replace("OutlineLevel", "OutlineLvl") for n in OLD])
    assert recognise(path)
    found = fault(path)
    assert found.message == "the column 'OutlineLevel' is missing"
    assert found.hint == "near it: OutlineLvl"


def test_a_short_import_fails(plan: Path, tmp_path: Path) -> None:
    """What says that it is the work plan must be all of it: no less than its first 7,000 rows."""
    rows = list(tables.rows(plan))
    names = list(rows[0].values)
    for kept, message in ((900, "work items, where 5,000 to 49,999"), (7_000, "no items of Rel-99, Rel-4")):
        cut = [[row.text(name) for name in names] for row in rows[:kept]]
        with (tmp_path / "plan.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, *cut])
        with pytest.raises(IncompleteDocument, match=message):
            list(read(tmp_path / "plan.csv"))
