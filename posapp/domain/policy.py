"""The shop's rules for khata acts: limits, advances, large amounts, dates. Each refusal says what would be possible."""

from __future__ import annotations

from datetime import datetime, timedelta

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.domain.money import Money

LARGE_FACTOR = 10
"""A typed amount above this many times the largest so far is asked back (design; issue of the book, part 6)."""


class AmountNotPositive(DomainError):
    """Money acts move an amount above zero."""

    id = "amount_not_positive"
    title = N_("No amount")
    message = N_("The amount must be above zero.")


class OverCreditLimit(DomainError):
    """The customer would owe more than the shop allows."""

    id = "over_credit_limit"
    title = N_("Over the credit limit")
    message = N_("{name} would owe {would_owe}; the limit is {limit}.")
    hint = N_("At most {left} can go on account: take {take_now} now.")


class LimitBelowZero(DomainError):
    """A credit limit is an amount; zero is no credit."""

    id = "limit_below_zero"
    title = N_("Not a credit limit")
    message = N_("A credit limit cannot be below zero.")
    hint = N_("Give 0 for no credit at all.")


class BalanceUnknown(DomainError):
    """The server keeps the khata and this till has not read it yet."""

    id = "balance_unknown"
    title = N_("Khata not fetched yet")
    message = N_("What {name} owes is not known on this till yet.")
    hint = N_("Sync first (posapp sync), or take the payment now. Unknown is not zero.")


class KhataHeld(DomainError):
    """The khata is not what the server says, so no new credit goes on it."""

    id = "khata_held"
    title = N_("This khata is held")
    message = N_("The khata of {name} differs from the server's, so nothing new goes on account.")
    hint = N_("Take the money now, or ask the manager. The inbox shows what differs; payments work as always.")


class PayoutAboveAdvance(DomainError):
    """More would be given back than the customer paid ahead."""

    id = "payout_above_advance"
    title = N_("More than the advance")
    message = N_("{name} has an advance of {advance}; {amount} cannot be given back.")
    hint = N_("Give back at most {advance}.")


class SettlementAboveDebt(DomainError):
    """More would be forgiven than is owed."""

    id = "settlement_above_debt"
    title = N_("More than is owed")
    message = N_("{name} owes {owed}; {amount} cannot be forgiven.")
    hint = N_("Forgive at most {owed}.")


class OnAccountAboveBill(DomainError):
    """The part on account is larger than what is to be paid."""

    id = "on_account_above_bill"
    title = N_("More on account than the bill")
    message = N_("{amount} cannot go on account: after the discount the bill is {due}.")
    hint = N_("Put at most {due} on account.")


class LargeAmount(DomainError):
    """The amount is so much larger than usual that a slip of the finger is likely."""

    id = "large_amount"
    title = N_("Unusually large")
    message = N_("{amount} is more than ten times the largest amount so far ({largest}).")
    hint = N_("If it is right, confirm it (on the command line: --yes).")


class InTheFuture(DomainError):
    """An act cannot have happened later than now."""

    id = "in_the_future"
    title = N_("That day has not come yet")
    message = N_("The date lies in the future.")
    hint = N_("Give today or an earlier day.")


class DueBeforeCharge(DomainError):
    """Nothing is due before it was charged."""

    id = "due_before_charge"
    title = N_("Due before it was charged")
    message = N_("The charge is of {day}; it cannot be due on {due_on}.")
    hint = N_("Give that day or a later one.")


def check_positive(amount: Money) -> None:
    """Refuse an amount that is not above zero."""
    if amount.minor <= 0:
        raise AmountNotPositive


def check_limit(limit: Money | None) -> None:
    """Refuse a credit limit below zero; None is none."""
    if limit is not None and limit.minor < 0:
        raise LimitBelowZero


def check_credit(name: str, balance: Money | None, charge: Money, limit: Money | None) -> None:
    """Refuse a debit that would take the customer over the limit.

    Args:
        name: Of the customer, for the sentence.
        balance: Now; None where the server keeps it and it is not known here.
        charge: What would be added to the debt.
        limit: The most that may be owed; None for no limit, zero for no credit.

    Raises:
        BalanceUnknown: The balance is not known, so no limit can be kept.
        OverCreditLimit: The debt would be above the limit.
    """
    if not charge:
        return
    if balance is None:
        raise BalanceUnknown(name=name)
    if limit is None:
        return
    would_owe = charge - balance
    if would_owe > limit:
        left = max(balance + limit, Money(0, charge.currency))
        raise OverCreditLimit(name=name, would_owe=would_owe, limit=limit, left=left, take_now=charge - left)


def check_held(name: str, charge: Money, *, held: bool) -> None:
    """Refuse new credit on a khata that is not what the server says.

    Args:
        name: Of the customer, for the sentence.
        charge: What would be added to the debt.
        held: Whether it is held.

    Raises:
        KhataHeld: It is.
    """
    if charge and held:
        raise KhataHeld(name=name)


def check_large(amount: Money, largest: Money | None) -> None:
    """Refuse an amount above ten times the largest so far; the caller skips this once a person confirmed."""
    if largest is not None and largest and amount.minor > LARGE_FACTOR * largest.minor:
        raise LargeAmount(amount=amount, largest=largest)


def check_occurred(occurred_at: datetime, now: datetime) -> None:
    """Refuse a moment that lies more than a minute ahead of the till's clock."""
    if occurred_at > now + timedelta(minutes=1):
        raise InTheFuture
