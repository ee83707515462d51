"""Which dialog an act opens; each is loaded when it is first wanted, so that the window opens sooner."""

from __future__ import annotations

import importlib
from typing import Any

from PySide6.QtWidgets import QDialog, QWidget

from posapp.services.lookup import Card
from posapp.ui.acts import Act
from posapp.ui.bridge.desk import Desk

_DIALOGS = {
    Act.SALE: ("sale_dialog", "SaleDialog"),
    Act.REDEEM: ("redeem_dialog", "RedeemDialog"),
    Act.PAYMENT: ("payment_dialog", "PaymentDialog"),
    Act.CHARGE: ("entry_dialogs", "ChargeDialog"),
    Act.OPENING: ("entry_dialogs", "OpeningDialog"),
    Act.RETURN: ("entry_dialogs", "ReturnDialog"),
    Act.PAYOUT: ("entry_dialogs", "PayoutDialog"),
    Act.SETTLEMENT: ("entry_dialogs", "SettlementDialog"),
    Act.STATEMENT: ("statement_dialog", "StatementDialog"),
    Act.DELETE: ("delete_dialog", "DeleteDialog"),
    Act.EDIT: ("customer_dialog", "CustomerDialog"),
}


def make_dialog(act: Act, desk: Desk, card: Card, parent: QWidget) -> QDialog:
    """Return the dialog of an act for a customer, not yet opened."""
    module, name = _DIALOGS[act]
    made: Any = getattr(importlib.import_module(f"posapp.ui.dialogs.{module}"), name)
    dialog: QDialog = made(desk, card, parent=parent)
    return dialog
