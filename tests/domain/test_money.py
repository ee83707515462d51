"""Money: exact, typed in many ways, grouped as its readers read."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import (
    MAX_MINOR,
    AmountTooLarge,
    CurrencyMismatch,
    Money,
    TooManyDecimals,
    WrongAmount,
    currency_of,
    parse_amount,
)

CODES = st.sampled_from(["INR", "BDT", "USD", "JPY", "KWD", "XYZ"])
MINOR = st.integers(-MAX_MINOR, MAX_MINOR)


@given(MINOR, CODES)
def test_what_is_shown_can_be_typed_again(minor: int, code: str) -> None:
    money = Money(minor, code)
    assert parse_amount(money.text(), code) == money


@given(st.lists(MINOR, max_size=30))
def test_sums_are_exact_in_any_order(minors: list[int]) -> None:
    forwards = sum((Money(minor, "INR") for minor in minors), Money(0, "INR"))
    backwards = sum((Money(minor, "INR") for minor in reversed(minors)), Money(0, "INR"))
    assert forwards == backwards == Money(sum(minors), "INR")


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("125", 12500),
        ("125.5", 12550),
        ("125.50", 12550),
        ("1,25,000", 12500000),
        ("1 25 000.00", 12500000),
        ("₹ 500", 50000),
        ("inr 500", 50000),
        ("৫০০", 50000),
        ("५००.२५", 50025),
        ("٥٠٠٫٢٥", 50025),
        ("-20", -2000),
        ("−20", -2000),
        ("0", 0),
        (".5", 50),
        ("500.000", 50000),
    ],
)
def test_amounts_as_people_type_them(text: str, minor: int) -> None:
    assert parse_amount(text, "INR") == Money(minor, "INR")


@pytest.mark.parametrize("text", ["12,50", "5 5", "1,2,3", ",500", "1,0000", "1,,000", "100,00,0", "1234,567"])
def test_a_comma_that_groups_nothing_is_no_amount(text: str) -> None:
    with pytest.raises(WrongAmount):
        parse_amount(text, "INR")


@pytest.mark.parametrize(
    "text", ["", " ", "abc", "NaN", "inf", "1e5", "12.3.4", "--5", "5-", "0x10", "१२a", ".", ",", "½"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(WrongAmount):
        parse_amount(text, "INR")


def test_more_decimals_than_the_currency_has() -> None:
    with pytest.raises(TooManyDecimals):
        parse_amount("1.005", "INR")
    with pytest.raises(TooManyDecimals):
        parse_amount("1.5", "JPY")
    assert parse_amount("1.005", "KWD") == Money(1005, "KWD")


def test_an_amount_no_shop_has() -> None:
    with pytest.raises(AmountTooLarge):
        parse_amount("9" * 30, "INR")


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    with suppress(WrongAmount):
        parse_amount(text, "BDT")


@pytest.mark.parametrize(
    ("minor", "code", "text"),
    [
        (50000, "INR", "₹500.00"),
        (12345678900, "INR", "₹12,34,56,789.00"),
        (10000000, "BDT", "৳1,00,000.00"),
        (9999999, "PKR", "Rs 99,999.99"),
        (123456789, "USD", "$1,234,567.89"),
        (-5, "INR", "-₹0.05"),
        (1234, "JPY", "¥1,234"),
        (1234567, "KWD", "KD 1,234.567"),
        (100, "XTS", "XTS 1.00"),
    ],
)
def test_amounts_as_people_read_them(minor: int, code: str, text: str) -> None:
    assert Money(minor, code).text() == text


def test_two_currencies_never_meet() -> None:
    with pytest.raises(CurrencyMismatch):
        Money(1, "INR") + Money(1, "BDT")
    with pytest.raises(CurrencyMismatch):
        assert Money(1, "INR") < Money(1, "BDT")


@pytest.mark.parametrize("code", ["", "inr", "RUPEE", "1NR"])
def test_what_is_no_currency(code: str) -> None:
    with pytest.raises(ValueError, match="ISO 4217"):
        currency_of(code)
