"""The list is suddenly empty, or shows another shop's customers: nothing is taken over, nothing sent, nobody goes."""

from pathlib import Path
from typing import Any

import pytest

from posapp.domain.operation import OperationState
from posapp.remote.credential import credential_from_bytes
from posapp.remote.registry import open_api
from posapp.services.dto import CustomerStatus
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from tests.faults.lists import lists_customers, told
from tests.faults.shop import Shop, a_shop, shop
from tests.faults.wire import answers

__all__ = ["shop"]

S = OperationState
OTHER = "22"


def people(shop: Shop) -> list[tuple[str, CustomerStatus]]:
    return sorted((one.id, one.status) for one in shop.customers())


def with_token_of(shop: Shop, store: str) -> None:
    token = credential_from_bytes(shop.stub.token(store).encode())
    known = shop.api.capabilities
    api: Any = open_api("pos", base_url=shop.wire.url, credential=token, currency="INR", name="main", known=known)
    shop.server = api
    shop.engine = shop.new_engine(shop.in_flight)


@pytest.mark.parametrize("full", [False, True])
def test_row_35_the_token_of_another_shop(shop: Shop, full: bool) -> None:
    before = people(shop)
    waits = shop.edited(shop.regular(0))
    with_token_of(shop, OTHER)
    for _ in range(3):
        assert shop.cycle(full=full).problem == "other_store"
    assert people(shop) == before
    assert (shop.state(waits), shop.view(waits).attempts) == (S.PENDING, 0)
    assert shop.inbox() == ["other_store"]
    shop.server = shop.api
    shop.engine = shop.new_engine(shop.in_flight)
    shop.holds(waits)
    assert shop.inbox() == []
    assert people(shop) == before


def test_row_35_nothing_goes_out_at_once_either(shop: Shop) -> None:
    regular = shop.regular(100)
    with_token_of(shop, OTHER)
    assert shop.cycle(full=True).problem == "other_store"
    asked = len([one for one in shop.wire.asked if one.writes])
    shop.redeemed(regular)
    assert len([one for one in shop.wire.asked if one.writes]) == asked


def test_row_35_an_empty_list_of_a_server_that_knows_them(shop: Shop) -> None:
    before = people(shop)
    shop.wire.every(lists_customers, told(lambda _, rows: []))
    report = shop.cycle(full=True)
    assert people(shop) == before
    assert report.problem in {None, "server_went_back"}
    assert shop.inbox() in (["suspects"], [])
    assert shop.cycle().problem is None or shop.stub.effects() == []
    assert people(shop) == before


def test_row_35_a_server_that_lost_everybody(shop: Shop) -> None:
    before = people(shop)
    gone = answers(
        b"HTTP/1.1 404 X\r\nContent-Type: application/json\r\nContent-Length: 45\r\nConnection: close\r\n\r\n"
        b'{"error": "not_found", "message": "no such o"}'[: 45 + 200],
        applied=False,
    )
    shop.wire.every(lists_customers, told(lambda _, rows: []))
    shop.wire.every(lambda asked: not lists_customers(asked) and "/customers/" in asked.path, gone)
    assert shop.cycle(full=True).problem is not None or shop.inbox() == ["suspects"]
    assert people(shop) == before
    assert shop.cycle(full=True).problem is not None or shop.inbox() == ["suspects"]
    assert people(shop) == before


@pytest.mark.parametrize(("choice", "gone"), [(Choice.ACCEPT, 28), (Choice.ACCEPT, 0), (Choice.DROP, 0)])
def test_row_35_many_are_missing_and_a_person_decides(tmp_path: Path, choice: Choice, gone: int) -> None:
    """Even with leave each is asked for, and whom the server still has stays."""
    left = 50 - gone
    with a_shop(tmp_path, plain=True, seeded=0) as shop:
        ids = [shop.put_customer(f"C{number:02}") for number in range(50)]
        shop.cycle(full=True)
        for one in ids[:gone]:
            shop.office_deletes(one)
        hidden = {*ids[:40]}
        shop.wire.every(lists_customers, told(lambda _, rows: [row for row in rows if row["id"] not in hidden]))
        for _ in range(2):
            assert shop.cycle(full=True).problem is None
        assert shop.inbox() == ["suspects"]
        assert sum(status is CustomerStatus.LIVE for _, status in people(shop)) == 50
        (item,) = shop.book.read(lambda session: session.inbox.items())
        resolve(shop.till, item.id, Decision(choice, approved_by="manager"))
        report = shop.cycle()
        assert report.details.get("removed", 0) == 50 - left
        assert sum(status is CustomerStatus.LIVE for _, status in people(shop)) == left
        shop.clock.pass_time(90_000)
        assert shop.cycle(full=True).problem is None
        assert sum(status is CustomerStatus.LIVE for _, status in people(shop)) == left


def test_row_35_a_leave_is_for_one_scan_and_one_day(tmp_path: Path) -> None:
    with a_shop(tmp_path, plain=True, seeded=0) as shop:
        ids = [shop.put_customer(f"C{number:02}") for number in range(40)]
        shop.cycle(full=True)
        for one in ids[:30]:
            shop.office_deletes(one)
        shop.cycle(full=True)
        (item,) = shop.book.read(lambda session: session.inbox.items())
        resolve(shop.till, item.id, Decision(Choice.ACCEPT, approved_by="manager"))
        shop.clock.pass_time(86_401)
        assert shop.cycle().details.get("removed", 0) == 0
        assert shop.inbox() == ["suspects"]
