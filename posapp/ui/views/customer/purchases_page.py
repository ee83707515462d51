"""The bills of a card, newest first."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.services.dto import LineState, SaleRecord
from posapp.services.purchases import Purchase, Purchases, purchases
from posapp.ui.acts import ACTS, Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.purchases_model import PurchasesTableModel
from posapp.ui.views.customer.page import ALREADY, NO_EFFECT, TablePage


class PurchasesPage(TablePage):
    """The bills recorded at this till."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, PurchasesTableModel(desk), desk.say(N_("Purchases")), parent)

    def reading(self, customer_id: CustomerId) -> Callable[[], Purchases]:
        """Return what reads the bills."""
        return partial(purchases, self.desk.till, customer_id)

    def show_contents(self, contents: Purchases) -> None:
        """Show the bills, or how the first one comes about."""
        if contents.bills:
            self.show_rows(contents.bills)
            return
        say = self.desk.say
        text = say(N_("{sale} rings up the first bill of this customer at this till."), sale=ACTS[Act.SALE].key)
        self.show_nothing("shopping-bag", say(N_("No purchases at this till yet")), text)

    def subject(self, record: Purchase) -> SaleRecord:
        """Return the bill."""
        return record.sale

    def reference(self, record: Purchase) -> str:
        """Return the number of the receipt, else the bill's id."""
        return record.sale.receipt_number or record.sale.id

    def why_no_reversal(self, record: Purchase) -> str:
        """Return why the bill cannot be undone."""
        if record.state is LineState.REJECTED:
            return self.desk.say(NO_EFFECT)
        return self.desk.say(ALREADY) if record.reversed else ""
