"""Money that an API tells in major units, made exact at the edge, by the currency of the shop."""

from __future__ import annotations

from decimal import Decimal

from posapp.domain.money import MAX_MINOR, Money, currency_of
from posapp.remote.strict_json import WrongShape


def major(amount: Decimal | None, currency: str) -> Money | None:
    """Return an amount of major units as money; None stays none.

    Args:
        amount: As told; a whole number, a decimal number or a decimal text on the wire.
        currency: ISO 4217 code.

    Raises:
        WrongShape: It is no number, too large, or finer than the currency.
    """
    if amount is None:
        return None
    if not amount.is_finite() or abs(amount) > MAX_MINOR:
        raise WrongShape("wrong_shape")
    minor = amount.scaleb(currency_of(currency).decimals)
    if minor != minor.to_integral_value() or abs(minor) > MAX_MINOR:
        raise WrongShape("wrong_shape")
    return Money(int(minor), currency)
