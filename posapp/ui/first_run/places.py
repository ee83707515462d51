"""Countries with what is usual there: the currency and the time zones, so that a person confirms instead of typing."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from PySide6.QtCore import QLocale

from posapp.domain.phone import has_phones
from posapp.services.connections import ZONE_OF_COUNTRY

FALLBACK = "IN"


@dataclass(frozen=True, slots=True)
class Place:
    """A country.

    Attributes:
        code: ISO 3166.
        name: In English, as IANA's list has it.
        currency: ISO 4217.
        zone: Its time zone, or the first of them.
    """

    code: str
    name: str
    currency: str
    zone: str


@cache
def places() -> dict[str, Place]:
    """Return all countries that have phones, a currency and a clock, by their code, in the order of their names."""
    zones: dict[str, str] = {}
    for code, _, zone in _rows("zone.tab"):
        zones.setdefault(code, zone)
    zones |= ZONE_OF_COUNTRY
    found = [Place(code, name, _currency(code), zones.get(code, "")) for code, name in _rows("iso3166.tab")]
    whole = [place for place in found if place.currency and place.zone and has_phones(place.code)]
    return {place.code: place for place in sorted(whole, key=lambda place: place.name)}


@cache
def currencies() -> dict[str, str]:
    """Return ISO 4217 codes by what they are called (`INR · Indian Rupee`; `BDT · Bangladesh` where we lack a name)."""
    names: dict[str, str] = {}
    for place in places().values():
        territory = QLocale.codeToTerritory(place.code)
        english = QLocale(QLocale.Language.English, territory)
        named = english.territory() is territory
        name = english.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyDisplayName) if named else place.name
        if named or place.currency not in names:
            names[place.currency] = name
    return {f"{code} · {name}": code for code, name in sorted(names.items())}


@cache
def zones() -> dict[str, str]:
    """Return the names of all time zones that people live in."""
    return {name: name for name in sorted({zone for _, _, zone in _rows("zone.tab")} | set(ZONE_OF_COUNTRY.values()))}


def home_country() -> str:
    """Return the country that the system is set to."""
    code = QLocale.territoryToCode(QLocale.system().territory())
    return code if code in places() and QLocale.system().name() != "C" else FALLBACK


def _currency(code: str) -> str:
    """Return the currency of a country; empty where Qt knows none."""
    territory = QLocale.codeToTerritory(code)
    locale = QLocale(QLocale.Language.AnyLanguage, territory)
    known = locale.territory() is territory
    return locale.currencySymbol(QLocale.CurrencySymbolFormat.CurrencyIsoCode) if known else ""


def _rows(table: str) -> list[list[str]]:
    """Return the rows of a table of the IANA database, without its comments."""
    text = (files("tzdata.zoneinfo") / table).read_text(encoding="utf-8")
    return [line.split("\t")[:3] for line in text.splitlines() if line and not line.startswith("#")]
