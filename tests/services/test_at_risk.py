"""Points given although the server did not agree: within bounds, once, and seen in the figure."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.exposure import RiskAboveRoom, RiskNeedsManager, RiskOff, RiskTooOften, RiskTooOld
from posapp.domain.ids import CustomerId, OperationId, short_id
from posapp.domain.loyalty import NotEnoughPoints
from posapp.domain.operation import OperationKind
from posapp.domain.proof import Difference, MismatchKind
from posapp.services.at_risk import give_in_doubt, redeem_at_risk
from posapp.services.exposure import explain_exposure, exposure, offer_risk
from posapp.services.ports.book import Session
from posapp.services.ports.remote import Capabilities
from posapp.services.redemptions import (
    RedemptionInInbox,
    RedemptionNeedsServer,
    RedemptionRefused,
    RedemptionUnknown,
)
from posapp.services.resolving.again import again
from posapp.services.slips import slip_of
from posapp.services.till import Recorded, primary_connection
from tests.services.counter import EXTENDED, PLAIN, Counter, S, fresh, taka

SERVERS = pytest.mark.parametrize("server", [PLAIN, EXTENDED], ids=["plain", "extended"])


def open_shop(
    counter: Counter, server: Capabilities = EXTENDED, *, points: int = 90, tills: int = 2, **rules: int
) -> CustomerId:
    counter.connect(server)
    counter.shop(tills=tills, **rules)
    return counter.on_server(points=points)


def give(counter: Counter, customer_id: CustomerId, points: int, **fields: object) -> Recorded:
    act = {"operation_id": fresh(), "sale_id": None, "bill": None, "approved_by": None, **fields}
    return redeem_at_risk(counter.till, customer_id=customer_id, points=points, **act)  # type: ignore[arg-type]


def figure(counter: Counter) -> tuple[int, int]:
    shown = counter.book.read(lambda session: exposure(session, counter.clock.now()))
    return shown.given.minor, shown.allowed.minor


@SERVERS
def test_nothing_is_given_until_somebody_said_how_many_tills_there_are(counter: Counter, server: Capabilities) -> None:
    asha = open_shop(counter, server, tills=0)
    assert isinstance(offer_risk(counter.till, asha, 1).refusal, RiskOff)
    with pytest.raises(RiskOff):
        give(counter, asha, 1)
    assert (figure(counter), counter.operations()) == ((0, 0), [])


@SERVERS
def test_a_till_gives_its_share_and_not_a_point_more(counter: Counter, server: Capabilities) -> None:
    asha = open_shop(counter, server)
    assert figure(counter) == (0, 450)
    made, again = (give(counter, asha, 45, operation_id=operation) for operation in [fresh()] * 2)
    assert again.operation == made.operation
    assert (made.state, made.after.points, figure(counter)) == (S.PENDING, 45, (450, 0))
    intent = made.operation.intent
    assert (intent["at_risk"], intent["share"], intent["given"]) == (True, 45, 450)
    with pytest.raises(RiskAboveRoom) as refused:
        give(counter, asha, 1, approved_by="Boss")
    assert refused.value.params["most"] == 0


def test_an_ordinary_redemption_in_doubt_uses_the_share_up_too(counter: Counter) -> None:
    asha = open_shop(counter)
    counter.deliveries.answers = ["lose"]
    with pytest.raises(RedemptionUnknown):
        counter.redeem(asha, 30)
    assert figure(counter) == (0, 150)
    with pytest.raises(RiskAboveRoom) as refused:
        give(counter, asha, 16)
    assert refused.value.params["most"] == 15


def test_nothing_is_given_on_a_held_khata_but_by_a_manager(counter: Counter) -> None:
    asha = open_shop(counter)

    def differs(session: Session) -> None:
        connection = primary_connection(session)
        assert connection is not None
        remote_id = session.mirror.remote_id(connection.id, asha)
        assert remote_id is not None
        found = Difference(MismatchKind.BALANCE_DIFFERS, 0, {"balance": 1}, {"balance": 2})
        session.proofs.note_mismatch(connection.id, remote_id, found, counter.clock.now())

    counter.book.write(differs)
    with pytest.raises(RiskNeedsManager):
        give(counter, asha, 1)
    assert give(counter, asha, 1, approved_by="Boss").operation.approved_by == "Boss"


def test_soft_limits_ask_a_manager_and_hard_ones_nobody(counter: Counter) -> None:
    asha = open_shop(counter, points=1000, redeem_soft=10, redeem_cap=40, redeem_count=3, redeem_total=70)
    with pytest.raises(RiskNeedsManager) as soft:
        give(counter, asha, 11)
    assert soft.value.params["free"] == 10
    assert offer_risk(counter.till, asha, 11).needs_manager
    with pytest.raises(RiskAboveRoom) as cap:
        give(counter, asha, 41, approved_by="Boss")
    assert cap.value.params["most"] == 40
    assert give(counter, asha, 40, approved_by="Boss").operation.approved_by == "Boss"
    with pytest.raises(RiskNeedsManager):
        give(counter, asha, 1)
    with pytest.raises(RiskAboveRoom) as total:
        give(counter, asha, 31, approved_by="Boss")
    assert total.value.params["most"] == 30
    give(counter, asha, 5, approved_by="Boss")
    give(counter, asha, 5, approved_by="Boss")
    with pytest.raises(RiskTooOften):
        give(counter, asha, 1, approved_by="Boss")
    with pytest.raises(NotEnoughPoints):
        give(counter, asha, 5000, approved_by="Boss")


def test_old_figures_give_nothing_but_a_server_that_tells_what_changed_vouches_for_the_rest(counter: Counter) -> None:
    asha = open_shop(counter, PLAIN)
    counter.clock.advance(hours=25)
    assert figure(counter) == (0, 0)
    with pytest.raises(RiskTooOld):
        give(counter, asha, 1)
    connection = counter.connect(EXTENDED)
    with pytest.raises(RiskTooOld):
        give(counter, asha, 1)
    heard = replace(connection, last_success_at=counter.clock.now())
    counter.book.write(lambda session: session.settings.save_connection(heard))
    assert figure(counter) == (0, 450)
    give(counter, asha, 1)


def test_the_figure_is_what_was_given_and_what_may_be_given_and_opens_to_its_acts(counter: Counter) -> None:
    asha = open_shop(counter, redeem_total=50)
    bela = counter.on_server(points=21, remote_id="r-2", name="Bela")
    assert figure(counter) == (0, 500)
    given = give(counter, asha, 30, bill=taka(295))
    assert figure(counter) == (295, 200)
    second = give(counter, bela, 8)
    assert figure(counter) == (375, 120)
    shown = explain_exposure(counter.till)
    assert [(one.view.operation.id, one.points, one.given.minor) for one in shown.acts] == [
        (given.operation.id, 30, 295),
        (second.operation.id, 8, 80),
    ]
    counter.move(given.operation.id, S.IN_FLIGHT, S.ACKED)
    assert figure(counter) == (80, 170), "an accepted act is safe, and its points are not in the server's figure yet"
    counter.move(second.operation.id, S.IN_FLIGHT, S.NEEDS_HUMAN)
    assert figure(counter) == (80, 170), "a refused one is a loss until a person settles it"


@SERVERS
def test_a_sale_at_risk_stands_at_once_with_its_discount(counter: Counter, server: Capabilities) -> None:
    asha = open_shop(counter, server)
    operation = fresh()
    made, again = (
        counter.sell(asha, 1000, points=40, on_account=200, at_risk=True, operation_id=operation) for _ in range(2)
    )
    assert again.recorded.operation == made.recorded.operation
    assert (made.sale.discount, made.sale.paid, counter.deliveries.sent) == (taka(400), taka(400), [])
    assert made.recorded.state is (S.KEPT if server is PLAIN else S.PENDING)
    assert (counter.balance(asha), counter.points(asha), figure(counter)[0]) == (-200, 90 - 40 + 6, 400)
    kinds = [view.operation.kind for view in counter.operations()]
    assert kinds == [OperationKind.REDEEM, OperationKind.SALE][server is EXTENDED :]
    with pytest.raises(RiskAboveRoom):
        counter.sell(asha, 1000, points=6, at_risk=True, approved_by="Boss")


def test_points_of_the_tills_own_book_are_no_risk(counter: Counter) -> None:
    asha = counter.customer()
    counter.sell(asha, 5000)
    made = counter.sell(asha, 1000, points=30, at_risk=True)
    assert (made.recorded.state, figure(counter)) == (S.KEPT, (0, 0))


@SERVERS
def test_a_redemption_in_doubt_may_be_given_and_stays_one_act(counter: Counter, server: Capabilities) -> None:
    asha, operation = open_shop(counter, server), fresh()
    counter.deliveries.answers = ["lose"]
    with pytest.raises(RedemptionUnknown):
        counter.redeem(asha, 40, operation_id=operation)
    for _ in range(2):
        given = give_in_doubt(counter.till, operation, bill=taka(395))
    assert (given.state, given.operation.id, figure(counter)) == (S.UNKNOWN, operation, (395, 50))
    decisions = [view for view in counter.operations() if view.operation.kind is OperationKind.RESOLUTION]
    assert [(one.state, one.operation.intent["about"]) for one in decisions] == [(S.KEPT, operation)]
    counter.move(operation, S.PENDING)
    assert figure(counter) == (395, 50)


@SERVERS
def test_a_sale_in_doubt_may_be_given(counter: Counter, server: Capabilities) -> None:
    asha, operation = open_shop(counter, server), fresh()
    counter.deliveries.answers = ["lose"]
    with pytest.raises(RedemptionUnknown):
        counter.sell(asha, 1000, points=40, on_account=200, operation_id=operation)
    given = give_in_doubt(counter.till, operation)
    assert given.state is (S.KEPT if server is PLAIN else S.UNKNOWN)
    assert (counter.balance(asha), figure(counter)[0]) == (-200, 400)


def test_in_doubt_the_same_bounds_hold(counter: Counter) -> None:
    asha, operation = open_shop(counter, redeem_soft=10), fresh()
    counter.deliveries.answers = ["lose"]
    with pytest.raises(RedemptionUnknown):
        counter.redeem(asha, 46, operation_id=operation)
    with pytest.raises(RiskAboveRoom) as hard:
        give_in_doubt(counter.till, operation, approved_by="Boss")
    assert hard.value.params["most"] == 45
    counter.move(operation, S.REJECTED)
    with pytest.raises(RedemptionRefused):
        give_in_doubt(counter.till, operation, approved_by="Boss")
    second = fresh()
    counter.deliveries.answers = ["lose"]
    with pytest.raises(RedemptionUnknown):
        counter.redeem(asha, 11, operation_id=second)
    with pytest.raises(RiskNeedsManager):
        give_in_doubt(counter.till, second)
    assert figure(counter)[0] == 0
    assert give_in_doubt(counter.till, second, approved_by="Boss").state is S.UNKNOWN
    assert counter.operations()[-1].operation.approved_by == "Boss"


def test_what_the_server_took_meanwhile_is_no_risk(counter: Counter) -> None:
    asha, operation = open_shop(counter), fresh()
    counter.deliveries.answers = ["lose"]
    with pytest.raises(RedemptionUnknown):
        counter.redeem(asha, 46, operation_id=operation)
    counter.move(operation, S.CONFIRMED)
    assert give_in_doubt(counter.till, OperationId(operation)).state is S.CONFIRMED
    assert figure(counter)[0] == 0


def test_an_ordinary_act_that_was_not_sent_is_taken_back_before_another_is_given(counter: Counter) -> None:
    asha = open_shop(counter)
    with pytest.raises(RedemptionNeedsServer):
        counter.redeem(asha, 45, offline=True)
    give(counter, asha, 45)
    assert [view.state for view in counter.operations()] == [S.CANCELLED, S.KEPT, S.PENDING]


def test_a_discount_given_in_doubt_stays_at_risk_when_a_person_sends_the_act_as_new(counter: Counter) -> None:
    asha, operation = open_shop(counter, PLAIN), fresh()
    counter.deliveries.answers = ["ask"]
    with pytest.raises(RedemptionInInbox):
        counter.redeem(asha, 40, operation_id=operation)
    noted = {"at_risk": True, "as_of": None, "share": 45, "given": 400}
    counter.book.write(lambda session: session.operations.set_state(operation, S.NEEDS_HUMAN, evidence=noted))
    assert figure(counter) == (400, 50)
    view = counter.operations()[0]

    def send(session: Session) -> None:
        session.operations.set_state(operation, S.REJECTED)
        again(counter.till, session, view, state=S.PENDING)

    counter.book.write(send)
    assert figure(counter) == (400, 50)


def test_the_slip_says_that_the_points_are_subject_to_confirmation_until_the_server_agrees(counter: Counter) -> None:
    asha = open_shop(counter)
    made = give(counter, asha, 30)
    codes = [message.params.get("code") for message in slip_of(counter.till, made.operation.id).footer]
    assert short_id(made.operation.id) in codes
    counter.move(made.operation.id, S.IN_FLIGHT, S.CONFIRMED)
    assert all("code" not in message.params for message in slip_of(counter.till, made.operation.id).footer)
    sold = counter.sell(asha, 1000, points=5, at_risk=True, approved_by="Boss")
    assert any("code" in message.params for message in slip_of(counter.till, sold.sale.id).footer)
