"""Sales and khata entries put straight into a stub's store, for a stub that offers no way to post them."""

from typing import Any
from uuid import uuid4

from sqlalchemy import Row

from server_stub.clock import DAY_MICROS
from server_stub.runtime import Runtime
from server_stub.store import customers, ledger, sales
from server_stub.store.sales import Bill
from server_stub.store.writing import Writing
from tests.support.stub import StubServer


def sell(stub: StubServer, customer: str, total: int, *, on_account: int = 0, days_ago: int = 0) -> Row[Any]:
    """Post a sale of store 22 and return its row.

    Args:
        stub: The stub, in this process.
        customer: The customer's uuid.
        total: Minor units.
        on_account: The part that is owed.
        days_ago: How long ago it happened.
    """
    runtime: Runtime = stub.thread.app.state.runtime
    with runtime.database.write() as connection:
        writing = _writing(runtime, connection)
        bill = Bill(
            uuid=str(uuid4()),
            customer_uuid=customer,
            total=total,
            on_account=on_account,
            points_redeemed=0,
            receipt_number=None,
            occurred_at=writing.stamp - days_ago * DAY_MICROS,
        )
        return sales.sell(writing, _customer(writing, customer), bill, redeem_once=False)


def pay(stub: StubServer, customer: str, amount: int) -> Row[Any]:
    """Post a payment to a khata of store 22 and return its row.

    Args:
        stub: The stub, in this process.
        customer: The customer's uuid.
        amount: Minor units.
    """
    runtime: Runtime = stub.thread.app.state.runtime
    with runtime.database.write() as connection:
        writing = _writing(runtime, connection)
        return ledger.post(
            writing,
            _customer(writing, customer),
            kind=ledger.CREDIT,
            amount=amount,
            description="Payment received",
            reference_id=str(uuid4()),
        )


def _writing(runtime: Runtime, connection: Any) -> Writing:
    return Writing.begin(connection, 22, clock=runtime.clock, api="pos", op=None, random_seed=42)


def _customer(writing: Writing, uuid: str) -> Row[Any]:
    row = customers.find(writing.connection, 22, uuid)
    assert row is not None
    return row
