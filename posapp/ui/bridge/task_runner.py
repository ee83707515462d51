"""Use cases off the GUI thread, one after the other, their results back on it.

A commit takes milliseconds and an answer from a server seconds; a window that waits for either stands still. What waits
for a server has a thread of its own, so that a redemption does not hold up the next payment.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import Any, Generic, TypeVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, Qt, QTimer, Signal, Slot

from posapp.domain.errors import PosError
from posapp.services.faults import explained

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class Task(Generic[T]):
    """A use case on its way; the runner makes it."""

    act: Callable[[], T]
    done: Callable[[T], None]
    failed: Callable[[PosError], None]
    owner: QObject | None
    reading: bool
    dropped: bool = False

    def drop(self) -> None:
        """Let nobody hear of the result. A reading that has not begun is left out; an act is carried out."""
        self.dropped = True

    @property
    def wanted(self) -> bool:
        """Whether somebody is still there to hear of the result."""
        return not self.dropped and (self.owner is None or shiboken6.isValid(self.owner))


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a task ended; neither where it was left out."""

    result: Any = None
    error: PosError | None = None


class TaskRunner(QObject):
    """Runs use cases; to be used from the GUI thread alone.

    A worker's thread only ever holds a task's number: were it the last to let go of a task, the widget that waits for
    it would be destroyed there, which Qt does not survive.

    Signals:
        idle: Nothing is queued, running or undelivered any more.
    """

    idle = Signal()
    _ended = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._local = ThreadPoolExecutor(1, thread_name_prefix="task")
        self._online = ThreadPoolExecutor(1, thread_name_prefix="online")
        self._numbers = count()
        self._tasks: dict[int, Task[Any]] = {}
        self._outcomes: dict[int, _Ended] = {}
        self._closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether something is queued, running or undelivered."""
        return bool(self._tasks)

    def run(
        self,
        act: Callable[[], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[PosError], None],
        owner: QObject | None = None,
        reading: bool = False,
        online: bool = False,
    ) -> Task[T]:
        """Queue a use case; nothing happens once the runner is closed, for nobody is left to hear of it.

        Args:
            act: Runs on a worker's thread; touches no widget.
            done: Gets its result, on the GUI thread.
            failed: Gets what went wrong, on the GUI thread; what nobody expected comes as `Bug` and is logged.
            owner: The widget that both belong to; once it is destroyed, neither is called.
            reading: Whether it only reads, so that closing the window need not wait for its turn.
            online: Whether it may wait for a server; such tasks do not hold up the others.
        """
        number, task = next(self._numbers), Task(act, done, failed, owner, reading, dropped=self._closed)
        if self._closed:
            return task
        self._tasks[number] = task
        (self._online if online else self._local).submit(self._carry_out, number)
        return task

    def wait_idle(self, seconds: float = 10.0) -> bool:
        """Let events run until nothing is under way; return whether it came to that in time. For tests."""
        loop, limit = QEventLoop(), QTimer(singleShot=True)
        limit.timeout.connect(loop.quit)
        self.idle.connect(loop.quit)
        limit.start(int(seconds * 1000))
        if self._tasks:
            loop.exec()
        return not self._tasks

    def close(self) -> None:
        """Wait for what runs and for queued acts; leave out queued readings. Nobody hears of the results."""
        self._closed = True
        for task in self._tasks.values():
            task.drop()
        self._local.shutdown()
        self._online.shutdown()

    def _carry_out(self, number: int) -> None:
        """On a worker's thread."""
        self._outcomes[number] = self._outcome(number)
        with suppress(RuntimeError):  # the window is gone; the act was carried out
            self._ended.emit(number)

    def _outcome(self, number: int) -> _Ended:
        """On a worker's thread; nothing of the task outlives this call there."""
        task = self._tasks[number]
        if task.reading and task.dropped:
            return _Ended()
        try:
            return _Ended(task.act())
        except Exception as error:  # noqa: BLE001 (logged and made ours there)
            return _Ended(error=explained(error, "a task of the window"))

    @Slot(int)
    def _on_ended(self, number: int) -> None:
        task, ended = self._tasks[number], self._outcomes.pop(number)
        try:
            if not task.wanted:
                return
            if ended.error is not None:
                task.failed(ended.error)
            else:
                task.done(ended.result)
        finally:
            del self._tasks[number]
            if not self._tasks:
                self.idle.emit()


def waited(runner: TaskRunner, act: Callable[[], T]) -> T:
    """Return what an act on the worker's thread returns, or raise its error; events run meanwhile.

    For where there is no window yet that could show the result later. Also while the application is being left, when
    Qt runs no loop in a loop any more: so the events are asked for one by one.
    """
    results: list[T] = []
    errors: list[PosError] = []
    runner.run(act, done=results.append, failed=errors.append)
    while not results and not errors:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
    if errors:
        raise errors[0]
    return results[0]
