"""What is in a container: named members that are opened one at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """A file within a file. ``open`` gives its bytes, or raises DataError."""

    name: str
    open: Callable[[], bytes]
