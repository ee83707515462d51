"""Looking up while somebody types: on a thread of its own, and only the newest text counts."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, Signal, Slot

from posapp.domain.errors import PosError
from posapp.services.faults import explained
from posapp.services.ports.search import Found


class Looked(NamedTuple):
    """What a text found; with an empty text those seen lately."""

    text: str
    found: Found


@dataclass(frozen=True, slots=True)
class _Ended:
    number: int
    looked: Looked | None = None
    error: PosError | None = None


class LookupController(QObject):
    """Finds customers by what is typed; to be used from the GUI thread alone.

    Signals:
        found: A `Looked`, the newest text's.
        failed: A `PosError`, the newest text's.
    """

    found = Signal(object)
    failed = Signal(object)
    _ended = Signal(object)

    def __init__(
        self, find: Callable[[str], Found], recent: Callable[[], Found], parent: QObject | None = None
    ) -> None:
        """Remember how customers are found.

        Args:
            find: By a text; runs on the look-up's thread.
            recent: Where nothing is typed; runs there as well.
            parent: Owns this object.
        """
        super().__init__(parent)
        self._find = find
        self._recent = recent
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="lookup")
        self._newest = 0
        self._text = ""
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def search(self, text: str) -> None:
        """Look a text up; older ones are forgotten."""
        self._newest += 1
        self._text = text
        self._thread.submit(self._look, self._newest, text)

    def again(self) -> None:
        """Look the newest text up once more, for the book has changed."""
        self.search(self._text)

    def close(self) -> None:
        """End the thread; nothing is found any more."""
        self._newest += 1
        self._thread.shutdown(cancel_futures=True)

    def _look(self, number: int, text: str) -> None:
        """On the look-up's thread."""
        if number != self._newest:
            return
        try:
            ended = _Ended(number, Looked(text, self._find(text) if text.strip() else self._recent()))
        except Exception as error:  # noqa: BLE001 (logged and made ours there)
            ended = _Ended(number, error=explained(error, "a look-up"))
        with suppress(RuntimeError):  # the window is gone
            self._ended.emit(ended)

    @Slot(object)
    def _on_ended(self, ended: _Ended) -> None:
        if ended.number != self._newest:
            return
        if ended.error is not None:
            self.failed.emit(ended.error)
        else:
            self.found.emit(ended.looked)
