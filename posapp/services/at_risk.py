"""Giving the discount for points although the server did not agree: its answer is awaited, or nothing was sent.

The shop bears the risk, within the bounds of `domain.exposure`; the act is sent by the sync like any other, and a
refusal then is a task for a person (`services.resolving.make_good`), never a silent debit (design, section 7).
"""

from __future__ import annotations

from posapp.domain.exposure import given_at_risk, points_taken
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.loyalty import discount_for
from posapp.domain.money import Money
from posapp.domain.operation import GIVE_AT_RISK, OperationKind, OperationState
from posapp.services.dto import OperationView
from posapp.services.exposure import allow_risk
from posapp.services.ports.book import Session
from posapp.services.redemptions import (
    AGREED,
    RedemptionInInbox,
    RedemptionRefused,
    check_redemption,
    end_waiting,
    take_off,
)
from posapp.services.till import Recorded, Till, draft, live_customer, record


def redeem_at_risk(
    till: Till,
    *,
    operation_id: OperationId,
    customer_id: CustomerId,
    points: int,
    sale_id: str | None,
    bill: Money | None,
    approved_by: str | None,
) -> Recorded:
    """Record a redemption whose discount is given now and return at once; the sync sends it.

    Args:
        till: This till.
        operation_id: Made when the form opened; the same id again is the same act.
        customer_id: Whose points.
        points: How many, at least 1.
        sale_id: The bill they go off; None for one of its own.
        bill: What that bill comes to, the most that is given; None where it is not known.
        approved_by: The manager who agreed; None for nobody.

    Raises:
        DomainError: A rule refuses it, and says what would be possible; nothing was recorded.
    """

    def write(session: Session) -> Recorded:
        customer = live_customer(session, customer_id)
        before = session.khata.standing(customer_id)
        known = session.operations.get(operation_id)
        if known is not None:
            return Recorded(known.operation, known.state, customer, before, before)
        check_redemption(session, customer, points, sale_id, approved_by=approved_by)
        given = _worth(session, points, bill)
        risk = allow_risk(till, session, customer_id, points, given, approved_by=approved_by)
        operation, state = take_off(
            till,
            session,
            operation_id=operation_id,
            customer_id=customer_id,
            points=points,
            sale_id=sale_id,
            risk=risk,
            approved_by=approved_by,
        )
        return Recorded(operation, state, customer, before, session.khata.standing(customer_id))

    return till.book.write(write)


def give_in_doubt(
    till: Till, operation_id: OperationId, *, bill: Money | None = None, approved_by: str | None = None
) -> Recorded:
    """Give the discount of an act that was sent and not answered; its points stay held until the server is heard.

    Args:
        till: This till.
        operation_id: The redemption, or the bill with points.
        bill: For a redemption, what the bill comes to; None where it is not known.
        approved_by: The manager who agreed; None for nobody.

    Returns:
        The act; where the server agreed meanwhile, nothing is at risk.

    Raises:
        DomainError: A rule refuses it, or the server refused the points meanwhile.
        RedemptionInInbox: A person must decide about them first.
    """

    def write(session: Session) -> Recorded:
        asked = _view(session, operation_id)
        told = asked.operation.intent.get("redeem_operation")
        awaited = asked if told is None else _view(session, OperationId(str(told)))
        customer = live_customer(session, asked.operation.customer_id)
        if awaited.state not in AGREED:
            _put_at_risk(till, session, asked, awaited, bill=bill, approved_by=approved_by)
        if told is not None:
            end_waiting(session, operation_id, OperationState.KEPT)
        standing = session.khata.standing(customer.id)
        return Recorded(asked.operation, _view(session, operation_id).state, customer, standing, standing)

    return till.book.write(write)


def _put_at_risk(
    till: Till,
    session: Session,
    asked: OperationView,
    awaited: OperationView,
    *,
    bill: Money | None,
    approved_by: str | None,
) -> None:
    """Note on an act in doubt that its discount is given, and append who decided so to the chain."""
    operation = awaited.operation
    points = points_taken(operation.intent)
    if given_at_risk(operation.intent, awaited.evidence) is not None:
        return
    if awaited.state in {OperationState.REJECTED, OperationState.CANCELLED}:
        raise RedemptionRefused(points=points)
    if awaited.state is OperationState.NEEDS_HUMAN:
        raise RedemptionInInbox(operation=operation.id, state=awaited.state.value)
    sale = session.khata.sale(asked.operation.id)
    given = _worth(session, points, bill) if sale is None else sale.discount
    risk = allow_risk(till, session, operation.customer_id, points, given, approved_by=approved_by, besides=awaited)
    session.operations.set_state(operation.id, awaited.state, evidence=risk.noted())
    decided = draft(
        till,
        OperationId(new_uuid()),
        OperationKind.RESOLUTION,
        operation.customer_id,
        {"about": operation.id, "choice": GIVE_AT_RISK, **risk.noted()},
        occurred_at=till.clock.now(),
        approved_by=approved_by,
    )
    record(till, session, decided, state=OperationState.KEPT, write=lambda _: None)


def _worth(session: Session, points: int, bill: Money | None) -> Money:
    terms = session.settings.shop().terms
    return terms.worth(points) if bill is None else discount_for(points, bill, terms)


def _view(session: Session, operation_id: OperationId) -> OperationView:
    view = session.operations.get(operation_id)
    assert view is not None, "what is in doubt was recorded"
    return view
