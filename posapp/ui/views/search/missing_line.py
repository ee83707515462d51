"""What the look-up cannot find yet: on a server whose lists carry no phones these are read one by one."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.words import PHONE_MISSING, PHONES_MISSING
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import XS, Tone, Type
from posapp.ui.widgets.labels import IconLabel, Label


class MissingLine(QWidget):
    """`Phones of 1,234 customers are still being fetched.`; hidden while none is missing."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._words = Label("", Type.CAPTION, Tone.MUTED, wraps=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(XS)
        row.addWidget(IconLabel("hourglass", Tone.MUTED, 14))
        row.addWidget(self._words, 1)
        desk.changes.counts_changed.connect(self._show_count)
        self._show_count()

    def words(self) -> str:
        """Return what it says; empty while it is hidden."""
        return "" if self.isHidden() else self._words.text()

    def _show_count(self) -> None:
        counts = self._desk.sync.state.counts
        count = 0 if counts is None else counts.phones_missing
        self._words.setText(self._desk.say.plural(PHONE_MISSING, PHONES_MISSING, count, shown=f"{count:,}"))
        self.setVisible(count > 0)
