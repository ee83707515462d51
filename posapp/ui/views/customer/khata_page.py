"""The khata of a card: every line, newest first, with its running balance and how far it has come."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from PySide6.QtWidgets import QWidget

from posapp.domain.ids import CustomerId
from posapp.domain.ledger import EntryKind
from posapp.domain.messages import N_
from posapp.services.dto import KhataLine
from posapp.services.lookup import explain_balance
from posapp.services.till import Till
from posapp.ui.acts import ACTS, Act
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.ledger_model import LedgerRow, LedgerTableModel, ledger_rows
from posapp.ui.views.customer.page import ALREADY, CORRECTION, NO_EFFECT, NOT_HERE, TablePage


class _Khata(NamedTuple):
    rows: tuple[LedgerRow, ...]
    known: bool


class KhataPage(TablePage):
    """The lines of the khata."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, LedgerTableModel(desk), desk.say(N_("Khata")), parent)

    def reading(self, customer_id: CustomerId) -> Callable[[], _Khata]:
        """Return what reads the lines and sums them up."""
        return partial(_read, self.desk.till, customer_id)

    def show_contents(self, contents: _Khata) -> None:
        """Show the lines, or what to do where there are none."""
        say = self.desk.say
        if contents.rows and (contents.known or len(contents.rows) > 1):
            self.show_rows(contents.rows)
        elif not contents.known:
            text = say(N_("It comes as soon as the server answers. Until then unknown is not zero."))
            self.show_nothing("cloud", say(N_("Khata not fetched yet")), text)
        else:
            sentence = N_("{charge} puts something on account, {payment} takes a payment, {sale} rings up a bill.")
            keys = {name: ACTS[act].key for name, act in _KEYS.items()}
            self.show_nothing("book-open-text", say(N_("No khata yet")), say(sentence, **keys))

    def subject(self, record: LedgerRow) -> KhataLine | None:
        """Return the line; none for what was brought forward."""
        return record.line

    def reference(self, record: LedgerRow) -> str:
        """Return the line's reference, else its id."""
        return "" if record.line is None else record.line.reference or record.line.entry_id

    def why_no_reversal(self, record: LedgerRow) -> str:
        """Return why the line cannot be undone here."""
        line = record.line
        assert line is not None, "what was brought forward has no menu"
        reasons = (
            (line.operation_id is None, NOT_HERE),
            (not line.counted, NO_EFFECT),
            (line.reversed_by is not None, ALREADY),
            (line.kind is EntryKind.REVERSAL, CORRECTION),
        )
        return next((self.desk.say(reason) for holds, reason in reasons if holds), "")


_KEYS = {"charge": Act.CHARGE, "payment": Act.PAYMENT, "sale": Act.SALE}


def _read(till: Till, customer_id: CustomerId) -> _Khata:
    """On the worker's thread."""
    explained = explain_balance(till, customer_id)
    return _Khata(tuple(reversed(ledger_rows(explained))), explained.brought is not None)
