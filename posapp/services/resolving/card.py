"""A card that two tills gave to two customers: the first one keeps it."""

from __future__ import annotations

from posapp.domain.messages import N_
from posapp.services.dto import InboxItem
from posapp.services.ports.book import Session
from posapp.services.resolving.decision import Choice, Decision, Offer, Settlement
from posapp.services.till import Till

_ACCEPT = Offer(
    Choice.ACCEPT,
    N_("Give the customer another card"),
    N_("The card stays with the customer who had it first. This one has none until you scan a new one."),
)


def _offers(_session: Session, _item: InboxItem) -> tuple[Offer, ...]:
    return (_ACCEPT,)


def _settle(_till: Till, session: Session, item: InboxItem, _decision: Decision) -> None:
    customer = session.customers.get(item.customer_id) if item.customer_id is not None else None
    if customer is not None and customer.card_code is None:
        session.peers.give_up_card(customer.id)


CARD = Settlement(_offers, _settle)
