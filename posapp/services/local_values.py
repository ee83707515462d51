"""What no server holds of a customer: her card and her credit limit; they live on the tills of the shop alone."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import LOCAL
from posapp.services.dto import Customer, CustomerStatus
from posapp.services.ports.book import Session


class CardTaken(DomainError):
    """A card belongs to one customer."""

    id = "card_taken"
    title = N_("This card is somebody else's")
    message = N_("The card {card} belongs to {name}.")
    hint = N_("Scan another card, or take it from {name} first.")


@dataclass(frozen=True, slots=True)
class LocalChange:
    """What changes of the values that no server holds; None leaves one, an empty card takes it away."""

    card_code: str | None
    credit_limit: Money | None

    @property
    def names(self) -> list[str]:
        """Names of what changes."""
        return [name for name in ("card_code", "credit_limit") if getattr(self, name) is not None]


def changed_local(
    session: Session, customer: Customer, card_code: str | None, credit_limit: Money | None
) -> LocalChange | None:
    """Return what a form changes of the values that no server holds; None for nothing.

    Raises:
        CardTaken: The card is somebody else's.
    """
    card = None if card_code is None or card_code == (customer.card_code or "") else card_code
    limit = None if credit_limit == customer.credit_limit else credit_limit
    if card:
        check_card(session, customer.id, card)
    return None if card is None and limit is None else LocalChange(card, limit)


def local_parts(card_code: str | None, limit: Money | None) -> tuple[dict[str, object], dict[str, object]]:
    """Return the parts of an intent and of a person: a card names somebody and goes with an erasure."""
    intent: dict[str, object] = {} if limit is None else {LOCAL: {"credit_limit": limit.minor}}
    person: dict[str, object] = {} if card_code is None else {LOCAL: {"card_code": card_code}}
    return intent, person


def check_card(session: Session, customer_id: CustomerId, card_code: str) -> None:
    """Refuse somebody else's card; one of a customer who is gone is free again."""
    holder = session.customers.by_card(card_code)
    if holder is None or holder.id == customer_id:
        return
    if holder.status is CustomerStatus.LIVE:
        raise CardTaken(card=card_code, name=holder.profile.name)
    session.customers.set_local(holder.id, card_code=None, credit_limit=holder.credit_limit)
