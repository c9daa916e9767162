"""Which store a command works on: the options that say so, the same for all commands."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Concatenate

import typer

from sdograph.paths import DEFAULT_DATA_DIR
from sdograph.store import Store, open_store

DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir", envvar="SDOGRAPH_DATA_DIR", help="Where the graph is kept.", show_default=False
    ),
]
StoreUrl = Annotated[
    str | None,
    typer.Option(
        "--store",
        envvar="SDOGRAPH_STORE",
        metavar="URL",
        help="A SPARQL server that keeps it instead, as sparql+http://127.0.0.1:7878/query.",
        show_default=False,
    ),
]


def on_store(command: Callable[Concatenate[Store, ...], None]) -> Callable[..., None]:
    """Makes a command of a function whose first parameter is a store: two options say which one.

    A function that also has a parameter ``data_dir`` gets the folder, where things lie besides the graph.
    """
    _, *given = inspect.signature(command, eval_str=True).parameters.values()
    own = [p for p in given if p.name != "data_dir"]
    wants_folder = len(own) < len(given)

    @functools.wraps(command)
    def opened(*, data_dir: Path, store_url: str | None, **arguments: Any) -> None:
        if wants_folder:
            arguments["data_dir"] = data_dir
        command(open_store(store_url or data_dir), **arguments)

    options = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
        for name, default, annotation in (
            ("data_dir", DEFAULT_DATA_DIR, DataDir),
            ("store_url", None, StoreUrl),
        )
    ]
    opened.__signature__ = inspect.Signature([*own, *options])  # type: ignore[attr-defined]
    opened.__annotations__ = {p.name: p.annotation for p in (*own, *options)}
    return opened
