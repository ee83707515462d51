"""The request is lost on its way: nobody can tell this from a lost answer, and there is one effect all the same."""

from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import AT_EVERY_SERVER, about_to_write
from tests.faults.wire import request_lost


@pytest.mark.parametrize(("server", "write"), AT_EVERY_SERVER)
def test_row_14_each_write_has_one_effect(tmp_path: Path, server: str, write: str) -> None:
    with about_to_write(tmp_path, server, write) as (shop, customer_id, act):
        shop.wire.next_write(request_lost)
        operation_id = act()
        shop.cycle()
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        shop.agrees(customer_id)
