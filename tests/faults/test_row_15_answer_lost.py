"""The answer is lost after the effect: the worst place, for everything looks as if nothing had happened."""

from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import AT_EVERY_SERVER, RESTS, about_to_write, at
from tests.faults.wire import Fate, answer_lost, request_lost


@pytest.mark.parametrize(("server", "write"), AT_EVERY_SERVER)
def test_row_15_each_write_has_one_effect(tmp_path: Path, server: str, write: str) -> None:
    with about_to_write(tmp_path, server, write) as (shop, customer_id, act):
        shop.wire.next_write(answer_lost)
        operation_id = act()
        shop.cycle()
        shop.holds(operation_id)
        assert shop.effects_of(operation_id)
        shop.agrees(customer_id)


@pytest.mark.parametrize("write", ["payment", "sale", "redeem"])
def test_row_15_however_often(tmp_path: Path, write: str) -> None:
    with about_to_write(tmp_path, "extended", write) as (shop, customer_id, act):
        shop.wire.next_write(answer_lost, times=6)
        operation_id = act()
        for _ in range(8):
            shop.clock.pass_time(400)
            shop.engine.run_cycle()
        shop.holds(operation_id)
        shop.agrees(customer_id)


@pytest.mark.parametrize("offers", ["extended", "plain"])
@pytest.mark.parametrize("fate", [request_lost, answer_lost])
def test_row_15_a_line_on_a_timeline_stands_once(tmp_path: Path, offers: str, fate: Fate) -> None:
    """Khata that the till keeps is also told to whoever reads the server's pages, without being waited for."""
    with at(tmp_path, f"siyahfy {offers}") as shop:
        customer_id = shop.newcomer()
        shop.wire.next_write(fate)
        operation_id = shop.payment(customer_id)
        for _ in range(5):
            shop.clock.pass_time(RESTS)
            shop.engine.run_cycle()
        assert shop.effects_of(f"{operation_id}/timeline") == ["customer_log"]
        assert shop.state(operation_id) is OperationState.KEPT
        shop.holds()
