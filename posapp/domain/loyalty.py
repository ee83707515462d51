"""Points: what a bill earns and what points are worth (design, section 3, *Points*)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from posapp.domain.errors import DomainError
from posapp.domain.ids import CustomerId
from posapp.domain.messages import N_
from posapp.domain.money import Money


class NotEnoughPoints(DomainError):
    """More points are asked for than the customer has for certain."""

    id = "insufficient_points"
    title = N_("Not enough points")
    message = N_("{points} points are asked for; {available} are available.")
    hint = N_("Take {available} points or fewer.")


class WrongPoints(DomainError):
    """Points are a whole number of at least one."""

    id = "wrong_points"
    title = N_("Not a number of points")
    message = N_("Points are a whole number, one or more.")


class PointsAboveBill(DomainError):
    """The points are worth more than the bill."""

    id = "points_above_bill"
    title = N_("More points than the bill")
    message = N_("{points} points are worth {worth}; the bill is {bill}.")
    hint = N_("Take at most {needed} points.")


class PointsWorthless(DomainError):
    """The shop gives nothing for points, so none are taken."""

    id = "points_worthless"
    title = N_("Points are worth nothing")
    message = N_("The shop gives no discount for points now.")
    hint = N_("Take the full price; the points stay with the customer.")


@dataclass(frozen=True, slots=True)
class LoyaltyTerms:
    """The shop's rates (contracts, section 2, pos).

    Attributes:
        earn_rate: Points for each 100 minor units of a bill; may have decimals.
        redemption_value: Minor units that one point is worth.
        currency: ISO 4217 code of those minor units.
    """

    earn_rate: Decimal
    redemption_value: int
    currency: str

    def earned(self, total: Money, discount: Money) -> int:
        """Return the points a bill earns: ⌊(total − discount) × earn_rate ÷ 100⌋, the part on account included."""
        return int((total - discount).minor * self.earn_rate // 100)

    def worth(self, points: int) -> Money:
        """Return the discount that a number of points gives."""
        return Money(points * self.redemption_value, self.currency)

    def points_for(self, discount: Money) -> int:
        """Return the fewest points that give at least this discount (rounded up)."""
        return -(-discount.minor // self.redemption_value)


@dataclass(frozen=True, slots=True)
class PointsEntry:
    """One movement of points at this till: positive earned, negative redeemed."""

    customer_id: CustomerId
    points: int
    occurred_at: datetime


def most_points(bill: Money, terms: LoyaltyTerms, *, exact: bool = False) -> int:
    """Return the most points that a bill can take; none where the shop gives nothing for them.

    Args:
        bill: The bill before the discount.
        terms: The shop's rates.
        exact: Whether the server refuses points worth more than the bill, be it by less than one point.
    """
    if not terms.redemption_value or bill.minor <= 0:
        return 0
    return bill.minor // terms.redemption_value if exact else terms.points_for(bill)


def discount_for(points: int, bill: Money, terms: LoyaltyTerms, *, exact: bool = False) -> Money:
    """Return the discount of points on a bill: at most the bill, never more points than it needs.

    Args:
        points: How many the customer gives, at least 1.
        bill: The bill before the discount.
        terms: The shop's rates.
        exact: Whether the server refuses points worth more than the bill, be it by less than one point.

    Raises:
        WrongPoints: `points` is below 1.
        PointsWorthless: The shop gives nothing for points.
        PointsAboveBill: Fewer points would pay the whole bill, or as much of it as points can.
    """
    if points < 1:
        raise WrongPoints
    worth = terms.worth(points)
    if not worth:
        raise PointsWorthless
    if worth > bill:
        needed = most_points(bill, terms, exact=exact)
        if points > needed:
            raise PointsAboveBill(points=points, worth=worth, bill=bill, needed=needed)
        return bill
    return worth
