"""The page *Who owes*: everyone who owes, by amount or by age, with the sums; Enter opens a customer."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.folding import fold, words
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.services.owing import Order, Owings, in_order, owing
from posapp.services.ports.receivables import Owing
from posapp.services.till import Till
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.owing_model import OwingTableModel, OwingTotalsModel
from posapp.ui.theme.tokens import L, M, S, Tone, Type
from posapp.ui.views.listed_page import ListedPage
from posapp.ui.views.search.search_field import SearchField
from posapp.ui.widgets.buttons import KeyCap
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.labels import IconLabel, Label, hairline
from posapp.ui.widgets.row_table import ROW_HEIGHT, RowTable
from posapp.ui.widgets.tabs import Tabs
from posapp.ui.wording import moment_said

_ORDERS: tuple[Order, ...] = ("amount", "age")
_FILTER_WIDTH = 280
_SCROLL_BAR = 12


@dataclass(frozen=True, slots=True)
class Listed:
    """Everyone who owes, in both orders, and by what each can be filtered.

    Attributes:
        owings: The sums, and the rows by amount.
        by_age: The same rows, the oldest debt first.
        texts: By customer: her folded name and the digits of her phone.
    """

    owings: Owings
    by_age: tuple[Owing, ...]
    texts: dict[CustomerId, str]


class OwingPage(ListedPage):
    """Who owes; read off the GUI thread when it is shown, and anew when something changed.

    Signals:
        customer_chosen: Somebody wants to see this customer.
    """

    customer_chosen = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._listed: Listed | None = None
        self.model = OwingTableModel(desk, self)
        self.totals_model = OwingTotalsModel(desk, self)
        self.table = RowTable(self.model, self._say(N_("Who owes")))
        self.totals = RowTable(self.totals_model, self._say(N_("Together")))
        self.orders = Tabs([self._say(N_("Largest first")), self._say(N_("Oldest first"))])
        self.filter = SearchField(
            self._say(N_("Filter")), self._say(N_("Filter by name or phone")), self._say(N_("Clear the filter"))
        )
        self._left_out = QWidget()
        self._left_out_words = Label("", Type.BODY, Tone.WARN)
        self._nobody = EmptyState("circle-check", "", "")
        self._lay_out()
        self.orders.chosen.connect(self._show_rows)
        self.filter.textChanged.connect(self._show_rows)
        self.filter.stepped.connect(self._on_filter_stepped)
        self.filter.taken.connect(self._on_filter_taken)
        self.table.menu_wanted.connect(self._on_row_taken)
        self.table.doubleClicked.connect(self._on_double_clicked)
        QShortcut(QKeySequence("Ctrl+O"), self).activated.connect(self._on_order_toggled)
        QShortcut(QKeySequence("Ctrl+F"), self).activated.connect(self.filter.setFocus)
        desk.changes.customer_changed.connect(self._on_changed)
        desk.changes.many_changed.connect(self._on_changed)

    def summary(self) -> str:
        """Return what it says of all."""
        return self._summary.text()

    def left_out(self) -> str:
        """Return what it says is not in it; empty for nothing."""
        return "" if self._left_out.isHidden() else self._left_out_words.text()

    def shown_table(self) -> RowTable:
        """Return the table of those who owe."""
        return self.table

    def start_reading(self) -> None:
        """Read who owes."""
        if self._listed is None:
            self._summary.setText(self._say(N_("Reading…")))
        till = self._desk.till
        self._desk.runner.run(
            lambda: _listed(till), done=self._on_read, failed=self._on_failed, owner=self, reading=True
        )

    def _on_read(self, listed: Listed) -> None:
        self._banner.hide()
        self._listed = listed
        self._summary.setText(self._summed(listed.owings))
        unfetched = listed.owings.unfetched
        left_out = self._say.plural(
            N_("{count} khata was not fetched yet and may be missing here"),
            N_("{count} khatas were not fetched yet and may be missing here"),
            unfetched,
        )
        self._left_out_words.setText(left_out)
        self._left_out.setVisible(bool(unfetched))
        self.totals_model.show_records((listed.owings,))
        self._show_rows()

    @Slot()
    def _show_rows(self) -> None:
        if self._listed is None:
            return
        rows = self._listed.owings.rows if _ORDERS[self.orders.current] == "amount" else self._listed.by_age
        wanted = words(self.filter.text())
        if wanted:
            texts = self._listed.texts
            rows = tuple(row for row in rows if all(word in texts[row.customer_id] for word in wanted))
        self.model.show_records(rows)
        if rows and not self.table.currentIndex().isValid():
            self.table.selectRow(0)
        self.totals.setVisible(bool(rows) and not wanted)
        if wanted:
            title, text = self._say(N_("Nobody of that name owes")), self._say(N_("Clear the filter to see everyone."))
            self._nobody.show_words("search", title, text)
        else:
            title, text = (
                self._say(N_("Nobody owes anything")),
                self._say(N_("What is sold on account is listed here.")),
            )
            self._nobody.show_words("circle-check", title, text)
        self._stack.setCurrentIndex(0 if rows else 1)

    def _summed(self, owings: Owings) -> str:
        total = owings.ageing
        count = len(owings.rows)
        found = self._say.plural(
            N_("{customers} customer owes {amount}"),
            N_("{customers} customers owe {amount}"),
            count,
            customers=f"{count:,}",
            amount=total.owed,
        )
        parts = [found if count else self._say(N_("Nobody owes anything"))]
        if total.advance:
            parts.append(self._say(N_("others have paid {amount} ahead"), amount=total.advance))
        now = self._desk.till.clock.now()
        parts.append(self._say(N_("as of {moment}"), moment=moment_said(self._say, now, now, self._desk.shop())))
        return " · ".join(parts)

    @Slot(int)
    def _on_filter_stepped(self, rows: int) -> None:
        count = self.model.rowCount()
        if count:
            row = max(0, min(count - 1, self.table.currentIndex().row() + rows))
            self.table.selectRow(row)

    @Slot()
    def _on_filter_taken(self) -> None:
        self._choose(self.table.selected())

    @Slot(object, QPoint)
    def _on_row_taken(self, row: Owing, _where: QPoint) -> None:
        self._choose(row)

    @Slot(QModelIndex)
    def _on_double_clicked(self, index: QModelIndex) -> None:
        self._choose(self.model.record(index.row()))

    @Slot()
    def _on_order_toggled(self) -> None:
        self.orders.choose(1 - self.orders.current)

    def _choose(self, row: Owing | None) -> None:
        if row is not None:
            self.customer_chosen.emit(row.customer_id)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(L, L, L, L)
        column.setSpacing(M)
        column.addLayout(self._head())
        column.addWidget(self._banner)
        column.addWidget(self._body(), 1)

    def _head(self) -> QHBoxLayout:
        told = QHBoxLayout(self._left_out)
        told.setContentsMargins(0, 0, 0, 0)
        told.setSpacing(S)
        told.addWidget(IconLabel("triangle-alert", Tone.WARN, 16))
        told.addWidget(self._left_out_words, 1)
        self._left_out.hide()
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(Label(self._say(N_("Who owes")), Type.TITLE))
        said.addWidget(self._summary)
        said.addWidget(self._left_out)
        self.filter.setProperty("room", "usual")
        self.filter.setFixedWidth(_FILTER_WIDTH)
        row = QHBoxLayout()
        row.setSpacing(M)
        row.addLayout(said, 1)
        for part in (self.orders, KeyCap("Ctrl+O"), self.filter, KeyCap("Ctrl+F")):
            row.addWidget(part)
        return row

    def _body(self) -> QWidget:
        self.table.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.totals.horizontalHeader().hide()
        self.totals.setFixedHeight(ROW_HEIGHT)
        self.totals.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.totals.setSelectionMode(RowTable.SelectionMode.NoSelection)
        self.totals.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        foot = QHBoxLayout()
        foot.setContentsMargins(0, 0, _SCROLL_BAR, 0)
        foot.addWidget(self.totals)
        listed = QFrame()
        listed.setProperty("panel", "true")
        inside = QVBoxLayout(listed)
        inside.setContentsMargins(S, S, S, S)
        inside.setSpacing(0)
        inside.addWidget(self.table, 1)
        inside.addWidget(hairline())
        inside.addLayout(foot)
        self._stack = QStackedWidget()
        self._stack.addWidget(listed)
        self._stack.addWidget(self._nobody)
        return self._stack


def _listed(till: Till) -> Listed:
    """On the worker's thread."""
    owings = owing(till)
    texts = {row.customer_id: f"{fold(row.name)} {fold(row.phone or '')} {_digits(row.phone)}" for row in owings.rows}
    return Listed(owings, in_order(owings.rows, "age"), texts)


def _digits(phone: str | None) -> str:
    return "".join(char for char in fold(phone or "") if char.isdecimal())
