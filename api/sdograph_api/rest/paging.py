"""Pages of sorted lists, by keyset: a cursor names the entry to go on after, so it outlives new data."""

from __future__ import annotations

import base64
import binascii
from bisect import bisect_right
from collections.abc import Sequence
from typing import TypeVar

from sdograph.errors import UsageError

T = TypeVar("T")


def page(entries: Sequence[tuple[str, T]], limit: int, cursor: str | None) -> tuple[list[T], str | None]:
    """The entries of a page, and the cursor of the next one, None at the end.

    ``entries`` are pairs of a key and what it stands for, sorted by key, no key twice. Raises UsageError for
    a cursor that is none.
    """
    start = 0 if cursor is None else bisect_right(entries, _decoded(cursor), key=lambda entry: entry[0])
    shown = entries[start : start + limit]
    more = start + limit < len(entries)
    return [value for _, value in shown], _encoded(shown[-1][0]) if more else None


def _encoded(key: str) -> str:
    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def _decoded(cursor: str) -> str:
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True).decode()
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise UsageError(
            "this is no cursor", where="parameter cursor", hint="use the value of next in an earlier answer"
        ) from error
