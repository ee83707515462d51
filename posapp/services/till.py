"""What every act at the till shares: the book, the clock, who acts, and how an act is recorded.

An act checks its rules and records its operation in one transaction, so that nothing can come between them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeVar

from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import Draft, Operation, OperationKind, OperationState
from posapp.domain.policy import InTheFuture, check_large, check_occurred
from posapp.domain.shop import Shop
from posapp.services.dto import Connection, Customer, CustomerStatus, Standing
from posapp.services.ports.book import Book, Session
from posapp.services.ports.clock import Clock
from posapp.services.ports.remote import Capabilities

T = TypeVar("T")


class UnknownCustomer(DomainError):
    """Nobody of that id or description is in the book."""

    id = "unknown_customer"
    title = N_("Customer not found")
    message = N_("Nobody matches “{text}”.")
    hint = N_("Search by name, phone or card; sync first if she is new on another till.")


class CustomerGone(DomainError):
    """The customer was deleted or anonymised; nothing more can be recorded for her."""

    id = "customer_gone"
    title = N_("This customer was deleted")
    message = N_("The customer was deleted and cannot be served under this record.")
    hint = N_("Add her as a new customer.")


@dataclass(frozen=True, slots=True)
class Till:
    """This till, as the use cases need it.

    Attributes:
        book: The local book.
        clock: The till's clock.
        actor: Who stands at the till, as written into every act.
    """

    book: Book
    clock: Clock
    actor: str


@dataclass(frozen=True, slots=True)
class When:
    """When an act happened: now, or on an earlier day that a person named."""

    occurred_at: datetime
    backdated: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a person gets back after an act.

    Attributes:
        operation: As recorded.
        state: How far it has come.
        customer: To whom.
        before: Her numbers before the act.
        after: Her numbers after it.
    """

    operation: Operation
    state: OperationState
    customer: Customer
    before: Standing
    after: Standing


def primary_connection(session: Session) -> Connection | None:
    """Return the server that writes go to; None where the till works without one."""
    return next((connection for connection in session.settings.connections() if connection.primary), None)


def capabilities(session: Session) -> Capabilities:
    """Return what the primary server can do; nothing where there is none."""
    connection = primary_connection(session)
    return connection.capabilities if connection else Capabilities()


def known_customer(session: Session, customer_id: CustomerId) -> Customer:
    """Return a customer, whatever her status.

    Raises:
        UnknownCustomer: The id is not in the book.
    """
    customer = session.customers.get(customer_id)
    if customer is None:
        raise UnknownCustomer(text=customer_id)
    return customer


def live_customer(session: Session, customer_id: CustomerId) -> Customer:
    """Return a customer who can be served.

    Raises:
        UnknownCustomer: The id is not in the book.
        CustomerGone: She was deleted or anonymised.
    """
    customer = known_customer(session, customer_id)
    if customer.status is not CustomerStatus.LIVE:
        raise CustomerGone
    return customer


def refusal_of(check: Callable[[], object]) -> DomainError | None:
    """Return the rule that a check breaks, for a form that shows it while a person types; None for none."""
    try:
        check()
    except DomainError as refusal:
        return refusal
    return None


def credit_limit_of(customer: Customer, shop: Shop) -> Money | None:
    """Return the most that a customer may owe: hers, else the shop's; None for no limit."""
    return shop.credit_limit if customer.credit_limit is None else customer.credit_limit


def when(till: Till, shop: Shop, day: date | None) -> When:
    """Return the moment of an act: now, or noon of an earlier day in the shop's zone, marked as backdated.

    Raises:
        InTheFuture: The day has not come yet.
    """
    now = till.clock.now()
    today = shop.day_of(now)
    if day is None or day == today:
        return When(now, backdated=False)
    if day > today:
        raise InTheFuture
    noon = datetime.combine(day, time(12), shop.zone)
    check_occurred(noon, now)
    return When(noon.astimezone(now.tzinfo), backdated=True)


def moment_of(till: Till, session: Session, operation_id: OperationId, day: date | None) -> When:
    """Return the moment of an act: as it was recorded, where this is a repeat, else as `when`.

    A repeat after midnight must not turn *today* into a backdated act.

    Raises:
        InTheFuture: The day has not come yet.
    """
    known = session.operations.get(operation_id)
    if known is None:
        return when(till, session.settings.shop(), day)
    return When(known.operation.occurred_at, backdated=known.operation.intent.get("backdated") is True)


def ask_if_large(session: Session, amount: Money, kinds: frozenset[OperationKind], *, confirmed: bool) -> None:
    """Refuse an amount far above anything typed so far in such acts, unless a person confirmed it."""
    if not confirmed:
        check_large(amount, session.khata.largest_amount(kinds))


def record(
    till: Till,
    session: Session,
    draft: Draft,
    *,
    state: OperationState,
    write: Callable[[Operation], None],
) -> tuple[Operation, OperationState]:
    """Append an operation and, the first time, what it writes beside it; a repeated id changes nothing.

    Returns:
        The operation as it stands in the chain and its state now.
    """
    known = session.operations.get(draft.id)
    operation = session.operations.record(draft, state=state, recorded_at=till.clock.now())
    if known is not None:
        return operation, known.state
    write(operation)
    return operation, state


def draft(
    till: Till,
    operation_id: OperationId,
    kind: OperationKind,
    customer_id: CustomerId,
    intent: Mapping[str, object],
    *,
    occurred_at: datetime,
    person: Mapping[str, object] | None = None,
    reverses: OperationId | None = None,
    approved_by: str | None = None,
) -> Draft:
    """Return a draft by this till's actor."""
    return Draft(
        id=operation_id,
        kind=kind,
        customer_id=customer_id,
        intent=intent,
        actor=till.actor,
        occurred_at=occurred_at,
        approved_by=approved_by,
        reverses=reverses,
        person=person or {},
    )
