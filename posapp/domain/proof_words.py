"""How the two sides of a khata's difference are said: an entry in one line, amounts with their direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from posapp.domain.messages import N_, Message
from posapp.domain.money import Money

_AMOUNTS = {
    "amount": N_("{amount}"),
    "balance_after": N_("balance after it {amount}"),
    "balance": N_("balance {amount}"),
}
_TEXTS = {
    "id": N_("entry {text}"),
    "reference": N_("reference {text}"),
    "recorded_at": N_("posted {text}"),
    "occurred_at": N_("of {text}"),
    "description": N_("“{text}”"),
}
_TYPES = {"credit": N_("credit"), "debit": N_("debit")}
_ORDER = ("type", "amount", "balance_after", "balance", "description", "occurred_at", "recorded_at", "reference", "id")
_OWED = {
    "balance_after": N_("balance after it {amount} owed"),
    "balance": N_("balance {amount} owed"),
}


def side_messages(side: Mapping[str, object], currency: str) -> Iterator[Message]:
    """Yield what stands on one side of a difference, each part as a message to be said.

    Args:
        side: As plain values (`posapp.domain.proof.Side`).
        currency: Of the shop.
    """
    for name in _ORDER:
        value = side.get(name)
        if value is None:
            continue
        if name == "type":
            yield Message(_TYPES[str(value)])
        elif name in _AMOUNTS:
            amount = Money(int(str(value)), currency)
            words = _OWED[name] if amount.minor < 0 else _AMOUNTS[name]
            yield Message(words, {"amount": abs(amount)})
        else:
            yield Message(_TEXTS[name], {"text": str(value)})
