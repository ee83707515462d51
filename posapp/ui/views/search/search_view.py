"""Finding a customer: a field that is always at hand, the hits below it, and what to do when there are none."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.services.ports.search import Found
from posapp.ui.bridge.desk import Desk
from posapp.ui.bridge.lookup import Looked
from posapp.ui.models.hits_model import HitsModel
from posapp.ui.theme.tokens import XS, M, S, Tone, Type
from posapp.ui.views.search.hit_delegate import HitDelegate
from posapp.ui.views.search.hits_list import HitsList
from posapp.ui.views.search.missing_line import MissingLine
from posapp.ui.views.search.search_field import SearchField
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.labels import ElidedLabel

_QUOTED = 24
"""Letters of what was typed that a button quotes."""


class SearchView(QWidget):
    """The search, of which there is one in a window.

    Signals:
        chosen: Somebody wants to see this customer.
        nobody: An Enter took nobody.
        new_wanted: Nobody was found, and this text shall become a new customer.
        failed: A look-up did not end well.
        painted: The hits of this text are on the screen.
    """

    chosen = Signal(str)
    nobody = Signal()
    new_wanted = Signal(str)
    failed = Signal(object)
    painted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._say = desk.say
        self._shown: str | None = None
        self._taking = False
        self._taken: str | None = None
        self.field = SearchField(
            self._say(N_("Find a customer")),
            self._say(N_("Name, phone, card, e-mail…")),
            self._say(N_("Clear the search (Esc)")),
        )
        self.status = ElidedLabel("", Type.CAPTION, Tone.MUTED)
        self.missing = MissingLine(desk)
        self.model = HitsModel(self._say, self)
        self.list = HitsList()
        self._delegate = HitDelegate(self.list)
        self._lay_out()
        self.field.textChanged.connect(self._on_text_changed)
        self.field.stepped.connect(self._on_field_stepped)
        self.field.taken.connect(self.take)
        self.list.clicked.connect(self._on_list_clicked)
        self.list.drawn.connect(self._on_list_drawn)
        desk.lookup.found.connect(self._on_found)
        desk.lookup.failed.connect(self._on_failed)
        desk.changes.customer_changed.connect(self._on_customer_changed)
        desk.changes.many_changed.connect(desk.lookup.again)
        desk.lookup.search("")

    @property
    def waiting(self) -> bool:
        """Whether an Enter waits for the hits of what was typed."""
        return self._taking

    def text(self) -> str:
        """Return what is typed."""
        return self.field.text()

    def focus(self) -> None:
        """Put the focus into the field; a text by which somebody was found already is replaced by what is typed."""
        self.field.setFocus()
        if self.field.text() == self._taken:
            self.field.selectAll()

    def type_text(self, text: str) -> None:
        """Go on in the field with what was typed elsewhere."""
        self.focus()
        self.field.insert(text)

    def clear(self) -> bool:
        """Empty the search; return whether there was something in it."""
        had = bool(self.field.text())
        self.field.clear()
        return had

    def show_opened(self, customer_id: CustomerId | None) -> None:
        """Mark whose card is open; with it the search is over, and its text is replaced by what is typed next.

        Nobody else's row stays chosen: one Enter too many must not open another card.
        """
        self._delegate.opened = customer_id
        if customer_id is not None:
            self._taken = self.field.text()
            self.list.setCurrentIndex(self._index_of(customer_id))
        self.list.viewport().update()

    @Slot()
    def take(self) -> None:
        """Choose the row that is chosen, or else the first; a text still being looked up is waited for."""
        if self._shown != self.field.text():
            self._taking = True
            if self._shown is None:  # the last look-up failed: nothing is under way that it could wait for
                self._desk.lookup.again()
            return
        index = self.list.currentIndex()
        row = index.row() if index.isValid() else 0
        if row >= self.model.rowCount():
            self.nobody.emit()
        elif index.isValid() or not self._over():
            self._choose(row)

    def _over(self) -> bool:
        """Whether a card was opened since something was typed."""
        return self._delegate.opened is not None and self.field.text() == self._taken

    def _index_of(self, customer_id: CustomerId | None) -> QModelIndex:
        row = self.model.row_of(customer_id)
        return QModelIndex() if row is None else self.model.index(row)

    def _choose(self, row: int) -> None:
        self._taking = False
        self.list.setCurrentIndex(self.model.index(row))
        self._taken = self.field.text()
        self.focus()
        self.chosen.emit(self.model.hit(row).customer.id)

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._taking, self._taken = False, None
        self._desk.lookup.search(text)

    @Slot(object)
    def _on_found(self, looked: Looked) -> None:
        hits = looked.found.hits
        current = self.list.currentIndex()
        kept = self.model.hit(current.row()).customer.id if current.isValid() and looked.text == self._shown else None
        place = self.list.verticalScrollBar().value() if looked.text == self._shown else 0
        self._shown = looked.text
        self.list.await_drawing()
        self.model.set_hits(hits)
        index = self._index_of(kept)
        if not index.isValid() and hits and looked.text.strip():
            index = self._index_of(self._delegate.opened) if self._over() else self.model.index(0)
        self.list.setCurrentIndex(index)
        self.list.verticalScrollBar().setValue(place)
        self._show_state(looked.text.strip(), looked.found)
        if self._taking:
            self._taking = False
            self.take()

    def _show_state(self, text: str, found: Found) -> None:
        """Show how many were found among how many, or what to do where nobody was."""
        if text:
            self.status.setText(self._counted(found))
        else:
            self.status.setText(self._say(N_("Lately")) if self.model.rowCount() else "")
        if self.model.rowCount():
            self._stack.setCurrentWidget(self.list)
        elif text:
            short = text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
            self.add_button.set_words(self._say(N_("Add “{text}” as new"), text=short))
            self._stack.setCurrentWidget(self._nobody)
        else:
            self._stack.setCurrentWidget(self._anyone)

    def _counted(self, found: Found) -> str:
        searched, count = f"{found.searched:,}", len(found.hits)
        if found.more:
            return self._say(N_("Searched all {searched} · first {count}"), searched=searched, count=count)
        return self._say.plural(
            N_("Searched all {searched} · {count} hit"),
            N_("Searched all {searched} · {count} hits"),
            count,
            searched=searched,
        )

    @Slot(object)
    def _on_failed(self, error: PosError) -> None:
        self._shown = None
        if self._taking:
            self._taking = False
            self.nobody.emit()
        self.failed.emit(error)

    @Slot(str)
    def _on_customer_changed(self, customer_id: str) -> None:
        """Read the hits anew where she is among them, or where nobody is: she may be the one."""
        if not self.model.rowCount() or self.model.row_of(CustomerId(customer_id)) is not None:
            self._desk.lookup.again()

    @Slot(int)
    def _on_field_stepped(self, rows: int) -> None:
        count = self.model.rowCount()
        if count:
            index = self.list.currentIndex()
            start = index.row() if index.isValid() else -1 if rows > 0 else count
            chosen = self.model.index(max(0, min(count - 1, start + rows)))
            self.list.setCurrentIndex(chosen)
            spoken = str(chosen.data(Qt.ItemDataRole.AccessibleTextRole))
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.field, spoken))

    @Slot(QModelIndex)
    def _on_list_clicked(self, index: QModelIndex) -> None:
        self._choose(index.row())

    @Slot()
    def _on_list_drawn(self) -> None:
        self.painted.emit(self._shown or "")

    @Slot()
    def _on_add_clicked(self) -> None:
        self.new_wanted.emit(self.field.text())

    def _lay_out(self) -> None:
        self.add_button = KeyButton("", key="F8", icon="user-plus")
        self.add_button.clicked.connect(self._on_add_clicked)
        self._anyone = EmptyState(
            "search",
            self._say(N_("Find anyone")),
            self._say(N_("Type a part of a name, the last digits of a phone, a card's code or an e-mail address.")),
        )
        self._nobody = EmptyState(
            "user",
            self._say(N_("Nobody found")),
            self._say(N_("Names are also found by sound and with a typing error or two.")),
            self.add_button,
        )
        self.list.setModel(self.model)
        self.list.setItemDelegate(self._delegate)
        self.list.setAccessibleName(self._say(N_("Customers found")))
        self._stack = QStackedWidget()
        for page in (self._anyone, self.list, self._nobody):
            self._stack.addWidget(page)
        panel = QFrame()
        panel.setProperty("panel", "true")
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(1, XS, 1, XS)
        inside.addWidget(self._stack)
        self.status.setContentsMargins(M, 0, M, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(S)
        column.addWidget(self.field)
        column.addWidget(self.status)
        column.addWidget(panel, 1)
        column.addWidget(self.missing)
