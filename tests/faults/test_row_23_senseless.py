"""Answers of the wrong type, encoding or depth: a read takes nothing of them, a write is in doubt, with one effect."""

from collections.abc import Callable
from pathlib import Path

import pytest

from posapp.services.dto import CustomerStatus
from tests.faults.shop import a_shop, about_to_write
from tests.faults.wire import Asked, Conversation, Fate, Wire

Spoil = Callable[[bytes], tuple[str, bytes]]
"""Makes of a body another content type and other bytes."""

JSON = "application/json"
SPOILS: dict[str, Spoil] = {
    "text": lambda body: ("text/plain", body),
    "no type": lambda body: ("", body),
    "BOM": lambda body: (JSON, b"\xef\xbb\xbf" + body),
    "UTF-16": lambda body: (JSON, body.decode().encode("utf-16")),
    "NaN": lambda body: (JSON, body.replace(b":", b":NaN,", 1) if body[:1] == b"{" else b"[NaN]"),
    "1e400": lambda body: (JSON, b'{"id": 1e400}'),
    "two members of one name": lambda body: (JSON, b'{"id": "a", "id": "b"}'),
    "nested 10,000 deep": lambda body: (JSON, b"[" * 10_000 + b"]" * 10_000),
    "twice": lambda body: (JSON, body + body),
    "empty": lambda body: (JSON, b""),
    "null": lambda body: (JSON, b"null"),
}


def spoilt(how: Spoil) -> Fate:
    """The request has its effect, and its answer is spoilt on the way back."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        answer = wire.forward(asked)
        kind, body = how(answer.body)
        head = (
            f"HTTP/1.1 200 OK\r\n{f'Content-Type: {kind}' if kind else 'X-A: b'}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        conversation.send(head.encode() + body)

    return fate


@pytest.mark.parametrize("name", SPOILS)
@pytest.mark.parametrize("offers", ["extended", "plain"])
def test_row_23_a_read_takes_nothing_of_it(tmp_path: Path, offers: str, name: str) -> None:
    with a_shop(tmp_path, plain=offers == "plain") as shop:
        before = {one.id: one for one in shop.customers()}
        shop.wire.every(lambda asked: not asked.writes, spoilt(SPOILS[name]))
        assert shop.cycle(full=True).problem is not None
        after = {one.id: one for one in shop.customers()}
        assert {key: one.profile for key, one in after.items()} == {key: one.profile for key, one in before.items()}
        assert all(one.status is CustomerStatus.LIVE for one in after.values())
        shop.heal()
        assert shop.cycle(full=True).problem is None


@pytest.mark.parametrize("name", SPOILS)
@pytest.mark.parametrize(("offers", "write"), [("extended", "payment"), ("extended", "sale"), ("plain", "create")])
def test_row_23_a_write_is_in_doubt_and_has_one_effect(tmp_path: Path, offers: str, write: str, name: str) -> None:
    with about_to_write(tmp_path, offers, write) as (shop, customer_id, act):
        shop.wire.next_write(spoilt(SPOILS[name]))
        operation_id = act()
        shop.cycle()
        shop.holds(operation_id)
        assert shop.effects_of(operation_id)
        shop.agrees(customer_id)
