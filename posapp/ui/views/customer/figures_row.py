"""The four figures of a card: balance, points, credit, overdue."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.domain.messages import N_
from posapp.services.lookup import Card
from posapp.ui.bridge.desk import Desk
from posapp.ui.theme.tokens import M
from posapp.ui.views.customer.numbers import Teller, What
from posapp.ui.widgets.figure import Figure

_HEIGHT = 120
"""Room for three lines under a number, so that nothing jumps from one customer to the next."""
_SHARES = {What.BALANCE: 32, What.POINTS: 24, What.CREDIT: 24, What.AGEING: 24}


class FiguresRow(QWidget):
    """Shows a card's figures; each explains itself.

    Signals:
        explain_wanted: A `What`.
    """

    explain_wanted = Signal(object)

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.figures = {what: Figure("") for what in What}
        self.setFixedHeight(_HEIGHT)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(M)
        for what, figure in self.figures.items():
            figure.explained.connect(self._on_figure_explained)
            row.addWidget(figure, _SHARES[what])

    def show_card(self, card: Card) -> None:
        """Show a card's figures."""
        say = self._desk.say
        teller = Teller(say, self._desk.shop(), self._desk.till.clock.now())
        for what, shown in teller.figures(card).items():
            figure = self.figures[what]
            help_text = say(N_("Enter or a click shows what makes this number"))
            figure.show_value(shown.caption, shown.value, shown.tone, list(shown.lines), help_text)
            figure.show_part(shown.part, shown.tone)

    def _on_figure_explained(self) -> None:
        pressed = self.sender()
        self.explain_wanted.emit(next(what for what, figure in self.figures.items() if figure is pressed))
