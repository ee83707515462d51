"""A choice among a few, or among many that are found by typing."""

from __future__ import annotations

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QCompleter, QLineEdit, QWidget

from posapp.ui.theme import icons
from posapp.ui.theme.theme import colours
from posapp.ui.theme.tokens import M, Tone

_ARROW = 16
_SHOWN = 8


class DropDown(QComboBox):
    """A list that opens, with the arrow in the theme's ink."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 (Qt's name)
        """Draw the box and the arrow."""
        super().paintEvent(event)
        painter = QPainter(self)
        top = (self.height() - _ARROW) // 2
        left = M if self.layoutDirection() is Qt.LayoutDirection.RightToLeft else self.width() - M - _ARROW
        painter.drawPixmap(left, top, icons.pixmap("chevron-down", colour=colours().of(Tone.MUTED), size=_ARROW))
        painter.end()


class SearchLine(QLineEdit):
    """A line in which one of many is found by any part of its name; Down opens the whole list.

    `chosen` tells which stands there; text that names none is none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: dict[str, str] = {}
        self._model = QStringListModel(self)
        completer = QCompleter(self._model, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setMaxVisibleItems(_SHOWN)
        self.setCompleter(completer)

    def offer(self, values: dict[str, str]) -> None:
        """Offer values by what they are called."""
        self._values = values
        self._model.setStringList(list(values))

    def chosen(self) -> str | None:
        """Return the value of the name that stands there; None where it is none of them."""
        text = self.text().strip().casefold()
        return next((value for name, value in self._values.items() if name.casefold() == text), None)

    def settle(self) -> None:
        """Complete what was typed to the first name that begins with it, or else holds it."""
        text = self.text().strip().casefold()
        if not text or self.chosen() is not None:
            return
        near = sorted((name for name in self._values if text in name.casefold()), key=lambda name: _place(name, text))
        if near:
            self.setText(near[0])

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Complete what was typed, unless its list has opened."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.settle()

    def choose(self, value: str) -> None:
        """Put the name of a value in."""
        self.setText(next((name for name, one in self._values.items() if one == value), ""))
        self.setCursorPosition(0)


def _place(name: str, text: str) -> int:
    """Return where a text stands in a name."""
    return name.casefold().index(text)
