"""One of a few: buttons side by side, each with its key, instead of a list that must be opened first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QWidget

from posapp.ui.theme.tokens import S
from posapp.ui.widgets.buttons import KeyButton, Kind


@dataclass(frozen=True, slots=True)
class Choice:
    """One button: what it stands for, its words, its key and its icon."""

    value: str
    words: str
    key: str
    icon: str = ""


class Choices(QWidget):
    """Buttons of which one is pressed.

    Signals:
        changed: Another one is pressed now.
    """

    changed = Signal()

    def __init__(
        self, choices: Sequence[Choice], chosen: str | None, *, columns: int = 4, parent: QWidget | None = None
    ) -> None:
        """Put the buttons in rows.

        Args:
            choices: In their order.
            chosen: The value of the one that is pressed at first; None for none.
            columns: How many stand in a row.
            parent: Owns it.
        """
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._values = [choice.value for choice in choices]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(S)
        for number, choice in enumerate(choices):
            button = KeyButton(choice.words, key=choice.key, icon=choice.icon, kind=Kind.TOGGLE, binds=True)
            button.setChecked(choice.value == chosen)
            self._group.addButton(button, number)
            grid.addWidget(button, number // columns, number % columns)
            grid.setColumnStretch(number % columns, 1)
        self.setFocusProxy(self._group.button(0))
        self._group.idToggled.connect(self._on_toggled)

    def value(self) -> str | None:
        """Return what is chosen; None for nothing yet."""
        number = self._group.checkedId()
        return None if number < 0 else self._values[number]

    def words(self) -> str:
        """Return the words of what is chosen; empty for nothing yet."""
        button = self._group.checkedButton()
        return button.words() if isinstance(button, KeyButton) else ""

    def choose(self, value: str) -> None:
        """Press a button."""
        self._group.button(self._values.index(value)).setChecked(True)

    def _on_toggled(self, _number: int, pressed: bool) -> None:  # noqa: FBT001 (Qt's own)
        if pressed:
            self.changed.emit()
