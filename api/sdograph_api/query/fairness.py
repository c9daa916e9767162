"""Who comes first when there is not enough for all: whoever has used least lately, or waited longest."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

#: Seconds after which what a client has used counts half.
HALF_LIFE = 30.0
#: Seconds that a client may use and still be among the first: of hundreds of quick queries.
LITTLE = 0.1
#: Seconds that a client has waited for a turn which make up for having used twice as much.
PATIENCE = 4.0
#: Clients that are remembered; of more, those that have used least are forgotten.
REMEMBERED = 4096


class Asked(Protocol):
    """What a client has asked for."""

    client: str
    asked: float
    """When, in seconds."""


A = TypeVar("A", bound=Asked)


class Usage:
    """Seconds of the processor that each client has used; the longer ago, the less they count.

    ``clock`` gives seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._epoch = clock()
        # As if used at the epoch: later seconds weigh more, so nothing has to be reckoned anew with time.
        self._used: dict[str, float] = {}
        self._turns: dict[str, float] = {}
        """When a client had its last turn, the latest last."""

    def of(self, client: str) -> float:
        weight = self._weight()
        return self._used.get(client, 0.0) / weight

    def first(self, waiting: Iterable[A]) -> A:
        """The first of those whose clients have used least; differences below a factor of two do not count.

        Nor does what is below LITTLE. When all the others keep asking, that alone would leave who has used
        more without any turn; so each PATIENCE seconds of waiting make up for a factor of two. They count
        from the last turn of the client: who asks for much at once has not waited more for that.
        Raises ValueError when nothing waits.
        """
        now, little = self._clock(), LITTLE * self._weight()

        def standing(asked: A) -> int:
            used = self._used.get(asked.client, 0.0) / little
            waited = now - max(asked.asked, self._turns.get(asked.client, asked.asked))
            return math.frexp(max(used, 1.0))[1] - int(waited / PATIENCE)

        return min(waiting, key=standing)

    def turn(self, client: str) -> None:
        """What the client asked for is begun."""
        self._turns.pop(client, None)
        self._turns[client] = self._clock()
        if len(self._turns) > REMEMBERED:
            del self._turns[next(iter(self._turns))]

    def charge(self, client: str, seconds: float) -> None:
        weight = self._weight()
        self._used[client] = self._used.get(client, 0.0) + seconds * weight
        if len(self._used) > REMEMBERED:
            most = sorted(self._used.items(), key=lambda entry: entry[1], reverse=True)
            self._used = dict(most[: REMEMBERED // 2])

    def _weight(self) -> float:
        weight: float = 2.0 ** ((self._clock() - self._epoch) / HALF_LIFE)
        if weight > 1e9:
            # Whoever has used nothing since then has used nothing.
            self._used = {client: used / weight for client, used in self._used.items() if used > 1.0}
            self._epoch = self._clock()
            return 1.0
        return weight
