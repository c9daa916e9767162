"""What a run may cost the servers and this machine, and time as it sees it."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """What one run may cost the servers and this machine. Times are in seconds."""

    interval: float = 1.0
    """Between two requests to one host."""
    tries: int = 4
    """For one request."""
    pause: float = 1.0
    """Before the second try; each further one waits twice as long, with jitter."""
    longest_pause: float = 120.0
    """A server that asks for more is not waited for."""
    requests: int = 500
    """In one run, everything counted."""
    file_bytes: int = 500_000_000
    file_seconds: float = 1_800.0
    """For one try of one file; the next run goes on with it."""


class Clock:
    """Time as a session sees it; tests bring their own."""

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def jitter(self) -> float:
        """A number from 0 to 1."""
        return random.SystemRandom().random()
