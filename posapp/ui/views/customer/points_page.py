"""The points of a card: what was earned and used at this till, newest first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.domain.operation import OperationKind
from posapp.services.dto import PointsLine
from posapp.services.lookup import explain_points
from posapp.services.till import Till
from posapp.ui.acts import ACTS, Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.points_model import PointsRow, PointsTableModel, points_rows
from posapp.ui.views.customer.page import CORRECTION, NO_EFFECT, TablePage


class PointsPage(TablePage):
    """The movements of points."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, PointsTableModel(desk), desk.say(N_("Points")), parent)

    def reading(self, customer_id: CustomerId) -> Callable[[], tuple[PointsRow, ...]]:
        """Return what reads the movements and sums them up."""
        return partial(_read, self.desk.till, customer_id)

    def show_contents(self, contents: tuple[PointsRow, ...]) -> None:
        """Show the movements, or how points come about."""
        if contents:
            self.show_rows(contents)
            return
        say, terms = self.desk.say, self.desk.shop().terms
        text = say(
            N_("A sale ({sale}) earns points; {redeem} uses them. One point is worth {worth}."),
            sale=ACTS[Act.SALE].key,
            redeem=ACTS[Act.REDEEM].key,
            worth=terms.worth(1),
        )
        self.show_nothing("gift", say(N_("No points yet")), text)

    def subject(self, record: PointsRow) -> PointsLine | None:
        """Return the movement; none for what the server brought."""
        return record.line

    def reference(self, record: PointsRow) -> str:
        """Return the id of the act."""
        return "" if record.line is None else record.line.operation_id or ""

    def why_no_reversal(self, record: PointsRow) -> str:
        """Return why the movement cannot be undone."""
        line = record.line
        assert line is not None, "what was brought forward has no menu"
        if not line.counted:
            return self.desk.say(NO_EFFECT)
        return self.desk.say(CORRECTION) if line.description == OperationKind.REVERSAL else ""


def _read(till: Till, customer_id: CustomerId) -> tuple[PointsRow, ...]:
    """On the worker's thread."""
    return tuple(reversed(points_rows(explain_points(till, customer_id))))
