"""The measures, by hand, and what the ranking reaches on graded pairs."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sdograph.cli import app
from sdograph.errors import UnreadableDocument
from sdograph.overlap.evaluation import mean, measures, read_corpus, read_judgements

GRADES = {"a": 3.0, "b": 2.0, "c": 1.5, "d": 0.0}


def test_measures_of_a_ranking_worked_out_by_hand() -> None:
    found = measures(["c", "x", "a", "d"], ["c", "a", "d", "b"], GRADES)
    best = 7 + 3 / math.log2(3) + (2**1.5 - 1) / 2
    assert found.ndcg_at_10 == pytest.approx(((2**1.5 - 1) + 7 / 2) / best)
    assert found.judged_ndcg_at_10 == pytest.approx(
        ((2**1.5 - 1) + 7 / math.log2(3) + 3 / math.log2(5)) / best
    )
    assert found.recall_at_10 == pytest.approx(1 / 2)
    assert found.precision_at_5 == pytest.approx(1 / 2)
    assert found.unjudged_at_10 == 1


def test_denominators_are_capped_at_what_a_list_can_hold() -> None:
    grades = {f"r{n}": 2.0 for n in range(12)}
    ranked = [f"r{n}" for n in range(12)]
    found = measures(ranked, ranked, grades)
    assert (found.ndcg_at_10, found.recall_at_10, found.precision_at_5) == (1.0, 1.0, 1.0)


def test_a_query_without_anything_relevant_has_no_recall_and_does_not_count_for_it() -> None:
    nothing = measures(["a"], ["a"], {"a": 1.0})
    assert (nothing.recall_at_10, nothing.precision_at_5) == (None, None)
    total = mean({"one": nothing, "two": measures(["a", "b"], ["a", "b"], GRADES)})
    assert total.recall_at_10 == 1.0


@pytest.mark.parametrize("text", ["", "[]\n", '{"id": 3}\n', "{", '{"id": "a", "body": "B"}\n'])
def test_files_of_other_kinds_are_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "file"
    file.write_text(text)
    if text:
        with pytest.raises(UnreadableDocument):
            read_corpus(file)
    with pytest.raises(UnreadableDocument):
        read_judgements(file)


def test_graded_pairs_are_ranked_well(shared: Callable[[str], Path], tmp_path: Path) -> None:
    """Eleven of the 33 queries, each among what was graded for any of them: the whole takes a minute."""
    with shared("data/gold/judgements.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    queries = list(dict.fromkeys(row["query_id"] for row in rows))[::3]
    rows = [row for row in rows if row["query_id"] in queries]
    wanted = {row[name] for row in rows for name in ("query_id", "candidate_id")}
    items = shared("data/gold/corpus.jsonl").read_text("utf-8").splitlines()
    corpus, judgements = tmp_path / "corpus.jsonl", tmp_path / "judgements.csv"
    corpus.write_text("\n".join(line for line in items if json.loads(line)["id"] in wanted))
    with judgements.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    result = CliRunner().invoke(
        app, ["evaluate-overlap", "--corpus", str(corpus), "--judgements", str(judgements), "--json"]
    )
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert found["queries"] == 11
    assert found["judged_ndcg_at_10"] > 0.85
    assert found["recall_at_10"] > 0.85
    assert found["precision_at_5"] > 0.75
