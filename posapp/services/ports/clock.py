"""Time as a port, so that tests and the simulator can own it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """The till's clock. Order never depends on it: `till_seq` orders acts."""

    def now(self) -> datetime:
        """Return the wall clock's time, aware UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow, for measuring."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; a virtual clock moves ahead instead."""
        ...
