"""The customer's card: all that a cashier needs of one customer, and every act that begins here.

It is read off the GUI thread, painted from what the book holds, and then read anew from the server in the background.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.domain.words import MISMATCH_WORDS
from posapp.services.dto import CustomerStatus
from posapp.services.lookup import Card, card
from posapp.services.trait_marks import BLACKLIST_MEANS, blacklist_words
from posapp.ui.acts import ACTS, Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.bridge.task_runner import Task
from posapp.ui.theme.tokens import XS, L, M, S, Tone
from posapp.ui.views.customer.figures_row import FiguresRow
from posapp.ui.views.customer.header import CardHeader
from posapp.ui.views.customer.khata_page import KhataPage
from posapp.ui.views.customer.numbers import What
from posapp.ui.views.customer.particulars_page import ParticularsPage
from posapp.ui.views.customer.points_page import PointsPage
from posapp.ui.views.customer.purchases_page import PurchasesPage
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.tabs import Tabs

ON_BUTTONS = (Act.SALE, Act.REDEEM, Act.PAYMENT, Act.CHARGE, Act.STATEMENT)
ONLY_READS = frozenset({Act.STATEMENT})
"""Acts that record nothing: they are possible for everybody, on every till."""
FETCH_PAUSE_MS = 250
"""How long a card stays open before the server is asked, so that walking through a list asks for nobody."""
BLANK_AFTER_MS = 150
"""How long the card of before may stay while the next one is read; a reading takes a few milliseconds."""


class CardView(QFrame):
    """Shows one customer, or what to do while there is none.

    Signals:
        settled: The card was read, or cannot be.
        act_wanted: An `Act` that may be begun with the customer shown.
        reverse_wanted: The `KhataLine`, `PointsLine` or `SaleRecord` that somebody wants to undo.
        slip_wanted: The id of the act that somebody wants a slip of.
    """

    settled = Signal()
    act_wanted = Signal(object)
    reverse_wanted = Signal(object)
    slip_wanted = Signal(str)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._customer_id: CustomerId | None = None
        self._card: Card | None = None
        self._reading: Task[Card] | None = None
        self._fetching: Task[bool] | None = None
        self.setProperty("panel", "true")
        say = desk.say
        self.header = CardHeader(desk)
        self.blacklisted, self.held = Banner(), Banner()
        self.figures = FiguresRow(desk)
        self.buttons = {act: _button(desk, act) for act in ON_BUTTONS}
        self._group = QButtonGroup(self)
        self.tabs = Tabs([say(N_("Khata")), say(N_("Purchases")), say(N_("Points")), say(N_("Notes and particulars"))])
        self.khata, self.purchases, self.points = KhataPage(desk), PurchasesPage(desk), PointsPage(desk)
        self.tables = self.khata, self.purchases, self.points
        self.particulars = ParticularsPage(desk)
        self.pages = QStackedWidget()
        self.nobody = EmptyState("user", "", "")
        self._body = QWidget()
        self._faces = QStackedWidget()
        self._fetch_pause = _single_shot(self, FETCH_PAUSE_MS, self._fetch)
        self._blank_pause = _single_shot(self, BLANK_AFTER_MS, self._show_waiting)
        self._lay_out()
        self._connect()
        self._show_nobody()

    @property
    def customer_id(self) -> CustomerId | None:
        """Whose card it is; None for nobody's."""
        return self._customer_id

    @property
    def card(self) -> Card | None:
        """What is shown; None for nobody, and while the customer is still being read."""
        return self._card

    @property
    def coming(self) -> bool:
        """Whether a card is being read that is not shown yet."""
        return self._card is None and self._reading is not None

    def show_customer(self, customer_id: CustomerId | None) -> None:
        """Show a customer's card; None shows what to do without one."""
        if customer_id == self._customer_id:
            self.refresh()
            return
        self._customer_id, self._card = customer_id, None
        self._forget_tasks()
        if customer_id is None:
            self._show_nobody()
            return
        self._blank_pause.start()
        self.refresh()

    def refresh(self) -> None:
        """Read what is shown anew from the book."""
        if self._customer_id is None:
            return
        if self._reading is not None:
            self._reading.drop()
        self._reading = self._desk.runner.run(
            partial(card, self._desk.till, self._customer_id),
            done=self._on_read,
            failed=self._on_read_failed,
            owner=self,
            reading=True,
        )
        if self._card is not None:
            self._refresh_tables()

    def why_not(self, act: Act) -> str:
        """Return why an act cannot be begun with the customer shown; empty where it can."""
        say = self._desk.say
        if self._card is None:
            return say(N_("Choose a customer first."))
        if act in ONLY_READS:
            return ""
        if self._desk.opened.read_only:
            return say(N_("This till can only be looked at: it is open elsewhere, or its disk takes no writes."))
        if self._card.customer.status is not CustomerStatus.LIVE:
            return say(N_("This customer was deleted; nothing more can be recorded under this record."))
        return ""

    def explain(self, what: What) -> None:
        """Open the lines that make a figure."""
        from posapp.ui.dialogs.explain_dialog import ExplainDialog  # noqa: PLC0415 (not needed for the first screen)

        if self._customer_id is not None:
            dialog = ExplainDialog(self._desk, self._customer_id, what, self.window())
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

    def _on_read(self, read: Card) -> None:
        first = self._card is None
        self._reading, self._card = None, read
        self._blank_pause.stop()
        reasons = {act: self.why_not(act) for act in Act}
        self.header.show_card(read)
        self.header.set_allowed(reasons)
        self._show_blacklisted(read)
        self._show_held(read)
        self.figures.show_card(read)
        self.particulars.show_card(read)
        for act, button in self.buttons.items():
            button.setEnabled(not reasons[act])
            button.setToolTip(reasons[act])
        for page in self.tables:
            page.barred = reasons[Act.PAYMENT]
            page.show_customer(read.customer.id)
        self._faces.setCurrentWidget(self._body)
        if first and read.remote_id is not None and not self._desk.opened.read_only:
            self._fetch_pause.start()
        self.settled.emit()

    def _show_blacklisted(self, read: Card) -> None:
        """Say that the shop does not serve the customer, and why."""
        barred, say = blacklist_words(read.traits), self._desk.say
        if barred is None:
            self.blacklisted.hide()
        else:
            self.blacklisted.say(Tone.BAD, say.say(barred), say(BLACKLIST_MEANS), icon="ban")

    def _show_held(self, read: Card) -> None:
        """Say that nothing new goes on this khata, and why."""
        if read.proof is None or read.proof.difference is None:
            self.held.hide()
            return
        say = self._desk.say
        what = say(MISMATCH_WORDS[str(read.proof.difference["kind"])])
        text = say(N_("Until that is settled in the inbox nothing new goes on account. Payments work as always."))
        self.held.say(Tone.BAD, say(N_("This khata is held: {what}"), what=what), text)

    def _on_read_failed(self, error: PosError) -> None:
        self._reading = None
        self._blank_pause.stop()
        say = self._desk.say
        text = " ".join((say.say(error.detail), say.say(error.next_step))).strip()
        self.nobody.show_words("circle-alert", say.say(error.title_message), text)
        self._faces.setCurrentWidget(self.nobody)
        self.settled.emit()

    def _fetch(self) -> None:
        """Ask the server for the customer, unless it was out of reach a moment ago: an act must not wait behind us."""
        if self._customer_id is None or self._desk.sync.state.problem is not None:
            return
        self.header.age.set_refreshing(refreshing=True)
        self._fetching = self._desk.runner.run(
            partial(self._desk.app.refresh, self._customer_id),
            done=self._on_fetched,
            failed=self._on_fetch_failed,
            owner=self,
            reading=True,
            online=True,
        )

    def _on_fetched(self, reached: bool) -> None:  # noqa: FBT001 (the answer of a task)
        self._fetching = None
        self.header.age.set_refreshing(refreshing=False)
        if reached and self._customer_id is not None:
            self._desk.changes.customer_changed.emit(self._customer_id)

    def _on_fetch_failed(self, _: PosError) -> None:
        """The card keeps its age, which says enough."""
        self._fetching = None
        self.header.age.set_refreshing(refreshing=False)

    def _on_customer_changed(self, customer_id: str) -> None:
        if customer_id == self._customer_id:
            self.refresh()

    def _on_act_clicked(self, place: int) -> None:
        self._want(ON_BUTTONS[place])

    def _want(self, act: Act) -> None:
        if not self.why_not(act):
            self.act_wanted.emit(act)

    def _on_notes_wanted(self) -> None:
        self.tabs.choose(self.pages.indexOf(self.particulars))
        self.particulars.notes.setFocus()

    def _refresh_tables(self) -> None:
        for page in self.tables:
            page.refresh()

    def _forget_tasks(self) -> None:
        for task in (self._reading, self._fetching):
            if task is not None:
                task.drop()
        self._reading = self._fetching = None
        self._fetch_pause.stop()
        self.header.age.set_refreshing(refreshing=False)

    def _show_nobody(self) -> None:
        self._blank_pause.stop()
        for page in self.tables:
            page.show_customer(None)
        say = self._desk.say
        text = say(N_("Type a name, a phone or a card. Enter takes the first hit; F2 to F6 act on it."))
        self.nobody.show_words("user", say(N_("No customer chosen")), text)
        self._faces.setCurrentWidget(self.nobody)

    def _show_waiting(self) -> None:
        self.nobody.show_words("hourglass", self._desk.say(N_("One moment")), "")
        self._faces.setCurrentWidget(self.nobody)

    def _connect(self) -> None:
        changes = self._desk.changes
        changes.customer_changed.connect(self._on_customer_changed)
        changes.many_changed.connect(self.refresh)
        changes.shop_changed.connect(self.refresh)
        self.header.act_wanted.connect(self._want)
        self.header.notes_wanted.connect(self._on_notes_wanted)
        self.figures.explain_wanted.connect(self.explain)
        self.tabs.chosen.connect(self.pages.setCurrentIndex)
        self._group.idClicked.connect(self._on_act_clicked)
        for page in self.tables:
            page.reverse_wanted.connect(self.reverse_wanted)
            page.slip_wanted.connect(self.slip_wanted)

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.setSpacing(S)
        for place, button in enumerate(self.buttons.values()):
            self._group.addButton(button, place)
            acts.addWidget(button, 1)
        for page in (*self.tables, self.particulars):
            self.pages.addWidget(page)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(L, M, L, 0)
        column.setSpacing(M)
        below = QVBoxLayout()
        below.setSpacing(XS)
        below.addWidget(self.tabs)
        below.addWidget(self.pages, 1)
        column.addWidget(self.header)
        column.addWidget(self.blacklisted)
        column.addWidget(self.held)
        column.addWidget(self.figures)
        column.addLayout(acts)
        column.addLayout(below, 1)
        around = QVBoxLayout(self)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(self._faces)
        self._faces.addWidget(self.nobody)
        self._faces.addWidget(self._body)


def _button(desk: Desk, act: Act) -> KeyButton:
    look = ACTS[act]
    kind = Kind.PRIMARY if act is Act.SALE else Kind.PLAIN
    return KeyButton(desk.say(look.words), key=look.key, icon=look.icon, kind=kind)


def _single_shot(view: CardView, pause_ms: int, slot: object) -> QTimer:
    timer = QTimer(view)
    timer.setSingleShot(True)
    timer.setInterval(pause_ms)
    timer.timeout.connect(slot)
    return timer
