"""A failure inside a 200: the status says that all is well, the body that it is not. Nothing of it is taken."""

from pathlib import Path

import pytest

from posapp.services.dto import CustomerStatus
from tests.faults.lists import lists_customers, reads_customer
from tests.faults.shop import EVERY_OTHER_WRITE, EVERY_SERVER, EVERY_WRITE, about_to_write, at
from tests.faults.wire import answers
from tests.remote.raw_server import answer

BODIES = {
    "pos": b'{"error": "internal", "message": "Try again"}',
    "selorax": b'{"message": "Try again", "status": 500}',
    "modules": b'{"message": "Try again", "errors": {}}',
    "portal": b'{"status": 0, "message": "Try again"}',
    "siyahfy": b'{"success": false, "message": "Try again"}',
}
"""A failure in each API's own words."""

SOME_WRITES = [one for one in EVERY_WRITE if one[1] in {"create", "edit", "payment", "redeem"}]


def failure(server: str) -> bytes:
    """Return such an answer of a server."""
    return answer(BODIES.get(server.partition(" ")[0], BODIES["pos"]))


@pytest.mark.parametrize("applied", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("server", "write"), [*SOME_WRITES, *EVERY_OTHER_WRITE])
def test_row_25_a_write_is_in_doubt(tmp_path: Path, server: str, write: str, *, applied: bool) -> None:
    with about_to_write(tmp_path, server, write) as (shop, customer_id, act):
        shop.wire.next_write(answers(failure(server), applied=applied))
        operation_id = act()
        shop.cycle()
        shop.holds(operation_id)
        assert shop.effects_of(operation_id)
        shop.agrees(customer_id)


@pytest.mark.parametrize("server", ["pos extended", "pos plain", *EVERY_SERVER])
def test_row_25_nobody_is_gone_or_changed_by_it(tmp_path: Path, server: str) -> None:
    with at(tmp_path, server, people=3) as shop:
        fails = answers(failure(server), applied=False)
        for wanted in (lists_customers, reads_customer):
            shop.wire.every(wanted, fails)
            shop.cycle(full=True)
            shop.cycle()
            assert [one.status for one in shop.customers()] == [CustomerStatus.LIVE] * 3
        shop.heal()
        shop.same_people()
        assert shop.inbox() == []
