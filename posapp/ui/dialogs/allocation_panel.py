"""Which debts a payment pays, what was due first at the front."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from posapp.domain.allocation import Allocation, AllocationPart, OpenDebit
from posapp.domain.ids import short_id
from posapp.domain.messages import N_
from posapp.domain.words import KIND_WORDS
from posapp.locale.translator import Translator
from posapp.ui.theme.tokens import XS, L, M, S, Tone, Type
from posapp.ui.widgets.labels import ElidedLabel, IconLabel, Label
from posapp.ui.wording import short_day_said

_SHOWN = 4
_HEIGHT = 236


class AllocationPanel(QWidget):
    """A small table: each debt, what of it is paid, what stays open; its room stays the same."""

    def __init__(self, say: Translator, today: date, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("ground", "raised")
        self.setFixedHeight(_HEIGHT)
        self._say = say
        self._today = today
        self._shown: Allocation | None = None
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(S)
        self._grid.setVerticalSpacing(XS)
        self._grid.setColumnStretch(1, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(L, M, L, M)
        column.setSpacing(S)
        column.addWidget(Label(say(N_("Pays what was due first")), Type.CAPTION, Tone.MUTED))
        column.addLayout(self._grid)
        column.addStretch(1)

    def show_allocation(self, allocation: Allocation | None, *, unknown: bool = False) -> None:
        """Show how a payment spreads.

        Args:
            allocation: What it pays; None for nothing yet.
            unknown: Whether nobody knows the debts yet.
        """
        if allocation is not None and allocation == self._shown:
            return
        self._shown = allocation
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if allocation is None:
            text = N_("The khata was not fetched yet.") if unknown else N_("The debts that it pays appear here.")
            self._grid.addWidget(Label(self._say(text), Type.BODY, Tone.MUTED, wraps=True), 0, 0, 1, 3)
            return
        self._show_parts(allocation)

    def _show_parts(self, allocation: Allocation) -> None:
        parts = allocation.parts
        for part in parts[:_SHOWN]:
            self._show_part(part)
        if len(parts) > _SHOWN:
            rest = self._say.plural(N_("and {count} more"), N_("and {count} more"), len(parts) - _SHOWN)
            self._grid.addWidget(Label(rest, Type.CAPTION, Tone.MUTED), self._grid.rowCount(), 1)
        if allocation.advance:
            line = self._grid.rowCount()
            words = self._say(N_("becomes an advance of {amount}"), amount=allocation.advance)
            self._grid.addWidget(IconLabel("coins", Tone.GOOD, 16), line, 0)
            self._grid.addWidget(Label(words, Type.STRONG, Tone.GOOD, wraps=True), line, 1, 1, 2)

    def _show_part(self, part: AllocationPart) -> None:
        line = self._grid.rowCount()
        look = ("circle", Tone.WARN) if part.left else ("circle-check", Tone.GOOD)
        right = Qt.AlignmentFlag.AlignRight
        self._grid.addWidget(IconLabel(look[0], look[1], 16), line, 0)
        self._grid.addWidget(ElidedLabel(self._debt(part.debit)), line, 1)
        self._grid.addWidget(Label(part.taken.text()), line, 2, right)
        if part.left:
            left = self._say(N_("{amount} stays open"), amount=part.left)
            self._grid.addWidget(Label(left, Type.CAPTION, Tone.WARN), line + 1, 1, 1, 2, right)

    def _debt(self, debit: OpenDebit) -> str:
        kind = self._say(KIND_WORDS.get(debit.kind or "", N_("debt")))
        what = short_id(debit.reference or "") or debit.description or kind
        if debit.day is None:
            return self._say(N_("brought forward"))
        return self._say(N_("{day} · {what}"), day=short_day_said(debit.day, self._today), what=what)
