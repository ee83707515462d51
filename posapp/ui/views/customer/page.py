"""What the pages under a card's figures share: they read themselves off the GUI thread, only while they are seen."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QPoint, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QMenu, QStackedLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.messages import N_
from posapp.services.dto import KhataLine, PointsLine, SaleRecord
from posapp.ui.bridge.desk import Desk
from posapp.ui.bridge.task_runner import Task
from posapp.ui.models.records import RecordsModel
from posapp.ui.theme import icons
from posapp.ui.widgets.abstract import AbstractQt
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.row_table import RowTable


class CardPage(QWidget, metaclass=AbstractQt):
    """A page about the customer of the card; a subclass reads and shows.

    What was read for a customer who is not shown any more is dropped.
    """

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.desk = desk
        self.customer_id: CustomerId | None = None
        self._stale = False
        self._reading: Task[Any] | None = None

    def show_customer(self, customer_id: CustomerId | None) -> None:
        """Show another customer; what was shown goes at once."""
        if customer_id == self.customer_id:
            return
        self.customer_id = customer_id
        self.empty()
        self.refresh()

    def refresh(self) -> None:
        """Read anew, now or once the page is seen."""
        if self._reading is not None:
            self._reading.drop()
            self._reading = None
        self._stale = True
        if self.customer_id is None or not self.isVisible():
            return
        self._stale = False
        self._reading = self.desk.runner.run(
            self.reading(self.customer_id), done=self._on_read, failed=self.failed, owner=self, reading=True
        )

    @abstractmethod
    def reading(self, customer_id: CustomerId) -> Any:
        """Return what reads the page's contents on a worker's thread."""

    @abstractmethod
    def show_contents(self, contents: Any) -> None:
        """Show what was read."""

    @abstractmethod
    def empty(self) -> None:
        """Show nothing, for what was shown is another customer's."""

    @abstractmethod
    def failed(self, error: PosError) -> None:
        """Say that the page cannot be read."""

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 (Qt's name)
        """Read what became stale while nobody looked."""
        super().showEvent(event)
        if self._stale:
            self.refresh()

    def _on_read(self, contents: Any) -> None:
        self._reading = None
        self.show_contents(contents)


class TablePage(CardPage):
    """A page that is one table, or words where it has no rows.

    Signals:
        reverse_wanted: The line or the bill that somebody wants to undo.
        slip_wanted: The id of the act that somebody wants a slip of.

    Attributes:
        barred: Why nothing can be undone on this page; empty where it can.
    """

    reverse_wanted = Signal(object)
    slip_wanted = Signal(str)

    def __init__(self, desk: Desk, model: RecordsModel[Any], name: str, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        model.setParent(self)
        self.model = model
        self.table = RowTable(model, name)
        self.nothing = EmptyState("book-open-text", "", "")
        self.barred = ""
        self._chosen: Any = None
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        self.table.menu_wanted.connect(self._on_menu_wanted)
        self._blank = QWidget()
        self._pages = QStackedLayout(self)
        for page in (self._blank, self.table, self.nothing):
            self._pages.addWidget(page)

    @abstractmethod
    def subject(self, record: Any) -> Any:
        """Return what of a record can be undone or put on paper; None where nothing can."""

    @abstractmethod
    def reference(self, record: Any) -> str:
        """Return what a person would quote of a record; empty for nothing."""

    @abstractmethod
    def why_no_reversal(self, record: Any) -> str:
        """Return why a record cannot be undone; empty where it can."""

    def show_nothing(self, icon: str, title: str, text: str) -> None:
        """Say why there are no rows and what to do."""
        self.nothing.show_words(icon, title, text)
        self._pages.setCurrentWidget(self.nothing)

    def show_rows(self, rows: Any) -> None:
        """Show the rows."""
        self.model.show_records(rows)
        self._pages.setCurrentWidget(self.table)

    def empty(self) -> None:
        """Show nothing while the customer's own rows are read."""
        self.table.clearSelection()
        self.model.show_records(())
        self.table.scrollToTop()
        self._pages.setCurrentWidget(self._blank)

    def failed(self, error: PosError) -> None:
        """Say that the rows cannot be read."""
        say = self.desk.say
        self.show_nothing("circle-alert", say.say(error.title_message), say.say(error.detail))

    def _on_menu_wanted(self, record: Any, where: QPoint) -> None:
        subject, say = self.subject(record), self.desk.say
        if subject is None:
            return
        self._chosen = record
        self.menu.clear()
        no_reversal = self.barred or self.why_no_reversal(record)
        no_slip = "" if _operation_of(subject) else say(NO_SLIP)
        self._add("undo-2", say(N_("Reverse …")), self._on_reverse_chosen, no_reversal)
        self._add("printer", say(N_("Slip")), self._on_slip_chosen, no_slip)
        self._add("copy", say(N_("Copy reference")), self._on_copy_chosen, "" if self.reference(record) else " ")
        self.menu.popup(where)

    def _add(self, icon: str, words: str, slot: Callable[[], None], why_not: str) -> None:
        action = self.menu.addAction(icons.icon(icon), words)
        action.triggered.connect(slot)
        action.setEnabled(not why_not)
        action.setToolTip(why_not)

    def _on_reverse_chosen(self) -> None:
        self.reverse_wanted.emit(self.subject(self._chosen))

    def _on_slip_chosen(self) -> None:
        self.slip_wanted.emit(_operation_of(self.subject(self._chosen)))

    def _on_copy_chosen(self) -> None:
        QGuiApplication.clipboard().setText(self.reference(self._chosen))


def _operation_of(subject: KhataLine | PointsLine | SaleRecord) -> OperationId | None:
    return subject.id if isinstance(subject, SaleRecord) else subject.operation_id


NOT_HERE = N_("Written elsewhere: correct it there, or by a new charge or payment.")
NO_SLIP = N_("Written elsewhere: this till has no slip of it.")
ALREADY = N_("It was reversed already.")
NO_EFFECT = N_("It was refused and has no effect.")
CORRECTION = N_("It is a correction itself.")
"""Why something cannot be done with a record."""
