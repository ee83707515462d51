"""From the wire's shapes to the house's, once, at the edge: money gets its currency, times become UTC."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from posapp.domain.customer import Profile
from posapp.domain.ids import RemoteId
from posapp.domain.ledger import Direction
from posapp.domain.money import Money, currency_of
from posapp.remote.converting import check_page, utc
from posapp.remote.pos import wire
from posapp.remote.strict_json import WrongShape
from posapp.services.ports.remote import RemoteCustomer, RemoteEntry, ServerSettings

MAX_EARN_RATE = 1_000_000


def customer(seen: wire.Customer, currency: str, etag: str | None = None) -> RemoteCustomer:
    """Return a customer; an empty text is no value, the name stands as the server has it."""
    return RemoteCustomer(
        remote_id=RemoteId(seen.id),
        profile=Profile(
            name=seen.name,
            phone=seen.phone or None,
            email=seen.email or None,
            address=seen.address or None,
            notes=seen.notes or None,
            tags=tuple(dict.fromkeys(seen.tags or ())),
        ),
        points=seen.loyalty_points,
        total_spent=_money(seen.total_spent, currency),
        total_orders=seen.total_orders,
        balance=_money(seen.ledger_balance, currency),
        created_at=utc(seen.created_at),
        updated_at=utc(seen.updated_at),
        anonymized=seen.anonymized,
        etag=etag,
    )


def customers(page: Sequence[wire.Customer], currency: str, limit: int) -> tuple[RemoteCustomer, ...]:
    """Return a page of customers.

    Raises:
        WrongShape: It holds more rows than asked for, or one customer twice.
    """
    check_page([row.id for row in page], limit)
    return tuple(customer(row, currency) for row in page)


def entry(seen: wire.Entry, currency: str) -> RemoteEntry:
    """Return a line of the khata.

    Raises:
        WrongShape: It is neither credit nor debit.
    """
    if seen.type not in set(Direction):
        raise WrongShape("wrong_shape")
    recorded_at = utc(seen.created_at)
    assert recorded_at is not None, "the wire's shape requires it"
    return RemoteEntry(
        remote_id=seen.id,
        direction=Direction(seen.type),
        amount=Money(seen.amount, currency),
        balance_after=Money(seen.balance_after, currency),
        description=seen.description or "",
        reference_id=seen.reference_id or None,
        recorded_at=recorded_at,
        occurred_at=utc(seen.occurred_at),
    )


def ledger(seen: Sequence[wire.Entry], currency: str) -> tuple[RemoteEntry, ...]:
    """Return a khata, oldest posting first, whichever way round the server told it.

    The document calls it chronological and shows it newest first; times may tie. So the way round is the one in which
    each balance follows from the one before.

    Raises:
        WrongShape: A line is wrong or told twice.
    """
    check_page([line.id for line in seen], None)
    told = [entry(line, currency) for line in seen]
    turned = told[::-1]
    if _follows(turned) or not _follows(told):
        told = turned if _follows(turned) else sorted(turned, key=lambda line: line.recorded_at)
    return tuple(told)


def _follows(entries: Sequence[RemoteEntry]) -> bool:
    pairs = pairwise(entries)
    return all(
        before.balance_after.minor + (1 if after.direction is Direction.CREDIT else -1) * after.amount.minor
        == after.balance_after.minor
        for before, after in pairs
    )


def settings(seen: wire.Settings) -> ServerSettings:
    """Return a shop's settings.

    Raises:
        WrongShape: The currency, the rate or the zone cannot be one.
    """
    try:
        currency_of(seen.currency)
        ZoneInfo(seen.time_zone)
    except (ValueError, OSError, KeyError) as error:
        raise WrongShape("wrong_shape") from error
    if not seen.earn_rate.is_finite() or not Decimal(0) <= seen.earn_rate <= MAX_EARN_RATE:
        raise WrongShape("wrong_shape")
    return ServerSettings(
        currency=seen.currency,
        earn_rate=seen.earn_rate,
        redemption_value=seen.redemption_value,
        store_name=seen.store_name,
        time_zone=seen.time_zone,
    )


def _money(minor: int | None, currency: str) -> Money | None:
    return None if minor is None else Money(minor, currency)
