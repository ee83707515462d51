"""Notes in full, and everything that the shop knows of a customer beside her numbers."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.services.lookup import Card
from posapp.ui.acts import ACTS, Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import XL, XS, L, M, S, Tone, Type
from posapp.ui.widgets.labels import Label
from posapp.ui.wording import day_said

_LABEL_WIDTH = 120


class ParticularsPage(QWidget):
    """Notes at the left, particulars at the right."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        say = desk.say
        self.notes = QPlainTextEdit()
        self.notes.setReadOnly(True)
        self.notes.setTabChangesFocus(True)
        self.notes.setAccessibleName(say(N_("Notes")))
        self.notes.setPlaceholderText(say(N_("No notes. {key} adds some."), key=ACTS[Act.EDIT].key))
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(M)
        self._grid.setVerticalSpacing(S)
        self._grid.setColumnMinimumWidth(0, _LABEL_WIDTH)
        self._grid.setColumnStretch(1, 1)
        left = QVBoxLayout()
        left.setSpacing(XS)
        left.addWidget(Label(say(N_("Notes")), Type.CAPTION, Tone.MUTED))
        left.addWidget(self.notes, 1)
        inside = QWidget()
        inside.setProperty("scrolled", "true")
        right = QVBoxLayout(inside)
        right.setContentsMargins(0, 0, S, 0)
        right.addLayout(self._grid)
        right.addStretch()
        scrolled = QScrollArea()
        scrolled.setWidgetResizable(True)
        scrolled.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scrolled.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scrolled.setWidget(inside)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, S, 0, L)
        row.setSpacing(XL)
        row.addLayout(left, 1)
        row.addWidget(scrolled, 1)

    def show_card(self, card: Card) -> None:
        """Show a customer's particulars."""
        if (notes := card.customer.profile.notes or "") != self.notes.toPlainText():
            self.notes.setPlainText(notes)
        while (item := self._grid.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for place, (name, text) in enumerate(self._particulars(card)):
            value = Label(text or "–", Type.BODY, Tone.NORMAL if text else Tone.MUTED, wraps=True)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(Label(name, Type.BODY, Tone.MUTED), place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(value, place, 1)

    def _particulars(self, card: Card) -> list[tuple[str, str]]:
        say, customer, standing = self._desk.say, card.customer, card.standing
        limit = customer.credit_limit
        own_limit = say(N_("as the shop's")) if limit is None else limit.text() if limit else say(N_("no credit"))
        bought = ""
        if standing.total_spent is not None and standing.total_orders is not None:
            bought = say.plural(
                N_("{amount} in {count} bill, says the server"),
                N_("{amount} in {count} bills, says the server"),
                standing.total_orders,
                amount=standing.total_spent,
            )
        return [
            (say(N_("Address")), customer.profile.address or ""),
            (say(N_("E-mail")), customer.profile.email or ""),
            (say(N_("Tags")), ", ".join(customer.profile.tags)),
            (say(N_("Card")), customer.card_code or ""),
            (say(N_("Credit limit")), own_limit),
            (say(N_("Bought so far")), bought),
            (say(N_("Known here since")), day_said(self._desk.shop().day_of(customer.created_at))),
            (say(N_("On the server as")), card.remote_id or say(N_("not there yet"))),
        ]
