"""The forms of the held-out split, by layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..drawing import Drawer
from ..sheets import Draft

FORMS: Mapping[str, Sequence[Callable[[Drawer], Draft]]] = {}
