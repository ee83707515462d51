"""Every customer is in exactly one segment, and what is not known never puts anybody into one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import Money
from posapp.domain.segments import SEGMENT_RULES, SEGMENT_WORDS, Bought, Segment, segment_of

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
PASSED = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000))
BOUGHT = st.builds(
    lambda orders, spent, passed: Bought(
        orders, None if spent is None else Money(spent, "INR"), None if passed is None else NOW - passed
    ),
    st.integers(0, 40),
    st.none() | st.integers(0, 10_000_000),
    st.none() | PASSED,
)


def bought(orders: int, spent: int | None = 0, days: float | None = 0, currency: str = "INR") -> Bought:
    last = None if days is None else NOW - timedelta(days=days)
    return Bought(orders, None if spent is None else Money(spent, currency), last)


@pytest.mark.parametrize(
    ("what", "segment"),
    [
        (bought(0, days=None), Segment.NEW),
        (bought(1, days=400), Segment.NEW),
        (bought(2), Segment.RETURNING),
        (bought(4, days=90), Segment.RETURNING),
        (bought(2, days=90.01), Segment.AT_RISK),
        (bought(5), Segment.LOYAL),
        (bought(9, days=91), Segment.AT_RISK),
        (bought(9, days=None), Segment.LOYAL),
        (bought(10, days=400), Segment.VIP),
        (bought(1, 49_999_99), Segment.NEW),
        (bought(1, 50_000_00), Segment.VIP),
        (bought(1, 50_000, currency="JPY"), Segment.VIP),
        (bought(1, 50_000_00, currency="KWD"), Segment.NEW),
        (bought(9, None), Segment.LOYAL),
    ],
)
def test_the_rules_at_their_edges(what: Bought, segment: Segment) -> None:
    assert segment_of(what, now=NOW) is segment


@given(BOUGHT)
def test_the_server_has_the_last_word_on_vips(what: Bought) -> None:
    assert segment_of(what, now=NOW, vip=True) is Segment.VIP
    assert segment_of(what, now=NOW, vip=False) is not Segment.VIP


@given(BOUGHT, PASSED)
def test_time_alone_only_ever_puts_somebody_at_risk(what: Bought, passed: timedelta) -> None:
    now, later = segment_of(what, now=NOW), segment_of(what, now=NOW + passed)
    assert later in {now, Segment.AT_RISK}


@given(BOUGHT)
def test_what_is_not_known_puts_nobody_anywhere(what: Bought) -> None:
    blind = Bought(what.orders, None, None)
    assert segment_of(blind, now=NOW) is not Segment.AT_RISK
    if what.orders < 10:
        assert segment_of(blind, now=NOW) is not Segment.VIP


@given(BOUGHT, st.integers(0, 20), st.integers(0, 1_000_000))
def test_a_vip_stays_one_by_buying_more(what: Bought, orders: int, spent: int) -> None:
    more = Bought(
        what.orders + orders, None if what.spent is None else what.spent + Money(spent, "INR"), what.last_at
    )  # fmt: skip
    if segment_of(what, now=NOW) is Segment.VIP:
        assert segment_of(more, now=NOW) is Segment.VIP


def test_every_segment_has_a_word_and_a_rule() -> None:
    assert set(SEGMENT_WORDS) == set(SEGMENT_RULES) == set(Segment)
