"""A sale: the bill, points off, a part on account; what is to be taken now is worked out while one types."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.ids import OperationId, new_uuid
from posapp.domain.loyalty import NotEnoughPoints, PointsAboveBill, PointsWorthless, WrongPoints
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.policy import AmountNotPositive, BalanceUnknown, KhataHeld, OnAccountAboveBill
from posapp.services.at_risk import give_in_doubt
from posapp.services.lookup import Card
from posapp.services.redemptions import PointsUnknown, RedemptionRefused
from posapp.services.sales import SaleForm, SalePreview, SaleResult, preview_sale, record_sale
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import Told
from posapp.ui.dialogs.after_rows import NOTHING, balance_row, limit_row, points_row
from posapp.ui.dialogs.points_dialog import PointsDialog
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.after_panel import AfterRow
from posapp.ui.widgets.buttons import KeyButton
from posapp.ui.widgets.fields import AmountEdit, Field
from posapp.ui.widgets.line_edit import LineEdit
from posapp.ui.widgets.points_edit import PointsEdit

_ABOUT_POINTS = (WrongPoints, NotEnoughPoints, PointsAboveBill, PointsWorthless, PointsUnknown, RedemptionRefused)
_HEIGHT = 528


class SaleDialog(PointsDialog[SalePreview, SaleResult]):
    """The bill, points to take off, the part on account, the receipt."""

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        """Open an empty bill."""
        say = desk.say
        super().__init__(desk, card, act=Act.SALE, title=say(N_("Sale")), action=say(N_("Record sale")), parent=parent)
        self.bill = AmountEdit(self.currency, large=True)
        self.bill_field = self.add_field(say(N_("Bill")), self.bill)
        self.points = PointsEdit()
        self.usable = 0
        self.all_points = self.all_button(say(N_("Use all")))
        self.all_points.setEnabled(False)
        self.all_points.clicked.connect(self._on_all_points)
        self.points_field = self.add_field(say(N_("Points to take off")), self.points, beside=self.all_points)
        row = self.add_row()
        self.on_account = AmountEdit(self.currency)
        self.account_field = self.add_field(say(N_("Put on account")), self.on_account, into=row)
        self.receipt = LineEdit()
        self.receipt.setMaxLength(40)
        self.add_field(say(N_("Receipt number")), self.receipt, hint=say(N_("May stay empty")), into=row)
        self.reserve(0, _HEIGHT)
        self.bill.setFocus()
        self.show_preview(None)

    def preview(self) -> Callable[[], SalePreview] | None:
        """Work out what the bill would do."""
        form = self._form()
        return partial(preview_sale, self.desk.till, form) if self.typed_right() and form and form.total else None

    def refusal_in(self, preview: SalePreview) -> PosError | None:
        """Return the rule that would refuse the bill."""
        return preview.refusal

    def show_preview(self, preview: SalePreview | None) -> None:
        """Show the numbers as they would be."""
        if preview is None or preview.sale.total.minor < 0 or preview.sale.on_account.minor < 0:
            self._show_usable(None)
            self.after.show_rows(self._rows_before())
            return
        self._show_usable(preview.usable_points)
        sale = preview.sale
        self.points_field.set_hint(self._points_hint(sale.discount))
        self.after.show_rows(self._rows(preview))

    def field_of(self, error: PosError) -> Field | None:
        """Return the field that an error is about."""
        if isinstance(error, _ABOUT_POINTS):
            return self.points_field
        if isinstance(error, OnAccountAboveBill):
            return self.account_field
        if isinstance(error, AmountNotPositive):
            amount = self.on_account.amount()
            return self.account_field if amount is not None and amount.minor < 0 else self.bill_field
        return None

    def act(self) -> Callable[[], SaleResult] | None:
        """Record the sale; one with points asks the server first."""
        form = self._form()
        if not self.typed_right(needs=self.bill_field) or form is None:
            return None
        app, till = self.desk.app, self.desk.till
        return lambda: record_sale(till, app.delivery() if form.points else None, form)

    def give_at_risk(self) -> Callable[[], OperationId] | None:
        """Record the sale with its discount although the server did not agree."""
        till, operation_id, manager, form = self.desk.till, self.operation_id, self.approved_by, self._form()
        if self.in_doubt:
            return lambda: give_in_doubt(till, operation_id, approved_by=manager).operation.id
        if form is None:
            return None
        at_risk = replace(form, at_risk=True)
        return lambda: record_sale(till, None, at_risk).sale.id

    def told_at_risk(self, operation_id: OperationId) -> Told:
        """Say that the sale stands, and that its points are not certain."""
        words = N_("Sale of {total} saved; its {points} points are at the shop's risk")
        total = self.bill.amount() or Money(0, self.currency)
        return Told(self.say(words, total=total, points=f"{self.points_asked():,}"), self.customer_id, operation_id)

    def told(self, result: SaleResult) -> Told:
        """Say that the sale stands."""
        text = self.say(N_("Sale of {total} saved"), total=result.sale.total)
        return Told(text, self.customer_id, result.sale.id)

    def told_in_doubt(self) -> Told:
        """Say that the sale waits for the server's word on the points."""
        text = self.say(N_("The sale waits for the server's word on the points: full price taken"))
        return Told(text, self.customer_id)

    def points_asked(self) -> int:
        """Return the points typed."""
        return self.points.points()

    def rows_in_doubt(self) -> tuple[AfterRow, ...]:
        """Return the full price: the discount is not given yet."""
        full = (self.bill.amount() or Money(0, self.currency)) - (self.on_account.amount() or Money(0, self.currency))
        return (
            AfterRow(self.say(N_("To take now")), full.text(), "", Tone.ACCENT, lead=True),
            AfterRow(self.say(N_("Discount")), self.say(N_("not yet")), "", Tone.WARN),
            *self.after.rows()[2:],
        )

    def take_full_price(self) -> None:
        """Record the same bill without points, as an act of its own."""
        self.operation_id = OperationId(new_uuid())
        confirmed, approved_by = self.confirmed, self.approved_by
        self.points.set_points(0)
        self.confirmed, self.approved_by = confirmed, approved_by
        self.confirm()

    def within_limit(self, error: PosError) -> KeyButton | None:
        """Offer to put only so much on account as the limit allows."""
        if isinstance(error, BalanceUnknown | KhataHeld):
            return self.offer("F2", self.say(N_("Take all of it now")), self._on_take_all, "banknote")
        take = self.money_of(error, "take_now")
        fits = partial(self._lower, self.money_of(error, "left"))
        return self.offer("F2", self.say(N_("Take {amount} now"), amount=take), fits, "banknote")

    def _form(self) -> SaleForm | None:
        total = self.bill.amount()
        if total is None:
            return None
        return SaleForm(
            operation_id=self.operation_id,
            customer_id=self.customer_id,
            total=total,
            on_account=self.on_account.amount() or Money(0, self.currency),
            points=self.points.points(),
            receipt_number=self.receipt.text().strip() or None,
            confirmed=self.confirmed,
            approved_by=self.approved_by,
        )

    def _rows_before(self) -> tuple[AfterRow, ...]:
        standing = self.card.standing
        return (
            AfterRow(self.say(N_("To take now")), NOTHING, "", Tone.MUTED, lead=True),
            AfterRow(self.say(N_("Discount")), NOTHING, "", Tone.MUTED),
            AfterRow(self.say(N_("On account")), NOTHING, "", Tone.MUTED),
            balance_row(self.say, standing.balance, standing.balance),
            points_row(self.say, standing.points, standing.points),
            limit_row(self.say, self.card.limit, standing.balance),
        )

    def _rows(self, preview: SalePreview) -> tuple[AfterRow, ...]:
        sale, standing = preview.sale, preview.standing
        points = None if standing.points is None else standing.points + sale.points_earned - sale.points_redeemed
        paid = max(sale.paid, Money(0, self.currency))
        return (
            AfterRow(self.say(N_("To take now")), paid.text(), "", Tone.ACCENT, lead=True),
            AfterRow(self.say(N_("Discount")), sale.discount.text(), "", Tone.GOOD if sale.discount else Tone.NORMAL),
            AfterRow(self.say(N_("On account")), sale.on_account.text()),
            balance_row(self.say, standing.balance, preview.after_balance),
            points_row(self.say, standing.points, points, earned=sale.points_earned, taken=sale.points_redeemed),
            limit_row(self.say, preview.limit, preview.after_balance),
        )

    def _show_usable(self, usable: int | None) -> None:
        self.usable = usable or 0
        self.all_points.setEnabled(self.usable > 0)

    def _points_hint(self, discount: Money) -> str:
        most = f"{self.usable:,}"
        if discount:
            return self.say(N_("{discount} off · most: {points} points"), discount=discount, points=most)
        return self.say(N_("most: {points} points"), points=most) if self.usable else ""

    def _on_all_points(self) -> None:
        self.points.set_points(self.usable)
        self.points.setFocus()
        self.points.selectAll()

    def _lower(self, left: Money) -> None:
        self.on_account.set_amount(left or None)
        self.on_account.setFocus()
        self.on_account.selectAll()

    def _on_take_all(self) -> None:
        self._lower(Money(0, self.currency))
