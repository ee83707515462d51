"""The field for a day, typed in the fewest keys: `12` of this month, `12/3`, `12/3/25`, `+7`, `-1`; ↑ and ↓ move it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.domain.digits import fold_digits
from posapp.domain.errors import DomainError
from posapp.domain.messages import N_

_RELATIVE = re.compile(r"([+-])\s*(\d{1,4})")
_DAY = re.compile(r"(\d{1,2})(?:[/. -](\d{1,2})(?:[/. -](\d{4}|\d{2}))?)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_EARLIEST = 1900
_SHORT, _CENTURY = 2, 2000
"""Digits of a year that stand for one of this century."""


class WrongDay(DomainError):
    """The text is no day of the calendar."""

    id = "wrong_day"
    title = N_("Not a day")
    message = N_("“{text}” is not a day.")
    hint = N_("Type a day such as 12, 12/3 or 12/3/2026, or +7 for a week from today.")


def parse_day(text: str, today: date) -> date:
    """Read a day as people type it: day first, the month and year of today where they are left out.

    Raises:
        WrongDay: It is none.
    """
    try:
        day = _read(fold_digits(text).strip(), today)
    except (ValueError, OverflowError):
        raise WrongDay(text=text) from None
    if day is None or day.year < _EARLIEST:
        raise WrongDay(text=text)
    return day


def _read(typed: str, today: date) -> date | None:
    if found := _RELATIVE.fullmatch(typed):
        days = int(found[2])
        return today + timedelta(days=days if found[1] == "+" else -days)
    if found := _ISO.fullmatch(typed):
        return date(int(found[1]), int(found[2]), int(found[3]))
    if found := _DAY.fullmatch(typed):
        year = today.year if found[3] is None else int(found[3]) + (_CENTURY if len(found[3]) == _SHORT else 0)
        month = today.month if found[2] is None else int(found[2])
        return date(year, month, int(found[1]))
    return None


class DayEdit(QLineEdit):
    """Takes a day; empty means what its placeholder says."""

    def __init__(self, today: date, *, empty: str, parent: QWidget | None = None) -> None:
        """Begin empty.

        Args:
            today: The shop's day.
            empty: What an empty field means (“Today”).
            parent: Owns it.
        """
        super().__init__(parent)
        self.today = today
        self.setMaxLength(10)
        self.setPlaceholderText(empty)

    def checked(self) -> date | None:
        """Return the day typed; None for nothing.

        Raises:
            WrongDay: It is no day.
        """
        return parse_day(self.text(), self.today) if self.text().strip() else None

    def day(self) -> date | None:
        """Return the day typed; None for nothing or for what is no day."""
        try:
            return self.checked()
        except WrongDay:
            return None

    def set_day(self, day: date) -> None:
        """Put a day in."""
        self.setText(f"{day.day}/{day.month}/{day.year}")

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 (Qt's name)
        """Move the day by the arrows; anything else is typing."""
        steps = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            with suppress(OverflowError):  # the calendar's last day
                self.set_day((self.day() or self.today) + timedelta(days=step))

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 (Qt's name)
        """Choose all of it, so that typing replaces it."""
        super().focusInEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.selectAll()
