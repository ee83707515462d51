"""Who may be the customer whose particulars are being typed: a warning while there is still time (no doubles)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.locale.translator import Translator
from posapp.services.ports.search import FoundCustomer, MatchKind
from posapp.ui.theme.tokens import XS, M, S, Tone, Type
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.labels import ElidedLabel, IconLabel, Label, restyled
from posapp.ui.wording import balance_said

MOST_SHOWN = 2
_KEYS = ("Alt+1", "Alt+2")


class AlikePanel(QWidget):
    """Shows customers who have the same phone, e-mail or name, each with a way to her card.

    Signals:
        chosen: The id of the customer whose card is wanted instead.
    """

    chosen = Signal(str)

    def __init__(self, say: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._say = say
        self._shown: tuple[FoundCustomer, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(S)
        self.hide()

    def show_alike(self, found: Sequence[FoundCustomer]) -> None:
        """Show who is alike; nobody hides the panel."""
        shown = tuple(found)[:MOST_SHOWN]
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for one, key in zip(shown, _KEYS, strict=False):
            self._column.addWidget(self._card(one, key))
        self.setVisible(bool(shown))

    def shown(self) -> tuple[FoundCustomer, ...]:
        """Return who is shown."""
        return self._shown

    def reasons(self) -> list[str]:
        """Return why each of them is shown."""
        return [self._reason(one) for one in self._shown]

    def _card(self, one: FoundCustomer, key: str) -> QWidget:
        card = QWidget()
        card.setObjectName("alike")
        tone = Tone.WARN if _same(one) else Tone.INFO
        card.setProperty("soft", tone.value)
        restyled(card)
        said = balance_said(self._say, one.standing.balance)
        reason = Label(self._reason(one), Type.STRONG, tone, wraps=True)
        icon = IconLabel("triangle-alert" if tone is Tone.WARN else "users", tone, 18)
        button = KeyButton(self._say(N_("Open the card")), key=key, icon="user-search", binds=True)
        button.clicked.connect(partial(self.chosen.emit, one.customer.id))
        column = QVBoxLayout(card)
        column.setContentsMargins(M, S, M, M)
        column.setSpacing(XS)
        head = QHBoxLayout()
        head.setSpacing(S)
        head.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(reason, 1)
        column.addLayout(head)
        profile = one.customer.profile
        for text in (profile.name, profile.phone, profile.address):
            if text:
                column.addWidget(ElidedLabel(text, Type.BODY))
        column.addWidget(Label(f"{said.caption} {said.value}", Type.CAPTION, said.tone))
        if one.blacklisted:
            column.addWidget(Label(self._say(N_("blacklisted")), Type.STRONG, Tone.BAD))
        column.addSpacing(XS)
        column.addWidget(button)
        return card

    def _reason(self, one: FoundCustomer) -> str:
        if one.matched == "phone":
            return self._say(N_("Somebody has this phone already"))
        if one.matched == "email":
            return self._say(N_("Somebody has this e-mail already"))
        if _same(one):
            return self._say(N_("Somebody of this name is a customer already"))
        return self._say(N_("A customer's name is much like this one"))


def _same(one: FoundCustomer) -> bool:
    return one.matched in {"phone", "email"} or one.kind is MatchKind.EXACT
