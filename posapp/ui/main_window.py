"""The window: three pages under a bar, keys that work everywhere, and one place where things are said."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.services.dto import KhataLine, PointsLine, SaleRecord
from posapp.ui.act_controller import ActController
from posapp.ui.acts import ACTS, Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.customers_page import CustomersPage
from posapp.ui.dialogs.act_dialog import Told
from posapp.ui.main_menu import MainMenu
from posapp.ui.notices import Notices
from posapp.ui.paper import PaperController, Written
from posapp.ui.stray_typing import StrayTyping
from posapp.ui.theme.theme import current
from posapp.ui.theme.tokens import L, Scheme, Tone
from posapp.ui.top_bar import CUSTOMERS, INBOX, OWING, TopBar
from posapp.ui.views.inbox.inbox_page import InboxPage
from posapp.ui.views.owing.owing_page import OwingPage
from posapp.ui.views.sync.first_sync import FirstSyncStrip
from posapp.ui.views.sync.light import SyncLight
from posapp.ui.widgets.toast import Toast
from posapp.ui.window_memory import WindowMemory

_SMALLEST = 1180, 680
_USUAL = 1366, 768


class MainWindow(QWidget):
    """The till's window. It owns nothing of the till: whoever made the desk closes it.

    Signals:
        closed: The window was closed.
    """

    closed = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._say = desk.say
        self._memory = WindowMemory(desk.app.home.folder)
        if not desk.app.practising:
            current().choose(self._memory.scheme())
        self.setProperty("ground", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(*_SMALLEST)
        self.menu = MainMenu(desk, self)
        self.light = SyncLight(desk)
        self.top_bar = TopBar(desk, self.light, self.menu)
        self.notices = Notices(desk)
        self.first_sync = FirstSyncStrip(desk)
        self._first_sync_room = QWidget()
        self.customers = CustomersPage(desk)
        self.pages = QStackedWidget()
        self.owing, self.inbox = OwingPage(desk), InboxPage(desk)
        for page in (self.customers, self.owing, self.inbox):
            self.pages.addWidget(page)
        self._lay_out()
        self.toast = Toast(desk.say, self)
        self.acts = ActController(desk, self.toast, self)
        self.paper = PaperController(desk, self)
        self._typing = StrayTyping(self)
        self._next: Act | None = None
        self._connect()
        self._bind_keys()
        self._show_shop()
        if not self._memory.place(self):
            self.resize(*_USUAL)
        self.customers.search.focus()

    @Slot(str)
    def show_customer(self, customer_id: str) -> None:
        """Open a customer's card on the first page."""
        self.show_page(CUSTOMERS)
        self.customers.show_customer(customer_id)

    @Slot(int)
    def show_page(self, page: int) -> None:
        """Show a page."""
        self._next = None
        self.pages.setCurrentIndex(page)
        self.top_bar.show_page(page)
        if page == CUSTOMERS:
            self.customers.search.focus()

    def begin(self, act: Act) -> None:
        """Begin an act with the customer whose card is seen; one who was chosen but is not there yet is waited for.

        It never is for the card of before. What is typed meanwhile ends the waiting: no amount is cut in two.
        """
        self._next = None
        if self.pages.currentIndex() == CUSTOMERS and self.customers.coming:
            self._next = act
        else:
            self._begin_now(act)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 (Qt's name)
        """Remember the window's place."""
        self._memory.keep_place(self)
        super().closeEvent(event)
        self.closed.emit()

    def _begin_now(self, act: Act) -> None:
        card = self.customers.card
        why_not = card.why_not(act) if card.card is not None else ""
        if why_not:
            self.toast.tell(why_not, tone=Tone.WARN)
        else:
            self.acts.begin(act, card.card if self.pages.currentIndex() == CUSTOMERS else None)

    @Slot()
    def _on_card_settled(self) -> None:
        if self._next is not None and not self.customers.coming:
            self.begin(self._next)

    @Slot()
    def _on_nobody_taken(self) -> None:
        act, self._next = self._next, None
        if act is not None:
            self.acts.begin(act, None)

    @Slot()
    def _on_text_changed(self) -> None:
        self._next = None

    @Slot(object)
    def _on_act_done(self, told: Told) -> None:
        if told.customer_id != self.customers.card.customer_id:
            self.show_customer(told.customer_id)

    @Slot()
    def _on_dialog_closed(self) -> None:
        if self.pages.currentIndex() == CUSTOMERS:
            self.customers.search.focus()

    @Slot(object)
    def _on_reverse_wanted(self, line: KhataLine | PointsLine | SaleRecord) -> None:
        self.acts.reverse(self.customers.card.card, line)

    @Slot(str)
    def _on_letters_typed(self, text: str) -> None:
        self.show_page(CUSTOMERS)
        self.customers.search.type_text(text)

    @Slot()
    def _on_add_wanted(self) -> None:
        self.acts.add_customer(self.customers.search.text())

    @Slot()
    def _on_back(self) -> None:
        """One step back: an error is closed, a page left, the search emptied, the card closed."""
        self._next = None
        if self.toast.dismiss():
            return
        if self.pages.currentIndex() != CUSTOMERS:
            self.show_page(CUSTOMERS)
            return
        self.customers.step_back()
        self.customers.search.focus()

    @Slot(object)
    def _on_paper_written(self, written: Written) -> None:
        self.toast.tell(written.text)

    @Slot()
    def _on_inbox_wanted(self) -> None:
        self.show_page(INBOX)

    @Slot(object)
    def _on_scheme_chosen(self, scheme: Scheme | None) -> None:
        current().choose(scheme)
        self._memory.keep_scheme(scheme)

    @Slot()
    def _show_first_sync(self) -> None:
        self._first_sync_room.setVisible(not self.first_sync.isHidden())

    @Slot()
    def _show_shop(self) -> None:
        shop = self._say(N_("Practice till")) if self._desk.app.practising else self._desk.shop().name
        self.setWindowTitle(self._say(N_("{shop} — posapp"), shop=shop))

    def _connect(self) -> None:
        self._desk.changes.shop_changed.connect(self._show_shop)
        self.top_bar.page_chosen.connect(self.show_page)
        self.first_sync.shown_changed.connect(self._show_first_sync)
        self.light.inbox_wanted.connect(self._on_inbox_wanted)
        self.light.connect_wanted.connect(self.acts.connect_server)
        for page in (self.owing, self.inbox):
            page.customer_chosen.connect(self.show_customer)
        self.inbox.offer_chosen.connect(self.acts.settle)
        self.customers.search.new_wanted.connect(self.acts.add_customer)
        self.customers.search.failed.connect(self.toast.tell_error)
        self.customers.search.nobody.connect(self._on_nobody_taken)
        self.customers.search.field.textChanged.connect(self._on_text_changed)
        self.customers.card.settled.connect(self._on_card_settled)
        self.customers.card.act_wanted.connect(self.begin)
        self.customers.card.reverse_wanted.connect(self._on_reverse_wanted)
        self.customers.card.slip_wanted.connect(self.paper.slip)
        self.toast.pressed.connect(self.paper.slip)
        self.paper.written.connect(self._on_paper_written)
        self.paper.failed.connect(self.toast.tell_error)
        self.acts.done.connect(self._on_act_done)
        self.acts.customer_wanted.connect(self.show_customer)
        self.acts.closed.connect(self._on_dialog_closed)
        self._typing.typed.connect(self._on_letters_typed)
        self.menu.add_wanted.connect(self._on_add_wanted)
        self.menu.connect_wanted.connect(self.acts.connect_server)
        self.menu.pin_wanted.connect(self.acts.change_pin)
        self.menu.about_wanted.connect(self.acts.tell_about)
        self.menu.scheme_chosen.connect(self._on_scheme_chosen)

    def _bind_keys(self) -> None:
        keys: dict[str, Callable[[], None]]
        keys = {look.key: partial(self.begin, act) for act, look in ACTS.items() if look.key}
        keys |= {"F8": self._on_add_wanted, "F9": self.top_bar.sync_now, "Esc": self._on_back}
        keys |= {f"Ctrl+{page + 1}": partial(self.show_page, page) for page in (CUSTOMERS, OWING, INBOX)}
        for key, pressed in keys.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(pressed)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        around = QHBoxLayout(self._first_sync_room)
        around.setContentsMargins(L, L, L, 0)
        around.addWidget(self.first_sync)
        column.addWidget(self.top_bar)
        column.addWidget(self.notices)
        column.addWidget(self._first_sync_room)
        self._show_first_sync()
        column.addWidget(self.pages, 1)
