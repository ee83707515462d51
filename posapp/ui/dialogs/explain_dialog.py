"""*Why ₹4,500.00?*: a number of the card opened to the exact lines that make it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.explanations import EXPLANATIONS, Explained
from posapp.ui.theme.tokens import XS, L, M, Tone, Type
from posapp.ui.views.customer.numbers import What
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.dialog_frame import column, foot, head
from posapp.ui.widgets.labels import ElidedLabel, IconLabel, Label, hairline
from posapp.ui.widgets.row_table import ROW_HEIGHT, RowTable

_WIDTH, _HEIGHT, _WITHOUT_ROWS = 980, 600, 340


class ExplainDialog(QDialog):
    """Title, the lines, their sum, and the rule; all of it can be copied."""

    def __init__(self, desk: Desk, customer_id: CustomerId, what: What | str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        say = self.say = desk.say
        self.why = EXPLANATIONS[What(what)](desk, customer_id)
        self.why.model.setParent(self)
        self.explained: Explained | None = None
        self.setModal(True)
        self.resize(_WIDTH, _HEIGHT)
        self.setWindowTitle(say(N_("Why this number?")))
        self.title = ElidedLabel(say(N_("Why this number?")), Type.TITLE)
        self.about = ElidedLabel("", Type.BODY, Tone.MUTED)
        self.table = RowTable(self.why.model, say(N_("The lines that make this number")))
        self.banner = Banner()
        self.caption = Label("", Type.SUBTITLE)
        self.number = Label("", Type.FIGURE)
        self.notes = Label("", Type.CAPTION, Tone.MUTED, wraps=True)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.copy_button = KeyButton(say(N_("Copy all")), key="Ctrl+Shift+C", icon="copy", kind=Kind.QUIET)
        self.close_button = KeyButton(say(N_("Close")), key="Esc")
        self.copy_button.clicked.connect(self.copy)
        self.close_button.clicked.connect(self.reject)
        QShortcut(QKeySequence("Ctrl+Shift+C"), self).activated.connect(self.copy)
        self._lay_out()
        self.table.setFocus()
        desk.runner.run(self.why.reading(), done=self._on_read, failed=self._on_failed, owner=self, reading=True)

    def copy(self) -> None:
        """Put title, lines, sum and notes on the clipboard."""
        if self.explained is None:
            return
        model, told = self.why.model, self.explained
        heads = "\t".join(column.title for column in model.columns)
        lines = [model.line(row) for row in range(model.rowCount())]
        parts = [told.customer.profile.name, told.title, heads, *lines, f"{told.caption}\t{told.number}", *told.notes]
        QGuiApplication.clipboard().setText("\n".join(parts))

    def _on_read(self, read: Any) -> None:
        told = self.explained = self.why.told(read)
        self.setWindowTitle(told.title)
        self.title.setText(told.title)
        self.about.setText(told.customer.profile.name)
        self.why.model.show_records(told.rows)
        self.table.setVisible(bool(told.rows))
        self.resize(_WIDTH, min(_HEIGHT, _WITHOUT_ROWS + len(told.rows) * ROW_HEIGHT))
        QTimer.singleShot(0, self, self.table.scrollToBottom)
        self.caption.setText(told.caption)
        self.number.setText(told.number)
        self.number.set_tone(told.tone)
        self.notes.setText("\n".join(told.notes))
        self.notes.setVisible(bool(told.notes))

    def _on_failed(self, error: PosError) -> None:
        self.banner.say_error(error, self.say)

    def _lay_out(self) -> None:
        whole = column(self, M)
        whole.addLayout(head(IconLabel("circle-help", Tone.ACCENT, 28), self.title, self.about))
        whole.addWidget(hairline())
        whole.addWidget(self.table, 1)
        whole.addWidget(self.banner)
        whole.addWidget(self._sum())
        whole.addLayout(foot(self.copy_button, self.close_button))

    def _sum(self) -> QFrame:
        row = QHBoxLayout()
        row.addWidget(self.caption, 1)
        row.addWidget(self.number)
        ground = QFrame()
        ground.setProperty("ground", "raised")
        column = QVBoxLayout(ground)
        column.setContentsMargins(L, M, L, M)
        column.setSpacing(XS)
        column.addLayout(row)
        column.addWidget(self.notes)
        return ground
