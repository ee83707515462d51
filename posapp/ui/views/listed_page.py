"""What the pages that list everything share: they read off the GUI thread, and only while they are seen."""

from __future__ import annotations

from abc import abstractmethod

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import Tone, Type
from posapp.ui.widgets.abstract import AbstractQt
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.labels import ElidedLabel
from posapp.ui.widgets.row_table import RowTable

_PAUSE_MS = 300
"""Changes within this time are read at once: a cycle tells many."""


class ListedPage(QWidget, metaclass=AbstractQt):
    """A page that is read when it is shown, and anew when something changed; a subclass reads and shows."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._say = desk.say
        self._stale = True
        self._summary = ElidedLabel("", Type.BODY, Tone.MUTED)
        self._banner = Banner()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._read)

    @abstractmethod
    def shown_table(self) -> RowTable:
        """Return the table that the keys go to."""

    @abstractmethod
    def start_reading(self) -> None:
        """Start what reads the page's contents on a worker's thread; `_on_failed` takes what goes wrong."""

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Read what is not read yet."""
        super().showEvent(event)
        self.shown_table().setFocus()
        if self._stale:
            self._read()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 (Qt's name)
        """Read nothing more until it is shown again."""
        super().hideEvent(event)
        self._pause.stop()

    @Slot()
    def _on_changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self._pause.start()

    @Slot()
    def _read(self) -> None:
        self._stale = False
        self.start_reading()

    def _on_failed(self, error: PosError) -> None:
        self._stale = True
        self._banner.say_error(error, self._say)
