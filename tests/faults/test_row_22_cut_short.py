"""Answers end in their middle: nothing of them is taken, nobody is deleted, and the next cycle reads them whole."""

from pathlib import Path

import pytest

from posapp.services.dto import CustomerStatus
from tests.faults.lists import lists_customers
from tests.faults.shop import AT_EVERY_SERVER, EVERY_SERVER, Shop, a_shop, about_to_write, at
from tests.faults.wire import Asked, Conversation, Fate, Wire, cut

SHARES = (0.0, 0.3, 0.99)


def unframed(share: float) -> Fate:
    """The answer has no length: it ends where the connection does, in its middle."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        whole = wire.forward(asked)
        body, kind = whole.body, whole.headers["content-type"].encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nConnection: close\r\n\r\n" % kind
        conversation.send(head + body[: int(len(body) * share)])

    return fate


def chunked(share: float) -> Fate:
    """The answer comes in chunks, and the last of them never."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        whole = wire.forward(asked)
        body, kind = whole.body[: int(len(whole.body) * share)], whole.headers["content-type"].encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nTransfer-Encoding: chunked\r\n\r\n" % kind
        conversation.send(head + b"%x\r\n%s\r\n" % (len(body), body) if body else head)

    return fate


def live(shop: Shop) -> set[str]:
    return {one.id for one in shop.customers() if one.status is CustomerStatus.LIVE}


@pytest.mark.parametrize("offers", ["extended", "plain"])
@pytest.mark.parametrize("framing", [cut, unframed, chunked])
@pytest.mark.parametrize("share", SHARES)
def test_row_22_a_list_cut_short_deletes_nobody(tmp_path: Path, offers: str, framing, share: float) -> None:  # type: ignore[no-untyped-def]
    with a_shop(tmp_path, plain=offers == "plain") as shop:
        before = live(shop)
        shop.wire.every(lambda asked: "/customers?" in asked.path, framing(share))
        for _ in range(2):
            assert shop.cycle(full=True).problem is not None
        assert live(shop) == before
        shop.heal()
        assert shop.cycle(full=True).problem is None
        assert live(shop) == before
        assert shop.inbox() == []


@pytest.mark.parametrize("server", EVERY_SERVER)
@pytest.mark.parametrize("framing", [cut, unframed, chunked])
def test_row_22_no_apis_list_cut_short_deletes_or_spoils_anybody(tmp_path: Path, server: str, framing) -> None:  # type: ignore[no-untyped-def]
    with at(tmp_path, server, people=6) as shop:
        before = live(shop)
        shop.wire.every(lists_customers, framing(0.6))
        assert shop.cycle(full=True).problem is not None
        assert live(shop) == before
        shop.heal()
        shop.same_people()
        assert live(shop) == before
        assert shop.inbox() == []


@pytest.mark.parametrize("share", [SHARES[0], SHARES[-1]])
@pytest.mark.parametrize(("server", "write"), AT_EVERY_SERVER)
def test_row_22_a_writes_answer_cut_short_is_a_doubt(tmp_path: Path, server: str, write: str, share: float) -> None:
    with about_to_write(tmp_path, server, write) as (shop, customer_id, act):
        shop.wire.next_write(cut(share))
        operation_id = act()
        shop.cycle()
        shop.holds(operation_id)
        shop.agrees(customer_id)


def test_row_22_half_a_khata_is_no_khata(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        customer_id = shop.regular()
        operation_id = shop.payment(customer_id)
        shop.holds(operation_id)
        remote_id = shop.remote(customer_id)
        assert remote_id is not None
        shop.engine.refresh_customer(customer_id, deadline_seconds=5)
        before = shop.entries(remote_id)
        assert before
        for framing in (cut, unframed):
            shop.wire.next_read(framing(0.6), "/ledger")
            shop.engine.refresh_customer(customer_id, deadline_seconds=5)
            assert shop.entries(remote_id) == before
