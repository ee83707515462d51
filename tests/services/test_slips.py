"""Slips: what was done, the numbers after it in the customer's words, and how far it has come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from posapp.domain.ids import OperationId
from posapp.domain.operation import LEDGER_KINDS
from posapp.domain.slip import Slip
from posapp.locale.translator import Translator
from posapp.services.ports.writes import PreparedRequest
from posapp.services.slips import NoSlip, slip_of
from tests.services.counter import EXTENDED, Counter, S, fresh
from tests.support.book import START

SAY = Translator()


def of(counter: Counter, operation: str) -> Slip:
    return slip_of(counter.till, OperationId(operation))


def words(slip: Slip) -> list[list[str]]:
    """Return the groups of a slip as a person reads them, a star before what is strong."""
    return [
        [f"{'*' if line.strong else ''}{SAY.say(line.label)}: {SAY('{value}', value=line.value)}" for line in group]
        for group in slip.groups
    ]


def footer(slip: Slip) -> str:
    return SAY.say(slip.footer[0])


def test_a_payment(counter: Counter) -> None:
    asha = counter.customer("Asha Devi", phone="০১৭১১-২৩৪ ৫৬৭")
    counter.enter(asha, "charge", 50_000)
    made = counter.enter(asha, "payment", 20_000, tender="cash", reference="T-9").operation
    slip = of(counter, made.id)
    assert (slip.shop_name, slip.customer_name, slip.phone_end) == ("Mina Store", "Asha Devi", "4567")
    assert SAY.say(slip.title) == "Payment received"
    assert slip.number == made.id.replace("-", "")[-8:].upper()
    assert slip.at.utcoffset() == timedelta(hours=6)
    assert words(slip) == [
        ["*You paid: ৳200.00", "By: Cash", "Reference: T-9"],
        ["You owed before: ৳500.00", "*You owe now: ৳300.00"],
    ]
    assert footer(slip) == "Saved on this till."


def test_a_slip_made_again_shows_the_numbers_after_its_act(counter: Counter) -> None:
    asha = counter.customer()
    first = counter.enter(asha, "payment", 300).operation.id
    before = words(of(counter, first))
    assert before[1] == ["You owed before: ৳0.00", "*We owe you now: ৳3.00"]
    counter.enter(asha, "charge", 900)
    assert words(of(counter, first)) == before


def test_a_sale_with_points_and_a_part_on_account(counter: Counter) -> None:
    asha = counter.customer()
    counter.sell(asha, 5000)
    sold = counter.sell(asha, 1000, points=20, on_account=300, receipt_number="R-7")
    slip = of(counter, sold.sale.id)
    assert slip.number == "R-7"
    assert words(slip) == [
        ["Bill: ৳10.00", "Discount for 20 points: ৳2.00", "You paid: ৳5.00", "*Put on your account: ৳3.00"],
        ["You owed before: ৳0.00", "*You owe now: ৳3.00"],
        ["Points earned: 8", "*Points now: 38"],
    ]
    paid = counter.sell(asha, 99, receipt_number=None)
    assert words(of(counter, paid.sale.id))[0][-1] == "*You paid: ৳0.99"
    assert words(of(counter, paid.sale.id))[1] == ["*You owe now: ৳3.00"]


def test_a_redemption(counter: Counter) -> None:
    asha = counter.customer()
    counter.sell(asha, 5000)
    taken = counter.redeem(asha, 30).operation.id
    assert words(of(counter, taken)) == [["Points taken off: 30", "*Discount: ৳3.00"], ["*Points now: 20"]]


def test_a_reversal_says_what_and_why(counter: Counter) -> None:
    asha = counter.customer()
    charged = counter.enter(asha, "charge", 900)
    undone = counter.reverse(charged.operation.id, reason="typed twice").operation.id
    assert words(of(counter, undone))[0] == ["*What: charge", "Amount: ৳9.00", "Why: typed twice"]


@pytest.mark.parametrize("kind", sorted(LEDGER_KINDS))
def test_every_entry_has_a_slip_without_a_minus(counter: Counter, kind: str) -> None:
    asha = counter.customer()
    start = {"payout": "payment", "settlement": "charge", "write_off": "charge"}.get(kind)
    if start:
        counter.enter(asha, start, 500)
    fields: dict[str, Any] = {"note": "Rice", "due_on": START.date() + timedelta(9)} if kind == "charge" else {}
    slip = of(counter, counter.enter(asha, kind, 500, **fields).operation.id)
    shown = [text for group in words(slip) for text in group]
    assert "৳5.00" in shown[0]
    assert not [text for text in shown if "-৳" in text]
    if kind == "charge":
        assert shown[1:3] == ["For: Rice", "To be paid by: 2026-03-10"]


@pytest.mark.parametrize(
    ("states", "sentence"),
    [
        ((), "Saved on this till; it goes to the server by itself."),
        ((S.IN_FLIGHT, S.UNKNOWN), "Saved on this till; the server has not answered yet."),
        ((S.IN_FLIGHT, S.ACKED), "Accepted by the server."),
        ((S.NEEDS_HUMAN,), "Saved on this till; the shop is settling it with its server."),
    ],
)
def test_a_slip_says_how_far_it_has_come(counter: Counter, states: tuple[S, ...], sentence: str) -> None:
    counter.connect(EXTENDED)
    made = counter.enter(counter.on_server(balance=-100), "payment", 50).operation.id
    counter.move(made, *states)
    assert footer(of(counter, made)) == sentence


def test_an_accepted_act_says_when(counter: Counter) -> None:
    counter.connect(EXTENDED)
    made = counter.enter(counter.on_server(balance=-100), "payment", 50).operation.id
    request = PreparedRequest("POST", "/x", b"body", "application/json", "key")
    attempt = counter.book.write(lambda session: session.operations.start_attempt(made, request, START))
    counter.book.write(
        lambda session: session.operations.finish_attempt(
            attempt.id, outcome="ok", status=201, server_text="", error_kind="", at=START
        )
    )
    counter.move(made, S.IN_FLIGHT, S.CONFIRMED)
    assert footer(of(counter, made)) == "Accepted by the server 2026-03-01 15:00."


def test_unknown_is_not_zero(counter: Counter) -> None:
    counter.connect(EXTENDED)
    made = counter.enter(counter.on_server(balance=None, points=None), "payment", 50).operation.id
    assert words(of(counter, made)) == [["*You paid: ৳0.50"], ["Balance: not known on this till yet"]]


def test_points_used_beyond_what_there_were_have_no_minus(counter: Counter) -> None:
    counter.connect(EXTENDED)
    made = counter.enter(counter.on_server(balance=-100, points=-20), "payment", 50).operation.id
    assert words(of(counter, made))[2] == ["Points used beyond what you had: 20"]


def test_what_has_no_slip(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server(balance=-100)
    refused = counter.enter(asha, "payment", 50).operation.id
    counter.move(refused, S.IN_FLIGHT, S.REJECTED)
    counter.customer("New")
    created = counter.operations()[-1].operation.id
    for operation in (refused, created, fresh()):
        with pytest.raises(NoSlip):
            of(counter, operation)
