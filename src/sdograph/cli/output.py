"""What all commands share: how much is said, and where."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

from sdograph.errors import UsageError

#: Of a long path the end tells more.
_SHOWN_OF_NAME = 40


class Messages(Console):
    """Standard error, for what is said beside the data."""

    verbose = False
    """Whether to say more, and to show every document of many."""


messages = Messages(stderr=True, soft_wrap=True, highlight=False)


def verbosity(
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say more.")] = False,
) -> None:
    messages.quiet = quiet
    messages.verbose = verbose
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
def progress(what: str, total: int | None = None) -> Iterator[Callable[[str], None]]:
    """A line that names what is being worked on; on a terminal only, and gone at the end.

    Where it is known how many there are, a bar shows how many are done.
    """
    counted: tuple[ProgressColumn, ...] = (BarColumn(), MofNCompleteColumn()) if total else ()
    bar = Progress(
        SpinnerColumn(),
        *counted,
        TimeElapsedColumn(),
        TextColumn("{task.description}", markup=False),
        console=messages,
        transient=True,
        disable=not messages.is_terminal or messages.quiet,
    )
    with bar:
        task = bar.add_task(what, total=total)
        begun = count()

        def tell(name: str) -> None:
            shown = name if len(name) <= _SHOWN_OF_NAME else f"…{name[1 - _SHOWN_OF_NAME :]}"
            bar.update(task, completed=next(begun), description=f"{what}: {shown}")

        yield tell


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
