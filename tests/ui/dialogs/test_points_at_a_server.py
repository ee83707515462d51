"""Points and a server that answers, is gone, or whose answer is lost: no points are ever taken twice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posapp.app import TillApplication
from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind
from posapp.services.redemptions import RedemptionInInbox
from posapp.ui.dialogs.redeem_dialog import RedeemDialog
from posapp.ui.dialogs.sale_dialog import SaleDialog
from posapp.ui.widgets.buttons import KeyButton
from tests.support.stub import StubServer
from tests.ui.dialogs.at_the_desk import ENTER, F2, F3, Teller

K = OperationKind
LOST = [{"match": {"method": "POST"}, "effect": {"drop_after": True}}]


@pytest.fixture
def stub(serve: Callable[[int], StubServer], teller: Teller, app: TillApplication) -> StubServer:
    """A stub with customers, to which the till is connected."""
    running = serve(60)
    teller.connect(app, running)
    return running


@pytest.fixture
def rich(teller: Teller, stub: StubServer) -> CustomerId:
    """A customer with points on the stub."""
    return teller.rich_customer(stub)


def redeeming(teller: Teller, customer_id: CustomerId, points: str = "20") -> RedeemDialog:
    dialog = RedeemDialog(teller.desk, teller.card(customer_id), teller.window)
    teller.open(dialog)
    teller.type(dialog.points, points)
    return dialog


def selling(teller: Teller, customer_id: CustomerId) -> SaleDialog:
    dialog = SaleDialog(teller.desk, teller.card(customer_id), teller.window)
    teller.open(dialog)
    teller.type(dialog.bill, "300")
    teller.type(dialog.points, "20")
    teller.type(dialog.receipt, "R-9")
    return dialog


def effects(stub: StubServer) -> list[str]:
    return [effect["op"] for effect in stub.effects()]


def test_points_come_off_once_the_server_agrees(teller: Teller, stub: StubServer, rich: CustomerId) -> None:
    points = teller.standing(rich).points
    assert points is not None
    dialog = redeeming(teller, rich)
    teller.press(dialog, ENTER)
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.told[0].text.startswith("20 points taken off: give")
    assert teller.standing(rich).points == points - 20
    assert len(teller.operations(rich, K.REDEEM)) == 1
    assert dialog.operation_id in effects(stub)


def test_a_slow_answer_is_waited_for_and_nothing_can_be_typed(
    teller: Teller, stub: StubServer, rich: CustomerId
) -> None:
    stub.faults([{"match": {"method": "POST"}, "effect": {"delay_ms": 1200}}])
    dialog = redeeming(teller, rich)
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.banner.words().startswith("Asking the server… 5 s"))
    assert not dialog.points.isEnabled()
    dialog.reject()
    assert dialog.isVisible()
    teller.until(lambda: teller.told)


def test_without_a_server_nothing_is_taken_off_and_the_full_price_is_one_key(
    teller: Teller, stub: StubServer, rich: CustomerId
) -> None:
    points = teller.standing(rich).points
    stub.stop()
    dialog = redeeming(teller, rich)
    teller.press(dialog, ENTER)
    teller.until(lambda: "Nothing was sent" in dialog.banner.words())
    assert dialog.points.isEnabled()
    teller.press(dialog, F2)
    assert not dialog.isVisible()
    assert teller.told == []
    assert teller.standing(rich).points == points


def test_it_can_be_tried_again_once_the_server_is_back(teller: Teller, stub: StubServer, rich: CustomerId) -> None:
    stub.stop()
    dialog = redeeming(teller, rich)
    first = dialog.operation_id
    teller.press(dialog, ENTER)
    teller.until(lambda: "Nothing was sent" in dialog.banner.words())
    stub.start()
    stub.faults([{"match": {"method": "POST"}, "effect": {"delay_ms": 800}}])
    again = next(button for button in dialog.banner.findChildren(KeyButton) if button.words() == "Try again")
    again.setFocus()
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.banner.words().startswith("Asking the server"))
    teller.until(lambda: teller.told)
    assert teller.state(first) == "cancelled"
    assert dialog.operation_id in effects(stub)
    assert first not in effects(stub)


def test_a_lost_answer_is_said_plainly_and_never_sent_under_another_id(
    teller: Teller, stub: StubServer, rich: CustomerId
) -> None:
    points = teller.standing(rich).points
    assert points is not None
    stub.faults(LOST)
    dialog = redeeming(teller, rich)
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.in_doubt)
    assert dialog.after.rows()[0].after == "not yet"
    assert "The 20 points are held" in dialog.banner.words()
    assert not dialog.points.isEnabled()
    assert teller.standing(rich).points == points - 20
    teller.press(dialog, ENTER)
    assert not dialog.isVisible()
    assert "held until the server answers" in teller.told[0].text
    (redemption,) = teller.operations(rich, K.REDEEM)
    assert teller.state(redemption.id) == "unknown"
    assert effects(stub).count(redemption.id) == 1


def test_asking_again_asks_about_the_same_act(teller: Teller, stub: StubServer, rich: CustomerId) -> None:
    teller.set_shop(quarantine="1")
    points = teller.standing(rich).points
    assert points is not None
    stub.faults(LOST)
    dialog = redeeming(teller, rich)
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.in_doubt)
    stub.clear_faults()
    teller.until(lambda: _asked_again(teller, dialog))
    (redemption,) = teller.operations(rich, K.REDEEM)
    assert effects(stub).count(redemption.id) == 1
    assert teller.standing(rich).points == points - 20


def _asked_again(teller: Teller, dialog: RedeemDialog) -> bool:
    """Press *ask again* while the till does not know; return whether it knows now."""
    if not teller.told and not dialog.busy and dialog.banner.words():
        teller.press(dialog, F3)
    return bool(teller.told)


def test_a_sale_without_a_server_goes_on_at_the_full_price_with_all_that_was_typed(
    teller: Teller, stub: StubServer, rich: CustomerId
) -> None:
    before = teller.standing(rich)
    stub.stop()
    dialog = selling(teller, rich)
    first = dialog.operation_id
    teller.press(dialog, ENTER)
    teller.until(lambda: "Nothing was sent" in dialog.banner.words())
    assert (dialog.bill.text(), dialog.points.text(), dialog.receipt.text()) == ("300", "20", "R-9")
    teller.press(dialog, F2)
    teller.until(lambda: teller.told)
    sale = teller.card(rich).sales[0]
    assert sale.id == dialog.operation_id != first
    assert (sale.points_redeemed, sale.paid, sale.receipt_number) == (0, teller.money(300), "R-9")
    assert teller.state(first) == "cancelled"
    after = teller.standing(rich)
    assert before.points is not None
    assert after.points == before.points + sale.points_earned


def test_a_sale_whose_answer_is_lost_is_one_sale(teller: Teller, stub: StubServer, rich: CustomerId) -> None:
    stub.faults(LOST)
    dialog = selling(teller, rich)
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.in_doubt)
    assert "do not enter it again" in dialog.banner.words()
    assert dialog.after.rows()[0].after == teller.money(300).text()
    teller.press(dialog, ENTER)
    assert not dialog.isVisible()
    assert "waits for the server's word" in teller.told[0].text
    (sale,) = teller.operations(rich, K.SALE)
    assert sale.id == dialog.operation_id
    assert effects(stub).count(sale.id) >= 1


def test_points_that_are_gone_on_the_server_are_refused_and_the_bill_can_go_on(
    teller: Teller, stub: StubServer, rich: CustomerId
) -> None:
    stub.faults([{"match": {"method": "POST"}, "effect": {"status": 422}}])
    dialog = selling(teller, rich)
    first = dialog.operation_id
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.points_field.below().startswith("The server did not take"))
    assert dialog.operation_id != first
    assert teller.state(first) == "rejected"
    assert dialog.points.isEnabled()


def test_an_answer_that_only_a_person_can_read_is_the_inboxs(
    teller: Teller, stub: StubServer, rich: CustomerId
) -> None:
    dialog = redeeming(teller, rich)
    dialog.on_failed(RedemptionInInbox(operation=dialog.operation_id, state="needs_human"))
    assert "a person decides in the inbox" in dialog.banner.words()
    assert dialog.banner.findChildren(KeyButton) == []
    teller.press(dialog, ENTER)
    assert not dialog.isVisible()
    assert effects(stub) == []
