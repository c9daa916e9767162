"""Who comes first when there is not enough for all: whoever has used least lately."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

#: Seconds after which what a client has used counts half.
HALF_LIFE = 30.0
#: Seconds that a client may use and still be among the first: of hundreds of quick queries.
LITTLE = 0.1
#: Clients that are remembered; of more, those that have used least are forgotten.
REMEMBERED = 4096


class Asked(Protocol):
    """What a client has asked for."""

    client: str


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

    def of(self, client: str) -> float:
        weight = self._weight()
        return self._used.get(client, 0.0) / weight

    def first(self, waiting: Iterable[A]) -> A:
        """The first of those whose clients have used least; differences below a factor of two do not count.

        Nor does what is below LITTLE. Raises ValueError when nothing waits.
        """
        little = LITTLE * self._weight()
        return min(
            waiting, key=lambda asked: math.frexp(max(self._used.get(asked.client, 0.0) / little, 1.0))[1]
        )

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
