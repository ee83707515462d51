"""The server, or a gateway before it, answers 5xx: before the effect or after it, nobody can tell."""

from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import AT_EVERY_SERVER, about_to_write
from tests.faults.wire import answers
from tests.remote.raw_server import answer

STATUSES = ("500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout")
MONEY = ("payment", "sale", "redeem")


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("server", "write"), AT_EVERY_SERVER)
def test_row_19_one_effect(tmp_path: Path, server: str, write: str, *, applied: bool) -> None:
    with about_to_write(tmp_path, server, write) as (shop, customer_id, act):
        failure = answer(b'{"error": "internal", "message": "x"}', status=STATUSES[0])
        shop.wire.next_write(answers(failure, applied=applied))
        operation_id = act()
        shop.cycle()
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        shop.agrees(customer_id)


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("status", STATUSES[1:])
@pytest.mark.parametrize("write", MONEY)
def test_row_19_a_gateways_own_page(tmp_path: Path, write: str, status: str, *, applied: bool) -> None:
    with about_to_write(tmp_path, "extended", write) as (shop, customer_id, act):
        page = answer(b"<html>nginx</html>", status=status, content_type="text/html")
        shop.wire.next_write(answers(page, applied=applied))
        operation_id = act()
        shop.cycle()
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        shop.agrees(customer_id)
