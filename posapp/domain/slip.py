"""What a customer takes home after a payment, a sale or a redemption: the slip as data, made after the save."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from posapp.domain.messages import Message
from posapp.domain.money import Money


@dataclass(frozen=True, slots=True)
class SlipLine:
    """One row of a slip.

    Attributes:
        label: At the left.
        value: At the right.
        strong: Whether it is what the customer looks for first.
    """

    label: Message
    value: Money | Message | int | str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip for a roll of 80 mm.

    Attributes:
        shop_name: At the top.
        title: What happened (“Payment received”).
        customer_name: To whom.
        phone_end: Last four digits of her phone; None for no phone.
        number: Receipt number or the short id of the act; she can be found by it.
        at: When it happened, aware, in the shop's zone.
        groups: Rows in groups; a rule is drawn between groups.
        footer: How far it has come and thanks, each a paragraph.
    """

    shop_name: str
    title: Message
    customer_name: str
    phone_end: str | None
    number: str
    at: datetime
    groups: tuple[tuple[SlipLine, ...], ...]
    footer: tuple[Message, ...]
