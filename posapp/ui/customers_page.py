"""The page that is open all day: the search at the left, a customer's card at the right."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.errors import PosError
from posapp.domain.ids import CustomerId
from posapp.services import lookup
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import L
from posapp.ui.views.customer.card_view import CardView
from posapp.ui.views.search.search_view import SearchView

_NARROWEST, _WIDEST = 360, 480
_SEARCH, _CARD = 30, 70
"""Per cent of the width, as far as the limits above let it."""


class CustomersPage(QWidget):
    """Search and card."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.search = SearchView(desk)
        self.search.setMinimumWidth(_NARROWEST)
        self.search.setMaximumWidth(_WIDEST)
        self.card = CardView(desk)
        row = QHBoxLayout(self)
        row.setContentsMargins(L, L, L, L)
        row.setSpacing(L)
        row.addWidget(self.search, _SEARCH)
        row.addWidget(self.card, _CARD)
        self.search.chosen.connect(self.show_customer)

    @Slot(str)
    def show_customer(self, customer_id: str) -> None:
        """Open a customer's card and note that it was opened."""
        chosen = CustomerId(customer_id)
        self.card.show_customer(chosen)
        self.search.show_opened(chosen)
        if not self._desk.opened.read_only:
            self._desk.runner.run(
                lambda: lookup.seen(self._desk.till, chosen), done=_ignored, failed=_ignored, owner=self
            )

    @property
    def coming(self) -> bool:
        """Whether a customer was chosen whose card is not there yet."""
        return self.search.waiting or self.card.coming

    def step_back(self) -> bool:
        """Empty the search, or else close the card; return whether there was something to do."""
        if self.search.clear():
            return True
        if self.card.customer_id is None:
            return False
        self.card.show_customer(None)
        self.search.show_opened(None)
        return True


def _ignored(_: PosError | None) -> None:
    """Who was seen lately only orders the hits; a book that takes no writes is told where somebody acts."""
