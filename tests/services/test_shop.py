"""The shop's settings: each value is checked before any is kept."""

from __future__ import annotations

from decimal import Decimal

import pytest

from posapp.services.shop import AnotherCurrency, WrongSetting, change_shop
from tests.services.counter import Counter, taka


def test_good_values_are_kept(counter: Counter) -> None:
    shop = change_shop(
        counter.till,
        {
            "name": " Mina ",
            "country": "in",
            "zone": "Asia/Kolkata",
            "credit-limit": "5,000.50",
            "earn-rate": "1.25",
            "redemption-value": "25",
            "terms-days": "30",
            "quarantine": "2",
        },
    )
    assert shop.terms_days == 30
    assert (shop.name, shop.country, shop.time_zone) == ("Mina", "IN", "Asia/Kolkata")
    assert (shop.credit_limit, shop.earn_rate, shop.redemption_value) == (taka(500_050), Decimal("1.25"), 25)
    assert counter.book.read(lambda session: session.settings.shop()) == shop
    assert change_shop(counter.till, {"credit-limit": "none"}).credit_limit is None


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("name", " "),
        ("country", "XX"),
        ("currency", "TAKA"),
        ("zone", "Asia/Nowhere"),
        ("zone", "../etc/passwd"),
        ("credit-limit", "-1"),
        ("earn-rate", "NaN"),
        ("earn-rate", "-1"),
        ("earn-rate", "Infinity"),
        ("redemption-value", "0"),
        ("redemption-value", "1.5"),
        ("terms-days", "-1"),
        ("terms-days", "1.5"),
        ("terms-days", "400"),
        ("quarantine", "-1"),
    ],
)
def test_one_wrong_value_changes_nothing(counter: Counter, name, text) -> None:
    before = counter.book.read(lambda session: session.settings.shop())
    with pytest.raises(WrongSetting):
        change_shop(counter.till, {"name": "Other", name: text} if name != "name" else {name: text})
    assert counter.book.read(lambda session: session.settings.shop()) == before


def test_the_currency_is_fixed_once_money_is_recorded(counter: Counter) -> None:
    asha = counter.customer()
    assert change_shop(counter.till, {"currency": "inr"}).currency == "INR"
    change_shop(counter.till, {"currency": "BDT"})
    counter.enter(asha, "payment", 100)
    with pytest.raises(AnotherCurrency):
        change_shop(counter.till, {"currency": "INR"})
    change_shop(counter.till, {"currency": "BDT", "name": "Same"})


def test_a_currency_with_other_decimals_keeps_the_limit_in_whole_units(counter: Counter) -> None:
    change_shop(counter.till, {"credit-limit": "500.75"})
    yen = change_shop(counter.till, {"currency": "JPY"}).credit_limit
    dinar = change_shop(counter.till, {"currency": "KWD"}).credit_limit
    assert yen is not None
    assert dinar is not None
    assert (yen.minor, dinar.minor) == (500, 500_000)
