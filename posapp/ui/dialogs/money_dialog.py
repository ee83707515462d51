"""What every dialog that moves money or points shares: its customer, fields that check what is typed, the limit."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.policy import AmountNotPositive, BalanceUnknown, KhataHeld, OverCreditLimit
from posapp.services.lookup import Card
from posapp.services.trait_marks import BLACKLIST_MEANS
from posapp.services.traits import CustomerBlacklisted
from posapp.ui.acts import ACTS, Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import ActDialog
from posapp.ui.dialogs.approval_dialog import ApprovalDialog
from posapp.ui.theme.tokens import M, Tone
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.day_edit import DayEdit
from posapp.ui.widgets.fields import AmountEdit, Field
from posapp.ui.widgets.points_edit import PointsEdit

P = TypeVar("P")
R = TypeVar("R")

ALL_KEY = "F4"
"""Puts the whole debt, or all points, into the field."""
_WIDTH, _HEIGHT = 820, 352
_AS_ITSELF, _FROM_LEFT = "\u2068{}\u2069", "\u2066{}\u2069"
"""Isolates of Unicode's bidirectional algorithm (UAX 9): a name in Arabic letters would swap the halves of a phone."""


class MoneyDialog(ActDialog[P, R]):
    """An act for one customer; a subclass adds fields by `add_field` and answers as `ActDialog` asks."""

    def __init__(
        self, desk: Desk, card: Card, *, act: Act, title: str, action: str, parent: QWidget | None = None
    ) -> None:
        """Build the frame.

        Args:
            desk: The till.
            card: Whom it is about.
            act: What is done.
            title: The same in words.
            action: On the button that records it.
            parent: The window.
        """
        profile = card.customer.profile
        about = _AS_ITSELF.format(profile.name)
        if profile.phone:
            about = f"{about} · {_FROM_LEFT.format(profile.phone)}"
        super().__init__(desk, title=title, about=about, icon=ACTS[act].icon, action=action, parent=parent)
        self.card = card
        self.customer_id = card.customer.id
        self.currency = desk.shop().currency
        self.approved_by: str | None = None
        self.typed_fields: list[Field] = []
        self._checked: list[tuple[Field, AmountEdit | PointsEdit | DayEdit]] = []
        self.reserve(_WIDTH, _HEIGHT)

    def add_field(
        self,
        name: str,
        editor: QWidget,
        *,
        hint: str = "",
        beside: QWidget | None = None,
        into: QHBoxLayout | None = None,
    ) -> Field:
        """Add a field to the form, or to a row of it, and listen to it.

        Args:
            name: Above the editor.
            editor: Where one types.
            hint: Below it.
            beside: At the right of the editor.
            into: The row; None for one of its own.
        """
        field = Field(name, editor, hint=hint, beside=beside)
        self.typed_fields.append(field)
        if isinstance(editor, AmountEdit | PointsEdit | DayEdit):
            self._checked.append((field, editor))
        if isinstance(editor, QLineEdit):
            editor.textChanged.connect(self.edited)
        if into is None:
            self.form.addWidget(field)
        else:
            into.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        return field

    def add_row(self) -> QHBoxLayout:
        """Return a new row of the form, for fields side by side."""
        row = QHBoxLayout()
        row.setSpacing(M)
        self.form.addLayout(row)
        return row

    def all_button(self, words: str) -> KeyButton:
        """Return the button that fills a field with all there is."""
        return KeyButton(words, key=ALL_KEY, binds=True)

    def typed_right(self, *, needs: Field | None = None) -> bool:
        """Return whether every field holds what it can hold; one that does not says why.

        Args:
            needs: The field of an amount that must not be empty, where the act is to be recorded.
        """
        for field, editor in self._checked:
            try:
                missing = editor.checked() is None and field is needs
            except PosError as error:
                self._refuse(field, error, focus=needs is not None)
                return False
            if missing:
                self._refuse(field, AmountNotPositive(), focus=True)
                return False
        return True

    def edited(self, *_: object) -> None:
        """Note that a field changed: what a manager allowed was something else."""
        self.approved_by = None
        super().edited()

    def on_failed(self, error: PosError) -> None:
        """Offer what is possible where the limit is in the way; else as every dialog."""
        if isinstance(error, OverCreditLimit):
            title = self.say(N_("{would_owe} of {limit}: take {take_now} now"), **error.params)
            text = self.say(N_("At most {left} can go on account."), **error.params)
            self.banner.say(Tone.WARN, title, text, self._limit_offers(error))
        elif isinstance(error, CustomerBlacklisted):
            title, text = self.say.say(error.title_message), self.say(BLACKLIST_MEANS)
            self.banner.say(Tone.BAD, title, text, (self._pin_offer(),), icon="ban")
        elif isinstance(error, KhataHeld):
            self.banner.say(
                Tone.WARN, self.say.say(error.detail), self.say.say(error.next_step), self._limit_offers(error)
            )
        elif isinstance(error, BalanceUnknown):
            text = self.say(N_("Unknown is not zero: take the money now, or ask the manager."))
            self.banner.say(Tone.WARN, self.say.say(error.detail), text, self._limit_offers(error))
        else:
            super().on_failed(error)

    def within_limit(self, error: PosError) -> KeyButton | None:  # noqa: ARG002 (for a subclass)
        """Return the button that lowers the amount so that the limit holds; None where there is no such way."""
        return None

    def money_of(self, error: PosError, name: str) -> Money:
        """Return an amount that an error tells; zero where it tells none."""
        amount = error.params.get(name)
        return amount if isinstance(amount, Money) else Money(0, self.currency)

    def _limit_offers(self, error: PosError) -> tuple[KeyButton, ...]:
        pin, fits = self._pin_offer(), self.within_limit(error)
        return (pin,) if fits is None else (fits, pin)

    def _pin_offer(self) -> KeyButton:
        return self.offer("F3", self.say(N_("Manager's PIN")), self._on_manager_wanted, "key-round")

    def _on_manager_wanted(self) -> None:
        ask = ApprovalDialog(self.desk, self.banner.words().splitlines()[0], self)
        ask.approved.connect(self._on_approved)
        ask.open()

    def _on_approved(self, manager: str) -> None:
        self.approved_by = manager
        self.confirm()

    def _refuse(self, field: Field, error: PosError, *, focus: bool) -> None:
        self.set_wrong(field, error)
        if focus:
            field.editor.setFocus()
