"""A request lands long after the till gave it up: it must not meet a second one that went out meanwhile."""

from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import AT_EVERY_SERVER, RESTS, about_to_write, at
from tests.faults.wire import lands_late

QUARANTINE = 300.0
UNTIL_IT_LANDS = (0.5, 30.0, 59.0)
"""Seconds; together 90."""


@pytest.mark.parametrize(("server", "write"), AT_EVERY_SERVER)
def test_row_16_the_quarantine_holds(tmp_path: Path, server: str, write: str) -> None:
    with about_to_write(tmp_path, server, write) as (shop, customer_id, act):
        shop.rest_doubtful(QUARANTINE)
        shop.wire.next_write(lands_late)
        operation_id = act()
        for seconds in UNTIL_IT_LANDS:
            shop.clock.pass_time(seconds)
            shop.engine.run_cycle()
            shop.engine.push_now(operation_id, deadline_seconds=5)  # nor does a person who asks cut the rest short
        assert shop.wire.land() == 1
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        shop.agrees(customer_id)


@pytest.mark.parametrize("offers", ["extended", "plain"])
def test_row_16_a_line_on_a_timeline_that_lands_late_stands_once(tmp_path: Path, offers: str) -> None:
    with at(tmp_path, f"siyahfy {offers}") as shop:
        shop.rest_doubtful(QUARANTINE)
        customer_id = shop.newcomer()
        shop.wire.next_write(lands_late)
        operation_id = shop.payment(customer_id)
        for seconds in UNTIL_IT_LANDS:
            shop.clock.pass_time(seconds)
            shop.engine.run_cycle()
        assert shop.wire.land() == 1
        for _ in range(5):
            shop.clock.pass_time(RESTS)
            shop.engine.run_cycle()
        assert shop.effects_of(f"{operation_id}/timeline") == ["customer_log"]
