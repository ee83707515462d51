"""What needs a person, with everything that a screen says of it, and what was decided before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from posapp.domain.errors import DomainError
from posapp.domain.ids import InboxId
from posapp.domain.messages import N_
from posapp.domain.operation import OperationState
from posapp.services.dto import Customer, InboxItem
from posapp.services.ports.book import Session
from posapp.services.resolving.decision import Choice, Offer
from posapp.services.resolving.resolve import UnknownItem, offers_of
from posapp.services.resolving.targets import Target, described
from posapp.services.till import Till

SHORTEST = 4
"""Signs of an id that a person must type at least."""


class Age(Enum):
    """How long an item waits: what nobody looked at is marked, first quietly (research/sync, section 3.6)."""

    NEW = timedelta(0)
    OLD = timedelta(minutes=15)
    LATE = timedelta(hours=4)


class ManyItems(DomainError):
    """A part of an id fits several items."""

    id = "many_items"
    title = N_("More than one item")
    message = N_("{count} items in the inbox have an id like “{text}”.")
    hint = N_("Type more of the id; its end tells them apart best.")


@dataclass(frozen=True, slots=True)
class FoundItem:
    """An item of the inbox, open or settled.

    Attributes:
        item: As it came up, and how it was settled.
        customer: Whom it is about; None for nobody, or for somebody who was erased.
        state: Where the act in question is; None where it is about no act.
        person: What somebody typed with that act (the fields of a customer); empty once it is erased.
        offers: What can be chosen, the safest first; nothing once it is settled.
        targets: By choice, what a link may point to.
    """

    item: InboxItem
    customer: Customer | None
    state: OperationState | None
    person: Mapping[str, object]
    offers: tuple[Offer, ...] = ()
    targets: Mapping[Choice, tuple[Target, ...]] = field(default_factory=dict)


def open_items(till: Till) -> tuple[FoundItem, ...]:
    """Return everything that needs a decision, the oldest first."""

    def read(session: Session) -> tuple[FoundItem, ...]:
        return tuple(_with_particulars(session, item) for item in session.inbox.items())

    return till.book.read(read)


def settled_items(till: Till, limit: int) -> tuple[FoundItem, ...]:
    """Return what was settled, the last decision first."""

    def read(session: Session) -> tuple[FoundItem, ...]:
        settled = [item for item in session.inbox.items(open_only=False) if item.resolved_at is not None]
        settled.sort(key=lambda item: item.resolved_at or item.opened_at, reverse=True)
        return tuple(_with_particulars(session, item) for item in settled[:limit])

    return till.book.read(read)


def the_item(till: Till, text: str) -> FoundItem:
    """Return the item that an id, or the beginning or the end of one, names.

    The end says more: ids of one hour begin alike.

    Raises:
        UnknownItem: None does, or the text is too short to mean one.
        ManyItems: Several do.
    """

    def read(session: Session) -> FoundItem:
        exact = session.inbox.get(InboxId(text))
        if exact is not None:
            return _with_particulars(session, exact)
        items = session.inbox.items(open_only=False) if len(text) >= SHORTEST else ()
        low = text.lower()
        found = [item for item in items if item.id.startswith(low) or item.id.endswith(low)]
        if not found:
            raise UnknownItem(text=text)
        if len(found) > 1:
            raise ManyItems(count=len(found), text=text)
        return _with_particulars(session, found[0])

    return till.book.read(read)


def age_of(item: InboxItem, now: datetime) -> Age:
    """Return how long an item waits."""
    return max((age for age in Age if now - item.opened_at >= age.value), key=lambda age: age.value, default=Age.NEW)


def _with_particulars(session: Session, item: InboxItem) -> FoundItem:
    customer = session.customers.get(item.customer_id) if item.customer_id else None
    view = session.operations.get(item.operation_id) if item.operation_id else None
    person = session.operations.person(item.operation_id) if item.operation_id else {}
    offers = offers_of(session, item)
    targets = {offer.choice: described(session, item, offer) for offer in offers if offer.wants_target}
    return FoundItem(item, customer, view.state if view else None, person, offers, targets)
