"""Items that one source calls by another code than the next: the second official number tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sdograph import pipeline
from sdograph.linking import Linker, MemoryIndex, Registry
from sdograph.model import WorkItem
from sdograph.namespaces import DCT, SDO, SKOS
from sdograph.sources import fact_tables, work_plan
from sdograph.store import EmbeddedStore

PLAN = "data/3gpp/work-plan-2023-01-10.csv"

FEATURE = WorkItem(body="3GPP", code="eNPN", title="Enhanced NPN", kind="feature", number="900012")
PART = WorkItem(
    body="3GPP", code="920025", title="Security", kind="building-block", number="920025", parent="eNPN"
)


@pytest.fixture(scope="module")
def plan(root: Path) -> list[WorkItem]:
    return [r for r in work_plan.read(root / PLAN) if isinstance(r, WorkItem)]


def gathered(code: str, number: str, *alt_codes: str) -> WorkItem:
    return WorkItem(
        body="3GPP", code=code, title="Security", kind="work-item", number=number, alt_codes=alt_codes
    )


def linker_of(registry: Registry, *known: WorkItem) -> Linker:
    return Linker(registry, MemoryIndex.from_records(known))


def test_a_part_that_is_called_by_the_code_of_its_feature_is_the_part(registry: Registry) -> None:
    """The acronym stays that of the feature: as another code of the part it would tell neither."""
    found = linker_of(registry, FEATURE, PART).known_item(gathered("eNPN", "920025"))
    assert found == replace(gathered("eNPN", "920025"), code="920025")


def test_a_code_that_nobody_else_bears_is_another_code_of_the_item(registry: Registry) -> None:
    found = linker_of(registry, PART).known_item(gathered("NPN_SEC", "920025"))
    assert (found.code, found.alt_codes) == ("920025", ("NPN_SEC",))


def test_an_item_known_by_its_acronym_keeps_it(registry: Registry) -> None:
    """Its number was its code where several rows of the table bore the acronym."""
    known = replace(FEATURE, code="AIML_MT", number="920037")
    found = linker_of(registry, known).known_item(gathered("920037", "920037", "AIML_MT"))
    assert (found.code, found.alt_codes) == ("AIML_MT", ())


@pytest.mark.parametrize(
    "record",
    [
        gathered("FS_NEW", "999999"),
        gathered("eNPN", "900012"),
        replace(gathered("eNPN", "920025"), number=None),
        replace(gathered("eNPN", "920025"), body="ETSI"),
    ],
)
def test_what_is_not_known_by_that_number_stays_as_it_is(registry: Registry, record: WorkItem) -> None:
    assert linker_of(registry, FEATURE, PART).known_item(record) == record


def test_a_number_that_two_items_bear_tells_neither(registry: Registry) -> None:
    twice = replace(PART, code="OTHER")
    record = gathered("NPN_SEC", "920025")
    assert linker_of(registry, PART, twice).known_item(record) == record


def test_gathered_items_are_those_of_the_work_plan(
    plan: list[WorkItem], registry: Registry, shared: Callable[[str], Path]
) -> None:
    """Of the 157 gathered rows with a Unique_ID 28 have another code than the plan gives the item."""
    rows = fact_tables.read(shared("data/facts/work_items.csv"))
    items = [r for r in rows if isinstance(r, WorkItem) and r.body == "3GPP" and r.number]
    linker = linker_of(registry, *plan)
    codes = {item.number: item.code for item in plan}
    assert len(items) == 157
    assert [linker.known_item(item).code for item in items] == [codes[item.number] for item in items]
    changed = {(i.number, i.code) for i in items if i.code != codes[i.number]}
    assert len(changed) == 28
    # As the plan has them: parts of a feature, and studies that share the acronym of another group's study.
    assert {
        ("920025", "eNPN"),
        ("850021", "AKMA"),
        ("830022", "eCAPIF"),
        ("950024", "FS_5G_ProSe_Ph2"),
        ("960029", "FS_eNS_Ph3"),
    } <= changed


def test_the_number_tells_across_documents(own_store: EmbeddedStore, tmp_path: Path) -> None:
    """Both titles are there, and that they differ is said."""
    header = "body_id,code,title,kind,stage,source_url_or_repo,confidence\n"
    rows = (
        "3GPP,FS_SAIML,Study on securing AI,study item,WID/SID SP-240001; Unique_ID 1040001,https://example.org/a,high\n",
        "3GPP,FS_Old,Study on AI,study item,WID/SID SP-240001; Unique_ID 1040001,https://example.org/b,high\n",
    )
    paths = [tmp_path / "one.csv", tmp_path / "other.csv"]
    for path, row in zip(paths, rows, strict=True):
        path.write_text(header + row, "utf-8")
    _, report = pipeline.ingest(own_store, paths)
    assert report.error is None
    assert "Documents give this work item different titles" in " ".join(f.message for f in report.findings)
    snapshot = own_store.current()
    (item,) = {t.subject for t in snapshot.triples(None, SDO.number) if "1040001" in str(t.object)}
    assert {str(o) for o in snapshot.objects(item, DCT.identifier)} == {'"FS_SAIML"'}
    assert {str(o) for o in snapshot.objects(item, SKOS.notation)} == {'"FS_Old"'}
    assert len(set(snapshot.objects(item, DCT.title))) == 2
