"""Answers that drip or never come: each request has a deadline as a whole, and a person's wait has its own."""

import time
from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from posapp.remote.credential import credential_from_bytes
from posapp.remote.http import HttpClient, Limits
from posapp.remote.pos.api import PosApi
from tests.faults.shop import a_shop
from tests.faults.wire import Asked, Conversation, Wire
from tests.sync.stub_desk import STORE

SECONDS = 0.6
PATIENCE = 20 * SECONDS
"""Only an endless wait fails: a busy machine may be late, not that late."""


def drips(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """The answer comes byte by byte, for longer than anybody's patience."""
    whole = wire.forward(asked).wire()
    conversation.drip((bytes([byte]) for byte in whole), 2 * PATIENCE / len(whole))


def drips_headers(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """The answer's head never ends."""
    wire.forward(asked)
    conversation.drip((b"HTTP/1.1 200 OK\r\n", *(b"X-A: b\r\n" for _ in range(10_000))), 0.05)


def hangs(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """The request arrives, and nothing comes back."""
    wire.forward(asked)
    conversation.wait()


FATES = [drips, drips_headers, hangs]


@pytest.mark.parametrize("fate", FATES)
@pytest.mark.parametrize("write", ["payment", "sale"])
def test_row_21_a_write_ends_and_has_one_effect(tmp_path: Path, fate, write: str) -> None:  # type: ignore[no-untyped-def]
    with a_shop(tmp_path) as shop:
        customer_id = shop.regular()
        token = credential_from_bytes(shop.stub.token(STORE).encode())
        quick = HttpClient(shop.wire.url, token, limits=Limits(SECONDS, SECONDS))
        shop.server = PosApi(quick, "INR", "main", shop.api.capabilities)  # type: ignore[assignment]
        shop.engine = shop.new_engine()
        operation_id = shop.payment(customer_id) if write == "payment" else shop.sale(customer_id)
        shop.wire.next_write(fate)
        began = time.monotonic()
        shop.engine.run_cycle()
        assert time.monotonic() - began < PATIENCE
        assert shop.state(operation_id) is OperationState.UNKNOWN
        shop.server.close()
        shop.server = shop.api  # type: ignore[assignment]
        shop.engine = shop.new_engine()
        shop.holds(operation_id)
        shop.agrees(customer_id)


@pytest.mark.parametrize("fate", FATES)
def test_row_21_a_cashier_waits_as_long_as_she_was_told(tmp_path: Path, fate) -> None:  # type: ignore[no-untyped-def]
    with a_shop(tmp_path) as shop:
        customer_id = shop.regular(points=100)
        shop.wire.next_write(fate)
        began = time.monotonic()
        operation_id = shop.redeemed(customer_id)
        assert time.monotonic() - began < 5 * PATIENCE
        shop.holds(operation_id)
        shop.agrees(customer_id)
