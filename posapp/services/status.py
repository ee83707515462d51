"""The till's own state in figures: connections, waiting work, age of data, what could be lost offline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.money import Money
from posapp.domain.shop import Shop
from posapp.services.dto import Connection, Counts
from posapp.services.ports.book import Session
from posapp.services.till import Till


@dataclass(frozen=True, slots=True)
class Status:
    """What `posapp status` shows.

    Attributes:
        shop: Settings.
        connections: All, the primary one first.
        counts: Waiting, inbox, customers.
        last_proof: When the book was last proven equal to the server's; None for never.
        exposure: The most that points given offline could cost; zero while offline redeeming is refused.
    """

    shop: Shop
    connections: Sequence[Connection]
    counts: Counts
    last_proof: datetime | None
    exposure: Money


def status(till: Till) -> Status:
    """Return the till's state."""

    def read(session: Session) -> Status:
        shop = session.settings.shop()
        proven = session.settings.value("last_proof")
        return Status(
            shop=shop,
            connections=session.settings.connections(),
            counts=session.operations.counts(),
            last_proof=datetime.fromisoformat(proven) if proven else None,
            exposure=Money(0, shop.currency),
        )

    return till.book.read(read)
