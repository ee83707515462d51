"""Sales: what a bill comes to, and points that come off only with the server's word, once."""

from __future__ import annotations

from typing import Any

import pytest

from posapp.domain.errors import RemoteUnavailable, SignInRequired
from posapp.domain.ledger import EntryKind
from posapp.domain.loyalty import NotEnoughPoints, PointsAboveBill, PointsWorthless, WrongPoints
from posapp.domain.operation import OperationKind
from posapp.domain.policy import (
    AmountNotPositive,
    BalanceUnknown,
    InTheFuture,
    LargeAmount,
    OnAccountAboveBill,
    OverCreditLimit,
)
from posapp.services.dto import CustomerStatus
from posapp.services.ports.remote import Capabilities
from posapp.services.redemptions import (
    PointsUnknown,
    RedemptionInInbox,
    RedemptionNeedsServer,
    RedemptionRefused,
    RedemptionUnknown,
)
from posapp.services.sales import SaleForm, SalePreview, preview_sale
from posapp.services.till import CustomerGone, UnknownCustomer
from tests.services.counter import EXTENDED, PLAIN, Counter, S, fresh, taka
from tests.support.book import START

SERVERS = pytest.mark.parametrize("server", [None, PLAIN, EXTENDED], ids=["none", "plain", "extended"])
POINTS_SERVERS = pytest.mark.parametrize("server", [PLAIN, EXTENDED], ids=["plain", "extended"])


def shopping(counter: Counter, server: Capabilities | None, points: int = 50, balance: int = 0):
    if server is None:
        return counter.customer()
    counter.connect(server)
    return counter.on_server(balance=balance, points=points)


def redemption_of(counter: Counter):
    """The act that takes the points off: the bill itself, or the one before it."""
    views = [view for view in counter.operations() if view.operation.kind is OperationKind.REDEEM]
    sales = [view for view in counter.operations() if view.operation.kind is OperationKind.SALE]
    return (views or sales)[0].operation.id


@SERVERS
def test_the_part_on_account_is_a_debit_and_the_rest_is_paid(counter: Counter, server) -> None:
    asha = shopping(counter, server, points=0)
    made = counter.sell(asha, 1050, on_account=400, receipt_number="R-7")
    assert (made.sale.total, made.sale.paid, made.sale.on_account) == (taka(1050), taka(650), taka(400))
    assert (made.sale.points_earned, made.sale.kept) == (10, server is not EXTENDED)
    assert made.recorded.state is (S.PENDING if server is EXTENDED else S.KEPT)
    assert (made.recorded.before.balance, made.recorded.after.balance) == (taka(0), taka(-400))
    assert counter.points(asha) == 10
    (line,) = counter.book.read(lambda session: session.khata.lines(asha))
    assert (line.kind, line.reference) == (EntryKind.SALE, "R-7")
    assert counter.deliveries.sent == [], "a sale without points waits for nobody"


@SERVERS
def test_a_double_click_is_one_sale(counter: Counter, server) -> None:
    asha, operation = shopping(counter, server), fresh()
    points = 0 if server is None else 5
    made = [counter.sell(asha, 1000, on_account=300, points=points, operation_id=operation) for _ in range(3)]
    assert [one.sale for one in made] == [made[0].sale] * 3
    assert [one.recorded.state for one in made] == [counter.state(operation)] * 3
    owes = 0 if server is EXTENDED else -300  # the fake's server takes the bill and never says its balance
    assert [one.recorded.after.balance for one in made] == [taka(owes)] * 3
    kinds = [view.operation.kind for view in counter.operations()].count(OperationKind.SALE)
    assert (kinds, counter.balance(asha)) == (1, owes)


def test_the_same_form_with_another_amount_is_no_double_click(counter: Counter) -> None:
    asha, operation = counter.customer(), fresh()
    counter.sell(asha, 1000, operation_id=operation)
    with pytest.raises(RuntimeError):
        counter.sell(asha, 2000, operation_id=operation)
    with pytest.raises(RuntimeError):
        counter.sell(counter.customer("Other"), 1000, operation_id=operation)


@POINTS_SERVERS
def test_points_come_off_with_the_servers_word(counter: Counter, server) -> None:
    asha = shopping(counter, server)
    made = counter.sell(asha, 1000, points=30, on_account=700)
    assert (made.sale.discount, made.sale.paid, made.sale.points_earned) == (taka(300), taka(0), 7)
    assert made.recorded.state is (S.CONFIRMED if server is EXTENDED else S.KEPT)
    assert counter.state(redemption_of(counter)) is S.CONFIRMED
    assert counter.inbox() == []


