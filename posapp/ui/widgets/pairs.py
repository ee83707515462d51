"""Names with their values, and words of somebody else quoted: how an item of the inbox is told."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from posapp.ui.theme.tokens import XS, L, M, S, Tone, Type
from posapp.ui.widgets.labels import Label

Pairs = tuple[tuple[str, str], ...]
"""Names with their values."""


class PairsSection(QWidget):
    """A title over names and values; each value can be selected."""

    def __init__(self, title: str, pairs: Pairs, *, names_width: int = 168, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(XS)
        grid.setColumnMinimumWidth(0, names_width)
        grid.setColumnStretch(1, 1)
        grid.addWidget(Label(title, Type.STRONG), 0, 0, 1, 2)
        top = Qt.AlignmentFlag.AlignTop
        for row, (name, value) in enumerate(pairs, 1):
            shown = Label(value, wraps=True)
            shown.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(Label(name, Type.BODY, Tone.MUTED), row, 0, top)
            grid.addWidget(shown, row, 1)


class Quote(QFrame):
    """The words of a server: they are not ours, and never read as anything but text."""

    def __init__(self, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("soft", Tone.NORMAL.value)
        column = QVBoxLayout(self)
        column.setContentsMargins(M, S, M, S)
        column.setSpacing(XS)
        column.addWidget(Label(title, Type.CAPTION, Tone.MUTED))
        text = Label(f"“{words}”", wraps=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(text)
