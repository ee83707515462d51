"""What the dialogs' tests do: open a dialog as the window does, press its keys, look into the book."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication
from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import Operation, OperationKind, OperationState
from posapp.services.connections import ConnectForm
from posapp.services.customers import add_customer
from posapp.services.dto import Standing
from posapp.services.khata import EntryForm, record_entry
from posapp.services.lookup import Card, card
from posapp.services.shop import change_shop
from posapp.ui.bridge.desk import Desk
from posapp.ui.dialogs.act_dialog import ActDialog, Told
from posapp.ui.dialogs.approval_dialog import ApprovalDialog
from tests.support.keys import type_text
from tests.support.stub import StubServer

WAIT = 20_000
ENTER, F2, F3, F4 = Qt.Key.Key_Return, Qt.Key.Key_F2, Qt.Key.Key_F3, Qt.Key.Key_F4
F5, F6 = Qt.Key.Key_F5, Qt.Key.Key_F6


@dataclass
class Teller:
    """A desk, the window over it, and what the dialogs told it."""

    desk: Desk
    window: QWidget
    qtbot: QtBot
    told: list[Told] = field(default_factory=list)

    def money(self, major: float) -> Money:
        """Return an amount in the shop's currency."""
        return Money(round(major * 100), self.desk.shop().currency)

    def set_shop(self, **changes: str) -> None:
        """Change the shop's settings."""
        shop = change_shop(self.desk.till, {name.replace("_", "-"): text for name, text in changes.items()})
        self.desk.changes.set_shop(shop)

    def customer(self, name: str = "Rahima Khatun") -> CustomerId:
        """Record a new customer."""
        added = add_customer(self.desk.till, operation_id=OperationId(new_uuid()), profile=Profile(name))
        return added.recorded.customer.id

    def entry(self, customer_id: CustomerId, kind: OperationKind, major: float, **more: Any) -> OperationId:
        """Record a khata act."""
        form = EntryForm(OperationId(new_uuid()), customer_id, kind, self.money(major), confirmed=True, **more)
        return record_entry(self.desk.till, form).operation.id

    def card(self, customer_id: CustomerId) -> Card:
        """Return a card as the window would show it."""
        return card(self.desk.till, customer_id)

    def standing(self, customer_id: CustomerId) -> Standing:
        """Return a customer's numbers."""
        return self.card(customer_id).standing

    def operations(self, customer_id: CustomerId, kind: OperationKind) -> list[Operation]:
        """Return the acts of a kind in the book, whatever became of them."""
        views = self.desk.till.book.read(lambda session: session.operations.of_customer(customer_id, OperationState))
        return [view.operation for view in views if view.operation.kind is kind]

    def state(self, operation_id: OperationId) -> str:
        """Return how far an act has come."""
        view = self.desk.till.book.read(lambda session: session.operations.get(operation_id))
        assert view is not None
        return view.state.value

    def open(self, dialog: ActDialog[Any, Any]) -> None:
        """Open a dialog that was made with `window` as its parent."""
        dialog.recorded.connect(self.told.append)
        with self.qtbot.waitExposed(dialog):
            dialog.open()
        dialog.activateWindow()

    def manager_asked(self, dialog: QWidget) -> ApprovalDialog:
        """Ask for the manager's PIN and return the dialog that does."""
        self.press(dialog, F3)
        asks = dialog.findChild(ApprovalDialog)
        assert isinstance(asks, ApprovalDialog)
        self.until(asks.isActiveWindow)
        return asks

    def until(self, holds: Callable[[], object]) -> None:
        """Let events run until something holds."""
        self.qtbot.waitUntil(lambda: bool(holds()), timeout=WAIT)

    def type(self, editor: QWidget, text: str) -> None:
        """Type into a field, in place of what stood there."""
        editor.setFocus()
        if hasattr(editor, "selectAll"):
            editor.selectAll()
        type_text(editor, text)

    def press(self, dialog: QWidget, key: Qt.Key) -> None:
        """Press a key wherever the focus is in a dialog."""
        QTest.keyClick(dialog.focusWidget() or dialog, key)

    def connect(self, app: TillApplication, stub: StubServer) -> None:
        """Connect the till to a stub and read it whole."""
        app.connect(ConnectForm("pos", stub.base_url, None, "Head office", stub.token().encode()))
        assert app.sync(full=False, connection=None, progress=None).problem is None
        self.desk.changes.set_shop(self.desk.till.book.read(lambda session: session.settings.shop()))

    def rich_customer(self, stub: StubServer) -> CustomerId:
        """Return the customer with most points on the stub."""
        with stub.client() as office:
            rows = office.get("/api/v1/customers?limit=250").json()
        remote_id = max(rows, key=lambda row: row["loyalty_points"])["id"]

        def read(session: Any) -> CustomerId:
            connection = next(one for one in session.settings.connections() if one.primary)
            customer_id: CustomerId = session.mirror.rows(connection.id, [remote_id])[remote_id].customer_id
            return customer_id

        return self.desk.till.book.read(read)
