"""A khata's lines with running balances that always end at the balance; every state says itself by icon and word."""

from __future__ import annotations

from datetime import timedelta

from pytestqt.modeltest import ModelTester

from posapp.domain.ids import RemoteId
from posapp.domain.ledger import signed
from posapp.domain.operation import OperationState
from posapp.services.lookup import explain_balance, explain_points
from posapp.services.purchases import purchases
from posapp.ui.bridge.desk import Desk
from posapp.ui.models.ledger_model import LedgerTableModel, ledger_rows
from posapp.ui.models.points_model import PointsTableModel, points_rows
from posapp.ui.models.purchases_model import PurchasesTableModel
from posapp.ui.theme.tokens import Tone
from tests.services.counter import Counter, taka

S = OperationState
WHAT, DEBIT, CREDIT, BALANCE, STATE = 1, 2, 3, 4, 5


def test_every_state_is_said_and_what_was_refused_does_not_count(
    counter: Counter, desk: Desk, qtmodeltester: ModelTester
) -> None:
    counter.connect()
    asha = counter.on_server(balance=-10_000)
    moves = {
        "accepted": (S.IN_FLIGHT, S.ACKED, S.CONFIRMED),
        "sent": (S.IN_FLIGHT, S.ACKED),
        "doubtful": (S.IN_FLIGHT, S.UNKNOWN),
        "refused": (S.IN_FLIGHT, S.REJECTED),
        "in the inbox": (S.IN_FLIGHT, S.NEEDS_HUMAN),
        "kept": (S.KEPT,),
        "saved": (),
    }
    for word, states in moves.items():
        done = counter.enter(asha, "charge", 100, note=word)
        counter.clock.advance(seconds=1)
        counter.move(done.operation.id, *states)
    explained = explain_balance(desk.till, asha)
    shown = ledger_rows(explained)
    model = LedgerTableModel(desk)
    model.show_records(shown)
    qtmodeltester.check(model, force_py=True)
    assert model.cell(0, WHAT).text == "Brought forward"
    states = {model.cell(row, WHAT).aside: model.cell(row, STATE) for row in range(1, model.rowCount())}
    assert {note: cell.text for note, cell in states.items()} == {word: word for word in moves}
    assert all(cell.icon for cell in states.values())
    refused = next(row for row in range(model.rowCount()) if model.cell(row, WHAT).aside == "refused")
    assert model.cell(refused, WHAT).tone is Tone.MUTED
    assert model.cell(refused, BALANCE).text == ""
    assert shown[-1].balance == explained.standing.balance
    counted = ledger_rows(explained, counted_only=True)
    assert [row.line.description for row in counted if row.line] == [word for word in moves if word != "refused"]
    sum_of_lines = sum((signed(row.line.direction, row.line.amount).minor for row in counted if row.line), 0)
    assert explained.brought is not None
    assert explained.standing.balance == taka(explained.brought.minor + sum_of_lines)


def test_sides_direction_and_marks(counter: Counter, desk: Desk) -> None:
    asha = counter.customer()
    yesterday = desk.shop().day_of(counter.clock.now()) - timedelta(days=1)
    counter.enter(asha, "charge", 700, note="Rice", on=yesterday)
    undone = counter.enter(asha, "charge", 200, note="Sugar")
    counter.reverse(undone.operation.id, reason="brought back")
    counter.enter(asha, "payment", 1000, reference="bKash 77")
    model = LedgerTableModel(desk)
    model.show_records(tuple(reversed(ledger_rows(explain_balance(desk.till, asha)))))
    paid, reversal, sugar, rice = range(4)
    assert (model.cell(paid, DEBIT).text, model.cell(paid, CREDIT).text) == ("", "৳10.00")
    assert model.cell(paid, WHAT).aside == "bKash 77"
    assert (model.cell(paid, BALANCE).aside, model.cell(paid, BALANCE).text) == ("advance", "৳3.00")
    assert model.cell(reversal, WHAT).plain() == "Reversal · brought back"
    assert model.cell(sugar, DEBIT).struck
    assert model.cell(sugar, WHAT).aside == "Sugar · reversed"
    assert model.cell(rice, WHAT).aside == "Rice · back-dated"
    assert model.cell(rice, BALANCE).plain() == "৳7.00 · owes"


def test_an_unknown_balance_never_looks_like_zero(counter: Counter, desk: Desk) -> None:
    counter.connect()
    asha = counter.on_server(balance=None, points=None)
    counter.enter(asha, "payment", 500)
    model = LedgerTableModel(desk)
    model.show_records(ledger_rows(explain_balance(desk.till, asha)))
    assert [model.cell(row, BALANCE).text for row in range(2)] == ["unknown", "unknown"]
    points = PointsTableModel(desk)
    points.show_records(points_rows(explain_points(desk.till, asha)))
    assert points.cell(0, 4).text == "not fetched yet"


def test_points_and_bills(counter: Counter, desk: Desk, qtmodeltester: ModelTester) -> None:
    counter.connect()
    asha = counter.on_server(points=40)
    counter.sell(asha, 10_000, on_account=2_500, receipt_number="R-1", offline=True)
    counter.server_says(points=40, remote_id=RemoteId("r-1"))
    points = PointsTableModel(desk)
    points.show_records(points_rows(explain_points(desk.till, asha)))
    qtmodeltester.check(points, force_py=True)
    assert [points.line(row).split("\t")[1:5] for row in range(2)] == [
        ["Brought forward", "", "", "40"],
        ["Sale", "100", "", "140"],
    ]
    bills = PurchasesTableModel(desk)
    bills.show_records(purchases(desk.till, asha).bills)
    qtmodeltester.check(bills, force_py=True)
    assert bills.line(0).split("\t")[1:] == ["R-1", "৳100.00", "–", "৳75.00", "৳25.00", "100", "saved"]
