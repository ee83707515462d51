"""An act that always fails stands at the head of its lane: the other lanes go on, and a person is told."""

import pytest

from posapp.domain.operation import OperationState
from posapp.services.resolving.decision import Choice, Decision
from posapp.services.resolving.resolve import resolve
from tests.faults.shop import RESTS, Shop, extended_shop
from tests.faults.wire import Asked, answers

__all__ = ["extended_shop"]

S = OperationState
NO = b'{"error": "broken", "message": "x"}'


def failing(shop: Shop, needle: bytes, status: int) -> None:
    """One write always fails, and has no effect."""
    answer = (
        f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(NO)}\r\n"
        "Connection: close\r\n\r\n"
    ).encode() + NO

    def wanted(asked: Asked) -> bool:
        return asked.writes and needle in asked.body

    shop.wire.every(wanted, answers(answer, applied=False))


def rounds(shop: Shop, count: int) -> None:
    for _ in range(count):
        shop.clock.pass_time(RESTS * 2)
        shop.engine.run_cycle()


def test_row_47_always_500_is_told_and_tried_on(extended_shop: Shop) -> None:
    shop = extended_shop
    poisoned, other = shop.regular(100), shop.newcomer()
    poison = shop.payment(poisoned, 6_660)
    behind, beside = shop.payment(poisoned, 100), shop.payment(other, 200)
    failing(shop, b"6660", 500)
    rounds(shop, 9)
    assert shop.inbox() == []
    assert shop.state(beside) is S.CONFIRMED
    rounds(shop, 4)
    assert shop.inbox() == ["stalled"]
    assert (shop.state(poison), shop.state(behind)) == (S.UNKNOWN, S.PENDING)
    shop.holds(poison, behind, beside)
    assert shop.inbox() == []
    assert shop.state(poison) is S.CONFIRMED
    shop.agrees(poisoned)


@pytest.mark.parametrize("choice", [Choice.DROP, Choice.STOP])
def test_row_47_a_person_goes_on_or_stops(extended_shop: Shop, choice: Choice) -> None:
    shop = extended_shop
    poisoned = shop.regular(100)
    poison, behind = shop.payment(poisoned, 6_660), shop.payment(poisoned, 100)
    failing(shop, b"6660", 500)
    rounds(shop, 12)
    (item,) = shop.book.read(lambda session: session.inbox.items())
    resolve(shop.till, item.id, Decision(choice))
    rounds(shop, 2)
    if choice is Choice.DROP:
        assert shop.inbox() == []
        assert shop.state(poison) is S.UNKNOWN
        rounds(shop, 12)
        assert shop.inbox() == ["stalled"]
    else:
        assert shop.inbox() == ["unknown"]
        assert (shop.state(poison), shop.state(behind)) == (S.NEEDS_HUMAN, S.CONFIRMED)


def test_row_47_few_failures_in_four_hours_are_told_too(extended_shop: Shop) -> None:
    shop = extended_shop
    poison = shop.payment(shop.regular(100), 6_660)
    failing(shop, b"6660", 503)
    shop.cycle()
    shop.clock.pass_time(4 * 3600)
    shop.cycle()
    assert shop.inbox() == ["stalled"]
    shop.holds(poison)


def test_row_47_always_400_is_before_a_person_at_once(extended_shop: Shop) -> None:
    shop = extended_shop
    poisoned = shop.regular(100)
    poison, behind = shop.payment(poisoned, 6_660), shop.payment(poisoned, 100)
    failing(shop, b"6660", 400)
    rounds(shop, 2)
    assert shop.inbox() == ["rejected"]
    assert (shop.state(poison), shop.state(behind)) == (S.REJECTED, S.CONFIRMED)
