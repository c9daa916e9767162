"""What all commands share: the data directory, how much is said, and where."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from sdograph.errors import UsageError

DataDir = Annotated[
    Path,
    typer.Option(
        "--data-dir", envvar="SDOGRAPH_DATA_DIR", help="Where the graph is kept.", show_default=False
    ),
]

messages = Console(stderr=True, soft_wrap=True, highlight=False)


def verbosity(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more.")] = False,
) -> None:
    messages.quiet = quiet
    logging.basicConfig(
        level=logging.ERROR if quiet else logging.DEBUG if verbose else logging.WARNING,
        stream=sys.stderr,
        format="%(levelname)s %(name)s: %(message)s",
    )


def table_console() -> Console:
    """Standard output for tables: as wide as the terminal, and never cut when it is a file."""
    console = Console(highlight=False, markup=False)
    return console if console.is_terminal else Console(highlight=False, markup=False, width=240)


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """A line that names what is being worked on; on a terminal only, and gone at the end."""
    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=messages,
        transient=True,
        disable=not messages.is_terminal or messages.quiet,
    )
    with bar:
        task = bar.add_task(what)
        yield lambda name: bar.update(task, description=f"{what}: {name}")


def pairs(given: Iterable[str]) -> dict[str, str]:
    """Name and value of arguments of the form name=value; raises UsageError for others."""
    pairs = {}
    for pair in given:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise UsageError(f"{pair!r} is not of the form name=value", hint="for example: group=3GPP-SA3")
        pairs[key] = value
    return pairs


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Writes a file that is there whole or not at all; raises UsageError when it cannot be written."""
    making = path.with_name(f".{path.name}.{os.getpid()}.making")
    try:
        with making.open("wb") as out:
            for chunk in chunks:
                out.write(chunk)
        making.replace(path)
    except OSError as error:
        raise UsageError(
            str(error.strerror or error), where=str(path), hint="name a file that can be written"
        ) from error
    finally:
        making.unlink(missing_ok=True)
