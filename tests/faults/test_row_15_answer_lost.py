"""The answer is lost after the effect: the worst place, for everything looks as if nothing had happened."""

from pathlib import Path

import pytest

from tests.faults.shop import AT_EVERY_SERVER, about_to_write
from tests.faults.wire import answer_lost


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
