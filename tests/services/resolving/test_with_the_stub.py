"""Decisions end to end, against the server stub: each effect is on the server once, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.ids import CustomerId
from posapp.services.inbox import FoundItem, open_items
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from posapp.services.till import Till
from posapp.services.verification import verify_book
from tests.services.counter import S
from tests.support.stub import StubServer
from tests.sync.desk import QUARANTINE
from tests.sync.stub_desk import StubDesk

LEDGER, CUSTOMERS = "*/ledger*", "*/api/v1/customers"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StubDesk]:
    with StubServer() as stub:
        one = StubDesk(stub, tmp_path)
        yield one
        one.close()


@pytest.fixture
def plain_desk(tmp_path: Path) -> Iterator[StubDesk]:
    with StubServer(plain=True) as stub:
        one = StubDesk(stub, tmp_path)
        yield one
        one.close()


def the_item(desk: StubDesk) -> FoundItem:
    [found] = open_items(Till(desk.book, desk.clock, "Mina"))
    return found


def settle(desk: StubDesk, choice: Choice, target: str = "") -> None:
    till = Till(desk.book, desk.clock, "Mina")
    resolve(till, the_item(desk).item.id, Decision(choice, "as agreed", target, "manager"))


def drained(desk: StubDesk) -> None:
    """Sync until nothing waits, every backoff and quarantine being over in between."""
    for _ in range(4):
        desk.clock.pass_time(QUARANTINE)
        desk.engine.run_cycle()
    assert desk.waiting() == 0
    assert desk.inbox() == []
    assert verify_book(Till(desk.book, desk.clock, "Mina")).faults == ()


def anew(desk: StubDesk, operation_id: str) -> str:
    [new] = [
        view.operation.id
        for view in desk.book.read(lambda session: session.operations.in_states(list(S)))
        if view.operation.intent.get("again_of") == operation_id
    ]
    return new


def balance(desk: StubDesk, customer_id: CustomerId) -> int:
    shown = desk.book.read(lambda session: session.khata.standing(customer_id)).balance
    assert shown is not None
    return shown.minor


def test_a_refused_payment_sent_as_new_is_there_once(desk: StubDesk) -> None:
    usha = desk.put_customer("Usha", phone="98200 11111")
    desk.cycle()
    customer = desk.ours(usha)
    payment = desk.pay(customer, 12_500)
    desk.fault("POST", LEDGER, status=422)
    desk.cycle()
    assert desk.inbox() == ["rejected"]
    assert balance(desk, customer) == 0
    settle(desk, Choice.SEND_AS_NEW)
    assert balance(desk, customer) == 12_500
    drained(desk)
    assert (desk.effects_of(payment), len(desk.effects_of(anew(desk, payment)))) == ([], 1)
    assert balance(desk, customer) == 12_500


def test_a_forbidden_payment_kept_here_counts_here_and_never_goes_out(desk: StubDesk) -> None:
    usha = desk.put_customer("Usha", phone="98200 11111")
    desk.cycle()
    customer = desk.ours(usha)
    payment = desk.pay(customer, 12_500)
    desk.fault("POST", LEDGER, status=403)
    desk.cycle()
    assert desk.inbox() == ["capability_gone"]
    settle(desk, Choice.KEEP)
    drained(desk)
    assert (desk.state(payment), desk.effects_of(payment)) == (S.KEPT, [])
    assert balance(desk, customer) == 12_500
    assert desk.numbers(usha)[1] in {0, None}


def test_a_forbidden_payment_goes_out_once_the_right_is_back(desk: StubDesk) -> None:
    usha = desk.put_customer("Usha", phone="98200 11111")
    desk.cycle()
    payment = desk.pay(desk.ours(usha), 12_500)
    desk.fault("POST", LEDGER, status=403)
    desk.cycle()
    settle(desk, Choice.REPLAY)
    drained(desk)
    assert (desk.state(payment), len(desk.effects_of(payment))) == (S.CONFIRMED, 1)
    assert balance(desk, desk.ours(usha)) == 12_500


def test_an_unknown_create_is_linked_to_the_one_that_it_made(plain_desk: StubDesk) -> None:
    desk = plain_desk
    desk.cycle()
    asha, create = desk.add("Asha", "98200 22222")
    desk.fault("POST", CUSTOMERS, drop_after=True)
    desk.cycle()
    desk.put_customer("Asha", phone="98200 33333")
    for _ in range(4):
        desk.clock.pass_time(QUARANTINE)
        desk.engine.run_cycle()
    assert desk.state(create) is S.NEEDS_HUMAN
    with desk.stub.client("7") as office:
        [made] = [row for row in office.get("/api/v1/customers").json() if row["phone"] == "98200 22222"]
    targets = {target.id for target in the_item(desk).targets[Choice.LINK]}
    assert made["id"] in targets
    settle(desk, Choice.LINK, made["id"])
    drained(desk)
    assert (desk.state(create), desk.remote(asha)) == (S.CONFIRMED, made["id"])
    assert desk.effects_of(create) == ["customer"]


def test_a_refused_create_sent_as_new_takes_along_what_waited_behind(desk: StubDesk) -> None:
    desk.cycle()
    asha, create = desk.add("Asha", "98200 22222")
    payment = desk.pay(asha, 700)
    desk.fault("POST", CUSTOMERS, status=422)
    desk.cycle()
    assert (desk.state(create), desk.state(payment)) == (S.NEEDS_HUMAN, S.PENDING)
    settle(desk, Choice.SEND_AS_NEW)
    drained(desk)
    assert (desk.state(create), desk.state(payment)) == (S.REJECTED, S.CONFIRMED)
    assert desk.effects_of(create) == []
    assert len(desk.effects_of(anew(desk, create))) == len(desk.effects_of(payment)) == 1
    assert balance(desk, asha) == 700


def test_what_is_done_later_for_a_customer_who_stays_here_stays_here(desk: StubDesk) -> None:
    desk.cycle()
    asha, create = desk.add("Asha", "98200 22222")
    desk.fault("POST", CUSTOMERS, status=403)
    desk.cycle()
    settle(desk, Choice.KEEP)
    later = desk.pay(asha, 700)
    drained(desk)
    assert (desk.state(create), desk.state(later)) == (S.KEPT, S.KEPT)
    assert (desk.effects_of(create), desk.effects_of(later)) == ([], [])
    assert balance(desk, asha) == 700