def test_without_a_server_points_come_off_the_tills_own(counter: Counter) -> None:
    asha = counter.customer()
    counter.sell(asha, 5000)
    made = counter.sell(asha, 1000, points=50)
    assert (made.sale.discount, made.recorded.state, counter.points(asha)) == (taka(500), S.KEPT, 50 - 50 + 5)
    with pytest.raises(NotEnoughPoints) as refused:
        counter.sell(asha, 1000, points=6)
    assert refused.value.params["available"] == 5


def ends(counter: Counter) -> set[S]:
    """Return how the acts ended, without the decisions about them."""
    return {view.state for view in counter.operations() if view.operation.kind is not OperationKind.RESOLUTION}


@POINTS_SERVERS
@pytest.mark.parametrize("offline", [True, False])
def test_a_server_that_is_away_takes_nothing_and_the_bill_does_not_stand(counter: Counter, server, offline) -> None:
    asha, operation = shopping(counter, server), fresh()
    for _ in range(2):
        counter.deliveries.answers = ["unreachable"]
        with pytest.raises(RedemptionNeedsServer):
            counter.sell(asha, 1000, points=30, on_account=700, offline=offline, operation_id=operation)
    assert ends(counter) == {S.CANCELLED}
    assert (counter.balance(asha), counter.points(asha)) == (0, 50)
    with pytest.raises(RedemptionNeedsServer):
        counter.sell(asha, 1000, points=30, on_account=700, operation_id=operation)
    assert counter.deliveries.sent == [], "what was taken back never goes out"


@POINTS_SERVERS
def test_a_paused_connection_asks_for_a_sign_in(counter: Counter, server) -> None:
    asha = shopping(counter, server)
    counter.pause()
    counter.deliveries.answers = ["unreachable"]
    with pytest.raises(SignInRequired):
        counter.sell(asha, 1000, points=30)
    assert ends(counter) == {S.CANCELLED}


@POINTS_SERVERS
def test_a_refusal_leaves_no_bill_and_no_inbox_item(counter: Counter, server) -> None:
    asha, operation = shopping(counter, server), fresh()
    counter.deliveries.answers = ["refuse"]
    for _ in range(2):
        with pytest.raises(RedemptionRefused):
            counter.sell(asha, 1000, points=30, on_account=700, operation_id=operation)
    assert ends(counter) <= {S.REJECTED, S.CANCELLED}
    assert (counter.balance(asha), counter.points(asha), counter.inbox()) == (0, 50, [])


@POINTS_SERVERS
def test_a_lost_answer_is_no_sale_yet_however_often_it_is_pressed(counter: Counter, server) -> None:
    asha, operation = shopping(counter, server), fresh()
    for _ in range(3):
        counter.deliveries.answers = ["lose"]
        with pytest.raises(RedemptionUnknown):
            counter.sell(asha, 1000, points=30, on_account=700, operation_id=operation)
    assert counter.state(redemption_of(counter)) is S.UNKNOWN
    assert counter.state(operation) in {S.UNKNOWN, S.PENDING}, "nothing is withdrawn while the points are in doubt"
    assert counter.points(asha) == 50 - 30 + 7
    made = counter.sell(asha, 1000, points=30, on_account=700, operation_id=operation)
    assert made.recorded.state in {S.CONFIRMED, S.KEPT}
    assert counter.balance(asha) == (0 if server is EXTENDED else -700), "the fake's server never says its balance"


@POINTS_SERVERS
def test_a_lost_answer_that_turns_out_a_refusal_takes_the_bill_along(counter: Counter, server) -> None:
    asha, operation = shopping(counter, server), fresh()
    counter.deliveries.answers = ["lose"]
    with pytest.raises(RedemptionUnknown):
        counter.sell(asha, 1000, points=30, on_account=700, operation_id=operation)
    counter.move(redemption_of(counter), S.REJECTED)
    with pytest.raises(RedemptionRefused):
        counter.sell(asha, 1000, points=30, on_account=700, operation_id=operation)
    assert counter.state(operation) in {S.REJECTED, S.CANCELLED}
    assert (counter.balance(asha), counter.points(asha)) == (0, 50)


@POINTS_SERVERS
def test_a_scheduler_that_sends_while_the_till_gives_up_wins(counter: Counter, server) -> None:
    """The push gave up, but another thread sends the act before it is withdrawn: then it is not withdrawn."""
    asha, operation = shopping(counter, server), fresh()

    class Overtaken:
        def push_now(self, operation_id, *, deadline_seconds):
            view = counter.book.read(lambda session: session.operations.get(operation_id))
            counter.move(operation_id, S.IN_FLIGHT)
            return view

        def refresh_customer(self, customer_id, *, deadline_seconds):
            return False

    counter.deliveries = Overtaken()
    with pytest.raises(RedemptionUnknown):
        counter.sell(asha, 1000, points=30, operation_id=operation)
    assert counter.state(redemption_of(counter)) is S.IN_FLIGHT
    assert counter.state(operation) is not S.CANCELLED


