"""An answer that unpacks to gigabytes, or never ends: memory stays small, and the till goes on."""

import gzip
import tracemalloc
from pathlib import Path

import pytest

from tests.faults.shop import a_shop, about_to_write
from tests.faults.wire import Asked, Conversation, Wire
from tests.remote.raw_server import answer

MOST = 64 << 20
BOMB = gzip.compress(b" " * (1 << 30), compresslevel=1)


def bomb(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """A small answer that unpacks to a gigabyte."""
    if asked.writes:
        wire.forward(asked)
    conversation.send(answer(BOMB, headers=["Content-Encoding: gzip"]))


def endless(wire: Wire, conversation: Conversation, asked: Asked) -> None:
    """An answer that goes on and on, of a gigabyte at most."""
    if asked.writes:
        wire.forward(asked)
    conversation.send(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    piece = b'"' + b"x" * 65_000 + b'",'
    for _ in range((1 << 30) // len(piece)):
        conversation.send(piece)


@pytest.mark.parametrize("fate", [bomb, endless])
def test_row_26_a_list_costs_little(tmp_path: Path, fate) -> None:  # type: ignore[no-untyped-def]
    with a_shop(tmp_path) as shop:
        shop.wire.every(lambda asked: "/customers?" in asked.path, fate)
        assert measured(lambda: shop.cycle(full=True).problem is not None) < MOST
        shop.heal()
        assert shop.cycle(full=True).problem is None


@pytest.mark.parametrize("fate", [bomb, endless])
def test_row_26_a_writes_answer_costs_little(tmp_path: Path, fate) -> None:  # type: ignore[no-untyped-def]
    with about_to_write(tmp_path, "extended", "payment") as (shop, customer_id, act):
        shop.wire.next_write(fate)
        operation_id = act()
        assert measured(lambda: shop.cycle() is not None) < MOST
        shop.holds(operation_id)
        shop.agrees(customer_id)


def measured(work) -> int:  # type: ignore[no-untyped-def]
    """Run some work, which must be so, and return how much memory it took at most, in bytes."""
    tracemalloc.start()
    try:
        assert work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
