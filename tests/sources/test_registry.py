"""The registry's tables: complete, consistent in themselves, and read strictly."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, parse

from sdograph.errors import DataError, LimitExceeded, UnknownFormat, UnreadableDocument
from sdograph.linking import Registry
from sdograph.model import Body, Group, LiaisonRelationship, Record, Release, Specification, WorkItem
from sdograph.namespaces import SKOS
from sdograph.sources import registry as reader
from sdograph.sources.registry import RegistryFault, is_registry_table, read

TABLES = ("bodies", "groups", "relationships", "releases", "work-items")


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    return root / "data/registry"


@pytest.fixture(scope="module")
def records(folder: Path) -> list[Record]:
    return [record for table in TABLES for record in read(folder / f"{table}.csv")]


@pytest.fixture(scope="module")
def registry(records: list[Record]) -> Registry:
    return Registry.from_records(records)


@pytest.fixture(scope="module")
def bodies(records: list[Record]) -> dict[str, Body]:
    return {r.id: r for r in records if isinstance(r, Body)}


@pytest.fixture(scope="module")
def groups(records: list[Record]) -> dict[str, Group]:
    return {r.id: r for r in records if isinstance(r, Group)}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", errors="replace", newline="") as file:
        return list(csv.DictReader(file))


# --- what is in them


def test_every_organisation_of_the_founding_statement_is_there(
    bodies: dict[str, Body], groups: dict[str, Group]
) -> None:
    assert {"ETSI", "3GPP", "ITU", "ITU-T", "ITU-R"} <= bodies.keys()
    assert {"ETSI-ISG-SAI", "3GPP-SA", "3GPP-SA3", "3GPP-SA5", "ITU-T-SG13", "ITU-T-SG17"} <= groups.keys()
    sisters = {
        "3GPP-RAN",
        "3GPP-CT",
        *(f"3GPP-SA{n}" for n in range(1, 7)),
        *(f"3GPP-RAN{n}" for n in range(1, 7)),
    }
    assert sisters <= groups.keys()


def test_counts(records: list[Record]) -> None:
    counts = Counter(type(r).__name__ for r in records)
    # 45 bodies and 182 groups are gathered; two of them are gathered as both, TSAG as a body. Parties of
    # statements that were missing among them were added.
    assert (counts["Body"], counts["Group"]) == (44 + 3, 181 + 11)
    assert counts["Release"] == 27 + 3
    assert counts["WorkItem"] == counts["Specification"] == 3
    assert counts["LiaisonRelationship"] == 7


def test_every_gathered_organisation_is_here_under_its_id(
    shared: Callable[[str], Path], registry: Registry
) -> None:
    gathered_bodies = [row["body_id"] for row in table(shared("data/facts/bodies.csv"))]
    gathered_groups = [row["group_id"] for row in table(shared("data/facts/groups.csv"))]
    assert (len(gathered_bodies), len(gathered_groups)) == (45, 182)
    keys = {registry.key(i) for i in (*gathered_bodies, *gathered_groups)}
    assert len(keys) == 45 + 182 - 2  # ISO/IEC JTC 1 and CEN-CENELEC JTC 21 are in both


def test_gathered_dates_names_and_parents_are_kept(shared: Callable[[str], Path], registry: Registry) -> None:
    for row in table(shared("data/facts/groups.csv")):
        group = registry.organization(row["group_id"])
        if isinstance(group, Body):
            continue
        said = re.match(r"\d{4}(-\d\d)*(?!-?\w)", row["start_date"])
        if said:
            assert group.begin == said[0], group.id
        elif row["start_date"]:
            assert (group.begin, group.begin_note) == (None, row["start_date"])
        assert group.name in row["name"], group.id
        assert group.short_name == row["short_name"]
        if row["parent_group"]:
            assert set(map(registry.key, group.parents)) == {
                registry.key(p) for p in row["parent_group"].split(";")
            }
        for successor in filter(None, row["successor"].split(";")):
            assert successor in group.successors


def test_succession_of_the_ai_security_group(groups: dict[str, Group]) -> None:
    isg, committee = groups["ETSI-ISG-SAI"], groups["ETSI-TC-SAI"]
    assert (isg.successors, isg.change_date) == (("ETSI-TC-SAI",), "2023-12-04")
    assert (isg.begin, isg.end, isg.end_note) == (
        "2019-10",
        None,
        "planned for 2023-Q4, the end of its second term",
    )
    assert committee.begin == "2023-12-04"


def test_study_groups_merge(groups: dict[str, Group]) -> None:
    assert groups["ITU-T-SG9"].successors == groups["ITU-T-SG16"].successors == ("ITU-T-SG21",)
    assert (groups["ITU-T-SG16"].end, groups["ITU-T-SG16"].end_note) == ("2024", "consolidated at WTSA-24")


def test_predecessors_without_a_row_are_names(groups: dict[str, Group]) -> None:
    assert groups["3GPP-RAN5"].formerly == ("T1",)
    assert groups["3GPP-CT1"].formerly == ("CN1",)
    assert groups["3GPP-CT"].formerly == ("TSG CN", "TSG T")


def test_words_that_are_no_date_are_notes(groups: dict[str, Group]) -> None:
    question = groups["ITU-T-Q16-17"]
    assert (question.begin, question.begin_note) == (None, "2025-2028 study period")
    correspondence = groups["ITU-T-CG-AISEC"]
    assert (correspondence.begin, correspondence.begin_note) == (
        "2024-03",
        "SG17 meeting 20 Feb-1 Mar 2024",
    )


def test_releases_are_in_order(records: list[Record]) -> None:
    releases = [r for r in records if isinstance(r, Release)]
    for body in ("3GPP", "ITU-T"):
        own = sorted((r for r in releases if r.body == body), key=lambda r: r.order)
        assert [r.order for r in own] == list(range(1, len(own) + 1))
    of_3gpp = sorted((r for r in releases if r.body == "3GPP"), key=lambda r: r.order)
    assert [r.name for r in of_3gpp[-17:]] == [f"Rel-{n}" for n in range(4, 21)]
    freezes = {r.name: r.end for r in of_3gpp}
    assert (freezes["Rel-18"], freezes["Rel-17"], freezes["Rel-99"]) == (
        "2024-06-21",
        "2022-06-10",
        "1999-12-17",
    )


def test_gathered_releases_are_here(shared: Callable[[str], Path], records: list[Record]) -> None:
    own = {(r.begin, r.end) for r in records if isinstance(r, Release) and r.body == "3GPP"}
    rows = table(shared("data/3gpp/releases.csv"))
    assert len(rows) == 28
    missing = [row for row in rows if (row["project_start"], row["project_end"] or None) not in own]
    assert [row["wpm_code_2g"] for row in missing] == ["GSM_Release_20"]  # its second, unfinished record


def test_seed_of_work_items(records: list[Record]) -> None:
    items = {r.code: r for r in records if isinstance(r, WorkItem)}
    assert items.keys() == {"FS_AIML", "FS_NR_AIML_NGRAN_SEC", "FS_eNA_SEC_Ph3"}
    item = items["FS_AIML"]
    assert (item.body, item.groups, item.releases, item.kind) == (
        "3GPP",
        ("3GPP-SA3",),
        ("Rel-18",),
        "study-item",
    )
    assert (item.status, item.begin, item.end) == ("ongoing", "2022-06-21", None)  # its end was but planned
    assert item.specifications == ("TR 33.898",)
    assert {e.field: e.text for e in item.evidence if e.field != "record"} == {
        "status": "25% complete on 2023-01-10",
        "end": "planned for 2023-03-03",
    }
    assert items["FS_NR_AIML_NGRAN_SEC"].status == "deleted"
    numbers = {r.number for r in records if isinstance(r, Specification)}
    assert numbers == {"TR 33.898", "TR 33.877", "TR 33.738"}


def test_partners_of_3gpp(records: list[Record]) -> None:
    partners = {r.left: r for r in records if isinstance(r, LiaisonRelationship)}
    assert partners.keys() == {"ARIB", "ATIS", "CCSA", "ETSI", "TSDSI", "TTA", "TTC"}
    assert {(r.right, r.kind) for r in partners.values()} == {("3GPP", "organizational-partner")}
    assert partners["ETSI"].begin == "1999"
    assert partners["ARIB"].begin is None


# --- their form


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_diffable(folder: Path, name: str) -> None:
    data = (folder / f"{name}.csv").read_bytes()
    assert b"\r" not in data
    assert not data.startswith(b"\xef\xbb\xbf")
    assert data.endswith(b"\n")
    data.decode("utf-8")
    rows = table(folder / f"{name}.csv")
    for row in rows:
        for cell in row.values():
            assert cell == cell.strip()
            assert "@" not in re.sub(r"https?://\S+", "", cell), "a person's address has no place here"
            assert cell.split("; ") == [part.strip() for part in cell.split(";")]
    keys = [row.get("id") or (row.get("left") or row["body"]) for row in rows]
    assert keys == sorted(keys)


def test_the_readme_names_every_column(folder: Path) -> None:
    readme = (folder / "README.md").read_text(encoding="utf-8")
    for name in TABLES:
        for column in table(folder / f"{name}.csv")[0]:
            assert f"`{column}`" in readme, (name, column)


def test_every_record_has_evidence_with_place_and_source(records: list[Record]) -> None:
    for record in records:
        assert record.evidence, record
        for evidence in record.evidence:
            assert re.fullmatch(r"row \d+", evidence.locator)
            assert evidence.confidence in (0.9, 0.6)
            assert evidence.source is not None
            NamedNode(evidence.source)


def test_the_locator_is_the_row_a_spreadsheet_shows(folder: Path, groups: dict[str, Group]) -> None:
    row = next(n for n, row in enumerate(table(folder / "groups.csv"), 2) if row["id"] == "ETSI-ISG-SAI")
    assert {e.locator for e in groups["ETSI-ISG-SAI"].evidence} == {f"row {row}"}
    assert len(groups["ETSI-ISG-SAI"].evidence) == 3  # one for each source


def test_redirects_lead_from_what_is_no_row(
    records: list[Record], bodies: dict[str, Body], groups: dict[str, Group]
) -> None:
    keys = {f"body/{i}" for i in bodies} | {f"group/{i}" for i in groups}
    redirects = [key for r in records if isinstance(r, (Body, Group)) for key in r.redirects]
    assert len(redirects) == len(set(redirects))
    assert keys.isdisjoint(redirects)


def test_bodies_and_groups_share_no_id(bodies: dict[str, Body], groups: dict[str, Group]) -> None:
    assert bodies.keys().isdisjoint(groups)


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("body-kind", reader.BODY_KINDS),
        ("group-kind", reader.GROUP_KINDS),
        ("relationship-kind", reader.RELATIONSHIP_KINDS),
        ("work-item-status", reader.STATUSES),
    ],
)
def test_the_words_of_the_tables_are_concepts(root: Path, scheme: str, words: tuple[str, ...]) -> None:
    quads = parse(path=root / f"ontology/schemes/{scheme}.ttl", base_iri="https://example.org/")
    notations = {
        q.object.value
        for q in quads
        if q.predicate == SKOS.notation and isinstance(q.object, Literal) and q.object.value != scheme
    }
    assert set(words) == notations


# --- strict reading

BODIES = "id,name,short_name,alt_names,kind,homepage,parents,begin,end,redirects,source,confidence"
GROUPS = (
    "id,bodies,name,short_name,alt_names,kind,parents,scope,begin,begin_note,end,end_note,"
    "successors,change_date,formerly,redirects,source,confidence"
)
RELEASES = "body,name,kind,order,begin,end,title,source,confidence"
ITEMS = (
    "body,code,title,kind,groups,releases,status,status_note,begin,end,end_note,"
    "alt_codes,specifications,source,confidence"
)
RELATIONSHIPS = "left,right,kind,begin,end,source,confidence"


def row(header: str, **cells: str) -> str:
    """A row of a table, empty but for the cells given, its sources and its confidence."""
    made = {"source": "https://example.org/x", "confidence": "high", **cells}
    assert made.keys() <= set(header.split(","))
    return ",".join(made.get(column, "") for column in header.split(","))


def body(id: str = "X", **cells: str) -> str:
    return row(BODIES, **{"id": id, "name": "Name", "short_name": "N", "kind": "sdo", **cells})


def group(id: str = "X-A", **cells: str) -> str:
    return row(GROUPS, **{"id": id, "bodies": "X", "name": "Name", "short_name": "N", "kind": "WG", **cells})


def release(**cells: str) -> str:
    return row(RELEASES, **{"body": "X", "name": "R1", "kind": "release", "order": "1", **cells})


def item(**cells: str) -> str:
    return row(ITEMS, **{"body": "X", "code": "C", "title": "Title", "kind": "study-item", **cells})


def relationship(**cells: str) -> str:
    given = {"left": "X", "right": "X-A", "kind": "organizational-partner", **cells}
    return row(RELATIONSHIPS, **given)


@pytest.mark.parametrize(
    ("name", "rows", "place"),
    [
        ("bodies", [BODIES + ",founded", body() + ",1"], "row 1, column founded"),
        ("bodies", [BODIES.replace("kind,", ""), body()], "row 1, column kind"),
        ("bodies", [BODIES.replace("end", "begin"), body()], "row 1, column begin"),
        ("bodies", [BODIES, body(), body("Y"), body()], "row 4, column id"),
        ("bodies", [BODIES, body("")], "row 2, column id"),
        ("bodies", [BODIES, body("X/Y")], "row 2, column id"),
        ("bodies", [BODIES, body(kind="club")], "row 2, column kind"),
        ("bodies", [BODIES, body(begin="2023-13")], "row 2, column begin"),
        ("bodies", [BODIES, body(begin="1.2.2023")], "row 2, column begin"),
        ("bodies", [BODIES, body(end="2023-02-30")], "row 2, column end"),
        ("bodies", [BODIES, body(begin="2023", end="2022-12")], "row 2, column end"),
        ("bodies", [BODIES, body(parents="Z")], "row 2, column parents"),
        ("bodies", [BODIES, body(redirects="TSAG")], "row 2, column redirects"),
        ("bodies", [BODIES, body(homepage="www.example.org")], "row 2, column homepage"),
        ("bodies", [BODIES, body(homepage="http://example.org/%zz")], "row 2, column homepage"),
        ("bodies", [BODIES, body(source="")], "row 2, column source"),
        ("bodies", [BODIES, body(source="hearsay")], "row 2, column source"),
        ("bodies", [BODIES, body(confidence="sure")], "row 2, column confidence"),
        ("bodies", [BODIES, body(name="Na\x07me")], "row 2, column name"),
        ("bodies", [BODIES, body() + ",more"], "row 2"),
        ("groups", [GROUPS, group(kind="club")], "row 2, column kind"),
        ("groups", [GROUPS, group(bodies="Y")], "row 2, column bodies"),
        ("groups", [GROUPS, group(bodies="")], "row 2, column bodies"),
        ("groups", [GROUPS, group(), group("X-B", parents="X-C")], "row 3, column parents"),
        ("groups", [GROUPS, group(successors="X")], "row 2, column successors"),
        ("groups", [GROUPS, group(change_date="soon")], "row 2, column change_date"),
        ("releases", [RELEASES, release(order="first")], "row 2, column order"),
        ("releases", [RELEASES, release(kind="version")], "row 2, column kind"),
        ("releases", [RELEASES, release(body="Y")], "row 2, column body"),
        ("releases", [RELEASES, release(), release(order="2")], "row 3, column name"),
        ("work-items", [ITEMS, item(groups="X-Z")], "row 2, column groups"),
        ("work-items", [ITEMS, item(status="done")], "row 2, column status"),
        ("relationships", [RELATIONSHIPS, relationship(right="Y")], "row 2, column right"),
        ("relationships", [RELATIONSHIPS, relationship(kind="friends")], "row 2, column kind"),
    ],
)
def test_a_fault_is_named_with_row_and_column(tmp_path: Path, name: str, rows: list[str], place: str) -> None:
    good = {"bodies": [BODIES, body()], "groups": [GROUPS, group()]}
    for table_name, content in {**good, name: rows}.items():
        (tmp_path / f"{table_name}.csv").write_text("\n".join(content) + "\n", encoding="utf-8")
    with pytest.raises(RegistryFault) as raised:
        list(read(tmp_path / f"{name}.csv"))
    assert raised.value.where == f"{name}.csv {place}"
    assert raised.value.hint
    assert raised.value.exit_code == 1


def test_a_good_table_reads_with_a_byte_order_mark_and_in_another_column_order(tmp_path: Path) -> None:
    path = tmp_path / "bodies.csv"
    lines = [",".join(reversed(line.split(","))) for line in (BODIES, body(begin="2012"))]
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    (found,) = read(path)
    assert isinstance(found, Body)
    assert (found.id, found.begin, found.evidence[0].source) == ("X", "2012", "https://example.org/x")


def test_ids_come_from_the_tables_beside_or_from_the_bundled_ones(tmp_path: Path) -> None:
    alone = tmp_path / "alone.csv"
    alone.write_text("\n".join([GROUPS, group("ETSI-TC-ITS", bodies="ETSI")]), encoding="utf-8")
    (found,) = read(alone)
    assert isinstance(found, Group)
    assert found.bodies == ("ETSI",)
    (tmp_path / "bodies.csv").write_text("\n".join([BODIES, body()]), encoding="utf-8")
    with pytest.raises(RegistryFault, match="ETSI"):
        read(alone)


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", UnknownFormat),
        (b"name,colour\nETSI,blue\n", UnknownFormat),
        (b"\xff\xfe\x00i", UnreadableDocument),
        (b'id,"name\n', UnreadableDocument),
        (b"PK\x03\x04 not a table", UnknownFormat),
    ],
)
def test_what_is_no_table_is_said_so(tmp_path: Path, content: bytes, error: type[DataError]) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(error) as raised:
        read(path)
    assert raised.value.hint


def test_a_missing_file_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument):
        read(tmp_path / "absent.csv")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "bodies.csv"
    with path.open("wb") as file:
        file.truncate(reader.MAX_BYTES + 1)
    with pytest.raises(LimitExceeded):
        read(path)


@pytest.mark.parametrize("header", [BODIES, GROUPS, RELEASES, ITEMS, RELATIONSHIPS])
def test_tables_are_recognised_by_their_first_line(header: str) -> None:
    assert is_registry_table(header + "\n")
    assert is_registry_table("\ufeff" + header + "\r\n")
    assert is_registry_table(header + ",another\n")


@pytest.mark.parametrize(
    "line", ["", "LIAISON STATEMENT\n", "name,colour\n", '"\n', "PK\x03\x04", "id,name\n"]
)
def test_other_files_are_not(line: str) -> None:
    assert not is_registry_table(line)


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", "X", "2023-12", "http://[::1", "https://a/%", "https://a:b/", "X;X-A", '"', "sdo"]),
)


def read_or_refuse(path: Path) -> DataError | None:
    """Reads a table; gives the error that refuses it. Any other exception is a failure."""
    try:
        for record in read(path):
            for evidence in record.evidence:
                NamedNode(evidence.source or "")
    except DataError as error:
        return error
    return None


@given(
    st.sampled_from([BODIES, GROUPS, RELEASES, ITEMS, RELATIONSHIPS]),
    st.lists(st.lists(CELL, min_size=5, max_size=19), max_size=3),
)
def test_any_cells_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, header: str, rows: list[list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "cells.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(cells[: len(header.split(","))] for cells in rows)
    error = read_or_refuse(path)
    assert error is None or (error.where and error.hint)


@given(st.binary(max_size=300), st.sampled_from(["", BODIES + "\n", RELEASES + "\n"]))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, before: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(before.encode() + content)
    error = read_or_refuse(path)
    assert error is None or (error.where and error.hint)


@given(st.from_regex(reader._ADDRESS, fullmatch=True))
def test_what_passes_for_an_address_is_one(address: str) -> None:
    NamedNode(address)
