"""One item of the inbox in full: what happened, what was meant, the server's own words, what is known, what to do."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.services.inbox import FoundItem
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import M, S, Tone, Type
from posapp.ui.views.inbox.evidence import known
from posapp.ui.views.inbox.wording import counting, decided, headline, look_of, meant
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.dialog_frame import column, head
from posapp.ui.widgets.labels import IconLabel, Label, hairline, plain_tip
from posapp.ui.widgets.pairs import Pairs, PairsSection, Quote
from posapp.ui.wording import moment_said

_HALF = 276
"""Room of one of two buttons in a row, at the smallest window."""


class InboxDetail(QFrame):
    """Shows one item.

    Signals:
        customer_chosen: Somebody wants to see its customer.
        offer_chosen: Somebody wants to settle it: the item, and the `Offer`.
    """

    customer_chosen = Signal(str)
    offer_chosen = Signal(object, object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._say = desk.say
        self._found: FoundItem | None = None
        self.setProperty("panel", "true")
        self._icon = IconLabel("inbox", Tone.BAD, 28)
        self._title = Label("", Type.TITLE, wraps=True)
        self._since = Label("", Type.BODY, Tone.MUTED)
        self._page = QWidget()
        self._page.setProperty("scrolled", "true")
        self._parts = QVBoxLayout(self._page)
        self._parts.setContentsMargins(0, 0, S, 0)
        self._parts.setSpacing(M)
        self.open_button = KeyButton(self._say(N_("Open the customer")), key="Enter", icon="user", kind=Kind.QUIET)
        self.open_button.clicked.connect(self._on_open_clicked)
        self._offers = QGridLayout()
        self._offers.setSpacing(S)
        for half in range(2):
            self._offers.setColumnStretch(half, 1)
        self._offered = QWidget()
        self._lay_out()

    def words(self) -> str:
        """Return everything it says."""
        return "\n".join(label.text() for label in self.findChildren(Label) if label.text())

    def show_item(self, found: FoundItem) -> None:
        """Show an item; one that is shown as it is already keeps the focus on its buttons."""
        if found == self._found:
            return
        self._found = found
        say, item, currency = self._say, found.item, self._desk.shop().currency
        look = look_of(item.kind)
        self._icon.set_icon(look.icon, Tone.MUTED if item.resolved_at else look.tone)
        self._title.setText(say(look.title))
        moment = moment_said(say, item.opened_at, self._desk.till.clock.now(), self._desk.shop())
        self._since.setText(say(N_("since {moment}"), moment=moment))
        empty(self._parts)
        what = " ".join(part for part in (say(look.text), counting(say, found)) if part)
        self._parts.addWidget(Label(what, wraps=True))
        named = found.customer is not None and "profile" not in found.person  # a new one's name is among what was typed
        who = ((say(N_("Customer")), found.customer.profile.name),) if found.customer and named else ()
        act = headline(say, found, currency)
        self._add_section(act or say(N_("About")), (*who, *meant(say, found, currency)))
        if item.server_said:
            self._parts.addWidget(Quote(say(N_("The server's own words")), item.server_said))
        self._add_section(say(N_("What is known")), known(say, found, self._desk.shop()))
        self._add_section(self._say(N_("What was decided")), decided(say, found, self._desk.shop()))
        self._show_offers(found)
        self._parts.addStretch()
        self.open_button.setVisible(found.customer is not None)

    def _add_section(self, title: str, pairs: Pairs) -> None:
        if pairs:
            self._parts.addWidget(PairsSection(title, pairs))

    def _show_offers(self, found: FoundItem) -> None:
        """Put a button for each choice, the safest first and as the one to press; Alt and its number presses it."""
        empty(self._offers)
        column = row = 0
        for number, offer in enumerate(found.offers, 1):
            kind = Kind.PRIMARY if number == 1 else Kind.PLAIN
            button = KeyButton(self._say(offer.label), key=f"Alt+{number}", kind=kind, binds=True)
            button.setToolTip(plain_tip(self._say(offer.effect)))
            button.clicked.connect(partial(self.offer_chosen.emit, found, offer))
            wide = button.sizeHint().width() > _HALF
            row, column = (row + 1, 0) if column and wide else (row, column)
            self._offers.addWidget(button, row, column, 1, 2 if wide else 1)
            row, column = (row + 1, 0) if column or wide else (row, 1)
        self._offered.setVisible(bool(found.offers))

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._found is not None and self._found.customer is not None:
            self.customer_chosen.emit(self._found.customer.id)

    def _lay_out(self) -> None:
        room = QScrollArea()
        room.setWidgetResizable(True)
        room.setFrameShape(QFrame.Shape.NoFrame)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room.setWidget(self._page)
        choices = QVBoxLayout(self._offered)
        choices.setContentsMargins(0, 0, 0, 0)
        choices.setSpacing(S)
        choices.addWidget(hairline())
        choices.addWidget(Label(self._say(N_("What you can do")), Type.STRONG))
        choices.addLayout(self._offers)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.open_button)
        whole = column(self)
        whole.addLayout(head(self._icon, self._title, self._since))
        whole.addWidget(hairline())
        whole.addWidget(room, 1)
        whole.addWidget(self._offered)
        whole.addLayout(foot)


def empty(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (part := layout.takeAt(0)) is not None:
        if (widget := part.widget()) is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()
