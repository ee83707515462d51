"""What the bridge's tests do at the till: connect it, add a customer, take a payment."""

from __future__ import annotations

from posapp.app import TillApplication
from posapp.domain.customer import Profile
from posapp.domain.ids import CustomerId, OperationId, new_uuid
from posapp.domain.money import Money
from posapp.domain.operation import OperationKind
from posapp.services.connections import ConnectForm
from posapp.services.customers import add_customer
from posapp.services.khata import EntryForm, record_entry
from posapp.services.till import Till
from tests.support.stub import StubServer

WAIT = 20_000
"""Milliseconds that a test waits at most."""


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
