"""A bound on how long the system's keyring may keep the till waiting.

A keyring may open a window and wait for a password for ever, on a till where nobody sees that window. Python cannot
stop such a call, but it can stop waiting for it: each call runs on a daemon thread of its own. A call that was given up
may still finish later, so no other starts before it has: else a late write could replace a newer one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class Patience:
    """Runs calls one after the other and waits for each only so long.

    Attributes:
        seconds: How long.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._turn = threading.Lock()
        self._straggler: threading.Thread | None = None

    def run(self, call: Callable[[], T]) -> T:
        """Return what the call returns, or raise what it raises.

        Raises:
            TimeoutError: It, or one before it that was given up, is still running.
        """
        with self._turn:
            self._await_straggler()
            answer: Future[T] = Future()
            thread = threading.Thread(target=_fulfil, args=(answer, call), name="keyring", daemon=True)
            thread.start()
            self._straggler = thread
            return answer.result(timeout=self.seconds)

    def _await_straggler(self) -> None:
        if self._straggler is None:
            return
        self._straggler.join(timeout=self.seconds)
        if self._straggler.is_alive():
            raise TimeoutError


def _fulfil(answer: Future[T], call: Callable[[], T]) -> None:
    try:
        answer.set_result(call())
    except BaseException as error:  # noqa: BLE001 (it is raised again on the thread that waits)
        answer.set_exception(error)
