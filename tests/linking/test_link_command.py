"""The command that shows what words would be linked to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sdograph.cli import main
from sdograph.store import EmbeddedStore


def link(store: EmbeddedStore, capfd: pytest.CaptureFixture[str], *args: str) -> Any:
    with pytest.raises(SystemExit) as left:
        main(["link", *args, "--json", "--data-dir", str(store.data_dir)])
    assert not left.value.code
    return [(row["text"], row["kind"], row["target"]) for row in json.loads(capfd.readouterr().out)]


def test_a_body_said_once_holds_for_a_list(
    bundled_store: EmbeddedStore, capfd: pytest.CaptureFixture[str]
) -> None:
    assert link(bundled_store, capfd, "3GPP SA, RAN3") == [
        ("3GPP SA", "organization", "group/3GPP-SA"),
        ("RAN3", "organization", "group/3GPP-RAN3"),
    ]


def test_a_number_is_shown_with_who_gave_it(
    bundled_store: EmbeddedStore, capfd: pytest.CaptureFixture[str]
) -> None:
    assert link(bundled_store, capfd, "5GJA05_110 [S2-1811975]") == [
        ("5GJA05_110", "document", "group/GSMA-5GJA"),
        ("S2-1811975", "document", "group/3GPP-SA2"),
    ]


def test_codes_in_a_sentence_are_shown_without_the_sentence(
    bundled_store: EmbeddedStore, capfd: pytest.CaptureFixture[str]
) -> None:
    assert link(bundled_store, capfd, "eNA_Ph3_SEC is not FS_AIML of Rel-18") == [
        ("eNA_Ph3_SEC", "item", None),
        ("FS_AIML", "item", "work-item/3GPP/FS_AIML"),
    ]


def test_a_date_decides(bundled_store: EmbeddedStore, capfd: pytest.CaptureFixture[str]) -> None:
    found = link(bundled_store, capfd, "SAI", "--context", "ETSI", "--on", "2022-01")
    assert found == [("SAI", "organization", "group/ETSI-ISG-SAI")]
