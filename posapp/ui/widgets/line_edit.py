"""A line to type in where letters of every script have room.

Qt 6.11 centres a line of letters that are taller than the field's own font, such as Nastaliq, and then moves it up once
more by what its ascent is greater: their heads are cut off. Room below the field takes that back.
"""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontMetricsF, QTextLayout
from PySide6.QtWidgets import QLineEdit, QWidget


class LineEdit(QLineEdit):
    """A `QLineEdit` that keeps tall letters in its middle."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.textChanged.connect(self._make_room)
        self._make_room(text)

    @Slot(str)
    def _make_room(self, text: str) -> None:
        excess = 0
        if not text.isascii():
            layout = QTextLayout(text, self.font())
            layout.beginLayout()
            line = layout.createLine()
            layout.endLayout()
            excess = max(0, round(line.ascent() - QFontMetricsF(self.font()).ascent()))
        self.setTextMargins(0, 0, 0, -2 * excess)
