"""A khata act that is one line: an amount, a note, and what it does to the balance."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.domain.policy import AmountNotPositive, PayoutAboveAdvance, SettlementAboveDebt
from posapp.services.khata import EntryForm, EntryPreview, preview_entry, record_entry
from posapp.services.lookup import Card
from posapp.services.till import Recorded
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import Told
from posapp.ui.dialogs.after_rows import balance_row, limit_row
from posapp.ui.dialogs.money_dialog import MoneyDialog
from posapp.ui.widgets.fields import AmountEdit, Field
from posapp.ui.widgets.line_edit import LineEdit

_ABOUT_AMOUNT = (AmountNotPositive, PayoutAboveAdvance, SettlementAboveDebt)


class EntryDialog(MoneyDialog[EntryPreview, Recorded]):
    """An amount and a note; a subclass says which act, and adds what that act needs."""

    kind: OperationKind
    saved: str
    """What the window says afterwards, with the place `{amount}`."""

    def __init__(
        self,
        desk: Desk,
        card: Card,
        *,
        act: Act,
        title: str,
        action: str,
        most: Money | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Open an empty form.

        Args:
            desk: The till.
            card: Whose khata.
            act: What is done.
            title: The same in words.
            action: On the button that records it.
            most: What one key fills in; None for no such amount.
            parent: The window.
        """
        super().__init__(desk, card, act=act, title=title, action=action, parent=parent)
        say = desk.say
        self._most = most
        self.all = self.all_button(say(N_("All: {amount}"), amount=most or Money(0, self.currency)))
        self.all.setVisible(most is not None)
        self.all.clicked.connect(self._on_all)
        self.amount = AmountEdit(self.currency, large=True)
        self.amount_field = self.add_field(say(N_("Amount")), self.amount, beside=self.all)
        self.add_more()
        self.note = LineEdit()
        self.note.setMaxLength(200)
        self.add_field(say(N_("Note")), self.note, hint=say(N_("Stands on the statement")))
        self.amount.setFocus()
        self.show_preview(None)

    def add_more(self) -> None:
        """Add fields between amount and note."""

    def form_of(self, amount: Money) -> EntryForm:
        """Return what was typed."""
        return EntryForm(
            operation_id=self.operation_id,
            customer_id=self.customer_id,
            kind=self.kind,
            amount=amount,
            note=self.note.text().strip() or None,
            confirmed=self.confirmed,
            approved_by=self.approved_by,
        )

    def preview(self) -> Callable[[], EntryPreview] | None:
        """Work out what the act would do."""
        amount = self.amount.amount()
        if not self.typed_right() or not amount:
            return None
        return partial(preview_entry, self.desk.till, self.form_of(amount))

    def refusal_in(self, preview: EntryPreview) -> PosError | None:
        """Return the rule that would refuse the act."""
        return preview.refusal

    def show_preview(self, preview: EntryPreview | None) -> None:
        """Show the khata as it would be."""
        now = self.card.standing.balance
        if preview is None:
            self.after.show_rows((balance_row(self.say, now, now), limit_row(self.say, self.card.limit, now)))
        else:
            balance = balance_row(self.say, preview.before.balance, preview.after_balance)
            self.after.show_rows((balance, limit_row(self.say, preview.limit, preview.after_balance)))

    def field_of(self, error: PosError) -> Field | None:
        """Return the field that an error is about."""
        return self.amount_field if isinstance(error, _ABOUT_AMOUNT) else None

    def act(self) -> Callable[[], Recorded] | None:
        """Record the act."""
        amount = self.amount.amount()
        if not self.typed_right(needs=self.amount_field) or amount is None:
            return None
        return partial(record_entry, self.desk.till, self.form_of(amount))

    def sentence(self, result: Recorded) -> str:  # noqa: ARG002 (for a subclass)
        """Return what the window says of a recorded act, with the place `{amount}`."""
        return self.saved

    def told(self, result: Recorded) -> Told:
        """Say that the act stands."""
        amount = Money(int(str(result.operation.intent["amount"])), self.currency)
        return Told(self.say(self.sentence(result), amount=amount), self.customer_id, result.operation.id)

    def _on_all(self) -> None:
        self.amount.set_amount(self._most)
        self.amount.setFocus()
        self.amount.selectAll()
