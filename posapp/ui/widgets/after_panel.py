"""*After this*: what an act will have done to the numbers, shown while it is still being typed."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from posapp.ui.theme.tokens import L, M, S, Tone, Type
from posapp.ui.widgets.labels import Label


@dataclass(frozen=True, slots=True)
class AfterRow:
    """One number: its name, as it stands, as it will stand.

    Attributes:
        name: What it is.
        after: As it will stand.
        before: As it stands; empty where only the outcome matters.
        tone: Of `after`.
        strong: Whether it is a number to look at.
        lead: Whether it is the one number that is needed now.
    """

    name: str
    after: str
    before: str = ""
    tone: Tone = Tone.NORMAL
    strong: bool = False
    lead: bool = False


class AfterPanel(QWidget):
    """A quiet panel with a title and rows; it keeps its width while the numbers change."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "raised")
        self.setMinimumWidth(316)
        self._rows: tuple[AfterRow, ...] = ()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(M)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(0, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, M, L, M)
        column.setSpacing(M)
        self._title = Label(title, Type.CAPTION, Tone.MUTED)
        column.addWidget(self._title)
        column.addLayout(self._grid)
        column.addStretch()

    def set_title(self, text: str) -> None:
        """Say what the rows are, where it is not *after this*."""
        self._title.setText(text)

    def show_rows(self, rows: tuple[AfterRow, ...]) -> None:
        """Show what will have changed."""
        if rows == self._rows:
            return
        self._rows = rows
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        line = 0
        for row in rows:
            line += self._show_row(row, line)

    def _show_row(self, row: AfterRow, line: int) -> int:
        """Put a row in and return how many lines of the grid it took."""
        right, baseline = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignBaseline
        face = Type.FIGURE if row.lead else Type.SUBTITLE if row.strong else Type.BODY
        name, after = Label(row.name, Type.BODY, Tone.MUTED, wraps=True), Label(row.after, face, row.tone)
        for label in (name, after):
            label.setContentsMargins(0, S if line else 0, 0, 0)
        self._grid.addWidget(name, line, 0, baseline)
        self._grid.addWidget(after, line, 1, right | baseline)
        if not row.before:
            return 1
        self._grid.addWidget(Label(row.before, Type.CAPTION, Tone.MUTED), line + 1, 0, 1, 2, right)
        return 2

    def rows(self) -> tuple[AfterRow, ...]:
        """Return what is shown."""
        return self._rows
