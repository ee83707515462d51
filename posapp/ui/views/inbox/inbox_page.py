"""The page *Inbox*: what needs a person, the oldest first, with everything known of it at the right."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.services.inbox import FoundItem, open_items
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.inbox_model import InboxTableModel
from posapp.ui.theme.tokens import L, M, S, Tone, Type
from posapp.ui.views.inbox.detail import InboxDetail
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.labels import ElidedLabel, Label
from posapp.ui.widgets.row_table import RowTable

_PAUSE_MS = 300
_LIST, _DETAIL = 55, 45
"""Per cent of the width."""


class InboxPage(QWidget):
    """Open items; read off the GUI thread when it is shown, and anew when their number changes.

    Signals:
        customer_chosen: Somebody wants to see this customer.
    """

    customer_chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._say = desk.say
        self._stale = True
        self.model = InboxTableModel(desk, self)
        self.table = RowTable(self.model, self._say(N_("Inbox")))
        self.detail = InboxDetail(desk)
        self._summary = ElidedLabel("", Type.BODY, Tone.MUTED)
        self._banner = Banner()
        self._lay_out()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._read)
        self.table.menu_wanted.connect(self._on_row_taken)
        self.table.doubleClicked.connect(self._on_double_clicked)
        self.table.selectionModel().selectionChanged.connect(self._show_chosen)
        self.detail.customer_chosen.connect(self.customer_chosen)
        desk.changes.counts_changed.connect(self._on_changed)
        desk.changes.customer_changed.connect(self._on_changed)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Read what is not read yet."""
        super().showEvent(event)
        self.table.setFocus()
        if self._stale:
            self._read()

    @Slot()
    def _on_changed(self) -> None:
        self._stale = True
        if self.isVisible():
            self._pause.start()

    @Slot()
    def _read(self) -> None:
        self._stale = False
        till = self._desk.till
        self._desk.runner.run(
            lambda: open_items(till), done=self._on_read, failed=self._on_failed, owner=self, reading=True
        )

    def _on_read(self, items: tuple[FoundItem, ...]) -> None:
        self._banner.hide()
        self.model.show_records(items)
        count = len(items)
        said = self._say.plural(N_("{count} thing needs you"), N_("{count} things need you"), count)
        self._summary.setText(said if count else self._say(N_("Nothing needs you")))
        if items and self.table.selected() is None:
            self.table.selectRow(0)
        self._show_chosen()
        self._stack.setCurrentIndex(0 if items else 1)

    def _on_failed(self, error: PosError) -> None:
        self._stale = True
        self._banner.say_error(error, self._say)

    @Slot()
    def _show_chosen(self) -> None:
        found = self.table.selected()
        if found is not None:
            self.detail.show_item(found)

    @Slot(object, QPoint)
    def _on_row_taken(self, found: FoundItem, _where: QPoint) -> None:
        if found.customer is not None:
            self.customer_chosen.emit(found.customer.id)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        found = self.model.record(index.row())
        if found is not None and found.customer is not None:
            self.customer_chosen.emit(found.customer.id)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(Label(self._say(N_("Inbox")), Type.TITLE))
        said.addWidget(self._summary)
        column.addLayout(said)
        column.addWidget(self._banner)
        listed = QFrame()
        listed.setProperty("panel", "true")
        inside = QVBoxLayout(listed)
        inside.setContentsMargins(S, S, S, S)
        inside.addWidget(self.table)
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(L)
        row.addWidget(listed, _LIST)
        row.addWidget(self.detail, _DETAIL)
        self._stack = QStackedWidget()
        self._stack.addWidget(both)
        self._stack.addWidget(
            EmptyState(
                "inbox",
                self._say(N_("Nothing needs you")),
                self._say(N_("What the server refuses, or nobody can be sure of, is put here and waits for you.")),
            )
        )
        self._stack.setCurrentIndex(1)
        column.addWidget(self._stack, 1)
