"""Sync as a window sees it: started, watched, cancelled and ended here; views and tests listen to nothing else.

The loop runs on a Python thread, not a QThread: one that still waits for a server when the window closes is joined by
the interpreter, where a QThread would abort the process.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from posapp.domain.errors import PosError, SyncHung
from posapp.domain.exposure import Exposure
from posapp.services.application import Application
from posapp.services.dto import Connection, Counts, CycleReport
from posapp.services.faults import explained
from posapp.services.ports.loop import LOOK_SECONDS, SyncLoop, SyncProgress, Watchdog
from posapp.services.ports.proofs import ProofSummary
from posapp.services.status import Status, problem_of, status
from posapp.services.till import Till
from posapp.ui.bridge.task_runner import TaskRunner

log = logging.getLogger(__name__)

STOP_SECONDS = 5.0
"""How long closing the window waits for a page under way."""


@dataclass(frozen=True, slots=True)
class SyncState:
    """What the sync light and the status line show.

    Attributes:
        connection: The primary server; None where the till works without one.
        running: Whether a cycle is under way.
        counts: Waiting, inbox, kept, customers; None before the first look.
        exposure: What points given without the server can still cost; None before the first look.
        proof: How many khatas are proven; None before the first look, and where no server keeps any.
        problem: What cut the last cycle short, with its sentences; None for nothing.
        problem_since: When a cycle was first cut short without one that got through since.
    """

    connection: Connection | None = None
    running: bool = False
    counts: Counts | None = None
    exposure: Exposure | None = None
    proof: ProofSummary | None = None
    problem: PosError | None = None
    problem_since: datetime | None = None

    @property
    def server(self) -> str | None:
        """Name of the server; None where the till works without one."""
        return self.connection.name if self.connection else None

    @property
    def last_success_at(self) -> datetime | None:
        """When a cycle last got through; None for never."""
        return self.connection.last_success_at if self.connection else None

    @property
    def sign_in_needed(self) -> bool:
        """Whether the connection pauses until somebody signs in again."""
        return self.connection is not None and self.connection.paused

    def with_status(self, seen: Status) -> SyncState:
        """Return this state with what the book says of the primary server and of the work that waits."""
        primary = next((one for one in seen.connections if one.primary), None)
        return replace(self, connection=primary, counts=seen.counts, exposure=seen.exposure, proof=seen.proof)

    def with_problem(self, problem: PosError | None, now: datetime) -> SyncState:
        """Return this state, at rest, with how the last cycle ended."""
        since = None if problem is None else self.problem_since or now
        return replace(self, running=False, problem=problem, problem_since=since)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a worker tells of one cycle: how it ended, and the book's figures after it."""

    worker: SyncWorker
    report: CycleReport
    status: Status


class SyncWorker(QObject):
    """One run of the loop on a thread of its own; a new connection gets a new worker.

    It waits for the end of the old one, unless that one hangs; what is being sent is known to both, so that neither
    takes the other's sendings for left-overs of a crash.

    Signals:
        progressed: A `SyncProgress`.
        told: A `_Told` after each cycle.
        failed: A `PosError` where the loop could not begin or the book not be read.
    """

    progressed = Signal(object)
    told = Signal(object)
    failed = Signal(object)

    def __init__(self, app: Application, till: Till, parent: QObject, *, after: SyncWorker | None) -> None:
        super().__init__(parent)  # so that it never ends with its thread, on the wrong one
        self._app = app
        self._till = till
        self._after = after
        self._loop: SyncLoop | None = None
        self._stopped = False
        self._full = False
        self._guard = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="sync")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wake(self, *, full: bool = False) -> None:
        """Start the next cycle now."""
        with self._guard:
            if self._loop is None:
                self._full = self._full or full
            else:
                self._loop.wake(full=full)

    def cancel(self) -> None:
        """End the cycle under way; the loop goes on."""
        with self._guard:
            if self._loop is not None:
                self._loop.cancel()

    def stop(self) -> None:
        """End the loop after the page under way."""
        with self._guard:
            self._stopped = True
            if self._loop is not None:
                self._loop.stop()

    def join(self, seconds: float | None = None) -> bool:
        """Wait for the thread's end, None for as long as it takes; return whether it came in time."""
        self._thread.join(seconds)
        return not self._thread.is_alive()

    @property
    def alive(self) -> bool:
        """Whether the loop still runs."""
        return self._thread.is_alive()

    @property
    def beats(self) -> int | None:
        """The loop's signs of life so far; None where there is no loop, or none yet."""
        with self._guard:
            return None if self._loop is None else self._loop.beats

    @property
    def died(self) -> bool:
        """Whether the loop ended though nobody ended it."""
        with self._guard:
            return self._loop is not None and not self._stopped and not self._thread.is_alive()

    def _run(self) -> None:
        """On the worker's thread."""
        if self._after is not None:
            self._after.join()
            self._after = None
        if self._stopped:
            return
        try:
            loop = self._app.scheduler(self._report, self._progress)
        except Exception as error:  # noqa: BLE001 (logged and made ours there)
            self._fail(error)
            return
        with self._guard:
            self._loop = loop
            if loop is None or self._stopped:
                return
            full = self._full
        loop.run(full=full)

    def _report(self, report: CycleReport) -> None:
        if self._stopped:
            return
        try:
            told = _Told(self, report, status(self._till))
        except Exception as error:  # noqa: BLE001 (logged and made ours there)
            self._fail(error)
            return
        with suppress(RuntimeError):  # the window is gone
            self.told.emit(told)

    def _fail(self, error: Exception) -> None:
        if self._stopped:  # nobody waits for it, and another worker may be at it
            return
        with suppress(RuntimeError):  # the window is gone
            self.failed.emit(explained(error, "sync"))

    def _progress(self, progress: SyncProgress) -> None:
        with suppress(RuntimeError):  # the window is gone
            self.progressed.emit(progress)


