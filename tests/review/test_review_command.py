"""sdograph review on the command line."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import pytest

from sdograph.cli import main
from sdograph.store import EmbeddedStore


def run(capsys: pytest.CaptureFixture[str], store: EmbeddedStore, *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        main(["review", *args, "--data-dir", str(store.data_dir)])
    out, err = capsys.readouterr()
    return int(left.value.code or 0), out, err


def test_the_list_in_all_forms(capsys: pytest.CaptureFixture[str], store: EmbeddedStore) -> None:
    code, out, err = run(capsys, store)
    assert code == 0
    header, first, *_ = out.splitlines()
    assert header.split() == ["item", "settles", "what", "where", "may", "be"]
    assert first.split()[1:5] == ["3", "“Forum", "of", "Examples”"]
    assert "7 items (2 unresolved, 3 uncertain, 2 contradiction)" in err
    _, out, _ = run(capsys, store, "--format", "json")
    entries = json.loads(out)
    assert [e["settles"] for e in entries] == [3, 1, 1, 1, 1, 1, 1]
    _, out, _ = run(capsys, store, "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [r["id"] for r in rows] == [e["id"] for e in entries]
    assert rows[0]["documents"] == "liaison-statements.csv"


@pytest.mark.parametrize(
    ("filters", "words"),
    [
        (["--kind", "contradiction"], ["FS_Example", "FS_Example"]),
        (["--kind", "uncertain", "--text", "last examples"], ["EX-LS-3"]),
        (["--document", "work-items-2024"], ["FS_Example", "FS_Example"]),
        (["--document", "LS_ETSI"], ["eNA_Ph3_SEC"]),
        (["--group", "ETSI-ISG-SAI"], ["Forum of Examples", "eNA_Ph3_SEC"]),
        (["--group", "ITU-T-SG17", "--kind", "unresolved"], ["eNA_Ph3_SEC"]),
        (["--text", "FORUM"], ["Forum of Examples"]),
        (["--text", "nothing of the kind"], []),
    ],
)
def test_the_list_can_be_narrowed(
    capsys: pytest.CaptureFixture[str], store: EmbeddedStore, filters: list[str], words: list[str]
) -> None:
    _, out, _ = run(capsys, store, *filters, "--format", "json")
    assert [e["words"] for e in json.loads(out)] == words


def test_pages_of_the_table_do_not_overlap(capsys: pytest.CaptureFixture[str], store: EmbeddedStore) -> None:
    pages = [run(capsys, store, "--limit", "3", "--page", str(n))[1] for n in (1, 2, 3)]
    ids = [re.findall(r"^[nf]-[0-9a-f]{10}\b", page, re.MULTILINE) for page in pages]
    assert [len(shown) for shown in ids] == [3, 3, 1]
    assert len({id for shown in ids for id in shown}) == 7


def test_decide_look_and_undo(
    capsys: pytest.CaptureFixture[str], store: EmbeddedStore, tmp_path: Path
) -> None:
    _, out, _ = run(capsys, store, "--text", "forum", "--format", "json")
    item = json.loads(out)[0]["id"]
    code, out, err = run(
        capsys, store, "decide", item, "--is", "ITU-T-SG17", "--by", "secretary", "--note", "asked"
    )
    assert (code, "3 places in 1 document" in err) == (0, True)
    decision = out.split()[0]
    _, out, _ = run(capsys, store, "decisions")
    assert [decision, "secretary", "asked"] == [
        w for w in out.split() if w in (decision, "secretary", "asked")
    ]
    _, out, _ = run(capsys, store, "decisions", "--format", "json")
    assert json.loads(out)[0]["state"] == "in force"
    kept = tmp_path / "kept.csv"
    assert run(capsys, store, "export", "-o", str(kept))[0] == 0
    assert run(capsys, store, "undo", decision, "--by", "secretary")[0] == 0
    assert json.loads(run(capsys, store, "decisions", "--format", "json")[1]) == []
    assert (
        json.loads(run(capsys, store, "decisions", "--all", "--format", "json")[1])[0]["state"] == "withdrawn"
    )
    _, out, err = run(capsys, store, "import", str(kept))
    assert "nothing new" in err, "what was withdrawn is not taken again by an older file"


def test_several_items_in_one_decision(capsys: pytest.CaptureFixture[str], store: EmbeddedStore) -> None:
    _, out, _ = run(capsys, store, "--kind", "contradiction", "--format", "json")
    items = [e["id"] for e in json.loads(out)]
    generation = store.current().generation
    assert run(capsys, store, "decide", *items, "--prefer", "work-items-2024.csv", "--by", "me")[0] == 0
    assert store.current().generation == generation + 1
    assert json.loads(run(capsys, store, "--kind", "contradiction", "--format", "json")[1]) == []


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (["--group", "3GPP-SA99"], 2, "no body or group"),
        (["--document", "nowhere"], 2, "no document"),
        (["decide", "n-0000000000", "--none", "--by", "me"], 2, "has no item"),
        (["undo", "0000000000", "--by", "me"], 2, "no decision"),
        (["import", "nowhere.csv"], 2, "nowhere.csv"),
        (["export", "-o", "decisions.xlsx"], 2, "no form"),
    ],
)
def test_what_is_wrong_is_said(
    capsys: pytest.CaptureFixture[str], store: EmbeddedStore, args: list[str], code: int, words: str
) -> None:
    left, _, err = run(capsys, store, *args)
    assert left == code
    assert words in err


def test_a_violation_ends_with_one(capsys: pytest.CaptureFixture[str], store: EmbeddedStore) -> None:
    _, out, _ = run(capsys, store, "--text", "forum", "--format", "json")
    item = json.loads(out)[0]["id"]
    code, _, err = run(capsys, store, "decide", item, "--is", "work-item/3GPP/FS_Example", "--by", "me")
    assert code == 1
    assert "nothing is decided" in err
