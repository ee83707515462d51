"""The shop that this till stands in: its name, currency, zone and rates."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from posapp.domain.exposure import RiskTerms
from posapp.domain.loyalty import LoyaltyTerms
from posapp.domain.money import Money, currency_of


@dataclass(frozen=True, slots=True)
class Shop:
    """Settings of the shop; kept in the book, taken from the server where it tells them.

    Attributes:
        name: As printed on paper.
        country: ISO 3166 code, for phones without a country code.
        currency: ISO 4217 code; fixed once money is recorded.
        time_zone: IANA name; days, statements and reports go by it.
        earn_rate: Points for each 100 minor units of a bill.
        redemption_value: Minor units that one point is worth.
        credit_limit: The most that a customer may owe unless hers says otherwise; None for no limit.
        tills: How many tills the shop has; a customer's points are shared among them offline. 0 while nobody said so:
            then none are given without the server, for a shop of three tills that counts itself as one would give
            them away three times.
        terms_days: Days after which a debt without an agreed day is due.
        quarantine_seconds: How long a doubtful write rests before it is probed: three times the longest wait for an
            answer (design, section 5).
        redeem_cap: Most points of one act without the server.
        redeem_soft: Points of such an act above which a manager is asked.
        redeem_count: Most such acts of one customer until the server is heard.
        redeem_total: Most points of all such acts of a till.
        redeem_age_hours: How old the points known may be.
    """

    name: str
    country: str
    currency: str
    time_zone: str
    earn_rate: Decimal = Decimal(1)
    redemption_value: int = 10
    credit_limit: Money | None = None
    tills: int = 0
    terms_days: int = 0
    quarantine_seconds: float = 90.0
    redeem_cap: int = 500
    redeem_soft: int = 100
    redeem_count: int = 3
    redeem_total: int = 2000
    redeem_age_hours: int = 24

    @property
    def terms(self) -> LoyaltyTerms:
        """The loyalty rates."""
        return LoyaltyTerms(self.earn_rate, self.redemption_value, self.currency)

    @property
    def risk(self) -> RiskTerms:
        """What may be given without the server."""
        return RiskTerms(
            tills=self.tills,
            cap=self.redeem_cap,
            soft=self.redeem_soft,
            count=self.redeem_count,
            total=self.redeem_total,
            age=timedelta(hours=self.redeem_age_hours),
        )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that days go by."""
        return ZoneInfo(self.time_zone)

    def in_currency(self, code: str) -> Shop:
        """Return the shop counting in another currency; the credit limit keeps its number of whole units.

        Raises:
            ValueError: `code` is not three capital letters.
        """
        if code == self.currency:
            return self
        limit = None
        if self.credit_limit is not None:
            before, after = currency_of(self.currency).decimals, currency_of(code).decimals
            limit = Money(self.credit_limit.minor * 10**after // 10**before, code)
        return replace(self, currency=currency_of(code).code, credit_limit=limit)

    def at(self, moment: datetime) -> datetime:
        """Return a moment as the shop's clock on the wall shows it."""
        return moment.astimezone(self.zone)

    def day_of(self, moment: datetime) -> date:
        """Return the shop's day on which a moment falls."""
        try:
            return moment.astimezone(self.zone).date()
        except OverflowError:  # the calendar's first and last day, which a damaged server may send
            return moment.date()
