"""Kept khata entries stand on the timeline of a `siyahfy` server once each, whatever becomes of the answers."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.operation import OperationState
from posapp.sync.timeline import MOST
from tests.support.stub import StubServer
from tests.sync.desk import QUARANTINE
from tests.sync.stub_desk import STORE, StubDesk

S = OperationState
LOG = "*/customer/log"


@pytest.fixture(scope="module", params=["extended", "plain"])
def server(request: pytest.FixtureRequest) -> Iterator[StubServer]:
    with StubServer(plain=request.param == "plain") as stub:
        yield stub


@pytest.fixture
def desk(server: StubServer, tmp_path: Path) -> Iterator[StubDesk]:
    one = StubDesk(server, tmp_path, api_name="siyahfy")
    yield one
    server.clear_faults()
    one.close()


def lines(desk: StubDesk, remote_id: str) -> list[dict[str, Any]]:
    with desk.stub.client(STORE, api="siyahfy") as office:
        answer = office.get("/api/customers/edit", params={"id": remote_id}).json()
    return list(reversed(answer["data"]["timeline"]))


def test_each_kept_entry_stands_on_the_timeline_once(desk: StubDesk) -> None:
    usha = desk.put_customer("Usha")
    desk.cycle()
    charge = desk.keep_charge(desk.ours(usha), 12_550)
    second = desk.keep_charge(desk.ours(usha), 700)
    desk.cycles(3)
    shown = lines(desk, usha)
    assert [line["reference"] for line in shown] == [charge, second]
    assert shown[0]["note"].startswith("Khata: charge of ₹125.50 on 20")
    assert "added to what the customer owes" in shown[0]["note"]
    assert (desk.state(charge), desk.waiting(), desk.inbox()) == (S.KEPT, 0, [])


def test_a_new_customers_entries_wait_for_the_customer(desk: StubDesk) -> None:
    desk.cycle()
    asha, create = desk.add("Asha")
    desk.fault("POST", "*/bulkinsertcustomers", status=500)
    charge = desk.keep_charge(asha, 500)
    desk.cycle()
    assert desk.state(create) is S.UNKNOWN
    desk.cycles(4)
    remote_id = desk.remote(asha)
    assert remote_id is not None
    assert [line["reference"] for line in lines(desk, remote_id)] == [charge]


@pytest.mark.parametrize("effect", [{"drop_after": True}, {"drop_before": True}, {"status": 500}, {"status": 429}])
def test_a_line_whose_answer_is_lost_is_looked_for_before_it_is_sent_again(
    desk: StubDesk, effect: dict[str, Any]
) -> None:
    usha = desk.put_customer("Usha")
    desk.cycle()
    charge = desk.keep_charge(desk.ours(usha), 500)
    desk.fault("POST", LOG, **effect)
    for _ in range(6):
        desk.clock.pass_time(QUARANTINE)
        desk.engine.run_cycle()
    assert [line["reference"] for line in lines(desk, usha)] == [charge]


def test_a_line_that_is_there_is_not_written_again_by_a_book_that_forgot_it(desk: StubDesk) -> None:
    usha = desk.put_customer("Usha")
    desk.cycle()
    charge = desk.keep_charge(desk.ours(usha), 500)
    desk.cycle()
    desk.book.write(lambda session: session.mirror.set_checkpoint(desk.connection.id, "timeline", None))
    desk.cycles(2)
    assert [line["reference"] for line in lines(desk, usha)] == [charge]


def test_a_customer_whom_the_server_never_knows_has_no_lines(desk: StubDesk) -> None:
    desk.cycle()
    asha, _ = desk.add("Asha")
    desk.keep_charge(asha, 500)
    desk.fault("POST", "*/bulkinsertcustomers", status=403)
    desk.cycle()
    assert desk.inbox() == ["capability_gone"]
    before = [effect for effect in desk.stub.effects() if effect["entity"] == "customer_log"]
    desk.cycles(2)
    assert [effect for effect in desk.stub.effects() if effect["entity"] == "customer_log"] == before


def test_entries_that_wait_for_their_customer_keep_nobody_elses_back(desk: StubDesk) -> None:
    usha = desk.put_customer("Usha")
    desk.cycle()
    asha, create = desk.add("Asha")
    desk.book.write(lambda session: session.operations.set_state(create, S.NEEDS_HUMAN))
    for _ in range(MOST):
        desk.keep_charge(asha, 500)
    charge = desk.keep_charge(desk.ours(usha), 700)
    desk.cycles(4)
    assert [line["reference"] for line in lines(desk, usha)] == [charge]
