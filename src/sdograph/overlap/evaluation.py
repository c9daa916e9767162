"""How good a ranking is, by pairs that were graded: nDCG, recall and precision, over queries."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

from sdograph.errors import UnreadableDocument
from sdograph.overlap.items import Item
from sdograph.overlap.ranking import Overlaps
from sdograph.overlap.vectors import VectorStore

_TOP, _FIRST = 10, 5
#: From this mean grade on, a candidate is one that should have been found.
RELEVANT = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """Of one query, or the mean over queries; None where nothing relevant is known.

    ``ndcg_at_10`` takes candidates without a grade for irrelevant, ``judged_ndcg_at_10`` leaves them out.
    """

    ndcg_at_10: float | None
    recall_at_10: float | None
    precision_at_5: float | None
    unjudged_at_10: float
    judged_ndcg_at_10: float | None


def read_corpus(path: Path) -> list[Item]:
    """The items of a JSON Lines file with id, body, group, title, abstract. Raises UnreadableDocument."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
        return [
            Item(
                id=row["id"],
                code=row["id"].removeprefix(row["body"] + " "),
                body=row["body"],
                title=row["title"],
                scope=row.get("abstract") or "",
                groups=(row["group"],) if row.get("group") else (),
            )
            for row in rows
        ]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableDocument(
            "this is no file of items to compare", where=str(path),
            hint="one JSON object a line, with id, body, title and, where there is one, abstract",
        ) from error  # fmt: skip


def read_judgements(path: Path) -> dict[str, dict[str, float]]:
    """The mean grade of each candidate by query, from a CSV file. Raises UnreadableDocument."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            found: dict[str, dict[str, float]] = {}
            rows = csv.DictReader(file)
            if not {"query_id", "candidate_id"} <= set(rows.fieldnames or ()):
                raise ValueError("columns are missing")
            for row in rows:
                grades = [float(value) for name, value in row.items() if name.startswith("grade") and value]
                found.setdefault(row["query_id"], {})[row["candidate_id"]] = fmean(grades)
            return found
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableDocument(
            "this is no file of graded pairs", where=str(path),
            hint="CSV with query_id, candidate_id and one or more columns grade_…",
        ) from error  # fmt: skip


def evaluate(
    corpus: Sequence[Item], judgements: Mapping[str, Mapping[str, float]], *, model: bool | None = None
) -> dict[str, Measures]:
    """The measures of each query, its candidates ranked as the program ranks work items."""
    overlaps = Overlaps(corpus, VectorStore(None), model=model)
    found = {}
    for query, grades in judgements.items():
        ranked = [o.other.id for o in overlaps.rank(query, limit=_TOP, explain=False)]
        likest = [o.other.id for o in overlaps.rank(query, limit=len(corpus), explain=False)]
        found[query] = measures(ranked, [id for id in likest if id in grades][:_TOP], grades)
    return found


def measures(ranked: Sequence[str], judged: Sequence[str], grades: Mapping[str, float]) -> Measures:
    """Of a ranking, and of one without the candidates that have no grade; gain 2^grade - 1."""
    best = _dcg(sorted(grades.values(), reverse=True)[:_TOP])
    relevant = {id for id, grade in grades.items() if grade >= RELEVANT}
    top = ranked[:_TOP]

    def ndcg(ids: Sequence[str]) -> float | None:
        return _dcg([grades.get(id, 0.0) for id in ids]) / best if best else None

    return Measures(
        ndcg_at_10=ndcg(top),
        recall_at_10=len(relevant & set(top)) / min(_TOP, len(relevant)) if relevant else None,
        precision_at_5=len(relevant & set(top[:_FIRST])) / min(_FIRST, len(relevant)) if relevant else None,
        unjudged_at_10=sum(id not in grades for id in top),
        judged_ndcg_at_10=ndcg(judged[:_TOP]),
    )


def mean(found: Mapping[str, Measures]) -> Measures:
    """The mean over the queries for which a measure is defined."""

    def of(name: str) -> float | None:
        values = [v for m in found.values() if (v := getattr(m, name)) is not None]
        return fmean(values) if values else None

    return Measures(
        ndcg_at_10=of("ndcg_at_10"),
        recall_at_10=of("recall_at_10"),
        precision_at_5=of("precision_at_5"),
        unjudged_at_10=of("unjudged_at_10") or 0.0,
        judged_ndcg_at_10=of("judged_ndcg_at_10"),
    )


def _dcg(grades: Sequence[float]) -> float:
    return sum((2**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))
