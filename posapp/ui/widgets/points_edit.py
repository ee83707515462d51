"""The field for a number of points."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.domain.digits import fold_digits
from posapp.domain.loyalty import WrongPoints


class PointsEdit(QLineEdit):
    """Takes a whole number as people type it: `1,240`, `১২৪০`."""

    def __init__(self, *, large: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setPlaceholderText("0")
        self.setMaxLength(15)
        if large:
            self.setProperty("room", "amount")

    def checked(self) -> int:
        """Return the points typed; 0 for nothing.

        Raises:
            WrongPoints: It is no whole number.
        """
        text = fold_digits(self.text()).replace(",", "").replace(" ", "")
        if not text:
            return 0
        if not (text.isascii() and text.isdigit()):
            raise WrongPoints
        return int(text)

    def points(self) -> int:
        """Return the points typed; 0 for nothing or for what is no number."""
        try:
            return self.checked()
        except WrongPoints:
            return 0

    def set_points(self, points: int) -> None:
        """Put a number in; 0 empties the field."""
        self.setText(f"{points:,}" if points else "")

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose all of it, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.selectAll()
