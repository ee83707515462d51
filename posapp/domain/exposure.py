"""Points given while the server is not reached: how many, and what they can cost the shop at most.

A customer's points, as last known, are parted among the shop's tills: a till gives at most its share away before the
server is heard again, so that tills with the same figure never give more than there is. What is spent elsewhere
meanwhile is the shop's risk, which is bounded and shown (design, section 7 and promise 8; research/sync, section 5.3).

**Exposure of a till** = what it gave and the server did not yet agree to, in money, + what its rules still let it give
before the server is heard, as points × their worth. From it follows, whatever the other tills and channels do:

- what can still be refused of all that was given is never above the figure, at any moment;
- giving never raises the figure, so that all that an outage can cost is never above the figure shown when it began, or
  at any moment of it. Only the server's word raises it (newer points, an agreed redemption), a person who settles a
  loss, or a person who changes the rules.

The shop's exposure is the sum over its tills.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.errors import DomainError
from posapp.domain.messages import N_
from posapp.domain.money import Money

UNASKED_ACTS = 1
"""Acts at risk for one customer that a cashier allows alone; for more a manager is asked."""


class RiskOff(DomainError):
    """Nobody said how many tills the shop has, so no till knows its share of anybody's points."""

    id = "risk_off"
    title = N_("No points without the server")
    message = N_("This shop gives no points while the server cannot be reached.")
    hint = N_("Take the full price. To allow it, say how many tills the shop has: posapp shop --tills N.")


class RiskTooOld(DomainError):
    """The points as this till knows them are too old to give any away on them."""

    id = "risk_too_old"
    title = N_("The points are not fresh enough")
    message = N_("{name}'s points were last read more than {hours} hours ago.")
    hint = N_("Take the full price now, or wait for the server.")


class RiskTooOften(DomainError):
    """The customer was given points without the server as often as the shop allows."""

    id = "risk_too_often"
    title = N_("Often enough without the server")
    message = N_("{name} was given points {count} times without the server's word.")
    hint = N_("Take the full price now; the points stay with the customer.")


class RiskAboveRoom(DomainError):
    """More points than this till may give away now."""

    id = "risk_above_room"
    title = N_("More than this till may give now")
    message = N_("{points} points are asked for; without the server this till may give {most} to {name} now.")
    hint = N_("At most {most} points now, or the full price.")


class RiskNeedsManager(DomainError):
    """Past the soft limits a manager decides."""

    id = "risk_needs_manager"
    title = N_("A manager must agree")
    message = N_("Without the server, {points} points for {name} need the manager's PIN.")
    hint = N_("At most {free} points without it, or the full price.")


@dataclass(frozen=True, slots=True)
class RiskTerms:
    """What the shop allows without the server.

    Attributes:
        tills: How many tills the shop has; 0 while nobody said so, which allows nothing.
        cap: Most points of one act.
        soft: Points of one act above which a manager is asked.
        count: Most acts of one customer whose end is open.
        total: Most points of all such acts of this till.
        age: How old the points known may be.
    """

    tills: int
    cap: int
    soft: int
    count: int
    total: int
    age: timedelta


@dataclass(frozen=True, slots=True)
class Known:
    """What a till knows of a customer's points.

    Attributes:
        name: Of the customer, for a refusal's sentence.
        points: As the server last said.
        as_of: When; None where it never did.
        pending: Points taken off here that this figure does not hold yet.
        acts: Acts at risk of this customer whose end is open.
    """

    name: str
    points: int
    as_of: datetime | None
    pending: int
    acts: int


@dataclass(frozen=True, slots=True)
class Room:
    """What may be given to a customer now.

    Attributes:
        share: This till's part of the points as last known.
        most: Points that may be given now.
        free: As many of them without a manager.
    """

    share: int
    most: int
    free: int


