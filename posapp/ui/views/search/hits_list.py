"""The list below the search: it tells when an answer is on the screen, and leaves the focus where one types."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget


class HitsList(QListView):
    """The list of hits.

    Signals:
        drawn: Once after each new answer: its rows are on the screen.
    """

    drawn = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fresh = False
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def await_drawing(self) -> None:
        """Tell the next drawing."""
        self._fresh = True

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw, and tell it where somebody waits for it."""
        super().paintEvent(event)
        if self._fresh:
            self._fresh = False
            self.drawn.emit()
