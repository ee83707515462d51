"""The shop's rules: each refusal says what would be possible."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import Money
from posapp.domain.policy import (
    BalanceUnknown,
    InTheFuture,
    LargeAmount,
    LimitBelowZero,
    OverCreditLimit,
    check_credit,
    check_large,
    check_limit,
    check_occurred,
)


def inr(minor: int) -> Money:
    return Money(minor, "INR")


@given(st.integers(-(10**6), 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_the_limit_holds_and_the_refusal_says_what_is_left(balance: int, charge: int, limit: int) -> None:
    try:
        check_credit("Asha", inr(balance), inr(charge), inr(limit))
    except OverCreditLimit as refused:
        assert charge - balance > limit
        left, take_now = refused.params["left"], refused.params["take_now"]
        assert isinstance(left, Money)
        assert isinstance(take_now, Money)
        assert left + take_now == inr(charge)
        if left:
            check_credit("Asha", inr(balance), left, inr(limit))
    else:
        assert not charge or charge - balance <= limit


def test_an_unknown_balance_is_not_zero() -> None:
    with pytest.raises(BalanceUnknown):
        check_credit("Asha", None, inr(1), inr(100))
    check_credit("Asha", None, inr(0), inr(100))


def test_no_limit_and_no_credit() -> None:
    check_credit("Asha", inr(-(10**9)), inr(1), None)
    with pytest.raises(OverCreditLimit):
        check_credit("Asha", inr(0), inr(1), inr(0))


def test_ten_times_the_largest_is_asked_back() -> None:
    check_large(inr(1000), inr(100))
    check_large(inr(10**9), None)
    with pytest.raises(LargeAmount):
        check_large(inr(1001), inr(100))


def test_nothing_happens_tomorrow() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    check_occurred(now - timedelta(days=400), now)
    check_occurred(now, now)
    with pytest.raises(InTheFuture):
        check_occurred(now + timedelta(minutes=2), now)


def test_a_limit_is_an_amount_or_none() -> None:
    check_limit(None)
    check_limit(inr(0))
    with pytest.raises(LimitBelowZero):
        check_limit(inr(-1))