class SyncController(QObject):
    """Sync on the GUI thread.

    Signals:
        progressed: A `SyncProgress`, at most ten times a second.
        cycle_ended: A `CycleReport`.
        customers_changed: A frozenset of customer ids, or None for too many to name.
        state_changed: A `SyncState`.
    """

    progressed = Signal(object)
    cycle_ended = Signal(object)
    customers_changed = Signal(object)
    state_changed = Signal(object)

    def __init__(
        self,
        app: Application,
        till: Till,
        runner: TaskRunner,
        parent: QObject | None = None,
        *,
        look_seconds: float = LOOK_SECONDS,
    ) -> None:
        super().__init__(parent)
        self._app = app
        self._till = till
        self._runner = runner
        self._worker: SyncWorker | None = None
        self._last: SyncWorker | None = None
        self._watchdog = Watchdog()
        self._state = SyncState()
        self._looks = QTimer(self)
        self._looks.setInterval(round(look_seconds * 1000))
        self._looks.timeout.connect(self._look)

    @property
    def state(self) -> SyncState:
        """How things stand, as last told by `state_changed`."""
        return self._state

    def start(self) -> None:
        """Begin the loop, if there is a server, and read the figures; a loop that runs already goes on."""
        self.refresh()
        if self._worker is None or not self._worker.alive:
            self._begin()

    def restart(self) -> None:
        """Begin anew with the connection as it is now."""
        self._let_go()
        self._set(replace(self._state, problem=None, problem_since=None, running=False))
        self.start()

    def sync_now(self, *, full: bool = False) -> None:
        """Start a cycle now.

        Args:
            full: Whether it reads every customer.
        """
        if self._worker is None or not self._worker.alive:
            self._begin()
        if self._worker is not None:
            self._worker.wake(full=full)

    def wake(self) -> None:
        """Start a cycle now, for work was recorded."""
        if self._worker is not None:
            self._worker.wake()

    def cancel(self) -> None:
        """End the cycle under way between two pages; a later one goes on where it stood."""
        if self._worker is not None:
            self._worker.cancel()

    def refresh(self) -> None:
        """Read the figures of the state anew."""
        self._runner.run(
            lambda: status(self._till), done=self._on_status, failed=self._on_failed, owner=self, reading=True
        )

    def stop(self, seconds: float = STOP_SECONDS) -> bool:
        """End the loop and wait a bounded time for the page under way; return whether it ended in time."""
        worker = self._let_go()
        return worker is None or worker.join(seconds)

    def _begin(self) -> None:
        worker = SyncWorker(self._app, self._till, self, after=self._last)
        worker.progressed.connect(self._on_progressed, Qt.ConnectionType.QueuedConnection)
        worker.told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        worker.failed.connect(self._on_failed, Qt.ConnectionType.QueuedConnection)
        self._worker = self._last = worker
        self._watchdog = Watchdog()
        self._looks.start()
        worker.start()

    def _let_go(self) -> SyncWorker | None:
        worker, self._worker = self._worker, None
        self._looks.stop()
        if worker is not None:
            worker.stop()
        return worker

    @Slot()
    def _look(self) -> None:
        """Begin anew where the worker died, or made no step for a minute beyond the deadline of any request."""
        worker = self._worker
        beats = None if worker is None else worker.beats
        if worker is None or beats is None or not (self._watchdog.hangs(beats) or worker.died):
            return
        log.warning("sync hung or died and is begun anew")
        self._let_go()
        self._last = None
        self._app.renew_sync()
        self._on_failed(SyncHung())
        self._begin()

    def _set(self, state: SyncState) -> None:
        self._state = state
        self.state_changed.emit(state)

    @Slot(object)
    def _on_progressed(self, progress: SyncProgress) -> None:
        if self.sender() is not self._worker:
            return
        if not self._state.running:
            self._set(replace(self._state, running=True))
        self.progressed.emit(progress)

    @Slot(object)
    def _on_told(self, told: _Told) -> None:
        if told.worker is not self._worker:
            return
        state = self._state.with_status(told.status)
        self._set(state.with_problem(problem_of(told.report, state.server or ""), self._till.clock.now()))
        if told.report.changed is None or told.report.changed:
            self.customers_changed.emit(told.report.changed)
        self.cycle_ended.emit(told.report)

    @Slot(object)
    def _on_failed(self, error: PosError) -> None:
        self._set(self._state.with_problem(error, self._till.clock.now()))

    def _on_status(self, seen: Status) -> None:
        self._set(self._state.with_status(seen))
