"""Somebody has the phone or the e-mail that only one customer may have: our own lost create, or a stranger."""

from pathlib import Path

import pytest

from posapp.domain.ids import OperationId
from posapp.domain.operation import OperationState
from tests.faults.shop import Shop, at
from tests.faults.wire import answer_lost, request_lost

SERVERS = [f"{api_name} {offers}" for api_name in ("selorax", "portal", "siyahfy") for offers in ("extended", "plain")]


def a_stranger_takes_it(shop: Shop, operation_id: OperationId) -> None:
    """The office enters somebody else with the phone and the e-mail of a customer who was just created here."""
    shop.put_customer("Somebody Else", phone="+919820022222", email=f"{operation_id[-6:]}@example.com")


def not_taken_for_ours(shop: Shop, operation_id: OperationId) -> None:
    """The create is before a person, nothing waits, and the stranger alone is on the server."""
    shop.holds(operation_id)
    assert shop.state(operation_id) is OperationState.NEEDS_HUMAN
    assert shop.effects_of(operation_id) == []
    assert len(shop.inbox()) == 1
    assert len(shop.stub.live_rows(7)) == 1


@pytest.mark.parametrize("server", SERVERS)
def test_row_41_ours_is_taken(tmp_path: Path, server: str) -> None:
    with at(tmp_path, server) as shop:
        shop.wire.next_write(answer_lost, times=2)
        operation_id = shop.created()
        shop.cycle()
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        shop.same_people()


@pytest.mark.parametrize("server", SERVERS)
def test_row_41_a_strangers_is_asked_about(tmp_path: Path, server: str) -> None:
    with at(tmp_path, server) as shop:
        operation_id = shop.created()
        a_stranger_takes_it(shop, operation_id)
        shop.cycle()
        not_taken_for_ours(shop, operation_id)


@pytest.mark.parametrize("server", SERVERS)
def test_row_41_a_strangers_is_asked_about_in_doubt_too(tmp_path: Path, server: str) -> None:
    with at(tmp_path, server) as shop:
        shop.wire.next_write(request_lost)
        operation_id = shop.created()
        shop.cycle()
        a_stranger_takes_it(shop, operation_id)
        not_taken_for_ours(shop, operation_id)
