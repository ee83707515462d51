"""Where a cashier types to find somebody: the field keeps the focus while the list below it is walked through."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.ui.theme import icons
from posapp.ui.theme.theme import current
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.line_edit import LineEdit

_PAGE = 6
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -_PAGE,
    Qt.Key.Key_PageDown: _PAGE,
}


class SearchField(LineEdit):
    """A field with a magnifying glass and a cross that clears it.

    Signals:
        stepped: By how many rows the choice moves.
        taken: Enter was pressed.
    """

    stepped = Signal(int)
    taken = Signal()

    def __init__(self, name: str, placeholder: str, clear_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setProperty("room", "large")
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setMaxLength(200)
        glass = icons.icon("search", Tone.MUTED)
        self._glass = self.addAction(glass, QLineEdit.ActionPosition.LeadingPosition)
        self._cross = self.addAction(glass, QLineEdit.ActionPosition.TrailingPosition)
        self._cross.setToolTip(clear_words)
        self._cross.triggered.connect(self.clear)
        self.textChanged.connect(self._show_cross)
        current().changed.connect(self._draw)
        self._draw()
        self._show_cross("")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Walk through the list or take a row; all else is typing."""
        key = Qt.Key(event.key())
        if key in _STEPS and event.modifiers() in {Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier}:
            self.stepped.emit(_STEPS[key])
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            if not event.isAutoRepeat():  # held down, it was meant for the dialog that it closed
                self.taken.emit()
        else:
            super().keyPressEvent(event)

    def _draw(self) -> None:
        self._glass.setIcon(icons.icon("search", Tone.MUTED))
        self._cross.setIcon(icons.icon("x", Tone.MUTED))

    def _show_cross(self, text: str) -> None:
        self._cross.setVisible(bool(text))
