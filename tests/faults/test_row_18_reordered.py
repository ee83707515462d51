"""Answers come in another order than the requests left: a figure read before an act must not replace one after it."""

import threading
from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.lists import lists_customers, reads_customer
from tests.faults.shop import EVERY_SERVER, Shop, a_shop, at
from tests.faults.wire import Asked, Conversation, Wire, request_lost


def held_until(ready: threading.Event, came: threading.Event):  # type: ignore[no-untyped-def]
    """The request arrives at once, and its answer only when something else is over."""

    def fate(wire: Wire, conversation: Conversation, asked: Asked) -> None:
        answer = wire.forward(asked)
        came.set()
        assert ready.wait(20)
        conversation.send(answer.wire())

    return fate


@pytest.mark.parametrize("act", ["payment", "sale"])
@pytest.mark.parametrize("read", ["list", "one customer"])
def test_row_18_an_old_figure_never_hides_or_doubles_an_act(tmp_path: Path, act: str, read: str) -> None:
    with a_shop(tmp_path, lanes=1) as shop:
        customer_id = shop.regular(points=50)
        before = shop.standing(customer_id).balance
        remote_id = shop.remote(customer_id)
        assert before is not None
        shop.office_edits(remote_id, notes="so that the list carries the customer")  # type: ignore[arg-type]
        came, ready = threading.Event(), threading.Event()
        path = f"/{remote_id}/ledger" if read == "one customer" else "updated_since"
        shop.wire.next_read(held_until(ready, came), path)
        reading = threading.Thread(target=lambda: _read(shop, customer_id, read))
        reading.start()
        assert came.wait(20)
        effect = 4_000 if act == "payment" else -30_000
        operation_id = shop.payment(customer_id) if act == "payment" else shop.sale(customer_id)
        other = shop.new_engine(shop.in_flight)
        assert other.push_now(operation_id, deadline_seconds=5).state is OperationState.CONFIRMED
        shop.wire.every(lambda asked: not asked.writes, request_lost)  # no later read puts the figure right
        ready.set()
        reading.join(30)
        assert not reading.is_alive()
        shown = shop.standing(customer_id).balance
        assert shown is not None
        assert shown.minor == before.minor + effect
        shop.holds(operation_id)
        shop.agrees(customer_id)


@pytest.mark.parametrize("read", ["list", "one customer"])
def test_row_18_a_figure_that_holds_an_act_on_its_way_does_not_double_it(tmp_path: Path, read: str) -> None:
    with a_shop(tmp_path, lanes=1) as shop:
        customer_id = shop.regular()
        before = shop.standing(customer_id).balance
        assert before is not None
        came, ready = threading.Event(), threading.Event()
        shop.wire.next_write(held_until(ready, came))
        operation_id = shop.payment(customer_id)
        other = shop.new_engine(shop.in_flight)
        sending = threading.Thread(target=lambda: other.push_now(operation_id, deadline_seconds=30))
        sending.start()
        assert came.wait(20)
        _read(shop, customer_id, read)
        shown = shop.standing(customer_id).balance
        ready.set()
        sending.join(30)
        assert shown is not None
        assert shown.minor == before.minor + 4_000
        shop.holds(operation_id)
        shop.agrees(customer_id)


@pytest.mark.parametrize("read", ["list", "one customer"])
@pytest.mark.parametrize("server", ["pos extended", "pos plain", *EVERY_SERVER])
def test_row_18_an_old_record_does_not_bring_an_edits_old_value_back(tmp_path: Path, server: str, read: str) -> None:
    with at(tmp_path, server) as shop:
        customer_id = shop.newcomer()
        remote_id = shop.remote(customer_id)
        assert remote_id is not None
        shop.office_edits(remote_id, notes="so that the list carries the customer")
        came, ready = threading.Event(), threading.Event()
        shop.wire.next_of(lists_customers if read == "list" else reads_customer, held_until(ready, came))
        reading = threading.Thread(target=lambda: _read(shop, customer_id, read, full=True))
        reading.start()
        assert came.wait(20)
        operation_id = shop.renamed(customer_id)
        meant = shop.customer(customer_id).profile
        other = shop.new_engine(shop.in_flight)
        assert other.push_now(operation_id, deadline_seconds=5).state is OperationState.CONFIRMED
        shop.wire.every(lambda asked: not asked.writes, request_lost)  # no later read puts the record right
        ready.set()
        reading.join(30)
        assert not reading.is_alive()
        shown = shop.customer(customer_id).profile
        assert (shown.name, shown.phone) == (meant.name, meant.phone)
        shop.holds(operation_id)
        shop.same_people()


def _read(shop: Shop, customer_id: str, read: str, *, full: bool = False) -> None:
    if read == "list":
        shop.cycle(full=full)
    else:
        shop.engine.refresh_customer(customer_id, deadline_seconds=30)  # type: ignore[arg-type]


def test_row_18_two_tills_in_each_others_way(tmp_path: Path) -> None:
    with a_shop(tmp_path / "a") as shop:
        customer_id = shop.regular()
        ids = [shop.payment(customer_id), shop.charged(customer_id), shop.payment(customer_id)]
        threads = [threading.Thread(target=shop.new_engine(shop.in_flight).run_cycle) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        shop.holds(*ids)
        shop.agrees(customer_id)


@pytest.mark.parametrize("server", EVERY_SERVER)
def test_row_18_three_engines_in_each_others_way(tmp_path: Path, server: str) -> None:
    with at(tmp_path, server) as shop:
        customer_id = shop.newcomer()
        ids = [shop.created(), shop.renamed(customer_id), shop.changed(customer_id)]
        threads = [threading.Thread(target=shop.new_engine(shop.in_flight).run_cycle) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        shop.holds(*ids)
        shop.same_people()
