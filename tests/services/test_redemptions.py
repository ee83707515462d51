"""Points come off once, with the server's word, or off the till's own book."""

from __future__ import annotations

import pytest

from posapp.domain.errors import SignInRequired
from posapp.domain.ids import new_uuid
from posapp.domain.loyalty import NotEnoughPoints, PointsAboveBill, WrongPoints
from posapp.domain.operation import WITHDRAWN, OperationKind
from posapp.services.redemptions import (
    BillRedeemed,
    PointsUnknown,
    RedemptionInInbox,
    RedemptionNeedsServer,
    RedemptionRefused,
    RedemptionUnknown,
    preview,
)
from posapp.services.till import CustomerGone
from tests.services.counter import EXTENDED, PLAIN, Counter, S, fresh, taka

SERVERS = pytest.mark.parametrize("server", [PLAIN, EXTENDED], ids=["plain", "extended"])


def having(counter: Counter, server, points: int | None = 50):
    counter.connect(server)
    return counter.on_server(points=points)


@SERVERS
def test_the_servers_word_takes_them_off_once(counter: Counter, server) -> None:
    asha, operation = having(counter, server), fresh()
    made = [counter.redeem(asha, 30, operation_id=operation) for _ in range(3)]
    assert [one.state for one in made] == [S.CONFIRMED] * 3
    assert counter.deliveries.sent == [operation]
    assert (made[0].before.points, made[0].operation.intent["sale_id"]) == (50, operation)


def test_without_a_points_server_they_come_off_the_tills_own(counter: Counter) -> None:
    asha, operation = counter.customer(), fresh()
    counter.sell(asha, 5000)
    made = [counter.redeem(asha, 30, operation_id=operation, offline=True) for _ in range(2)]
    assert [(one.state, one.after.points) for one in made] == [(S.KEPT, 20)] * 2
    with pytest.raises(NotEnoughPoints):
        counter.redeem(asha, 21)


@SERVERS
@pytest.mark.parametrize("offline", [True, False])
def test_nothing_sent_is_taken_back(counter: Counter, server, offline) -> None:
    asha, operation = having(counter, server), fresh()
    for _ in range(2):
        counter.deliveries.answers = ["unreachable"]
        with pytest.raises(RedemptionNeedsServer):
            counter.redeem(asha, 30, operation_id=operation, offline=offline)
    assert (counter.state(operation), counter.points(asha)) == (S.CANCELLED, 50)
    counter.deliveries.answers = []
    counter.redeem(asha, 50)


@pytest.mark.parametrize("answer", ["unreachable", "refuse"])
def test_that_nothing_was_taken_off_stands_in_the_chain_once_for_every_copy(counter: Counter, answer: str) -> None:
    asha, operation = having(counter, EXTENDED), fresh()
    for _ in range(2):
        counter.deliveries.answers = [answer]
        with pytest.raises((RedemptionNeedsServer, RedemptionRefused)):
            counter.redeem(asha, 30, operation_id=operation)
    said = [view.operation.intent for view in counter.operations() if view.operation.kind is OperationKind.RESOLUTION]
    assert said == [{"about": operation, "choice": WITHDRAWN}]


@SERVERS
def test_a_paused_connection_wants_a_sign_in(counter: Counter, server) -> None:
    asha, operation = having(counter, server), fresh()
    counter.pause()
    with pytest.raises(SignInRequired):
        counter.redeem(asha, 30, operation_id=operation, offline=True)
    assert counter.state(operation) is S.CANCELLED


@SERVERS
def test_a_refusal_is_told_once_and_not_kept_in_the_inbox(counter: Counter, server) -> None:
    asha, operation = having(counter, server), fresh()
    counter.deliveries.answers = ["refuse"]
    for _ in range(2):
        with pytest.raises(RedemptionRefused):
            counter.redeem(asha, 30, operation_id=operation)
    assert (counter.inbox(), counter.points(asha)) == ([], 50)


@SERVERS
@pytest.mark.parametrize("answer", ["lose", "ask"])
def test_a_doubt_is_no_discount(counter: Counter, server, answer) -> None:
    asha, operation = having(counter, server), fresh()
    counter.deliveries.answers = [answer]
    with pytest.raises(RedemptionInInbox if answer == "ask" else RedemptionUnknown):
        counter.redeem(asha, 30, operation_id=operation)
    assert counter.points(asha) == 20, "they may be gone"
    with pytest.raises(NotEnoughPoints):
        counter.redeem(asha, 21)
    assert counter.inbox() == (["ask"] if answer == "ask" else [])


def test_points_of_a_bill_come_off_once(counter: Counter) -> None:
    """A server that knows redemptions by their bill answers the first one again and takes nothing off."""
    asha, bill = having(counter, EXTENDED), new_uuid()
    first = counter.redeem(asha, 10, sale_id=bill)
    with pytest.raises(BillRedeemed):
        counter.redeem(asha, 10, sale_id=bill)
    counter.redeem(asha, 10, sale_id=bill, operation_id=first.operation.id)
    sale = counter.sell(asha, 1000, points=10)
    with pytest.raises(BillRedeemed):
        counter.redeem(asha, 10, sale_id=sale.sale.id)
    plain = counter.sell(asha, 1000)
    counter.redeem(asha, 5, sale_id=plain.sale.id)


def test_a_bill_whose_points_were_refused_may_try_again(counter: Counter) -> None:
    asha, bill = having(counter, EXTENDED), new_uuid()
    counter.deliveries.answers = ["refuse"]
    with pytest.raises(RedemptionRefused):
        counter.redeem(asha, 10, sale_id=bill)
    assert counter.redeem(asha, 10, sale_id=bill).state is S.CONFIRMED


@SERVERS
def test_refusals_record_nothing(counter: Counter, server) -> None:
    asha = having(counter, server)
    for points, error in ((0, WrongPoints), (-3, WrongPoints), (51, NotEnoughPoints), (2**70, NotEnoughPoints)):
        with pytest.raises(error):
            counter.redeem(asha, points)
    unknown = counter.on_server(points=None, remote_id="r-2", name="Unknown")
    with pytest.raises(PointsUnknown):
        counter.redeem(unknown, 1)
    counter.gone(asha)
    with pytest.raises(CustomerGone):
        counter.redeem(asha, 1)
    assert counter.operations() == []


def test_a_preview_says_what_it_would_give(counter: Counter) -> None:
    asha = having(counter, PLAIN)
    shown = preview(counter.till, asha, 30, taka(250 + 50))
    assert (shown.discount, shown.available, shown.remaining) == (taka(300), 50, 20)
    assert preview(counter.till, asha, 30, None).discount == taka(300)
    with pytest.raises(PointsAboveBill):
        preview(counter.till, asha, 30, taka(200))
    assert counter.operations() == []
