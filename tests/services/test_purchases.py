"""A customer's bills: newest first, with how far each has come and whether it was undone."""

from __future__ import annotations

import pytest

from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationState
from posapp.services.dto import LineState
from posapp.services.purchases import purchases
from posapp.services.till import UnknownCustomer
from tests.services.counter import Counter


def test_bills_say_how_far_they_have_come(counter: Counter) -> None:
    counter.connect()
    asha = counter.on_server()
    numbers = ("saved", "undone", "refused", "confirmed")
    made = {number: counter.sell(asha, 1_000, receipt_number=number, offline=True).sale for number in numbers}
    counter.reverse(made["undone"].id)
    counter.move(made["refused"].id, OperationState.IN_FLIGHT, OperationState.REJECTED)
    counter.move(made["confirmed"].id, OperationState.IN_FLIGHT, OperationState.CONFIRMED)
    shown = purchases(counter.till, asha)
    assert {bill.sale.receipt_number: (bill.state, bill.reversed) for bill in shown.bills} == {
        "confirmed": (LineState.CONFIRMED, False),
        "refused": (LineState.REJECTED, False),
        "undone": (LineState.SAVED, True),
        "saved": (LineState.SAVED, False),
    }
    assert not shown.more


def test_only_so_many_bills_are_read_and_the_rest_is_told(counter: Counter) -> None:
    asha = counter.customer()
    for number in range(3):
        counter.sell(asha, 1_000, receipt_number=str(number), offline=True)
        counter.clock.advance(seconds=1)
    shown = purchases(counter.till, asha, limit=2)
    assert [bill.sale.receipt_number for bill in shown.bills] == ["2", "1"]
    assert shown.more


def test_nobody_has_no_bills(counter: Counter) -> None:
    with pytest.raises(UnknownCustomer):
        purchases(counter.till, CustomerId("nobody"))
