"""What a form shows while a person types is what the act then does, and what it would be refused for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from posapp.domain.errors import DomainError
from posapp.domain.money import Money
from posapp.domain.operation import LEDGER_KINDS, OperationKind
from posapp.domain.policy import AmountNotPositive, BalanceUnknown, DueBeforeCharge, InTheFuture, OverCreditLimit
from posapp.services.allocations import preview_payment
from posapp.services.khata import EntryForm, preview_entry, record_entry
from posapp.services.till import CustomerGone, UnknownCustomer
from tests.services.counter import EXTENDED, Counter, fresh, taka
from tests.support.book import START

TODAY = START.date()


@pytest.mark.parametrize("kind", sorted(LEDGER_KINDS))
@pytest.mark.parametrize("amount", [-5, 0, 50, 300, 5000])
@pytest.mark.parametrize("balance", [-200, 0, 400])
def test_an_entry_does_what_its_preview_said(counter: Counter, kind: OperationKind, amount: int, balance: int) -> None:
    counter.shop(credit_limit=taka(450))
    counter.connect(EXTENDED)
    asha = counter.on_server(balance=balance)
    form = EntryForm(fresh(), asha, kind, taka(amount))
    seen = preview_entry(counter.till, form)
    assert (seen.before.balance, seen.limit) == (taka(balance), taka(450))
    assert counter.operations() == []
    if seen.refusal is None:
        recorded = record_entry(counter.till, form)
        assert seen.after_balance == recorded.after.balance
        assert seen.room == max(taka(450) + taka(counter.balance(asha) or 0), taka(0))
    else:
        with pytest.raises(type(seen.refusal)) as refused:
            record_entry(counter.till, form)
        assert refused.value.params == seen.refusal.params
        assert counter.balance(asha) == balance


def test_a_rule_is_part_of_the_answer(counter: Counter) -> None:
    asha = counter.customer()

    def refusal(kind: str = "charge", **fields: object) -> DomainError | None:
        form = EntryForm(fresh(), asha, OperationKind(kind), fields.pop("amount", taka(5)), **fields)  # type: ignore[arg-type]
        return preview_entry(counter.till, form).refusal

    assert isinstance(refusal(on=TODAY + timedelta(1)), InTheFuture)
    assert isinstance(refusal(due_on=TODAY - timedelta(1)), DueBeforeCharge)
    assert isinstance(refusal("payment", amount=taka(0)), AmountNotPositive)
    assert isinstance(refusal("opening", amount=Money(0, "BDT")), AmountNotPositive)
    counter.shop(credit_limit=taka(0))
    assert isinstance(refusal(), OverCreditLimit)
    assert refusal(approved_by="Boss") is None
    counter.gone(asha)
    assert isinstance(refusal(), CustomerGone)
    with pytest.raises(UnknownCustomer):
        preview_entry(counter.till, EntryForm(fresh(), "nobody", OperationKind.CHARGE, taka(5)))  # type: ignore[arg-type]


def test_a_preview_of_a_balance_nobody_knows(counter: Counter) -> None:
    counter.connect(EXTENDED)
    counter.shop(credit_limit=taka(500))
    asha = counter.on_server(balance=None)
    seen = preview_entry(counter.till, EntryForm(fresh(), asha, OperationKind.CHARGE, taka(5)))
    assert (seen.after_balance, seen.room) == (None, None)
    assert isinstance(seen.refusal, BalanceUnknown)
    payment = preview_payment(counter.till, asha, taka(5))
    assert (payment.after_balance, payment.allocation) == (None, None)


def test_a_payment_pays_what_was_due_first_and_the_rest_is_an_advance(counter: Counter) -> None:
    counter.shop(terms_days=10)
    asha = counter.customer()
    counter.enter(asha, "charge", 300, due_on=TODAY + timedelta(30), note="Oil")
    counter.enter(asha, "charge", 500, on=TODAY - timedelta(5), note="Rice")
    counter.enter(asha, "payment", 100)
    seen = preview_payment(counter.till, asha, taka(450))
    assert seen.allocation is not None
    shown = [(part.debit.description, part.taken, part.left) for part in seen.allocation.parts]
    assert shown == [("Rice", taka(400), taka(0)), ("Oil", taka(50), taka(250))]
    assert seen.allocation.parts[0].debit.due_on == TODAY + timedelta(5)
    assert (seen.before.balance, seen.after_balance) == (taka(-700), taka(-250))
    over = preview_payment(counter.till, asha, taka(1000)).allocation
    assert over is not None
    assert over.advance == taka(300)
    assert counter.balance(asha) == -700
