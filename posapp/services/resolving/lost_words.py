"""The acts that a server lost, as a person reads them: what was done, and for how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from posapp.domain.messages import N_, Message
from posapp.domain.money import Money
from posapp.domain.words import KIND_WORDS


def lost_acts(evidence: Mapping[str, object], currency: str) -> Iterator[Message]:
    """Yield a line for each act on an item's list; nothing for an item without one.

    Args:
        evidence: Of the item.
        currency: Of the shop.
    """
    acts = evidence.get("acts")
    for act in acts if isinstance(acts, list) else ():
        what = Message(KIND_WORDS[act["kind"]])
        if isinstance(act["amount"], int):
            yield Message(N_("{what}: {amount}"), {"what": what, "amount": Money(act["amount"], currency)})
        elif isinstance(act["points"], int):
            yield Message(N_("{what}: {count} points"), {"what": what, "count": act["points"]})
        else:
            yield what
