"""Whom the day is about: customers of the stub, one of each script, with the points or debts that the acts need."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Guest:
    """A customer as the stub has her.

    Attributes:
        remote_id: The server's id.
        name: In her own script.
        phone: As written there.
        points: Hers.
        balance: In minor units; below zero she owes.
    """

    remote_id: str
    name: str
    phone: str
    points: int
    balance: int

    @property
    def ending(self) -> str:
        """The last six digits of her phone."""
        return "".join(char for char in self.phone if char.isdecimal())[-6:]


@dataclass(frozen=True, slots=True)
class Guests:
    """Who comes on this day."""

    buyer: Guest
    payer: Guest
    debtor: Guest
    collector: Guest


def guests_of(rows: Iterable[Row]) -> Guests:
    """Return who comes: one of each script, where the stub has one that fits."""
    everyone = [_guest(row) for row in rows if row["phone"]]
    taken: set[str] = set()

    def pick(script: str, fits: Callable[[Guest], bool]) -> Guest:
        fitting = [one for one in everyone if one.remote_id not in taken and fits(one)]
        found = next((one for one in fitting if _script(one.name) == script), fitting[0])
        taken.add(found.remote_id)
        return found

    return Guests(
        buyer=pick("BENGALI", lambda one: one.points >= 200),
        payer=pick("ARABIC", lambda one: one.balance < -50_000),
        debtor=pick("DEVANAGARI", lambda one: one.balance < -10_000),
        collector=pick("LATIN", lambda one: one.points >= 60),
    )


def _guest(row: Row) -> Guest:
    balance = row.get("ledger_balance")
    return Guest(
        remote_id=str(row["id"]),
        name=str(row["name"]),
        phone=str(row["phone"]),
        points=int(str(row["loyalty_points"])),
        balance=balance if isinstance(balance, int) else 0,
    )


def _script(name: str) -> str:
    return unicodedata.name(name[:1], "").partition(" ")[0]
