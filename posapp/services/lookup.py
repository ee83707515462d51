"""Finding a customer and opening her numbers to the lines that make them (design, promise 5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from posapp.domain.ageing import Ageing, age
from posapp.domain.customer import Profile
from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId, RemoteId
from posapp.domain.ledger import Direction, EntryKind, signed
from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.segments import Segment
from posapp.services.accounts import account_of
from posapp.services.dto import Customer, KhataLine, PointsLine, SaleRecord, Standing
from posapp.services.ports.book import Session
from posapp.services.ports.proofs import KhataProof
from posapp.services.ports.remote import SILENT, Traits
from posapp.services.ports.search import Found, FoundCustomer
from posapp.services.till import Till, UnknownCustomer, credit_limit_of, known_customer, primary_connection
from posapp.services.traits import segment, told_traits

_ALIKE = 5


class SeveralMatch(DomainError):
    """A text that should name one customer names several."""

    id = "several_match"
    title = N_("Several customers match")
    message = N_("“{text}” matches {count}: {names}.")
    hint = N_("Give the id, the whole phone number or the card.")


@dataclass(frozen=True, slots=True)
class Card:
    """All that a customer's card shows.

    Attributes:
        customer: Whom.
        standing: Her numbers.
        limit: The most that she may owe; None for no limit.
        remote_id: On the primary server; None while it does not know her.
        sales: Her last bills, newest first.
        ageing: How old what she owes is, today; None while her balance is unknown.
        last_payment_at: When she last paid something on her khata, as far as this till knows.
        proof: How her khata stands against the server's; None where that one keeps none of hers.
        traits: What else the server says; nothing where it does not.
        segment: Which kind of customer; None while too little is known to say.
    """

    customer: Customer
    standing: Standing
    limit: Money | None
    remote_id: RemoteId | None
    sales: Sequence[SaleRecord]
    ageing: Ageing | None
    last_payment_at: datetime | None
    proof: KhataProof | None = None
    traits: Traits = SILENT
    segment: Segment | None = None

    @property
    def used(self) -> Money | None:
        """What of her limit is used, which is what she owes; None while unknown."""
        return None if self.ageing is None else self.ageing.owed

    @property
    def left(self) -> Money | None:
        """What she may still take on account; None while unknown, and where there is no limit."""
        if self.limit is None or self.standing.balance is None:
            return None
        return max(self.limit + self.standing.balance, Money(0, self.limit.currency))


@dataclass(frozen=True, slots=True)
class Ledger:
    """A khata in a period: opening + Σ lines = closing.

    Attributes:
        customer: Whose.
        lines: Of the period, oldest first.
        opening: Balance before the first line; None while the server's part is unknown.
        closing: Balance after the last line of the period.
        standing: Her numbers now.
    """

    customer: Customer
    lines: Sequence[KhataLine]
    opening: Money | None
    closing: Money | None
    standing: Standing


@dataclass(frozen=True, slots=True)
class BalanceExplanation:
    """The lines that make a balance.

    Attributes:
        customer: Whose.
        standing: Her numbers now.
        brought: What the server's figure holds beyond the lines known here (its history was not fetched, or begins
            with a figure); the first line of the sum. None while the server's figure is unknown.
        lines: Every known line that counts, oldest first.
    """

    customer: Customer
    standing: Standing
    brought: Money | None
    lines: Sequence[KhataLine]


@dataclass(frozen=True, slots=True)
class PointsExplanation:
    """The movements that make the points shown.

    Attributes:
        customer: Whose.
        standing: Her numbers now.
        brought: What the server's figure holds beyond the movements known here; the first line of the sum. None while
            the server's figure is unknown.
        lines: This till's movements, oldest first; Σ of those that count + `brought` = the points shown.
    """

    customer: Customer
    standing: Standing
    brought: int | None
    lines: Sequence[PointsLine]


def find(till: Till, text: str, *, limit: int = 20) -> Found:
    """Return the customers that a text finds, best first, and what to mark of each."""
    return till.book.read(lambda session: session.customers.find(text, limit))


def phones_missing(till: Till) -> int:
    """Return how many customers cannot be found by their phone yet: the server tells it of one customer at a time."""
    return till.book.read(lambda session: session.operations.counts()).phones_missing


def recent(till: Till, *, limit: int = 20) -> Sequence[FoundCustomer]:
    """Return the customers whose card was opened lately, the last one first: what an empty search shows."""
    return till.book.read(lambda session: session.customers.recent(limit))


def seen(till: Till, customer_id: CustomerId) -> None:
    """Note that a customer's card was opened: within a kind of match she is found first from now on.

    Raises:
        UnknownCustomer: The id is not in the book.
    """

    def note(session: Session) -> None:
        known_customer(session, customer_id)
        session.customers.note_seen(customer_id, till.clock.now())

    till.book.write(note, urgent=False)


def alike(
    till: Till, *, name: str, phone: str | None = None, email: str | None = None, besides: CustomerId | None = None
) -> Sequence[FoundCustomer]:
    """Return at most five customers who may be the one whose particulars are being typed.

    Those of the same phone come first, however it is written, then those of the same e-mail, then those of the same
    name, also where it is misspelled or sounds alike.

    Args:
        till: This till.
        name: As far as it is typed.
        phone: As far as it is typed.
        email: As far as it is typed.
        besides: The customer who is being edited.
    """
    typed = Profile(name=name, phone=phone, email=email)
    found = till.book.read(lambda session: session.customers.alike(typed, _ALIKE + 1))
    return [one for one in found if one.customer.id != besides][:_ALIKE]


def the_one(till: Till, text: str) -> CustomerId:
    """Return the id of the one customer whom a text names.

    Args:
        till: This till.
        text: An id, also of one who is not served any more, a phone, a card code, or words that find exactly one.

    Raises:
        UnknownCustomer: Nobody matches.
        SeveralMatch: More than one does; the error lists them.
    """

    def read(session: Session) -> Sequence[Customer]:
        gone = session.customers.get(CustomerId(text))
        return session.customers.resolve(text) or ([] if gone is None else [gone])

    matches = till.book.read(read)
    if not matches:
        raise UnknownCustomer(text=text)
    if len(matches) > 1:
        shown = "; ".join(_short(customer) for customer in matches[:5])
        raise SeveralMatch(text=text, count=len(matches), names=shown, matches=tuple(matches))
    return matches[0].id


def card(till: Till, customer_id: CustomerId) -> Card:
    """Return what a customer's card shows; also of one who was deleted.

    Raises:
        UnknownCustomer: The id is not in the book.
    """

    def read(session: Session) -> Card:
        explained = explain(session, customer_id)
        connection, shop = primary_connection(session), session.settings.shop()
        account = account_of(shop, explained.lines, explained.brought)
        traits = told_traits(session, customer_id)
        return Card(
            customer=explained.customer,
            standing=explained.standing,
            limit=credit_limit_of(explained.customer, shop),
            remote_id=session.mirror.remote_id(connection.id, customer_id) if connection else None,
            sales=session.khata.sales(customer_id, 10),
            ageing=None if account is None else age(account, shop.day_of(till.clock.now())),
            last_payment_at=_last_payment(explained.lines),
            proof=session.proofs.of_customer(customer_id),
            traits=traits,
            segment=segment(till, session, customer_id, explained.standing, traits),
        )

    return till.book.read(read)


def ledger(till: Till, customer_id: CustomerId, *, first: date | None = None, last: date | None = None) -> Ledger:
    """Return a khata in a period of the shop's days, both inclusive."""

    def read(session: Session) -> Ledger:
        shop = session.settings.shop()
        explained = explain(session, customer_id)
        opening = explained.brought
        lines: list[KhataLine] = []
        closing = opening
        for line in explained.lines:
            day = shop.day_of(line.occurred_at)
            if last is not None and day > last:
                continue
            if first is not None and day < first:
                opening = _plus(opening, line)
            else:
                lines.append(line)
            closing = _plus(closing, line)
        return Ledger(explained.customer, lines, opening, closing, explained.standing)

    return till.book.read(read)


