"""The credential expires in the middle of sending or reading: acts wait, and the reading goes on where it stood."""

from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from posapp.services.dto import CustomerStatus
from tests.faults.shop import EVERY_WRITE, a_shop, about_to_write
from tests.faults.wire import Asked, answers
from tests.remote.raw_server import answer

NO = answers(answer(b'{"error": "unauthorized", "message": "Sign in."}', status="401 Unauthorized"), applied=False)


@pytest.mark.parametrize(("offers", "write"), [one for one in EVERY_WRITE if not one[1].startswith("rede")])
def test_row_29_while_sending(tmp_path: Path, offers: str, write: str) -> None:
    with about_to_write(tmp_path, offers, write) as (shop, customer_id, act):
        shop.wire.every(lambda asked: asked.writes, NO)
        operation_id = act()
        assert shop.cycle().problem == "sign_in_required"
        sent = sum(asked.writes for asked in shop.wire.asked)
        assert shop.cycle().problem == "sign_in_required"
        assert sum(asked.writes for asked in shop.wire.asked) <= sent + 1
        assert shop.state(operation_id) is OperationState.PENDING
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CONFIRMED
        shop.agrees(customer_id)


@pytest.mark.parametrize("after", [1, 2, 4])
def test_row_29_while_a_full_scan_reads(tmp_path: Path, after: int) -> None:
    with a_shop(tmp_path, plain=True, seeded=700) as shop:
        before, seen = {one.id for one in shop.customers()}, 0

        def later(asked: Asked) -> bool:
            nonlocal seen
            seen += "/customers?" in asked.path
            return seen > after

        shop.wire.every(later, NO)
        assert shop.cycle(full=True).problem == "sign_in_required"
        assert shop.cycle(full=True).problem == "sign_in_required"
        shop.wire.clear()
        assert shop.cycle(full=True).problem is None
        assert {one.id for one in shop.customers() if one.status is CustomerStatus.LIVE} == before
        assert len(before) > 600
        assert shop.inbox() == []
