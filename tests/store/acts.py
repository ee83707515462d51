"""Acts as the use cases write them, for tests of the store."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.ids import CustomerId, EntryId, OperationId, new_uuid
from posapp.domain.ledger import DIRECTION_OF, Direction, EntryKind, LedgerEntry
from posapp.domain.money import Money
from posapp.domain.operation import Draft, Operation, OperationKind, OperationState
from posapp.services.dto import LedgerDetails, SaleRecord
from posapp.services.ports.book import Session
from tests.support.book import START


def taka(minor: int) -> Money:
    return Money(minor, "BDT")


def draft(
    customer_id: CustomerId,
    kind: OperationKind = OperationKind.PAYMENT,
    *,
    operation_id: str | None = None,
    amount: int = 500,
    occurred_at: datetime = START,
    person: dict[str, object] | None = None,
    reverses: OperationId | None = None,
) -> Draft:
    return Draft(
        id=OperationId(operation_id or new_uuid()),
        kind=kind,
        customer_id=customer_id,
        intent={"amount": amount},
        actor="Mina",
        occurred_at=occurred_at,
        person=person or {},
        reverses=reverses,
    )


def record(
    session: Session,
    customer_id: CustomerId,
    kind: OperationKind = OperationKind.PAYMENT,
    state: OperationState = OperationState.PENDING,
    **fields: object,
) -> Operation:
    """Record an operation alone."""
    wanted = draft(customer_id, kind, **fields)  # type: ignore[arg-type]
    return session.operations.record(wanted, state=state, recorded_at=START)


def pay(
    session: Session,
    customer_id: CustomerId,
    amount: int,
    state: OperationState = OperationState.PENDING,
    *,
    kind: OperationKind = OperationKind.PAYMENT,
    occurred_at: datetime = START,
    reverses: EntryId | None = None,
    direction: Direction | None = None,
) -> LedgerEntry:
    """Record a khata act with its entry."""
    operation = record(session, customer_id, kind, state, amount=amount, occurred_at=occurred_at)
    entry = LedgerEntry(
        id=EntryId(new_uuid()),
        customer_id=customer_id,
        operation_id=operation.id,
        kind=EntryKind(kind.value),
        direction=direction or DIRECTION_OF[EntryKind(kind.value)],
        amount=taka(amount),
        occurred_at=occurred_at,
        description="by hand",
        reverses=reverses,
        kept=state is OperationState.KEPT,
    )
    session.khata.add_entry(entry, LedgerDetails(tender="cash", reference="R-1", note="thanks"))
    return entry


def sell(session: Session, customer_id: CustomerId, total: int, redeemed: int = 0) -> SaleRecord:
    """Record a bill wholly on account."""
    operation = record(session, customer_id, OperationKind.SALE, amount=total)
    sale = SaleRecord(
        operation.id,
        customer_id,
        total=taka(total),
        discount=taka(redeemed * 10),
        on_account=taka(total - redeemed * 10),
        paid=taka(0),
        points_redeemed=redeemed,
        points_earned=total // 100,
        receipt_number="A-7",
        occurred_at=START,
    )
    session.khata.add_sale(sale)
    for points in (sale.points_earned, -redeemed):
        if points:
            session.khata.add_points(operation.id, customer_id, points, START, kept=False)
    return sale
