"""The till's clock is wrong, or is set while it works: order, delivery and time compared with the server's stand."""

from datetime import timedelta

import pytest

from posapp.domain.operation import OperationState
from tests.faults.shop import Shop, extended_shop, shop
from tests.faults.wire import answer_lost, request_lost

__all__ = ["extended_shop", "shop"]

S = OperationState
HOUR, MONTH = 3600.0, 30 * 86_400.0


def set_clock(shop: Shop, seconds: float) -> None:
    """Somebody sets the wall clock; the monotonic one does not notice."""
    shop.clock._now += timedelta(seconds=seconds)


@pytest.mark.parametrize("off", [HOUR, -HOUR, MONTH, -MONTH])
def test_row_32_a_clock_that_is_off_all_day(shop: Shop, off: float) -> None:
    set_clock(shop, off)
    acts = [shop.created(), shop.edited(shop.regular(0))]
    if shop.extended:
        acts += [shop.payment(shop.regular(100)), shop.sale(shop.regular(100))]
    shop.holds(*acts)
    later = shop.put_customer("Added by the office")
    shop.cycle()
    assert shop.knows(later)


@pytest.mark.parametrize("jump", [HOUR, -HOUR, MONTH, -MONTH])
def test_row_32_set_while_an_act_is_in_doubt(shop: Shop, jump: float) -> None:
    """An act that rests does not rest for a month because the clock was put back."""
    fate = answer_lost if shop.extended else request_lost
    shop.wire.next_write(fate)
    create = shop.created()
    shop.cycle()
    assert shop.state(create) is S.UNKNOWN
    set_clock(shop, jump)
    if jump == -HOUR:
        shop.clock.pass_time(HOUR)  # nothing rests for longer than an hour, whatever the clock says
    shop.holds(create)
    assert shop.state(create) is S.CONFIRMED


@pytest.mark.parametrize("jump", [-HOUR, -MONTH])
def test_row_32_acts_keep_their_order(extended_shop: Shop, jump: float) -> None:
    shop = extended_shop
    regular = shop.regular(100)
    first = shop.charged(regular, 5_000)
    set_clock(shop, jump)
    second = shop.payment(regular, 700)
    chained = shop.book.read(lambda session: session.operations.chain(0, 100))
    assert [one.id for one in chained][-2:] == [first, second]
    shop.holds(first, second)
    posted = [one["op"] for one in shop.stub.effects() if one["op"] in {first, second}]
    assert posted == [first, second]


def test_row_32_a_backoff_ends_though_the_clock_was_put_back(extended_shop: Shop) -> None:
    shop = extended_shop
    payment = shop.payment(shop.regular(100))
    shop.stub.faults([{"match": {"method": "POST", "count": 1}, "effect": {"status": 429, "retry_after": 3000}}])
    shop.cycle()
    assert shop.view(payment).not_before is not None
    set_clock(shop, -MONTH)
    shop.cycle()
    assert shop.state(payment) is S.CONFIRMED


@pytest.mark.parametrize("skew", [840, -840])
def test_row_32_the_servers_clock_is_measured_with_every_answer(shop: Shop, skew: int) -> None:
    known = shop.book.read(lambda session: session.settings.connections()[0].clock_skew_seconds)
    assert known is not None
    assert abs(known) < 5
    shop.stub.faults([{"match": {}, "effect": {"skew_date": skew}}])
    shop.cycle()
    known = shop.book.read(lambda session: session.settings.connections()[0].clock_skew_seconds)
    assert known is not None
    assert abs(known - skew) < 5
    shop.stub.clear_faults()
    shop.cycle()
    known = shop.book.read(lambda session: session.settings.connections()[0].clock_skew_seconds)
    assert known is not None
    assert abs(known) < 5


def test_row_32_a_watermark_is_the_servers_time(extended_shop: Shop) -> None:
    shop = extended_shop
    set_clock(shop, MONTH)
    for number in range(3):
        later = shop.put_customer(f"Later {number}")
        shop.cycle()
        assert shop.knows(later)
    set_clock(shop, -2 * MONTH)
    later = shop.put_customer("Last")
    shop.cycle()
    assert shop.knows(later)
