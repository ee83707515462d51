"""One item of the inbox in full: what happened, what was meant, the server's own words, what is known, what to do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.services.inbox import FoundItem
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import XL, XS, L, M, S, Tone, Type
from posapp.ui.views.inbox.wording import Pairs, counting, headline, known, look_of, meant
from posapp.ui.widgets.buttons import KeyButton, Kind
from posapp.ui.widgets.labels import IconLabel, Label, hairline
from posapp.ui.wording import moment_said

_NAMES_WIDTH = 168


class InboxDetail(QFrame):
    """Shows one item.

    Signals:
        customer_chosen: Somebody wants to see its customer.
    """

    customer_chosen = Signal(str)

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
        self.open_button = KeyButton(self._say(N_("Open the customer")), key="Enter", icon="user", kind=Kind.PRIMARY)
        self.open_button.clicked.connect(self._on_open_clicked)
        self._lay_out()

    def words(self) -> str:
        """Return everything it says."""
        return "\n".join(label.text() for label in self.findChildren(Label) if label.text())

    def show_item(self, found: FoundItem) -> None:
        """Show an item."""
        self._found = found
        say, item, currency = self._say, found.item, self._desk.shop().currency
        look = look_of(item.kind)
        self._icon.set_icon(look.icon, Tone.BAD)
        self._title.setText(say(look.title))
        moment = moment_said(say, item.opened_at, self._desk.till.clock.now(), self._desk.shop())
        self._since.setText(say(N_("since {moment}"), moment=moment))
        self._empty()
        what = " ".join(part for part in (say(look.text), counting(say, found)) if part)
        self._parts.addWidget(Label(what, wraps=True))
        named = found.customer is not None and "profile" not in found.person  # a new one's name is among what was typed
        who = ((say(N_("Customer")), found.customer.profile.name),) if found.customer and named else ()
        act = headline(say, found, currency)
        self._add_section(act or say(N_("About")), (*who, *meant(say, found, currency)))
        if item.server_said:
            self._add_quote(item.server_said)
        self._add_section(say(N_("What is known")), known(say, found, currency))
        self._add_advice(found)
        self._parts.addStretch()
        self.open_button.setVisible(found.customer is not None)

    def _empty(self) -> None:
        while (part := self._parts.takeAt(0)) is not None:
            if (widget := part.widget()) is not None:
                widget.hide()
                widget.setParent(None)
                widget.deleteLater()

    def _add_section(self, title: str, pairs: Pairs) -> None:
        if not pairs:
            return
        section = QWidget()
        grid = QGridLayout(section)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(L)
        grid.setVerticalSpacing(XS)
        grid.setColumnMinimumWidth(0, _NAMES_WIDTH)
        grid.setColumnStretch(1, 1)
        grid.addWidget(Label(title, Type.STRONG), 0, 0, 1, 2)
        top = Qt.AlignmentFlag.AlignTop
        for row, (name, value) in enumerate(pairs, 1):
            shown = Label(value, wraps=True)
            shown.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
            shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(Label(name, Type.BODY, Tone.MUTED), row, 0, top)
            grid.addWidget(shown, row, 1)
        self._parts.addWidget(section)

    def _add_quote(self, words: str) -> None:
        """Quote the server: its words are not ours, and never read as anything but text."""
        quote = QFrame()
        quote.setProperty("soft", Tone.NORMAL.value)
        column = QVBoxLayout(quote)
        column.setContentsMargins(M, S, M, S)
        column.setSpacing(XS)
        column.addWidget(Label(self._say(N_("The server's own words")), Type.CAPTION, Tone.MUTED))
        text = Label(f"“{words}”", wraps=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(text)
        self._parts.addWidget(quote)

    def _add_advice(self, found: FoundItem) -> None:
        say = self._say
        advice = say(N_("Look at the server whether it is there, and keep this item until you know."))
        if found.customer is not None:
            advice = say(N_("Open the customer to see every figure that this touches, and compare it with the server."))
        section = QWidget()
        column = QVBoxLayout(section)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(XS)
        column.addWidget(Label(say(N_("What you can do")), Type.STRONG))
        column.addWidget(Label(advice, wraps=True))
        self._parts.addWidget(section)

    @Slot()
    def _on_open_clicked(self) -> None:
        if self._found is not None and self._found.customer is not None:
            self.customer_chosen.emit(self._found.customer.id)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._since)
        head = QHBoxLayout()
        head.setSpacing(M)
        head.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addLayout(words, 1)
        room = QScrollArea()
        room.setWidgetResizable(True)
        room.setFrameShape(QFrame.Shape.NoFrame)
        room.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        room.setWidget(self._page)
        foot = QHBoxLayout()
        foot.addStretch()
        foot.addWidget(self.open_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(XL, XL, XL, L)
        column.setSpacing(L)
        column.addLayout(head)
        column.addWidget(hairline())
        column.addWidget(room, 1)
        column.addLayout(foot)
