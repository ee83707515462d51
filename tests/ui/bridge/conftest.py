"""A desk over a real book and, where a test connects it, a real stub."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from posapp.app import TillApplication, open_till
from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.locale.translator import Translator
from posapp.services.connections import ConnectForm
from posapp.services.customers import add_customer
from posapp.services.khata import EntryForm, record_entry
from posapp.services.till import Till
from posapp.ui.bridge.desk import Desk, make_desk, open_book
from tests.support.stub import StubServer

WAIT = 20_000
"""Milliseconds that a test waits at most."""


@pytest.fixture
def app(tmp_path: Path) -> Iterator[TillApplication]:
    """A till with an empty book."""
    with open_till(tmp_path / "home", actor="mina", passphrase=lambda: "only for tests", keyring=False) as opened:
        yield opened


@pytest.fixture
def desk(app: TillApplication, qtbot: QtBot) -> Iterator[Desk]:
    """A desk over it; its loop is not started."""
    made = make_desk(app, open_book(app), say=Translator("en"))
    yield made
    made.close()


@pytest.fixture
def serve() -> Iterator[Callable[[int], StubServer]]:
    """Starts a stub with so many customers."""
    with ExitStack() as running:
        yield lambda customers: running.enter_context(StubServer(customers=customers))


def connect(app: TillApplication, stub: StubServer) -> None:
    """Connect a till to a stub as store 22."""
    app.connect(ConnectForm("pos", stub.base_url, None, "Head office", stub.token().encode()))


def a_customer(till: Till, name: str = "Asha Devi") -> CustomerId:
    """Record a new customer."""
    added = add_customer(till, operation_id=OperationId(new_uuid()), profile=Profile(name))
    return added.recorded.customer.id


def pay(till: Till, customer_id: CustomerId, minor: int = 500) -> None:
    """Record a payment."""
    amount = Money(minor, till.book.read(lambda session: session.settings.shop().currency))
    form = EntryForm(OperationId(new_uuid()), customer_id, OperationKind.PAYMENT, amount, confirmed=True)
    record_entry(till, form)
