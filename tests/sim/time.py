"""Virtual time. It passes only when somebody waits, and what is due in between happens on the way, in its order."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

TICK = 0.25
"""Seconds of the smallest step. All times are whole ticks, so that no float decides between two runs of one seed."""
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class WorldClock:
    """The true time, which the server keeps."""

    def __init__(self) -> None:
        self._ticks = 0
        self._due: list[tuple[int, int, Callable[[], None]]] = []
        self._number = 0

    @property
    def seconds(self) -> float:
        """Seconds since the beginning."""
        return self._ticks * TICK

    def now(self) -> datetime:
        """Return the true time."""
        return START + timedelta(seconds=self.seconds)

    def later(self, seconds: float, happen: Callable[[], None]) -> None:
        """Let something happen once so many seconds have passed."""
        self._number += 1
        heapq.heappush(self._due, (self._ticks + _ticks(seconds), self._number, happen))

    def pass_time(self, seconds: float) -> None:
        """Wait."""
        end = self._ticks + _ticks(seconds)
        while self._due and self._due[0][0] <= end:
            tick, _, happen = heapq.heappop(self._due)
            self._ticks = max(self._ticks, tick)
            happen()
        self._ticks = max(self._ticks, end)

    @property
    def outstanding(self) -> int:
        """How many things are still to happen."""
        return len(self._due)


class TillClock:
    """A till's clock: wrong by some seconds, which a person may change at any moment."""

    def __init__(self, world: WorldClock, skew: float) -> None:
        self._world = world
        self.skew = skew

    def now(self) -> datetime:
        return self._world.now() + timedelta(seconds=self.skew)

    def monotonic(self) -> float:
        return 1000.0 + self._world.seconds

    def sleep(self, seconds: float) -> None:
        self._world.pass_time(seconds)


def _ticks(seconds: float) -> int:
    return max(0, math.ceil(seconds / TICK))


def whole_ticks(seconds: float) -> float:
    """Return a duration that a real clock has gnawed at as the whole ticks that it was."""
    return _ticks(seconds) * TICK
