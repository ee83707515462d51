"""The open debts of a customer: behind each bucket of her ageing, and what a payment would pay of them."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.ageing import Ageing, age
from posapp.domain.allocation import Allocation, OpenDebit, allocate
from posapp.domain.ids import CustomerId
from posapp.domain.money import Money
from posapp.services.accounts import account_of
from posapp.services.dto import Customer, Standing
from posapp.services.lookup import explain
from posapp.services.ports.book import Session
from posapp.services.till import Till


@dataclass(frozen=True, slots=True)
class PaymentPreview:
    """What a payment would do.

    Attributes:
        before: The customer's numbers now.
        after_balance: Her balance after it, negative when she owes; None while unknown.
        allocation: The debts that it pays, what was due first at the front; None while her balance is unknown.
    """

    before: Standing
    after_balance: Money | None
    allocation: Allocation | None


def preview_payment(till: Till, customer_id: CustomerId, amount: Money) -> PaymentPreview:
    """Return how a payment would spread over a customer's open debts, changing nothing.

    Raises:
        UnknownCustomer: The id is not in the book.
    """

    def read(session: Session) -> PaymentPreview:
        explained = explain(session, customer_id)
        account = account_of(session.settings.shop(), explained.lines, explained.brought)
        balance = explained.standing.balance
        return PaymentPreview(
            before=explained.standing,
            after_balance=None if balance is None else balance + amount,
            allocation=None if account is None else allocate(account.debits, amount),
        )

    return till.book.read(read)


@dataclass(frozen=True, slots=True)
class AgeingExplanation:
    """The open debts behind the buckets of an ageing.

    Attributes:
        customer: Whose.
        standing: Her numbers now.
        ageing: How old what she owes is, today; None while her balance is unknown.
        debits: What is open, what was due first at the front.
    """

    customer: Customer
    standing: Standing
    ageing: Ageing | None
    debits: tuple[OpenDebit, ...]


def explain_ageing(till: Till, customer_id: CustomerId) -> AgeingExplanation:
    """Return the open debts that make a customer's ageing.

    Raises:
        UnknownCustomer: The id is not in the book.
    """

    def read(session: Session) -> AgeingExplanation:
        explained, shop = explain(session, customer_id), session.settings.shop()
        account = account_of(shop, explained.lines, explained.brought)
        if account is None:
            return AgeingExplanation(explained.customer, explained.standing, None, ())
        ageing = age(account, shop.day_of(till.clock.now()))
        return AgeingExplanation(explained.customer, explained.standing, ageing, account.debits)

    return till.book.read(read)
