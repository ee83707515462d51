"""What needs a person, with everything that a screen says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posapp.domain.operation import OperationState
from posapp.services.dto import Customer, InboxItem
from posapp.services.ports.book import Session
from posapp.services.till import Till


@dataclass(frozen=True, slots=True)
class OpenItem:
    """An open item of the inbox.

    Attributes:
        item: As it came up.
        customer: Whom it is about; None for nobody, or for somebody who was erased.
        state: Where the act in question is; None where it is about no act.
        person: What somebody typed with that act (the fields of a customer); empty once it is erased.
    """

    item: InboxItem
    customer: Customer | None
    state: OperationState | None
    person: Mapping[str, object]


def open_items(till: Till) -> tuple[OpenItem, ...]:
    """Return everything that needs a decision, the oldest first."""

    def read(session: Session) -> tuple[OpenItem, ...]:
        return tuple(_with_particulars(session, item) for item in session.inbox.items())

    return till.book.read(read)


def _with_particulars(session: Session, item: InboxItem) -> OpenItem:
    customer = session.customers.get(item.customer_id) if item.customer_id else None
    view = session.operations.get(item.operation_id) if item.operation_id else None
    person = session.operations.person(item.operation_id) if item.operation_id else {}
    return OpenItem(item, customer, view.state if view else None, person)
