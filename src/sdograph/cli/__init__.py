"""The command line: thin. Data goes to standard output, everything else to standard error."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer
from rich.console import Console

from sdograph.cli import (
    commands,
    documents,
    evaluating,
    followup,
    gathering,
    networks,
    output,
    overlaps,
    review,
    search,
    serving,
)
from sdograph.errors import SdographError

app = typer.Typer(
    name="sdograph",
    help="The knowledge graph of who standardises what, and who writes to whom about it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.callback()(output.verbosity)
for module in (documents, commands, networks, search, gathering, followup, overlaps, evaluating, serving):
    for command in module.COMMANDS:
        app.command()(command)
app.add_typer(review.app, name="review")
app.add_typer(overlaps.decisions_app, name="overlap-decisions")


def main(args: Sequence[str] | None = None) -> None:
    """Runs the command line and leaves by SystemExit.

    An error ends as one message on standard error, with the exit code of its kind.
    """
    try:
        app(args=args)
    except SdographError as error:
        console = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
        console.print(f"error: {error.where + ': ' if error.where else ''}{error.message}", style="red")
        if error.hint:
            console.print(f"  {error.hint}")
        sys.exit(error.exit_code)
    except BrokenPipeError:
        # The reader of our output went away (head, less); that is not an error of ours.
        sys.stderr.close()
        sys.exit(0)
