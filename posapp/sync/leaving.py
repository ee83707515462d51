"""Customers who are gone on the server, or one with another there: who stays to be found, and what becomes of acts."""

from __future__ import annotations

from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.operation import OVERLAY, OperationKind, OperationState
from posapp.services.dto import CustomerStatus
from posapp.services.ports.book import Session
from posapp.services.ports.mirror import MirrorRow
from posapp.sync.context import SyncContext
from posapp.sync.work import ask, move

UNSETTLED = OVERLAY - {OperationState.KEPT}
"""Acts that the server's record does not hold for certain."""


def take_gone(context: SyncContext, session: Session, row: MirrorRow, status: CustomerStatus) -> None:
    """Note that a customer is gone or anonymised on the server.

    Somebody whose acts still wait, or whose khata this till keeps, stays findable and goes to the inbox: her khata must
    not vanish under the cashier (research/sync, section 5.4). An erased person is erased here too.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        row: What the book knows of her.
        status: What she is on the server.
    """
    session.mirror.set_status(context.connection_id, row.remote_id, status)
    customer_id = row.customer_id
    context.changed.add([customer_id])
    if customer_id is None:
        return
    _confirm_taken(context, session, customer_id)
    unfinished = _unfinished(session, customer_id)
    if status is CustomerStatus.ANONYMIZED:
        session.operations.erase_person(customer_id)
    if status is CustomerStatus.ANONYMIZED or not unfinished:
        session.customers.set_status(customer_id, status)
    if unfinished:
        evidence = {"status": status.value, **unfinished}
        ask(session, context.clock, "customer_gone", customer_id=customer_id, evidence=evidence)


def take_absent(
    context: SyncContext, session: Session, row: MirrorRow, status: CustomerStatus, merged_into: RemoteId | None
) -> None:
    """Note that a customer is no more there, or is one with another."""
    if merged_into is None:
        take_gone(context, session, row, status)
    else:
        take_merged(context, session, row, merged_into)


def take_merged(context: SyncContext, session: Session, row: MirrorRow, primary: RemoteId) -> None:
    """Note that the server made one customer of two; they become one here, and what waits goes on for the one.

    Where acts of both are on their way, or nobody here is the other one, a person says what becomes of what waits.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        row: What the book knows of the one who is no more.
        primary: The one who stays there.
    """
    gone, connection_id = row.customer_id, context.connection_id
    session.mirror.merge_into(connection_id, row.remote_id, primary)
    context.changed.add([gone])
    if gone is not None:
        _confirm_taken(context, session, gone)
        _end_deletes(context, session, gone)
        if not _united(context, session, gone, primary):
            _put_away(context, session, gone)
    session.mirror.mark_for_refresh(connection_id, [primary])


def _united(context: SyncContext, session: Session, gone: CustomerId, primary: RemoteId) -> bool:
    """Make two customers of ours one, as the server did; return whether that could be."""
    known = session.mirror.rows(context.connection_id, [primary]).get(primary)
    if known is None:
        session.mirror.link(context.connection_id, primary, gone)
        return True
    stays = None if known.customer_id is None else session.customers.get(known.customer_id)
    if stays is None or stays.status is not CustomerStatus.LIVE:
        return False
    remains = gone if gone == stays.id else session.peers.unite(stays.id, gone)
    if remains == gone:
        session.customers.set_status(gone, CustomerStatus.LIVE)  # her delete, if there was one, was of the record there
    context.changed.add([stays.id])
    return remains is not None


def _put_away(context: SyncContext, session: Session, gone: CustomerId) -> None:
    unfinished = _unfinished(session, gone)
    if unfinished:
        evidence = {"status": "merged", **unfinished}
        ask(session, context.clock, "customer_gone", customer_id=gone, evidence=evidence)
    else:
        session.customers.set_status(gone, CustomerStatus.DELETED)


def _end_deletes(context: SyncContext, session: Session, customer_id: CustomerId) -> None:
    """End what was to delete a record that is no more: sent later, it would delete the one that took its place."""
    for view in session.operations.of_customer(customer_id, UNSETTLED - {OperationState.IN_FLIGHT}):
        if view.operation.kind is not OperationKind.CUSTOMER_DELETE:
            continue
        if view.state is OperationState.NEEDS_HUMAN:
            session.operations.set_state(view.operation.id, OperationState.ACKED)
            view = session.operations.get(view.operation.id) or view  # noqa: PLW2901 (the same act, one step on)
        move(session, view, OperationState.CONFIRMED, clock=context.clock, evidence={"proof": "customer gone"})
        for item in session.inbox.items():
            if item.operation_id == view.operation.id:
                session.inbox.resolve(item.id, "it went through", context.clock.now())


def _confirm_taken(context: SyncContext, session: Session, customer_id: CustomerId) -> None:
    """End the waiting of what the server took: whoever is gone there is never fetched again, so no proof comes."""
    for view in session.operations.of_customer(customer_id, {OperationState.ACKED}):
        move(session, view, OperationState.CONFIRMED, clock=context.clock, evidence={"proof": "customer gone"})


def _unfinished(session: Session, customer_id: CustomerId) -> dict[str, object]:
    """Return what would be lost from sight with a customer: acts on their way, a khata that only this till keeps."""
    waiting = [
        view
        for view in session.operations.of_customer(customer_id, UNSETTLED)
        if view.operation.kind is not OperationKind.CUSTOMER_DELETE
    ]
    kept = session.khata.standing(customer_id).kept_balance
    return {"waiting": len(waiting), "kept_balance": kept.minor} if waiting or kept else {}


def give_way(context: SyncContext, session: Session, customer_id: CustomerId) -> None:
    """Hide somebody whose record is another's, a create of ours or a newcomer's, unless anything hangs on the customer.

    Args:
        context: The engine's surroundings.
        session: A transaction.
        customer_id: Who was known under that id.
    """
    if not session.operations.of_customer(customer_id, OperationState) and not _unfinished(session, customer_id):
        session.customers.set_status(customer_id, CustomerStatus.DELETED)
        context.changed.add([customer_id])
