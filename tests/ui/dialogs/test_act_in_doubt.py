"""A disk that fails at the last step: the dialog keeps what was typed, and the same act is never counted twice."""

from __future__ import annotations

from posapp.domain.operation import OperationKind
from posapp.ui.dialogs.payment_dialog import PaymentDialog
from tests.support.full_disk import failing_log_of
from tests.ui.dialogs.at_the_desk import ENTER, F2, Teller


def test_in_doubt_it_is_tried_again_as_the_same_act(teller: Teller) -> None:
    rahima = teller.customer()
    teller.entry(rahima, OperationKind.CHARGE, 300)
    dialog = PaymentDialog(teller.desk, teller.card(rahima), teller.window)
    teller.open(dialog)
    teller.type(dialog.amount, "100")
    teller.until(dialog.after.rows)
    book = teller.desk.till.book
    with failing_log_of(book.path):  # type: ignore[attr-defined]
        teller.press(dialog, ENTER)
        teller.until(lambda: "not certain" in dialog.banner.words())
    assert dialog.isVisible()
    assert "never counted twice" in dialog.banner.words()
    assert not teller.told
    teller.press(dialog, F2)
    teller.until(lambda: teller.told)
    (payment,) = teller.operations(rahima, OperationKind.PAYMENT)
    assert payment.id == dialog.operation_id == teller.told[0].operation_id
    assert teller.standing(rahima).balance == teller.money(-200)
