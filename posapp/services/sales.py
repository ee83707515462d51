"""A sale: the bill, the discount for points, the part on account, the points it earns (design, section 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from posapp.domain.errors import DomainError
from posapp.domain.exposure import Risk, noted_risk
from posapp.domain.ids import CustomerId, EntryId, OperationId, new_uuid
from posapp.domain.ledger import Direction, EntryKind, LedgerEntry
from posapp.domain.loyalty import discount_for, most_points
from posapp.domain.money import Money
from posapp.domain.operation import Operation, OperationKind, OperationState
from posapp.domain.policy import AmountNotPositive, OnAccountAboveBill, check_credit, check_held, check_positive
from posapp.services.dto import Customer, LedgerDetails, SaleRecord, Standing
from posapp.services.exposure import allow_risk
from posapp.services.khata_till import check_khata_till
from posapp.services.ports.book import Session
from posapp.services.ports.delivery import Delivery
from posapp.services.redemptions import PointsUnknown, available_points, check_points, settle_online, take_off
from posapp.services.till import (
    Recorded,
    Till,
    When,
    ask_if_large,
    capabilities,
    credit_limit_of,
    draft,
    known_customer,
    live_customer,
    moment_of,
    record,
    refusal_of,
    when,
)
from posapp.services.traits import check_blacklist


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
        approved_by: The manager who allows what the rules forbid (credit over the limit, points without the server, a
            blacklisted customer); None for nobody.
        at_risk: Whether the discount is given at the shop's risk, without asking the server first.
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
    at_risk: bool = False


@dataclass(frozen=True, slots=True)
class SaleResult:
    """A sale as recorded, with the customer's numbers before and after."""

    recorded: Recorded
    sale: SaleRecord


@dataclass(frozen=True, slots=True)
class SalePreview:
    """What a sale would do, while a cashier types it.

    Attributes:
        sale: The bill as of now, without points that cannot be taken off; `paid` is below zero where more than all of
            it goes on account.
        standing: The customer's numbers now.
        after_balance: Her balance after the sale, negative when she owes; None while unknown.
        limit: The most that she may owe; None for no limit.
        take_now: What of the part on account must be paid at once for the limit to hold; zero where it holds, None
            while her balance is unknown.
        usable_points: The most points that can be taken off this bill; None while her points are unknown.
        refusal: The rule that would refuse the sale as typed; None for none.
    """

    sale: SaleRecord
    standing: Standing
    after_balance: Money | None
    limit: Money | None
    take_now: Money | None
    usable_points: int | None
    refusal: DomainError | None


def preview_sale(till: Till, form: SaleForm) -> SalePreview:
    """Return what a sale would do, changing nothing; a broken rule is part of the answer.

    Raises:
        UnknownCustomer: The id is not in the book.
    """
    return till.book.read(lambda session: _preview_sale(till, session, form))


def _preview_sale(till: Till, session: Session, form: SaleForm) -> SalePreview:
    customer, shop = known_customer(session, form.customer_id), session.settings.shop()
    standing, limit = session.khata.standing(customer.id), credit_limit_of(customer, shop)
    usable = _usable_points(session, customer, form.total)
    fitting = form if 0 <= form.points <= (usable or 0) else replace(form, points=0)
    moment = When(till.clock.now(), backdated=False)
    balance, zero = standing.balance, Money(0, shop.currency)
    over = zero if balance is None or limit is None else form.on_account - balance - limit

    def check() -> None:
        _bill(session, form, live_customer(session, customer.id), standing, when(till, shop, form.on))

    return SalePreview(
        sale=_make_bill(session, fitting, moment, _discount(session, fitting)),
        standing=standing,
        after_balance=None if balance is None else balance - form.on_account,
        limit=limit,
        take_now=None if balance is None else min(max(over, zero), max(form.on_account, zero)),
        usable_points=usable,
        refusal=refusal_of(check),
    )


def _usable_points(session: Session, customer: Customer, bill: Money) -> int | None:
    try:
        available = available_points(session, customer)
    except PointsUnknown:
        return None
    most = most_points(bill, session.settings.shop().terms, exact=capabilities(session).sales)
    return max(min(available, most), 0)


