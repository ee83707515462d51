"""What a cashier can do with a customer: one list of acts with keys, icons and words, for buttons and keys alike."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.messages import N_


class Act(StrEnum):
    """An act that a key or a button begins."""

    SALE = "sale"
    REDEEM = "redeem"
    PAYMENT = "payment"
    CHARGE = "charge"
    STATEMENT = "statement"
    EDIT = "edit"
    OPENING = "opening"
    RETURN = "return"
    PAYOUT = "payout"
    SETTLEMENT = "settlement"
    DELETE = "delete"


@dataclass(frozen=True, slots=True)
class ActLook:
    """How an act is offered: its words, icon and key; no key where it is behind *More*."""

    words: str
    icon: str
    key: str = ""


ACTS = {
    Act.SALE: ActLook(N_("Sale"), "receipt-text", "F2"),
    Act.REDEEM: ActLook(N_("Redeem"), "gift", "F3"),
    Act.PAYMENT: ActLook(N_("Payment"), "banknote", "F4"),
    Act.CHARGE: ActLook(N_("On account"), "book-open-text", "F5"),
    Act.STATEMENT: ActLook(N_("Statement"), "file-text", "F6"),
    Act.EDIT: ActLook(N_("Edit"), "pencil", "F7"),
    Act.OPENING: ActLook(N_("Opening balance"), "scale"),
    Act.RETURN: ActLook(N_("Goods returned"), "undo-2"),
    Act.PAYOUT: ActLook(N_("Give advance back"), "hand-coins"),
    Act.SETTLEMENT: ActLook(N_("Forgive the rest"), "circle-check"),
    Act.DELETE: ActLook(N_("Delete customer"), "trash-2"),
}
"""In the order in which they are offered."""
