"""Points: earned downwards, needed upwards, never worth more than the bill."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.loyalty import LoyaltyTerms, PointsAboveBill, PointsWorthless, WrongPoints, discount_for
from posapp.domain.money import Money

TERMS = st.builds(
    LoyaltyTerms,
    earn_rate=st.decimals(0, 20, places=2),
    redemption_value=st.integers(1, 5000),
    currency=st.just("INR"),
)
BILLS = st.integers(1, 10**9).map(lambda minor: Money(minor, "INR"))


@given(TERMS, BILLS)
def test_earning_rounds_down_and_never_gives_a_point_too_many(terms: LoyaltyTerms, bill: Money) -> None:
    earned = terms.earned(bill, Money(0, "INR"))
    exact = bill.minor * terms.earn_rate / 100
    assert earned <= exact < earned + 1


@given(TERMS, BILLS)
def test_points_for_a_discount_round_up(terms: LoyaltyTerms, discount: Money) -> None:
    points = terms.points_for(discount)
    assert terms.worth(points) >= discount
    assert terms.worth(points - 1) < discount


@given(TERMS, BILLS, st.integers(1, 10**6))
def test_a_discount_is_at_most_the_bill(terms: LoyaltyTerms, bill: Money, points: int) -> None:
    try:
        discount = discount_for(points, bill, terms)
    except PointsAboveBill:
        assert points > terms.points_for(bill)
    else:
        assert discount == min(terms.worth(points), bill)


def test_the_documents_example() -> None:
    terms = LoyaltyTerms(Decimal(1), 10, "INR")
    assert discount_for(100, Money(4500, "INR"), terms) == Money(1000, "INR")
    assert terms.earned(Money(4599, "INR"), Money(1000, "INR")) == 35


@pytest.mark.parametrize("points", [0, -1])
def test_no_points_are_no_redemption(points: int) -> None:
    with pytest.raises(WrongPoints):
        discount_for(points, Money(100, "INR"), LoyaltyTerms(Decimal(1), 10, "INR"))


@given(TERMS, BILLS, st.integers(1, 10**6))
def test_an_exact_server_takes_no_worth_above_the_bill(terms: LoyaltyTerms, bill: Money, points: int) -> None:
    try:
        discount = discount_for(points, bill, terms, exact=True)
    except PointsAboveBill as refused:
        needed = refused.params["needed"]
        assert isinstance(needed, int)
        assert terms.worth(needed) <= bill < terms.worth(needed + 1)
    else:
        assert discount == terms.worth(points) <= bill


def test_worthless_points_are_not_taken() -> None:
    with pytest.raises(PointsWorthless):
        discount_for(5, Money(100, "INR"), LoyaltyTerms(Decimal(1), 0, "INR"))
