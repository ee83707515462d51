"""The card says when its khata was proven, and that it is held; the sync panel counts the proven ones."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication
from posapp.domain.ids import CustomerId
from posapp.domain.proof import Difference, MismatchKind
from posapp.services.ports.book import Session
from posapp.services.till import primary_connection
from posapp.ui.bridge.desk import Desk
from posapp.ui.views.customer.card_view import CardView
from posapp.ui.views.customer.numbers import What
from posapp.ui.views.sync.panel import SyncPanel
from tests.support.stub import StubServer
from tests.ui.bridge.at_the_till import connect

pytestmark = pytest.mark.usefixtures("owing")


@pytest.fixture
def owing(app: TillApplication, desk: Desk, serve: Callable[[int], StubServer]) -> CustomerId:
    """A customer with a khata on the server, which the till has read."""
    stub = serve(60)
    connect(app, stub)
    app.sync(full=True, connection=None, progress=None)
    with stub.client() as office:
        rows = office.get("/api/v1/customers", params={"limit": 250}).raise_for_status().json()
        row = next(one for one in rows if office.get(f"/api/v1/customers/{one['id']}").json()["ledger_balance"])
    return desk.till.book.read(lambda session: session.customers.resolve(str(row["id"])))[0].id


def shown(view: CardView, desk: Desk, customer_id: CustomerId) -> str:
    view.show_customer(customer_id)
    assert desk.runner.wait_idle()
    QApplication.processEvents()
    assert desk.runner.wait_idle()
    return " ".join(view.figures.figures[What.BALANCE].lines())


def test_proven_then_held(view: CardView, desk: Desk, owing: CustomerId, app: TillApplication, qtbot: QtBot) -> None:
    report = app.prove_khatas()
    assert report is not None
    assert (report.proven, report.open) == (report.of, 0)
    assert "proven" in shown(view, desk, owing)
    assert view.held.isHidden()

    def differs(session: Session) -> None:
        connection = primary_connection(session)
        assert connection is not None
        remote_id = session.mirror.remote_id(connection.id, owing)
        assert remote_id is not None
        found = Difference(MismatchKind.BALANCE_DIFFERS, 0, {"balance": 1}, {"balance": 2})
        session.proofs.note_mismatch(connection.id, remote_id, found, desk.till.clock.now())

    desk.till.book.write(differs)
    shown(view, desk, owing)
    assert not view.held.isHidden()
    assert "This khata is held" in view.held.words()
    assert "but by a manager" in " ".join(view.figures.figures[What.CREDIT].lines())
    panel = SyncPanel(desk)
    qtbot.addWidget(panel)
    desk.sync.refresh()
    qtbot.waitUntil(lambda: "differ" in panel.value("Khatas"))
