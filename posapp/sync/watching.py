"""What a cycle tells whoever watches it: how far it is, and whom it changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock, Thread

from posapp.domain.ids import CustomerId
from posapp.services.ports.loop import SyncPhase, SyncProgress

SHORTEST_PAUSE = 0.1
"""Seconds between two words of progress: a person sees no more, and telling costs a window its time."""
MANY = 500
"""A screen is read anew rather than told of more customers than this."""
TICK_SECONDS = 0.3


@dataclass(slots=True)
class Meter:
    """How far a cycle is; safe to use from the lanes' threads.

    Attributes:
        tell: Told now and then; None for nobody.
    """

    tell: Callable[[SyncProgress], None] | None = None
    _phase: SyncPhase = SyncPhase.SENDING
    _done: int = 0
    _total: int | None = None
    _began: float = 0.0
    _told: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def begin(self, phase: SyncPhase, total: int | None = None, done: int = 0) -> None:
        """Start a phase.

        Args:
            phase: Which.
            total: How many steps it has, as far as known.
            done: How many of them an earlier cycle took.
        """
        with self._lock:
            self._phase, self._done, self._total = phase, done, total
            self._began = time.monotonic()
            self._say()

    def expect(self, total: int | None) -> None:
        """Note how many steps there are, the first time that somebody knows."""
        with self._lock:
            if self._total is None:
                self._total = total

    def step(self, count: int = 1) -> None:
        """Note that so many steps are done; rows that are read twice count twice, and never beyond the total."""
        with self._lock:
            self._done += count
            if time.monotonic() - self._told >= SHORTEST_PAUSE:
                self._say()

    def _say(self) -> None:
        if self.tell is None:
            return
        self._told = time.monotonic()
        done = self._done if self._total is None else min(self._done, self._total)
        self.tell(SyncProgress(self._phase, done, self._total, self._told - self._began))


class Changed:
    """The customers that were changed since somebody last asked."""

    def __init__(self) -> None:
        self._ids: set[CustomerId] = set()
        self._many = False
        self._lock = Lock()

    def add(self, customer_ids: Iterable[CustomerId | None]) -> None:
        """Note customers; None, for a row that is nobody's yet, counts for nobody."""
        with self._lock:
            self._ids.update(one for one in customer_ids if one is not None)
            if len(self._ids) > MANY:
                self._many = True
                self._ids.clear()

    def taken(self) -> frozenset[CustomerId] | None:
        """Return them and begin anew; None for too many to name."""
        with self._lock:
            many, ids = self._many, frozenset(self._ids)
            self._many, self._ids = False, set()
            return None if many else ids


@contextmanager
def ticking(tick: Callable[[], None]) -> Iterator[None]:
    """Do something again and again, on a thread of its own, for as long as the context lasts."""
    ended = Event()

    def run() -> None:
        while not ended.wait(TICK_SECONDS):
            tick()

    ticker = Thread(target=run, name="progress")
    ticker.start()
    try:
        yield
    finally:
        ended.set()
        ticker.join()
