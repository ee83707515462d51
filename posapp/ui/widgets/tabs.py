"""Tabs over pages: pressed, or walked with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from posapp.ui.theme.fonts import font_of
from posapp.ui.theme.tokens import XS, L, Type

_HEIGHT = 36


class Tabs(QWidget):
    """A row of tabs, one of them chosen.

    Signals:
        chosen: The place of the tab that is chosen now.
    """

    chosen = Signal(int)

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(XS)
        for place, name in enumerate(names):
            button = QPushButton()
            button.setCheckable(True)
            button.setAutoDefault(False)
            button.setProperty("kind", "tab")
            button.setMaximumHeight(_HEIGHT)
            self._group.addButton(button, place)
            self.set_name(place, name)
            row.addWidget(button)
        row.addStretch()
        self._group.button(0).setChecked(True)
        self._group.idToggled.connect(self._on_toggled)

    @property
    def current(self) -> int:
        """The place of the chosen tab."""
        return self._group.checkedId()

    def set_name(self, place: int, name: str, tip: str = "") -> None:
        """Say something else on a tab, and what its tool tip says."""
        button = self._group.button(place)
        button.setText(name)
        button.setToolTip(tip)
        button.setMinimumWidth(QFontMetrics(font_of(Type.STRONG)).horizontalAdvance(name) + 2 * L)

    def name(self, place: int) -> str:
        """Return what a tab says."""
        return self._group.button(place).text()

    def choose(self, place: int) -> None:
        """Choose a tab."""
        self._group.button(place).setChecked(True)

    def _on_toggled(self, place: int, checked: bool) -> None:  # noqa: FBT001 (Qt's own)
        if checked:
            self.chosen.emit(place)
