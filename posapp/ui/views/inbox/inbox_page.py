"""The page *Inbox*: what needs a person, the oldest first, with everything known of it; and what was settled."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPoint, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.services.inbox import FoundItem, open_items, settled_items
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.inbox_model import InboxTableModel, SettledTableModel
from posapp.ui.theme.tokens import L, M, S, Type
from posapp.ui.views.inbox.detail import InboxDetail
from posapp.ui.views.listed_page import ListedPage
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.labels import Label
from posapp.ui.widgets.row_table import RowTable
from posapp.ui.widgets.tabs import Tabs

_LIST, _DETAIL = 53, 47
"""Per cent of the width."""
_MOST_SETTLED = 200
OPEN, SETTLED = range(2)
"""The places of the tabs."""


class InboxPage(ListedPage):
    """Items; read off the GUI thread when it is shown, and anew when their number changes.

    Signals:
        customer_chosen: Somebody wants to see this customer.
        offer_chosen: Somebody wants to settle an item: the `FoundItem` and the `Offer`.
    """

    customer_chosen = Signal(str)
    offer_chosen = Signal(object, object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.model, self.settled = InboxTableModel(desk, self), SettledTableModel(desk, self)
        self.table = RowTable(self.model, self._say(N_("Inbox")))
        self.settled_table = RowTable(self.settled, self._say(N_("Settled")))
        self.tabs = Tabs((self._say(N_("To decide")), self._say(N_("Settled"))))
        self.detail = InboxDetail(desk)
        self._lay_out()
        for table in (self.table, self.settled_table):
            table.menu_wanted.connect(self._on_row_taken)
            table.doubleClicked.connect(self._on_double_clicked)
            table.selectionModel().selectionChanged.connect(self._show_chosen)
        self.tabs.chosen.connect(self._on_tab_chosen)
        self.detail.customer_chosen.connect(self.customer_chosen)
        self.detail.offer_chosen.connect(self.offer_chosen)
        desk.changes.counts_changed.connect(self._on_changed)
        desk.changes.customer_changed.connect(self._on_changed)

    def shown_table(self) -> RowTable:
        """Return the table of the tab that is chosen."""
        return self.settled_table if self.tabs.current == SETTLED else self.table

    @Slot(int)
    def _on_tab_chosen(self, _tab: int) -> None:
        self._read()

    def start_reading(self) -> None:
        """Read what is to be decided, or what was."""
        till, settled = self._desk.till, self.tabs.current == SETTLED

        def read() -> tuple[bool, tuple[FoundItem, ...]]:
            return settled, settled_items(till, _MOST_SETTLED) if settled else open_items(till)

        self._desk.runner.run(read, done=self._on_read, failed=self._on_failed, owner=self, reading=True)

    def _on_read(self, read: tuple[bool, tuple[FoundItem, ...]]) -> None:
        settled, items = read
        if settled != (self.tabs.current == SETTLED):
            return  # another tab was chosen meanwhile, and is being read
        self._banner.hide()
        (self.settled if settled else self.model).show_records(items)
        self._summary.setText(self._summed(len(items), settled=settled))
        table = self.shown_table()
        self._lists.setCurrentWidget(table)
        if items and table.selected() is None:
            table.selectRow(0)
        self._show_chosen()
        self._stack.setCurrentIndex(0 if items else 2 if settled else 1)

    def _summed(self, count: int, *, settled: bool) -> str:
        say = self._say
        if settled:
            return say.plural(N_("{count} decision"), N_("{count} decisions"), count)
        if not count:
            return say(N_("Nothing needs you"))
        return say.plural(N_("{count} thing needs you"), N_("{count} things need you"), count)

    @Slot()
    def _show_chosen(self) -> None:
        found = self.shown_table().selected()
        if found is not None:
            self.detail.show_item(found)

    @Slot(object, QPoint)
    def _on_row_taken(self, found: FoundItem, _where: QPoint) -> None:
        if found.customer is not None:
            self.customer_chosen.emit(found.customer.id)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        found = (self.settled if self.tabs.current == SETTLED else self.model).record(index.row())
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
        top = QHBoxLayout()
        top.addLayout(said, 1)
        top.addWidget(self.tabs)
        column.addLayout(top)
        column.addWidget(self._banner)
        listed = QFrame()
        listed.setProperty("panel", "true")
        inside = QVBoxLayout(listed)
        inside.setContentsMargins(S, S, S, S)
        self._lists = QStackedWidget()
        for table in (self.table, self.settled_table):
            self._lists.addWidget(table)
        inside.addWidget(self._lists)
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
        self._stack.addWidget(
            EmptyState(
                "inbox",
                self._say(N_("Nothing was settled yet")),
                self._say(N_("Who decided what, and why, is kept here for good.")),
            )
        )
        self._stack.setCurrentIndex(1)
        column.addWidget(self._stack, 1)
