"""Filling a stale search index while the till works: portions on the writer, between a person's acts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from posapp.domain.errors import PosError

_log = logging.getLogger(__name__)


class Refiller:
    """Runs portions on a thread of its own until the index is whole; the next start goes on where one was cut off."""

    def __init__(self, fill_on: Callable[[], bool]) -> None:
        """Do nothing yet.

        Args:
            fill_on: Fills one portion in one transaction and returns whether the index is whole now.
        """
        self._fill_on = fill_on
        self._closed = threading.Event()
        self._idle = threading.Event()
        self._idle.set()
        self._gate = threading.Lock()
        self._again = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Fill the index, from the beginning where it became stale again meanwhile."""
        with self._gate:
            self._again = True
            if self._closed.is_set() or not self._idle.is_set():
                return
            self._idle.clear()
            self._thread = threading.Thread(target=self._run, name="index-refiller", daemon=True)
            self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is being filled; return whether that came in time."""
        return self._idle.wait(seconds)

    def close(self) -> None:
        """Stop after the portion under way."""
        with self._gate:
            self._closed.set()
            thread = self._thread
        if thread is not None:
            thread.join()

    def _run(self) -> None:
        while True:
            self._fill()
            with self._gate:
                if not self._again or self._closed.is_set():
                    self._idle.set()
                    return

    def _fill(self) -> None:
        self._again = False
        try:
            while not self._closed.is_set() and not self._fill_on():
                pass
        except PosError as error:
            _log.warning("the search index could not be filled: %s", error.id)
