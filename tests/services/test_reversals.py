"""Undoing an act by a new one, wherever the act is on its way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.operation import OperationKind
from posapp.services.customers import edit_customer
from posapp.services.redemptions import RedemptionUnknown
from posapp.services.reversals import (
    NotApplied,
    NotReversible,
    PointsFirst,
    PointsUnsettled,
    ReasonMissing,
    ReversedAlready,
    ServerCannotReverse,
    UnknownEntry,
)
from posapp.services.till import CustomerGone
from tests.services.counter import EXTENDED, PLAIN, Counter, S, fresh, taka

KINDS = ["charge", "payment", "return", "opening"]


@pytest.mark.parametrize("server", [None, PLAIN, EXTENDED], ids=["none", "plain", "extended"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_khata_act_and_its_reversal_are_nothing(counter: Counter, server, kind) -> None:
    if server is not None:
        counter.connect(server)
    asha, operation = counter.on_server() if server else counter.customer(), fresh()
    made = counter.enter(asha, kind, 100)
    undone = [counter.reverse(made.operation.id, operation_id=operation) for _ in range(3)]
    assert counter.balance(asha) == 0
    assert [one.state for one in undone] == [S.PENDING if server is EXTENDED else S.KEPT] * 3
    assert undone[0].operation.reverses == made.operation.id
    lines = counter.book.read(lambda session: session.khata.lines(asha))
    assert [(line.reversed_by, line.reverses) for line in lines] == [
        (lines[1].entry_id, None),
        (None, lines[0].entry_id),
    ]
    assert lines[1].description == "a slip"
    with pytest.raises(ReversedAlready):
        counter.reverse(made.operation.id)
    with pytest.raises(NotReversible):
        counter.reverse(undone[0].operation.id)


def test_a_line_is_named_by_its_own_id_too(counter: Counter) -> None:
    asha = counter.customer()
    counter.enter(asha, "charge", 100)
    (line,) = counter.book.read(lambda session: session.khata.lines(asha))
    counter.reverse(line.entry_id)
    with pytest.raises(ReversedAlready):
        counter.reverse(line.operation_id)


@pytest.mark.parametrize("state", [S.PENDING, S.UNKNOWN, S.ACKED, S.CONFIRMED, S.NEEDS_HUMAN])
def test_what_is_under_way_can_be_undone_and_follows_it(counter: Counter, state) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server(balance=-1000)
    made = counter.enter(asha, "payment", 300)
    if state is not S.PENDING:
        counter.move(made.operation.id, S.IN_FLIGHT, state)
    if state is S.CONFIRMED:
        counter.server_says(balance=-700)
    undone = counter.reverse(made.operation.id)
    assert (undone.state, counter.balance(asha)) == (S.PENDING, -1000)


@pytest.mark.parametrize("state", [S.REJECTED, S.CANCELLED])
def test_what_never_took_effect_needs_no_undoing(counter: Counter, state) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server(balance=-1000)
    made = counter.enter(asha, "payment", 300)
    if state is S.REJECTED:
        counter.move(made.operation.id, S.IN_FLIGHT)
    counter.move(made.operation.id, state)
    with pytest.raises(NotApplied):
        counter.reverse(made.operation.id)


def test_a_reversal_that_was_refused_may_be_tried_again(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server()
    made = counter.enter(asha, "payment", 300)
    refused = counter.reverse(made.operation.id)
    counter.move(refused.operation.id, S.IN_FLIGHT, S.REJECTED)
    assert counter.balance(asha) == 300
    counter.reverse(made.operation.id)
    assert counter.balance(asha) == 0


@pytest.mark.parametrize("server", [None, EXTENDED], ids=["none", "extended"])
def test_a_bill_goes_back_whole(counter: Counter, server) -> None:
    if server is not None:
        counter.connect(server)
    asha = counter.on_server(points=50) if server else counter.customer()
    made = counter.sell(asha, 5000, on_account=2000)
    undone = counter.reverse(made.sale.id)
    assert (counter.balance(asha), counter.points(asha)) == (0, 50 if server else 0)
    assert undone.operation.intent["sale_id"] == made.sale.id
    assert undone.state is (S.PENDING if server else S.KEPT)


def test_points_of_a_bill_that_were_spent_already_are_owed(counter: Counter) -> None:
    asha = counter.customer()
    made = counter.sell(asha, 5000)
    counter.redeem(asha, 40)
    counter.reverse(made.sale.id)
    assert counter.points(asha) == -40
    counter.sell(asha, 5000)
    assert counter.points(asha) == 10


def test_kept_points_come_back(counter: Counter) -> None:
    asha = counter.customer()
    counter.sell(asha, 5000)
    made = counter.redeem(asha, 40)
    counter.reverse(made.operation.id)
    assert counter.points(asha) == 50


def test_a_server_that_cannot_undo_says_so(counter: Counter) -> None:
    counter.connect(replace(EXTENDED, reversals=False, ledger_write=False))
    asha = counter.on_server(points=50)
    redeemed = counter.redeem(asha, 10)
    sold = counter.sell(asha, 500)
    for one in (redeemed.operation.id, sold.sale.id):
        with pytest.raises(ServerCannotReverse):
            counter.reverse(one)
    kept = counter.enter(asha, "charge", 100)
    assert counter.reverse(kept.operation.id).state is S.KEPT


def test_a_kept_bill_is_not_undone_by_half(counter: Counter) -> None:
    """Its points went to the server; undone on the till alone they would be lost to the customer."""
    counter.connect(PLAIN)
    asha = counter.on_server(points=50)
    made = counter.sell(asha, 1000, points=20, on_account=500)
    with pytest.raises(ServerCannotReverse):
        counter.reverse(made.sale.id)
    counter.connect(replace(PLAIN, reversals=True))
    with pytest.raises(PointsFirst) as refused:
        counter.reverse(made.sale.id)
    counter.reverse(str(refused.value.params["redemption"]))
    counter.reverse(made.sale.id)
    assert counter.standing(asha).kept_points == 0
    assert counter.balance(asha) == 0


def test_a_bill_that_waits_for_its_points_is_not_undone(counter: Counter) -> None:
    counter.connect(PLAIN)
    asha, operation = counter.on_server(points=50), fresh()
    counter.deliveries.answers = ["lose"]
    with pytest.raises(RedemptionUnknown):
        counter.sell(asha, 1000, points=20, operation_id=operation)
    with pytest.raises(PointsUnsettled):
        counter.reverse(operation)


def test_a_reason_and_an_act_are_needed(counter: Counter) -> None:
    asha = counter.customer()
    made = counter.enter(asha, "charge", 100)
    with pytest.raises(ReasonMissing):
        counter.reverse(made.operation.id, reason="  ")
    with pytest.raises(UnknownEntry):
        counter.reverse("nothing")
    edited = edit_customer(counter.till, operation_id=fresh(), customer_id=asha, fields={"notes": "x"})
    with pytest.raises(NotReversible):
        counter.reverse(edited.operation.id)
    counter.gone(asha)
    with pytest.raises(CustomerGone):
        counter.reverse(made.operation.id)
    assert [view.operation.kind for view in counter.operations()].count(OperationKind.REVERSAL) == 0
    assert taka(0) == counter.standing(asha).unsent_balance
