"""Taking points off a bill: online first, because points spent twice are the shop's loss (design, section 7)."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.errors import DomainError, RemoteError, RemoteUnavailable, SignInRequired
from posapp.domain.exposure import Risk
from posapp.domain.ids import CustomerId, InboxId, OperationId, new_uuid
from posapp.domain.loyalty import NotEnoughPoints, WrongPoints, discount_for
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import WITHDRAWN, Operation, OperationKind, OperationState
from posapp.services.dto import Customer, OperationView
from posapp.services.ports.book import Session
from posapp.services.ports.delivery import Delivery
from posapp.services.till import (
    Recorded,
    Till,
    capabilities,
    draft,
    live_customer,
    primary_connection,
    record,
    refusal_of,
)
from posapp.services.traits import check_blacklist

ANSWER_SECONDS = 5.0
"""How long a cashier waits for the server's word on points (design, section 7)."""

_KEPT = OperationState.KEPT
AGREED = frozenset({OperationState.CONFIRMED, OperationState.ACKED, _KEPT})
"""States in which the points are off for certain."""
_STANDS = frozenset(OperationState) - {OperationState.REJECTED, OperationState.CANCELLED}


class PointsUnknown(DomainError):
    """The server keeps the points and this till has not read them yet."""

    id = "points_unknown"
    title = N_("Points not fetched yet")
    message = N_("How many points {name} has is not known on this till yet.")
    hint = N_("Sync first (posapp sync). Unknown is not zero.")


class RedemptionNeedsServer(RemoteUnavailable):
    """Nothing was sent and nothing was taken off; the act was withdrawn."""

    id = "redeem_offline"
    title = N_("Points need the server")
    message = N_("The server cannot be reached, so no points were taken off.")
    hint = N_("Take the full price now, or try again when the server answers.")


class RedemptionUnknown(RemoteUnavailable):
    """The request left and no answer came: the points may be gone."""

    id = "redeem_unknown"
    title = N_("No answer about the points")
    message = N_("The server did not say whether the points were taken off.")
    hint = N_("Do not give the discount yet. The till finds out by itself: sync in a minute and look at the outbox.")


class RedemptionInInbox(DomainError):
    """The server gave an answer from which nobody can tell what became of the points."""

    id = "redeem_needs_person"
    title = N_("A person must decide about the points")
    message = N_("The server's answer does not say whether the points were taken off.")
    hint = N_("Do not give the discount yet. Look at the inbox: posapp inbox list.")


class RedemptionRefused(DomainError):
    """The server refused the redemption; nothing was taken off."""

    id = "redeem_refused"
    title = N_("The server refused the points")
    message = N_("The server did not take {points} points off.")
    hint = N_("Sync to see the points as they are now, then try again.")


class BillRedeemed(DomainError):
    """Points come off a bill once: a server that knows redemptions by their bill takes no second one off."""

    id = "bill_redeemed"
    title = N_("Points were taken off this bill before")
    message = N_("Points were taken off the bill {sale} before.")
    hint = N_("Take all points of a bill off at once.")


@dataclass(frozen=True, slots=True)
class RedemptionPreview:
    """What a redemption would do.

    Attributes:
        points: Asked for.
        discount: What they give.
        available: Points that are certain now.
        remaining: Points left afterwards.
        refusal: What a manager must allow first; None for nothing.
    """

    points: int
    discount: Money
    available: int
    remaining: int
    refusal: DomainError | None


def available_points(session: Session, customer: Customer) -> int:
    """Return the points that a customer has for certain: pending earnings never count, doubtful redemptions do.

    Raises:
        PointsUnknown: The server keeps them and they were not read yet.
    """
    standing = session.khata.standing(customer.id)
    if not capabilities(session).points:
        return standing.kept_points
    if standing.server_points is None:
        raise PointsUnknown(name=customer.profile.name)
    return standing.server_points - standing.unsent_redeemed


def check_points(session: Session, customer: Customer, points: int) -> int:
    """Return the points available, or refuse a redemption of more than those."""
    if points < 1:
        raise WrongPoints
    available = available_points(session, customer)
    if points > available:
        raise NotEnoughPoints(points=points, available=max(available, 0))
    return available


