"""Khata acts: which way each moves the balance, what each refuses, and that a double click is one act."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from posapp.domain.ledger import EntryKind
from posapp.domain.operation import LEDGER_KINDS
from posapp.domain.policy import (
    AmountNotPositive,
    BalanceUnknown,
    InTheFuture,
    LargeAmount,
    OverCreditLimit,
    PayoutAboveAdvance,
    SettlementAboveDebt,
)
from posapp.services.dto import CustomerStatus
from posapp.services.khata import OpeningExists
from posapp.services.till import CustomerGone, UnknownCustomer
from tests.services.counter import EXTENDED, PLAIN, Counter, S, fresh, taka
from tests.support.book import START

EFFECTS = {
    "opening": -100,
    "charge": -100,
    "payout": -100,
    "payment": 100,
    "return": 100,
    "settlement": 100,
    "write_off": 100,
}


def standing_at(counter: Counter, server, balance: int):
    """A customer of some balance, known to a server or not."""
    if server is None:
        asha = counter.customer()
        if balance:
            counter.enter(asha, "payment" if balance > 0 else "charge", abs(balance))
        return asha
    counter.connect(server)
    return counter.on_server(balance=balance)


def test_every_kind_has_its_direction() -> None:
    assert {kind.value for kind in LEDGER_KINDS} == set(EFFECTS)


@pytest.mark.parametrize("server", [None, PLAIN, EXTENDED], ids=["none", "plain", "extended"])
@pytest.mark.parametrize("kind", sorted(EFFECTS))
def test_a_double_click_is_one_act(counter: Counter, server, kind) -> None:
    before = 500 if kind == "payout" else -500 if kind in {"settlement", "write_off"} else 0
    asha, operation = standing_at(counter, server, before), fresh()
    made = [counter.enter(asha, kind, 100, operation_id=operation, note="by hand") for _ in range(3)]
    assert counter.balance(asha) == before + EFFECTS[kind]
    assert [one.operation for one in made] == [made[0].operation] * 3
    assert {one.state for one in made} == {S.PENDING if server is EXTENDED else S.KEPT}
    lines = counter.book.read(lambda session: session.khata.lines(asha))
    assert [line.kind for line in lines if line.operation_id == operation] == [EntryKind(kind)]


@pytest.mark.parametrize("kind", sorted(EFFECTS))
@pytest.mark.parametrize("amount", [0, -100])
def test_an_amount_is_above_zero(counter: Counter, kind, amount) -> None:
    asha = counter.customer()
    if kind == "opening" and amount < 0:
        counter.enter(asha, kind, amount)
        assert counter.balance(asha) == 100, "an advance"
        return
    with pytest.raises(AmountNotPositive):
        counter.enter(asha, kind, amount)


def test_an_id_that_comes_back_with_other_content_is_a_bug(counter: Counter) -> None:
    asha, operation = counter.customer(), fresh()
    counter.enter(asha, "payment", 100, operation_id=operation)
    for kind, amount in (("payment", 200), ("charge", 100)):
        with pytest.raises(RuntimeError):
            counter.enter(asha, kind, amount, operation_id=operation)
    assert counter.balance(asha) == 100


def test_a_second_click_after_midnight_is_the_same_act(counter: Counter) -> None:
    asha, operation = counter.customer(), fresh()
    today = date(2026, 3, 1)
    first = counter.enter(asha, "payment", 100, operation_id=operation, on=today)
    counter.clock.advance(hours=20)
    again = counter.enter(asha, "payment", 100, operation_id=operation, on=today)
    assert again.operation == first.operation
    assert counter.balance(asha) == 100


def test_a_second_click_meets_no_rule(counter: Counter) -> None:
    asha, operation = counter.customer(), fresh()
    counter.shop(credit_limit=taka(100))
    counter.enter(asha, "charge", 100, operation_id=operation)
    counter.connect(EXTENDED)
    again = counter.enter(asha, "charge", 100, operation_id=operation)
    assert (again.state, counter.balance(asha)) == (S.KEPT, -100), "what was kept stays kept"


@pytest.mark.parametrize(
    ("day", "zone", "moment", "backdated"),
    [
        (None, "Asia/Dhaka", START, False),
        (date(2026, 3, 1), "Asia/Dhaka", START, False),
        (date(2026, 2, 28), "Asia/Dhaka", datetime(2026, 2, 28, 6, tzinfo=UTC), True),
        (date(2026, 2, 28), "America/New_York", datetime(2026, 2, 28, 17, tzinfo=UTC), True),
        (date(2026, 2, 28), "Pacific/Kiritimati", datetime(2026, 2, 27, 22, tzinfo=UTC), True),
    ],
)
def test_the_day_is_the_shops(counter: Counter, day, zone, moment, backdated) -> None:
    asha = counter.customer()
    counter.shop(time_zone=zone)
    made = counter.enter(asha, "payment", 100, on=day)
    assert made.operation.occurred_at == moment
    assert made.operation.intent["backdated"] is backdated


def test_midnight_in_the_shop_parts_the_days(counter: Counter) -> None:
    """18:00 in London is midnight in Dhaka: a minute before, tomorrow has not come."""
    asha, tomorrow = counter.customer(), date(2026, 3, 2)
    counter.clock.advance(hours=8, minutes=59)
    with pytest.raises(InTheFuture):
        counter.enter(asha, "payment", 100, on=tomorrow)
    counter.clock.advance(minutes=1)
    assert not counter.enter(asha, "payment", 100, on=tomorrow).operation.intent["backdated"]


def test_credit_needs_room_or_a_manager(counter: Counter) -> None:
    asha = counter.customer(credit_limit=taka(300))
    counter.shop(credit_limit=taka(10_000))
    counter.enter(asha, "charge", 300)
    with pytest.raises(OverCreditLimit) as refused:
        counter.enter(asha, "charge", 1)
    assert (refused.value.params["left"], refused.value.params["take_now"]) == (taka(0), taka(1))
    assert counter.enter(asha, "charge", 1, approved_by="Boss").operation.approved_by == "Boss"
    counter.enter(asha, "payment", 100)
    counter.enter(asha, "charge", 99)


def test_no_credit_and_no_limit(counter: Counter) -> None:
    nobody = counter.customer("None", credit_limit=taka(0))
    with pytest.raises(OverCreditLimit):
        counter.enter(nobody, "charge", 1)
    counter.enter(nobody, "payment", 50)
    counter.enter(nobody, "charge", 50)
    free = counter.customer("Free")
    counter.enter(free, "charge", 10**9, confirmed=True)


def test_a_refused_payment_no_longer_makes_room(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server(balance=-300)
    counter.shop(credit_limit=taka(300))
    paid = counter.enter(asha, "payment", 200)
    counter.enter(asha, "charge", 200)
    counter.move(paid.operation.id, S.IN_FLIGHT, S.REJECTED)
    assert counter.balance(asha) == -500
    with pytest.raises(OverCreditLimit) as refused:
        counter.enter(asha, "charge", 1)
    assert refused.value.params["left"] == taka(0)


@pytest.mark.parametrize("server", [PLAIN, EXTENDED])
@pytest.mark.parametrize("kind", ["charge", "payout", "settlement", "write_off", "opening"])
def test_an_unknown_balance_is_not_zero(counter: Counter, server, kind) -> None:
    counter.connect(server)
    asha = counter.on_server(balance=None)
    with pytest.raises(BalanceUnknown):
        counter.enter(asha, kind, 100)
    made = counter.enter(asha, "payment", 100)
    assert (made.before.balance, made.after.balance) == (None, None)
    counter.server_says(balance=-500)
    counter.enter(asha, kind if kind != "payout" else "charge", 100)


def test_a_manager_may_give_credit_to_an_unknown_balance(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server(balance=None)
    counter.enter(asha, "charge", 100, approved_by="Boss")
    with pytest.raises(BalanceUnknown):
        counter.enter(asha, "payout", 100, approved_by="Boss")


@pytest.mark.parametrize(
    ("kind", "balance", "error", "most"),
    [
        ("payout", 500, PayoutAboveAdvance, 500),
        ("payout", -500, PayoutAboveAdvance, 0),
        ("settlement", -500, SettlementAboveDebt, 500),
        ("write_off", -500, SettlementAboveDebt, 500),
        ("write_off", 500, SettlementAboveDebt, 0),
    ],
)
def test_no_more_than_there_is(counter: Counter, kind, balance, error, most) -> None:
    asha = standing_at(counter, EXTENDED, balance)
    with pytest.raises(error) as refused:
        counter.enter(asha, kind, most + 1)
    assert taka(most) in refused.value.params.values()
    if most:
        counter.enter(asha, kind, most)
        assert counter.balance(asha) == 0


def test_a_khata_begins_once(counter: Counter) -> None:
    asha = counter.customer(opening_balance=taka(700))
    assert counter.balance(asha) == -700
    with pytest.raises(OpeningExists):
        counter.enter(asha, "opening", 700)
    (opening,) = [view for view in counter.operations() if view.operation.kind.value == "opening"]
    counter.reverse(opening.operation.id)
    counter.enter(asha, "opening", -50)
    assert counter.balance(asha) == 50
    with pytest.raises(OpeningExists):
        counter.enter(asha, "opening", 700)


def test_a_refused_opening_does_not_count_as_one(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server()
    opening = counter.enter(asha, "opening", 700)
    counter.move(opening.operation.id, S.IN_FLIGHT, S.REJECTED)
    counter.enter(asha, "opening", 800)
    assert counter.balance(asha) == -800


def test_a_large_amount_asks_back_over_all_khata_acts(counter: Counter) -> None:
    asha = counter.customer()
    counter.enter(asha, "charge", 1000)
    counter.sell(asha, 10**8)
    counter.enter(asha, "payment", 10_000)
    with pytest.raises(LargeAmount):
        counter.enter(asha, "payment", 100_001)
    with pytest.raises(LargeAmount):
        counter.enter(asha, "opening", -100_001)
    counter.enter(asha, "payment", 100_001, confirmed=True)


def test_nobody_without_a_record_is_served(counter: Counter) -> None:
    with pytest.raises(UnknownCustomer):
        counter.enter("nobody", "payment", 100)
    asha = counter.customer()
    counter.gone(asha, CustomerStatus.ANONYMIZED)
    with pytest.raises(CustomerGone):
        counter.enter(asha, "payment", 100)
    assert [view.operation.kind.value for view in counter.operations()] == ["customer_create"]


def test_what_is_kept_stays_kept_when_the_server_learns_to_write(counter: Counter) -> None:
    counter.connect(PLAIN)
    asha = counter.on_server(balance=-1000)
    kept = counter.enter(asha, "charge", 300)
    counter.connect(replace(PLAIN, ledger_write=True))
    sent = counter.enter(asha, "payment", 200)
    assert (counter.state(kept.operation.id), counter.state(sent.operation.id)) == (S.KEPT, S.PENDING)
    standing = counter.standing(asha)
    assert (standing.kept_balance, standing.unsent_balance) == (taka(-300), taka(200))
    undone = counter.reverse(kept.operation.id)
    assert undone.state is S.KEPT
    assert counter.balance(asha) == -800


def test_the_details_lie_with_the_line(counter: Counter) -> None:
    asha = counter.customer()
    due = date(2026, 4, 1)
    made = counter.enter(asha, "charge", 100, note="  rice " + "x" * 300, reference="R-1", tender="cash", due_on=due)
    entry = counter.book.read(lambda session: session.khata.entry_of(made.operation.id))
    assert (entry.due_on, len(entry.description)) == (due, 200)
    assert made.operation.intent["reference"] == "R-1"
    assert made.operation.recorded_at - START < timedelta(minutes=1)
