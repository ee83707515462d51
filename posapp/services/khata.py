"""Khata acts: payment, charge, opening, return, payout, settlement, write-off (design, section 3, *Khata*)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, EntryId, OperationId, new_uuid
from posapp.domain.ledger import DIRECTION_OF, Direction, EntryKind, LedgerEntry, signed
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.operation import LEDGER_KINDS, Operation, OperationKind, OperationState
from posapp.domain.policy import (
    AmountNotPositive,
    BalanceUnknown,
    DueBeforeCharge,
    PayoutAboveAdvance,
    SettlementAboveDebt,
    check_credit,
    check_held,
    check_positive,
)
from posapp.services.dto import Customer, LedgerDetails, Standing
from posapp.services.khata_till import check_khata_till
from posapp.services.ports.book import Session
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
)
from posapp.services.traits import NEVER_BARRED, check_blacklist


class OpeningExists(DomainError):
    """A khata begins once."""

    id = "opening_exists"
    title = N_("The khata has begun already")
    message = N_("{name} has an opening balance already.")
    hint = N_("Reverse the first one, or record a charge or a payment.")


@dataclass(frozen=True, slots=True)
class EntryForm:
    """What a person typed for a khata act.

    Attributes:
        operation_id: Made when the form opened; the same id again is the same act.
        customer_id: Whose khata.
        kind: Which act; one of `LEDGER_KINDS`.
        amount: Above zero; an opening may be negative for an advance.
        on: An earlier day on which it happened; None for now.
        tender: How it was paid.
        reference: Receipt or transaction number.
        note: For the statement.
        due_on: By when a charge is to be paid.
        confirmed: Whether a person confirmed an unusually large amount.
        approved_by: The manager who allows what the rules forbid; None for nobody.
    """

    operation_id: OperationId
    customer_id: CustomerId
    kind: OperationKind
    amount: Money
    on: date | None = None
    tender: str | None = None
    reference: str | None = None
    note: str | None = None
    due_on: date | None = None
    confirmed: bool = False
    approved_by: str | None = None


@dataclass(frozen=True, slots=True)
class EntryPreview:
    """What a khata act would do, while a person types it.

    Attributes:
        before: The customer's numbers now.
        after_balance: Her balance after it, negative when she owes; None while unknown.
        limit: The most that she may owe; None for no limit.
        room: What she could still take on account after it, never below zero; None while unknown and without a limit.
        refusal: The rule that would refuse the act as typed; None for none.
    """

    before: Standing
    after_balance: Money | None
    limit: Money | None
    room: Money | None
    refusal: DomainError | None


def preview_entry(till: Till, form: EntryForm) -> EntryPreview:
    """Return what a khata act would do, changing nothing; a broken rule is part of the answer.

    Raises:
        UnknownCustomer: The id is not in the book.
    """

    def read(session: Session) -> EntryPreview:
        customer, shop = known_customer(session, form.customer_id), session.settings.shop()
        before, limit = session.khata.standing(customer.id), credit_limit_of(customer, shop)
        effect = signed(direction_of(form), abs(form.amount))
        after = None if before.balance is None else before.balance + effect
        room = None if after is None or limit is None else _at_least_zero(limit + after)
        refusal = refusal_of(lambda: _allowed(till, session, form, live_customer(session, customer.id), before))
        return EntryPreview(before, after, limit, room, refusal)

    return till.book.read(read)


def record_entry(till: Till, form: EntryForm) -> Recorded:
    """Record a khata act and return the customer's numbers before and after.

    Raises:
        DomainError: A rule refuses it (amount, limit, advance, debt, date, customer); nothing was recorded.
        StoreUnavailable: The book cannot be written.
    """
    return till.book.write(lambda session: _record_entry(till, session, form))


def _record_entry(till: Till, session: Session, form: EntryForm) -> Recorded:
    customer = live_customer(session, form.customer_id)
    before = session.khata.standing(customer.id)
    moment = _allowed(till, session, form, customer, before)
    operation, state = write_entry(till, session, form, moment)
    return Recorded(operation, state, customer, before, session.khata.standing(customer.id))


def _allowed(till: Till, session: Session, form: EntryForm, customer: Customer, before: Standing) -> When:
    """Return when an act happened, or refuse it; one that stands already was allowed."""
    moment = moment_of(till, session, form.operation_id, form.on)
    if session.operations.get(form.operation_id) is None:
        check_khata_till(session, form.approved_by)
        _check(session, form, customer, before)
        _check_due(form, session.settings.shop().day_of(moment.occurred_at))
    return moment


def write_entry(
    till: Till, session: Session, form: EntryForm, moment: When, *, keep: bool = False
) -> tuple[Operation, OperationState]:
    """Append a checked khata act inside a running transaction; with `keep` it stays on this till in any case."""
    kept = keep or not capabilities(session).ledger_write
    direction = direction_of(form)
    entry = LedgerEntry(
        id=EntryId(new_uuid()),
        customer_id=form.customer_id,
        operation_id=form.operation_id,
        kind=EntryKind(form.kind.value),
        direction=direction,
        amount=abs(form.amount),
        occurred_at=moment.occurred_at,
        description=(form.note or "").strip()[:200],
        due_on=form.due_on,
        backdated=moment.backdated,
        kept=kept,
    )
    intent = {
        "amount": entry.amount.minor,
        "direction": direction.value,
        "description": entry.description,
        "tender": form.tender,
        "reference": form.reference,
        "due_on": form.due_on.isoformat() if form.due_on else None,
        "backdated": moment.backdated,
    }
    details = LedgerDetails(tender=form.tender, reference=form.reference, note=form.note, due_on=form.due_on)
    return record(
        till,
        session,
        draft(
            till,
            form.operation_id,
            form.kind,
            form.customer_id,
            intent,
            occurred_at=moment.occurred_at,
            approved_by=form.approved_by,
        ),
        state=OperationState.KEPT if kept else OperationState.PENDING,
        write=lambda _: session.khata.add_entry(entry, details),
    )


def direction_of(form: EntryForm) -> Direction:
    """Return which way an act moves the balance; an opening by its sign: positive is owed, negative an advance."""
    if form.kind is OperationKind.OPENING:
        return Direction.DEBIT if form.amount.minor > 0 else Direction.CREDIT
    return DIRECTION_OF[EntryKind(form.kind.value)]


def _check(session: Session, form: EntryForm, customer: Customer, standing: Standing) -> None:
    if form.kind is OperationKind.OPENING:
        if not form.amount:
            raise AmountNotPositive
        _known(standing, customer.profile.name)
        _check_first(session, customer)
    else:
        check_positive(form.amount)
    name = customer.profile.name
    if form.kind not in NEVER_BARRED:
        check_blacklist(session, customer, form.approved_by)
    if form.kind is OperationKind.CHARGE and form.approved_by is None:
        limit = credit_limit_of(customer, session.settings.shop())
        check_credit(name, standing.balance, form.amount, limit)
        check_held(name, form.amount, held=session.proofs.is_held(customer.id))
    if form.kind is OperationKind.PAYOUT:
        advance = _known(standing, name)
        if form.amount > advance:
            raise PayoutAboveAdvance(name=name, amount=form.amount, advance=_at_least_zero(advance))
    if form.kind in {OperationKind.SETTLEMENT, OperationKind.WRITE_OFF}:
        owed = -_known(standing, name)
        if form.amount > owed:
            raise SettlementAboveDebt(name=name, amount=form.amount, owed=_at_least_zero(owed))
    ask_if_large(session, abs(form.amount), LEDGER_KINDS, confirmed=form.confirmed)


def _check_due(form: EntryForm, day: date) -> None:
    if form.due_on is not None and form.due_on < day:
        raise DueBeforeCharge(day=day, due_on=form.due_on)


def _check_first(session: Session, customer: Customer) -> None:
    for line in session.khata.lines(customer.id):
        if line.kind is EntryKind.OPENING and line.counted and line.reversed_by is None:
            raise OpeningExists(name=customer.profile.name)


def _known(standing: Standing, name: str) -> Money:
    if standing.balance is None:
        raise BalanceUnknown(name=name)
    return standing.balance


def _at_least_zero(amount: Money) -> Money:
    return max(amount, Money(0, amount.currency))
