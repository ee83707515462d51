"""What was read a moment ago, so that it need not be read again: a few values, for a short time."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Recent(Generic[Value]):
    """Keeps values by name; safe to use from several threads."""

    def __init__(self, seconds: float, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Set the bounds.

        Args:
            seconds: How long a value counts.
            most: How many are kept; the oldest goes first.
            clock: Seconds that only grow.
        """
        self._seconds = seconds
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Value]] = OrderedDict()
        self._keeping = threading.Lock()

    def keep(self, name: str, value: Value) -> None:
        """Keep a value in place of the one of that name."""
        with self._keeping:
            self._kept.pop(name, None)
            self._kept[name] = (self._clock() + self._seconds, value)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def get(self, name: str) -> Value | None:
        """Return the value of a name; None where there is none that still counts."""
        with self._keeping:
            ends, value = self._kept.get(name, (0.0, None))
        return value if self._clock() < ends else None