def check_redemption(
    session: Session, customer: Customer, points: int, sale_id: str | None, *, approved_by: str | None
) -> None:
    """Refuse a redemption of more points than there are, a second one off the same bill, one of a blacklisted customer.

    Args:
        session: A transaction.
        customer: Whose points.
        points: How many.
        sale_id: The bill they go off; None for one of its own.
        approved_by: The manager who serves a blacklisted customer; None for nobody.
    """
    check_points(session, customer, points)
    check_blacklist(session, customer, approved_by)
    _check_bill(session, customer.id, sale_id)


def take_off(
    till: Till,
    session: Session,
    *,
    operation_id: OperationId,
    customer_id: CustomerId,
    points: int,
    sale_id: str | None,
    kept: bool = False,
    risk: Risk | None = None,
    approved_by: str | None = None,
) -> tuple[Operation, OperationState]:
    """Append a checked redemption inside a running transaction.

    Args:
        till: This till.
        session: The transaction.
        operation_id: Made when the form opened.
        customer_id: Whose points.
        points: How many.
        sale_id: The bill they go off; None for one of its own.
        kept: Whether the points live in this till's book alone.
        risk: Under which terms the discount is given before the server agreed; None where it is not.
        approved_by: The manager who agreed; None for nobody.
    """
    now = till.clock.now()
    intent = {"points": points, "sale_id": sale_id or operation_id, **(risk.noted() if risk else {})}
    return record(
        till,
        session,
        draft(
            till,
            operation_id,
            OperationKind.REDEEM,
            customer_id,
            intent,
            occurred_at=now,
            approved_by=approved_by,
        ),
        state=OperationState.KEPT if kept else OperationState.PENDING,
        write=lambda made: session.khata.add_points(made.id, customer_id, -points, now, kept=kept),
    )


def _check_bill(session: Session, customer_id: CustomerId, sale_id: str | None) -> None:
    for view in session.operations.of_customer(customer_id, _STANDS) if sale_id is not None else ():
        operation = view.operation
        redeemed = operation.kind is OperationKind.REDEEM and operation.intent.get("sale_id") == sale_id
        if redeemed or (operation.id == sale_id and operation.intent.get("points_redeemed")):
            raise BillRedeemed(sale=sale_id)


def preview(
    till: Till, customer_id: CustomerId, points: int, bill: Money | None, *, approved_by: str | None = None
) -> RedemptionPreview:
    """Return what taking points off a bill would do, changing nothing.

    Args:
        till: This till.
        customer_id: Whose points.
        points: How many.
        bill: The bill they go off; None to see their plain worth.
        approved_by: The manager who serves a blacklisted customer; None for nobody.
    """

    def read(session: Session) -> RedemptionPreview:
        customer = live_customer(session, customer_id)
        available = check_points(session, customer, points)
        terms = session.settings.shop().terms
        discount = discount_for(points, bill, terms) if bill else terms.worth(points)
        refusal = refusal_of(lambda: check_blacklist(session, customer, approved_by))
        return RedemptionPreview(points, discount, available, available - points, refusal)

    return till.book.read(read)


def redeem(
    till: Till,
    delivery: Delivery | None,
    *,
    operation_id: OperationId,
    customer_id: CustomerId,
    points: int,
    sale_id: str | None,
    approved_by: str | None = None,
) -> Recorded:
    """Take points off and return once the server agreed; without a points server they come off this till's book.

    Args:
        till: This till.
        delivery: Sends at once; None where no server can be reached at all.
        operation_id: Made when the form opened.
        customer_id: Whose points.
        points: How many, at least 1.
        sale_id: The bill they go off; None for one of its own.
        approved_by: The manager who serves a blacklisted customer; None for nobody.

    Raises:
        DomainError: A rule or the server refused; nothing was taken off.
        RedemptionNeedsServer: Nothing was sent; the act was withdrawn.
        RedemptionUnknown: It was sent and no answer came.
        RedemptionInInbox: It was sent and the answer leaves it open.
    """

    def write(session: Session) -> Recorded:
        customer = live_customer(session, customer_id)
        before = session.khata.standing(customer.id)
        if session.operations.get(operation_id) is None:
            check_redemption(session, customer, points, sale_id, approved_by=approved_by)
        operation, state = take_off(
            till,
            session,
            operation_id=operation_id,
            customer_id=customer_id,
            points=points,
            sale_id=sale_id,
            kept=not capabilities(session).points,
            approved_by=approved_by,
        )
        return Recorded(operation, state, customer, before, session.khata.standing(customer_id))

    recorded = till.book.write(write)
    if recorded.state is OperationState.KEPT:
        return recorded
    state = settle_online(till, delivery, operation_id, points)
    after = till.book.read(lambda session: session.khata.standing(customer_id))
    return Recorded(recorded.operation, state, recorded.customer, recorded.before, after)


