"""A sale: the bill, the discount for points, the part on account, the points it earns (design, section 3)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from posapp.domain.ids import CustomerId, EntryId, OperationId, new_uuid
from posapp.domain.ledger import Direction, EntryKind, LedgerEntry
from posapp.domain.loyalty import discount_for
from posapp.domain.money import Money
from posapp.domain.operation import Operation, OperationKind, OperationState
from posapp.domain.policy import AmountNotPositive, OnAccountAboveBill, check_credit, check_positive
from posapp.services.dto import Customer, LedgerDetails, SaleRecord, Standing
from posapp.services.ports.book import Session
from posapp.services.ports.delivery import Delivery
from posapp.services.redemptions import check_points, settle_online
from posapp.services.till import (
    Recorded,
    Till,
    When,
    ask_if_large,
    capabilities,
    credit_limit_of,
    draft,
    live_customer,
    moment_of,
    record,
    when,
)


@dataclass(frozen=True, slots=True)
class SaleForm:
    """What a cashier typed for a sale.

    Attributes:
        operation_id: Made when the form opened; the same id again is the same sale.
        customer_id: To whom.
        total: The bill before the discount.
        on_account: The part that goes on the khata; the rest counts as paid.
        points: Points taken off.
        receipt_number: Of the till roll.
        on: An earlier day; None for now.
        confirmed: Whether a person confirmed an unusually large amount.
        approved_by: The manager who allows credit beyond the rules; None for nobody.
    """

    operation_id: OperationId
    customer_id: CustomerId
    total: Money
    on_account: Money
    points: int = 0
    receipt_number: str | None = None
    on: date | None = None
    confirmed: bool = False
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class SaleResult:
    """A sale as recorded, with the customer's numbers before and after."""

    recorded: Recorded
    sale: SaleRecord


def preview_sale(till: Till, form: SaleForm) -> tuple[SaleRecord, Standing]:
    """Return the bill that a form would make and the customer's numbers now, changing nothing.

    Raises:
        DomainError: A rule would refuse it.
    """

    def read(session: Session) -> tuple[SaleRecord, Standing]:
        customer = live_customer(session, form.customer_id)
        standing = session.khata.standing(customer.id)
        moment = when(till, session.settings.shop(), form.on)
        return _bill(session, form, customer, standing, moment), standing

    return till.book.read(read)


def record_sale(till: Till, delivery: Delivery | None, form: SaleForm) -> SaleResult:
    """Record a sale; one with points returns only once the server agreed to take them off.

    Args:
        till: This till.
        delivery: Sends at once; None where no server can be reached at all.
        form: As typed.

    Raises:
        DomainError: A rule or the server refused; nothing stands.
        RedemptionNeedsServer, RedemptionUnknown: See `redeem`.
        StoreUnavailable: The book cannot be written.
    """
    result, awaited = till.book.write(lambda session: _record_sale(till, session, form))
    if awaited is None:
        return result
    dependent = None if awaited == form.operation_id else form.operation_id
    state = settle_online(till, delivery, awaited, form.points, dependent=dependent)
    after = till.book.read(lambda session: session.khata.standing(form.customer_id))
    recorded = result.recorded
    return SaleResult(Recorded(recorded.operation, state, recorded.customer, recorded.before, after), result.sale)


def _record_sale(till: Till, session: Session, form: SaleForm) -> tuple[SaleResult, OperationId | None]:
    """Record a sale once and return it with the act whose answer it waits for: itself or a redemption before it."""
    customer = live_customer(session, form.customer_id)
    before = session.khata.standing(customer.id)
    known = session.operations.get(form.operation_id)
    moment = moment_of(till, session, form.operation_id, form.on)
    if known is None:
        sale = _bill(session, form, customer, before, moment)
        redemption = _redemption_first(till, session, form) if sale.kept and form.points else None
    else:
        sale = _known_bill(session, form)
        told = known.operation.intent.get("redeem_operation")
        redemption = None if told is None else OperationId(str(told))
    operation, state = _append(till, session, sale, moment, redemption=redemption, approved_by=form.approved_by)
    recorded = Recorded(operation, state, customer, before, session.khata.standing(customer.id))
    own = form.operation_id if form.points and not sale.kept else None
    return SaleResult(recorded, sale), redemption or own


