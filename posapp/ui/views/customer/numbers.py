"""What each figure of a card says: pure words from a card's numbers, so that they can be read without a window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posapp.domain.messages import N_
from posapp.domain.money import Money
from posapp.domain.shop import Shop
from posapp.locale.translator import Translator
from posapp.services.dto import Standing
from posapp.services.lookup import Card
from posapp.services.ports.proofs import KhataProof
from posapp.ui.theme.tokens import Tone
from posapp.ui.wording import balance_said, moment_said, points_said

MOST_LINES = 3
"""Under a figure; all of them are in its explanation."""


class What(StrEnum):
    """A figure of the card that explains itself."""

    BALANCE = "balance"
    POINTS = "points"
    CREDIT = "credit"
    AGEING = "ageing"


@dataclass(frozen=True, slots=True)
class Shown:
    """What a figure shows.

    Attributes:
        caption: What the number is.
        value: The number in words of money or points.
        tone: Of the number.
        lines: Where it comes from, each in its tone.
        part: How much of a whole it is; None where it is of none.
    """

    caption: str
    value: str
    tone: Tone
    lines: tuple[tuple[str, Tone], ...] = ()
    part: float | None = None


@dataclass(frozen=True, slots=True)
class Teller:
    """Says a card's numbers in a language, at a moment, in the shop's zone."""

    say: Translator
    shop: Shop
    now: datetime

    def figures(self, card: Card) -> dict[What, Shown]:
        """Return all figures of a card."""
        return {
            What.BALANCE: self.balance(card.standing, card.proof),
            What.POINTS: self.points(card.standing),
            What.CREDIT: self.credit(card),
            What.AGEING: self.overdue(card),
        }

    def balance(self, standing: Standing, proof: KhataProof | None = None) -> Shown:
        """Return the balance with its direction, the parts that make it, and when it was proven."""
        said = balance_said(self.say, standing.balance)
        lines: list[tuple[str, Tone]] = []
        if standing.server_balance is not None and standing.balance_as_of is not None:
            lines.append((self._confirmed(standing.server_balance, standing.balance_as_of), Tone.MUTED))
        if standing.unsent_balance:
            lines.append((self._unsent(standing.unsent_balance), Tone.WARN))
        if standing.kept_balance:
            lines.append((self._kept(standing.kept_balance), Tone.MUTED))
        if proof is not None and proof.current and proof.proven_at is not None:
            lines.append((self.say(N_("proven {moment}"), moment=self._moment(proof.proven_at)), Tone.MUTED))
        return Shown(said.caption, said.value, said.tone, tuple(lines[:MOST_LINES]))

    def points(self, standing: Standing) -> Shown:
        """Return the points, their worth and the parts that make them."""
        say, points = self.say, standing.points
        tone = Tone.MUTED if points is None else Tone.NORMAL
        lines: list[tuple[str, Tone]] = []
        if points is not None:
            worth = self.shop.terms.worth(max(points, 0))
            lines.append((say(N_("worth {amount}"), amount=worth), Tone.NORMAL))
        if standing.unsent_points:
            lines.append((self._moved(standing.unsent_points, unsent=True), Tone.WARN))
        if standing.kept_points:
            lines.append((self._moved(standing.kept_points, unsent=False), Tone.MUTED))
        if standing.server_points is not None and standing.points_as_of is not None and standing.unsent_points:
            known, clock = points_said(say, standing.server_points), self._moment(standing.points_as_of)
            lines.append((say(N_("{points} · confirmed at {moment}"), points=known, moment=clock), Tone.MUTED))
        return Shown(say(N_("Points")), points_said(say, points), tone, tuple(lines[:MOST_LINES]))

    def credit(self, card: Card) -> Shown:
        """Return what may still go on account, out of which limit."""
        say, limit = self.say, card.limit
        if card.proof is not None and card.proof.held:
            lines = ((say(N_("nothing new but by a manager")), Tone.WARN),)
            return Shown(say(N_("Credit")), say(N_("held")), Tone.WARN, lines)
        if limit is None:
            lines = ((say(N_("any amount on account")), Tone.MUTED),)
            return Shown(say(N_("Credit")), say(N_("no limit")), Tone.NORMAL, lines)
        if not limit:
            owed = ((say(N_("{amount} is owed all the same"), amount=card.used), Tone.WARN),) if card.used else ()
            return Shown(say(N_("Credit")), say(N_("no credit")), Tone.NORMAL, owed)
        caption = say(N_("Left of {limit}"), limit=limit)
        if card.left is None or card.used is None:
            asks = ((say(N_("a manager must allow credit")), Tone.MUTED),)
            return Shown(caption, say(N_("not fetched yet")), Tone.MUTED, asks)
        used = (say(N_("{amount} used"), amount=card.used), Tone.MUTED)
        if card.used > limit:
            used = (say(N_("{amount} over the limit"), amount=card.used - limit), Tone.BAD)
        tone = Tone.NORMAL if card.left else Tone.BAD
        return Shown(caption, card.left.text(), tone, (used,), card.used.minor / limit.minor)

    def overdue(self, card: Card) -> Shown:
        """Return what should have been paid by now, and how old the oldest of it is."""
        say, ageing = self.say, card.ageing
        caption = say(N_("Overdue"))
        if ageing is None:
            return Shown(caption, say(N_("not fetched yet")), Tone.MUTED)
        lines: list[tuple[str, Tone]] = []
        overdue = ageing.owed - ageing.current
        dated = ageing.current - ageing.undated
        if overdue and ageing.oldest_due is not None:
            days = (ageing.as_of - ageing.oldest_due).days
            oldest = say.plural(N_("oldest {count} day past due"), N_("oldest {count} days past due"), days)
            lines.append((oldest, Tone.NORMAL))
        if dated:
            lines.append((say(N_("{amount} not due yet"), amount=dated), Tone.MUTED))
        if ageing.undated:
            lines.append((say(N_("{amount} of unknown age"), amount=ageing.undated), Tone.MUTED))
        if card.last_payment_at is not None and ageing.owed:
            paid = say(N_("last paid {moment}"), moment=self._moment(card.last_payment_at))
            lines.append((paid, Tone.MUTED))
        value = overdue.text() if overdue else say(N_("nothing"))
        return Shown(caption, value, Tone.BAD if overdue else Tone.NORMAL, tuple(lines[:MOST_LINES]))

    def _confirmed(self, balance: Money, as_of: datetime) -> str:
        moment = self._moment(as_of)
        if not balance:
            return self.say(N_("settled · confirmed at {moment}"), moment=moment)
        sentence = N_("owes {amount} · confirmed at {moment}")
        if balance.minor > 0:
            sentence = N_("advance {amount} · confirmed at {moment}")
        return self.say(sentence, amount=abs(balance), moment=moment)

    def _unsent(self, effect: Money) -> str:
        if effect.minor < 0:
            return self.say(N_("owes {amount} more · not sent yet"), amount=-effect)
        return self.say(N_("owes {amount} less · not sent yet"), amount=effect)

    def _kept(self, effect: Money) -> str:
        if effect.minor < 0:
            return self.say(N_("owes {amount} more · kept on this till"), amount=-effect)
        return self.say(N_("owes {amount} less · kept on this till"), amount=effect)

    def _moved(self, points: int, *, unsent: bool) -> str:
        sentences = {
            (True, True): N_("{points} earned · not sent yet"),
            (True, False): N_("{points} used · not sent yet"),
            (False, True): N_("{points} earned · kept on this till"),
            (False, False): N_("{points} used · kept on this till"),
        }
        return self.say(sentences[unsent, points > 0], points=f"{abs(points):,}")

    def _moment(self, moment: datetime) -> str:
        return moment_said(self.say, moment, self.now, self.shop)