def explain_balance(till: Till, customer_id: CustomerId) -> BalanceExplanation:
    """Return the lines that make a customer's balance."""
    return till.book.read(lambda session: explain(session, customer_id))


def explain_points(till: Till, customer_id: CustomerId) -> PointsExplanation:
    """Return what makes a customer's points."""

    def read(session: Session) -> PointsExplanation:
        customer = known_customer(session, customer_id)
        standing = session.khata.standing(customer_id)
        lines = session.khata.points_lines(customer_id)
        counted = sum(line.points for line in lines if line.counted)
        brought = None if standing.points is None else standing.points - counted
        return PointsExplanation(customer, standing, brought, lines)

    return till.book.read(read)


def explain(session: Session, customer_id: CustomerId) -> BalanceExplanation:
    """Return the lines that make a customer's balance, inside a running transaction.

    Raises:
        UnknownCustomer: The id is not in the book.
    """
    customer = known_customer(session, customer_id)
    standing = session.khata.standing(customer_id)
    lines = session.khata.lines(customer_id)
    if standing.balance is None:
        return BalanceExplanation(customer, standing, None, lines)
    counted = sum((_effect(line) for line in lines if line.counted), Money(0, standing.balance.currency))
    return BalanceExplanation(customer, standing, standing.balance - counted, lines)


def _last_payment(lines: Sequence[KhataLine]) -> datetime | None:
    """Return when something was last paid; a server's credit says no kind and counts as a payment."""
    return max((line.occurred_at for line in lines if _is_payment(line)), default=None)


def _is_payment(line: KhataLine) -> bool:
    """Return whether a line is money that a customer paid and nobody took back."""
    if not line.counted or line.reversed_by is not None:
        return False
    return line.kind is EntryKind.PAYMENT or (line.kind is None and line.direction is Direction.CREDIT)


def _effect(line: KhataLine) -> Money:
    return signed(line.direction, line.amount)


def _plus(balance: Money | None, line: KhataLine) -> Money | None:
    if balance is None or not line.counted:
        return balance
    return balance + _effect(line)


def _short(customer: Customer) -> str:
    phone = customer.profile.phone
    return f"{customer.profile.name} ({phone or customer.id})"
