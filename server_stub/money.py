"""Amounts in major units, for the APIs that do not show minor ones: exact, by the store's currency."""

from decimal import Decimal

_DECIMALS = {"JPY": 0, "VND": 0, "KWD": 3, "BHD": 3, "OMR": 3}


def in_major_units(minor: int, currency: str) -> str:
    """Return an amount in major units with all the decimals its currency has, as `1250.50`.

    Args:
        minor: Whole minor units.
        currency: An ISO 4217 code.
    """
    return format(Decimal(minor).scaleb(-_decimals(currency)), "f")


def in_whole_units(minor: int, currency: str) -> int:
    """Return an amount in whole major units, rounded down.

    Args:
        minor: Whole minor units.
        currency: An ISO 4217 code.
    """
    return minor // in_minor_units(1, currency)


def in_minor_units(major: int, currency: str) -> int:
    """Return whole major units as minor ones.

    Args:
        major: Whole major units.
        currency: An ISO 4217 code.
    """
    return int(Decimal(major).scaleb(_decimals(currency)))


def _decimals(currency: str) -> int:
    return _DECIMALS.get(currency, 2)
