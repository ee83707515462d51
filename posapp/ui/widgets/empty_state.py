"""What stands where there is nothing yet: why, and what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

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
            label.setMaximumWidth(_WIDEST)
            label.setMinimumWidth(min(_WIDEST, 240))
            label.setWordWrap(True)
            column.addWidget(label, 0, Qt.AlignmentFlag.AlignHCenter)
        if button is not None:
            column.addSpacing(M)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def show_words(self, icon: str, title: str, text: str) -> None:
        """Say something else."""
        self._icon.set_icon(icon, Tone.MUTED)
        self._title.setText(title)
        self._text.setText(text)
