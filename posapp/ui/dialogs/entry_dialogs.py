"""The khata acts beside sale and payment: on account, opening, return, advance given back, the rest forgiven."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.ledger import Direction
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.domain.policy import DueBeforeCharge, OverCreditLimit
from posapp.services.khata import EntryForm, EntryPreview
from posapp.services.lookup import Card
from posapp.services.till import Recorded
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.entry_dialog import EntryDialog
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.choices import Choice, Choices
from posapp.ui.widgets.day_edit import DayEdit
from posapp.ui.widgets.fields import Field
from posapp.ui.wording import short_day_said

_OWES, _ADVANCE = "owes", "advance"
_HEIGHT = 416
"""Of a form that asks for more than amount and note."""


class ChargeDialog(EntryDialog):
    """Something goes on account without a bill; by a day that may be agreed."""

    kind = OperationKind.CHARGE
    saved = N_("{amount} put on account")

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        """Open an empty charge."""
        title, action = desk.say(N_("On account")), desk.say(N_("Put on account"))
        super().__init__(desk, card, act=Act.CHARGE, title=title, action=action, parent=parent)

    def add_more(self) -> None:
        """Ask by when it is to be paid."""
        shop = self.desk.shop()
        days = shop.terms_days
        empty = self.say.plural(N_("{count} day from now"), N_("{count} days from now"), days)
        today = shop.day_of(self.desk.till.clock.now())
        self.due = DayEdit(today, empty=empty if days else self.say(N_("Today")))
        self.reserve(0, _HEIGHT)
        hint = self.say(N_("Where another day was agreed: 12, 12/3, or +7"))
        self.due_field = self.add_field(self.say(N_("To be paid by")), self.due, hint=hint)

    def form_of(self, amount: Money) -> EntryForm:
        """Return what was typed."""
        return replace(super().form_of(amount), due_on=self.due.day())

    def show_preview(self, preview: EntryPreview | None) -> None:
        """Show the khata, and the day as it was understood."""
        super().show_preview(preview)
        day = self.due.day()
        if preview is not None:
            understood = "" if day is None else short_day_said(day, self.due.today)
            self.due_field.set_hint(understood and self.say(N_("by {day}"), day=understood))

    def field_of(self, error: PosError) -> Field | None:
        """Return the field that an error is about."""
        return self.due_field if isinstance(error, DueBeforeCharge) else super().field_of(error)

    def within_limit(self, error: PosError) -> KeyButton | None:
        """Offer to charge only so much as the limit allows."""
        left = self.money_of(error, "left")
        if not isinstance(error, OverCreditLimit) or not left:
            return None
        words = self.say(N_("Only {amount}"), amount=left)
        return self.offer("F2", words, partial(self.amount.set_amount, left), "arrow-down-left")


class OpeningDialog(EntryDialog):
    """What a khata begins with."""

    kind = OperationKind.OPENING
    saved = N_("Opening balance saved: owes {amount}")
    saved_ahead = N_("Opening balance saved: paid {amount} ahead")

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        """Open an empty form."""
        title, action = desk.say(N_("Opening balance")), desk.say(N_("Record opening balance"))
        super().__init__(desk, card, act=Act.OPENING, title=title, action=action, parent=parent)

    def add_more(self) -> None:
        """Ask which way it goes and since when."""
        choices = (
            Choice(_OWES, self.say(N_("Owes the shop")), "F5", "arrow-down-left"),
            Choice(_ADVANCE, self.say(N_("Paid ahead")), "F6", "arrow-up-right"),
        )
        self.reserve(0, _HEIGHT)
        self.way = Choices(choices, _OWES)
        self.way.changed.connect(self.edited)
        self.add_field(self.say(N_("Which way")), self.way)
        today = self.desk.shop().day_of(self.desk.till.clock.now())
        self.day = DayEdit(today, empty=self.say(N_("Today")))
        self.add_field(self.say(N_("Since")), self.day, hint=self.say(N_("An older debt counts as old from this day")))

    def form_of(self, amount: Money) -> EntryForm:
        """Return what was typed; an advance is negative there."""
        signed = amount if self.way.value() == _OWES else -amount
        return replace(super().form_of(signed), on=self.day.day())

    def sentence(self, result: Recorded) -> str:
        """Return what the window says, by the way the balance goes."""
        return self.saved if result.operation.intent["direction"] == Direction.DEBIT.value else self.saved_ahead


class ReturnDialog(EntryDialog):
    """Goods come back."""

    kind = OperationKind.RETURN
    saved = N_("Return of {amount} saved")

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        """Open an empty form."""
        title, action = desk.say(N_("Goods returned")), desk.say(N_("Record return"))
        super().__init__(desk, card, act=Act.RETURN, title=title, action=action, parent=parent)


class PayoutDialog(EntryDialog):
    """An advance, or a part of it, is given back."""

    kind = OperationKind.PAYOUT
    saved = N_("{amount} of the advance given back")

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        """Open an empty form; one key gives all of it back."""
        title, action = desk.say(N_("Give advance back")), desk.say(N_("Record money given back"))
        balance = card.standing.balance
        most = balance if balance is not None and balance.minor > 0 else None
        super().__init__(desk, card, act=Act.PAYOUT, title=title, action=action, most=most, parent=parent)


class SettlementDialog(EntryDialog):
    """The last of a debt is forgiven."""

    kind = OperationKind.SETTLEMENT
    saved = N_("{amount} forgiven")

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        """Open an empty form; one key forgives all of it."""
        title, action = desk.say(N_("Forgive the rest")), desk.say(N_("Forgive"))
        balance = card.standing.balance
        most = -balance if balance is not None and balance.minor < 0 else None
        super().__init__(desk, card, act=Act.SETTLEMENT, title=title, action=action, most=most, parent=parent)
