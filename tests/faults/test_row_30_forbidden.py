"""The server lets this till read and not write: its acts are before a person, and reading goes on."""

from pathlib import Path

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import EVERY_WRITE, a_shop, about_to_write
from tests.faults.wire import answers
from tests.remote.raw_server import answer

NO = answers(answer(b'{"error": "forbidden", "message": "No scope."}', status="403 Forbidden"), applied=False)


@pytest.mark.parametrize(("offers", "write"), [one for one in EVERY_WRITE if not one[1].startswith("rede")])
def test_row_30_the_act_is_before_a_person(tmp_path: Path, offers: str, write: str) -> None:
    with about_to_write(tmp_path, offers, write) as (shop, _, act):
        shop.wire.every(lambda asked: asked.writes, NO)
        operation_id = act()
        other = shop.put_customer("Usha of the office")
        shop.cycle(full=True)
        shop.cycle(full=True)
        assert shop.state(operation_id) is OperationState.NEEDS_HUMAN
        assert shop.inbox() == ["capability_gone"]
        assert shop.knows(other)
        shop.heal()
        assert shop.effects_of(operation_id) == []
        assert shop.waiting() == 0


def test_row_30_a_balance_says_what_counts_here(tmp_path: Path) -> None:
    with a_shop(tmp_path) as shop:
        customer_id = shop.regular()
        before = shop.standing(customer_id).balance
        shop.wire.every(lambda asked: asked.writes, NO)
        shop.payment(customer_id, 4_000)
        shop.cycle()
        standing = shop.standing(customer_id)
        assert before is not None
        assert standing.balance is not None
        assert standing.balance.minor == before.minor + 4_000
        assert standing.unsent_balance.minor == 4_000
