"""The commands about overlapping work, on the core of the bundled dataset."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from sdograph import Graph
from sdograph.cli import main
from sdograph.overlap import sssom
from sdograph.store import EmbeddedStore

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(own_store: EmbeddedStore, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    def call(*args: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main([*map(str, args), "--data-dir", str(own_store.data_dir)])
        out, err = capfdbinary.readouterr()
        return int(left.value.code or 0), out.decode(), err.decode()

    return call


def others(run: Run, *args: str) -> list[str]:
    code, out, _ = run("overlaps", "SAI-014", "--format", "json", "--min-score", "0", *args)
    assert code == 0
    return [pair["other"]["label"] for pair in json.loads(out)["data"]]


def test_an_item_by_its_code_as_a_table_that_says_why(run: Run) -> None:
    code, out, _ = run("overlaps", "SAI-014")
    assert code == 0
    (line,) = [line for line in out.splitlines() if "3GPP FS_AIML " in line]
    # The founding statement names both.
    assert "statements +1.0 (ETSI/" in line
    assert "security" in line


def test_decisions_are_taken_shown_carried_over_and_taken_back(run: Run, tmp_path: Path) -> None:
    assert "FS_AIML" in others(run)
    code, out, _ = run(
        "overlap-decisions", "reject", "SAI-014", "FS_AIML", "--by", "chair", "--note", "wrong"
    )
    assert code == 0
    id = out.split()[1].rstrip(":")
    assert "FS_AIML" not in others(run)
    assert others(run, "--decision", "rejected") == ["FS_AIML"]
    file = tmp_path / "decisions.tsv"
    assert run("overlap-decisions", "export", "-o", file)[0] == 0
    (kept,) = sssom.read(file)
    assert (kept.id, kept.verdict, kept.note) == (id, "rejected", "wrong")
    assert "wrong" in run("overlap-decisions", "list")[1]
    assert run("overlap-decisions", "undo", id, "--by", "chair")[0] == 0
    assert "FS_AIML" in others(run)
    code, _, err = run("overlap-decisions", "import", file)
    assert (code, "nothing changed" in err) == (0, True)
    accepted = (
        "overlap-decisions",
        "accept",
        "SAI-014",
        "FS_AIML",
        "--by",
        "chair",
        "--relation",
        "closeMatch",
    )
    assert run(*accepted)[0] == 0
    shown = json.loads(run("overlap-decisions", "list", "--json")[1])["data"]
    assert [(d["relation"], d["verdict"]) for d in shown] == [("closeMatch", "accepted")]


def test_all_pairs_as_csv_and_as_a_mapping_set(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("overlaps", "--all", "--format", "csv", "--limit", "500")[1])))
    pairs = [{row["item"], row["other"]} for row in rows]
    assert {"work-item/ETSI/SAI-014", "work-item/3GPP/FS_AIML"} in pairs
    assert len({frozenset(pair) for pair in pairs}) == len(pairs)
    assert [float(row["score"]) for row in rows] == sorted((float(r["score"]) for r in rows), reverse=True)
    code, out, _ = run("overlaps", "--all", "--format", "sssom")
    assert (code, sssom.parse(out.encode(), "answer")) == (0, [])


def test_topics_by_body_and_gaps(run: Run) -> None:
    matrix = json.loads(run("coverage", "--format", "json")[1])
    (row,) = [row for row in matrix["rows"] if row["topic"] == "securing-network-ai"]
    assert "https://w3id.org/sdograph/id/work-item/ETSI/SAI-014" in row["cells"]["ETSI"]
    code, out, _ = run("coverage", "--gaps", "--as-of", "2026-11-25", "--format", "csv")
    assert code == 0
    # The founding statement of September 2023 is the last between them.
    assert ("3GPP", "ETSI", "2023-09-18") in {
        (row["left"], row["right"], row["last"]) for row in csv.DictReader(io.StringIO(out))
    }
    assert run("coverage", "--gaps", "--as-of", "2024-01-01", "--format", "csv")[1].count("2023-09-18") == 0


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("overlaps",), "--all"),
        (("overlaps", "SAI-014", "--all"), "--all"),
        (("overlaps", "NO-SUCH"), "no work item"),
        (("overlaps", "SAI-014", "--topic", "nothing"), "no topic"),
        (("overlaps", "SAI-014", "--decision", "maybe"), "no state"),
        (("overlap-decisions", "accept", "SAI-014", "FS_AIML", "--by", "x", "--relation", "is"), "none of"),
        (("overlap-decisions", "reject", "SAI-014", "SAI-014", "--by", "x"), "one item"),
        (("overlap-decisions", "undo", "nothing", "--by", "x"), "no decision"),
        (("coverage", "--across", "colour"), "no column"),
    ],
)
def test_what_does_not_fit_is_named(run: Run, args: tuple[str, ...], told: str) -> None:
    code, out, err = run(*args)
    assert (code, out) == (2, "")
    assert told in err


def test_overlaps_as_a_network(run: Run, own_store: EmbeddedStore, tmp_path: Path) -> None:
    code, out, _ = run("network", "--view", "overlaps", "--format", "csv")
    assert code == 0
    edges = list(csv.DictReader(io.StringIO(out)))
    code, listed, _ = run("overlaps", "--all", "--min-score", "0.4", "--limit", "100000", "--format", "csv")
    pairs = {frozenset((row["item"], row["other"])) for row in csv.DictReader(io.StringIO(listed))}
    assert {frozenset((row["Source"], row["Target"])) for row in edges} == pairs
    assert {row["Type"] for row in edges} == {"Undirected"}

    code, out, _ = run("network", "--view", "overlaps", "--filter", "level=body", "--metrics")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()[-2:]] == ["3GPP", "ETSI"]
    made = tmp_path / "bodies.gexf"
    code, _, _ = run("export", "overlaps", "--filter", "level=body", "--format", "gexf", "-o", made)
    assert code == 0
    graph = Graph.open(own_store.data_dir).network("overlaps", level="body")
    assert made.read_text("utf-8").count("<edge ") == graph.number_of_edges() == 1
