"""What may be given at the shop's risk while the server does not answer, and what it can cost (design, section 7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from posapp.domain.errors import DomainError
from posapp.domain.exposure import (
    Exposure,
    Known,
    Risk,
    RiskNeedsManager,
    Room,
    check_room,
    given_at_risk,
    points_taken,
    room,
    still_allowed,
)
from posapp.domain.ids import CustomerId, OperationId
from posapp.domain.money import Money
from posapp.services.dto import Customer, OperationView, Standing
from posapp.services.ports.book import Session
from posapp.services.till import Till, capabilities, known_customer, live_customer, primary_connection


@dataclass(frozen=True, slots=True)
class RiskOffer:
    """What a cashier is told before points are given at the shop's risk.

    Attributes:
        room: What may be given now; None where nothing may.
        refusal: The rule that forbids the points asked for; None where they may be given.
        needs_manager: Whether they may be given once a manager agrees.
        exposure: Of this till, as it stands.
    """

    room: Room | None
    refusal: DomainError | None
    needs_manager: bool
    exposure: Exposure


@dataclass(frozen=True, slots=True)
class ActAtRisk:
    """One act that the figure is made of.

    Attributes:
        view: The act and how far it has come.
        customer: Whose points.
        points: Taken off.
        given: The discount.
    """

    view: OperationView
    customer: Customer
    points: int
    given: Money


@dataclass(frozen=True, slots=True)
class ExposureExplanation:
    """The figure with every act behind it: Σ of what they gave = `exposure.given`."""

    exposure: Exposure
    acts: Sequence[ActAtRisk]


def offer_risk(till: Till, customer_id: CustomerId, points: int, *, known: OperationId | None = None) -> RiskOffer:
    """Return whether points may be given at the shop's risk, changing nothing.

    Args:
        till: This till.
        customer_id: Whose points.
        points: How many.
        known: The act itself, where it is recorded already and in doubt.
    """

    def read(session: Session) -> RiskOffer:
        customer, now = known_customer(session, customer_id), till.clock.now()
        besides = None if known is None else session.operations.get(known)
        figure = exposure(session, now)
        try:
            found = _room(session, customer, now, besides)
        except DomainError as refusal:
            return RiskOffer(None, refusal, needs_manager=False, exposure=figure)
        try:
            check_room(found, points, name=customer.profile.name, approved=False)
        except DomainError as refusal:
            manager = isinstance(refusal, RiskNeedsManager)
            return RiskOffer(found, None if manager else refusal, needs_manager=manager, exposure=figure)
        return RiskOffer(found, None, needs_manager=False, exposure=figure)

    return till.book.read(read)


def allow_risk(
    till: Till,
    session: Session,
    customer_id: CustomerId,
    points: int,
    given: Money,
    *,
    approved_by: str | None,
    besides: OperationView | None = None,
) -> Risk:
    """Return what is written into an act that gives points at the shop's risk, or refuse it.

    Args:
        till: This till.
        session: The transaction that records the act.
        customer_id: Whose points.
        points: How many.
        given: The discount for them.
        approved_by: The manager who agreed; None for nobody.
        besides: The act itself, where it is recorded already.

    Raises:
        RiskOff, RiskTooOld, RiskTooOften, RiskAboveRoom, RiskNeedsManager: See `domain.exposure`.
    """
    customer = live_customer(session, customer_id)
    found = _room(session, customer, till.clock.now(), besides)
    check_room(found, points, name=customer.profile.name, approved=approved_by is not None)
    return Risk(_points_as_of(session, session.khata.standing(customer_id)), found.share, given.minor)


def exposure(session: Session, now: datetime) -> Exposure:
    """Return the most that points given without the server can still cost this till's shop."""
    shop, acts = session.settings.shop(), session.risk.acts()
    given = sum(given_at_risk(view.operation.intent, view.evidence) or 0 for view in acts)
    allowed = 0
    if shop.tills and capabilities(session).points:
        rules, outstanding = shop.risk, _points(acts)
        heard = _heard_whole(session)
        since = None if heard is not None and now - heard <= rules.age else now - rules.age
        open_acts = Counter(view.operation.customer_id for view in acts)
        unspent = session.risk.unspent(shop.tills, since=since, limit=rules.total + len(acts))
        lefts = ((left, open_acts[customer_id]) for customer_id, left in unspent)
        allowed = still_allowed(rules, lefts, outstanding=outstanding)
    return Exposure(Money(given, shop.currency), shop.terms.worth(allowed))


def explain_exposure(till: Till) -> ExposureExplanation:
    """Return the figure of `exposure` with the acts that it is made of."""

    def read(session: Session) -> ExposureExplanation:
        currency = session.settings.shop().currency
        acts = tuple(
            ActAtRisk(
                view=view,
                customer=known_customer(session, view.operation.customer_id),
                points=points_taken(view.operation.intent),
                given=Money(given_at_risk(view.operation.intent, view.evidence) or 0, currency),
            )
            for view in session.risk.acts()
        )
        return ExposureExplanation(exposure(session, till.clock.now()), acts)

    return till.book.read(read)


def _room(session: Session, customer: Customer, now: datetime, besides: OperationView | None) -> Room:
    standing, acts = session.khata.standing(customer.id), session.risk.acts()
    own = 0 if besides is None else points_taken(besides.operation.intent)
    known = Known(
        name=customer.profile.name,
        points=standing.server_points or 0,
        as_of=_points_as_of(session, standing),
        pending=standing.unsent_redeemed - own,
        acts=sum(view.operation.customer_id == customer.id for view in acts),
    )
    found = room(session.settings.shop().risk, known, outstanding=_points(acts), now=now)
    return replace(found, free=0) if session.proofs.is_held(customer.id) else found


def _points(acts: Sequence[OperationView]) -> int:
    return sum(points_taken(view.operation.intent) for view in acts)


def _points_as_of(session: Session, standing: Standing) -> datetime | None:
    """Return the moment of which the points are known: a server that tells what changed vouches for the rest."""
    heard = _heard_whole(session)
    if standing.points_as_of is None or heard is None:
        return standing.points_as_of
    return max(standing.points_as_of, heard)


def _heard_whole(session: Session) -> datetime | None:
    """Return when everything that had changed was last read; None where a server does not tell that."""
    connection = primary_connection(session)
    if connection is None or not connection.capabilities.updated_since:
        return None
    return connection.last_success_at