def settle_online(
    till: Till,
    delivery: Delivery | None,
    operation_id: OperationId,
    points: int,
    *,
    dependent: OperationId | None = None,
) -> OperationState:
    """Send a redemption at once and say how it ended, or withdraw it where nothing left the till.

    A repeat says the same again, for a person may press twice.

    Args:
        till: This till.
        delivery: Sends at once; None where no server can be reached at all.
        operation_id: The act that takes points off.
        points: For the sentence of a refusal.
        dependent: A bill that stands or falls with it.

    Returns:
        The state, once the server agreed, of the bill or else of the redemption.

    Raises:
        RedemptionRefused, RedemptionNeedsServer, RedemptionUnknown, RedemptionInInbox: As `redeem`.
        SignInRequired: Nothing was sent, for the server does not take the credential.
    """
    state = _pushed(till, delivery, operation_id).state
    if state is OperationState.PENDING:
        state = till.book.write(lambda session: _withdrawn(till, session, operation_id, dependent))
    if state is OperationState.CANCELLED:
        raise till.book.read(_not_sent)
    if state is OperationState.REJECTED:
        till.book.write(lambda session: _told(till, session, operation_id, dependent))
        raise RedemptionRefused(points=points)
    if state is OperationState.NEEDS_HUMAN:
        raise RedemptionInInbox(operation=operation_id, state=state.value)
    if state not in AGREED:
        raise RedemptionUnknown(operation=operation_id, state=state.value)
    return state if dependent is None else till.book.write(lambda session: end_waiting(session, dependent, _KEPT))


def _not_sent(session: Session) -> RemoteError:
    connection = primary_connection(session)
    if connection is not None and connection.paused:
        return SignInRequired(name=connection.name)
    return RedemptionNeedsServer()


def _pushed(till: Till, delivery: Delivery | None, operation_id: OperationId) -> OperationView:
    if delivery is not None:
        return delivery.push_now(operation_id, deadline_seconds=ANSWER_SECONDS)
    view = till.book.read(lambda session: session.operations.get(operation_id))
    assert view is not None, "a recorded operation is in the book"
    return view


def _withdrawn(
    till: Till, session: Session, operation_id: OperationId, dependent: OperationId | None
) -> OperationState:
    """Take an act back that did not leave the till and return its state; it may be on its way or over by now."""
    state = _take_back(till, session, operation_id, "not sent")
    if state is OperationState.CANCELLED and dependent is not None:
        _take_back(till, session, dependent, "not sent")
    return state


def _take_back(till: Till, session: Session, operation_id: OperationId, why: str) -> OperationState:
    before = session.operations.get(operation_id)
    state = end_waiting(session, operation_id, OperationState.CANCELLED, withdrawn=why)
    if before is not None and before.state is not state:
        _append_end(till, session, before.operation)
    return state


def _append_end(till: Till, session: Session, ended: Operation) -> None:
    """Append to the chain that an act has no effect, so that its copy says so as well."""
    intent = {"about": ended.id, "choice": WITHDRAWN}
    kind, moment = OperationKind.RESOLUTION, till.clock.now()
    decided = draft(till, OperationId(new_uuid()), kind, ended.customer_id, intent, occurred_at=moment)
    record(till, session, decided, state=OperationState.KEPT, write=lambda _: None)


def end_waiting(session: Session, operation_id: OperationId, state: OperationState, **evidence: str) -> OperationState:
    """End an act that waits on this till, unless the engine was quicker, and return its state."""
    view = session.operations.get(operation_id)
    assert view is not None, "a recorded operation is in the book"
    if view.state is not OperationState.PENDING:
        return view.state
    session.operations.set_state(operation_id, state, evidence=evidence)
    return state


def _told(till: Till, session: Session, operation_id: OperationId, dependent: OperationId | None) -> None:
    """Close the refusal's inbox item, for the person at the till hears it right now."""
    if dependent is not None:
        _take_back(till, session, dependent, "points refused")
    for item in session.inbox.items():
        if item.operation_id == operation_id:
            session.inbox.resolve(InboxId(item.id), "told_at_till", till.clock.now())
            refused = session.operations.get(operation_id)
            assert refused is not None, "a recorded operation is in the book"
            _append_end(till, session, refused.operation)
