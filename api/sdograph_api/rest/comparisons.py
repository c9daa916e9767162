"""What has been compared: the overlapping pairs, for whatever answers rest on them."""

from __future__ import annotations

import threading

from sdograph.overlap import Overlaps
from sdograph.overlap import decision as overlap_decisions
from sdograph.overlap import table as tables
from sdograph_api.context import Context
from sdograph_api.problems import Problem
from sdograph_api.view import View


class Comparisons:
    """What was compared, of the newest generation for which that is done."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tables = tables.Tables(context.settings.data_dir)
        self._overlaps: tuple[Overlaps, str] | None = None
        self._lock = threading.Lock()

    def table(self, view: View) -> tuple[tables.Table, str]:
        """The table, and the version it is of; raises a problem, 503, when none has been made yet."""
        found = self._tables.at_hand(view.snapshot)
        if found is None:
            raise Problem(
                503, "overlaps-not-ready", "all items are being compared for the first time",
                where="generation", headers={"Retry-After": "60"},
                hint="try again in a minute; where the server does not do it: sdograph overlaps --all",
            )  # fmt: skip
        return found

    def overlaps(self, view: View) -> tuple[Overlaps, str]:
        """The items ready to be compared, and the version they are of; raises as :meth:`table` does."""
        # Whoever made the table has read the texts: what follows takes no minutes.
        _, made_of = self.table(view)
        with self._lock:
            if self._overlaps is None or (made_of == view.snapshot.version != self._overlaps[1]):
                made = Overlaps.of(view.snapshot, self._context.settings.data_dir)
                self._overlaps = made, view.snapshot.version
            return self._overlaps

    def decisions(self, view: View) -> overlap_decisions.Decisions:
        return self._context.once(
            view.snapshot, "overlap decisions", lambda: overlap_decisions.Decisions.of(view.snapshot)
        )
