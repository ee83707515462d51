"""Points at the shop's risk, in the dialog itself: what may be given, the manager past the soft limits, one act."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from posapp.app import TillApplication
from posapp.domain.ids import CustomerId
from posapp.domain.operation import OperationKind
from posapp.ui.dialogs.approval_dialog import ApprovalDialog
from posapp.ui.dialogs.redeem_dialog import RedeemDialog
from posapp.ui.dialogs.sale_dialog import SaleDialog
from posapp.ui.widgets.buttons import KeyButton
from tests.support.stub import StubServer
from tests.ui.dialogs.at_the_desk import ENTER, F2, F6, Teller

K = OperationKind
LOST = [{"match": {"method": "POST"}, "effect": {"drop_after": True}}]
PIN = "274913"


@pytest.fixture
def stub(serve: Callable[[int], StubServer], teller: Teller, app: TillApplication) -> StubServer:
    """A stub with customers, to which the till is connected; the shop has two tills."""
    running = serve(60)
    teller.connect(app, running)
    teller.set_shop(tills="2")
    return running


@pytest.fixture
def rich(teller: Teller, stub: StubServer) -> CustomerId:
    """A customer with points on the stub."""
    return teller.rich_customer(stub)


def redeeming(teller: Teller, customer_id: CustomerId, points: str) -> RedeemDialog:
    dialog = RedeemDialog(teller.desk, teller.card(customer_id), teller.window)
    teller.open(dialog)
    teller.type(dialog.points, points)
    return dialog


def buttons(dialog: RedeemDialog | SaleDialog) -> list[str]:
    return [button.words() for button in dialog.banner.findChildren(KeyButton) if button.isVisible()]


def offered(teller: Teller, dialog: RedeemDialog | SaleDialog) -> None:
    teller.press(dialog, ENTER)
    teller.until(lambda: "Give at the shop's risk" in buttons(dialog))
    assert "this till may give" in dialog.banner.words()


def test_without_a_server_the_discount_may_be_given_at_once(teller: Teller, stub: StubServer, rich: CustomerId) -> None:
    stub.stop()
    dialog = redeeming(teller, rich, "20")
    offered(teller, dialog)
    assert buttons(dialog) == ["Take the full price now", "Try again", "Give at the shop's risk"]
    assert "500 points now; the shop can lose" in dialog.banner.words()
    teller.press(dialog, F6)
    teller.until(lambda: teller.told)
    assert teller.told[0].text.startswith("20 points at the shop's risk: give")
    made = teller.operations(rich, K.REDEEM)
    assert [teller.state(one.id) for one in made] == ["cancelled", "pending"]
    assert (made[1].intent["at_risk"], teller.told[0].operation_id) == (True, made[1].id)


def test_past_the_soft_limit_the_manager_types_the_pin_in_the_same_window(
    teller: Teller, stub: StubServer, rich: CustomerId, app: TillApplication
) -> None:
    app.set_pin(None, PIN)
    stub.stop()
    dialog = redeeming(teller, rich, "150")
    offered(teller, dialog)
    teller.press(dialog, F6)
    assert dialog.pin.hasFocus()
    assert dialog.findChild(ApprovalDialog) is None
    teller.type(dialog.pin, "111222")
    teller.press(dialog, ENTER)
    teller.until(dialog.pin_field.below)
    assert (dialog.pin.text(), teller.told) == ("", [])
    assert "The manager must agree to 150 points" in dialog.banner.words()
    teller.type(dialog.pin, PIN)
    teller.press(dialog, ENTER)
    teller.until(lambda: teller.told)
    assert teller.operations(rich, K.REDEEM)[-1].approved_by is not None


def test_what_is_typed_anew_is_asked_anew(teller: Teller, stub: StubServer, rich: CustomerId) -> None:
    stub.stop()
    dialog = redeeming(teller, rich, "150")
    offered(teller, dialog)
    teller.press(dialog, F6)
    teller.type(dialog.points, "9999")
    assert dialog.pin_field.isHidden()
    assert dialog.action_button.words() == "Take points off"
    teller.press(dialog, ENTER)
    teller.until(lambda: "9999" in dialog.banner.words())
    assert buttons(dialog) == ["Take the full price now", "Try again"]
    teller.press(dialog, F2)
    assert teller.told == []


def test_a_shop_that_said_nothing_of_its_tills_offers_nothing(
    teller: Teller, stub: StubServer, rich: CustomerId
) -> None:
    teller.set_shop(tills="0")
    stub.stop()
    dialog = redeeming(teller, rich, "20")
    teller.press(dialog, ENTER)
    teller.until(lambda: dialog.risk_offer is not None)
    assert buttons(dialog) == ["Take the full price now", "Try again"]
    assert "shop's risk" not in dialog.banner.words()


def test_a_sale_stands_at_once_with_its_discount(teller: Teller, stub: StubServer, rich: CustomerId) -> None:
    stub.stop()
    dialog = SaleDialog(teller.desk, teller.card(rich), teller.window)
    teller.open(dialog)
    teller.type(dialog.bill, "300")
    teller.type(dialog.points, "20")
    offered(teller, dialog)
    teller.press(dialog, F6)
    teller.until(lambda: teller.told)
    assert "its 20 points are at the shop's risk" in teller.told[0].text
    sale = teller.card(rich).sales[0]
    assert (sale.points_redeemed, teller.state(sale.id), sale.id) == (20, "pending", teller.told[0].operation_id)


def test_in_doubt_the_same_act_may_be_given(teller: Teller, stub: StubServer, rich: CustomerId) -> None:
    stub.faults(LOST)
    dialog = redeeming(teller, rich, "20")
    offered(teller, dialog)
    assert buttons(dialog) == ["Ask again", "Give at the shop's risk"]
    teller.press(dialog, F6)
    teller.until(lambda: teller.told)
    (redemption,) = teller.operations(rich, K.REDEEM)
    assert (teller.state(redemption.id), teller.told[0].operation_id) == ("unknown", redemption.id)
    (decision,) = teller.operations(rich, K.RESOLUTION)
    assert decision.intent["about"] == redemption.id
