"""The command that says how good the ranking of overlaps is, by graded pairs."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import orjson
import typer
from rich.table import Table

from sdograph.cli.output import messages, table_console

if TYPE_CHECKING:
    from sdograph.overlap.evaluation import Measures

_HEADS = ("nDCG@10", "recall@10", "precision@5", "unjudged@10", "nDCG@10 of judged")


def evaluate_overlap(
    corpus: Annotated[
        Path, typer.Option(help="Items to rank: JSON Lines with id, body, title and abstract.", exists=True)
    ],
    judgements: Annotated[
        Path, typer.Option(help="Graded pairs: CSV with query_id, candidate_id, grade_….", exists=True)
    ],
    json: Annotated[bool, typer.Option("--json", help="One object, the measures by name.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Also those of each query.")] = False,
    no_model: Annotated[
        bool, typer.Option("--no-model", help="As if the sentence model were not installed.")
    ] = False,
) -> None:
    """Measure how well overlaps are ranked, by pairs that were graded."""
    # Here, as what they need takes a tenth of a second to load, and no other command needs it.
    from sdograph.overlap import encoder
    from sdograph.overlap.evaluation import evaluate, mean, read_corpus, read_judgements
    from sdograph.overlap.ranking import WITHOUT_MODEL

    model = not no_model and encoder.installed()
    found = evaluate(read_corpus(corpus), read_judgements(judgements), model=model)
    total = mean(found)
    if not model:
        messages.print(WITHOUT_MODEL if not no_model else "without the sentence model", markup=False)
    if json:
        form = asdict(total) | {"queries": len(found)}
        if verbose:
            form["by_query"] = {query: asdict(one) for query, one in found.items()}
        typer.echo(orjson.dumps(form, option=orjson.OPT_INDENT_2).decode())
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("query", overflow="fold")
    for head in _HEADS:
        table.add_column(head, justify="right")
    for query, one in found.items() if verbose else ():
        table.add_row(query, *_cells(one))
    table.add_row(f"mean of {len(found)} queries", *_cells(total))
    table_console().print(table)


def _cells(one: Measures) -> list[str]:
    return [
        "" if value is None else f"{value:.3f}"
        for value in (
            one.ndcg_at_10,
            one.recall_at_10,
            one.precision_at_5,
            one.unjudged_at_10,
            one.judged_ndcg_at_10,
        )
    ]


COMMANDS = (evaluate_overlap,)
