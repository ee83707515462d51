"""Money that a customer pays on her khata: how much, how, and which debts it pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.domain.policy import AmountNotPositive, InTheFuture
from posapp.services.allocations import PaymentPreview, preview_payment
from posapp.services.khata import EntryForm, EntryPreview, preview_entry, record_entry
from posapp.services.lookup import Card
from posapp.services.till import Recorded, Till
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import Told
from posapp.ui.dialogs.after_rows import balance_row, limit_row
from posapp.ui.dialogs.allocation_panel import AllocationPanel
from posapp.ui.dialogs.money_dialog import MoneyDialog
from posapp.ui.widgets.choices import Choice, Choices
from posapp.ui.widgets.day_edit import DayEdit
from posapp.ui.widgets.fields import AmountEdit, Field
from posapp.ui.widgets.line_edit import LineEdit
from posapp.ui.wording import short_day_said

TENDERS = (
    ("cash", N_("Cash"), "F5", "banknote"),
    ("card", N_("Card"), "F6", "credit-card"),
    ("bank", N_("Bank"), "F7", "store"),
    ("wallet", N_("Wallet"), "F8", "wallet"),
)
"""How money comes in: the value that is recorded, its words, its key and its icon."""
_HEIGHT = 488


@dataclass(frozen=True, slots=True)
class Previews:
    """What a payment would do to the khata, and which debts it pays."""

    entry: EntryPreview
    payment: PaymentPreview


class PaymentDialog(MoneyDialog[Previews, Recorded]):
    """The amount, the tender, the day, a reference and a note."""

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        """Open an empty payment."""
        say = desk.say
        super().__init__(
            desk, card, act=Act.PAYMENT, title=say(N_("Payment")), action=say(N_("Record payment")), parent=parent
        )
        balance = card.standing.balance
        self.debt = -balance if balance is not None and balance.minor < 0 else None
        self.all = self.all_button(say(N_("All: {amount}"), amount=self.debt or Money(0, self.currency)))
        self.all.setVisible(self.debt is not None)
        self.all.clicked.connect(self._on_all)
        self.amount = AmountEdit(self.currency, large=True)
        self.amount_field = self.add_field(say(N_("Amount paid")), self.amount, beside=self.all)
        self.tender = Choices([Choice(value, say(words), key, icon) for value, words, key, icon in TENDERS], "cash")
        self.add_field(say(N_("How")), self.tender)
        row = self.add_row()
        self.day = DayEdit(desk.shop().day_of(desk.till.clock.now()), empty=say(N_("Today")))
        self.day_field = self.add_field(say(N_("Day")), self.day, into=row)
        self.reference = LineEdit()
        self.reference.setMaxLength(60)
        self.add_field(say(N_("Reference")), self.reference, hint=say(N_("May stay empty")), into=row)
        self.note = LineEdit()
        self.note.setMaxLength(200)
        self.add_field(say(N_("Note")), self.note, hint=say(N_("Stands on the statement")))
        self.allocation = AllocationPanel(say, self.day.today)
        self.side.addWidget(self.allocation)
        self.reserve(0, _HEIGHT)
        self.amount.setFocus()
        self.show_preview(None)

    def preview(self) -> Callable[[], Previews] | None:
        """Work out what the payment would do."""
        form = self._form()
        return partial(_previews, self.desk.till, form) if self.typed_right() and form and form.amount else None

    def refusal_in(self, preview: Previews) -> PosError | None:
        """Return the rule that would refuse the payment."""
        return preview.entry.refusal

    def show_preview(self, preview: Previews | None) -> None:
        """Show the khata as it would be, and the debts that are paid."""
        now = self.card.standing.balance
        if preview is None:
            self.after.show_rows((balance_row(self.say, now, now), limit_row(self.say, self.card.limit, now)))
            self.allocation.show_allocation(None, unknown=now is None)
            return
        entry = preview.entry
        self.after.show_rows(
            (
                balance_row(self.say, entry.before.balance, entry.after_balance),
                limit_row(self.say, entry.limit, entry.after_balance),
            )
        )
        self.allocation.show_allocation(preview.payment.allocation, unknown=entry.before.balance is None)
        self._show_day()

    def field_of(self, error: PosError) -> Field | None:
        """Return the field that an error is about."""
        if isinstance(error, AmountNotPositive):
            return self.amount_field
        return self.day_field if isinstance(error, InTheFuture) else None

    def act(self) -> Callable[[], Recorded] | None:
        """Record the payment."""
        form = self._form()
        if not self.typed_right(needs=self.amount_field) or form is None:
            return None
        return partial(record_entry, self.desk.till, form)

    def told(self, result: Recorded) -> Told:
        """Say that the payment stands."""
        amount = Money(int(str(result.operation.intent["amount"])), self.currency)
        return Told(self.say(N_("Payment of {amount} saved"), amount=amount), self.customer_id, result.operation.id)

    def _form(self) -> EntryForm | None:
        amount = self.amount.amount()
        if amount is None:
            return None
        return EntryForm(
            operation_id=self.operation_id,
            customer_id=self.customer_id,
            kind=OperationKind.PAYMENT,
            amount=amount,
            on=self.day.day(),
            tender=self.tender.value(),
            reference=self.reference.text().strip() or None,
            note=self.note.text().strip() or None,
            confirmed=self.confirmed,
        )

    def _show_day(self) -> None:
        day = self.day.day()
        backdated = day is not None and day < self.day.today
        self.day_field.set_hint(
            self.say(N_("Counts from {day}"), day=short_day_said(day, self.day.today)) if day and backdated else ""
        )

    def _on_all(self) -> None:
        self.amount.set_amount(self.debt)
        self.amount.setFocus()
        self.amount.selectAll()


def _previews(till: Till, form: EntryForm) -> Previews:
    """On a worker's thread."""
    return Previews(preview_entry(till, form), preview_payment(till, form.customer_id, form.amount))
