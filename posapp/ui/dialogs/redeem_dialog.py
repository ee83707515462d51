"""Points taken off without a bill of this till: what they are worth, and what is left of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.errors import DomainError, PosError
from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.loyalty import NotEnoughPoints, PointsAboveBill, PointsWorthless, WrongPoints, most_points
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.services.at_risk import give_in_doubt, redeem_at_risk
from posapp.services.lookup import Card
from posapp.services.redemptions import PointsUnknown, RedemptionPreview, RedemptionRefused, preview, redeem
from posapp.services.till import Recorded, Till
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import Told
from posapp.ui.dialogs.after_rows import NOTHING, points_row
from posapp.ui.dialogs.points_dialog import PointsDialog
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.after_panel import AfterRow
from posapp.ui.widgets.fields import AmountEdit, Field
from posapp.ui.widgets.points_edit import PointsEdit

_ABOUT_POINTS = (WrongPoints, NotEnoughPoints, PointsAboveBill, PointsWorthless, PointsUnknown, RedemptionRefused)
_HEIGHT = 464


@dataclass(frozen=True, slots=True)
class Looked:
    """What the points typed would do, or why they cannot be taken off; before any are typed, what there are."""

    redemption: RedemptionPreview | None
    refusal: PosError | None


class RedeemDialog(PointsDialog[Looked, Recorded]):
    """The points, and the bill that they go off where it is known."""

    def __init__(self, desk: Desk, card: Card, parent: QWidget | None = None) -> None:
        """Open without points."""
        say = desk.say
        super().__init__(
            desk, card, act=Act.REDEEM, title=say(N_("Redeem points")), action=say(N_("Take points off")), parent=parent
        )
        self.available = 0
        self.points = PointsEdit(large=True)
        self.all_points = self.all_button(say(N_("Use all")))
        self.all_points.setEnabled(False)
        self.all_points.clicked.connect(self._on_all_points)
        self.points_field = self.add_field(say(N_("Points to take off")), self.points, beside=self.all_points)
        self.bill = AmountEdit(self.currency)
        hint = say(N_("May stay empty; the discount is never more than the bill"))
        self.bill_field = self.add_field(say(N_("Bill")), self.bill, hint=hint)
        self.reserve(0, _HEIGHT)
        self.points.setFocus()
        self.show_preview(None)
        self.edited()

    def preview(self) -> Callable[[], Looked] | None:
        """Work out what the points give."""
        if not self.typed_right():
            return None
        return partial(_look, self.desk.till, self.customer_id, self.points.points(), self._bill(), self.approved_by)

    def refusal_in(self, preview: Looked) -> PosError | None:
        """Return why the points cannot be taken off."""
        return preview.refusal

    def show_preview(self, preview: Looked | None) -> None:
        """Show the discount and the points that are left."""
        redemption = None if preview is None else preview.redemption
        points = self.card.standing.points
        if redemption is not None:
            self.available = self._most(redemption.available)
            self.all_points.setEnabled(self.available > 0)
            self.points_field.set_hint(self.say(N_("most: {points} points"), points=f"{self.available:,}"))
        asked = self.points.points()
        if redemption is None or not asked or points is None:
            discount = AfterRow(self.say(N_("Discount")), NOTHING, "", Tone.MUTED, lead=True)
            self.after.show_rows((discount, points_row(self.say, points, points)))
            return
        discount = AfterRow(self.say(N_("Discount")), redemption.discount.text(), "", Tone.ACCENT, lead=True)
        self.after.show_rows((discount, points_row(self.say, points, points - asked, taken=asked)))

    def field_of(self, error: PosError) -> Field | None:
        """Return the field that an error is about."""
        return self.points_field if isinstance(error, _ABOUT_POINTS) else None

    def act(self) -> Callable[[], Recorded] | None:
        """Take the points off once the server agrees."""
        points = self.points.points()
        if not self.typed_right():
            return None
        if not points:
            self.set_wrong(self.points_field, WrongPoints())
            self.points.setFocus()
            return None
        known = self.in_doubt
        app, operation_id, customer_id, bill = self.desk.app, self.operation_id, self.customer_id, self._bill()
        manager = self.approved_by

        def take_off() -> Recorded:
            if not known:
                preview(app.till, customer_id, points, bill)
            return redeem(
                app.till,
                app.delivery(),
                operation_id=operation_id,
                customer_id=customer_id,
                points=points,
                sale_id=None,
                approved_by=manager,
            )

        return take_off

    def give_at_risk(self) -> Callable[[], OperationId] | None:
        """Give the discount although the server did not agree."""
        till, operation_id, bill, manager = self.desk.till, self.operation_id, self._bill(), self.approved_by
        if self.in_doubt:
            return lambda: give_in_doubt(till, operation_id, bill=bill, approved_by=manager).operation.id
        customer_id, points = self.customer_id, self.points_asked()

        def give() -> OperationId:
            return redeem_at_risk(
                till,
                operation_id=operation_id,
                customer_id=customer_id,
                points=points,
                sale_id=None,
                bill=bill,
                approved_by=manager,
            ).operation.id

        return give

    def told_at_risk(self, operation_id: OperationId) -> Told:
        """Say what discount to give, and that it is not certain."""
        words = N_("{points} points at the shop's risk: give {discount} discount")
        text = self.say(words, points=f"{self.points_asked():,}", discount=self._discount())
        return Told(text, self.customer_id, operation_id)

    def told(self, result: Recorded) -> Told:
        """Say that the points are off, and what discount to give."""
        text = self.say(
            N_("{points} points taken off: give {discount} discount"),
            points=f"{self.points_asked():,}",
            discount=self._discount(),
        )
        return Told(text, self.customer_id, result.operation.id)

    def told_in_doubt(self) -> Told:
        """Say that the till finds out by itself."""
        points = f"{self.points_asked():,}"
        text = self.say(N_("{points} points are held until the server answers: full price taken"), points=points)
        return Told(text, self.customer_id)

    def points_asked(self) -> int:
        """Return the points typed."""
        return self.points.points()

    def rows_in_doubt(self) -> tuple[AfterRow, ...]:
        """Return that no discount is given yet."""
        discount = AfterRow(self.say(N_("Discount")), self.say(N_("not yet")), "", Tone.WARN, lead=True)
        return (discount, *self.after.rows()[1:])

    def take_full_price(self) -> None:
        """Close: there is nothing to record."""
        self.reject()

    def _discount(self) -> Money:
        worth, bill = self.desk.shop().terms.worth(self.points_asked()), self._bill()
        return worth if bill is None else min(worth, bill)

    def _bill(self) -> Money | None:
        return self.bill.amount() or None

    def _most(self, available: int) -> int:
        bill = self._bill()
        return available if bill is None else min(available, most_points(bill, self.desk.shop().terms))

    def _on_all_points(self) -> None:
        self.points.set_points(self.available)
        self.points.setFocus()
        self.points.selectAll()


def _look(till: Till, customer_id: CustomerId, points: int, bill: Money | None, manager: str | None) -> Looked:
    """On a worker's thread."""
    try:
        would = preview(till, customer_id, points or 1, bill if points else None, approved_by=manager)
        return Looked(would, would.refusal)
    except DomainError as refusal:
        return Looked(None, refusal if points else None)
