"""The shop's settings as a person changes them: each value is checked before any is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import phonenumbers

from posapp.domain.customer import MAX_NAME
from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.domain.money import parse_amount
from posapp.domain.operation import LEDGER_KINDS, OperationKind
from posapp.domain.shop import Shop
from posapp.services.ports.book import Session
from posapp.services.till import Till

LONGEST_TERMS = 365
MONEY_KINDS = LEDGER_KINDS | {OperationKind.SALE}


class WrongSetting(DomainError):
    """A shop setting that cannot be."""

    id = "wrong_setting"
    title = N_("Not a possible setting")
    message = N_("“{text}” is not possible for {name}.")
    hint = N_("Examples: --currency BDT, --country BD, --zone Asia/Dhaka, --earn-rate 1.5.")


class AnotherCurrency(DomainError):
    """The book counts in one money for ever."""

    id = "another_currency"
    title = N_("Another currency")
    message = N_("The book is kept in {book}, not in {other}.")
    hint = N_("A book keeps one currency once money is recorded. Check that it is the right store.")


def change_shop(till: Till, changes: Mapping[str, str]) -> Shop:
    """Change settings of the shop and return them all.

    Args:
        till: This till.
        changes: Values as typed, by the names of `SETTINGS`.

    Raises:
        WrongSetting: A value is not possible; nothing was changed.
        AnotherCurrency: Something is recorded in the book's currency already.
    """

    def write(session: Session) -> Shop:
        shop = before = session.settings.shop()
        for name, text in changes.items():
            shop = _changed(shop, name, text)
        if shop != before:
            refuse_other_currency(session, shop.currency)
            session.settings.save_shop(shop)
        return shop

    return till.book.write(write)


def refuse_other_currency(session: Session, currency: str) -> None:
    """Refuse to count in another currency once money is recorded.

    Raises:
        AnotherCurrency: See above.
    """
    book = session.settings.shop().currency
    if currency != book and session.khata.largest_amount(MONEY_KINDS) is not None:
        raise AnotherCurrency(book=book, other=currency)


def check_settings(shop: Shop, typed: Mapping[str, str | None]) -> None:
    """Refuse settings that cannot be, before anything is asked of a server.

    Args:
        shop: As it stands.
        typed: By the names of `SETTINGS`; None for one that was not given.

    Raises:
        WrongSetting: See above.
    """
    for name, text in typed.items():
        if text is not None:
            _changed(shop, name, text)


def _changed(shop: Shop, name: str, text: str) -> Shop:
    try:
        return SETTINGS[name](shop, text.strip())
    except (ValueError, InvalidOperation, ZoneInfoNotFoundError, OSError):
        raise WrongSetting(text=text[:40], name=name) from None


def _name(shop: Shop, text: str) -> Shop:
    if not text or len(text) > MAX_NAME:
        raise ValueError(text)
    return replace(shop, name=text)


def _country(shop: Shop, text: str) -> Shop:
    if not phonenumbers.country_code_for_region(text.upper()):
        raise ValueError(text)
    return replace(shop, country=text.upper())


def _currency(shop: Shop, text: str) -> Shop:
    return shop.in_currency(text.upper())


def _zone(shop: Shop, text: str) -> Shop:
    return replace(shop, time_zone=ZoneInfo(text).key)


def _credit_limit(shop: Shop, text: str) -> Shop:
    if text.lower() == "none":
        return replace(shop, credit_limit=None)
    limit = parse_amount(text, shop.currency)
    if limit.minor < 0:
        raise ValueError(text)
    return replace(shop, credit_limit=limit)


def _earn_rate(shop: Shop, text: str) -> Shop:
    return replace(shop, earn_rate=_number(text, 1000))


def _redemption_value(shop: Shop, text: str) -> Shop:
    value = int(text)
    if not 1 <= value <= 10**6:
        raise ValueError(text)
    return replace(shop, redemption_value=value)


def _terms_days(shop: Shop, text: str) -> Shop:
    days = int(text)
    if not 0 <= days <= LONGEST_TERMS:
        raise ValueError(text)
    return replace(shop, terms_days=days)


def _quarantine(shop: Shop, text: str) -> Shop:
    return replace(shop, quarantine_seconds=float(_number(text, 86_400)))


def _points(field: str, least: int = 0, most: int = 1_000_000) -> Callable[[Shop, str], Shop]:
    """Return what sets a whole number of the shop's rules about points without the server."""

    def change(shop: Shop, text: str) -> Shop:
        value = int(text)
        if not least <= value <= most:
            raise ValueError(text)
        return replace(shop, **{field: value})  # type: ignore[arg-type]

    return change


def _number(text: str, highest: int) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or not 0 <= number <= highest:
        raise ValueError(text)
    return number


SETTINGS: Mapping[str, Callable[[Shop, str], Shop]] = {
    "name": _name,
    "country": _country,
    "currency": _currency,
    "zone": _zone,
    "credit-limit": _credit_limit,
    "earn-rate": _earn_rate,
    "redemption-value": _redemption_value,
    "terms-days": _terms_days,
    "quarantine": _quarantine,
    "tills": _points("tills", most=100),
    "redeem-cap": _points("redeem_cap"),
    "redeem-soft": _points("redeem_soft"),
    "redeem-count": _points("redeem_count", most=20),
    "redeem-total": _points("redeem_total"),
    "redeem-age-hours": _points("redeem_age_hours", least=1, most=168),
}
"""What can be set, by the name that the command line gives it; `quarantine` is in seconds, `terms-days` in days,
`redeem-…` in points (and what may be given of them while the server is not reached)."""
