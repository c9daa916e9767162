"""What the command line shows of a statement stands beside the document's own words."""

from __future__ import annotations

from pathlib import Path

from sdograph import pipeline
from sdograph.fields import Row, rows
from sdograph.model import LiaisonStatement
from sdograph.store import EmbeddedStore


def read(store: EmbeddedStore, path: Path) -> list[Row]:
    (report,) = pipeline.ingest(store, [path], pipeline.Options(dry_run=True, whole=True))
    (statement,) = (r for r in report.records if isinstance(r, LiaisonStatement))
    return list(rows(statement))


def of(found: list[Row], field: str) -> list[tuple[str, str]]:
    return [(row.read, row.words) for row in found if row.field == field]


def test_each_field_of_the_founding_statement(own_store: EmbeddedStore, founding: Path) -> None:
    found = read(own_store, founding)
    text = " ".join(founding.read_text("utf-8").split())
    assert of(found, "date") == [("2023-09-18", "18th September 2023")]
    assert of(found, "to") == [
        ("3GPP-SA, for action", "3GPP TSG SA"),
        ("3GPP-SA3, for action", "3GPP TSG SA WG3 (security)"),
        ("3GPP-SA5, for action", "3GPP TSG SA WG5 (Management, Orchestration and Charging)"),
    ]
    assert [read for read, _ in of(found, "cc")] == [
        f"{group}, for information" for group in ("ITU-T-SG13", "ITU-T-SG17", "ITU-R")
    ]
    assert [asked for asked, _ in of(found, "action")] == ["3GPP-SA", "3GPP-SA3, 3GPP-SA5"]
    assert of(found, "meeting")[0][0] == "SAI#20, 2023-12-04, Sophia-Antipolis, FR"
    assert not [row for row in found if " ".join(row.words.split()) not in text]
    assert all(row.locator and row.rule for row in found)


def test_a_name_that_is_open_says_what_it_may_be(own_store: EmbeddedStore, founding: Path) -> None:
    open_ = [row for row in read(own_store, founding) if "open" in row.read]
    assert [row.words for row in open_] == ["eNA_Ph3_SEC"]
    assert open_[0].confidence == 0
