"""The server is busy and says so: nothing goes out before the time it asks for, and absurd times are cut."""

from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import Shop, a_shop
from tests.faults.wire import Asked, answers
from tests.remote.raw_server import answer

BUSY = b'{"error": "too_many", "message": "Slow down."}'


def busy(shop: Shop, retry_after: str | None) -> None:
    headers = [] if retry_after is None else [f"Retry-After: {retry_after}"]
    wire = answer(BUSY, status="429 Too Many Requests", headers=headers)
    shop.wire.next_write(answers(wire, applied=False))


def writes(shop: Shop) -> int:
    return sum(asked.writes for asked in shop.wire.asked)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_row_20_nothing_goes_out_before(tmp_path: Path, form: str) -> None:
    with a_shop(tmp_path) as shop:
        operation_id = shop.payment(shop.regular())
        until = shop.clock.now() + timedelta(seconds=120)
        busy(shop, "120" if form == "seconds" else format_datetime(until, usegmt=True))
        assert shop.engine.run_cycle().details["retry_after"] == pytest.approx(120, abs=3)
        sent = writes(shop)
        for _ in range(5):
            shop.clock.pass_time(20)
            shop.engine.run_cycle()
        assert writes(shop) == sent
        assert shop.state(operation_id) is OperationState.PENDING
        shop.holds(operation_id)
        assert shop.state(operation_id) is OperationState.CONFIRMED


@pytest.mark.parametrize("absurd", ["999999999", "-5", "soon", "1e9", "Fri, 31 Dec 9999 23:59:59 GMT", None])
def test_row_20_an_absurd_time_is_an_hour_at_most(tmp_path: Path, absurd: str | None) -> None:
    with a_shop(tmp_path) as shop:
        operation_id = shop.payment(shop.regular())
        busy(shop, absurd)
        shop.engine.run_cycle()
        shop.clock.pass_time(3_601)
        shop.engine.run_cycle()
        assert shop.state(operation_id) is OperationState.CONFIRMED


def test_row_20_other_lanes_do_not_storm_it(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        rows = shop.office.get("/api/v1/customers?limit=10").json()
        ids = [shop.payment(shop.ours(row["id"])) for row in rows]
        refusal = answer(BUSY, status="429 Too Many Requests", headers=["Retry-After: 60"])
        shop.wire.every(Asked.writes.fget, answers(refusal, applied=False))  # type: ignore[attr-defined]
        before = writes(shop)
        for _ in range(6):
            shop.clock.pass_time(5)
            shop.engine.run_cycle()
        assert writes(shop) - before <= len(ids)
        shop.holds(*ids)
