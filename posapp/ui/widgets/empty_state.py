"""What stands where there is nothing yet: why, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from posapp.ui.theme.tokens import XL, M, S, Tone, Type
from posapp.ui.widgets.labels import IconLabel, Label

_WIDEST = 360


class EmptyState(QWidget):
    """An icon, a title, a sentence and perhaps one button, in the middle of the room."""

    def __init__(
        self, icon: str, title: str, text: str, button: QPushButton | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon = IconLabel(icon, Tone.MUTED, 40)
        self._title = Label(title, Type.SUBTITLE)
        self._text = Label(text, Type.BODY, Tone.MUTED, wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(XL, XL, XL, XL)
        column.setSpacing(S)
        column.addStretch(2)
        column.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignHCenter)
        for label in (self._title, self._text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            label.setMaximumWidth(_WIDEST)
            row = QHBoxLayout()
            row.addStretch()
            row.addWidget(label, 100)
            row.addStretch()
            column.addLayout(row)
        if button is not None:
            column.addSpacing(M)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_words(self, icon: str, title: str, text: str) -> None:
        """Say something else."""
        self._icon.set_icon(icon, Tone.MUTED)
        self._title.setText(title)
        self._text.setText(text)
