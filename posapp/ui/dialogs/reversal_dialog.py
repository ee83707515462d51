"""Undoing an act by a new one, with a reason; what was recorded stays."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.errors import PosError
from posapp.domain.messages import N_
from posapp.domain.words import KIND_WORDS
from posapp.services.dto import KhataLine, PointsLine, SaleRecord
from posapp.services.lookup import Card
from posapp.services.reversals import ReasonMissing, ReversalPreview, preview_reversal, reverse
from posapp.services.till import Recorded
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import Told
from posapp.ui.dialogs.after_rows import balance_row, points_row
from posapp.ui.dialogs.money_dialog import MoneyDialog
from posapp.ui.theme.tokens import Tone
from posapp.ui.widgets.after_panel import AfterPanel, AfterRow
from posapp.ui.widgets.choices import Choice, Choices
from posapp.ui.widgets.fields import Field
from posapp.ui.widgets.line_edit import LineEdit
from posapp.ui.wording import short_day_said

REASONS = (
    ("typing", N_("Typed wrong"), "F5"),
    ("customer", N_("Wrong customer"), "F6"),
    ("goods", N_("Goods came back"), "F7"),
    ("mind", N_("Changed mind"), "F8"),
)
"""Reasons that one key gives."""
_HEIGHT = 432
_LONGEST = 28


class ReversalDialog(MoneyDialog[ReversalPreview, Recorded]):
    """What is undone, why, and the numbers after it."""

    def __init__(
        self, desk: Desk, card: Card, line: KhataLine | SaleRecord | PointsLine, parent: QWidget | None = None
    ) -> None:
        """Open without a reason.

        Args:
            desk: The till.
            card: Whose act.
            line: The line, bill or movement that is undone.
            parent: The window.
        """
        say = desk.say
        super().__init__(desk, card, act=Act.RETURN, title=say(N_("Undo")), action=say(N_("Undo it")), parent=parent)
        self.target = target_of(line)
        self.undone = AfterPanel(say(N_("This is undone")))
        self.form.addWidget(self.undone)
        choices = [Choice(value, say(words), key) for value, words, key in REASONS]
        self.reasons = Choices(choices, None, columns=2)
        self.reasons.changed.connect(self._on_reason_changed)
        self.add_field(say(N_("Why")), self.reasons)
        self.words = LineEdit()
        self.words.setMaxLength(200)
        self.reason_field = self.add_field(say(N_("Or in your own words")), self.words)
        self.reserve(0, _HEIGHT)
        self.reasons.setFocus()
        self.show_preview(None)
        self.edited()

    def preview(self) -> Callable[[], ReversalPreview] | None:
        """Look what the act was, and what undoing it does."""
        return partial(preview_reversal, self.desk.till, self.target)

    def refusal_in(self, preview: ReversalPreview) -> PosError | None:
        """Return the rule that would refuse it."""
        return preview.refusal

    def show_preview(self, preview: ReversalPreview | None) -> None:
        """Show what is undone, and the numbers after it."""
        standing = self.card.standing
        if preview is None:
            now = balance_row(self.say, standing.balance, standing.balance)
            self.after.show_rows((now, points_row(self.say, standing.points, standing.points)))
            return
        self.undone.show_rows(self._undone(preview))
        standing, points = preview.standing, preview.standing.points
        back = None if points is None else points + preview.points
        self.after.show_rows(
            (balance_row(self.say, standing.balance, preview.after_balance), points_row(self.say, points, back))
        )

    def field_of(self, error: PosError) -> Field | None:
        """Return the field that an error is about."""
        return self.reason_field if isinstance(error, ReasonMissing) else None

    def act(self) -> Callable[[], Recorded] | None:
        """Record the reversal."""
        reason = self.words.text().strip() or self.reasons.words()
        return partial(
            reverse,
            self.desk.till,
            operation_id=self.operation_id,
            entry_or_operation=self.target,
            reason=reason,
        )

    def told(self, result: Recorded) -> Told:
        """Say that it is undone."""
        kind = self.say(KIND_WORDS[str(result.operation.intent["of_kind"])])
        return Told(self.say(N_("Undone: {what}"), what=kind), self.customer_id, result.operation.id)

    def _undone(self, preview: ReversalPreview) -> tuple[AfterRow, ...]:
        shop, operation = self.desk.shop(), preview.operation
        day = short_day_said(shop.day_of(operation.occurred_at), shop.day_of(self.desk.till.clock.now()))
        what, sale, entry = self.say(KIND_WORDS[operation.kind.value]), preview.sale, preview.entry
        amount = sale.total.text() if sale else entry.amount.text() if entry else ""
        rows = [AfterRow(self.say(N_("{day} · {what}"), day=day, what=what), amount, strong=True)]
        if sale is not None and sale.on_account:
            rows.append(AfterRow(self.say(N_("On account")), sale.on_account.text()))
        if preview.points:
            words = N_("Points given back") if preview.points > 0 else N_("Points taken back")
            rows.append(AfterRow(self.say(words), f"{abs(preview.points):,}"))
        reference = sale.receipt_number if sale else entry.description if entry else ""
        if reference:
            rows.append(AfterRow(self.say(N_("Reference")), reference[:_LONGEST], "", Tone.MUTED))
        return tuple(rows)

    def _on_reason_changed(self) -> None:
        self.reason_field.set_wrong("")


def target_of(line: KhataLine | SaleRecord | PointsLine) -> str:
    """Return the id of the act behind a line; of the line itself where it was written elsewhere."""
    if isinstance(line, SaleRecord):
        return line.id
    if line.operation_id is not None:
        return line.operation_id
    return line.entry_id if isinstance(line, KhataLine) else ""