def record_sale(till: Till, delivery: Delivery | None, form: SaleForm) -> SaleResult:
    """Record a sale; one with points returns only once the server agreed, unless they are given at the shop's risk.

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
    if awaited is None or form.at_risk:
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
        risk = _risk(till, session, form, sale.discount)
        redemption = _redemption_first(till, session, form, risk) if sale.kept and form.points else None
        noted = risk.noted() if risk is not None and redemption is None else {}
    else:
        sale = _known_bill(session, form)
        told = known.operation.intent.get("redeem_operation")
        redemption = None if told is None else OperationId(str(told))
        noted = noted_risk(known.operation.intent)
    waits = not sale.kept or (redemption is not None and not form.at_risk)
    state = OperationState.PENDING if waits else OperationState.KEPT
    bill = BillAct(sale, moment, redemption, noted, form.approved_by)
    operation, state = append_bill(till, session, bill, state)
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
    check_positive(form.total)
    if form.on_account.minor < 0:
        raise AmountNotPositive
    check_blacklist(session, customer, form.approved_by)
    if form.points:
        check_points(session, customer, form.points)
    discount = _discount(session, form)
    due = form.total - discount
    if form.on_account > due:
        raise OnAccountAboveBill(amount=form.on_account, due=due)
    if form.approved_by is None:
        limit = credit_limit_of(customer, session.settings.shop())
        check_credit(customer.profile.name, standing.balance, form.on_account, limit)
        check_held(customer.profile.name, form.on_account, held=session.proofs.is_held(customer.id))
    if form.on_account and not capabilities(session).sales:
        check_khata_till(session, form.approved_by)
    ask_if_large(session, form.total, frozenset({OperationKind.SALE}), confirmed=form.confirmed)
    return _make_bill(session, form, moment, discount)


def _discount(session: Session, form: SaleForm) -> Money:
    shop = session.settings.shop()
    if not form.points:
        return Money(0, shop.currency)
    return discount_for(form.points, form.total, shop.terms, exact=capabilities(session).sales)


def _make_bill(session: Session, form: SaleForm, moment: When, discount: Money) -> SaleRecord:
    return SaleRecord(
        id=form.operation_id,
        customer_id=form.customer_id,
        total=form.total,
        discount=discount,
        on_account=form.on_account,
        paid=form.total - discount - form.on_account,
        points_redeemed=form.points,
        points_earned=session.settings.shop().terms.earned(form.total, discount),
        receipt_number=form.receipt_number,
        occurred_at=moment.occurred_at,
        kept=not capabilities(session).sales,
    )


def _risk(till: Till, session: Session, form: SaleForm, discount: Money) -> Risk | None:
    """Return the terms under which points are given before the server agreed; None where they are not."""
    if not form.at_risk or not form.points or not capabilities(session).points:
        return None
    return allow_risk(till, session, form.customer_id, form.points, discount, approved_by=form.approved_by)


def _redemption_first(till: Till, session: Session, form: SaleForm, risk: Risk | None) -> OperationId | None:
    """Record the redemption of a bill that itself stays on this till, where the server keeps the points."""
    if not capabilities(session).points:
        return None
    operation_id = OperationId(new_uuid())
    take_off(
        till,
        session,
        operation_id=operation_id,
        customer_id=form.customer_id,
        points=form.points,
        sale_id=form.operation_id,
        risk=risk,
        approved_by=form.approved_by if risk else None,
    )
    return operation_id


@dataclass(frozen=True, slots=True)
class BillAct:
    """A bill as it is to be appended.

    Attributes:
        sale: The bill.
        moment: When it was made.
        redemption: The act on the server that its discount stands on; None for none of its own.
        noted: What its intent says beyond the bill.
        approved_by: The manager who allowed it; None for nobody.
    """

    sale: SaleRecord
    moment: When
    redemption: OperationId | None
    noted: Mapping[str, object]
    approved_by: str | None


def append_bill(till: Till, session: Session, bill: BillAct, state: OperationState) -> tuple[Operation, OperationState]:
    """Append a checked bill's act and, the first time, its lines, all at one moment."""
    sale, moment = bill.sale, bill.moment
    intent = {
        "total": sale.total.minor,
        "discount": sale.discount.minor,
        "on_account": sale.on_account.minor,
        "paid": sale.paid.minor,
        "points_redeemed": sale.points_redeemed,
        "points_earned": sale.points_earned,
        "receipt_number": sale.receipt_number,
        "backdated": moment.backdated,
        "redeem_operation": bill.redemption,
        **bill.noted,
    }
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
            approved_by=bill.approved_by,
        ),
        state=state,
        write=lambda _: _append_lines(session, sale, moment, own_redemption=bill.redemption is None),
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