def _known_bill(session: Session, form: SaleForm) -> SaleRecord:
    """Return a recorded bill with what was typed now, so that other content under its id is noticed."""
    sale = session.khata.sale(form.operation_id)
    assert sale is not None, "a sale's operation and its bill are one transaction"
    return replace(
        sale,
        customer_id=form.customer_id,
        total=form.total,
        on_account=form.on_account,
        points_redeemed=form.points,
        receipt_number=form.receipt_number,
    )


def _bill(session: Session, form: SaleForm, customer: Customer, standing: Standing, moment: When) -> SaleRecord:
    """Check a sale's rules and return the bill (points, discount, limits; design, section 3)."""
    shop = session.settings.shop()
    check_positive(form.total)
    if form.on_account.minor < 0:
        raise AmountNotPositive
    discount = Money(0, shop.currency)
    if form.points:
        check_points(session, customer, form.points)
        discount = discount_for(form.points, form.total, shop.terms, exact=capabilities(session).sales)
    due = form.total - discount
    if form.on_account > due:
        raise OnAccountAboveBill(amount=form.on_account, due=due)
    if form.approved_by is None:
        check_credit(customer.profile.name, standing.balance, form.on_account, credit_limit_of(customer, shop))
    ask_if_large(session, form.total, frozenset({OperationKind.SALE}), confirmed=form.confirmed)
    return SaleRecord(
        id=form.operation_id,
        customer_id=customer.id,
        total=form.total,
        discount=discount,
        on_account=form.on_account,
        paid=due - form.on_account,
        points_redeemed=form.points,
        points_earned=shop.terms.earned(form.total, discount),
        receipt_number=form.receipt_number,
        occurred_at=moment.occurred_at,
        kept=not capabilities(session).sales,
    )


def _redemption_first(till: Till, session: Session, form: SaleForm) -> OperationId | None:
    """Record the redemption of a bill that itself stays on this till, where the server keeps the points."""
    if not capabilities(session).points:
        return None
    operation_id = OperationId(new_uuid())
    now = till.clock.now()
    intent = {"points": form.points, "sale_id": form.operation_id}
    record(
        till,
        session,
        draft(till, operation_id, OperationKind.REDEEM, form.customer_id, intent, occurred_at=now),
        state=OperationState.PENDING,
        write=lambda made: session.khata.add_points(made.id, form.customer_id, -form.points, now, kept=False),
    )
    return operation_id


def _append(
    till: Till,
    session: Session,
    sale: SaleRecord,
    moment: When,
    *,
    redemption: OperationId | None,
    approved_by: str | None,
) -> tuple[Operation, OperationState]:
    """Append a bill's act and, the first time, its lines, all at one moment."""
    intent = {
        "total": sale.total.minor,
        "discount": sale.discount.minor,
        "on_account": sale.on_account.minor,
        "paid": sale.paid.minor,
        "points_redeemed": sale.points_redeemed,
        "points_earned": sale.points_earned,
        "receipt_number": sale.receipt_number,
        "backdated": moment.backdated,
        "redeem_operation": redemption,
    }
    state = OperationState.KEPT if sale.kept and redemption is None else OperationState.PENDING
    return record(
        till,
        session,
        draft(
            till,
            sale.id,
            OperationKind.SALE,
            sale.customer_id,
            intent,
            occurred_at=moment.occurred_at,
            approved_by=approved_by,
        ),
        state=state,
        write=lambda _: _append_lines(session, sale, moment, own_redemption=redemption is None),
    )


def _append_lines(session: Session, sale: SaleRecord, moment: When, *, own_redemption: bool) -> None:
    session.khata.add_sale(sale)
    if sale.on_account:
        entry = LedgerEntry(
            id=EntryId(new_uuid()),
            customer_id=sale.customer_id,
            operation_id=sale.id,
            kind=EntryKind.SALE,
            direction=Direction.DEBIT,
            amount=sale.on_account,
            occurred_at=moment.occurred_at,
            description=sale.receipt_number or "",
            backdated=moment.backdated,
            kept=sale.kept,
        )
        session.khata.add_entry(entry, LedgerDetails(reference=sale.receipt_number))
    movements = (sale.points_earned, -sale.points_redeemed if own_redemption else 0)
    for points in movements:
        if points:
            session.khata.add_points(sale.id, sale.customer_id, points, moment.occurred_at, kept=sale.kept)