@POINTS_SERVERS
def test_a_scheduler_that_was_answered_while_the_till_gave_up_counts(counter: Counter, server) -> None:
    asha = shopping(counter, server)

    class Overtaken:
        def push_now(self, operation_id, *, deadline_seconds):
            view = counter.book.read(lambda session: session.operations.get(operation_id))
            counter.move(operation_id, S.IN_FLIGHT, S.CONFIRMED)
            return view

        def refresh_customer(self, customer_id, *, deadline_seconds):
            return False

    counter.deliveries = Overtaken()
    made = counter.sell(asha, 1000, points=30)
    assert made.recorded.state in {S.CONFIRMED, S.KEPT}


def test_an_engine_that_settled_the_bill_first_is_no_trouble(counter: Counter) -> None:
    """On a server without sales the scheduler may keep the bill before the till does."""
    asha, operation = shopping(counter, PLAIN), fresh()

    def engine(redemption):
        counter.move(redemption, S.IN_FLIGHT, S.CONFIRMED)
        counter.move(operation, S.KEPT)

    counter.deliveries.before_answering = engine
    assert counter.sell(asha, 1000, points=30, operation_id=operation).recorded.state is S.KEPT


@POINTS_SERVERS
def test_a_person_must_decide_is_not_the_servers_word(counter: Counter, server) -> None:
    asha, operation = shopping(counter, server), fresh()
    counter.deliveries.answers = ["ask"]
    with pytest.raises(RedemptionInInbox):
        counter.sell(asha, 1000, points=30, operation_id=operation)
    assert counter.state(redemption_of(counter)) is S.NEEDS_HUMAN


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"total": 0}, AmountNotPositive),
        ({"total": -5}, AmountNotPositive),
        ({"on_account": -1}, AmountNotPositive),
        ({"on_account": 1001}, OnAccountAboveBill),
        ({"on_account": 901, "points": 10}, OnAccountAboveBill),
        ({"points": -1}, WrongPoints),
        ({"points": 51}, NotEnoughPoints),
        ({"points": 50, "total": 490}, PointsAboveBill),
        ({"on": START.date().replace(year=2027)}, InTheFuture),
    ],
)
@POINTS_SERVERS
def test_refusals_record_nothing(counter: Counter, server, fields, error) -> None:
    asha = shopping(counter, server)
    form = {"total": 1000, **fields}
    with pytest.raises(error):
        counter.sell(asha, form.pop("total"), **form)
    assert counter.operations() == []


def test_points_are_at_most_worth_the_bill_where_the_server_counts_so(counter: Counter) -> None:
    """A till may round points up to the last coin of a bill; a server with sales refuses a worth above the bill."""
    asha = shopping(counter, EXTENDED)
    with pytest.raises(PointsAboveBill) as refused:
        counter.sell(asha, 495, points=50)
    assert refused.value.params["needed"] == 49
    counter.connect(PLAIN)
    made = counter.sell(asha, 495, points=50)
    assert (made.sale.discount, made.sale.paid, made.sale.points_earned) == (taka(495), taka(0), 0)


def test_points_that_are_worth_nothing_are_not_taken(counter: Counter) -> None:
    asha = shopping(counter, EXTENDED)
    counter.shop(redemption_value=0)
    with pytest.raises(PointsWorthless):
        counter.sell(asha, 495, points=50)


def test_doubtful_and_pending_points_never_count_as_there(counter: Counter) -> None:
    asha = shopping(counter, EXTENDED)
    counter.sell(asha, 10_000)
    assert counter.points(asha) == 150
    with pytest.raises(NotEnoughPoints) as refused:
        counter.sell(asha, 2000, points=51)
    assert refused.value.params["available"] == 50
    counter.deliveries.answers = ["accept", "lose"]
    with pytest.raises(RedemptionUnknown):
        counter.sell(asha, 2000, points=40)
    with pytest.raises(NotEnoughPoints) as refused:
        counter.sell(asha, 2000, points=11)
    assert refused.value.params["available"] == 10


@POINTS_SERVERS
def test_unknown_points_and_balances_are_not_zero(counter: Counter, server) -> None:
    counter.connect(server)
    asha = counter.on_server(balance=None, points=None)
    with pytest.raises(PointsUnknown):
        counter.sell(asha, 1000, points=1)
    with pytest.raises(BalanceUnknown):
        counter.sell(asha, 1000, on_account=1)
    counter.sell(asha, 1000, on_account=1, approved_by="Boss")
    counter.sell(asha, 1000)
    assert counter.balance(asha) is None


