"""Cycle after cycle, until told to stop: for `posapp sync --watch` and for the window's worker. Qt-free.

A cycle comes at its interval, at once when work was recorded, later when the server is away, and not before the server
asked for.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event, Thread
from typing import Protocol

from posapp.domain.errors import Cancelled, PosError, SignInRequired
from posapp.services.dto import CycleReport
from posapp.services.ports.loop import LOOK_SECONDS, SyncProgress, Watchdog
from posapp.sync.backoff import Backoff
from posapp.sync.context import CancelToken

log = logging.getLogger(__name__)

BUG = "error"
"""Problem of a report when a cycle ended in a way that nobody meant."""

AFTER_CANCEL = 300.0
"""Seconds that a person who ended a cycle is left in peace, unless somebody wakes the loop."""

WHILE_WORK_WAITS = 5.0
"""Seconds to the next cycle while an act rests in doubt or after a failure of its own: it goes as soon as it may."""


class Cycles(Protocol):
    """The part of the engine that a scheduler drives."""

    def run_cycle(
        self,
        *,
        full: bool = False,
        cancel: CancelToken | None = None,
        progress: Callable[[SyncProgress], None] | None = None,
    ) -> CycleReport:
        """Run one cycle and say how it went."""
        ...


@dataclass(frozen=True, slots=True)
class _AnyOf:
    """Set when one of several events is; whoever asks is alive."""

    events: tuple[Event, ...]
    alive: Callable[[], None]

    def is_set(self) -> bool:
        self.alive()
        return any(event.is_set() for event in self.events)


@dataclass(slots=True)
class Scheduler:
    """Runs cycles on the thread that calls `run`.

    Attributes:
        engine: Runs one cycle.
        report: Told how each cycle went; called on the scheduler's thread.
        progress: Told how far a cycle is; None for nobody.
        interval: Seconds between the end of a cycle and the next one.
        backoff: Delays while the server is away.
    """

    engine: Cycles
    report: Callable[[CycleReport], None]
    progress: Callable[[SyncProgress], None] | None = None
    interval: float = 30.0
    backoff: Backoff = field(default_factory=Backoff)
    _wake: Event = field(default_factory=Event, init=False)
    _full: Event = field(default_factory=Event, init=False)
    _cancel: Event = field(default_factory=Event, init=False)
    _stop: Event = field(default_factory=Event, init=False)
    _beats: int = field(default=0, init=False)

    @property
    def beats(self) -> int:
        """Signs of life so far: more with every step, and every few seconds at rest."""
        return self._beats

    def wake(self, *, full: bool = False) -> None:
        """Start the next cycle now: work was recorded, or somebody asks. From any thread.

        Args:
            full: Whether it reads every customer.
        """
        if full:
            self._full.set()
        self._wake.set()

    def cancel(self) -> None:
        """End the cycle under way between two steps; the next one goes on where it stood. From any thread."""
        self._cancel.set()

    def stop(self) -> None:
        """End the cycle under way between two steps, and the loop. From any thread."""
        self._stop.set()
        self._wake.set()

    def run(self, *, full: bool = False) -> None:
        """Run cycles until stopped; never raises.

        Args:
            full: Whether the first cycle reads every customer.
        """
        failures = 0
        if full:
            self._full.set()
        while not self._stop.is_set():
            self._wake.clear()
            self._cancel.clear()
            full = self._full.is_set()
            self._full.clear()
            cycle = self._one(full=full)
            if full and not cycle.complete:
                self._full.set()
            self._tell(cycle)
            failures = failures + 1 if cycle.problem not in {None, Cancelled.id} else 0
            self._rest(cycle, failures)

    def delay_after(self, cycle: CycleReport, failures: int) -> float:
        """Return the seconds to rest after a cycle.

        Args:
            cycle: How it went.
            failures: Cycles in a row that a problem cut short.
        """
        asked = float(cycle.details.get("retry_after", 0))
        if cycle.problem is None:
            return min(self.interval, WHILE_WORK_WAITS) if cycle.waiting else self.interval
        if cycle.problem == Cancelled.id:
            return AFTER_CANCEL
        if cycle.problem == SignInRequired.id:
            return max(self.interval, asked)
        own = min(self.backoff.delay(failures) + 1.0, max(self.interval, self.backoff.cap))
        return max(own, asked)

    def _one(self, *, full: bool) -> CycleReport:
        try:
            cancel = _AnyOf((self._stop, self._cancel), self._beat)
            return self.engine.run_cycle(full=full, cancel=cancel, progress=self.progress)
        except PosError as error:
            log.info("a sync cycle ended early: %s", error.id)
            return _failed(error.id)
        except Exception as error:
            log.exception("a sync cycle failed: %s", type(error).__name__)
            return _failed(BUG)

    def _tell(self, cycle: CycleReport) -> None:
        try:
            self.report(cycle)
        except Exception:
            log.exception("nobody could be told of a sync cycle")

    def _rest(self, cycle: CycleReport, failures: int) -> None:
        """Wait; recorded work ends the wait, unless the server asked for a pause."""
        left = self.delay_after(cycle, failures)
        ends = self._stop if cycle.details.get("retry_after") else self._wake
        while left > 0 and not ends.wait(min(left, LOOK_SECONDS)):
            left -= LOOK_SECONDS
            self._beat()

    def _beat(self) -> None:
        self._beats += 1


def run_watched(scheduler: Scheduler) -> bool:
    """Run cycles until interrupted; return whether they hang, which is left to itself then."""
    worker = Thread(target=scheduler.run, name="sync")
    worker.start()
    watchdog, hangs = Watchdog(), False
    try:
        while worker.is_alive() and not hangs:
            worker.join(LOOK_SECONDS)
            hangs = watchdog.hangs(scheduler.beats)
        return hangs
    finally:
        scheduler.stop()
        if not hangs:
            worker.join()


def _failed(problem: str) -> CycleReport:
    return CycleReport(
        pulled=0,
        pushed=0,
        waiting=0,
        needs_attention=0,
        requests=0,
        seconds=0.0,
        complete=False,
        problem=problem,
    )
