"""A customer's bills at this till, each with how far it has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationState
from posapp.services.dto import LINE_STATES, Customer, LineState, SaleRecord
from posapp.services.ports.book import Session
from posapp.services.till import Till, known_customer


@dataclass(frozen=True, slots=True)
class Purchase:
    """A bill: what it was, how far it has come, and whether it was undone since."""

    sale: SaleRecord
    state: LineState
    reversed: bool


@dataclass(frozen=True, slots=True)
class Purchases:
    """A customer's bills, newest first; `more` where older ones were left out."""

    customer: Customer
    bills: Sequence[Purchase]
    more: bool


def purchases(till: Till, customer_id: CustomerId, *, limit: int = 500) -> Purchases:
    """Return a customer's bills at this till, newest first.

    Raises:
        UnknownCustomer: The id is not in the book.
    """

    def read(session: Session) -> Purchases:
        customer = known_customer(session, customer_id)
        sales = session.khata.sales(customer_id, limit + 1)
        acts = session.operations.of_customer(customer_id, OperationState)
        states = {view.operation.id: LINE_STATES[view.state] for view in acts}
        undone = {view.operation.reverses for view in acts if states[view.operation.id] is not LineState.REJECTED}
        bills = [Purchase(sale, states[sale.id], sale.id in undone) for sale in sales[:limit]]
        return Purchases(customer, bills, more=len(sales) > limit)

    return till.book.read(read)
