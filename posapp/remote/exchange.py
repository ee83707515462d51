"""One request under one deadline, and what became of its bytes.

A timeout of a socket starts anew with every byte that drips in, so it bounds nothing. An `Exchange` says how long the
whole request may still take, and remembers whether anything left the till: only that decides what is certain.
"""

from __future__ import annotations

import threading
import time


class Exchange:
    """The deadline and the traces of one request.

    Attributes:
        opened: Whether a connection was opened for it.
        written: Whether sending it was begun.
        received: Whether a byte of the answer came.
    """

    __slots__ = ("_ends", "opened", "received", "written")

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self.opened = False
        self.written = False
        self.received = False

    @property
    def left(self) -> float:
        """Seconds until the deadline; negative past it."""
        return self._ends - time.monotonic()

    def remaining(self) -> float:
        """Return the seconds that the next step may take.

        Raises:
            TimeoutError: There are none.
        """
        left = self.left
        if left <= 0:
            raise TimeoutError("the deadline of the whole request has passed")
        return left

    @property
    def stale(self) -> bool:
        """Whether it went out on a kept connection that died before any byte of the answer."""
        return self.written and not self.opened and not self.received


class CurrentExchange(threading.local):
    """The exchange that this thread is in: connections are shared, deadlines are not."""

    exchange: Exchange | None = None

    def required(self) -> Exchange:
        """Return this thread's exchange."""
        assert self.exchange is not None, "sockets are used within a request only"
        return self.exchange