def test_the_limit_holds_what_waits_and_what_is_kept(counter: Counter) -> None:
    counter.connect(PLAIN)
    asha = counter.on_server(balance=-100)
    counter.shop(credit_limit=taka(1000))
    counter.sell(asha, 500, on_account=500)
    with pytest.raises(OverCreditLimit) as refused:
        counter.sell(asha, 500, on_account=401)
    assert refused.value.params["left"] == taka(400)
    counter.connect(EXTENDED)
    counter.sell(asha, 400, on_account=400)
    with pytest.raises(OverCreditLimit):
        counter.sell(asha, 1, on_account=1)
    made = counter.sell(asha, 50, on_account=50, approved_by="Boss")
    assert made.recorded.operation.approved_by == "Boss"


def test_a_large_bill_asks_back_once(counter: Counter) -> None:
    asha = counter.customer()
    counter.sell(asha, 100)
    counter.enter(asha, "payment", 10**6)
    with pytest.raises(LargeAmount):
        counter.sell(asha, 1001)
    counter.sell(asha, 1001, confirmed=True)
    counter.sell(asha, 10_010)


def test_a_bill_of_another_day_is_marked(counter: Counter) -> None:
    asha = counter.customer()
    made = counter.sell(asha, 100, on_account=40, on=START.date().replace(day=1, month=2))
    assert made.sale.occurred_at.isoformat() == "2026-02-01T06:00:00+00:00", "noon in Dhaka"
    (line,) = counter.book.read(lambda session: session.khata.lines(asha))
    assert line.backdated
    assert made.recorded.operation.intent["backdated"] is True


@pytest.mark.parametrize("status", [CustomerStatus.DELETED, CustomerStatus.ANONYMIZED])
def test_nobody_sells_to_who_is_gone(counter: Counter, status) -> None:
    asha = counter.customer()
    counter.gone(asha, status)
    with pytest.raises(CustomerGone):
        counter.sell(asha, 100)
    with pytest.raises(UnknownCustomer):
        counter.sell("nobody", 100)


def test_a_preview_changes_nothing(counter: Counter) -> None:
    asha = shopping(counter, EXTENDED)
    would = preview_sale(counter.till, SaleForm(fresh(), asha, taka(1000), taka(200), points=20))
    assert (would.sale.discount, would.sale.paid, would.standing.points) == (taka(200), taka(600), 50)
    assert (would.after_balance, would.limit, would.take_now) == (taka(-200), None, taka(0))
    assert (would.usable_points, would.refusal) == (50, None)
    assert counter.operations() == []


def test_a_preview_says_what_to_take_now_for_the_limit_to_hold(counter: Counter) -> None:
    counter.shop(credit_limit=taka(5000))
    asha = counter.customer()
    counter.enter(asha, "charge", 2000)

    def seen(on_account: int, **fields: Any) -> SalePreview:
        return preview_sale(counter.till, SaleForm(fresh(), asha, taka(9000), taka(on_account), **fields))

    assert (seen(3000).take_now, seen(3000).refusal) == (taka(0), None)
    over = seen(3600)
    assert (over.after_balance, over.limit, over.take_now) == (taka(-5600), taka(5000), taka(600))
    assert isinstance(over.refusal, OverCreditLimit)
    assert seen(3600 - 600).refusal is None
    counter.shop(credit_limit=taka(1000))
    assert seen(300).take_now == taka(300)
    assert seen(300, approved_by="Boss").refusal is None


def test_a_preview_leaves_out_points_that_cannot_be_taken_off(counter: Counter) -> None:
    asha = shopping(counter, EXTENDED)
    for points, refusal in ((51, NotEnoughPoints), (30, PointsAboveBill), (-1, WrongPoints)):
        would = preview_sale(counter.till, SaleForm(fresh(), asha, taka(205), taka(0), points=points))
        assert isinstance(would.refusal, refusal)
        assert (would.sale.discount, would.sale.points_redeemed, would.usable_points) == (taka(0), 0, 20)
    counter.gone(asha)
    assert isinstance(preview_sale(counter.till, SaleForm(fresh(), asha, taka(5), taka(0))).refusal, CustomerGone)


def test_a_preview_of_numbers_nobody_knows(counter: Counter) -> None:
    counter.connect(EXTENDED)
    asha = counter.on_server(balance=None, points=None)
    would = preview_sale(counter.till, SaleForm(fresh(), asha, taka(205), taka(5)))
    assert (would.after_balance, would.take_now, would.usable_points) == (None, None, None)
    assert isinstance(would.refusal, BalanceUnknown)
    counter.shop(redemption_value=0)
    local = counter.customer("Local")
    assert preview_sale(counter.till, SaleForm(fresh(), local, taka(205), taka(5))).usable_points == 0


def test_a_redemption_error_is_a_servers_matter() -> None:
    assert issubclass(RedemptionNeedsServer, RemoteUnavailable)
    assert issubclass(RedemptionUnknown, RemoteUnavailable)
