"""Money: whole minor units of one currency, never a float.

Amounts are typed by people in many ways (`1,25,000.50`, `৫০০`, `₹ 500`) and are exact or refused. On screen they
carry the currency's sign and the grouping that the shop reads: lakh and crore for the rupees and the taka.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from posapp.domain.digits import fold_digits
from posapp.domain.errors import DomainError
from posapp.domain.messages import N_

MAX_MINOR = 10**15
"""Larger than any shop's money and well inside SQLite's and JSON's exact integers (2**53)."""


class WrongAmount(DomainError):
    """The text is no amount of money."""

    id = "wrong_amount"
    title = N_("Not an amount")
    message = N_("“{text}” is not an amount of money.")
    hint = N_("Type a number such as 125 or 125.50.")


class TooManyDecimals(WrongAmount):
    """The amount is finer than the currency's smallest coin."""

    id = "too_many_decimals"
    message = N_("“{text}” has more decimals than {currency} has ({decimals}).")
    hint = N_("Round the amount to the smallest coin.")


class AmountTooLarge(WrongAmount):
    """The amount is beyond what a book can hold exactly."""

    id = "amount_too_large"
    message = N_("“{text}” is larger than any bill of a shop.")
    hint = N_("Check the number of zeros.")


class CurrencyMismatch(ValueError):
    """Amounts of two currencies met in one sum: a bug, never a person's mistake."""


@dataclass(frozen=True, slots=True)
class Currency:
    """What a currency looks like (ISO 4217 code and minor units; CLDR sign).

    Attributes:
        code: Three letters, `INR`.
        decimals: Digits of the minor unit.
        sign: The sign before an amount.
        lakh: Whether digits group as 12,34,567 instead of 1,234,567.
    """

    code: str
    decimals: int
    sign: str
    lakh: bool = False


_KNOWN = {
    currency.code: currency
    for currency in (
        Currency("INR", 2, "₹", lakh=True),
        Currency("BDT", 2, "৳", lakh=True),
        Currency("PKR", 2, "Rs ", lakh=True),
        Currency("NPR", 2, "Rs ", lakh=True),
        Currency("LKR", 2, "Rs "),
        Currency("USD", 2, "$"),
        Currency("EUR", 2, "€"),
        Currency("GBP", 2, "£"),
        Currency("AED", 2, "AED "),
        Currency("SAR", 2, "SAR "),
        Currency("MYR", 2, "RM "),
        Currency("IDR", 2, "Rp "),
        Currency("PHP", 2, "₱"),
        Currency("KES", 2, "KSh "),
        Currency("NGN", 2, "₦"),
        Currency("ZAR", 2, "R "),
        Currency("JPY", 0, "¥"),
        Currency("VND", 0, "₫"),
        Currency("KWD", 3, "KD "),
        Currency("BHD", 3, "BD "),
        Currency("OMR", 3, "OMR "),
    )
}
_CODE = re.compile(r"[A-Z]{3}")
_PLAIN_NUMBER = re.compile(r"(\d*|\d{1,3}([, \u00a0]\d{2,3})*[, \u00a0]\d{3})(\.\d*)?")
"""Digits, or digits grouped as people group them: by thousands, or by lakh and crore. `12,50` is neither."""


def currency_of(code: str) -> Currency:
    """Return the currency of an ISO 4217 code; one we have no sign for shows its code and has two decimals.

    Raises:
        ValueError: `code` is not three capital letters.
    """
    known = _KNOWN.get(code)
    if known is not None:
        return known
    if not _CODE.fullmatch(code):
        raise ValueError(f"not an ISO 4217 code: {code!r}")
    return Currency(code, 2, f"{code} ")


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An exact amount: `minor` whole minor units of `currency` (paisa, poisha, cents)."""

    minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return self.text()

    def text(self) -> str:
        """Return the amount as people read it: `₹1,25,000.50`, a minus before the sign when negative."""
        currency = currency_of(self.currency)
        whole, part = divmod(abs(self.minor), 10**currency.decimals)
        decimals = f".{part:0{currency.decimals}d}" if currency.decimals else ""
        minus = "-" if self.minor < 0 else ""
        return f"{minus}{currency.sign}{_grouped(whole, lakh=currency.lakh)}{decimals}"

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} with {other.currency}")
        return other.minor


def _grouped(whole: int, *, lakh: bool) -> str:
    if not lakh or whole < 100_000:  # noqa: PLR2004 (below one lakh both ways of grouping agree)
        return f"{whole:,}"
    head, tail = divmod(whole, 1000)
    groups = [f"{tail:03d}"]
    while head >= 100:  # noqa: PLR2004 (two digits a group)
        head, pair = divmod(head, 100)
        groups.append(f"{pair:02d}")
    return ",".join([str(head), *reversed(groups)])


def parse_amount(text: str, currency: str) -> Money:
    """Read an amount in major units as a person types it.

    Args:
        text: `125`, `125.50`, `1,25,000`, `₹ 500`, `৫০০`; grouping commas and blanks do not matter.
        currency: ISO 4217 code of the shop.

    Returns:
        The exact amount; it may be zero or negative, which the act that uses it decides on.

    Raises:
        WrongAmount: It is no number, or `NaN`, or in scientific notation.
        TooManyDecimals: It is finer than the currency's minor unit.
        AmountTooLarge: It is beyond `MAX_MINOR`.
    """
    unit = currency_of(currency)
    shown = text.strip()[:40]
    number = fold_digits(text).strip().replace("−", "-").replace("٫", ".").replace("٬", ",")
    minus = "-" if number.startswith("-") else ""
    number = number.removeprefix("-").strip()
    for sign in (unit.sign.strip(), unit.code):
        if number.upper().startswith(sign.upper()):
            number = number[len(sign) :].strip()
    if not _PLAIN_NUMBER.fullmatch(number) or not any(char.isdigit() for char in number):
        raise WrongAmount(text=shown)
    value = Decimal(minus + re.sub(r"[,\s ]", "", number))
    minor = value.scaleb(unit.decimals)
    if minor != minor.to_integral_value():
        raise TooManyDecimals(text=shown, currency=unit.code, decimals=unit.decimals)
    if abs(minor) > MAX_MINOR:
        raise AmountTooLarge(text=shown)
    return Money(int(minor), currency)