@dataclass(frozen=True, slots=True)
class Exposure:
    """What points can still cost this till's shop.

    Attributes:
        given: Given at risk, and the end is open.
        allowed: What the rules still let it give before the server is heard.
    """

    given: Money
    allowed: Money

    @property
    def total(self) -> Money:
        """The figure on the screen."""
        return self.given + self.allowed


@dataclass(frozen=True, slots=True)
class Risk:
    """What is written into an act whose points are given at the shop's risk.

    Attributes:
        as_of: Of the points it was decided on.
        share: This till's share of them then.
        given: The discount, in minor units.
    """

    as_of: datetime | None
    share: int
    given: int

    def noted(self) -> dict[str, object]:
        """Return it as JSON values of an intent or of evidence."""
        as_of = None if self.as_of is None else self.as_of.isoformat()
        return {"at_risk": True, "as_of": as_of, "share": self.share, "given": self.given}


def noted_risk(intent: Mapping[str, object]) -> dict[str, object]:
    """Return what `Risk.noted` wrote into an intent; empty where the act is not at risk."""
    return {name: intent[name] for name in ("at_risk", "as_of", "share", "given") if name in intent}


def given_at_risk(intent: Mapping[str, object], evidence: Mapping[str, object]) -> int | None:
    """Return the discount that an act gave at the shop's risk, in minor units; None where it did not.

    Args:
        intent: Of the act, which says so where it was recorded at risk.
        evidence: Of its delivery, which says so where a person gave the discount while the answer was awaited.
    """
    for noted in (intent, evidence):
        if noted.get("at_risk") is True:
            return int(str(noted["given"]))
    return None


def points_taken(intent: Mapping[str, object]) -> int:
    """Return the points that a redemption or a bill takes off."""
    return int(str(intent.get("points", intent.get("points_redeemed", 0))))


def share_of(points: int, tills: int) -> int:
    """Return a till's share of a customer's points, rounded down: Σ of the shares is never above the points."""
    return max(points, 0) // tills if tills else 0


def room(terms: RiskTerms, known: Known, *, outstanding: int, now: datetime) -> Room:
    """Return how many points may be given to a customer without the server.

    Args:
        terms: What the shop allows.
        known: Of the customer.
        outstanding: Points of all acts at risk of this till whose end is open.
        now: By the till's clock.

    Raises:
        RiskOff, RiskTooOld, RiskTooOften: None at all, and why.
    """
    if not terms.tills:
        raise RiskOff
    if known.as_of is None or now - known.as_of > terms.age:
        raise RiskTooOld(name=known.name, hours=round(terms.age.total_seconds() / 3600))
    if known.acts >= terms.count:
        raise RiskTooOften(name=known.name, count=known.acts)
    share = share_of(known.points, terms.tills)
    most = max(0, min(share - known.pending, terms.cap, terms.total - outstanding))
    return Room(share, most, min(most, terms.soft) if known.acts < UNASKED_ACTS else 0)


def check_room(room: Room, points: int, *, name: str, approved: bool) -> None:
    """Refuse points beyond the hard limits, and beyond the soft ones without a manager.

    Raises:
        RiskAboveRoom, RiskNeedsManager: See above; both say what would be possible.
    """
    if points > room.most:
        raise RiskAboveRoom(points=points, most=room.most, name=name)
    if points > room.free and not approved:
        raise RiskNeedsManager(points=points, free=room.free, name=name)


def still_allowed(terms: RiskTerms, unspent: Iterable[tuple[int, int]], *, outstanding: int) -> int:
    """Return the points that the rules still let a till give before the server is heard.

    Args:
        terms: What the shop allows.
        unspent: For each customer whose points are fresh enough: what is left of the share, and the open acts at risk.
        outstanding: As in `room`.
    """
    limit = max(0, terms.total - outstanding)
    allowed = 0
    for left, acts in unspent:
        allowed += max(0, min(left, terms.cap * (terms.count - acts)))
        if allowed >= limit:
            return limit
    return allowed
